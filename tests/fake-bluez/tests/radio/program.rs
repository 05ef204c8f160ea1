//! The badge as a program: fake and client in processes of their own.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use confee_badge::confee::{AUDIO, CAPABILITY, SERVICE};
use confee_badge::{BtleTimeouts, LinkCommand, LinkEvent};

use crate::rig::{Phone, is_child, run, run_child};

#[test]
fn a_program_finds_the_badge_of_another() {
    let test = "program::a_program_finds_the_badge_of_another";
    if is_child() {
        run(test, async |_| meet().await);
        return;
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_fake-bluez-badge"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "hci0/dev_C0_FE_00_00_00_01");
    run_child(test, &address);
    // It ends when nobody holds its input.
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
}

async fn meet() {
    let mut phone = Phone::with(BtleTimeouts::default());
    phone.submit(LinkCommand::Scan { services: vec![SERVICE] });
    let found = phone.until(|e| matches!(e, LinkEvent::Found { .. })).await;
    let LinkEvent::Found { peripheral, name, .. } = found else { panic!("{found:?}") };
    assert_eq!(name.as_deref(), Some("Confee Badge"));
    let (characteristics, mtu) = phone.bring_up(1, &peripheral).await;
    assert!(characteristics.contains(&AUDIO) && mtu == 247);
    match phone.read(1, 1, CAPABILITY).await {
        LinkEvent::Read { value, .. } => assert!(value.starts_with(b"CB"), "{value:?}"),
        other => panic!("{other:?}"),
    }
}
