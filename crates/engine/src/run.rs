//! A whole run, on many threads. Knows files and their order, no rule.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use roadworthy_parser::{Parser, Position, SourceFile, Span};
use roadworthy_project::{
    File, FileKind, Problem, Project, ReadError, Repositories, Role, RoleReason, RoleSet,
};

use crate::applies;
use crate::flaws;
use crate::lint_file::{FileLint, Linter, StationTimes};
use crate::project_rules;
use crate::reached::{self, Linked};
use crate::{
    Catalog, ComponentSites, FileSites, Finding, ParseMode, RuleId, RuleSet, Settings, Severity,
    SiteCount, Strictness, Suppressed,
};

/// How a run goes, whatever its rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunOptions {
    /// Whether all rules count what they judge, clean or not: a score needs it.
    pub sites: bool,
    /// How much of each file is parsed.
    pub mode: ParseMode,
    /// How quiet rules are.
    pub strictness: Strictness,
}

/// Is told of each file that is done, from any thread.
pub trait Progress: Sync {
    /// One more file is done.
    fn file_done(&self);
}

/// For runs that nobody watches.
impl Progress for () {
    fn file_done(&self) {}
}

/// What a run tells of one file.
#[derive(Debug)]
pub struct FileSummary {
    /// Its path as reported.
    pub path: Utf8PathBuf,
    /// What it is written in.
    pub kind: FileKind,
    /// What it is for; `None` when it could not be read.
    pub role: Option<RoleReason>,
    /// Size in bytes.
    pub bytes: u64,
    /// How much was parsed, in bytes.
    pub parsed: u64,
}

/// Time spent, summed over threads but for `wall`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    /// From the first file to the last finding in order.
    pub wall: Duration,
    /// The rules about the project, with the facts that they asked for.
    pub project: Duration,
    /// By station.
    pub stations: StationTimes,
}

/// What a run gives.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All findings, by path, offset and rule; not folded yet.
    pub findings: Vec<Finding>,
    /// What the rules judged in each file: those that fold, or all where the options ask for it. Rules about the project
    /// are not among them.
    pub sites: Vec<FileSites>,
    /// What the rules about the project have to judge in each component, where the options ask for it.
    pub applies: Vec<ComponentSites>,
    /// All files, by path.
    pub files: Vec<FileSummary>,
    /// Files with findings that are none of the project's: a lock file, a Makefile.
    pub beside: Vec<File>,
    /// Files that lie where tests lie and that product code imports, where sites were asked for.
    pub disguised: Vec<Utf8PathBuf>,
    /// Files that were too large to be judged.
    pub problems: Vec<Problem>,
    /// What comments silenced, by path and offset.
    pub suppressed: Vec<Suppressed>,
    /// Faults of the program itself, one sentence each: the run was not complete.
    pub faults: Vec<String>,
    /// Time spent.
    pub timings: Timings,
}

/// Gives the text of a file: from disk as a rule, from standard input where an editor asks.
pub type ReadText<'r> = dyn Fn(&File) -> Result<SourceFile, ReadError> + Sync + 'r;

/// What a run judges: the files of a project, in the light of what is known of the whole.
#[derive(Clone, Copy)]
pub struct Subject<'p> {
    /// The files.
    pub project: &'p Project,
    /// What is known of the project, or of a larger one around it; without it, the rules about the project are silent.
    pub facts: Option<&'p Repositories<'p>>,
}

impl<'p> From<&'p Project> for Subject<'p> {
    fn from(project: &'p Project) -> Self {
        Self { project, facts: None }
    }
}

/// Judges every file of a project by one set of settings, and folds what is found nearly everywhere, as strictly as
/// `options` say. Reads each file through [`Project::read`], so that a project may lie in memory.
///
/// To judge some of the files in the light of all, take the others out of [`Project::files`]: what each belongs to has
/// been decided.
pub fn lint(
    project: &Project,
    catalog: &Catalog,
    settings: &Settings,
    options: RunOptions,
) -> Outcome {
    let read = |file: &File| project.read(file);
    let read_bytes = |path: &Utf8Path| project.read_bytes(path);
    let facts = Repositories::new(project, &read_bytes, settings.as_of);
    let subject = Subject { project, facts: Some(&facts) };
    let settings = std::slice::from_ref(settings);
    let mut outcome = run(subject, catalog, settings, &|_| 0, &read, options, &());
    if options.strictness != Strictness::Pedantic {
        outcome.fold(project, None);
    }
    outcome
}

/// Judges every file of a project. `settings_of` gives the index of the settings that hold for a file.
pub fn run(
    subject: Subject<'_>,
    catalog: &Catalog,
    settings: &[Settings],
    settings_of: &(dyn Fn(&File) -> usize + Sync),
    read: &ReadText<'_>,
    options: RunOptions,
    progress: &dyn Progress,
) -> Outcome {
    let clock = Instant::now();
    let mut rules = RuleSet::empty();
    for settings in settings {
        rules.extend(&settings.all_rules());
    }
    let Subject { project, facts } = subject;
    let mut linter = Linter::new(catalog, &rules, options.mode, options.strictness);
    linter.counts_sites = options.sites;
    let mut beside = Vec::new();
    let mut time_of_project = Duration::ZERO;
    let mut faults = Vec::new();
    if let Some(facts) = facts {
        let reports = project_rules::reports(facts, catalog, settings, settings_of, &mut faults);
        beside = project_rules::beside(facts, project, &reports);
        linter = linter.with_facts(facts, reports, &beside);
        time_of_project = clock.elapsed();
    }
    let files: Vec<&File> = project.files.iter().chain(&beside).collect();
    let results: Vec<Result<FileLint, Failure>> = files
        .par_iter()
        .with_max_len(LARGEST_SHARE)
        .map_init(Parser::new, |parser, file| {
            let settings = &settings[settings_of(file)];
            let result = lint_guarded(&linter, parser, project, file, read, settings);
            progress.file_done();
            result
        })
        .collect();

    let mut outcome = Outcome { faults, ..Outcome::default() };
    outcome.timings.project = time_of_project;
    outcome.files.reserve(files.len());
    let mut linked: Vec<Linked<'_>> = Vec::new();
    for (file, result) in files.into_iter().zip(results) {
        match result {
            Ok(lint) => {
                outcome.timings.stations.add(&lint.time);
                outcome.suppressed.extend(lint.suppressed);
                outcome.findings.extend(lint.findings);
                if !lint.sites.is_empty() || !lint.folds.is_empty() {
                    let of_rule = |(id, count)| (catalog.rule(id), count);
                    let counts = lint.sites.into_iter().map(of_rule).collect();
                    let folds = lint.folds.into_iter().map(of_rule).collect();
                    let path = file.path.clone();
                    outcome.sites.push(FileSites { path, reached: true, counts, folds });
                    linked.push((file, Some(lint.role.role), lint.links));
                }
                outcome.files.push(FileSummary {
                    path: file.path.clone(),
                    kind: file.kind,
                    role: Some(lint.role),
                    bytes: lint.bytes,
                    parsed: lint.parsed,
                });
            }
            Err(failure) => {
                outcome.take_failure(catalog, facts, settings, settings_of(file), file, failure);
            }
        }
    }
    if options.sites {
        let reached = reached::reached(project, facts, &linked);
        outcome.disguised = reached::disguised(&linked);
        for (sites, reached) in outcome.sites.iter_mut().zip(reached) {
            sites.reached = reached;
        }
        let unread = outcome.findings.iter().filter(|it| it.rule.name == UNREADABLE);
        outcome.sites.extend(unread.map(|finding| FileSites {
            path: finding.path.clone(),
            reached: true,
            counts: vec![(finding.rule, SiteCount { judged: 1, failed: 1 })],
            folds: Vec::new(),
        }));
        outcome.sites.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
    }
    drop(linked);
    outcome.beside = beside;
    outcome.files.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
    outcome.findings.sort_by(Finding::order);
    if let (true, Some(facts)) = (options.sites, facts) {
        outcome.applies = applies::of_run(catalog, &rules, facts, &outcome);
    }
    outcome.timings.wall = clock.elapsed();
    outcome
}

/// How many files a thread takes at once, at most: what it has taken nobody else can do, and the last of large shares keep
/// one thread busy while all others wait.
const LARGEST_SHARE: usize = 64;

/// The rule that speaks of files that cannot be read.
const UNREADABLE: &str = "unreadable-file";

/// Roles of files which somebody misses when they cannot be read.
const UNREADABLE_MATTERS: RoleSet =
    RoleSet::of(&[Role::Test, Role::Example, Role::Generated, Role::Vendored]).complement();

/// Why a file has no findings of its own.
enum Failure {
    /// It cannot be read as text.
    Unreadable(ReadError),
    /// It is not Python, and too large, or it is encrypted; a sentence without the path.
    Data(String),
    /// The program failed on it.
    Fault,
}

fn lint_guarded(
    linter: &Linter<'_>,
    parser: &mut Parser,
    project: &Project,
    file: &File,
    read: &ReadText<'_>,
    settings: &Settings,
) -> Result<FileLint, Failure> {
    let component = &project.components[file.component];
    if let Some(unread) = linter.unread(file, component, settings) {
        return Ok(unread);
    }
    let clock = Instant::now();
    let source = read(file).map_err(|error| match error {
        ReadError::Data | ReadError::Encrypted => Failure::Data(error.to_string()),
        error => Failure::Unreadable(error),
    })?;
    let read_time = clock.elapsed();
    // A fault in one file must not lose the findings of the others.
    let lint = AssertUnwindSafe(|| linter.lint(parser, file, component, &source, settings, None));
    if let Ok(mut lint) = catch_unwind(lint) {
        lint.time.read = read_time;
        Ok(lint)
    } else {
        *parser = Parser::new();
        Err(Failure::Fault)
    }
}

impl Outcome {
    fn take_failure(
        &mut self,
        catalog: &Catalog,
        facts: Option<&Repositories<'_>>,
        settings: &[Settings],
        settings_index: usize,
        file: &File,
        failure: Failure,
    ) {
        self.files.push(FileSummary {
            path: file.path.clone(),
            kind: file.kind,
            role: None,
            bytes: 0,
            parsed: 0,
        });
        match failure {
            Failure::Data(sentence) => self.problems.push(Problem {
                path: file.path.clone(),
                line: None,
                sentence,
                unjudged: false,
            }),
            Failure::Fault => self.faults.push(format!(
                "roadworthy itself failed on {}: its findings are missing; please report this with the file",
                file.path
            )),
            Failure::Unreadable(error) => {
                let top = Position { line: 1, column: 1 };
                let id = catalog.id(UNREADABLE);
                let settings = &settings[settings_index];
                let known = file.path_role.as_ref().map(|known| known.role);
                let of_role = known.and_then(|role| settings.of_role(role));
                let speaks = |&id: &RuleId| {
                    settings.rules_for(&file.path).contains(id)
                        && !of_role.is_some_and(|of_role| of_role.silent.contains(id))
                };
                if let Some(id) = id.filter(speaks) {
                    let rule = catalog.rule(id);
                    // Suites keep files that nobody can read, to test just that.
                    let kept_so = known.is_some_and(|role| !UNREADABLE_MATTERS.contains(role));
                    let level = || {
                        let facts = facts?.of(file)?;
                        flaws::level_of_bytes(facts, facts.file(&file.absolute)?, &error)
                    };
                    let own = if kept_so { Some(Severity::Info) } else { level() };
                    let own = own.unwrap_or(rule.severity);
                    self.findings.push(Finding {
                        rule,
                        severity: settings.severity(id, known).unwrap_or(own),
                        message: format!("file {error}"),
                        path: file.path.clone(),
                        span: Span::default(),
                        start: top,
                        end: top,
                        kind: Some(file.kind),
                        role: known,
                        fix: None,
                        only_folded: false,
                    });
                }
            }
        }
    }
}
