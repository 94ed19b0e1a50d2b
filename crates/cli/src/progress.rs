//! The progress bar: only on a terminal that somebody watches, only once a run takes long.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use roadworthy_engine::Progress;

/// A run that is done by then shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts files, and shows them once that takes long.
pub(crate) struct Bar {
    total: u64,
    wanted: bool,
    started: Instant,
    done: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    /// A bar for that many files.
    pub(crate) fn new(total: usize, wanted: bool) -> Self {
        let wanted = wanted && !crate::terminal::is_unattended() && io::stderr().is_terminal();
        Self {
            total: total as u64,
            wanted,
            started: Instant::now(),
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
        }
    }

    fn make(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:40.cyan/dim} {pos} of {len} files");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━━─"));
        }
        bar
    }

    /// Takes the bar from the screen.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn file_done(&self) {
        if !self.wanted {
            return;
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.started.elapsed() >= PATIENCE {
            self.bar.get_or_init(|| self.make()).set_position(done);
        }
    }
}
