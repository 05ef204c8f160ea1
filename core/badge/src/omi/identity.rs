//! Numbers that name badges and streams. They are kept on disk: never change how they are made.

use confee_domain::StreamId;

const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01B3;

/// FNV-1a, 64 bit.
fn fnv<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let bytes = parts.into_iter().flatten();
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// From the serial number, else from the system's name of the peripheral.
pub(super) fn badge_id(serial: Option<&str>, peripheral: &str) -> u64 {
    match serial {
        Some(serial) => fnv([&b"omi serial:"[..], serial.as_bytes()]),
        None => fnv([&b"omi peripheral:"[..], peripheral.as_bytes()]),
    }
}

/// A numbering that began with the packet that came at `unix_ms`.
pub(super) fn live_stream(badge_id: u64, unix_ms: i64) -> StreamId {
    StreamId(fnv([&b"omi live:"[..], &badge_id.to_be_bytes(), &unix_ms.to_be_bytes()]))
}

/// Stored audio from a record on; `print` tells incarnations of a store without an id apart.
pub(super) fn stored_stream(badge_id: u64, ring: u64, record: u64, print: u32) -> StreamId {
    let (badge, ring) = (badge_id.to_be_bytes(), ring.to_be_bytes());
    let (record, print) = (record.to_be_bytes(), print.to_be_bytes());
    StreamId(fnv([&b"omi stored:"[..], &badge, &ring, &record, &print]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_every_release() {
        assert_eq!(
            badge_id(Some("0011223344556677"), "x"),
            badge_id(Some("0011223344556677"), "y")
        );
        assert_eq!(badge_id(None, "AA:BB"), 1_796_093_922_856_984_526);
        assert_eq!(live_stream(7, 1_764_000_000_000), StreamId(16_871_627_643_159_101_105));
        assert_eq!(stored_stream(7, 8, 9, 10), StreamId(18_104_642_690_888_875_899));
    }
}
