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
    passage_of(STORY)
}

fn passage_of(story: &str) -> (String, Vec<Quotation>) {
    let mut text = String::new();
    let mut quotations = Vec::new();
    let mut rest = story;
    while let Some(at) = rest.find('[') {
        text.push_str(&rest[..at]);
        let close = rest.find(']').expect("a closing bracket");
        let id = rest[at + 1..close].to_owned();
        rest = &rest[close + 1..];
        let end = rest
            .find(['”', '\n'])
            .expect("a closing mark, or the paragraph’s end");
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
            evidence: None,
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

/// The name of each quotation’s speaker in a story that a cast tells.
fn speakers(story: &str, cast: &[Entity]) -> Vec<String> {
    let (text, quotations) = passage_of(story);
    let linked = link_cast(&text, &Layout::read(&text), &[], quotations, cast);
    let name = |quotation: &Quotation| match quotation.speaker {
        Some(id) => linked.entities[id.index()].name.clone(),
        None => "nobody".to_owned(),
    };
    linked.quotations.iter().map(name).collect()
}

#[test]
fn those_who_talk_are_one_another_s_addressees() {
    let (text, quotations) = passage();
    let cast = cast();
    let linked = link_cast(&text, &Layout::read(&text), &[], quotations, &cast);
    let addressees = |index: usize| -> Vec<&str> {
        let found = linked.quotations[index].addressees.iter();
        found.map(|id| cast[id.index()].name.as_str()).collect()
    };
    assert!(addressees(0).contains(&"Ilse Brandt"));
    assert!(addressees(2).contains(&"Mrs. Brandt"));
    // He calls her by name.
    assert!(addressees(5).contains(&"Ilse Brandt"));
    for (index, quotation) in linked.quotations.iter().enumerate() {
        let speaker = quotation.speaker.expect("everybody is known");
        assert!(
            !quotation.addressees.contains(&speaker),
            "quotation {index}"
        );
    }
}

#[test]
fn a_tale_that_marks_leave_open_keeps_its_teller() {
    let story = "\
[1]“We left Lindhaven at dawn,” said Haak. [2]“Listen.

[3]“The ice was thin. ‘Turn back,’ Piet told me, ‘or we drown.’

[4]“I turned back, and so I live.”

[5]“And Piet?” asked Ilse.
";
    let expected = [
        "Édouard Haak",
        "Édouard Haak",
        "Édouard Haak",
        "Édouard Haak",
        "Ilse Brandt",
    ];
    assert_eq!(speakers(story, &cast()), expected);
}

#[test]
fn a_long_tale_is_taken_up_again_by_its_teller() {
    let story = "\
[1]“We left Lindhaven at dawn,” said Haak. [2]“Listen.

[3]“The ice was thin, and the dogs would not run on it.

[4]“We walked all day. 🙂

[5]“At night we heard it crack.”

[6]“Go on,” said Ilse.

[7]“In the morning there was water on three sides of us.

[8]“I prayed.”
";
    let mut expected = ["Édouard Haak"; 8];
    expected[5] = "Ilse Brandt";
    assert_eq!(speakers(story, &cast()), expected);
}

#[test]
fn a_surname_alone_is_his_who_is_called_so() {
    let cast = [
        member("Mrs. Lunt", &[], Gender::Female),
        member("Piet Lunt", &["Piet"], Gender::Male),
        member("Ilse Brandt", &["Ilse"], Gender::Female),
    ];
    let story = "\
Ilse knocked.

[1]“Come in,” said Lunt.

[2]“It is cold,” thought Ilse.
";
    assert_eq!(speakers(story, &cast), ["Piet Lunt", "Ilse Brandt"]);
}

/// News: few words in marks, each with its source.
#[test]
fn in_news_the_cast_is_looked_up() {
    let text = "Mayor Ilse Brandt said the quay would close. A spokesman for the port added that \
        berths were free. Brandt warned of ice.";
    let at = |part: &str| {
        let start = text.find(part).expect("it stands in the text");
        Span::new(start, start + part.len())
    };
    let report = |content: &str, source: &str| Quotation {
        content: vec![at(content)],
        source: vec![at(source)],
        kind: Some(Kind::Indirect),
        marked: Some(false),
        ..passage().1.remove(0)
    };
    let quotations = vec![
        report("the quay would close", "Mayor Ilse Brandt"),
        report("berths were free", "A spokesman for the port"),
        report("of ice", "Brandt"),
    ];
    let names = ["Ilse Brandt", "Brandt"].map(|name| {
        let start = text.rfind(name).expect("it stands in the text");
        NamedEntity {
            span: Span::new(start, start + name.len()),
            label: Label::Per,
            confidence: 1.0,
        }
    });
    let cast = [
        member("port spokesman", &["spokesman for the port"], Gender::Other),
        member("Ilse Brandt", &["Mayor Brandt"], Gender::Female),
    ];
    let linked = link_cast(text, &Layout::read(text), &names, quotations, &cast);
    let speakers: Vec<usize> = linked
        .quotations
        .iter()
        .filter_map(|quotation| Some(quotation.speaker?.index()))
        .collect();
    assert_eq!(speakers, [1, 0, 1]);
    assert_eq!(linked.entities, cast);
}
