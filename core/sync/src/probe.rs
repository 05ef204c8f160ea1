/// Places where a process may die. The kill test aborts at each and then looks for lost or doubled
/// effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum CrashPoint {
    /// An op was chosen; nothing is stored.
    BeforePersist = 1,
    /// `sending` is stored; no byte has left.
    AfterPersist = 2,
    /// The server has applied the request and answered; nothing is handled.
    AfterServerApplied = 3,
    /// The answer is understood; nothing is stored.
    BeforeCommit = 4,
    /// The op's new state is stored; the connection's is not.
    AfterOpCommit = 5,
    /// All is stored.
    AfterCommit = 6,
    /// A step of an effect of several requests is stored; the next has not begun.
    BetweenSteps = 7,
    /// All parents are done; the child has not begun.
    BetweenParents = 8,
    /// A lead's approval and its ops are ready; nothing is stored. The engine's own point.
    BeforeApproval = 9,
    /// The approval and its ops are stored; nobody has been told. The engine's own point.
    AfterApproval = 10,
}

impl CrashPoint {
    /// Every point of the outbox, in order of number.
    pub const ALL: [Self; 8] = [
        Self::BeforePersist,
        Self::AfterPersist,
        Self::AfterServerApplied,
        Self::BeforeCommit,
        Self::AfterOpCommit,
        Self::AfterCommit,
        Self::BetweenSteps,
        Self::BetweenParents,
    ];

    /// The points around the storing of an approval; the engine calls them, the outbox does not.
    pub const APPROVAL: [Self; 2] = [Self::BeforeApproval, Self::AfterApproval];

    /// The point's number, from 1.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// Is called at every crash point.
pub trait Probe: Send + Sync {
    /// The process stands at this point.
    fn at(&self, point: CrashPoint);
}

/// Does nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProbe;

impl Probe for NoProbe {
    fn at(&self, _point: CrashPoint) {}
}
