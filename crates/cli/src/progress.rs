//! The progress bar: only on a terminal that somebody watches, only once a run takes long.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use roadworthy_engine::Progress;

/// A run that is done by then shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts files, or what else a run goes through, and shows that once it takes long.
pub(crate) struct Bar {
    total: u64,
    noun: &'static str,
    wanted: bool,
    started: Instant,
    done: AtomicU64,
    shown: OnceLock<ProgressBar>,
}

impl Bar {
    /// A bar for that many of something.
    pub(crate) fn new(total: usize, noun: &'static str, wanted: bool) -> Self {
        let wanted = wanted && !crate::terminal::is_unattended() && io::stderr().is_terminal();
        Self {
            total: total as u64,
            noun,
            wanted,
            started: Instant::now(),
            done: AtomicU64::new(0),
            shown: OnceLock::new(),
        }
    }

    fn make(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
        let template = format!("{{bar:40.cyan/dim}} {{pos}} of {{len}} {}", self.noun);
        let style = ProgressStyle::with_template(&template);
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━━─"));
        }
        bar
    }

    /// So many are done.
    pub(crate) fn set(&self, done: u64) {
        if self.wanted && self.started.elapsed() >= PATIENCE {
            self.shown.get_or_init(|| self.make()).set_position(done);
        }
    }

    /// Takes the bar from the screen.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.shown.get() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn file_done(&self) {
        if !self.wanted {
            return;
        }
        self.set(self.done.fetch_add(1, Ordering::Relaxed) + 1);
    }
}
