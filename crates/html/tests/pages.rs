//! Pages as their readers meet them: what is shown, what cannot happen, and the same bytes.

use dixit_document::{Document, Entity, EntityId, Kind, Quotation, Span};
use dixit_eval::{Options, compare, evaluate};
use dixit_html::{Page, comparison, report};
use proptest::prelude::*;

const TEXT: &str = "“Há tempo 🙂,” said Inês <b>Duarte</b>, “é certo.”\r\nShe said that it rained.";

fn span(part: &str) -> Span {
    let start = TEXT.find(part).unwrap();
    Span::new(start, start + part.len())
}

fn quotation(id: &str, content: Vec<Span>, speaker: Option<u32>) -> Quotation {
    Quotation {
        id: id.to_owned(),
        content,
        cue: Vec::new(),
        source: Vec::new(),
        kind: Some(Kind::Direct),
        marked: None,
        mode: None,
        source_form: None,
        speaker: speaker.map(EntityId),
        addressees: Vec::new(),
        reference: None,
        confidence: 0.75,
        ok: true,
        optional: false,
        evidence: None,
    }
}

fn entity(id: &str, name: &str) -> Entity {
    Entity {
        id: id.to_owned(),
        name: name.to_owned(),
        entity_type: None,
        aliases: Vec::new(),
        gender: None,
        named: true,
    }
}

fn document() -> Document {
    let mut first = quotation("q1", vec![span("Há tempo 🙂"), span("é certo")], Some(0));
    first.cue = vec![span("said")];
    first.source = vec![span("Inês <b>Duarte</b>")];
    let mut second = quotation("q2", vec![span("that it rained")], None);
    second.kind = Some(Kind::Indirect);
    Document {
        id: "a<b>".to_owned(),
        text: TEXT.to_owned(),
        entities: vec![entity("e1", "Inês <i>Duarte</i>")],
        quotations: Some(vec![first, second]),
        ..Document::default()
    }
}

fn page(documents: &[Document]) -> String {
    let mut page = Page::new(Vec::new()).unwrap();
    for document in documents {
        page.write(document).unwrap();
    }
    String::from_utf8(page.finish().unwrap()).unwrap()
}

/// The words of a part of a page, without its elements.
fn plain(html: &str) -> String {
    let mut out = String::new();
    for part in html.split('<') {
        out.push_str(part.split_once('>').map_or(part, |(_, rest)| rest));
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Every element that is opened is closed, in order.
fn is_well_formed(html: &str) {
    let body = html
        .split("<body>")
        .nth(1)
        .unwrap()
        .split("<script>")
        .next()
        .unwrap();
    let mut open: Vec<&str> = Vec::new();
    for tag in body
        .split('<')
        .skip(1)
        .map(|part| part.split('>').next().unwrap())
    {
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.ends_with('/') && !["input", "meta"].contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_page_has_the_text_the_list_and_the_shares() {
    let html = page(&[
        document(),
        Document {
            id: "none".to_owned(),
            ..Document::default()
        },
    ]);
    is_well_formed(&html);
    let passage = html
        .split("<div class=\"text\"")
        .nth(1)
        .unwrap()
        .split("</section>")
        .next()
        .unwrap();
    let without_numbers = passage
        .replace("\">1</a>", "\"></a>")
        .replace("\">2</a>", "\"></a>");
    let words = plain(without_numbers.split_once('>').unwrap().1);
    assert_eq!(words, TEXT.replace("\r\n", "\n"));
    for part in [
        "<a class=\"n c0\" id=\"d1q1\" href=\"#d1l1\" aria-label=\"Quotation 1, Inês &lt;i&gt;Duarte&lt;/i&gt;\">1</a>",
        "<mark class=\"q c0\" data-q=\"1\">é certo</mark>",
        "<span class=\"cue c0\" data-q=\"1\">said</span>",
        "<span class=\"src c0\" data-q=\"1\">Inês &lt;b&gt;Duarte&lt;/b&gt;</span>",
        "<mark class=\"q cx\" data-q=\"2\">that it rained</mark>",
        "<q>Há tempo 🙂 … é certo</q>",
        // The record's words: without the “that”.
        "dir=\"auto\">it rained</span>",
        "75 % sure",
        "2 quotations, 1 speaker, 7 words in quotations",
        "57 %</span><small>4 words, 1 quotation</small>",
        "Nobody is quoted in this text.",
        "2 documents, 2 quotations.",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
}

#[test]
fn a_page_needs_nothing_else_and_is_the_same_every_time() {
    let html = page(&[document()]);
    assert_eq!(html, page(&[document()]));
    for part in ["http:", "https:", "//cdn", "@import", "url("] {
        assert!(!html.contains(part), "{part}");
    }
    assert!(html.contains("default-src 'none'"));
}

fn wrong() -> Document {
    let mut predicted = document();
    predicted.entities = vec![entity("p1", "Bruno <u>")];
    predicted.quotations.as_mut().unwrap().truncate(1);
    predicted
}

#[test]
fn a_report_says_first_what_is_wrong_most() {
    let mut gold = document();
    gold.quotations.as_mut().unwrap()[1].speaker = Some(EntityId(0));
    let gold = [gold];
    let html = report(&evaluate(&gold, &[wrong()], &Options::default()), &gold);
    is_well_formed(&html);
    for part in [
        "Of 2 gold quotations 0 are right (0 %). Most mistakes: 1 quotation is",
        "<td><bdi>Inês &lt;i&gt;Duarte&lt;/i&gt;</bdi></td><td><bdi>Bruno &lt;u&gt;</bdi></td>",
        "class=\"g p v-speaker\" data-o=\"1\">Há tempo 🙂</mark>",
        "class=\"g v-missed\" data-o=\"2\">that it rained</mark>",
        "<bdi class=\"name\">a&lt;b&gt;</bdi><span class=\"tally\">0 right, 2 wrong</span>",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
    let worst = html.find("id=\"worst\"").unwrap();
    assert!(worst < html.find("id=\"figures\"").unwrap());
    let perfect = report(&evaluate(&gold, &gold, &Options::default()), &gold);
    assert!(perfect.contains("Nothing: all 2 quotations are right."));
    let nothing = report(&evaluate(&[], &[], &Options::default()), &[]);
    is_well_formed(&nothing);
    assert!(nothing.contains("There are no gold quotations"));
}

#[test]
fn a_comparison_shows_what_flipped() {
    let gold = [document()];
    let html = comparison(&compare(&gold, &[wrong()], &gold, &Options::default()));
    is_well_formed(&html);
    assert!(
        html.contains("2 gained, 0 lost by the second system."),
        "{html}"
    );
    assert!(html.contains("<small>wrong speaker → right</small>"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text, any spans (also outside the text and inside characters), any names.
    #[test]
    fn any_document_makes_a_page(
        text in "(\\PC|[<>&\"'/=a-z \r\n\u{0}\u{202e}]){0,60}",
        id in "(\\PC|[<>\"&]){0,8}",
        name in "(\\PC|[<>\"&\n]){0,8}",
        spans in prop::collection::vec((0usize..90, 0usize..90, 0u32..3), 0..8),
    ) {
        let quotations = spans.iter().enumerate().map(|(index, &(a, b, speaker))| {
            let mut quotation = quotation(&format!("q{index}"), vec![Span::new(a, b)], Some(speaker));
            quotation.cue = vec![Span::new(b, a + 3)];
            quotation.source = vec![Span::new(a, b / 2)];
            quotation
        });
        let document = Document {
            id,
            text,
            entities: vec![entity("a", &name), entity("b", "<")],
            quotations: Some(quotations.collect()),
            ..Document::default()
        };
        is_well_formed(&page(std::slice::from_ref(&document)));
        let gold = [document];
        let mut predicted = gold.to_vec();
        predicted[0].quotations.as_mut().unwrap().reverse();
        predicted[0].entities.swap(0, 1);
        is_well_formed(&report(&evaluate(&gold, &predicted, &Options::default().bootstrap(0, 1)), &gold));
    }
}
