//! Attributes of a class that its instances share and change. Knows the class, its subclasses in the file, and bases that the
//! project or the standard library has; a base of a framework may make them anew for each instance.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Definition, DefinitionId, Keyword, LogicalLine, Span};
use roadworthy_project::Role;

use super::{elsewhere, is_memory, is_mutable, kind};
use crate::shared::code::first_party::{Base, bases_of};
use crate::shared::code::mutations::{Use, uses_of};
use crate::shared::code::text::{has_name, is_of_name};
use crate::shared::code::unused::is_class_used_nowhere;
use crate::shared::code::words::words;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for line in file.outline.lines.iter().filter(|it| it.keyword == Keyword::Other) {
        let class = line.scope.map(|id| (id, file.outline.definition(id)));
        let Some((id, class)) = class.filter(|(_, class)| class.is_class()) else { continue };
        // The class itself is made anew by each call of a function around it, and few objects of a script meet.
        let mut around = file.outline.enclosing(class.header.start);
        if file.role == Role::Script || around.any(Definition::is_function) {
            continue;
        }
        let Some((name, value)) = attribute(file, line) else { continue };
        let how = changed(file, (id, class), name);
        let is_wanted = || {
            is_stand_in(file, class)
                // What it is mixed into has attributes of its own.
                || file.slice(class.name).ends_with("Mixin")
                || remembers(file, class)
                || elsewhere::is_meant(file, class, value)
                || is_class_used_nowhere(file, class)
                || elsewhere::is_made_in_one_place(file, class)
                || elsewhere::is_replaced_by_makers(file, class, name)
        };
        if let Some(how) = how.filter(|_| !is_wanted()) {
            let message = format!(
                "all instances of `{}` share the {} `{name}`, and `{how}` changes it",
                file.slice(class.name),
                kind(file.slice(value)),
            );
            // Of many classes there is but one instance, which the class does not show.
            out.report(Report::at(value).severity(Severity::Info).message(message));
        }
    }
}

/// Whether a class stands in for another one, as its name or its description says.
pub(super) fn is_stand_in(file: &FileContext<'_>, class: &Definition) -> bool {
    let name = file.slice(class.name);
    let told = class.docstring.map_or("", |it| file.slice(it)).to_ascii_lowercase();
    ["Dummy", "Fake", "Mock", "Stub"].iter().any(|it| name.starts_with(it))
        || ["used for testing", "used in tests", "for tests only"]
            .iter()
            .any(|it| told.contains(it))
}

/// Whether a class says that it remembers things for the whole program, or that there is one object of it.
fn remembers(file: &FileContext<'_>, class: &Definition) -> bool {
    let own = file.slice(class.span);
    ["cache", "caching", "ingleton"].iter().any(|it| own.contains(it)) || has_name(own, "_instance")
}

/// The name and the value of an attribute that is bound to an object that can be changed.
pub(super) fn attribute<'a>(file: &FileContext<'a>, line: &LogicalLine) -> Option<(&'a str, Span)> {
    let text = file.slice(line.span);
    let name = text.split(|it| !is_of_name(it)).next().filter(|it| !it.is_empty())?;
    let rest = text[name.len()..].trim_start();
    let sign = if rest.starts_with(':') { text.find(" = ")? + 1 } else { text.len() - rest.len() };
    let value = text[sign..].strip_prefix('=')?.trim_start();
    if text[..sign].contains("ClassVar") || text[..sign].contains("Final") {
        return None;
    }
    let start = line.span.end - value.len() as u32;
    is_mutable(value).then_some((name, Span::new(start, line.span.end)))
}

/// How a method changes an attribute that belongs to the class.
fn changed(
    file: &FileContext<'_>,
    (id, class): (DefinitionId, &Definition),
    name: &str,
) -> Option<String> {
    let is_constant = !name.contains(|it: char| it.is_lowercase());
    if is_constant
        || is_memory(name)
        || is_common_state(name)
        || !file.outline.decorators(class).is_empty()
    {
        return None;
    }
    let attribute = format!("self.{name}");
    let uses = uses_of(file, class.body, &attribute);
    let how = uses.iter().find_map(|(offset, used)| match used {
        Use::Changes(how) if is_method(file, id, *offset) => Some(how.clone()),
        _ => None,
    })?;
    // An instance gets its own one somewhere, or sharing is meant.
    let is_bound =
        uses_of(file, everything(file), &attribute).iter().any(|it| it.1 == Use::Rebinds);
    let written = file.slice(class.name);
    let shares = ["cls", written, "type(self)", "self.__class__"]
        .iter()
        .any(|it| file.source.text().contains(&format!("{it}.{name}")));
    let sets =
        file.source.text().contains("setattr(self") || has_name(file.slice(class.body), "__new__");
    (!is_bound && !shares && !sets && is_plain(file, class)).then_some(how)
}

fn everything(file: &FileContext<'_>) -> Span {
    Span::new(0, file.source.text().len() as u32)
}

/// Whether a name says that an attribute serves all instances: what was compiled once, buckets and locks that all go by, when
/// something was last done.
fn is_common_state(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "bucket",
        "buckets",
        "compiled",
        "limiter",
        "limiters",
        "lock",
        "locks",
        "throttle",
        "throttles",
    ];
    let words = words(name);
    words.first().is_some_and(|it| it == "last")
        || words.iter().any(|it| WORDS.contains(&it.as_str()))
}

/// Whether a place lies in a method that has an instance.
fn is_method(file: &FileContext<'_>, class: DefinitionId, offset: u32) -> bool {
    let around = file.outline.enclosing(offset).find(|it| it.parent == Some(class));
    around.is_some_and(|method| {
        let first = file.outline.signature(method).parameters.first();
        // Who registers something means all instances to have it.
        let registers = file.slice(method.name).contains("register");
        !registers && first.is_some_and(|it| file.slice(it.name) == "self")
    })
}

/// Whether no base of a class can make its attributes anew.
fn is_plain(file: &FileContext<'_>, class: &Definition) -> bool {
    if file.outline.arguments(class).iter().any(|it| it.keyword.is_some()) {
        return false;
    }
    bases_of(file, class).into_iter().all(|base| match base {
        Base::Here(index) => {
            let base = &file.outline.definitions[index];
            file.outline.arguments(base).is_empty() && file.outline.decorators(base).is_empty()
        }
        Base::There(found) => found.python.outline.arguments(found.definition()).is_empty(),
        Base::Other(canonical) => canonical.is_some_and(|it| is_harmless(&it)),
    })
}

/// Bases of the standard library that leave attributes as they are.
fn is_harmless(canonical: &str) -> bool {
    const BASES: [&str; 15] = [
        "object",
        "abc.ABC",
        "threading.Thread",
        "multiprocessing.Process",
        "html.parser.HTMLParser",
        "logging.Handler",
        "http.server.BaseHTTPRequestHandler",
        "http.server.SimpleHTTPRequestHandler",
        "socketserver.BaseRequestHandler",
        "ast.NodeVisitor",
        "ast.NodeTransformer",
        "cmd.Cmd",
        "argparse.Action",
        "xml.sax.ContentHandler",
        "Exception",
    ];
    BASES.contains(&canonical)
}
