use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{ImportError, check};
use crate::ggml::{Contents, WriteError};

/// A file that takes its name only when it is whole.
#[derive(Debug)]
pub(super) struct Output {
    file: BufWriter<NamedTempFile>,
}

impl Output {
    pub(super) fn beside(out: &Path) -> Result<Self, ImportError> {
        let file = tempfile::Builder::new()
            .prefix(".import-")
            .suffix(".partial")
            .tempfile_in(folder_of(out))
            .map_err(failed)?;
        Ok(Self { file: BufWriter::with_capacity(1 << 18, file) })
    }

    pub(super) fn writer(&mut self) -> &mut impl Write {
        &mut self.file
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        self.file.write_all(bytes).map_err(failed)
    }

    /// Checks it, brings it to disk and gives it its name.
    pub(super) fn finish(mut self, out: &Path) -> Result<Contents, ImportError> {
        self.file.flush().map_err(failed)?;
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        let contents = check(file.as_file())?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(out).map_err(|error| failed(error.error))?;
        Ok(contents)
    }
}

pub(super) fn folder_of(out: &Path) -> &Path {
    out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn failed(error: std::io::Error) -> ImportError {
    WriteError::Write(error.kind()).into()
}
