//! Writes the candidates of every quotation of a labelled corpus, for the recipe.
//!
//! ```text
//! cargo run --release -p dixit-speaker --example candidates GOLD.jsonl OUT.f32 PREDICTED.jsonl cast
//! cargo run --release -p dixit-speaker --example candidates GOLD.jsonl OUT.f32 PREDICTED.jsonl
//! ```
//! With `cast` the gold quotations are asked for, with the gold cast, and of the predicted documents
//! only the named entities are read; without, what these hold is asked for, with the cast that is
//! found, whose members are compared with the gold ones.
//!
//! A flat list of little-endian 32-bit floats. For each quotation: document, quotation, turn,
//! paragraph, whether the turn goes on, the speaker’s index in the cast, the reference (0 explicit,
//! 1 anaphoric, 2 implicit, 3 not told), how many candidates, how many features each; then for
//! each candidate its index in the cast and its features.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufWriter, Write};

use dixit_corpus::LabelledDocuments;
use dixit_document::{Document, Quotation, Reference, Span};
use dixit_speaker::training::{Example, Found, asked, examples, found};
use dixit_tokenize::Layout;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(corpus), Some(out), Some(predicted)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("give a corpus, a file to write and predicted documents".into());
    };
    let cast = arguments.next().is_some();
    let mut out = BufWriter::new(std::fs::File::create(out)?);
    let pairs = LabelledDocuments::new([corpus]).zip(LabelledDocuments::new([predicted]));
    for (number, (gold, predicted)) in pairs.enumerate() {
        let (gold, predicted) = (gold?.document, predicted?.document);
        match cast {
            true => write_given(&mut out, number, gold, predicted)?,
            false => write_found(&mut out, number, &gold, predicted)?,
        }
    }
    out.flush()?;
    Ok(())
}

fn write_given(
    out: &mut impl Write,
    number: usize,
    document: Document,
    predicted: Document,
) -> Result<(), Box<dyn Error>> {
    let layout = Layout::read(&document.text);
    let gold = document.quotations.unwrap_or_default();
    let given: Vec<Quotation> = gold.iter().cloned().map(asked).collect();
    let names = predicted.named_entities.unwrap_or_default();
    let (text, cast) = (&document.text, &document.entities);
    for example in examples(text, &layout, &names, &given, cast) {
        if let Some(quotation) = gold.get(example.quotation) {
            let speaker = quotation.speaker.map(|id| id.index());
            write(out, number, &example, speaker, quotation.reference)?;
        }
    }
    Ok(())
}

fn write_found(
    out: &mut impl Write,
    number: usize,
    gold: &Document,
    predicted: Document,
) -> Result<(), Box<dyn Error>> {
    let layout = Layout::read(&gold.text);
    let names = predicted.named_entities.unwrap_or_default();
    let quotations = predicted.quotations.unwrap_or_default();
    let matches: Vec<Option<&Quotation>> = quotations
        .iter()
        .map(|quotation| matching(quotation, gold.quotations.as_deref().unwrap_or(&[])))
        .collect();
    let found = found(&gold.text, &layout, &names, quotations);
    let bearers = bearers(gold, &found, &matches);
    for example in &found.examples {
        let Some(Some(quotation)) = matches.get(example.quotation) else {
            write(out, number, example, None, None)?;
            continue;
        };
        let right: Vec<(usize, usize)> = example
            .candidates
            .iter()
            .filter_map(|&(candidate, _)| {
                let (entity, votes) = (*bearers.get(candidate)?)?;
                let speaker = quotation.speaker.map(|id| id.index());
                (Some(entity) == speaker).then_some((candidate, votes))
            })
            .collect();
        // Of several that are one in truth, the one that is told of beside the words.
        let told = found.told.get(example.quotation).copied().flatten();
        let right = right
            .iter()
            .find(|(candidate, _)| Some(*candidate) == told)
            .or_else(|| right.iter().max_by_key(|(_, votes)| *votes));
        let speaker = right.map(|&(candidate, _)| candidate);
        write(out, number, example, speaker, quotation.reference)?;
    }
    Ok(())
}

/// The gold quotation with most of its words, if those are at least half of all.
fn matching<'g>(quotation: &Quotation, gold: &'g [Quotation]) -> Option<&'g Quotation> {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let shared = |gold: &Quotation| {
        let pairs = gold
            .content
            .iter()
            .flat_map(|a| quotation.content.iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| a.overlap(*b)).sum::<usize>()
    };
    let best = gold.iter().max_by_key(|gold| shared(gold))?;
    let common = shared(best);
    let all = length(&best.content) + length(&quotation.content) - common;
    (common * 2 >= all).then_some(best)
}

/// For each candidate which gold entity it is, with how many mentions say so.
fn bearers(
    gold: &Document,
    found: &Found,
    matches: &[Option<&Quotation>],
) -> Vec<Option<(usize, usize)>> {
    let mut by_name: HashMap<String, Option<usize>> = HashMap::new();
    for (index, entity) in gold.entities.iter().enumerate() {
        for name in std::iter::once(&entity.name).chain(&entity.aliases) {
            by_name
                .entry(plain(name))
                .and_modify(|known| *known = known.filter(|&id| id == index))
                .or_insert(Some(index));
        }
    }
    let mentions = gold.mentions.as_deref().unwrap_or(&[]);
    let mut votes: Vec<HashMap<usize, usize>> = vec![HashMap::new(); found.mentions.len()];
    for (candidate, spans) in found.mentions.iter().enumerate() {
        for &span in spans {
            let over = mentions
                .iter()
                .filter(|mention| mention.span.contains(span) || span.contains(mention.span));
            let entity = over
                .min_by_key(|mention| mention.span.len().abs_diff(span.len()))
                .and_then(|mention| mention.entity.map(|id| id.index()))
                .or_else(|| by_name.get(&plain(span.of(&gold.text))).copied().flatten());
            if let Some(entity) = entity {
                *votes[candidate].entry(entity).or_default() += 1;
            }
        }
    }
    // Whom no name tells, those quotations do of which it is told who says them.
    let mut told: Vec<HashMap<usize, usize>> = vec![HashMap::new(); found.mentions.len()];
    for (candidate, quotation) in found.told.iter().zip(matches) {
        if let (Some(candidate), Some(entity)) = (
            candidate,
            quotation.and_then(|q| q.speaker.map(|id| id.index())),
        ) {
            *told[*candidate].entry(entity).or_default() += 1;
        }
    }
    let most = |votes: HashMap<usize, usize>| {
        votes
            .into_iter()
            .max_by_key(|&(id, count)| (count, std::cmp::Reverse(id)))
    };
    votes
        .into_iter()
        .zip(told)
        .map(|(votes, told)| most(votes).or_else(|| most(told)))
        .collect()
}

fn plain(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn write(
    out: &mut impl Write,
    number: usize,
    example: &Example,
    speaker: Option<usize>,
    reference: Option<Reference>,
) -> std::io::Result<()> {
    let reference = match reference {
        Some(Reference::Explicit) => 0,
        Some(Reference::Anaphoric) => 1,
        Some(Reference::Implicit) => 2,
        None => 3,
    };
    let features = example.candidates.first().map_or(0, |c| c.1.len());
    let mut row = vec![
        number as f32,
        example.quotation as f32,
        example.turn as f32,
        example.paragraph as f32,
        f32::from(u8::from(example.goes_on)),
        speaker.map_or(-1.0, |speaker| speaker as f32),
        reference as f32,
        example.candidates.len() as f32,
        features as f32,
    ];
    for (draft, features) in &example.candidates {
        row.push(*draft as f32);
        row.extend(features);
    }
    for number in row {
        out.write_all(&number.to_le_bytes())?;
    }
    Ok(())
}
