//! Writes one token a line, with a column of BIO tags for every layer.

use std::io::{self, Write};

use dixit_document::{Document, Quotation, Role, Span};

/// Writes a document: a line `# document: ID`, a line that names the columns, and the tokens, with
/// an empty line after every line of the text.
pub(crate) fn write(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let layers = layers(document);
    let tokenised = document
        .meta
        .get("tokenised")
        .and_then(serde_json::Value::as_bool)
        == Some(true);
    writeln!(
        out,
        "# document: {}",
        document.id.replace(['\n', '\r'], " ")
    )?;
    let names: Vec<&str> = layers.iter().map(|(name, _)| *name).collect();
    writeln!(out, "# columns: token {}", names.join(" "))?;
    let mut at = vec![0; layers.len()];
    let mut before: Vec<Option<usize>> = vec![None; layers.len()];
    let mut within = false;
    for token in tokens(&document.text, tokenised) {
        let Some(span) = token else {
            if within {
                writeln!(out)?;
                within = false;
                before.fill(None);
            }
            continue;
        };
        within = true;
        write!(out, "{}", span.of(&document.text))?;
        for (layer, (_, spans)) in layers.iter().enumerate() {
            while spans
                .get(at[layer])
                .is_some_and(|(other, _)| other.end() <= span.start())
            {
                at[layer] += 1;
            }
            let here = spans
                .get(at[layer])
                .filter(|(other, _)| other.overlaps(span));
            match here {
                Some((_, label)) if before[layer] == Some(at[layer]) => write!(out, "\tI-{label}")?,
                Some((_, label)) => write!(out, "\tB-{label}")?,
                None => write!(out, "\tO")?,
            }
            before[layer] = here.map(|_| at[layer]);
        }
        writeln!(out)?;
    }
    if within {
        writeln!(out)?;
    }
    Ok(())
}

type Layer = Vec<(Span, String)>;

/// The layers that the document has, each without overlaps: what begins first, the longer of
/// equals, is kept.
fn layers(document: &Document) -> Vec<(&'static str, Layer)> {
    let mut layers: Vec<(&'static str, Layer)> = Vec::new();
    if let Some(names) = &document.named_entities {
        let names = names.iter().map(|name| (name.span, name.label.to_string()));
        layers.push(("entity", names.collect()));
    }
    if document.quotations.is_some() || document.loose_spans.is_some() {
        for (name, role) in [
            ("content", Role::Content),
            ("cue", Role::Cue),
            ("source", Role::Source),
        ] {
            let of = |quotation: &Quotation| match role {
                Role::Content => quotation.content.clone(),
                Role::Cue => quotation.cue.clone(),
                Role::Source => quotation.source.clone(),
            };
            let mut spans: Vec<Span> = document.quotations.iter().flatten().flat_map(of).collect();
            let loose = document.loose_spans.iter().flatten();
            spans.extend(
                loose
                    .filter(|loose| loose.role == role)
                    .map(|loose| loose.span),
            );
            let label = name[..1].to_uppercase() + &name[1..];
            layers.push((
                name,
                spans
                    .into_iter()
                    .map(|span| (span, label.clone()))
                    .collect(),
            ));
        }
    }
    for (_, layer) in &mut layers {
        layer.sort_by_key(|(span, _)| (span.start(), std::cmp::Reverse(span.end())));
        let mut end = 0;
        layer.retain(|(span, _)| {
            let free = span.start() >= end && !span.is_empty();
            if free {
                end = span.end();
            }
            free
        });
    }
    layers
}

/// The tokens of a text, `None` where a line ends: what stands between blanks if the text is
/// tokenised already, else runs of letters and digits and single other characters.
fn tokens(text: &str, tokenised: bool) -> Vec<Option<Span>> {
    let mut tokens = Vec::new();
    let mut start: Option<usize> = None;
    for (at, character) in text.char_indices() {
        if character.is_whitespace() || character.is_control() {
            tokens.extend(start.take().map(|start| Some(Span::new(start, at))));
            if character == '\n' {
                tokens.push(None);
            }
        } else if tokenised || character.is_alphanumeric() {
            start.get_or_insert(at);
        } else {
            tokens.extend(start.take().map(|start| Some(Span::new(start, at))));
            tokens.push(Some(Span::new(at, at + character.len_utf8())));
        }
    }
    tokens.extend(start.map(|start| Some(Span::new(start, text.len()))));
    tokens
}
