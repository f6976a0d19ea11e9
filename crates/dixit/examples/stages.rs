//! Where the time of reading documents goes, stage by stage, and how near the whole comes to the
//! encoder alone on the same windows.
//!
//! ```text
//! cargo run --release -p dixit --example stages -- CORPUS.jsonl [int8|f32 [THREADS [ROUNDS]]]
//! ```
//! Times are those that threads were on a core, where the system tells them, so that other load
//! on the machine does not count. Rounds take turns and the best one of each counts.

use std::error::Error;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Instant;

use dixit::{Pipeline, Precision, SourceText};
use dixit_encoder::{Frame, Model, Window};
use dixit_tokenize::{Layout, Pieces};
use rayon::prelude::*;

const STAGES: [&str; 7] = [
    "layout",
    "word pieces",
    "encoder",
    "heads",
    "names",
    "quotations",
    "speakers",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments
        .next()
        .ok_or("name a corpus: a text in each line's `text`")?;
    let precision = match arguments.next().as_deref() {
        None | Some("int8") => Precision::Int8,
        Some("f32") => Precision::F32,
        Some(other) => return Err(format!("{other}? int8 or f32").into()),
    };
    let threads: usize = arguments.next().map_or(Ok(2), |n| n.parse())?;
    let rounds: usize = arguments.next().map_or(Ok(3), |n| n.parse())?;
    let texts = texts(Path::new(&path))?;
    let model = Model::bundled(precision)?;
    let pipeline = Pipeline::builder()
        .jobs(threads)
        .precision(precision)
        .build()?;

    let documents = texts
        .iter()
        .map(|text| model.pieces(text))
        .collect::<Result<Vec<Pieces>, _>>()?;
    let windows: Vec<(Window, Vec<usize>)> = documents
        .iter()
        .flat_map(|pieces| {
            let frames = model.frames(pieces);
            frames
                .into_iter()
                .map(|frame| Model::window(pieces, &frame))
        })
        .collect();
    let pieces: usize = documents.iter().map(|pieces| pieces.ids.len()).sum();
    let encoded: usize = windows.iter().map(|(window, _)| window.ids.len()).sum();
    println!("{} documents, {pieces} word pieces", texts.len());
    println!(
        "{} windows of {encoded} pieces, overlaps and special pieces counted in: {:.2} times as many\n",
        windows.len(),
        encoded as f64 / pieces as f64
    );

    let mut best = [f64::MAX; STAGES.len()];
    let (mut bare, mut whole) = (f64::MAX, f64::MAX);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    for _ in 0..rounds {
        let mut round = [0.0; STAGES.len()];
        for text in &texts {
            stages(&model, text, &mut round)?;
        }
        best.iter_mut()
            .zip(round)
            .for_each(|(best, time)| *best = best.min(time));
        let start = process_clock();
        pool.install(|| {
            let encode = |(window, rows): &(Window, Vec<usize>)| {
                model.engine().encode_rows(window, rows).map(drop)
            };
            windows.par_iter().try_for_each(encode)
        })?;
        bare = bare.min(process_clock() - start);
        let start = process_clock();
        let sources = texts.iter().map(|text| SourceText {
            text: text.clone(),
            ..SourceText::default()
        });
        for document in pipeline.stream(sources.collect::<Vec<_>>()) {
            document?;
        }
        whole = whole.min(process_clock() - start);
    }
    let total: f64 = best.iter().sum();
    println!("| stage | seconds on one core | share |\n|---|---|---|");
    for (stage, time) in STAGES.iter().zip(best) {
        println!("| {stage} | {time:.3} | {:.1} % |", 100.0 * time / total);
    }
    let rate = |time: f64| encoded as f64 * threads as f64 / time;
    println!("\n| {threads} threads | encoded pieces a second |\n|---|---|");
    println!("| encoder alone | {:.0} |", rate(bare));
    println!("| the whole | {:.0} |", rate(whole));
    println!(
        "\nThe whole reaches {:.1} % of the encoder alone.",
        100.0 * bare / whole
    );
    Ok(())
}

fn texts(path: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut texts = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let document: serde_json::Value = serde_json::from_str(line)?;
        let text = document["text"].as_str().ok_or("a line without `text`")?;
        texts.push(text.to_owned());
    }
    Ok(texts)
}

/// Reads one document on this thread, as the pipeline does, and adds what each stage took.
fn stages(
    model: &Model,
    text: &str,
    times: &mut [f64; STAGES.len()],
) -> Result<(), Box<dyn Error>> {
    let mut last = clock();
    let mut lap = |stage: usize| {
        let now = clock();
        times[stage] += now - last;
        last = now;
    };
    let layout = Layout::read(text);
    lap(0);
    let pieces = model.pieces(text)?;
    lap(1);
    let frames = model.frames(&pieces);
    let encode = |frame: &Frame| {
        let (window, rows) = Model::window(&pieces, frame);
        model.engine().encode_rows(&window, &rows)
    };
    let vectors = frames.iter().map(encode).collect::<Result<Vec<_>, _>>()?;
    lap(2);
    let scored = frames
        .iter()
        .zip(&vectors)
        .map(|(frame, vectors)| model.heads().score(frame, vectors.view()))
        .collect::<Result<Vec<_>, _>>()?;
    let scores = model.heads().gather(scored)?;
    let reading = dixit_encoder::Reading { pieces, scores };
    lap(3);
    let names = dixit_ner::named_entities(model, &reading);
    lap(4);
    let found = dixit_quote::quotations(model, &reading, text, &layout);
    lap(5);
    drop(dixit_speaker::link(text, &layout, &names, found.quotations));
    lap(6);
    Ok(())
}

/// Seconds that this thread was on a core, or of the clock.
fn clock() -> f64 {
    on_core("/proc/thread-self/schedstat").unwrap_or_else(by_the_clock)
}

/// Seconds that all threads of this process were on a core, or of the clock.
fn process_clock() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return by_the_clock();
    };
    tasks
        .flatten()
        .filter_map(|task| on_core(task.path().join("schedstat")))
        .sum()
}

fn on_core(path: impl AsRef<Path>) -> Option<f64> {
    let told = std::fs::read_to_string(path).ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

fn by_the_clock() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}
