//! Paths on a command line to the files of a project. Knows the file system and names, never the
//! contents of a file.

mod narrow;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::quoted;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::component::Components;
use crate::excludes::{Excludes, PathPattern};
use crate::folders::Folders;
use crate::git::Repository;
use crate::in_memory::Contents;
use crate::kind::FileKind;
use crate::project::{File, Project};
use crate::read::{io_sentence, is_python_shebang, names_python};
use crate::role::{Role, RoleReason, Strength};
use narrow::Narrow;

/// What decides which files belong to a run, apart from the paths themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoverOptions {
    /// The absolute path that given and shown paths are relative to.
    pub working_directory: Utf8PathBuf,
    /// Patterns that replace [`DEFAULT_EXCLUDES`](crate::DEFAULT_EXCLUDES).
    pub exclude: Option<Vec<String>>,
    /// Patterns that are left out besides.
    pub extend_exclude: Vec<String>,
    /// Whether of given paths below the working directory only that is taken which a walk of it meets, so that a list
    /// of its files in parts comes to the same as the whole; of paths outside, whether the excludes hold for them.
    pub force_exclude: bool,
    /// Whether `.gitignore`, `.ignore` and `.git/info/exclude` are heeded.
    pub respect_gitignore: bool,
    /// Roles that the configuration gives to the files of a pattern; the last match wins.
    pub roles: Vec<(String, Role)>,
    /// Number of threads of the walk; 0 leaves it to the machine.
    pub threads: usize,
    /// Whether a given path that does not exist is a file that its editor has not saved yet.
    pub unsaved: bool,
}

impl DiscoverOptions {
    /// The options of a run without configuration.
    pub fn new(working_directory: impl Into<Utf8PathBuf>) -> Self {
        Self {
            working_directory: working_directory.into(),
            exclude: None,
            extend_exclude: Vec::new(),
            force_exclude: false,
            respect_gitignore: true,
            roles: Vec::new(),
            threads: 0,
            unsaved: false,
        }
    }
}

impl Project {
    /// A project whose files lie in memory: what each belongs to and is for is decided as on disk, from these files
    /// alone. Paths are relative, with forward slashes; of what a walk would not look at (images, lock files) only the
    /// contents are kept, for others to ask.
    pub fn in_memory<P, C>(files: impl IntoIterator<Item = (P, C)>) -> Self
    where
        P: Into<Utf8PathBuf>,
        C: Into<Vec<u8>>,
    {
        let contents: Contents = files.into_iter().collect();
        let options = DiscoverOptions::new("");
        let mut collected = Collected::default();
        for path in contents.paths() {
            let head = contents.get(path).unwrap_or_default();
            if !may_be_judged(path) || !is_judged(path, head) {
                collected.others.push(path.to_owned());
                continue;
            }
            let kind = FileKind::of(path).unwrap_or(FileKind::Python);
            collected.found.push(Found {
                kind,
                shown: path.to_owned(),
                absolute: path.to_owned(),
                real: path.to_owned(),
                link: false,
                stub: contents.get(Utf8Path::new(&format!("{path}i"))).is_some(),
                scan_root: Utf8PathBuf::new(),
            });
        }
        collected.folders = Folders::in_memory(contents.clone());
        let project = assemble(collected, &options);
        let project = project.expect("there is no pattern that could be wrong");
        Self { contents: Some(contents), ..project }
    }
}

/// Something that was not looked at, or not understood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where, as shown.
    pub path: Utf8PathBuf,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// What is wrong: a predicate whose subject is the path ("may not be read").
    pub sentence: String,
    /// Whether Python code went unjudged because of it; otherwise only what surrounds the code is not
    /// known, or it is too large to be configuration.
    pub unjudged: bool,
}

/// Why there is no project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoverError {
    /// A given path does not exist.
    Missing {
        /// As given.
        path: Utf8PathBuf,
    },
    /// A given path may not be looked at.
    Unreadable {
        /// As given.
        path: Utf8PathBuf,
        /// A predicate whose subject is the path.
        sentence: String,
    },
    /// A pattern of the configuration is none.
    Pattern {
        /// As written.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(out, "`{path}` does not exist"),
            Self::Unreadable { path, sentence } => write!(out, "`{path}` {sentence}"),
            Self::Pattern { pattern, reason } => {
                write!(out, "{} is not a valid path pattern: {reason}", quoted(pattern))
            }
        }
    }
}

impl std::error::Error for DiscoverError {}

/// A file that the walk or the command line named.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: FileKind,
    shown: Utf8PathBuf,
    pub(crate) absolute: Utf8PathBuf,
    /// The file itself, behind all links: what may not be judged twice.
    real: Utf8PathBuf,
    /// Whether `shown` is a link.
    link: bool,
    /// Whether a stub is known to lie beside it.
    stub: bool,
    /// Where the component begins if nothing on disk says so.
    pub(crate) scan_root: Utf8PathBuf,
}

/// Collects what the walk and the command line bring.
#[derive(Debug, Default)]
struct Collected {
    found: Vec<Found>,
    folders: Folders,
    problems: Vec<Problem>,
    folder_links: Vec<Utf8PathBuf>,
    others: Vec<Utf8PathBuf>,
}

/// Finds the files below the given folders, and the given files, and says what they belong to.
/// Without paths it is the working directory that is walked.
///
/// Links to files are followed, links to folders are not, as in git and ruff; a given folder may be a
/// link. Excludes hold for names below a given folder, not for the folder itself.
///
/// # Errors
/// When a given path does not exist or may not be asked for, or a pattern is none. What goes wrong
/// below a given folder is one of [`Project::problems`].
pub fn discover(
    paths: &[Utf8PathBuf],
    options: &DiscoverOptions,
) -> Result<Project, DiscoverError> {
    discover_besides(paths, &[], options)
}

/// The same, with absolute files besides that do not lie on the disk, unless they are excluded or lie below none of the
/// paths: what git is about to commit.
///
/// # Errors
/// As [`discover`].
pub fn discover_besides(
    paths: &[Utf8PathBuf],
    files: &[Utf8PathBuf],
    options: &DiscoverOptions,
) -> Result<Project, DiscoverError> {
    let excludes = Excludes::new(options.exclude.as_deref(), &options.extend_exclude)?;
    let here = [Utf8PathBuf::from(".")];
    let paths = if paths.is_empty() { here.as_slice() } else { paths };
    let mut collected = Collected::default();
    let around = working_folder(options);
    let mut narrow = Narrow::default();
    for given in paths {
        take(given, &around, options, &excludes, &mut collected, &mut narrow)?;
    }
    if !narrow.is_empty() {
        walk::walk(&around, Some(&narrow), options, &excludes, &mut collected);
    }
    let below = |file: &&Utf8PathBuf| {
        let mut given = paths.iter().map(|path| absolute(&options.working_directory, path));
        given.any(|path| file.starts_with(path))
    };
    let files = files.iter().filter(below).cloned();
    collected.found.extend(listed(files, paths, options, &excludes));
    assemble(collected, options)
}

/// Says what a file would belong to that need not exist: for text from standard input which is given a
/// name.
///
/// # Errors
/// When a pattern of the configuration is none.
pub fn discover_unsaved(
    path: &Utf8Path,
    options: &DiscoverOptions,
) -> Result<Project, DiscoverError> {
    let absolute = absolute(&options.working_directory, path);
    let shown = shown(&options.working_directory, &absolute);
    let found = named(absolute.clone(), shown, absolute, options);
    assemble(Collected { found: vec![found], ..Collected::default() }, options)
}

/// Says what files would belong to that need not exist any more, leaving out what is excluded below the given paths: for
/// the versions of files that a repository keeps.
///
/// # Errors
/// When a pattern is none.
pub fn discover_listed(
    files: impl IntoIterator<Item = Utf8PathBuf>,
    given: &[Utf8PathBuf],
    options: &DiscoverOptions,
) -> Result<Project, DiscoverError> {
    let excludes = Excludes::new(options.exclude.as_deref(), &options.extend_exclude)?;
    let here = [Utf8PathBuf::from(".")];
    let given = if given.is_empty() { here.as_slice() } else { given };
    let found = listed(files, given, options, &excludes);
    let collected = Collected { found, ..Collected::default() };
    let mut project = assemble(collected, options)?;
    // What is in the history is kept by git, whether or not it is in the index now.
    project.files.iter_mut().for_each(|file| file.repository = None);
    Ok(project)
}

/// Files that need not exist, without those that are excluded below the given paths.
fn listed(
    files: impl IntoIterator<Item = Utf8PathBuf>,
    given: &[Utf8PathBuf],
    options: &DiscoverOptions,
    excludes: &Excludes,
) -> Vec<Found> {
    let given: Vec<_> =
        given.iter().map(|path| absolute(&options.working_directory, path)).collect();
    let mut found = Vec::new();
    for file in files {
        let shown = shown(&options.working_directory, &file);
        let around = given.iter().filter(|path| file.starts_with(path));
        let around = around.max_by_key(|path| path.as_str().len());
        let root = around.filter(|_| !options.force_exclude).map(Utf8PathBuf::as_path);
        if walk::lies_with_tools(&file, root) || excludes.below(&file, &shown, root) {
            continue;
        }
        let kind = FileKind::of(&file).unwrap_or(FileKind::Python);
        found.push(Found { kind, ..named(file.clone(), shown, file, options) });
    }
    found
}

/// Whether a file of a repository may be judged, by its path in it; the first line decides where that says nothing.
pub fn may_be_judged(path: &Utf8Path) -> bool {
    !matches!(walk::naming(path.as_std_path(), path), walk::Naming::Other)
}

/// Whether a file that [may be judged](may_be_judged) is, by how it begins.
pub fn is_judged(path: &Utf8Path, head: &[u8]) -> bool {
    FileKind::of(path).is_some() || is_python_shebang(head)
}

/// Gives every file its component and the role of its path.
fn assemble(collected: Collected, options: &DiscoverOptions) -> Result<Project, DiscoverError> {
    let roles = options
        .roles
        .iter()
        .map(|(pattern, role)| Ok((PathPattern::new(pattern)?, pattern.as_str(), *role)))
        .collect::<Result<Vec<_>, DiscoverError>>()?;

    let Collected { found, mut folders, problems, folder_links, mut others } = collected;
    let (found, doubles) = without_doubles(found);
    // What is judged under another name is there under this one, too.
    others.extend(doubles.into_iter().map(|it| it.shown));
    let mut repositories = MetRepositories::default();
    let repositories: Vec<_> =
        found.iter().map(|found| repositories.around(found, &mut folders)).collect();
    let mut components = Components::new(&options.working_directory, folders);
    let mut files = Vec::with_capacity(found.len());
    for (found, repository) in found.into_iter().zip(repositories) {
        let owner = components.of(&found);
        let configured = roles.iter().rev().find(|(pattern, ..)| pattern.matches(&found.shown));
        let path_role = match configured {
            Some((_, pattern, role)) => {
                let reason = RoleReason::new(*role, format!("configured for `{pattern}`"));
                Some((reason, Strength::Firm))
            }
            None => components.path_role(&found.absolute, owner.component),
        };
        let (path_role, strength) = path_role.unzip();
        files.push(File {
            path: found.shown,
            absolute: found.absolute,
            kind: found.kind,
            repository,
            component: owner.component,
            path_role,
            configured: configured.is_some(),
            module: if found.kind.is_python() { owner.module } else { String::new() },
            in_package: owner.in_package,
            has_stub: found.stub,
            strength: strength.unwrap_or(Strength::Firm),
        });
    }
    // They are in the order of their paths, so that a stub stands right behind its module.
    for index in 1..files.len() {
        let stub = files[index].path.as_str().strip_suffix('i');
        files[index - 1].has_stub |= stub == Some(files[index - 1].path.as_str());
    }
    let (components, mut manifest_problems) = components.finish(&mut files);
    let mut project = Project {
        files,
        unasked: Vec::new(),
        components,
        problems,
        folder_links,
        others,
        working_directory: options.working_directory.clone(),
        contents: None,
    };
    project.others.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    project.others.dedup();
    project.problems.append(&mut manifest_problems);
    project.problems.sort_unstable();
    project.problems.dedup();
    project.folder_links.sort_unstable();
    project.folder_links.dedup();
    Ok(project)
}

/// The working directory, as a folder to walk.
fn working_folder(options: &DiscoverOptions) -> walk::Root {
    let absolute = options.working_directory.clone();
    let real = absolute.canonicalize_utf8().unwrap_or_else(|_| absolute.clone());
    walk::Root { here: absolute.clone(), absolute, shown: Utf8PathBuf::new(), real }
}

/// Takes one path of the command line: finds its files, or adds it to what a walk of the working directory is narrowed
/// to.
fn take(
    given: &Utf8Path,
    around: &walk::Root,
    options: &DiscoverOptions,
    excludes: &Excludes,
    collected: &mut Collected,
    narrow: &mut Narrow,
) -> Result<(), DiscoverError> {
    let absolute = absolute(&options.working_directory, given);
    let metadata = std::fs::metadata(&absolute);
    if options.unsaved && metadata.is_err() {
        let shown = shown(&options.working_directory, &absolute);
        if !options.force_exclude || !excludes.path_or_parents(&absolute, &shown) {
            let scan_root = options.working_directory.clone();
            let real = absolute.clone();
            collected.found.push(Found {
                kind: FileKind::of_given(&absolute),
                shown,
                absolute,
                real,
                link: false,
                stub: false,
                scan_root,
            });
        }
        return Ok(());
    }
    let metadata = metadata.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            DiscoverError::Missing { path: given.to_owned() }
        }
        _ => DiscoverError::Unreadable { path: given.to_owned(), sentence: io_sentence(&error) },
    })?;
    let shown = shown(&options.working_directory, &absolute);
    let real = match absolute.canonicalize_utf8() {
        Ok(real) => real,
        Err(error) => {
            let sentence = io_sentence(&error);
            return Err(DiscoverError::Unreadable { path: given.to_owned(), sentence });
        }
    };
    if options.force_exclude
        && let Ok(below) = absolute.strip_prefix(&around.absolute)
        && !below.as_str().is_empty()
    {
        narrow.add(below);
        // Where links lead, and in the letters of the disk where that takes small for large.
        if let Ok(below) = real.strip_prefix(&around.real) {
            narrow.add(below);
        }
        return Ok(());
    }
    if options.force_exclude
        && (excludes.path_or_parents(&absolute, &shown)
            || metadata.is_dir()
                && !shown.as_str().is_empty()
                && excludes.folder(&absolute, &shown))
    {
        return Ok(());
    }
    if metadata.is_dir() {
        let here = options.working_directory.clone();
        let root = walk::Root { absolute, shown, real, here };
        walk::walk(&root, None, options, excludes, collected);
    } else if !metadata.is_file() {
        let sentence = "is not a regular file".to_owned();
        collected.problems.push(Problem { path: shown, line: None, sentence, unjudged: true });
    } else {
        collected.found.push(named(absolute, shown, real, options));
    }
    Ok(())
}

/// A file that is named itself.
fn named(
    absolute: Utf8PathBuf,
    shown: Utf8PathBuf,
    real: Utf8PathBuf,
    options: &DiscoverOptions,
) -> Found {
    let inside = absolute.starts_with(&options.working_directory);
    let parent = absolute.parent().unwrap_or(&options.working_directory);
    let scan_root = if inside { options.working_directory.as_path() } else { parent };
    let scan_root = scan_root.to_owned();
    let link = absolute.is_symlink();
    let stub = has_stub_beside(&absolute);
    let says_python = || names_python(absolute.as_std_path());
    let kind = match FileKind::of_given(&absolute) {
        // A script need not have an extension of Python's, and what has none may be another's.
        FileKind::Text if says_python() == Some(true) => FileKind::Python,
        FileKind::Python if absolute.extension().is_none() && says_python() == Some(false) => {
            FileKind::Text
        }
        kind => kind,
    };
    Found { kind, shown, absolute, real, link, stub, scan_root }
}

/// Whether a stub lies beside a file of whose neighbours not all are part of the run: they count all the same.
fn has_stub_beside(file: &Utf8Path) -> bool {
    file.extension() == Some("py") && Utf8PathBuf::from(format!("{file}i")).is_file()
}

/// The repositories that were met, each once.
#[derive(Default)]
struct MetRepositories {
    /// By folder, as one repository holds many.
    by_folder: FxHashMap<String, Option<Arc<Repository>>>,
    by_root: FxHashMap<String, Arc<Repository>>,
}

impl MetRepositories {
    /// The repository around a file that is not Python: of others nobody asks.
    fn around(&mut self, found: &Found, folders: &mut Folders) -> Option<Arc<Repository>> {
        let folder = found.absolute.parent().filter(|_| !found.kind.is_python())?;
        if let Some(known) = self.by_folder.get(folder.as_str()) {
            return known.clone();
        }
        let root = folders.repository(folder);
        let repository = root.map(|root| {
            let fresh = || Arc::new(Repository::new(root.clone()));
            Arc::clone(self.by_root.entry(root.to_string()).or_insert_with(fresh))
        });
        self.by_folder.insert(folder.as_str().to_owned(), repository.clone());
        repository
    }
}

/// Sorts by shown path, and keeps one name of each file: its own before a link to it. The links are the second part.
fn without_doubles(mut found: Vec<Found>) -> (Vec<Found>, Vec<Found>) {
    found.sort_by(|a, b| (a.link, a.shown.as_str()).cmp(&(b.link, b.shown.as_str())));
    let mut seen = FxHashSet::default();
    let first = |file: &Found| seen.insert(file.real.as_str().to_owned());
    let (mut found, doubles): (Vec<_>, Vec<_>) = found.into_iter().partition(first);
    found.sort_by(|a, b| a.shown.as_str().cmp(b.shown.as_str()));
    (found, doubles)
}

/// The absolute form of a given path, without `.` parts; `..` is left to the file system where a link
/// could make it mean another folder.
fn absolute(working_directory: &Utf8Path, given: &Utf8Path) -> Utf8PathBuf {
    let joined = working_directory.join(given);
    if joined.components().any(|part| part.as_str() == "..")
        && let (Some(parent), Some(name)) = (joined.parent(), joined.file_name())
        && let Ok(parent) = parent.canonicalize_utf8()
    {
        return parent.join(name);
    }
    if joined.file_name().is_none()
        && let Ok(real) = joined.canonicalize_utf8()
    {
        return real;
    }
    joined.components().collect()
}

/// The path as findings show it.
pub(crate) fn shown(working_directory: &Utf8Path, absolute: &Utf8Path) -> Utf8PathBuf {
    let path = below(working_directory, absolute).unwrap_or(absolute);
    with_slashes(path.to_owned())
}

/// The part of a path below a folder, both in their normal form. Texts are compared, as paths are compared part by part,
/// which costs more than all else that is done for a file of a walk.
pub fn below<'p>(folder: &Utf8Path, path: &'p Utf8Path) -> Option<&'p Utf8Path> {
    let rest = path.as_str().strip_prefix(folder.as_str())?;
    let whole = folder.as_str().is_empty() || folder.as_str().ends_with(std::path::is_separator);
    if whole || rest.is_empty() {
        return Some(Utf8Path::new(rest));
    }
    rest.strip_prefix(std::path::is_separator).map(Utf8Path::new)
}

fn with_slashes(path: Utf8PathBuf) -> Utf8PathBuf {
    if std::path::MAIN_SEPARATOR == '/' {
        path
    } else {
        path.as_str().replace(std::path::MAIN_SEPARATOR, "/").into()
    }
}
