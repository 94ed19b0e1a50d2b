//! See `no-tests.toml`: components with code to test, against all that may test them. Reads no more files than it needs to be
//! sure: the tests of a component that has any are found by their names.

#[path = "no_tests/brought.rs"]
mod brought;
#[path = "no_tests/browsers.rs"]
mod browsers;

use std::cmp::Reverse;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::{Call, Keyword, Span};
use roadworthy_project::facts::PythonFile;
use roadworthy_project::{Component, Facts, File, Role, role_of};
use rustc_hash::FxHashSet;

use self::brought::{brings_tests, holds_others, holds_tested};
use self::browsers::{page_libraries, takes_any};
use crate::shared::delivery::copied::is_copied_in;
use crate::shared::delivery::pipelines::is_aside;

/// Logical lines of code below which a component may be too small to be worth a test.
const FEW_LINES: usize = 200;
/// Where there are more tests beside a component, whom they test is not known.
const MANY_TESTS: usize = 400;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let mut found: Vec<Untested> = Vec::new();
    for (index, component) in facts.project().components.iter().enumerate() {
        let Some(manifest) = manifest(facts, index, component) else { continue };
        if is_unpacked(facts, component) || is_aside(component) {
            continue;
        }
        let own: Vec<&File> = python_files(facts).filter(|file| file.component == index).collect();
        if own.is_empty() || own.iter().any(|file| is_test_by_path(file) && has_test(facts, file)) {
            continue;
        }
        let Some(code) = untested(facts, index, component, &own) else { continue };
        if is_tested_otherwise(facts, component)
            || brings_tests(facts, component)
            || is_tested_from_outside(facts, component, &code)
        {
            continue;
        }
        // What only puts the parts of a repository together is tested by their tests.
        if code.lines <= 2 * FEW_LINES && holds_tested(facts, component) {
            continue;
        }
        // What is small may be what its author says it is: a script, a demonstration.
        let few = code.lines <= 2 * FEW_LINES;
        // A folder inside another component that only lists what it needs is an addition to that.
        let is_addition = component.manifest.is_none() && !component.path.as_str().is_empty();
        let is_weak = few
            || is_addition
            || code.is_heap_of_pages()
            || is_of_the_past(facts, index)
            || is_left_to_itself(facts, component, &own)
            || is_template(facts, component)
            || is_copied_in(facts, component)
            || is_called_by_template(facts, component)
            || code.drives_browsers
            || is_tested_apart(facts)
            || holds_others(facts, index, component, &own);
        let severity = if is_weak { Severity::Info } else { Severity::Warning };
        let empty = own.iter().filter(|it| is_test_by_path(it) && is_named_test(&it.path)).count();
        let message = format!(
            "{} has {} and not one Python test{}",
            component.name,
            if code.lines > 2 * FEW_LINES {
                format!("{} statements", code.lines)
            } else {
                format!("more than {FEW_LINES} statements")
            },
            match empty {
                0 => String::new(),
                1 => ": one file is named as such, and holds none".to_owned(),
                _ => format!(": {empty} files are named as such, and hold none"),
            }
        );
        let locked = is_locked(facts, index);
        let folder = component.path.to_string();
        found.push(Untested { manifest, severity, message, locked, folder });
    }
    report(facts, found, out);
}

/// A component that has code and no test.
struct Untested {
    manifest: Utf8PathBuf,
    severity: Severity,
    message: String,
    locked: bool,
    folder: String,
}

/// Tells of the components of a repository in one: at the worst, of several alike at one whose manifest is of today, with a
/// lock.
fn report(facts: &Facts<'_>, mut found: Vec<Untested>, out: &mut ProjectReporter<'_>) {
    found.sort_by_key(|it| {
        let is_old = it.manifest.file_name() != Some("pyproject.toml");
        (Reverse(it.severity), is_old, !it.locked)
    });
    let Some((first, others)) = found.split_first() else { return };
    let folders: Vec<String> = others
        .iter()
        .map(|it| if it.folder.is_empty() { "`.`".to_owned() } else { format!("`{}`", it.folder) })
        .collect();
    let message = match folders.as_slice() {
        [] => first.message.clone(),
        [one] => format!("{}; so it is in {one}", first.message),
        [one, more @ ..] => {
            format!("{}; so it is in {one} and {} others", first.message, more.len())
        }
    };
    let at = Report::at(place(facts, &first.manifest));
    out.report(&first.manifest, at.severity(first.severity).message(message));
}

/// Whether a lock holds what a component installs.
fn is_locked(facts: &Facts<'_>, index: usize) -> bool {
    facts.dependencies().components.get(index).is_some_and(|it| !it.locks.is_empty())
}

/// Whether a component is written for a framework of which only releases are taken that ended years ago: nobody goes on with it.
fn is_of_the_past(facts: &Facts<'_>, index: usize) -> bool {
    const FIRST: [(&str, &str); 4] =
        [("aiohttp", "3"), ("django", "1.11"), ("flask", "0.12"), ("tornado", "5")];
    let Some(own) = facts.dependencies().components.get(index) else { return false };
    own.declared()
        .any(|it| FIRST.iter().any(|(name, least)| it.name == *name && !it.may_reach(least)))
}

/// Whether nothing says that anybody but its author runs a component: some programs side by side, no package, no text, no
/// manifest but a list of what it needs, no pipeline and no container.
fn is_left_to_itself(facts: &Facts<'_>, component: &Component, own: &[&File]) -> bool {
    let is_text = |path: &Utf8Path| {
        let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
        name.starts_with("readme") || matches!(name.as_str(), "procfile" | "runtime.txt")
    };
    let containers = facts.containers();
    component.manifest.is_none()
        && own.iter().all(|it| it.path.parent() == Some(&component.path))
        && facts.ci().pipelines.is_empty()
        && containers.images.is_empty()
        && containers.processes.is_empty()
        && !facts.tree().files().any(is_text)
}

/// Whether a component is a template from which others begin their own, or shows something.
fn is_template(facts: &Facts<'_>, component: &Component) -> bool {
    let description = || {
        let manifest = component.manifest.as_deref().filter(|it| it.extension() == Some("toml"));
        let document = facts.toml(manifest?).whole()?;
        let value = document.value()?;
        let paths = [["project", "description"].as_slice(), &["tool", "poetry", "description"]];
        paths.iter().find_map(|path| value.at(path)?.text()).map(str::to_owned)
    };
    says_template(&component.name, &description().unwrap_or_default())
}

/// Whether a name or a description is that of a template, or of a demonstration. An engine for templates is none.
fn says_template(name: &str, description: &str) -> bool {
    let (name, text) = (name.to_ascii_lowercase(), description.to_ascii_lowercase());
    let last = name.rsplit(['-', '_', ' ']).next();
    let is_tried = |it: &str| matches!(it, "demo" | "demos" | "playground" | "tutorial");
    matches!(last, Some("template" | "study"))
        || name.split(['-', '_', ' ', '+']).any(is_tried)
        || ["template for ", "template using ", "template with "].iter().any(|it| text.contains(it))
        || text.trim_end_matches('.').ends_with(" template")
}

/// Whether the tests seem to be a repository of their own: what they reported is committed, or the README names it.
fn is_tested_apart(facts: &Facts<'_>) -> bool {
    let is_report = |path: &Utf8Path| {
        let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
        matches!(path.extension(), Some("html" | "xml"))
            && name.contains("test")
            && ["report", "summary", "result"].iter().any(|word| name.contains(word))
    };
    let names_tests = |name: &str| {
        let document = facts.text(Utf8Path::new(name)).whole();
        document.is_some_and(|document| {
            document.text().match_indices("github.com/").any(|(at, host)| {
                let rest = &document.text()[at + host.len()..];
                let path = rest.split([')', ']', ' ', '"', '>', '\n', '#', '?']).next();
                let name = path.unwrap_or_default().split('/').nth(1).unwrap_or_default();
                name.split(['-', '_', '.']).any(|it| matches!(it, "test" | "tests" | "testing"))
            })
        })
    };
    facts.tree().files().any(is_report)
        || ["README.md", "README.rst"].iter().any(|it| names_tests(it))
}

/// Whether a manifest gives a component the name that a template for notebooks gives every package, `src`, as nobody but its author
/// installs it. A folder may have that name in any project.
fn is_called_by_template(facts: &Facts<'_>, component: &Component) -> bool {
    let manifest = component.manifest.as_deref().filter(|_| component.name == "src");
    manifest.and_then(|it| facts.text(it).whole()).is_some_and(|it| names_src(it.text()))
}

/// Whether a line of a manifest gives the name `src`.
fn names_src(manifest: &str) -> bool {
    manifest.lines().any(|line| {
        let bare = line.split_whitespace().collect::<String>().replace('"', "'");
        matches!(&*bare, "name='src'" | "name='src'," | "name=src")
            || bare.contains("setup(name='src',")
    })
}

/// What makes a folder a component; a folder without is none that somebody ships.
fn manifest(facts: &Facts<'_>, index: usize, component: &Component) -> Option<Utf8PathBuf> {
    let requirements = || {
        let dependencies = facts.dependencies().components.get(index)?;
        dependencies.manifests.iter().find(|it| it.whole).map(|it| it.path.clone())
    };
    let requirements = || requirements().filter(|it| !is_made_elsewhere(facts, it));
    component.manifest.clone().or_else(requirements)
}

/// Whether a program wrote a list of requirements from the manifest of another folder, by its head:
/// `uv pip compile pyproject.toml -o ../requirements.txt`.
fn is_made_elsewhere(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let Some(document) = facts.text(path).whole() else { return false };
    let mut head = document.text().lines().take_while(|it| it.starts_with('#'));
    let puts_above = |line: &str| {
        ["-o ../", "--output-file ../", "--output-file=../"].iter().any(|it| line.contains(it))
    };
    head.any(|line| line.contains("compile") && puts_above(line))
}

/// The code of a component.
struct Code {
    lines: usize,
    /// What others import of it.
    modules: FxHashSet<String>,
    /// The pages of Streamlit with their lines, none of which others start.
    pages: Vec<(String, usize)>,
    /// Names that the code imports, and from where.
    imported: FxHashSet<String>,
    /// Whether most files of the code describe pages for those who test by a browser: it is a part of tests itself.
    drives_browsers: bool,
}

impl Code {
    /// Whether most of the code is some programs of one file, each a page of Streamlit that nothing imports: each is tried out
    /// by looking at it.
    fn is_heap_of_pages(&self) -> bool {
        const FEWEST: usize = 3;
        let alone = self.pages.iter().filter(|(stem, _)| !self.imported.contains(stem));
        let (count, lines) = alone.fold((0, 0), |(count, sum), (_, it)| (count + 1, sum + it));
        count >= FEWEST && lines * 2 > self.lines
    }
}

fn python_files<'p>(facts: &'p Facts<'_>) -> impl Iterator<Item = &'p File> {
    facts.project().files.iter().filter(|file| file.kind.is_python())
}

fn is_test_by_path(file: &File) -> bool {
    file.path_role.as_ref().is_some_and(|found| found.role == Role::Test)
}

/// What an installer or a download left: tests are not part of it.
fn is_unpacked(facts: &Facts<'_>, component: &Component) -> bool {
    component.distribution_reason.contains("dist-info")
        || facts.tree().is_file(&component.path.join("PKG-INFO"))
}

/// The code of a component, all of whose files are read, if it is worth a test and has none. What is infrastructure as code
/// is tested by what it makes.
fn untested(facts: &Facts<'_>, index: usize, component: &Component, own: &[&File]) -> Option<Code> {
    let mut code = Code {
        lines: 0,
        modules: FxHashSet::default(),
        pages: Vec::new(),
        imported: FxHashSet::default(),
        drives_browsers: false,
    };
    let (mut files, mut pages, mut external) = (0, 0, 0);
    let libraries = page_libraries(facts, index, own);
    for file in own {
        let Some(read) = facts.python(&file.path) else { continue };
        let tests = holds_test(&read) && (is_named_test(&file.path) || is_in_earnest(&read));
        if tests || makes_infrastructure(&read) {
            return None;
        }
        let role = role_of(file, component, &read.source, &read.outline).role;
        let is_code = role.is_product() || role == Role::Cli;
        if is_code && lies_in(&file.path, &EXTERNAL) {
            external += read.outline.lines.len();
        } else if is_code && !lies_in(&file.path, &["ext_libs", "contrib_libs"]) {
            files += usize::from(!read.outline.lines.is_empty());
            pages += usize::from(takes_any(&read, libraries));
            code.lines += read.outline.lines.len();
            if is_page(&read) {
                let stem = file.path.file_stem().unwrap_or_default();
                code.pages.push((stem.to_owned(), read.outline.lines.len()));
            }
        }
        let text = read.source.text();
        for import in &read.outline.imports {
            let parts = import.module.of_text(text).split('.').chain([import.name.of_text(text)]);
            code.imported.extend(parts.map(str::to_owned));
        }
        let top = file.module.split('.').next().unwrap_or_default();
        code.modules.insert(top.to_owned());
    }
    code.drives_browsers = pages * 2 > files;
    // What others wrote was tested by them; an adapter to their services is imported by the folder.
    if EXTERNAL.iter().any(|it| code.imported.contains(*it)) {
        code.lines += external;
    }
    (code.lines > FEW_LINES).then_some(code)
}

/// Folders for code of others, or for adapters to their services.
const EXTERNAL: [&str; 2] = ["extern", "external"];

fn lies_in(path: &Utf8Path, folders: &[&str]) -> bool {
    path.components().any(|it| folders.contains(&it.as_str()))
}

/// Whether a file is a program of Streamlit by itself: those in a folder of pages belong to one around them.
fn is_page(file: &PythonFile) -> bool {
    let text = file.source.text();
    !file.path.components().any(|it| it.as_str() == "pages")
        && file.outline.imports.iter().any(|it| it.module.of_text(text) == "streamlit")
}

fn makes_infrastructure(file: &PythonFile) -> bool {
    let text = file.source.text();
    file.outline.imports.iter().any(|import| {
        let top = import.module.of_text(text).split('.').next().unwrap_or_default();
        matches!(top, "aws_cdk" | "pulumi" | "cdktf" | "troposphere" | "constructs" | "diagrams")
    })
}

fn is_named_test(path: &Utf8Path) -> bool {
    let name = path.file_stem().unwrap_or_default();
    name.starts_with("test") || name.ends_with("test") || name.ends_with("tests")
}

/// Whether a file of the product tests in earnest: `def test_connection` may be what a page calls.
fn is_in_earnest(file: &PythonFile) -> bool {
    const RUNNERS: [&str; 7] =
        ["pytest", "unittest", "doctest", "nose", "ward", "testtools", "django.test"];
    let text = file.source.text();
    file.outline.lines.iter().any(|line| line.keyword == Keyword::Assert)
        || file.outline.imports.iter().any(|import| {
            let module = import.module.of_text(text);
            RUNNERS.iter().any(|it| {
                module.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        })
}

fn has_test(facts: &Facts<'_>, file: &File) -> bool {
    facts.python(&file.path).is_some_and(|read| {
        // What lies among tests and asserts something is one, however it is run.
        let asserts = read.outline.lines.iter().any(|line| line.keyword == Keyword::Assert);
        asserts || holds_test(&read) || checks_itself(&read)
    })
}

/// Whether a file is a test that runs itself: it hands its cases to a function of its own, line by line, and ends with how many of
/// them failed.
fn checks_itself(file: &PythonFile) -> bool {
    const FEWEST: usize = 3;
    let (text, outline) = (file.source.text(), &file.outline);
    let of_module =
        |call: &Call| outline.line_at(call.name.start).is_some_and(|it| it.scope.is_none());
    let calls = || outline.calls.iter().filter(|it| of_module(it));
    let mut own = outline.definitions.iter().filter(|it| it.parent.is_none() && it.is_function());
    let ends = calls().any(|call| {
        let arguments = call.arguments.of_text(text).trim_matches(['(', ')', ' ']);
        matches!(call.name.of_text(text), "sys.exit" | "exit" | "SystemExit")
            && arguments.contains(|it: char| it.is_ascii_alphabetic())
    });
    ends && own.any(|function| {
        let name = function.name.of_text(text);
        calls().filter(|it| it.name.of_text(text) == name).count() >= FEWEST
    })
}

/// Whether a file holds a test of pytest, unittest, doctest, ward or pytest-describe.
fn holds_test(file: &PythonFile) -> bool {
    let text = file.source.text();
    let tests = file.outline.definitions.iter().any(|definition| {
        let name = definition.name.of_text(text);
        let bases = file.outline.arguments(definition).iter();
        let mut bases = bases.map(|base| base.value.of_text(text));
        if definition.is_class() {
            bases.any(|base| base.ends_with("TestCase")) || name.starts_with("Test")
        } else {
            let decorators = file.outline.decorators(definition).iter();
            let mut decorators = decorators.map(|it| it.of_text(text));
            // A method of any class may be called so; in a file of tests one of a class that another suite stands behind is a test.
            let is_of_suite = || {
                let class = definition.parent.map(|id| file.outline.definition(id));
                is_named_test(&file.path)
                    && class.is_some_and(|it| !file.outline.arguments(it).is_empty())
            };
            (definition.parent.is_none() || is_of_suite())
                && (name.starts_with("test_") || name == "test" || name.starts_with("describe_"))
                || decorators.any(|it| it.starts_with("test(") || it.starts_with("ward.test"))
        }
    });
    tests || text.contains("doctest.testmod") || text.contains("doctest.testfile")
}

/// Whether something other than Python, or doctests and notebooks, may test a component: by files of its own or of the
/// repository around it.
fn is_tested_otherwise(facts: &Facts<'_>, component: &Component) -> bool {
    let by_name = facts.tree().files().any(|path| {
        let name = path.file_name().unwrap_or_default();
        let ends = [
            ".robot",
            ".feature",
            ".bats",
            ".hurl",
            ".tavern.yaml",
            ".tavern.yml",
            ".spec.ts",
            ".spec.js",
            ".e2e.ts",
            ".cy.ts",
            ".cy.js",
            "_test.go",
            ".postman_collection.json",
        ];
        ends.iter().any(|end| name.ends_with(end))
            || name.starts_with("playwright.config")
            || name.starts_with("cypress.config")
            || path.components().any(|part| {
                matches!(part.as_str(), "e2e" | "cypress" | "integration-tests" | "acceptance")
            })
    });
    by_name
        || is_started_by_tests(facts)
        || configures(facts, &component.path)
        || configures(facts, Utf8Path::new(""))
}

/// Whether tests in another language start Python.
fn is_started_by_tests(facts: &Facts<'_>) -> bool {
    const MOST: usize = 200;
    let is_test = |path: &&Utf8Path| {
        matches!(path.extension(), Some("go" | "js" | "rs" | "sh" | "ts"))
            && path.components().any(|it| matches!(it.as_str(), "test" | "tests"))
    };
    let mut tests = facts.tree().files().filter(is_test).take(MOST);
    tests.any(|path| facts.text(path).whole().is_some_and(|it| it.text().contains(".py")))
}

/// Whether the files around the code speak of tests that lie in it, in texts or in notebooks.
fn configures(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    let names = [
        "pyproject.toml",
        "pytest.ini",
        ".pytest.ini",
        "tox.ini",
        "setup.cfg",
        "Makefile",
        "noxfile.py",
        "justfile",
        "conftest.py",
        "package.json",
    ];
    let words =
        ["doctest", "nbval", "nbmake", "testbook", "sybil", "cram", "shelltest", "testinfra"];
    names.iter().any(|name| {
        let document = facts.text(&folder.join(name)).whole();
        document.is_some_and(|it| words.iter().any(|word| it.text().contains(word)))
    })
}

/// Whether tests that lie elsewhere import a component or carry its name.
fn is_tested_from_outside(facts: &Facts<'_>, component: &Component, code: &Code) -> bool {
    let outside = python_files(facts)
        .filter(|file| is_test_by_path(file) && !file.path.starts_with(&component.path));
    let outside: Vec<&File> = outside.collect();
    if outside.len() > MANY_TESTS {
        return true;
    }
    let folder = component.path.file_name().unwrap_or(&component.name);
    outside.iter().any(|file| {
        if file.path.components().any(|part| part.as_str() == folder) {
            return true;
        }
        let Some(read) = facts.python(&file.path) else { return true };
        let text = read.source.text();
        let imports = read.outline.imports.iter().any(|import| {
            let parts = import.module.of_text(text).split('.').chain([import.name.of_text(text)]);
            parts.into_iter().any(|part| code.modules.contains(part) || part == folder)
        });
        imports || text.contains(folder)
    })
}

/// The name of a component in its manifest, else the first line of that.
fn place(facts: &Facts<'_>, manifest: &Utf8Path) -> Span {
    let is_toml = manifest.extension() == Some("toml");
    let document = if is_toml { facts.toml(manifest) } else { facts.text(manifest) };
    let Some(document) = document.whole() else { return Span::default() };
    let name = document.value().and_then(|value| {
        value.at(&["project", "name"]).or_else(|| value.at(&["tool", "poetry", "name"]))
    });
    let line = || document.text().lines().next().unwrap_or_default().len() as u32;
    name.map_or_else(|| Span::new(0, line()), |name| name.span)
}

#[cfg(test)]
mod tests {
    use roadworthy_project::Project;

    use super::*;

    #[test]
    fn a_template_says_so() {
        assert!(says_template("bot_template", ""));
        assert!(says_template("queue-demo", "") && says_template("web-study", ""));
        assert!(!says_template("study-portal", "") && !says_template("demography", ""));
        assert!(says_template("shop", "A template for services, with FastAPI"));
        assert!(!says_template("shop", "A fast template engine"));
        assert!(!says_template("template-engine", "Renders templates"));
    }

    #[test]
    fn a_class_of_a_suite_holds_tests() {
        let holds = |path: &str, head: &str| {
            let code = format!("{head}\n    def test_load(self):\n        self.load()\n");
            let project = Project::in_memory([(path, code.as_str())]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            facts.python(Utf8Path::new(path)).is_some_and(|it| holds_test(&it))
        };
        assert!(holds("shop/test_load.py", "class Loading(ShopFixture):"));
        assert!(!holds("shop/test_load.py", "class Loading:"));
        assert!(!holds("shop/load.py", "class Loading(ShopFixture):"));
    }

    #[test]
    fn adapters_to_services_of_others_are_own_code() {
        let lines = "x = 1\n".repeat(FEW_LINES + 1);
        let counts = |import: &str| {
            let project = Project::in_memory([
                ("requirements.txt", "flask\n"),
                ("shop/__init__.py", ""),
                ("shop/main.py", import),
                ("shop/external/__init__.py", ""),
                ("shop/external/pay.py", &lines),
            ]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            let own: Vec<&File> = python_files(&facts).collect();
            untested(&facts, 0, &project.components[0], &own).is_some()
        };
        assert!(counts("from shop.external.pay import x\n"));
        assert!(!counts("import flask\n"));
    }

    #[test]
    fn a_manifest_gives_the_name() {
        assert!(names_src("setup(\n    name='src',\n    version='1',\n)\n"));
        assert!(names_src("[project]\nname = \"src\"\n"));
        assert!(names_src("setup(name=\"src\", packages=find_packages())\n"));
        assert!(!names_src("[project]\nversion = \"1\"\n"));
        assert!(!names_src("[project]\nname = \"shop\"\n"));
    }
}
