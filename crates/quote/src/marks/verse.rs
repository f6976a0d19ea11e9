//! Lines of verse.

/// The longest line, in bytes.
const LINE: usize = 70;

/// Whether words stand in short lines that begin with capitals, behind blanks and any of `marks`: more than three
/// of them, or two of which one is set in.
pub(crate) fn is_verse(words: &str, marks: &[char]) -> bool {
    let mut lines = words.lines();
    let first = lines.next().map_or(0, str::len);
    let mut count = 1;
    let mut indented = false;
    for line in lines {
        let begins = line.trim_start_matches(|c: char| c.is_whitespace() || marks.contains(&c));
        if line.len() > LINE || begins.starts_with(char::is_lowercase) {
            return false;
        }
        count += 1;
        let set = line.trim_start();
        indented |= line.len() >= set.len() + 2 && !set.is_empty();
    }
    first <= LINE && (count > 3 || count > 1 && indented)
}
