//! Reads, writes, notifications.

use std::sync::{Arc, Mutex};

use confee_badge::{BtleTimeouts, LinkCommand, LinkEvent, LinkFault};
use confee_fake_bluez::{Faults, ReadEcho};
use uuid::Uuid;

use crate::badge::{AUDIO, BATTERY, CAPABILITY, CONTROL, Counting, named};
use crate::rig::{Phone, answers, daemon, run};

#[test]
fn values_are_read_and_written() {
    run("values::values_are_read_and_written", async |bus| {
        let fake = daemon(&bus).await;
        let written = Arc::new(Mutex::new(Vec::new()));
        let badge = Counting { written: written.clone(), ..Counting::default() };
        let device = fake.add(named("Badge", 1), badge).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        let answer = phone.read(1, 1, CAPABILITY).await;
        assert_eq!(answer, LinkEvent::Read { epoch: 1, request: 1, value: (0..32).collect() });
        let values = [(b"hello".to_vec(), true), (vec![0; 244], false), (b"refuse".to_vec(), true)];
        for (request, (value, confirmed)) in (2..).zip(values.clone()) {
            let (epoch, characteristic) = (1, CONTROL);
            let write = LinkCommand::Write { epoch, request, characteristic, value, confirmed };
            phone.submit(write);
        }
        for request in 2..4 {
            let answer = phone.until(|e| answers(e, request)).await;
            assert_eq!(answer, LinkEvent::Written { epoch: 1, request });
        }
        let refused = phone.until(|e| answers(e, 4)).await;
        assert_eq!(refused, LinkEvent::Failed { epoch: 1, request: 4, fault: LinkFault::Other });
        assert_eq!(*written.lock().unwrap(), values[..2]);
        let missing = phone.read(1, 5, Uuid::from_u128(1)).await;
        assert_eq!(missing, LinkEvent::Failed { epoch: 1, request: 5, fault: LinkFault::Missing });
    });
}

#[test]
fn at_66_times_the_rate_of_audio_nothing_is_lost() {
    run("values::at_66_times_the_rate_of_audio_nothing_is_lost", async |bus| {
        let fake = daemon(&bus).await;
        let badge = Counting { burst: 33, ..Counting::default() };
        let device = fake.add(named("Badge", 1), badge).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        phone.subscribe(1, 1, AUDIO).await;
        let mut numbers = numbers(&mut phone, 9_900).await.into_iter();
        let first = numbers.next().unwrap();
        assert!(numbers.zip(first + 1..).all(|(got, wanted)| got == wanted), "a hole");
        assert_eq!(phone.disconnects(), 0);
    });
}

/// The numbers of the next notifications of audio, those before the confirmation left out.
async fn numbers(phone: &mut Phone, count: usize) -> Vec<u32> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        if let LinkEvent::Notified { characteristic: AUDIO, value, .. } = phone.next().await {
            numbers.push(u32::from_le_bytes(value[..4].try_into().unwrap()));
        }
    }
    numbers
}

#[test]
fn all_that_came_before_the_loss_of_the_link_is_delivered() {
    run("values::all_that_came_before_the_loss_of_the_link_is_delivered", async |bus| {
        let fake = daemon(&bus).await;
        let badge = Counting { burst: 5, ..Counting::default() };
        let device = fake.add(named("Badge", 1), badge).await.unwrap();
        device.set_faults(Faults { lose_link_after: Some(137), ..Faults::default() });
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        phone.submit(LinkCommand::Subscribe { epoch: 1, request: 1, characteristic: AUDIO });
        let mut notified = 0;
        loop {
            match phone.next().await {
                LinkEvent::Notified { .. } => notified += 1,
                LinkEvent::Disconnected { epoch, fault } => {
                    assert_eq!((epoch, fault), (1, LinkFault::Timeout));
                    break;
                }
                _ => {}
            }
        }
        assert_eq!((notified, device.notified()), (137, 137));
    });
}

#[test]
fn reads_do_not_look_like_notifications() {
    run("values::reads_do_not_look_like_notifications", async |bus| {
        let fake = daemon(&bus).await;
        let device = fake.add(named("Badge", 1), Counting::default()).await.unwrap();
        let mut phone = Phone::with(BtleTimeouts::default());
        phone.bring_up(1, &device.name()).await;
        phone.subscribe(1, 1, BATTERY).await;
        let mut request = 1;
        let mut values = Vec::new();
        for read_echo in [ReadEcho::Before, ReadEcho::After, ReadEcho::No] {
            device.set_faults(Faults { read_echo, ..Faults::default() });
            for from in [BATTERY, CAPABILITY, BATTERY, BATTERY] {
                request += 1;
                phone.submit(LinkCommand::Read { epoch: 1, request, characteristic: from });
                loop {
                    match phone.next().await {
                        LinkEvent::Notified { characteristic, value, .. } => {
                            values.push((characteristic, value));
                        }
                        event if answers(&event, request) => break,
                        _ => {}
                    }
                }
                // Longer than the fake takes to echo.
                tokio::time::sleep(std::time::Duration::from_millis(40)).await;
            }
        }
        // The one that the badge sends at the subscription may come before its confirmation.
        assert!(values.iter().all(|(of, value)| (*of, value[0]) == (BATTERY, 79)), "{values:?}");
        assert!(values.len() <= 1, "{values:?}");
    });
}
