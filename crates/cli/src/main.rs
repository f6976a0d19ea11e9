//! The program `dixit` (“he or she said”): finds quotations in documents, says who said each,
//! and measures how well that was done.
//!
//! Arguments are read as they are ([`arguments`]), then each command builds what it needs from
//! them and runs. Standard output holds results only; everything else goes to standard error.

mod arguments;
mod attribute;
mod color;
mod convert;
mod corpora;
mod evaluate;
mod extract;
mod failures;
mod interrupt;
mod listing;
mod output;
mod panics;
mod progress;
mod run;
mod sink;
mod warnings;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Everything was done.
    Done,
    /// Some documents failed; the others were written.
    SomeFailed,
    /// The command makes no sense.
    Usage,
    /// The work could not be done, or was given up.
    Failed,
    /// The gold data are flawed, and were to be strictly right.
    Flawed,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Done => Self::SUCCESS,
            End::SomeFailed => Self::from(1),
            End::Usage => Self::from(2),
            End::Failed => Self::from(3),
            End::Flawed => Self::from(4),
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    panics::hush();
    let end = interrupt::watch().and_then(|()| match arguments.command {
        Command::Extract(arguments) => extract::run(&arguments),
        Command::Attribute(arguments) => attribute::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Schema(arguments) => extract::schema(arguments.of),
    });
    match end {
        Ok(end) => end.into(),
        // Whoever read our output has seen enough.
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dixit: {}", color::plain(&format!("{error:#}")));
            End::Failed.into()
        }
    }
}
