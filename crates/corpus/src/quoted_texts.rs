use std::fs::File;
use std::str::FromStr;
use std::sync::Arc;

use dixit_document::{Entity, Gender, Offsets, Quoted, QuotedText, Span};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::compression;
use crate::inputs::{Input, Inputs};
use crate::json_texts::{broken, source_text};
use crate::labelled::entity_type;
use crate::lines::{Line, Lines};
use crate::meter::{Meter, Metered};
use crate::schema::Pair;
use crate::source_texts::LIMIT;
use crate::{DocumentError, ErrorKind};

/// Texts whose quotations are given, from JSON Lines in the corpus schema, one at a time.
///
/// Of the quotations, id and content are read and nothing else, whatever stands there. A document
/// that is not wholly right is an error in its place, and those after it follow.
///
/// ```
/// use dixit_corpus::QuotedTexts;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("gold.jsonl");
/// let line = r#"{"id": "a", "text": "“Go,” said Zoë.",
///     "quotations": [{"id": "q1", "content": [[1, 3]], "speaker": 7}]}"#;
/// std::fs::write(&path, line.replace('\n', ""))?;
/// let mut texts = QuotedTexts::new([path.to_string_lossy().into_owned()], false, 1 << 20);
/// let text = texts.next().expect("one document")?;
/// assert_eq!(text.quotations[0].content[0].of(&text.source.text), "Go");
/// assert!(texts.next().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct QuotedTexts {
    inputs: Inputs,
    /// Whether the documents’ entities are read, too.
    cast: bool,
    max_bytes: u64,
    lines: Option<Lines>,
    meter: Arc<Meter>,
}

impl QuotedTexts {
    /// Texts from files, folders, patterns, or `-` for standard input. With `cast`, the documents’
    /// entities (id, name, aliases, type and gender) are the only ones who can be speakers. A
    /// document of more than `max_bytes`, with all its fields, is an error; 4 GiB at most.
    pub fn new(inputs: impl IntoIterator<Item = String>, cast: bool, max_bytes: u64) -> Self {
        Self {
            inputs: Inputs::new(inputs),
            cast,
            max_bytes: max_bytes.min(LIMIT),
            lines: None,
            meter: Arc::default(),
        }
    }

    /// Looks at all files first, so that [`meter`](Self::meter) knows how much there is to read.
    #[must_use]
    pub fn measured(mut self) -> Self {
        self.meter = Arc::new(Meter::new(self.inputs.size()));
        self
    }

    /// How far the texts have been read, for another thread to look at.
    #[must_use]
    pub fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    fn open(&self, input: Input) -> Result<Lines, DocumentError> {
        let (file, stream) = match input {
            Input::Standard => ("-".into(), compression::unpack(std::io::stdin())),
            Input::File { path, .. } => {
                let unpacked = File::open(&path).and_then(|file| {
                    compression::unpack(Metered {
                        file,
                        meter: self.meter(),
                    })
                });
                (path.to_string_lossy().into_owned(), unpacked)
            }
        };
        let stream = stream.map_err(|error| DocumentError::io(error).in_file(&file))?;
        Ok(Lines::new(stream, &file, self.max_bytes))
    }
}

impl Iterator for QuotedTexts {
    type Item = Result<QuotedText, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines
                && let Some(line) = lines.next()
            {
                let text = line.and_then(|line| {
                    quoted_text(&line, self.cast)
                        .map_err(|error| error.in_file(lines.file()).at_line(line.number))
                });
                if let Ok(text) = &text {
                    self.meter.add_text(text.source.text.len());
                }
                return Some(text);
            }
            self.lines = None;
            match self.inputs.next()?.and_then(|input| self.open(input)) {
                Ok(lines) => self.lines = Some(lines),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// All that is read of a quotation.
#[derive(Deserialize)]
struct QuotedLine {
    id: String,
    content: Vec<Pair>,
}

/// All that is read of an entity.
#[derive(Deserialize)]
struct MemberLine {
    id: String,
    name: String,
    #[serde(rename = "type", default)]
    entity_type: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    gender: Option<String>,
}

fn quoted_text(line: &Line, cast: bool) -> Result<QuotedText, DocumentError> {
    let mut fields: Map<String, Value> = serde_json::from_str(&line.text).map_err(broken)?;
    let quotations = fields.shift_remove("quotations");
    let entities = fields.shift_remove("entities").filter(|_| cast);
    let source = source_text(fields, "id", "text")?;
    let placed = |error: DocumentError| error.in_document(&source.id);
    let offsets = Offsets::new(&source.text);
    let quotations = list::<QuotedLine>(quotations, "quotations", "quotation")
        .and_then(|lines| {
            let mut quotations = Vec::with_capacity(lines.len());
            for line in lines {
                quotations.push(quoted(line, &offsets)?);
            }
            Ok(quotations)
        })
        .map_err(placed)?;
    let cast = cast
        .then(|| list::<MemberLine>(entities, "entities", "entity"))
        .transpose()
        .map_err(placed)?
        .map(|members| members.into_iter().map(member).collect());
    Ok(QuotedText {
        source,
        quotations,
        cast,
    })
}

/// The items of a field that has to be there.
fn list<T: for<'d> Deserialize<'d>>(
    field: Option<Value>,
    name: &str,
    item: &str,
) -> Result<Vec<T>, DocumentError> {
    let items = match field {
        Some(Value::Array(items)) => items,
        Some(_) => {
            let problem = format!("field “{name}” is not a list");
            return Err(DocumentError::new(ErrorKind::Json, problem)
                .mended_by("write it as the corpus schema has it: a list of objects"));
        }
        None => {
            let mend = match name {
                "entities" => "add the list of those who speak, or leave --cast out",
                _ => "give the quotations; dixit extract finds them itself",
            };
            let problem = format!("no field “{name}”");
            return Err(DocumentError::new(ErrorKind::MissingField, problem).mended_by(mend));
        }
    };
    let read = |(index, value): (usize, Value)| {
        let id = value.get("id").and_then(Value::as_str).map(str::to_owned);
        serde_json::from_value(value).map_err(|error| {
            let which = id.unwrap_or_else(|| (index + 1).to_string());
            DocumentError::new(ErrorKind::Json, format!("{item} {which}: {error}"))
                .mended_by("write it as the corpus schema has it")
                .caused_by(error)
        })
    };
    items.into_iter().enumerate().map(read).collect()
}

fn quoted(line: QuotedLine, offsets: &Offsets<'_>) -> Result<Quoted, DocumentError> {
    let QuotedLine { id, content } = line;
    let flaw = |problem: &str, mend: &str| {
        let problem = format!("quotation {id}: {problem}");
        DocumentError::new(ErrorKind::Flaw, problem).mended_by(mend)
    };
    if content.is_empty() {
        let mend = "give it a content, or take the quotation out";
        return Err(flaw("no content", mend));
    }
    let mut spans = Vec::with_capacity(content.len());
    for [start, end] in content {
        if start >= end {
            let mend = "offsets are half-open: [start, end) with start before end";
            return Err(flaw(&format!("[{start}, {end}] covers nothing"), mend));
        }
        let Some((start, end)) = offsets.byte(start).zip(offsets.byte(end)) else {
            let length = offsets.code_points();
            return Err(flaw(
                &format!("[{start}, {end}] ends past the text of {length} code points"),
                "count Unicode code points, not bytes, in the text as it stands here",
            ));
        };
        spans.push(Span::new(start, end));
    }
    spans.sort();
    let disorder = spans.windows(2).any(|pair| match pair {
        [before, after] => before.overlaps(*after),
        _ => false,
    });
    if disorder {
        let mend = "join the spans that overlap";
        return Err(flaw("spans of its content overlap", mend));
    }
    Ok(Quoted { id, content: spans })
}

fn member(line: MemberLine) -> Entity {
    Entity {
        id: line.id,
        // Descriptions have no capitals: “a harbour official”.
        named: line.name.chars().any(char::is_uppercase),
        name: line.name,
        entity_type: line.entity_type.as_deref().map(entity_type),
        aliases: line.aliases,
        gender: line
            .gender
            .and_then(|gender| Gender::from_str(&gender).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, cast: bool) -> Result<QuotedText, DocumentError> {
        let line = Line {
            text: line.to_owned(),
            number: 1,
        };
        quoted_text(&line, cast)
    }

    #[test]
    fn only_contents_are_read() {
        let bare = r#"{"id": "a", "text": "é “Go,” said Zoë. “Now.”", "quotations":
            [{"id": "q2", "content": [[19, 23], [3, 5]]}], "entities": [{"id": "Z", "name": "Zoë"}]}"#;
        let spoilt = r#"{"id": "a", "text": "é “Go,” said Zoë. “Now.”", "mentions": 3, "quotations":
            [{"id": "q2", "content": [[19, 23], [3, 5]], "cue": "?", "speaker": ["x"], "kind": 1}],
            "entities": [{"id": "Z", "name": "Zoë", "named": "?"}], "named_entities": {}}"#;
        let text = read(bare, true).expect("it is right");
        let words = text.quotations[0]
            .content
            .iter()
            .map(|span| span.of(&text.source.text));
        assert_eq!(words.collect::<Vec<_>>(), ["Go", "Now."]);
        assert_eq!(read(spoilt, true).expect("it is right"), text);
        let alone = read(
            &spoilt.replace(r#""entities": ["#, r#""entities": [1, "#),
            false,
        );
        assert_eq!(alone.expect("no cast is read").cast, None);
    }

    #[test]
    fn what_is_wrong_is_told_with_a_mend() {
        for (line, problem) in [
            (r#"{"id": "a", "text": "b"}"#, "no field “quotations”"),
            (
                r#"{"id": "a", "text": "b", "quotations": {}}"#,
                "not a list",
            ),
            (
                r#"{"id": "a", "text": "b", "quotations": []}"#,
                "no field “entities”",
            ),
            (
                r#"{"id": "a", "text": "b", "quotations": [{"id": "q", "content": [[0, 2]]}]}"#,
                "quotation q: [0, 2] ends past",
            ),
            (
                r#"{"id": "a", "text": "b", "quotations": [{"id": "q", "content": [[1, 1]]}]}"#,
                "covers nothing",
            ),
            (
                r#"{"id": "a", "text": "b", "quotations": [{"id": "q", "content": []}]}"#,
                "no content",
            ),
            (
                r#"{"id": "a", "text": "bcd", "quotations": [{"id": "q", "content": [[0, 2], [1, 3]]}]}"#,
                "overlap",
            ),
            (
                r#"{"id": "a", "text": "b", "quotations": [{"content": [[0, 1]]}]}"#,
                "quotation 1: missing field",
            ),
        ] {
            let error = read(line, true).expect_err(line);
            assert!(error.to_string().contains(problem), "{error}");
            assert!(error.mend().is_some(), "{error}");
        }
    }
}
