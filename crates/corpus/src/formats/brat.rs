//! Reads brat's stand-off annotation, as PolNeAR has it: events of type `Attribution` whose roles
//! `Content`, `Cue` and `Source` are text-bound annotations.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::brat_files::{Event, StandOff, TextBound};
use super::files::{below, extension, read_text, stem, wrong};
use super::kinds::kind_of;
use crate::labelled::from_file;
use crate::schema::{
    DocumentLine, EntityLine, MentionLine, NamedEntityLine, Pair, QuotationLine, SpansLine,
};
use crate::{DocumentError, ErrorKind, Labelled};

type Read = Vec<Result<Labelled, DocumentError>>;

/// The file of a text, and the annotator that the name of the annotation ends in.
type Text = (PathBuf, Option<String>);

/// What a speaker's name is written behind, in a note of its event.
pub(crate) const SPEAKER_NOTE: &str = "speaker: ";

pub(crate) fn read(path: &Path) -> Result<Read, DocumentError> {
    let files = below(path, &|file| extension(file) == "ann")?;
    let files: Vec<PathBuf> = files
        .into_iter()
        .map(|file| match extension(&file).as_str() {
            "txt" => file.with_extension("ann"),
            _ => file,
        })
        .collect();
    let pairs: Vec<(PathBuf, Option<Text>)> = files
        .into_iter()
        .map(|file| {
            let text = text_of(&file);
            (file, text)
        })
        .collect();
    let mut times: HashMap<PathBuf, usize> = HashMap::new();
    for (text, _) in pairs.iter().filter_map(|(_, text)| text.as_ref()) {
        *times.entry(text.clone()).or_default() += 1;
    }
    let read = pairs.into_iter().map(|(file, text)| {
        let Some((text, annotator)) = text else {
            let mend = "put the .txt of the same name beside it";
            return Err(wrong(
                &file,
                ErrorKind::NotFound,
                "its text is not there",
                mend,
            ));
        };
        // Where several people annotated one text each has a document.
        let id = match times.get(&text) {
            Some(1) => stem(&text),
            _ => stem(&file),
        };
        document(&file, &text, id, annotator)
    });
    Ok(read.collect())
}

/// The text that belongs to an `.ann` file, and the annotator in which its name ends. PolNeAR puts
/// the annotator after the name of the text.
fn text_of(file: &Path) -> Option<Text> {
    let same = file.with_extension("txt");
    if same.is_file() {
        return Some((same, None));
    }
    let name = stem(file);
    let (text, annotator) = name.rsplit_once('_')?;
    let text = file.with_file_name(format!("{text}.txt"));
    text.is_file().then(|| (text, Some(annotator.to_owned())))
}

fn document(
    file: &Path,
    text: &Path,
    id: String,
    annotator: Option<String>,
) -> Result<Labelled, DocumentError> {
    let text = read_text(text)?;
    let stand_off = StandOff::read(&read_text(file)?);
    let mut meta = serde_json::Map::new();
    meta.extend(annotator.map(|annotator| ("annotator".to_owned(), annotator.into())));
    let mut build = Build::new(&text, &stand_off);
    let quotations = build.quotations();
    let (named_entities, mentions, spans) = build.others();
    let problems = build.problems;
    let line = DocumentLine {
        id,
        genre: None,
        meta,
        quotations: Some(quotations),
        entities: (!build.entities.is_empty()).then_some(build.entities),
        mentions,
        named_entities,
        spans,
        text: text.clone(),
    };
    let mut labelled = from_file(line, &file.to_string_lossy());
    let id = labelled.document.id.clone();
    labelled
        .flaws
        .extend(problems.into_iter().map(|(number, problem)| {
            wrong(
                file,
                ErrorKind::Flaw,
                problem,
                "mend the line, or annotate it again in brat",
            )
            .in_document(&id)
            .at_line(number)
        }));
    Ok(labelled)
}

/// The layers beside the quotations.
type Others = (
    Option<Vec<NamedEntityLine>>,
    Option<Vec<MentionLine>>,
    Option<SpansLine>,
);

struct Build<'a> {
    characters: Vec<char>,
    stand_off: &'a StandOff,
    by_id: HashMap<&'a str, &'a TextBound>,
    used: HashSet<&'a str>,
    entities: Vec<EntityLine>,
    problems: Vec<(u64, String)>,
}

impl<'a> Build<'a> {
    fn new(text: &str, stand_off: &'a StandOff) -> Self {
        let mut this = Self {
            characters: text.chars().collect(),
            stand_off,
            by_id: HashMap::new(),
            used: HashSet::new(),
            entities: Vec::new(),
            problems: stand_off.broken.clone(),
        };
        for (id, bound) in &stand_off.text_bounds {
            if this.by_id.insert(id, bound).is_some() {
                this.problems
                    .push((bound.line, format!("the id {id} is taken")));
            }
            let there = this.words(&bound.spans);
            if !same_words(&there, &bound.text) {
                let problem = format!("{id}: the text there is “{there}”, not “{}”", bound.text);
                this.problems.push((bound.line, problem));
            }
        }
        this
    }

    fn words(&self, spans: &[Pair]) -> String {
        let words = spans.iter().map(|&[start, end]| -> String {
            self.characters
                .get(start..end)
                .unwrap_or_default()
                .iter()
                .collect()
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn quotations(&mut self) -> Vec<QuotationLine> {
        let stand_off = self.stand_off;
        // A trigger is no span of its own: in PolNeAR it repeats the cue.
        let events = stand_off
            .events
            .iter()
            .filter(|event| event.roles.iter().any(|(role, _)| role == "Content"));
        events.map(|event| self.quotation(event)).collect()
    }

    fn quotation(&mut self, event: &'a Event) -> QuotationLine {
        let content = self.role(event, "Content");
        let attribute = |name: &str| {
            let key = (event.id.clone(), name.to_owned());
            self.stand_off.attributes.get(&key).cloned()
        };
        let kind = attribute("kind").unwrap_or_else(|| {
            let pieces: Vec<String> = content.iter().map(|&span| self.words(&[span])).collect();
            kind_of(pieces.iter().map(String::as_str), false).to_owned()
        });
        let (mode, reference, marked) = (
            attribute("mode"),
            attribute("reference"),
            attribute("marked"),
        );
        let speaker = self
            .stand_off
            .notes
            .get(&event.id)
            .and_then(|note| note.strip_prefix(SPEAKER_NOTE))
            .map(|name| speaker(&mut self.entities, name.trim()));
        QuotationLine {
            id: event.id.clone(),
            kind: Some(kind),
            marked: marked.and_then(|marked| marked.parse().ok()),
            mode,
            cue: self.role(event, "Cue"),
            source: self.role(event, "Source"),
            content,
            speaker,
            reference,
            ..QuotationLine::default()
        }
    }

    /// The spans that fill a role.
    fn role(&mut self, event: &'a Event, wanted: &str) -> Vec<Pair> {
        let mut spans = Vec::new();
        for (_, filler) in event.roles.iter().filter(|(role, _)| role == wanted) {
            match self.by_id.get(filler.as_str()) {
                Some(bound) => {
                    self.used.insert(filler);
                    spans.extend(&bound.spans);
                }
                None => self.problems.push((
                    event.line,
                    format!("{}: its {wanted} {filler} is not there", event.id),
                )),
            }
        }
        spans.sort_unstable();
        spans
    }

    /// What belongs to no attribution: names, other mentions, and parts of attributions left
    /// alone.
    fn others(&self) -> Others {
        let triggers: HashSet<&str> = self
            .stand_off
            .events
            .iter()
            .map(|event| event.label.as_str())
            .collect();
        let (mut names, mut mentions) = (Vec::new(), Vec::new());
        let (mut loose, mut any_loose) = (SpansLine::default(), false);
        for (id, bound) in &self.stand_off.text_bounds {
            let starts = bound.spans.iter().map(|span| span[0]);
            let ends = bound.spans.iter().map(|span| span[1]);
            let (Some(start), Some(end)) = (starts.min(), ends.max()) else {
                continue;
            };
            let whole = [start, end];
            let list = match bound.label.as_str() {
                _ if self.used.contains(id.as_str()) => continue,
                "Content" => &mut loose.content,
                "Cue" => &mut loose.cue,
                "Source" => &mut loose.source,
                label if triggers.contains(label) => continue,
                label @ ("PER" | "ORG" | "LOC" | "MISC") => {
                    names.push(NamedEntityLine {
                        span: whole,
                        label: label.to_owned(),
                        confidence: None,
                    });
                    continue;
                }
                label => {
                    mentions.push(MentionLine {
                        span: whole,
                        entity: None,
                        label: Some(label.to_owned()),
                        form: None,
                    });
                    continue;
                }
            };
            any_loose = true;
            list.extend(&bound.spans);
        }
        let some = |any: bool| any.then_some(());
        (
            some(!names.is_empty()).map(|()| names),
            some(!mentions.is_empty()).map(|()| mentions),
            some(any_loose).map(|()| loose),
        )
    }
}

/// The id of the entity of this name, which is made where there is none.
pub(crate) fn speaker(entities: &mut Vec<EntityLine>, name: &str) -> String {
    if let Some(entity) = entities.iter().find(|entity| entity.name == name) {
        return entity.id.clone();
    }
    let id = format!("e{}", entities.len() + 1);
    entities.push(EntityLine {
        id: id.clone(),
        name: name.to_owned(),
        ..EntityLine::default()
    });
    id
}

/// brat writes line ends inside a span as blanks, and may keep or drop blanks at its ends.
fn same_words(there: &str, said: &str) -> bool {
    there.split_whitespace().eq(said.split_whitespace())
}
