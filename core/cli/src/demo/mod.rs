//! One conversation the whole way: draft with evidence, approval, sandbox CRM.

mod crm;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use confee_domain::{LeadCard, ReviewAction, Speaker, Transcript};
use confee_sandbox::{BlockingSandbox, PortalState};
use console::style;
use serde_json::json;

use crate::args::{Args, DemoArgs};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::leads::card_text;
use crate::{input, paint, sandbox, sync};

/// A recorded talk, written by us; persons and firms are made up.
const STORY: &str = include_str!("story.json");

struct Outcome {
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
    let engine = Engine::open_at(folder, None)?;
    if !args.json {
        tell(&talk, demo.play);
    }
    let outcome = go(args, &engine, talk)?;
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
    println!("{}", step(1, "A talk at the booth"));
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

#[expect(clippy::print_stdout, reason = "the demo's output")]
fn go(args: &Args, engine: &Engine, talk: Transcript) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let spinner = paint::spinner("reading the talk");
    let card = engine.wait(engine.companion.add_conversation(talk.clone()))?;
    spinner.finish_and_clear();
    let drafted_in = started.elapsed();
    if !args.json {
        println!("{}", step(2, "The draft, each field with the words it came from"));
        println!("{}", card_text(&card, &talk));
        println!("{}", step(3, "The rep swipes right"));
    }
    let card = approve(engine, card)?;
    let server = BlockingSandbox::start(sandbox::config(0))?;
    let started = Instant::now();
    engine.companion.connect(sync::hubspot(&server.hubspot_url(), server.token(), None))?;
    let hook = server.webhook_url("leads");
    engine.companion.connect(sync::webhook(&hook, sandbox::WEBHOOK_SECRET, true))?;
    if !args.json {
        println!("  approved: version 1 of the lead is in the outbox, on disk");
        println!("{}", step(4, "Back on Wi-Fi: the outbox goes to the sandbox CRM and a webhook"));
    }
    let report = sync::drain(engine);
    let synced_in = started.elapsed();
    let state = server.state();
    server.shutdown();
    Ok(Outcome { card, talk, drafted_in, synced_in, state, waiting: report.waiting })
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
    println!("{}", step(5, "Done"));
    println!(
        "  {} from the end of the talk to the draft, {} from the connection to the CRM; {} open.",
        style(format!("{:.0?}", outcome.drafted_in)).bold(),
        style(format!("{:.0?}", outcome.synced_in)).bold(),
        outcome.waiting,
    );
    println!("  Next: `confee add FILE`, `confee review`, `confee sandbox serve`, `confee sync`.");
}

#[expect(clippy::print_stdout, reason = "the demo's output")]
fn print_json(outcome: &Outcome) {
    let line = json!({
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
