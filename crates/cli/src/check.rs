//! `check`: finds the files, judges them and shows what was found.

use std::cell::LazyCell;
use std::num::NonZeroU16;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{
    Catalog, Finding, Outcome, ParseMode, Rule, RuleSet, RunOptions, Settings, Severity,
    Strictness, Subject,
};
use roadworthy_parser::{Position, Span};
use roadworthy_project::{DiscoverOptions, File, Problem, Project, Repositories};
use roadworthy_report::{Aside, Report};

use crate::args::{CheckArguments, ColorChoice, ParseModeArgument};
use crate::around::around;
use crate::baseline::{self, Heeded};
use crate::diff::Diff;
use crate::dry_run::dry_run;
use crate::error::Error;
use crate::exit::Exit;
use crate::history::history;
use crate::input::Input;
use crate::mend::{self, Mended};
use crate::output::{self, Outputs};
use crate::plan::{Plan, plan};
use crate::progress::Bar;
use crate::show_settings::show_settings;
use crate::terminal::{Kind, say};
use crate::whole::whole;

/// Judges what the arguments name.
pub(crate) fn check(
    arguments: &CheckArguments,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    if let Some(range) = &arguments.history {
        baseline::refuse_history(arguments)?;
        return history(arguments, range, color, catalog);
    }
    let clock = Instant::now();
    mend::refuse(arguments)?;
    let working_directory = working_directory()?;
    let outputs = Outputs::new(arguments, &working_directory)?;
    let mut input = Input::new(arguments)?;
    let mut diff = Diff::new(arguments, &mut input, &working_directory, color)?;
    let discover = |options: &DiscoverOptions| input.discover(arguments, options);
    let mut plan = plan(arguments, catalog, &working_directory, &discover)?;
    if arguments.settings.show_settings {
        plan.leave_out_unasked();
        return show_settings(&plan, arguments, color);
    }
    let planned = clock.elapsed();
    let unjudged = unjudged(&plan);
    if arguments.show_files {
        tell_problems(&plan.project, &[], color);
    }
    let whole = whole(&plan, arguments, diff.is_some(), &working_directory)?;
    if let Some(diff) = &mut diff {
        diff.narrow(&mut plan, whole.as_ref(), &mut input, arguments, color)?;
    }
    if arguments.show_files {
        return show_files(&plan, &input, arguments, diff.is_some(), color);
    }
    let baseline = baseline::open(arguments, &plan, &working_directory)?;
    plan.leave_out_unasked();
    outputs.leave_out(&mut plan.project);
    let mut outcome = judge_in_light_of(whole.as_ref(), &mut plan, &input, arguments)?;
    let plan = plan;
    let of_whole = whole.as_ref().unwrap_or(&plan.project);
    let read_bytes = |path: &Utf8Path| input.read_bytes(of_whole, path);
    // Most runs need them no more.
    let as_of = arguments.suppressions.as_of;
    let facts = LazyCell::new(|| Repositories::new(of_whole, &read_bytes, as_of));
    // What becomes a finding is not said twice. A refusal has to say why.
    let said = |it: &&Finding| it.rule.name == "unparsable-file" && !arguments.strict;
    let said = outcome.findings.iter().filter(said).chain(&unjudged);
    tell_problems(&plan.project, &said.collect::<Vec<_>>(), color);
    tell_faults(&outcome, color);
    tell_left_out(&outcome, color);
    // A folded finding speaks of a share: with each site it would become another one, or it would hide each new site, and
    // it would come back with every change. So a baseline knows sites, and what is new is shown at its own place.
    // And what is mended is mended place by place.
    let of_whole =
        (baseline.is_none() && diff.is_none() && !arguments.suppressions.fix).then_some(of_whole);
    fold(&mut outcome, &plan, of_whole, &input, arguments, &working_directory)?;
    outcome.findings.extend(unjudged);
    outcome.findings.sort_by(Finding::order);
    if outcome.files.is_empty() && outcome.findings.is_empty() {
        tell_nothing(arguments, diff.is_some(), color);
    }
    let heeded = match baseline {
        Some(baseline) => baseline.pass(&mut outcome, &plan, &input, arguments, color)?,
        None => Heeded::default(),
    };
    // The baseline has seen all findings of these files: what did not change is not gone.
    let unchanged = match &diff {
        Some(diff) => diff.leave_out_unchanged(&mut outcome, &plan, &facts, &input, arguments)?,
        None => 0,
    };

    let problems: Vec<_> = plan.project.problems.iter().chain(&outcome.problems).cloned().collect();
    let before = outcome.findings.len();
    outcome.findings.retain(|finding| finding.severity >= plan.min_severity);
    let below_minimum = before - outcome.findings.len();
    let mended = if arguments.suppressions.changes_files() {
        mend::mend(&plan, &facts, &mut outcome, arguments, &working_directory, color)
    } else {
        Mended::default()
    };
    if arguments.suppressions.dry_run {
        tell_faults(&outcome, color);
        return dry_run(mended, &plan, arguments, color);
    }
    let report = Report {
        findings: &outcome.findings,
        files: &outcome.files,
        problems: &problems,
        aside: Aside {
            suppressed: outcome.suppressed.len(),
            below_minimum,
            known: heeded.known.len(),
            known_errors: heeded.known_errors(),
            unchanged,
            fixed: mended.fixed,
            silenced: mended.silenced,
        },
        duration: clock.elapsed(),
        fail_on: plan.fail_on,
    };
    let rendering = Instant::now();
    let complete = outputs.show(&report, &plan, &input, arguments, color);
    if arguments.verbose {
        output::tell_timings(&outcome, planned, rendering.elapsed(), clock.elapsed(), color);
    }
    if !complete {
        return Ok(Exit::Refused);
    }
    Ok(match exit(&outcome, &plan, heeded.fails, diff.is_some(), arguments) {
        // What was to be silenced and is not must not pass for it, whatever its level.
        Exit::Clean if mended.left > 0 && !arguments.exit_zero => Exit::Findings,
        exit => exit,
    })
}

/// Folds what is found nearly everywhere, in the light of what lies around the files of the run, unless each place is asked for;
/// without the whole, only leaves out what is told in a sum alone.
pub(crate) fn fold(
    outcome: &mut Outcome,
    plan: &Plan,
    of_whole: Option<&Project>,
    input: &Input,
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
) -> Result<(), Error> {
    if arguments.every_site || arguments.pedantic {
        return Ok(());
    }
    let Some(of_whole) = of_whole else {
        outcome.drop_only_folded();
        return Ok(());
    };
    match around(outcome, plan, of_whole, input, arguments, working_directory)? {
        Some((rest, around)) => outcome.fold(&plan.project, Some((&rest.project, around))),
        None => outcome.fold(&plan.project, None),
    }
    Ok(())
}

/// Says which files were too large.
pub(crate) fn tell_left_out(outcome: &Outcome, color: ColorChoice) {
    for problem in &outcome.problems {
        say(color, Kind::Note, &problem_sentence(problem));
    }
}

fn exit(
    outcome: &Outcome,
    plan: &Plan,
    stale: bool,
    diff: bool,
    arguments: &CheckArguments,
) -> Exit {
    // A change need not hold anything to judge.
    let nothing = outcome.files.is_empty() && !diff;
    let incomplete = nothing || !plan.project.problems.is_empty() || !outcome.problems.is_empty();
    if !outcome.faults.is_empty() || arguments.strict && incomplete {
        return Exit::Refused;
    }
    let fails = |finding: &Finding| plan.fail_on.is_some_and(|level| finding.severity >= level);
    if !arguments.exit_zero && (stale || outcome.findings.iter().any(fails)) {
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

/// Judges the files of a run in the light of the whole project around them, where that is larger.
fn judge_in_light_of(
    whole: Option<&Project>,
    plan: &mut Plan,
    input: &Input,
    arguments: &CheckArguments,
) -> Result<Outcome, Error> {
    let project = whole.unwrap_or(&plan.project);
    let read_bytes = |path: &Utf8Path| input.read_bytes(project, path);
    let facts = Repositories::new(project, &read_bytes, arguments.suppressions.as_of);
    let mut outcome = judge(plan, input, arguments, &plan.settings, Some(&facts))?;
    plan.take_in(std::mem::take(&mut outcome.beside));
    Ok(outcome)
}

/// Runs the rules, on as many threads as were asked for.
pub(crate) fn judge(
    plan: &Plan,
    input: &Input,
    arguments: &CheckArguments,
    settings: &[Settings],
    facts: Option<&Repositories<'_>>,
) -> Result<Outcome, Error> {
    judge_by(run_options(arguments), plan, input, arguments, settings, facts)
}

/// Runs the rules in a way that the arguments alone do not say.
pub(crate) fn judge_by(
    options: RunOptions,
    plan: &Plan,
    input: &Input,
    arguments: &CheckArguments,
    settings: &[Settings],
    facts: Option<&Repositories<'_>>,
) -> Result<Outcome, Error> {
    let bar = Bar::new(plan.project.files.len(), "files", !arguments.no_progress);
    let settings_of = |file: &_| plan.settings_of(file);
    let read = |file: &File| input.read(file);
    let run = || {
        let Plan { project, catalog, .. } = plan;
        let subject = Subject { project, facts };
        roadworthy_engine::run(subject, catalog, settings, &settings_of, &read, options, &bar)
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
        sites: false,
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
    diff: bool,
    color: ColorChoice,
) -> Result<Exit, Error> {
    let silent = |_| Settings::new(&plan.catalog, RuleSet::empty());
    let settings: Vec<_> = plan.settings.iter().map(silent).collect();
    let outcome = judge(plan, input, arguments, &settings, None)?;
    tell_faults(&outcome, color);
    if outcome.files.is_empty() {
        tell_nothing(arguments, diff, color);
    }
    output::show_files(&outcome.files, arguments, color)?;
    Ok(if outcome.faults.is_empty() { Exit::Clean } else { Exit::Refused })
}

pub(crate) fn tell_faults(outcome: &Outcome, color: ColorChoice) {
    for fault in &outcome.faults {
        say(color, Kind::Error, fault);
    }
}

/// Says what could not be read, but where a finding says it.
pub(crate) fn tell_problems(project: &Project, findings: &[&Finding], color: ColorChoice) {
    let is_said = |it: &&Problem| findings.iter().any(|finding| finding.path == shown(&it.path));
    for problem in project.problems.iter().filter(|problem| !is_said(problem)) {
        say(color, Kind::Warning, &problem_sentence(problem));
    }
}

fn problem_sentence(problem: &Problem) -> String {
    let path = shown(&problem.path);
    match problem.line {
        Some(line) => format!("{path}:{line} {}", problem.sentence),
        None => format!("{path} {}", problem.sentence),
    }
}

/// The working directory has a name, too.
fn shown(path: &Utf8Path) -> &Utf8Path {
    if path.as_str().is_empty() { Utf8Path::new(".") } else { path }
}

/// No run that looked at nothing says that all is well.
fn tell_nothing(arguments: &CheckArguments, diff: bool, color: ColorChoice) {
    if diff {
        let sentence = "nothing was judged: no file changed that a selected rule judges";
        return say(color, Kind::Note, sentence);
    }
    let paths: Vec<_> = arguments.paths.iter().map(|path| format!("`{path}`")).collect();
    let paths = if paths.is_empty() { "`.`".to_owned() } else { paths.join(", ") };
    let sentence = format!(
        "nothing was judged: there is no file in {paths} that a selected rule judges; give another path, or \
         see whether `.gitignore` or `exclude` leaves the files out"
    );
    say(color, Kind::Warning, &sentence);
}

/// Files and folders that discovery could not look at: what is not judged must not pass in silence.
pub(crate) fn unjudged(plan: &Plan) -> Vec<Finding> {
    let Some(id) = plan.catalog.id("unreadable-file") else { return Vec::new() };
    let rule = plan.catalog.rule(id);
    let top = Position { line: 1, column: 1 };
    let problems = plan.project.problems.iter().filter(|problem| problem.unjudged);
    let settings = plan.main_settings();
    problems
        .filter(|problem| settings.rules_for(&problem.path).contains(id))
        .map(|problem| Finding {
            rule,
            severity: settings.severities[id].unwrap_or_else(|| level_of_unjudged(rule, problem)),
            message: format!("path {}", problem.sentence),
            path: shown(&problem.path).to_owned(),
            span: Span::default(),
            start: top,
            end: top,
            kind: None,
            role: None,
            fix: None,
            only_folded: false,
        })
        .collect()
}

/// A link to nothing, as into a folder of one machine, hides no code.
fn level_of_unjudged(rule: &Rule, problem: &Problem) -> Severity {
    let leads_nowhere = problem.path.is_symlink() && !problem.path.exists();
    if leads_nowhere { rule.severity.min(Severity::Warning) } else { rule.severity }
}
