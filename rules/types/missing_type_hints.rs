//! See `missing-type-hints.toml`. Knows signatures and who may have dictated them; what a body shows is below.

#[path = "missing_type_hints/body.rs"]
mod body;
#[path = "missing_type_hints/dictated.rs"]
mod dictated;
#[path = "missing_type_hints/foreign.rs"]
mod foreign;
#[path = "missing_type_hints/inherited.rs"]
mod inherited;
#[path = "missing_type_hints/plain.rs"]
mod plain;
#[path = "missing_type_hints/python_2.rs"]
mod python_2;
#[path = "missing_type_hints/registered.rs"]
mod registered;
#[path = "missing_type_hints/returns.rs"]
mod returns;
#[path = "missing_type_hints/values.rs"]
mod values;

use std::cell::OnceCell;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Definition, Keyword, Parameter, ParameterKind, Span};
use rustc_hash::FxHashMap;

use crate::shared::code::blocks;
use crate::shared::code::classes::{Classes, Heritage};
use crate::shared::code::first_party;
use crate::shared::code::reach::{ProgramOnly, is_of_many};
use crate::shared::code::text::has_name;

/// Decorators that say nothing about what a function takes and returns, or leave it as it is.
const NEUTRAL_DECORATORS: [&str; 14] = [
    "abstractmethod",
    "alru_cache",
    "asynccontextmanager",
    "cache",
    "cached_property",
    "classmethod",
    "contextmanager",
    "deprecated",
    "final",
    "hybrid_property",
    "lru_cache",
    "property",
    "staticmethod",
    "wraps",
];

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if file.file.has_stub && !file.pedantic() {
        return;
    }
    if dictated::is_beside_the_product(file) && !file.pedantic() {
        return;
    }
    let (mut classes, mut names, mut program) = (None, None, None);
    let (bare_is_slip, is_many) = (OnceCell::new(), OnceCell::new());
    let registered = registered::Registered::default();
    let (module_is_dead, is_foreign) = (OnceCell::new(), OnceCell::new());
    for (index, function) in file.outline.definitions.iter().enumerate() {
        if !function.is_function() {
            continue;
        }
        let class = method_of(file, function);
        let mut may_inherit = false;
        let missing = if file.pedantic() {
            if implements_overload(file, index, true) {
                continue;
            }
            Missing::all(file, function, class.is_some())
        } else {
            if !is_public(file, function) || implements_overload(file, index, false) {
                continue;
            }
            let classes = classes.get_or_insert_with(|| Classes::new(file));
            let handed_in = |parameter: &Parameter| {
                let name = file.slice(parameter.name);
                out.strings("handed-in-parameters").iter().any(|handed_in| handed_in == name)
            };
            let signature = file.outline.signature(function);
            if dictated::is_dictated(file, function, class, classes)
                || signature.parameters.iter().any(handed_in)
            {
                continue;
            }
            may_inherit = class.is_some_and(|class| {
                classes.heritage(file, class, file.slice(function.name)) == Heritage::Unknown
            });
            let is_method = class.is_some_and(|class| !is_without_object(file, class));
            let mut missing = Missing::without_excuse(file, function, is_method);
            if let Some(class) = class.filter(|_| !missing.parameters.is_empty()) {
                missing.parameters.retain(|it| !inherited::is_stated(file, class, function, it));
            }
            if !missing.is_none() {
                let program = program.get_or_insert_with(|| ProgramOnly::new(file));
                if program.contains(function.name.start)
                    || plain::is_for_nobody_else(file, function, class, &module_is_dead)
                    || plain::is_handed_on(file, function, class, &missing.parameters)
                    || dictated::is_one_of_many(file, function)
                    || registered.dictates(file, function, class.is_some())
                    || *is_foreign
                        .get_or_init(|| foreign::is_foreign(file) || foreign::is_generated(file))
                    || class.filter(|_| may_inherit).is_some_and(|class| {
                        let name = file.slice(function.name);
                        name != "__init__" && inherited::is_inherited(file, class, name)
                    })
                {
                    continue;
                }
            }
            // What lacks hints for a reason speaks neither for the component nor against it.
            if missing.is_none() && !is_hinted(file, function, class.is_some()) {
                continue;
            }
            out.judged();
            missing
        };
        let hollow = || {
            let name = file.slice(function.name);
            format!(
                "public function `{name}` is annotated with `Any` alone, which tells nobody anything"
            )
        };
        let message = missing.message(file, function);
        if let Some(message) =
            message.or_else(|| (!file.pedantic() && is_hollow(file, function, class)).then(hollow))
        {
            let span = Span::new(function.header.start, function.name.end);
            let report = Report::at(span).message(message).extent(function.header);
            let alone = missing.returns && missing.parameters.is_empty() && !may_inherit;
            let names = names.get_or_insert_with(|| counts(file));
            let once = names.get(file.slice(function.name)) == Some(&1);
            let report = match (alone && once).then(|| returns_none(file, function)).flatten() {
                Some(edit) => report.fix(Fix::safe(vec![edit])),
                None => report,
            };
            let is_slip = || {
                says_of_parameters(file, function)
                    || *bare_is_slip.get_or_init(|| plain::is_slip(file))
            };
            let is_worth_it = file.pedantic()
                || is_slip()
                    && (!is_many.get_or_init(|| is_of_many(file))
                        || weighs(file, function, &missing));
            out.report(if is_worth_it { report } else { report.only_folded() });
        }
    }
}

/// Whether what a function yields once is what `with` gives.
fn is_context_manager(file: &FileContext<'_>, function: &Definition) -> bool {
    decorator_names(file, function).any(|it| matches!(it, "contextmanager" | "asynccontextmanager"))
}

/// Whether all that is annotated is so by `Any`: at least two parameters and what is returned. Who asks for the type of a value
/// takes what comes.
fn is_hollow(file: &FileContext<'_>, function: &Definition, class: Option<&Definition>) -> bool {
    let is_any = |annotation: Span| matches!(file.slice(annotation).trim(), "Any" | "typing.Any");
    let signature = file.outline.signature(function);
    let bound = usize::from(class.is_some() && !is_static(file, function));
    let own = signature.parameters.get(bound..).unwrap_or_default();
    own.len() > 1
        && own.iter().all(|parameter| parameter.annotation.is_some_and(is_any))
        && signature.returns.is_some_and(is_any)
        && !has_name(file.slice(function.body), "isinstance")
}

/// Whether somebody began to annotate a function.
fn has_begun(file: &FileContext<'_>, function: &Definition) -> bool {
    file.outline.signature(function).returns.is_some() || says_of_parameters(file, function)
}

/// Whether a function has hints, and one for each of its own parameters.
fn is_hinted<'o>(file: &FileContext<'o>, function: &'o Definition, method: bool) -> bool {
    has_begun(file, function) && Missing::all(file, function, method).parameters.is_empty()
}

/// Whether somebody annotated a parameter of a function.
fn says_of_parameters(file: &FileContext<'_>, function: &Definition) -> bool {
    file.outline.signature(function).parameters.iter().any(|it| it.annotation.is_some())
}

/// Whether what a function lacks is felt by itself: it does too much for a look at its body to tell the types, and its author has
/// begun to tell them, or one is all that is missing.
fn weighs(file: &FileContext<'_>, function: &Definition, missing: &Missing<'_>) -> bool {
    /// Lines of a function that one takes in at a glance.
    const GLANCE: usize = 8;
    let lines = file.slice(function.span).trim_end().lines().count();
    lines > GLANCE && (missing.parameters.len() < 2 || says_of_parameters(file, function))
}

/// The class of a method.
fn method_of<'o>(file: &FileContext<'o>, function: &Definition) -> Option<&'o Definition> {
    let parent = file.outline.definition(function.parent?);
    parent.is_class().then_some(parent)
}

/// The last name of a decorator, without its arguments.
fn decorator_names<'a>(
    file: &FileContext<'a>,
    function: &Definition,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let decorators: Vec<Span> = file.outline.decorators(function).to_vec();
    let text = file.source;
    decorators.into_iter().map(move |decorator| {
        let written = text.slice(decorator).split('(').next().unwrap_or_default();
        written.rsplit('.').next().unwrap_or_default().trim()
    })
}

fn has_decorator(file: &FileContext<'_>, function: &Definition, name: &str) -> bool {
    decorator_names(file, function).any(|decorator| decorator == name)
}

/// Whether the function stands behind overloads of itself, which hold the types. `directly`: no other
/// definition, even a nested one, stands between, as ruff sees it.
fn implements_overload(file: &FileContext<'_>, index: usize, directly: bool) -> bool {
    let function = &file.outline.definitions[index];
    let mut before = file.outline.definitions[..index].iter().rev();
    let sibling =
        if directly { before.next() } else { before.find(|other| other.parent == function.parent) };
    sibling.is_some_and(|other| {
        other.parent == function.parent
            && file.slice(other.name) == file.slice(function.name)
            && has_decorator(file, other, "overload")
            && !has_decorator(file, function, "overload")
    })
}

/// Whether others may call the function: neither it nor anything around it is private or a function.
fn is_public(file: &FileContext<'_>, function: &Definition) -> bool {
    let is_private = |name: &str| name.starts_with('_') && !name.ends_with("__");
    let stem = file.file.path.file_stem().unwrap_or_default();
    let around = file.outline.enclosing(function.name.start).skip(1);
    !is_private(stem)
        && !is_private(file.slice(function.name))
        && around.into_iter().all(|outer| outer.is_class() && !is_private(file.slice(outer.name)))
}

fn is_static(file: &FileContext<'_>, function: &Definition) -> bool {
    has_decorator(file, function, "staticmethod")
}

/// Whether a class only groups functions that are called by its name: it has no base, and none of them takes an object or a class.
fn is_without_object(file: &FileContext<'_>, class: &Definition) -> bool {
    let takes_none = |function: &Definition| {
        let first = file.outline.signature(function).parameters.first();
        let name = first.map_or("", |it| file.slice(it.name));
        !matches!(name, "self" | "cls" | "this") && !name.starts_with('_')
    };
    file.outline.arguments(class).is_empty()
        && file.outline.decorators(class).is_empty()
        && first_party::methods(file.outline, class).all(takes_none)
}

/// What a signature lacks.
struct Missing<'o> {
    parameters: Vec<&'o Parameter>,
    returns: bool,
}

impl<'o> Missing<'o> {
    fn is_none(&self) -> bool {
        !self.returns && self.parameters.is_empty()
    }

    /// All that is not annotated, but for the object or class that a method is called on.
    fn all(file: &FileContext<'o>, function: &'o Definition, method: bool) -> Self {
        let signature = file.outline.signature(function);
        let bound = usize::from(method && !is_static(file, function));
        // The object may be taken by `*args`, which is then a parameter of its own.
        let is_variadic = |parameter: &Parameter| {
            matches!(parameter.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword)
        };
        let named =
            signature.parameters.iter().take(bound).any(|parameter| !is_variadic(parameter));
        let parameters = signature.parameters.iter().skip(usize::from(named && bound == 1));
        Self {
            parameters: parameters.filter(|parameter| parameter.annotation.is_none()).collect(),
            returns: signature.returns.is_none(),
        }
    }

    /// What is missing and tells a caller something.
    fn without_excuse(file: &FileContext<'o>, function: &'o Definition, method: bool) -> Self {
        let mut missing = Self::all(file, function, method);
        missing.parameters.retain(|parameter| {
            let variadic =
                matches!(parameter.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword);
            // A function with a `self` is made to become a method elsewhere.
            let name = file.slice(parameter.name);
            !variadic && !name.starts_with('_') && !matches!(name, "self" | "cls")
        });
        let name = file.slice(function.name);
        missing.returns &= name != "__init__";
        let is_of_application = |parameter: &str| {
            matches!(name, "__init__" | "init_app") && matches!(parameter, "app" | "application")
        };
        let is_factory = matches!(name, "build_app" | "create_app" | "make_app");
        let excused = |parameter: &&Parameter| {
            let written = file.slice(parameter.name);
            dictated::DICTATED_PARAMETERS.contains(&written)
                || matches!(written, "log" | "logger")
                || is_of_application(written)
                || parameter.default.is_some_and(|default| {
                    let text = file.slice(default);
                    let is_told = is_member(text) || is_class(text) || is_setting(text);
                    // What a factory takes beside nothing at all, tests hand in.
                    let is_known = plain::is_made(text) || plain::is_constant(text);
                    values::is_literal(text) || is_known || is_told || is_factory && text == "None"
                })
        };
        missing.parameters.retain(|it| !excused(it) && !body::is_checked(file, function, it));
        // Who sees what comes out has nothing left to ask.
        missing.returns = missing.returns && !body::shows_type(file, function);
        let begun = has_begun(file, function);
        // Of a few statements on a single value, a hint says less than the statements.
        let few = 2 + missing.parameters.len();
        if !begun && missing.parameters.len() < 2 && body::is_brief(file, function, few) {
            missing = Self { parameters: Vec::new(), returns: false };
        }
        // What is taken and not read, callers want to hand in.
        if !missing.parameters.is_empty() && !body::is_left_to_others(file, function) {
            let all = missing.parameters.len();
            missing.parameters.retain(|it| body::reads(file, function, file.slice(it.name)));
            if !begun && missing.parameters.len() < all {
                missing = Self { parameters: Vec::new(), returns: false };
            }
        }
        // `message` is the text that its name says.
        if let ([only], false) = (&missing.parameters[..], missing.returns)
            && matches!(file.slice(only.name), "message" | "msg" | "text")
        {
            missing.parameters.clear();
        }
        if let ([only], false) = (&missing.parameters[..], begun)
            && plain::works_on_text(file, function, only)
        {
            missing = Self { parameters: Vec::new(), returns: false };
        }
        // Where nobody writes hints, the descriptions hold the types.
        let is_described =
            |it: &&Parameter| plain::is_described(file, function, file.slice(it.name));
        if !begun
            && missing.parameters.iter().all(is_described)
            && (!missing.returns || plain::is_return_described(file, function))
            && plain::has_no_hints(file)
        {
            missing = Self { parameters: Vec::new(), returns: false };
        }
        if !begun && missing.parameters.len() < 3 && body::is_formula(file, function) {
            missing = Self { parameters: Vec::new(), returns: false };
        }
        missing.returns &= !missing.parameters.is_empty()
            || !body::gives_at_sight(file, function) && returns::tell(file, function);
        missing
    }

    /// "`load` has no type hints for `path`, `mode` and the return value"
    fn message(&self, file: &FileContext<'_>, function: &Definition) -> Option<String> {
        let mut parts: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| {
                let stars = match parameter.kind {
                    ParameterKind::VarPositional => "*",
                    ParameterKind::VarKeyword => "**",
                    _ => "",
                };
                format!("`{stars}{}`", file.slice(parameter.name))
            })
            .collect();
        if self.returns {
            parts.push("the return value".to_owned());
        }
        let last = parts.pop()?;
        let name = file.slice(function.name);
        Some(if parts.is_empty() {
            format!("`{name}` has no type hint for {last}")
        } else {
            format!("`{name}` has no type hints for {} and {last}", parts.join(", "))
        })
    }
}

/// Whether a default is a member of an enumeration, by its spelling: `Side.BUY`.
fn is_member(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let Some((path, member)) = text.trim().rsplit_once('.') else { return false };
    let class = path.rsplit('.').next().unwrap_or_default();
    let constant = member.starts_with(|c: char| c.is_ascii_uppercase())
        && !member.contains(|c: char| c.is_ascii_lowercase());
    text.trim().chars().all(is_name)
        && constant
        && class.starts_with(|c: char| c.is_ascii_uppercase())
        && class.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether a default is a class, by its spelling: what is handed in is one like it.
fn is_class(text: &str) -> bool {
    const BUILT_IN: [&str; 9] =
        ["bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"];
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let last = text.rsplit('.').next().unwrap_or_default();
    let is_camel = last.starts_with(|c: char| c.is_ascii_uppercase())
        && last.contains(|c: char| c.is_ascii_lowercase())
        && !last.contains('_');
    text.chars().all(is_name) && (is_camel && text != "None" || BUILT_IN.contains(&text))
}

/// Whether a default is read from the environment: a text.
fn is_setting(text: &str) -> bool {
    ["os.getenv(", "os.environ[", "os.environ.get("].iter().any(|it| text.starts_with(it))
}

/// How often the file defines something under each name: what is defined twice may override or stand in for the other.
fn counts<'a>(file: &FileContext<'a>) -> FxHashMap<&'a str, u32> {
    let mut counts = FxHashMap::default();
    for definition in &file.outline.definitions {
        *counts.entry(file.slice(definition.name)).or_insert(0) += 1;
    }
    counts
}

/// `-> None` for a function that returns nothing, and that nobody is meant to fill in.
fn returns_none(file: &FileContext<'_>, function: &Definition) -> Option<Edit> {
    let neutral = ["staticmethod", "classmethod", "final", "deprecated"];
    if decorator_names(file, function).any(|decorator| !neutral.contains(&decorator))
        || !body::returns_only(file, function, |_| false)
    {
        return None;
    }
    let lines = blocks::own_lines(file, function);
    let mut lines = lines.filter(|line| !body::is_filler(file, function, line));
    let first = lines.next()?;
    let last = lines.filter(|line| line.indent == first.indent).last().unwrap_or(first);
    // What always raises returns less than nothing, and what only raises is to be filled in.
    if last.keyword == Keyword::Raise {
        return None;
    }
    let behind = file.slice(function.header).rfind(')')? as u32 + 1;
    Some(Edit::insert(function.header.start + behind, " -> None"))
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Edits;

    use super::*;
    use crate::shared::in_memory::with_file;

    fn fixed(text: &str) -> String {
        with_file("shop/store.py", text, |file| {
            let mut edits = Edits::default();
            for function in file.outline.definitions.iter().filter(|it| it.is_function()) {
                if let Some(edit) = returns_none(file, function) {
                    assert!(edits.take(&[edit]));
                }
            }
            edits.apply(text)
        })
    }

    #[test]
    fn none_is_written_where_nothing_is_returned_and_nobody_is_to_fill_it_in() {
        let text = "\
class Store:
    def close(
        self,
        reason: str = \"\",  # (for the log)
    ):
        \"\"\"Closes the store.\"\"\"
        if not self.open:
            return
        self.log(\"closing :\", reason)

    def load(self):
        \"\"\"To be filled in.\"\"\"
        pass

    def save(self):
        raise NotImplementedError

    def flush(self): self.log(\"flush\")

    def count(self):
        return len(self.orders)
";
        let expected = text.replacen("    ):\n", "    ) -> None:\n", 1);
        assert_eq!(fixed(text), expected);
    }
}
