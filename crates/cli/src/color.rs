//! Colours, where a person looks; and texts from anywhere made safe to show one.

/// Whether what goes to `terminal` may be coloured: somebody has to see it, and not mind.
pub(crate) fn wanted(is_terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    is_terminal && !dumb && !set("NO_COLOR")
}

/// The text on one line, without the control characters that could steer a terminal.
pub(crate) fn plain(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let line: String = visible.collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a part of the listing looks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paint {
    Heading,
    Speaker,
    Aside,
}

impl Paint {
    /// The text in this paint, or as it is.
    pub(crate) fn on(self, text: &str, colored: bool) -> String {
        let code = match self {
            Self::Heading => "1",
            Self::Speaker => "1;36",
            Self::Aside => "2",
        };
        if colored {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
