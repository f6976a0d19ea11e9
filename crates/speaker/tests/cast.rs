//! Speakers from a cast that is given, and from the text alone, in a passage of a story.

use dixit_document::{Entity, EntityType, Gender, Kind, Label, NamedEntity, Quotation, Span};
use dixit_speaker::{link, link_cast};
use dixit_tokenize::Layout;

/// Written for this test; `[1]` to `[6]` stand before the quotations.
const STORY: &str = "\
Mrs. Brandt put the lamp on the table, and Ilse looked up from her letter.

[1]“You are late,” said Mrs. Brandt. [2]“The ferry left an hour ago.”

[3]“I know, mother,” Ilse answered.

[4]“And what will you do now?”

[5]“I shall walk — the bridge isn’t far.”

Édouard Haak, who had been asleep by the stove, opened one eye 🙂. \
[6]“Then I shall walk with you, Ilse,” he said.
";

fn passage() -> (String, Vec<Quotation>) {
    let mut text = String::new();
    let mut quotations = Vec::new();
    let mut rest = STORY;
    while let Some(at) = rest.find('[') {
        text.push_str(&rest[..at]);
        let close = rest.find(']').expect("a closing bracket");
        let id = rest[at + 1..close].to_owned();
        rest = &rest[close + 1..];
        let end = rest.find('”').expect("a closing mark");
        let start = text.len() + '“'.len_utf8();
        text.push_str(&rest[..end]);
        let words = Span::new(start, text.len());
        let words = Span::new(start, start + words.of(&text).trim_end_matches(',').len());
        quotations.push(Quotation {
            id,
            content: vec![words],
            cue: Vec::new(),
            source: Vec::new(),
            kind: Some(Kind::Direct),
            marked: Some(true),
            mode: None,
            source_form: None,
            speaker: None,
            addressees: Vec::new(),
            reference: None,
            confidence: 1.0,
            ok: true,
            optional: false,
        });
        rest = &rest[end..];
    }
    text.push_str(rest);
    (text, quotations)
}

fn member(name: &str, aliases: &[&str], gender: Gender) -> Entity {
    Entity {
        id: format!("C-{name}"),
        name: name.to_owned(),
        entity_type: Some(EntityType::Person),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        gender: Some(gender),
        named: true,
    }
}

fn cast() -> Vec<Entity> {
    vec![
        member("Édouard Haak", &["Haak"], Gender::Male),
        member("Ilse Brandt", &["Ilse"], Gender::Female),
        member("Mrs. Brandt", &[], Gender::Female),
        member("Piet", &[], Gender::Male),
    ]
}

const EXPECTED: [&str; 6] = [
    "Mrs. Brandt",
    "Mrs. Brandt",
    "Ilse Brandt",
    "Mrs. Brandt",
    "Ilse Brandt",
    "Édouard Haak",
];

#[test]
fn speakers_of_a_given_cast() {
    let (text, quotations) = passage();
    let cast = cast();
    let linked = link_cast(&text, &Layout::read(&text), &[], quotations, &cast);
    assert_eq!(linked.entities, cast, "the cast comes back as it was given");
    let speakers: Vec<&str> = linked
        .quotations
        .iter()
        .map(|quotation| match quotation.speaker {
            Some(id) => linked.entities[id.index()].name.as_str(),
            None => "nobody",
        })
        .collect();
    assert_eq!(speakers, EXPECTED);
}

#[test]
fn nobody_outside_of_the_cast_speaks() {
    let (text, quotations) = passage();
    let cast = [member("Piet", &[], Gender::Male)];
    let linked = link_cast(&text, &Layout::read(&text), &[], quotations, &cast);
    for quotation in &linked.quotations {
        assert!(quotation.speaker.is_none_or(|id| id.index() == 0));
    }
    let (text, quotations) = passage();
    let linked = link_cast(&text, &Layout::read(&text), &[], quotations, &[]);
    assert!(linked.quotations.iter().all(|q| q.speaker.is_none()));
}

#[test]
fn mother_and_daughter_are_two() {
    let (text, quotations) = passage();
    let names: Vec<NamedEntity> = ["Mrs. Brandt", "Ilse", "Édouard Haak"]
        .iter()
        .flat_map(|name| text.match_indices(name))
        .map(|(start, name)| NamedEntity {
            span: Span::new(start, start + name.len()),
            label: Label::Per,
            confidence: 1.0,
        })
        .collect();
    let mut names = names;
    names.sort_by_key(|name| name.span);
    let linked = link(&text, &Layout::read(&text), &names, quotations);
    let first = linked.quotations[0].speaker;
    let third = linked.quotations[2].speaker;
    assert!(first.is_some() && third.is_some());
    assert_ne!(first, third);
}
