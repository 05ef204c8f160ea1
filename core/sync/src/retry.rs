use std::time::{SystemTime, UNIX_EPOCH};

use crate::request::Response;

const FIRST_MS: i64 = 2_000;
const LAST_MS: i64 = 15 * 60_000;
/// No server is believed for longer; HubSpot's migrations take up to a day.
const SERVER_LAST_MS: i64 = 25 * 3_600_000;

/// Exponential backoff with full jitter: evenly from 1 ms to 2 s, 4 s, 8 s … 15 min.
pub(crate) fn backoff_ms(attempt: u32, rng: &mut fastrand::Rng) -> i64 {
    rng.i64(1..=ceiling(FIRST_MS, attempt))
}

/// How long a breaker stays open after so many failures beyond the threshold: 15 s to 15 min, the
/// upper half random.
pub(crate) fn open_ms(beyond: u32, rng: &mut fastrand::Rng) -> i64 {
    let top = ceiling(30_000, beyond.saturating_add(1));
    top / 2 + rng.i64(0..=top / 2)
}

fn ceiling(first: i64, attempt: u32) -> i64 {
    let doublings = attempt.saturating_sub(1).min(20);
    (first << doublings).min(LAST_MS)
}

/// How long the server asks to wait, in milliseconds: `Retry-After` as seconds or as an HTTP date
/// (RFC 9110, 10.2.3). A date is read against the server's own `Date`, so a wrong clock here does
/// not matter.
pub(crate) fn retry_after_ms(response: &Response, now_ms: i64) -> Option<i64> {
    let text = response.header("retry-after")?.trim();
    let wait = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds).saturating_mul(1_000),
        Err(_) => {
            let server_now = response.header("date").and_then(date_ms).unwrap_or(now_ms);
            date_ms(text)?.saturating_sub(server_now)
        }
    };
    (wait > 0).then(|| wait.min(SERVER_LAST_MS))
}

fn date_ms(text: &str) -> Option<i64> {
    let time: SystemTime = httpdate::parse_http_date(text.trim()).ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(&str, &str)]) -> Option<i64> {
        let headers = headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        let response = Response { status: 429, headers, body: vec![] };
        // 1994-11-06T08:49:37Z
        retry_after_ms(&response, 784_111_777_000)
    }

    #[test]
    fn retry_after_in_every_form() {
        assert_eq!(wait(&[("Retry-After", "7")]), Some(7_000));
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")]), Some(10_000));
        let skewed = [
            ("retry-after", "Sun, 06 Nov 1994 09:00:10 GMT"),
            ("date", "Sun, 06 Nov 1994 09:00:00 GMT"),
        ];
        assert_eq!(wait(&skewed), Some(10_000));
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "4294967295")]), Some(SERVER_LAST_MS));
        for junk in ["", "-3", "soon", "1e9", "99999999999999999999"] {
            assert_eq!(wait(&[("retry-after", junk)]), None, "{junk}");
        }
        assert_eq!(wait(&[]), None);
    }

    #[test]
    fn backoff_grows_and_stays_within_bounds() {
        let mut rng = fastrand::Rng::with_seed(1);
        for attempt in 0..200 {
            let top = ceiling(FIRST_MS, attempt);
            assert!((FIRST_MS..=LAST_MS).contains(&top));
            assert!((1..=top).contains(&backoff_ms(attempt, &mut rng)));
            assert!((15_000..=LAST_MS).contains(&open_ms(attempt, &mut rng)));
        }
        assert_eq!([1, 2, 3, 12].map(|a| ceiling(FIRST_MS, a)), [2_000, 4_000, 8_000, LAST_MS]);
    }
}
