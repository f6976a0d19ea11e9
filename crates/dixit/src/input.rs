use dixit_document::{Entity, Quoted, QuotedText, SourceText};

/// What a pipeline is given to read: a text whose quotations it has to find, or one whose
/// quotations are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub(crate) source: SourceText,
    pub(crate) given: Option<Given>,
}

/// What is known of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub quotations: Vec<Quoted>,
    pub cast: Option<Vec<Entity>>,
}

impl From<SourceText> for Input {
    fn from(source: SourceText) -> Self {
        Self {
            source,
            given: None,
        }
    }
}

impl From<QuotedText> for Input {
    fn from(text: QuotedText) -> Self {
        let QuotedText {
            source,
            quotations,
            cast,
        } = text;
        Self {
            source,
            given: Some(Given { quotations, cast }),
        }
    }
}
