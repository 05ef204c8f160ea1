use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;

use super::ImportError;
use super::names::Origin;
use crate::ggml::floats::{Floats, Stored};
use crate::ggml::{self, Head, MelFilters, TensorKind, WhisperShape, WriteError};

/// A model whose every part was found and fits, ready to be written.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) shape: WhisperShape,
    mel: MelFilters,
    vocabulary: Vec<Vec<u8>>,
    weights: Floats<File>,
}

impl Model {
    pub(super) fn new(
        shape: WhisperShape,
        vocabulary: Vec<Vec<u8>>,
        weights: Floats<File>,
    ) -> Self {
        Self { shape, mel: MelFilters::whisper(shape.mels), vocabulary, weights }
    }

    pub(super) fn length(&self) -> u64 {
        ggml::length(self.head())
    }

    pub(super) fn write(
        &mut self,
        out: &mut impl Write,
        progress: &mut dyn FnMut(u64),
    ) -> Result<u64, WriteError> {
        let head = Head { shape: &self.shape, mel: &self.mel, vocabulary: &self.vocabulary };
        ggml::write(out, head, &mut self.weights, progress)
    }

    fn head(&self) -> Head<'_> {
        Head { shape: &self.shape, mel: &self.mel, vocabulary: &self.vocabulary }
    }
}

/// A tensor of the source.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) dims: Vec<usize>,
    pub(super) stored: Stored,
}

/// The tensors of a source, and which of them found their place.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) all: BTreeMap<String, Entry>,
    used: BTreeSet<String>,
}

impl Entries {
    pub(super) fn dims(&self, name: &str) -> Result<&[usize], ImportError> {
        Ok(&self.all.get(name).ok_or_else(|| missing(name))?.dims)
    }

    /// How many layers there are, numbered from 0.
    pub(super) fn layers(&self, name: impl Fn(usize) -> String) -> usize {
        (0..).take_while(|number| self.all.contains_key(&name(*number))).count()
    }

    /// A part of a tensor that must have these sizes, but for the rows of all parts stacked.
    pub(super) fn part(&mut self, origin: &Origin, dims: &[usize]) -> Result<Stored, ImportError> {
        let entry = self.all.get(&origin.name).ok_or_else(|| missing(&origin.name))?;
        let mut whole = dims.to_vec();
        if let Some(rows) = whole.first_mut() {
            *rows *= origin.of;
        }
        if entry.dims != whole {
            let name = shown(&origin.name);
            return Err(ImportError::Damaged(format!("{name} has other sizes than the model")));
        }
        let numbers = entry.stored.numbers / origin.of;
        let before = numbers * origin.part * entry.stored.float.bytes();
        self.used.insert(origin.name.clone());
        Ok(Stored { offset: entry.stored.offset + before as u64, numbers, ..entry.stored })
    }

    /// Nothing may be left: a part that is not understood would be lost without a word.
    fn check_all_used(&self) -> Result<(), ImportError> {
        let Some(name) = self.all.keys().find(|name| !self.used.contains(*name)) else {
            return Ok(());
        };
        Err(ImportError::Unfit(format!("has a part that no Whisper model has ({})", shown(name))))
    }
}

/// Finds every tensor of a shape among the entries of a source. `output` is the name of an output
/// layer that must be the token embedding, if it is there at all.
pub(super) fn gather(
    shape: &WhisperShape,
    mut entries: Entries,
    files: Vec<File>,
    names: fn(&str) -> Option<Origin>,
    output: &str,
) -> Result<Floats<File>, ImportError> {
    let origin = |name: &str| names(name).ok_or_else(|| missing(name));
    let mut tensors = BTreeMap::new();
    let mut zeros = Vec::new();
    for slot in shape.tensors() {
        // The bias of a convolution is a column with us, a row of numbers elsewhere.
        let column = slot.dims.len() == 2 && slot.dims.last() == Some(&1);
        let dims = if column { slot.dims.get(..1) } else { None }.unwrap_or(&slot.dims);
        tensors.insert(slot.name.clone(), entries.part(&origin(&slot.name)?, dims)?);
        if let Some(stem) = slot.name.strip_suffix(".key.weight") {
            let bias = origin(&format!("{stem}.key.bias"))?;
            if entries.all.contains_key(&bias.name) {
                zeros.push(entries.part(&bias, dims.get(..1).unwrap_or_default())?);
            }
        }
    }
    let embedding = tensors.get("decoder.token_embedding.weight").copied();
    let mut same = None;
    if entries.all.contains_key(output) {
        let origin = Origin { name: output.to_owned(), part: 0, of: 1 };
        same = embedding.zip(Some(entries.part(&origin, &[shape.vocab, shape.text_state])?));
    }
    entries.check_all_used()?;
    let mut weights = Floats::new(files, tensors);
    for bias in zeros {
        check_zero(&mut weights, bias)?;
    }
    if let Some((embedding, output)) = same {
        check_same(&mut weights, embedding, output)?;
    }
    Ok(weights)
}

/// Whisper's keys have no bias, and the format has no place for one.
fn check_zero(weights: &mut Floats<File>, bias: Stored) -> Result<(), ImportError> {
    let mut numbers = vec![1.0; bias.numbers];
    weights.read(bias, 0, &mut numbers)?;
    if numbers.iter().all(|number| *number == 0.0) {
        return Ok(());
    }
    Err(ImportError::unfit("has biases of keys, which no Whisper model has"))
}

fn check_same(weights: &mut Floats<File>, a: Stored, b: Stored) -> Result<(), ImportError> {
    let mut first = 0;
    while first < a.numbers && a != b {
        let size = (1 << 16).min(a.numbers - first);
        let (mut left, mut right) = (vec![0.0; size], vec![0.0; size]);
        weights.read(a, first, &mut left)?;
        weights.read(b, first, &mut right)?;
        if left != right {
            return Err(ImportError::unfit("has an output layer of its own"));
        }
        first += size;
    }
    Ok(())
}

/// Sizes of a network, from the sizes of some of its tensors.
#[derive(Debug)]
pub(super) struct Sizes<'a> {
    pub(super) conv: &'a [usize],
    pub(super) tokens: &'a [usize],
    pub(super) audio_positions: &'a [usize],
    pub(super) text_positions: &'a [usize],
    pub(super) audio_layers: usize,
    pub(super) text_layers: usize,
}

impl Sizes<'_> {
    pub(super) fn shape(&self, kind: TensorKind) -> Result<WhisperShape, ImportError> {
        let at = |dims: &[usize], n: usize| dims.get(n).copied().unwrap_or(0);
        let (audio_state, text_state) = (at(self.conv, 0), at(self.tokens, 1));
        let shape = WhisperShape {
            vocab: at(self.tokens, 0),
            audio_ctx: at(self.audio_positions, 0),
            audio_state,
            audio_heads: audio_state / 64,
            audio_layers: self.audio_layers,
            text_ctx: at(self.text_positions, 0),
            text_state,
            text_heads: text_state / 64,
            text_layers: self.text_layers,
            mels: at(self.conv, 1),
            file_type: kind.file_type(),
        };
        if shape.is_sound() { Ok(shape) } else { Err(ImportError::unfit("is no Whisper model")) }
    }
}

fn missing(name: &str) -> ImportError {
    ImportError::Damaged(format!("{} is missing in it", shown(name)))
}

/// A name out of a hostile file may be anything.
fn shown(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(80).collect()
}
