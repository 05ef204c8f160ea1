use confee_domain::Codec;

use super::DecodeError;

/// Uncompressed frames, and what to play where one is missing: the last one backwards (so that
/// the wave goes on without a step), then forwards, each time at half the level, then silence.
pub(super) struct Pcm16 {
    codec: Codec,
    last: Vec<i16>,
    out: Vec<i16>,
    concealed: u8,
}

const REPEATS: u8 = 3;

impl Pcm16 {
    pub(super) fn new(codec: Codec) -> Self {
        let samples = codec.samples() * usize::from(codec.channels);
        Self { codec, last: vec![0; samples], out: vec![0; samples], concealed: 0 }
    }

    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<&[i16], DecodeError> {
        let expected = self.last.len() * 2;
        match packet.len() {
            0 => return Err(DecodeError::Empty),
            found if found != expected => return Err(DecodeError::PcmSize { expected, found }),
            _ => {}
        }
        self.concealed = 0;
        let (pairs, _) = packet.as_chunks::<2>();
        self.last.iter_mut().zip(pairs).for_each(|(s, pair)| *s = i16::from_le_bytes(*pair));
        Ok(&self.last)
    }

    pub(super) fn conceal(&mut self) -> &[i16] {
        if self.concealed >= REPEATS {
            self.out.fill(0);
            return &self.out;
        }
        let channels = usize::from(self.codec.channels);
        let frames = self.codec.samples();
        let start = 0.5_f32.powi(self.concealed.into());
        let end = if self.concealed + 1 == REPEATS { 0.0 } else { start / 2.0 };
        let backwards = self.concealed.is_multiple_of(2);
        for (at, out) in self.out.chunks_exact_mut(channels).enumerate() {
            let gain = start + (end - start) * at as f32 / frames as f32;
            let from = if backwards { frames - 1 - at } else { at };
            for (sample, old) in out.iter_mut().zip(self.last.iter().skip(from * channels)) {
                *sample = (f32::from(*old) * gain) as i16;
            }
        }
        self.concealed += 1;
        &self.out
    }
}
