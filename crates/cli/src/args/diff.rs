//! The arguments that ask for what changed, and nothing else.

use clap::Args;

use super::CheckArguments;

/// What of the files is judged.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DiffArguments {
    /// Show only what the working copy, new files included, brought since it left REF: a branch, tag or commit, or
    /// `auto`, which asks pre-commit, GitHub or GitLab. Without REF: what --fix would change, as a diff
    #[arg(
        long,
        value_name = "REF",
        num_args = 0..=1,
        conflicts_with_all = ["staged", "history", "stdin_filename"],
        help_heading = "Changes"
    )]
    #[expect(
        clippy::option_option,
        reason = "an option without a value is not one with an empty value"
    )]
    pub(crate) diff: Option<Option<String>>,
    /// Show only what is about to be committed, judging the contents that are staged
    #[arg(long, conflicts_with_all = ["history", "stdin_filename"], help_heading = "Changes")]
    pub(crate) staged: bool,
}

impl CheckArguments {
    /// The arguments as they are meant: `--diff` without a REF shows fixes, as users of other linters know it.
    pub(crate) fn settled(mut self) -> Self {
        if self.diff.diff == Some(None) {
            self.diff.diff = None;
            self.suppressions.dry_run = true;
            self.suppressions.fix = self.suppressions.add_ignore.is_none();
        }
        self
    }
}
