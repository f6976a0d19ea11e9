//! Small plots as SVG. They stretch with their cell; what they show stands beside them in words.

/// A bar of `value` from 0 to 1, in the colour of `class`.
pub(crate) fn bar(value: f64, class: &str) -> String {
    format!(
        "<svg class=\"plot {class}\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rail\" width=\"100\" height=\"8\"/><rect class=\"bar\" width=\"{:.2}\" height=\"8\"/></svg>",
        100.0 * value.clamp(0.0, 1.0)
    )
}

/// A value from 0 to 1 with its interval, on a rail with a line at every quarter.
pub(crate) fn dot(value: f64, interval: Option<(f64, f64)>) -> String {
    let at = |share: f64| 100.0 * share.clamp(0.0, 1.0);
    let whisker = interval.map_or_else(String::new, |(low, high)| {
        format!(
            "<rect class=\"whisker\" x=\"{:.2}\" y=\"4\" width=\"{:.2}\" height=\"4\"/>",
            at(low),
            (at(high) - at(low)).max(0.4)
        )
    });
    let quarters: String = [25, 50, 75]
        .iter()
        .map(|x| format!("<rect class=\"tick\" x=\"{x}\" y=\"0\" width=\"0.3\" height=\"12\"/>"))
        .collect();
    format!(
        "<svg class=\"plot dot\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rail\" y=\"5.5\" width=\"100\" height=\"1\"/>{quarters}{whisker}\
         <rect class=\"point\" x=\"{:.2}\" y=\"1\" width=\"1.2\" height=\"10\"/></svg>",
        (at(value) - 0.6).max(0.0)
    )
}

/// A difference from -`most` to `most` with its interval, on a rail with a line at nought.
pub(crate) fn difference(value: f64, interval: Option<(f64, f64)>, most: f64) -> String {
    let at = |value: f64| 50.0 + 50.0 * (value / most.max(1e-9)).clamp(-1.0, 1.0);
    let whisker = interval.map_or_else(String::new, |(low, high)| {
        format!(
            "<rect class=\"whisker\" x=\"{:.2}\" y=\"4\" width=\"{:.2}\" height=\"4\"/>",
            at(low),
            (at(high) - at(low)).max(0.4)
        )
    });
    let class = if value < 0.0 { "v-missed" } else { "v-right" };
    format!(
        "<svg class=\"plot dot {class}\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rail\" y=\"5.5\" width=\"100\" height=\"1\"/>\
         <rect class=\"tick\" x=\"49.8\" width=\"0.4\" height=\"12\"/>{whisker}\
         <rect class=\"point\" x=\"{:.2}\" y=\"1\" width=\"1.2\" height=\"10\"/></svg>",
        at(value) - 0.6
    )
}

/// Counts beside one another, as one bar; each with its class.
pub(crate) fn stack(parts: &[(&str, usize)]) -> String {
    let all: usize = parts.iter().map(|(_, count)| count).sum();
    let mut at = 0.0;
    let mut out = String::from(
        "<svg class=\"plot stack\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    for (class, count) in parts.iter().filter(|(_, count)| *count > 0) {
        let width = 100.0 * *count as f64 / all.max(1) as f64;
        out.push_str(&format!(
            "<rect class=\"bar {class}\" x=\"{at:.2}\" width=\"{width:.2}\" height=\"8\"/>"
        ));
        at += width;
    }
    out.push_str("</svg>");
    out
}

/// How often predictions of each tenth of confidence are right, as columns before the diagonal on
/// which they would lie if confidence were the chance of being right.
pub(crate) fn sureness(bins: &[(usize, usize, usize)]) -> String {
    let mut out = String::from(
        "<svg class=\"sureness\" viewBox=\"-14 -6 122 124\" role=\"img\" \
         aria-label=\"How often predictions are right, by how sure they are\">",
    );
    for percent in [0, 50, 100] {
        out.push_str(&format!(
            "<line class=\"axis\" x1=\"0\" x2=\"100\" y1=\"{y}\" y2=\"{y}\"/><text x=\"-2\" y=\"{}\" \
             text-anchor=\"end\">{percent}</text><text x=\"{percent}\" y=\"109\" text-anchor=\"middle\">{percent}</text>",
            102.5 - f64::from(percent),
            y = 100 - percent,
        ));
    }
    for &(bin, all, right) in bins {
        let share = 100.0 * right as f64 / all.max(1) as f64;
        out.push_str(&format!(
            "<rect class=\"bar\" x=\"{}\" y=\"{:.1}\" width=\"8\" height=\"{share:.1}\"><title>{}–{} % sure: \
             {right} of {all} right</title></rect>",
            bin * 10 + 1,
            100.0 - share,
            bin * 10,
            bin * 10 + 10,
        ));
    }
    out.push_str(
        "<line class=\"diagonal\" x1=\"0\" y1=\"100\" x2=\"100\" y2=\"0\"/>\
         <text x=\"50\" y=\"117\" text-anchor=\"middle\">% sure</text></svg>",
    );
    out
}
