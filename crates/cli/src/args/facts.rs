//! The arguments of `facts`. Knows words, not what they do.

use camino::Utf8PathBuf;
use clap::{Args, Parser, ValueEnum};
use roadworthy_engine::Date;

use super::suppressions::read_day;
use super::{Arguments, CheckArguments, Command};

#[derive(Clone, Debug, Args)]
pub(crate) struct FactsArguments {
    /// A folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: Utf8PathBuf,
    /// How facts are shown
    #[arg(long, visible_alias = "format", value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output_format: FactsFormat,
    /// The day for which facts hold [default: that of the last commit; without one, none is known]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = read_day)]
    pub(crate) as_of: Option<Date>,
    /// The configuration file, instead of the nearest one of each file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Read no configuration file
    #[arg(long, conflicts_with = "config")]
    pub(crate) isolated: bool,
}

impl CheckArguments {
    /// A run over the same files, by the same configuration.
    pub(crate) fn of(facts: &FactsArguments) -> Self {
        let mut words = vec!["roadworthy", "check", "--no-progress"];
        if facts.isolated {
            words.push("--isolated");
        }
        if let Some(config) = &facts.config {
            words.extend(["--config", config.as_str()]);
        }
        words.extend(["--", facts.path.as_str()]);
        match Arguments::try_parse_from(words).map(|arguments| arguments.command) {
            Ok(Command::Check(arguments)) => *arguments,
            _ => unreachable!("each of these words is one of `check`"),
        }
    }
}

/// How facts are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FactsFormat {
    /// For people.
    #[default]
    Full,
    /// An object for programs.
    Json,
}
