use confee_domain::{SeqRanges, StreamId};

/// Streams whose numbers are remembered: the live one and those of the last power-ons.
const STREAMS: usize = 8;

/// Which frames the phone has, per stream. Bounded: the stream that was longest without a frame
/// is forgotten first, which can only lead to duplicates, never to loss.
#[derive(Debug, Clone, Default)]
pub struct Received(Vec<(StreamId, SeqRanges)>);

impl Received {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// What an audio log already holds.
    #[must_use]
    pub fn resume(streams: impl IntoIterator<Item = (StreamId, SeqRanges)>) -> Self {
        let mut received = Self(streams.into_iter().collect());
        let excess = received.0.len().saturating_sub(STREAMS);
        received.0.drain(..excess);
        received
    }

    /// Whether a frame is here.
    #[must_use]
    pub fn contains(&self, stream: StreamId, seq: u32) -> bool {
        self.of(stream).is_some_and(|r| r.contains(seq))
    }

    /// The numbers of one stream.
    #[must_use]
    pub fn of(&self, stream: StreamId) -> Option<&SeqRanges> {
        self.0.iter().find(|(s, _)| *s == stream).map(|(_, r)| r)
    }

    /// Remembers a frame.
    pub fn insert(&mut self, stream: StreamId, seq: u32) {
        match self.0.last_mut() {
            Some((last, ranges)) if *last == stream => {
                ranges.insert(seq);
            }
            _ => self.insert_older(stream, seq),
        }
    }

    fn insert_older(&mut self, stream: StreamId, seq: u32) {
        let at = self.0.iter().position(|(s, _)| *s == stream);
        let mut entry = at.map_or_else(|| (stream, SeqRanges::new()), |i| self.0.remove(i));
        entry.1.insert(seq);
        if self.0.len() == STREAMS {
            self.0.remove(0);
        }
        self.0.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_longest_without_a_frame_is_forgotten_first() {
        let mut received = Received::new();
        for stream in 0..8 {
            received.insert(StreamId(stream), 1);
        }
        received.insert(StreamId(0), 2);
        received.insert(StreamId(8), 1);
        assert!(received.contains(StreamId(0), 1) && received.contains(StreamId(0), 2));
        assert!(!received.contains(StreamId(1), 1));
        assert_eq!(received.0.len(), STREAMS);
    }
}
