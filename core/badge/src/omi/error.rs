/// Why bytes of an Omi device cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OmiError {
    /// A value ends too early, or is longer than its kind allows.
    #[error("the badge sent {what} of {got} bytes; update the badge's firmware")]
    Length {
        /// Kind of value.
        what: &'static str,
        /// Bytes that came.
        got: usize,
    },
    /// A form of audio that is not Opus at 16 kHz; there is no default.
    #[error("the badge sends audio in a form this app cannot decode (codec {id}); update this app")]
    Codec {
        /// The id.
        id: u8,
    },
    /// A storage notification or command that is not of generation 3.
    #[error("the badge sent an unknown storage message ({kind:#04x}); update the badge's firmware")]
    Kind {
        /// First byte.
        kind: u8,
    },
    /// A button event that is not known.
    #[error("the badge reported an unknown button event ({event}); update this app")]
    Button {
        /// The number.
        event: i32,
    },
    /// A value out of its range.
    #[error("the badge reported an impossible {what}; switch it off and on")]
    Range {
        /// Kind of value.
        what: &'static str,
    },
    /// A stored record whose frame lengths do not add up.
    #[error("a stored record is damaged at byte {at}; it is read again")]
    Record {
        /// Where in the audio part.
        at: usize,
    },
}
