use confee_domain::{AuthState, Breaker, ConnectorState, ConnectorTrouble, Op};

use crate::connector::Connector;

/// After this time of failing, an op is shown to the rep.
pub const STUCK_AFTER_MS: i64 = 24 * 3_600_000;

/// Since when an op fails, Unix milliseconds, once that is long enough to tell the rep.
#[must_use]
pub fn stuck_since(op: &Op, now_ms: i64) -> Option<i64> {
    let since = op.failing_since_ms.filter(|_| !op.state.is_settled())?;
    (now_ms.saturating_sub(since) >= STUCK_AFTER_MS).then_some(since)
}

/// What is wrong with a whole connection.
pub(super) fn of(
    connector: &dyn Connector,
    state: &ConnectorState,
    now_ms: i64,
) -> Option<ConnectorTrouble> {
    let label = connector.label();
    let (code, sentence, retry_at_ms) = match (state.auth, state.breaker) {
        (AuthState::Lost, _) => {
            let text = format!(
                "{label} does not let us in. Sign in again or check the connection's settings; \
                 no lead is lost."
            );
            ("signed_out", text, None)
        }
        (_, Breaker::Open { until_ms }) if until_ms > now_ms => {
            let text =
                format!("{label} cannot be reached or is busy. It is tried again by itself.");
            ("busy", text, Some(until_ms))
        }
        _ => return None,
    };
    let (connector, code) = (state.id.0.clone(), code.to_owned());
    Some(ConnectorTrouble { connector, code, sentence, retry_at_ms })
}
