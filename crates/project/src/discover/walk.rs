//! The walk of one given folder. Knows `.gitignore`, excludes and what names say; nothing of components
//! and roles.

use std::path::Path;
use std::sync::mpsc::{self, Sender};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::gitignore::GitignoreBuilder;
use ignore::{DirEntry, WalkBuilder, WalkState};

use super::narrow::Narrow;
use super::{Collected, DiscoverOptions, Found, Problem, has_stub_beside, with_slashes};
use crate::excludes::{DEFAULT_EXCLUDES, Excludes};
use crate::folders::Folder;
use crate::git::kept_though_ignored;
use crate::kind::FileKind;
use crate::read::{has_python_shebang, io_sentence};
use roadworthy_parser::without_values;

/// A given folder.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// By the names that were given.
    pub(super) absolute: Utf8PathBuf,
    /// Relative to the working directory.
    pub(super) shown: Utf8PathBuf,
    /// Behind all links.
    pub(super) real: Utf8PathBuf,
    /// The working directory, which may lie in the folder.
    pub(super) here: Utf8PathBuf,
}

impl Root {
    fn shown(&self, below: &Utf8Path) -> Utf8PathBuf {
        if below.as_str().is_empty() {
            return with_slashes(self.shown.clone());
        }
        let path = self.shown.join(below);
        match super::below(&self.here, &path) {
            Some(path) => with_slashes(path.to_owned()),
            None => with_slashes(path),
        }
    }

    /// The part of a path that the walk appended to the folder's own. Texts are compared, as paths are
    /// compared part by part.
    fn below<'p>(&self, path: &'p Path) -> Option<&'p Utf8Path> {
        let rest = path.to_str()?.strip_prefix(self.real.as_str())?;
        Some(Utf8Path::new(rest.trim_start_matches(std::path::MAIN_SEPARATOR)))
    }
}

enum Event {
    Found(Found),
    /// A folder, and what one name in it says of it.
    Folder(Utf8PathBuf, Folder),
    FolderLink(Utf8PathBuf),
    /// A file that is not judged.
    Other(Utf8PathBuf),
    Problem(Problem),
}

/// Walks a folder, or a part of it, on several threads; the order of what is collected is not determined.
pub(super) fn walk(
    root: &Root,
    narrow: Option<&Narrow>,
    options: &DiscoverOptions,
    excludes: &Excludes,
    collected: &mut Collected,
) {
    let heed = options.respect_gitignore;
    // What git keeps is judged, whatever its patterns say. It is asked beside the walk.
    let in_repository = root.real.ancestors().any(|above| above.join(".git").exists());
    let kept = (heed && in_repository).then(|| {
        let folder = root.real.clone();
        std::thread::spawn(move || kept_though_ignored(&folder))
    });
    let mut builder = WalkBuilder::new(&root.real);
    builder
        .hidden(false)
        .follow_links(false)
        .require_git(false)
        .git_ignore(heed)
        .git_exclude(heed)
        .ignore(heed)
        // What lies in the user's home must not change the verdict on a project.
        .git_global(false)
        // A folder that is ignored itself was named all the same, so that what ignored it is not heeded.
        .parents(heed && !is_ignored(&root.real))
        .threads(options.threads);
    let first = collected.found.len();
    let (sender, receiver) = mpsc::channel();
    builder.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| match entry {
            Ok(entry) => visit(root, narrow, excludes, &entry, &sender),
            Err(error) => {
                report(root, &error, &root.shown, &sender);
                WalkState::Continue
            }
        })
    });
    drop(sender);
    let mut nested = Vec::new();
    for event in receiver {
        match event {
            Event::Found(found) => collected.found.push(found),
            Event::Folder(path, folder) => {
                if folder.repository && path != root.absolute && !nested.contains(&path) {
                    nested.push(path.clone());
                }
                // Of a folder that was not gone through, too little is known.
                if narrow.is_none() {
                    collected.folders.add(path, folder);
                }
            }
            Event::FolderLink(path) => collected.folder_links.push(path),
            Event::Other(path) => collected.others.push(path),
            Event::Problem(problem) => collected.problems.push(problem),
        }
    }
    if heed {
        let kept = kept.and_then(|thread| thread.join().ok()).unwrap_or_default();
        let mut found: Vec<_> = kept.into_iter().map(Utf8PathBuf::from).collect();
        for repository in nested {
            let Ok(below) = repository.strip_prefix(&root.absolute) else { continue };
            found.extend(kept_though_ignored(&repository).iter().map(|path| below.join(path)));
        }
        found.retain(|below| narrow.is_none_or(|narrow| narrow.holds(below)));
        for below in &found {
            keep(root, excludes, below, collected);
        }
    }
    if narrow.is_some() {
        for found in &mut collected.found[first..] {
            found.stub = has_stub_beside(&found.absolute);
        }
    }
}

/// Collects a file that git keeps though it ignores its name, where nothing else leaves it out.
fn keep(root: &Root, excludes: &Excludes, below: &Utf8Path, collected: &mut Collected) {
    let path = root.real.join(below);
    let name = naming(path.as_std_path(), below);
    let left_out = excludes.file(&root.shown(below))
        || below.ancestors().skip(1).filter(|folder| !folder.as_str().is_empty()).any(|folder| {
            is_left_to_tools(folder.file_name().unwrap_or_default())
                || excludes.folder(&root.absolute.join(folder), &root.shown(folder))
        });
    // A link is judged where it leads to.
    if left_out || !std::fs::symlink_metadata(&path).is_ok_and(|it| it.is_file()) {
        return;
    }
    let kind = match name {
        Naming::Kind(kind) => kind,
        Naming::Bare if has_python_shebang(path.as_std_path()) => FileKind::Python,
        Naming::Bare | Naming::Other => return collected.others.push(root.shown(below)),
    };
    collected.found.push(Found {
        kind,
        shown: root.shown(below),
        absolute: root.absolute.join(below),
        real: path,
        link: false,
        stub: false,
        scan_root: root.absolute.clone(),
    });
}

/// Hidden folders that programs keep for themselves, besides those of
/// [`DEFAULT_EXCLUDES`](crate::DEFAULT_EXCLUDES), which may be configured.
const OF_TOOLS: [&str; 24] = [
    ".cache",
    ".cargo",
    ".dart_tool",
    ".gradle",
    ".hypothesis",
    ".ipython",
    ".jj",
    ".local",
    ".m2",
    ".next",
    ".npm",
    ".nuxt",
    ".parcel-cache",
    ".pnpm-store",
    ".pyre",
    ".rustup",
    ".sl",
    ".svelte-kit",
    ".terraform",
    ".trunk",
    ".turbo",
    ".uv-cache",
    ".yarn",
    ".yarn-cache",
];

/// Whether a folder belongs to a program: it is never walked, whatever is configured.
fn is_left_to_tools(name: &str) -> bool {
    name.starts_with('.') && (OF_TOOLS.contains(&name) || DEFAULT_EXCLUDES.contains(&name))
}

/// Whether a file lies in a folder that belongs to a program, below a folder that was given.
pub(super) fn lies_with_tools(file: &Utf8Path, root: Option<&Utf8Path>) -> bool {
    let folders = file.ancestors().skip(1).take_while(|folder| root != Some(*folder));
    folders.filter_map(Utf8Path::file_name).any(is_left_to_tools)
}

fn visit(
    root: &Root,
    narrow: Option<&Narrow>,
    excludes: &Excludes,
    entry: &DirEntry,
    sender: &Sender<Event>,
) -> WalkState {
    let path = entry.path();
    if let Some(error) = entry.error() {
        report(root, error, &root.shown, sender);
    }
    note(root, entry, sender);
    let kind = entry.file_type();
    if kind.is_some_and(|kind| kind.is_dir()) {
        return enter(root, narrow, excludes, path, entry.depth(), sender);
    }
    let is_link = kind.is_some_and(|kind| kind.is_symlink());
    let is_meant = |below: &Utf8Path| narrow.is_none_or(|narrow| narrow.holds(below));
    let Some(below) = root.below(path) else {
        let below = path.strip_prefix(&root.real).unwrap_or(path).to_string_lossy();
        if !is_meant(Utf8Path::new(&below)) {
            return WalkState::Continue;
        }
        if matches!(naming(path, Utf8Path::new(&below)), Naming::Kind(FileKind::Python)) {
            let path = root.shown(Utf8Path::new(&below));
            send_problem(sender, path, "has a name that is not UTF-8");
        }
        return WalkState::Continue;
    };
    if !is_meant(below) {
        return WalkState::Continue;
    }
    let name = match naming(path, below) {
        Naming::Other if !is_link => {
            let shown = root.shown(below);
            if !excludes.file(&shown) {
                send(sender, Event::Other(shown));
            }
            return WalkState::Continue;
        }
        // Git keeps where a link leads, not what lies there, and that is judged in its own place.
        Naming::Kind(kind) if is_link && !kind.is_python() => Naming::Other,
        naming => naming,
    };
    let is_python = matches!(name, Naming::Kind(FileKind::Python));
    let shown = root.shown(below);
    if excludes.file(&shown) {
        return WalkState::Continue;
    }
    let real = if is_link {
        match std::fs::metadata(path) {
            Ok(target) if target.is_dir() => {
                send(sender, Event::FolderLink(shown));
                return WalkState::Continue;
            }
            _ if matches!(name, Naming::Other) => return WalkState::Continue,
            Ok(target) if target.is_file() => path.canonicalize(),
            // A link to `/dev/null` says that there is to be nothing.
            Ok(_) => {
                if is_python {
                    send_problem(sender, shown, "is not a regular file");
                }
                return WalkState::Continue;
            }
            Err(error) => Err(error),
        }
    } else if kind.is_some_and(|kind| kind.is_file()) {
        Ok(path.to_owned())
    } else {
        if is_python {
            send_problem(sender, shown, "is not a regular file");
        }
        return WalkState::Continue;
    };
    let real = match real.map(Utf8PathBuf::from_path_buf) {
        Ok(Ok(real)) => real,
        Ok(Err(_)) => {
            send_problem(sender, shown, "is a link to a file whose name is not UTF-8");
            return WalkState::Continue;
        }
        Err(error) => {
            if is_python && !leads_to_submodule(path) {
                let sentence = match error.kind() {
                    std::io::ErrorKind::NotFound => "is a link to nothing".to_owned(),
                    _ => io_sentence(&error),
                };
                send_problem(sender, shown, &sentence);
            }
            return WalkState::Continue;
        }
    };
    let kind = match name {
        Naming::Kind(kind) => kind,
        Naming::Bare if has_python_shebang(path) => FileKind::Python,
        Naming::Bare | Naming::Other => {
            send(sender, Event::Other(shown));
            return WalkState::Continue;
        }
    };
    let absolute = root.absolute.join(below);
    let scan_root = root.absolute.clone();
    send(
        sender,
        Event::Found(Found { kind, shown, absolute, real, link: is_link, stub: false, scan_root }),
    );
    WalkState::Continue
}

/// Whether the walk goes on in a folder, and what that is.
fn enter(
    root: &Root,
    narrow: Option<&Narrow>,
    excludes: &Excludes,
    path: &Path,
    depth: usize,
    sender: &Sender<Event>,
) -> WalkState {
    // A folder whose name is not text is walked: only its Python files matter.
    let Some(below) = root.below(path) else { return WalkState::Continue };
    if narrow.is_some_and(|narrow| !narrow.needs(below)) {
        return WalkState::Skip;
    }
    let absolute =
        if below.as_str().is_empty() { root.absolute.clone() } else { root.absolute.join(below) };
    if depth > 0
        && (is_left_to_tools(absolute.file_name().unwrap_or_default())
            || excludes.folder(&absolute, &root.shown(below)))
    {
        return WalkState::Skip;
    }
    // Hidden names are not walked, and this one must be known.
    let folder = Folder::with_repository(&absolute);
    send(sender, Event::Folder(absolute, folder));
    WalkState::Continue
}

/// Says what a name that the walk meets means for its folder, so that no folder is listed twice.
fn note(root: &Root, entry: &DirEntry, sender: &Sender<Event>) {
    if entry.depth() > 0
        && let Some(folder) = entry.file_name().to_str().and_then(Folder::with)
        && let Some(parent) = entry.path().parent()
        && let Some(below) = root.below(parent)
    {
        let absolute = if below.as_str().is_empty() {
            root.absolute.clone()
        } else {
            root.absolute.join(below)
        };
        send(sender, Event::Folder(absolute, folder));
    }
}

/// What the name of a file says.
#[derive(Clone, Copy)]
pub(super) enum Naming {
    /// What it is.
    Kind(FileKind),
    /// Has no extension: the first line decides.
    Bare,
    /// Nothing that is looked at.
    Other,
}

/// `below` is the path in the folder that is walked: of hidden Python nothing is known to run.
pub(super) fn naming(path: &Path, below: &Utf8Path) -> Naming {
    let is_hidden = || below.as_str().starts_with('.') || below.as_str().contains("/.");
    match FileKind::of_path(path) {
        Some(FileKind::Python) if is_hidden() => return Naming::Other,
        Some(kind) => return Naming::Kind(kind),
        None => {}
    }
    match path.extension() {
        Some(_) => Naming::Other,
        None if is_hidden() => Naming::Other,
        None => match path.file_name().map(std::ffi::OsStr::as_encoded_bytes) {
            // Found in every repository, or written a thousandfold by installers.
            Some(
                b"LICENSE" | b"LICENCE" | b"COPYING" | b"NOTICE" | b"AUTHORS" | b"README"
                | b"CHANGELOG" | b"Makefile" | b"Dockerfile" | b"Containerfile" | b"Procfile"
                | b"Jenkinsfile" | b"CODEOWNERS" | b"METADATA" | b"RECORD" | b"WHEEL"
                | b"INSTALLER" | b"REQUESTED",
            )
            | None => Naming::Other,
            Some(_) => Naming::Bare,
        },
    }
}

/// Whether the ignore files of the folders above say that a folder is not part of its repository.
fn is_ignored(folder: &Utf8Path) -> bool {
    for above in folder.ancestors().skip(1) {
        for name in [".gitignore", ".ignore"] {
            let file = above.join(name);
            if !file.is_file() {
                continue;
            }
            let mut builder = GitignoreBuilder::new(above);
            // Patterns that cannot be read match nothing, as in git; the walk reports them.
            if builder.add(&file).is_none()
                && let Ok(matcher) = builder.build()
                && matcher.matched_path_or_any_parents(folder, true).is_ignore()
            {
                return true;
            }
        }
        if above.join(".git").exists() {
            break;
        }
    }
    false
}

/// Whether a link leads into a submodule, by the repository's own list of those: whoever takes them has what it leads to
/// (<https://git-scm.com/docs/gitmodules>).
fn leads_to_submodule(path: &Path) -> bool {
    let (Ok(target), Ok(path)) = (std::fs::read_link(path), std::path::absolute(path)) else {
        return false;
    };
    let folder = path.parent().and_then(Utf8Path::from_path);
    let whole = folder.zip(target.to_str()).and_then(|(folder, target)| {
        let rest = folder.as_str().trim_start_matches('/');
        crate::resolved(Utf8Path::new(rest), target)
    });
    let Some(whole) = whole else { return false };
    path.ancestors().skip(1).filter_map(Utf8Path::from_path).any(|top| {
        let list = std::fs::read_to_string(top.join(".gitmodules")).unwrap_or_default();
        let paths = list.lines().filter_map(|it| it.trim().strip_prefix("path"));
        let inside = whole.strip_prefix(top.as_str().trim_start_matches('/'));
        inside.is_ok_and(|inside| {
            paths
                .filter_map(|it| it.trim_start().strip_prefix('='))
                .any(|it| inside.starts_with(it.trim()))
        })
    })
}

fn send_problem(sender: &Sender<Event>, path: Utf8PathBuf, sentence: &str) {
    send(
        sender,
        Event::Problem(Problem { path, line: None, sentence: sentence.to_owned(), unjudged: true }),
    );
}

fn send(sender: &Sender<Event>, event: Event) {
    // The receiver outlives the walk, so that nothing is lost here.
    sender.send(event).expect("the receiver lives as long as the walk");
}

/// Says what the walk could not do, and where.
fn report(root: &Root, error: &ignore::Error, at: &Utf8Path, sender: &Sender<Event>) {
    match error {
        ignore::Error::Partial(errors) => {
            for error in errors {
                report(root, error, at, sender);
            }
        }
        ignore::Error::WithPath { path, err } => {
            let path = match root.below(path) {
                Some(below) => root.shown(below),
                None => path.to_string_lossy().into_owned().into(),
            };
            report(root, err, &path, sender);
        }
        ignore::Error::WithDepth { err, .. } => report(root, err, at, sender),
        ignore::Error::WithLineNumber { line, err } => {
            let line = u32::try_from(*line).ok();
            let sentence =
                format!("holds a pattern that is none: {}", without_values(&err.to_string()));
            send(
                sender,
                Event::Problem(Problem { path: at.to_owned(), line, sentence, unjudged: false }),
            );
        }
        ignore::Error::Io(error) => send_problem(sender, at.to_owned(), &io_sentence(error)),
        other => send_problem(
            sender,
            at.to_owned(),
            &format!("cannot be walked ({})", without_values(&other.to_string())),
        ),
    }
}
