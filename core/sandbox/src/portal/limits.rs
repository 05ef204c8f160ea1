//! Request limits: a rolling window, a day, and the lower limit of search.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// How many requests the portal takes. The default takes any number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateLimits {
    /// Requests per rolling window; `None` is no limit.
    pub per_window: Option<u32>,
    /// Length of the window in milliseconds; 0 means HubSpot's ten seconds.
    pub window_ms: u32,
    /// Requests per day (midnight to midnight UTC).
    pub per_day: Option<u32>,
    /// Searches per second.
    pub searches_per_second: Option<u32>,
    /// Seconds in a `Retry-After` header on 429, which HubSpot does not document; `None` sends
    /// none.
    pub retry_after: Option<u32>,
}

impl RateLimits {
    /// What a private app of a Professional account gets.
    #[must_use]
    pub fn professional() -> Self {
        Self {
            per_window: Some(190),
            window_ms: 10_000,
            per_day: Some(625_000),
            searches_per_second: Some(5),
            retry_after: None,
        }
    }

    fn window(&self) -> i64 {
        if self.window_ms == 0 { 10_000 } else { i64::from(self.window_ms) }
    }
}

/// What the limiter says to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The policy that refuses it: `TEN_SECONDLY_ROLLING`, `DAILY` or `SECONDLY`.
    pub refused_by: Option<&'static str>,
    /// `X-HubSpot-RateLimit-*` headers; searches have none.
    pub headers: Vec<(&'static str, String)>,
}

/// Counts requests against [`RateLimits`].
#[derive(Debug, Clone, Default)]
pub struct Limiter {
    limits: RateLimits,
    recent: VecDeque<i64>,
    searches: VecDeque<i64>,
    day: i64,
    today: u32,
}

impl Limiter {
    /// A limiter with nothing counted.
    #[must_use]
    pub fn new(limits: RateLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Counts a request at `now_ms` (epoch milliseconds) unless it is over a limit.
    pub fn take(&mut self, now_ms: i64, search: bool) -> Decision {
        let refused_by = if search { self.take_search(now_ms) } else { self.take_plain(now_ms) };
        Decision { refused_by, headers: if search { vec![] } else { self.headers() } }
    }

    fn take_search(&mut self, now_ms: i64) -> Option<&'static str> {
        let most = self.limits.searches_per_second?;
        admit(&mut self.searches, now_ms, 1000, most).then_some("SECONDLY")
    }

    fn take_plain(&mut self, now_ms: i64) -> Option<&'static str> {
        let day = now_ms.div_euclid(DAY_MS);
        if day != self.day {
            (self.day, self.today) = (day, 0);
        }
        if self.limits.per_day.is_some_and(|most| self.today >= most) {
            return Some("DAILY");
        }
        if let Some(most) = self.limits.per_window
            && admit(&mut self.recent, now_ms, self.limits.window(), most)
        {
            return Some("TEN_SECONDLY_ROLLING");
        }
        self.today += 1;
        None
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if let Some(most) = self.limits.per_window {
            let used = u32::try_from(self.recent.len()).unwrap_or(u32::MAX);
            headers.push(("x-hubspot-ratelimit-max", most.to_string()));
            headers.push(("x-hubspot-ratelimit-remaining", most.saturating_sub(used).to_string()));
            let window = self.limits.window().to_string();
            headers.push(("x-hubspot-ratelimit-interval-milliseconds", window));
        }
        if let Some(most) = self.limits.per_day {
            headers.push(("x-hubspot-ratelimit-daily", most.to_string()));
            let left = most.saturating_sub(self.today).to_string();
            headers.push(("x-hubspot-ratelimit-daily-remaining", left));
        }
        headers
    }
}

/// Forgets what is older than the window, then counts; true where the window is full.
fn admit(seen: &mut VecDeque<i64>, now_ms: i64, window: i64, most: u32) -> bool {
    while seen.front().is_some_and(|t| *t <= now_ms - window) {
        seen.pop_front();
    }
    if seen.len() >= most as usize {
        return true;
    }
    seen.push_back(now_ms);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_rolls() {
        let limits = RateLimits { per_window: Some(2), ..RateLimits::default() };
        let mut limiter = Limiter::new(limits);
        assert_eq!(limiter.take(0, false).refused_by, None);
        assert_eq!(limiter.take(6_000, false).refused_by, None);
        assert_eq!(limiter.take(9_999, false).refused_by, Some("TEN_SECONDLY_ROLLING"));
        let after = limiter.take(10_000, false);
        assert_eq!(after.refused_by, None);
        assert!(after.headers.contains(&("x-hubspot-ratelimit-remaining", "0".into())));
        assert_eq!(limiter.take(15_999, false).refused_by, Some("TEN_SECONDLY_ROLLING"));
        assert_eq!(limiter.take(16_000, false).refused_by, None);
    }

    #[test]
    fn the_day_starts_again_at_midnight() {
        let limits = RateLimits { per_day: Some(1), ..RateLimits::default() };
        let mut limiter = Limiter::new(limits);
        assert_eq!(limiter.take(DAY_MS - 2, false).refused_by, None);
        assert_eq!(limiter.take(DAY_MS - 1, false).refused_by, Some("DAILY"));
        assert_eq!(limiter.take(DAY_MS, false).refused_by, None);
    }

    #[test]
    fn searches_have_their_own_limit_and_no_headers() {
        let mut limiter = Limiter::new(RateLimits::professional());
        for _ in 0..5 {
            assert_eq!(limiter.take(0, true), Decision { refused_by: None, headers: vec![] });
        }
        assert_eq!(limiter.take(0, true).refused_by, Some("SECONDLY"));
        assert_eq!(limiter.take(0, false).refused_by, None);
    }
}
