//! By which names pytest finds tests (<https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery>), and
//! whether it is what runs them. Knows configuration files, not the plug-ins and the `conftest.py` that may change all of it.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Component, Facts};

use crate::shared::delivery::test_runs::usual;

/// How pytest is told to find tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collection {
    /// Whether a file configures pytest, so that it runs the tests.
    pub(crate) configured: bool,
    /// Whether a plug-in, or `unittest` by way of Django, finds them by rules of its own.
    pub(crate) own_rules: bool,
    /// The folders and files that it looks through when it is given none.
    pub(crate) paths: Vec<Utf8PathBuf>,
    /// Patterns of names of files.
    pub(crate) files: Vec<String>,
    /// Prefixes or patterns of names of classes.
    pub(crate) classes: Vec<String>,
    /// Prefixes or patterns of names of functions.
    pub(crate) functions: Vec<String>,
}

impl Collection {
    /// Reads what holds for a component: its own configuration, else that of the repository.
    pub(crate) fn of(facts: &Facts<'_>, component: &Component) -> Self {
        let mut found = Self::default();
        for folder in [component.path.as_path(), Utf8Path::new("")] {
            if let Some(table) = table(facts, folder) {
                found.configured = true;
                found.paths = usual(facts, folder);
                found.files = words(table.get("python_files"));
                found.classes = words(table.get("python_classes"));
                found.functions = words(table.get("python_functions"));
                let options = words(table.get("addopts"));
                let plugins = words(table.get("plugins"));
                found.own_rules |=
                    options.iter().chain(&plugins).any(|it| it == "-c" || it.contains("describe"));
                break;
            }
        }
        found.own_rules |= facts.tree().is_file(&component.path.join("manage.py"));
        for (list, default) in [
            (&mut found.files, &["test_*.py", "*_test.py"][..]),
            (&mut found.classes, &["Test"]),
            (&mut found.functions, &["test"]),
        ] {
            if list.is_empty() {
                list.extend(default.iter().map(|it| (*it).to_owned()));
            }
        }
        found
    }

    /// Whether the configuration names folders in which a file does not lie.
    pub(crate) fn leaves_out(&self, path: &Utf8Path) -> bool {
        self.configured && !self.paths.iter().any(|it| path.starts_with(it))
    }

    /// Whether a class of this name is one of tests.
    pub(crate) fn takes_class(&self, name: &str) -> bool {
        takes(&self.classes, name)
    }

    /// Whether a function of this name is a test.
    pub(crate) fn takes_function(&self, name: &str) -> bool {
        takes(&self.functions, name)
    }
}

fn takes(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.split_once('*') {
        None => name.starts_with(pattern.as_str()),
        Some((before, behind)) if !behind.contains(['*', '?', '[']) => {
            name.len() >= pattern.len() - 1 && name.starts_with(before) && name.ends_with(behind)
        }
        // Whatever it means, it is not said that it leaves a name out.
        Some(_) => true,
    })
}

/// The words of a list, or of a text with blanks and lines between them.
fn words(value: Option<&Value>) -> Vec<String> {
    let texts = value.into_iter().flat_map(Value::one_or_many).filter_map(Value::text);
    texts.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// The table of pytest's options in a folder, from the files that pytest looks at, in its order.
fn table(facts: &Facts<'_>, folder: &Utf8Path) -> Option<Value> {
    for name in ["pytest.toml", ".pytest.toml"] {
        if let Some(document) = facts.toml(&folder.join(name)).whole() {
            return document.value()?.get("pytest").cloned();
        }
    }
    for name in ["pytest.ini", ".pytest.ini"] {
        if let Some(document) = facts.ini(&folder.join(name)).whole() {
            return Some(document.value()?.get("pytest").cloned().unwrap_or_default());
        }
    }
    if let Some(document) = facts.toml(&folder.join("pyproject.toml")).whole() {
        let tool = document.value().and_then(|it| it.at(&["tool", "pytest"]));
        if let Some(table) = tool {
            return Some(table.get("ini_options").unwrap_or(table).clone());
        }
    }
    // Before version 4 the section of `setup.cfg` was called like the others; later ones refuse to run with it.
    for (name, section) in
        [("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"), ("setup.cfg", "pytest")]
    {
        let document = facts.ini(&folder.join(name)).whole();
        if let Some(table) = document.and_then(|it| it.value()?.get(section).cloned()) {
            return Some(table);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use roadworthy_project::Project;

    fn collection(files: &[(&str, &str)]) -> Collection {
        let project = Project::in_memory(files.iter().copied());
        let read = |path: &Utf8Path| project.read_bytes(path);
        Collection::of(&Facts::new(&project, &read, None), &project.components[0])
    }

    #[test]
    fn options_are_read_from_where_pytest_reads_them() {
        let code = ("a.py", "");
        let none = collection(&[code]);
        assert!(!none.configured && none.takes_class("TestA") && !none.takes_class("ATest"));
        for file in [
            ("pytest.ini", "[pytest]\npython_classes = *Test Check\n"),
            ("setup.cfg", "[tool:pytest]\npython_classes =\n    *Test\n    Check\n"),
            ("setup.cfg", "[pytest]\npython_classes = *Test Check\n"),
            ("pyproject.toml", "[tool.pytest.ini_options]\npython_classes = ['*Test', 'Check']\n"),
            ("pyproject.toml", "[tool.pytest]\npython_classes = '*Test Check'\n"),
        ] {
            let found = collection(&[code, file]);
            assert!(found.configured && found.takes_class("ATest"), "{file:?}");
            assert!(found.takes_class("CheckA") && !found.takes_class("TestA"), "{file:?}");
        }
    }
}
