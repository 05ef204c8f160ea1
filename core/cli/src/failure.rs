use std::process::ExitCode;

use confee_companion::CompanionError;
use confee_sandbox::SandboxError;

/// Why a command failed, with what to do. Exit code 1, or 2 for bad input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nothing of the input could be used; each part was reported already.
    #[error("")]
    Reported,
    /// The input cannot be used.
    #[error("{0}")]
    Input(String),
    /// The engine refused.
    #[error("{0}")]
    Engine(#[from] CompanionError),
    /// The sandbox refused.
    #[error("{0}")]
    Sandbox(#[from] SandboxError),
    /// The terminal or a file failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Input(_) | Self::Reported | Self::Engine(CompanionError::InvalidInput(_)) => {
                ExitCode::from(2)
            }
            _ => ExitCode::FAILURE,
        }
    }

    #[expect(clippy::print_stderr, reason = "this is where errors are shown")]
    pub(crate) fn print(&self) {
        // A reader that went away (`| head`) is no error worth words.
        let broken = matches!(self, Self::Io(e) if e.kind() == std::io::ErrorKind::BrokenPipe);
        if !matches!(self, Self::Reported) && !broken {
            eprintln!("confee: {self}");
        }
    }
}
