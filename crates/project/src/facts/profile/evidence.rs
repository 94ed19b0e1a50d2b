//! What shows the profiles of components: what they depend on, what is started of them, how their files are called, and of
//! the few files that may make an application what they call. Reads no other code.

use std::sync::LazyLock;

use camino::Utf8Path;

use super::{Profile, Profiles};
use crate::facts::Facts;
use crate::facts::containers::Process;
use crate::facts::dependencies::Group;
use crate::facts::syntax;
use crate::facts::value::Value;
use crate::{Component, Distribution, File, Role, is_put_away};

/// Distributions, programs, calls and files that show a profile.
static KNOWN: LazyLock<Value> =
    LazyLock::new(|| syntax::toml::parse(include_str!("known.toml")).unwrap_or_default());

fn shows(what: &str, profile: Profile, name: &str) -> bool {
    KNOWN.at(&[what, profile.name()]).is_some_and(|names| names.key(name).is_some())
}

/// Modules that make applications are called so.
const APP_MODULES: [&str; 13] = [
    "main.py",
    "app.py",
    "application.py",
    "asgi.py",
    "wsgi.py",
    "server.py",
    "api.py",
    "web.py",
    "webapp.py",
    "service.py",
    "factory.py",
    "__init__.py",
    "definitions.py",
];

/// How deep below the root of a component they are looked for.
const DEEPEST: usize = 4;

/// How many of them are read of a component, and of a project.
const MOST_OF_COMPONENT: usize = 8;
const MOST: usize = 120;

/// What is gathered of one component.
#[derive(Default)]
struct Found<'f> {
    evidence: [Option<String>; Profile::ALL.len()],
    /// Modules that may make an application, with their depth.
    candidates: Vec<(usize, &'f Utf8Path)>,
    main_module: Option<&'f Utf8Path>,
}

impl Found<'_> {
    fn add(&mut self, profile: Profile, phrase: impl FnOnce() -> String) {
        self.evidence[profile as usize].get_or_insert_with(phrase);
    }

    fn has(&self, profile: Profile) -> bool {
        self.evidence[profile as usize].is_some()
    }
}

pub(super) fn read(facts: &Facts<'_>) -> Vec<Profiles> {
    let components = &facts.project().components;
    let mut found: Vec<Found<'_>> = components.iter().map(|_| Found::default()).collect();
    for process in &facts.containers().processes {
        if let Some(found) = process.component.and_then(|index| found.get_mut(index)) {
            add_process(process, found);
        }
    }
    for file in &facts.project().files {
        let component = &components[file.component];
        add_file(file, component, &mut found[file.component]);
    }
    for path in facts.tree().files() {
        let name = path.file_name().unwrap_or_default();
        if shows("files", Profile::Pipeline, name)
            && let Some(index) = facts.component_of(path)
        {
            found[index].add(Profile::Pipeline, || format!("has {path}"));
        }
    }
    let mut left = MOST;
    for (index, found) in found.iter_mut().enumerate() {
        add_modules(facts, found, &mut left);
        add_dependencies(facts, index, found);
        add_declared(&components[index], found);
    }
    let profiles = found.into_iter().map(|found| {
        let evidence = Profile::ALL.into_iter().zip(found.evidence);
        Profiles { evidence: evidence.filter_map(|(it, phrase)| Some((it, phrase?))).collect() }
    });
    profiles.collect()
}

/// What a container or a platform starts.
fn add_process(process: &Process, found: &mut Found<'_>) {
    let Some(command) = process.command.known() else { return };
    let path = &process.place.path;
    if path.components().any(|part| is_put_away(part.as_str())) {
        return;
    }
    // What stands before the program, such as `poetry run`, is none of these names.
    for (at, word) in command.iter().take(4).enumerate() {
        let name = word.rsplit('/').next().unwrap_or_default();
        let mut rest = command.iter().skip(at + 1).map(String::as_str);
        if name == "manage.py" {
            let is_server = rest.any(|it| matches!(it, "runserver" | "qcluster" | "celery"));
            if is_server {
                found.add(Profile::Service, || format!("{path} starts manage.py"));
            }
        }
        let mut is_program = false;
        for profile in [Profile::Service, Profile::Pipeline] {
            if shows("programs", profile, name) {
                is_program = true;
                found.add(profile, || format!("{path} starts {name}"));
            }
        }
        // What follows a program is for that: `airflow celery worker`.
        if is_program {
            return;
        }
    }
}

/// What the name of a file tells.
fn add_file<'f>(file: &'f File, component: &Component, found: &mut Found<'f>) {
    if !file.kind.is_python() {
        return;
    }
    let aside = |role| {
        matches!(role, Role::Test | Role::Example | Role::Generated | Role::Vendored | Role::Stub)
    };
    if file.path_role.as_ref().is_some_and(|found| aside(found.role)) {
        return;
    }
    let Some(name) = file.path.file_name() else { return };
    let inside = file.path.strip_prefix(&component.path).unwrap_or(&file.path);
    let depth = inside.components().count();
    if name == "manage.py" && depth <= 3 {
        found.add(Profile::Service, || format!("has {}", file.path));
    } else if name == "__main__.py" && depth <= 3 {
        found.main_module.get_or_insert(&file.path);
    }
    let in_dags = inside.components().any(|part| part.as_str() == "dags");
    if depth <= DEEPEST && (APP_MODULES.contains(&name) || in_dags) {
        found.candidates.push((depth, &file.path));
    }
}

/// What the modules that may make an application call.
fn add_modules(facts: &Facts<'_>, found: &mut Found<'_>, left: &mut usize) {
    // `__init__.py` is the last place to look at: there are many of them.
    found.candidates.sort_by_key(|(depth, path)| (path.ends_with("__init__.py"), *depth, *path));
    for (_, path) in std::mem::take(&mut found.candidates).into_iter().take(MOST_OF_COMPONENT) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let Some(file) = facts.python(path) else { continue };
        for call in &file.outline.calls {
            let callee = file.source.slice(call.name).rsplit('.').next().unwrap_or_default();
            for profile in [Profile::Service, Profile::Pipeline] {
                if shows("calls", profile, callee) {
                    found.add(profile, || format!("{path} calls {callee}"));
                }
            }
        }
    }
}

/// What an application depends on for everybody. That a library depends on a framework only says what it extends; the
/// models it speaks to it speaks to all the same.
fn add_dependencies(facts: &Facts<'_>, index: usize, found: &mut Found<'_>) {
    let is_library = facts.project().components[index].distribution == Distribution::Library;
    let Some(dependencies) = facts.dependencies().components.get(index) else { return };
    // What another dependency brings says nothing; where nothing else is declared, it is all there is.
    let declared = || dependencies.manifests.iter().filter(|it| !it.exported);
    let is_declared = declared().any(|it| !it.requirements.is_empty());
    let manifests = dependencies.manifests.iter().filter(|it| !is_declared || !it.exported);
    let requirements = manifests.flat_map(|it| &it.requirements);
    let names = requirements.filter(|it| it.group == Group::Main).map(|it| it.name.as_str());
    for name in names {
        if shows("distributions", Profile::AiApp, name) {
            found.add(Profile::AiApp, || format!("depends on {name}"));
        }
        if is_library {
            continue;
        }
        for profile in [Profile::Service, Profile::Pipeline, Profile::Cli] {
            if shows("distributions", profile, name) {
                found.add(profile, || format!("depends on {name}"));
            }
        }
    }
}

/// What manifests say, and what that leaves.
fn add_declared(component: &Component, found: &mut Found<'_>) {
    let runs = found.has(Profile::Service) || found.has(Profile::Pipeline);
    // Beside a server or a flow of data, such a dependency or module only serves that.
    let by_dependency = found.evidence[Profile::Cli as usize].take();
    if let Some(entry) = component.entry_points.first() {
        let phrase = format!("{} makes the command {}", entry.declared_in, entry.name);
        found.add(Profile::Cli, || phrase);
    } else if let Some(path) = found.main_module.filter(|_| !runs) {
        found.add(Profile::Cli, || format!("has {path}"));
    } else if let Some(phrase) = by_dependency.filter(|_| !runs) {
        found.add(Profile::Cli, || phrase);
    }
    let reason = &component.distribution_reason;
    // Many applications are built as packages only to be installed in their own image.
    let only_built = reason.contains("[build-system]") || reason.contains("setup.");
    let runs_itself = runs && only_built;
    if component.distribution == Distribution::Library && !runs_itself {
        found.add(Profile::Library, || reason.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    fn profiles(files: &[(&str, &str)]) -> Vec<Vec<(Profile, String)>> {
        let project = Project::in_memory(files.iter().copied());
        let read = |path: &Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        facts.profiles().iter().map(|it| it.evidence.clone()).collect()
    }

    #[test]
    fn every_row_of_the_data_has_a_source() {
        for what in ["distributions", "programs", "calls", "files"] {
            let tables = KNOWN.get(what).expect("the data file can be read");
            for (profile, names) in tables.entries() {
                assert!(Profile::ALL.iter().any(|it| it.name() == profile.name));
                for (name, source) in names.entries() {
                    assert!(
                        source.text().is_some_and(|it| it.starts_with("http")),
                        "{}",
                        name.name
                    );
                }
            }
        }
    }

    #[test]
    fn an_application_is_known_by_what_it_calls() {
        let found = profiles(&[
            ("pyproject.toml", "[project]\nname = 'shop'\n"),
            ("src/shop/__init__.py", ""),
            ("src/shop/main.py", "from fastapi import FastAPI\napp = FastAPI()\n"),
        ]);
        let service = (Profile::Service, "src/shop/main.py calls FastAPI".to_owned());
        assert_eq!(found, [vec![service]]);
    }

    #[test]
    fn what_a_dependency_brings_shows_nothing() {
        let compiled = "# This file is autogenerated by pip-compile\nflask==3.0\nlocust==2.0\n";
        let alone = [("requirements.txt", compiled), ("a.py", "")];
        assert_eq!(profiles(&alone)[0].len(), 1);
        let beside = [alone[0], alone[1], ("requirements.in", "locust\n")];
        assert_eq!(profiles(&beside), [vec![]]);
    }

    #[test]
    fn what_stands_behind_a_program_is_none() {
        let compose = "services:\n  worker:\n    image: x\n    command: airflow celery worker\n";
        let found = profiles(&[("compose.yml", compose), ("a.py", "")]);
        assert_eq!(found, [vec![(Profile::Pipeline, "compose.yml starts airflow".to_owned())]]);
    }

    #[test]
    fn a_library_stays_one_whatever_its_examples_make() {
        let found = profiles(&[
            ("pyproject.toml", "[project]\nname = 'flask-x'\n[build-system]\n"),
            ("flask_x/__init__.py", "class X: ...\n"),
            ("examples/app.py", "from flask import Flask\napp = Flask(__name__)\n"),
            ("tests/app.py", "from flask import Flask\napp = Flask(__name__)\n"),
        ]);
        let library = (Profile::Library, "pyproject.toml has a [build-system]".to_owned());
        assert_eq!(found, [vec![library]]);
    }

    #[test]
    fn a_built_server_is_no_library_and_its_main_module_no_tool() {
        let found = profiles(&[
            ("pyproject.toml", "[project]\nname = 'shop'\n[build-system]\n"),
            ("shop/__init__.py", ""),
            ("shop/__main__.py", "run()"),
            ("shop/app.py", "app = flask.Flask(__name__)\n"),
            ("dags/load.py", "with DAG('x'): ...\n"),
        ]);
        let names: Vec<_> = found[0].iter().map(|(profile, _)| *profile).collect();
        assert_eq!(names, [Profile::Service, Profile::Pipeline]);
    }

    #[test]
    fn commands_and_files_tell_without_code() {
        let found = profiles(&[
            (
                "a/pyproject.toml",
                "[project]\nname = 'a'\n[project.scripts]\nrun = 'a:main'\n[build-system]\n",
            ),
            ("a/a.py", ""),
            ("b/requirements.txt", ""),
            ("b/manage.py", ""),
            ("c/requirements.txt", ""),
            ("c/load.py", ""),
            ("c/flow/Snakefile", ""),
        ]);
        let of = |index: usize| found[index].iter().map(|(it, _)| *it).collect::<Vec<_>>();
        assert_eq!(of(0), [Profile::Library, Profile::Cli]);
        assert_eq!(of(1), [Profile::Service]);
        assert_eq!(of(2), [Profile::Pipeline]);
    }
}
