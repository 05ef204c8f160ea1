use confee_domain::Codec;

use super::DecodeError;

/// Uncompressed frames.
pub(super) struct Pcm16 {
    samples: Vec<i16>,
}

impl Pcm16 {
    pub(super) fn new(codec: Codec) -> Self {
        Self { samples: vec![0; codec.samples() * usize::from(codec.channels)] }
    }

    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<&[i16], DecodeError> {
        let expected = self.samples.len() * 2;
        match packet.len() {
            0 => return Err(DecodeError::Empty),
            found if found != expected => return Err(DecodeError::PcmSize { expected, found }),
            _ => {}
        }
        let (pairs, _) = packet.as_chunks::<2>();
        self.samples.iter_mut().zip(pairs).for_each(|(s, pair)| *s = i16::from_le_bytes(*pair));
        Ok(&self.samples)
    }
}
