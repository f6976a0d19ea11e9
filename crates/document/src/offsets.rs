/// Bytes in a block of the index.
const BLOCK: usize = 64;

/// Turns byte offsets of one text into Unicode code points and back.
///
/// It borrows the text and keeps one number for every 64 bytes of it, none at all where the text
/// is ASCII: building is one pass, a look-up reads at most one block.
///
/// ```
/// let offsets = dixit_document::Offsets::new("“é” 🙂");
/// assert_eq!(offsets.code_point("“é”".len()), 3);
/// assert_eq!(offsets.byte(3), Some("“é”".len()));
/// ```
#[derive(Clone, Debug)]
pub struct Offsets<'t> {
    text: &'t str,
    /// Code points that begin before byte `BLOCK * i`; empty where the text is ASCII.
    blocks: Vec<u32>,
    code_points: usize,
}

impl<'t> Offsets<'t> {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self {
                text,
                blocks: Vec::new(),
                code_points: text.len(),
            };
        }
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut code_points = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            blocks.push(u32::try_from(code_points).unwrap_or(u32::MAX));
            code_points += begins(block);
        }
        Self {
            text,
            blocks,
            code_points,
        }
    }

    /// How many code points the whole text has.
    #[must_use]
    pub fn code_points(&self) -> usize {
        self.code_points
    }

    /// How many code points begin before `byte`: the offset of the one that begins there. A byte
    /// past the end counts as the end.
    #[must_use]
    pub fn code_point(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let Some(&before) = self.blocks.get(byte / BLOCK) else {
            // ASCII, or the end of a text that fills its last block.
            return if self.blocks.is_empty() {
                byte
            } else {
                self.code_points
            };
        };
        let block = self.text.as_bytes().get(byte / BLOCK * BLOCK..byte);
        before as usize + block.map_or(0, begins)
    }

    /// The byte at which a code point begins; the text's length for the one past the last, `None`
    /// beyond that.
    #[must_use]
    pub fn byte(&self, code_point: usize) -> Option<usize> {
        if code_point >= self.code_points {
            return (code_point == self.code_points).then_some(self.text.len());
        }
        if self.blocks.is_empty() {
            return Some(code_point);
        }
        let block = self
            .blocks
            .partition_point(|&before| before as usize <= code_point)
            - 1;
        let mut left = code_point - self.blocks.get(block).map_or(0, |&before| before as usize);
        let start = block * BLOCK;
        for (index, &byte) in self.text.as_bytes().get(start..)?.iter().enumerate() {
            if is_begin(byte) {
                if left == 0 {
                    return Some(start + index);
                }
                left -= 1;
            }
        }
        None
    }
}

/// Code points that begin in `bytes`.
fn begins(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| is_begin(byte)).count()
}

/// Whether a byte of UTF-8 is the first of its character.
fn is_begin(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The slow, obvious way.
    fn agrees_with_counting(text: &str) {
        let offsets = Offsets::new(text);
        let mut count = 0;
        for (byte, character) in text.char_indices() {
            assert_eq!(offsets.code_point(byte), count, "byte {byte} of {text:?}");
            assert_eq!(
                offsets.byte(count),
                Some(byte),
                "code point {count} of {text:?}"
            );
            for inside in byte + 1..byte + character.len_utf8() {
                assert_eq!(
                    offsets.code_point(inside),
                    count + 1,
                    "inside {byte} of {text:?}"
                );
            }
            count += 1;
        }
        assert_eq!(offsets.code_points(), count);
        assert_eq!(offsets.code_point(text.len()), count);
        assert_eq!(offsets.code_point(usize::MAX), count);
        assert_eq!(offsets.byte(count), Some(text.len()));
        assert_eq!(offsets.byte(count + 1), None);
        assert_eq!(offsets.byte(usize::MAX), None);
    }

    #[test]
    fn counts_every_kind_of_character() {
        for text in [
            "",
            "a",
            "é",
            "🙂",
            "“Né à Łódź”, dit-elle — puis rien…\r\n",
            "e\u{301}\u{200d}🙂",
        ] {
            agrees_with_counting(text);
        }
    }

    #[test]
    fn block_borders_fall_anywhere() {
        for fill in 56..72 {
            for character in ["a", "é", "“", "🙂"] {
                agrees_with_counting(&format!("{}{}é", "x".repeat(fill), character.repeat(70)));
                agrees_with_counting(&format!("{}{character}", "x".repeat(fill)));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_agrees_with_counting(text in "(\\PC|[a-z]{1,40}|[“”‘’—é🙂\r\n]){0,120}") {
            agrees_with_counting(&text);
        }
    }
}
