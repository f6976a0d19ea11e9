//! Many documents at once: the same results, in order, whatever the number of threads.

use std::time::Duration;

use dixit::{Document, Pipeline, SourceText};

const PASSAGES: [&str; 4] = [
    "“Cafés 😀 open — at last,” Zoë Abernathy said.\r\nShe told the council that rents would fall.",
    "",
    "Nothing is said here. A boat leaves the harbour.",
    "‘It isn’t over’, wrote Ruairí Ó Sé. Officials said the bridge would stay shut until Monday.",
];

fn sources() -> Vec<SourceText> {
    (0..40)
        .map(|n| SourceText {
            id: format!("d{n}"),
            text: PASSAGES[n % PASSAGES.len()].repeat(1 + n % 3),
            ..SourceText::default()
        })
        .collect()
}

fn read(jobs: usize) -> Vec<Document> {
    let pipeline = Pipeline::builder().jobs(jobs).build().expect("a pipeline");
    pipeline
        .stream(sources())
        .collect::<Result<_, _>>()
        .expect("every document")
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = read(1);
    assert_eq!(one, read(4));
    let ids: Vec<_> = one.iter().map(|d| d.id.clone()).collect();
    let given: Vec<_> = sources().into_iter().map(|s| s.id).collect();
    assert_eq!(ids, given);
}

#[test]
fn a_stream_gives_what_single_readings_give() {
    let pipeline = Pipeline::builder().jobs(2).build().expect("a pipeline");
    for (source, streamed) in sources().into_iter().zip(pipeline.stream(sources())) {
        assert_eq!(
            pipeline.read(source).expect("a document"),
            streamed.expect("a document")
        );
    }
}

#[test]
fn a_long_document_without_breaks_is_read() {
    let pipeline = Pipeline::builder().build().expect("a pipeline");
    let text = "Hana Brož said the lake was low. ".repeat(300);
    let length = text.len();
    let document = pipeline
        .read(SourceText {
            id: "long".into(),
            text,
            ..SourceText::default()
        })
        .expect("a document");
    assert!(
        document
            .quotations
            .iter()
            .flatten()
            .all(|q| q.content.iter().all(|c| c.end() <= length))
    );
    assert!(dixit_document::validate(&document).is_empty());
}

#[test]
fn a_dropped_stream_leaves_no_worker_behind() {
    let pipeline = Pipeline::builder().jobs(2).build().expect("a pipeline");
    let mut stream = pipeline.stream(sources());
    assert!(stream.next().is_some());
    drop(stream);
    assert_eq!(pipeline.stream(sources()).count(), 40);
}

#[test]
fn waiting_with_patience_gives_what_waiting_gives() {
    let pipeline = Pipeline::builder().jobs(2).build().expect("a pipeline");
    let mut stream = pipeline.stream(sources());
    let mut patient = Vec::new();
    loop {
        while !stream.ready(Duration::from_millis(1)) {}
        // Asking again changes nothing.
        assert!(stream.ready(Duration::ZERO));
        let Some(document) = stream.next() else { break };
        patient.push(document.expect("a document"));
    }
    assert_eq!(patient, read(1));
}

#[test]
fn sources_are_taken_no_further_ahead_than_needed() {
    let pipeline = Pipeline::builder().jobs(1).build().expect("a pipeline");
    let taken = std::cell::Cell::new(0_usize);
    let endless = (0..).map(|n: usize| {
        taken.set(n + 1);
        SourceText {
            id: n.to_string(),
            text: "“Row,” said Emil. ".repeat(1000),
            ..SourceText::default()
        }
    });
    let mut stream = pipeline.stream(endless);
    for n in 0..3 {
        let document = stream.next().expect("no end").expect("a document");
        assert_eq!(document.id, n.to_string());
    }
    // No more than 256 documents, and one that was asked for in between.
    assert!(taken.get() <= 256 + 3, "{}", taken.get());
}

#[test]
fn a_long_document_among_short_ones_changes_nothing() {
    let mut sources = sources();
    sources[3].text = "“We sail at dawn,” said Hana Brož. The wind had turned. ".repeat(400);
    let alone: Vec<Document> = {
        let pipeline = Pipeline::builder().jobs(1).build().expect("a pipeline");
        let read = sources.iter().cloned().map(|source| pipeline.read(source));
        read.collect::<Result<_, _>>().expect("every document")
    };
    let pipeline = Pipeline::builder().jobs(3).build().expect("a pipeline");
    let streamed = pipeline.stream(sources).collect::<Result<Vec<_>, _>>();
    assert_eq!(streamed.expect("every document"), alone);
    let work = pipeline.work();
    assert_eq!(work.documents, 40);
    assert!(work.windows > 40 && work.pieces > 4000, "{work:?}");
}
