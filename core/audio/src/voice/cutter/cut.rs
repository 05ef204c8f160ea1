/// What a conversation begins or ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Enough speech.
    Speech,
    /// A press of the button outside a conversation.
    Lead,
    /// The wearer asked for a new conversation.
    StartMark,
    /// The wearer ended it.
    StopMark,
    /// The app began or ended it.
    Manual,
    /// Nobody spoke for long.
    Silence,
    /// The badge was muted for long.
    Muted,
    /// It became too long; the next one goes on where it ends.
    MaxLength,
    /// There is no more sound.
    EndOfStream,
}

/// What the cutter decided. Begin and end (or drop) alternate, and times never run backwards but
/// for [`Cut::LateLead`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// A conversation begins; perhaps long before the newest sound.
    Begin {
        /// First millisecond of it.
        at_ms: u64,
        /// What it begins at.
        why: Why,
    },
    /// The wearer marked the running conversation as a lead.
    Lead {
        /// When.
        at_ms: u64,
    },
    /// A mark that became known only when its conversation had ended; it belongs to that in which
    /// its time lies.
    LateLead {
        /// When; not after the end of the last conversation.
        at_ms: u64,
    },
    /// The conversation ends.
    End {
        /// First millisecond after it.
        at_ms: u64,
        /// What it ends at.
        why: Why,
    },
    /// The conversation ends and is not worth keeping: hardly any speech, and nobody marked it.
    Drop {
        /// First millisecond after it.
        at_ms: u64,
        /// What it ends at.
        why: Why,
    },
}
