//! Reads one token a line: tags in BIO, IOB or BIOES, or the coreference column of CoNLL-2012.

use std::collections::HashMap;
use std::path::Path;

use super::files::{below, extension, read_text, stem, wrong};
use crate::labelled::from_file;
use crate::schema::{DocumentLine, EntityLine, MentionLine, NamedEntityLine, Pair, SpansLine};
use crate::{DocumentError, ErrorKind, Labelled};

pub(crate) fn read(path: &Path) -> Result<Vec<Result<Labelled, DocumentError>>, DocumentError> {
    let known = ["conll", "bio", "iob", "iob2", "bioes"];
    let files = below(path, &|file| known.contains(&extension(file).as_str()))?;
    let mut documents = Vec::new();
    for file in &files {
        match read_text(file) {
            Ok(text) => documents.extend(of_file(file, &text)),
            Err(error) => documents.push(Err(error)),
        }
    }
    Ok(documents)
}

fn of_file(file: &Path, text: &str) -> Vec<Result<Labelled, DocumentError>> {
    let mut all = Vec::new();
    let mut current = Build::new(String::new());
    let mut count = 0;
    for (number, line) in (1_u64..).zip(text.lines()) {
        let line = line.trim_end_matches('\r');
        if let Some(columns) = line.strip_prefix("# columns:") {
            current.columns = Some(columns.split_whitespace().map(str::to_owned).collect());
        } else if let Some(id) = line.strip_prefix("# document:") {
            all.extend(current.end());
            current = Build {
                columns: current.columns.take(),
                ..Build::new(id.trim().to_owned())
            };
        } else if let Some(rest) = line.strip_prefix("#begin document") {
            all.extend(current.end());
            let id = rest.trim().trim_start_matches('(');
            let id = id.split(')').next().unwrap_or(id);
            current = Build::new(id.strip_suffix("_brat").unwrap_or(id).to_owned());
            current.coreference = true;
        } else if line.starts_with("#end document") {
            all.extend(current.end());
            current = Build::new(String::new());
        } else if line.starts_with("-DOCSTART-") {
            all.extend(current.end());
            current = Build {
                columns: current.columns.take(),
                ..Build::new(String::new())
            };
        } else if line.trim().is_empty() {
            current.sentence();
        } else if !line.starts_with("# ") && line != "#" {
            current.token(line, number);
        }
    }
    all.extend(current.end());
    let name = file.to_string_lossy();
    let many = all.len() > 1;
    all.into_iter()
        .map(|(mut line, problems)| {
            count += 1;
            if line.id.is_empty() {
                line.id = if many {
                    format!("{}-{count}", stem(file))
                } else {
                    stem(file)
                };
            }
            let mut labelled = from_file(line, &name);
            let id = labelled.document.id.clone();
            labelled
                .flaws
                .extend(problems.into_iter().map(|(number, problem)| {
                    wrong(file, ErrorKind::Flaw, problem, "mend the tag")
                        .in_document(&id)
                        .at_line(number)
                }));
            Ok(labelled)
        })
        .collect()
}

/// A span that is open in a layer: its label, where it began, where it ends so far.
type Open = Option<(String, Pair)>;

#[derive(Default)]
struct Build {
    id: String,
    text: String,
    at: usize,
    within: bool,
    columns: Option<Vec<String>>,
    coreference: bool,
    open: Vec<Open>,
    found: Vec<(String, Pair)>,
    clusters: Vec<(String, Pair)>,
    pending: HashMap<String, Vec<usize>>,
    problems: Vec<(u64, String)>,
    tokens: usize,
}

impl Build {
    fn new(id: String) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }

    fn token(&mut self, line: &str, number: u64) {
        let fields: Vec<&str> = match line.contains('\t') {
            true => line.split('\t').collect(),
            false => line.split_whitespace().collect(),
        };
        let word = if self.coreference {
            fields.get(3)
        } else {
            fields.first()
        };
        let Some(word) = word.filter(|word| !word.is_empty()) else {
            self.problems
                .push((number, "a line without a token".to_owned()));
            return;
        };
        if self.within {
            self.text.push(' ');
            self.at += 1;
        }
        let start = self.at;
        self.text.push_str(word);
        self.at += word.chars().count();
        self.within = true;
        self.tokens += 1;
        let span = [start, self.at];
        if self.coreference {
            self.coreference(fields.last().copied().unwrap_or("_"), span, number);
            return;
        }
        // Named columns are a layer each; else the last column is the one layer.
        let tags: Vec<&str> = match &self.columns {
            Some(columns) => (1..columns.len())
                .map(|index| fields.get(index).copied().unwrap_or("O"))
                .collect(),
            None if fields.len() > 1 => fields.last().copied().into_iter().collect(),
            None => Vec::new(),
        };
        self.open.resize(tags.len(), None);
        for (layer, tag) in tags.into_iter().enumerate() {
            self.tag(layer, tag, span, number);
        }
    }

    fn tag(&mut self, layer: usize, tag: &str, span: Pair, number: u64) {
        let (sort, label) = match tag.split_once('-') {
            Some((sort, label)) => (sort, label),
            None if tag == "O" || tag == "_" => ("O", ""),
            None => {
                self.problems
                    .push((number, format!("“{tag}” is no tag of BIO, IOB or BIOES")));
                ("O", "")
            }
        };
        let Some(open) = self.open.get_mut(layer) else {
            return;
        };
        let goes_on = matches!(sort, "I" | "E" | "L" | "M")
            && open.as_ref().is_some_and(|(of, _)| of == label);
        if goes_on {
            if let Some((_, open)) = open {
                open[1] = span[1];
            }
        } else {
            self.found.extend(open.take());
            if sort != "O" {
                *open = Some((label.to_owned(), span));
            }
        }
        if matches!(sort, "E" | "L" | "S" | "U") {
            self.found.extend(open.take());
        }
    }

    fn coreference(&mut self, column: &str, span: Pair, number: u64) {
        for part in column
            .split('|')
            .filter(|part| !matches!(*part, "_" | "-" | ""))
        {
            let cluster: String = part.chars().filter(|c| !matches!(c, '(' | ')')).collect();
            if part.starts_with('(') {
                self.pending
                    .entry(cluster.clone())
                    .or_default()
                    .push(span[0]);
            }
            if part.ends_with(')') {
                match self.pending.get_mut(&cluster).and_then(Vec::pop) {
                    Some(start) => self.clusters.push((cluster, [start, span[1]])),
                    None => self.problems.push((
                        number,
                        format!("“{part}” ends a mention that did not begin"),
                    )),
                }
            }
        }
    }

    fn sentence(&mut self) {
        if self.within {
            self.text.push('\n');
            self.at += 1;
            self.within = false;
        }
        if !self.coreference {
            self.close();
        }
    }

    fn close(&mut self) {
        for open in &mut self.open {
            self.found.extend(open.take());
        }
    }

    /// The document, if there is any token in it.
    fn end(&mut self) -> Option<(DocumentLine, Vec<(u64, String)>)> {
        self.close();
        for cluster in self
            .pending
            .iter()
            .filter(|(_, open)| !open.is_empty())
            .map(|(cluster, _)| cluster)
        {
            self.problems
                .push((0, format!("a mention of {cluster} does not end")));
        }
        self.problems.sort();
        (self.tokens > 0).then(|| (self.document(), std::mem::take(&mut self.problems)))
    }

    fn document(&mut self) -> DocumentLine {
        let text = std::mem::take(&mut self.text).trim_end().to_owned();
        let characters: Vec<char> = text.chars().collect();
        let (mut names, mut mentions) = (Vec::new(), Vec::new());
        let (mut spans, mut any_spans) = (SpansLine::default(), false);
        self.found.sort_by_key(|(_, span)| *span);
        for (label, span) in std::mem::take(&mut self.found) {
            let list = match label.to_lowercase().as_str() {
                "content" => &mut spans.content,
                "cue" => &mut spans.cue,
                "source" => &mut spans.source,
                "per" | "org" | "loc" | "misc" => {
                    names.push(NamedEntityLine {
                        span,
                        label: label.to_uppercase(),
                        confidence: None,
                    });
                    continue;
                }
                _ => {
                    mentions.push(MentionLine {
                        span,
                        entity: None,
                        label: Some(label),
                        form: None,
                    });
                    continue;
                }
            };
            list.push(span);
            any_spans = true;
        }
        let mut entities: Vec<EntityLine> = Vec::new();
        self.clusters.sort_by_key(|(_, span)| *span);
        for (cluster, span) in std::mem::take(&mut self.clusters) {
            if !entities.iter().any(|entity| entity.id == cluster) {
                let name: String = characters
                    .get(span[0]..span[1])
                    .unwrap_or_default()
                    .iter()
                    .collect();
                entities.push(EntityLine {
                    id: cluster.clone(),
                    name,
                    ..EntityLine::default()
                });
            }
            mentions.push(MentionLine {
                span,
                entity: Some(cluster),
                label: None,
                form: None,
            });
        }
        let mut meta = serde_json::Map::new();
        meta.insert("tokenised".to_owned(), true.into());
        // A file of tags annotates names even where there are none in it.
        let others = self.coreference || any_spans || !mentions.is_empty();
        DocumentLine {
            id: std::mem::take(&mut self.id),
            genre: None,
            text,
            meta,
            quotations: None,
            entities: (!entities.is_empty()).then_some(entities),
            mentions: (self.coreference || !mentions.is_empty()).then_some(mentions),
            named_entities: (!names.is_empty() || !others).then_some(names),
            spans: any_spans.then_some(spans),
        }
    }
}
