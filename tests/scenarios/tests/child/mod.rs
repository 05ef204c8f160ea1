//! The process that is ended: what it does, and how it is started and watched.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use confee_companion::{Companion, CrashPoint, Probe};
use confee_domain::{ReviewAction, Stage};
use confee_scenarios::rig::{self, Address, HandClock};
use confee_scenarios::talks;

/// The talk that is approved.
pub(crate) const LEAD: usize = 0;
/// The talk that is not.
pub(crate) const OPEN_LEAD: usize = 1;

const FOLDER: &str = "CONFEE_KILL_FOLDER";
const HUBSPOT: &str = "CONFEE_KILL_HUBSPOT";
const WEBHOOK: &str = "CONFEE_KILL_WEBHOOK";
const TOKEN: &str = "CONFEE_KILL_TOKEN";
const POINT: &str = "CONFEE_KILL_POINT";
const PASSAGE: &str = "CONFEE_KILL_PASSAGE";
const LATE: &str = "CONFEE_KILL_LATE";
/// Before every line that counts; the test harness prints lines of its own.
const MARK: &str = "ack ";

/// How a process ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// Whether the CRM is connected after the approval rather than before.
    pub(crate) late: bool,
    /// It aborts at this point, at this passage from 1.
    pub(crate) abort: Option<(CrashPoint, u64)>,
    /// It is killed from outside so long after so many lines.
    pub(crate) kill: Option<(u32, Duration)>,
}

impl Order {
    pub(crate) fn abort(late: bool, point: CrashPoint, passage: u64) -> Self {
        Self { late, abort: Some((point, passage)), kill: None }
    }
}

/// What became of a process.
pub(crate) struct End {
    /// Whether it ended by a signal.
    pub(crate) died: bool,
    /// What it said.
    pub(crate) said: Vec<String>,
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{MARK}{line}").unwrap();
    out.flush().unwrap();
}

/// Says every passage, and aborts at one.
struct Bomb {
    point: u8,
    left: AtomicU64,
}

impl Probe for Bomb {
    fn at(&self, point: CrashPoint) {
        if point.number() == self.point && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
        say(&format!("at {}", point.number()));
    }
}

/// Stores two talks, approves one, and syncs; says what is done once it is. Does nothing where
/// this process was not started as a child.
pub(crate) fn act() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let var = |name: &str| std::env::var(name).unwrap();
    let number = |name: &str| var(name).parse::<u64>().unwrap();
    let at = Address { hubspot: var(HUBSPOT), webhook: var(WEBHOOK), token: var(TOKEN) };
    let point = u8::try_from(number(POINT)).unwrap();
    let bomb = Arc::new(Bomb { point, left: AtomicU64::new(number(PASSAGE)) });
    let (clock, runtime) = (HandClock::start(), rig::runtime());
    let engine = Companion::open(rig::config(Path::new(&folder), &clock, Some(bomb))).unwrap();
    let connect = || {
        engine.connect(rig::hubspot(&at, 30_000)).unwrap();
        engine.connect(rig::webhook(&at)).unwrap();
    };
    let late = number(LATE) == 1;
    if !late {
        connect();
    }
    runtime.block_on(engine.add_conversation(talks::talk(OPEN_LEAD))).unwrap();
    let card = runtime.block_on(engine.add_conversation(talks::talk(LEAD))).unwrap();
    say("drafted");
    if card.stage != Stage::Approved {
        runtime.block_on(engine.review(&card.id, ReviewAction::Approve)).unwrap();
    }
    say("approved");
    if late {
        connect();
    }
    engine.set_network(rig::WIFI);
    assert_eq!(rig::settle(&engine, &clock, &runtime), 0);
    say("synced");
    engine.shutdown();
}

/// Runs a process to its end.
pub(crate) fn run(folder: &Path, at: &Address, order: &Order) -> End {
    let mut child = start(folder, at, order);
    let out = BufReader::new(child.stdout.take().unwrap());
    let (tell, heard) = channel();
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        for line in out.lines().map_while(Result::ok) {
            if let Some(at) = line.find(MARK) {
                said.push(line[at + MARK.len()..].to_owned());
                let _ = tell.send(());
            }
        }
        said
    });
    if let Some((lines, wait)) = order.kill {
        kill(&mut child, &heard, lines, wait);
    }
    let status = child.wait().unwrap();
    End { died: status.code().is_none(), said: reader.join().unwrap() }
}

fn kill(child: &mut Child, heard: &Receiver<()>, lines: u32, wait: Duration) {
    for _ in 0..lines {
        if heard.recv().is_err() {
            break;
        }
    }
    thread::sleep(wait);
    child.kill().unwrap();
}

fn start(folder: &Path, at: &Address, order: &Order) -> Child {
    let (point, passage) = order.abort.map_or((0, 0), |(p, n)| (p.number(), n));
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder)
        .env(HUBSPOT, &at.hubspot)
        .env(WEBHOOK, &at.webhook)
        .env(TOKEN, &at.token)
        .env(POINT, point.to_string())
        .env(PASSAGE, passage.to_string())
        .env(LATE, u8::from(order.late).to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
