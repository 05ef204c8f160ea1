use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

const BYTES_MAX: u64 = 64 << 10;

/// What is known of an installed model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installed {
    /// Its name.
    pub id: String,
    /// Length of its file.
    pub bytes: u64,
    /// SHA-256 of its file, in lower-case hexadecimal.
    pub sha256: String,
    /// The host it came from, or `added`.
    pub source: String,
    /// When, in Unix milliseconds.
    pub installed_at_ms: i64,
    /// What its hash was compared with at installation.
    pub verified: Verified,
    /// Date of its file when the hash was last compared, in Unix milliseconds.
    pub modified_ms: i64,
}

/// What a hash was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// With the hash in the list of models.
    Published,
    /// With none: what arrived first is trusted, later changes are noticed.
    FirstUse,
}

pub(super) fn read(path: &Path) -> io::Result<Installed> {
    let mut text = Vec::new();
    File::open(path)?.take(BYTES_MAX).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

pub(super) fn write(path: &Path, new: &Path, installed: &Installed) -> io::Result<()> {
    write_json(path, new, installed)
}

/// Writes to another file first and puts that in place in one step.
pub(crate) fn write_json(path: &Path, new: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut file = File::create(new)?;
    file.write_all(&serde_json::to_vec_pretty(value)?)?;
    file.sync_all()?;
    fs::rename(new, path)
}
