//! What a component brings out or holds besides its own files, and whether that has tests. Knows manifests, no level.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::dependencies::Group;
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Component, Facts, File, resolved};

use super::{has_test, is_test_by_path, python_files};

/// Whether components below one have tests.
pub(super) fn holds_tested(facts: &Facts<'_>, component: &Component) -> bool {
    has_tests_below(facts, &component.path)
}

/// Whether a component only holds others, which have tests: it needs nothing itself or keeps all that is its own among its scripts,
/// and is no package.
pub(super) fn holds_others(
    facts: &Facts<'_>,
    index: usize,
    component: &Component,
    own: &[&File],
) -> bool {
    let dependencies = facts.dependencies().components.get(index);
    let needs_nothing =
        dependencies.is_some_and(|it| it.declared().all(|it| it.group != Group::Main));
    let scripts = ["scripts", "tools"].map(|it| component.path.join(it));
    let has_scripts_only =
        || own.iter().all(|it| scripts.iter().any(|folder| it.path.starts_with(folder)));
    (needs_nothing || has_scripts_only())
        && own.iter().all(|it| it.path.file_name() != Some("__init__.py"))
        && own.iter().all(|it| it.path.parent() != Some(&component.path))
        && holds_tested(facts, component)
}

/// Whether a folder below a component that its manifest names as a package, or as where its programs begin, has tests, whichever
/// component the folder is counted to.
pub(super) fn brings_tests(facts: &Facts<'_>, component: &Component) -> bool {
    let inside = |it: &Utf8PathBuf| *it != component.path && it.starts_with(&component.path);
    let mut folders = packages(facts, component).into_iter().chain(programs(facts, component));
    folders.any(|it| inside(&it) && has_tests_below(facts, &it))
}

fn has_tests_below(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    let mut below = python_files(facts).filter(|file| file.path.starts_with(folder));
    below.any(|file| is_test_by_path(file) && has_test(facts, file))
}

/// The folders that a `pyproject.toml` names as packages, for Hatch, setuptools or Poetry.
fn packages(facts: &Facts<'_>, component: &Component) -> Vec<Utf8PathBuf> {
    let document = facts.toml(&component.path.join("pyproject.toml")).whole();
    let manifest = document.as_ref().and_then(|it| it.value());
    let Some(value) = manifest.and_then(|it| it.get("tool")) else { return Vec::new() };
    let hatch = value.at(&["hatch", "build", "targets", "wheel", "packages"]);
    let hatch = hatch.into_iter().flat_map(Value::items).filter_map(Value::text).map(str::to_owned);
    let named = value.at(&["setuptools", "packages"]).into_iter().flat_map(Value::items);
    let named = named.filter_map(Value::text).map(|it| it.replace('.', "/"));
    let placed = value.at(&["setuptools", "package-dir"]).into_iter().flat_map(Value::entries);
    let placed = placed.filter_map(|it| it.1.text()).map(str::to_owned);
    let poetry = value.at(&["poetry", "packages"]).into_iter().flat_map(Value::items);
    let poetry = poetry.filter_map(|it| {
        let from = it.get("from").and_then(Value::text).unwrap_or(".");
        Some(format!("{from}/{}", it.get("include")?.text()?))
    });
    let all = hatch.chain(named).chain(placed).chain(poetry);
    all.filter_map(|it| resolved(&component.path, &it)).collect()
}

/// Where the programs that the `setup.py` of a component installs stand: `"shop = backend.app.main:run"`.
fn programs(facts: &Facts<'_>, component: &Component) -> Vec<Utf8PathBuf> {
    let path = component.path.join("setup.py");
    let Some(document) = facts.text(&path).whole().filter(|it| it.text().contains("_scripts"))
    else {
        return Vec::new();
    };
    let programs = document.text().split(['"', '\'']).filter_map(|it| {
        let (_, target) = it.split_once('=')?;
        let (module, _) = target.trim().split_once(':')?;
        module.split('.').next().filter(|it| !it.is_empty())
    });
    programs.map(|it| component.path.join(it)).collect()
}

#[cfg(test)]
mod tests {
    use roadworthy_project::Project;

    use super::*;

    fn brings(manifest: (&str, &str), tests: &str) -> bool {
        let project = Project::in_memory([
            manifest,
            ("backend/main.py", "def run():\n    pass\n"),
            ("backend/requirements.txt", "flask\n"),
            (tests, "def test_run():\n    assert run()\n"),
        ]);
        let read = |path: &Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let mut components = project.components.iter();
        let top = components.find(|it| it.path.as_str().is_empty()).unwrap();
        brings_tests(&facts, top)
    }

    #[test]
    fn a_program_below_brings_its_tests() {
        let setup = "setup(entry_points={\"console_scripts\": [\"shop = backend.main:run\"]})\n";
        assert!(brings(("setup.py", setup), "backend/tests/test_main.py"));
        assert!(!brings(("setup.py", setup), "other/tests/test_main.py"));
    }

    #[test]
    fn a_package_that_the_manifest_names_brings_its_tests() {
        let project = "[project]\nname = \"shop\"\n";
        for tool in [
            "[tool.hatch.build.targets.wheel]\npackages = [\"backend\"]\n",
            "[tool.setuptools]\npackages = [\"backend.tests\"]\n",
            "[tool.setuptools.package-dir]\nshop = \"backend\"\n",
            "[tool.poetry]\npackages = [{ include = \"tests\", from = \"backend\" }]\n",
        ] {
            let manifest = format!("{project}{tool}");
            assert!(brings(("pyproject.toml", &manifest), "backend/tests/test_main.py"), "{tool}");
            assert!(!brings(("pyproject.toml", &manifest), "other/tests/test_main.py"), "{tool}");
        }
        let whole = format!("{project}[tool.hatch.build.targets.wheel]\npackages = [\".\"]\n");
        assert!(!brings(("pyproject.toml", &whole), "backend/tests/test_main.py"));
    }

    #[test]
    fn what_only_holds_others_needs_nothing_itself() {
        let holds = |manifest: &str, script: &str| {
            let project = Project::in_memory([
                ("pyproject.toml", manifest),
                (script, "x = 1\n"),
                ("packages/shop/pyproject.toml", "[project]\nname = \"shop\"\n"),
                ("packages/shop/tests/test_shop.py", "def test_x():\n    assert x\n"),
            ]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            let all = project.components.iter().enumerate();
            let (index, top) = all.into_iter().find(|it| it.1.path.as_str().is_empty()).unwrap();
            let own: Vec<&File> = python_files(&facts).filter(|it| it.component == index).collect();
            holds_others(&facts, index, top, &own)
        };
        let bare = "[project]\nname = \"all\"\n";
        assert!(holds(bare, "tools/sync.py"));
        assert!(!holds(bare, "main.py") && !holds(bare, "tools/__init__.py"));
        let needy = format!("{bare}dependencies = [\"flask\"]\n");
        assert!(holds(&needy, "scripts/sync.py") && !holds(&needy, "shop/sync.py"));
    }
}
