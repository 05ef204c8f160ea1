//! Files that came with the app or were chosen by the user.
#![allow(clippy::unwrap_used, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use confee_models::ggml::GgmlError;
use confee_models::library::{Bring, Verified};
use confee_models::manifest::Expected;
use confee_models::{Library, ModelError};

fn library(folder: &Path) -> Library {
    let check = |path: &Path| {
        if fs::read(path)?.starts_with(b"ggml") { Ok(()) } else { Err(GgmlError::Magic) }
    };
    Library::at(&folder.join("models"))
        .unwrap()
        .with_check(Arc::new(check))
        .with_clock(Arc::new(|| 5))
}

fn file(folder: &Path, content: &[u8]) -> PathBuf {
    let path = folder.join("chosen");
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn adding_listing_verifying_removing() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let source = file(folder.path(), b"ggml one");
    for (id, bring) in [("b", Bring::Copy), ("a.en-q8_0", Bring::Link)] {
        let added = library.add(&source, id, &Expected::default(), bring).unwrap();
        assert_eq!((added.bytes, added.verified), (8, Verified::FirstUse));
        assert_eq!((added.installed_at_ms, added.source.as_str()), (5, "added"));
        assert_eq!(library.verify(id).unwrap(), added);
    }
    let ids: Vec<String> = library.installed().unwrap().into_iter().map(|i| i.id).collect();
    assert_eq!(ids, ["a.en-q8_0", "b"]);
    assert!(library.remove("b").unwrap().model);
    assert!(!library.remove("b").unwrap().model);
    assert!(matches!(library.verify("b"), Err(ModelError::NotInstalled(_))));
    assert!(source.exists());
}

#[test]
fn what_is_refused_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let one = file(folder.path(), b"ggml one");
    library.add(&one, "m", &Expected::default(), Bring::Copy).unwrap();
    let wrong = Expected { sha256: Some("0".repeat(64)), ..Expected::default() };
    let short = Expected { bytes: Some(7), ..Expected::default() };
    let sha1 = Expected { sha1: Some("0".repeat(40)), ..Expected::default() };
    for expected in [wrong, short, sha1] {
        let refused = library.add(&one, "m", &expected, Bring::Copy);
        assert!(matches!(refused, Err(ModelError::Mismatch(_))), "{expected:?}");
    }
    let two = file(folder.path(), b"text");
    let refused = library.add(&two, "m", &Expected::default(), Bring::Link);
    assert!(matches!(refused, Err(ModelError::Structure(_))));
    let missing = library.add(Path::new("/nowhere"), "m", &Expected::default(), Bring::Copy);
    assert!(matches!(missing, Err(ModelError::Io(_))));
    assert_eq!(fs::read(library.path("m").unwrap()).unwrap(), b"ggml one");
    library.verify("m").unwrap();
    assert_eq!(fs::read_dir(folder.path().join("models")).unwrap().count(), 3);
}

#[test]
fn names_cannot_leave_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let source = file(folder.path(), b"ggml");
    let long = "a".repeat(65);
    for id in ["", ".", "..", "../m", "a/b", "A", "a~lock", "\u{e4}", "-a", "a\0", &long] {
        let added = library.add(&source, id, &Expected::default(), Bring::Copy);
        assert!(matches!(added, Err(ModelError::BadId)), "{id}");
        assert!(matches!(library.remove(id), Err(ModelError::BadId)), "{id}");
    }
}

#[test]
fn changes_are_noticed_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let source = file(folder.path(), b"ggml one");
    let added = library.add(&source, "m", &Expected::default(), Bring::Copy).unwrap();
    let path = library.path("m").unwrap();
    let touch = |seconds: u64| {
        let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::options().write(true).open(&path).unwrap().set_modified(date).unwrap();
    };
    touch(1_000);
    library.unchanged("m").unwrap();
    assert_eq!(library.get("m").unwrap().modified_ms, 1_000_000, "the date alone is noted");
    fs::write(&path, b"ggml two").unwrap();
    touch(2_000);
    assert!(matches!(library.unchanged("m"), Err(ModelError::Changed(_))));
    assert!(matches!(library.open("m"), Err(ModelError::Changed(_))));
    fs::write(&path, b"ggml").unwrap();
    assert!(matches!(library.unchanged("m"), Err(ModelError::Changed(_))));
    assert!(library.installed().unwrap().is_empty(), "another length does not count");
    // Same length and date: only a full look finds it.
    fs::write(&path, b"ggml two").unwrap();
    touch(1_000);
    library.unchanged("m").unwrap();
    assert!(matches!(library.verify("m"), Err(ModelError::Changed(_))));
    fs::write(&path, b"ggml one").unwrap();
    assert_eq!(library.verify("m").unwrap().sha256, added.sha256);
}

#[test]
fn unreadable_sidecars_and_foreign_files_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(folder.path());
    let models = folder.path().join("models");
    for (name, content) in [("x.json", "{"), ("x.bin", "ggml"), ("NOTES.json", "{}"), ("y.bin", "")]
    {
        fs::write(models.join(name), content).unwrap();
    }
    let huge = format!("{{\"id\": \"{}\"}}", "a".repeat(1 << 20));
    fs::write(models.join("z.json"), huge).unwrap();
    assert!(library.installed().unwrap().is_empty());
    assert!(matches!(library.open("x"), Err(ModelError::NotInstalled(_))));
}

/// A real file through the real check.
#[test]
fn a_real_model() {
    let Some(source) = std::env::var_os("CONFEE_WHISPER_MODEL") else {
        let required = std::env::var("CONFEE_REQUIRE_MODELS").is_ok_and(|v| v == "1");
        assert!(!required, "CONFEE_WHISPER_MODEL is not set");
        eprintln!("skipped: CONFEE_WHISPER_MODEL is not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path()).unwrap();
    let source = PathBuf::from(source);
    library.add(&source, "tiny.en-q8_0", &Expected::default(), Bring::Copy).unwrap();
    library.verify("tiny.en-q8_0").unwrap();
    let opened = library.open("tiny.en-q8_0").unwrap();
    library.remove("tiny.en-q8_0").unwrap();
    assert!(opened.shape().english_only());
    let cut = folder.path().join("cut");
    let bytes = fs::read(&source).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let refused = library.add(&cut, "cut", &Expected::default(), Bring::Copy);
    assert!(matches!(refused, Err(ModelError::Structure(_))), "{refused:?}");
}
