//! One file of a project held in memory, as rules see it: for the tests of what rules share. Knows no rule.

use roadworthy_engine::{FileContext, Strictness};
use roadworthy_parser::{SourceFile, scan};
use roadworthy_project::{Project, Role};

/// Hands a file of this path and text to `look`.
pub(crate) fn with_file<T>(path: &str, text: &str, look: impl FnOnce(&FileContext<'_>) -> T) -> T {
    let project = Project::in_memory([(path, text)]);
    let source = SourceFile::from_text(text);
    let outline = scan(source.text());
    let file = &project.files[0];
    let component = &project.components[file.component];
    let (role, strictness) = (Role::Library, Strictness::Normal);
    look(&FileContext::new(&source, &outline, file, component, role, strictness))
}
