//! What a module imports at run time, as far as its calls tell. Knows words, no syntax. Where there is doubt, it may be anything.

use memchr::memmem;

use crate::{File, Role};

/// Calls that import what they are given by name.
const BY_NAME: [&str; 2] = ["import_module(", "__import__("];

/// Calls that import what they find.
const OTHERS: [&str; 6] = [
    "iter_modules(",
    "walk_packages(",
    "find_modules(",
    "spec_from_file_location(",
    "autodiscover_modules(",
    "run_path(",
];

/// What a module loads that no import of it names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Loads {
    Nothing,
    /// What lies in folders of packages: `/shop/plugins/`.
    Below(Vec<String>),
    Anything,
}

impl Loads {
    /// What scans code for such calls has them as texts. A name that is written out is a text as others are.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let is_called = |at: usize| {
            let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
            !text[..at].ends_with(['"', '\'', '\\']) && !text[start..].trim_start().starts_with('#')
        };
        if OTHERS.iter().any(|it| memmem::find_iter(bytes, it).any(is_called)) {
            return Self::Anything;
        }
        let mut folders = Vec::new();
        for name in BY_NAME {
            for at in memmem::find_iter(bytes, name).filter(|at| is_called(*at)) {
                match argument(&text[at + name.len()..]) {
                    Some("") => {}
                    Some(package) => folders.push(format!("/{}/", package.replace('.', "/"))),
                    None => return Self::Anything,
                }
            }
        }
        if folders.is_empty() { Self::Nothing } else { Self::Below(folders) }
    }
}

/// The package that the text at the begin of an argument names and behind which a name is put, or nothing where all is written
/// out; `None` where no text tells.
fn argument(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches('f');
    let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let (name, behind) = text[1..].split_once(quote)?;
    if name.is_empty() || name.starts_with('.') || name.contains('\n') {
        return None;
    }
    let end = name.find(['%', '{']).unwrap_or(name.len());
    if end == name.len() && behind.trim_start().starts_with([')', ',']) {
        return Some("");
    }
    name[..end].rsplit_once('.').map(|it| it.0)
}

/// Whether a module imports what it finds at run time.
pub(super) fn loads(text: &str) -> bool {
    Loads::of(text) != Loads::Nothing
}

/// Whether a file is a program of those who develop: what it loads, they try out or check.
pub(super) fn is_of_developers(file: &File) -> bool {
    let folder = file.path.components().next();
    let is_theirs = |it: &str| matches!(it, "scripts" | "script" | "ci" | ".ci" | ".github");
    folder.is_some_and(|it| is_theirs(it.as_str()) && file.path.components().count() > 1)
        || matches!(file.path_role.as_ref().map(|it| it.role), Some(Role::Test | Role::Example))
}

#[cfg(test)]
mod tests {
    use super::Loads;

    #[test]
    fn texts_tell_what_is_loaded() {
        for text in [
            "import_module('shop.plugins.%s' % name)",
            "import_module(f\"shop.plugins.{name}\")",
            "__import__(\n    'shop.plugins.' + name)",
        ] {
            assert_eq!(Loads::of(text), Loads::Below(vec!["/shop/plugins/".to_owned()]), "{text}");
        }
        for text in ["import_module('json')", "# import_module(name)", "'import_module('"] {
            assert_eq!(Loads::of(text), Loads::Nothing, "{text}");
        }
        for text in ["import_module(name)", "import_module(f'{name}.x')", "pkgutil.iter_modules(p)"]
        {
            assert_eq!(Loads::of(text), Loads::Anything, "{text}");
        }
    }
}
