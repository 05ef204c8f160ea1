use confee_domain::{Codec, StreamId};

/// Why coded audio gave no PCM. None of these leaves a decoder unusable: the next packet may be
/// decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A form that no badge of ours sends.
    #[error(
        "audio of {channels} channels in frames of {frame_ms} ms cannot be decoded; it must be 1 or 2 channels in 10 or 20 ms"
    )]
    Form {
        /// Channels that were asked for.
        channels: u8,
        /// Frame length that was asked for.
        frame_ms: u8,
    },
    /// A packet without a byte.
    #[error("an audio packet is empty; treat the frame as lost")]
    Empty,
    /// The bytes are no Opus packet.
    #[error("an audio packet is not valid Opus; treat the frame as lost")]
    Invalid,
    /// The packet holds more or less sound than a frame of the stream.
    #[error(
        "an audio packet holds {found} samples where the stream has {expected}; treat the frame as lost"
    )]
    Duration {
        /// Samples per channel of the stream's frames.
        expected: usize,
        /// Samples per channel of the packet.
        found: usize,
    },
    /// Two channels in a stream of one.
    #[error(
        "an audio packet has {found} channels where the stream has {expected}; check the codec the badge announced"
    )]
    ChannelCount {
        /// Channels of the stream.
        expected: u8,
        /// Channels of the packet.
        found: u8,
    },
    /// Uncompressed audio of the wrong size.
    #[error(
        "an uncompressed frame has {found} bytes where it must have {expected}; treat the frame as lost"
    )]
    PcmSize {
        /// Bytes of a whole frame.
        expected: usize,
        /// Bytes that came.
        found: usize,
    },
    /// The frame belongs to another numbering.
    #[error("the frame is of stream {found:?}, not of {expected:?}; give it a timeline of its own")]
    OtherStream {
        /// Stream of the timeline.
        expected: StreamId,
        /// Stream of the frame.
        found: StreamId,
    },
    /// The form of audio changed within a stream.
    #[error(
        "the stream changed its codec from {expected:?} to {found:?}; start a new timeline at this frame"
    )]
    CodecChanged {
        /// Codec of the timeline.
        expected: Codec,
        /// Codec of the frame.
        found: Codec,
    },
    /// Nothing came for so long that the recording is over.
    #[error(
        "{gap_ms} ms are missing, more than a recording may bridge; finish this timeline and start a new one at this frame"
    )]
    GapTooLong {
        /// Length of the gap.
        gap_ms: u64,
    },
}
