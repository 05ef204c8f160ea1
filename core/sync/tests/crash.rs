//! The process dies at every crash point, at every time it passes there; after a restart every
//! effect is at the remote exactly once.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::fake::Fake;
use common::{connectors, hubspot, lead, webhook};
use confee_domain::OpState;
use confee_sync::{Connector, CrashPoint, MemoryJournal, Network, Outbox, Probe};

/// Ends the "process" when it passes the point for the n-th time.
struct Bomb {
    point: CrashPoint,
    left: AtomicUsize,
}

impl Probe for Bomb {
    fn at(&self, point: CrashPoint) {
        if point == self.point && self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            resume_unwind(Box::new("crash"));
        }
    }
}

fn run(outbox: &Outbox<Arc<MemoryJournal>>, fake: &mut Fake) {
    let mut now = 5_000;
    while let Some(at) = outbox.next_wake().unwrap() {
        now = at.max(now);
        for prepared in outbox.next_requests(now, Network::WIFI, 2).unwrap() {
            let answer = fake.handle(&prepared.request);
            outbox.probe().at(CrashPoint::AfterServerApplied);
            outbox.on_response(&prepared.ticket, &answer, now).unwrap();
        }
    }
}

/// Whether the process died.
fn dies(point: CrashPoint, nth: usize) -> bool {
    let journal = Arc::new(MemoryJournal::default());
    let lead = lead("l1", "ada@acme.io");
    journal.enqueue(hubspot().plan(&lead));
    journal.enqueue(webhook().plan(&lead));
    let mut fake = Fake::default();
    let bomb = Arc::new(Bomb { point, left: AtomicUsize::new(nth) });
    let first = Outbox::new(journal.clone(), connectors(), 1).with_probe(bomb);
    let died = catch_unwind(AssertUnwindSafe(|| run(&first, &mut fake))).is_err();
    drop(first);
    let second = Outbox::new(journal.clone(), connectors(), 2);
    second.start().unwrap();
    run(&second, &mut fake);
    for op in journal.ops() {
        assert_eq!(op.state, OpState::Done, "{point:?} {nth}: {}", op.id);
    }
    for kind in ["contacts", "companies", "deals", "notes", "tasks"] {
        assert_eq!(fake.count(kind), 1, "{point:?} {nth}: {kind}");
    }
    assert_eq!((fake.links.len(), fake.hooks.len(), fake.creations), (9, 1, 5));
    died
}

#[test]
fn no_crash_loses_or_doubles_an_effect() {
    for point in CrashPoint::ALL {
        let passes = (0..1_000).take_while(|nth| dies(point, *nth)).count();
        assert!((9..1_000).contains(&passes), "{point:?} was passed {passes} times");
    }
}
