//! Documents to read: who said what.

use std::io::{self, Write};

use dixit_document::{Document, Kind, Quotation};

use crate::escape::escaped;
use crate::frame::TEXTS;
use crate::passage;
use crate::speakers::Speakers;

const TITLE: &str = "Who said what";

/// Writes documents, one after the other, as one page.
///
/// ```
/// use dixit_document::Document;
/// use dixit_html::Page;
///
/// let mut page = Page::new(Vec::new())?;
/// let document = Document { id: "a".to_owned(), text: "<Né à Łódź>".to_owned(), ..Document::default() };
/// page.write(&document)?;
/// let html = String::from_utf8(page.finish()?).unwrap_or_default();
/// assert!(html.contains("&lt;Né à Łódź&gt;"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Page<W: Write> {
    out: W,
    documents: usize,
    quotations: usize,
}

impl<W: Write> Page<W> {
    /// Begins a page.
    ///
    /// # Errors
    /// Where `out` takes no more.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(TEXTS.head(TITLE).as_bytes())?;
        out.write_all(TOP.as_bytes())?;
        Ok(Self {
            out,
            documents: 0,
            quotations: 0,
        })
    }

    /// Writes a document.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn write(&mut self, document: &Document) -> io::Result<()> {
        self.documents += 1;
        self.quotations += document.quotations.as_ref().map_or(0, Vec::len);
        let html = article(document, self.documents);
        self.out.write_all(html.as_bytes())
    }

    /// Hands on what is still buffered.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends the page and gives the output back.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn finish(mut self) -> io::Result<W> {
        let end = format!(
            "</main>\n<footer class=\"foot\"><p>{}, {}. Made with Dixit {}.</p></footer>\n{}",
            counted(self.documents, "document"),
            counted(self.quotations, "quotation"),
            env!("CARGO_PKG_VERSION"),
            TEXTS.tail(),
        );
        self.out.write_all(end.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// What stands above the documents: how to read the marks.
const TOP: &str = "<header class=\"top\">\n<h1>Who said what</h1>\n\
    <p class=\"legend\"><span><mark class=\"q c0\">words</mark> in the colour of their speaker</span> \
    <span><span class=\"cue c0\">said</span> the cue</span> \
    <span><span class=\"src c0\">she</span> the mention of the speaker</span></p>\n\
    <nav id=\"contents\" aria-label=\"Documents\" hidden></nav>\n</header>\n<main id=\"main\">\n";

fn article(document: &Document, number: usize) -> String {
    let quotations = document.quotations.as_deref().unwrap_or_default();
    let speakers = Speakers::of(document);
    let title = document.meta.get("title").and_then(|title| title.as_str());
    let name = title.map_or_else(String::new, |title| {
        format!("<h2 id=\"d{number}h\"><bdi>{}</bdi></h2>", escaped(title))
    });
    let id = escaped(&document.id);
    let heading = if name.is_empty() {
        format!("<h2 id=\"d{number}h\"><bdi>{id}</bdi></h2>")
    } else {
        format!("{name}<p class=\"id\"><bdi>{id}</bdi></p>")
    };
    let mut out = format!(
        "<article class=\"doc\" id=\"d{number}\" aria-labelledby=\"d{number}h\">\n\
         <header>{heading}<p class=\"counts\">{}, {}, {} in quotations</p></header>\n\
         <div class=\"columns\">\n<section class=\"passage\" aria-label=\"Text\">\
         <div class=\"text\" dir=\"auto\">",
        counted(quotations.len(), "quotation"),
        counted(speakers.known(), "speaker"),
        counted(speakers.words(), "word"),
    );
    passage::write(&mut out, document, &speakers, number);
    out.push_str(
        "</div></section>\n<aside class=\"beside\" aria-label=\"Speakers and quotations\">\n",
    );
    if quotations.is_empty() {
        out.push_str("<p class=\"none\">Nobody is quoted in this text.</p>\n");
    } else {
        shares(&mut out, &speakers, number);
        said(&mut out, document, &speakers, number);
    }
    out.push_str("</aside>\n</div>\n</article>\n");
    out
}

/// The speakers with their share of the words; each is a switch that shows theirs only.
fn shares(out: &mut String, speakers: &Speakers, number: usize) {
    let total = speakers.words().max(1) as f64;
    let most = speakers
        .all
        .iter()
        .map(|speaker| speaker.words)
        .max()
        .unwrap_or(0)
        .max(1) as f64;
    out.push_str(&format!(
        "<h3 id=\"d{number}s\">Share of the words</h3>\n\
         <ul class=\"shares\" aria-labelledby=\"d{number}s\">\n"
    ));
    for (rank, speaker) in speakers.all.iter().enumerate() {
        let words = speaker.words as f64;
        out.push_str(&format!(
            "<li><button type=\"button\" class=\"{class}\" data-s=\"{rank}\" aria-pressed=\"false\">\
             <span class=\"n\" aria-hidden=\"true\">{}</span><bdi class=\"who\">{}</bdi>\
             <svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
             <rect class=\"rail\" width=\"100\" height=\"6\" rx=\"1\"/>\
             <rect class=\"bar\" width=\"{:.2}\" height=\"6\" rx=\"1\"/></svg>\
             <span class=\"share\">{:.0} %</span><small>{}, {}</small></button></li>\n",
            rank + 1,
            escaped(speakers.name(rank)),
            100.0 * words / most,
            100.0 * words / total,
            counted(speaker.words, "word"),
            counted(speaker.quotations, "quotation"),
            class = speakers.class(rank),
        ));
    }
    out.push_str("</ul>\n");
}

/// Who – said – what, each leading to its place in the text.
fn said(out: &mut String, document: &Document, speakers: &Speakers, number: usize) {
    out.push_str(&format!(
        "<h3 id=\"d{number}w\">Who – said – what</h3>\n<ol class=\"said\" aria-labelledby=\"d{number}w\">\n"
    ));
    for (index, quotation) in document.quotations.iter().flatten().enumerate() {
        let rank = speakers.rank(quotation);
        let cue: Vec<&str> = quotation
            .cue
            .iter()
            .map(|span| span.of(&document.text))
            .collect();
        let cue = match cue.is_empty() {
            true => String::new(),
            false => format!(" <span class=\"verb\">{}</span>", escaped(&cue.join(" … "))),
        };
        let words = escaped(&dixit_corpus::words(document, quotation));
        let words = match quotation.kind {
            Some(Kind::Direct) => format!("<q>{words}</q>"),
            _ => words,
        };
        out.push_str(&format!(
            "<li id=\"d{number}l{at}\" class=\"{}\" data-s=\"{rank}\"><a href=\"#d{number}q{at}\">\
             <span class=\"n\" aria-hidden=\"true\">{}</span><bdi class=\"who\">{}</bdi>{cue} \
             <span class=\"words\" dir=\"auto\">{words}</span></a>{}</li>\n",
            speakers.class(rank),
            rank + 1,
            escaped(speakers.name(rank)),
            notes(document, quotation),
            at = index + 1,
        ));
    }
    out.push_str("</ol>\n");
}

/// What else is known of a quotation.
fn notes(document: &Document, quotation: &Quotation) -> String {
    let mut notes: Vec<String> = Vec::new();
    notes.extend(quotation.kind.map(|kind| kind.to_string()));
    notes.extend(quotation.mode.map(|mode| mode.to_string()));
    notes.extend(
        quotation
            .marked
            .map(|marked| if marked { "in marks" } else { "without marks" }.to_owned()),
    );
    let addressees: Vec<String> = quotation
        .addressees
        .iter()
        .filter_map(|id| document.entities.get(id.index()))
        .map(|entity| format!("<bdi>{}</bdi>", escaped(&entity.name)))
        .collect();
    if !addressees.is_empty() {
        notes.push(format!("to {}", addressees.join(", ")));
    }
    if quotation.confidence < 1.0 {
        notes.push(format!("{:.0} % sure", quotation.confidence * 100.0));
    }
    match notes.is_empty() {
        true => String::new(),
        false => format!("<small>{}</small>", notes.join(" · ")),
    }
}

/// “1 word”, “2 words”.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
