//! Options for runs over whole corpora.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// Options for whole corpora.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Whole corpora")]
pub(crate) struct Corpora {
    /// Goes on with an interrupted run of the same command, to the same bytes as without the
    /// interruption. Needs -o FILE; begins anew where nothing was begun, and does nothing where
    /// FILE is there.
    #[arg(long)]
    pub resume: bool,

    /// How often what was done is made safe, in seconds: about the work that an interruption costs.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub checkpoint: Duration,

    /// Reads every N-th document only, from the I-th on: all I from 1 to N together read each
    /// document once.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,

    /// Begins another output file when one would be larger before packing (100MB, 2GiB): said.jsonl
    /// becomes said-00001.jsonl, said-00002.jsonl, …. A document's results stay together.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_file_size: Option<u64>,

    /// Sets documents aside that are larger, with all their fields; 4GiB at most.
    #[arg(long, value_name = "SIZE", default_value = "32MiB", value_parser = size)]
    pub max_document_size: u64,

    /// Writes what was done as JSON: documents, word pieces, seconds by stage, errors.
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,

    /// Writes a JSON line for every document that failed.
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,

    /// Gives up when more than N documents have failed.
    #[arg(long, value_name = "N")]
    pub max_errors: Option<u64>,
}

impl Corpora {
    /// Leaves out what the results do not depend on.
    pub(crate) fn forget_writing(&mut self) {
        self.resume = false;
        self.checkpoint = Duration::ZERO;
        self.max_file_size = None;
        self.stats = None;
        self.errors = None;
        self.max_errors = None;
    }
}

/// One machine's part of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 0.
    index: u64,
    count: u64,
}

impl Shard {
    /// Whether the document belongs to it, counted from 0 over all inputs.
    pub(crate) fn has(self, document: u64) -> bool {
        document % self.count == self.index
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let parsed = text.split_once('/').and_then(|(index, count)| {
        let (index, count): (u64, u64) = (index.parse().ok()?, count.parse().ok()?);
        (1 <= index && index <= count).then(|| Shard {
            index: index - 1,
            count,
        })
    });
    parsed.ok_or_else(|| "not of the form I/N with I from 1 to N".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let parsed = text.parse().ok();
    let duration = parsed.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| "not a number of seconds".to_owned())
}

/// A number of bytes: 1500, 20kB, 100MB, 2GiB.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err("not a size such as 500kB, 100MB or 2GiB".to_owned()),
    };
    let bytes = number.parse::<u64>().ok().and_then(|n| n.checked_mul(unit));
    bytes
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "not a size such as 500kB, 100MB or 2GiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("1500", Some(1500)),
            ("20kB", Some(20_000)),
            ("2GiB", Some(2 << 30)),
            ("3 m", Some(3_000_000)),
            ("0", None),
            ("-1", None),
            ("99999999999GB", None),
            ("MB", None),
        ] {
            assert_eq!(size(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn shards_divide_the_documents() {
        let shards: Vec<Shard> = (1..=3).map(|i| shard(&format!("{i}/3")).unwrap()).collect();
        for document in 0..20 {
            let having = shards.iter().filter(|shard| shard.has(document)).count();
            assert_eq!(having, 1);
        }
        for wrong in ["0/3", "4/3", "1", "1/0", "a/b", ""] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
