//! One Confee badge, one phone, and trouble between them, all from one seed.

use std::sync::Arc;

use confee_badge::LinkFault;
use confee_badge::confee::{Press, stream_id};
use confee_badge::simulated::{
    AirPlan, ConfeeBadge, ConfeeConfig, Happening, LabelledFrames, Ledger, LinkDrop, Radio, Shared,
    shared,
};
use confee_domain::MarkKind;
use fastrand::Rng;

use super::phone::{Disk, Phone, PhonePlan};
use super::script::BADGE;

/// Trouble ends here; from then on everything that is still somewhere has to reach the phone.
pub const TROUBLE_MS: u64 = 60_000;
/// Time for that.
pub const PEACE_MS: u64 = 1_800_000;

/// How many seeds a property runs over.
pub fn seeds(normal: u64) -> std::ops::Range<u64> {
    let wanted = std::env::var("CONFEE_BADGE_SEEDS").ok().and_then(|n| n.parse().ok());
    0..wanted.unwrap_or(normal)
}

pub struct World {
    pub badge: Shared<ConfeeBadge>,
    pub badge_id: u64,
    pub frames: LabelledFrames,
    pub phone: Phone,
    /// Whether what the badge frees has to be on the phone's disk.
    pub strict: bool,
}

impl World {
    pub fn new(
        air: AirPlan,
        badge: ConfeeConfig,
        phone: PhonePlan,
        frames: LabelledFrames,
    ) -> Self {
        let badge_id = badge.badge_id;
        let badge = shared(ConfeeBadge::new(badge, frames));
        let radio = Arc::new(Radio::new(air));
        radio.add(BADGE, badge.clone());
        Self { badge, badge_id, frames, phone: Phone::new(radio, phone), strict: true }
    }

    /// Everything that a seed may do wrong without breaking the protocol.
    pub fn troubled(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xBAD6E);
        let frames = LabelledFrames { longest: *rng.choice(&[12, 60, 120, 400]).unwrap() };
        let air = air(seed, &mut rng);
        let badge = badge(seed, &mut rng);
        let phone = phone(&mut rng);
        Self::new(air, badge, phone, frames)
    }

    /// Runs, and checks after every step that nothing was freed that is not on the phone's disk.
    pub fn run_until(&mut self, until_ms: u64) {
        let (badge, id) = (self.badge.clone(), self.badge_id);
        let strict = self.strict;
        let mut look = |disk: &Disk| {
            if strict {
                check_freed(&badge, id, disk);
            }
        };
        self.phone.run_until(until_ms, &mut look);
    }

    /// Trouble, then the wearer mutes, and both sides come to rest.
    pub fn run(&mut self) {
        self.run_until(TROUBLE_MS);
        self.badge.lock().unwrap().happen(Happening::On);
        self.badge.lock().unwrap().happen(Happening::Mute(true));
        let end = TROUBLE_MS + PEACE_MS;
        while self.phone.radio.now_ms() < end && !self.is_at_rest() {
            self.run_until(self.phone.radio.now_ms() + 1_000);
        }
    }

    fn is_at_rest(&self) -> bool {
        self.phone.waiting() == 0 && self.badge.lock().unwrap().stored_bytes() == 0
    }

    pub fn ledger(&self) -> Ledger {
        self.badge.lock().unwrap().ledger().clone()
    }

    /// The phone has every frame that was not lost on the badge, with what was captured; and
    /// nothing else.
    pub fn check(&self) {
        let ledger = self.ledger();
        let (mut known, mut lost) = (0, 0);
        for (&session, made) in &ledger.made {
            let stream = stream_id(self.badge_id, session);
            for seq in made.ranges().iter().cloned().flatten() {
                match self.phone.disk.frames.get(&(stream, seq)) {
                    Some(kept) => {
                        assert_eq!(kept.payload, self.frames.payload(session, seq));
                        known += 1;
                    }
                    None => {
                        assert!(
                            ledger.is_lost(session, seq),
                            "frame {seq} of {session:08x} is nowhere; {}",
                            self.account()
                        );
                        lost += 1;
                    }
                }
            }
        }
        assert_eq!(self.phone.disk.frames.len(), known, "invented frames");
        assert!(self.is_at_rest(), "not drained after {lost} lost; {}", self.account());
        self.check_times();
    }

    /// Capture times go up with the sequence, by a frame at least.
    fn check_times(&self) {
        for pair in self.phone.disk.frames.iter().collect::<Vec<_>>().windows(2) {
            let [((stream, seq), a), ((next, later), b)] = pair else { continue };
            if stream == next {
                let least = (later - seq) * u32::from(a.codec.frame_ms);
                // A pause may begin and end between milliseconds.
                assert!(b.captured_ms + 1 >= a.captured_ms + least, "{seq} {later}");
            }
        }
    }

    /// Presses that the badge did not lose are on the phone, at least once each.
    pub fn check_marks(&self) {
        let [made, _, lost] = self.ledger().marks;
        let mut marks: Vec<_> = self
            .phone
            .disk
            .marks
            .iter()
            .map(|m| (m.stream, m.seq, m.captured_ms, kind(m.kind)))
            .collect();
        marks.sort_unstable();
        marks.dedup();
        assert!(marks.len() as u64 + lost >= made, "{} + {lost} of {made}", marks.len());
        assert!(marks.len() as u64 <= made);
    }

    pub fn account(&self) -> String {
        let badge = self.badge.lock().unwrap();
        format!(
            "state {:?}, problems {:?}, counters {:?}, stored {} bytes, waiting {}, traffic {:?}",
            self.phone.client().state(),
            self.phone.problems,
            self.phone.counters(),
            badge.stored_bytes(),
            self.phone.waiting(),
            self.phone.radio.traffic(),
        )
    }
}

fn kind(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Lead => 0,
        MarkKind::Start => 1,
        MarkKind::Stop => 2,
        MarkKind::Muted => 3,
        MarkKind::Unmuted => 4,
    }
}

fn check_freed(badge: &Shared<ConfeeBadge>, badge_id: u64, disk: &Disk) {
    let freed = badge.lock().unwrap().ledger().take_freed();
    for (session, ranges) in freed {
        let stream = stream_id(badge_id, session);
        let on_disk = disk.ranges.get(&stream);
        for range in ranges.ranges() {
            let missing = on_disk.and_then(|d| d.missing(range.clone()).next());
            assert!(
                on_disk.is_some() && missing.is_none(),
                "the badge freed {range:?} of {session:08x}, which is not on disk: {missing:?}"
            );
        }
    }
}

fn air(seed: u64, rng: &mut Rng) -> AirPlan {
    let mtu = *rng.choice(&[23, 61, 100, 185, 247, 517]).unwrap();
    let some = |rng: &mut Rng, most: f64| if rng.bool() { rng.f64() * most } else { 0.0 };
    let drops = (0..rng.usize(0..8)).map(|_| LinkDrop {
        at_ms: rng.u64(0..TROUBLE_MS),
        for_ms: *rng.choice(&[0, 50, 3_000, 9_000]).unwrap(),
        fault: *rng.choice(&[LinkFault::Timeout, LinkFault::PeerClosed, LinkFault::Other]).unwrap(),
    });
    let drops = drops.collect();
    AirPlan {
        seed,
        mtu,
        loss: some(rng, 0.15),
        duplicate: some(rng, 0.15),
        reorder: some(rng, 0.15),
        latency_ms: 1..=rng.u64(1..40),
        per_interval: if mtu < 100 { 24 } else { rng.u32(3..10) },
        drops,
        after_notifications: rng.bool().then(|| rng.u64(1..2_000)),
        notice_ms: *rng.choice(&[0, 500, 4_000]).unwrap(),
        stale: rng.bool(),
        connect_takes_ms: rng.u64(20..900),
        busy: if rng.u8(..) < 50 { vec![10_000..14_000] } else { Vec::new() },
        adapter_off: if rng.u8(..) < 50 { vec![30_000..33_000] } else { Vec::new() },
        late: (some(rng, 0.05), rng.u64(100..8_000)),
        answers_twice: some(rng, 0.1),
        unanswered: some(rng, 0.01),
        subscribe_fails_once: rng.u8(..) < 40,
        mtu_changes: if rng.bool() { vec![(20_000, 517)] } else { Vec::new() },
        calm_after: Some(TROUBLE_MS),
        ..AirPlan::default()
    }
}

fn badge(seed: u64, rng: &mut Rng) -> ConfeeConfig {
    let mut agenda = Vec::new();
    for _ in 0..rng.usize(0..3) {
        let at = rng.u64(1_000..TROUBLE_MS);
        let off_ms = *rng.choice(&[1, 300, 4_000]).unwrap();
        agenda.extend([(at, Happening::Off), (at + off_ms, Happening::On)]);
    }
    for _ in 0..rng.usize(0..6) {
        let press = *rng.choice(&[Press::Short, Press::Double, Press::Long]).unwrap();
        agenda.push((rng.u64(0..TROUBLE_MS), Happening::Press(press)));
    }
    for _ in 0..rng.usize(0..3) {
        let at = rng.u64(0..TROUBLE_MS);
        let end = (at + 2_000).min(TROUBLE_MS);
        agenda.extend([(at, Happening::Mute(true)), (end, Happening::Mute(false))]);
    }
    if rng.bool() {
        let at = rng.u64(0..TROUBLE_MS);
        agenda.extend([(at, Happening::Silence(true)), (at + 7_000, Happening::Silence(false))]);
    }
    ConfeeConfig {
        seed,
        badge_id: rng.u64(..),
        ring_bytes: *rng.choice(&[30_000, 120_000, 4 << 20]).unwrap(),
        flash_every_ms: *rng.choice(&[0, 200, 1_500]).unwrap(),
        drift_ppm: rng.i32(-80..80),
        clock_survives: rng.bool(),
        agenda,
        ..ConfeeConfig::default()
    }
}

fn phone(rng: &mut Rng) -> PhonePlan {
    let mut restarts: Vec<u64> = (0..rng.usize(0..4)).map(|_| rng.u64(0..TROUBLE_MS)).collect();
    restarts.sort_unstable();
    let mute_at = rng.u64(5_000..TROUBLE_MS / 2);
    let mutes = if rng.bool() { vec![(mute_at, true), (mute_at + 1_500, false)] } else { vec![] };
    PhonePlan {
        fsync_ms: *rng.choice(&[20, 300, 2_000]).unwrap(),
        restarts,
        mutes,
        queue: *rng.choice(&[usize::MAX, usize::MAX, 500]).unwrap(),
        ..PhonePlan::default()
    }
}
