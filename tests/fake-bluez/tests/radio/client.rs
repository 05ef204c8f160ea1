//! The whole phone side: the real client over the real radio, and a badge that is a model.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use confee_badge::simulated::{ConfeeBadge, ConfeeConfig, LabelledFrames, shared};
use confee_badge::{
    BadgeClient, BadgeEvent, BtleTimeouts, ClientConfig, Intake, KnownBadge, LinkEvent, Now,
};
use confee_domain::{AudioFrame, LinkState, Mark, StreamId};
use confee_fake_bluez::{Faults, Modelled};

use crate::rig::{Phone, daemon, run};

const LABELS: LabelledFrames = LabelledFrames { longest: 120 };

/// Frames by their names; everything is on disk at once.
#[derive(Default)]
struct Kept {
    frames: BTreeMap<(StreamId, u32), Vec<u8>>,
    twice: u32,
}

impl Intake for Kept {
    fn frame(&mut self, frame: &AudioFrame<'_>) -> bool {
        let before = self.frames.insert((frame.stream, frame.seq), frame.payload.to_vec());
        self.twice += u32::from(before.is_some());
        true
    }

    fn mark(&mut self, _: Mark) -> bool {
        true
    }

    fn anchor(&mut self, _: StreamId, _: u32, _: i64) -> bool {
        true
    }
}

struct Host {
    phone: Phone,
    client: BadgeClient,
    kept: Kept,
    began: Instant,
    states: Vec<LinkState>,
}

impl Host {
    fn now(&self) -> Now {
        let mono_ms = self.began.elapsed().as_millis() as u64;
        Now { mono_ms, unix_ms: 1_750_000_000_000 + mono_ms as i64 }
    }

    fn pump(&mut self) {
        while let Some(command) = self.client.poll_command() {
            self.phone.submit(command);
        }
        while let Some(event) = self.client.poll_event() {
            if let BadgeEvent::Link(state) = event {
                self.states.push(state);
            }
        }
    }

    /// Goes on until something is so.
    async fn until(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            let wait = Duration::from_millis(50);
            let event: Option<LinkEvent> = tokio::time::timeout(wait, self.phone.next()).await.ok();
            let now = self.now();
            if let Some(event) = event {
                self.client.on_link(event, now, &mut self.kept);
            }
            let taken = self.client.taken();
            self.client.on_durable(taken, now, &mut self.kept);
            self.client.on_tick(now, &mut self.kept);
            self.pump();
            assert!(self.began.elapsed() < Duration::from_secs(60), "{:?}", self.states);
        }
    }
}

#[test]
fn no_frame_is_lost_over_three_lost_links() {
    run("client::no_frame_is_lost_over_three_lost_links", async |bus| {
        let fake = daemon(&bus).await;
        let badge = shared(ConfeeBadge::new(ConfeeConfig::default(), LABELS));
        let session = badge.lock().unwrap().session();
        let model = Modelled::new(badge.clone(), 247);
        let device = fake.add(model.advertised([1; 6]), model).await.unwrap();
        let mut host = Host {
            phone: Phone::with(BtleTimeouts::default()),
            client: BadgeClient::new(ClientConfig::default()),
            kept: Kept::default(),
            began: Instant::now(),
            states: Vec::new(),
        };
        let known = KnownBadge { peripheral: device.name(), badge_id: None };
        let now = host.now();
        host.client.connect(known, now);
        for lost in 1..=3 {
            device.set_faults(Faults { lose_link_after: Some(60), ..Faults::default() });
            let is_lost = |s: &&LinkState| matches!(s, LinkState::Lost { .. });
            host.until(|h| h.states.iter().filter(is_lost).count() >= lost).await;
        }
        device.set_faults(Faults::default());
        let last = host.kept.frames.keys().next_back().map_or(0, |(_, seq)| *seq);
        let whole = |h: &Host| {
            let end = last + 50;
            h.client.state() == LinkState::Streaming
                && h.kept.frames.keys().filter(|(_, seq)| *seq < end).count() == end as usize
        };
        host.until(whole).await;
        assert_eq!(host.kept.twice, 0);
        for ((stream, seq), payload) in &host.kept.frames {
            assert_eq!(*payload, LABELS.payload(session, *seq), "{stream:?} {seq}");
        }
    });
}
