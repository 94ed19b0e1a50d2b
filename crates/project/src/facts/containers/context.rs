//! The folder whose files a Dockerfile copies, where nothing says which. Knows conventions only.

use camino::{Utf8Path, Utf8PathBuf};

use super::Stage;
use crate::tree::{Tree, resolved};

/// Files that lie at the root of what is built.
const ROOTS: [&str; 8] = [
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "Pipfile",
    "manage.py",
    "environment.yml",
    "package.json",
];

/// The nearest folder, from that of the Dockerfile to the outside, that has the most of what is copied.
pub(super) fn conventional(tree: &Tree, dockerfile: &Utf8Path, stages: &[Stage]) -> Utf8PathBuf {
    let sources = sources(stages);
    let copies_all = sources.is_empty() && copies_context(stages);
    let own = dockerfile.parent().unwrap_or(Utf8Path::new(""));
    let mut best = (0, own);
    for folder in own.ancestors() {
        let found = if copies_all {
            usize::from(ROOTS.iter().any(|name| tree.is_file(&folder.join(name))))
        } else {
            sources.iter().filter(|source| exists(tree, folder, source)).count()
        };
        if found > best.0 {
            best = (found, folder);
        }
    }
    best.1.to_owned()
}

/// What is copied from the context by a name.
fn sources(stages: &[Stage]) -> Vec<&str> {
    let all = copied(stages);
    all.filter(|source| !source.contains(['$', '*', '?', '[']) && !is_context(source)).collect()
}

fn copies_context(stages: &[Stage]) -> bool {
    copied(stages).any(is_context)
}

fn copied(stages: &[Stage]) -> impl Iterator<Item = &str> {
    let instructions = stages.iter().flat_map(|stage| &stage.instructions);
    let local = instructions.filter(|it| it.flag("from").is_none());
    let sources = local.filter_map(|it| it.copied.as_ref()).flat_map(|copied| &copied.sources);
    sources.map(|source| source.value.as_str()).filter(|source| !source.contains("://"))
}

/// Whether a source is the whole context.
pub(super) fn is_context(source: &str) -> bool {
    matches!(source.trim_start_matches('/'), "" | "." | "./" | "./." | "*" | "./*")
}

fn exists(tree: &Tree, folder: &Utf8Path, source: &str) -> bool {
    let path = resolved(folder, inside_context(source));
    path.is_some_and(|path| tree.is_file(&path) || tree.is_folder(&path))
}

/// A source as the builder takes it: nothing lies outside of the context, whose root is its own parent.
fn inside_context(source: &str) -> &str {
    let mut rest = source;
    while let Some(inner) = ["/", "./", "../"].iter().find_map(|outer| rest.strip_prefix(outer)) {
        rest = inner;
    }
    rest
}
