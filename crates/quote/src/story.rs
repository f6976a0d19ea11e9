//! Stories: paragraph after paragraph of dialogue, where the marks tell what is said, and the
//! model who says it.

use dixit_document::{Kind, Mode, Quotation, Span};
use dixit_tokenize::{Layout, TokenKind};

use crate::aside;
use crate::attribution::Attribution;
use crate::in_marks::Marks;
use crate::marks::MarkedSpan;
use crate::merge::{attributed, blank, shown_cue, without_comma};
use crate::over::first_over;
use crate::spoken::{Contents, Spoken, retold, spoken};
use crate::written;

/// How long something told, in bytes, that says who spoke has to be to lead up to other words too.
const LEADS: usize = 80;

/// The quotations of a story, in any order.
pub(crate) fn quotations(
    text: &str,
    layout: &Layout,
    marks: &Marks<'_>,
    marked: &[MarkedSpan],
    attributions: Vec<Attribution>,
) -> Vec<Quotation> {
    let contents = Contents::of(&attributions);
    let spoken = spoken(text, layout, marked, &contents);
    let whole: Vec<Span> = spoken.iter().map(|spoken| spoken.span.inner).collect();
    let retold = retold(text, layout, marked, &whole, &contents);
    let others: Vec<Span> = retold.iter().map(|spoken| spoken.span.outer).collect();
    let nested = Marks::nested(marked);
    let mut found = joined(text, layout, &spoken, &attributions, &others);
    found.extend(joined(text, layout, &retold, &attributions, &[]));
    for attribution in attributions {
        match place(&whole, &others, &attribution) {
            Place::Apart => found.extend(attributed(text, marks, attribution)),
            Place::Inside => {
                found.extend(attributed(text, &nested, attribution));
            }
            Place::Taken => {}
        }
    }
    found
}

/// Marked words that go together: those of a paragraph that only “said she” interrupts. A tale that
/// goes on over paragraphs, each of which opens marks again, is a quotation for each, so that
/// readers find their way in it.
fn joined(
    text: &str,
    layout: &Layout,
    spoken: &[Spoken<'_>],
    attributions: &[Attribution],
    others: &[Span],
) -> Vec<Quotation> {
    // Where each sentence is a line, nothing tells what a paragraph is.
    let apart = layout.is_sentence_a_line(text);
    let mut found: Vec<Quotation> = Vec::new();
    let mut last: Option<&Spoken<'_>> = None;
    for this in spoken {
        let words = without_comma(text, this.span.inner);
        if words.is_empty() {
            continue;
        }
        let goes_on = last.is_some_and(|last| match apart {
            true => this.span.continues == Some(last.index),
            false => goes_on(text, layout, last, this, attributions),
        });
        let opens = !goes_on || found.is_empty();
        let taken_up =
            this.span.continues.is_some() && this.span.continues == last.map(|last| last.index);
        let before = found.last().and_then(|quotation| quotation.mode);
        if opens {
            // Blanks that stand for lost marks mark nothing any more.
            let marked = this.span.outer != this.span.inner || !this.span.nested;
            let mut quotation = blank(Vec::new(), Kind::Direct, marked, this.evidence.speech());
            quotation.source = this.span.label.into_iter().collect();
            quotation.cue = shown_cue(text, this.span, &this.evidence)
                .into_iter()
                .collect();
            found.push(quotation);
        }
        let Some(quotation) = found.last_mut() else {
            continue;
        };
        let own = aside::without(text, words, others);
        quotation.content.extend(own);
        let mut thought = false;
        if let Some(one) = this.attribution.and_then(|index| attributions.get(index)) {
            quotation.confidence = quotation.confidence.max(one.confidence);
            if quotation.source.is_empty() {
                thought = one.mode == Mode::Thought;
                quotation.source = one.source.into_iter().collect();
                if one.cue.is_some() {
                    quotation.cue = one.cue.into_iter().collect();
                }
            }
        }
        if opens {
            let cue = quotation.cue.first().copied();
            let unsaid = written::mode(text, layout, this.span, cue);
            let before = before.filter(|&mode| taken_up && mode != Mode::Thought);
            quotation.mode = unsaid.or(before).or(Some(Mode::Speech));
        }
        if thought && quotation.mode == Some(Mode::Speech) {
            quotation.mode = Some(Mode::Thought);
        }
        last = Some(this);
    }
    for quotation in &mut found {
        let content = &quotation.content;
        let outside = |span: &Span| !content.iter().any(|c| c.overlaps(*span));
        quotation.cue.retain(outside);
        quotation.source.retain(outside);
    }
    found.retain(|quotation| !quotation.content.is_empty());
    found
}

/// Whether marked words take up those before them in their paragraph.
///
/// A clause that says who spoke stands in the midst of speech (“I’ll row,” said Una. “You steer.”);
/// what anybody does meanwhile begins afresh (“Row!” Una stood up. “The weir!”), and so do words
/// with a clause or an introduction of their own.
fn goes_on(
    text: &str,
    layout: &Layout,
    last: &Spoken<'_>,
    this: &Spoken<'_>,
    attributions: &[Attribution],
) -> bool {
    let (before, after) = (last.span.outer, this.span.outer);
    let paragraph = |span: Span| layout.paragraph_at(span.start());
    if paragraph(before) != paragraph(after) || after.start() < before.end() {
        return false;
    }
    let gap = Span::new(before.end(), after.start());
    let between = gap.of(text).trim();
    let Some(end) = between.chars().next_back() else {
        return false;
    };
    let sentences = layout
        .tokens_in(gap)
        .iter()
        .filter(|token| token.kind == TokenKind::Punctuation)
        .filter(|token| token.span.of(text).ends_with(['.', '!', '?']))
        .count();
    let opening = this.span.inner.of(text);
    let clause = last.evidence.clause_after.is_some();
    if end == ':' {
        let small = opening
            .trim_start_matches(['_', '-', '—', '–'])
            .starts_with(char::is_lowercase);
        return clause && small && sentences == 0;
    }
    let ends = matches!(end, '.' | '!' | '?');
    if opening.starts_with(['-', '—', '–']) {
        return !ends;
    }
    if ends && this.evidence.clause_after.is_some() {
        return false;
    }
    // What leads up to these words alone: “Go,” said Una. And Zoë added “Now.”
    let introduced = this.evidence.cue_before.is_some_and(|cue| {
        let after = last.evidence.cue_after.filter(|&after| after != cue);
        let other = after.is_some_and(|after| {
            gap.len() > LEADS || is_somebody_else(text.get(after.end()..cue.start()).unwrap_or(""))
        });
        gap.contains(cue) && (sentences > 0 || other)
    });
    if introduced {
        return false;
    }
    let read = last
        .attribution
        .and_then(|index| attributions.get(index)?.cue)
        .is_some_and(|cue| gap.contains(cue));
    if clause || end != ',' && (read || last.evidence.cue_after.is_some()) {
        return sentences < 3;
    }
    last.span.inner.of(text).ends_with([',', ';']) && sentences < 2
}

/// Whether the words between two verbs have another subject: “…,” said Una, and Zoë answered, “…”.
fn is_somebody_else(between: &str) -> bool {
    let words: Vec<&str> = between.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let subject = pair[1].starts_with(char::is_uppercase)
            || matches!(pair[1], "the" | "a" | "an" | "he" | "she" | "they" | "it");
        matches!(pair[0], "and" | "but" | "that" | "while" | "when") && subject
    })
}

/// Where an attribution lies, seen from the words that marks show to be said.
enum Place {
    /// Elsewhere.
    Apart,
    /// In them, and they say whose words those are: the marks around are not its own.
    Inside,
    /// It is they, or runs into them.
    Taken,
}

fn place(whole: &[Span], others: &[Span], attribution: &Attribution) -> Place {
    let mut contents = attribution.content.iter();
    if contents.any(|&content| first_over(others, content).is_some()) {
        return Place::Taken;
    }
    let touched: Vec<Span> = attribution
        .content
        .iter()
        .filter_map(|&content| first_over(whole, content))
        .collect();
    match touched.as_slice() {
        [] => Place::Apart,
        [first, ..] => {
            let inside = attribution
                .content
                .iter()
                .chain(&attribution.source)
                .all(|&span| first.contains(span));
            if inside && attribution.source.is_some() {
                Place::Inside
            } else {
                Place::Taken
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::marked_speech;

    /// The contents that are found where the model reads `contents`, each with a source or none.
    fn found(text: &str, contents: &[(&str, Option<&str>)]) -> Vec<Vec<String>> {
        let layout = Layout::read(text);
        let marked = marked_speech(text, &layout);
        let at = |words: &str| {
            let start = text.find(words).expect("it stands in the text");
            Span::new(start, start + words.len())
        };
        let attributions = contents
            .iter()
            .map(|&(content, source)| Attribution {
                content: vec![at(content)],
                cue: None,
                source: source.map(at),
                mode: Mode::Speech,
                direct: 1.0,
                confidence: 0.9,
            })
            .collect();
        let marks = Marks::new(text, &layout, &marked);
        let mut found = quotations(text, &layout, &marks, &marked, attributions);
        found.sort_by_key(|quotation| quotation.content.clone());
        found
            .iter()
            .map(|quotation| {
                let words = quotation.content.iter().map(|span| span.of(text));
                words.map(str::to_owned).collect()
            })
            .collect()
    }

    #[test]
    fn marked_words_of_a_paragraph_are_one_quotation() {
        let text =
            "“I’ll row,” said Una. “You steer, Zoë — and mind the weir!”\n\n“Aye,” she said.";
        assert_eq!(
            found(text, &[("I’ll row", Some("Una")), ("mind the weir", None)]),
            [
                vec!["I’ll row", "You steer, Zoë — and mind the weir!"],
                vec!["Aye"]
            ]
        );
    }

    #[test]
    fn what_anybody_does_meanwhile_parts_quotations() {
        let text = "“Row!” Una stood up. “The weir!”\n\n“I can’t,” said Zoë. She wept. “Help me.”\n\n\
            “Aye,” said Una: “both hands.” Then she called: “Emil!”";
        assert_eq!(
            found(text, &[("I can’t", Some("Zoë"))]),
            [
                vec!["Row!"],
                vec!["The weir!"],
                vec!["I can’t", "Help me."],
                vec!["Aye", "both hands."],
                vec!["Emil!"]
            ]
        );
    }

    #[test]
    fn words_that_something_leads_up_to_are_another_quotation() {
        let text = "“Is it far?” asked Una. And Zoë said “Not very.”\n\n\
            “Good,” said Una, who had walked all day through wind and rain and snow, and she cried out, “Émile!”";
        assert_eq!(
            found(text, &[("Is it far?", Some("Una"))]),
            [
                vec!["Is it far?"],
                vec!["Not very."],
                vec!["Good"],
                vec!["Émile!"]
            ]
        );
    }

    #[test]
    fn somebody_else_who_answers_is_another() {
        let text = "“Row!” cried Una; but the ferryman answered, “Not I.”\n\n\
            “I will,” said Zoë, and added: “it’s late.”\n\n“Émile!” said Una.";
        assert_eq!(
            found(text, &[("Row!", Some("Una"))]),
            [
                vec!["Row!"],
                vec!["Not I."],
                vec!["I will", "it’s late."],
                vec!["Émile!"]
            ]
        );
    }

    #[test]
    fn words_with_a_clause_of_their_own_are_another_quotation() {
        let text = "“Is it far?” asked Una. “Not very,” said Zoë.\n\n“Good,” said Una.";
        assert_eq!(
            found(text, &[("Is it far?", Some("Una"))]),
            [vec!["Is it far?"], vec!["Not very"], vec!["Good"]]
        );
    }

    #[test]
    fn what_is_reported_in_marked_words_stays() {
        let text = "“Emil says the weir is open. I believe him,” said Una.";
        assert_eq!(
            found(text, &[("the weir is open", Some("Emil"))]),
            [
                vec!["Emil says the weir is open. I believe him"],
                vec!["the weir is open"]
            ]
        );
    }

    #[test]
    fn what_a_teller_repeats_of_others_is_theirs() {
        let text = "“I called to Emil, ‘Row!’ and he answered, ‘Not I,’ and slept,” said Una.\n\n“‘Why?’ said I.”\n\n\
            “You should say ‘please,’” said Zoë.";
        assert_eq!(
            found(text, &[("I called to Emil", Some("Una"))]),
            [
                vec!["I called to Emil,", "and he answered,", "and slept"],
                vec!["Row!"],
                vec!["Not I"],
                vec!["Why?"],
                vec!["said I."],
                vec!["You should say ‘please,’"],
            ]
        );
    }

    #[test]
    fn what_others_say_in_a_tale_goes_on_over_paragraphs_and_lost_marks() {
        let preface = "She doesn t row. ".repeat(20);
        let text = preface
            + "\n\n\" Who rows?  said I.\n\n\" We do, and nobody else does. \n\n\" So be it,  I told them.\"";
        assert_eq!(
            found(&text, &[]),
            [
                vec!["Who rows?"],
                vec!["said I."],
                vec!["We do, and nobody else does."],
                vec!["So be it"],
                vec!["I told them."],
            ]
        );
    }

    #[test]
    fn asides_are_no_part_of_speech() {
        let text = "“I row (laughing) alone,” said Una. “You (if you may) do not.”";
        assert_eq!(
            found(text, &[]),
            [vec!["I row", "alone", "You (if you may) do not."]]
        );
    }

    #[test]
    fn where_sentences_are_lines_marks_part_quotations() {
        let text = "“ I will row , ” said Una .\n“ You steer , Zoë .\nMind the weir ! ”\n\
            They went down the river , past the mill , past the bridge .\nIt was late .\n\
            Una sang , and Zoë slept .\n“ Aye , ” said Una , “ here we are . ”\nThey stopped .\n\
            Nobody came .\n";
        assert_eq!(
            found(
                text,
                &[("I will row", Some("Una")), ("Mind the weir", None)]
            ),
            [
                vec!["I will row"],
                vec!["You steer , Zoë .\nMind the weir !"],
                vec!["Aye"],
                vec!["here we are ."]
            ]
        );
    }
}
