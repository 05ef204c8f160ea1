//! What goes wrong, and when: a script of rules, or seeded chance.

use serde::{Deserialize, Serialize};

/// Something that goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// The connection is reset and nothing is applied.
    DropBefore,
    /// The request is applied, then the connection is reset instead of an answer.
    DropAfterApply,
    /// The answer comes late.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Silence, then the connection is closed without an answer.
    Timeout {
        /// Milliseconds of silence.
        ms: u64,
        /// Whether the request is applied.
        apply: bool,
    },
    /// 429; nothing is applied.
    RateLimited {
        /// The `Retry-After` header.
        #[serde(default)]
        retry_after: RetryAfter,
        /// `policyName` in the body; empty means `TEN_SECONDLY_ROLLING`.
        #[serde(default)]
        policy: String,
    },
    /// A 5xx answer.
    ServerError {
        /// Status, e.g. 500, 502, 503, 504.
        status: u16,
        /// A gateway's HTML page rather than JSON.
        #[serde(default)]
        html: bool,
        /// Whether the request is applied all the same.
        #[serde(default)]
        apply: bool,
    },
    /// 403 with an HTML page, as a firewall sends; nothing is applied.
    ForbiddenHtml,
    /// 401 although the token is right; nothing is applied.
    Unauthorized,
    /// Applied, but the body announces more bytes than come before the connection closes.
    TruncatedBody,
    /// Applied, and the answer is complete HTTP, but its JSON stops half-way.
    TruncatedJson,
    /// The request is applied twice, as by a proxy that sends it again.
    Duplicate {
        /// Whether the client sees the second answer rather than the first.
        #[serde(default)]
        answer_second: bool,
    },
    /// 207: the last input of a batch fails and is not applied. Any other request is applied and
    /// its 2xx answer becomes 207.
    MultiStatus,
}

/// Form of a `Retry-After` header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// No header.
    #[default]
    None,
    /// So many seconds.
    Seconds(u32),
    /// An HTTP date so many seconds from now.
    HttpDate(u32),
}

/// Which requests a rule looks at. Nothing set is every request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matcher {
    /// HTTP method.
    pub method: Option<String>,
    /// Part of path and query.
    pub path_contains: Option<String>,
    /// Part of the body, as text.
    pub body_contains: Option<String>,
}

impl Matcher {
    /// A matcher for a method and part of a path.
    #[must_use]
    pub fn new(method: &str, path_contains: &str) -> Self {
        Self {
            method: Some(method.into()),
            path_contains: Some(path_contains.into()),
            body_contains: None,
        }
    }

    fn matches(&self, seen: &Seen<'_>) -> bool {
        self.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(seen.method))
            && self.path_contains.as_ref().is_none_or(|p| seen.path.contains(p.as_str()))
            && self.body_contains.as_ref().is_none_or(|b| {
                !b.is_empty() && seen.body.windows(b.len()).any(|w| w == b.as_bytes())
            })
    }
}

/// The requests, among those that match, on which a rule fires.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All.
    #[default]
    Always,
    /// Only the n-th, from 1.
    Nth(u64),
    /// The first n.
    Next(u64),
    /// Every n-th.
    Every(u64),
}

impl When {
    fn fires(self, occurrence: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Nth(n) => occurrence == n,
            Self::Next(n) => occurrence <= n,
            Self::Every(n) => n > 0 && occurrence.is_multiple_of(n),
        }
    }
}

/// One line of the script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// Which requests it looks at.
    #[serde(default, rename = "match")]
    pub matcher: Matcher,
    /// On which of them it fires.
    #[serde(default)]
    pub when: When,
    /// What goes wrong.
    pub fault: Fault,
}

impl FaultRule {
    /// A rule.
    #[must_use]
    pub fn new(matcher: Matcher, when: When, fault: Fault) -> Self {
        Self { matcher, when, fault }
    }
}

/// Faults by chance; the same seed and the same order of requests give the same faults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RandomFaults {
    /// Seed.
    pub seed: u64,
    /// Chance per request, 0.0 to 1.0.
    pub probability: f64,
    /// Which requests may fail.
    #[serde(default, rename = "match")]
    pub matcher: Matcher,
    /// What may go wrong; one is drawn. Empty means drops before and after, 429, 500 and 503.
    #[serde(default)]
    pub faults: Vec<Fault>,
}

/// Everything that goes wrong: the first rule that fires, else chance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FaultPlan {
    /// The script.
    pub rules: Vec<FaultRule>,
    /// Chance.
    pub random: Option<RandomFaults>,
}

impl FaultPlan {
    /// A plan of one rule.
    #[must_use]
    pub fn one(matcher: Matcher, when: When, fault: Fault) -> Self {
        Self { rules: vec![FaultRule::new(matcher, when, fault)], random: None }
    }
}

/// What the engine sees of a request.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path and query as sent.
    pub path: &'a str,
    /// Body bytes.
    pub body: &'a [u8],
}

/// Runs a plan: counts occurrences and draws chances.
#[derive(Debug, Clone)]
pub struct FaultEngine {
    plan: FaultPlan,
    occurrences: Vec<u64>,
    rng: fastrand::Rng,
}

impl FaultEngine {
    /// An engine at the start of `plan`.
    #[must_use]
    pub fn new(plan: FaultPlan) -> Self {
        let seed = plan.random.as_ref().map_or(0, |r| r.seed);
        let occurrences = vec![0; plan.rules.len()];
        Self { plan, occurrences, rng: fastrand::Rng::with_seed(seed) }
    }

    /// The fault of the next request.
    pub fn next(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let mut fired = None;
        for (rule, count) in self.plan.rules.iter().zip(&mut self.occurrences) {
            if rule.matcher.matches(seen) {
                *count += 1;
                if fired.is_none() && rule.when.fires(*count) {
                    fired = Some(rule.fault.clone());
                }
            }
        }
        fired.or_else(|| self.draw(seen))
    }

    fn draw(&mut self, seen: &Seen<'_>) -> Option<Fault> {
        let random = self.plan.random.as_ref().filter(|r| r.matcher.matches(seen))?;
        if self.rng.f64() >= random.probability {
            return None;
        }
        if random.faults.is_empty() {
            return Some(default_fault(self.rng.u8(0..5)));
        }
        random.faults.get(self.rng.usize(0..random.faults.len())).cloned()
    }
}

fn default_fault(which: u8) -> Fault {
    match which {
        0 => Fault::DropBefore,
        1 => Fault::DropAfterApply,
        2 => Fault::RateLimited { retry_after: RetryAfter::None, policy: String::new() },
        3 => Fault::ServerError { status: 500, html: false, apply: false },
        _ => Fault::ServerError { status: 503, html: true, apply: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(plan: FaultPlan, paths: &[&str]) -> Vec<bool> {
        let mut engine = FaultEngine::new(plan);
        let mut next =
            |path: &&str| engine.next(&Seen { method: "POST", path, body: b"{}" }).is_some();
        paths.iter().map(&mut next).collect()
    }

    #[test]
    fn occurrences_count_matching_requests_only() {
        let table = [
            (When::Always, [true, false, true, true]),
            (When::Nth(2), [false, false, true, false]),
            (When::Next(2), [true, false, true, false]),
            (When::Every(3), [false, false, false, true]),
            (When::Every(0), [false; 4]),
        ];
        for (when, expected) in table {
            let plan = FaultPlan::one(Matcher::new("post", "/a"), when, Fault::DropBefore);
            assert_eq!(fired(plan, &["/a", "/b", "/a", "/a"]), expected, "{when:?}");
        }
    }

    #[test]
    fn chance_repeats_with_its_seed() {
        let plan = |seed| FaultPlan {
            rules: vec![],
            random: Some(RandomFaults {
                seed,
                probability: 0.3,
                matcher: Matcher::default(),
                faults: vec![],
            }),
        };
        let paths = vec!["/x"; 1000];
        let first = fired(plan(7), &paths);
        assert_eq!(first, fired(plan(7), &paths));
        assert_ne!(first, fired(plan(8), &paths));
        let hits = first.iter().filter(|f| **f).count();
        assert!((200..400).contains(&hits), "{hits}");
    }

    #[test]
    fn a_plan_reads_from_short_json() {
        let text = r#"{"rules":[{"match":{"method":"POST"},"when":{"next":2},
            "fault":{"kind":"rate_limited","retry_after":{"http_date":30}}},
            {"fault":{"kind":"drop_after_apply"}}]}"#;
        let plan: FaultPlan = serde_json::from_str(text).unwrap();
        assert_eq!(plan.rules[0].when, When::Next(2));
        let again = serde_json::from_value(serde_json::to_value(&plan).unwrap()).unwrap();
        assert_eq!(plan, again);
    }
}
