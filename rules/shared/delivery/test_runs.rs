//! Which tests of a project its pipelines run: the files that hold tests, and what each run of them reaches. Knows pytest's
//! rules for where tests are looked for; of other runners that they take what lies below their folder.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::ci::{CiModel, Command, Scope};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Component, Facts, File, Role};

/// The files with tests, in the order of their paths; those of examples, templates and copies are none.
pub(crate) fn test_files<'p>(facts: &'p Facts<'_>) -> Vec<&'p File> {
    let project = facts.project();
    let is_test = |file: &&File| {
        let role = file.path_role.as_ref().map(|it| it.role);
        file.kind.is_python()
            && role == Some(Role::Test)
            && is_named_test(project.component(file), file)
    };
    project.files.iter().filter(is_test).filter(|file| !is_data(&file.path)).collect()
}

/// Whether a file has the name of a module of tests. Source:
/// <https://docs.pytest.org/en/stable/reference/reference.html#confval-python_files>
fn is_named_test(component: &Component, file: &File) -> bool {
    let name = file.path.file_name().unwrap_or_default();
    let usual = name.starts_with("test_") && Utf8Path::new(name).extension() == Some("py")
        || name.ends_with("_test.py")
        || name == "tests.py";
    let configured = component.test_files.iter().any(|pattern| match pattern.split_once('*') {
        Some((before, behind)) => {
            name.len() > before.len() + behind.len()
                && name.starts_with(before)
                && name.ends_with(behind)
        }
        None => name == pattern,
    });
    usual || configured
}

/// Folders of files that tests read, or that are copied to make a project.
fn is_data(path: &Utf8Path) -> bool {
    const FOLDERS: [&str; 24] = [
        "data",
        "testdata",
        "test_data",
        "test-data",
        "fixtures",
        "resources",
        "assets",
        "templates",
        "template",
        "skeleton",
        "scaffold",
        "cookiecutter",
        "snapshots",
        "examples",
        "example",
        "samples",
        "docs",
        "doc",
        "tutorials",
        "vendor",
        "third_party",
        "node_modules",
        "sandbox",
        "playground",
    ];
    path.components().any(|part| {
        let part = part.as_str();
        FOLDERS.contains(&part) || part.contains("{{") || part.starts_with('.')
    })
}

/// Whether a text of Python asks no result whether it is right, and no runner to do so.
pub(crate) fn checks_nothing(text: &str) -> bool {
    const CHECKS: [&str; 9] = [
        "assert",
        "raises(",
        ".fail(",
        "expect(",
        "pytest",
        "unittest",
        "should",
        "sys.exit(",
        "raise ",
    ];
    !CHECKS.iter().any(|it| text.contains(it))
}

/// Whether a file holds a test, as far as its text shows. What is run by itself and checks nothing prints.
pub(crate) fn holds_tests(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    facts.python(path).is_some_and(|file| {
        let text = file.source.text();
        if !file.outline.main_guards.is_empty() && checks_nothing(text) {
            return false;
        }
        // What Django writes into every new app tests nothing, and any function may be called `test`.
        file.outline.definitions.iter().any(|it| {
            let name = it.name.of_text(text);
            it.is_function() && name.starts_with("test_") && name != "test_basic_addition"
                || it.is_function()
                    && name.starts_with("test")
                    && name.as_bytes().get(4).is_some_and(u8::is_ascii_uppercase)
        })
    })
}

/// What one run of tests reaches.
#[derive(Debug)]
pub(crate) struct Reach {
    /// Folders and files; the empty path is everything.
    paths: Vec<Utf8PathBuf>,
    left_out: Vec<Utf8PathBuf>,
}

impl Reach {
    /// Whether a file is among what runs.
    pub(crate) fn covers(&self, path: &Utf8Path) -> bool {
        self.paths.iter().any(|it| path.starts_with(it))
            && !self.left_out.iter().any(|it| path.starts_with(it))
    }
}

/// What the runs of tests of all jobs reach.
pub(crate) fn reaches(facts: &Facts<'_>, ci: &CiModel) -> Vec<Reach> {
    ci.commands().filter(|it| it.runs_tests()).map(|it| reach(facts, it)).collect()
}

fn reach(facts: &Facts<'_>, command: &Command) -> Reach {
    let everything = || Reach { paths: vec![Utf8PathBuf::new()], left_out: Vec::new() };
    let elsewhere = |word: &String| {
        word.contains("docker") || word.contains("kubectl") || word.contains("build-push")
    };
    // The folders of a container are not those of the project.
    if command.runners.iter().chain(&command.through).any(elsewhere) {
        return everything();
    }
    let left_out = command.left_out();
    match command.test_paths() {
        Scope::Unknown if command.folder.as_str().is_empty() => everything(),
        Scope::Unknown => Reach { paths: vec![command.folder.clone()], left_out },
        Scope::Usual => Reach { paths: usual(facts, &command.folder), left_out },
        Scope::Paths(paths) => {
            let tree = facts.tree();
            // A path that is not there is that of a plug-in's option, or of a folder made by an earlier step.
            if paths.iter().any(|it| !tree.is_file(it) && !tree.is_folder(it)) {
                return everything();
            }
            Reach { paths, left_out }
        }
    }
}

/// What pytest looks through when it is given no path: `testpaths` of the configuration in its folder, else that folder.
/// Source: <https://docs.pytest.org/en/stable/reference/reference.html#confval-testpaths>
pub(crate) fn usual(facts: &Facts<'_>, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let toml = facts.toml(&folder.join("pyproject.toml")).whole();
    let table = toml.as_ref().and_then(|it| it.value()?.at(&["tool", "pytest"]));
    let table = table.and_then(|it| it.get("ini_options").or(Some(it)));
    let mut words: Vec<String> = Vec::new();
    for item in table.and_then(|it| it.get("testpaths")).into_iter().flat_map(Value::one_or_many) {
        words.extend(item.text().unwrap_or_default().split_whitespace().map(str::to_owned));
    }
    for (name, section) in
        [("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")]
    {
        if words.is_empty()
            && let Some(document) = facts.ini(&folder.join(name)).whole()
            && let Some(paths) = document.value().and_then(|it| it.at(&[section, "testpaths"]))
        {
            words.extend(paths.text().unwrap_or_default().split_whitespace().map(str::to_owned));
        }
    }
    let literal = |word: &String| {
        let end =
            word.find(['*', '?', '[']).map_or(word.len(), |at| word[..at].rfind('/').unwrap_or(0));
        roadworthy_project::resolved(folder, &word[..end])
    };
    let paths: Vec<_> = words.iter().filter_map(literal).collect();
    // Paths that are not there are left out; where none is, pytest looks through its folder.
    let there = |it: &Utf8PathBuf| facts.tree().is_folder(it) || facts.tree().is_file(it);
    let paths: Vec<_> = paths.into_iter().filter(there).collect();
    if paths.is_empty() { vec![folder.to_owned()] } else { paths }
}
