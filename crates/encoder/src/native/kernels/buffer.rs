//! Memory that begins on a cache line, so that full vector loads never straddle two.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Numbers for which every bit pattern, all zeros too, is a value.
///
/// # Safety
/// Only for types without padding, invalid bit patterns or destructors, aligned to at most 64.
pub(crate) unsafe trait Plain: Copy {}
// SAFETY: primitive numbers fulfil all of it.
unsafe impl Plain for f32 {}
// SAFETY: as above.
unsafe impl Plain for i32 {}
// SAFETY: as above.
unsafe impl Plain for i8 {}
// SAFETY: as above.
unsafe impl Plain for u8 {}
// SAFETY: as above.
unsafe impl Plain for u16 {}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

/// A vector of plain numbers that begins on a cache line; what it grows by is zero.
pub(crate) struct Buffer<T> {
    lines: Vec<Line>,
    length: usize,
    numbers: PhantomData<T>,
}

impl<T: Plain> Buffer<T> {
    /// As many zeros.
    pub(crate) fn zeros(length: usize) -> Self {
        let mut buffer = Self::default();
        buffer.fit(length);
        buffer
    }

    /// A copy.
    pub(crate) fn from_slice(numbers: &[T]) -> Self {
        let mut buffer = Self::zeros(numbers.len());
        buffer.copy_from_slice(numbers);
        buffer
    }

    /// Sets the length; memory is only ever added.
    pub(crate) fn fit(&mut self, length: usize) {
        let lines = length
            .saturating_mul(size_of::<T>())
            .div_ceil(size_of::<Line>());
        if lines > self.lines.len() {
            self.lines.resize(lines, Line([0; 64]));
        }
        self.length = length;
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            length: 0,
            numbers: PhantomData,
        }
    }
}

impl<T: Plain> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: `fit` keeps at least `length` numbers' worth of initialised lines, lines are
        // aligned to 64 bytes, and any bit pattern is a `T`.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl<T: Plain> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`; the borrow is unique.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_on_a_line_and_keeps_what_it_holds() {
        let mut buffer = Buffer::from_slice(&[1.0f32, 2.0]);
        buffer.fit(100);
        assert_eq!(buffer.as_ptr() as usize % 64, 0);
        assert_eq!(buffer[..3], [1.0, 2.0, 0.0]);
        assert_eq!(buffer.len(), 100);
        assert!(Buffer::<i8>::default().is_empty());
    }
}
