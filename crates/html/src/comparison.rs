//! Two systems side by side.

use dixit_eval::{Comparison, Group, Outcome, Side};

use crate::escape::escaped;
use crate::frame::REPORT;
use crate::plots::difference;
use crate::report::is_shown;
use crate::verdicts::class;

/// The comparison as one page: what changed, how sure that is, and every quotation that flipped.
#[must_use]
pub fn comparison(comparison: &Comparison) -> String {
    let mut out = REPORT.head("Comparison");
    out.push_str("<header class=\"top\">\n<h1>Comparison</h1>\n<ul class=\"terms\">");
    for line in comparison.terms() {
        out.push_str(&format!("<li>{}</li>", escaped(&line)));
    }
    out.push_str("</ul>\n</header>\n<main id=\"main\">\n");
    figures(&mut out, comparison);
    flips(&mut out, comparison);
    out.push_str("</main>\n");
    out.push_str(&REPORT.tail());
    out
}

fn figures(out: &mut String, comparison: &Comparison) {
    let rows: Vec<_> = comparison
        .differences
        .iter()
        .filter(|row| row.group == Group::All && is_shown(row.measure))
        .collect();
    let most = rows
        .iter()
        .flat_map(|row| {
            row.interval
                .map(|(low, high)| low.abs().max(high.abs()))
                .into_iter()
                .chain(row.difference.map(f64::abs))
        })
        .fold(0.0, f64::max);
    out.push_str(&format!(
        "<section aria-labelledby=\"f\"><h2 id=\"f\">Differences</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"Differences\"><table class=\"figures\"><thead><tr><th scope=\"col\"></th><th scope=\"col\">first</th>\
         <th scope=\"col\">second</th><th scope=\"col\">difference</th><th scope=\"col\" class=\"wide\">−{0:.1} – +{0:.1}</th>\
         <th scope=\"col\">95 %</th><th scope=\"col\">p</th></tr></thead><tbody>\n",
        most * 100.0
    ));
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", share * 100.0))
    };
    for row in rows {
        out.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num main\">{}</td>\
             <td class=\"wide\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\n",
            escaped(&row.measure.to_string()),
            percent(row.a),
            percent(row.b),
            row.difference.map_or_else(|| "–".to_owned(), |difference| format!("{:+.1}", difference * 100.0)),
            row.difference.map_or_else(String::new, |value| difference(value, row.interval, most)),
            row.interval.map_or_else(String::new, |(low, high)| format!("{:+.1} – {:+.1}", low * 100.0, high * 100.0)),
            row.p.map_or_else(String::new, |p| format!("{p:.3}")),
        ));
    }
    out.push_str("</tbody></table></div></section>\n");
}

fn flips(out: &mut String, comparison: &Comparison) {
    let gained = comparison.flips.iter().filter(|flip| flip.gained).count();
    out.push_str(&format!(
        "<section aria-labelledby=\"l\"><h2 id=\"l\">Quotations that flipped</h2><p class=\"lead\">{gained} gained, {} lost by the second system.</p>\n",
        comparison.flips.len() - gained
    ));
    for (title, wanted) in [("Lost", false), ("Gained", true)] {
        let flips: Vec<_> = comparison
            .flips
            .iter()
            .filter(|flip| flip.gained == wanted)
            .collect();
        if flips.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "<details class=\"dim\" open><summary>{title}: {}</summary><ol class=\"outcomes\">\n",
            flips.len()
        ));
        for flip in flips {
            out.push_str(&format!(
                "<li class=\"o {}\"><p class=\"head\"><bdi>{}</bdi> <small>{} → {}</small></p>",
                class(if wanted {
                    flip.b.verdict
                } else {
                    flip.a.verdict
                }),
                escaped(&flip.a.document),
                flip.a.verdict,
                flip.b.verdict,
            ));
            side(out, "Gold", flip.a.gold.as_ref());
            side(out, "First", predicted(&flip.a));
            side(out, "Second", predicted(&flip.b));
            out.push_str("</li>\n");
        }
        out.push_str("</ol></details>\n");
    }
    out.push_str("</section>\n");
}

fn predicted(outcome: &Outcome) -> Option<&Side> {
    outcome.predicted.as_ref()
}

fn side(out: &mut String, title: &str, side: Option<&Side>) {
    match side {
        None => out.push_str(&format!("<div class=\"side nil\"><b>{title}</b> nothing</div>")),
        Some(side) => out.push_str(&format!(
            "<div class=\"side\"><b>{title}</b> <bdi class=\"who\">{}</bdi> <span class=\"by\">{}</span>\
             <span class=\"words\" dir=\"auto\">{}</span></div>",
            escaped(side.speaker.as_deref().unwrap_or("–")),
            escaped(&side.source_text),
            escaped(&side.text),
        )),
    }
}
