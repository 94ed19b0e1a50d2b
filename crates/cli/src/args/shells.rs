//! The words of `completions` and `man`. Knows no shell.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell to write for
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// Where to write the pages, one for each command [default: the main page to standard output]
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<Utf8PathBuf>,
}

/// A shell that completes what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}
