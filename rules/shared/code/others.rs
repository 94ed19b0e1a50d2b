//! The other files of a project that hold a name and may use what it stands for. Knows words and where files lie, no syntax and
//! no rule.

use roadworthy_project::facts::{Facts, Mentions};
use roadworthy_project::{File, Role};

use crate::shared::code::text::has_name;

/// Names that stand more often than this are used somewhere.
pub(crate) const MOST: usize = 60;

/// The files besides one that hold a name, but tests and examples. Reads all of them, so it is asked for names that
/// [`Mentions::of`] knows as rare.
pub(crate) fn others_with<'f>(
    facts: &'f Facts<'f>,
    known: &'f File,
    name: &'f str,
) -> impl Iterator<Item = &'f File> {
    let project = facts.project();
    let all = project.files.iter().chain(&project.unasked);
    let others = all.filter(|it| it.path != known.path && !is_aside(it) && Mentions::may_be_in(it));
    others.filter(|it| {
        facts.source(it).is_some_and(|source| {
            if it.kind.is_python() {
                has_name(source.text(), name)
            } else {
                Mentions::is_named_in(source.text(), name)
            }
        })
    })
}

/// Whether a file is a test, or lies in an archive or among examples: the product uses nothing there.
pub(crate) fn is_aside(file: &File) -> bool {
    let role = file.path_role.as_ref().map(|it| it.role);
    matches!(role, Some(Role::Test | Role::Example))
}
