use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Int64Array, ListArray, StructArray};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, Fields};

use super::schema::{addressee_fields, item, span_fields};
use crate::schema::{AddresseeLine, Pair};

/// Where the lists of a column end in the items of all of them.
#[derive(Default)]
pub(super) struct Ends(Vec<i32>);

impl Ends {
    /// A list ends after so many items. What is pushed is kept below `i32::MAX` by the caller.
    pub(super) fn push(&mut self, items: usize) {
        self.0.push(i32::try_from(items).unwrap_or(i32::MAX));
    }

    fn offsets(self) -> OffsetBuffer<i32> {
        let mut offsets = Vec::with_capacity(self.0.len() + 1);
        offsets.push(0);
        offsets.extend(self.0);
        OffsetBuffer::new(ScalarBuffer::from(offsets))
    }

    pub(super) fn list(self, items: ArrayRef) -> Result<ArrayRef, ArrowError> {
        let field = item(items.data_type().clone());
        Ok(Arc::new(ListArray::try_new(
            field,
            self.offsets(),
            items,
            None,
        )?))
    }
}

/// A column of lists of spans.
#[derive(Default)]
pub(super) struct Spans {
    ends: Ends,
    start: Vec<i64>,
    end: Vec<i64>,
}

impl Spans {
    pub(super) fn push(&mut self, pairs: &[Pair]) {
        let position = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        for &[start, end] in pairs {
            self.start.push(position(start));
            self.end.push(position(end));
        }
        self.ends.push(self.start.len());
    }

    pub(super) fn finish(self) -> Result<ArrayRef, ArrowError> {
        let columns = [self.start, self.end]
            .map(|positions| Arc::new(Int64Array::from(positions)) as ArrayRef);
        self.ends.list(structs(span_fields(), columns.to_vec())?)
    }
}

/// A column of lists of addressees.
#[derive(Default)]
pub(super) struct Addressees {
    ends: Ends,
    count: usize,
    id: StringBuilder,
    name: StringBuilder,
}

impl Addressees {
    pub(super) fn push(&mut self, addressees: &[AddresseeLine]) {
        for addressee in addressees {
            self.id.append_value(&addressee.id);
            self.name.append_value(&addressee.name);
        }
        self.count += addressees.len();
        self.ends.push(self.count);
    }

    pub(super) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let columns: Vec<ArrayRef> = vec![Arc::new(self.id.finish()), Arc::new(self.name.finish())];
        self.ends.list(structs(addressee_fields(), columns)?)
    }
}

fn structs(fields: Fields, columns: Vec<ArrayRef>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(StructArray::try_new(fields, columns, None)?))
}
