use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::link::LinkFault;

/// A badge as a radio sees it: without threads and without a clock of its own. Whoever carries it
/// (the simulated radio, or a real one in real time) calls [`advance`](Self::advance) before
/// anything else with the time now, and sends what
/// [`next_notification`](Self::next_notification) gives whenever there is room on the air.
pub trait Peripheral: Send {
    /// Complete name, in the advertisement.
    fn name(&self) -> Option<String>;
    /// Advertised services.
    fn services(&self) -> Vec<Uuid>;
    /// Every characteristic.
    fn characteristics(&self) -> Vec<Characteristic>;
    /// Whether it is switched on: advertises and answers.
    fn is_on(&self) -> bool;
    /// Time goes on; never backwards.
    fn advance(&mut self, now_ms: u64);
    /// When something happens next that a phone on the link would notice; unset: nothing planned.
    fn next_at(&self) -> Option<u64>;
    /// A phone is linked.
    fn connected(&mut self, mtu: u16);
    /// The MTU of the link changed.
    fn mtu_changed(&mut self, mtu: u16);
    /// The link is gone; subscriptions end with it.
    fn disconnected(&mut self);
    /// Whether the badge itself let the link go since the last call (restart, power-off).
    fn dropped_link(&mut self) -> bool;
    /// Whether it has a bond with this phone.
    fn is_bonded(&self) -> bool;
    /// Makes or drops the bond.
    fn set_bonded(&mut self, bonded: bool);
    /// Reads a value.
    ///
    /// # Errors
    /// [`LinkFault::Missing`] where there is none, or another fault of the badge's choice.
    fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, LinkFault>;
    /// Writes a value.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), LinkFault>;
    /// Switches notifications on.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), LinkFault>;
    /// Takes the next notification from the badge's transmit slots.
    fn next_notification(&mut self) -> Option<(Uuid, Vec<u8>)>;
}

/// One characteristic of a simulated badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Characteristic {
    /// Which.
    pub uuid: Uuid,
    /// Whether only a bonded phone gets at it.
    pub protected: bool,
}

/// A badge that the test or the demo holds on to while the radio carries it.
pub type Shared<P> = Arc<Mutex<P>>;

/// A badge behind a lock.
pub fn shared<P: Peripheral>(badge: P) -> Shared<P> {
    Arc::new(Mutex::new(badge))
}

/// Locks; a badge whose holder panicked is still looked at.
pub(super) fn lock<P: ?Sized>(badge: &Mutex<P>) -> MutexGuard<'_, P> {
    badge.lock().unwrap_or_else(PoisonError::into_inner)
}
