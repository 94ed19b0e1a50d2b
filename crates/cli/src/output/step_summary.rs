//! The file that GitHub Actions shows as the summary of a step. Knows no report.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use crate::error::Error;
use crate::output::LONGEST_MARKDOWN;

/// What GitHub takes of all summaries of a step together; of more it shows nothing.
const MOST: u64 = 1 << 20;

/// The file to append to.
pub(crate) struct StepSummary {
    file: PathBuf,
}

impl StepSummary {
    /// The file that the surroundings ask for.
    pub(crate) fn wanted() -> Option<Self> {
        let file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty())?;
        Some(Self { file: file.into() })
    }

    /// Appends what `write` writes when it is told how many bytes fit; one sentence where that fails, as the summary is
    /// an extra that must not change how a run ends.
    pub(crate) fn append(
        &self,
        write: impl FnOnce(&mut dyn Write, usize) -> Result<(), Error>,
    ) -> Result<(), String> {
        let held = fs::metadata(&self.file).map_or(0, |metadata| metadata.len());
        // A line end before and one behind.
        let room = MOST.saturating_sub(held + 2);
        let limit = usize::try_from(room).unwrap_or(usize::MAX).min(LONGEST_MARKDOWN);
        let mut text = vec![b'\n'];
        write(&mut text, limit).map_err(|error| failed(&error.to_string()))?;
        if text.len() == 1 {
            return Err(failed("the summary of a step holds 1 MiB, and other reports fill it"));
        }
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.file)
            .map_err(|error| failed(&error.kind().to_string()))?;
        let text = if held == 0 { &text[1..] } else { &text };
        file.write_all(text).map_err(|error| failed(&error.kind().to_string()))
    }
}

fn failed(reason: &str) -> String {
    format!("the summary of the step is not written ({reason}); `--no-step-summary` leaves it out")
}
