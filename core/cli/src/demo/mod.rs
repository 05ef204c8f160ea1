//! One conversation the whole way: draft with evidence, approval, sandbox CRM.

mod booth;
mod crm;
mod world;

use std::io::Cursor;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use confee_companion::CompanionError;
use confee_companion::audio::file::opus_packets;
use confee_companion::speech::{Shelf, SpeechConfig};
use confee_companion::{Clock as _, Config, SystemClock};
use confee_domain::{LeadCard, ReviewAction, Speaker, Transcript};
use confee_sandbox::{BlockingSandbox, PortalState};
use console::style;
use serde_json::json;

use crate::args::{Args, DemoArgs};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::leads::card_text;
use crate::{input, models, paint, sandbox, sync};
use booth::Captured;
use world::World;

/// A recorded talk, written by us; persons and firms are made up.
const STORY: &str = include_str!("story.json");
/// The same talk as sound, spoken by voices out of a computer.
const STORY_SOUND: &[u8] = include_bytes!("story.opus");
/// What recognises it.
const MODEL: &str = "tiny.en-q8_0";
/// How much faster than life the booth runs.
const SPEED: u32 = 20;
const SPEED_PLAY: u32 = 4;

struct Outcome {
    capture: Option<Captured>,
    card: LeadCard,
    talk: Transcript,
    drafted_in: Duration,
    synced_in: Duration,
    state: PortalState,
    waiting: u64,
}

pub(crate) fn run(args: &Args, demo: &DemoArgs) -> Result<ExitCode, Failure> {
    let talk = conversation(demo)?;
    let temporary = tempfile::tempdir()?;
    let folder = args.data_dir.clone().unwrap_or_else(|| temporary.path().to_owned());
    let outcome = if demo.conversation.is_some() {
        let engine = Engine::open_at(folder, None)?;
        let (card, drafted_in) = add(args, &engine, &talk, demo.play)?;
        go(args, &engine, talk, card, drafted_in, None)?
    } else {
        from_badge(args, demo, folder, &talk)?
    };
    if args.json {
        print_json(&outcome);
    } else {
        print_crm(&outcome);
    }
    Ok(if outcome.waiting == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn conversation(demo: &DemoArgs) -> Result<Transcript, Failure> {
    let Some(path) = &demo.conversation else {
        return serde_json::from_str(STORY).map_err(|e| Failure::Other(e.to_string()));
    };
    let first = input::read(path, None).into_iter().next();
    first.unwrap_or_else(|| Err("the file is empty".into())).map_err(Failure::Input)
}

#[expect(clippy::print_stdout, reason = "the demo's output")]
fn tell(talk: &Transcript, slowly: bool) {
    for segment in talk.segments() {
        if slowly {
            let said = Duration::from_millis(segment.end_ms - segment.start_ms);
            std::thread::sleep((said / 10).min(Duration::from_millis(600)));
        }
        let who = match segment.speaker {
            Some(Speaker::Rep) => style("     rep").cyan(),
            Some(Speaker::Prospect) => style(" visitor").magenta(),
            None => style("       ?").dim(),
        };
        println!("  {who}  {}", segment.text);
    }
}

fn step(number: u8, title: &str) -> String {
    format!("\n{} {}", style(format!(" {number} ")).black().on_white(), style(title).bold())
}

/// The whole way: the badge streams the talk over a bad link.
#[expect(clippy::print_stdout, reason = "the demo's output")]
fn from_badge(
    args: &Args,
    demo: &DemoArgs,
    folder: PathBuf,
    talk: &Transcript,
) -> Result<Outcome, Failure> {
    let speed = if demo.play { SPEED_PLAY } else { SPEED };
    // The booth is now: receivers refuse signatures of another day.
    let now_ms = SystemClock.now_ms();
    let speech = speech(talk)?;
    let packets = opus_packets(Cursor::new(STORY_SOUND)).map_err(CompanionError::from)?;
    let world = World::start(packets, now_ms, speed);
    let clock = world.clock.clone();
    let engine = Engine::open_with(Config { clock, speech, ..Config::new(folder) })?;
    if !args.json {
        let title = format!("The badge at the booth, {speed} times as fast as life");
        println!("{}", step(1, &title));
    }
    let captured = booth::capture(&engine, &world, args.json)?;
    let heard = engine.wait(engine.companion.transcript(&captured.card.id))?;
    if !args.json {
        println!("{}", booth::summary(&captured, world.traffic()));
        println!("{}", step(2, "The talk, as Whisper tiny.en heard it on this machine"));
        tell(&heard, demo.play);
    }
    let (card, drafted_in) = (captured.card.clone(), captured.drafted_in);
    go(args, &engine, heard, card, drafted_in, Some(captured))
}

/// Whisper tiny.en, fetched the first time, with the rep's own name as a hint.
fn speech(talk: &Transcript) -> Result<SpeechConfig, Failure> {
    let shelf = Shelf::new(models::folder(None)?);
    models::ensure(&shelf, MODEL)?;
    Ok(SpeechConfig {
        models_dir: Some(shelf.folder().to_owned()),
        model: Some(MODEL.into()),
        rep: talk.rep().clone(),
        utc_offset: *talk.captured_at().offset(),
        ..SpeechConfig::default()
    })
}

/// A conversation that comes as text.
#[expect(clippy::print_stdout, reason = "the demo's output")]
fn add(
    args: &Args,
    engine: &Engine,
    talk: &Transcript,
    slow: bool,
) -> Result<(LeadCard, Duration), Failure> {
    if !args.json {
        println!("{}", step(2, "The talk, from the file"));
        tell(talk, slow);
    }
    let started = Instant::now();
    let spinner = paint::spinner("reading the talk");
    let card = engine.wait(engine.companion.add_conversation(talk.clone()))?;
    spinner.finish_and_clear();
    Ok((card, started.elapsed()))
}

#[expect(clippy::print_stdout, reason = "the demo's output")]
fn go(
    args: &Args,
    engine: &Engine,
    talk: Transcript,
    card: LeadCard,
    drafted_in: Duration,
    capture: Option<Captured>,
) -> Result<Outcome, Failure> {
    if !args.json {
        println!("{}", step(3, "The draft, each field with the words it came from"));
        println!("{}", card_text(&card, &talk));
        println!("{}", step(4, "The rep swipes right"));
    }
    let card = approve(engine, card)?;
    let server = BlockingSandbox::start(sandbox::config(0))?;
    let started = Instant::now();
    engine.companion.connect(sync::hubspot(&server.hubspot_url(), server.token(), None))?;
    let hook = server.webhook_url("leads");
    engine.companion.connect(sync::webhook(&hook, sandbox::WEBHOOK_SECRET, true))?;
    if !args.json {
        println!("  approved: version 1 of the lead is in the outbox, on disk");
        println!("{}", step(5, "Back on Wi-Fi: the outbox goes to the sandbox CRM and a webhook"));
    }
    let report = sync::drain(engine);
    let synced_in = started.elapsed();
    let state = server.state();
    server.shutdown();
    Ok(Outcome { capture, card, talk, drafted_in, synced_in, state, waiting: report.waiting })
}

/// A talk given with `--data-dir` may have been approved by an earlier run.
fn approve(engine: &Engine, card: LeadCard) -> Result<LeadCard, Failure> {
    if card.stage == confee_domain::Stage::Approved {
        return Ok(card);
    }
    Ok(engine.wait(engine.companion.review(&card.id, ReviewAction::Approve))?)
}

#[expect(clippy::print_stdout, reason = "the demo's output")]
fn print_crm(outcome: &Outcome) {
    println!("{}", crm::records(&outcome.state));
    println!("{}", step(6, "Done"));
    println!(
        "  {} from the recording to the draft, {} from the connection to the CRM; {} open.",
        style(format!("{:.0?}", outcome.drafted_in)).bold(),
        style(format!("{:.0?}", outcome.synced_in)).bold(),
        outcome.waiting,
    );
    println!("  Next: `confee add FILE`, `confee review`, `confee sandbox serve`, `confee sync`.");
}

#[expect(clippy::print_stdout, reason = "the demo's output")]
fn print_json(outcome: &Outcome) {
    let line = json!({
        "capture": outcome.capture.as_ref().map(booth::json),
        "card": outcome.card,
        "segments": outcome.talk.segments().len(),
        "drafted_ms": outcome.drafted_in.as_millis(),
        "synced_ms": outcome.synced_in.as_millis(),
        "waiting": outcome.waiting,
        "crm": outcome.state.portal,
        "webhooks": outcome.state.webhooks,
    });
    println!("{line}");
}
