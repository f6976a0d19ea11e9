//! Texts from every kind of place, in order, with errors between them.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use dixit_corpus::{DocumentError, ErrorKind, InputFormat, ReadOptions, SourceTexts};
use dixit_document::SourceText;
use proptest::prelude::*;
use tempfile::TempDir;

type Read = Result<SourceText, DocumentError>;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read(path: &Path) -> Vec<Read> {
    SourceTexts::new(
        [path.to_string_lossy().into_owned()],
        ReadOptions::default(),
    )
    .collect()
}

fn stream(bytes: &[u8]) -> Vec<Read> {
    let stream = Cursor::new(bytes.to_vec());
    SourceTexts::from_stream(stream, "stdin", ReadOptions::default())
        .unwrap()
        .collect()
}

fn ids(texts: &[Read]) -> Vec<&str> {
    texts
        .iter()
        .map(|text| text.as_ref().map_or("!", |text| text.id.as_str()))
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = folder(&[
        ("b.txt", "«Ça va», dit Zoë.\r\n".as_bytes()),
        ("a/2.txt", b"two"),
        ("a/1.TXT", b"one"),
        ("c.jsonl", b"{\"id\":\"x\",\"text\":\"t\"}\n"),
        (".hidden.txt", b"no"),
        ("notes.md", b"no"),
        ("d.txt.gz", &gzip("“Ja”".as_bytes())),
        ("e.txt.zst", &zstd("“Nein” 🙂".as_bytes())),
    ]);
    let texts = read(folder.path());
    assert_eq!(ids(&texts), ["a/1", "a/2", "b", "x", "d", "e"]);
    assert_eq!(texts[2].as_ref().unwrap().text, "«Ça va», dit Zoë.\r\n");
    assert_eq!(texts[4].as_ref().unwrap().text, "“Ja”");
    assert_eq!(texts[5].as_ref().unwrap().text, "“Nein” 🙂");
}

#[test]
fn a_pattern_finds_files_by_name() {
    let folder = folder(&[("b1.txt", b"1"), ("b0.txt", b"0"), ("c.txt", b"c")]);
    assert_eq!(ids(&read(&folder.path().join("b*.txt"))), ["b0", "b1"]);
    let nothing = read(&folder.path().join("z*.txt"));
    assert_eq!(nothing[0].as_ref().unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn files_of_one_name_get_different_ids() {
    let folder = folder(&[
        ("a/x.txt", b"1"),
        ("b/x.txt", b"2"),
        ("b/x.txt.gz", &gzip(b"3")),
    ]);
    let paths = ["a/x.txt", "b/x.txt", "b/x.txt.gz"].map(|name| folder.path().join(name));
    let inputs = paths.iter().map(|path| path.to_string_lossy().into_owned());
    let texts: Vec<Read> = SourceTexts::new(inputs, ReadOptions::default()).collect();
    let mut ids = ids(&texts);
    assert_eq!(ids[0], "x");
    assert!(ids[1].ends_with("b/x"), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn what_cannot_be_read_stands_between_the_others() {
    let folder = folder(&[
        ("a.txt", b"before"),
        ("b.txt", b"caf\xe9 noir"),
        ("c.txt", b"after"),
    ]);
    let texts = read(folder.path());
    assert_eq!(ids(&texts), ["a", "!", "c"]);
    let error = texts[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Utf8);
    assert_eq!(error.byte(), Some(3));
    assert_eq!(error.document(), Some("b"));
    assert!(error.file().unwrap().ends_with("b.txt"));
    let message = error.to_string();
    assert!(
        message.contains("byte 3: document b: byte 0xe9 is not UTF-8"),
        "{message}"
    );
    assert!(message.contains("iconv"), "{message}");

    let missing = read(&folder.path().join("none.txt"));
    assert_eq!(missing[0].as_ref().unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn broken_lines_do_not_end_json_lines() {
    let lines: &[u8] =
        b"{\"id\":\"a\",\"text\":\"\xc3\xa9\",\"lang\":\"fr\",\"meta\":{\"n\":1.5}}\r\n\
        {\"id\":\"b\",\"text\":}\n\
        \n\
        {\"id\":\"c\"}\n\
        {\"text\":\"t\"}\n\
        {\"id\":\"d\",\"text\":\"caf\xe9\"}\n\
        [1]\n\
        {\"id\":\"e\",\"text\":7}\n\
        {\"id\":12,\"text\":\"last\",\"quotations\":[]}";
    let texts = stream(lines);
    assert_eq!(ids(&texts), ["a", "!", "!", "!", "!", "!", "!", "12"]);
    let first = texts[0].as_ref().unwrap();
    assert_eq!(first.text, "é");
    let meta = serde_json::to_string(&first.meta).unwrap();
    assert_eq!(meta, r#"{"n":1.5,"lang":"fr"}"#);

    let place = |index: usize| {
        let error = texts[index].as_ref().unwrap_err();
        (error.kind(), error.line(), error.column(), error.document())
    };
    assert_eq!(place(1), (ErrorKind::Json, Some(2), Some(18), None));
    assert_eq!(
        place(2),
        (ErrorKind::MissingField, Some(4), None, Some("c"))
    );
    assert_eq!(place(3), (ErrorKind::MissingField, Some(5), None, None));
    assert_eq!(place(4).0, ErrorKind::Utf8);
    assert_eq!(place(4).1, Some(6));
    let byte = lines.iter().position(|&byte| byte == 0xe9).unwrap() as u64;
    assert_eq!(texts[4].as_ref().unwrap_err().byte(), Some(byte));
    assert_eq!(place(5).0, ErrorKind::Json);
    assert_eq!(place(6), (ErrorKind::Json, Some(8), None, Some("e")));
    assert!(texts[7].as_ref().unwrap().meta.is_empty());
}

#[test]
fn a_stream_without_a_name_is_known_by_its_beginning() {
    let lines = "\u{feff}{\"id\":\"a\",\"text\":\"“é”\"}\n".as_bytes();
    for bytes in [lines.to_vec(), gzip(lines), zstd(lines)] {
        assert_eq!(ids(&stream(&bytes)), ["a"]);
    }
    let text = "{sic} “Well,” she said.";
    for bytes in [
        text.as_bytes().to_vec(),
        gzip(text.as_bytes()),
        zstd(text.as_bytes()),
    ] {
        let texts = stream(&bytes);
        assert_eq!(ids(&texts), ["stdin"]);
        assert_eq!(texts[0].as_ref().unwrap().text, text);
    }
    assert_eq!(stream(b"")[0].as_ref().unwrap().text, "");
}

#[test]
fn packed_parts_follow_one_another() {
    let parts = ["“Uno”, ".as_bytes(), "“due”".as_bytes()];
    for bytes in [parts.map(gzip).concat(), parts.map(zstd).concat()] {
        assert_eq!(stream(&bytes)[0].as_ref().unwrap().text, "“Uno”, “due”");
    }
}

#[test]
fn a_cut_archive_is_an_error() {
    let text = "“Il pleut”, dit-elle. ".repeat(500);
    for whole in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
        let cut = Cursor::new(whole[..whole.len() / 2].to_vec());
        let options = ReadOptions {
            format: Some(InputFormat::Text),
            ..ReadOptions::default()
        };
        let texts: Vec<Read> = SourceTexts::from_stream(cut, "a.gz", options)
            .unwrap()
            .collect();
        let error = texts[0].as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Compression, "{error}");
        assert_eq!(error.file(), Some("a.gz"));
    }
}

#[test]
fn tables_have_the_columns_that_are_named() {
    let options = ReadOptions {
        format: Some(InputFormat::Csv),
        id_field: "nr".to_owned(),
        text_field: "body".to_owned(),
        ..ReadOptions::default()
    };
    let table =
        b"nr,body,lang\r\n1,\"\"\"Oui\"\",\r\ndit-elle\",fr\r\n2\r\n3,caf\xe9,fr\n4,last,\n";
    let texts: Vec<Read> = SourceTexts::from_stream(Cursor::new(table), "t.csv", options.clone())
        .unwrap()
        .collect();
    assert_eq!(ids(&texts), ["1", "!", "!", "4"]);
    let first = texts[0].as_ref().unwrap();
    assert_eq!(first.text, "\"Oui\",\r\ndit-elle");
    assert_eq!(first.meta["lang"], "fr");
    assert_eq!(
        texts[1].as_ref().unwrap_err().kind(),
        ErrorKind::MissingField
    );
    assert_eq!(texts[1].as_ref().unwrap_err().line(), Some(4));
    assert_eq!(texts[2].as_ref().unwrap_err().kind(), ErrorKind::Utf8);

    let unnamed: Vec<Read> =
        SourceTexts::from_stream(Cursor::new(b"id,text\n1,x\n"), "t.csv", options)
            .unwrap()
            .collect();
    assert_eq!(unnamed.len(), 1);
    assert!(
        unnamed[0]
            .as_ref()
            .unwrap_err()
            .to_string()
            .contains("no column “nr” among id, text")
    );
}

#[test]
fn tabs_leave_quotation_marks_alone() {
    let folder = folder(&[(
        "t.tsv",
        "id\ttext\n1\t\"Ja\", sagte sie.\n2\t\"offen\n".as_bytes(),
    )]);
    let texts = read(&folder.path().join("t.tsv"));
    assert_eq!(texts[0].as_ref().unwrap().text, "\"Ja\", sagte sie.");
    assert_eq!(texts[1].as_ref().unwrap().text, "\"offen");
}

/// Reads everything, whatever it is; a reader that never ends would stop the test.
fn exhaust(bytes: Vec<u8>) {
    let formats = [
        InputFormat::Text,
        InputFormat::JsonLines,
        InputFormat::Csv,
        InputFormat::Tsv,
    ];
    for format in formats.map(Some).into_iter().chain([None]) {
        let options = ReadOptions {
            format,
            ..ReadOptions::default()
        };
        let stream = Cursor::new(bytes.clone());
        match SourceTexts::from_stream(stream, "any", options) {
            Ok(texts) => {
                for text in texts {
                    if let Err(error) = text {
                        assert!(error.file() == Some("any"), "{error}");
                    }
                }
            }
            Err(error) => assert_eq!(error.file(), Some("any")),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        exhaust(bytes);
    }

    #[test]
    fn any_lines_are_read_or_refused(text in "(\\{\"id\":|\"text\":|[\"{},\t\r\n“é🙂]|a|1){0,60}") {
        exhaust(text.into_bytes());
    }

    #[test]
    fn damaged_archives_are_read_or_refused(at in 0usize..400, byte in any::<u8>(), cut in 0usize..400) {
        let text = "{\"id\":\"a\",\"text\":\"“Il neige encore”, dit-elle à Zoë.\"}\n".repeat(40);
        for mut bytes in [gzip(text.as_bytes()), zstd(text.as_bytes())] {
            let index = at % bytes.len();
            bytes[index] = byte;
            bytes.truncate(bytes.len().saturating_sub(cut % 40));
            exhaust(bytes);
        }
    }
}
