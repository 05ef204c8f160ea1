use super::machine::Failure;
use crate::ModelError;

/// Why a model did not come. Sentences carry no addresses beyond the hosts of the list of models.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The library, the disk, or another download.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Somebody stopped it; what came is kept.
    #[error("loading was stopped; it goes on from there the next time")]
    Cancelled,
    /// The connection costs by the byte; what came is kept.
    #[error("loading waits for Wi-Fi; allow mobile data to go on now")]
    Metered,
    /// There is no connection; what came is kept.
    #[error("there is no connection; loading goes on from there the next time")]
    Offline,
    /// All sources failed; what came is kept where it may be of use.
    #[error("the model {model} cannot be loaded: {}; try again later, or use a mirror", tell(.attempts))]
    NoSource {
        /// The model's name.
        model: String,
        /// All that went wrong, in order.
        attempts: Vec<Attempt>,
    },
    /// TLS fails on this device.
    #[error("the secure connection cannot be set up on this device")]
    Tls(#[source] reqwest::Error),
}

/// A try that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which of the model's sources, from 0.
    pub source_index: usize,
    /// Its host.
    pub host: String,
    /// Why.
    pub failure: Failure,
}

/// The last failure of each source.
fn tell(attempts: &[Attempt]) -> String {
    let last = |at: usize| {
        let later = attempts.get(at + 1);
        later.is_none_or(|later| later.source_index != attempts[at].source_index)
    };
    let told: Vec<String> = (0..attempts.len())
        .filter(|at| last(*at))
        .map(|at| format!("{}: {}", attempts[at].host, attempts[at].failure))
        .collect();
    if told.is_empty() { "it has no source that can be used here".into() } else { told.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_failure_of_each_source_is_told() {
        let attempt = |source_index, host: &str, failure| Attempt {
            source_index,
            host: host.into(),
            failure,
        };
        let attempts = vec![
            attempt(0, "a.test", Failure::Cut),
            attempt(0, "a.test", Failure::Status(503)),
            attempt(1, "b.test", Failure::Hash),
        ];
        let error = PullError::NoSource { model: "tiny.en".into(), attempts };
        assert_eq!(
            error.to_string(),
            "the model tiny.en cannot be loaded: a.test: the server answered 503; b.test: what \
             came is not the expected file; try again later, or use a mirror"
        );
    }
}
