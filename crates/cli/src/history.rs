//! `check --history`: judges what commits added by the rules that look for secrets. Knows versions and commits, no rule
//! by its name and nothing of how git is asked.

mod fingerprint;
mod head;
mod judge;

use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Catalog, Settings};
use roadworthy_project::history::{Commits, HistoryError, LARGEST_BLOB, Range, Repository};
use roadworthy_project::{DiscoverOptions, discover_listed, may_be_judged};
use roadworthy_report::{
    self as report, FullOptions, HistoryFinding, HistoryReport, ShownFile, Styles,
};
use rustc_hash::FxHashMap;

use crate::args::{CheckArguments, ColorChoice, OutputFormat};
use crate::check::{run_options, working_directory};
use crate::error::Error;
use crate::exit::Exit;
use crate::output;
use crate::plan::{Plan, plan};
use crate::progress::Bar;
use crate::terminal::{self, Kind, say};
use judge::{Appearance, Judge};

/// Judges the commits of a range.
pub(crate) fn history(
    arguments: &CheckArguments,
    range: &str,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let clock = Instant::now();
    output::refuse_all_but_own(arguments, "--history")?;
    if arguments.paths.iter().any(|path| path == "-") {
        let sentence = "--history reads commits and no standard input: give it no `-`";
        return Err(Error::Usage(sentence.to_owned()));
    }
    let range: Range =
        range.parse().map_err(|sentence| Error::Usage(format!("--history: {sentence}")))?;
    let working_directory = working_directory()?;
    let repository = Repository::around(&working_directory)?;
    let paths = restricting(&repository, arguments, &working_directory);
    let commits = repository.commits(&range, &paths)?;
    tell_cut(&commits, color);

    let bar = Bar::new(commits.list.len(), "commits compared", !arguments.no_progress);
    let wanted = |path: &str| may_be_judged(Utf8Path::new(path));
    let mut changes =
        repository.changes(&commits.list, &paths, &wanted, &|done| bar.set(done as u64))?;
    bar.clear();
    let head = repository.head()?;
    let head_versions: Vec<_> =
        head.iter().map(|(path, blob)| changes.version(path, *blob)).collect();
    let compared = clock.elapsed();

    let discover = |options: &DiscoverOptions| {
        let files = changes.paths.iter().map(|path| repository.absolute(path));
        Ok(discover_listed(files, &arguments.paths, options)?)
    };
    let plan = plan(arguments, catalog, &working_directory, &discover)?;
    let settings = about_secrets(&plan)?;
    let options = run_options(arguments);
    let judge = Judge::new(&plan, &settings, &repository, &changes, arguments.threads, options)?;
    let bar = Bar::new(commits.list.len(), "commits judged", !arguments.no_progress);
    let judged = judge.all(&bar)?;
    bar.clear();
    let found_after = clock.elapsed();

    let mut appearances = judged.appearances(&changes.steps);
    let all = appearances.len();
    appearances.retain(|it| it.severity >= plan.min_severity);
    let mut values = head::Values::default();
    let located = judge.locate(&judged, &appearances, |located, value| {
        values.add(located.secret, value);
    })?;
    let in_head = head::search(&repository, &head, &head_versions, &judged, values)?;
    let names = names(&repository, &commits, &appearances)?;
    let shown = |path: &str| shown_path(&repository, &working_directory, path);
    let findings = located.iter().zip(&appearances);
    let findings: Vec<HistoryFinding<'_>> = findings
        .map(|(located, appearance)| HistoryFinding {
            finding: &located.finding,
            commit: &names[&appearance.commit],
            in_head: in_head.get(&located.secret).map(|path| shown(path)),
        })
        .collect();
    let report = HistoryReport {
        findings: &findings,
        commits: commits.list.len(),
        versions: judged.versions,
        bytes: judged.bytes,
        below_minimum: all - findings.len(),
        duration: clock.elapsed(),
        fail_on: plan.fail_on,
    };
    let load = |index: usize| judge.load(appearances[index].version);
    show(&report, arguments, color, &load)?;
    tell_unjudged(&judged, color);
    if arguments.verbose {
        let note = |what: &str, time: std::time::Duration| {
            let sentence = format!("{what} {:.1} ms", time.as_secs_f64() * 1e3);
            say(color, Kind::Note, &sentence);
        };
        note("comparing commits", compared);
        note("judging versions", found_after.saturating_sub(compared));
        note("all", clock.elapsed());
    }
    let fails = |finding: &HistoryFinding<'_>| {
        plan.fail_on.is_some_and(|level| finding.finding.severity >= level)
    };
    Ok(if judged.faults > 0 {
        Exit::Refused
    } else if !arguments.exit_zero && findings.iter().any(fails) {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// The absolute paths that restrict the history; none where it is that of the whole repository.
fn restricting(
    repository: &Repository,
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
) -> Vec<Utf8PathBuf> {
    if arguments.paths.is_empty() {
        return repository.own_paths();
    }
    let absolute = |path: &Utf8PathBuf| -> Utf8PathBuf {
        let joined = working_directory.join(path);
        // What is gone from the disk is still in the history.
        let real = joined.canonicalize_utf8();
        real.unwrap_or_else(|_| joined.components().collect())
    };
    let paths: Vec<_> = arguments.paths.iter().map(absolute).collect();
    let whole = paths.iter().any(|path| *path == repository.absolute(""));
    if whole { Vec::new() } else { paths }
}

/// The settings of the run, with only the rules that point at secrets: others judge what is, not what was.
fn about_secrets(plan: &Plan) -> Result<Vec<Settings>, Error> {
    let points = |id| plan.catalog.rule(id).hides_text;
    let settings: Vec<_> = plan.settings.iter().map(|settings| settings.narrowed(points)).collect();
    if settings.iter().all(|settings| settings.all_rules().is_empty()) {
        let sentence = "--history judges by the rules about secrets, and none of them is selected; select `secrets`";
        return Err(Error::Usage(sentence.to_owned()));
    }
    Ok(settings)
}

fn names(
    repository: &Repository,
    commits: &Commits,
    appearances: &[Appearance],
) -> Result<FxHashMap<u32, roadworthy_project::history::CommitName>, HistoryError> {
    let mut wanted: Vec<u32> = appearances.iter().map(|it| it.commit).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(FxHashMap::default());
    }
    let ids: Vec<_> = wanted.iter().map(|&commit| commits.list[commit as usize]).collect();
    Ok(wanted.into_iter().zip(repository.names(&ids)?).collect())
}

fn shown_path(repository: &Repository, working_directory: &Utf8Path, path: &str) -> Utf8PathBuf {
    let absolute = repository.absolute(path);
    absolute.strip_prefix(working_directory).unwrap_or(&absolute).to_owned()
}

fn show(
    report: &HistoryReport<'_>,
    arguments: &CheckArguments,
    color: ColorChoice,
    load: &dyn Fn(usize) -> Option<ShownFile>,
) -> Result<(), Error> {
    let styles = match arguments.output_format {
        OutputFormat::Json => Styles::plain(),
        _ => terminal::styles(color),
    };
    terminal::print(styles, |out| {
        match (arguments.output_format, arguments.statistics) {
            (OutputFormat::Json, statistics) => report::history_json(out, report, !statistics)?,
            (_, true) => report::history_statistics(out, report, styles)?,
            (OutputFormat::Concise, false) => report::history_concise(out, report, styles)?,
            // Formats that it does not know were refused.
            (_, false) => {
                // Blocks are asked for by their place in the list.
                let none = |_: &Utf8Path| None;
                let options = FullOptions { styles, width: terminal::width(), load: &none };
                report::history_full(out, report, options, load)?;
            }
        }
        Ok(())
    })
}

fn tell_cut(commits: &Commits, color: ColorChoice) {
    if commits.list.is_empty() {
        say(
            color,
            Kind::Warning,
            "nothing was judged: the range holds no commit that changes these paths",
        );
    }
    if commits.cut > 0 {
        let sentence = format!(
            "this clone is shallow: the history is cut at {}, so that what is older counts as added there; \
             `git fetch --unshallow` brings the rest",
            report::counted(commits.cut, "commit")
        );
        say(color, Kind::Warning, &sentence);
    }
}

/// What was not judged must not pass in silence.
fn tell_unjudged(judged: &judge::Judged, color: ColorChoice) {
    let versions = |count| report::counted(count, "version");
    if judged.too_large > 0 {
        let (versions, megabytes) = (versions(judged.too_large), LARGEST_BLOB / 1_000_000);
        let sentence = format!("{versions} of files larger than {megabytes} MB went unjudged");
        say(color, Kind::Warning, &sentence);
    }
    if judged.missing > 0 {
        let sentence = format!(
            "{} of files went unjudged, as this partial clone does not hold them; clone without `--filter`",
            versions(judged.missing)
        );
        say(color, Kind::Warning, &sentence);
    }
    if judged.faults > 0 {
        let sentence = format!(
            "roadworthy itself failed on {} of files: their findings are missing; please report this",
            versions(judged.faults)
        );
        say(color, Kind::Error, &sentence);
    }
}
