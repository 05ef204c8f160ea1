use confee_domain::Codec;
use fastrand::Rng;

/// Where a simulated badge's audio comes from.
pub trait FrameSource: Send {
    /// The coded frame that is captured at a place: 1 to 1280 bytes.
    fn frame(&mut self, session: u32, seq: u32, codec: Codec) -> Vec<u8>;
}

impl<F: FnMut(u32, u32, Codec) -> Vec<u8> + Send> FrameSource for F {
    fn frame(&mut self, session: u32, seq: u32, codec: Codec) -> Vec<u8> {
        self(session, seq, codec)
    }
}

/// A recording, frame by frame, over and over.
#[derive(Debug, Clone)]
pub struct LoopingFrames(Vec<Vec<u8>>);

impl LoopingFrames {
    /// Repeats `frames`; without any, every frame is one byte.
    #[must_use]
    pub fn new(frames: Vec<Vec<u8>>) -> Self {
        Self(frames)
    }
}

impl FrameSource for LoopingFrames {
    fn frame(&mut self, _session: u32, seq: u32, _codec: Codec) -> Vec<u8> {
        let at = (seq as usize).checked_rem(self.0.len());
        at.and_then(|at| self.0.get(at)).cloned().unwrap_or_else(|| vec![0])
    }
}

/// Frames that say which frame they are: session and sequence, then bytes derived from both. Not
/// decodable; for tests of who got what.
#[derive(Debug, Clone, Copy)]
pub struct LabelledFrames {
    /// Longest frame in bytes, at least 8.
    pub longest: usize,
}

impl LabelledFrames {
    /// The frame at a place.
    #[must_use]
    pub fn payload(self, session: u32, seq: u32) -> Vec<u8> {
        let mut payload = [session.to_le_bytes(), seq.to_le_bytes()].concat();
        let seed = u64::from(session) << 32 | u64::from(seq);
        let mut rng = Rng::with_seed(seed ^ 0x5DEE_CE66_D1CE_4E5B);
        let more = rng.usize(0..=self.longest.saturating_sub(payload.len()));
        payload.extend(std::iter::repeat_with(|| rng.u8(..)).take(more));
        payload
    }
}

impl FrameSource for LabelledFrames {
    fn frame(&mut self, session: u32, seq: u32, _codec: Codec) -> Vec<u8> {
        self.payload(session, seq)
    }
}
