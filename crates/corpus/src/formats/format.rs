use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::files::{entries, extension, head};

/// Extensions of files that tell what a folder holds.
const PARTS: [&str; 9] = [
    "ann", "quotes", "conll", "bio", "iob", "iob2", "json", "jsonl", "ndjson",
];

/// What a folder is taken for, if it holds several forms.
const RICHEST: [Format; 7] = [
    Format::Pdnc,
    Format::Booknlp,
    Format::Litbank,
    Format::Brat,
    Format::Documents,
    Format::Citron,
    Format::Conll,
];

/// A form of labelled data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The corpus schema: one document a line, as JSON.
    Documents,
    /// One quotation a line, as JSON.
    Records,
    /// One quotation a row, separated by commas.
    Csv,
    /// Stand-off annotation of brat, with PolNeAR's attribution events: `.txt` beside `.ann`.
    Brat,
    /// The Project Dialogism Novel Corpus: a folder a novel.
    Pdnc,
    /// LitBank's quotation and coreference files.
    Litbank,
    /// One token a line with its tag (BIO, IOB or BIOES), or with its coreference (CoNLL-2012).
    Conll,
    /// What BookNLP writes: `.quotes`, `.entities`, `.tokens`.
    Booknlp,
    /// Citron's JSON.
    Citron,
    /// The W3C's Web Annotation model, as JSON-LD.
    WebAnnotation,
    /// TEI, with `<said who="…">`.
    Tei,
}

impl Format {
    /// Every form.
    pub const ALL: &'static [Self] = &[
        Self::Documents,
        Self::Records,
        Self::Csv,
        Self::Brat,
        Self::Pdnc,
        Self::Litbank,
        Self::Conll,
        Self::Booknlp,
        Self::Citron,
        Self::WebAnnotation,
        Self::Tei,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Records => "records",
            Self::Csv => "csv",
            Self::Brat => "brat",
            Self::Pdnc => "pdnc",
            Self::Litbank => "litbank",
            Self::Conll => "conll",
            Self::Booknlp => "booknlp",
            Self::Citron => "citron",
            Self::WebAnnotation => "web-annotation",
            Self::Tei => "tei",
        }
    }

    /// Whether it can be read.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::Documents
                | Self::Brat
                | Self::Pdnc
                | Self::Litbank
                | Self::Conll
                | Self::Booknlp
                | Self::Citron
        )
    }

    /// Whether it can be written.
    #[must_use]
    pub fn is_written(self) -> bool {
        !matches!(self, Self::Litbank | Self::Booknlp)
    }

    /// Whether it is written as a folder.
    #[must_use]
    pub fn is_folder(self) -> bool {
        matches!(self, Self::Brat | Self::Pdnc | Self::Citron)
    }

    /// What such data say that a document cannot hold, and what is made up for what they leave
    /// out. Empty if there is nothing to say.
    #[must_use]
    pub fn lost_in_reading(self) -> &'static str {
        match self {
            Self::Brat => {
                "relations and notes other than a speaker's are left out; where no kind is given \
                 it is read from the quotation marks"
            }
            Self::Pdnc => {
                "referring expressions are left out, since the data do not say where they stand, \
                 and so are mentions of several characters at once"
            }
            Self::Litbank => "appositions and copulas are left out; the text is that of the tokens",
            Self::Conll => "columns between the token and its tag are left out",
            Self::Booknlp => {
                "parses, events and lemmas are left out; parts of one quotation are joined where \
                 BookNLP names the same mention for them in one paragraph; a character is called \
                 by its most frequent name"
            }
            Self::Citron => {
                "a speaker is known by the name that Citron gives beside the mention, so two \
                 people of one name become one"
            }
            _ => "",
        }
    }

    /// What a document says that such data cannot hold. Empty if it comes back whole.
    #[must_use]
    pub fn lost_in_writing(self) -> &'static str {
        match self {
            Self::Records | Self::Csv => {
                "texts, mentions, names and quotations that are not to be scored are left out; so \
                 is the “that” which introduces an indirect content"
            }
            Self::Brat => {
                "of entities only the speakers' names are kept, as notes; confidences, addressees \
                 and mentions are left out"
            }
            Self::Pdnc => {
                "cues, sources, kinds, modes and confidences are left out, and quotations without \
                 a speaker are written as “_unknown”; only mentions inside quotations are kept"
            }
            Self::Conll => {
                "speakers, links between the parts of a quotation and blanks are lost; of \
                 overlapping spans the first is kept; an interrupted span becomes several"
            }
            Self::Citron => {
                "kinds, modes, mentions and quotations' ids beyond Citron's own fields are left \
                 out; quotations without a cue have an empty one"
            }
            Self::WebAnnotation => "texts, mentions and names are left out; positions stay",
            Self::Tei => {
                "control characters, which XML forbids, become U+FFFD; mentions and names are \
                 left out; a quotation that crosses a paragraph or another one is written in parts"
            }
            _ => "",
        }
    }

    /// The form of what stands at `path`, from its files' names and first bytes; `None` where
    /// nothing tells.
    #[must_use]
    pub fn guess(path: &Path) -> Option<Self> {
        if path.is_dir() {
            if path.join("quotation_info.csv").is_file() {
                return Some(Self::Pdnc);
            }
            // A corpus may come in several forms beside one another: the richest one goes first.
            let found: Vec<Self> = entries(path)
                .ok()?
                .iter()
                .filter(|file| file.is_dir() || PARTS.contains(&extension(file).as_str()))
                .filter_map(|file| Self::guess(file))
                .collect();
            return RICHEST.into_iter().find(|format| found.contains(format));
        }
        match extension(path).as_str() {
            "jsonl" | "ndjson" => Some(Self::Documents),
            "ann" => Some(match head(path)?.split('\t').next() {
                Some("QUOTE" | "MENTION" | "ATTRIB" | "COREF") => Self::Litbank,
                _ => Self::Brat,
            }),
            "quotes" | "entities" | "tokens" | "book" => Some(Self::Booknlp),
            "conll" | "bio" | "iob" | "iob2" | "conllu" => Some(Self::Conll),
            "json" => Some(match head(path)? {
                text if text.contains("anno.jsonld") => Self::WebAnnotation,
                _ => Self::Citron,
            }),
            "csv"
                if path
                    .file_name()
                    .is_some_and(|name| name == "quotation_info.csv") =>
            {
                Some(Self::Pdnc)
            }
            "xml" | "tei" => Some(Self::Tei),
            _ => None,
        }
    }

    /// The form that an output's name promises.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        match extension(path).as_str() {
            "jsonl" | "ndjson" => Some(Self::Documents),
            "csv" => Some(Self::Csv),
            "conll" | "bio" => Some(Self::Conll),
            "xml" | "tei" => Some(Self::Tei),
            "jsonld" => Some(Self::WebAnnotation),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|format| format.as_str() == name);
        found.copied().ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|format| format.as_str()).collect();
            format!("one of {}", all.join(", "))
        })
    }
}
