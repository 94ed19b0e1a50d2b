//! Which files of the project lie where in a container. Knows paths, no code.

use camino::{Utf8Path, Utf8PathBuf};

use crate::tree::Tree;

/// Where files of the project lie in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Absolute paths in the container, and the files or folders of the project that lie there.
    pub mounts: Vec<(String, Utf8PathBuf)>,
    /// Whether something else is put there that cannot be known.
    pub unknown: bool,
    /// Whether `sh` is that of `BusyBox`, which runs its last simple command in its own place.
    pub busybox: bool,
    /// What the commands of a build say: they may make files that are not in the project.
    pub commands: String,
}

impl Files {
    /// A folder of the project that is the root of the container: where a platform runs what it has checked out.
    pub(super) fn of_folder(folder: &Utf8Path) -> Self {
        Self { mounts: vec![("/".to_owned(), folder.to_owned())], ..Self::default() }
    }

    pub(super) fn add(&mut self, at: &str, from: Utf8PathBuf) {
        self.mounts.push((at.to_owned(), from));
    }

    /// What is copied out of another stage.
    pub(super) fn copy_from(&mut self, other: &Self, source: &str, target: &str, into: bool) {
        let Some(source) = inside(Some("/"), source) else { return };
        self.unknown |= other.unknown;
        for (at, from) in &other.mounts {
            if let Some(rest) = below(&source, at) {
                self.mounts.push((joined(target, rest), from.clone()));
                // A file keeps its name in a folder that is named with a slash.
                if into && rest.is_empty() {
                    let name = source.rsplit('/').next().unwrap_or_default();
                    self.mounts.push((joined(target, name), from.clone()));
                }
            } else if let Some(rest) = below(at, &source) {
                let path = from.join(rest);
                if into {
                    let name = source.rsplit('/').next().unwrap_or_default();
                    self.mounts.push((joined(target, name), path.clone()));
                }
                self.mounts.push((target.to_owned(), path));
            }
        }
    }

    /// The paths in the project that a path in the container may be; whether they exist is another question.
    pub fn origins(&self, path: &str) -> impl Iterator<Item = Utf8PathBuf> {
        self.mounts.iter().filter_map(move |(at, from)| {
            let rest = below(at, path)?;
            Some(if rest.is_empty() { from.clone() } else { from.join(rest) })
        })
    }

    /// The file of the project that lies at a path of the container.
    pub fn file(&self, tree: &Tree, path: &str) -> Option<Utf8PathBuf> {
        // What is copied last lies on top.
        let origins: Vec<_> = self.origins(path).collect();
        origins.into_iter().rev().find(|origin| tree.is_file(origin))
    }
}

/// What is left of a path below a folder: `Some("")` for the folder itself.
fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    let folder = folder.trim_end_matches('/');
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('/')
}

fn joined(folder: &str, rest: &str) -> String {
    match (folder.trim_end_matches('/'), rest) {
        ("", "") => "/".to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    }
}

/// An absolute path in a container, without `.` and `..`; `None` where the folder is not known that it starts from.
pub(super) fn inside(folder: Option<&str>, path: &str) -> Option<String> {
    let whole = match path.strip_prefix('/') {
        Some(_) => path.to_owned(),
        None => format!("{}/{path}", folder?.trim_end_matches('/')),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_a_container_lead_back_to_the_project() {
        let mut files = Files::default();
        files.add("/app", "backend".into());
        files.add("/app/lib", "shared".into());
        let origins: Vec<_> = files.origins("/app/lib/x.py").collect();
        assert_eq!(origins, ["backend/lib/x.py", "shared/x.py"]);
        assert_eq!(files.origins("/application").count(), 0);
        let mut shipped = Files::default();
        shipped.copy_from(&files, "/app", "/srv", false);
        let origins: Vec<_> = shipped.origins("/srv/lib/x.py").collect();
        assert_eq!(origins, ["backend/lib/x.py", "shared/x.py"]);
        let mut one = Files::default();
        one.copy_from(&files, "/app/start.sh", "/", true);
        assert!(one.origins("/start.sh").any(|origin| origin == "backend/start.sh"));
    }

    #[test]
    fn a_relative_path_needs_its_folder() {
        assert_eq!(inside(Some("/app"), "./a/../b/").as_deref(), Some("/app/b"));
        assert_eq!(inside(None, "a"), None);
        assert_eq!(inside(None, "/a").as_deref(), Some("/a"));
    }
}
