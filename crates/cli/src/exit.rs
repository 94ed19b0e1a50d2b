//! The exit codes. Knows nothing else.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing at or above the level that fails.
    Clean,
    /// Findings that fail the run.
    Findings,
    /// Wrong usage, configuration or path, or a fault of the program: the run is not complete.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Refused => Self::from(2),
        }
    }
}
