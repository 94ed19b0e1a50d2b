//! The station that takes out of a run what its baseline knows, and writes the baseline where that was asked for. Knows
//! paths and sentences; what is known to a baseline is the engine's to say.

mod file;
mod looked;
mod sightings;

use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Baseline, Comparison, Finding, Outcome, Severity, Sighting};
use roadworthy_report::counted;
use roadworthy_secrets::Salt;

use crate::args::{CheckArguments, ColorChoice};
use crate::check::thread_pool;
use crate::error::Error;
use crate::input::Input;
use crate::plan::Plan;
use crate::terminal::{Kind, say};
use file::BaselineFile;
use looked::Looked;
use sightings::{Places, sightings};

/// The file that is written where none is named.
const USUAL: &str = "roadworthy-baseline.jsonl";

/// The baseline of a run, read before anything is judged.
pub(crate) struct Station {
    file: BaselineFile,
    baseline: Baseline,
    working_directory: Utf8PathBuf,
}

/// What a baseline did to a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heeded {
    /// Findings that were taken out.
    pub(crate) known: Vec<Finding>,
    /// Whether the run fails for what is gone.
    pub(crate) fails: bool,
}

impl Heeded {
    /// How many errors were taken out.
    pub(crate) fn known_errors(&self) -> usize {
        self.known.iter().filter(|it| it.severity == Severity::Error).count()
    }
}

/// The baseline that holds for a run: as the arguments say, else the configuration.
///
/// # Errors
/// When it cannot be read, or the options have nothing to go by.
pub(crate) fn open(
    arguments: &CheckArguments,
    plan: &Plan,
    working_directory: &Utf8Path,
) -> Result<Option<Station>, Error> {
    let options = &arguments.baseline;
    if options.no_baseline {
        return Ok(None);
    }
    let nameless = arguments.stdin_filename.is_none() && arguments.paths.iter().any(|it| it == "-");
    if options.writes() && nameless {
        let sentence =
            "standard input has no path that a baseline could know: give --stdin-filename";
        return Err(Error::Usage(sentence.to_owned()));
    }
    let named = options.baseline.as_ref().or(plan.baseline.as_ref()).cloned();
    let shown = match named {
        Some(named) => named,
        None if options.writes() => USUAL.into(),
        None if options.error_stale_baseline => {
            let sentence = "--error-stale-baseline: there is no baseline; give one by --baseline, or by \
                            `baseline` in the configuration";
            return Err(Error::Usage(sentence.to_owned()));
        }
        None => return Ok(None),
    };
    let file = BaselineFile::new(shown, working_directory)?;
    let baseline = match file.read()? {
        Some(baseline) => baseline,
        None if options.update_baseline => Baseline::default(),
        None => return Err(file.missing()),
    };
    Ok(Some(Station { file, baseline, working_directory: working_directory.to_owned() }))
}

/// Commits are judged as they are: what a baseline knows is about files on disk.
///
/// # Errors
/// When there is an option about baselines.
pub(crate) fn refuse_history(arguments: &CheckArguments) -> Result<(), Error> {
    match arguments.baseline.first_given() {
        None => Ok(()),
        Some(option) => {
            let sentence =
                "--history judges commits, and a baseline knows files on disk: leave out";
            Err(Error::Usage(format!("{sentence} {option}")))
        }
    }
}

impl Station {
    /// Goes by what the baseline knew where the work on this branch began, where git knows: what a change adds to it must not
    /// let that change pass. Returns how many more findings it knows now.
    pub(crate) fn go_by_merge_base(&mut self) -> usize {
        let Some(before) = self.file.at_merge_base() else { return 0 };
        let grown = self.baseline.count().saturating_sub(before.count());
        self.baseline = before;
        grown
    }

    /// The file as it was named.
    pub(crate) fn shown(&self) -> &Utf8Path {
        &self.file.shown
    }

    /// Takes out of the findings what is known, says what is gone, and writes the file where that was asked for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn pass(
        &self,
        outcome: &mut Outcome,
        plan: &Plan,
        input: &Input,
        arguments: &CheckArguments,
        color: ColorChoice,
    ) -> Result<Heeded, Error> {
        let clock = Instant::now();
        let options = &arguments.baseline;
        // What could not be read is nothing to live with: nobody knows what is in it.
        let (mut left, findings): (Vec<_>, Vec<_>) = std::mem::take(&mut outcome.findings)
            .into_iter()
            .partition(|finding| finding.rule.name == "unreadable-file");
        let mut salts = self.baseline.salts().to_vec();
        if options.update_baseline && salts.is_empty() {
            salts.push(new_salt()?);
        }
        let places = Places::new(plan, &self.file);
        let look = || sightings(&findings, plan, input, &places, &salts);
        let sightings = match arguments.threads {
            None => look(),
            Some(threads) => thread_pool(threads)?.install(look),
        };
        let compared = (&self.file, &self.baseline);
        let folder = &self.working_directory;
        let looked = Looked::new(compared, outcome, plan, arguments, &places, folder);
        let comparison = self.baseline.compare(&sightings, &|path, rule| looked.reach(path, rule));

        // An incomplete run has lost findings, and must not lose entries, too.
        let is_complete = outcome.faults.is_empty();
        let updated = options.update_baseline && is_complete;
        let mut stale = comparison.stale;
        if options.writes() && is_complete {
            self.write(&comparison, &sightings, &salts, updated, color)?;
            stale = 0;
        } else if options.writes() {
            let sentence = "stays as it was, as this run is not complete";
            say(color, Kind::Error, &format!("{} {sentence}", self.file.shown));
        } else {
            self.tell_stale(stale, options.error_stale_baseline, color);
        }
        if updated {
            let is_named = options.baseline.is_some() || plan.baseline.is_some();
            self.tell_more(left.len(), is_named, color);
        }

        let mut known = comparison.known.iter().map(|&known| known || updated);
        let (known, new): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|_| known.next().unwrap_or_default());
        left.extend(new);
        left.sort_by(Finding::order);
        outcome.findings = left;
        if arguments.verbose {
            let sentence = format!("baseline {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
            say(color, Kind::Note, &sentence);
        }
        Ok(Heeded { known, fails: options.error_stale_baseline && stale > 0 })
    }

    /// Writes what is known from now on: all that was seen, or what of it was known before.
    fn write(
        &self,
        comparison: &Comparison,
        sightings: &[Sighting<'_>],
        salts: &[Salt],
        all: bool,
        color: ColorChoice,
    ) -> Result<(), Error> {
        let seen = sightings.iter().zip(&comparison.known);
        let kept = seen.filter(|(_, known)| all || **known).map(|(sighting, _)| sighting);
        let baseline = comparison.baseline(kept, salts.first().copied());
        self.file.write(&baseline.text())?;
        let (before, now) = (self.baseline.count(), baseline.count());
        let sentence = format!(
            "{} knows {} now: {} added, {} taken out",
            self.file.shown,
            counted(now, "finding"),
            (now + comparison.stale).saturating_sub(before),
            comparison.stale,
        );
        say(color, Kind::Note, &sentence);
        if comparison.unjudged > 0 {
            let sentence = format!(
                "{} of them stay as they were, as this run did not look at their files, or not by their rules",
                comparison.unjudged
            );
            say(color, Kind::Note, &sentence);
        }
        Ok(())
    }

    fn tell_stale(&self, stale: usize, fails: bool, color: ColorChoice) {
        if stale > 0 {
            let are = if stale == 1 { "is" } else { "are" };
            let sentence = format!(
                "{} that {} knows {are} gone: `--prune-baseline` takes them out",
                counted(stale, "finding"),
                self.file.shown
            );
            say(color, if fails { Kind::Error } else { Kind::Note }, &sentence);
        }
    }

    /// What whoever made a baseline should know besides.
    fn tell_more(&self, unreadable: usize, is_named: bool, color: ColorChoice) {
        if unreadable > 0 {
            let sentence = format!(
                "{} of `unreadable-file` cannot be known, as nobody can say what such a file holds: mend it, or exclude it",
                counted(unreadable, "finding"),
            );
            say(color, Kind::Note, &sentence);
        }
        if !is_named {
            let shown = &self.file.shown;
            let sentence = format!(
                "`--baseline {shown}`, or `baseline = \"{shown}\"` in the configuration, leaves out what it knows"
            );
            say(color, Kind::Note, &sentence);
        }
    }
}

/// A new salt.
fn new_salt() -> Result<Salt, Error> {
    Salt::random().map_err(|error| {
        let kind = error.kind();
        Error::System(format!(
            "the system gives no random numbers ({kind}), which a baseline needs for secrets"
        ))
    })
}
