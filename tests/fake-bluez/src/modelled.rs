use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use confee_badge::LinkFault;
use confee_badge::simulated::{Peripheral as Model, Shared};
use uuid::Uuid;

use crate::device::Advertised;
use crate::peripheral::{Characteristic, GattError, Notifier, Peripheral, Service};

/// A connection event and the notifications that fit into it: 1,600 a second, more than a phone
/// and a badge manage.
const EVENT: Duration = Duration::from_millis(5);
const PER_EVENT: usize = 8;

/// A simulated badge of the core, in real time.
pub struct Modelled<P> {
    badge: Shared<P>,
    mtu: u16,
    began: Instant,
    /// Number of the link, so that the task of an old one leaves the new one's notifications.
    link: Arc<AtomicU64>,
}

impl<P: Model> Modelled<P> {
    /// Its clock begins now.
    #[must_use]
    pub fn new(badge: Shared<P>, mtu: u16) -> Self {
        Self { badge, mtu, began: Instant::now(), link: Arc::default() }
    }

    /// How it shows itself.
    #[must_use]
    pub fn advertised(&self, address: [u8; 6]) -> Advertised {
        let badge = lock(&self.badge);
        Advertised {
            address,
            name: badge.name().unwrap_or_default(),
            services: badge.services(),
            rssi: -55,
            mtu: self.mtu,
            known: false,
            paired: badge.is_bonded(),
        }
    }

    /// The badge, at the time that it is now.
    fn now(&self) -> MutexGuard<'_, P> {
        let mut badge = lock(&self.badge);
        badge.advance(millis(self.began));
        badge
    }
}

fn lock<P>(badge: &Shared<P>) -> MutexGuard<'_, P> {
    badge.lock().unwrap_or_else(PoisonError::into_inner)
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl<P: Model + 'static> Peripheral for Modelled<P> {
    fn is_on(&mut self) -> bool {
        self.now().is_on()
    }

    fn services(&self) -> Vec<Service> {
        // A model does not say which properties and which service a characteristic has: nobody
        // here looks.
        let badge = lock(&self.badge);
        let flags = ["read", "write", "write-without-response", "notify"];
        let characteristics = badge.characteristics().into_iter().map(|c| Characteristic {
            protected: c.protected,
            ..Characteristic::open(c.uuid, &flags)
        });
        let uuid = badge.services().first().copied().unwrap_or_default();
        vec![Service { uuid, characteristics: characteristics.collect() }]
    }

    fn connected(&mut self, notifier: Notifier) {
        self.now().connected(self.mtu);
        let number = self.link.fetch_add(1, Ordering::SeqCst) + 1;
        let (badge, link, began) = (self.badge.clone(), self.link.clone(), self.began);
        tokio::spawn(async move {
            let mut events = tokio::time::interval(EVENT);
            loop {
                events.tick().await;
                let mut badge = lock(&badge);
                if link.load(Ordering::SeqCst) != number || notifier.is_closed() {
                    return;
                }
                badge.advance(millis(began));
                for (uuid, value) in
                    std::iter::from_fn(|| badge.next_notification()).take(PER_EVENT)
                {
                    notifier.notify(uuid, value);
                }
                if badge.dropped_link() {
                    notifier.hang_up();
                    return;
                }
            }
        });
    }

    fn disconnected(&mut self) {
        self.link.fetch_add(1, Ordering::SeqCst);
        self.now().disconnected();
    }

    fn paired(&mut self) {
        self.now().set_bonded(true);
    }

    fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, GattError> {
        self.now().read(characteristic).map_err(refusal)
    }

    fn write(&mut self, to: Uuid, value: &[u8], _confirmed: bool) -> Result<(), GattError> {
        self.now().write(to, value).map_err(refusal)
    }

    fn subscribed(&mut self, characteristic: Uuid) -> Result<(), GattError> {
        self.now().subscribe(characteristic).map_err(refusal)
    }
}

/// `0x0e` is "unlikely error" of the attribute protocol.
fn refusal(fault: LinkFault) -> GattError {
    match fault {
        LinkFault::Missing => GattError::Missing,
        LinkFault::NotSecure => GattError::NotPaired,
        _ => GattError::Att(0x0e),
    }
}
