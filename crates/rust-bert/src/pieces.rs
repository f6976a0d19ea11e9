//! The pieces of a text as somebody's model knows them.

use std::path::Path;

use dixit_document::Span;
use dixit_tokenize::{Layout, PieceWord, Pieces, parts};
use rust_bert::pipelines::common::{ModelType, TokenizerOption};
use rust_tokenizers::TokenIdsWithOffsets;
use serde_json::Value;

use crate::ModelError;
use crate::folder::{Folder, read};

/// A word's first piece tells its label; of an oddly long word no more than these are read.
const MOST_PIECES: usize = 32;

/// A tokenizer, and the special pieces that it puts around a window.
pub(crate) struct PieceMaker {
    tokenizer: Tokenizer,
    pub(crate) before: Typed,
    pub(crate) after: Typed,
}

enum Tokenizer {
    /// Of a `tokenizer.json`.
    Whole(Box<tokenizers::Tokenizer>),
    /// Of a vocabulary, by the rules of its architecture.
    Vocabulary(Box<TokenizerOption>),
}

/// Pieces and their types.
type Typed = Vec<(i64, i64)>;

/// Pieces and where they stand, in bytes; nowhere, if they stand for nothing in the text.
type Placed = Vec<(i64, Option<Span>)>;

impl PieceMaker {
    /// The tokenizer of a folder.
    pub(crate) fn open(folder: &Folder, kind: ModelType) -> Result<Self, ModelError> {
        let (tokenizer, file) = match folder.file("tokenizer.json") {
            Some(file) => (whole(&file)?, file),
            None => vocabulary(folder, kind)?,
        };
        let mut maker = Self {
            tokenizer,
            before: Vec::new(),
            after: Vec::new(),
        };
        let framed = maker.framed("a");
        let (framed, pieces) = framed.map_err(|problem| ModelError::File {
            file: file.clone(),
            problem,
        })?;
        let ids: Vec<i64> = framed.iter().map(|&(id, _)| id).collect();
        let at = (0..=ids.len()).find(|&at| ids[at..].starts_with(&pieces));
        let at = at.filter(|_| !pieces.is_empty()).ok_or(ModelError::File {
            file,
            problem: "its special pieces do not stand around a text".to_owned(),
        })?;
        maker.before = framed[..at].to_vec();
        maker.after = framed[at + pieces.len()..].to_vec();
        Ok(maker)
    }

    /// The pieces of a text with the special ones, each with its type; and without.
    fn framed(&self, text: &str) -> Result<(Typed, Vec<i64>), String> {
        let pieces: Vec<i64> = self.part(text)?.into_iter().map(|(id, _)| id).collect();
        let framed = match &self.tokenizer {
            Tokenizer::Whole(tokenizer) => {
                let encoding = tokenizer.encode(text, true).map_err(|e| e.to_string())?;
                let ids = encoding.get_ids().iter().map(|&id| i64::from(id));
                let types = encoding.get_type_ids().iter().map(|&id| i64::from(id));
                ids.zip(types).collect()
            }
            Tokenizer::Vocabulary(tokenizer) => {
                let nothing = TokenIdsWithOffsets {
                    ids: pieces.clone(),
                    offsets: vec![None; pieces.len()],
                    reference_offsets: vec![Vec::new(); pieces.len()],
                    masks: vec![Default::default(); pieces.len()],
                };
                let input = tokenizer.build_input_with_special_tokens(nothing, None);
                let types = input.segment_ids.into_iter().map(i64::from);
                input.token_ids.into_iter().zip(types).collect()
            }
        };
        Ok((framed, pieces))
    }

    /// The words of a text that have pieces, and these; `room` of them have to go into a window.
    pub(crate) fn pieces(
        &self,
        text: &str,
        layout: &Layout,
        room: usize,
    ) -> Result<Pieces, ModelError> {
        let most = MOST_PIECES.min(room / 4).max(1);
        let mut pieces = Pieces::default();
        let mut token = 0;
        let mut last = None;
        for part in parts(text) {
            let placed = self.part(part.of(text)).map_err(|problem| {
                let byte = part.start();
                ModelError::Torch(format!("no pieces can be made near byte {byte}: {problem}"))
            })?;
            for (id, place) in placed {
                let id = u32::try_from(id).map_err(|_| ModelError::Piece {
                    id,
                    known: i64::from(u32::MAX),
                })?;
                if let Some(place) = place {
                    let (start, end) = (part.start() + place.start(), part.start() + place.end());
                    while layout
                        .tokens
                        .get(token)
                        .is_some_and(|t| t.span.end() <= start)
                    {
                        token += 1;
                    }
                    let here = layout.tokens.get(token).filter(|t| t.span.start() < end);
                    if let Some(here) = here
                        && last != Some(token)
                    {
                        last = Some(token);
                        pieces.words.push(PieceWord {
                            span: here.span,
                            first_piece: pieces.ids.len() as u32,
                        });
                    }
                }
                // What stands before all words, or far into one, tells nothing.
                let word = pieces.words.last().map(|word| word.first_piece as usize);
                if word.is_some_and(|first| pieces.ids.len() - first < most) {
                    pieces.ids.push(id);
                }
            }
        }
        Ok(pieces)
    }

    fn part(&self, text: &str) -> Result<Placed, String> {
        match &self.tokenizer {
            Tokenizer::Whole(tokenizer) => {
                let encoding = tokenizer.encode(text, false).map_err(|e| e.to_string())?;
                let ids = encoding.get_ids().iter().map(|&id| i64::from(id));
                let spans = encoding.get_offsets().iter();
                let spans = spans.map(|&(from, to)| Some(Span::new(from, to.max(from))));
                Ok(ids.zip(spans).collect())
            }
            Tokenizer::Vocabulary(tokenizer) => {
                let tokens = tokenizer.tokenize_with_offsets(text);
                let ids = tokenizer.convert_tokens_to_ids(&tokens.tokens);
                // Its offsets count characters.
                let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                bytes.push(text.len());
                let spans = tokens.offsets.into_iter().map(|offset| {
                    let offset = offset?;
                    let from = *bytes.get(offset.begin as usize)?;
                    Some(Span::new(
                        from,
                        (*bytes.get(offset.end as usize)?).max(from),
                    ))
                });
                Ok(ids.into_iter().zip(spans).collect())
            }
        }
    }
}

fn whole(file: &Path) -> Result<Tokenizer, ModelError> {
    let problem = |error: tokenizers::Error| ModelError::File {
        file: file.to_owned(),
        problem: format!("it is no tokenizer ({error})"),
    };
    let mut tokenizer = tokenizers::Tokenizer::from_bytes(read(file)?).map_err(problem)?;
    tokenizer.with_padding(None);
    tokenizer.with_truncation(None).map_err(problem)?;
    Ok(Tokenizer::Whole(Box::new(tokenizer)))
}

/// A tokenizer of the older files, and the one of these that errors are about.
fn vocabulary(
    folder: &Folder,
    kind: ModelType,
) -> Result<(Tokenizer, std::path::PathBuf), ModelError> {
    let (files, merges): (&[&str], bool) = match kind {
        ModelType::Roberta | ModelType::Longformer | ModelType::Deberta => (&["vocab.json"], true),
        ModelType::XLMRoberta => (&["sentencepiece.bpe.model"], false),
        ModelType::Albert | ModelType::XLNet | ModelType::FNet => (&["spiece.model"], false),
        ModelType::DebertaV2 => (&["spm.model", "spiece.model"], false),
        _ => (&["vocab.txt"], false),
    };
    let names: Vec<&str> = ["tokenizer.json"].iter().chain(files).copied().collect();
    let file = folder.one_of(&names, "the vocabulary")?;
    let merges = match merges {
        true => Some(folder.one_of(&["merges.txt"], "the merges that go with vocab.json")?),
        false => None,
    };
    let options = folder.object("tokenizer_config.json")?.unwrap_or_default();
    let option = |name: &str| options.get(name).and_then(Value::as_bool);
    // What the tokenizers of these families do where nothing is said.
    let usual = matches!(
        kind,
        ModelType::Bert
            | ModelType::DistilBert
            | ModelType::Electra
            | ModelType::MobileBert
            | ModelType::Albert
    );
    let lower = option("do_lower_case").unwrap_or(usual);
    let (strips, prefixes) = match kind {
        ModelType::Roberta | ModelType::Longformer => (false, true),
        ModelType::Deberta | ModelType::XLMRoberta => (false, false),
        _ => (true, false),
    };
    let path = |file: &Path| {
        file.to_str()
            .map(str::to_owned)
            .ok_or_else(|| ModelError::File {
                file: file.to_owned(),
                problem: "rust-bert reads vocabularies only where the path is Unicode".to_owned(),
            })
    };
    let merges = merges.as_deref().map(path).transpose()?;
    let tokenizer = TokenizerOption::from_file(
        kind,
        &path(&file)?,
        merges.as_deref(),
        lower,
        option("strip_accents").filter(|_| strips),
        option("add_prefix_space").filter(|_| prefixes),
    );
    let tokenizer = tokenizer.map_err(|error| ModelError::File {
        file: file.clone(),
        problem: format!("it is no vocabulary of this architecture ({error})"),
    })?;
    Ok((Tokenizer::Vocabulary(Box::new(tokenizer)), file))
}
