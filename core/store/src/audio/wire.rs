//! How records lie in a file. Little-endian throughout.

use crc32fast::Hasher;

/// Bytes before the first record.
pub(super) const HEADER_BYTES: u32 = 32;
/// The format this code writes.
pub(super) const VERSION: u16 = 1;
/// Upper bound of a record's payload.
pub(super) const MAX_PAYLOAD: usize = 4096;
/// Length, kind and checksum.
pub(super) const OVERHEAD: usize = PREFIX + 4;
/// Upper bound of a record.
pub(super) const MAX_RECORD: usize = MAX_PAYLOAD + OVERHEAD;
const PREFIX: usize = 3;
const MAGIC: [u8; 8] = *b"CONFEEAU";

/// A place in the log: the number of a segment file and an offset in it. Later is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    pub(super) segment: u32,
    pub(super) offset: u32,
}

impl Position {
    /// Before everything.
    pub const START: Self = Self { segment: 0, offset: 0 };

    /// As a number that sorts the same, for a bookmark in a database.
    #[must_use]
    pub fn to_u64(self) -> u64 {
        u64::from(self.segment) << 32 | u64::from(self.offset)
    }

    /// From [`Position::to_u64`].
    #[must_use]
    pub fn from_u64(bits: u64) -> Self {
        Self { segment: (bits >> 32) as u32, offset: bits as u32 }
    }
}

/// What the first bytes of a file say.
pub(super) enum Header {
    Ours,
    Newer(u16),
    /// Torn, rotten, or not a file of ours: its records are looked for all the same.
    Damaged,
}

pub(super) fn put_header(out: &mut Vec<u8>, file: u32, created_ms: i64) {
    let start = out.len();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(&file.to_le_bytes());
    out.extend_from_slice(&created_ms.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    let sum = crc32fast::hash(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&sum.to_le_bytes());
}

/// Every version keeps magic, version and checksum at these places.
pub(super) fn read_header(bytes: &[u8]) -> Header {
    let Some((head, sum)) = bytes.get(..HEADER_BYTES as usize).and_then(<[u8]>::split_last_chunk)
    else {
        return Header::Damaged;
    };
    let (Some(magic), Some(version)) =
        (head.first_chunk::<8>(), head.get(8..).and_then(<[u8]>::first_chunk))
    else {
        return Header::Damaged;
    };
    if *magic != MAGIC || crc32fast::hash(head) != u32::from_le_bytes(*sum) {
        return Header::Damaged;
    }
    match u16::from_le_bytes(*version) {
        VERSION => Header::Ours,
        found => Header::Newer(found),
    }
}

/// Appends a record; `fill` writes its payload, which the caller has checked to fit.
pub(super) fn put(out: &mut Vec<u8>, at: Position, kind: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0, 0, kind]);
    fill(out);
    let length = out.len() - start - PREFIX;
    debug_assert!(length <= MAX_PAYLOAD);
    if let Some(place) = out.get_mut(start..start + 2) {
        place.copy_from_slice(&(length as u16).to_le_bytes());
    }
    let sum = checksum(at, out.get(start..).unwrap_or_default());
    out.extend_from_slice(&sum.to_le_bytes());
}

/// The place goes into the sum: bytes that are right but lie elsewhere (stale blocks, a record
/// inside a payload) are not taken for a record.
fn checksum(at: Position, bytes: &[u8]) -> u32 {
    let place = at.segment.wrapping_mul(0x9E37_79B1) ^ at.offset;
    let mut hasher = Hasher::new_with_initial(place);
    hasher.update(bytes);
    hasher.finalize()
}

/// The record at the start of the bytes, as kind and payload.
pub(super) fn parse(bytes: &[u8], at: Position) -> Option<(u8, &[u8])> {
    let [low, high, kind, ..] = *bytes else { return None };
    let length = usize::from(u16::from_le_bytes([low, high]));
    if kind == 0 || length > MAX_PAYLOAD {
        return None;
    }
    let (record, sum) = bytes.get(..length + OVERHEAD)?.split_last_chunk()?;
    let right = checksum(at, record) == u32::from_le_bytes(*sum);
    right.then(|| (kind, record.get(PREFIX..).unwrap_or_default()))
}
