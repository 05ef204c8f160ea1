//! `confee badge` as a person runs it: the program, its radio and a badge on a fake daemon.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A badge on a bus of its own, and a folder for the program's data.
struct Scene {
    badge: Child,
    bus: String,
    name: String,
    data: TempDir,
}

impl Scene {
    fn new() -> Self {
        let mut badge = Command::new(env!("CARGO_BIN_EXE_fake-bluez-badge"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(badge.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        Self { bus: line(), name: line(), badge, data: tempfile::tempdir().unwrap() }
    }

    /// Runs `confee badge` and gives the JSON of each line it printed.
    fn confee(&self, args: &[&str]) -> Vec<Value> {
        let run = Command::new(program())
            .arg("badge")
            .args(args)
            .arg("--json")
            .arg("--data-dir")
            .arg(self.data.path())
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (said, complained) =
            (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert!(run.status.success(), "{args:?}: {}\n{said}{complained}", run.status);
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn one(&self, args: &[&str]) -> Value {
        let mut values = self.confee(args);
        assert_eq!(values.len(), 1, "{args:?}: {values:?}");
        values.remove(0)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // It ends, with its bus, when nobody holds its input.
        drop(self.badge.stdin.take());
        let _ = self.badge.wait();
    }
}

/// The program under test belongs to another package: cargo does not name it.
fn program() -> PathBuf {
    let beside = || {
        let test = std::env::current_exe().unwrap();
        test.parent().and_then(|deps| deps.parent()).unwrap().join("confee")
    };
    let named = std::env::var_os("CONFEE_BIN").filter(|path| !path.is_empty());
    let path = named.map_or_else(beside, PathBuf::from);
    assert!(
        path.is_file(),
        "there is no {}: build it with `cargo build --package confee-cli`, or run the tests with \
         `cargo xtask test --only rust`",
        path.display()
    );
    path
}

#[test]
fn a_badge_is_found_named_heard_and_drained() {
    let scene = Scene::new();

    let found = scene.one(&["scan", "--seconds", "2"]);
    assert_eq!(found["peripheral"], scene.name.as_str());
    assert_eq!(found["name"], "Confee Badge");
    assert_eq!(found["dialect"], "confee");

    let info = scene.one(&["info"]);
    let badge = &info["badge"];
    assert_eq!(badge["badge_id"], 0x00C0_FFEE_0000_0001_u64);
    assert_eq!(badge["model"], "Confee Badge 1");
    assert_eq!(badge["serial"], "CB1-000001");
    assert_eq!(badge["firmware"], "1.0.0");
    assert_eq!((&badge["dialect"], &badge["stores"]), (&"confee".into(), &true.into()));
    assert_eq!(info["muted"], false);

    let live = scene.one(&["stream", "--seconds", "4"]);
    assert!(live["stored_ms"].as_u64().is_some_and(|ms| ms > 2000), "{live}");

    // By name this time: no scan.
    let drained = scene.one(&["drain", &scene.name]);
    assert_eq!(drained["backlog_ms"], 0, "{drained}");
    assert_eq!(drained["lost_ms"], 0, "{drained}");
}

#[test]
fn an_empty_room_is_a_sentence_and_a_failure() {
    let bus = confee_fake_bluez::PrivateBus::start().unwrap();
    let data = tempfile::tempdir().unwrap();
    let run = Command::new(program())
        .args(["badge", "scan", "--seconds", "1", "--data-dir"])
        .arg(data.path())
        .env("DBUS_SYSTEM_BUS_ADDRESS", bus.address())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let complained = String::from_utf8_lossy(&run.stderr);
    assert!(!run.status.success() && run.stdout.is_empty(), "{complained}");
    assert!(complained.to_lowercase().contains("bluetooth"), "{complained}");
}
