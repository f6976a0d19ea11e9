//! The lines of brat's stand-off files.

use std::collections::HashMap;

use crate::schema::Pair;

/// A text-bound annotation.
pub(crate) struct TextBound {
    /// Its type.
    pub(crate) label: String,
    /// Where, in the order of the file.
    pub(crate) spans: Vec<Pair>,
    /// The text as the file repeats it.
    pub(crate) text: String,
    /// The line, from 1.
    pub(crate) line: u64,
}

/// An event: roles and the annotations that fill them.
pub(crate) struct Event {
    /// Its id.
    pub(crate) id: String,
    /// Its type.
    pub(crate) label: String,
    /// Role, without brat's number, and annotation.
    pub(crate) roles: Vec<(String, String)>,
    /// The line, from 1.
    pub(crate) line: u64,
}

/// What a stand-off file says.
#[derive(Default)]
pub(crate) struct StandOff {
    /// Text-bound annotations in order, with their ids.
    pub(crate) text_bounds: Vec<(String, TextBound)>,
    /// Events in order.
    pub(crate) events: Vec<Event>,
    /// Attributes: of which annotation, name, value.
    pub(crate) attributes: HashMap<(String, String), String>,
    /// Notes by annotation.
    pub(crate) notes: HashMap<String, String>,
    /// Lines that could not be read, and why.
    pub(crate) broken: Vec<(u64, String)>,
}

impl StandOff {
    /// Reads the lines of an `.ann` file. Relations and equivalences are left out.
    pub(crate) fn read(text: &str) -> Self {
        let mut this = Self::default();
        for (number, line) in (1_u64..).zip(text.lines()) {
            let line = line.trim_end_matches('\r');
            let Some(sort) = line.chars().next() else {
                continue;
            };
            let mut fields = line.splitn(3, '\t');
            let id = fields.next().unwrap_or_default().to_owned();
            let (body, rest) = (fields.next().unwrap_or_default(), fields.next());
            let read = match sort {
                'T' => this.text_bound(id, body, rest.unwrap_or_default(), number),
                'E' => this.event(id, body, number),
                'A' | 'M' => this.attribute(body),
                '#' => this.note(body, rest.unwrap_or_default()),
                'R' | '*' | 'N' => Some(()),
                _ => None,
            };
            if read.is_none() {
                this.broken
                    .push((number, format!("not a stand-off annotation: “{line}”")));
            }
        }
        this
    }

    fn text_bound(&mut self, id: String, body: &str, text: &str, line: u64) -> Option<()> {
        let (label, spans) = body.split_once(' ')?;
        let spans: Vec<Pair> = spans
            .split(';')
            .map(|span| {
                let (start, end) = span.trim().split_once(' ')?;
                Some([start.parse().ok()?, end.parse().ok()?])
            })
            .collect::<Option<_>>()?;
        let text_bound = TextBound {
            label: label.to_owned(),
            spans,
            text: text.to_owned(),
            line,
        };
        self.text_bounds.push((id, text_bound));
        Some(())
    }

    fn event(&mut self, id: String, body: &str, line: u64) -> Option<()> {
        let mut parts = body.split_whitespace();
        let (label, _) = parts.next()?.split_once(':')?;
        let roles = parts
            .map(|part| {
                let (role, filler) = part.split_once(':')?;
                let role = role.trim_end_matches(|c: char| c.is_ascii_digit());
                Some((role.to_owned(), filler.to_owned()))
            })
            .collect::<Option<_>>()?;
        self.events.push(Event {
            id,
            label: label.to_owned(),
            roles,
            line,
        });
        Some(())
    }

    fn attribute(&mut self, body: &str) -> Option<()> {
        let mut parts = body.split_whitespace();
        let (name, of) = (parts.next()?, parts.next()?);
        let value = parts.next().unwrap_or("true");
        self.attributes
            .insert((of.to_owned(), name.to_lowercase()), value.to_owned());
        Some(())
    }

    fn note(&mut self, body: &str, text: &str) -> Option<()> {
        let (_, of) = body.split_once(' ')?;
        self.notes.insert(of.trim().to_owned(), text.to_owned());
        Some(())
    }
}
