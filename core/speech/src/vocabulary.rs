//! Tokens of Whisper and what they stand for.

use std::collections::HashMap;

use confee_models::ggml::WhisperFile;

/// Whisper's languages in the order of their tokens, ISO 639-1 where there is such a code.
const LANGUAGES: &str = "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs \
    ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs \
    kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo \
    tl mg as tt haw ln ha ba jw su yue";

/// Whisper's tokens: numbers to bytes and text to numbers.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    tokens: Vec<Vec<u8>>,
    ids: HashMap<Vec<u8>, u32>,
    special: Special,
}

/// The numbers of the tokens that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Special {
    /// End of the text; smaller numbers are text.
    pub end: u32,
    /// Start of the text.
    pub start: u32,
    /// The task of translating.
    pub translate: u32,
    /// The task of writing down.
    pub transcribe: u32,
    /// Start of a line of the same speaker.
    pub solm: u32,
    /// Start of the text before.
    pub previous: u32,
    /// Nobody speaks.
    pub no_speech: u32,
    /// No times wanted.
    pub no_timestamps: u32,
    /// 0.00 s; each higher number is 20 ms later.
    pub first_timestamp: u32,
    /// Languages told apart; their tokens follow `start`.
    pub languages: u32,
}

impl Special {
    /// Of a model with so many tokens; the numbers whisper.cpp works out.
    #[must_use]
    pub fn new(vocab: usize) -> Self {
        let multilingual = u32::from(vocab >= 51_865);
        let languages = match vocab {
            51_866 => 100,
            _ => 99,
        };
        let tasks = 50_357 + multilingual * (languages - 98);
        Self {
            end: 50_256 + multilingual,
            start: 50_257 + multilingual,
            translate: tasks,
            transcribe: tasks + 1,
            solm: tasks + 2,
            previous: tasks + 3,
            no_speech: tasks + 4,
            no_timestamps: tasks + 5,
            first_timestamp: tasks + 6,
            languages,
        }
    }
}

impl Vocabulary {
    /// Of a model's file.
    #[must_use]
    pub fn new(file: &WhisperFile) -> Self {
        Self::of(file.vocabulary().to_vec(), file.shape().vocab)
    }

    fn of(tokens: Vec<Vec<u8>>, vocab: usize) -> Self {
        let ids = tokens.iter().zip(0..).map(|(bytes, id)| (bytes.clone(), id)).collect();
        Self { tokens, ids, special: Special::new(vocab) }
    }

    /// The tokens that are no text.
    #[must_use]
    pub fn special(&self) -> Special {
        self.special
    }

    /// The bytes of a token; special ones have none. Letters may be split over tokens.
    #[must_use]
    pub fn bytes(&self, id: u32) -> &[u8] {
        let text = (id < self.special.end).then(|| self.tokens.get(id as usize)).flatten();
        text.map_or(&[], Vec::as_slice)
    }

    /// The token of exactly these bytes.
    #[must_use]
    pub fn id(&self, bytes: &[u8]) -> Option<u32> {
        self.ids.get(bytes).copied()
    }

    /// The tokens of a text as whisper.cpp's `tokenize` finds them: pieces by GPT-2's pattern, in
    /// each the longest tokens first.
    #[must_use]
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut rest = text.as_bytes();
        let mut ids = Vec::new();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(piece(rest));
            self.encode_piece(piece, &mut ids);
            rest = after;
        }
        ids
    }

    fn encode_piece(&self, mut piece: &[u8], ids: &mut Vec<u32>) {
        const LONGEST: usize = 128;
        while !piece.is_empty() {
            let longest = (1..=piece.len().min(LONGEST)).rev();
            let mut tokens = longest.filter_map(|n| Some((n, self.id(&piece[..n])?)));
            let (length, id) = tokens.next().map_or((1, None), |(n, id)| (n, Some(id)));
            ids.extend(id);
            piece = &piece[length..];
        }
    }

    /// The token of a language (`en`).
    #[must_use]
    pub fn language(&self, code: &str) -> Option<u32> {
        let position = LANGUAGES.split_whitespace().position(|language| language == code)?;
        let position = u32::try_from(position).ok()?;
        (position < self.special.languages).then_some(self.special.start + 1 + position)
    }

    /// The language of a token.
    #[must_use]
    pub fn language_of(&self, id: u32) -> Option<&'static str> {
        let position = id.checked_sub(self.special.start + 1)?;
        LANGUAGES.split_whitespace().nth(position as usize)
    }
}

/// Length of the first piece by the pattern
/// `'s|'t|'re|'ve|'m|'ll|'d| ?[[:alpha:]]+| ?[[:digit:]]+| ?[^\s[:alpha:][:digit:]]+|\s+(?!\S)|\s+`
/// over bytes, as whisper.cpp matches it.
fn piece(text: &[u8]) -> usize {
    let endings: [&[u8]; 7] = [b"'s", b"'t", b"'re", b"'ve", b"'m", b"'ll", b"'d"];
    if let Some(ending) = endings.iter().find(|ending| text.starts_with(ending)) {
        return ending.len();
    }
    let space = usize::from(text.first() == Some(&b' '));
    let run = |is: fn(&u8) -> bool| text[space..].iter().take_while(|b| is(b)).count();
    let other = |b: &u8| !is_space(b) && !b.is_ascii_alphanumeric();
    for length in [run(u8::is_ascii_alphabetic), run(u8::is_ascii_digit), run(other)] {
        if length > 0 {
            return space + length;
        }
    }
    let spaces = text.iter().take_while(|b| is_space(b)).count();
    if spaces < text.len() && spaces > 1 { spaces - 1 } else { spaces.max(1) }
}

fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let rows: [(&str, &[&str]); 7] = [
            ("Hello, world", &["Hello", ",", " world"]),
            ("we'll don't", &["we", "'ll", " don", "'t"]),
            ("a  b", &["a", " ", " b"]),
            ("x 12ab", &["x", " 12", "ab"]),
            ("end  ", &["end", "  "]),
            ("caf\u{e9}s", &["caf", "\u{e9}", "s"]),
            ("a\nb", &["a", "\n", "b"]),
        ];
        for (text, pieces) in rows {
            let mut rest = text.as_bytes();
            let mut found = Vec::new();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(piece(rest));
                found.push(String::from_utf8_lossy(piece).into_owned());
                rest = after;
            }
            assert_eq!(found, pieces, "{text:?}");
        }
    }

    #[test]
    fn longest_tokens_first_and_unknown_bytes_left_out() {
        let tokens = ["a", "b", "ab", " ab", " "].map(|t| t.as_bytes().to_vec());
        let vocabulary = Vocabulary::of(tokens.to_vec(), 51_864);
        assert_eq!(vocabulary.encode("ab ab"), [2, 3]);
        assert_eq!(vocabulary.encode("aba xb"), [2, 0, 4, 1]);
        assert_eq!(vocabulary.encode(""), [0_u32; 0]);
    }

    #[test]
    fn special_tokens() {
        let english = Special::new(51_864);
        assert_eq!((english.end, english.start), (50_256, 50_257));
        assert_eq!((english.previous, english.first_timestamp), (50_360, 50_363));
        let multilingual = Special::new(51_865);
        assert_eq!((multilingual.end, multilingual.transcribe), (50_257, 50_359));
        assert_eq!((multilingual.no_speech, multilingual.first_timestamp), (50_362, 50_364));
        assert_eq!(Special::new(51_866).first_timestamp, 50_365);
        assert_eq!(LANGUAGES.split_whitespace().count(), 100);
        let vocabulary = Vocabulary::of(Vec::new(), 51_865);
        assert_eq!(vocabulary.language("de"), Some(50_261));
        assert_eq!(vocabulary.language_of(50_261), Some("de"));
        assert_eq!(vocabulary.language("yue"), None);
        assert_eq!(vocabulary.bytes(u32::MAX), b"");
    }
}
