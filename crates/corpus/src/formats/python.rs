//! Lists, sets, strings and numbers as Python prints them, which PDNC keeps in its tables.

/// A value of a Python literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A list, a set or a tuple.
    List(Vec<Value>),
    /// A string.
    Text(String),
    /// A whole number from 0.
    Number(usize),
    /// `None`.
    Nothing,
}

/// How deep lists may lie in lists.
const DEEPEST: usize = 16;

impl Value {
    /// Reads a literal; `None` where it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.trim() };
        let value = reader.value(0)?;
        reader.rest.trim().is_empty().then_some(value)
    }

    /// The items of a list; nothing of anything else.
    pub(crate) fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `[start, end]`.
    pub(crate) fn pair(&self) -> Option<[usize; 2]> {
        match self.items() {
            [Self::Number(start), Self::Number(end)] => Some([*start, *end]),
            _ => None,
        }
    }
}

/// Writes strings as a Python list.
pub(crate) fn list(texts: impl Iterator<Item = String>) -> String {
    let quoted: Vec<String> = texts.map(|text| quoted(&text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// Writes a string as Python does.
pub(crate) fn quoted(text: &str) -> String {
    let mark = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(mark);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(mark);
    out
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = self.rest.get(character.len_utf8()..)?;
        Some(character)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '[' | '{' | '(' if depth < DEEPEST => self.list(depth),
            mark @ ('\'' | '"') => self.string(mark),
            '0'..='9' => {
                let digits = self
                    .rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(self.rest.len());
                let (number, rest) = self.rest.split_at(digits);
                self.rest = rest;
                number.parse().ok().map(Value::Number)
            }
            _ => {
                for (word, value) in [("None", Value::Nothing), ("set()", Value::List(Vec::new()))]
                {
                    if let Some(rest) = self.rest.strip_prefix(word) {
                        self.rest = rest;
                        return Some(value);
                    }
                }
                None
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let close = match self.next()? {
            '[' => ']',
            '{' => '}',
            _ => ')',
        };
        let mut items = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                return Some(Value::List(items));
            }
            items.push(self.value(depth + 1)?);
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else if !self.rest.starts_with(close) {
                return None;
            }
        }
    }

    fn string(&mut self, mark: char) -> Option<Value> {
        self.next()?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => match self.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'x' => text.push(self.code(2)?),
                    'u' => text.push(self.code(4)?),
                    'U' => text.push(self.code(8)?),
                    other => text.push(other),
                },
                character if character == mark => return Some(Value::Text(text)),
                character => text.push(character),
            }
        }
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let number = u32::from_str_radix(self.rest.get(..digits)?, 16).ok()?;
        self.rest = self.rest.get(digits..)?;
        char::from_u32(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_python_prints() {
        let value =
            Value::read("[[1, 25], {'Zoë', \"O'Hara\"}, (), None, 'a\\n\\xe9\\'']").unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(value.items()[0].pair(), Some([1, 25]));
        assert_eq!(
            value.items()[1],
            Value::List(vec![text("Zoë"), text("O'Hara")])
        );
        assert_eq!(value.items()[3], Value::Nothing);
        assert_eq!(value.items()[4], text("a\né'"));
        assert_eq!(Value::read("set()"), Some(Value::List(Vec::new())));
        for broken in [
            "",
            "[1",
            "[1 2]",
            "'a",
            "x",
            "[1] 2",
            "-1",
            "99999999999999999999999",
            "'\\x9'",
        ] {
            assert_eq!(Value::read(broken), None, "{broken}");
        }
        assert_eq!(Value::read(&"[".repeat(10_000)), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in prop::collection::vec("(\\PC|['\"\\\\\n]){0,12}", 0..4)) {
            let value = Value::read(&list(texts.iter().cloned())).unwrap();
            let read: Vec<&str> = value.items().iter().filter_map(Value::text).collect();
            prop_assert_eq!(read, texts);
        }

        #[test]
        fn any_text_is_no_trouble(text in "[\\[\\]{}(),'\"\\\\0-9a-zé ]{0,30}") {
            let _ = Value::read(&text);
        }
    }
}
