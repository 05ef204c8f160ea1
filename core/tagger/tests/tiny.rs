//! A model of chance, small enough to make in the test: what is loaded, refused and read.
#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use confee_domain::{Rep, Segment, Speaker, Transcript};
use confee_extract::{Extractor, Reading, Talk};
use confee_tagger::{LearnedTagger, TaggerError};
use proptest::prelude::*;

const WIDTH: usize = 32;
const WIDE: usize = 64;
const WORDS: [&str; 16] = [
    "[PAD]",
    "[unused1]",
    "[unused2]",
    "[unused3]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "we",
    "use",
    "a",
    "##cme",
    "fifty",
    "thousand",
    "euros",
    ".",
    "anna",
];

/// What may be wrong with a file.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Architecture,
    Label,
    Tensor,
    Shape,
    NoNumber,
    Window,
}

fn texts(words: &[&str]) -> Value {
    Value::Array(words.iter().map(|w| Value::String((*w).to_owned())).collect())
}

fn metadata(fault: Fault) -> Vec<(String, Value)> {
    let own = |key: &str| format!("confee-extractor.{key}");
    let architecture = if fault == Fault::Architecture { "llama" } else { "confee-extractor" };
    let label = if fault == Fault::Label { "surname" } else { "name" };
    let window = if fault == Fault::Window { 65 } else { 40 };
    let number = |key: &str, value| (own(key), Value::U32(value));
    vec![
        ("general.architecture".into(), Value::String(architecture.into())),
        number("context_length", 64),
        number("embedding_length", WIDTH as u32),
        number("feed_forward_length", WIDE as u32),
        number("block_count", 2),
        number("attention.head_count", 2),
        number("window", window),
        number("overlap", 8),
        number("most_rep", 4),
        (own("entity"), texts(&["name", "company", "money"])),
        (own("entity_kind"), texts(&[label, "name.rep", "company", "money.budget", "money.price"])),
        (own("clause"), texts(&["pain", "step"])),
        (own("clause_kind"), texts(&["pain", "step.demo", "step.call"])),
        (own("state"), texts(&["step", "stepalso", "stepopen", "stepno"])),
        (own("role"), texts(&["rep", "prospect"])),
        (own("authority"), texts(&["-", "decision_maker", "shared", "influencer", "none"])),
        ("tokenizer.ggml.tokens".into(), texts(&WORDS)),
    ]
}

fn tensors(fault: Fault) -> Vec<(String, QTensor)> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut made = Vec::new();
    let mut add = |name: &str, shape: &[usize], kind: GgmlDType| {
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| random.f32() - 0.5).collect();
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu).unwrap();
        made.push((name.to_owned(), QTensor::quantize(&tensor, kind).unwrap()));
    };
    add("words", &[WORDS.len(), WIDTH], GgmlDType::Q8_0);
    add("positions.weight", &[64, WIDTH], GgmlDType::F32);
    let dense = |add: &mut dyn FnMut(&str, &[usize], GgmlDType), name: &str, out, input, kind| {
        add(&format!("{name}.weight"), &[out, input], kind);
        add(&format!("{name}.bias"), &[out], GgmlDType::F32);
    };
    for norm in ["norm", "layers.0.norm", "layers.1.norm", "layers.0.attention_norm"] {
        add(&format!("{norm}.weight"), &[WIDTH], GgmlDType::F32);
        add(&format!("{norm}.bias"), &[WIDTH], GgmlDType::F32);
    }
    add("layers.1.attention_norm.bias", &[WIDTH], GgmlDType::F32);
    if fault != Fault::Tensor {
        add("layers.1.attention_norm.weight", &[WIDTH], GgmlDType::F32);
    }
    for layer in 0..2 {
        for part in ["query", "key", "value", "output"] {
            let name = format!("layers.{layer}.{part}");
            dense(&mut add, &name, WIDTH, WIDTH, GgmlDType::Q8_0);
        }
        dense(&mut add, &format!("layers.{layer}.expand"), WIDE, WIDTH, GgmlDType::Q8_0);
        dense(&mut add, &format!("layers.{layer}.contract"), WIDTH, WIDE, GgmlDType::Q8_0);
    }
    let outputs = [
        ("entity", if fault == Fault::Shape { 9 } else { 7 }),
        ("entity_kind", 5),
        ("clause", 5),
        ("clause_kind", 3),
        ("state", 4),
        ("role", 2),
        ("lead", 2),
        ("authority", 5),
    ];
    for (head, count) in outputs {
        dense(&mut add, &format!("heads.{head}"), count, WIDTH, GgmlDType::F32);
    }
    if fault == Fault::NoNumber {
        let values = Tensor::from_vec(vec![f32::NAN; 4], 4, &Device::Cpu).unwrap();
        made.retain(|(name, _)| name != "heads.state.bias");
        made.push(("heads.state.bias".into(), QTensor::quantize(&values, GgmlDType::F32).unwrap()));
    }
    made
}

fn file(fault: Fault) -> Vec<u8> {
    let (metadata, tensors) = (metadata(fault), tensors(fault));
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(k, v)| (k.as_str(), v)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(k, t)| (k.as_str(), t)).collect();
    let mut out = Cursor::new(Vec::new());
    gguf_file::write(&mut out, &metadata, &tensors).unwrap();
    out.into_inner()
}

fn tagger() -> LearnedTagger {
    LearnedTagger::load(file(Fault::None), None).unwrap()
}

fn talk(texts: &[String]) -> Transcript {
    let at = "2026-03-18T10:12:00+01:00".parse().unwrap();
    let rep = Rep { name: Some("Anna".into()), company: Some("We use euros".into()) };
    let segment = |(n, text): (usize, &String)| Segment {
        start_ms: n as u64 * 1000,
        end_ms: n as u64 * 1000 + 900,
        speaker: [None, Some(Speaker::Rep), Some(Speaker::Prospect)][n % 3],
        text: text.clone(),
        words: Vec::new(),
    };
    let segments = texts.iter().enumerate().map(segment).collect();
    Transcript::new("t".into(), at, rep, segments).unwrap()
}

fn read(texts: &[String]) -> Reading {
    let talk = talk(texts);
    tagger().read(&Talk::new(&talk)).unwrap()
}

#[test]
fn every_span_stands_in_its_turn() {
    let texts: Vec<String> =
        (0..40).map(|n| "We use Acme, fifty thousand euros. ".repeat(n % 7 + 1)).collect();
    let reading = read(&texts);
    assert_eq!(reading.visitor.len(), texts.len());
    assert!(!reading.spans.is_empty() && reading.lead.is_some());
    for span in &reading.spans {
        assert!(span.start < span.end && span.end <= texts[span.turn].chars().count());
        assert!(span.score <= 1000);
    }
    assert!(reading.authority.unwrap().iter().map(|p| u32::from(*p)).sum::<u32>() <= 1002);
}

#[test]
fn the_same_talk_gives_the_same_in_any_number_of_threads() {
    let texts: Vec<String> =
        (0..30).map(|_| "We use Acme, fifty thousand euros.".to_owned()).collect();
    let once = read(&texts);
    for threads in [1, 2, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| read(&texts)), once);
    }
}

#[test]
fn an_extractor_takes_it_beside_the_rules() {
    let extractor = Extractor::with_tagger(Box::new(tagger())).unwrap();
    let lead = extractor.extract(&talk(&["We use Acme.".to_owned()]));
    assert_eq!(lead.id, "t");
}

#[test]
fn files_that_do_not_fit_are_refused() {
    let refused = |fault| LearnedTagger::load(file(fault), None).err().unwrap();
    assert!(matches!(refused(Fault::Architecture), TaggerError::Foreign));
    for fault in [Fault::Label, Fault::Tensor, Fault::Shape, Fault::NoNumber, Fault::Window] {
        assert!(matches!(refused(fault), TaggerError::Damaged(_)));
    }
}

#[test]
fn another_hash_is_another_file() {
    use sha2::{Digest, Sha256};
    let mut bytes = file(Fault::None);
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    assert!(LearnedTagger::load(bytes.clone(), Some(hash)).is_ok());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(matches!(LearnedTagger::load(bytes, Some(hash)), Err(TaggerError::Foreign)));
}

#[test]
fn cut_off_files_are_refused() {
    let bytes = file(Fault::None);
    for length in (0..bytes.len()).step_by(997) {
        assert!(LearnedTagger::load(bytes[..length].to_vec(), None).is_err(), "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_headers_never_panic(at in 0_usize..3000, value in any::<u8>()) {
        let mut bytes = file(Fault::None);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        if let Ok(tagger) = LearnedTagger::load(bytes, None) {
            let talk = talk(&["We use Acme.".to_owned()]);
            let _ = tagger.read(&Talk::new(&talk));
        }
    }

    #[test]
    fn any_text_is_read(texts in prop::collection::vec("\\PC{1,60}", 1..6)) {
        let reading = read(&texts);
        for span in &reading.spans {
            prop_assert!(span.start < span.end && span.end <= texts[span.turn].chars().count());
        }
    }
}
