//! Brings what the marks show and what the model reads together: one list of quotations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use dixit_document::{Kind, Mode, Quotation, Span};
use dixit_encoder::{Model, Reading};
use dixit_tokenize::Layout;

use crate::attitude;
use crate::attribution::{Attribution, attributions};
use crate::marks::{Evidence, MarkedSpan, evidence, marked_speech};
use crate::noun;
use crate::story;
use crate::title;

/// A content inside marks is widened to the marks where it fills this part of them.
pub(crate) const FILLS: f32 = 0.5;

/// Marked words that the model attributes to nobody are a quotation from this evidence on.
pub(crate) const SPEECH: f32 = 0.7;

/// The least confidence of what is quoted without marks inside words in marks.
const SURE: f32 = 0.5;

/// The least number of paragraphs that begin with marks in a story.
const SPOKEN: usize = 20;

/// The same where every sentence is a line: the least number of marked spans that are speech.
const LINES: usize = 5;

/// Two marked spans of a paragraph are one interrupted quotation where the words between them
/// are at most this many bytes.
const INTERRUPTION: usize = 80;

/// The quotations of a document, without their speakers, in text order.
#[must_use]
pub fn quotations(model: &Model, reading: &Reading, text: &str, layout: &Layout) -> Vec<Quotation> {
    let marked = marked_speech(text, layout);
    merge(text, layout, attributions(model, reading, layout), &marked)
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

/// The outermost marked spans, in text order.
pub(crate) struct Marks<'a> {
    spans: Vec<&'a MarkedSpan>,
    /// Whether the text is a story in dialogues: paragraph after paragraph begins with marks.
    /// There marked words are one person’s at one time, whatever the model reads in them.
    story: bool,
}

impl<'a> Marks<'a> {
    /// The marked spans inside others: what the words in marks quote in their turn.
    pub(crate) fn nested(marked: &'a [MarkedSpan]) -> Self {
        let mut reach = 0;
        let spans = marked.iter().filter(|span| span.nested);
        Self {
            // Those of one level, so that they stand in order.
            spans: spans
                .filter(|span| {
                    let apart = span.outer.start() >= reach;
                    reach = reach.max(span.outer.end());
                    apart
                })
                .collect(),
            story: false,
        }
    }

    pub(crate) fn new(text: &str, layout: &Layout, marked: &'a [MarkedSpan]) -> Self {
        let spans: Vec<&MarkedSpan> = marked.iter().filter(|span| !span.nested).collect();
        let opening = layout.paragraphs.iter().filter(|paragraph| {
            let at = spans.partition_point(|span| span.outer.start() < paragraph.start());
            spans
                .get(at)
                .is_some_and(|span| span.outer.start() == paragraph.start())
        });
        let spoken = opening.count();
        Self {
            story: spoken >= SPOKEN && spoken * 5 > layout.paragraphs.len()
                || layout.is_sentence_a_line(text) && speeches(text, layout, &spans) >= LINES,
            spans,
        }
    }

    fn touching(&self, span: Span) -> impl Iterator<Item = &'a MarkedSpan> + '_ {
        let first = self
            .spans
            .partition_point(|m| m.outer.end() <= span.start());
        self.spans
            .iter()
            .skip(first)
            .take_while(move |m| m.outer.start() < span.end())
            .copied()
    }

    /// The marked span with a label that a content fills, if any.
    fn labelled(&self, content: Span) -> Option<&'a MarkedSpan> {
        self.touching(content).find(|mark| {
            let shared = mark.outer.overlap(content) as f32;
            mark.label.is_some()
                && shared >= FILLS * content.len() as f32
                && shared >= FILLS * mark.inner.len() as f32
        })
    }

    /// A content with its edges put right where they stand at or beside marks.
    fn fitted(&self, text: &str, content: Span) -> Span {
        let (mut start, mut end) = (content.start(), content.end());
        for mark in self.touching(content) {
            let inside = mark.outer.contains(content);
            let fills = content.overlap(mark.inner) as f32 >= FILLS * mark.inner.len() as f32;
            // The first sentence in marks stands for all of them; where the typography names who speaks,
            // any first words do.
            let first = mark.label.is_some() && begins(mark, content);
            if inside && (fills || first || opens(text, mark, content)) {
                return mark.inner;
            }
            // A content that is nothing but the marked words and punctuation around them.
            let rest = [
                Span::new(start, mark.outer.start().max(start)),
                Span::new(mark.outer.end().min(end), end),
            ];
            if !inside
                && rest
                    .iter()
                    .all(|r| !r.of(text).contains(char::is_alphanumeric))
            {
                (start, end) = (mark.inner.start(), mark.inner.end());
            }
        }
        Span::new(start, end)
    }

    /// Whether some spans stand in marks, but for a twentieth.
    fn cover(&self, content: &[Span]) -> bool {
        let total: usize = content.iter().map(|span| span.len()).sum();
        self.covered(content) * 20 >= total * 19
    }

    /// How many bytes of some spans stand in marks.
    pub(crate) fn covered(&self, content: &[Span]) -> usize {
        let of = |span: &Span| {
            self.touching(*span)
                .map(|m| m.outer.overlap(*span))
                .sum::<usize>()
        };
        content.iter().map(of).sum()
    }
}

/// Whether a content stands at the beginning of marked words.
fn begins(mark: &MarkedSpan, content: Span) -> bool {
    content.start() <= mark.inner.start() + 1
}

/// Whether a content is the first sentence of marked words, of which the rest then is said too.
pub(crate) fn opens(text: &str, mark: &MarkedSpan, content: Span) -> bool {
    begins(mark, content)
        && mark.closed
        && text
            .get(content.start()..content.end() + 1)
            .or_else(|| text.get(content.range()))
            .is_some_and(|words| {
                words
                    .trim_end()
                    .ends_with(['.', '!', '?', ',', ';', '—', '-'])
            })
}

/// How many marked spans look like speech, as far as it matters.
fn speeches(text: &str, layout: &Layout, spans: &[&MarkedSpan]) -> usize {
    spans
        .iter()
        .filter(|span| evidence(text, layout, span).speech() >= SPEECH)
        .take(LINES)
        .count()
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
    drop_between(&mut content, |piece| marks.cover(&[piece]));
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
    let covered = marks.covered(&content);
    let (kind, marked) = if content.is_empty() {
        return None;
    } else if marks.cover(&content) {
        (Kind::Direct, true)
    } else if covered > 0 {
        (Kind::Mixed, true)
    } else if attribution.direct > 0.5 {
        (Kind::Direct, false)
    } else {
        (Kind::Indirect, false)
    };
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
    let mut places = 0..direct.len();
    content.retain(|_| {
        let at = places.next().unwrap_or(0);
        let beside = |other: Option<usize>| other.and_then(|at| direct.get(at)) == Some(&true);
        direct[at] || !(beside(at.checked_sub(1)) && beside(Some(at + 1)))
    });
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
