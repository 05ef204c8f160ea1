use std::io::Write as _;
use std::process::ExitCode;

use confee_sandbox::{Sandbox, SandboxConfig};
use console::style;
use serde_json::json;

use crate::args::{Args, ServeArgs};
use crate::failure::Failure;

/// Signs the sandbox's webhooks; a secret for tests, known to everyone.
pub(crate) const WEBHOOK_SECRET: &str = "whsec_Y29uZmVlLXNhbmRib3gtc2VjcmV0LTAwMDE=";

/// A sandbox on a port.
pub(crate) fn config(port: u16) -> SandboxConfig {
    let webhook_secret = Some(WEBHOOK_SECRET.to_owned());
    SandboxConfig { port, webhook_secret, ..SandboxConfig::default() }
}

/// Serves the fake CRMs until Ctrl-C. The first line of output tells where.
pub(crate) fn serve(args: &Args, serve: &ServeArgs) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let sandbox = Sandbox::start(config(serve.port)).await?;
        announce(args, &sandbox)?;
        tokio::signal::ctrl_c().await?;
        sandbox.shutdown().await;
        Ok(ExitCode::SUCCESS)
    })
}

fn announce(args: &Args, sandbox: &Sandbox) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if args.json {
        let place = json!({
            "base_url": sandbox.base_url(),
            "hubspot_url": sandbox.hubspot_url(),
            "hubspot_token": sandbox.token(),
            "webhook_url": sandbox.webhook_url("leads"),
            "webhook_secret": WEBHOOK_SECRET,
        });
        writeln!(out, "{place}")?;
    } else {
        writeln!(out, "{} at {}", style("Sandbox CRM").bold(), sandbox.base_url())?;
        writeln!(out, "\nSend leads to it with")?;
        writeln!(
            out,
            "  confee sync --hubspot-url {} --hubspot-token {} --webhook-url {} --webhook-secret {WEBHOOK_SECRET} --allow-private",
            sandbox.hubspot_url(),
            sandbox.token(),
            sandbox.webhook_url("leads"),
        )?;
        writeln!(out, "and look at {}/_sandbox/state. Ctrl-C ends it.", sandbox.base_url())?;
    }
    out.flush()?;
    Ok(())
}
