//! Files and components that lie on no disk: code handed in by a test, an example or standard input.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::role::Strength;
use crate::{Component, Distribution, File, FileKind};

/// What files hold that lie on no disk. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Contents(Arc<BTreeMap<Utf8PathBuf, Vec<u8>>>);

impl Contents {
    /// What a file holds.
    pub fn get(&self, path: &Utf8Path) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// All files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.0.keys().map(Utf8PathBuf::as_path)
    }
}

/// Of several files of one path the last counts.
impl<P: Into<Utf8PathBuf>, C: Into<Vec<u8>>> FromIterator<(P, C)> for Contents {
    fn from_iter<T: IntoIterator<Item = (P, C)>>(files: T) -> Self {
        let plain = |path: Utf8PathBuf| {
            let parts = path.components().filter(|part| matches!(part, Utf8Component::Normal(_)));
            parts.collect()
        };
        let files = files.into_iter().map(|(path, content)| (plain(path.into()), content.into()));
        Self(Arc::new(files.collect()))
    }
}

impl File {
    /// A file that is shown under `path` and lies nowhere.
    pub fn in_memory(path: impl Into<Utf8PathBuf>) -> Self {
        let path = path.into();
        let kind = FileKind::of_given(&path);
        Self {
            kind,
            repository: None,
            absolute: path.clone(),
            module: path.file_stem().unwrap_or_default().to_owned(),
            path,
            component: 0,
            path_role: None,
            configured: false,
            in_package: false,
            has_stub: false,
            strength: Strength::Firm,
        }
    }
}

impl Component {
    /// A component of which nothing is known.
    pub fn in_memory() -> Self {
        Self {
            root: Utf8PathBuf::new(),
            path: Utf8PathBuf::new(),
            manifest: None,
            name: String::new(),
            distribution: Distribution::Unknown,
            distribution_reason: Cow::Borrowed("it lies on no disk"),
            entry_points: Vec::new(),
            test_paths: Vec::new(),
            test_files: Vec::new(),
            test_globs: Vec::new(),
            base: Utf8PathBuf::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Distribution, Project, role_of, role_of_document};

    fn project(files: &[(&str, &str)]) -> Project {
        Project::in_memory(files.iter().map(|&(path, text)| (path, text)))
    }

    #[test]
    fn files_in_memory_belong_to_what_their_manifests_say() {
        let project = project(&[
            (
                "./shop/pyproject.toml",
                "[project]\nname = 'shop'\n[project.scripts]\nrun = 'shop.cli:main'\n[build-system]\n",
            ),
            ("shop/src/shop/__init__.py", ""),
            ("shop/src/shop/cli.py", "def main(): ..."),
            ("shop/src/shop/cli.pyi", "def main() -> None: ..."),
            ("shop/tests/test_cli.py", ""),
            ("shop/logo.png", "x"),
            ("tool", "#!/usr/bin/env python3\n"),
            ("site/requirements.txt", ""),
            ("site/app.py", "print()"),
            ("site/.env", "A=b"),
            (".github/workflows/test.yml", "on: push\n"),
        ]);
        let paths: Vec<_> = project.files.iter().map(|file| file.path.as_str()).collect();
        assert!(paths.contains(&"tool") && !paths.contains(&"shop/logo.png"), "{paths:?}");
        let file = |path: &str| project.files.iter().find(|file| file.path == path).unwrap();
        let cli = file("shop/src/shop/cli.py");
        assert_eq!((cli.module.as_str(), cli.in_package, cli.has_stub), ("shop.cli", true, true));
        let shop = project.component(cli);
        assert_eq!((shop.name.as_str(), shop.distribution), ("shop", Distribution::Library));
        assert_eq!(shop.entry_points[0].module, "shop.cli");
        assert_eq!(project.component(file("site/app.py")).distribution, Distribution::Application);
        let role = |path: &str| {
            let file = file(path);
            let source = project.read(file).unwrap();
            let outline = roadworthy_parser::scan(source.text());
            if file.kind.is_python() {
                role_of(file, project.component(file), &source, &outline).role.name()
            } else {
                role_of_document(file, project.component(file)).role.name()
            }
        };
        assert_eq!(role("shop/src/shop/cli.py"), "cli");
        assert_eq!(role("shop/tests/test_cli.py"), "test");
        assert_eq!(role("site/.env"), "application");
        assert_eq!(role(".github/workflows/test.yml"), "application");
        assert!(project.problems.is_empty());
    }

    #[test]
    fn a_broken_manifest_in_memory_is_a_problem_with_its_line() {
        let project = project(&[("pyproject.toml", "[project\n"), ("a.py", "")]);
        assert_eq!(project.problems.len(), 1);
        assert_eq!(project.problems[0].line, Some(1));
    }
}
