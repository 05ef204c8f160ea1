use confee_domain::Codec;
use ropus::opus::decoder::{
    opus_packet_get_nb_channels, opus_packet_get_nb_samples, opus_packet_has_lbrr,
};
use ropus::{Channels, DecodeMode};

use super::DecodeError;

/// An Opus decoder (RFC 6716) that gives 16 kHz and exactly one frame's samples or an error.
pub(super) struct Opus {
    codec: Codec,
    inner: ropus::Decoder,
    interleaved: Vec<i16>,
    /// The last packet was of CELT alone, after which the decoder ignores spare copies.
    after_celt: bool,
}

/// Bit of the first byte of a packet that says CELT alone (RFC 6716, 3.1).
const CELT_ONLY: u8 = 0x80;

impl Opus {
    pub(super) fn new(codec: Codec) -> Result<Self, DecodeError> {
        let channels = if codec.channels == 2 { Channels::Stereo } else { Channels::Mono };
        let inner = ropus::Decoder::new(Codec::RATE_HZ, channels).map_err(|_| form_error(codec))?;
        let interleaved = vec![0; codec.samples() * usize::from(codec.channels)];
        Ok(Self { codec, inner, interleaved, after_celt: false })
    }

    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<&[i16], DecodeError> {
        self.check(packet)?;
        self.run(packet, DecodeMode::Normal)?;
        self.after_celt = is_celt(packet);
        Ok(&self.interleaved)
    }

    pub(super) fn recover(&mut self, next: &[u8]) -> Result<&[i16], DecodeError> {
        self.check(next)?;
        self.run(next, DecodeMode::Fec)?;
        Ok(&self.interleaved)
    }

    /// The codec's own guess, where it is worth hearing: after a packet of CELT alone. In the other
    /// modes ropus 0.12 leaves the pitch out and is some 10 dB too quiet; there the guess only takes
    /// the decoder's state along, which the next packet decodes better from.
    pub(super) fn conceal(&mut self) -> Option<&[i16]> {
        self.run(&[], DecodeMode::Normal).ok()?;
        self.after_celt.then_some(self.interleaved.as_slice())
    }

    /// Whether [`Self::recover`] would find a spare copy of the frame before `next`.
    pub(super) fn has_spare(&self, next: &[u8]) -> bool {
        let length = i32::try_from(next.len()).unwrap_or(i32::MAX);
        !self.after_celt
            && self.check(next).is_ok()
            && opus_packet_has_lbrr(next, length) == Ok(true)
    }

    /// One channel in a stream of two is legal: encoders do so by themselves at low rates.
    fn check(&self, packet: &[u8]) -> Result<(), DecodeError> {
        if packet.is_empty() {
            return Err(DecodeError::Empty);
        }
        let expected = self.codec.samples();
        let rate = Codec::RATE_HZ.cast_signed();
        let found = opus_packet_get_nb_samples(packet, rate).map_err(|_| DecodeError::Invalid)?;
        let found = usize::try_from(found).map_err(|_| DecodeError::Invalid)?;
        if found != expected {
            return Err(DecodeError::Duration { expected, found });
        }
        if opus_packet_get_nb_channels(packet) > i32::from(self.codec.channels) {
            return Err(DecodeError::ChannelCount { expected: self.codec.channels, found: 2 });
        }
        Ok(())
    }

    fn run(&mut self, packet: &[u8], mode: DecodeMode) -> Result<(), DecodeError> {
        let decoded = self.inner.decode(packet, &mut self.interleaved, mode);
        let found = decoded.map_err(|_| DecodeError::Invalid)?;
        let expected = self.codec.samples();
        if found == expected { Ok(()) } else { Err(DecodeError::Duration { expected, found }) }
    }
}

pub(super) fn form_error(codec: Codec) -> DecodeError {
    DecodeError::Form { channels: codec.channels, frame_ms: codec.frame_ms }
}

fn is_celt(packet: &[u8]) -> bool {
    packet.first().is_some_and(|toc| toc & CELT_ONLY != 0)
}
