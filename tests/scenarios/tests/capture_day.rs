//! A day of talks, for what it costs in memory. Run it by hand:
//! `cargo test -p confee-scenarios --test capture_day -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::sync::Arc;

use confee_companion::badge::LinkFault;
use confee_companion::badge::simulated::{AirPlan, ConfeeBadge, ConfeeConfig, LinkDrop};
use confee_scenarios::booth::Booth;
use confee_scenarios::memory::resident_kib;
use confee_scenarios::phone::Phone;
use confee_scenarios::story::{Scribe, Story};

const HOUR_MS: u64 = 3_600_000;
const MOST_KIB: u64 = 16 * 1024;

#[test]
#[ignore = "takes many minutes"]
fn a_day() {
    let hours: u64 = std::env::var("CONFEE_HOURS").map_or(8, |h| h.parse().unwrap());
    let story = Story::whole();
    let away = |hour| LinkDrop {
        at_ms: hour * HOUR_MS + 1_200_000,
        for_ms: 120_000,
        fault: LinkFault::Timeout,
    };
    let drops = (0..hours).map(away).collect();
    let plan = AirPlan {
        seed: 77,
        loss: 0.02,
        reorder: 0.01,
        notice_ms: 4_000,
        drops,
        ..AirPlan::default()
    };
    let badge = ConfeeBadge::new(ConfeeConfig::default(), story.looping());
    let booth = Booth::open(plan, badge);
    let phone = Phone::new(&booth, Some(Arc::new(Scribe)));
    booth.speed(60);
    let mut after_first = 0;
    for hour in 1..=hours {
        let mut peak = 0;
        for part in 1..=60 {
            booth.until((hour - 1) * HOUR_MS + part * HOUR_MS / 60);
            peak = peak.max(resident_kib().unwrap_or_default());
        }
        let status = phone.engine.capture_status().unwrap();
        let all = phone.summaries();
        let lost: u64 = all.iter().map(|r| r.lost_ms).sum();
        println!(
            "hour {hour}: peak {peak} KiB, {} recordings, {lost} ms lost of {} ms, {:?}",
            all.len(),
            status.stored_ms,
            status.link,
        );
        if hour == 1 {
            after_first = peak;
        }
        assert!(
            peak < after_first + MOST_KIB,
            "{after_first} KiB in hour 1, {peak} in hour {hour}"
        );
    }
    assert!(phone.summaries().len() as u64 >= hours * 15);
    let _folder = phone.close();
}
