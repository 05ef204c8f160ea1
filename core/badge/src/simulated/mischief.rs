/// Ways in which a badge can break the protocol, by fault or by malice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mischief {
    /// Every notification comes ten times.
    Flood,
    /// Random bytes between the notifications.
    Garbage,
    /// Lengths that promise more than there is.
    HugeLengths,
    /// A codec that nobody knows.
    WrongCodec,
    /// Names and versions of 4 KB with control characters.
    HostileText,
    /// Capture times and clocks that jump about.
    TimeTravel,
    /// Claims to store more than it has.
    MoreThanStored,
    /// The checksum of the first read is wrong.
    CrcOnce,
    /// Every checksum is wrong.
    CrcAlways,
    /// Answers three seconds late.
    AnswersLate,
    /// Answers everything twice.
    AnswersTwice,
    /// Answers nothing.
    AnswersNever,
    /// Formats its store now and then without a word.
    RingSwap,
}

impl Mischief {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Flood,
        Self::Garbage,
        Self::HugeLengths,
        Self::WrongCodec,
        Self::HostileText,
        Self::TimeTravel,
        Self::MoreThanStored,
        Self::CrcOnce,
        Self::CrcAlways,
        Self::AnswersLate,
        Self::AnswersTwice,
        Self::AnswersNever,
        Self::RingSwap,
    ];
}

/// A text that a careless reader chokes on: 4 KB, control characters, a bell, an escape sequence.
pub(super) fn hostile_text() -> Vec<u8> {
    let pattern = b"\x1b[2J\x07badge\r\n\0\xff\xfe%s%n";
    pattern.iter().copied().cycle().take(4096).collect()
}
