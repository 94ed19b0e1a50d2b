//! The arguments about baselines. Knows words, not what they do.

use camino::Utf8PathBuf;
use clap::Args;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Baseline")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct BaselineArguments {
    /// Leave out the findings that FILE knows
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<Utf8PathBuf>,
    /// Heed no baseline, though one is configured
    #[arg(
        long,
        conflicts_with_all = ["baseline", "update_baseline", "prune_baseline", "error_stale_baseline"]
    )]
    pub(crate) no_baseline: bool,
    /// Write the baseline anew from what this run finds [default FILE: roadworthy-baseline.jsonl]
    #[arg(long, conflicts_with_all = ["prune_baseline", "show_files"])]
    pub(crate) update_baseline: bool,
    /// Take out of the baseline what is found no more, and add nothing
    #[arg(long, conflicts_with = "show_files")]
    pub(crate) prune_baseline: bool,
    /// Exit with 1 where the baseline knows what is found no more
    #[arg(long)]
    pub(crate) error_stale_baseline: bool,
}

impl BaselineArguments {
    /// The first of the options that was given.
    pub(crate) fn first_given(&self) -> Option<&'static str> {
        let given = [
            (self.baseline.is_some(), "--baseline"),
            (self.update_baseline, "--update-baseline"),
            (self.prune_baseline, "--prune-baseline"),
            (self.error_stale_baseline, "--error-stale-baseline"),
        ];
        given.into_iter().find(|(is_given, _)| *is_given).map(|(_, option)| option)
    }

    /// Whether the file is to be written.
    pub(crate) fn writes(&self) -> bool {
        self.update_baseline || self.prune_baseline
    }
}
