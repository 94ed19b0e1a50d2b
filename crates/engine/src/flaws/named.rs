//! Whether the code of a project imports a module. A word alone says little: `users` is a module, a table and a column.

use camino::Utf8Path;
use memchr::memmem;
use roadworthy_project::{Facts, File, Role};

/// Whether code of the product that something reaches imports a module; of a package, whether it imports from that.
pub(super) fn is_imported_by_code(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    /// Those who work on the project start what lies there, each by himself.
    const BY_HAND: [&str; 3] = ["notebooks", "scripts", "tools"];
    let own = path.file_stem().unwrap_or_default();
    let folder = path.parent().and_then(Utf8Path::file_name);
    let name = if own == "__init__" { folder.unwrap_or_default() } else { own };
    let lives = |it: &&File| {
        let role = it.path_role.as_ref().map(|it| it.role);
        it.path != path
            && it.kind.is_python()
            && matches!(role, None | Some(Role::Application | Role::Library))
            && !it.path.components().any(|it| BY_HAND.contains(&it.as_str()))
    };
    let project = facts.project();
    let mut others = project.files.iter().chain(&project.unasked).filter(lives);
    // No statement can name what lies in `old code/`.
    let can_be_named = !name.is_empty() && !path.as_str().contains(' ');
    can_be_named
        && others.any(|file| {
            facts.source(file).is_some_and(|source| imports(source.text(), name))
                && !facts.reach().is_idle(file)
        })
}

/// Whether a text imports a module of a name.
fn imports(text: &str, name: &str) -> bool {
    memmem::find_iter(text.as_bytes(), name).any(|at| is_imported(text, at, name))
}

/// Whether what stands at a place of a text is no part of a longer word, nor of a line that somebody put out of use.
fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    !line.trim_start().starts_with('#')
        && !line.ends_with(is_of_word)
        && !text[at + length..].starts_with(is_of_word)
}

/// Whether a word is one of the names of an import, be they on several lines.
fn is_imported(text: &str, at: usize, word: &str) -> bool {
    let of_import = |it: char| {
        is_of_word(it) || it.is_ascii_whitespace() || matches!(it, ',' | '.' | '(' | '*')
    };
    let before = text[..at].rsplit(|it| !of_import(it)).next().unwrap_or_default();
    let mut lines = before.split('\n').rev();
    let Some(own) = lines.next() else { return false };
    let begins = |line: &str| {
        let line = line.trim_start();
        line.starts_with("import ") || line.starts_with("from ")
    };
    is_whole(text, at, word.len())
        && (begins(own) || lines.find(|it| begins(it)).is_some_and(|it| it.contains('(')))
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn a_module_is_named_by_imports() {
        let named = |text: &str| imports(text, "users");
        for text in [
            "import users\n",
            "    from shop import (\n    orders,\n    users,\n)\n",
            "from .users import list_all\n",
        ] {
            assert!(named(text), "{text}");
        }
        for text in [
            "users = []\n",
            "import orders\nprint(users)\n",
            "table: users\n",
            "# import users\n",
            "from shop import users_of\n",
        ] {
            assert!(!named(text), "{text}");
        }
    }
}
