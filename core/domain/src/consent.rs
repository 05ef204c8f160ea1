use serde::{Deserialize, Serialize};

/// Where the visitor's consent to be recorded stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Not asked.
    #[default]
    None,
    /// Asked, no answer yet.
    Asked,
    /// Given.
    Granted,
    /// Not given.
    Refused,
    /// Given, then taken back.
    Withdrawn,
}

/// How consent was asked for or given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    /// In words, in the recording.
    Spoken,
    /// By scanning a code.
    Qr,
    /// On paper or in a message.
    Written,
}

/// What happened to the consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum ConsentEvent {
    /// The rep asked.
    Ask,
    /// The visitor agreed.
    Grant,
    /// The visitor declined.
    Refuse,
    /// The visitor took it back.
    Withdraw,
}

/// When a jurisdiction lets capture begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum CapturePolicy {
    /// One party's knowledge is enough; a notice is shown.
    Notice,
    /// Every party must have agreed before.
    GrantedFirst,
}

/// The consent to one recording, with its last change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Consent {
    /// Where it stands.
    pub state: ConsentState,
    /// How it was last asked for, given or refused; unset before the first event.
    pub method: Option<ConsentMethod>,
    /// When it last changed, in Unix milliseconds.
    pub changed_at_ms: Option<i64>,
}

impl Consent {
    /// The consent after an event.
    ///
    /// # Errors
    /// A refusal or withdrawal is final for a recording; only what was granted can be withdrawn.
    pub fn apply(
        self,
        event: ConsentEvent,
        method: ConsentMethod,
        at_ms: i64,
    ) -> Result<Self, ConsentError> {
        use ConsentEvent as E;
        use ConsentState as S;
        let state = match (self.state, event) {
            (S::Refused | S::Withdrawn, _) => return Err(ConsentError::Final),
            (S::None | S::Asked, E::Ask) => S::Asked,
            (S::None | S::Asked | S::Granted, E::Grant) => S::Granted,
            (S::None | S::Asked, E::Refuse) => S::Refused,
            (S::Granted, E::Refuse | E::Withdraw) => S::Withdrawn,
            (S::None | S::Asked, E::Withdraw) => return Err(ConsentError::NothingToWithdraw),
            (S::Granted, E::Ask) => S::Granted,
        };
        Ok(Self { state, method: Some(method), changed_at_ms: Some(at_ms) })
    }

    /// Whether audio may be captured now.
    #[must_use]
    pub fn permits_capture(self, policy: CapturePolicy) -> bool {
        match self.state {
            ConsentState::Refused | ConsentState::Withdrawn => false,
            ConsentState::Granted => true,
            ConsentState::None | ConsentState::Asked => policy == CapturePolicy::Notice,
        }
    }

    /// Whether audio, transcript and fields have to be erased.
    #[must_use]
    pub fn demands_erasure(self) -> bool {
        matches!(self.state, ConsentState::Refused | ConsentState::Withdrawn)
    }
}

/// Why an event does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// After a refusal the recording is erased.
    #[error("consent was refused or withdrawn; start a new recording to ask again")]
    Final,
    /// Nothing was granted.
    #[error("there is no consent to withdraw; record a refusal instead")]
    NothingToWithdraw,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event() -> impl Strategy<Value = ConsentEvent> {
        prop_oneof![
            Just(ConsentEvent::Ask),
            Just(ConsentEvent::Grant),
            Just(ConsentEvent::Refuse),
            Just(ConsentEvent::Withdraw),
        ]
    }

    proptest! {
        #[test]
        fn once_erasure_is_due_it_stays_due(events in prop::collection::vec(event(), 0..12)) {
            let mut consent = Consent::default();
            let mut due = false;
            for (at, e) in events.into_iter().enumerate() {
                if let Ok(next) = consent.apply(e, ConsentMethod::Spoken, at as i64) {
                    consent = next;
                }
                prop_assert!(!due || consent.demands_erasure());
                due = consent.demands_erasure();
                prop_assert!(!(due && consent.permits_capture(CapturePolicy::Notice)));
            }
        }
    }

    #[test]
    fn strict_places_wait_for_the_grant() {
        let c = Consent::default().apply(ConsentEvent::Ask, ConsentMethod::Qr, 1).unwrap();
        assert!(!c.permits_capture(CapturePolicy::GrantedFirst));
        let c = c.apply(ConsentEvent::Grant, ConsentMethod::Qr, 2).unwrap();
        assert!(c.permits_capture(CapturePolicy::GrantedFirst));
    }
}
