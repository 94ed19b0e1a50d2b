//! Arguments about what holds, not about what is found.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct SettingsArguments {
    /// Show what holds for the files of the run and who says so, and judge nothing
    #[arg(long, conflicts_with_all = ["show_files", "history", "statistics"])]
    pub(crate) show_settings: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

/// What to tell about the configuration.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the JSON schema of `roadworthy.toml`
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder of the project [default: .]
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<Utf8PathBuf>,
}
