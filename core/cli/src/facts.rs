//! The state of capture as text.

use confee_domain::{CaptureStatus, LinkState};
use console::style;

/// The four facts in one line.
pub(crate) fn facts_text(status: &CaptureStatus) -> String {
    let link = match status.link {
        LinkState::Streaming | LinkState::Draining => style("up").green(),
        LinkState::Lost { .. } => style("lost").red(),
        _ => style("opening").yellow(),
    };
    let age = status.last_frame_age_ms.map_or("none yet".into(), |ms| format!("{ms} ms ago"));
    let backlog = status.backlog_ms.map_or("?".into(), seconds);
    format!(
        "link {link} · last frame {age} · on the badge {backlog} · on the phone {}",
        seconds(status.stored_ms)
    )
}

/// `61.4 s`
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms / 100 % 10)
}
