/// Who decides where conversations begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutMode {
    /// Speech, and the wearer's button.
    Automatic,
    /// A lead or start mark begins, silence or a stop mark ends.
    ButtonOnly,
    /// Only the app begins; only the app, a stop mark or a long mute ends. Lead marks outside a
    /// conversation are ignored: nothing is recorded that nobody asked the app to record.
    Manual,
}

/// When conversations begin and end. All times are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutPolicy {
    /// Who decides.
    pub mode: CutMode,
    /// How far a press of the button outside a conversation reaches back at most: people press
    /// when they know that it is a lead.
    pub reach_back_ms: u64,
    /// Sound before the first word that belongs to it.
    pub preroll_ms: u64,
    /// Speech that makes a conversation...
    pub onset_speech_ms: u64,
    /// ...when it comes within this time: a shout or a cough does not.
    pub onset_window_ms: u64,
    /// Silence that ends it: longer than looking at a brochure, shorter than waiting for the next
    /// visitor.
    pub silence_ms: u64,
    /// Sound after the last word that belongs to it.
    pub tail_ms: u64,
    /// A mute that ends it; a shorter one does not, and is no silence.
    pub mute_ms: u64,
    /// Longest conversation: an hour of transcript is as much as a phone works through at once.
    pub longest_ms: u64,
    /// A conversation that is too long is cut at the longest silence of this last stretch.
    pub longest_search_ms: u64,
    /// With less speech a conversation that nobody marked is dropped.
    pub least_speech_ms: u64,
    /// How late the wish to begin may come after the sound it is about.
    pub late_ms: u64,
}

impl Default for CutPolicy {
    fn default() -> Self {
        Self {
            mode: CutMode::Automatic,
            reach_back_ms: 30_000,
            preroll_ms: 2_000,
            onset_speech_ms: 3_000,
            onset_window_ms: 10_000,
            silence_ms: 45_000,
            tail_ms: 2_000,
            mute_ms: 60_000,
            longest_ms: 3_600_000,
            longest_search_ms: 300_000,
            least_speech_ms: 5_000,
            late_ms: 5_000,
        }
    }
}

impl CutPolicy {
    /// How far before the newest sound a conversation may begin.
    pub(super) fn back_ms(&self) -> u64 {
        let onset = self.onset_window_ms + self.onset_speech_ms + self.preroll_ms;
        self.late_ms
            + match self.mode {
                CutMode::Automatic => self.reach_back_ms.max(onset),
                CutMode::ButtonOnly => self.reach_back_ms,
                CutMode::Manual => 0,
            }
    }

    /// How long speech must be remembered.
    pub(super) fn memory_ms(&self) -> u64 {
        self.longest_search_ms.max(self.back_ms())
    }
}
