use confee_domain::{AuthState, Breaker, ConnectorState};

use crate::retry::open_ms;

/// Failures in a row that open the breaker.
pub(crate) const THRESHOLD: u32 = 5;

/// How many requests the connection may have under way now.
pub(crate) fn room(state: &ConnectorState, in_flight: usize, limit: usize, now_ms: i64) -> usize {
    match (state.auth, state.breaker) {
        (AuthState::Lost, _) => 0,
        (_, Breaker::Closed) => limit,
        (_, Breaker::Open { until_ms }) if until_ms > now_ms => 0,
        // One probe. A half-open breaker without a request under way lost its probe in a restart.
        (_, Breaker::Open { .. } | Breaker::HalfOpen) => usize::from(in_flight == 0).min(limit),
    }
}

/// A request is about to go out; says whether the state changed.
pub(crate) fn on_issue(state: &mut ConnectorState) -> bool {
    let probing = matches!(state.breaker, Breaker::Open { .. });
    if probing {
        state.breaker = Breaker::HalfOpen;
    }
    probing
}

/// The connection answered as it should. Answers from before it opened do not close it.
pub(crate) fn on_success(state: &mut ConnectorState) {
    if !matches!(state.breaker, Breaker::Open { .. }) {
        (state.breaker, state.failures) = (Breaker::Closed, 0);
    }
}

/// The connection failed as a whole. `park_ms` is a wait that the server demands of all.
pub(crate) fn on_failure(
    state: &mut ConnectorState,
    park_ms: Option<i64>,
    now_ms: i64,
    rng: &mut fastrand::Rng,
) {
    state.failures = state.failures.saturating_add(1);
    let probing = state.breaker == Breaker::HalfOpen;
    if park_ms.is_none() && !probing && state.failures < THRESHOLD {
        return;
    }
    let own = open_ms(state.failures.saturating_sub(THRESHOLD), rng);
    let until_ms = now_ms.saturating_add(park_ms.map_or(own, |p| p.max(own)));
    let until_ms = match state.breaker {
        Breaker::Open { until_ms: already } => already.max(until_ms),
        Breaker::Closed | Breaker::HalfOpen => until_ms,
    };
    state.breaker = Breaker::Open { until_ms };
}

#[cfg(test)]
mod tests {
    use super::*;
    use confee_domain::ConnectorId;

    fn fresh() -> (ConnectorState, fastrand::Rng) {
        (ConnectorState::fresh(ConnectorId("c".into())), fastrand::Rng::with_seed(3))
    }

    #[test]
    fn five_failures_open_it_and_one_probe_closes_it() {
        let (mut s, mut rng) = fresh();
        for _ in 0..4 {
            on_failure(&mut s, None, 0, &mut rng);
            assert_eq!(room(&s, 0, 4, 0), 4);
        }
        on_failure(&mut s, None, 0, &mut rng);
        let Breaker::Open { until_ms } = s.breaker else { panic!("open") };
        assert_eq!((room(&s, 0, 4, until_ms - 1), room(&s, 0, 4, until_ms)), (0, 1));
        assert!(on_issue(&mut s));
        assert_eq!((room(&s, 1, 4, until_ms), room(&s, 0, 4, until_ms)), (0, 1));
        on_failure(&mut s, None, until_ms, &mut rng);
        assert!(matches!(s.breaker, Breaker::Open { until_ms: later } if later > until_ms));
        on_success(&mut s);
        assert!(matches!(s.breaker, Breaker::Open { .. }), "a late answer does not close it");
        on_issue(&mut s);
        on_success(&mut s);
        assert_eq!((s.breaker, s.failures), (Breaker::Closed, 0));
    }

    #[test]
    fn a_daily_limit_parks_all_at_once() {
        let (mut s, mut rng) = fresh();
        on_failure(&mut s, Some(7_200_000), 1_000, &mut rng);
        assert_eq!(s.breaker, Breaker::Open { until_ms: 7_201_000 });
    }
}
