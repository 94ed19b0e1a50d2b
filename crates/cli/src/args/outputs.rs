//! Where reports go. Knows words, not what they do.

use clap::Args;

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct OutputArguments {
    /// A further report of the same run, in a file [repeatable; `sarif:out.sarif`; `github:-` goes to standard output]
    #[arg(long, value_name = "FORMAT:FILE")]
    pub(crate) output: Vec<String>,
    /// Write nothing to the file that `GITHUB_STEP_SUMMARY` names
    #[arg(long)]
    pub(crate) no_step_summary: bool,
}
