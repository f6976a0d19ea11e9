//! Reads LitBank's quotation and coreference files (the tabular ones): a text of one sentence a
//! line, tokens between blanks, and annotation by sentence and token.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::files::{below, extension, read_text, stem, wrong};
use crate::labelled::from_file;
use crate::schema::{DocumentLine, EntityLine, MentionLine, Pair, QuotationLine};
use crate::{DocumentError, ErrorKind, Labelled};

pub(crate) fn read(path: &Path) -> Result<Vec<Result<Labelled, DocumentError>>, DocumentError> {
    let mut documents: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in below(path, &|file| extension(file) == "ann")? {
        documents.entry(stem(&file)).or_default().push(file);
    }
    Ok(documents
        .iter()
        .map(|(name, files)| document(name, files))
        .collect())
}

fn document(name: &str, files: &[PathBuf]) -> Result<Labelled, DocumentError> {
    let first = files.first().map_or(Path::new(name), PathBuf::as_path);
    let text = files
        .iter()
        .map(|file| file.with_extension("txt"))
        .find(|text| text.is_file());
    let Some(text) = text else {
        let mend = "put the .txt of the same name beside it";
        return Err(wrong(
            first,
            ErrorKind::NotFound,
            "its text is not there",
            mend,
        ));
    };
    let text = read_text(&text)?.trim_end().to_owned();
    let mut build = Build {
        tokens: tokens(&text),
        quotations: Vec::new(),
        mentions: Vec::new(),
        speakers: HashMap::new(),
        clusters: HashMap::new(),
        problems: Vec::new(),
        has_quotations: false,
        has_mentions: false,
    };
    for file in files {
        for (number, line) in (1_u64..).zip(read_text(file)?.lines()) {
            let fields: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
            if let Err(problem) = build.line(&fields) {
                let mend = "see LitBank's description of its files";
                build
                    .problems
                    .push(wrong(file, ErrorKind::Flaw, problem, mend).at_line(number));
            }
        }
    }
    let problems = std::mem::take(&mut build.problems);
    let id = name.strip_suffix("_brat").unwrap_or(name).to_owned();
    let mut labelled = from_file(build.finish(id.clone(), text), &first.to_string_lossy());
    labelled
        .flaws
        .extend(problems.into_iter().map(|problem| problem.in_document(&id)));
    Ok(labelled)
}

/// The code points of every token of every sentence.
fn tokens(text: &str) -> Vec<Vec<Pair>> {
    let mut at = 0;
    let sentences = text.split('\n').map(|sentence| {
        let mut tokens = Vec::new();
        for token in sentence.split(' ') {
            let length = token.chars().count();
            if length > 0 {
                tokens.push([at, at + length]);
            }
            at += length + 1;
        }
        tokens
    });
    sentences.collect()
}

struct Build {
    tokens: Vec<Vec<Pair>>,
    quotations: Vec<QuotationLine>,
    mentions: Vec<(String, MentionLine, String)>,
    /// Quotation to cluster, mention to cluster.
    speakers: HashMap<String, String>,
    clusters: HashMap<String, String>,
    problems: Vec<DocumentError>,
    has_quotations: bool,
    has_mentions: bool,
}

impl Build {
    fn line(&mut self, fields: &[&str]) -> Result<(), String> {
        match fields {
            ["QUOTE", id, place @ .., _] if place.len() == 4 => {
                self.has_quotations = true;
                let span = self.span(id, place)?;
                self.quotations.push(QuotationLine {
                    id: (*id).to_owned(),
                    kind: Some("direct".to_owned()),
                    content: vec![span],
                    ..QuotationLine::default()
                });
            }
            ["ATTRIB", quotation, cluster] => {
                self.speakers
                    .insert((*quotation).to_owned(), (*cluster).to_owned());
            }
            ["MENTION", id, a, b, c, d, words, label, form] => {
                self.has_mentions = true;
                let span = self.span(id, &[a, b, c, d])?;
                let form = match *form {
                    "PROP" => Some("name"),
                    "NOM" => Some("nominal"),
                    "PRON" => Some("pronoun"),
                    _ => None,
                };
                let mention = MentionLine {
                    span,
                    entity: None,
                    label: Some((*label).to_owned()),
                    form: form.map(str::to_owned),
                };
                self.mentions
                    .push(((*id).to_owned(), mention, (*words).to_owned()));
            }
            ["COREF", mention, cluster] => {
                self.clusters
                    .insert((*mention).to_owned(), (*cluster).to_owned());
            }
            ["COP" | "APPOS", ..] | [""] => {}
            _ => {
                return Err(format!(
                    "not an annotation of LitBank: “{}”",
                    fields.join(" ")
                ));
            }
        }
        Ok(())
    }

    fn span(&self, id: &str, place: &[&str]) -> Result<Pair, String> {
        let number = |index: usize| {
            place
                .get(index)
                .and_then(|field| field.parse::<usize>().ok())
        };
        let token = |sentence: Option<usize>, token: Option<usize>| {
            self.tokens.get(sentence?)?.get(token?).copied()
        };
        // The last token is part of the span.
        match (token(number(0), number(1)), token(number(2), number(3))) {
            (Some([start, _]), Some([_, end])) => Ok([start, end]),
            _ => Err(format!("{id}: no token {}", place.join(" "))),
        }
    }

    fn finish(self, id: String, text: String) -> DocumentLine {
        let Self {
            mut quotations,
            mentions,
            speakers,
            clusters,
            ..
        } = self;
        let mut entities: Vec<EntityLine> = Vec::new();
        let mut forms: HashMap<String, usize> = HashMap::new();
        let mut sorted = mentions;
        sorted.sort_by_key(|(_, mention, _)| mention.span);
        for (id, mention, words) in &mut sorted {
            let Some(cluster) = clusters.get(id) else {
                continue;
            };
            mention.entity = Some(cluster.clone());
            let rank = match mention.form.as_deref() {
                Some("name") => 3,
                Some("nominal") => 2,
                _ => 1,
            };
            match entities.iter_mut().find(|entity| entity.id == *cluster) {
                Some(entity) => {
                    let best = forms.entry(cluster.clone()).or_default();
                    // The longest name, or else the first description.
                    let longer = words.chars().count() > entity.name.chars().count();
                    if rank > *best || (rank == 3 && *best == 3 && longer) {
                        *best = rank;
                        if entity.name != *words && !entity.aliases.contains(&entity.name) {
                            entity.aliases.push(entity.name.clone());
                        }
                        entity.name.clone_from(words);
                    } else if rank == 3 && entity.name != *words && !entity.aliases.contains(words)
                    {
                        entity.aliases.push(words.clone());
                    }
                }
                None => {
                    forms.insert(cluster.clone(), rank);
                    entities.push(EntityLine {
                        id: cluster.clone(),
                        name: words.clone(),
                        entity_type: mention.label.clone(),
                        ..EntityLine::default()
                    });
                }
            }
        }
        for entity in &mut entities {
            let name = entity.name.clone();
            entity.aliases.retain(|alias| *alias != name);
            entity.named = Some(forms.get(&entity.id) == Some(&3));
        }
        for quotation in &mut quotations {
            let Some(cluster) = speakers.get(&quotation.id) else {
                continue;
            };
            // Quotation files may come without the coreference that their speakers are from.
            if !entities.iter().any(|entity| entity.id == *cluster) {
                let (name, _) = cluster.rsplit_once('-').unwrap_or((cluster, ""));
                entities.push(EntityLine {
                    id: cluster.clone(),
                    name: name.replace('_', " "),
                    entity_type: Some("PER".to_owned()),
                    ..EntityLine::default()
                });
            }
            quotation.speaker = Some(cluster.clone());
        }
        let mut meta = serde_json::Map::new();
        meta.insert("tokenised".to_owned(), true.into());
        DocumentLine {
            id,
            genre: Some("fiction".to_owned()),
            text,
            meta,
            quotations: self.has_quotations.then_some(quotations),
            entities: Some(entities),
            mentions: self
                .has_mentions
                .then(|| sorted.into_iter().map(|(_, mention, _)| mention).collect()),
            named_entities: None,
            spans: None,
        }
    }
}
