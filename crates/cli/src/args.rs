//! The arguments as clap reads them. Knows words, not what they do.

mod baseline;
mod diff;
mod facts;
pub(crate) mod outputs;
mod report;
mod settings;
mod shells;
mod suppressions;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use roadworthy_engine::Severity;

pub(crate) use baseline::BaselineArguments;
pub(crate) use diff::DiffArguments;
pub(crate) use facts::{FactsArguments, FactsFormat};
pub(crate) use report::{DemandedLevel, ReportArguments, VerdictFormat};
pub(crate) use settings::{ConfigArguments, ConfigCommand, InitArguments};
pub(crate) use shells::{CompletionsArguments, ManArguments, Shell};
pub(crate) use suppressions::SuppressionArguments;

/// Says whether a Python project is fit for production, and what must be mended first.
#[derive(Debug, Parser)]
#[command(name = "roadworthy", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge the files of a project
    Check(Box<CheckArguments>),
    /// Say how ready a project is to go live, and what must be mended first
    Report(Box<ReportArguments>),
    /// Show what is known of a project: components, dependencies, containers, pipelines
    Facts(FactsArguments),
    /// Show what a rule finds, why that matters and what to do
    Explain(ExplainArguments),
    /// List all rules
    Rules(RulesArguments),
    /// Tell about the configuration
    Config(ConfigArguments),
    /// Write a configuration, the pre-commit hook and the GitHub workflow where they are missing
    Init(InitArguments),
    /// Write the script that lets a shell complete commands, options and rules
    Completions(CompletionsArguments),
    /// Write the manual pages
    #[command(hide = true)]
    Man(ManArguments),
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, and as `NO_COLOR`, `FORCE_COLOR` and `CLICOLOR` say.
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct CheckArguments {
    /// Files and folders; `-` reads one file from standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// How findings are shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: OutputFormat,
    #[command(flatten)]
    pub(crate) outputs: outputs::OutputArguments,
    /// Show the table by rule alone
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Show each file with its kind, its role and what shows it, and judge nothing
    #[arg(long)]
    pub(crate) show_files: bool,
    /// Judge what the commits of RANGE added by the rules about secrets, instead of the files on disk [default: all
    /// commits of HEAD; `main..HEAD`, `--all`]
    #[arg(
        long,
        value_name = "RANGE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        allow_hyphen_values = true,
        conflicts_with_all = ["show_files", "stdin_filename"]
    )]
    pub(crate) history: Option<String>,
    #[command(flatten)]
    pub(crate) diff: DiffArguments,
    /// Show how long each station took
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// The level from which on a finding makes the exit code 1 [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,
    /// The lowest level that is shown and counted [default: info]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) min_severity: Option<Level>,
    /// Exit with 0 whatever is found; wrong input stays 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Exit with 2 when nothing was judged, or a manifest or a folder could not be read
    #[arg(long)]
    pub(crate) strict: bool,

    /// Rules, groups or areas to run, instead of all [`ALL` names all]
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Rules")]
    pub(crate) select: Option<Vec<String>>,
    /// Rules, groups or areas to leave out
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// Rules, groups or areas to run besides
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Rules")]
    pub(crate) extend_select: Vec<String>,
    /// Judge files of every role by every rule
    #[arg(long, help_heading = "Rules")]
    pub(crate) every_role: bool,
    /// Show each place where a component fails a rule nearly everywhere
    #[arg(long, help_heading = "Rules")]
    pub(crate) every_site: bool,
    /// Show every syntactic candidate: roles, quiet conditions and folding do not hold
    #[arg(long, help_heading = "Rules")]
    pub(crate) pedantic: bool,

    /// Patterns of paths to leave out, instead of the usual ones
    #[arg(long, value_delimiter = ',', value_name = "PATTERN", help_heading = "Files")]
    pub(crate) exclude: Option<Vec<String>>,
    /// Patterns of paths to leave out besides
    #[arg(long, value_delimiter = ',', value_name = "PATTERN", help_heading = "Files")]
    pub(crate) extend_exclude: Vec<String>,
    /// Judge what is given by name only where a run without paths would, and as that would: for hooks, which give lists
    /// of files in parts
    #[arg(long, help_heading = "Files")]
    pub(crate) force_exclude: bool,
    /// Judge what `.gitignore` leaves out, too
    #[arg(long, help_heading = "Files")]
    pub(crate) no_respect_gitignore: bool,
    /// The path that standard input stands for
    #[arg(long, value_name = "PATH", help_heading = "Files")]
    pub(crate) stdin_filename: Option<Utf8PathBuf>,

    /// The configuration file to use, instead of the nearest
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Configuration")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Use no configuration file
    #[arg(long, help_heading = "Configuration")]
    pub(crate) isolated: bool,
    #[command(flatten)]
    pub(crate) settings: settings::SettingsArguments,

    #[command(flatten)]
    pub(crate) suppressions: SuppressionArguments,

    #[command(flatten)]
    pub(crate) baseline: BaselineArguments,

    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", help_heading = "Running")]
    pub(crate) threads: Option<std::num::NonZeroU16>,
    /// How much of each file is parsed: the findings are the same
    #[arg(long, value_enum, default_value_t, value_name = "MODE", help_heading = "Running")]
    pub(crate) parse_mode: ParseModeArgument,
    /// Show no progress bar
    #[arg(long, help_heading = "Running")]
    pub(crate) no_progress: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The name of a rule, or `score`
    pub(crate) rule: String,
    /// With `score`: the folder of the project
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<Utf8PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// How rules are shown
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: RulesFormat,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// The worst first, with their lines, why they matter and what to do.
    #[default]
    Full,
    /// One line each.
    Concise,
    /// An object for programs.
    Json,
    /// One object for each finding, on a line of its own.
    JsonLines,
    /// For code scanning of GitHub and others.
    Sarif,
    /// Annotations in the log of GitHub Actions.
    Github,
    /// The code quality report of GitLab.
    Gitlab,
    /// Test results.
    Junit,
    /// For reviewdog.
    Rdjson,
    /// For summaries and pull requests.
    Markdown,
}

/// How rules are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// A table by area and group.
    #[default]
    Full,
    /// An object for programs.
    Json,
}

/// A level of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warning,
    Info,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}

/// What makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// The choice of a name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        <Self as ValueEnum>::from_str(name, false).ok()
    }

    /// The lowest level that fails; none for never.
    pub(crate) fn level(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// How much of each file is parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParseModeArgument {
    #[default]
    OnDemand,
    Full,
    /// For tests of the triggers.
    #[value(hide = true)]
    Regions,
}
