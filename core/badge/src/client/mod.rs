//! One badge from the first connect to the last frame: attempts, timeouts, one GATT operation at
//! a time, and a dialect's session on top.

mod link_events;
mod policy;

use std::collections::VecDeque;

use confee_domain::{BadgeProblem, DialectName, LinkState};

pub use policy::{ReconnectPolicy, Timeouts};

use crate::event::{BadgeEvent, Counters};
use crate::link::LinkCommand;
use crate::omi::{OmiMemory, OmiSession};
use crate::received::Received;
use crate::session::{Custodian, Cx, GattKind, GattOp, GattOps, Intake, Session};
use policy::{Retry, retry};

/// Longest time between two calls of [`BadgeClient::on_tick`] while a link is up.
const TICK_MS: u64 = 250;
/// Events that wait for the app; older ones of a flood are dropped.
const MAX_EVENTS: usize = 1024;

/// The badge to hold a connection to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBadge {
    /// The system's name for it, from a scan.
    pub peripheral: String,
    /// Its id from an earlier connection: another badge under the same name is refused.
    pub badge_id: Option<u64>,
}

/// Where a badge's store was last known to be safe on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Store incarnation.
    pub ring: u64,
    /// First position still needed.
    pub advanced_to: u64,
}

/// What a client is made with.
#[derive(Debug, Clone, Default)]
pub struct ClientConfig {
    /// When to try again.
    pub policy: ReconnectPolicy,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// For the jitter of retries.
    pub seed: u64,
    /// Frames that the phone's log already holds.
    pub received: Received,
    /// The last [`BadgeEvent::Custody`].
    pub checkpoint: Option<Checkpoint>,
}

/// The time, given to every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds of a clock that never goes back.
    pub mono_ms: u64,
    /// Unix milliseconds of the phone's wall clock.
    pub unix_ms: i64,
}

/// The state machine of one badge. Feed it what the radio reports and the time; take commands for
/// the radio and events for the app; audio goes straight to the [`Intake`].
pub struct BadgeClient {
    config: ClientConfig,
    target: Option<KnownBadge>,
    stage: Stage,
    reported: LinkState,
    epoch: u32,
    attempt: u32,
    foreground: bool,
    adapter: Option<BadgeProblem>,
    mtu: u16,
    session: Option<Box<dyn Session>>,
    omi: OmiMemory,
    drain: bool,
    ops: GattOps,
    open: Option<OpenOp>,
    requests: u32,
    taken: u64,
    durable: u64,
    counters: Counters,
    last_live_ms: Option<u64>,
    rng: fastrand::Rng,
    commands: VecDeque<LinkCommand>,
    events: VecDeque<BadgeEvent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Idle,
    Scanning,
    Connecting {
        until: Option<u64>,
    },
    Discovering {
        until: u64,
    },
    /// A session runs; `ready_since` once audio may flow.
    Session {
        until: u64,
        ready_since: Option<u64>,
    },
    Lost {
        problem: BadgeProblem,
        retry_at: Option<u64>,
    },
}

/// The one GATT operation under way.
struct OpenOp {
    request: u32,
    tag: u16,
    until: u64,
}

impl BadgeClient {
    /// A client that waits for [`BadgeClient::connect`] or [`BadgeClient::scan`].
    #[must_use]
    pub fn new(config: ClientConfig) -> Self {
        let rng = fastrand::Rng::with_seed(config.seed);
        Self {
            config,
            target: None,
            stage: Stage::Idle,
            reported: LinkState::Idle,
            epoch: 0,
            attempt: 0,
            foreground: true,
            adapter: None,
            mtu: 23,
            session: None,
            omi: OmiMemory::default(),
            drain: true,
            ops: GattOps::default(),
            open: None,
            requests: 0,
            taken: 0,
            durable: 0,
            counters: Counters::default(),
            last_live_ms: None,
            rng,
            commands: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Holds a connection to a badge from now on, whatever happens to the link.
    pub fn connect(&mut self, badge: KnownBadge, now: Now) {
        self.let_go();
        if self.target.as_ref() != Some(&badge) {
            self.target = Some(badge);
        }
        self.attempt = 0;
        self.try_connect(now);
        self.report();
    }

    /// Lets the badge go and stays away. Audio on the badge stays there.
    pub fn disconnect(&mut self) {
        self.let_go();
        self.target = None;
        self.stage = Stage::Idle;
        self.report();
    }

    /// Looks for badges until connected or told to stop; a connection is let go.
    pub fn scan(&mut self) {
        self.let_go();
        self.target = None;
        match self.adapter {
            Some(problem) => self.stage = Stage::Lost { problem, retry_at: None },
            None => {
                self.stage = Stage::Scanning;
                let services = vec![crate::confee::SERVICE, crate::omi::uuids::AUDIO_SERVICE];
                self.commands.push_back(LinkCommand::Scan { services });
            }
        }
        self.report();
    }

    /// Whether the app is on the screen: retries come sooner then, and one comes at once.
    pub fn foreground(&mut self, on: bool, now: Now) {
        let came = on && !self.foreground;
        self.foreground = on;
        if came && let Stage::Lost { retry_at: Some(at), .. } = &mut self.stage {
            *at = now.mono_ms;
        }
    }

    /// Lets bulk transfer of stored audio go on, or pauses it (low battery, heat).
    pub fn allow_drain(&mut self, on: bool, now: Now, intake: &mut dyn Intake) {
        self.drain = on;
        self.with_session(now, intake, |session, cx| session.allow_drain(on, cx));
    }

    /// Asks the badge to mute or unmute. What holds is what the badge then reports.
    pub fn mute(&mut self, on: bool, now: Now, intake: &mut dyn Intake) {
        self.with_session(now, intake, |session, cx| session.mute(on, cx));
    }

    /// The first `records` that the intake accepted, counted over all its methods from this
    /// client's start, are on disk. The badge may forget them.
    pub fn on_durable(&mut self, records: u64, now: Now, intake: &mut dyn Intake) {
        self.durable = self.durable.max(records).min(self.taken);
        let durable = self.durable;
        self.with_session(now, intake, |session, cx| session.on_durable(durable, cx));
    }

    /// The time has come that [`BadgeClient::next_wake_ms`] named. Harmless at any other time.
    pub fn on_tick(&mut self, now: Now, intake: &mut dyn Intake) {
        match self.stage {
            Stage::Connecting { until: Some(until) } if now.mono_ms >= until => {
                self.lost(BadgeProblem::OutOfRange, now);
            }
            Stage::Discovering { until } | Stage::Session { until, ready_since: None }
                if now.mono_ms >= until =>
            {
                self.lost(BadgeProblem::NoAnswer, now);
            }
            Stage::Lost { retry_at: Some(at), .. } if now.mono_ms >= at => self.try_connect(now),
            _ => {}
        }
        if self.open.as_ref().is_some_and(|open| now.mono_ms >= open.until) {
            self.lost(BadgeProblem::NoAnswer, now);
        }
        self.with_session(now, intake, |session, cx| session.on_tick(cx));
        self.watch_audio(now);
        self.report();
    }

    /// When [`BadgeClient::on_tick`] has something to do, on the monotonic clock.
    #[must_use]
    pub fn next_wake_ms(&self, now: Now) -> Option<u64> {
        match self.stage {
            Stage::Idle | Stage::Scanning => None,
            Stage::Connecting { until } => until,
            Stage::Discovering { until } => Some(until),
            Stage::Session { .. } => Some(now.mono_ms + TICK_MS),
            Stage::Lost { retry_at, .. } => retry_at,
        }
    }

    /// The next command for the radio.
    pub fn poll_command(&mut self) -> Option<LinkCommand> {
        self.commands.pop_front()
    }

    /// The next event for the app.
    pub fn poll_event(&mut self) -> Option<BadgeEvent> {
        self.events.pop_front()
    }

    /// How far the connection is.
    #[must_use]
    pub fn state(&self) -> LinkState {
        self.reported
    }

    /// What was counted since the start.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Frames that the phone has.
    #[must_use]
    pub fn received(&self) -> &Received {
        &self.config.received
    }

    /// Records that the intake accepted so far: what [`BadgeClient::on_durable`] counts.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Milliseconds since the last live frame; unset before the first.
    #[must_use]
    pub fn last_frame_age_ms(&self, now: Now) -> Option<u64> {
        self.last_live_ms.map(|at| now.mono_ms.saturating_sub(at))
    }

    fn try_connect(&mut self, now: Now) {
        let Some(target) = &self.target else { return };
        if let Some(problem) = self.adapter {
            self.stage = Stage::Lost { problem, retry_at: None };
            return;
        }
        self.epoch = self.epoch.wrapping_add(1);
        let patience = self.config.timeouts.connect_ms;
        let until = (!self.config.policy.parked).then_some(now.mono_ms + patience);
        self.stage = Stage::Connecting { until };
        let peripheral = target.peripheral.clone();
        self.commands.push_back(LinkCommand::Connect { epoch: self.epoch, peripheral });
    }

    /// Ends whatever goes on with the radio. Late events fall through: their epoch is old.
    fn let_go(&mut self) {
        match self.stage {
            Stage::Scanning => self.commands.push_back(LinkCommand::StopScan),
            Stage::Connecting { .. } | Stage::Discovering { .. } | Stage::Session { .. } => {
                self.commands.push_back(LinkCommand::Disconnect { epoch: self.epoch });
                self.epoch = self.epoch.wrapping_add(1);
            }
            Stage::Idle | Stage::Lost { .. } => {}
        }
        self.end_session();
        self.stage = Stage::Idle;
    }

    fn end_session(&mut self) {
        if let Some(memory) = self.session.take().and_then(|session| session.memory()) {
            self.omi = memory;
        }
        self.ops.clear();
        self.open = None;
    }

    /// The link is gone or of no use: says why, and when it is tried again.
    fn lost(&mut self, problem: BadgeProblem, now: Now) {
        let was_ready = matches!(self.stage, Stage::Session { ready_since: Some(_), .. });
        self.let_go();
        if was_ready {
            self.attempt = 0;
        }
        let retry_at = match retry(problem) {
            Retry::After => {
                let jitter = self.rng.f64();
                let delay = self.config.policy.delay_ms(self.attempt, self.foreground, jitter);
                self.attempt = self.attempt.saturating_add(1);
                Some(now.mono_ms + delay)
            }
            Retry::WhenOn | Retry::Never => None,
        };
        tracing::info!(?problem, attempt = self.attempt, "badge link lost");
        self.stage = Stage::Lost { problem, retry_at };
        self.report();
    }

    /// A link that is up without audio is no use: it is opened anew.
    fn watch_audio(&mut self, now: Now) {
        let Stage::Session { ready_since: Some(since), .. } = &mut self.stage else { return };
        if !self.session.as_ref().is_some_and(|s| s.expects_audio()) {
            *since = now.mono_ms;
            return;
        }
        let heard = self.last_live_ms.unwrap_or(0).max(*since);
        if now.mono_ms.saturating_sub(heard) >= self.config.timeouts.audio_ms {
            self.lost(BadgeProblem::NoAudio, now);
        }
    }

    /// Runs one call of the session and acts on what it wants.
    fn with_session(
        &mut self,
        now: Now,
        intake: &mut dyn Intake,
        call: impl FnOnce(&mut dyn Session, &mut Cx<'_>),
    ) {
        let Some(session) = &mut self.session else { return };
        let (live, known) = (self.counters.live, self.events.len());
        let received = &mut self.config.received;
        let mut cx = Cx {
            now_ms: now.mono_ms,
            unix_ms: now.unix_ms,
            mtu: self.mtu,
            ops: &mut self.ops,
            custodian: Custodian { intake, received, taken: &mut self.taken },
            events: &mut self.events,
            counters: &mut self.counters,
        };
        call(session.as_mut(), &mut cx);
        let (state, failure) = (session.state(), session.failure());
        if self.counters.live > live {
            self.last_live_ms = Some(now.mono_ms);
        }
        let failure = failure.or_else(|| self.read_events(known));
        if let Some(problem) = failure {
            return self.lost(problem, now);
        }
        if let Stage::Session { ready_since: ready @ None, .. } = &mut self.stage
            && matches!(state, LinkState::Draining | LinkState::Streaming)
        {
            *ready = Some(now.mono_ms);
            self.attempt = 0;
        }
        self.pump(now);
        self.report();
    }

    /// Looks at what a session just told the app; gives a problem where it is another badge.
    fn read_events(&mut self, known: usize) -> Option<BadgeProblem> {
        let mut problem = None;
        for event in self.events.iter().skip(known) {
            match event {
                BadgeEvent::Identity(who) => {
                    let target = self.target.as_mut()?;
                    match target.badge_id {
                        Some(id) if id != who.badge_id => problem = Some(BadgeProblem::NotOurBadge),
                        _ => target.badge_id = Some(who.badge_id),
                    }
                }
                BadgeEvent::Custody { ring, advanced_to } => {
                    let (ring, advanced_to) = (*ring, *advanced_to);
                    self.config.checkpoint = Some(Checkpoint { ring, advanced_to });
                }
                _ => {}
            }
        }
        while self.events.len() > MAX_EVENTS {
            self.events.pop_front();
        }
        problem
    }

    /// Starts the next GATT operation when none is open.
    fn pump(&mut self, now: Now) {
        if self.open.is_some() {
            return;
        }
        let Some(GattOp { tag, characteristic, kind, .. }) = self.ops.pop() else { return };
        self.requests = self.requests.wrapping_add(1);
        let (epoch, request) = (self.epoch, self.requests);
        let timeouts = &self.config.timeouts;
        let (command, patience) = match kind {
            GattKind::Read => {
                (LinkCommand::Read { epoch, request, characteristic }, timeouts.secure_ms)
            }
            GattKind::Subscribe => {
                (LinkCommand::Subscribe { epoch, request, characteristic }, timeouts.secure_ms)
            }
            GattKind::Write { value, confirmed } => (
                LinkCommand::Write { epoch, request, characteristic, value, confirmed },
                timeouts.write_ms,
            ),
        };
        self.open = Some(OpenOp { request, tag, until: now.mono_ms + patience });
        self.commands.push_back(command);
    }

    /// Tells the app when the state is another one.
    fn report(&mut self) {
        let state = match self.stage {
            Stage::Idle => LinkState::Idle,
            Stage::Scanning => LinkState::Scanning,
            Stage::Connecting { .. } => LinkState::Connecting,
            Stage::Discovering { .. } => LinkState::Discovering,
            Stage::Session { .. } => {
                self.session.as_ref().map_or(LinkState::Negotiating, |s| s.state())
            }
            Stage::Lost { problem, retry_at } => {
                let retry = retry_at.is_some() || retry(problem) == Retry::WhenOn;
                LinkState::Lost { problem, retry }
            }
        };
        if state != self.reported {
            self.reported = state;
            self.events.push_back(BadgeEvent::Link(state));
        }
    }

    fn begin_session(&mut self, dialect: DialectName, characteristics: &[uuid::Uuid]) {
        let checkpoint = self.config.checkpoint;
        self.session = Some(match dialect {
            DialectName::Confee => {
                Box::new(crate::confee::ConfeeSession::new(characteristics, checkpoint, self.drain))
            }
            DialectName::Omi => {
                let peripheral = self.target.as_ref().map_or("", |t| &t.peripheral);
                let checkpoint = checkpoint.map(|c| (c.ring, c.advanced_to));
                let session = OmiSession::new(peripheral, characteristics, checkpoint);
                let memory = std::mem::take(&mut self.omi);
                Box::new(session.with_memory(memory).with_drain(self.drain))
            }
        });
    }
}
