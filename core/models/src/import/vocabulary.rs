use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::{ImportError, json};
use crate::ggml::WhisperShape;

/// The tokens that a file spells out, from the list of CTranslate2: a line or a list item each.
pub(super) fn of_ctranslate2(
    folder: &Path,
    shape: &WhisperShape,
) -> Result<Vec<Vec<u8>>, ImportError> {
    if let Some(text) = json::bytes(&folder.join("vocabulary.txt"))? {
        let text = String::from_utf8(text)
            .map_err(|_| ImportError::damaged("vocabulary.txt is not text"))?;
        // Some tokens hold other line ends, so not `lines`.
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let tokens: Vec<&str> = text.split('\n').collect();
        return spelt(shape, tokens.len(), |number| tokens.get(number).copied());
    }
    let tokens: Vec<String> = json::read(&folder.join("vocabulary.json"))?
        .ok_or(ImportError::Missing("vocabulary.txt or vocabulary.json"))?;
    spelt(shape, tokens.len(), |number| tokens.get(number).map(String::as_str))
}

#[derive(Deserialize)]
struct Tokenizer {
    model: TokenizerModel,
}

#[derive(Deserialize)]
struct TokenizerModel {
    vocab: HashMap<String, usize>,
}

/// The tokens that a file spells out, from Hugging Face's `vocab.json` or `tokenizer.json`.
pub(super) fn of_hugging_face(
    folder: &Path,
    shape: &WhisperShape,
) -> Result<Vec<Vec<u8>>, ImportError> {
    let numbers: HashMap<String, usize> = match json::read(&folder.join("vocab.json"))? {
        Some(numbers) => numbers,
        None => {
            json::read::<Tokenizer>(&folder.join("tokenizer.json"))?
                .ok_or(ImportError::Missing("vocab.json or tokenizer.json"))?
                .model
                .vocab
        }
    };
    let tokens: HashMap<usize, &str> =
        numbers.iter().map(|(token, number)| (*number, token.as_str())).collect();
    let count = tokens.keys().max().map_or(0, |most| most + 1);
    spelt(shape, count, |number| tokens.get(&number).copied())
}

fn spelt<'a>(
    shape: &WhisperShape,
    count: usize,
    token: impl Fn(usize) -> Option<&'a str>,
) -> Result<Vec<Vec<u8>>, ImportError> {
    let wrong = || ImportError::damaged("its vocabulary is not Whisper's");
    if count > shape.vocab {
        return Err(wrong());
    }
    let bytes = bytes_of_characters();
    let decode = |token: &str| token.chars().map(|c| bytes.get(&c).copied()).collect();
    let last = WhisperShape::SPELT - 1;
    let mut spelt = (0..last)
        .map(|number| token(number).and_then(decode))
        .collect::<Option<Vec<Vec<u8>>>>()
        .ok_or_else(wrong)?;
    if spelt.iter().any(Vec::is_empty) {
        return Err(wrong());
    }
    let (end, shown): (&str, &[u8]) =
        if shape.english_only() { ("<|endoftext|>", b"<|endoftext|>") } else { ("", b"") };
    if token(last).is_some_and(|token| token != end) {
        return Err(wrong());
    }
    spelt.push(shown.to_vec());
    Ok(spelt)
}

/// GPT-2 writes each byte as a printable character: those that print as themselves, the others as
/// U+0100 and up in order.
fn bytes_of_characters() -> HashMap<char, u8> {
    let prints = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut others = '\u{100}'..;
    let character = |byte: u8| if prints(byte) { Some(char::from(byte)) } else { others.next() };
    (0..=u8::MAX).map(character).zip(0..=u8::MAX).filter_map(|(c, byte)| Some((c?, byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_gpt_2_writes_them() {
        let bytes = bytes_of_characters();
        assert_eq!(bytes.len(), 256);
        for (character, byte) in [
            ('Ġ', b' '),
            ('Ċ', b'\n'),
            ('A', b'A'),
            ('Ā', 0),
            ('ł', 0xa0),
            ('Ń', 0xad),
            ('ÿ', 0xff),
        ] {
            assert_eq!(bytes.get(&character), Some(&byte), "{character}");
        }
    }
}
