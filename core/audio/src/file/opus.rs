//! Opus in Ogg (RFC 7845).

use std::io::{Read, Seek};

use confee_domain::Codec;
use ogg::PacketReader;
use ropus::OpusMSDecoder;

use super::{FileError, FileFacts, Mix, facts};

/// Opus counts in 48 kHz, whatever it is decoded to.
const CLOCK: u64 = 48_000;
const RATE: u64 = Codec::RATE_HZ as u64;
/// Packets before the sound.
const HEADERS: usize = 2;
/// Longest packet, 120 ms.
const LONGEST: usize = RATE as usize * 120 / 1000;
/// A packet may be lost in a damaged file; more than this one after the other is no sound.
const BAD_MOST: u32 = 50;

/// The identification header (RFC 7845, 5.1).
struct Head {
    channels: u8,
    skip: u64,
    streams: u8,
    coupled: u8,
    mapping: Vec<u8>,
}

pub(super) fn read(
    source: impl Read + Seek,
    sink: &mut dyn FnMut(&[Vec<f32>]),
) -> Result<FileFacts, FileError> {
    let mut packets = PacketReader::new(source);
    let first = packets.read_packet().map_err(refused)?.ok_or(FileError::Damaged)?;
    let head = Head::parse(&first.data)?;
    let mut sound = Sound::new(&head)?;
    // The comments; what they say is of no use here.
    packets.read_packet().map_err(refused)?;
    let mut end = Ok(());
    loop {
        match packets.read_packet() {
            Ok(Some(packet)) => {
                let last = packet.last_in_stream().then(|| packet.absgp_page());
                sound.push(&packet.data, last, sink)?;
            }
            Ok(None) => break,
            Err(error) => {
                end = Err(refused(error));
                break;
            }
        }
    }
    sound.mix.finish(sink);
    match end {
        Err(error) if sound.mix.given == 0 => Err(error),
        _ => Ok(facts(CLOCK as u32, head.channels.into(), sound.mix.given)),
    }
}

/// The packets of an Ogg/Opus file as they are, without its headers: what a badge would send.
///
/// # Errors
/// Not such a file.
pub fn opus_packets(source: impl Read + Seek) -> Result<Vec<Vec<u8>>, FileError> {
    let mut reader = PacketReader::new(source);
    let mut packets = Vec::new();
    while let Some(packet) = reader.read_packet().map_err(refused)? {
        packets.push(packet.data);
    }
    Head::parse(packets.first().ok_or(FileError::Kind)?)?;
    Ok(packets.split_off(packets.len().min(HEADERS)))
}

impl Head {
    fn parse(data: &[u8]) -> Result<Self, FileError> {
        let [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', version, channels, rest @ ..] = data
        else {
            return Err(FileError::Kind);
        };
        let [skip_low, skip_high, _, _, _, _, _, _, family, rest @ ..] = rest else {
            return Err(FileError::Damaged);
        };
        if version & 0xf0 != 0 || *channels == 0 {
            return Err(FileError::Damaged);
        }
        let skip = u64::from(u16::from_le_bytes([*skip_low, *skip_high]));
        let (streams, coupled, mapping) = match (family, rest) {
            (0, _) if *channels <= 2 => (1, channels - 1, (0..*channels).collect()),
            (1 | 255, [streams, coupled, mapping @ ..]) => {
                let mapping = mapping.get(..usize::from(*channels)).ok_or(FileError::Damaged)?;
                (*streams, *coupled, mapping.to_vec())
            }
            _ => return Err(FileError::Form("an unusual layout of channels")),
        };
        Ok(Self { channels: *channels, skip, streams, coupled, mapping })
    }
}

struct Sound {
    decoder: OpusMSDecoder,
    mix: Mix,
    channels: usize,
    pcm: Vec<i16>,
    floats: Vec<f32>,
    skip: u64,
    skipped: u64,
    /// Samples of a channel that were decoded, those left out included.
    decoded: u64,
    bad: u32,
}

impl Sound {
    fn new(head: &Head) -> Result<Self, FileError> {
        let channels = i32::from(head.channels);
        let (streams, coupled) = (head.streams.into(), head.coupled.into());
        let rate = Codec::RATE_HZ.cast_signed();
        let decoder = OpusMSDecoder::new(rate, channels, streams, coupled, &head.mapping);
        Ok(Self {
            decoder: decoder.map_err(|_| FileError::Damaged)?,
            mix: Mix::new(Codec::RATE_HZ, head.channels.into())?,
            channels: head.channels.into(),
            pcm: vec![0; LONGEST * usize::from(head.channels)],
            floats: Vec::new(),
            skip: head.skip * RATE / CLOCK,
            skipped: 0,
            decoded: 0,
            bad: 0,
        })
    }

    /// `last` is the stream's length by its last page, for the packet that ends it.
    fn push(
        &mut self,
        packet: &[u8],
        last: Option<u64>,
        sink: &mut dyn FnMut(&[Vec<f32>]),
    ) -> Result<(), FileError> {
        let Some(samples) = self.decode(packet)? else { return Ok(()) };
        let skip = (self.skip - self.skipped).min(samples);
        self.skipped += skip;
        self.decoded += samples;
        let end = last.map_or(u64::MAX, |granule| granule.saturating_mul(RATE) / CLOCK);
        let over = self.decoded.saturating_sub(end.max(self.skip)).min(samples - skip);
        let index = |frames: u64| frames as usize * self.channels;
        let kept = self.pcm.get(index(skip)..index(samples - over)).unwrap_or_default();
        self.floats.clear();
        self.floats.extend(kept.iter().map(|s| f32::from(*s) / 32_768.0));
        self.mix.push(&self.floats, sink);
        Ok(())
    }

    fn decode(&mut self, packet: &[u8]) -> Result<Option<u64>, FileError> {
        let length = i32::try_from(packet.len()).map_err(|_| FileError::Damaged)?;
        let data = (!packet.is_empty()).then_some(packet);
        let decoded = self.decoder.decode(data, length, &mut self.pcm, LONGEST as i32, false);
        match decoded.ok().and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0) {
            Some(samples) if data.is_some() => {
                self.bad = 0;
                Ok(Some(samples))
            }
            _ if self.bad < BAD_MOST => {
                self.bad += 1;
                Ok(None)
            }
            _ => Err(FileError::Damaged),
        }
    }
}

fn refused(error: ogg::OggReadError) -> FileError {
    match error {
        ogg::OggReadError::ReadError(error) => error.into(),
        _ => FileError::Damaged,
    }
}
