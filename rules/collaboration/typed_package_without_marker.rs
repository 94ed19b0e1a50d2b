//! See `typed-package-without-marker.toml`: which packages have types that nobody sees.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_parser::{Definition, Outline, Span};
use roadworthy_project::facts::imports::normalised;
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Component, Distribution, Facts, Role};

/// How many files of a package are read for its share of typed functions.
const MOST_FILES: usize = 100;
/// Fewer public functions than this tell nothing.
const FEWEST_FUNCTIONS: u32 = 20;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let share = u32::try_from(out.integer("share")).unwrap_or(100);
    for (index, component) in facts.project().components.iter().enumerate() {
        if component.distribution != Distribution::Library || component.name.ends_with("-stubs") {
            continue;
        }
        let manifest = component.path.join("pyproject.toml");
        let Some(document) = facts.toml(&manifest).whole() else { continue };
        let Some(value) = document.value().filter(|it| it.get("build-system").is_some()) else {
            continue;
        };
        let Some(package) = package(facts, index, component) else { continue };
        if is_root_of_setuptools(value, &component.path, &package) {
            continue;
        }
        let has_marker = |path: &Utf8Path| matches!(path.file_name(), Some("py.typed"));
        if facts.tree().below(&component.path).any(has_marker) {
            continue;
        }
        let classifiers = [&["project", "classifiers"][..], &["tool", "poetry", "classifiers"]];
        let classifiers = classifiers.iter().filter_map(|path| value.at(path));
        let classifiers: Vec<_> = classifiers.flat_map(Value::items).collect();
        let says = |it: &&&Value, start| it.text().is_some_and(|text| text.starts_with(start));
        let promise = classifiers.iter().find(|it| says(it, "Typing :: Typed"));
        if let Some(promise) = promise {
            let message = format!("says it is typed, and `{package}` has no file `py.typed`");
            out.report(&manifest, Report::at(promise.span).message(message));
            continue;
        }
        // What nobody is told about is used by those who have its source.
        if classifiers.is_empty() || classifiers.iter().any(|it| says(&it, "Private ::")) {
            continue;
        }
        let name = [&["project", "name"][..], &["tool", "poetry", "name"]];
        let Some(name) = name.iter().find_map(|path| value.at(path)) else { continue };
        let (typed, all) = typed_functions(facts, &package);
        if all >= FEWEST_FUNCTIONS && typed * 100 >= all * share {
            let message = format!(
                "{typed} of {all} public functions of `{package}` are annotated, and it has no file `py.typed`"
            );
            out.report(&manifest, Report::at(name.span).message(message));
        }
    }
}

/// The folder of the package that a component is named after, or of its only one.
fn package(facts: &Facts<'_>, index: usize, component: &Component) -> Option<Utf8PathBuf> {
    let is_package = |path: &Utf8Path| path.file_name() == Some("__init__.py");
    let files = facts
        .project()
        .files
        .iter()
        .filter(|file| file.component == index && is_package(&file.path));
    let packages = files.filter(|file| {
        let role = file.path_role.as_ref().map(|reason| reason.role);
        !file.module.contains('.')
            && !matches!(role, Some(Role::Test | Role::Example | Role::Vendored | Role::Generated))
    });
    let packages: Vec<_> = packages.collect();
    let named =
        packages.iter().find(|file| normalised(&file.module) == normalised(&component.name));
    let only = || packages.first().filter(|_| packages.len() == 1);
    named.or_else(only)?.path.parent().map(Utf8Path::to_owned)
}

/// Whether setuptools looks for packages in the folder, and so ships none of its own files: `where = ["python"]`.
fn is_root_of_setuptools(value: &Value, component: &Utf8Path, package: &Utf8Path) -> bool {
    let setuptools = ["tool", "setuptools"].as_slice();
    let Some(setuptools) = value.at(setuptools) else { return false };
    let found = setuptools.at(&["packages", "find", "where"]);
    let named = setuptools.at(&["package-dir", ""]);
    let mut roots = found.into_iter().chain(named).flat_map(Value::one_or_many);
    roots.any(|it| it.text().is_some_and(|root| component.join(root) == package))
}

/// How many public functions of a package are annotated throughout, and how many there are.
fn typed_functions(facts: &Facts<'_>, package: &Utf8Path) -> (u32, u32) {
    let is_public = |path: &Utf8Path| {
        let inside = path.strip_prefix(package).unwrap_or(path);
        path.extension() == Some("py")
            && !inside.components().any(|part| {
                let part = part.as_str();
                part.starts_with('_') && part != "__init__.py" || part.contains("test")
            })
    };
    let (mut typed, mut all) = (0, 0);
    for path in facts.tree().below(package).filter(|path| is_public(path)).take(MOST_FILES) {
        let Some(file) = facts.python(path) else { continue };
        let text = file.source.text();
        for function in
            file.outline.definitions.iter().filter(|it| is_visible(text, &file.outline, it))
        {
            all += 1;
            typed += u32::from(is_typed(text, &file.outline, function));
        }
    }
    (typed, all)
}

/// Whether others can call a function: neither it nor what is around it is private, and it is not inside another one.
fn is_visible(text: &str, outline: &Outline, function: &Definition) -> bool {
    let is_private = |name: Span| name.of_text(text).starts_with('_');
    let around = function.parent.map(|id| outline.definition(id));
    function.is_function()
        && !is_private(function.name)
        && around.is_none_or(|it| it.is_class() && it.parent.is_none() && !is_private(it.name))
}

fn is_typed(text: &str, outline: &Outline, function: &Definition) -> bool {
    let signature = outline.signature(function);
    let mut parameters = signature.parameters.iter().enumerate();
    let own = |index: usize, name: Span| {
        index == 0 && function.parent.is_some() && matches!(name.of_text(text), "self" | "cls")
    };
    function.returns.is_some()
        && parameters.all(|(index, it)| it.annotation.is_some() || own(index, it.name))
}
