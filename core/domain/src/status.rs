use serde::{Deserialize, Serialize};

use crate::{
    BadgeIdentity, CaptureStatus, ConnectorTrouble, FoundBadge, LeadCard, ModelProgress, Problem,
    RecordingSummary, Stage, Tier,
};

/// One row of the list of leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LeadSummary {
    /// The lead's id.
    pub id: String,
    /// Where it is.
    pub stage: Stage,
    /// The visitor's name, unset where it was not said.
    pub name: Option<String>,
    /// Their employer, unset where it was not said.
    pub company: Option<String>,
    /// When the talk was, Unix milliseconds.
    pub captured_at_ms: i64,
    /// Score, 0 to 100; unset before the draft.
    pub points: Option<u32>,
    /// The score as a word; unset before the draft.
    pub tier: Option<Tier>,
    /// How far the CRM has it.
    pub sync: LeadSync,
}

/// How far the CRM has a lead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LeadSync {
    /// Things to be made in the CRM.
    pub total: u32,
    /// Of these, made.
    pub done: u32,
    /// Of these, waiting for a person.
    pub needs_person: u32,
}

/// Which leads to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LeadQuery {
    /// Only these stages; empty for all.
    #[cfg_attr(feature = "uniffi", uniffi(default = []))]
    pub stages: Vec<Stage>,
    /// Part of a name or company, any case; unset for all.
    #[cfg_attr(feature = "uniffi", uniffi(default = None))]
    pub text: Option<String>,
    /// At most so many, 1 to 500.
    #[cfg_attr(feature = "uniffi", uniffi(default = 50))]
    pub limit: u32,
    /// The last row of the page before; unset for the first page.
    #[cfg_attr(feature = "uniffi", uniffi(default = None))]
    pub after: Option<PageMark>,
}

/// Where a page of the list ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct PageMark {
    /// `captured_at_ms` of its last row.
    pub captured_at_ms: i64,
    /// `id` of its last row.
    pub id: String,
}

/// What the phone says of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NetworkState {
    /// Whether there is one at all.
    pub online: bool,
    /// Mobile data, or a hotspot that counts bytes.
    pub metered: bool,
    /// The user asked the system to save data.
    pub low_data: bool,
}

/// How the outbox stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncStatus {
    /// Things still to be made in the CRMs.
    pub waiting: u64,
    /// Things made since the app was installed.
    pub done: u64,
    /// Things that wait for a person.
    pub needs_person: u64,
    /// Whether requests are going out now.
    pub running: bool,
    /// Whether the network and the user's wishes let requests out.
    pub allowed: bool,
    /// What is wrong with whole connections.
    pub troubles: Vec<ConnectorTrouble>,
}

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SyncProblem {
    /// Pass it back to try again.
    pub op_id: String,
    /// Whose lead.
    pub lead_id: String,
    /// The lead's name or company.
    pub headline: String,
    /// Which connection.
    pub connector: String,
    /// What could not be made: `contact`, `deal`, ...
    pub kind: String,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// What observers are told.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum EngineEvent {
    /// A lead is new or has changed; the card is as it stands now.
    Lead {
        /// The lead.
        card: LeadCard,
    },
    /// A lead's content was erased.
    Erased {
        /// The lead's id.
        id: String,
    },
    /// A badge advertises, while a scan runs; may repeat.
    BadgeFound {
        /// Which.
        badge: FoundBadge,
    },
    /// A badge was connected and said who it is.
    BadgeConnected {
        /// Who.
        badge: BadgeIdentity,
    },
    /// Capture has changed, or a second has passed in which audio came.
    Capture {
        /// The four facts, and what to warn of.
        status: CaptureStatus,
    },
    /// A conversation was cut and is safe on this phone; it waits for its text.
    Recorded {
        /// Which.
        recording: RecordingSummary,
    },
    /// A model is being fetched; at most ten times a second.
    Model {
        /// How far.
        progress: ModelProgress,
    },
    /// The outbox has changed.
    Sync {
        /// How it stands now.
        status: SyncStatus,
    },
}
