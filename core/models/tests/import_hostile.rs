//! Sources that are not what they should be: each is refused with a sentence, what lay at the
//! target stays, and nothing is left beside it.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[allow(dead_code, reason = "shared by several test programs")]
mod source;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use confee_models::ggml::{TensorKind, WriteError};
use confee_models::import::{ImportError, import};
use proptest::prelude::*;
use safetensors::Dtype;
use source::Variable;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const ENGLISH: usize = 51_864;
type Change = fn(&Path);
type ChangeWeights = fn(&mut Vec<Variable>);

fn refused(from: &Path, kind: TensorKind) -> ImportError {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("model.bin");
    fs::write(&out, "before").unwrap();
    let error = import(from, &out, kind, &mut |_, _| ()).unwrap_err();
    assert_eq!(fs::read(&out).unwrap(), b"before", "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{error}");
    error
}

fn find<'a>(variables: &'a mut [Variable], name: &str) -> &'a mut Variable {
    variables.iter_mut().find(|(found, ..)| found == name).unwrap()
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

static CTRANSLATE2: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    source::write_ctranslate2(folder.path(), &source::small(ENGLISH));
    folder
});

static HUGGING_FACE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    source::write_hugging_face(folder.path(), &source::small(ENGLISH), Dtype::F16);
    folder
});

fn copy_of(folder: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

#[test]
fn folders_that_are_not_whole() {
    let cases: [(&TempDir, &str, Change); 16] = [
        (&CTRANSLATE2, "vocabulary.txt or", |f| fs::remove_file(f.join("vocabulary.txt")).unwrap()),
        (&CTRANSLATE2, "no Whisper model is there", |f| {
            fs::remove_file(f.join("model.bin")).unwrap();
        }),
        (&CTRANSLATE2, "cut short", |f| change(&f.join("model.bin"), |b| b.truncate(b.len() / 2))),
        (&CTRANSLATE2, "cut short", |f| change(&f.join("model.bin"), |b| b.truncate(b.len() - 1))),
        (&CTRANSLATE2, "behind its end", |f| change(&f.join("model.bin"), |b| b.push(0))),
        (&CTRANSLATE2, "CTranslate2 3 or 4", |f| change(&f.join("model.bin"), |b| b[0] = 5)),
        (&CTRANSLATE2, "CTranslate2 3 or 4", |f| change(&f.join("model.bin"), |b| b[6] = b'w')),
        (&CTRANSLATE2, "vocabulary is not", |f| {
            change(&f.join("vocabulary.txt"), |b| b.truncate(9000));
        }),
        (&CTRANSLATE2, "vocabulary is not", |f| {
            change(&f.join("vocabulary.txt"), |b| b.splice(0..0, *b"\n").for_each(drop));
        }),
        (&CTRANSLATE2, "vocabulary.txt is not text", |f| {
            change(&f.join("vocabulary.txt"), |b| b[0] = 0xff);
        }),
        (&HUGGING_FACE, "config.json is missing", |f| {
            fs::remove_file(f.join("config.json")).unwrap();
        }),
        (&HUGGING_FACE, "config.json is not", |f| {
            change(&f.join("config.json"), |b| b.truncate(20));
        }),
        (&HUGGING_FACE, "unlike a Whisper", |f| {
            fs::write(f.join("config.json"), source::CONFIG.replace("whisper", "bart")).unwrap();
        }),
        (&HUGGING_FACE, "vocab.json or", |f| fs::remove_file(f.join("vocab.json")).unwrap()),
        (&HUGGING_FACE, "too large", |f| change(&f.join("model.safetensors"), |b| b[7] = 1)),
        (&HUGGING_FACE, "cut short", |f| {
            change(&f.join("model.safetensors"), |b| b.truncate(b.len() - 1));
        }),
    ];
    for (folder, says, change) in cases {
        let folder = copy_of(folder);
        change(folder.path());
        let error = refused(folder.path(), TensorKind::Q8_0).to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
}

#[test]
fn weights_that_do_not_fit() {
    let cases: [(&str, ChangeWeights); 6] = [
        ("biases of keys", |v| find(v, "encoder/layer_1/self_attention/linear_0/bias").2[64] = 0.5),
        ("linear_2/bias is missing", |v| {
            v.retain(|(name, ..)| name != "decoder/layer_0/attention/linear_2/bias");
        }),
        ("no Whisper model has (extra)", |v| v.push(("extra".into(), vec![2], vec![0.0; 2]))),
        ("other sizes", |v| find(v, "decoder/layer_norm/gamma").1 = vec![32, 2]),
        ("decoder.blocks.0.mlp.2.weight holds a weight", |v| {
            find(v, "decoder/layer_0/ffn/linear_1/weight").2[9] = f32::NAN;
        }),
        ("encoder.conv1.bias holds a weight", |v| {
            find(v, "encoder/conv1/bias").2[63] = f32::INFINITY;
        }),
    ];
    for (says, change) in cases {
        let folder = copy_of(&CTRANSLATE2);
        let mut variables = source::ctranslate2(&source::small(ENGLISH));
        change(&mut variables);
        fs::write(folder.path().join("model.bin"), source::model_bin(&variables)).unwrap();
        let error = refused(folder.path(), TensorKind::F16).to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
}

#[test]
fn weights_of_32_bits_that_16_do_not_hold() {
    let folder = copy_of(&HUGGING_FACE);
    let mut variables = source::hugging_face(&source::small(ENGLISH));
    find(&mut variables, "model.decoder.layers.0.fc1.weight").2[0] = 1e6;
    let path = folder.path().join("model.safetensors");
    source::write_safetensors(&path, &variables, Dtype::F32);
    let name = "decoder.blocks.0.mlp.0.weight".to_owned();
    let error = refused(folder.path(), TensorKind::Q8_0);
    assert_eq!(error, ImportError::Write(WriteError::Weight(name)));
}

#[test]
fn an_output_layer_of_its_own_is_not_lost_in_silence() {
    let folder = copy_of(&HUGGING_FACE);
    let mut variables = source::hugging_face(&source::small(ENGLISH));
    variables.push(("proj_out.weight".into(), vec![ENGLISH, 64], vec![0.5; ENGLISH * 64]));
    let path = folder.path().join("model.safetensors");
    source::write_safetensors(&path, &variables, Dtype::F16);
    assert!(refused(folder.path(), TensorKind::F16).to_string().contains("output layer"));
}

#[test]
fn an_index_does_not_lead_out_of_its_folder() {
    let folder = copy_of(&HUGGING_FACE);
    let weights = folder.path().join("model.safetensors");
    fs::remove_file(weights).unwrap();
    for name in ["../model.safetensors", "/model.safetensors", "a/b.safetensors", "config.json"] {
        let index = serde_json::json!({ "weight_map": { "encoder.conv1.weight": name } });
        fs::write(folder.path().join("model.safetensors.index.json"), index.to_string()).unwrap();
        let error = refused(folder.path(), TensorKind::F16).to_string();
        assert!(error.contains("index of its parts"), "{name}: {error}");
    }
}

fn wheel(path: &Path, members: &[(&str, &[u8])]) {
    let mut wheel = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in members {
        wheel.start_file(*name, SimpleFileOptions::default()).unwrap();
        wheel.write_all(bytes).unwrap();
    }
    wheel.finish().unwrap();
}

#[test]
fn wheels_that_hold_no_sound_model() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.whl");
    wheel(&path, &[("package/__init__.py", b"")]);
    assert_eq!(refused(&path, TensorKind::F16), ImportError::Unknown);
    wheel(&path, &[("a/model.bin", b"one"), ("b/model.bin", b"two")]);
    assert!(refused(&path, TensorKind::F16).to_string().contains("several"));
    wheel(&path, &[("a/model.bin", b"neither")]);
    assert!(matches!(refused(&path, TensorKind::F16), ImportError::Unfit(_)));
    wheel(&path, &[("a/model.bin", &vec![0; 1 << 20])]);
    // The size in the central directory, 22 bytes before the end and then 46 and the name.
    change(&path, |b| {
        let at = b.len() - 22 - 46 - "a/model.bin".len() + 24;
        b[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes()[..4]);
        b[at] = 0xfe;
    });
    assert!(matches!(refused(&path, TensorKind::F16), ImportError::Damaged(_)));
    wheel(&path, &[("a/model.bin", b"the bytes of it")]);
    change(&path, |b| b[45] ^= 1);
    assert!(matches!(refused(&path, TensorKind::F16), ImportError::Damaged(_)));
}

#[test]
fn other_things() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refused(folder.path(), TensorKind::F16), ImportError::Unknown);
    let path = folder.path().join("notes.txt");
    fs::write(&path, "hello").unwrap();
    assert_eq!(refused(&path, TensorKind::F16), ImportError::Unknown);
    assert_eq!(refused(&path, TensorKind::Q5_1), ImportError::Write(WriteError::Kind));
    let missing = folder.path().join("missing");
    assert!(matches!(refused(&missing, TensorKind::F16), ImportError::Read(_)));
    fs::write(&path, source::expected(&source::small(ENGLISH).with_kind(TensorKind::Q8_0)))
        .unwrap();
    assert!(refused(&path, TensorKind::F16).to_string().contains("is q8_0 already"));
    change(&path, |b| b.truncate(b.len() - 1));
    assert!(matches!(refused(&path, TensorKind::Q8_0), ImportError::Ggml(_)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_are_taken_or_refused(
        hugging in any::<bool>(),
        changes in prop::collection::vec((0_usize..4000, any::<u8>()), 1..4),
    ) {
        let (folder, file) = if hugging {
            (copy_of(&HUGGING_FACE), "model.safetensors")
        } else {
            (copy_of(&CTRANSLATE2), "model.bin")
        };
        change(&folder.path().join(file), |bytes| {
            for (at, value) in changes {
                bytes[at] = value;
            }
        });
        let out = folder.path().join("out");
        let imported = import(folder.path(), &out, TensorKind::F16, &mut |_, _| ());
        prop_assert_eq!(imported.is_ok(), out.exists());
    }
}
