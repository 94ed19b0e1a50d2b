//! Lists of requirements that another one of the same name has taken the place of. Knows what images and pipelines name, not what
//! people install by hand.

use camino::Utf8Path;
use roadworthy_project::Facts;

use crate::shared::delivery::installs::named;

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
