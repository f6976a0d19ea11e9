//! Pages to look at, each one file that needs nothing else: no network, no font, no library.
//!
//! [`Page`] shows documents: the text with every quotation in its speaker’s colour, the list who
//! said what beside it, and how much of the words each speaker has. [`report()`] shows an evaluation,
//! [`comparison()`] the difference of two.
//!
//! Texts, names and ids come from anywhere: markup in them is shown as text, and a policy in the
//! page keeps any script but its own from running. The same input gives the same bytes.

mod cases;
mod comparison;
mod escape;
mod frame;
mod layers;
mod page;
mod passage;
mod plots;
mod report;
mod speakers;
mod verdicts;
mod worst;

pub use comparison::comparison;
pub use page::Page;
pub use report::report;
