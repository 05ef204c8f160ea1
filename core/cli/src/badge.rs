//! `confee badge`: the radio of this computer.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use confee_companion::badge::KnownBadge;
use confee_domain::{BadgeIdentity, CaptureStatus, EngineEvent, FoundBadge, LinkState};
use console::style;
use serde_json::json;

use crate::args::{Args, BadgeArgs, BadgeCommand};
use crate::engine::Engine;
use crate::facts::{facts_text, seconds};
use crate::failure::Failure;
use crate::{paint, radio};

/// A badge that was never seen is looked for so long.
const FIND: Duration = Duration::from_secs(15);

pub(crate) fn run(args: &Args, badge: &BadgeArgs) -> Result<ExitCode, Failure> {
    let engine = Engine::open(args)?;
    let (events, inbox) = channel();
    let subscription = engine.companion.observe(move |event| {
        // The command may have ended.
        let _ = events.send(event);
    });
    let (radio, ended) = radio::start().map_err(|e| Failure::Other(e.to_string()))?;
    engine.companion.attach_radio(radio)?;
    let session = Session { args, engine: &engine, inbox };
    let outcome = match &badge.command {
        BadgeCommand::Scan { seconds } => session.scan(Duration::from_secs(*seconds)),
        BadgeCommand::Info { badge } => session.info(badge.as_deref()),
        BadgeCommand::Stream { badge, seconds } => {
            session.stream(badge.as_deref(), Duration::from_secs(*seconds))
        }
        BadgeCommand::Drain { badge } => session.drain(badge.as_deref()),
    };
    subscription.cancel();
    engine.companion.detach_radio()?;
    ended.wait();
    outcome.map(|()| ExitCode::SUCCESS)
}

struct Session<'a> {
    args: &'a Args,
    engine: &'a Engine,
    inbox: Receiver<EngineEvent>,
}

impl Session<'_> {
    /// Lists what advertises, each badge once.
    #[expect(clippy::print_stdout, reason = "the command's output")]
    fn scan(&self, time: Duration) -> Result<(), Failure> {
        self.engine.companion.scan_badges()?;
        let until = Instant::now() + time;
        let mut seen = BTreeSet::new();
        while let Some(event) = self.next(until)? {
            match event {
                EngineEvent::BadgeFound { badge } if seen.insert(badge.peripheral.clone()) => {
                    println!("{}", self.found(&badge));
                }
                EngineEvent::Capture { status } => hopeless(&status)?,
                _ => {}
            }
        }
        if seen.is_empty() {
            return Err(Failure::Other(
                "no badge advertises here: switch it on, bring it closer, and look whether \
                 another phone holds it"
                    .into(),
            ));
        }
        Ok(())
    }

    fn found(&self, badge: &FoundBadge) -> String {
        if self.args.json {
            return json!(badge).to_string();
        }
        let name = badge.name.as_deref().unwrap_or("?");
        let rssi = badge.rssi.map_or(String::new(), |dbm| format!("{dbm} dBm"));
        let dialect = format!("{:?}", badge.dialect);
        format!("{}  {name}  {}  {rssi}", style(&badge.peripheral).bold(), dialect)
    }

    /// Connects and says who answers.
    #[expect(clippy::print_stdout, reason = "the command's output")]
    fn info(&self, badge: Option<&str>) -> Result<(), Failure> {
        let identity = self.connect(badge)?;
        let status = self.until(FIND, |status| {
            let ready = matches!(status.link, LinkState::Streaming | LinkState::Draining);
            ready && status.backlog_ms.is_some() | !identity.stores
        })?;
        if self.args.json {
            let line = json!({
                "badge": identity,
                "battery_percent": status.battery_percent,
                "muted": status.muted,
                "backlog_ms": status.backlog_ms,
            });
            println!("{line}");
        } else {
            println!("{}", identity_text(&identity, &status));
        }
        Ok(())
    }

    /// Takes live audio into the log for a while.
    fn stream(&self, badge: Option<&str>, time: Duration) -> Result<(), Failure> {
        self.connect(badge)?;
        let until = Instant::now() + time;
        let spinner = paint::spinner("");
        while let Some(event) = self.next(until)? {
            if let EngineEvent::Capture { status } = event {
                hopeless(&status)?;
                spinner.set_message(facts_text(&status));
            }
        }
        spinner.finish_and_clear();
        self.report()
    }

    /// Fetches what the badge has stored.
    fn drain(&self, badge: Option<&str>) -> Result<(), Failure> {
        let identity = self.connect(badge)?;
        if !identity.stores {
            return Err(Failure::Other("this badge stores no audio".into()));
        }
        // Fetching begins a moment after live audio does.
        let begun = Instant::now();
        let settled = |status: &CaptureStatus| {
            status.link == LinkState::Streaming
                && status.backlog_ms == Some(0)
                && begun.elapsed() > Duration::from_secs(3)
        };
        self.until(Duration::from_secs(3600), settled)?;
        self.report()
    }

    #[expect(clippy::print_stdout, reason = "the command's output")]
    fn report(&self) -> Result<(), Failure> {
        let status = self.engine.companion.capture_status()?;
        if self.args.json {
            let line = json!({
                "stored_ms": status.stored_ms,
                "backlog_ms": status.backlog_ms,
                "lost_ms": status.lost_ms,
            });
            println!("{line}");
        } else {
            println!(
                "{} safe on this computer, {} lost, {} still on the badge",
                style(seconds(status.stored_ms)).bold(),
                seconds(status.lost_ms),
                status.backlog_ms.map_or("?".into(), seconds),
            );
        }
        Ok(())
    }

    /// Connects to a badge by its name for the system, or to the only one around.
    fn connect(&self, badge: Option<&str>) -> Result<BadgeIdentity, Failure> {
        let peripheral = match badge {
            Some(peripheral) => peripheral.to_owned(),
            None => self.only_one()?,
        };
        let known = KnownBadge { peripheral, badge_id: None };
        self.engine.companion.connect_badge(known)?;
        let until = Instant::now() + Duration::from_secs(60);
        while let Some(event) = self.next(until)? {
            match event {
                EngineEvent::BadgeConnected { badge } => return Ok(badge),
                EngineEvent::Capture { status } => hopeless(&status)?,
                _ => {}
            }
        }
        Err(Failure::Other("the badge did not answer: bring it closer and try again".into()))
    }

    fn only_one(&self) -> Result<String, Failure> {
        self.engine.companion.scan_badges()?;
        let mut until = Instant::now() + FIND;
        let mut found = BTreeSet::new();
        while let Some(event) = self.next(until)? {
            match event {
                EngineEvent::BadgeFound { badge } => {
                    // A second badge, if there is one, has a moment to show up.
                    until = until.min(Instant::now() + Duration::from_secs(2));
                    found.insert(badge.peripheral);
                }
                EngineEvent::Capture { status } => hopeless(&status)?,
                _ => {}
            }
        }
        match (found.pop_first(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(Failure::Input(
                "more than one badge is around: name one of `confee badge scan`".into(),
            )),
            (None, _) => Err(Failure::Other(
                "no badge advertises here: switch it on and bring it closer".into(),
            )),
        }
    }

    /// Waits until capture stands as wanted.
    fn until(
        &self,
        time: Duration,
        wanted: impl Fn(&CaptureStatus) -> bool,
    ) -> Result<CaptureStatus, Failure> {
        let until = Instant::now() + time;
        loop {
            let status = self.engine.companion.capture_status()?;
            if wanted(&status) {
                return Ok(status);
            }
            hopeless(&status)?;
            if self.next(until)?.is_none() {
                return Err(Failure::Other(
                    "the badge does not go on: switch it off and on".into(),
                ));
            }
        }
    }

    /// The next event; none when the time is up.
    fn next(&self, until: Instant) -> Result<Option<EngineEvent>, Failure> {
        match self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                Err(Failure::Other("the engine ended: start again".into()))
            }
        }
    }
}

/// A problem that does not heal by itself ends the command.
fn hopeless(status: &CaptureStatus) -> Result<(), Failure> {
    match status.link {
        LinkState::Lost { problem, retry: false } => Err(Failure::Other(problem.to_string())),
        LinkState::Lost {
            problem: problem @ confee_domain::BadgeProblem::BluetoothOff, ..
        } => Err(Failure::Other(problem.to_string())),
        _ => Ok(()),
    }
}

fn identity_text(badge: &BadgeIdentity, status: &CaptureStatus) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".into());
    let yes = |value: Option<bool>| value.map_or("unknown", |v| if v { "yes" } else { "no" });
    let rows = [
        ("badge", format!("{:016x}", badge.badge_id)),
        ("model", text(&badge.model)),
        ("serial", text(&badge.serial)),
        ("firmware", text(&badge.firmware)),
        ("speaks", format!("{:?}", badge.dialect)),
        (
            "microphones",
            badge.microphones.map_or("1".into(), |m| format!("2, {} mm apart", m.distance_mm)),
        ),
        ("stores audio", yes(Some(badge.stores)).into()),
        ("light proves recording", yes(badge.light_proves_recording).into()),
        ("muted", yes(status.muted).into()),
        ("battery", status.battery_percent.map_or("?".into(), |p| format!("{p} %"))),
        ("on the badge", status.backlog_ms.map_or("?".into(), seconds)),
    ];
    let lines = rows.map(|(name, value)| format!("{:>23}  {value}", style(name).dim()));
    lines.join("\n")
}
