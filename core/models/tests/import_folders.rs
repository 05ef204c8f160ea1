//! The same small model in every format that is taken gives the same file.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[allow(dead_code, reason = "shared by several test programs")]
mod source;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use confee_models::ggml::{TensorKind, WhisperFile, WhisperShape};
use confee_models::import::{Imported, SourceFormat, import};
use safetensors::Dtype;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const ENGLISH: usize = 51_864;
const MULTILINGUAL: usize = 51_865;

fn imported(from: &Path, kind: TensorKind) -> (Imported, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("model.bin");
    let mut last = (0, 1);
    let imported = import(from, &out, kind, &mut |done, total| {
        assert!(done >= last.0 && done <= total);
        last = (done, total);
    })
    .unwrap();
    assert_eq!(last.0, last.1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    WhisperFile::open(&out).unwrap().verify_data().unwrap();
    let bytes = fs::read(&out).unwrap();
    assert_eq!(imported.bytes, bytes.len() as u64);
    (imported, bytes)
}

fn check(from: &Path, shape: &WhisperShape, format: SourceFormat) {
    for kind in [TensorKind::F16, TensorKind::Q8_0] {
        let shape = shape.with_kind(kind);
        let (imported, bytes) = imported(from, kind);
        assert_eq!((imported.from, imported.shape), (format, shape));
        assert!(bytes == source::expected(&shape), "{format:?} {}", kind.name());
    }
}

#[test]
fn ctranslate2_folders_with_either_vocabulary() {
    for vocab in [ENGLISH, MULTILINGUAL] {
        let folder = tempfile::tempdir().unwrap();
        let shape = source::small(vocab);
        source::write_ctranslate2(folder.path(), &shape);
        check(folder.path(), &shape, SourceFormat::CTranslate2);
        check(&folder.path().join("model.bin"), &shape, SourceFormat::CTranslate2);
        fs::remove_file(folder.path().join("vocabulary.txt")).unwrap();
        let list = serde_json::to_vec(&source::listed(&shape)).unwrap();
        fs::write(folder.path().join("vocabulary.json"), list).unwrap();
        check(folder.path(), &shape, SourceFormat::CTranslate2);
    }
}

#[test]
fn hugging_face_folders_of_16_and_32_bits() {
    for (vocab, dtype) in [(ENGLISH, Dtype::F32), (MULTILINGUAL, Dtype::F16)] {
        let folder = tempfile::tempdir().unwrap();
        let shape = source::small(vocab);
        source::write_hugging_face(folder.path(), &shape, dtype);
        check(folder.path(), &shape, SourceFormat::Safetensors);
    }
}

#[test]
fn hugging_face_shards_with_an_output_layer_and_a_tokenizer() {
    let folder = tempfile::tempdir().unwrap();
    let shape = source::small(ENGLISH);
    source::write_vocab_json(folder.path(), &shape);
    let mut variables = source::hugging_face(&shape);
    let embedding = variables.iter().find(|(name, ..)| name.ends_with("embed_tokens.weight"));
    let (_, dims, numbers) = embedding.unwrap().clone();
    variables.push(("proj_out.weight".to_owned(), dims, numbers));
    let (first, second) = variables.split_at(10);
    let mut map = serde_json::Map::new();
    for (file, part) in [("model-1.safetensors", first), ("model-2.safetensors", second)] {
        source::write_safetensors(&folder.path().join(file), part, Dtype::F32);
        map.extend(part.iter().map(|(name, ..)| (name.clone(), file.into())));
    }
    let index = serde_json::json!({ "metadata": {}, "weight_map": map }).to_string();
    fs::write(folder.path().join("model.safetensors.index.json"), index).unwrap();
    let vocab = fs::read_to_string(folder.path().join("vocab.json")).unwrap();
    let tokenizer = format!(r#"{{"version":"1.0","model":{{"type":"BPE","vocab":{vocab}}}}}"#);
    fs::write(folder.path().join("tokenizer.json"), tokenizer).unwrap();
    fs::remove_file(folder.path().join("vocab.json")).unwrap();
    check(folder.path(), &shape, SourceFormat::Safetensors);
}

#[test]
fn wheels_packed_or_stored() {
    let (folder, shape) = (tempfile::tempdir().unwrap(), source::small(ENGLISH));
    source::write_ctranslate2(folder.path(), &shape);
    for method in [zip::CompressionMethod::Deflated, zip::CompressionMethod::Stored] {
        let path = folder.path().join("some.whl");
        let mut wheel = ZipWriter::new(File::create(&path).unwrap());
        let options = SimpleFileOptions::default().compression_method(method);
        for name in ["model.bin", "vocabulary.txt"] {
            wheel.start_file(format!("package/model/{name}"), options).unwrap();
            wheel.write_all(&fs::read(folder.path().join(name)).unwrap()).unwrap();
        }
        wheel.start_file("package/../../config.json", options).unwrap();
        wheel.finish().unwrap();
        check(&path, &shape, SourceFormat::CTranslate2);
    }
}

#[test]
fn ggml_files_are_checked_and_copied_or_quantized() {
    let (folder, shape) = (tempfile::tempdir().unwrap(), source::small(MULTILINGUAL));
    let path = folder.path().join("any name");
    fs::write(&path, source::expected(&shape)).unwrap();
    check(&path, &shape, SourceFormat::Ggml);
    let quantized = shape.with_kind(TensorKind::Q8_0);
    fs::write(&path, source::expected(&quantized)).unwrap();
    assert!(imported(&path, TensorKind::Q8_0).1 == source::expected(&quantized));
}
