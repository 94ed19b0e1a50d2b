//! The arguments that ask for what changed, and nothing else.

use clap::Args;

/// What of the files is judged.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DiffArguments {
    /// Show only what the working copy, new files included, brought since it left REF: a branch, tag or commit, or
    /// `auto`, which asks pre-commit, GitHub or GitLab
    #[arg(
        long,
        value_name = "REF",
        conflicts_with_all = ["staged", "history", "stdin_filename"],
        help_heading = "Changes"
    )]
    pub(crate) diff: Option<String>,
    /// Show only what is about to be committed, judging the contents that are staged
    #[arg(long, conflicts_with_all = ["history", "stdin_filename"], help_heading = "Changes")]
    pub(crate) staged: bool,
}
