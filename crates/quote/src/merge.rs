//! Brings what the marks show and what the model reads together: one list of quotations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use dixit_document::{Kind, LooseSpan, Mode, Quotation, Span};
use dixit_encoder::{Model, Reading};
use dixit_tokenize::Layout;

use crate::attitude;
use crate::attribution::{Attribution, attributions, chunks};
use crate::in_marks::{Marks, SPEECH};
use crate::loose::loose;
use crate::marks::{Evidence, MarkedSpan, evidence, marked_speech};
use crate::noun;
use crate::story;
use crate::title;

/// The least confidence of what is quoted without marks inside words in marks.
const SURE: f32 = 0.5;

/// Two marked spans of a paragraph are one interrupted quotation where the words between them
/// are at most this many bytes.
const INTERRUPTION: usize = 80;

/// What is found in a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The quotations, without their speakers, in text order.
    pub quotations: Vec<Quotation>,
    /// The cues and sources that none of them holds, in text order.
    pub loose_spans: Vec<LooseSpan>,
}

/// The quotations of a document, and what belongs to none.
#[must_use]
pub fn quotations(model: &Model, reading: &Reading, text: &str, layout: &Layout) -> Found {
    let chunks = chunks(model, reading);
    let marked = marked_speech(text, layout);
    let attributions = attributions(&chunks, reading, layout);
    let quotations = merge(text, layout, attributions, &marked);
    Found {
        loose_spans: loose(&chunks, reading, &quotations),
        quotations,
    }
}

fn merge(
    text: &str,
    layout: &Layout,
    attributions: Vec<Attribution>,
    marked: &[MarkedSpan],
) -> Vec<Quotation> {
    let marks = Marks::new(text, layout, marked);
    let mut found: Vec<Quotation>;
    if marks.story {
        found = story::quotations(text, layout, &marks, marked, attributions);
    } else {
        let titles = title::titles(text, layout, marked);
        found = attributions
            .into_iter()
            .filter_map(|mut attribution| {
                let said = |piece: &Span| !title::holds(&titles, *piece);
                attribution.content.retain(said);
                attributed(text, &marks, attribution)
            })
            .collect();
        let contents = found.iter().flat_map(|q| q.content.iter().copied());
        let taken: Vec<Span> = contents.chain(titles).collect();
        found.extend(marked_only(text, layout, marked, &taken));
    }
    drop_repeated(&mut found);
    if !marks.story {
        join_continued(&mut found, marked);
    }
    drop_crossing(&mut found);
    drop_faint(&mut found);
    noun::cues(text, layout, &mut found);
    attitude::set_apart(text, layout, &mut found);
    found.sort_by_key(|q| q.content.first().map(|span| (span.start(), span.end())));
    found
}

/// Of quotations that were widened to the same words, keeps the first.
fn drop_repeated(found: &mut Vec<Quotation>) {
    let mut seen: BTreeSet<Vec<Span>> = BTreeSet::new();
    found.retain(|quotation| seen.insert(quotation.content.clone()));
}

/// Joins what is said in paragraphs that open again without closing, but for those with a cue of their own
/// (in PolNeAR's training portion 35 of 46 such paragraphs are one quotation with the one before).
fn join_continued(found: &mut Vec<Quotation>, marked: &[MarkedSpan]) {
    let mut holders: BTreeMap<Span, usize> = BTreeMap::new();
    for (index, quotation) in found.iter().enumerate() {
        holders.extend(quotation.content.iter().map(|&piece| (piece, index)));
    }
    let holder = |span: &MarkedSpan| {
        // The last piece that begins in the span.
        let piece = holders
            .range(Span::new(span.inner.start(), span.inner.start())..)
            .take_while(|(piece, _)| piece.start() < span.inner.end())
            .filter(|(piece, _)| span.outer.contains(**piece))
            .last();
        piece.map(|(_, &index)| index)
    };
    let mut heads: Vec<usize> = (0..found.len()).collect();
    for span in marked {
        let Some(before) = span.continues.and_then(|earlier| marked.get(earlier)) else {
            continue;
        };
        let (Some(earlier), Some(index)) = (holder(before), holder(span)) else {
            continue;
        };
        let earlier = heads[earlier];
        let own = !found[index].cue.is_empty() && found[index].cue != found[earlier].cue;
        if heads[index] == index && earlier < index && !own {
            heads[index] = earlier;
            let pieces = std::mem::take(&mut found[index].content);
            found[earlier].content.extend(pieces);
            found[earlier].content.sort_unstable();
        }
    }
    found.retain(|quotation| !quotation.content.is_empty());
}

/// Drops pieces that begin in another and end outside it: what the model reads there was widened
/// to the marks.
fn drop_crossing(found: &mut Vec<Quotation>) {
    let mut pieces: Vec<Span> = found
        .iter()
        .flat_map(|q| q.content.iter().copied())
        .collect();
    pieces.sort_unstable_by_key(|piece| (piece.start(), Reverse(piece.end())));
    let mut around: Vec<usize> = Vec::new();
    let mut crossing: BTreeSet<Span> = BTreeSet::new();
    for piece in pieces {
        while around.last().is_some_and(|&end| end <= piece.start()) {
            around.pop();
        }
        if around.last().is_some_and(|&end| end < piece.end()) {
            crossing.insert(piece);
        } else {
            around.push(piece.end());
        }
    }
    if !crossing.is_empty() {
        for quotation in found.iter_mut() {
            quotation.content.retain(|piece| !crossing.contains(piece));
        }
        found.retain(|quotation| !quotation.content.is_empty());
    }
}

/// Drops what the model reads without marks inside words in marks, unless it is sure: who speaks there
/// seldom quotes, and the model knows such words as all one quotation.
fn drop_faint(found: &mut Vec<Quotation>) {
    let mut direct: Vec<Span> = found
        .iter()
        .filter(|q| q.marked == Some(true) && q.kind == Some(Kind::Direct))
        .flat_map(|q| q.content.iter().copied())
        .collect();
    direct.sort_unstable_by_key(|words| (words.start(), Reverse(words.end())));
    // Only the outermost, so that their ends stand in order too.
    direct.dedup_by(|inner, outer| outer.contains(*inner));
    let inside = |piece: &Span| {
        let at = direct.partition_point(|words| words.end() < piece.end());
        direct.get(at).is_some_and(|words| words.contains(*piece))
    };
    found.retain(|q| {
        q.marked == Some(true) || q.confidence >= SURE || !q.content.iter().all(inside)
    });
}

pub(crate) fn attributed(
    text: &str,
    marks: &Marks<'_>,
    attribution: Attribution,
) -> Option<Quotation> {
    let mut content: Vec<Span> = Vec::with_capacity(attribution.content.len());
    for span in &attribution.content {
        let fitted = without_comma(text, marks.fitted(text, *span));
        // Two pieces of one marked span are one piece.
        if !fitted.is_empty() && content.last().is_none_or(|last| !last.overlaps(fitted)) {
            content.push(fitted);
        }
    }
    drop_between(&mut content, |piece| {
        marks.kind(&[piece], false) == (Kind::Direct, true)
    });
    let outside = |span: &Span| !content.iter().any(|c| c.overlaps(*span));
    // Who speaks by the typography itself speaks, whatever the model reads.
    let labelled = content.first().and_then(|&first| marks.labelled(first));
    let (cue, source) = match labelled {
        Some(span) => (span.sign(text), span.label),
        None => (attribution.cue, attribution.source),
    };
    let cue = cue.or_else(|| colon(text, source?, *content.first()?));
    let cue: Vec<Span> = cue.into_iter().filter(outside).collect();
    let source: Vec<Span> = source.into_iter().filter(outside).collect();
    if content.is_empty() {
        return None;
    }
    let (kind, marked) = marks.kind(&content, attribution.direct > 0.5);
    let mut quotation = blank(content, kind, marked, attribution.confidence);
    quotation.cue = cue;
    quotation.source = source;
    quotation.mode = Some(attribution.mode);
    Some(quotation)
}

/// Drops pieces without marks between two in marks: what interrupts direct speech tells of it (“…,” she said of
/// the ferry. “…”).
fn drop_between(content: &mut Vec<Span>, marked: impl Fn(Span) -> bool) {
    let direct: Vec<bool> = content.iter().map(|&piece| marked(piece)).collect();
    let between = |at: usize| {
        let three = at
            .checked_sub(1)
            .and_then(|before| direct.get(before..at + 2));
        three == Some(&[true, false, true])
    };
    let mut places = 0..;
    content.retain(|_| !places.next().is_some_and(between));
}

/// The colon that alone stands between a source and its words, as in headlines: `Poll: …`.
fn colon(text: &str, source: Span, content: Span) -> Option<Span> {
    let between = text.get(source.end()..content.start())?;
    let at = source.end() + between.find(':')?;
    let alone = between.chars().all(|c| !c.is_alphanumeric() && c != '\n');
    alone.then(|| Span::new(at, at + 1))
}

/// Quotations that only their marks show.
fn marked_only(
    text: &str,
    layout: &Layout,
    marked: &[MarkedSpan],
    taken: &[Span],
) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    // Which quotation each marked span went to, to go on with.
    let mut places: Vec<Option<usize>> = vec![None; marked.len()];
    let mut last: Option<(usize, Span)> = None;
    for (index, span) in marked.iter().enumerate() {
        let words = without_comma(text, span.inner);
        if span.nested || words.is_empty() || taken.iter().any(|t| t.overlaps(span.inner)) {
            continue;
        }
        let evidence = evidence(text, layout, span);
        if evidence.speech() < SPEECH {
            continue;
        }
        let continued = span.continues.and_then(|earlier| *places.get(earlier)?);
        let interrupted = last
            .filter(|(_, before)| interrupts(text, layout, *before, span.outer))
            .map(|(place, _)| place);
        let place = match continued.or(interrupted) {
            Some(place) => {
                found[place].content.push(words);
                place
            }
            None => {
                let mut quotation = blank(vec![words], Kind::Direct, true, evidence.speech());
                quotation.mode = Some(Mode::Speech);
                quotation.cue = shown_cue(text, span, &evidence).into_iter().collect();
                quotation.source = span.label.into_iter().collect();
                found.push(quotation);
                found.len() - 1
            }
        };
        places[index] = Some(place);
        last = Some((place, span.outer));
    }
    found
}

/// The cue that marks and words beside a marked span show.
pub(crate) fn shown_cue(text: &str, span: &MarkedSpan, evidence: &Evidence) -> Option<Span> {
    span.sign(text)
        .or(evidence.cue_after)
        .or(evidence.cue_before)
}

/// Whether the words between two marked spans only interrupt one quotation: “…,” she said, “…”.
fn interrupts(text: &str, layout: &Layout, before: Span, after: Span) -> bool {
    if after.start() < before.end() || after.start() - before.end() > INTERRUPTION {
        return false;
    }
    let between = Span::new(before.end(), after.start()).of(text).trim();
    let same = layout.paragraph_at(before.start()) == layout.paragraph_at(after.start());
    same && !between.is_empty() && between.ends_with([',', ';', '—', '–', '-'])
}

/// A content without the comma that only stands before its cue.
pub(crate) fn without_comma(text: &str, content: Span) -> Span {
    let words = content.of(text).trim_end_matches([',', ' ']);
    Span::new(content.start(), content.start() + words.len())
}

pub(crate) fn blank(content: Vec<Span>, kind: Kind, marked: bool, confidence: f32) -> Quotation {
    Quotation {
        id: String::new(),
        content,
        cue: Vec::new(),
        source: Vec::new(),
        kind: Some(kind),
        marked: Some(marked),
        mode: None,
        source_form: None,
        speaker: None,
        addressees: Vec::new(),
        reference: None,
        confidence,
        ok: true,
        optional: false,
        evidence: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, words: &str) -> Span {
        let start = text.find(words).expect("the words stand in the text");
        Span::new(start, start + words.len())
    }

    fn quotation(content: Span, marked: bool, confidence: f32) -> Quotation {
        let kind = if marked { Kind::Direct } else { Kind::Indirect };
        blank(vec![content], kind, marked, confidence)
    }

    #[test]
    fn a_colon_alone_behind_a_source_is_the_cue() {
        let text = "Poll: “Ferries Win” — Orla: as she said: no";
        let of = |source: &str, content: &str| {
            colon(text, span(text, source), span(text, content)).map(|cue| cue.start())
        };
        assert_eq!(of("Poll", "Ferries"), Some(4));
        assert_eq!(of("Orla", "no"), None);
        assert_eq!(of("Win", "Poll"), None, "the content stands before");
        assert_eq!(colon("Poll:\nno", Span::new(0, 4), Span::new(6, 8)), None);
    }

    #[test]
    fn what_interrupts_direct_speech_is_no_part_of_it() {
        let text = "“It rows,” she said of the ferry. “It never stops.”";
        let all = ["“It rows,”", "the ferry", "“It never stops.”"].map(|words| span(text, words));
        let direct = |piece: Span| piece.of(text).starts_with('“');
        let kept = |pieces: &[Span]| {
            let mut pieces = pieces.to_vec();
            drop_between(&mut pieces, direct);
            pieces.len()
        };
        assert_eq!(kept(&all), 2);
        assert_eq!(kept(&all[..2]), 2, "nothing in marks follows");
        assert_eq!(kept(&all[1..]), 2, "nothing in marks stands before");
    }

    fn attribution(content: Span) -> Attribution {
        Attribution {
            content: vec![content],
            cue: None,
            source: None,
            mode: Mode::Speech,
            direct: 1.0,
            confidence: 0.9,
        }
    }

    /// What is found in a text where the model reads some words as contents.
    fn read(text: &str, contents: &[&str]) -> Vec<String> {
        let layout = Layout::read(text);
        let marked = marked_speech(text, &layout);
        let attributions = contents.iter().map(|words| attribution(span(text, words)));
        merge(text, &layout, attributions.collect(), &marked)
            .iter()
            .map(|quotation| quotation.content[0].of(text).to_owned())
            .collect()
    }

    #[test]
    fn the_first_sentence_in_marks_stands_for_all_of_them() {
        let all = "What? The ferry rows at night, and nobody told the board of it?";
        let text = format!("Una asked: “{all}”");
        assert_eq!(read(&text, &["What?"]), [all]);
        assert_eq!(read(&text, &["nobody"]), ["nobody"], "no first sentence");
    }

    #[test]
    fn what_is_widened_to_the_same_words_is_one() {
        let all = "What? The ferry rows at night, and nobody told the board?";
        let news = format!("Una asked: “{all}”");
        let rest = "The ferry rows at night, and nobody told the board?";
        assert_eq!(read(&news, &["What?", rest]), [all]);
        let line = format!("“Zoë said, ‘{all}’ and she left us there,” said Una.\n\n");
        let story = line.clone() + &"“Aye,” said Zoë.\n\n".repeat(20);
        let layout = Layout::read(&story);
        let marked = marked_speech(&story, &layout);
        assert!(Marks::new(&story, &layout, &marked).story);
        let inside = |words: &str| Attribution {
            source: Some(span(&story, "Zoë")),
            ..attribution(span(&story, words))
        };
        let found = merge(
            &story,
            &layout,
            vec![inside("What?"), inside(rest)],
            &marked,
        );
        let same = |q: &&Quotation| q.content[0].of(&story) == all;
        assert_eq!(found.iter().filter(same).count(), 1);
    }

    #[test]
    fn only_sure_words_are_quoted_without_marks_inside_marks() {
        let text = "“He is proud of his work, I think.” She left it.";
        let all = quotation(span(text, "He is proud of his work, I think."), true, 0.9);
        let inner = |confidence| quotation(span(text, "his work"), false, confidence);
        let outer = quotation(span(text, "it"), false, 0.1);
        let kept = |inner: Quotation| {
            let mut found = vec![all.clone(), inner, outer.clone()];
            drop_faint(&mut found);
            found.len()
        };
        assert_eq!(kept(inner(0.4)), 2);
        assert_eq!(kept(inner(0.6)), 3);
    }

    #[test]
    fn paragraphs_that_open_again_are_joined() {
        let text = "Una said: “We row.\n\n“It is late.\n\n“Go.”";
        let layout = Layout::read(text);
        let marked = marked_speech(text, &layout);
        let piece = |words: &str| quotation(span(text, words), true, 0.9);
        let mut first = piece("We row.");
        first.cue = vec![span(text, "said")];
        let joined = |last: Quotation| {
            let mut found = vec![first.clone(), piece("It is late."), last];
            join_continued(&mut found, &marked);
            found.iter().map(|q| q.content.len()).collect::<Vec<_>>()
        };
        assert_eq!(joined(piece("Go.")), [3]);
        let mut own = piece("Go.");
        own.cue = vec![span(text, "Una")];
        assert_eq!(joined(own), [2, 1], "it has a cue of its own");
    }
}
