//! Badges and systems that do not do as they should.

use std::time::Duration;

use confee_badge::{BtleTimeouts, LinkCommand, LinkEvent, LinkFault};
use confee_fake_bluez::{Advertised, Faults};

use crate::badge::{AUDIO, CAPABILITY, CONTROL, Counting, SERVICE, named};
use crate::rig::{Phone, daemon, run};

#[test]
fn an_encrypted_value_needs_a_bond() {
    run("faults::an_encrypted_value_needs_a_bond", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        device.set_faults(Faults { refuse_pairing: true, ..Faults::default() });
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        let refused = phone.read(1, 1, CONTROL).await;
        let fault = LinkFault::NotSecure;
        assert_eq!(refused, LinkEvent::Failed { epoch: 1, request: 1, fault });
        assert!(matches!(phone.read(1, 2, CAPABILITY).await, LinkEvent::Read { .. }));
        device.set_faults(Faults::default());
        assert!(matches!(phone.read(1, 3, CONTROL).await, LinkEvent::Read { .. }), "it pairs");
    });
}

#[test]
fn a_connection_that_fails_says_why() {
    run("faults::a_connection_that_fails_says_why", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let connect = Duration::from_millis(400);
        let mut phone = Phone::with(BtleTimeouts { connect, ..BtleTimeouts::default() });
        let words =
            |words: &str| Faults { refuse_connect: Some(words.to_owned()), ..Faults::default() };
        let table = [
            (words("le-connection-abort-by-local"), LinkFault::Timeout),
            (words("le-connection-abort-by-remote"), LinkFault::Busy),
            (words("something else"), LinkFault::Other),
            (Faults { out_of_range: true, ..Faults::default() }, LinkFault::Timeout),
            (Faults { services_after: connect * 3, ..Faults::default() }, LinkFault::Timeout),
        ];
        for (epoch, (faults, fault)) in (1..).zip(table) {
            device.set_faults(faults);
            phone.submit(LinkCommand::Connect { epoch, peripheral: device.name() });
            phone.expect(LinkEvent::Disconnected { epoch, fault }).await;
            assert!(!device.is_connected());
        }
        device.set_faults(Faults::default());
        phone.bring_up(9, &device.name()).await;
    });
}

#[test]
fn slow_badges_are_waited_for() {
    run("faults::slow_badges_are_waited_for", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let slow = Duration::from_millis(700);
        device.set_faults(Faults {
            connect_takes: slow,
            services_after: slow,
            ..Faults::default()
        });
        let mut phone = Phone::with(BtleTimeouts::default());
        let (found, _) = phone.bring_up(1, &device.name()).await;
        assert_eq!(found.len(), 4);
    });
}

#[test]
fn a_link_lost_while_connecting_fails_at_once() {
    run("faults::a_link_lost_while_connecting_fails_at_once", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let never = Duration::from_secs(3600);
        device.set_faults(Faults { services_after: never, ..Faults::default() });
        // Without a regular look and with endless patience: only the event can tell.
        let mut phone =
            Phone::with(BtleTimeouts { connect: never, check: never, ..BtleTimeouts::default() });
        phone.submit(LinkCommand::Connect { epoch: 1, peripheral: device.name() });
        while !device.is_connected() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        device.lose_link(1).await.unwrap();
        phone.expect(LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Timeout }).await;
    });
}

#[test]
fn connecting_can_be_called_off() {
    run("faults::connecting_can_be_called_off", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        device.set_faults(Faults { out_of_range: true, ..Faults::default() });
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.submit(LinkCommand::Connect { epoch: 1, peripheral: device.name() });
        phone.submit(LinkCommand::Disconnect { epoch: 1 });
        phone.expect(LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Closed }).await;
        device.set_faults(Faults::default());
        phone.bring_up(2, &device.name()).await;
        assert_eq!(phone.disconnects(), 1);
    });
}

#[test]
fn a_badge_that_the_system_forgot_is_looked_for() {
    run("faults::a_badge_that_the_system_forgot_is_looked_for", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        device.remove().await.unwrap();
        phone.until(|e| matches!(e, LinkEvent::Disconnected { epoch: 1, .. })).await;
        phone.bring_up(2, &device.name()).await;
        phone.subscribe(2, 1, AUDIO).await;
        assert_eq!((fake.scans(), fake.is_scanning()), (1, false));
    });
}

#[test]
fn one_unknown_flag_hides_the_services() {
    run("faults::one_unknown_flag_hides_the_services", async |bus| {
        let fake = daemon(&bus).await;
        let badge = Counting { flags: vec!["telepathy".to_owned()], ..Counting::default() };
        let device = fake.add(named("Badge", 1), badge).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.submit(LinkCommand::Connect { epoch: 1, peripheral: device.name() });
        phone.expect(LinkEvent::Connected { epoch: 1 }).await;
        phone.submit(LinkCommand::Discover { epoch: 1 });
        phone.expect(LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Missing }).await;
        assert!(!device.is_connected());
    });
}

#[test]
fn dropping_the_radio_lets_the_link_go() {
    run("faults::dropping_the_radio_lets_the_link_go", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let other = Advertised { known: false, ..named("Badge", 2) };
        fake.add(other, Counting::default()).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        phone.submit(LinkCommand::Scan { services: vec![SERVICE] });
        phone.until(|e| matches!(e, LinkEvent::Found { .. })).await;
        drop(phone);
        while device.is_connected() || fake.is_scanning() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}
