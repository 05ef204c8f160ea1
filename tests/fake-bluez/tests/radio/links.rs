//! Finding badges; links that come and go.

use std::collections::BTreeSet;
use std::time::Duration;

use confee_badge::{AdapterState, BtleLink, BtleTimeouts, LinkCommand, LinkEvent, LinkFault};
use confee_fake_bluez::Advertised;
use uuid::Uuid;

use crate::badge::{AUDIO, BATTERY, CAPABILITY, CONTROL, Counting, SERVICE, named};
use crate::rig::{Phone, daemon, run};

#[test]
fn a_scan_finds_by_service_and_tells_two_of_a_name_apart() {
    run("links::a_scan_finds_by_service_and_tells_two_of_a_name_apart", async |bus| {
        let fake = daemon(&bus).await;
        let fresh = |last| Advertised { known: false, ..named("Badge", last) };
        let stranger = Advertised { services: vec![Uuid::from_u128(9)], ..fresh(3) };
        let one = fake.add(fresh(1), Counting::default()).await.unwrap();
        let two = fake.add(fresh(2), Counting::default()).await.unwrap();
        fake.add(stranger, Counting::default()).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.expect(LinkEvent::Adapter { state: AdapterState::On }).await;
        phone.submit(LinkCommand::Scan { services: vec![SERVICE] });
        let mut found = BTreeSet::new();
        for _ in 0..6 {
            match phone.until(|e| matches!(e, LinkEvent::Found { .. })).await {
                LinkEvent::Found { peripheral, name, rssi, services } => {
                    assert_eq!((name.as_deref(), rssi), (Some("Badge"), Some(-60)));
                    assert_eq!(services, [SERVICE]);
                    found.insert(peripheral);
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(found, BTreeSet::from([one.name(), two.name()]));
        phone.bring_up(1, &two.name()).await;
        assert!(!one.is_connected() && two.is_connected());
        assert!(!fake.is_scanning(), "a scan ends before a connection is opened");
    });
}

#[test]
fn connecting_discovers_and_knows_the_mtu() {
    run("links::connecting_discovers_and_knows_the_mtu", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        // On a shared runtime, once.
        let link = BtleLink::start(tokio::runtime::Handle::current()).unwrap();
        let mut phone = Phone::new(link);
        let (mut found, mtu) = phone.bring_up(1, &device.name()).await;
        found.sort();
        let mut wanted = [CAPABILITY, CONTROL, AUDIO, BATTERY];
        wanted.sort();
        assert_eq!((found.as_slice(), mtu), (wanted.as_slice(), 247));
        phone.submit(LinkCommand::Disconnect { epoch: 1 });
        phone.expect(LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Closed }).await;
        assert!(!device.is_connected());
        assert_eq!(fake.scans(), 0, "a known badge needs no scan");
    });
}

#[test]
fn a_lost_link_is_reported_once_and_the_next_goes_on() {
    run("links::a_lost_link_is_reported_once_and_the_next_goes_on", async |bus| {
        let fake = daemon(&bus).await;
        let badge = Counting { burst: 1, ..Counting::default() };
        let device = fake.add(named("Badge", 1), badge).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        for epoch in 1..=3 {
            phone.bring_up(epoch, &device.name()).await;
            phone.subscribe(epoch, epoch, AUDIO).await;
            let of =
                |e: &LinkEvent| matches!(e, LinkEvent::Notified { epoch: of, .. } if *of == epoch);
            for _ in 0..20 {
                phone.until(of).await;
            }
            device.lose_link(3).await.unwrap();
            phone.expect(LinkEvent::Disconnected { epoch, fault: LinkFault::Timeout }).await;
            assert_eq!(phone.disconnects(), epoch as usize);
        }
        phone.bring_up(4, &device.name()).await;
        assert_eq!((phone.disconnects(), fake.scans()), (3, 0));
    });
}

#[test]
fn a_word_to_an_older_link_does_not_harm_the_newer() {
    run("links::a_word_to_an_older_link_does_not_harm_the_newer", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        phone.bring_up(2, &device.name()).await;
        assert!(
            phone.log.contains(&LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Closed })
        );
        phone.submit(LinkCommand::Disconnect { epoch: 1 });
        let stale = phone.read(1, 5, CAPABILITY).await;
        assert_eq!(stale, LinkEvent::Failed { epoch: 1, request: 5, fault: LinkFault::Closed });
        let answer = phone.read(2, 6, CAPABILITY).await;
        assert_eq!(answer, LinkEvent::Read { epoch: 2, request: 6, value: (0..32).collect() });
    });
}

#[test]
fn switching_the_adapter_off_ends_the_link() {
    run("links::switching_the_adapter_off_ends_the_link", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        fake.power(false).await.unwrap();
        phone.expect(LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Off }).await;
        // Neither a scan nor a connection switches it on behind the wearer's back.
        phone.submit(LinkCommand::Scan { services: vec![SERVICE] });
        phone.submit(LinkCommand::Connect { epoch: 2, peripheral: device.name() });
        phone.expect(LinkEvent::Disconnected { epoch: 2, fault: LinkFault::Off }).await;
        assert!(phone.log.contains(&LinkEvent::Adapter { state: AdapterState::Off }));
        assert_eq!(fake.scans(), 0);
        fake.power(true).await.unwrap();
        phone.expect(LinkEvent::Adapter { state: AdapterState::On }).await;
        phone.bring_up(3, &device.name()).await;
    });
}

#[test]
fn an_adapter_may_come_later() {
    run("links::an_adapter_may_come_later", async |bus| {
        let check = Duration::from_millis(50);
        let mut phone = Phone::with(BtleTimeouts { check, ..BtleTimeouts::default() });
        phone.expect(LinkEvent::Adapter { state: AdapterState::Unsupported }).await;
        phone.submit(LinkCommand::Connect { epoch: 1, peripheral: "hci0/dev_none".to_owned() });
        phone.expect(LinkEvent::Disconnected { epoch: 1, fault: LinkFault::Off }).await;
        let fake = daemon(&bus).await;
        phone.expect(LinkEvent::Adapter { state: AdapterState::On }).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        phone.bring_up(2, &device.name()).await;
    });
}
