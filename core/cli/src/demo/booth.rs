//! The first stage: the simulated badge streams the recording, the engine takes it into custody.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use confee_companion::Clock as _;
use confee_companion::badge::KnownBadge;
use confee_companion::badge::simulated::Traffic;
use confee_domain::{CaptureStatus, EngineEvent, LeadCard, LinkState, RecordingSummary};
use console::style;

use super::world::{PERIPHERAL, World};
use crate::engine::Engine;
use crate::facts::{facts_text, seconds};
use crate::failure::Failure;
use crate::paint;

/// The demo gives up when nothing happens for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// What capture brought.
pub(crate) struct Captured {
    pub(crate) recording: RecordingSummary,
    pub(crate) status: CaptureStatus,
    pub(crate) card: LeadCard,
    /// From the recording to the draft.
    pub(crate) drafted_in: Duration,
}

/// Connects the badge and waits for the draft of its talk.
pub(crate) fn capture(engine: &Engine, world: &World, quiet: bool) -> Result<Captured, Failure> {
    let (events, inbox) = channel();
    let subscription = engine.companion.observe(move |event| {
        // The demo may have ended.
        let _ = events.send(event);
    });
    engine.companion.attach_radio(world.radio.clone())?;
    engine.companion.scan_badges()?;
    let outcome = follow(engine, world, &inbox, quiet);
    subscription.cancel();
    let status = engine.companion.capture_status()?;
    engine.companion.detach_radio()?;
    let (recording, card, drafted_in) = outcome?;
    Ok(Captured { recording, status, card, drafted_in })
}

fn follow(
    engine: &Engine,
    world: &World,
    inbox: &Receiver<EngineEvent>,
    quiet: bool,
) -> Result<(RecordingSummary, LeadCard, Duration), Failure> {
    let mut screen = Screen::new(world, quiet);
    let mut recording = None;
    let mut connecting = false;
    loop {
        match inbox.recv_timeout(PATIENCE) {
            Ok(EngineEvent::BadgeFound { badge }) if !connecting => {
                connecting = true;
                screen.line(&format!(
                    "found {:?} ({})",
                    badge.name.unwrap_or_default(),
                    PERIPHERAL
                ));
                let known = KnownBadge { peripheral: badge.peripheral, badge_id: None };
                engine.companion.connect_badge(known)?;
            }
            Ok(EngineEvent::BadgeConnected { badge }) => {
                let firmware = badge.firmware.unwrap_or_default();
                let model = badge.model.unwrap_or_default();
                screen.line(&format!("{model}, firmware {firmware}; paired, encrypted"));
            }
            Ok(EngineEvent::Capture { status }) => screen.status(&status),
            Ok(EngineEvent::Recorded { recording: cut }) => {
                world.clock.slow_down();
                recording = Some((cut, Instant::now()));
            }
            Ok(EngineEvent::Lead { card }) => {
                if let Some((recording, at)) = recording.take_if(|(r, _)| r.id == card.id) {
                    screen.end();
                    return Ok((recording, card, at.elapsed()));
                }
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Err(Failure::Other("the simulated badge fell silent; run it again".into()));
            }
        }
    }
}

/// The capture screen: a line for each change, and the four facts as they stand.
struct Screen<'a> {
    world: &'a World,
    quiet: bool,
    facts: indicatif::ProgressBar,
    link: Option<LinkState>,
    warning: Option<&'static str>,
    talking: bool,
}

impl<'a> Screen<'a> {
    fn new(world: &'a World, quiet: bool) -> Self {
        let facts = if quiet { indicatif::ProgressBar::hidden() } else { paint::spinner("") };
        Self { world, quiet, facts, link: None, warning: None, talking: false }
    }

    fn status(&mut self, status: &CaptureStatus) {
        if self.link != Some(status.link) {
            self.link = Some(status.link);
            if let Some(text) = link_text(status.link) {
                self.line(&text);
            }
        }
        let warning = status.warning.map(confee_domain::QualityReason::advice);
        if warning != self.warning {
            self.warning = warning;
            if let Some(advice) = warning {
                self.line(&style(advice).yellow().to_string());
            }
        }
        if self.talking != status.in_conversation {
            self.talking = status.in_conversation;
            let text = if self.talking { "a conversation began" } else { "the conversation ended" };
            self.line(text);
        }
        self.facts.set_message(facts_text(status));
    }

    #[expect(clippy::print_stdout, reason = "the demo's output")]
    fn line(&self, text: &str) {
        if !self.quiet {
            let at_ms = self.world.clock.mono_ms();
            let clock = format!("{:>3}:{:02}", at_ms / 60_000, at_ms / 1000 % 60);
            self.facts.suspend(|| println!("  {}  {text}", style(clock).dim()));
        }
    }

    fn end(&self) {
        self.facts.finish_and_clear();
    }
}

fn link_text(link: LinkState) -> Option<String> {
    Some(match link {
        LinkState::Scanning => "looking for badges".into(),
        LinkState::Connecting => "connecting".into(),
        LinkState::Draining => style("fetching what the badge stored").cyan().to_string(),
        LinkState::Streaming => style("live").green().to_string(),
        LinkState::Lost { problem, .. } => style(problem.to_string()).red().to_string(),
        _ => return None,
    })
}

/// What capture came to, in two lines.
pub(crate) fn summary(captured: &Captured, traffic: Traffic) -> String {
    let Captured { recording, status, .. } = captured;
    let sound = recording.quality.as_ref().map_or("not measured", |q| q.sentence());
    format!(
        "  {} kept, {} lost. {sound}\n  The air lost {} of {} notifications and the link {} time(s); the badge had \
         every frame and gave it again. {} still on the badge.",
        style(seconds(recording.duration_ms)).bold(),
        style(seconds(recording.lost_ms)).bold(),
        traffic.lost,
        traffic.sent,
        traffic.drops,
        status.backlog_ms.map_or("?".into(), seconds),
    )
}

/// What capture came to, for programs.
pub(crate) fn json(captured: &Captured) -> serde_json::Value {
    let Captured { recording, status, .. } = captured;
    serde_json::json!({
        "recording": recording.id,
        "duration_ms": recording.duration_ms,
        "lost_ms": recording.lost_ms,
        "marked": recording.marked,
        "quality": recording.quality,
        "stored_ms": status.stored_ms,
        "backlog_ms": status.backlog_ms,
    })
}
