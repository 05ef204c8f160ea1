use std::time::{SystemTime, UNIX_EPOCH};

/// Pause before another try of the same source, in milliseconds: even over the upper half of
/// `first`, twice that, and so on up to `last`.
pub(super) fn backoff_ms(attempt: u32, first: u64, last: u64, rng: &mut fastrand::Rng) -> u64 {
    let doublings = attempt.saturating_sub(1).min(20);
    let top = first.saturating_mul(1 << doublings).clamp(1, last.max(1));
    rng.u64(top.div_ceil(2)..=top)
}

/// `Retry-After` in milliseconds: seconds, or a date that is read against the server's own.
pub(super) fn retry_after_ms(value: &str, date: Option<&str>, now_ms: i64) -> Option<u64> {
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(u64::from(seconds) * 1_000);
    }
    let now = date.and_then(date_ms).unwrap_or(now_ms);
    u64::try_from(date_ms(value)?.saturating_sub(now)).ok()
}

fn date_ms(text: &str) -> Option<i64> {
    let time: SystemTime = httpdate::parse_http_date(text.trim()).ok()?;
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_within_bounds() {
        let mut rng = fastrand::Rng::with_seed(1);
        for attempt in 0..100 {
            let pause = backoff_ms(attempt, 1_000, 60_000, &mut rng);
            assert!((500..=60_000).contains(&pause));
        }
        assert!(backoff_ms(5, 1_000, 60_000, &mut rng) >= 8_000);
        assert_eq!(backoff_ms(3, 0, 0, &mut rng), 1);
    }

    #[test]
    fn retry_after_forms() {
        let (a, b) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:47 GMT");
        assert_eq!(retry_after_ms("7", None, 0), Some(7_000));
        assert_eq!(retry_after_ms(b, Some(a), 0), Some(10_000));
        assert_eq!(retry_after_ms(b, None, 784_111_777_000), Some(10_000));
        assert_eq!(retry_after_ms(a, Some(b), 0), None);
        assert_eq!(retry_after_ms("soon", None, 0), None);
    }
}
