use serde::{Deserialize, Serialize};

/// A speech model as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ModelCard {
    /// Its name, such as `tiny.en-q8_0`.
    pub id: String,
    /// ISO 639-1 codes of the languages it knows.
    pub languages: Vec<String>,
    /// Size of its file; unset where it is not known before the first download.
    pub bytes: Option<u64>,
    /// Memory it takes while it runs, in bytes; unset where it was never measured.
    pub memory_bytes: Option<u64>,
    /// Licence of its weights (SPDX); unset for a file of the user's own.
    pub licence: Option<String>,
    /// Whether it is on this device.
    pub installed: bool,
    /// Whether it is the one that recordings are read with now.
    pub active: bool,
}

/// How far a model is fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ModelProgress {
    /// Which model.
    pub id: String,
    /// What is being done.
    pub phase: ModelPhase,
    /// Bytes that are done.
    pub done: u64,
    /// Bytes in all; unset until it is known.
    pub total: Option<u64>,
}

/// What is being done with a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum ModelPhase {
    /// A source is asked.
    Connecting,
    /// Bytes come.
    Downloading,
    /// Size, hash and contents are checked.
    Verifying,
    /// It is converted to the format that is kept.
    Converting,
    /// It is installed.
    Done,
}

/// A model and how it would run on this device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ModelAdvice {
    /// Which model.
    pub id: String,
    /// Time it would take for a second of talk, in seconds.
    pub real_time_factor: f32,
    /// Memory it would take, in bytes.
    pub memory_bytes: u64,
    /// Whether it runs well enough here.
    pub fits: bool,
    /// Why, in a sentence.
    pub reason: String,
}
