//! The arguments about comments that silence findings, and about what changes files. Knows words, not what they do.

use clap::Args;
use roadworthy_engine::{Applicability, Date, day};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Fixes and suppressions")]
pub(crate) struct SuppressionArguments {
    /// The day for which the run holds: for `until` in suppressions [default: today, UTC] and for versions that have come to
    /// their end [default: that of the last commit]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = read_day)]
    pub(crate) as_of: Option<Date>,
    /// Mend in the files what can be mended safely
    #[arg(long, conflicts_with_all = ["add_ignore", "history", "show_files"])]
    pub(crate) fix: bool,
    /// With --fix: mend also what somebody should look at afterwards
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// With --fix or --add-ignore: change nothing, and show as a diff what would be changed; with --fix, --diff alone says the same
    #[arg(long, conflicts_with_all = ["output", "statistics", "show_files"])]
    pub(crate) dry_run: bool,
    /// Silence every finding by a comment in its file, for this reason [`until=2027-03-31 REASON`: until then]
    #[arg(
        long,
        value_name = "REASON",
        allow_hyphen_values = true,
        conflicts_with_all = ["history", "show_files"]
    )]
    pub(crate) add_ignore: Option<String>,
}

impl SuppressionArguments {
    /// The day that suppressions are compared with: the only question to the clock.
    pub(crate) fn today(&self) -> Date {
        let clock = || jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        self.as_of.unwrap_or_else(clock)
    }

    /// How much may go wrong with a fix that is made.
    pub(crate) fn most(&self) -> Applicability {
        if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
    }

    /// Whether files are to be changed, or would be.
    pub(crate) fn changes_files(&self) -> bool {
        self.fix || self.add_ignore.is_some()
    }
}

pub(super) fn read_day(text: &str) -> Result<Date, &'static str> {
    day(text).ok_or("give a day written YYYY-MM-DD, as 2027-03-31")
}
