use confee_domain::{Op, OpState, Problem};

/// What the store knows of an op when its outcome is reported.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored {
    pub(crate) state: OpState,
    /// The newest approved version; the reported one may be older.
    pub(crate) version: u32,
    pub(crate) attempt: u32,
    /// The lead was taken back while the op was in flight.
    pub(crate) withdrawn: bool,
}

/// What to store of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) state: OpState,
    pub(crate) attempt: u32,
    pub(crate) next_at_ms: i64,
    pub(crate) failing_since_ms: Option<i64>,
    pub(crate) remote_id: Option<String>,
    pub(crate) cursor: Option<String>,
    pub(crate) problem: Option<Problem>,
}

/// Whether bytes may have left.
pub(crate) fn in_flight(state: OpState) -> bool {
    matches!(state, OpState::Sending | OpState::Unknown)
}

/// The outcome of a reported op; `None` where its stored state takes no report.
///
/// - A settled op takes only the wish to go out again: mended by a person, or gone at the remote.
/// - A cancelled op stays so; only its remote id is noted.
/// - A report on an older version never settles a newer one: it goes out again.
/// - An op that was withdrawn in flight is not tried again.
pub(crate) fn settle(stored: Stored, reported: &Op, at_ms: i64) -> Option<Outcome> {
    use OpState as S;
    let outcome = Outcome {
        state: reported.state,
        attempt: if reported.state == S::Done { 0 } else { stored.attempt },
        next_at_ms: reported.next_at_ms,
        failing_since_ms: reported.failing_since_ms,
        remote_id: reported.remote_id.clone(),
        cursor: reported.cursor.clone(),
        problem: reported.problem.clone(),
    };
    let settles = matches!(reported.state, S::Done | S::NeedsFix | S::Dead | S::Pending);
    match stored.state {
        S::Cancelled => Some(cancelled(outcome)),
        S::Done | S::NeedsFix | S::BlockedParent | S::Dead if reported.state == S::Pending => {
            Some(Outcome { attempt: 0, ..outcome })
        }
        S::Done | S::NeedsFix | S::BlockedParent | S::Dead => None,
        S::Pending | S::RetryWait | S::Unknown if reported.state == S::Sending => None,
        _ if reported.version < stored.version && settles => Some(Outcome {
            state: S::Pending,
            attempt: 0,
            next_at_ms: at_ms,
            failing_since_ms: None,
            cursor: None,
            problem: None,
            ..outcome
        }),
        _ if stored.withdrawn && reported.state != S::Done && !in_flight(reported.state) => {
            Some(cancelled(outcome))
        }
        _ => Some(outcome),
    }
}

fn cancelled(outcome: Outcome) -> Outcome {
    Outcome {
        state: OpState::Cancelled,
        failing_since_ms: None,
        cursor: None,
        problem: None,
        ..outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confee_domain::{ConnectorId, OpId};
    use serde_json::Value;

    fn report(state: OpState, version: u32) -> Op {
        let connector = ConnectorId("c".into());
        Op {
            id: OpId::new(&connector, "l", "contact"),
            lead_id: "l".into(),
            connector,
            kind: "contact".into(),
            depends_on: vec![],
            idem_key: "badge:l:contact".into(),
            payload: Value::Null,
            version,
            state,
            attempt: 9,
            next_at_ms: 50,
            failing_since_ms: Some(3),
            remote_id: Some("r".into()),
            cursor: Some("half".into()),
            problem: None,
        }
    }

    fn after(stored: OpState, withdrawn: bool, reported: OpState, version: u32) -> Option<OpState> {
        let stored = Stored { state: stored, version: 2, attempt: 1, withdrawn };
        settle(stored, &report(reported, version), 70).map(|o| o.state)
    }

    #[test]
    fn reports_settle_as_the_table_says() {
        use OpState as S;
        for (stored, withdrawn, reported, version, expected) in [
            (S::Sending, false, S::Done, 2, Some(S::Done)),
            (S::Sending, false, S::NeedsFix, 2, Some(S::NeedsFix)),
            (S::Sending, false, S::Sending, 2, Some(S::Sending)),
            (S::Sending, false, S::Done, 1, Some(S::Pending)),
            (S::Sending, false, S::NeedsFix, 1, Some(S::Pending)),
            (S::Sending, false, S::RetryWait, 1, Some(S::RetryWait)),
            (S::Unknown, false, S::Unknown, 1, Some(S::Unknown)),
            (S::Sending, true, S::Done, 2, Some(S::Done)),
            (S::Sending, true, S::RetryWait, 2, Some(S::Cancelled)),
            (S::Sending, true, S::Unknown, 2, Some(S::Unknown)),
            (S::Cancelled, false, S::Done, 2, Some(S::Cancelled)),
            (S::Pending, false, S::NeedsFix, 2, Some(S::NeedsFix)),
            (S::Pending, false, S::Sending, 2, None),
            (S::Done, false, S::RetryWait, 2, None),
            (S::Dead, false, S::Done, 2, None),
        ] {
            let case = format!("{stored:?} {withdrawn} {reported:?} {version}");
            assert_eq!(after(stored, withdrawn, reported, version), expected, "{case}");
        }
    }

    #[test]
    fn an_old_success_keeps_the_remote_id_and_starts_afresh() {
        let stored = Stored { state: OpState::Sending, version: 2, attempt: 4, withdrawn: false };
        let out = settle(stored, &report(OpState::Done, 1), 70).unwrap();
        assert_eq!((out.attempt, out.next_at_ms, out.cursor), (0, 70, None));
        assert_eq!(out.remote_id.as_deref(), Some("r"));
    }
}
