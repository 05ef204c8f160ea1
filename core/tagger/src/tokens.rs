//! Text as the tokens that the network knows (WordPiece, uncased).

use std::collections::HashMap;
use std::ops::Range;

use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::bert::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{
    DecoderWrapper, Model as _, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper,
    TokenizerImpl,
};

use crate::error::TaggerError;
use crate::file::damaged;

type Pieces = TokenizerImpl<
    WordPiece,
    NormalizerWrapper,
    PreTokenizerWrapper,
    PostProcessorWrapper,
    DecoderWrapper,
>;

/// A token and the characters that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) id: u32,
    /// In Unicode scalar values.
    pub(crate) chars: Range<usize>,
}

/// The vocabulary, and the tokens that stand for no text.
pub(crate) struct Tokenizer {
    pieces: Pieces,
    /// Begins a window.
    pub(crate) begin: u32,
    /// Ends a part of it.
    pub(crate) end: u32,
    /// Opens a turn of the rep, of a visitor, of somebody unknown.
    pub(crate) speakers: [u32; 3],
}

impl Tokenizer {
    pub(crate) fn new(vocabulary: &[String]) -> Result<Self, TaggerError> {
        let numbered = vocabulary.iter().cloned().zip(0_u32..);
        let model = WordPiece::builder()
            .vocab(numbered.collect::<HashMap<_, _, _>>())
            .build()
            .map_err(|_| damaged("vocabulary"))?;
        let special = |token: &str| model.token_to_id(token).ok_or_else(|| damaged(token));
        let (begin, end) = (special("[CLS]")?, special("[SEP]")?);
        let speakers = [special("[unused1]")?, special("[unused2]")?, special("[unused3]")?];
        special("[UNK]")?;
        let mut pieces = Pieces::new(model);
        let refused = |_| damaged("vocabulary");
        pieces.with_normalizer(Some(BertNormalizer::default())).map_err(refused)?;
        pieces.with_pre_tokenizer(Some(BertPreTokenizer));
        Ok(Self { pieces, begin, end, speakers })
    }

    /// The tokens of a text.
    pub(crate) fn tokens(&self, text: &str) -> Result<Vec<Token>, TaggerError> {
        let encoded = self.pieces.encode_char_offsets(text, false);
        let encoded = encoded.map_err(|_| TaggerError::Failed("text to tokens".into()))?;
        let places = encoded.get_offsets().iter().map(|(start, end)| *start..*end);
        Ok(encoded
            .get_ids()
            .iter()
            .zip(places)
            .map(|(id, chars)| Token { id: *id, chars })
            .collect())
    }
}
