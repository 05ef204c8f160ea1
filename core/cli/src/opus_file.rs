//! Opus packets of an Ogg file (RFC 7845).

use std::io::Cursor;

use ogg::PacketReader;

use crate::failure::Failure;

/// Header packets before the audio.
const HEADERS: usize = 2;

/// The audio packets of an Ogg/Opus file, in order.
pub(crate) fn packets(file: &[u8]) -> Result<Vec<Vec<u8>>, Failure> {
    let unreadable = || Failure::Input("this is not an Ogg/Opus file".into());
    let mut reader = PacketReader::new(Cursor::new(file));
    let mut packets = Vec::new();
    while let Some(packet) = reader.read_packet().map_err(|_| unreadable())? {
        packets.push(packet.data);
    }
    let opus = packets.first().is_some_and(|head| head.starts_with(b"OpusHead"));
    if !opus || packets.len() <= HEADERS {
        return Err(unreadable());
    }
    Ok(packets.split_off(HEADERS))
}
