//! Lists of requirements that another one of the same name has taken the place of. Knows what images and pipelines name, not what
//! people install by hand.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::{Facts, resolved};

/// Whether an image or a pipeline names another list of the same name, and none names this one.
pub(super) fn is_superseded(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let Some(name) = path.file_name() else { return false };
    let is_same = |other: &str| other.eq_ignore_ascii_case(name);
    let tree = facts.tree();
    let has_namesake = tree.files().any(|it| it != path && it.file_name().is_some_and(is_same));
    has_namesake && !is_read_beside(facts, path, name) && {
        let named = named(facts, is_same);
        !named.is_empty() && !named.iter().any(|it| it == path)
    }
}

/// Whether what builds a package in the same folder reads a list.
fn is_read_beside(facts: &Facts<'_>, path: &Utf8Path, name: &str) -> bool {
    ["setup.py", "setup.cfg", "pyproject.toml"].iter().any(|it| {
        let beside = facts.text(&path.with_file_name(it)).whole();
        beside.is_some_and(|it| it.text().contains(name))
    })
}

/// The lists of a name that images and pipelines name, as seen from their own folder or from the top.
fn named(facts: &Facts<'_>, is_same: impl Fn(&str) -> bool) -> Vec<Utf8PathBuf> {
    let images = facts.containers().images.iter().map(|it| &it.path);
    let mut found = Vec::new();
    for path in images.chain(&facts.ci().sources) {
        let Some(document) = facts.text(path).whole() else { continue };
        let folders = [path.parent().unwrap_or(Utf8Path::new("")), Utf8Path::new("")];
        let words = document.text().split(|it: char| it.is_whitespace() || "\"',[]=".contains(it));
        for word in words.filter(|it| it.rsplit('/').next().is_some_and(&is_same)) {
            let mut places = folders.iter().filter_map(|it| resolved(it, word));
            found.extend(places.find(|it| facts.tree().is_file(it)));
        }
    }
    found
}
