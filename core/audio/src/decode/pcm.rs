use confee_domain::Codec;

/// Where the samples of a frame come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The frame's own packet.
    Decoded,
    /// The spare copy in the packet that followed (Opus in-band FEC).
    Recovered,
    /// A guess from what came before, so that a short loss does not click.
    Concealed,
    /// Nothing: digital silence.
    Silence,
}

/// One frame of PCM, one vector per channel, 16 kHz, -1.0..=1.0. Used again for every frame: it
/// allocates when it is first filled and never after.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pcm {
    channels: Vec<Vec<f32>>,
}

impl Pcm {
    /// A buffer without samples.
    #[must_use]
    pub const fn new() -> Self {
        Self { channels: Vec::new() }
    }

    /// The channels, 1 or 2, each of one frame's samples; none before the first frame.
    #[must_use]
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// The first channel; empty before the first frame.
    #[must_use]
    pub fn first(&self) -> &[f32] {
        self.channels.first().map_or(&[], Vec::as_slice)
    }

    pub(super) fn channels_mut(&mut self) -> &mut [Vec<f32>] {
        &mut self.channels
    }

    /// Gives the buffer the size of a frame and fills it with silence.
    pub fn silence(&mut self, codec: Codec) {
        self.channels.resize_with(usize::from(codec.channels), Vec::new);
        for channel in &mut self.channels {
            channel.clear();
            channel.resize(codec.samples(), 0.0);
        }
    }

    /// Takes interleaved samples of a frame of `codec`.
    pub(super) fn fill(&mut self, codec: Codec, interleaved: &[i16]) {
        let count = usize::from(codec.channels);
        self.channels.resize_with(count, Vec::new);
        for (index, channel) in self.channels.iter_mut().enumerate() {
            channel.clear();
            let samples = interleaved.iter().skip(index).step_by(count);
            channel.extend(samples.map(|s| f32::from(*s) / 32_768.0));
        }
    }

    /// Multiplies with a gain that goes in a straight line over the frame.
    pub(super) fn fade(&mut self, from: f32, to: f32) {
        for channel in &mut self.channels {
            let step = (to - from) / channel.len().max(1) as f32;
            for (index, sample) in channel.iter_mut().enumerate() {
                *sample *= step.mul_add(index as f32, from);
            }
        }
    }
}
