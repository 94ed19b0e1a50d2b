//! See `test-asserts-nothing.toml`. Knows how tests assert, and follows helpers of the file, those that it imports and fixtures of
//! `conftest.py`; not what those of plug-ins do.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Outline, SourceFile, Span};
use roadworthy_project::facts::PythonFile;
use rustc_hash::FxHashMap;

use crate::shared::code::calls;
use crate::shared::code::first_party::{self, methods};
use crate::shared::code::text::{code_of, has_name};
use crate::shared::code::words::{last_part, words};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    // What can be run by itself shows a person what it does.
    let is_program = file.outline.main_guards.iter().any(|it| !file.slice(*it).contains(".main("));
    if is_program || !is_collected(file) || runs_itself(file) {
        return;
    }
    let mut tests = None;
    for definition in file.outline.definitions.iter().filter(|it| is_test(file, it)) {
        if is_exempt(file, definition) {
            continue;
        }
        let tests = tests.get_or_insert_with(|| Helpers::new(file));
        if asserts_constants(file, definition) {
            let name = file.slice(definition.name);
            let message =
                format!("`{name}` asserts a constant, and passes whatever the program does");
            out.report(Report::at(definition.name).severity(Severity::Info).message(message));
        } else if !tests.assert(definition) {
            report(file, definition, out);
        }
    }
}

fn report(file: &FileContext<'_>, test: &Definition, out: &mut Reporter<'_>) {
    let name = file.slice(test.name);
    let parameters = file.outline.signature(test).parameters;
    let takes_fixture = parameters.iter().any(|it| file.slice(it.name) != "self");
    let (severity, message) = match what_is_lost(file, test) {
        // That its fixtures can be made is what it is about.
        Some(Lost::All) if takes_fixture => return,
        Some(Lost::Comparison) => {
            (Severity::Warning, format!("`{name}` compares and does not assert it"))
        }
        // That it comes to an end may be what a test is about.
        Some(Lost::Answer(answer)) => (
            Severity::Info,
            format!("`{name}` asserts nothing: `{answer}` is worked out and not looked at"),
        ),
        Some(Lost::Printed) => (Severity::Info, format!("`{name}` prints what it should assert")),
        Some(Lost::All) => (Severity::Info, format!("`{name}` is empty and passes")),
        None => (Severity::Info, format!("`{name}` asserts nothing")),
    };
    out.report(Report::at(test.name).severity(severity).message(message));
}

/// Whether a test does nothing but assert what is always true.
fn asserts_constants(file: &FileContext<'_>, test: &Definition) -> bool {
    let is_constant =
        |line: &str| matches!(line.trim(), "assert True" | "assert 1" | "assert not False");
    let mut lines = lines_of(file.outline, test.body).iter().filter(|it| {
        it.keyword != Keyword::Pass
            && !file.outline.strings.iter().any(|text| text.statement && text.span == it.span)
    });
    lines.clone().next().is_some() && lines.all(|it| is_constant(file.slice(it.span)))
}

/// What shows that an assertion was forgotten.
enum Lost<'a> {
    /// A comparison is a statement.
    Comparison,
    /// The last statement binds a name.
    Answer(&'a str),
    /// What was worked out is printed.
    Printed,
    /// There is no statement.
    All,
}

fn what_is_lost<'a>(file: &FileContext<'a>, test: &Definition) -> Option<Lost<'a>> {
    let lines = lines_of(file.outline, test.body);
    let mut own = lines.iter().filter(|it| {
        !file.outline.strings.iter().any(|string| string.statement && string.span == it.span)
    });
    if own.clone().all(|it| it.keyword == Keyword::Pass || file.slice(it.span) == "...") {
        return Some(Lost::All);
    }
    let compares = |span: Span| is_comparison(&code_of(file.source, file.outline, span));
    if own.clone().any(|it| it.keyword == Keyword::Other && compares(it.span)) {
        return Some(Lost::Comparison);
    }
    let prints = |call: &&Call| file.slice(call.name) == "print" && !call.attached;
    if calls_in(file.outline, test.body).any(|it| prints(&it)) {
        return Some(Lost::Printed);
    }
    let last = own.next_back().filter(|it| it.keyword == Keyword::Other)?;
    let (name, value) = file.slice(last.span).split_once(" = ")?;
    let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    (is_name && !name.starts_with('_') && value.contains('(')).then_some(Lost::Answer(name))
}

/// Whether a statement is a comparison and binds nothing, by what stands outside of all brackets.
fn is_comparison(code: &str) -> bool {
    let mut depth = 0_u32;
    let outside: String = code
        .chars()
        .filter(|letter| {
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })
        .collect();
    let rest = outside.replace("==", "").replace("!=", "");
    rest.len() < outside.len() && !rest.contains('=')
}

/// Whether importing the file runs one of its functions: `asyncio.run(main())`, `main()`.
fn runs_itself(file: &FileContext<'_>) -> bool {
    let outline = file.outline;
    let at_top = outline
        .lines
        .iter()
        .filter(|it| it.indent == 0 && it.scope.is_none() && it.keyword == Keyword::Other);
    let is_own = |name: &str| {
        outline
            .definitions
            .iter()
            .any(|it| it.is_function() && it.parent.is_none() && file.slice(it.name) == name)
    };
    at_top.into_iter().any(|line| {
        let name = file.slice(line.span).split('(').next().unwrap_or_default();
        calls_in(outline, line.span).next().is_some_and(|it| it.name.start == line.span.start)
            && (name == "asyncio.run" || is_own(name))
    })
}

fn lines_of(outline: &Outline, span: Span) -> &[roadworthy_parser::LogicalLine] {
    let first = outline.lines.partition_point(|it| it.span.start < span.start);
    let end = outline.lines.partition_point(|it| it.span.start < span.end);
    &outline.lines[first.min(end)..end]
}

fn calls_in(outline: &Outline, span: Span) -> impl Iterator<Item = &Call> {
    let first = outline.calls.partition_point(|it| it.name.start < span.start);
    outline.calls[first..].iter().take_while(move |it| it.name.start < span.end)
}

/// Whether a runner finds the tests of a file by its name, and it is no template of one.
fn is_collected(file: &FileContext<'_>) -> bool {
    let name = file.file.path.file_name().unwrap_or_default();
    (name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py"))
        && !file.file.path.as_str().contains("{{")
        && !["/data/", "/fixtures/", "/testdata/", "/samples/"]
            .iter()
            .any(|it| file.file.path.as_str().contains(it))
}

/// A function that a runner takes for a test: at the top of the module, or a method of a class of tests.
fn is_test(file: &FileContext<'_>, definition: &Definition) -> bool {
    let name = file.slice(definition.name);
    if definition.is_class() || !(name.starts_with("test_") || name == "test") {
        return false;
    }
    match definition.parent.map(|id| file.outline.definition(id)) {
        None => true,
        Some(class) => {
            class.is_class()
                && class.parent.is_none()
                && !file.slice(class.name).starts_with('_')
                && has_known_bases(file, class)
        }
    }
}

/// Whether all methods that a class of tests has by its bases are those of a framework.
fn has_known_bases(file: &FileContext<'_>, class: &Definition) -> bool {
    const KNOWN: [&str; 9] = [
        "AsyncTestCase",
        "IsolatedAsyncioTestCase",
        "LiveServerTestCase",
        "SimpleTestCase",
        "TestCase",
        "TransactionTestCase",
        "APITestCase",
        "AsyncHTTPTestCase",
        "object",
    ];
    let name = file.slice(class.name);
    let bases = file.outline.arguments(class);
    let mut classes = file.outline.definitions.iter().filter(|it| it.is_class());
    let defines = |base: &str| classes.any(|it| file.slice(it.name) == base);
    match bases {
        [] => name.starts_with("Test"),
        [base] => {
            let base = last_part(file.slice(base.value));
            KNOWN.contains(&base) && !{ defines }(base)
        }
        _ => false,
    }
}

/// Whether a test says that not raising is what it is about, or something around it may assert.
fn is_exempt(file: &FileContext<'_>, test: &Definition) -> bool {
    let class = test.parent.map(|id| file.outline.definition(id));
    let class_decorators = class.into_iter().flat_map(|it| file.outline.decorators(it));
    let mut decorators = file.outline.decorators(test).iter().chain(class_decorators);
    let signature = file.outline.signature(test);
    // Fixtures that get the parameters may do all there is to do.
    decorators.any(|it| !is_plain_decorator(file.slice(*it)) || file.slice(*it).contains("indirect"))
        || is_about_not_raising(file, test)
        // A test answers nothing.
        || signature.returns.is_some_and(|it| file.slice(it) != "None")
        || signature.parameters.iter().any(|it| {
            let name = file.slice(it.name);
            is_assertion(name)
                || ["benchmark", "regression", "recwarn"].iter().any(|word| name.contains(word))
        })
}

fn is_plain_decorator(written: &str) -> bool {
    const PLAIN: [&str; 18] = [
        "pytest.mark.parametrize",
        "pytest.mark.asyncio",
        "pytest.mark.anyio",
        "pytest.mark.django_db",
        "pytest.mark.usefixtures",
        "pytest.mark.unit",
        "pytest.mark.integration",
        "pytest.mark.slow",
        "pytest.mark.skipif",
        "mock.patch",
        "patch",
        "unittest.mock.patch",
        "override_settings",
        "freeze_time",
        "staticmethod",
        "parameterized.expand",
        "unittest.skipIf",
        "unittest.skipUnless",
    ];
    PLAIN.iter().any(|plain| written.starts_with(plain))
}

fn is_about_not_raising(file: &FileContext<'_>, test: &Definition) -> bool {
    const NAMES: [&str; 50] = [
        "accept",
        "accepts",
        "allow",
        "bench",
        "can",
        "compile",
        "compiles",
        "crash",
        "doesnt",
        "empty",
        "example",
        "examples",
        "fail",
        "fails",
        "gracefully",
        "handle",
        "handles",
        "idempotent",
        "ignore",
        "ignored",
        "import",
        "imports",
        "init",
        "instantiate",
        "instantiation",
        "no",
        "noop",
        "not",
        "ok",
        "perf",
        "performance",
        "raise",
        "raises",
        "run",
        "runs",
        "smoke",
        "succeeds",
        "safe",
        "support",
        "supported",
        "supports",
        "survives",
        "swallowed",
        "swallows",
        "tolerates",
        "valid",
        "validate",
        "validates",
        "works",
        "without",
    ];
    const PHRASES: [&str; 20] = [
        "no raise",
        "no-op",
        "not raise",
        "n't raise",
        "no exception",
        "not crash",
        "n't crash",
        "not fail",
        "n't fail",
        "no error",
        "not throw",
        "n't throw",
        "without error",
        "without exception",
        "without raising",
        "without crash",
        "smoke",
        "should pass",
        "should work",
        "not error",
    ];
    let says = |written: &str| {
        let lower = written.to_lowercase();
        PHRASES.iter().any(|it| lower.contains(it))
    };
    words(file.slice(test.name)).iter().any(|it| NAMES.contains(&it.as_str()))
        || test.docstring.is_some_and(|it| says(file.slice(it)))
        || file.comments_in(to_end_of_line(file, test.span)).any(says)
}

/// A range with the comment behind its last line.
fn to_end_of_line(file: &FileContext<'_>, span: Span) -> Span {
    let rest = file.source.text().get(span.end as usize..).unwrap_or_default();
    let line = rest.find('\n').unwrap_or(rest.len());
    Span::new(span.start, span.end + line as u32)
}

/// Whether the name of what is called says that it looks at something, or waits until it is there.
fn is_assertion(name: &str) -> bool {
    const WORDS: [&str; 42] = [
        "approve",
        "assert",
        "asserts",
        "await",
        "check",
        "checks",
        "compare",
        "confirm",
        "deprecated",
        "ensure",
        "eq",
        "equal",
        "equals",
        "exit",
        "expect",
        "expects",
        "fail",
        "find",
        "has",
        "have",
        "inspect",
        "invariant",
        "match",
        "matches",
        "must",
        "ok",
        "raise",
        "raises",
        "require",
        "should",
        "snapshot",
        "spec",
        "test",
        "testing",
        "until",
        "validate",
        "verify",
        "wait",
        "warns",
        "tests",
        "asserting",
        "expected",
    ];
    let lower = name.to_ascii_lowercase();
    ["assert", "expect", "check", "verif", "raise", "fail", "snapshot", "valid", "ensure"]
        .iter()
        .any(|it| lower.contains(it))
        || words(name).iter().any(|it| WORDS.contains(&it.as_str()))
}

/// The functions of the file, and which of them assert.
struct Helpers<'f, 'a> {
    file: &'f FileContext<'a>,
    by_name: FxHashMap<&'a str, Vec<&'a Definition>>,
}

/// Helpers further away are taken for ones that assert.
const MOST_HELPERS: usize = 40;

impl<'f, 'a> Helpers<'f, 'a> {
    fn new(file: &'f FileContext<'a>) -> Self {
        let mut by_name: FxHashMap<&str, Vec<&Definition>> = FxHashMap::default();
        for definition in &file.outline.definitions {
            by_name.entry(file.slice(definition.name)).or_default().push(definition);
        }
        Self { file, by_name }
    }

    /// Whether a test asserts, or something that it calls may do so.
    fn assert(&self, test: &'a Definition) -> bool {
        let mut open = vec![test];
        let mut seen = vec![test.header.start];
        while let Some(function) = open.pop() {
            if seen.len() > MOST_HELPERS || self.asserts_itself(function, test) {
                return true;
            }
            for next in self.mentioned(function) {
                if !seen.contains(&next.header.start) {
                    seen.push(next.header.start);
                    open.push(next);
                }
            }
        }
        false
    }

    /// The functions and classes of the file that a function calls, takes as fixtures or hands on.
    fn mentioned(&self, function: &Definition) -> Vec<&'a Definition> {
        let signature = self.file.outline.signature(function);
        let parameters = signature.parameters.iter().map(|it| self.file.slice(it.name));
        let code = code_of(self.file.source, self.file.outline, function.body);
        let used = code.split(|it: char| !(it.is_alphanumeric() || it == '_'));
        let used = parameters.chain(used).filter_map(|it| self.by_name.get(it)).flatten();
        used.copied().filter(|it| it.header.start != function.header.start).collect()
    }

    fn asserts_itself(&self, function: &Definition, test: &Definition) -> bool {
        let file = self.file;
        if checks(file.source, file.outline, function) {
            return true;
        }
        let parameters = file.outline.signature(test).parameters;
        calls_in(file.outline, function.span).any(|call| {
            let written = file.slice(call.name);
            let first = written.split('.').next().unwrap_or_default();
            // A fixture that is a function may look at what it is given.
            let is_fixture =
                !call.attached && parameters.iter().any(|it| file.slice(it.name) == written);
            let is_inherited = matches!(first, "self" | "cls")
                && written.matches('.').count() == 1
                && !self.by_name.contains_key(last_part(written))
                && !is_of_framework(last_part(written));
            let expects = || {
                let mut arguments = calls::arguments(file, call).into_iter();
                arguments.any(|it| it.keyword.is_some_and(is_assertion))
            };
            let of_fixture = written.contains('.')
                && parameters.iter().any(|it| file.slice(it.name) == first)
                && self.is_fixture_that_asserts(first);
            is_fixture
                || is_inherited
                || of_fixture
                || expects()
                || (!call.attached && self.asserts_elsewhere(call, written))
        })
    }

    /// Whether the nearest `conftest.py` that makes a fixture of this name lets it assert: a client that looks at answers.
    fn is_fixture_that_asserts(&self, name: &str) -> bool {
        let Some((facts, known)) = self.file.in_facts() else { return false };
        let folders = known.path.ancestors().skip(1);
        let made = folders.filter_map(|folder| facts.python(&folder.join("conftest.py")));
        let mut asserts = made.filter_map(|python| {
            let PythonFile { source, outline, .. } = &*python;
            let of_name = |it: &&Definition| it.name.of_text(source.text()) == name;
            let mut at_top = outline.definitions.iter().filter(|it| it.parent.is_none());
            let fixture = at_top.find(of_name)?;
            Some(code_of(source, outline, fixture.body).contains("assert"))
        });
        asserts.next().unwrap_or(false)
    }

    /// Whether a call is one of a helper of another file of tests that asserts, or may do so.
    fn asserts_elsewhere(&self, call: &Call, written: &str) -> bool {
        let file = self.file;
        let Some(canonical) = file.names().resolve(written, call.name.start) else { return false };
        if !canonical.contains('.') {
            return false;
        }
        let is_of_tests = canonical.starts_with('.')
            || canonical.split('.').rev().skip(1).any(|it| {
                words(it).iter().any(|it| {
                    matches!(
                        it.as_str(),
                        "test" | "tests" | "testing" | "helper" | "helpers" | "conftest" | "utils"
                    )
                })
            });
        if !is_of_tests {
            return false;
        }
        let Some(found) =
            file.in_facts().and_then(|(facts, known)| first_party::find(facts, known, &canonical))
        else {
            // Test tools of libraries, methods of what is imported: who knows.
            return !canonical.ends_with("Client")
                && !last_part(&canonical).starts_with(char::is_uppercase);
        };
        let python = &found.python;
        let definition = found.definition();
        checks(&python.source, &python.outline, definition)
            || calls_in(&python.outline, definition.body).any(|call| {
                let name = call.name.of_text(python.source.text());
                let mut functions = python.outline.definitions.iter();
                functions
                    .find(|it| it.name.of_text(python.source.text()) == name)
                    .is_some_and(|it| checks(&python.source, &python.outline, it))
            })
    }
}

/// Methods of test cases that look at nothing.
fn is_of_framework(name: &str) -> bool {
    matches!(
        name,
        "addCleanup"
            | "subTest"
            | "id"
            | "enterContext"
            | "setUp"
            | "skipTest"
            | "settings"
            | "modify_settings"
            | "client"
    )
}

/// Whether a definition itself asserts, raises, or calls something whose name says so.
fn checks(source: &SourceFile, outline: &Outline, definition: &Definition) -> bool {
    let text = |span: Span| span.of_text(source.text());
    if definition.is_class() {
        return methods(outline, definition).any(|it| checks(source, outline, it));
    }
    let looks = lines_of(outline, definition.body).iter().any(|line| match line.keyword {
        Keyword::Assert | Keyword::Raise => true,
        Keyword::With => !is_plain_manager(text(line.span)),
        // `assert` behind the colon of its header; and tests that a framework drives.
        _ => {
            let code = code_of(source, outline, line.span);
            code.contains("assert") || has_name(&code, "raise") || has_name(&code, "yield")
        }
    });
    looks || calls_in(outline, definition.span).any(|call| is_assertion(last_part(text(call.name))))
}

/// Whether a context manager is known to look at nothing.
fn is_plain_manager(header: &str) -> bool {
    const PLAIN: [&str; 30] = [
        "patch",
        "open",
        "Temporary",
        "tempfile",
        "client",
        "Client",
        "session",
        "Session",
        "app_context",
        "test_request_context",
        "override_settings",
        "settings(",
        "freeze_time",
        "monkeypatch",
        "subTest",
        "suppress",
        "Lock",
        "lock",
        "connect",
        "Connection",
        "cursor",
        "transaction",
        "atomic",
        "chdir",
        "environ",
        "redirect_stdout",
        "Executor",
        "Pool",
        "no_grad",
        "tmp",
    ];
    PLAIN.iter().any(|it| header.contains(it))
}
