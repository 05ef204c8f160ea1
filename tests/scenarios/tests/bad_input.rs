//! What cannot work fails with a sentence that says what to do, and nothing is lost.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;
use std::sync::Arc;

use confee_companion::{
    Companion, CompanionError, Config, Connection, ConnectionKind, HubSpotConfig, Secret,
    StaticTokens, WebhookConfig,
};
use confee_domain::{ConsentEvent, ConsentMethod, LeadQuery, ReviewAction};
use confee_sandbox::{Fault, FaultPlan, Matcher, When};
use confee_scenarios::rig::{self, Address, Rig};
use confee_scenarios::{HandClock, crm, talks};

fn open(folder: &Path) -> Result<Companion, CompanionError> {
    Companion::open(Config::new(folder))
}

/// Makes a folder with one lead in it.
fn used_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path()).unwrap();
    rig::runtime().block_on(engine.add_conversation(talks::talk(0))).unwrap();
    engine.shutdown();
    folder
}

fn database(folder: &Path) -> std::path::PathBuf {
    folder.join("confee.db")
}

#[test]
fn a_connection_without_credentials_waits_for_a_sign_in() {
    let rig = Rig::default();
    let config = HubSpotConfig { base_url: rig.crm.hubspot_url(), ..HubSpotConfig::default() };
    let kind = ConnectionKind::HubSpot(config);
    rig.engine.connect(Connection { kind, tokens: Arc::new(StaticTokens::default()) }).unwrap();
    rig.approve(0);
    assert!(rig.settle() > 0);
    let status = rig.engine.sync_status();
    assert_eq!((status.troubles.len(), status.needs_person), (1, 0));
    assert!(status.troubles[0].sentence.contains("Sign in"), "{:?}", status.troubles);
    rig.engine.connect(rig::hubspot(&Address::of(&rig.crm), 30_000)).unwrap();
    assert_eq!(rig.settle(), 0);
    crm::exactly_once(&rig.crm.state(), &[0]).unwrap();
}

#[test]
fn a_crm_that_answers_with_pages_only_is_given_time() {
    let rig = Rig::default();
    let page = Fault::ServerError { status: 502, html: true, apply: false };
    let crm_only = Matcher { path_contains: Some("/crm/".into()), ..Matcher::default() };
    rig.crm.set_faults(FaultPlan::one(crm_only, When::Always, page));
    rig.approve(0);
    assert_eq!(rig.settle(), 14);
    assert_eq!(rig.engine.sync_status().needs_person, 0);
    rig.crm.clear_faults();
    assert_eq!(rig.settle(), 0);
    crm::exactly_once(&rig.crm.state(), &[0]).unwrap();
}

#[test]
fn unusable_connections_are_refused() {
    let rig = Rig::default();
    let webhook = |url: &str| WebhookConfig::new("other", "Other", Secret::new(url));
    for url in ["", "ftp://example.com/", "http://example.com/", "https://10.0.0.1/"] {
        let tokens = Arc::new(StaticTokens::one("other", rig::SECRET));
        let kind = ConnectionKind::Webhook(webhook(url));
        let refused = rig.engine.connect(Connection { kind, tokens });
        assert!(matches!(refused, Err(CompanionError::Connection(_))), "{url}: {refused:?}");
    }
}

#[test]
fn a_damaged_database_is_left_as_it_is() {
    let folder = used_folder();
    let junk = b"this is no database ".repeat(500);
    std::fs::write(database(folder.path()), &junk).unwrap();
    let error = open(folder.path()).err().unwrap();
    assert!(matches!(&error, CompanionError::Storage(text) if text.contains("damaged")), "{error}");
    assert_eq!(std::fs::read(database(folder.path())).unwrap(), junk);
}

#[test]
fn a_database_from_a_newer_app_asks_for_an_update() {
    let folder = used_folder();
    let mut bytes = std::fs::read(database(folder.path())).unwrap();
    // `user_version` in SQLite's file header, big-endian: <https://www.sqlite.org/fileformat.html>.
    bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
    std::fs::write(database(folder.path()), &bytes).unwrap();
    let error = open(folder.path()).err().unwrap();
    assert!(matches!(error, CompanionError::UpdateRequired(_)), "{error:?}");
    assert_eq!(std::fs::read(database(folder.path())).unwrap(), bytes);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = open(&file.path().join("below")).err().unwrap();
    assert!(
        matches!(error, CompanionError::Storage(_) | CompanionError::StorageFull(_)),
        "{error:?}"
    );
}

/// Says nothing where the user may write everywhere, as root does.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_an_error() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(folder.path().join("probe"), b"").is_err() {
        let error = open(folder.path()).err().unwrap();
        assert!(
            matches!(error, CompanionError::Storage(_) | CompanionError::StorageFull(_)),
            "{error:?}"
        );
    } else {
        println!("skipped: this user may write to read-only folders");
    }
    set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_second_engine_on_the_folder_is_locked_out() {
    let folder = used_folder();
    let first = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(CompanionError::Locked(_))));
    drop(first);
}

/// A test only in name: the second process of the next one.
#[test]
fn second_process() {
    let Ok(folder) = std::env::var("CONFEE_SECOND_FOLDER") else { return };
    let locked = matches!(open(Path::new(&folder)), Err(CompanionError::Locked(_)));
    println!("ack {}", if locked { "locked" } else { "open" });
}

#[test]
fn a_second_process_on_the_folder_is_locked_out() {
    let folder = used_folder();
    let ask = || {
        let out = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "second_process", "--nocapture"])
            .env("CONFEE_SECOND_FOLDER", folder.path())
            .output()
            .unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let first = open(folder.path()).unwrap();
    assert!(ask().contains("ack locked"));
    first.shutdown();
    drop(first);
    assert!(ask().contains("ack open"));
}

#[test]
fn refused_consent_erases_and_sends_nothing() {
    let rig = Rig::default();
    rig.approve(0);
    rig.approve(33);
    let id = talks::id(0);
    let refuse = rig.engine.consent(&id, ConsentEvent::Refuse, ConsentMethod::Spoken);
    rig.runtime.block_on(refuse).unwrap();
    assert!(matches!(
        rig.runtime.block_on(rig.engine.transcript(&id)),
        Err(CompanionError::NotFound(_))
    ));
    let again = rig.runtime.block_on(rig.engine.add_conversation(talks::talk(0)));
    assert!(matches!(again, Err(CompanionError::NotFound(_))), "{again:?}");
    assert_eq!(rig.settle(), 0);
    crm::exactly_once(&rig.crm.state(), &[33]).unwrap();
}

#[test]
fn calls_that_do_not_fit_change_nothing() {
    let folder = used_folder();
    let clock = HandClock::start();
    let engine = Companion::open(rig::config(folder.path(), &clock, None)).unwrap();
    let runtime = rig::runtime();
    let approve = |id: &str| runtime.block_on(engine.review(id, ReviewAction::Approve));
    assert!(matches!(approve("nobody"), Err(CompanionError::NotFound(_))));
    approve(&talks::id(0)).unwrap();
    assert!(matches!(approve(&talks::id(0)), Err(CompanionError::NotAllowed(_))));
    assert!(matches!(engine.disconnect("nothing"), Err(CompanionError::NotFound(_))));
    assert!(matches!(runtime.block_on(engine.retry("nothing")), Err(CompanionError::NotFound(_))));
    engine.shutdown();
    let late = runtime.block_on(engine.leads(LeadQuery::default()));
    assert!(matches!(late, Err(CompanionError::Closed)));
}
