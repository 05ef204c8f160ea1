//! Pure types and rules of Confee Companion. No IO, no clock, no randomness: everything that
//! varies comes in as an argument, so the same input gives the same result on every device.
//!
//! The way of a lead: a [`Transcript`] is read into a [`Lead`] draft whose every value is a
//! [`Field`] with its [`Quote`]; a person decides in a [`Review`]; an approved review yields an
//! [`ApprovedLead`], which the connectors turn into outbox [`Op`]s.

mod approved;
mod capture;
mod card;
mod confidence;
mod consent;
mod evidence;
mod field;
mod lead;
mod model;
mod number;
mod outbox;
mod review;
mod score;
mod status;
mod transcript;
mod values;

pub use approved::{ApprovedLead, ApprovedValue};
pub use capture::{
    AudioFacts, AudioFrame, BadgeIdentity, BadgeProblem, CaptureStatus, Codec, CodecError, Coding,
    DialectName, FoundBadge, LinkState, LossCause, LossMap, LossSpan, Mark, MarkKind, Microphones,
    Quality, QualityReason, QualityVerdict, Recording, RecordingState, RecordingSummary, SeqRanges,
    StreamId,
};
pub use card::{AlternativeCard, FieldCard, FieldState, LeadCard, ScoreTermCard};
pub use confidence::Confidence;
pub use consent::{
    CapturePolicy, Consent, ConsentError, ConsentEvent, ConsentMethod, ConsentState,
};
pub use evidence::{Evidence, EvidenceError, EvidenceSpan, Quote};
pub use field::{Alternative, Field, Lost};
pub use lead::{Contact, FieldKey, FieldValue, Lead, SCHEMA_VERSION, Verdict};
pub use model::{ModelAdvice, ModelCard, ModelPhase, ModelProgress};
pub use outbox::{
    AuthState, Breaker, ConnectorId, ConnectorState, ConnectorTrouble, Op, OpId, OpState, Problem,
};
pub use review::{Edit, Effect, RejectReason, Review, ReviewAction, ReviewError, Stage};
pub use score::{RuleError, Score, ScoreRules, ScoreTerm, Tier};
pub use status::{
    EngineEvent, LeadQuery, LeadSummary, LeadSync, NetworkState, PageMark, SyncProblem, SyncStatus,
};
pub use transcript::{MAX_TEXT_BYTES, Rep, Segment, Speaker, Transcript, TranscriptError, Word};
pub use values::{
    Authority, Budget, BudgetStatus, Competitor, DateWindow, NextStep, Period, Relation, Seniority,
    StepKind, Title,
};

#[cfg(feature = "uniffi")]
mod ffi;
#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
