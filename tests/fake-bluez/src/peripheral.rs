use tokio::sync::mpsc;
use uuid::Uuid;

/// A badge as the daemon sees it. Calls come one at a time.
pub trait Peripheral: Send {
    /// Whether it is switched on: advertises and answers.
    fn is_on(&mut self) -> bool {
        true
    }
    /// What it offers; asked at each connection.
    fn services(&self) -> Vec<Service>;
    /// A client is linked. The notifier is good for this link only.
    fn connected(&mut self, notifier: Notifier) {
        let _ = notifier;
    }
    /// The link is gone; subscriptions end with it.
    fn disconnected(&mut self) {}
    /// It has a bond with this client from now on.
    fn paired(&mut self) {}
    /// Reads a value.
    ///
    /// # Errors
    /// Of the badge's choice.
    fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, GattError>;
    /// Writes a value.
    ///
    /// # Errors
    /// Of the badge's choice.
    fn write(
        &mut self,
        characteristic: Uuid,
        value: &[u8],
        confirmed: bool,
    ) -> Result<(), GattError>;
    /// Notifications were switched on.
    ///
    /// # Errors
    /// Of the badge's choice.
    fn subscribed(&mut self, characteristic: Uuid) -> Result<(), GattError> {
        let _ = characteristic;
        Ok(())
    }
}

/// One GATT service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Which.
    pub uuid: Uuid,
    /// In order.
    pub characteristics: Vec<Characteristic>,
}

/// One characteristic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Characteristic {
    /// Which.
    pub uuid: Uuid,
    /// In BlueZ's words, such as `read` and `notify`; any string is shown to the client.
    pub flags: Vec<String>,
    /// Whether only a bonded client gets at it. BlueZ does not show that of a remote device; a
    /// flag `encrypt-...` asks for it, too.
    pub protected: bool,
}

impl Characteristic {
    /// One that needs no bond.
    #[must_use]
    pub fn open(uuid: Uuid, flags: &[&str]) -> Self {
        let flags = flags.iter().map(|&flag| flag.to_owned()).collect();
        Self { uuid, flags, protected: false }
    }

    /// One that needs a bond.
    #[must_use]
    pub fn protected(uuid: Uuid, flags: &[&str]) -> Self {
        Self { protected: true, ..Self::open(uuid, flags) }
    }

    pub(crate) fn needs_bond(&self) -> bool {
        self.protected || self.flags.iter().any(|flag| flag.starts_with("encrypt-"))
    }
}

/// Why a badge refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GattError {
    /// It has no such value.
    Missing,
    /// A bond is needed.
    NotPaired,
    /// An error of the attribute protocol, or of the application (0x80 to 0x9f).
    Att(u8),
}

/// How a badge sends notifications over one link.
#[derive(Debug, Clone)]
pub struct Notifier(pub(crate) mpsc::UnboundedSender<Sent>);

#[derive(Debug)]
pub(crate) enum Sent {
    Value(Uuid, Vec<u8>),
    Bye,
}

impl Notifier {
    /// Sends one; false when the link is gone. It goes nowhere while the client is not
    /// subscribed.
    pub fn notify(&self, characteristic: Uuid, value: Vec<u8>) -> bool {
        self.0.send(Sent::Value(characteristic, value)).is_ok()
    }

    /// The badge ends the link, after what was sent before.
    pub fn hang_up(&self) {
        let _ = self.0.send(Sent::Bye);
    }

    /// Whether the link is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }
}
