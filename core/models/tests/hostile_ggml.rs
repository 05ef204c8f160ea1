//! Files that are not what they should be: each is refused, none takes much memory or panics.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::LazyLock;

use confee_models::ggml::{Contents, GgmlError, TensorKind, WhisperShape, write_random};
use proptest::prelude::*;

type Change = fn(&mut Vec<u8>, &Contents);

fn small(kind: TensorKind) -> WhisperShape {
    WhisperShape::standard(51_864, 64, 1, kind)
}

fn model(kind: TensorKind) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_random(&small(kind), 7, &mut bytes).unwrap();
    bytes
}

static Q8_0: LazyLock<Vec<u8>> = LazyLock::new(|| model(TensorKind::Q8_0));
static F16: LazyLock<Vec<u8>> = LazyLock::new(|| model(TensorKind::F16));

fn read(bytes: &[u8]) -> Result<Contents, GgmlError> {
    Contents::read(Cursor::new(bytes))
}

const MEL: usize = 48;
const VOCABULARY: usize = MEL + 8 + 80 * 201 * 4;

fn put(bytes: &mut [u8], at: usize, number: i32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// Where a tensor's entry begins.
fn entry(contents: &Contents, name: &str) -> usize {
    let tensor = &contents.tensors()[name];
    usize::try_from(tensor.offset).unwrap() - name.len() - 4 * tensor.dims.len() - 12
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
}

#[test]
fn a_model_of_chance_is_sound_in_both_kinds_and_the_same_each_time() {
    for bytes in [&*Q8_0, &*F16] {
        let contents = read(bytes).unwrap();
        contents.verify_data(Cursor::new(bytes)).unwrap();
        assert_eq!(contents.tensors().len(), 50);
    }
    assert!(model(TensorKind::Q8_0) == *Q8_0);
}

#[test]
fn what_whisper_cpp_would_stumble_over_is_refused() {
    let token = |token: &[u8]| [&u32::try_from(token.len()).unwrap().to_le_bytes(), token].concat();
    let spaces = [b" ".as_slice(), b" -", b" '"].map(token);
    let cases: Vec<(&str, Change)> = vec![
        ("another format", |b, _| b[..4].copy_from_slice(b"GGUF")),
        ("an f32 file", |b, _| put(b, 44, 0)),
        ("an old quantization", |b, _| put(b, 44, 7)),
        ("a k-quant", |b, _| put(b, 44, 2014)),
        ("another kind than the file says", |b, _| put(b, 44, 2009)),
        ("no heads", |b, _| put(b, 16, 0)),
        ("a huge vocabulary", |b, _| put(b, 4, i32::MAX)),
        ("negative layers", |b, _| put(b, 20, -1)),
        ("more layers than tensors", |b, _| put(b, 20, 2)),
        ("other widths", |b, _| put(b, 28, 128)),
        ("no filters", |b, _| put(b, MEL, 0)),
        ("many filters", |b, _| put(b, MEL + 4, i32::MAX)),
        ("a filter of NaN", |b, _| put(b, MEL + 8, 0x7fc0_0000)),
        ("no vocabulary", |b, _| put(b, VOCABULARY, 0)),
        ("a huge token", |b, _| put(b, VOCABULARY + 4, i32::MAX)),
        ("a tensor of rank 9", |b, c| put(b, entry(c, "decoder.ln.bias"), 9)),
        ("a name of 2 GB", |b, c| put(b, entry(c, "decoder.ln.bias") + 4, i32::MAX)),
        ("a tensor of integers", |b, c| put(b, entry(c, "decoder.ln.bias") + 8, 26)),
        ("a vector in 16 bits", |b, c| put(b, entry(c, "decoder.ln.bias") + 8, 1)),
        ("an f32 convolution", |b, c| put(b, entry(c, "encoder.conv1.weight") + 8, 0)),
        ("a longer tensor", |b, c| put(b, entry(c, "decoder.ln.bias") + 12, 65)),
        ("an empty tensor", |b, c| put(b, entry(c, "decoder.ln.bias") + 12, 0)),
        ("an unknown tensor", |b, _| replace(b, b"decoder.ln.bias", b"decoder.ln.bins")),
        ("bytes behind the end", |b, _| b.push(0)),
        ("no tensors", |b, c| b.truncate(entry(c, "encoder.conv1.weight"))),
        ("a tensor less", |b, c| b.truncate(entry(c, "decoder.blocks.0.mlp_ln.bias"))),
    ];
    let contents = read(&Q8_0).unwrap();
    for (what, change) in cases {
        let mut bytes = Q8_0.clone();
        change(&mut bytes, &contents);
        let error = read(&bytes).expect_err(what);
        assert!(!matches!(error, GgmlError::Io(_)), "{what}: {error}");
    }
    for needed in spaces {
        let mut bytes = Q8_0.clone();
        let mut other = needed.clone();
        *other.last_mut().unwrap() = b'~';
        replace(&mut bytes, &needed, &other);
        assert!(matches!(read(&bytes), Err(GgmlError::Damaged(_))), "{needed:?}");
    }
}

#[test]
fn a_tensor_that_is_there_twice_is_refused() {
    let mut bytes = Q8_0.clone();
    let name = b"encoder.blocks.0.attn_ln.weight";
    replace(&mut bytes, b"decoder.blocks.0.attn_ln.weight", name);
    assert!(matches!(read(&bytes), Err(GgmlError::Damaged(_))));
}

#[test]
fn weights_that_are_no_numbers_are_found() {
    for (bytes, tensors) in [
        (&*Q8_0, ["decoder.token_embedding.weight", "encoder.conv2.weight", "decoder.ln.weight"]),
        (
            &*F16,
            ["decoder.blocks.0.mlp.2.weight", "encoder.positional_embedding", "decoder.ln.bias"],
        ),
    ] {
        let contents = read(bytes).unwrap();
        for name in tensors {
            let tensor = &contents.tensors()[name];
            let (_, block) = tensor.kind.block();
            for at in [0, tensor.bytes / block / 2 * block, tensor.bytes - block] {
                let mut changed = bytes.clone();
                let at = usize::try_from(tensor.offset).unwrap() + at;
                let infinite: &[u8] = if block == 4 { &[0, 0, 0x80, 0xff] } else { &[0, 0xfc] };
                changed[at..at + infinite.len()].copy_from_slice(infinite);
                let contents = read(&changed).unwrap();
                let error = contents.verify_data(Cursor::new(&changed)).unwrap_err();
                assert!(error.to_string().contains(name), "{error}");
            }
        }
    }
}

/// A file of any length that is not there: the right start, then zeros.
struct Endless<'a> {
    start: &'a [u8],
    length: u64,
    at: u64,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = into.len().min(usize::try_from(self.length - self.at).unwrap());
        for byte in &mut into[..size] {
            *byte = self.start.get(usize::try_from(self.at).unwrap()).copied().unwrap_or(0);
            self.at += 1;
        }
        Ok(size)
    }
}

impl Seek for Endless<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.length.checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
        };
        self.at = self.at.min(self.length);
        Ok(self.at)
    }
}

#[test]
fn memory_does_not_follow_what_a_file_claims() {
    for length in [48, VOCABULARY, VOCABULARY + 4, VOCABULARY + 100_000, Q8_0.len() / 2] {
        let start = &Q8_0[..length];
        let source = Endless { start, length: 1 << 33, at: 0 };
        let used = allocation_counter::measure(|| drop(Contents::read(source)));
        assert!(used.bytes_max < 8 << 20, "{} bytes at {length}", used.bytes_max);
    }
}

fn refused_or_sound(bytes: &[u8]) {
    let used = allocation_counter::measure(|| {
        if let Ok(contents) = read(bytes) {
            drop(contents.verify_data(Cursor::new(bytes)));
        }
    });
    assert!(used.bytes_max < 8 << 20, "{} bytes", used.bytes_max);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_or_sound(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        refused_or_sound(&bytes);
    }

    #[test]
    fn a_cut_file_is_refused(at in 0..Q8_0.len()) {
        prop_assert!(read(&Q8_0[..at]).is_err());
    }

    /// Numbers in the header, between tokens and before tensors, where they do the most.
    #[test]
    fn changed_numbers_never_panic(
        tensors in prop::collection::vec((0_usize..50, 0_usize..6, any::<i32>()), 0..3),
        start in prop::collection::vec((0_usize..VOCABULARY / 4 + 2, any::<i32>()), 0..3),
        bytes in prop::collection::vec((0..Q8_0.len(), any::<u8>()), 0..3),
    ) {
        let contents = read(&Q8_0).unwrap();
        let names: Vec<&String> = contents.tensors().keys().collect();
        let mut changed = Q8_0.clone();
        for (tensor, number, value) in tensors {
            put(&mut changed, entry(&contents, names[tensor]) + 4 * number, value % 4096);
        }
        for (number, value) in start {
            put(&mut changed, number * 4, value);
        }
        for (at, value) in bytes {
            changed[at] = value;
        }
        refused_or_sound(&changed);
    }
}
