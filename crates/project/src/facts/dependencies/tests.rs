//! Manifests of projects in memory, and what they come to.

use super::*;
use crate::Project;

fn with_facts(files: &[(&str, &str)], judge: impl FnOnce(&Project, &DependencyModel)) {
    let project = Project::in_memory(files.iter().map(|&(path, text)| (path, text)));
    let read = |path: &Utf8Path| project.read_bytes(path);
    judge(&project, Facts::new(&project, &read, None).dependencies());
}

fn names<'m>(project: &Project, model: &'m DependencyModel, path: &str) -> Vec<&'m str> {
    let index = project.components.iter().position(|it| it.path == path).unwrap();
    model.components[index].declared().map(|it| it.name.as_str()).collect()
}

#[test]
fn each_component_has_its_own() {
    let files = [
        ("api/pyproject.toml", "[project]\nname='api'\ndependencies=['a']\n[build-system]\n"),
        ("api/requirements/prod.txt", "b\n-r deep/more.list\n"),
        ("api/requirements/deep/more.list", "c\n-r ../prod.txt\n"),
        ("api/main.py", ""),
        ("web/requirements.txt", "d==1\n"),
        ("web/app.py", ""),
    ];
    with_facts(&files, |project, model| {
        assert_eq!(names(project, model, "api"), ["a", "c", "b"]);
        assert_eq!(names(project, model, "web"), ["d"]);
        let web = &model.components[1];
        assert_eq!(web.locks[0].kind, LockKind::Requirements);
        assert_eq!(web.locks[0].of_name("d").count(), 1);
    });
}

#[test]
fn what_is_compiled_locks_and_what_it_is_compiled_from_does_not() {
    let files = [
        ("requirements.in", "a==1\n"),
        ("requirements.txt", "-e .\na==1\nb==2\n"),
        ("dev.in", "c==1\n"),
    ];
    with_facts(&files, |_, model| {
        let locks = &model.components[0].locks;
        let shown: Vec<_> = locks.iter().map(|it| (it.path.as_str(), it.packages.len())).collect();
        assert_eq!(shown, [("requirements.txt", 2)]);
    });
}

#[test]
fn a_lock_above_holds_for_the_members_that_it_names() {
    let lock = "version = 1\n\n[[package]]\nname = \"api\"\nversion = \"0.1\"\nsource = { editable = \"api\" }\n";
    let member = "[project]\nname='api'\n[build-system]\n";
    let other = "[project]\nname='other'\n[build-system]\n";
    let files = [
        ("pyproject.toml", "[project]\nname='all'\n[tool.uv.workspace]\nmembers=['api']\n"),
        ("uv.lock", lock),
        ("main.py", ""),
        ("api/pyproject.toml", member),
        ("api/main.py", ""),
        ("other/pyproject.toml", other),
        ("other/main.py", ""),
    ];
    with_facts(&files, |project, model| {
        let locked: Vec<_> = project
            .components
            .iter()
            .zip(&model.components)
            .map(|(component, dependencies)| (component.path.as_str(), dependencies.locks.len()))
            .collect();
        assert_eq!(locked, [("", 1), ("api", 1), ("other", 0)]);
    });
}

#[test]
fn what_cannot_be_known_is_said() {
    let files = [
        ("setup.py", "from setuptools import setup\nsetup(install_requires=read())\n"),
        ("Pipfile", "[packages\n"),
    ];
    with_facts(&files, |_, model| {
        assert_eq!(
            model.components[0].unknown,
            ["Pipfile cannot be read", "setup.py computes its requirements"]
        );
    });
}

#[test]
fn a_lock_that_is_cut_off_or_half_merged_is_unknown() {
    let cut = "version = 1\n\n[[package]]\nname = \"fast";
    let merged = "[[package]]\n<<<<<<< HEAD\nname = \"a\"\n";
    for (name, text) in [("uv.lock", cut), ("poetry.lock", merged), ("Pipfile.lock", "{\"a\":")] {
        with_facts(&[("pyproject.toml", "[project]\nname='a'\n"), (name, text)], |_, model| {
            let found = &model.components[0];
            assert!(found.locks.is_empty(), "{name}");
            assert_eq!(found.unknown, [format!("{name} cannot be read")]);
        });
    }
}

#[test]
fn what_the_main_requirements_include_is_for_everybody_and_a_circle_ends() {
    let files =
        [("requirements.txt", "-r more.txt\na\n"), ("more.txt", "-r requirements.txt\nb\n")];
    with_facts(&files, |_, model| {
        let groups = model.components[0].declared().map(|it| (it.name.as_str(), &it.group));
        let mut groups: Vec<_> = groups.collect();
        groups.sort_by_key(|(name, _)| *name);
        assert_eq!(groups, [("a", &Group::Main), ("b", &Group::Main)]);
    });
}

#[test]
fn what_lies_in_the_documentation_is_for_those_who_write_it() {
    let files = [
        ("pyproject.toml", "[project]\nname='a'\n[build-system]\n"),
        ("main.py", ""),
        ("docs/Pipfile", "[packages]\nb='*'\n"),
    ];
    with_facts(&files, |_, model| {
        let all = model.components[0].declared().map(|it| it.group.clone());
        assert_eq!(all.collect::<Vec<_>>(), [development("docs")]);
    });
}

#[test]
fn log_ins_are_left_out() {
    assert_eq!(without_login("https://a:b@h.io/x@y"), "https://h.io/x@y");
    assert_eq!(without_login("h.io"), "h.io");
}

#[test]
fn a_manifest_whose_keys_hold_something_else_is_refused() {
    let fault = |manifest: &str| {
        let project = Project::in_memory([("pyproject.toml", manifest), ("main.py", "")]);
        let read = |path: &Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let unknown = facts.dependencies().components[0].unknown.first().cloned();
        let fault = facts.faults().into_values().next().map(|it| it.sentence);
        assert_eq!(unknown, fault.as_ref().map(|it| format!("pyproject.toml {it}")), "{manifest}");
        fault
    };
    for (text, expected) in [
        ("project = 5", "has `project`, which is no table"),
        ("[project]\nname = 5", "has `project.name`, which is no text"),
        ("[project]\ndependencies = 'x'", "has `project.dependencies`, which is no list of texts"),
        (
            "[project]\ndependencies = { a = 1 }",
            "has `project.dependencies`, which is no list of texts",
        ),
        (
            "[project]\ndependencies = ['a', 1]",
            "has `project.dependencies`, which is no list of texts",
        ),
        (
            "[project]\nrequires-python = 'banana'",
            "has `project.requires-python`, which is no range of versions",
        ),
        ("[dependency-groups]\ndev = 'x'", "has `dependency-groups`, which is no table of lists"),
    ] {
        assert_eq!(fault(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "[project]\nname = 'a'\nrequires-python = '>=3.9'\ndependencies = ['b']",
        "[project]\nrequires-python = '*'\noptional-dependencies = { c = ['d'] }",
        "[dependency-groups]\ndev = ['a', { include-group = 'b' }]\nb = []",
        "[tool.poetry]\nname = 'a'\ndependencies = { python = '^3.12' }",
        "",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
}

#[test]
fn requirements_with_the_marks_of_a_merge_are_refused() {
    let text = "a==1\n<<<<<<< HEAD\nb==1\n=======\nb==2\n>>>>>>> x\n";
    let project = Project::in_memory([("requirements.txt", text), ("main.py", "")]);
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    assert!(facts.dependencies().components[0].manifests.is_empty());
    let fault = &facts.faults()[Utf8Path::new("requirements.txt")];
    assert_eq!(fault.span.start, 5);
}
