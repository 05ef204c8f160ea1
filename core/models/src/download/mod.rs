//! Models from the network: a state machine without IO decides ([`machine`]), the driver behind
//! the feature `http` carries it out.

#[cfg(feature = "http")]
mod body;
#[cfg(feature = "http")]
mod driver;
#[cfg(feature = "http")]
mod error;
#[cfg(feature = "http")]
mod finish;
pub mod machine;
mod partial;
mod progress;
mod range;
mod retry;

#[cfg(feature = "http")]
pub use driver::{Import, NetworkCheck, Options, Puller};
#[cfg(feature = "http")]
pub use error::{Attempt, PullError};
pub use partial::{PartialState, Validator};
pub use progress::{Phase, Progress, PullProgress, Throttle};

/// How the device is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkState {
    /// Not at all.
    Offline,
    /// By a connection that costs by the byte, such as a mobile network.
    Metered,
    /// By one that does not.
    Unmetered,
}
