//! Whether a statement calls a coroutine of the project and awaits it nowhere: then nothing of it ever runs. Knows definitions and
//! names, no tasks.

use camino::Utf8Path;
use roadworthy_engine::{Edit, FileContext, Fix, Report, Severity};
use roadworthy_parser::{Call, Definition, DefinitionKind, Outline, SourceFile, Span};

use crate::shared::code::first_party::{self, methods};
use crate::shared::code::text::has_name;
use crate::shared::code::{calls, coroutines};

/// What is said of a call that makes a coroutine for nobody.
pub(super) fn report(file: &FileContext<'_>, call: &Call) -> Option<Report> {
    if call.awaited || call.attached || !coroutines::is_statement(file, call) {
        return None;
    }
    let written = calls::written(file, call);
    if !makes_coroutine(file, call, &written) {
        return None;
    }
    let message = format!("nothing awaits `{written}()`: it is a coroutine, and none of it runs");
    let level = if is_tried_by_hand(file, call) { Severity::Info } else { Severity::Warning };
    let report = Report::at(calls::span(call)).message(message).severity(level);
    Some(match coroutines::coroutine_at(file, call.name.start) {
        Some(_) => {
            report.fix(Fix::to_look_at(vec![Edit::insert(call.name.start, "await ".to_owned())]))
        }
        None => report,
    })
}

/// Whether a call is what the guard of a module ends with: whoever runs it sees that nothing happens. The module of an application
/// is run by something.
fn is_tried_by_hand(file: &FileContext<'_>, call: &Call) -> bool {
    let offset = call.name.start;
    let guard = file.outline.main_guards.iter().find(|it| it.contains(offset));
    guard.is_some_and(|it| file.slice(Span::new(call.arguments.end, it.end)).trim().is_empty())
        && file.function_at(offset).is_none()
        && !file.pedantic()
        && !is_started(file)
}

/// Whether a file of the project that is no code names the module: what starts it is written there.
fn is_started(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let Some(name) = known.path.file_name() else { return true };
    let module = known.path.with_extension("").as_str().replace('/', ".");
    let mut others = facts.tree().files().filter(|it| it.extension() != Some("py"));
    name == "__main__.py"
        || others.any(|it| {
            starts_programs(it)
                && facts.text(it).whole().is_some_and(|it| {
                    it.text().contains(name) || it.text().contains(&format!("-m {module}"))
                })
        })
}

/// Files that say what is run: of containers, pipelines and schedulers, scripts, manifests, guides.
fn starts_programs(path: &Utf8Path) -> bool {
    const ENDINGS: [&str; 12] =
        ["cfg", "conf", "ini", "json", "md", "rst", "service", "sh", "toml", "txt", "yaml", "yml"];
    let name = path.file_name().unwrap_or_default();
    ["Dockerfile", "Makefile", "Procfile", "justfile"].iter().any(|it| name.contains(it))
        || path.extension().is_some_and(|it| ENDINGS.contains(&it))
}

/// Whether a call as it is written is one of an `async def`, of the module, of the same class, or, where it could be awaited, of
/// another module of the project.
fn makes_coroutine(file: &FileContext<'_>, call: &Call, written: &str) -> bool {
    let outline = file.outline;
    let offset = call.name.start;
    if let Some(method) = written.strip_prefix("self.").or_else(|| written.strip_prefix("cls.")) {
        let class = outline.enclosing(offset).find(|it| it.is_class());
        return class.is_some_and(|class| {
            let mut named = methods(outline, class).filter(|it| file.slice(it.name) == method);
            let is_coroutine =
                named.next().is_some_and(|it| is_coroutine(file.source, outline, it));
            is_coroutine && named.next().is_none() && !is_given(file, method)
        });
    }
    if written.contains('.') {
        return false;
    }
    let mut own = outline.definitions.iter().filter(|it| file.slice(it.name) == written);
    let is_shadowed = || {
        let mut around = outline.enclosing(offset).filter(|it| it.is_function());
        !file.values().bindings(written).is_empty()
            || around.any(|function| {
                let mut parameters = outline.signature(function).parameters.iter();
                parameters.any(|it| file.slice(it.name) == written)
            })
    };
    if let Some(definition) = own.next() {
        return definition.parent.is_none()
            && own.next().is_none()
            && is_coroutine(file.source, outline, definition)
            && !is_shadowed();
    }
    if coroutines::coroutine_at(file, offset).is_none() || is_shadowed() {
        return false;
    }
    let found = file
        .in_facts()
        .zip(file.names().resolve(written, offset))
        .and_then(|((facts, known), canonical)| first_party::find(facts, known, &canonical));
    found.is_some_and(|it| is_coroutine(&it.python.source, &it.python.outline, it.definition()))
}

/// Whether calling a function does nothing but make a coroutine: a decorator may do more, and a generator is no coroutine.
fn is_coroutine(source: &SourceFile, outline: &Outline, function: &Definition) -> bool {
    function.kind == DefinitionKind::AsyncFunction
        && outline.decorators(function).is_empty()
        && !has_name(source.slice(function.body), "yield")
}

/// Whether an object is given something else under the name of its method: `self.send = wrapped`.
fn is_given(file: &FileContext<'_>, method: &str) -> bool {
    let text = file.source.text();
    ["self", "cls"].iter().any(|it| text.contains(&format!("{it}.{method} =")))
}
