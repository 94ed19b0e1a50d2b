//! Which files and folders the walk leaves out, apart from what `.gitignore` says. Knows names and
//! patterns; the one question it puts to the disk is whether a folder is an environment or a package.

use camino::Utf8Path;
use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

use crate::discover::DiscoverError;

/// Names of folders that hold nothing of the project: what version control, environments, build tools
/// and caches put there. The last group is left out only where the folder is no Python package, as all
/// its names are also names of real packages (`venv` and `build` among them).
pub const DEFAULT_EXCLUDES: [&str; 29] = [
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "*.dist-info",
    "*.egg-info",
    "__pycache__",
    "__pypackages__",
    "node_modules",
    "site-packages",
    "_build",
    "buck-out",
    "build",
    "dist",
    "venv",
];

/// How many names at the end of [`DEFAULT_EXCLUDES`] give way to a package of that name.
const UNLESS_PACKAGE: usize = 5;

/// The patterns of a run.
#[derive(Debug)]
pub(crate) struct Excludes {
    /// `None` where the configuration replaced the default names.
    defaults: Option<Defaults>,
    configured: Patterns,
}

#[derive(Debug)]
struct Defaults {
    always: GlobSet,
    unless_package: GlobSet,
}

impl Excludes {
    /// Compiles the patterns. `exclude` replaces the default names, `extend` adds to either.
    pub(crate) fn new(
        exclude: Option<&[String]>,
        extend: &[String],
    ) -> Result<Self, DiscoverError> {
        let defaults = if exclude.is_none() {
            let (always, unless_package) =
                DEFAULT_EXCLUDES.split_at(DEFAULT_EXCLUDES.len() - UNLESS_PACKAGE);
            Some(Defaults { always: names(always)?, unless_package: names(unless_package)? })
        } else {
            None
        };
        let all = exclude.unwrap_or_default().iter().chain(extend);
        Ok(Self { defaults, configured: Patterns::new(all.map(String::as_str))? })
    }

    /// Whether a folder is left out with all that is in it. `shown` is its path relative to the
    /// working directory.
    pub(crate) fn folder(&self, absolute: &Utf8Path, shown: &Utf8Path) -> bool {
        if self.configured.matches(shown) {
            return true;
        }
        let Some(name) = absolute.file_name() else { return false };
        if let Some(defaults) = &self.defaults
            && (defaults.always.is_match(name)
                || defaults.unless_package.is_match(name)
                    && !absolute.join("__init__.py").is_file())
        {
            return true;
        }
        // Environments under any name: made by `venv` and its successors, or by conda.
        absolute.join("pyvenv.cfg").is_file()
            || matches!(name, "env" | "envs" | "conda") && absolute.join("conda-meta").is_dir()
    }

    /// Whether a file is left out by itself.
    pub(crate) fn file(&self, shown: &Utf8Path) -> bool {
        self.configured.matches(shown)
    }

    /// Whether a path is left out, or lies in a folder that is: for `force-exclude`, where no walk
    /// came by the folders, outside of the working directory.
    pub(crate) fn path_or_parents(&self, absolute: &Utf8Path, shown: &Utf8Path) -> bool {
        self.below(absolute, shown, None)
    }

    /// The same for a file below a root, which was given by name and so is not left out itself.
    pub(crate) fn below(
        &self,
        absolute: &Utf8Path,
        shown: &Utf8Path,
        root: Option<&Utf8Path>,
    ) -> bool {
        if root == Some(absolute) {
            return false;
        }
        if self.file(shown) {
            return true;
        }
        let folders = absolute.ancestors().skip(1).zip(shown.ancestors().skip(1));
        folders.take_while(|(absolute, _)| root != Some(*absolute)).any(|(absolute, shown)| {
            !shown.as_str().is_empty() && shown != "/" && self.folder(absolute, shown)
        })
    }
}

/// Patterns as ruff and git read them: one without a slash matches a name at any depth, one with a
/// slash matches a path from the working directory.
#[derive(Debug)]
pub(crate) struct Patterns {
    names: GlobSet,
    paths: GlobSet,
}

impl Patterns {
    pub(crate) fn new<'p>(
        patterns: impl IntoIterator<Item = &'p str>,
    ) -> Result<Self, DiscoverError> {
        let mut names = GlobSetBuilder::new();
        let mut paths = GlobSetBuilder::new();
        for pattern in patterns {
            let bare = bare(pattern);
            let glob = glob(pattern, bare)?;
            if bare.contains('/') || pattern.starts_with('/') {
                paths.add(glob);
                // What lies below a matched folder is matched too, whoever asks.
                paths.add(self::glob(pattern, &format!("{bare}/**"))?);
            } else {
                names.add(glob);
            }
        }
        Ok(Self { names: built(&names)?, paths: built(&paths)? })
    }

    /// Whether a pattern matches this path or its last name.
    pub(crate) fn matches(&self, shown: &Utf8Path) -> bool {
        !self.names.is_empty() && shown.file_name().is_some_and(|name| self.names.is_match(name))
            || !self.paths.is_empty() && self.paths.is_match(shown)
    }
}

/// One pattern of the configuration that a file's path, or a folder above it, may match.
#[derive(Debug)]
pub(crate) struct PathPattern {
    matcher: GlobMatcher,
    below: GlobMatcher,
    whole_path: bool,
}

impl PathPattern {
    pub(crate) fn new(pattern: &str) -> Result<Self, DiscoverError> {
        let bare = bare(pattern);
        Ok(Self {
            matcher: glob(pattern, bare)?.compile_matcher(),
            below: glob(pattern, &format!("{bare}/**"))?.compile_matcher(),
            whole_path: bare.contains('/') || pattern.starts_with('/'),
        })
    }

    /// Whether the pattern matches the file or one of the folders that `shown` names.
    pub(crate) fn matches(&self, shown: &Utf8Path) -> bool {
        if self.whole_path {
            return self.matcher.is_match(shown) || self.below.is_match(shown);
        }
        shown.components().any(|part| self.matcher.is_match(part.as_str()))
    }
}

fn names(patterns: &[&str]) -> Result<GlobSet, DiscoverError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern, pattern)?);
    }
    built(&set)
}

fn bare(pattern: &str) -> &str {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    pattern.strip_prefix('/').unwrap_or(pattern).trim_end_matches('/')
}

fn glob(written: &str, pattern: &str) -> Result<globset::Glob, DiscoverError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map_err(|error| pattern_error(written, &error))
}

fn built(set: &GlobSetBuilder) -> Result<GlobSet, DiscoverError> {
    set.build().map_err(|error| pattern_error(error.glob().unwrap_or_default(), &error))
}

fn pattern_error(pattern: &str, error: &globset::Error) -> DiscoverError {
    DiscoverError::Pattern { pattern: pattern.to_owned(), reason: error.kind().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excludes(patterns: &[&str], path: &str) -> bool {
        let patterns = Patterns::new(patterns.iter().copied()).unwrap();
        patterns.matches(Utf8Path::new(path))
    }

    #[test]
    fn a_pattern_without_slash_matches_a_name_and_one_with_slash_a_path() {
        assert!(excludes(&["gen"], "a/gen"));
        assert!(excludes(&["*_gen.py"], "a/b/x_gen.py"));
        assert!(!excludes(&["gen"], "a/gen/x.py"));
        assert!(excludes(&["a/gen/"], "a/gen"));
        assert!(excludes(&["a/gen"], "a/gen/x.py"));
        assert!(excludes(&["./a/*"], "a/x.py"));
        assert!(!excludes(&["a/*.py"], "a/b/x.py"));
        assert!(excludes(&["a/**/*.py"], "a/b/c/x.py"));
        assert!(excludes(&["/top.py"], "top.py"));
        assert!(!excludes(&["/top.py"], "a/top.py"));
    }

    #[test]
    fn a_broken_pattern_is_named() {
        let error = Patterns::new(["a[b"]).unwrap_err();
        assert!(matches!(error, DiscoverError::Pattern { pattern, .. } if pattern == "a[b"));
    }

    #[test]
    fn a_role_pattern_matches_whatever_lies_below() {
        let matches =
            |pattern, path| PathPattern::new(pattern).unwrap().matches(Utf8Path::new(path));
        assert!(matches("evals", "a/evals/x.py"));
        assert!(matches("a/evals", "a/evals/b/x.py"));
        assert!(matches("*_job.py", "a/x_job.py"));
        assert!(!matches("a/*.py", "a/b/x.py"));
    }
}
