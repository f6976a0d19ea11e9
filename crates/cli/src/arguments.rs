//! The command line, as it is typed.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use dixit_corpus::formats::Format;

use crate::corpora::Corpora;

const EXIT_STATUS: &str = "\
Exit status:
  0    all done
  1    some documents failed, the others were written
  2    wrong usage
  3    the work could not be done or was given up
  4    with --strict: the labelled data are flawed
  130  interrupted
After 3, 4 and 130 there is no output file, but dixit extract and attribute can go on with --resume.";

/// Finds quotations in documents and says who said each.
#[derive(Debug, Parser)]
#[command(name = "dixit", version, after_help = EXIT_STATUS, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Extract(Box<Extract>),
    Attribute(Box<Attribute>),
    Evaluate(Evaluate),
    Convert(Convert),
    Schema(Schema),
}

/// Finds quotations in documents and says who said each.
///
/// Results go to standard output: a readable list on a terminal, one JSON record a quotation
/// elsewhere. Documents come out in the order in which they went in. A document that cannot be
/// read is reported on standard error and the others go on.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  dixit extract article.txt                      who said what, for a person to read
  dixit extract news/ -o quotations.jsonl        every text of a folder, one quotation a line
  dixit extract 'wire-*.jsonl.gz' --format csv   a table, from packed JSON Lines
  dixit extract posts.csv --id-column nr --text-column body
  dixit extract news/ --engine rust-bert --device cuda:0
  dixit extract news/ --ner-model my-model/ --ner-labels SKIPPER=PER,DATE=O
  curl -s https://example.org/a.txt | dixit extract
  dixit extract news/ --format html -o news.html the texts in a browser, quotations in colour
  dixit extract dump/ -o said.parquet --errors bad.jsonl --stats stats.json --resume
  dixit extract dump/ -o part3.jsonl.zst --shard 3/16 --max-file-size 1GB
  dixit extract gold.jsonl --modes all --format documents -o predicted.jsonl")]
pub(crate) struct Extract {
    /// Files (.txt, .jsonl, .csv, .tsv, each also .gz or .zst; .parquet), folders, patterns, or - for
    /// standard input, which is the default in a pipe.
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<String>,

    /// How results are written [default: by the name of the output file; list on a terminal,
    /// records elsewhere].
    #[arg(long, value_enum)]
    pub format: Option<ResultFormat>,

    /// What is done with the words, separated by commas; “all” for every mode.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "speech,writing"
    )]
    pub modes: Vec<ModeChoice>,

    /// Leaves out quotations that are less certain than P, from 0 to 1 [default: 0.35; 0 with
    /// --modes all].
    #[arg(long, value_name = "P", value_parser = probability)]
    pub min_confidence: Option<f32>,

    #[command(flatten)]
    pub model: ModelChoice,

    /// How the inputs are written [default: by name, or by the first bytes].
    #[arg(long, value_enum)]
    pub input_format: Option<SourceFormat>,

    /// The field or column with the document's id.
    #[arg(long, value_name = "NAME", default_value = "id")]
    pub id_column: String,

    /// The field or column with the document's text.
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub text_column: String,

    #[command(flatten)]
    pub shared: Shared,

    #[command(flatten)]
    pub corpora: Corpora,
}

/// Says who said the quotations of labelled documents.
///
/// What is quoted is given: documents in the corpus schema, one a line, each with its `quotations`.
/// Of these, id and `content` are read and nothing else: no cue, source, kind, speaker or mention.
/// Every quotation comes back once, in its order, with its id; so dixit evaluate can compare the
/// result with the labels. A document that cannot be read is reported on standard error and the
/// others go on.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  dixit attribute gold.jsonl                     who said each quotation, for a person to read
  dixit attribute gold.jsonl -o said.jsonl       the same as records, one quotation a line
  dixit attribute gold.jsonl --cast --format documents -o said.jsonl
                                                 only the documents' entities can be speakers
  dixit evaluate --gold gold.jsonl --pred said.jsonl --oracle quotations,cast --mapping majority
  zcat gold.jsonl.gz | dixit attribute - --errors bad.jsonl --jobs 8")]
pub(crate) struct Attribute {
    /// Files of JSON Lines (also .gz or .zst), folders, patterns, or - for standard input, which is
    /// the default in a pipe.
    #[arg(value_name = "GOLD")]
    pub inputs: Vec<String>,

    /// Gives the documents' `entities` (id, name, aliases, type, gender) as the closed list of those
    /// who can be speakers; they come back as they are.
    #[arg(long)]
    pub cast: bool,

    /// How results are written [default: by the name of the output file; list on a terminal,
    /// records elsewhere].
    #[arg(long, value_enum)]
    pub format: Option<ResultFormat>,

    #[command(flatten)]
    pub model: ModelChoice,

    #[command(flatten)]
    pub shared: Shared,

    #[command(flatten)]
    pub corpora: Corpora,
}

/// What reads the texts.
#[derive(Clone, Debug, Args)]
pub(crate) struct ModelChoice {
    /// The arithmetic of the engine [default: int8; f32 with --engine rust-bert, which has no
    /// other].
    #[arg(long, value_enum)]
    pub precision: Option<PrecisionChoice>,

    /// What computes the model.
    #[arg(long, value_enum, default_value = "native")]
    pub engine: EngineChoice,

    /// Where libtorch computes, for --engine rust-bert and --ner-model: cpu, or cuda:0 for the
    /// first graphics processor.
    #[arg(long, value_name = "DEVICE", default_value_t = dixit::Device::Cpu)]
    pub device: dixit::Device,

    /// Finds names with the token-classification model in a folder (config.json; tokenizer.json or
    /// the vocabulary files; model.safetensors or rust_model.ot) in place of the bundled one. Works
    /// with either engine, in builds with the feature rust-bert.
    #[arg(long, value_name = "DIR")]
    pub ner_model: Option<PathBuf>,

    /// What that model's labels stand for, where it is not plain: NAME=PER, ORG, LOC, MISC, or O
    /// for no name, separated by commas. NAME is a type (PERSON) or a whole label (LABEL_3=B-PER).
    #[arg(long, value_name = "NAME=TYPE,…", requires = "ner_model")]
    pub ner_labels: Option<dixit::LabelNames>,
}

/// How what a run gives is written down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivery<'a> {
    pub format: Option<ResultFormat>,
    pub shared: &'a Shared,
    pub corpora: &'a Corpora,
}

impl Extract {
    pub(crate) fn delivery(&self) -> Delivery<'_> {
        Delivery {
            format: self.format,
            shared: &self.shared,
            corpora: &self.corpora,
        }
    }
}

impl Attribute {
    pub(crate) fn delivery(&self) -> Delivery<'_> {
        Delivery {
            format: self.format,
            shared: &self.shared,
            corpora: &self.corpora,
        }
    }
}

/// Prints the JSON Schema of what `dixit extract` writes.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which lines.
    #[arg(value_enum, default_value = "records")]
    pub of: SchemaChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaChoice {
    /// One quotation a line.
    Records,
    /// One document a line.
    Documents,
}

/// Measures predictions against gold data.
///
/// Both are documents in the corpus schema, one a line; predictions may also be records. Figures
/// come with their counts and 95 % bootstrap intervals over documents.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dixit evaluate --gold gold.jsonl --pred predicted.jsonl
  dixit evaluate --gold gold.jsonl --pred predicted.jsonl --modes speech,writing --list 40
  dixit evaluate --gold gold.jsonl --pred new.jsonl --compare old.jsonl
  dixit evaluate --gold gold.jsonl --pred predicted.jsonl --format json -o report.json
  dixit evaluate --gold gold.jsonl --pred predicted.jsonl --format html -o report.html")]
pub(crate) struct Evaluate {
    /// The gold data.
    #[arg(long, value_name = "FILE")]
    pub gold: String,

    /// The predictions: documents or records.
    #[arg(long, value_name = "FILE")]
    pub pred: String,

    /// Other predictions for the same gold data: shows what changes from them to --pred.
    #[arg(long, value_name = "FILE")]
    pub compare: Option<String>,

    /// How the report is written.
    #[arg(long, value_enum, default_value = "text")]
    pub format: ReportFormat,

    /// Counts gold quotations of these modes only; the others are free.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "all")]
    pub modes: Vec<ModeChoice>,

    /// How predicted entities are mapped to gold ones where single quotations are judged.
    #[arg(long, value_enum, default_value = "strict")]
    pub mapping: MappingChoice,

    /// What the predictions were given of the gold data.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub oracle: Vec<OracleChoice>,

    /// How often documents are resampled for the intervals; 0 for no intervals.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub bootstrap: u32,

    /// Where the resampling begins.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Stops where the gold data are flawed: overlaps, offsets out of range, speakers that are no
    /// entity, ids used twice.
    #[arg(long)]
    pub strict: bool,

    /// Lists up to N quotations that are wrong, missed or spurious.
    #[arg(long, value_name = "N")]
    pub list: Option<usize>,

    #[command(flatten)]
    pub shared: Shared,
}

/// Converts labelled data from one form to another.
///
/// What a form cannot hold is told on standard error. Flawed annotations (offsets out of range,
/// quotations that overlap, speakers that are no entity, ids used twice) are told with their place
/// and what helps; they are left out, the rest is converted.
#[derive(Debug, Args)]
#[command(after_help = "\
Formats:
  documents       the corpus schema: one document a line, as JSON (read, written)
  brat            .txt beside .ann, with PolNeAR's attribution events (read, written as a folder)
  pdnc            a folder a novel: novel_text.txt, quotation_info.csv, character_info.csv
                  (read, written as a folder)
  litbank         quotation and coreference files, .ann beside .txt (read)
  conll           a token and its BIO tags a line, or CoNLL-2012 coreference (read, written)
  booknlp         .quotes, .entities, .tokens, and the text beside them (read)
  citron          Citron's JSON (read, written as a folder)
  records, csv    one quotation a line or a row (written)
  web-annotation  the W3C's Web Annotation model, as JSON-LD (written)
  tei             TEI with <said who=\"…\"> (written)

Examples:
  dixit convert polnear/ -o polnear.jsonl                a folder of brat files
  dixit convert gold.jsonl --to brat -o annotated/       to look at in brat
  dixit convert books/emma/ --ids-from gold.jsonl -o booknlp.jsonl
  dixit convert said.jsonl --to tei -o said.xml")]
pub(crate) struct Convert {
    /// Files or folders.
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<String>,

    /// The form of the inputs [default: by names and first bytes].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub from: Option<Format>,

    /// The form of the output [default: by its name, else documents].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub to: Option<Format>,

    /// Gives each document the id of the document in FILE that has the same text, blanks aside.
    #[arg(long, value_name = "FILE")]
    pub ids_from: Option<String>,

    /// Stands before the id of every document.
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,

    /// Stops where annotations are flawed.
    #[arg(long)]
    pub strict: bool,

    #[command(flatten)]
    pub shared: Shared,
}

/// The names of the forms of labelled data.
fn formats() -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.iter().map(|format| format.as_str());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct Shared {
    /// Where results go [default: standard output], packed if the name ends in .gz or .zst. The
    /// file is there wholly or not at all; while it grows its name ends in .partial.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Threads; 0 for one a core. The results do not depend on it.
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,

    /// Says nothing on standard error but what failed.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Says more on standard error.
    #[arg(short, long)]
    pub verbose: bool,
}

impl Shared {
    /// Leaves out what the results do not depend on: all of it.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            output: None,
            jobs: 0,
            quiet: false,
            verbose: false,
        };
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ResultFormat {
    /// One quotation a line, as JSON.
    Records,
    /// One document a line, as JSON, with everything known of it.
    Documents,
    /// One quotation a row, separated by commas.
    Csv,
    /// One quotation a row, as a typed Parquet table.
    Parquet,
    /// Who — said — what, for a person.
    List,
    /// One page for a browser: the texts with their quotations in colour, and the list beside.
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SourceFormat {
    /// The whole file is one text.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// A table with a header, separated by commas.
    Csv,
    /// A table with a header, separated by tabs.
    Tsv,
    /// A Parquet table.
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Aligned tables.
    Text,
    /// Everything, as one JSON object.
    Json,
    /// One figure a row.
    Csv,
    /// Tables in Markdown.
    Markdown,
    /// A page for a browser: figures, plots, and every quotation with what became of it.
    Html,
}

/// The arithmetic of the encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrecisionChoice {
    /// 8-bit integers: the fastest, and as accurate within the noise.
    Int8,
    /// 32-bit floating point.
    F32,
}

/// What computes the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineChoice {
    /// In Rust, for CPUs.
    Native,
    /// The crate rust-bert on libtorch, for CPUs and graphics processors.
    RustBert,
}

impl From<EngineChoice> for dixit::EngineKind {
    fn from(choice: EngineChoice) -> Self {
        match choice {
            EngineChoice::Native => Self::Native,
            EngineChoice::RustBert => Self::RustBert,
        }
    }
}

impl From<PrecisionChoice> for dixit::Precision {
    fn from(choice: PrecisionChoice) -> Self {
        match choice {
            PrecisionChoice::Int8 => Self::Int8,
            PrecisionChoice::F32 => Self::F32,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeChoice {
    /// Said aloud.
    Speech,
    /// Written or published.
    Writing,
    /// Thought, felt, planned.
    Thought,
    /// Anything else: attitudes, songs, verse.
    Other,
    /// Every mode.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MappingChoice {
    /// Its name is one of the gold entity's names.
    Strict,
    /// The gold entity that most of its names point to.
    Majority,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OracleChoice {
    /// The quotations' contents.
    Quotations,
    /// The list of entities.
    Cast,
    /// The mentions.
    Mentions,
}

/// A number from 0 to 1.
fn probability(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

/// The modes that were chosen.
pub(crate) fn modes(choices: &[ModeChoice]) -> Vec<dixit::Mode> {
    use dixit::Mode;
    let chosen = |mode: &Mode| {
        choices.contains(&ModeChoice::All)
            || choices.contains(&match mode {
                Mode::Speech => ModeChoice::Speech,
                Mode::Writing => ModeChoice::Writing,
                Mode::Thought => ModeChoice::Thought,
                Mode::Other => ModeChoice::Other,
            })
    };
    Mode::ALL.iter().copied().filter(chosen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
