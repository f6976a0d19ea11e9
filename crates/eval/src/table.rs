//! Tables of text.

use std::fmt;

/// A table: a header and rows of as many cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        Self {
            header: header.iter().map(|&cell| cell.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let mut out = line(&self.header);
        let rule: Vec<String> = (0..self.header.len())
            .map(|column| {
                if self.is_numeric(column) {
                    "---:"
                } else {
                    "---"
                }
                .to_owned()
            })
            .collect();
        out.push_str(&line(&rule));
        for row in &self.rows {
            out.push_str(&line(row));
        }
        out
    }

    /// As RFC 4180 has it, with line feeds.
    pub(crate) fn csv(&self) -> String {
        let cell = |cell: &String| {
            if cell.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let mut out = String::new();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let cells: Vec<String> = row.iter().map(cell).collect();
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        out
    }

    /// Whether a column holds numbers, which stand to the right.
    fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column));
        let numeric = |cell: &String| {
            cell.chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | '–' | '-' | '+' | ' '))
        };
        !self.rows.is_empty() && cells.all(numeric)
    }
}

/// The first so many characters, on one line.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let mut short: String = line.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<(usize, bool)> = (0..self.header.len())
            .map(|column| {
                let rows = std::iter::once(&self.header).chain(&self.rows);
                let cells = rows.filter_map(|row| row.get(column));
                let width = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
                (width, self.is_numeric(column))
            })
            .collect();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            let mut line = String::new();
            for (cell, &(width, numeric)) in row.iter().zip(&columns) {
                if numeric {
                    line.push_str(&format!("  {cell:>width$}"));
                } else {
                    line.push_str(&format!("  {cell:<width$}"));
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["who", "F1"]);
        table.row(["Zoë “Z” | Ng, M.D.".to_owned(), "7.5".to_owned()]);
        table.row(["é".to_owned(), "100.0".to_owned()]);
        table
    }

    #[test]
    fn aligned_by_characters() {
        let expected = "  who                    F1\n  Zoë “Z” | Ng, M.D.    7.5\n  é                   100.0\n";
        assert_eq!(table().to_string(), expected);
    }

    #[test]
    fn long_cells_are_cut_on_characters() {
        assert_eq!(shortened("one\n two", 7), "one two");
        assert_eq!(shortened("ééééé", 4), "ééé…");
        assert_eq!(shortened("ab", 0), "…");
    }

    #[test]
    fn markdown_and_csv_escape_their_marks() {
        assert_eq!(
            table().markdown(),
            "| who | F1 |\n| --- | ---: |\n| Zoë “Z” \\| Ng, M.D. | 7.5 |\n| é | 100.0 |\n"
        );
        assert_eq!(
            table().csv(),
            "who,F1\n\"Zoë “Z” | Ng, M.D.\",7.5\né,100.0\n"
        );
    }
}
