//! The features that the program computes are those that the model was trained with.

use dixit_document::Offsets;
use dixit_tokenize::WordPieces;
use serde_json::Value;

const TOKENIZER: &[u8] = include_bytes!("../../../models/small/tokenizer.json");
const FEATURES: &str = include_str!("../../../models/small/features.json");

#[test]
fn pieces_and_types_are_those_of_the_training_recipe() {
    let vocabulary = WordPieces::from_json(TOKENIZER).expect("the bundled tokenizer");
    let cases: Value = serde_json::from_str(FEATURES).expect("the bundled features");
    for case in cases.as_array().expect("a list of cases") {
        let text = case["text"].as_str().expect("a text");
        let pieces = vocabulary.read(text).expect("pieces");
        let offsets = Offsets::new(text);
        let first_pieces: Vec<u32> = pieces.words.iter().map(|w| w.first_piece).collect();
        let spans: Vec<[usize; 2]> = pieces
            .words
            .iter()
            .map(|w| {
                [
                    offsets.code_point(w.span.start()),
                    offsets.code_point(w.span.end()),
                ]
            })
            .collect();
        assert_eq!(
            Value::from(pieces.ids.clone()),
            case["ids"],
            "ids of {text}"
        );
        assert_eq!(
            Value::from(first_pieces),
            case["first_pieces"],
            "words of {text}"
        );
        assert_eq!(serde_json::json!(spans), case["spans"], "spans of {text}");
        assert_eq!(
            serde_json::json!(pieces.types),
            case["types"],
            "types of {text}"
        );
    }
}

#[test]
fn any_length_and_no_blank_at_all() {
    let vocabulary = WordPieces::from_json(TOKENIZER).expect("the bundled tokenizer");
    assert!(vocabulary.read("").expect("nothing").words.is_empty());
    let solid = "ä".repeat(50_000);
    let pieces = vocabulary.read(&solid).expect("one word");
    assert!(
        pieces
            .words
            .iter()
            .all(|w| solid.get(w.span.range()).is_some())
    );
    let long = "Une phrase — très longue. ".repeat(4_000);
    let pieces = vocabulary.read(&long).expect("a long text");
    assert_eq!(pieces.types.len(), pieces.ids.len());
    assert!(
        pieces
            .words
            .windows(2)
            .all(|w| w[0].span.end() <= w[1].span.start())
    );
}
