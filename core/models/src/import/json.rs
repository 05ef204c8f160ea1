use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::ImportError;

/// Longest text file that belongs to a model.
const MAX_TEXT: u64 = 32 << 20;

/// A file's bytes, if it is there.
pub(super) fn bytes(path: &Path) -> Result<Option<Vec<u8>>, ImportError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = Vec::new();
    file.take(MAX_TEXT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(ImportError::Damaged(format!("{} is too large", name(path))));
    }
    Ok(Some(bytes))
}

/// A JSON file's value, if it is there.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ImportError> {
    let Some(bytes) = bytes(path)? else { return Ok(None) };
    let wrong = |_| ImportError::Damaged(format!("{} is not what it should be", name(path)));
    serde_json::from_slice(&bytes).map(Some).map_err(wrong)
}

fn name(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}
