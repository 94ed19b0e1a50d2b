//! `check`: finds the files, judges them and shows what was found.

use std::cell::OnceCell;
use std::num::NonZeroU16;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{
    Catalog, Finding, HiddenText, Outcome, ParseMode, RuleSet, RunOptions, Settings, Strictness,
};
use roadworthy_parser::{Position, Span};
use roadworthy_project::{DiscoverOptions, File, Problem};
use roadworthy_report::{self as report, FullOptions, Report, ShownFile, Styles};

use crate::args::{CheckArguments, ColorChoice, OutputFormat, ParseModeArgument};
use crate::around::around;
use crate::error::Error;
use crate::exit::Exit;
use crate::history::history;
use crate::input::Input;
use crate::plan::{Plan, plan};
use crate::progress::Bar;
use crate::terminal::{self, Kind, say};

/// Judges what the arguments name.
pub(crate) fn check(
    arguments: &CheckArguments,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    if let Some(range) = &arguments.history {
        return history(arguments, range, color, catalog);
    }
    let clock = Instant::now();
    let working_directory = working_directory()?;
    let input = Input::new(arguments)?;
    let discover = |options: &DiscoverOptions| input.discover(arguments, options);
    let mut plan = plan(arguments, catalog, &working_directory, &discover)?;
    let planned = clock.elapsed();
    let unjudged = unjudged(&plan);
    let is_finding =
        |problem: &Problem| unjudged.iter().any(|finding| finding.path == shown(&problem.path));
    // What becomes a finding is not said twice.
    let findings_are_shown = !arguments.show_files;
    for problem in &plan.project.problems {
        if !(findings_are_shown && is_finding(problem)) {
            say(color, Kind::Warning, &problem_sentence(problem));
        }
    }
    if arguments.show_files {
        return show_files(&plan, &input, arguments, color);
    }
    plan.leave_out_unasked();
    let plan = plan;
    let mut outcome = judge(&plan, &input, arguments, &plan.settings)?;
    tell_faults(&outcome, color);
    for problem in &outcome.problems {
        say(color, Kind::Note, &problem_sentence(problem));
    }
    if !arguments.every_site && !arguments.pedantic {
        match around(&outcome, &plan, arguments, &working_directory)? {
            Some((rest, around)) => outcome.fold(&plan.project, Some((&rest.project, around))),
            None => outcome.fold(&plan.project, None),
        }
    }
    if !unjudged.is_empty() {
        outcome.findings.extend(unjudged);
        outcome.findings.sort_by(Finding::order);
    }
    if outcome.files.is_empty() && outcome.findings.is_empty() {
        say(color, Kind::Warning, &nothing_sentence(arguments));
    }

    let problems: Vec<_> = plan.project.problems.iter().chain(&outcome.problems).cloned().collect();
    let before = outcome.findings.len();
    outcome.findings.retain(|finding| finding.severity >= plan.min_severity);
    let report = Report {
        findings: &outcome.findings,
        files: &outcome.files,
        problems: &problems,
        suppressed: outcome.suppressed,
        below_minimum: before - outcome.findings.len(),
        duration: clock.elapsed(),
        fail_on: plan.fail_on,
    };
    let rendering = Instant::now();
    show(&report, &plan, &input, arguments, color)?;
    if arguments.verbose {
        tell_timings(&outcome, planned, rendering.elapsed(), clock.elapsed(), color);
    }
    Ok(exit(&outcome, &plan, arguments))
}

fn exit(outcome: &Outcome, plan: &Plan, arguments: &CheckArguments) -> Exit {
    if !outcome.faults.is_empty() {
        return Exit::Refused;
    }
    let fails = |finding: &Finding| plan.fail_on.is_some_and(|level| finding.severity >= level);
    if !arguments.exit_zero && outcome.findings.iter().any(fails) {
        return Exit::Findings;
    }
    Exit::Clean
}

pub(crate) fn working_directory() -> Result<Utf8PathBuf, Error> {
    let folder = std::env::current_dir()
        .map_err(|error| Error::WorkingDirectory(error.kind().to_string()))?;
    Utf8PathBuf::from_path_buf(folder)
        .map_err(|_| Error::WorkingDirectory("its name is not UTF-8".to_owned()))
}

/// Runs the rules, on as many threads as were asked for.
pub(crate) fn judge(
    plan: &Plan,
    input: &Input,
    arguments: &CheckArguments,
    settings: &[Settings],
) -> Result<Outcome, Error> {
    let options = run_options(arguments);
    let bar = Bar::new(plan.project.files.len(), "files", !arguments.no_progress);
    let settings_of = |file: &_| plan.settings_of(file);
    let read = |file: &File| input.read(file);
    let run = || {
        let Plan { project, catalog, .. } = plan;
        roadworthy_engine::run(project, catalog, settings, &settings_of, &read, options, &bar)
    };
    let outcome = match arguments.threads {
        None => run(),
        Some(threads) => thread_pool(threads)?.install(run),
    };
    bar.clear();
    Ok(outcome)
}

/// As many threads as were asked for.
pub(crate) fn thread_pool(threads: NonZeroU16) -> Result<rayon::ThreadPool, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads.get())).build();
    pool.map_err(|error| {
        Error::System(format!("{threads} threads cannot be started ({error}); ask for fewer"))
    })
}

/// How a run goes, as the arguments say.
pub(crate) fn run_options(arguments: &CheckArguments) -> RunOptions {
    RunOptions {
        mode: match arguments.parse_mode {
            ParseModeArgument::OnDemand => ParseMode::OnDemand,
            ParseModeArgument::Full => ParseMode::Full,
            ParseModeArgument::Regions => ParseMode::Regions,
        },
        strictness: match (arguments.pedantic, arguments.every_role) {
            (true, _) => Strictness::Pedantic,
            (false, true) => Strictness::EveryRole,
            (false, false) => Strictness::Normal,
        },
    }
}

/// Shows what each file is for; rules say nothing.
fn show_files(
    plan: &Plan,
    input: &Input,
    arguments: &CheckArguments,
    color: ColorChoice,
) -> Result<Exit, Error> {
    let silent = |_| Settings::new(&plan.catalog, RuleSet::empty());
    let settings: Vec<_> = plan.settings.iter().map(silent).collect();
    let outcome = judge(plan, input, arguments, &settings)?;
    tell_faults(&outcome, color);
    if outcome.files.is_empty() {
        say(color, Kind::Warning, &nothing_sentence(arguments));
    }
    let styles = terminal::styles(color);
    terminal::print(styles, |out| {
        match arguments.output_format {
            OutputFormat::Json => report::files_json(out, &outcome.files)?,
            OutputFormat::Full | OutputFormat::Concise => {
                report::files(out, &outcome.files, styles)?;
            }
        }
        Ok(())
    })?;
    Ok(if outcome.faults.is_empty() { Exit::Clean } else { Exit::Refused })
}

fn tell_faults(outcome: &Outcome, color: ColorChoice) {
    for fault in &outcome.faults {
        say(color, Kind::Error, fault);
    }
}

fn show(
    report: &Report<'_>,
    plan: &Plan,
    input: &Input,
    arguments: &CheckArguments,
    color: ColorChoice,
) -> Result<(), Error> {
    let styles = match arguments.output_format {
        OutputFormat::Json => Styles::plain(),
        _ => terminal::styles(color),
    };
    // Getting the rules ready that hide text takes longer than judging a file by them.
    let hiding: Vec<OnceCell<HiddenText<'_>>> =
        plan.settings.iter().map(|_| OnceCell::new()).collect();
    let load = |path: &Utf8Path| load(plan, &hiding, input, path);
    terminal::print(styles, |out| {
        match (arguments.output_format, arguments.statistics) {
            (OutputFormat::Json, false) => report::json(out, report)?,
            (OutputFormat::Json, true) => report::statistics_json(out, report)?,
            (_, true) => report::statistics(out, report, styles)?,
            (OutputFormat::Concise, false) => report::concise(out, report, styles)?,
            (OutputFormat::Full, false) => {
                let options = FullOptions { styles, width: terminal::width(), load: &load };
                report::full(out, report, options)?;
            }
        }
        Ok(())
    })
}

/// The text of a file that is shown, and what of it must not be.
fn load<'p>(
    plan: &'p Plan,
    hiding: &[OnceCell<HiddenText<'p>>],
    input: &Input,
    path: &Utf8Path,
) -> Option<ShownFile> {
    let file = plan.project.files.iter().find(|file| file.path == path)?;
    let source = input.read(file).ok()?;
    let index = plan.settings_of(file);
    let ready = || HiddenText::new(&plan.catalog, &plan.settings[index]);
    let hiding = hiding[index].get_or_init(ready);
    let hidden = hiding.spans(file, plan.project.component(file), &source);
    Some(ShownFile { source, hidden })
}

fn problem_sentence(problem: &Problem) -> String {
    let path = shown(&problem.path);
    match problem.line {
        Some(line) => format!("{path}:{line}: {}", problem.sentence),
        None => format!("{path} {}", problem.sentence),
    }
}

/// The working directory has a name, too.
fn shown(path: &Utf8Path) -> &Utf8Path {
    if path.as_str().is_empty() { Utf8Path::new(".") } else { path }
}

fn nothing_sentence(arguments: &CheckArguments) -> String {
    let paths: Vec<_> = arguments.paths.iter().map(|path| format!("`{path}`")).collect();
    let paths = if paths.is_empty() { "`.`".to_owned() } else { paths.join(", ") };
    format!(
        "nothing was judged: there is no file in {paths} that a selected rule judges; give another path, or \
         see whether `.gitignore` or `exclude` leaves the files out"
    )
}

/// Files and folders that discovery could not look at: what is not judged must not pass in silence.
fn unjudged(plan: &Plan) -> Vec<Finding> {
    let Some(id) = plan.catalog.id("unreadable-file") else { return Vec::new() };
    let rule = plan.catalog.rule(id);
    let top = Position { line: 1, column: 1 };
    let problems = plan.project.problems.iter().filter(|problem| problem.unjudged);
    let settings = plan.main_settings();
    problems
        .filter(|problem| settings.rules_for(&problem.path).contains(id))
        .map(|problem| Finding {
            rule,
            severity: settings.severities[id].unwrap_or(rule.severity),
            message: format!("path {}", problem.sentence),
            path: shown(&problem.path).to_owned(),
            span: Span::default(),
            start: top,
            end: top,
            kind: None,
            role: None,
        })
        .collect()
}

fn tell_timings(
    outcome: &Outcome,
    planned: Duration,
    shown: Duration,
    total: Duration,
    color: ColorChoice,
) {
    let wall = outcome.timings.wall;
    let stations = outcome.timings.stations;
    let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    let note = |sentence: String| say(color, Kind::Note, &sentence);
    note(format!("configuration and discovery {}", milliseconds(planned)));
    note(format!(
        "judging {} (summed over threads: read {}, scan {}, triggers {}, parse {}, rules {})",
        milliseconds(wall),
        milliseconds(stations.read),
        milliseconds(stations.scan),
        milliseconds(stations.triggers),
        milliseconds(stations.parse),
        milliseconds(stations.rules),
    ));
    note(format!("report {}", milliseconds(shown)));
    note(format!("all {}", milliseconds(total)));
}
