//! The role that a path alone gives. Knows names and which folders are packages, no contents.

use camino::Utf8Path;

use super::put_away::is_put_away;
use super::{Role, RoleReason};
use crate::component::{Component, Distribution};
use crate::discover::below;
use crate::folders::{Folders, is_copied};

/// Folders for copies of other people's code.
const VENDORED: [&str; 11] = [
    "_externals",
    "_vendor",
    "_vendored",
    "extern",
    "externals",
    "third-party",
    "third_party",
    "thirdparty",
    "vendor",
    "vendored",
    "vendored_packages",
];

/// Folders for what was not written here, if they hold nothing else.
const LIBRARIES: [&str; 8] =
    ["dependencies", "deps", "ext_libs", "external", "lib", "libraries", "libs", "site-packages"];

/// Folders of an environment of Python's, beside its `pyvenv.cfg`.
const OF_VENV: [&str; 6] = ["Include", "Lib", "Scripts", "bin", "include", "lib"];

/// Folders for tests.
const TESTS: [&str; 14] = [
    "_testing",
    "_tests",
    "e2e",
    "functional_tests",
    "integration_tests",
    "mocks",
    "test",
    "test_utils",
    "testing",
    "tests",
    "testsuite",
    "testutils",
    "unit_tests",
    "unittests",
];

/// Folders for code to read, wherever they are.
const EXAMPLES: [&str; 6] = ["demos", "docs_src", "mockups", "samples", "tutorial", "tutorials"];

/// Folders for code to read, unless they are part of a package: Home Assistant ships a `demo`, and many
/// a program handles `docs`.
const EXAMPLES_OUTSIDE: [&str; 6] = ["demo", "doc", "docs", "sample", "test_bed", "testbed"];

/// Applications in which the authors of a library beside them try it out.
const TRIALS: [&str; 6] =
    ["test-project", "test_app", "test_apps", "test_project", "testapp", "testproject"];

/// What Django and its like call the project that a command copies for somebody who begins one.
const TEMPLATES: [&str; 4] =
    ["app_template", "app_templates", "project_template", "project_templates"];

/// Folders for what is run by hand, wherever they are.
const SCRIPTS: [&str; 2] = ["bin", "scripts"];

/// Folders for what is run by hand, unless they are part of a package.
const SCRIPTS_OUTSIDE: [&str; 10] = [
    "asv_bench",
    "bench",
    "benchmark",
    "benchmarks",
    "evals",
    "experiments",
    "hack",
    "loadtests",
    "script",
    "stress",
];

/// Files that a tool of development runs.
const SCRIPT_FILES: [(&str, &str); 8] = [
    ("conanfile.py", "is read by Conan"),
    ("dodo.py", "is run by doit"),
    ("fabfile.py", "is run by Fabric"),
    ("hatch_build.py", "is run by Hatch when it builds"),
    ("locustfile.py", "is run by Locust"),
    ("noxfile.py", "is run by nox"),
    ("setup.py", "is run when the package is built"),
    ("toxfile.py", "is run by tox"),
];

/// What settings are called for: of other words, as in `token_settings.py`, they are a subject.
const STAGES: [&str; 14] = [
    "base",
    "ci",
    "common",
    "default",
    "dev",
    "development",
    "docker",
    "global",
    "local",
    "prod",
    "production",
    "stage",
    "staging",
    "test",
];

/// Folders of modules that are called for what they are about.
const SUBJECTS: [&str; 8] =
    ["api", "endpoints", "forms", "handlers", "routers", "routes", "schemas", "views"];

/// What the path says, in the order of precedence of the roles.
pub(crate) fn path_role(
    file: &Utf8Path,
    component: &Component,
    folders: &mut Folders,
) -> Option<(RoleReason, Strength)> {
    let name = file.file_name()?;
    // Folders above the place where the repository begins have no say. Texts are compared, as paths
    // are compared part by part.
    let base = component.base.as_str();
    let above = file.ancestors().skip(1).take_while(|folder| folder.as_str() != base);
    let around: Vec<_> = above.filter_map(|folder| Some((folder, folder.file_name()?))).collect();
    let path = Path { file, name, component, around: &around };
    path.template()
        .or_else(|| path.vendored(folders))
        .or_else(|| path.unpacked(folders))
        .or_else(|| path.generated())
        .or_else(|| path.stub())
        .or_else(|| path.test(folders))
        .or_else(|| path.example(folders))
        .or_else(|| path.settings(folders))
        .or_else(|| path.cli())
        .or_else(|| path.script(folders))
}

/// Folders for the data of tests, besides those of tests themselves.
const TEST_DATA: [&str; 14] = [
    "allure-report",
    "allure-results",
    "__fixtures__",
    "__snapshots__",
    "cassette",
    "cassettes",
    "fixture",
    "fixtures",
    "mock",
    "snapshots",
    "spec",
    "test-data",
    "test_data",
    "testdata",
];

/// What the path of a file says that is not Python, besides what it would say of Python.
pub(crate) fn of_document(inside: &Utf8Path) -> Option<RoleReason> {
    let mut folders = inside.ancestors().skip(1).filter_map(Utf8Path::file_name);
    let said = |role, reason: String| Some(RoleReason::new(role, reason));
    if let Some(name) = folders.find(|name| TEST_DATA.contains(name)) {
        return said(Role::Test, format!("lies in a folder `{name}`"));
    }
    let name = inside.file_name()?;
    if crate::kind::is_sample(name) {
        return said(Role::Example, "file name says sample".to_owned());
    }
    // A workflow is part of the project whatever it does: `test.yml` may publish as well.
    if inside.starts_with(".github/workflows") {
        return None;
    }
    let words: Vec<_> = name.split(['.', '_', '-']).collect();
    let of_tests = ["test", "tests", "testing"];
    of_tests
        .iter()
        .any(|word| words.contains(word))
        .then(|| RoleReason::new(Role::Test, "file name says test"))
}

/// Whether contents may speak against what a path says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    /// The place decides.
    Firm,
    /// It is a matter of naming: `test_connection.py` may test connections of customers.
    ByName,
}

type Found = Option<(RoleReason, Strength)>;

struct Path<'p> {
    file: &'p Utf8Path,
    name: &'p str,
    component: &'p Component,
    around: &'p [(&'p Utf8Path, &'p str)],
}

impl<'p> Path<'p> {
    /// The folders around the file, innermost first, each with its name.
    fn folders(&self) -> impl Iterator<Item = (&'p Utf8Path, &'p str)> {
        self.around.iter().copied()
    }

    /// Cookiecutter, Copier and Django name what they fill in by marks of a template, or by that word.
    fn template(&self) -> Found {
        let is_template =
            |name: &str| name.contains("{{") || name.contains("{%") || TEMPLATES.contains(&name);
        let names = self.folders().map(|(_, name)| name).chain([self.name]);
        let mut templates = names.filter(|name| is_template(name));
        templates.next().and_then(|_| firm(Role::Example, "lies in a template of projects"))
    }

    fn vendored(&self, folders: &mut Folders) -> Found {
        self.folders()
            // An app named `vendor` is about those who sell.
            .find(|&(folder, name)| VENDORED.contains(&name) && !folders.get(folder).app)
            .and_then(|(_, name)| in_folder(Role::Vendored, name))
            .or_else(|| {
                self.folders().find(|&(folder, _)| folders.get(folder).holds_copies()).and_then(
                    |(_, name)| {
                        firm(Role::Vendored, format!("lies among copies of libraries in {name}"))
                    },
                )
            })
            .or_else(|| {
                self.folders()
                    .find(|&(folder, _)| folders.is_web2py(folder))
                    .and_then(|_| firm(Role::Vendored, "is of the copy of web2py in gluon"))
            })
            .or_else(|| self.of_other_charm(folders))
            .or_else(|| self.copied(folders))
            .or_else(|| {
                let (_, name) = self.folders().find(|&(folder, _)| folders.is_bought(folder))?;
                firm(Role::Vendored, format!("{name} is an add-on of Odoo that was bought"))
            })
            .or_else(|| {
                let base = &self.component.base;
                let mut around = self.folders();
                let (_, name) = around.find(|&(folder, _)| folders.is_of_others(folder, base))?;
                firm(Role::Vendored, format!("{name} is a copy of another repository"))
            })
            .or_else(|| {
                let root = &self.component.root;
                let inside = |folder: &Utf8Path| folder != root && folder.starts_with(root);
                self.folders()
                    .find(|&(folder, _)| {
                        inside(folder) && folders.is_licensed_by_others(folder, root)
                    })
                    .and_then(|(_, name)| {
                        firm(Role::Vendored, format!("{name} brings the licence of others"))
                    })
            })
            .or_else(|| {
                let is_venv = |folder: &Utf8Path, folders: &mut Folders| {
                    folder.parent().is_some_and(|above| folders.get(above).venv)
                };
                self.folders()
                    .find(|&(folder, name)| OF_VENV.contains(&name) && is_venv(folder, folders))
                    .and_then(|_| firm(Role::Vendored, "lies in an environment (pyvenv.cfg)"))
            })
    }

    /// `charmcraft fetch-lib` puts copies of the libraries of other charms into `lib/charms/<charm>/v<number>`; the libraries of
    /// the charm itself are kept there, too.
    fn of_other_charm(&self, folders: &mut Folders) -> Found {
        let (before, inside) = self.file.as_str().rsplit_once("lib/charms/")?;
        let (charm, inside) = inside.split_once('/')?;
        inside.strip_prefix('v').filter(|it| it.starts_with(|it: char| it.is_ascii_digit()))?;
        let own = ["metadata.yaml", "charmcraft.yaml"].into_iter().find_map(|name| {
            let text = folders.manifest(Utf8Path::new(&format!("{before}{name}"))).ok()?;
            let name = text.lines().find_map(|it| it.strip_prefix("name:"))?;
            Some(name.trim().trim_matches(['"', '\'']).replace('-', "_"))
        })?;
        if own == charm {
            return None;
        }
        firm(Role::Vendored, format!("was fetched by charmcraft from the charm {charm}"))
    }

    /// A distribution that many copy, or that names its own author, in a folder for libraries that is no package itself, of a
    /// project that is another one.
    fn copied(&self, folders: &mut Folders) -> Found {
        let root = &self.component.root;
        let is_for_libraries = |name: &str| LIBRARIES.contains(&name) || name.ends_with("_libs");
        let inner = [(self.file, self.name)].into_iter().chain(self.folders());
        let ((_, name), (_, around)) =
            inner.zip(self.folders()).find(|&((path, name), (folder, around))| {
                is_for_libraries(around)
                    && !folders.get(folder).package
                    && *name != *self.component.name
                    && (is_copied(name)
                        || folder.starts_with(root) && folders.is_signed_by_others(path, root))
            })?;
        firm(Role::Vendored, format!("is of the copy of {name} in a folder `{around}`"))
    }

    /// Layers of AWS Lambda and bundles of plug-ins keep what `pip install --target` unpacked, and copies of the project's own
    /// modules beside it.
    fn unpacked(&self, folders: &mut Folders) -> Found {
        let Component { root, base, .. } = self.component;
        // What lies directly beside installed distributions may be what the project starts there.
        let is_bundle = folders.get(base).repository
            && (root != base && folders.get(root).installed
                || self.folders().skip(1).any(|(folder, _)| folders.get(folder).installed));
        is_bundle.then_some(()).and_then(|()| {
            firm(Role::Vendored, "was unpacked by an installer below the repository (*.dist-info)")
        })
    }

    fn generated(&self) -> Found {
        let suffix =
            ["_pb2.py", "_pb2_grpc.py"].into_iter().find(|end| self.name.ends_with(end))?;
        firm(Role::Generated, format!("file name ends in {suffix}"))
    }

    fn stub(&self) -> Found {
        let is_stub = self.file.extension() == Some("pyi");
        is_stub.then(|| (RoleReason::new(Role::Stub, "is a .pyi file"), Strength::Firm))
    }

    fn test(&self, folders: &mut Folders) -> Found {
        let behave = self
            .folders()
            .find(|&(folder, name)| name == "features" && folders.get(folder).holds_features());
        if behave.is_some() {
            return firm(Role::Test, "lies in the `features` of behave");
        }
        let folder = self.folders().find(|(_, name)| {
            TESTS.contains(name)
                || name.ends_with("_tests")
                || name.ends_with("-tests")
                || name.starts_with("tests_")
                || is_named_for_tests(name)
        });
        if let Some((_, name)) = folder {
            return in_folder(Role::Test, name);
        }
        if self.name == "conftest.py" {
            return firm(Role::Test, "is pytest's conftest.py");
        }
        let below = below(&self.component.root, self.file).unwrap_or(self.file);
        if let Some(path) = self.component.test_paths.iter().find(|path| below.starts_with(path)) {
            return firm(Role::Test, format!("lies in `{path}`, one of pytest's testpaths"));
        }
        let configured =
            self.component.test_globs.iter().find(|(_, glob)| glob.is_match(self.name));
        if let Some((pattern, _)) = configured {
            return by_name(Role::Test, format!("file name matches {pattern}, as pytest is told"));
        }
        let stem = self.name.strip_suffix(".py")?;
        let pattern = match stem {
            "tests" => "tests.py",
            _ if stem.starts_with("test_") => "test_*.py",
            _ if stem.ends_with("_test") => "*_test.py",
            _ if stem.ends_with("_tests") => "*_tests.py",
            _ => return None,
        };
        by_name(Role::Test, format!("file name matches {pattern}"))
    }

    fn example(&self, folders: &mut Folders) -> Found {
        let Component { root, base, .. } = self.component;
        if root != base && folders.is_no_product(root) {
            return firm(Role::Example, "the README beside it says that it is no product");
        }
        let has_library = self.is_beside_library(folders);
        let found = self.folders().find(|&(folder, name)| {
            (EXAMPLES.contains(&name) || name.starts_with("example")) && !folders.get(folder).app
                || has_library && TRIALS.contains(&name)
                || (EXAMPLES_OUTSIDE.contains(&name) || is_put_away(name))
                    && is_outside(folder, &self.component.root, folders)
        });
        let (_, folder) = found?;
        if self.name == "conf.py" && folder.starts_with("doc") {
            return firm(Role::Script, "is the configuration of Sphinx");
        }
        in_folder(Role::Example, folder)
    }

    /// Whether what the repository is about is packaged at its top, and is not itself what somebody starts there.
    fn is_beside_library(&self, folders: &mut Folders) -> bool {
        let top = folders.get(&self.component.base);
        let is_started = top.manage_py && self.component.distribution != Distribution::Library;
        (top.pyproject || top.setup_py || top.setup_cfg) && !is_started
    }

    fn settings(&self, folders: &mut Folders) -> Found {
        let stem = self.name.strip_suffix(".py")?;
        let stage = stem.strip_prefix("settings_").or_else(|| stem.strip_suffix("_settings"));
        // Beside other views, `settings.py` is the page on which somebody changes theirs.
        let parent = self.file.parent()?;
        let is_subject = parent.file_name().is_some_and(|name| SUBJECTS.contains(&name));
        if stem == "settings" && !is_subject || stage.is_some_and(|stage| STAGES.contains(&stage)) {
            return by_name(Role::Settings, "file name says settings");
        }
        match self.name {
            "celeryconfig.py" => return firm(Role::Settings, "is read by Celery"),
            "gunicorn.conf.py" | "gunicorn_conf.py" => {
                return firm(Role::Settings, "is read by Gunicorn");
            }
            _ => {}
        }
        (parent.file_name() == Some("settings") && !folders.get(parent).app)
            .then(|| in_folder(Role::Settings, "settings"))?
    }

    fn cli(&self) -> Found {
        self.entry_point().or_else(|| match self.name {
            "manage.py" => firm(Role::Cli, "is Django's manage.py"),
            "__main__.py" => by_name(Role::Cli, "is run by `python -m`"),
            _ => None,
        })
    }

    fn entry_point(&self) -> Found {
        let point =
            self.component.entry_points.iter().find(|point| self.is_module(&point.module))?;
        let target = if point.object.is_empty() {
            point.module.clone()
        } else {
            format!("{}:{}", point.module, point.object)
        };
        let command = &point.name;
        firm(Role::Cli, format!("named in {} as `{command} = {target}`", point.declared_in))
    }

    /// Whether the file is the module of this dotted name, seen from its component or from where
    /// packages begin in it.
    fn is_module(&self, module: &str) -> bool {
        let Some(below) = below(&self.component.root, self.file) else { return false };
        let Some(path) = below.as_str().strip_suffix(".py") else { return false };
        let path = path.strip_suffix("/__init__").unwrap_or(path);
        let path = ["src/", "lib/", "python/"]
            .iter()
            .find_map(|folder| path.strip_prefix(folder))
            .unwrap_or(path);
        path.len() == module.len()
            && path
                .bytes()
                .zip(module.bytes())
                .all(|(at, named)| at == named || at == b'/' && named == b'.')
    }

    fn script(&self, folders: &mut Folders) -> Found {
        let parent = self.file.parent()?;
        if !folders.get(parent).package
            && let Some((_, reason)) = SCRIPT_FILES.iter().find(|(name, _)| *name == self.name)
        {
            return firm(Role::Script, *reason);
        }
        let found = self.folders().find(|&(folder, name)| {
            SCRIPTS.contains(&name) && !folders.get(folder).app
                || name == "dev"
                    && folder.parent() == Some(self.component.root.as_path())
                    && !folders.get(folder).package
                || SCRIPTS_OUTSIDE.contains(&name)
                    && is_outside(folder, &self.component.root, folders)
        });
        found.and_then(|(_, name)| in_folder(Role::Script, name))
    }
}

/// Whether a folder is called like `shop2tests`, `e2etests`, `tests_e2e` or `shoptestsuite`. After a letter the same end may be of another word or
/// of a subject: contests, laboratory tests.
fn is_named_for_tests(name: &str) -> bool {
    matches!(name, "e2etests" | "e2e_tests" | "e2e-tests" | "tests_e2e" | "tests-e2e")
        || name.replace(['_', '-'], "").contains("testsuite")
        || name
            .strip_suffix("tests")
            .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
}

/// Whether a folder is neither part of a package nor an application of its own.
fn is_outside(folder: &Utf8Path, root: &Utf8Path, folders: &mut Folders) -> bool {
    let inside = |above: &&Utf8Path| above.as_str().len() >= root.as_str().len();
    let mut above = folder.ancestors().skip(1).take_while(inside);
    !above.any(|above| folders.get(above).package) && !folders.get(folder).app
}

fn in_folder(role: Role, name: &str) -> Found {
    firm(role, format!("lies in a folder `{name}`"))
}

#[expect(clippy::unnecessary_wraps, reason = "the result of every question to a path")]
fn firm(role: Role, reason: impl Into<std::borrow::Cow<'static, str>>) -> Found {
    Some((RoleReason::new(role, reason), Strength::Firm))
}

#[expect(clippy::unnecessary_wraps, reason = "the result of every question to a path")]
fn by_name(role: Role, reason: impl Into<std::borrow::Cow<'static, str>>) -> Found {
    Some((RoleReason::new(role, reason), Strength::ByName))
}
