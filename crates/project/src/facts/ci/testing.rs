//! Commands that run tests: which, and over which files. Knows the options of the common runners that name paths.

use camino::Utf8PathBuf;

use super::wrappers::open;
use super::{Command, ToolKind, join};

/// What a run of tests is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What the configuration says, else everything below the folder.
    Usual,
    /// These files and folders, less what is left out.
    Paths(Vec<Utf8PathBuf>),
    /// Not known: it may be anything.
    Unknown,
}

/// Options of pytest that take the next word.
/// Source: <https://docs.pytest.org/en/stable/reference/reference.html#command-line-flags>, and those of pytest-cov,
/// pytest-xdist, pytest-django, pytest-split, pytest-randomly, pytest-timeout.
const VALUED: [&str; 34] = [
    "-k",
    "-m",
    "-c",
    "-n",
    "-p",
    "-o",
    "-r",
    "-W",
    "--cov-report",
    "--cov-config",
    "--junitxml",
    "--junit-xml",
    "--maxfail",
    "--durations",
    "--tb",
    "--rootdir",
    "--confcutdir",
    "--basetemp",
    "--log-level",
    "--log-cli-level",
    "--ignore",
    "--ignore-glob",
    "--deselect",
    "--dist",
    "--numprocesses",
    "--ds",
    "--splits",
    "--group",
    "--timeout",
    "--reruns",
    "--capture",
    "--import-mode",
    "--asyncio-mode",
    "--override-ini",
];

pub(super) fn runs_tests(command: &Command) -> bool {
    let shows = ["--version", "--help", "--collect-only", "--co", "--fixtures", "--markers", "-V"];
    super::tools::of_command(command).any(|tool| tool.is(ToolKind::Tests))
        && !command.words.iter().any(|it| shows.contains(&it.as_str()))
}

/// What the run is limited to.
pub(super) fn scope(command: &Command) -> Scope {
    let program = command.program();
    if program != "pytest" && program != "py.test" {
        return Scope::Unknown;
    }
    let mut paths = Vec::new();
    let mut words = command.words.iter().skip(1);
    while let Some(word) = words.next() {
        if word == "--pyargs" || word.starts_with("--test-group") || word.starts_with('@') {
            return Scope::Unknown;
        }
        if VALUED.contains(&word.as_str()) {
            words.next();
        } else if word.starts_with('-') && word.len() > 1 {
            // An option; `--x y` of a plug-in that is not known takes a word that is no path.
        } else if open(word) {
            return Scope::Unknown;
        } else {
            let path = word.split("::").next().unwrap_or_default();
            let literal = path.split(['*', '?', '[', '{']).next().unwrap_or_default();
            let whole = literal.len() == path.len();
            let end = if whole { literal.len() } else { literal.rfind('/').unwrap_or(0) };
            match join(&command.folder, &literal[..end]) {
                Some(path) => paths.push(path),
                None => return Scope::Unknown,
            }
        }
    }
    if paths.is_empty() { Scope::Usual } else { Scope::Paths(paths) }
}

/// The files and folders that the command leaves out of its run.
pub(super) fn left_out(command: &Command) -> Vec<Utf8PathBuf> {
    let mut words = command.words.iter();
    let mut paths = Vec::new();
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--ignore") {
            Some("") => words.next().map(String::as_str),
            Some(value) => value.strip_prefix('='),
            None => None,
        };
        paths.extend(value.and_then(|it| join(&command.folder, it)));
    }
    paths
}
