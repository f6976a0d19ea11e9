//! The way from names and quotations to speakers.

use std::borrow::Cow;
use std::collections::HashMap;

use dixit_document::{
    Entity, EntityType, Form, Mention, NamedEntity, Quotation, Reference, Rule, Span,
};
use dixit_tokenize::Layout;

use crate::addressees::addressees;
use crate::aliases;
use crate::beside::{self, Bond};
use crate::cast::{Cast, Draft};
use crate::decide::{Decider, Decision};
use crate::describe;
use crate::dialogue;
use crate::given;
use crate::lexicon::lexicon;
use crate::lines;
use crate::members;
use crate::mentions::{self, Expression, Place, What};
use crate::names::Name;
use crate::narrator;
use crate::output;
use crate::pronouns::Pronoun;
use crate::scene;
use crate::source::{self, Head};
use crate::words::lower;

/// Entities with their mentions, and quotations with their speakers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linked {
    /// Names, descriptions and pronouns with the entities they refer to, in text order.
    pub mentions: Vec<Mention>,
    /// The entities, in the order in which the text mentions them.
    pub entities: Vec<Entity>,
    /// The quotations as they were given, with speaker, addressees, form of the source, reference
    /// and evidence.
    pub quotations: Vec<Quotation>,
}

/// Finds out who said each quotation.
///
/// `names` are the named entities of the text in text order. Of the quotations, their content,
/// cue, source, kind and marking are read; speaker, addressees, form of the source and reference
/// are filled in, and the confidence is lowered by how doubtful the speaker is.
#[must_use]
pub fn link(
    text: &str,
    layout: &Layout,
    names: &[NamedEntity],
    mut quotations: Vec<Quotation>,
) -> Linked {
    let layout = prepared(text, layout, &mut quotations);
    finish(of_text(text, &layout, names, &quotations), None)
}

/// Everything that the decision rests on where the cast is found.
pub(crate) fn of_text<'t>(
    text: &'t str,
    layout: &'t Layout,
    names: &[NamedEntity],
    quotations: &'t [Quotation],
) -> Decider<'t> {
    let bearers = Bearers::found(text, layout, names, quotations);
    decider(text, layout, bearers, quotations)
}

/// Leaves to the quotations what the decision may rest on; the layout that it goes by.
pub(crate) fn prepared<'l>(
    text: &str,
    layout: &'l Layout,
    quotations: &mut [Quotation],
) -> Cow<'l, Layout> {
    story(text, layout, quotations);
    lines::grouped(text, layout, quotations).map_or(Cow::Borrowed(layout), Cow::Owned)
}

/// What stands beside speech in a story is read by rules that know stories, not by the model that
/// gave sources and cues; elsewhere only where its source stands in an earlier paragraph, though
/// words behind the speech say whose it is.
fn story(text: &str, layout: &Layout, quotations: &mut [Quotation]) {
    let story = dialogue::is_story(text, layout, quotations);
    let spoken = quotations
        .iter_mut()
        .filter(|quotation| quotation.marked == Some(true) && scene::is_direct(quotation));
    for quotation in spoken {
        if (story || is_passed_over(text, layout, quotation))
            && !is_owner(text, quotation)
            && !is_labelled(text, quotation)
        {
            quotation.source.clear();
            quotation.cue.clear();
        }
    }
}

/// Whether the source owns what the words are said to be: “…” was his answer.
fn is_owner(text: &str, quotation: &Quotation) -> bool {
    let (Some(content), Some(source)) = (quotation.content.last(), quotation.source.first()) else {
        return false;
    };
    let between = text.get(content.end()..source.start()).unwrap_or("");
    let verb = between.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(verb, "was" | "is" | "were" | "came")
}

/// Whether a colon or a dash is all that joins the words to whose they are: `NAME: …`, `“…” — Name`.
fn is_labelled(text: &str, quotation: &Quotation) -> bool {
    let sign = |cue: &Span| !cue.of(text).contains(char::is_alphanumeric);
    !quotation.cue.is_empty() && quotation.cue.iter().all(sign)
}

/// Whether a source stands in an earlier paragraph and a verb of speech right behind the words.
fn is_passed_over(text: &str, layout: &Layout, quotation: &Quotation) -> bool {
    let Some(last) = quotation.content.last() else {
        return false;
    };
    let place = layout.paragraph_at(last.start());
    let Some(paragraph) = place.and_then(|place| layout.paragraphs.get(place)) else {
        return false;
    };
    let earlier = |span: &Span| layout.paragraph_at(span.start()) < place;
    let behind = text.get(last.end()..paragraph.end()).unwrap_or("");
    let mut words = behind
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(2);
    !quotation.source.is_empty()
        && quotation.source.iter().all(earlier)
        && words.any(|word| lexicon().is_speech_verb(&lower(word)))
}

/// Finds out who of a given cast said each quotation.
///
/// As [`link`], but only members of `cast` speak, and the entities that come back are the cast,
/// in its order. Of the cast, names, aliases, types and genders are read.
#[must_use]
pub fn link_cast(
    text: &str,
    layout: &Layout,
    names: &[NamedEntity],
    mut quotations: Vec<Quotation>,
    cast: &[Entity],
) -> Linked {
    if !dialogue::is_story(text, layout, &quotations) && dialogue::has_sources(&quotations) {
        let mut bearers = Bearers::found(text, layout, names, &quotations);
        members::genders(text, &mut bearers.cast.drafts, cast);
        let linked = finish(decider(text, layout, bearers, &quotations), None);
        return members::settle(text, linked, cast);
    }
    let layout = prepared(text, layout, &mut quotations);
    finish(of_cast(text, &layout, names, &quotations, cast), Some(cast))
}

/// Everything that the decision among a cast rests on.
pub(crate) fn of_cast<'t>(
    text: &'t str,
    layout: &'t Layout,
    names: &[NamedEntity],
    quotations: &'t [Quotation],
    cast: &[Entity],
) -> Decider<'t> {
    let bearers = Bearers::given(text, layout, names, quotations, cast);
    decider(text, layout, bearers, quotations)
}

/// The names of a text and whose they are.
struct Bearers {
    names: Vec<Name>,
    /// For each name its draft.
    bearers: Vec<usize>,
    cast: Cast,
    /// How many drafts, the first ones, are a cast that was given.
    given: usize,
}

impl Bearers {
    fn found(text: &str, layout: &Layout, names: &[NamedEntity], quotations: &[Quotation]) -> Self {
        let names: Vec<Name> = with_missed_names(text, layout, names, quotations)
            .iter()
            .filter_map(|named| Name::read(text, layout, named))
            .collect();
        let story = dialogue::is_story(text, layout, quotations);
        let (cast, bearers) = aliases::cluster(&names, text, layout, story);
        Self {
            names,
            bearers,
            cast,
            given: 0,
        }
    }

    /// The members of the cast by their own names, everybody else as found.
    fn given(
        text: &str,
        layout: &Layout,
        names: &[NamedEntity],
        quotations: &[Quotation],
        cast: &[Entity],
    ) -> Self {
        let members = given::named(text, layout, cast);
        let others: Vec<NamedEntity> = with_missed_names(text, layout, names, quotations)
            .into_iter()
            .filter(|other| {
                let at = members.partition_point(|m| m.name.span.end() <= other.span.start());
                !members
                    .get(at)
                    .is_some_and(|member| member.name.span.overlaps(other.span))
            })
            .collect();
        let mut found = Self::found(text, layout, &others, &[]);
        let given = cast.len();
        for bearer in &mut found.bearers {
            *bearer += given;
        }
        let mut drafts = given::drafts(cast);
        drafts.append(&mut found.cast.drafts);
        let mut all: Vec<(Name, usize)> = found.names.into_iter().zip(found.bearers).collect();
        for member in &members {
            let Some(name) = Name::read(text, layout, &member.name) else {
                continue;
            };
            if let Some(draft) = drafts.get_mut(member.bearer) {
                draft.names.push(name.span);
                draft.gender = draft.gender.or(name.gender);
            }
            all.push((name, member.bearer));
        }
        all.sort_by_key(|(name, _)| (name.span.start(), name.span.end()));
        let (names, bearers) = all.into_iter().unzip();
        Self {
            names,
            bearers,
            cast: Cast { drafts },
            given,
        }
    }
}

/// Everything of a text that a decision rests on, with every expression resolved.
fn decider<'t>(
    text: &'t str,
    layout: &'t Layout,
    bearers: Bearers,
    quotations: &'t [Quotation],
) -> Decider<'t> {
    let Bearers {
        names,
        bearers,
        mut cast,
        given,
    } = bearers;
    for (name, &bearer) in names.iter().zip(&bearers) {
        let Some(draft) = cast.get_mut(bearer) else {
            continue;
        };
        let beside = describe::beside(text, layout, name);
        draft.aliases.extend(beside.titled);
        for phrase in beside.descriptions {
            draft.describe(phrase);
        }
    }
    let heads: Vec<Head> = quotations
        .iter()
        .map(|quotation| {
            let words = source::source_words(text, layout, &quotation.source);
            source::head(&words, &names)
        })
        .collect();
    let mut expressions = mentions::expressions(text, layout, &names, quotations, &heads);
    let beside = beside::sources(text, layout, &expressions, quotations);
    for (&quotation, found) in &beside {
        if found.bond == Bond::Verb
            && let Some(expression) = expressions.get_mut(found.expression)
        {
            expression.source = Some(
                expression
                    .source
                    .map_or(quotation, |old| old.min(quotation)),
            );
            expression.place = Place::Subject;
        }
    }
    let narrator = narrates(&expressions).then(|| {
        let members = cast.drafts.get(..given).unwrap_or(&[]);
        let known = match given {
            0 => narrator::found(text, &names, &bearers, quotations, &cast.drafts),
            _ => narrator::of_cast(&names, &bearers, quotations, members),
        };
        known.unwrap_or_else(|| {
            cast.add(Draft {
                kind: Some(EntityType::Person),
                label: Some("narrator"),
                ..Draft::default()
            })
        })
    });
    let mut decider = Decider {
        text,
        layout,
        names,
        bearers,
        quotations,
        heads,
        expressions,
        resolved: Vec::new(),
        reasons: HashMap::new(),
        cast,
        given,
        told: scene::told(&layout.sentences, quotations),
        weights: match dialogue::is_story(text, layout, quotations) {
            true => &scene::STORY,
            false => &scene::NEWS,
        },
        beside,
        narrator,
    };
    decider.expressions();
    decider
}

/// Decides, and writes down what was decided.
fn finish(mut decider: Decider<'_>, cast: Option<&[Entity]>) -> Linked {
    let decisions = dialogue::decide(&mut decider);
    let speakers: Vec<Option<usize>> = decisions.iter().map(|decision| decision.draft).collect();
    let addressees = match dialogue::talks(&decider) {
        true => addressees(&decider, &speakers),
        false => Vec::new(),
    };
    // Whoever takes turns in a dialogue is somebody, whatever a name looked like.
    for decision in decisions.iter().filter(|_| cast.is_none()) {
        if decision.evidence.rule == Rule::Weighed
            && let Some(draft) = decision.draft.and_then(|draft| decider.cast.get_mut(draft))
            && !draft.plural
        {
            draft.kind = Some(EntityType::Person);
        }
    }
    let (entities, places) = match cast {
        Some(cast) => output::cast(cast),
        None => output::entities(&decider, &speakers),
    };
    let mentions = output::mentions(&decider, &places);
    let mut quotations = decider.quotations.to_vec();
    for (index, quotation) in quotations.iter_mut().enumerate() {
        let speaker = speakers
            .get(index)
            .copied()
            .flatten()
            .and_then(|draft| places.get(&draft).copied());
        quotation.speaker = speaker;
        quotation.addressees = addressees
            .get(index)
            .into_iter()
            .flatten()
            .filter_map(|draft| places.get(draft).copied())
            .collect();
        quotation.source_form = decider.heads.get(index).and_then(output::form);
        // A source that was found beside the quotation belongs to it from now on.
        if let Some(found) = decider.beside.get(&index)
            && found.bond == Bond::Verb
            && quotation.source.is_empty()
            && let Some(expression) = decider.expressions.get(found.expression)
        {
            quotation.source = vec![expression.span];
            quotation.source_form = Some(output::form_of(&expression.what));
            if quotation.cue.is_empty() {
                quotation.cue = found.cue.into_iter().collect();
            }
        }
        quotation.reference = Some(reference(quotation.source_form));
        if let Some(Decision { evidence, .. }) = decisions.get(index) {
            quotation.confidence *= evidence.confidence();
            quotation.evidence = Some(evidence.told(speaker, &places));
        }
    }
    Linked {
        mentions,
        entities,
        quotations,
    }
}

/// Whether a narrator says “I”: often, and as the subject of verbs of speaking.
fn narrates(expressions: &[Expression]) -> bool {
    let told = expressions
        .iter()
        .filter(|expression| expression.quoted.is_none());
    let (mut own, mut said, mut all) = (0_usize, 0_usize, 0_usize);
    for expression in told {
        all += 1;
        if expression.what == What::Pronoun(Pronoun::I) {
            own += 1;
            said += usize::from(expression.source.is_some());
        }
    }
    said >= 2 && own * 20 > all
}

fn reference(form: Option<Form>) -> Reference {
    match form {
        Some(Form::Name) => Reference::Explicit,
        Some(Form::Pronoun | Form::Nominal) => Reference::Anaphoric,
        None => Reference::Implicit,
    }
}

/// The names of the model, and those at the head of sources that it missed.
fn with_missed_names(
    text: &str,
    layout: &Layout,
    names: &[NamedEntity],
    quotations: &[Quotation],
) -> Vec<NamedEntity> {
    let mut all = names.to_vec();
    for quotation in quotations {
        if let Some(name) = source::missed_name(text, layout, &quotation.source, &all) {
            all.push(name);
        }
    }
    all.sort_by_key(|named| (named.span.start(), named.span.end()));
    all
}
