use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::{Head, MelFilters, Slot, Weights, WhisperShape, WriteError, write};

/// Writes a model of any shape whose weights are chance: it understands nothing and runs as fast as
/// a real one. For measuring a device and for tests. The same seed gives the same bytes.
///
/// # Errors
/// The file cannot be written, or the shape's kind is neither f16 nor q8_0.
pub fn random_model(shape: &WhisperShape, seed: u64, path: &Path) -> Result<(), WriteError> {
    let file = File::create(path).map_err(|error| WriteError::Write(error.kind()))?;
    write_random(shape, seed, &mut BufWriter::new(file)).map(drop)
}

/// [`random_model`] into any writer; says how many bytes it took.
///
/// # Errors
/// As there.
pub fn write_random(
    shape: &WhisperShape,
    seed: u64,
    out: &mut impl Write,
) -> Result<u64, WriteError> {
    let mel = MelFilters::whisper(shape.mels);
    let vocabulary = vocabulary(!shape.english_only());
    let head = Head { shape, mel: &mel, vocabulary: &vocabulary };
    write(out, head, &mut Chance(fastrand::Rng::with_seed(seed)), &mut |_| ())
}

struct Chance(fastrand::Rng);

impl Weights for Chance {
    fn numbers(&mut self, slot: &Slot, _: usize, into: &mut [f32]) -> io::Result<()> {
        let one_dimensional = slot.dims.len() == 1 || slot.dims.last() == Some(&1);
        let norm = slot.name.contains("ln") && slot.name.ends_with("weight");
        if one_dimensional {
            into.fill(if norm { 1.0 } else { 0.0 });
            return Ok(());
        }
        #[expect(clippy::cast_precision_loss, reason = "some thousand")]
        let columns = slot.dims.iter().skip(1).product::<usize>() as f32;
        let most = (3.0 / columns).sqrt();
        into.fill_with(|| (self.0.f32() * 2.0 - 1.0) * most);
        Ok(())
    }
}

/// All bytes, the tokens that engines look up, and made-up words, each once.
fn vocabulary(multilingual: bool) -> Vec<Vec<u8>> {
    let mut tokens: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).collect();
    tokens.extend([b" -".to_vec(), b" '".to_vec()]);
    let words = (0..).map(|number| {
        let word = [b" ".as_slice(), &letters(number)].concat();
        if number % 4 == 0 { letters(number) } else { word }
    });
    tokens.extend(words.take(WhisperShape::SPELT - 1 - tokens.len()));
    tokens.push(if multilingual { Vec::new() } else { b"<|endoftext|>".to_vec() });
    tokens
}

/// At least two letters, another word for each number.
fn letters(number: usize) -> Vec<u8> {
    let alphabet = b"etaoinshrdlucmfwypvbgkjqxz";
    let mut left = number + alphabet.len();
    let mut word = Vec::new();
    while left > 0 {
        word.extend(alphabet.get(left % alphabet.len()));
        left /= alphabet.len();
    }
    word
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tokens_are_as_many_as_gpt_2_has_and_each_is_there_once() {
        for multilingual in [false, true] {
            let tokens = vocabulary(multilingual);
            assert_eq!(tokens.len(), 50_257);
            assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), 50_257);
        }
    }
}
