//! Forms of labelled data: small files of each, written for these tests, read and written back.

use std::fs;
use std::path::Path;

use dixit_corpus::formats::{Destination, Format, identify, read_format, write_format};
use dixit_corpus::{ErrorKind, Labelled, LabelledDocuments};
use dixit_document::{
    Document, Form, Kind, Label, Mode, Quotation, Reference, Role, Span, validate,
};
use proptest::prelude::*;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read(path: &Path, format: Format) -> Vec<Labelled> {
    assert_eq!(Format::guess(path), Some(format), "{}", path.display());
    read_format(path, format)
        .unwrap()
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

fn one(path: &Path, format: Format) -> Document {
    let mut read = read(path, format);
    assert_eq!(read.len(), 1);
    let labelled = read.remove(0);
    let flaws: Vec<String> = labelled.flaws.iter().map(ToString::to_string).collect();
    assert!(flaws.is_empty(), "{flaws:?}");
    assert_eq!(validate(&labelled.document), []);
    labelled.document
}

fn words<'d>(document: &'d Document, spans: &[Span]) -> Vec<&'d str> {
    spans.iter().map(|span| span.of(&document.text)).collect()
}

fn quotations(document: &Document) -> &[Quotation] {
    document.quotations.as_deref().unwrap()
}

fn name<'d>(document: &'d Document, quotation: &Quotation) -> Option<&'d str> {
    let speaker = quotation.speaker?;
    Some(&document.entities[speaker.index()].name)
}

fn written(documents: &[Document], format: Format) -> String {
    let out = write_format(documents, format, Destination::Stream(Vec::new())).unwrap();
    String::from_utf8(out.unwrap()).unwrap()
}

/// Written as a folder, and read again.
fn again(documents: &[Document], format: Format) -> Vec<Document> {
    let folder = tempfile::tempdir().unwrap();
    let out: Destination<Vec<u8>> = Destination::Folder(folder.path().to_owned());
    write_format(documents, format, out).unwrap();
    let read = read(folder.path(), format);
    for labelled in &read {
        let flaws: Vec<String> = labelled.flaws.iter().map(ToString::to_string).collect();
        assert!(flaws.is_empty(), "{flaws:?}");
    }
    read.into_iter().map(|labelled| labelled.document).collect()
}

// ------------------------------------------------------------------------------------- brat

const BRAT_TEXT: &str =
    "“Há tempo 🙂,” said Inês\r\nDuarte, “but not much.” Storms were likely, the bureau warned.";

/// Offsets in code points: the emoji is one.
fn brat() -> TempDir {
    let at = |part: &str| {
        let start = BRAT_TEXT[..BRAT_TEXT.find(part).unwrap()].chars().count();
        format!("{start} {}", start + part.chars().count())
    };
    let annotation = format!(
        "T1\tContent {};{}\t“but not much.” “Há tempo 🙂,”\n\
         T2\tCue {}\tsaid\nT3\tSource {}\tInês  Duarte\nT4\tAttribution {2}\tsaid\n\
         E1\tAttribution:T4 Content:T1 Cue:T2 Source:T3\n\
         T5\tContent {}\tStorms were likely\nT6\tCue {}\twarned\n\
         E2\tAttribution:T6 Content:T5 Cue2:T6\n\
         A1\tMode E2 writing\n#1\tAnnotatorNotes E1\tspeaker: Inês Duarte\n\
         T7\tORG {}\tthe bureau\nR1\tSame Arg1:T1 Arg2:T5\t\n",
        at("“but not much.”"),
        at("“Há tempo 🙂,”"),
        at("said"),
        at("Inês\r\nDuarte"),
        at("Storms were likely"),
        at("warned"),
        at("the bureau"),
    );
    folder(&[("storm.txt", BRAT_TEXT), ("storm_7f.ann", &annotation)])
}

#[test]
fn brat_attributions_with_interrupted_contents() {
    let folder = brat();
    let document = one(folder.path(), Format::Brat);
    assert_eq!(
        (document.id.as_str(), document.text.as_str()),
        ("storm", BRAT_TEXT)
    );
    assert_eq!(document.meta["annotator"], "7f");
    let [first, second] = quotations(&document) else {
        panic!("{document:?}")
    };
    assert_eq!(
        words(&document, &first.content),
        ["“Há tempo 🙂,”", "“but not much.”"]
    );
    assert_eq!(words(&document, &first.cue), ["said"]);
    assert_eq!(words(&document, &first.source), ["Inês\r\nDuarte"]);
    assert_eq!(
        (first.kind, name(&document, first)),
        (Some(Kind::Direct), Some("Inês Duarte"))
    );
    assert_eq!(
        (second.id.as_str(), second.kind, second.mode),
        ("E2", Some(Kind::Indirect), Some(Mode::Writing))
    );
    assert_eq!(words(&document, &second.cue), ["warned"]);
    let name = &document.named_entities.as_ref().unwrap()[0];
    assert_eq!(
        (name.span.of(BRAT_TEXT), name.label),
        ("the bureau", Label::Org)
    );
    assert!(
        document.loose_spans.is_none(),
        "a trigger is no cue left alone"
    );
}

#[test]
fn brat_comes_back() {
    let document = one(brat().path(), Format::Brat);
    let back = again(std::slice::from_ref(&document), Format::Brat).remove(0);
    assert_eq!(back.quotations, document.quotations);
    assert_eq!(back.named_entities, document.named_entities);
    assert_eq!(back.text, document.text);
}

#[test]
fn brat_mistakes_have_their_place() {
    let annotation = "T1\tContent 0 4\tZoë!\nnonsense\nT2\tCue 90 94\tsaid\nE1\tAttribution:T9 Content:T1 Cue:T2 Source:T8\n";
    let folder = folder(&[("a.txt", "Zoë? said"), ("a.ann", annotation)]);
    let read = read(folder.path(), Format::Brat);
    let flaws: Vec<String> = read[0].flaws.iter().map(ToString::to_string).collect();
    for (line, part) in [
        (1, "“Zoë?”, not “Zoë!”"),
        (2, "“nonsense”"),
        (3, "the text there is “”"),
        (4, "its Source T8 is not there"),
    ] {
        let found = flaws
            .iter()
            .any(|flaw| flaw.contains(&format!("line {line}: ")) && flaw.contains(part));
        assert!(found, "{line} {part}: {flaws:?}");
    }
    assert!(
        flaws
            .iter()
            .any(|flaw| flaw.contains("[90, 94] ends past the text of 9 code points")),
        "{flaws:?}"
    );
    assert!(
        read[0]
            .flaws
            .iter()
            .all(|flaw| flaw.kind() == ErrorKind::Flaw && flaw.mend().is_some())
    );
}

#[test]
fn two_annotators_are_two_documents() {
    let folder = folder(&[
        ("a.txt", "x"),
        ("a_k1.ann", ""),
        ("a_k2.ann", ""),
        ("b.ann", ""),
    ]);
    let read = read_format(folder.path(), Format::Brat).unwrap();
    let ids: Vec<Option<&str>> = read
        .iter()
        .map(|read| read.as_ref().ok().map(|l| l.document.id.as_str()))
        .collect();
    assert_eq!(ids, [Some("a_k1"), Some("a_k2"), None]);
    let error = read[2].as_ref().unwrap_err().to_string();
    assert!(
        error.contains("b.ann") && error.contains("put the .txt"),
        "{error}"
    );
}

// ------------------------------------------------------------------------------------- PDNC

const NOVEL: &str = "\"Né à Łódź,\" she said, \"and raised by Old Tom.\"\n\"Indeed?\"\n";

fn novel(quotations: &str) -> TempDir {
    let characters = "Character ID,Main Name,Aliases,Gender,Category\n\
        0,\"Brandt, Zoë\",\"{\"\"Zoë O'Brandt\"\", 'Zoë'}\",F,major\n1,Old Tom,['Old Tom'],X,minor\n";
    folder(&[
        ("Quay/novel_text.txt", NOVEL),
        ("Quay/quotation_info.csv", quotations),
        ("Quay/character_info.csv", characters),
    ])
}

const NOVEL_QUOTATIONS: &str = "quoteID,quoteText,subQuotationList,quoteByteSpans,speaker,addressees,quoteType,referringExpression,mentionTextsList,mentionSpansList,mentionEntitiesList\n\
    Q0,x,[],\"[[1, 11], [24, 46]]\",\"Brandt, Zoë\",['Old Tom'],Anaphoric,she said,\"[[], ['Old Tom', 'we']]\",\"[[], [[38, 45], [24, 27]]]\",\"[[], [['Old Tom'], ['Old Tom', 'Zoë']]]\"\n\
    Q1,x,[],\"[[49, 56]]\",Old Tom,\"['Brandt, Zoë']\",Implicit,,[[]],[[]],[[]]\n";

#[test]
fn pdnc_quotations_with_their_cast() {
    let folder = novel(NOVEL_QUOTATIONS);
    let document = one(folder.path(), Format::Pdnc);
    assert_eq!(
        (document.id.as_str(), document.genre.as_deref()),
        ("Quay", Some("fiction"))
    );
    let [first, second] = quotations(&document) else {
        panic!()
    };
    assert_eq!(
        words(&document, &first.content),
        ["Né à Łódź,", "and raised by Old Tom."]
    );
    assert_eq!(
        (name(&document, first), first.reference),
        (Some("Brandt, Zoë"), Some(Reference::Anaphoric))
    );
    assert_eq!(
        document.entities[first.addressees[0].index()].name,
        "Old Tom"
    );
    assert_eq!(
        (name(&document, second), second.reference),
        (Some("Old Tom"), Some(Reference::Implicit))
    );
    assert_eq!(document.entities[0].aliases, ["Zoë", "Zoë O'Brandt"]);
    let mentions = document.mentions.as_ref().unwrap();
    assert_eq!(mentions.len(), 1, "“we” is no mention of one");
    assert_eq!(mentions[0].span.of(NOVEL), "Old Tom");
}

#[test]
fn pdnc_comes_back() {
    let document = one(novel(NOVEL_QUOTATIONS).path(), Format::Pdnc);
    assert_eq!(
        again(std::slice::from_ref(&document), Format::Pdnc),
        [document]
    );
}

#[test]
fn pdnc_mistakes_have_their_place() {
    let broken = NOVEL_QUOTATIONS
        .replace("[[49, 56]]", "[[49, 56")
        .replace("\"Brandt, Zoë\",['Old Tom'],Ana", "Nobody,['Old Tom'],Ana");
    let read = read(novel(&broken).path(), Format::Pdnc);
    let flaws: Vec<String> = read[0].flaws.iter().map(ToString::to_string).collect();
    assert!(
        flaws[0]
            .contains("line 2: document Quay: quotation Q0: its speaker “Nobody” is no character"),
        "{flaws:?}"
    );
    assert!(
        flaws[1].contains("line 3") && flaws[1].contains("Q1: its spans cannot be read"),
        "{flaws:?}"
    );
}

// ---------------------------------------------------------------------------------- LitBank

#[test]
fn litbank_quotations_and_coreference_of_one_text() {
    let text = "Zoë Brandt sat down .\n‘ Né à Łódź ? ’ asked the man . She sighed .\n";
    let folder = folder(&[
        ("coref/9_quay_brat.txt", text),
        (
            "coref/9_quay_brat.ann",
            "MENTION\tT0\t0\t0\t0\t1\tZoë Brandt\tPER\tPROP\nMENTION\tT1\t1\t7\t1\t8\tthe man\tPER\tNOM\n\
             MENTION\tT2\t1\t10\t1\t10\tShe\tPER\tPRON\nCOREF\tT0\tzoe-0\nCOREF\tT1\tman-1\nCOREF\tT2\tzoe-0\n\
             APPOS\tT0\tT1\n",
        ),
        ("quotations/9_quay_brat.txt", text),
        (
            "quotations/9_quay_brat.ann",
            "QUOTE\tQ7\t1\t0\t1\t5\t‘ Né à Łódź ? ’\nATTRIB\tQ7\tman-1\nQUOTE\tQ8\t7\t0\t7\t1\tx\nWHAT\t1\n",
        ),
    ]);
    let labelled = read(folder.path(), Format::Litbank).remove(0);
    let flaws: Vec<String> = labelled.flaws.iter().map(ToString::to_string).collect();
    assert_eq!(flaws.len(), 2, "{flaws:?}");
    assert!(
        flaws[0].contains("line 3") && flaws[0].contains("Q8: no token 7 0 7 1"),
        "{flaws:?}"
    );
    let document = labelled.document;
    assert_eq!(document.id, "9_quay");
    let [quotation] = quotations(&document) else {
        panic!()
    };
    assert_eq!(words(&document, &quotation.content), ["‘ Né à Łódź ? ’"]);
    assert_eq!(name(&document, quotation), Some("the man"));
    let mentions = document.mentions.as_ref().unwrap();
    let seen: Vec<(&str, Option<Form>)> = mentions
        .iter()
        .map(|mention| (mention.span.of(&document.text), mention.form))
        .collect();
    assert_eq!(
        seen,
        [
            ("Zoë Brandt", Some(Form::Name)),
            ("the man", Some(Form::Nominal)),
            ("She", Some(Form::Pronoun))
        ]
    );
    assert_eq!(mentions[0].entity, mentions[2].entity);
    assert!(document.entities[0].named && !document.entities[1].named);
}

// ------------------------------------------------------------------------------------ CoNLL

#[test]
fn conll_tags_of_every_scheme() {
    for (tags, scheme) in [
        (["B-PER", "I-PER", "O", "B-LOC", "B-LOC", "O"], "BIO"),
        (["I-PER", "I-PER", "O", "I-LOC", "B-LOC", "O"], "IOB"),
        (["B-PER", "E-PER", "O", "S-LOC", "S-LOC", "O"], "BIOES"),
        (["B-PER", "L-PER", "O", "U-LOC", "U-LOC", "O"], "BILOU"),
    ] {
        let tokens = ["Zoë", "Brandt", "left", "Łódź", "Lima", "."];
        let lines: String = tokens
            .iter()
            .zip(tags)
            .map(|(token, tag)| format!("{token} NN x {tag}\r\n"))
            .collect();
        let text = format!("-DOCSTART- -X- O O\r\n\r\n{lines}\r\nOslo NN x I-LOC\r\n");
        let folder = folder(&[("a.conll", &text)]);
        let document = one(folder.path(), Format::Conll);
        assert_eq!(
            document.text, "Zoë Brandt left Łódź Lima .\nOslo",
            "{scheme}"
        );
        let names: Vec<(&str, Label)> = document
            .named_entities
            .as_ref()
            .unwrap()
            .iter()
            .map(|name| (name.span.of(&document.text), name.label))
            .collect();
        let expected = [
            ("Zoë Brandt", Label::Per),
            ("Łódź", Label::Loc),
            ("Lima", Label::Loc),
            ("Oslo", Label::Loc),
        ];
        assert_eq!(names, expected, "{scheme}");
    }
}

#[test]
fn conll_of_2012_has_nested_mentions() {
    let text = "#begin document (d_brat); part 0\nd\t0\t0\tHer\t_\t(1|(2)\nd\t0\t1\tsister\t_\t1)\nd\t0\t2\tsaw\t_\t_\n\
                d\t0\t3\tZoë\t_\t(2)\n\n#end document\n";
    let folder = folder(&[("d.conll", text)]);
    let document = one(folder.path(), Format::Conll);
    assert_eq!(
        (document.id.as_str(), document.text.as_str()),
        ("d", "Her sister saw Zoë")
    );
    let mentions = document.mentions.as_ref().unwrap();
    let seen: Vec<(&str, &str)> = mentions
        .iter()
        .map(|mention| {
            (
                mention.span.of(&document.text),
                document.entities[mention.entity.unwrap().index()]
                    .id
                    .as_str(),
            )
        })
        .collect();
    assert_eq!(seen, [("Her", "2"), ("Her sister", "1"), ("Zoë", "2")]);
    assert!(document.named_entities.is_none());
}

#[test]
fn conll_of_roles_comes_back() {
    let document = one(brat().path(), Format::Brat);
    let text = written(std::slice::from_ref(&document), Format::Conll);
    assert!(text.contains("\nsaid\tO\tO\tB-Cue\tO\n"), "{text}");
    let folder = folder(&[("a.conll", &text)]);
    let back = one(folder.path(), Format::Conll);
    assert_eq!(back.id, "storm");
    let of = |role: Role| -> Vec<&str> {
        let loose = back
            .loose_spans
            .iter()
            .flatten()
            .filter(|loose| loose.role == role);
        loose.map(|loose| loose.span.of(&back.text)).collect()
    };
    assert_eq!(
        of(Role::Content),
        [
            "“ Há tempo 🙂 , ”",
            "“ but not much . ”",
            "Storms were likely"
        ]
    );
    assert_eq!(of(Role::Cue), ["said", "warned"]);
    // Tokenised once, it stays what it is.
    assert_eq!(written(std::slice::from_ref(&back), Format::Conll), text);
}

// ---------------------------------------------------------------------------------- BookNLP

/// The tables of a text: every run of letters and every mark a token.
fn booknlp(text: &str, place: impl Fn(usize) -> usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut rows = String::from(
        "paragraph_ID\tsentence_ID\ttoken_ID_within_document\tword\tbyte_onset\tbyte_offset\n",
    );
    let (mut at, mut token, mut paragraph) = (0, 0, 0);
    while at < characters.len() {
        let start = at;
        while at < characters.len() && characters[at].is_alphanumeric() {
            at += 1;
        }
        if at == start {
            paragraph += usize::from(characters[at] == '\n');
            at += 1;
            if characters[start].is_whitespace() {
                continue;
            }
        }
        let word: String = characters[start..at].iter().collect();
        let end = place(start) + (at - start);
        rows.push_str(&format!(
            "{paragraph}\t0\t{token}\t{word}\t{}\t{end}\n",
            place(start)
        ));
        token += 1;
    }
    rows
}

// Tokens: “ 0 Né 1 à 2 Łódź 3 , 4 ” 5 said 6 Zoë 7 , 8 “ 9 she 10 said 11 . 12 ” 13 | “ 14 Who 15 ? 16 ” 17 …
const BOOK: &str = "“Né à Łódź,” said Zoë, “she said.”\r\n“Who?” 🙂 The old man asked Zoë.\r\n";
const QUOTES: &str = "quote_start\tquote_end\tmention_start\tmention_end\tmention_phrase\tchar_id\tquote\n\
    0\t5\t7\t7\tZoë\t4\t“ Né à Łódź , ”\n9\t13\t7\t7\tZoë\t4\t“ she said . ”\n14\t17\t19\t21\tThe old man\t9\t“ Who ? ”\n\
    90\t91\t0\t0\tx\t9\tx\n";
const ENTITIES: &str = "COREF\tstart_token\tend_token\tprop\tcat\ttext\n4\t7\t7\tPROP\tPER\tZoë\n4\t10\t10\tPRON\tPER\tshe\n\
    9\t19\t21\tNOM\tPER\tThe old man\n4\t23\t23\tPROP\tPER\tZoë\n";

#[test]
fn booknlp_as_predictions() {
    // Python reads \r\n as one character; the tables may count either way.
    let plain = |at: usize| at;
    let translated = |at: usize| {
        let before: String = BOOK.chars().take(at).collect();
        at - before.matches('\r').count()
    };
    for tokens in [booknlp(BOOK, plain), booknlp(BOOK, translated)] {
        let folder = folder(&[
            ("quay/novel.txt", BOOK),
            ("quay/quay.tokens", &tokens),
            ("quay/quay.quotes", QUOTES),
            ("quay/quay.entities", ENTITIES),
        ]);
        let labelled = read(folder.path(), Format::Booknlp).remove(0);
        let flaws: Vec<String> = labelled.flaws.iter().map(ToString::to_string).collect();
        assert_eq!(flaws.len(), 1, "{flaws:?}");
        assert!(
            flaws[0].contains("quay.quotes, line 5")
                && flaws[0].contains("tokens that are not there"),
            "{flaws:?}"
        );
        let document = labelled.document;
        let [first, second] = quotations(&document) else {
            panic!("{document:?}")
        };
        assert_eq!(
            words(&document, &first.content),
            ["“Né à Łódź,”", "“she said.”"]
        );
        assert_eq!(words(&document, &first.source), ["Zoë"]);
        assert_eq!(name(&document, first), Some("Zoë"));
        assert_eq!(words(&document, &second.content), ["“Who?”"]);
        assert_eq!(name(&document, second), Some("The old man"));
        assert!(!document.entities[second.speaker.unwrap().index()].named);
        assert_eq!(document.mentions.as_ref().unwrap().len(), 4);
    }
}

#[test]
fn booknlp_without_its_text_keeps_the_places() {
    let tokens = booknlp(BOOK, |at| at);
    let folder = folder(&[
        ("quay.tokens", &tokens),
        ("quay.quotes", QUOTES),
        ("quay.entities", ENTITIES),
    ]);
    let mut documents = vec![read(folder.path(), Format::Booknlp).remove(0).document];
    assert_eq!(
        words(&documents[0], &quotations(&documents[0])[0].content)[0],
        "“Né à Łódź,”"
    );
    // The gold document of the same text, by its letters.
    let gold = Document {
        id: "gold/1".to_owned(),
        text: BOOK.to_owned(),
        ..Document::default()
    };
    assert_eq!(identify(&mut documents, std::slice::from_ref(&gold)), 1);
    assert_eq!(documents[0].id, "gold/1");
    assert_eq!(identify(&mut [Document::default()], &[gold]), 0);
}

// ----------------------------------------------------------------------------------- Citron

const CITRON: &str = r#"{"text": "“Há tempo 🙂,” Inês Duarte said. She said that it rained.",
 "quotes": [
  {"cue": {"start": 26, "end": 30, "text": "said"}, "sources": [{"start": 14, "end": 25, "text": "Inês Duarte"}],
   "contents": [{"start": 0, "end": 13, "text": "“Há tempo 🙂,”"}]},
  {"cue": {"start": 36, "end": 40, "text": "said"}, "sources": [{"start": 14, "end": 25, "text": "Inês Duarte"}],
   "coreferences": [{"start": 32, "end": 35, "text": "She"}],
   "contents": [{"start": 41, "end": 55, "text": "that it rained"}], "confidence": "0.8125"}]}"#;

#[test]
fn citron_names_the_speaker_beside_the_mention() {
    let folder = folder(&[("a.json", CITRON)]);
    let document = one(folder.path(), Format::Citron);
    let [first, second] = quotations(&document) else {
        panic!()
    };
    assert_eq!(
        (first.kind, second.kind),
        (Some(Kind::Direct), Some(Kind::Indirect))
    );
    assert_eq!(words(&document, &second.source), ["She"]);
    assert_eq!(name(&document, second), Some("Inês Duarte"));
    assert_eq!(first.speaker, second.speaker);
    assert_eq!(second.confidence, 0.8125);
    assert_eq!(
        again(std::slice::from_ref(&document), Format::Citron)[0].quotations,
        document.quotations
    );
}

#[test]
fn citron_groups_are_entities() {
    let text = r#"{"id": "x", "text": "Bo: no. He left.", "quotes": [{"cue": {"start": 2, "end": 3, "text": ":"}, "sources": [{"start": 0, "end": 2, "text": "Bo"}], "contents": [{"start": 4, "end": 6, "text": "no"}]}],
      "coreference_groups": [[{"start": 0, "end": 2, "text": "Bo"}, {"start": 8, "end": 10, "text": "He"}]]}"#;
    let folder = folder(&[
        ("a.json", text),
        ("b.json", "{\"quotes\": []}"),
        ("c.json", "{"),
    ]);
    let read = read_format(folder.path(), Format::Citron).unwrap();
    let document = &read[0].as_ref().unwrap().document;
    assert_eq!((document.id.as_str(), document.entities.len()), ("x", 1));
    assert_eq!(
        quotations(document)[0].speaker,
        document.mentions.as_ref().unwrap()[1].entity
    );
    assert_eq!(
        read[1].as_ref().unwrap_err().kind(),
        ErrorKind::MissingField
    );
    assert_eq!(read[2].as_ref().unwrap_err().kind(), ErrorKind::Json);
}

// ---------------------------------------------------------------------- Web Annotation, TEI

#[test]
fn web_annotations_point_at_the_words() {
    let document = one(brat().path(), Format::Brat);
    let page: serde_json::Value =
        serde_json::from_str(&written(&[document], Format::WebAnnotation)).unwrap();
    assert_eq!(page["@context"], "http://www.w3.org/ns/anno.jsonld");
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 5, "two contents, two cues, one source");
    let characters: Vec<char> = BRAT_TEXT.chars().collect();
    for target in items
        .iter()
        .flat_map(|item| item["target"].as_array().unwrap())
    {
        let [place, quote] = target["selector"].as_array().unwrap().as_slice() else {
            panic!()
        };
        let at = |key: &str| place[key].as_u64().unwrap() as usize;
        let exact: String = characters[at("start")..at("end")].iter().collect();
        assert_eq!(quote["exact"], exact);
        let around = format!(
            "{}{exact}{}",
            quote["prefix"].as_str().unwrap(),
            quote["suffix"].as_str().unwrap()
        );
        assert!(BRAT_TEXT.contains(&around), "{around}");
    }
    let body = items[0]["body"].as_array().unwrap();
    assert!(
        body.iter()
            .any(|body| body["purpose"] == "identifying" && body["value"] == "Inês Duarte")
    );
    assert_eq!(items[1]["body"][1]["source"], items[0]["id"]);
}

#[test]
fn tei_says_who_said_it() {
    let document = one(brat().path(), Format::Brat);
    let tei = written(&[document], Format::Tei);
    let people = "<person xml:id=\"d1.e1\" n=\"e1\"><persName>Inês Duarte</persName></person>";
    assert!(tei.contains(people), "{tei}");
    let first = "<p><said xml:id=\"d1.q1.1\" n=\"E1\" who=\"#d1.e1\" direct=\"true\" type=\"direct\" next=\"#d1.q1.2\">\
                 “Há tempo 🙂,”</said> <seg type=\"cue\">said</seg> <rs ref=\"#d1.e1\">Inês&#13;</rs></p>\n<p><rs";
    assert!(tei.contains(first), "{tei}");
    assert!(
        tei.contains("prev=\"#d1.q1.1\">“but not much.”</said>"),
        "{tei}"
    );
    assert!(
        tei.contains(
            "direct=\"false\" type=\"indirect\" aloud=\"false\">Storms were likely</said>"
        ),
        "{tei}"
    );
}

#[test]
fn tei_of_hostile_text_stays_well_formed() {
    let text = "</p>&\u{0}<said>\u{fffe}\n\n\"]]>";
    let quotation = |id: &str, start, end| {
        let mut quotation = quotations(&one(brat().path(), Format::Brat))[0].clone();
        quotation.id = id.to_owned();
        quotation.content = vec![Span::new(start, end)];
        (quotation.cue, quotation.source) = (Vec::new(), Vec::new());
        quotation
    };
    // Two that cross.
    let document = Document {
        id: "<\"&".to_owned(),
        text: text.to_owned(),
        quotations: Some(vec![quotation("a\"<", 0, 12), quotation("b", 5, 14)]),
        ..Document::default()
    };
    let tei = written(&[document], Format::Tei);
    assert!(
        !tei.contains('\u{0}') && !tei.contains('\u{fffe}') && !tei.contains("]]>"),
        "{tei}"
    );
    // Every element that opens closes, in order.
    let mut open = Vec::new();
    for tag in tei
        .split('<')
        .skip(1)
        .map(|part| part.split('>').next().unwrap())
    {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.starts_with('?') || tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().unwrap()),
        }
    }
    assert!(open.is_empty());
}

// ------------------------------------------------------------------------------------- all

#[test]
fn what_cannot_be_read_or_written_says_so() {
    let folder = folder(&[("a.xml", "<TEI/>"), ("b.txt", "x")]);
    assert_eq!(Format::guess(&folder.path().join("b.txt")), None);
    let error = read_format(&folder.path().join("a.xml"), Format::Tei).unwrap_err();
    assert!(
        error.to_string().contains("tei cannot be read back"),
        "{error}"
    );
    let error = read_format(folder.path(), Format::Brat).unwrap_err();
    assert!(
        error.to_string().contains("no brat document there"),
        "{error}"
    );
    let document = Document {
        id: "d".to_owned(),
        ..Document::default()
    };
    let error = write_format(&[document], Format::Brat, Destination::Stream(Vec::new()))
        .err()
        .unwrap();
    assert!(error.to_string().contains("name one with -o"), "{error}");
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(*format));
    }
}

#[test]
fn gold_quotations_that_overlap_are_told() {
    let line = r#"{"id":"a","text":"Zoë said it rained hard","quotations":[
        {"id":"q1","content":[[0,8]]},{"id":"q2","content":[[4,11]]},{"id":"q3","content":[[12,18]]},
        {"id":"q4","content":[[12,18]]},{"id":"q5","content":[[5,6]]},{"id":"q5","content":[[19,23]]}]}"#;
    let folder = folder(&[("gold.jsonl", &line.replace('\n', " "))]);
    let labelled = LabelledDocuments::new([folder
        .path()
        .join("gold.jsonl")
        .to_string_lossy()
        .into_owned()])
    .next()
    .unwrap()
    .unwrap();
    let flaws: Vec<&str> = labelled.flaws.iter().map(|flaw| flaw.problem()).collect();
    assert_eq!(
        flaws,
        [
            "quotation q5: the id is empty or taken",
            "quotation q2: its content overlaps that of quotation q1",
            "quotation q4: its content is that of quotation q3",
        ]
    );
    assert!(
        labelled
            .flaws
            .iter()
            .all(|flaw| flaw.mend().is_some() && flaw.line() == Some(1))
    );
}

/// Any document whose annotation is right.
fn any_document() -> impl Strategy<Value = Document> {
    let text = "(“|[a-zéł🙂]{1,5}|[ \\n.,;]|\\r\\n|<|&|\\|){1,30}";
    (
        text,
        prop::collection::vec((0usize..60, 1usize..9, 0u32..3, 0u8..3), 0..5),
    )
        .prop_map(|(text, marks)| {
            let borders: Vec<usize> = text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect();
            let at = |index: usize| borders[index.min(borders.len() - 1)];
            let base = quotations(&one(brat().path(), Format::Brat))[0].clone();
            let mut quotations: Vec<Quotation> = Vec::new();
            for (start, length, speaker, kind) in marks {
                let span = Span::new(at(start), at(start + length));
                // Blanks alone are no content that a table of words can keep.
                if span.of(&text).trim().is_empty()
                    || quotations
                        .iter()
                        .any(|other| other.content[0].overlaps(span))
                {
                    continue;
                }
                quotations.push(Quotation {
                    id: format!("E{}", quotations.len() + 1),
                    content: vec![span],
                    cue: Vec::new(),
                    source: Vec::new(),
                    kind: Kind::ALL.get(usize::from(kind)).copied(),
                    mode: None,
                    speaker: (speaker < 2).then_some(dixit_document::EntityId(speaker)),
                    ..base.clone()
                });
            }
            quotations.sort_by(|a, b| a.content.cmp(&b.content));
            let entity = |id: &str, name: &str| dixit_document::Entity {
                id: id.to_owned(),
                name: name.to_owned(),
                entity_type: None,
                aliases: Vec::new(),
                gender: None,
                named: true,
            };
            Document {
                id: "d".to_owned(),
                text,
                entities: vec![
                    entity("C0", "Zoë “Z” O'Hara"),
                    entity("C1", "Ali, the <third>"),
                ],
                quotations: Some(quotations),
                ..Document::default()
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quotations_come_back(document in any_document()) {
        for format in [Format::Brat, Format::Pdnc, Format::Citron] {
            let back = again(std::slice::from_ref(&document), format).remove(0);
            prop_assert_eq!(&back.text, &document.text);
            let seen = |document: &Document| -> Vec<(Vec<Span>, Option<String>)> {
                quotations(document)
                    .iter()
                    .map(|quotation| (quotation.content.clone(), name(document, quotation).map(str::to_owned)))
                    .collect()
            };
            match format {
                // Citron knows a speaker by words of the text only.
                Format::Citron => prop_assert_eq!(
                    seen(&back).into_iter().map(|(content, _)| content).collect::<Vec<_>>(),
                    seen(&document).into_iter().map(|(content, _)| content).collect::<Vec<_>>()
                ),
                _ => prop_assert_eq!(seen(&back), seen(&document), "{}", format),
            }
        }
        // The others only have to be written, and the same way twice.
        for format in [Format::Conll, Format::Tei, Format::WebAnnotation, Format::Records, Format::Csv] {
            let documents = std::slice::from_ref(&document);
            prop_assert_eq!(written(documents, format), written(documents, format));
        }
    }

    #[test]
    fn any_bytes_are_no_trouble(text in "([TEAR#*][0-9]{0,2}|\t|Content |Attribution:T1|[0-9]{1,3}|;| |\n|QUOTE|B-PER|\\(1\\)|\\PC){0,40}") {
        for (file, format) in [
            ("a.ann", Format::Brat),
            ("a.ann", Format::Litbank),
            ("a.conll", Format::Conll),
            ("quotation_info.csv", Format::Pdnc),
            ("a.json", Format::Citron),
            ("a.quotes", Format::Booknlp),
        ] {
            let folder = folder(&[
                (file, text.as_str()), ("a.txt", "Zoë said so"), ("novel_text.txt", "Zoë"),
                ("character_info.csv", text.as_str()), ("a.tokens", text.as_str()), ("a.entities", text.as_str()),
            ]);
            let _ = read_format(&folder.path().join(file), format);
        }
    }
}
