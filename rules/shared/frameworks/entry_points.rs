//! Which functions a framework calls: for a request, as a task, as a command, at the start. Knows decorators, bases and
//! names of one file (the facts are data: `entry_points.toml`), no rule.

use std::sync::LazyLock;

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Span};
use serde::Deserialize;

use crate::shared::code::words::last_part;

/// What a function is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EntryPoint {
    /// A request: a route, a view, a message of a web socket, the invocation of a cloud function.
    Route,
    /// A job of a queue, a scheduler or a pipeline.
    Task,
    /// Somebody calls it in a shell.
    Command,
    /// The application starts.
    Start,
}

/// What the innermost function around an offset that a framework calls is called for; functions inside it are part of it.
pub(crate) fn around(file: &FileContext<'_>, offset: u32) -> Option<EntryPoint> {
    let mut functions = file.outline.enclosing(offset).filter(|it| it.is_function());
    functions.find_map(|function| entry_point(file, function))
}

/// What a function is called for, as far as the file shows that a framework calls it.
pub(crate) fn entry_point(file: &FileContext<'_>, function: &Definition) -> Option<EntryPoint> {
    let mut decorators = file.outline.decorators(function).iter();
    decorators
        .find_map(|&decorator| of_decorator(file, decorator))
        .or_else(|| of_class(file, function))
        .or_else(|| of_name(file, function))
}

fn of_decorator(file: &FileContext<'_>, decorator: Span) -> Option<EntryPoint> {
    let (name, arguments) = parts(file, decorator);
    let dotted = roadworthy_parser::dotted_text(file.source.text(), name);
    let resolved = file.names().resolve(&dotted, name.start);
    let canonical = resolved.as_deref().unwrap_or(&dotted);
    let row = TABLE.decorator.iter().find(|row| {
        let is_named = row.names.iter().any(|it| match it.strip_prefix('.') {
            Some(last) => dotted.contains('.') && last_part(&dotted) == last,
            None => canonical == it.as_str(),
        });
        is_named && (!row.path || arguments.is_some_and(begins_with_path))
    })?;
    Some(row.kind)
}

/// The name of a decorator, and what stands in its parentheses.
fn parts<'a>(file: &FileContext<'a>, decorator: Span) -> (Span, Option<&'a str>) {
    let text = file.slice(decorator);
    match text.find('(') {
        Some(at) => {
            let name = Span::new(decorator.start, decorator.start + at as u32);
            (name, Some(text[at + 1..].trim_end().trim_end_matches(')').trim()))
        }
        None => (decorator, None),
    }
}

/// Whether arguments begin with a path as routers take it: `"/users"`, `""`, `path="/users"`, or a name for one.
fn begins_with_path(arguments: &str) -> bool {
    let first = ["path=", "rule=", "uri="].iter().find_map(|it| arguments.strip_prefix(it));
    let first = first.unwrap_or(arguments).trim_start_matches(['r', 'f']);
    match first.bytes().next() {
        Some(quote @ (b'"' | b'\'')) => {
            let inner = &first[1..];
            // Django Ninja's paths do without the slash: `"users/{id}"`; a key of a cache or of a mapping has none inside.
            inner.starts_with(['/', '{', '<'])
                || inner.as_bytes().first() == Some(&quote)
                || inner.split(['"', '\'']).next().is_some_and(|it| it.contains('/'))
        }
        _ => false,
    }
}

fn of_class(file: &FileContext<'_>, function: &Definition) -> Option<EntryPoint> {
    let class = file.outline.definition(function.parent?);
    if !class.is_class() {
        return None;
    }
    let name = file.slice(function.name);
    let bases: Vec<&str> = file
        .outline
        .arguments(class)
        .iter()
        .filter(|argument| argument.keyword.is_none())
        .map(|argument| last_part(file.slice(argument.value).split('[').next().unwrap_or_default()))
        .collect();
    let row = TABLE.class.iter().find(|row| {
        row.methods.iter().any(|it| it == name)
            && bases
                .iter()
                .any(|base| row.bases.iter().any(|it| base.trim().ends_with(it.as_str())))
    })?;
    Some(row.kind)
}

fn of_name(file: &FileContext<'_>, function: &Definition) -> Option<EntryPoint> {
    if function.parent.is_some() {
        return None;
    }
    let name = file.slice(function.name);
    let parameters = file.outline.signature(function).parameters;
    let row = TABLE
        .function
        .iter()
        .find(|row| row.calls(name, parameters.iter().map(|it| file.slice(it.name))));
    if let Some(row) = row {
        return Some(row.kind);
    }
    // A view of Django is a function of a module of views whose first parameter is the request.
    let first = parameters.first().map(|parameter| file.slice(parameter.name));
    let is_view = file.file.module.split('.').any(|part| part == "views")
        && first == Some("request")
        && !name.starts_with('_');
    is_view.then_some(EntryPoint::Route)
}

#[derive(Deserialize)]
struct Table {
    decorator: Vec<DecoratorRow>,
    class: Vec<ClassRow>,
    function: Vec<FunctionRow>,
}

#[derive(Deserialize)]
struct DecoratorRow {
    kind: EntryPoint,
    #[serde(default)]
    path: bool,
    names: Vec<String>,
}

#[derive(Deserialize)]
struct ClassRow {
    kind: EntryPoint,
    bases: Vec<String>,
    methods: Vec<String>,
}

#[derive(Deserialize)]
struct FunctionRow {
    kind: EntryPoint,
    /// Any name, where there are none.
    #[serde(default)]
    names: Vec<String>,
    /// How many parameters there are, or how they are called.
    parameters: Parameters,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Parameters {
    Count(usize),
    Names(Vec<String>),
}

impl FunctionRow {
    fn calls<'a>(
        &self,
        name: &str,
        mut parameters: impl ExactSizeIterator<Item = &'a str>,
    ) -> bool {
        let fits = self.names.is_empty() || self.names.iter().any(|it| it == name);
        fits && match &self.parameters {
            Parameters::Count(count) => parameters.len() == *count,
            Parameters::Names(given) => {
                parameters.len() == given.len()
                    && given.iter().all(|it| parameters.next() == Some(it))
            }
        }
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("entry_points.toml")).expect("a test reads the table")
});

#[cfg(test)]
mod tests {
    use super::EntryPoint::{Command, Route, Task};
    use super::*;
    use crate::shared::in_memory::with_file;

    fn found(path: &str, text: &str) -> Vec<(String, EntryPoint)> {
        with_file(path, text, |file| {
            let functions = file.outline.definitions.iter().filter(|it| it.is_function());
            let named =
                |it: &Definition| Some((file.slice(it.name).to_owned(), entry_point(file, it)?));
            functions.filter_map(named).collect()
        })
    }

    #[test]
    fn decorators_register() {
        let text = "\
from celery import shared_task
import typer
app = typer.Typer()

@router.get('/users/{id}')
async def user(id): ...

@app.route(\"/\", methods=['GET'])
def index(): ...

@cache.get('users')
def cached(): ...

@shared_task(bind=True)
def send(self): ...

@app.command()
def run(): ...

@property
def plain(self): ...
";
        let expected = [("user", Route), ("index", Route), ("send", Task), ("run", Command)];
        let found = found("app/main.py", text);
        let found: Vec<_> = found.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn classes_and_names_tell() {
        let text = "\
class Users(generics.ListAPIView):
    def get(self, request): ...
    def helper(self): ...

class Command(BaseCommand):
    def handle(self, *args, **options): ...

def index(request):
    def inner(): ...

def hello(event, context): ...

def other(event, data): ...
";
        let found = found("shop/views.py", text);
        let found: Vec<_> = found.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        assert_eq!(
            found,
            [("get", Route), ("handle", Command), ("index", Route), ("hello", Route)]
        );
    }
}
