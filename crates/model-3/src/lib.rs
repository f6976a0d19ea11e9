//! Part 3 of 3 of the weights that Dixit reads with. Packages have a limit of size, so the model
//! travels in three; `dixit-encoder` joins them while it is built.

/// The bytes of this part.
pub static PART: &[u8] = include_bytes!("../part.bin");
