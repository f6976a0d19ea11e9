//! An evaluation to look at.

use dixit_document::Document;
use dixit_eval::{Boundaries, Figure, Group, Measure, Report, SpanMeasure, Verdict};

use crate::cases;
use crate::escape::escaped;
use crate::frame::REPORT;
use crate::plots::{bar, dot, stack, sureness};
use crate::verdicts::{ORDER, class, is_mistake, meaning};
use crate::worst;

/// The report as one page. `gold` is what it was made of: the page shows the texts.
#[must_use]
pub fn report(report: &Report, gold: &[Document]) -> String {
    let mut out = REPORT.head("Evaluation");
    out.push_str("<header class=\"top\">\n<h1>Evaluation</h1>\n<ul class=\"terms\">");
    for line in report.terms() {
        out.push_str(&format!("<li>{}</li>", escaped(&line)));
    }
    out.push_str(
        "</ul>\n<nav aria-label=\"Parts\"><a href=\"#worst\">What we get wrong most</a> <a href=\"#figures\">Figures</a> \
         <a href=\"#groups\">By group</a> <a href=\"#texts\">Every document</a></nav>\n</header>\n<main id=\"main\">\n",
    );
    most(&mut out, report, gold);
    figures(&mut out, report);
    groups(&mut out, report);
    documents(&mut out, report, gold);
    problems(&mut out, report);
    out.push_str("</main>\n");
    out.push_str(&REPORT.tail());
    out
}

/// The answer to the first question, in words, a bar and tables.
fn most(out: &mut String, report: &Report, gold: &[Document]) {
    out.push_str("<section id=\"worst\" aria-labelledby=\"worst-h\"><h2 id=\"worst-h\">What we get wrong most</h2>\n");
    let mistakes = worst::mistakes(report);
    let golds = report
        .outcomes
        .iter()
        .filter(|outcome| outcome.gold.is_some() && outcome.verdict != Verdict::Free)
        .count();
    let predictions = report
        .outcomes
        .iter()
        .filter(|outcome| outcome.predicted.is_some() && outcome.verdict != Verdict::Free)
        .count();
    let right = report.count(Verdict::Right);
    let losses = worst::groups(report);
    out.push_str(&sentence(&mistakes, golds, predictions, right, &losses));
    if !report.outcomes.is_empty() {
        let parts: Vec<(&str, usize)> = ORDER
            .iter()
            .rev()
            .map(|verdict| (class(*verdict), report.count(*verdict)))
            .collect();
        out.push_str(&stack(&parts));
        out.push_str("<ul class=\"keys\">");
        for verdict in ORDER
            .into_iter()
            .rev()
            .filter(|verdict| report.count(*verdict) > 0)
        {
            out.push_str(&format!(
                "<li class=\"{}\"><span class=\"dot\" aria-hidden=\"true\"></span><b>{}</b> {} <small>{}</small></li>",
                class(verdict),
                report.count(verdict),
                verdict,
                meaning(verdict),
            ));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("<div class=\"grid\">\n");
    let named = report
        .headline()
        .map_or_else(String::new, |measure| measure.to_string());
    lost(
        out,
        "Where most is lost",
        &format!("Gold items, by what they are; lost under “{named}”."),
        &losses,
    );
    let cues = worst::cues(report, gold);
    lost(
        out,
        "Cues most often lost",
        "Gold quotations by their cue.",
        &cues.lost,
    );
    lost(
        out,
        "By length",
        "Gold quotations that are not right, by length.",
        &worst::lengths(report),
    );
    let wrong = worst::confusions(report);
    if !wrong.is_empty() {
        out.push_str("<figure><figcaption>Who is taken for whom</figcaption><table><thead><tr><th scope=\"col\">gold</th><th scope=\"col\" class=\"name\">predicted</th><th scope=\"col\">times</th></tr></thead><tbody>");
        for (gold, predicted, count) in wrong {
            out.push_str(&format!(
                "<tr><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td><td class=\"num\">{count}</td></tr>",
                escaped(&gold),
                escaped(&predicted)
            ));
        }
        out.push_str("</tbody></table></figure>\n");
    }
    if cues.spurious.iter().any(|(_, count)| *count > 1) {
        let most = cues.spurious.first().map_or(1, |(_, count)| *count) as f64;
        out.push_str("<figure><figcaption>Cues of spurious quotations</figcaption><table><tbody>");
        for (words, count) in &cues.spurious {
            out.push_str(&format!(
                "<tr><td><bdi>{}</bdi></td><td class=\"wide\">{}</td><td class=\"num\">{count}</td></tr>",
                escaped(words),
                bar(*count as f64 / most, "v-spurious"),
            ));
        }
        out.push_str("</tbody></table></figure>\n");
    }
    let bins = worst::sureness(report);
    if bins.len() > 1 {
        out.push_str(&format!(
            "<figure><figcaption>Right, by how sure it was</figcaption>{}<p><small>Per cent of the predictions that \
             are right; on the line, confidence is the chance of being right.</small></p></figure>\n",
            sureness(&bins)
        ));
    }
    out.push_str("</div></section>\n");
}

fn sentence(
    mistakes: &[(Verdict, usize)],
    golds: usize,
    predictions: usize,
    right: usize,
    losses: &[worst::Loss],
) -> String {
    let Some(&(first, count)) = mistakes.first() else {
        return match golds {
            0 => "<p class=\"lead\">There are no gold quotations to compare with.</p>\n".to_owned(),
            _ => format!("<p class=\"lead\">Nothing: all {golds} quotations are right.</p>\n"),
        };
    };
    let share =
        |part: usize, whole: usize| format!("{:.0} %", 100.0 * part as f64 / whole.max(1) as f64);
    let told = |verdict: Verdict, count: usize| {
        let class = class(verdict);
        match (verdict, count) {
            (Verdict::Spurious, _) => format!(
                "{} <b class=\"{class}\">spurious</b> ({} of all predictions)",
                match count {
                    1 => "1 prediction is".to_owned(),
                    _ => format!("{count} predictions are"),
                },
                share(count, predictions)
            ),
            _ => format!(
                "{} <b class=\"{class}\">{}</b> ({} of the gold ones)",
                match count {
                    1 => "1 quotation is".to_owned(),
                    _ => format!("{count} quotations are"),
                },
                name(verdict),
                share(count, golds)
            ),
        }
    };
    let mut text = format!(
        "<p class=\"lead\">Of {golds} gold quotations {right} are right ({}). Most mistakes: {}",
        share(right, golds),
        told(first, count)
    );
    for &(verdict, count) in mistakes.iter().skip(1).take(2) {
        text.push_str(&format!("; then {}", told(verdict, count)));
    }
    text.push('.');
    if let Some(loss) = losses.first() {
        text.push_str(&format!(
            " Most is lost among <b>{}</b>: {} of {} ({}).",
            escaped(&loss.name),
            loss.lost,
            loss.all,
            share(loss.lost, loss.all)
        ));
    }
    if let Some(loss) = losses
        .iter()
        .filter(|loss| loss.all >= 20)
        .max_by(|a, b| a.share().total_cmp(&b.share()))
        && losses.first().is_some_and(|first| first.name != loss.name)
    {
        text.push_str(&format!(
            " Lost most often: <b>{}</b>, {} of {} ({}).",
            escaped(&loss.name),
            loss.lost,
            loss.all,
            share(loss.lost, loss.all)
        ));
    }
    text.push_str("</p>\n");
    text
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::WrongSpeaker => "given to the wrong speaker",
        Verdict::NoSpeaker => "without a speaker",
        Verdict::WrongSource => "given the wrong source",
        Verdict::WrongSpan => "of another span",
        verdict => verdict.as_str(),
    }
}

fn lost(out: &mut String, title: &str, note: &str, losses: &[worst::Loss]) {
    if losses.is_empty() {
        return;
    }
    out.push_str(&format!(
        "<figure><figcaption>{}</figcaption><p><small>{}</small></p><table><thead><tr><th scope=\"col\"></th>\
         <th scope=\"col\" class=\"wide\">share lost</th><th scope=\"col\"></th><th scope=\"col\">lost</th><th scope=\"col\">of</th></tr></thead><tbody>",
        escaped(title),
        escaped(note)
    ));
    for loss in losses {
        out.push_str(&format!(
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"wide\">{}</td><td class=\"num\">{:.0} %</td>\
             <td class=\"num\">{}</td><td class=\"num\">{}</td></tr>",
            escaped(&loss.name),
            bar(loss.share(), "v-missed"),
            loss.share() * 100.0,
            loss.lost,
            loss.all,
        ));
    }
    out.push_str("</tbody></table></figure>\n");
}

/// Whether the tables of the page show a measure: raw ends for exact spans only.
pub(crate) fn is_shown(measure: Measure) -> bool {
    match measure {
        Measure::Spans(_, measure, boundaries) => {
            boundaries == Boundaries::Stripped || measure == SpanMeasure::Exact
        }
        _ => true,
    }
}

fn figures(out: &mut String, report: &Report) {
    out.push_str(
        "<section id=\"figures\" aria-labelledby=\"figures-h\"><h2 id=\"figures-h\">Figures</h2>\n",
    );
    let mut open = "";
    for figure in report
        .figures
        .iter()
        .filter(|figure| figure.group == Group::All && is_shown(figure.measure))
    {
        if figure.section != open {
            if !open.is_empty() {
                out.push_str("</tbody></table></div>\n");
            }
            open = figure.section;
            table(out, open, "");
        }
        row(out, &figure.measure.to_string(), figure);
    }
    if !open.is_empty() {
        out.push_str("</tbody></table></div>\n");
    }
    out.push_str("</section>\n");
}

fn table(out: &mut String, title: &str, first: &str) {
    out.push_str(&format!(
        "<h3>{0}</h3><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table class=\"figures\"><thead><tr>\
         <th scope=\"col\">{1}</th><th scope=\"col\">P</th><th scope=\"col\">R</th><th scope=\"col\">F1 or share</th>\
         <th scope=\"col\" class=\"wide\">0 – 100, 95 %</th><th scope=\"col\">95 %</th><th scope=\"col\">gold</th>\
         <th scope=\"col\">predicted</th><th scope=\"col\">right</th></tr></thead><tbody>\n",
        escaped(title),
        escaped(first)
    ));
}

fn row(out: &mut String, name: &str, figure: &Figure) {
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", share * 100.0))
    };
    let count = |count: f64| match count {
        0.0 => String::new(),
        count if (count - count.round()).abs() < 1e-9 => format!("{count:.0}"),
        count => format!("{count:.1}"),
    };
    let counts = &figure.counts;
    let two_sided = figure.measure.is_f1() || counts.predicted > 0.0;
    let side = |share: Option<f64>| {
        if two_sided && share.is_some() {
            percent(share)
        } else {
            String::new()
        }
    };
    out.push_str(&format!(
        "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num main\">{}</td>\
         <td class=\"wide\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\n",
        escaped(name),
        side(figure.precision),
        side(figure.recall),
        percent(figure.value),
        figure.value.map_or_else(String::new, |value| dot(value, figure.interval)),
        figure.interval.map_or_else(String::new, |(low, high)| format!("{:.1}–{:.1}", low * 100.0, high * 100.0)),
        count(counts.gold),
        count(counts.predicted),
        count(counts.right_gold.max(counts.right_predicted)),
    ));
}

/// The main measures by kind, marks, mode, reference, form of the source, entity type and genre.
fn groups(out: &mut String, report: &Report) {
    out.push_str(
        "<section id=\"groups\" aria-labelledby=\"groups-h\"><h2 id=\"groups-h\">By group</h2>\n",
    );
    let mapping = report.options.chosen_mapping();
    let wanted = |figure: &&Figure| {
        figure.counts.gold > 0.0
            && figure.measure.is_main()
            && figure.measure.mapping().is_none_or(|by| by == mapping)
            && !matches!(figure.group, Group::All | Group::Document(_))
    };
    let mut dimensions: Vec<&str> = Vec::new();
    let all: Vec<&Figure> = report.figures.iter().filter(wanted).collect();
    for figure in &all {
        if !dimensions.contains(&figure.dimension) {
            dimensions.push(figure.dimension);
        }
    }
    for dimension in dimensions {
        out.push_str(&format!(
            "<details class=\"dim\"><summary>by {dimension}</summary>\n"
        ));
        table(out, dimension, dimension);
        let mut last = None;
        for figure in all.iter().filter(|figure| figure.dimension == dimension) {
            if last != Some(figure.measure) {
                last = Some(figure.measure);
                out.push_str(&format!(
                    "<tr class=\"of\"><th scope=\"rowgroup\" colspan=\"9\">{}</th></tr>\n",
                    escaped(&figure.measure.to_string())
                ));
            }
            row(out, &figure.group.to_string(), figure);
        }
        out.push_str("</tbody></table></div></details>\n");
    }
    out.push_str("</section>\n");
}

fn documents(out: &mut String, report: &Report, gold: &[Document]) {
    if report.outcomes.is_empty() {
        return;
    }
    out.push_str("<section id=\"texts\" aria-labelledby=\"texts-h\"><h2 id=\"texts-h\">Every document</h2>\n");
    out.push_str(
        "<div class=\"filter\" role=\"group\" aria-label=\"Show\"><div class=\"switches\">",
    );
    for verdict in ORDER
        .into_iter()
        .filter(|verdict| report.count(*verdict) > 0)
    {
        let pressed = is_mistake(verdict) || verdict == Verdict::Right;
        out.push_str(&format!(
            "<button type=\"button\" class=\"{0}\" data-v=\"{0}\" aria-pressed=\"{pressed}\">{1} <span>{2}</span></button>",
            class(verdict),
            verdict,
            report.count(verdict),
        ));
    }
    out.push_str(
        "</div><label>Kind <select id=\"kind\"><option value=\"\">all</option><option>direct</option><option>indirect</option>\
         <option>mixed</option></select></label> <label>Words, name or document <input id=\"find\" type=\"search\" autocomplete=\"off\"></label> \
         <label>Order <select id=\"order\"><option value=\"at\">as given</option><option value=\"wrong\">most mistakes first</option></select></label>\
         <output id=\"found\" aria-live=\"polite\"></output></div>\n\
         <p><small>In the text, gold quotations are tinted, predicted ones underlined. Click one for both sides.</small></p>\n<div id=\"cases\">\n",
    );
    cases::write(out, report, gold);
    out.push_str("</div></section>\n");
}

fn problems(out: &mut String, report: &Report) {
    if report.problems.is_empty() {
        return;
    }
    out.push_str(
        "<section aria-labelledby=\"problems-h\"><h2 id=\"problems-h\">What did not fit</h2><ul>\n",
    );
    for problem in &report.problems {
        out.push_str(&format!(
            "<li><bdi>{}</bdi>: {}</li>\n",
            escaped(&problem.document),
            escaped(&problem.message)
        ));
    }
    out.push_str("</ul></section>\n");
}
