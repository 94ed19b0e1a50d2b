//! See `test-not-collected.toml`: what looks like a test, against what runs tests by their names.

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Definition, DefinitionId, Keyword, Span};
use rustc_hash::FxHashMap;

use crate::shared::code::first_party::methods;
use crate::shared::code::text::has_name;
use crate::shared::delivery::test_runs::checks_nothing;
use crate::shared::frameworks::pytest::Collection;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut found = Vec::new();
    collect(file, &mut found);
    // Nobody waits for the result of what a plain run does not look at.
    if found.iter().any(|it| it.severity == Severity::Warning) && is_left_out(file) {
        for it in &mut found {
            it.severity = Severity::Info;
        }
    }
    let (advice, lost): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|it| it.severity == Severity::Info);
    for same in [lost, advice] {
        // Of several, the one that loses the most says best what is wrong; of equals, the first.
        let worst = same.iter().rev().max_by_key(|it| (it.severity, it.gone));
        let Some(first) = worst else { continue };
        let others = match same.len() {
            1 => "",
            2 => "; so it is with another in this file",
            _ => "; so it is with others in this file",
        };
        let message = format!("{}{others}", first.message);
        out.report(Report::at(first.span).severity(first.severity).message(message));
    }
}

/// Whether the file lies outside of the folders that pytest is told to look through.
fn is_left_out(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let component = &facts.project().components[known.component];
        Collection::of(facts, component).leaves_out(&known.path)
    })
}

/// Something that looks like a test and is none: who mends one of a file mends them all.
struct Silent {
    span: Span,
    severity: Severity,
    /// How many checks are made nowhere else.
    gone: usize,
    message: String,
}

fn collect(file: &FileContext<'_>, found: &mut Vec<Silent>) {
    if is_support(file) {
        return;
    }
    redefined(file, found);
    nested(file, found);
    let Some((facts, known)) = file.in_facts() else { return };
    let candidates = silent_classes(file);
    let wrong_name = has_odd_name(file) && tests_of_module(file).next().is_some();
    if candidates.is_empty() && !wrong_name {
        return;
    }
    let collection = Collection::of(facts, &facts.project().components[known.component]);
    if collection.own_rules {
        return;
    }
    let runs_pytest = collection.configured || file.names().imports_module("pytest");
    if wrong_name && collection.configured && !matches_name(&collection, file) {
        misnamed(file, &collection, found);
    }
    if runs_pytest && matches_name(&collection, file) {
        for class in candidates {
            uncollected(file, class, &collection, found);
        }
    }
}

/// Files that hold no tests of their own: fixtures, what tests import, what they read, and templates of projects, in which
/// only one of two definitions is written.
fn is_support(file: &FileContext<'_>) -> bool {
    const DATA: [&str; 9] = [
        "cases",
        "data",
        "example",
        "examples",
        "fixtures",
        "resources",
        "samples",
        "test_data",
        "testdata",
    ];
    let path = Utf8Path::new(file.path_inside());
    matches!(name(file), "conftest.py" | "__init__.py" | "setup.py")
        || file.file.path.as_str().contains("{{")
        || file.source.text().contains("{%")
        || path.components().any(|part| DATA.contains(&part.as_str()))
}

fn name<'a>(file: &FileContext<'a>) -> &'a str {
    file.file.path.file_name().unwrap_or_default()
}

/// Whether a definition stands directly in the body of what encloses it, under no condition.
fn is_direct(file: &FileContext<'_>, definition: &Definition) -> bool {
    let first = match definition.parent {
        None => return indent(file, definition) == Some(0),
        Some(parent) => file.outline.definition(parent).body.start,
    };
    let first = file.outline.line_at(first).map(|line| line.indent);
    first == indent(file, definition)
}

fn indent(file: &FileContext<'_>, definition: &Definition) -> Option<u32> {
    file.outline.line_at(definition.header.start).map(|line| line.indent)
}

fn is_test_name(name: &str) -> bool {
    name.starts_with("test_")
}

/// How many methods of a class are tests: a fixture is none, whatever it is called.
fn count_tests(file: &FileContext<'_>, class: &Definition) -> usize {
    let tests = methods(file.outline, class).filter(|method| {
        let decorators = file.outline.decorators(method).iter();
        is_test_name(file.slice(method.name))
            && decorators.map(|it| file.slice(*it)).all(|it| !it.contains("fixture"))
    });
    tests.count()
}

/// Decorators that leave a test where it is, under its name.
fn is_plain(file: &FileContext<'_>, definition: &Definition) -> bool {
    const PLAIN: [&str; 14] = [
        "pytest.mark.",
        "mock.patch",
        "patch",
        "unittest.mock.patch",
        "unittest.skip",
        "unittest.expectedFailure",
        "skip",
        "override_settings",
        "freeze_time",
        "responses.activate",
        "staticmethod",
        "mark.",
        "asyncio",
        "respx.mock",
    ];
    let mut decorators = file.outline.decorators(definition).iter().map(|it| file.slice(*it));
    decorators.all(|written| PLAIN.iter().any(|plain| written.starts_with(plain)))
}

/// Whether a test is skipped whatever befalls.
fn is_skipped(file: &FileContext<'_>, test: &Definition) -> bool {
    let mut decorators = file.outline.decorators(test).iter().map(|it| file.slice(*it));
    decorators.any(|it| {
        let name = it.split('(').next().unwrap_or_default().trim();
        matches!(name, "skip" | "unittest.skip" | "pytest.mark.skip" | "mark.skip")
    })
}

/// Tests that a later one of the same name replaces before anything runs them.
fn redefined(file: &FileContext<'_>, found: &mut Vec<Silent>) {
    let mut last: FxHashMap<(Option<DefinitionId>, &str), &Definition> = FxHashMap::default();
    for definition in &file.outline.definitions {
        let name = file.slice(definition.name);
        let in_function =
            definition.parent.is_some_and(|id| file.outline.definition(id).is_function());
        let is_test = if definition.is_class() {
            name.starts_with("Test") && definition.parent.is_none()
        } else {
            is_test_name(name)
        };
        if !is_test || in_function || !is_direct(file, definition) {
            continue;
        }
        let Some(first) = last.insert((definition.parent, name), definition) else { continue };
        if is_plain(file, first)
            && !is_used_between(file, first, definition, name)
            && holds_tests(file, first)
        {
            let message = if first.is_class() {
                format!("the tests of `{name}` never run: the name is defined again below")
            } else {
                format!("`{name}` never runs: the name is defined again below")
            };
            // Of two that are alike, the one that runs is enough.
            let alike = steps_of(file, first).eq(steps_of(file, definition))
                || is_contained(file, first, definition)
                || is_done_elsewhere(file, first);
            let gone = gone_checks(file, first, definition);
            let idle = does_nothing(file, first) || is_skipped(file, first);
            let severity =
                if alike || idle || is_script(file) { Severity::Info } else { Severity::Warning };
            found.push(Silent { span: first.name, severity, gone, message });
        }
    }
}

/// Whether a module is run by itself and checks nothing: what is called a test there prints.
fn is_script(file: &FileContext<'_>) -> bool {
    !file.outline.main_guards.is_empty() && checks_nothing(file.source.text())
}

/// Whether all that a test does is done, in its order, by the later one, which is handed the same.
fn is_contained(file: &FileContext<'_>, first: &Definition, later: &Definition) -> bool {
    let mut rest = lines_of(file, later);
    first.is_function()
        && file.slice(first.header) == file.slice(later.header)
        && file.outline.decorators(first).is_empty()
        && file.outline.decorators(later).is_empty()
        && lines_of(file, first).all(|line| rest.any(|it| it == line))
}

/// Whether another test, of another name, does all that a test does, in its order.
fn is_done_elsewhere(file: &FileContext<'_>, first: &Definition) -> bool {
    let name = file.slice(first.name);
    let is_plain =
        |test: &Definition| test.is_function() && file.outline.decorators(test).is_empty();
    let others = file.outline.definitions.iter().filter(|it| {
        let other = file.slice(it.name);
        it.parent == first.parent && is_plain(it) && is_test_name(other) && other != name
    });
    is_plain(first)
        && others.into_iter().any(|other| {
            let mut rest = lines_of(file, other);
            lines_of(file, first).all(|line| rest.any(|it| it == line))
        })
}

/// How much a test checks that the later one of its name does not check in the same words.
fn gone_checks(file: &FileContext<'_>, first: &Definition, later: &Definition) -> usize {
    let is_check = |line: &str| line.starts_with("assert ") || line.starts_with("self.assert");
    let checks = lines_of(file, first).filter(|it| is_check(it));
    checks.filter(|check| !lines_of(file, later).any(|it| it == *check)).count()
}

/// Whether a body is a docstring alone, or says that there is nothing yet: no check is lost.
fn does_nothing(file: &FileContext<'_>, definition: &Definition) -> bool {
    let is_text = |line: &str| line.starts_with(['"', '\'']);
    definition.is_function()
        && lines_of(file, definition).all(|it| matches!(it, "pass" | "...") || is_text(it))
}

/// The code of a body without comments and blank lines.
fn lines_of<'a>(
    file: &FileContext<'a>,
    definition: &Definition,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let body = definition.body;
    let (source, lines) = (file.source, &file.outline.lines);
    let first = lines.partition_point(|it| it.span.start < body.start);
    let inside = lines[first..].iter().take_while(move |it| it.span.start < body.end);
    inside.map(move |it| source.slice(it.span).trim())
}

/// The same without the text that describes it.
fn steps_of<'a>(
    file: &FileContext<'a>,
    definition: &Definition,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let described = usize::from(definition.is_function() && definition.docstring.is_some());
    lines_of(file, definition).skip(described)
}

/// Whether a class holds a test; a function is one.
fn holds_tests(file: &FileContext<'_>, definition: &Definition) -> bool {
    definition.is_function() || count_tests(file, definition) > 0
}

/// Whether something takes a definition before its name means another: a list of tests, a base, a wrapper.
fn is_used_between(
    file: &FileContext<'_>,
    first: &Definition,
    second: &Definition,
    name: &str,
) -> bool {
    let behind = Span::new(first.span.end, second.name.start);
    let text = file.slice(behind);
    has_name(text, name)
        || has_name(file.slice(Span::new(second.name.end, second.header.end)), name)
        || has_name(text, "del")
}

/// Tests in the body of a function, which nothing there calls.
fn nested(file: &FileContext<'_>, found: &mut Vec<Silent>) {
    for definition in &file.outline.definitions {
        let Some(parent) = definition.parent.map(|id| file.outline.definition(id)) else {
            continue;
        };
        let name = file.slice(definition.name);
        let outer = file.slice(parent.name);
        if definition.is_class()
            || parent.is_class()
            || !is_test_name(name)
            || outer.starts_with("describe_")
        {
            continue;
        }
        let has_decorators = !file.outline.decorators(definition).is_empty();
        // One that takes what only a caller gives is the helper of something.
        let body = file.slice(parent.body);
        let uses = body.matches(name).count();
        let is_reached = uses > 1
            || ["locals()", "globals()", "exec(", "eval(", "inspect."]
                .iter()
                .any(|it| body.contains(it));
        let is_empty = matches!(file.slice(definition.body), "pass" | "...");
        if !has_decorators && !is_empty && !is_reached && is_test_name(outer) {
            let message = format!("`{name}` is defined inside `{outer}`, where nothing calls it");
            found.push(Silent {
                span: definition.name,
                severity: Severity::Warning,
                gone: 0,
                message,
            });
        }
    }
}

/// Classes at the top of a file with tests in them that no base brings to any runner.
fn silent_classes<'a>(file: &FileContext<'a>) -> Vec<&'a Definition> {
    let classes = file.outline.definitions.iter().filter(|it| it.is_class() && it.parent.is_none());
    let plain = classes.filter(|class| {
        let arguments = file.outline.arguments(class);
        arguments.iter().all(|it| it.keyword.is_none() && file.slice(it.value) == "object")
            && file.outline.decorators(class).is_empty()
            && count_tests(file, class) > 0
            && checks_something(file, class)
    });
    plain.collect()
}

/// Whether a class is about tests, not about trying something out for a user: it checks something, or its file knows a runner.
fn checks_something(file: &FileContext<'_>, class: &Definition) -> bool {
    let body = file.slice(class.body);
    ["assert", "raises(", ".fail("].iter().any(|it| body.contains(it))
        || ["pytest", "unittest"].iter().any(|it| file.names().imports_module(it))
}

/// A class that pytest passes over: for its name, or because it would have to be made.
fn uncollected(
    file: &FileContext<'_>,
    class: &Definition,
    collection: &Collection,
    found: &mut Vec<Silent>,
) {
    let name = file.slice(class.name);
    let body = file.slice(class.body);
    // Others may derive from it: then its tests run there.
    let shared = [
        "mixin", "base", "abstract", "common", "shared", "suite", "helper", "contract", "template",
        "case", "example",
    ];
    let lower = name.to_lowercase();
    if name.starts_with('_')
        || body.contains("__test__")
        || shared.iter().any(|word| lower.contains(word))
    {
        return;
    }
    let behind = &file.source.text()[class.span.end as usize..];
    if has_name(behind, name) || is_imported(file, name) {
        return;
    }
    let made = methods(file.outline, class).find(|it| file.slice(it.name) == "__init__");
    let tests = count_tests(file, class);
    let tests = if tests == 1 { "a test".to_owned() } else { format!("{tests} tests") };
    // What nose ran does not even load where pytest is new enough for its Python.
    let severity =
        if file.names().imports_module("nose") { Severity::Info } else { Severity::Warning };
    if let (Some(made), true) = (made, collection.takes_class(name)) {
        let message =
            format!("pytest passes over class `{name}` with {tests}, because it has an `__init__`");
        found.push(Silent { span: made.name, severity, gone: 0, message });
    } else if !collection.takes_class(name) && made.is_none() {
        let message = format!(
            "pytest passes over class `{name}` with {tests}: it takes `{}`",
            collection.classes.join("`, `")
        );
        found.push(Silent { span: class.name, severity, gone: 0, message });
    }
}

/// Whether another file of the same folder, or of the folders around it, names something of this one: Python files that
/// import it are found there. Only asked for where there would be a finding.
fn is_imported(file: &FileContext<'_>, word: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
    let top =
        folder.ancestors().filter(|it| matches!(it.file_name(), Some("test" | "tests"))).last();
    let around =
        facts.tree().below(top.unwrap_or(folder)).filter(|it| it.extension() == Some("py"));
    let around: Vec<_> = around.filter(|path| **path != known.path).take(MANY_FILES).collect();
    around.len() == MANY_FILES
        || around
            .iter()
            .any(|path| facts.python(path).is_some_and(|read| has_name(read.source.text(), word)))
}

/// Where there are more, they are not all read to be sure.
const MANY_FILES: usize = 500;

/// Whether a file has none of the names by which any runner finds tests.
fn has_odd_name(file: &FileContext<'_>) -> bool {
    let name = name(file);
    !name.starts_with("test")
        && !name.ends_with("_test.py")
        && file.file.path.extension() == Some("py")
}

fn matches_name(collection: &Collection, file: &FileContext<'_>) -> bool {
    let name = name(file);
    collection.files.iter().any(|pattern| {
        let glob = globset::Glob::new(pattern).map(|glob| glob.compile_matcher());
        glob.is_ok_and(|glob| glob.is_match(name)) || pattern.contains('/')
    })
}

/// Test functions of the module itself, which take nothing but fixtures and do something.
fn tests_of_module<'a>(file: &FileContext<'a>) -> impl Iterator<Item = &'a Definition> {
    let outline = file.outline;
    let source = file.source;
    outline.definitions.iter().filter(move |it| {
        let name = it.name.of_text(source.text());
        let first = outline.lines.partition_point(|line| line.span.start < it.body.start);
        let body = outline.lines[first..].iter().take_while(|line| line.span.start < it.span.end);
        let asserts = body.into_iter().any(|line| line.keyword == Keyword::Assert);
        it.is_function() && it.parent.is_none() && is_test_name(name) && asserts
    })
}

/// A file with tests that has another name than pytest looks for.
fn misnamed(file: &FileContext<'_>, collection: &Collection, found: &mut Vec<Silent>) {
    let tests: Vec<_> =
        tests_of_module(file).filter(|it| collection.takes_function(file.slice(it.name))).collect();
    let (Some(first), Some(stem)) = (tests.first(), file.file.path.file_stem()) else { return };
    // What runs itself, or is run by others, needs no name.
    let is_called =
        !file.outline.main_guards.is_empty() || is_imported(file, stem) || is_named(file);
    if is_called {
        return;
    }
    let count =
        if tests.len() == 1 { "a test".to_owned() } else { format!("{} tests", tests.len()) };
    let message = format!(
        "pytest passes over the file `{}` with {count}: it takes `{}`",
        name(file),
        collection.files.join("`, `")
    );
    found.push(Silent { span: first.name, severity: Severity::Info, gone: 0, message });
}

/// Whether a pipeline or a manifest names the file.
fn is_named(file: &FileContext<'_>) -> bool {
    let Some((facts, _)) = file.in_facts() else { return true };
    let name = name(file);
    facts.tree().files().any(|path| {
        let is_pipeline = path.starts_with(".github/workflows");
        let is_runner = matches!(
            path.file_name(),
            Some(
                "Makefile"
                    | "tox.ini"
                    | "noxfile.py"
                    | "pyproject.toml"
                    | "justfile"
                    | ".gitlab-ci.yml"
                    | "setup.cfg"
                    | "package.json"
            )
        ) || path.extension() == Some("sh");
        (is_pipeline || is_runner)
            && facts.text(path).whole().is_some_and(|it| it.text().contains(name))
    })
}
