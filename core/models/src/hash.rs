use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest, Sha256};

const CHUNK: usize = 1 << 18;

/// What a file's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digests {
    /// How many.
    pub(crate) bytes: u64,
    /// In hexadecimal, lower case.
    pub(crate) sha256: String,
    /// The same; only where it was asked for.
    pub(crate) sha1: Option<String>,
}

/// Reads a file whole. Tells how far it is after each quarter megabyte.
pub(crate) fn digest(
    path: &Path,
    with_sha1: bool,
    progress: &mut dyn FnMut(u64, u64),
) -> io::Result<Digests> {
    let mut file = File::open(path)?;
    let total = file.metadata()?.len();
    let (mut sha256, mut sha1, mut bytes) = (Sha256::new(), Sha1::new(), 0);
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        let chunk = &buffer[..count];
        sha256.update(chunk);
        if with_sha1 {
            sha1.update(chunk);
        }
        bytes += count as u64;
        progress(bytes, total);
    }
    let sha1 = with_sha1.then(|| hex(&sha1.finalize()));
    Ok(Digests { bytes, sha256: hex(&sha256.finalize()), sha1 })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"abc").unwrap();
        let mut seen = Vec::new();
        let found = digest(&path, true, &mut |done, total| seen.push((done, total))).unwrap();
        assert_eq!(found.bytes, 3);
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(found.sha256, sha256);
        assert_eq!(found.sha1.as_deref(), Some("a9993e364706816aba3e25717850c26c9cd0d89d"));
        assert_eq!(seen, [(3, 3)]);
        assert_eq!(digest(&path, false, &mut |_, _| {}).unwrap().sha1, None);
    }
}
