//! Texts from anywhere, made safe to stand in a page.

/// Writes a text as the content of an element: markup as text, line ends as line feeds, and
/// characters that would act instead of being seen (controls, changes of direction) by their
/// number.
pub(crate) fn text(out: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            character if acts(character) => {
                out.push_str(&format!(
                    "<span class=\"ctl\">U+{:04X}</span>",
                    u32::from(character)
                ));
            }
            character => out.push(character),
        }
    }
}

/// The text as the content of an element.
pub(crate) fn escaped(content: &str) -> String {
    let mut out = String::with_capacity(content.len() + content.len() / 8);
    text(&mut out, content);
    out
}

/// The text on one line, as the value of an attribute in double quotes or of the page's title.
pub(crate) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || acts(c)) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        for character in word.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                character => out.push(character),
            }
        }
    }
    out
}

/// Whether a character steers the page or the direction of the text instead of being read.
fn acts(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        character => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            escaped("</mark><script>alert('é & “ü”')</script>"),
            "&lt;/mark&gt;&lt;script&gt;alert('é &amp; “ü”')&lt;/script&gt;"
        );
        assert_eq!(
            attribute("\" onclick='x' <b>\r\n & Zoë"),
            "&quot; onclick=&#39;x&#39; &lt;b&gt; &amp; Zoë"
        );
    }

    #[test]
    fn what_acts_is_shown_by_its_number() {
        assert_eq!(escaped("a\r\nb\rc\td"), "a\nb\nc\td");
        assert_eq!(
            escaped("\0\u{202e}שלום\u{1b}"),
            "<span class=\"ctl\">U+0000</span><span class=\"ctl\">U+202E</span>שלום\
             <span class=\"ctl\">U+001B</span>"
        );
        assert_eq!(attribute("a\u{202e}\0b"), "a b");
    }
}
