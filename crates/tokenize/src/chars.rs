//! What single characters are, and what stands beside a place in a text.

/// The character that starts at byte `at`.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The character that ends at byte `at`.
pub(crate) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// Blank to the eye: white space, controls and marks without width that stand between words.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        )
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Belongs to the character before it: combining accents, variation selectors, joiners, skin
/// tones, soft hyphens.
pub(crate) fn is_extending(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}'
        | '\u{064B}'..='\u{065F}' | '\u{093C}' | '\u{094D}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{200C}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}'
        | '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// A letter or a digit, of any script.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// A character that is a word of its own, in scripts that set no blanks.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// An apostrophe or single quotation mark, by its glyph alone.
pub(crate) fn is_single(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | '＇')
}

/// A dash longer than a hyphen.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '–' | '—' | '―' | '⸺' | '⸻' | '‒')
}

/// A hyphen that joins the parts of a word.
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// Ends a sentence, on its own or in a run.
pub(crate) fn is_terminal(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '‥'
            | '。'
            | '！'
            | '？'
            | '．'
            | '‽'
            | '⁇'
            | '⁈'
            | '⁉'
            | '؟'
            | '।'
    )
}

/// An opening bracket.
pub(crate) fn is_open_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '（' | '【' | '〈' | '《' | '¿' | '¡')
}

/// A closing bracket.
pub(crate) fn is_close_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '）' | '】' | '〉' | '》')
}

/// Punctuation that leans on the word before it.
pub(crate) fn is_trailing_punctuation(c: char) -> bool {
    is_terminal(c)
        || is_close_bracket(c)
        || matches!(c, ',' | ';' | ':' | '、' | '，' | '；' | '：')
}

/// Punctuation of any kind that is neither a quotation mark nor a symbol.
pub(crate) fn is_punctuation(c: char) -> bool {
    is_trailing_punctuation(c)
        || is_open_bracket(c)
        || is_dash(c)
        || is_hyphen(c)
        || matches!(
            c,
            '/' | '\\' | '*' | '_' | '·' | '•' | '‖' | '†' | '‡' | '′' | '″' | '※' | '〜'
        )
}

/// A glyph of emphasis in plain text, which the eye reads through (`_never_`, `*never*`).
pub(crate) fn is_emphasis(c: char) -> bool {
    matches!(c, '_' | '*')
}
