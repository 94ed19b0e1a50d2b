//! All files of a project, judged or not, by their paths: what a manifest, a pipeline or a command may name. Knows names
//! only.

use std::collections::BTreeSet;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The files that a walk met, by the path under which findings show them. What is excluded or ignored is not among them.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    // Paths in the order of their text, so that what lies in a folder stands together.
    files: BTreeSet<String>,
}

impl Tree {
    /// Takes the paths.
    pub(crate) fn new(files: impl IntoIterator<Item = Utf8PathBuf>) -> Self {
        Self { files: files.into_iter().map(Utf8PathBuf::into_string).collect() }
    }

    /// Whether there is a file of this path.
    pub fn is_file(&self, path: &Utf8Path) -> bool {
        self.files.contains(path.as_str())
    }

    /// Whether there is a file below this path; the empty one is the working directory.
    pub fn is_folder(&self, path: &Utf8Path) -> bool {
        self.below(path).next().is_some()
    }

    /// The files below a folder, at any depth, in order.
    pub fn below<'t>(&'t self, folder: &Utf8Path) -> impl Iterator<Item = &'t Utf8Path> + use<'t> {
        let prefix = match folder.as_str() {
            "" => String::new(),
            path => format!("{}/", path.trim_end_matches('/')),
        };
        let from = self.files.range::<str, _>((
            std::ops::Bound::Included(prefix.as_str()),
            std::ops::Bound::Unbounded,
        ));
        from.take_while(move |path| path.starts_with(&prefix)).map(Utf8Path::new)
    }

    /// The files directly in a folder, in order.
    pub fn inside<'t>(
        &'t self,
        folder: &'t Utf8Path,
    ) -> impl Iterator<Item = &'t Utf8Path> + use<'t> {
        self.below(folder).filter(move |path| path.parent() == Some(folder))
    }

    /// All files, in order.
    pub fn files(&self) -> impl Iterator<Item = &Utf8Path> {
        self.files.iter().map(Utf8Path::new)
    }
}

/// A path as seen from a folder, without `.` and with every `..` taken back: `None` where that leads out of the project.
pub fn resolved(folder: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    let mut whole = folder.to_owned();
    for part in Utf8Path::new(path).components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                if !whole.pop() {
                    return None;
                }
            }
            Utf8Component::Normal(name) => whole.push(name),
            Utf8Component::RootDir | Utf8Component::Prefix(_) => return None,
        }
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_what_holds_files() {
        let tree = Tree::new(["a/b.py", "a/c/d.py", "a-b/e.py", "f.py"].map(Utf8PathBuf::from));
        let below = |path: &str| tree.below(Utf8Path::new(path)).count();
        assert_eq!((below(""), below("a"), below("a/c"), below("b")), (4, 2, 1, 0));
        let inside: Vec<_> = tree.inside(Utf8Path::new("a")).collect();
        assert_eq!(inside, ["a/b.py"]);
        assert_eq!(tree.inside(Utf8Path::new("")).count(), 1);
        assert!(tree.is_folder(Utf8Path::new("a/c")) && !tree.is_folder(Utf8Path::new("a/b.py")));
    }

    #[test]
    fn a_path_does_not_lead_out() {
        let from = |path| resolved(Utf8Path::new("docker/api"), path);
        assert_eq!(from("../../app/./x.py").as_deref(), Some(Utf8Path::new("app/x.py")));
        assert_eq!(from("../../../x"), None);
        assert_eq!(from("/etc/passwd"), None);
        assert_eq!(from("."), Some("docker/api".into()));
    }
}
