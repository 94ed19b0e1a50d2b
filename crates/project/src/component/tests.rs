//! What components take from their manifests.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Component, Distribution};
use crate::discover::{DiscoverOptions, discover};

/// The one component of a folder with these files.
fn component(files: &[(&str, &str)]) -> Component {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap().canonicalize_utf8().unwrap();
    for (path, text) in files.iter().chain(&[("a.py", "")]) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let project = discover(&[Utf8PathBuf::from(".")], &DiscoverOptions::new(root)).unwrap();
    assert_eq!(project.problems, []);
    assert_eq!(project.components.len(), 1);
    project.components[0].clone()
}

fn kind(files: &[(&str, &str)]) -> (Distribution, String) {
    let component = component(files);
    (component.distribution, component.distribution_reason.into_owned())
}

const BUILD: &str = "[build-system]\nrequires = []\n";

#[test]
fn a_package_is_a_library_unless_it_is_deployed() {
    use Distribution::{Application, Library, Unknown};
    let built = format!("[project]\nname = 'x-y'\n{BUILD}");
    let expect = |files: &[(&str, &str)], distribution, reason: &str| {
        assert_eq!(kind(files), (distribution, reason.to_owned()));
    };
    expect(&[("pyproject.toml", &built)], Library, "pyproject.toml has a [build-system]");
    expect(&[("pyproject.toml", &built), ("Dockerfile", "")], Application, "has a container file");
    expect(
        &[("pyproject.toml", &built), ("Dockerfile", ""), ("src/x_y/py.typed", "")],
        Library,
        "its package has a py.typed",
    );
    let private = format!("[project]\nclassifiers = ['Private :: Do Not Upload']\n{BUILD}");
    let reason = "is classified as private (Private :: Do Not Upload)";
    expect(&[("pyproject.toml", &private)], Application, reason);
    let project = "[project]\nname = 'x'\n";
    expect(&[("pyproject.toml", project)], Application, "pyproject.toml has no [build-system]");
    let uv = format!("{project}[tool.uv]\npackage = false\n{BUILD}");
    let reason = "[tool.uv] of pyproject.toml says `package = false`";
    expect(&[("pyproject.toml", &uv)], Application, reason);
    let setup = "from setuptools import setup\nsetup(name='x')\n";
    expect(&[("setup.py", setup)], Library, "setup.py builds a package");
    expect(&[("setup.py", "def setup(hass): ...")], Unknown, "no manifest says how it is used");
    let requirements = "has requirements, but no package metadata";
    expect(&[("requirements.txt", "")], Application, requirements);
    expect(&[("requirements/base.txt", "")], Application, requirements);
    expect(&[], Unknown, "no manifest says how it is used");
}

#[test]
fn entry_points_come_from_all_their_places() {
    let pyproject = "[project.scripts]\na = 'p.a:main'\n[project.gui-scripts]\nb = 'p.b:App.run'\n\
        [tool.poetry.scripts]\nc = { reference = 'p.c:go', type = 'console' }\n";
    let setup_cfg = "[options.entry_points]\nconsole_scripts =\n    d = p.d:main [extra]\n";
    let setup_py =
        "from setuptools import setup\nsetup(entry_points={'console_scripts': ['e=p.e:x']})";
    let found = component(&[
        ("pyproject.toml", pyproject),
        ("setup.cfg", setup_cfg),
        ("setup.py", setup_py),
    ]);
    let points = found.entry_points.iter();
    let points: Vec<_> = points
        .map(|point| (point.name.as_str(), point.module.as_str(), point.object.as_str()))
        .collect();
    assert_eq!(
        points,
        [
            ("a", "p.a", "main"),
            ("b", "p.b", "App.run"),
            ("c", "p.c", "go"),
            ("d", "p.d", "main"),
            ("e", "p.e", "x")
        ]
    );
    assert_eq!(found.entry_points[3].declared_in, "[options.entry_points] of setup.cfg");
}

#[test]
fn pytest_is_configured_in_any_of_its_files() {
    let ini = "testpaths = tests unit_tests/\npython_files =\n    check_*.py\n    *_spec.py\n";
    for (file, section) in
        [("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")]
    {
        let found = component(&[(file, &format!("[{section}]\n{ini}"))]);
        // Files without package metadata make no component of their own, but the folder is one anyway.
        assert_eq!(found.test_paths, ["tests", "unit_tests"], "{file}");
        assert_eq!(found.test_files, ["check_*.py", "*_spec.py"], "{file}");
    }
}

#[test]
fn one_installed_distribution_tells_its_commands() {
    let found = component(&[(
        "thing-1.0.dist-info/entry_points.txt",
        "[console_scripts]\nthing = thing.cli:main\n",
    )]);
    assert_eq!((found.name.as_str(), found.distribution), ("thing", Distribution::Library));
    assert_eq!(found.entry_points[0].module, "thing.cli");
}
