//! Texts that differ in their blanks.

/// Whether two texts are the same character by character but for which blank stands where one
/// does: positions in one are positions in the other.
pub(crate) fn same_places(a: &str, b: &str) -> bool {
    let mut b = b.chars();
    a.chars().all(|a| match b.next() {
        Some(b) => a == b || (a.is_whitespace() && b.is_whitespace()),
        None => false,
    }) && b.next().is_none()
}

/// A text without its blanks, to tell whether two are the same.
pub(crate) fn without(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
