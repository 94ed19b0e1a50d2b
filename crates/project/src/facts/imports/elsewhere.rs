//! Where else a module may come from than from a declared distribution: a file of the project that is found by a path which
//! the program puts together, an image or a script that installs more. Knows names and words, no syntax.

use std::sync::OnceLock;

use camino::Utf8Path;
use rustc_hash::FxHashSet;

use super::normalised;
use crate::facts::Facts;
use crate::facts::dependencies::ManifestKind;

/// What is asked of all files of a project, found out once.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    local: OnceLock<FxHashSet<String>>,
    installed: OnceLock<FxHashSet<String>>,
}

/// How many scripts are asked what they install.
const MOST_SCRIPTS: usize = 40;

impl Elsewhere {
    /// Whether a file of the project, or a folder with such files, is called like a module.
    pub(super) fn is_local(&self, facts: &Facts<'_>, top: &str) -> bool {
        let local = self.local.get_or_init(|| {
            let is_module = |path: &&Utf8Path| {
                matches!(path.extension(), Some("py" | "pyi" | "so" | "pyd" | "pyx"))
            };
            let modules = facts.tree().files().filter(is_module);
            let mut names = FxHashSet::default();
            let mut last = None;
            for path in modules {
                names.extend(path.file_stem().map(str::to_owned));
                let folder = path.parent();
                if folder != last {
                    names.extend(folder.and_then(Utf8Path::file_name).map(str::to_owned));
                    last = folder;
                }
            }
            names
        });
        local.contains(top)
    }

    /// Whether something besides the requirements names a distribution: an image, a script, a comment among them that says
    /// who brings it.
    pub(super) fn is_installed(&self, facts: &Facts<'_>, names: &[&str]) -> bool {
        let installed = self.installed.get_or_init(|| {
            let mut words = FxHashSet::default();
            let scripts = facts.tree().files().filter(|it| installs(it)).take(MOST_SCRIPTS);
            for document in scripts.filter_map(|path| facts.text(path).whole()) {
                take_words(document.text(), &mut words);
            }
            let manifests = facts.dependencies().components.iter().flat_map(|it| &it.manifests);
            let by_hand =
                manifests.filter(|it| it.kind == ManifestKind::Requirements && !it.exported);
            for document in by_hand.filter_map(|it| facts.text(&it.path).whole()) {
                let comments = document.text().lines().filter_map(|line| line.split_once('#'));
                comments.for_each(|(_, comment)| take_words(comment, &mut words));
            }
            words
        });
        names.iter().any(|name| installed.contains(*name))
    }
}

fn installs(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.contains("Dockerfile") || name == "Makefile" || name == "install.sh"
}

fn take_words(text: &str, words: &mut FxHashSet<String>) {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let found = text.split(|it| !is_part(it)).filter(|word| !word.is_empty());
    words.extend(found.map(normalised));
}
