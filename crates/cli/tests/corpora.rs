//! Whole corpora from outside: forms, parts, shards, bad documents, runs that go on.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const PASSAGES: [&str; 4] = [
    "“The ferry is late,” Zoë Lindqvist said. “Again!” 🙂\r\n",
    "Emil Brandt told reporters that the bridge would stay closed.",
    "Nothing was said that day.",
    "«Le café est fermé», replied Inès Okonjo; she added that it would reopen in May.",
];

fn dixit(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_dixit"))
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    output.unwrap()
}

/// Runs to the end; `status` is how.
fn run(status: i32, arguments: &[&str]) -> Output {
    let output = dixit(arguments);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(status),
        "{arguments:?}: {complaints}"
    );
    output
}

fn corpus(documents: usize) -> String {
    let line = |index: usize| {
        let text = PASSAGES[index % 4].repeat(1 + index % 3);
        json!({"id": format!("d{index}"), "text": text, "url": format!("https://example.org/{index}")})
            .to_string()
            + "\n"
    };
    (0..documents).map(line).collect()
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_other_fields_travel_into_every_form() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(4));
    let output = run(0, &["extract", &input]);
    let records = lines(&output.stdout);
    assert!(records.len() >= 3);
    for record in &records {
        let number = &record["doc"].as_str().unwrap()[1..];
        assert_eq!(
            record["meta"]["url"],
            format!("https://example.org/{number}")
        );
    }
    let output = run(0, &["extract", &input, "--format", "csv"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("{\"\"url\"\":"));
}

#[test]
fn damaged_parquet_is_told_in_our_words() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(2));
    let table = folder.path("said.parquet");
    run(0, &["extract", &input, "-o", &table]);
    let whole = folder.read("said.parquet");
    std::fs::create_dir(folder.path("tables")).unwrap();
    let mut place = 1_usize;
    for number in 0..1000 {
        let mut damaged = whole.clone();
        for _ in 0..3 {
            place = place.wrapping_mul(6_364_136_223_846_793_005) + 1;
            let at = (place >> 20) % damaged.len();
            damaged[at] = (place >> 8) as u8;
        }
        folder.write(&format!("tables/{number}.parquet"), damaged);
    }
    let columns = ["--id-column", "doc", "--text-column", "text"];
    let tables = folder.path("tables");
    let output = run(1, &[&["extract", &tables, "-q"][..], &columns].concat());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("broken Parquet"), "{told}");
    assert!(told.contains("unreadable pages"), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn parquet_goes_out_and_comes_in_with_the_same_fields() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(8));
    let table = folder.path("said.parquet");
    run(0, &["extract", &input, "-o", &table]);
    assert!(folder.read("said.parquet").starts_with(b"PAR1"));
    // The same table on standard output, byte for byte.
    let output = run(0, &["extract", &input, "--format", "parquet"]);
    assert_eq!(output.stdout, folder.read("said.parquet"));
    // A table of records is read as a table of documents: every text is a document.
    let columns = ["--id-column", "doc", "--format", "documents"];
    let again = run(0, &[&["extract", &table][..], &columns].concat());
    let records = lines(&run(0, &["extract", &input]).stdout);
    let documents = lines(&again.stdout);
    assert_eq!(documents.len(), records.len());
    for (document, record) in documents.iter().zip(&records) {
        assert_eq!(document["text"], record["text"]);
        let meta = &document["meta"];
        assert_eq!(meta["kind"], record["kind"]);
        assert_eq!(meta["marked"], record["marked"]);
        assert_eq!(meta["confidence"], record["confidence"]);
        assert_eq!(meta["speaker"], record["speaker"]);
        let content = meta["content"].as_array().unwrap().iter();
        let content: Value = content
            .map(|span| json!([span["start"], span["end"]]))
            .collect();
        assert_eq!(content, record["content"]);
        let fields: Value = serde_json::from_str(meta["meta"].as_str().unwrap()).unwrap();
        assert_eq!(fields, record["meta"]);
    }
}

#[test]
fn output_is_packed_as_its_name_says() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(6));
    let plain = run(0, &["extract", &input]).stdout;
    let mut unpacked = Vec::new();
    run(0, &["extract", &input, "-o", &folder.path("a.jsonl.gz")]);
    let packed = folder.read("a.jsonl.gz");
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain);
    run(0, &["extract", &input, "-o", &folder.path("a.jsonl.zst")]);
    let packed = folder.read("a.jsonl.zst");
    assert_eq!(zstd::decode_all(&packed[..]).unwrap(), plain);
    assert_eq!(folder.names(), ["a.jsonl.gz", "a.jsonl.zst", "in.jsonl"]);
}

#[test]
fn parts_together_are_the_whole_and_documents_are_not_torn() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(24));
    let whole = run(0, &["extract", &input]).stdout;
    let out = folder.path("said.jsonl");
    run(
        0,
        &["extract", &input, "-o", &out, "--max-file-size", "3kB"],
    );
    let mut parts = folder.names();
    parts.retain(|name| name.starts_with("said"));
    assert!(parts.len() > 2, "{parts:?}");
    assert_eq!(parts[1], "said-00002.jsonl");
    let mut joined = Vec::new();
    let mut last = String::new();
    for part in &parts {
        let bytes = folder.read(part);
        assert!(bytes.len() <= 3000);
        let records = lines(&bytes);
        assert_ne!(records[0]["doc"], last);
        last = records.last().unwrap()["doc"].as_str().unwrap().to_owned();
        joined.extend(bytes);
    }
    assert_eq!(joined, whole);
    // Parts are never mixed with those of another run.
    let again = run(
        3,
        &["extract", &input, "-o", &out, "--max-file-size", "3kB"],
    );
    assert!(String::from_utf8_lossy(&again.stderr).contains("said-00001.jsonl"));
    // Tables have their header in every part.
    let out = folder.path("rows.csv");
    run(
        0,
        &["extract", &input, "-o", &out, "--max-file-size", "3kB"],
    );
    assert!(
        folder
            .read("rows-00002.csv")
            .starts_with(b"doc,id,speaker,")
    );
}

#[test]
fn shards_together_read_each_document_once() {
    let folder = Folder::new();
    let mut input = corpus(9);
    input.insert_str(0, "{\n");
    let input = folder.write("in.jsonl", input);
    let whole = lines(&run(1, &["extract", &input]).stdout);
    let mut joined = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        // The broken line is in the first shard.
        let status = i32::from(shard == "1/3");
        let output = run(status, &["extract", &input, "--shard", shard]);
        joined.extend(lines(&output.stdout));
    }
    let sorted = |mut records: Vec<Value>| {
        records.sort_by_key(|record| (record["doc"].to_string(), record["id"].to_string()));
        records
    };
    assert_eq!(sorted(joined), sorted(whole));
}

#[test]
fn bad_documents_are_set_aside_with_their_reasons() {
    let folder = Folder::new();
    let good = |id: &str| json!({"id": id, "text": PASSAGES[0]}).to_string() + "\n";
    let mut bad: Vec<u8> = good("g1").into();
    bad.extend(b"{\"id\":\"a\",\"text\":\"caf\xe9\"}\n");
    bad.extend(b"{\"id\":\"b\",\"text\":\n");
    bad.extend(b"{\"id\":\"c\",\"body\":\"x\"}\n");
    bad.extend(format!("{{\"id\":\"d\",\"text\":\"{}\"}}\n", "x".repeat(70_000)).bytes());
    bad.extend(
        format!(
            "{{\"id\":\"e\",\"text\":\"\",\"x\":{}1{}}}\n",
            "[".repeat(9000),
            "]".repeat(9000)
        )
        .bytes(),
    );
    bad.extend(b"{\"id\":\"f\",\"text\":\"a\\u0000b\"}\n");
    bad.extend(good("g2").bytes());
    folder.write("1.jsonl", &bad);
    folder.write("2.txt", b"\0\0\0");
    let mut table = "id,text,x\nt1,\"“No,” said Zoë.\",1\nt2\nt3,".to_owned();
    table.push_str(&"y".repeat(70_000));
    table.push_str(",3\nt4,\"“No,” said Emil.\",4\n");
    folder.write("3.csv", table);
    let packed = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(good("g3").repeat(2).as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    folder.write("4.jsonl.gz", &packed[..packed.len() - 12]);
    folder.write("5.parquet", b"PAR1 and nothing else that is one PAR1");
    folder.write("6.jsonl", good("g4"));
    let (errors, out) = (folder.path("errors.json"), folder.path("out.json"));
    let output = run(
        1,
        &[
            "extract",
            &folder.path("*.*"),
            "--max-document-size",
            "64kB",
            "--errors",
            &errors,
            "-o",
            &out,
        ],
    );
    let reports = lines(&folder.read("errors.json"));
    let told: Vec<(String, &str)> = reports
        .iter()
        .map(|report| {
            let file = Path::new(report["file"].as_str().unwrap())
                .file_name()
                .unwrap();
            let line = report["line"]
                .as_u64()
                .map_or(String::new(), |line| format!(":{line}"));
            (
                file.to_string_lossy().into_owned() + &line,
                report["kind"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("1.jsonl:2", "utf-8"),
        ("1.jsonl:3", "json"),
        ("1.jsonl:4", "missing field"),
        ("1.jsonl:5", "too large"),
        ("1.jsonl:6", "json"),
        ("1.jsonl:7", "binary"),
        ("2.txt", "binary"),
        ("3.csv:3", "missing field"),
        ("3.csv:4", "too large"),
    ];
    for (told, expected) in told.iter().zip(expected) {
        assert_eq!((told.0.as_str(), told.1), expected);
    }
    assert_eq!(told.len(), expected.len() + 2, "{told:?}");
    assert_eq!((told[9].1, told[10].1), ("compression", "table"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.lines().count(), told.len(), "{said}");
    let mut documents: Vec<String> = lines(&folder.read("out.json"))
        .iter()
        .map(|record| record["doc"].as_str().unwrap().to_owned())
        .collect();
    documents.dedup();
    // A cut archive gives what can be unpacked of it.
    documents.retain(|id| id != "g3");
    assert_eq!(documents, ["g1", "g2", "t1", "t4", "g4"]);
}

#[test]
fn statistics_tell_what_was_done() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(8) + "{\n");
    let stats = folder.path("stats.json");
    run(
        1,
        &[
            "extract",
            &input,
            "-q",
            "--stats",
            &stats,
            "-o",
            &folder.path("out.jsonl"),
        ],
    );
    let stats: Value = serde_json::from_slice(&folder.read("stats.json")).unwrap();
    assert_eq!(stats["documents"], 8);
    assert_eq!(stats["failures"], 1);
    assert_eq!(stats["errors"]["json"], 1);
    assert!(stats["pieces"].as_u64().unwrap() > 100);
    let records = lines(&folder.read("out.jsonl")).len();
    assert_eq!(stats["quotations"], records);
    for stage in [
        "elapsed", "read", "tokenize", "encode", "decode", "link", "write",
    ] {
        assert!(stats["seconds"][stage].as_f64().unwrap() >= 0.0, "{stage}");
    }
    assert!(stats["seconds"]["encode"].as_f64().unwrap() > 0.0);
}

#[test]
fn going_on_needs_the_same_run() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(4) + "{\n");
    let out = folder.path("out.jsonl");
    let begin = ["extract", &input, "-o", &out, "--max-errors", "0"];
    run(3, &begin);
    let resume = |status: i32, more: &[&str]| {
        run(
            status,
            &[&["extract", &input, "-o", &out, "--resume"], more].concat(),
        )
    };
    let other = resume(3, &["--modes", "all"]);
    assert!(String::from_utf8_lossy(&other.stderr).contains("other inputs or options"));
    folder.write("in.jsonl", corpus(5).replace("d1", "e1"));
    let other = resume(3, &[]);
    assert!(String::from_utf8_lossy(&other.stderr).contains("had read other documents"));
    folder.write("in.jsonl", corpus(4) + "{\n" + &corpus(1));
    resume(1, &[]);
    let done = folder.read("out.jsonl");
    // What is finished stays as it is.
    folder.write("in.jsonl", corpus(1));
    resume(0, &[]);
    assert_eq!(folder.read("out.jsonl"), done);
    run(2, &["extract", &input, "--resume"]);
    assert_eq!(folder.names(), ["in.jsonl", "out.jsonl"]);
}

/// A full disk, as a limit on the size of files: the run ends, and goes on when there is room.
#[cfg(unix)]
#[test]
fn a_full_disk_ends_the_run_and_it_goes_on() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(400));
    let whole = run(0, &["extract", &input]).stdout;
    let out = folder.path("out.jsonl");
    let command = format!(
        "trap '' XFSZ; ulimit -f 16; exec '{}' extract '{input}' -o '{out}' --checkpoint 0",
        env!("CARGO_BIN_EXE_dixit")
    );
    let output = Command::new("bash")
        .args(["-c", &command])
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{complaints}");
    assert!(complaints.contains("out.jsonl"), "{complaints}");
    assert!(!Path::new(&out).exists());
    run(0, &["extract", &input, "-o", &out, "--resume"]);
    assert!(folder.read("out.jsonl") == whole);
}

#[test]
fn the_schema_tells_the_keys_of_a_record() {
    let folder = Folder::new();
    let input = folder.write("in.jsonl", corpus(4));
    for (form, of) in [("records", "records"), ("documents", "documents")] {
        let schema = run(0, &["schema", of]).stdout;
        let schema: Value = serde_json::from_slice(&schema).unwrap();
        for line in lines(&run(0, &["extract", &input, "--format", form]).stdout) {
            check(&line, &schema, &schema);
        }
    }
}

/// As much of JSON Schema as ours use.
fn check(value: &Value, schema: &Value, root: &Value) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return check(value, target, root);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choice = &choices[usize::from(!value.is_null())];
        return check(value, choice, root);
    }
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{value} of {schema}");
        return;
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() && kinds.contains(&json!("integer")) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(items) => {
            for item in items {
                if schema.get("items").is_some() {
                    check(item, &schema["items"], root);
                }
            }
            "array"
        }
        Value::Object(fields) => {
            if let Some(properties) = schema["properties"].as_object() {
                for (key, field) in fields {
                    let property = properties.get(key);
                    check(field, property.unwrap_or_else(|| panic!("{key}")), root);
                }
            }
            for key in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    fields.contains_key(key.as_str().unwrap()),
                    "{key} of {value}"
                );
            }
            "object"
        }
    };
    assert!(kinds.contains(&json!(kind)), "{value} of {schema}");
}

/// The files of an uninterrupted run by their names, and how long it took in milliseconds.
type Whole = (Vec<(String, Vec<u8>)>, u64);

/// A document at a time, as killing would leave it: every cut of a run goes on to the same bytes.
#[cfg(unix)]
#[test]
fn killed_runs_go_on_to_the_same_bytes() {
    let count = std::env::var("DIXIT_KILLS").ok();
    let count: usize = count.map_or(6, |count| count.parse().unwrap());
    let mut input = corpus(40);
    input.insert_str(corpus(7).len(), "{\"id\": 7}\n");
    let forms: [&[&str]; 4] = [
        &["-o", "said.jsonl"],
        &["-o", "said.jsonl.gz", "--max-file-size", "4kB"],
        &["-o", "said.parquet", "--max-file-size", "6kB"],
        &["-o", "said.csv.zst", "--format", "csv"],
    ];
    let seed = std::env::var("DIXIT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let mut random = Random(seed.unwrap_or(20_240_101));
    let mut killed = 0;
    let mut whole: Vec<Option<Whole>> = vec![None; forms.len()];
    let mut runs = 0;
    while killed < count {
        let form = runs % forms.len();
        runs += 1;
        let fresh = || {
            let folder = Folder::new();
            folder.write("in.jsonl", &input);
            folder
        };
        let spawn = |folder: &Folder, resume: bool| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_dixit"));
            command
                .current_dir(folder.0.path())
                .args(["extract", "in.jsonl", "-q", "--errors", "bad.jsonl"])
                .args(["--checkpoint", "0"])
                .args(forms[form])
                .stderr(Stdio::null());
            if resume {
                command.arg("--resume");
            }
            command.spawn().unwrap()
        };
        let contents = |folder: &Folder| -> Vec<(String, Vec<u8>)> {
            let names = folder.names().into_iter();
            names
                .map(|name| (name.clone(), folder.read(&name)))
                .collect()
        };
        if whole[form].is_none() {
            let folder = fresh();
            let begin = std::time::Instant::now();
            assert_eq!(spawn(&folder, false).wait().unwrap().code(), Some(1));
            let took = begin.elapsed().as_micros();
            whole[form] = Some((contents(&folder), u64::try_from(took).unwrap()));
        }
        let Some((expected, took)) = &whole[form] else {
            unreachable!()
        };
        let folder = fresh();
        let mut resume = false;
        loop {
            let mut child = spawn(&folder, resume);
            resume = true;
            std::thread::sleep(std::time::Duration::from_micros(
                random.below(took * 11 / 10),
            ));
            // It may have ended by itself.
            let _ = child.kill();
            let status = child.wait().unwrap();
            for name in folder.names() {
                // Whatever has its name is whole.
                if let Some((_, bytes)) = expected.iter().find(|(known, _)| *known == name) {
                    assert!(folder.read(&name) == *bytes, "{name} after {killed} kills");
                }
            }
            match status.code() {
                Some(code) => {
                    assert!(code <= 1, "status {code} after {killed} kills");
                    break;
                }
                None => killed += 1,
            }
        }
        assert!(
            contents(&folder) == *expected,
            "differs after {killed} kills"
        );
    }
    println!("{killed} kills in {runs} runs");
}

/// Numbers that look random (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }
}
