//! The arguments of `report`. Knows words, not what they do.

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Parser, ValueEnum};
use roadworthy_engine::Date;

use super::suppressions::read_day;
use super::{Arguments, CheckArguments, Command};

#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ReportArguments {
    /// The folder of a project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: Utf8PathBuf,
    /// How the verdict is shown
    #[arg(
        long,
        visible_alias = "output-format",
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub(crate) format: VerdictFormat,
    /// The verdict in a file besides [repeatable; `html:readiness.html`; `badge:readiness.svg`]
    #[arg(long, value_name = "FORMAT:FILE")]
    pub(crate) output: Vec<String>,
    /// Earlier reports in JSON, or folders of them: how the score went
    #[arg(long, value_name = "FILE", num_args = 1.., value_delimiter = ',')]
    pub(crate) history: Vec<Utf8PathBuf>,
    /// A report in JSON to compare with, such as that of the branch that a change goes to
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<Utf8PathBuf>,
    /// The day for which the verdict holds [default: that of the last commit; without one, none is known]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = read_day)]
    pub(crate) as_of: Option<Date>,
    /// Exit with 0 whatever the gate says; wrong input stays 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Write nothing to the file that `GITHUB_STEP_SUMMARY` names
    #[arg(long)]
    pub(crate) no_step_summary: bool,

    /// Demand that every component has at least this level
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Gate")]
    pub(crate) level: Option<DemandedLevel>,
    /// Rules that must pass wherever they apply
    #[arg(long, value_delimiter = ',', value_name = "RULE", help_heading = "Gate")]
    pub(crate) require: Vec<String>,
    /// Let the errors stand that FILE knows, and close the gate for new ones
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub(crate) baseline: Option<Utf8PathBuf>,
    /// Heed no baseline, though one is configured
    #[arg(long, conflicts_with = "baseline", help_heading = "Gate")]
    pub(crate) no_baseline: bool,
    /// The floors of areas: a file that rises with the scores
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub(crate) floors: Option<Utf8PathBuf>,
    /// Let floors fall to what the areas have now, for this reason, which later reports print
    #[arg(long, value_name = "REASON", help_heading = "Gate")]
    pub(crate) lower_floors: Option<String>,

    /// The configuration file, instead of the nearest one of each file
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Configuration")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Read no configuration file
    #[arg(long, help_heading = "Configuration")]
    pub(crate) isolated: bool,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", help_heading = "Running")]
    pub(crate) threads: Option<std::num::NonZeroU16>,
    /// Show no progress bar
    #[arg(long, help_heading = "Running")]
    pub(crate) no_progress: bool,
}

impl ReportArguments {
    /// A report of a folder by which nothing else is meant.
    pub(crate) fn of_folder(path: Option<&Utf8Path>) -> Self {
        let path = path.map_or(".", Utf8Path::as_str);
        let words = ["roadworthy", "report", "--no-step-summary", "--", path];
        match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
            Ok(Command::Report(arguments)) => *arguments,
            _ => unreachable!("each of these words is one of `report`"),
        }
    }
}

impl CheckArguments {
    /// The run that a verdict rests on: all findings of the folder, by its configuration.
    pub(crate) fn of_report(report: &ReportArguments) -> Self {
        let mut words = vec!["roadworthy".to_owned(), "check".to_owned()];
        let flags = [
            (report.isolated, "--isolated"),
            (report.no_progress, "--no-progress"),
            (report.no_baseline, "--no-baseline"),
        ];
        words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| (*flag).to_owned()));
        let mut with = |option: &str, value: Option<String>| {
            words.extend(value.into_iter().map(|value| format!("--{option}={value}")));
        };
        with("config", report.config.as_ref().map(ToString::to_string));
        with("baseline", report.baseline.as_ref().map(ToString::to_string));
        with("threads", report.threads.map(|threads| threads.to_string()));
        with("as-of", report.as_of.map(|day| day.to_string()));
        with("min-severity", Some("info".to_owned()));
        words.extend(["--".to_owned(), report.path.to_string()]);
        match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
            Ok(Command::Check(arguments)) => *arguments,
            _ => unreachable!("each of these words is one of `check`"),
        }
    }
}

/// How a verdict is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictFormat {
    /// Nine bars, the verdict, and what to mend first.
    #[default]
    Full,
    /// One page for a browser, which needs nothing else.
    Html,
    /// For pull requests and summaries.
    Markdown,
    /// An object for programs, and for later comparisons.
    Json,
    /// A badge as SVG.
    Badge,
    /// What shields.io makes a badge of.
    Shields,
}

/// A level that is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemandedLevel {
    Drivable,
    Roadworthy,
    RaceReady,
}
