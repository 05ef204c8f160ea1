use std::process::ExitCode;
use std::sync::Arc;

use confee_companion::{
    Connection, ConnectionKind, HubSpotConfig, Secret, StaticTokens, WebhookConfig,
};
use confee_domain::{NetworkState, SyncProblem};
use console::style;
use serde_json::json;

use crate::args::{Args, SyncArgs};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::paint;

/// Exit code where something waits for a person.
const NEEDS_PERSON: u8 = 3;

/// Sends what is approved, and says what waits for a person.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub(crate) fn run(args: &Args, sync: &SyncArgs) -> Result<ExitCode, Failure> {
    let connections = connections(sync)?;
    let engine = Engine::open(args)?;
    for connection in connections {
        engine.companion.connect(connection)?;
    }
    let report = drain(&engine);
    let problems = engine.wait(engine.companion.sync_problems())?;
    let status = engine.companion.sync_status();
    if args.json {
        let line = json!({"done": report.done, "waiting": status.waiting, "problems": problems, "troubles": status.troubles});
        println!("{line}");
    } else {
        println!(
            "{} things made in the CRM, {} waiting.",
            style(report.done).bold(),
            status.waiting
        );
        for trouble in &status.troubles {
            println!("{} {}", style("!").red(), trouble.sentence);
        }
        problems.iter().for_each(|p| println!("{}", problem_line(p)));
    }
    let person = !problems.is_empty() || !status.troubles.is_empty();
    Ok(if person { ExitCode::from(NEEDS_PERSON) } else { ExitCode::SUCCESS })
}

fn problem_line(p: &SyncProblem) -> String {
    let what = style(format!("{} ({})", p.headline, p.kind)).bold();
    format!("{} {what}: {}", style("!").red(), p.problem.sentence)
}

/// Goes online and waits until nothing more can be sent now.
pub(crate) fn drain(engine: &Engine) -> confee_companion::SyncOutcome {
    let spinner = paint::spinner("syncing");
    let watcher = {
        let spinner = spinner.clone();
        engine.companion.observe(move |event| {
            if let confee_domain::EngineEvent::Sync { status } = event {
                spinner.set_message(format!("syncing, {} to go", status.waiting));
            }
        })
    };
    engine.companion.set_network(NetworkState { online: true, metered: false, low_data: false });
    let report = engine.wait(engine.companion.sync_now().wait());
    watcher.cancel();
    spinner.finish_and_clear();
    report
}

fn connections(sync: &SyncArgs) -> Result<Vec<Connection>, Failure> {
    let mut out = Vec::new();
    if let Some(token) = &sync.hubspot_token {
        out.push(hubspot(&sync.hubspot_url, token, sync.event.clone()));
    }
    if let Some(url) = &sync.webhook_url {
        let secret = sync.webhook_secret.as_deref().ok_or_else(|| {
            Failure::Input("the webhook needs its signing secret; set CONFEE_WEBHOOK_SECRET".into())
        })?;
        out.push(webhook(url, secret, sync.allow_private));
    }
    if out.is_empty() {
        let text = "no CRM is connected; set CONFEE_HUBSPOT_TOKEN, or CONFEE_WEBHOOK_URL and \
                    CONFEE_WEBHOOK_SECRET (`confee sandbox serve` gives you some to try)";
        return Err(Failure::Input(text.into()));
    }
    Ok(out)
}

/// A HubSpot account with a private app's token.
pub(crate) fn hubspot(url: &str, token: &str, event: Option<String>) -> Connection {
    let config = HubSpotConfig { base_url: url.to_owned(), event, ..HubSpotConfig::default() };
    let tokens = Arc::new(StaticTokens::one(&config.id, token));
    Connection { kind: ConnectionKind::HubSpot(config), tokens }
}

/// A webhook with its signing secret.
pub(crate) fn webhook(url: &str, secret: &str, allow_private: bool) -> Connection {
    let config = WebhookConfig {
        allow_http: allow_private,
        allow_private,
        ..WebhookConfig::new("webhook", "Webhook", Secret::new(url))
    };
    let tokens = Arc::new(StaticTokens::one(&config.id, secret));
    Connection { kind: ConnectionKind::Webhook(config), tokens }
}
