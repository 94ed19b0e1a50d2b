//! Whether code of the product makes objects of a class. Knows how classes are named in texts, no types and no rule.

use roadworthy_engine::FileContext;
use roadworthy_project::facts::{Facts, PythonFile};
use roadworthy_project::{Distribution, File, Role};

use crate::shared::code::text::{is_of_name, last_part_of_line, places_of};
use crate::shared::code::unused::is_no_use;
use crate::shared::code::words::last_part;

/// Whether no code outside of tests is seen to make an object of a class, to hand the class to something that may, or to derive
/// another one from it. Of a library others do. Reads the files of the project until one does, so it is asked for last.
pub(crate) fn is_made_nowhere(file: &FileContext<'_>, class: &str) -> bool {
    let Some((facts, known)) = in_application(file) else { return false };
    let files = || outside_tests(facts);
    // Models alone tell nothing of those who work with them.
    files().any(|it| it.path != known.path && it.path.file_stem() != Some("__init__"))
        && !facts.answer(
            known.component,
            format!("somebody makes {class} of {}", known.path),
            || {
                let head = format!("\nclass {class}");
                let stem = known.path.file_stem().unwrap_or_default();
                files().any(|it| {
                    let Some(source) = facts.source(it) else { return false };
                    let text = source.text();
                    // A namesake is made where it is defined.
                    let is_other = it.path != known.path && has_begin(text, &head);
                    !is_other
                        && makes(text, class).next().is_some()
                        && facts.python(&it.path).is_none_or(|read| {
                            !imports_namesake(facts, &read, class, &head, stem)
                                && makes(text, class).any(|at| !is_no_use(&read.outline, text, at))
                        })
                })
            },
        )
}

/// Whether code outside of tests makes objects of a class, and all that does names a field and gives it a fine value, of which
/// `is_fine` gets the text from there on. Reads the files of the project, so it is asked for last.
pub(crate) fn is_given_wherever_made(
    file: &FileContext<'_>,
    class: &str,
    field: &str,
    is_fine: impl Fn(&str) -> bool,
) -> bool {
    let Some((facts, known)) = in_application(file) else { return false };
    let question = format!("{field} is given to each {class} of {}", known.path);
    facts.answer(known.component, question, || all_give(facts, class, field, is_fine))
}

fn all_give(facts: &Facts<'_>, class: &str, field: &str, is_fine: impl Fn(&str) -> bool) -> bool {
    let mut any = false;
    let all = outside_tests(facts).all(|it| {
        let Some(source) = facts.source(it) else { return true };
        let text = source.text();
        places_of(text, class).all(|at| match given_at(text, at, class) {
            Given::Nothing => true,
            Given::Something => false,
            Given::To(arguments) => {
                any = true;
                let given = places_of(arguments, field)
                    .find_map(|at| arguments[at + field.len()..].trim_start().strip_prefix('='));
                given.is_some_and(|it| is_fine(it.trim_start()))
            }
        })
    });
    any && all
}

/// A file as its project knows it, unless others install it, who may make what they like of its classes.
fn in_application<'f>(file: &FileContext<'f>) -> Option<(&'f Facts<'f>, &'f File)> {
    file.in_facts().filter(|(facts, known)| {
        let component = facts.project().components.get(known.component);
        component.is_some_and(|it| it.distribution != Distribution::Library)
    })
}

/// The Python of a project that is no test.
fn outside_tests<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f File> {
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
    facts.project().files.iter().filter(move |it| it.kind.is_python() && !is_test(it))
}

/// What a place that names a class hands it for a new object.
enum Given<'t> {
    /// It makes none.
    Nothing,
    /// It makes one, and nobody sees of what.
    Something,
    /// What stands in the brackets.
    To(&'t str),
}

fn given_at<'t>(text: &'t str, at: usize, class: &str) -> Given<'t> {
    const MAKERS: [&str; 5] =
        ["", ".create", ".objects.acreate", ".objects.create", ".query.create"];
    let behind = &text[at + class.len()..];
    let head =
        &behind[..behind.find(|it: char| it != '.' && !is_of_name(it)).unwrap_or(behind.len())];
    let is_head = text[..at].ends_with("class ");
    let brackets = behind[head.len()..].strip_prefix('(').filter(|_| !is_head);
    match brackets {
        Some(rest) if MAKERS.contains(&head) => {
            let mut depth = 1_u32;
            let end = rest.find(|it: char| {
                depth += u32::from(matches!(it, '(' | '[' | '{'));
                depth -= u32::from(matches!(it, ')' | ']' | '}') && depth > 0);
                depth == 0
            });
            Given::To(&rest[..end.unwrap_or(rest.len())])
        }
        Some(_)
            if head.contains("create") || head.contains("from_") || head.contains("validate") =>
        {
            Given::Something
        }
        _ => {
            let before = last_part_of_line(&text[..at], 200).trim_end();
            let is_handed_on = before.ends_with("insert(") || before.ends_with("model = ");
            if is_handed_on { Given::Something } else { Given::Nothing }
        }
    }
}

/// Whether something that works with `FastAPI` takes objects of a class, which that makes of requests: `def put(order: Order)`.
pub(crate) fn is_made_of_requests(file: &FileContext<'_>, class: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let question = format!("requests hold {class}");
    facts.answer(known.component, question, || {
        facts.project().files.iter().filter(|it| it.kind.is_python()).any(|it| {
            facts.source(it).is_some_and(|it| {
                let text = it.text();
                text.contains("fastapi")
                    && places_of(text, class).any(|at| {
                        let line = last_part_of_line(&text[..at], 200);
                        let is_parameter = line.contains("def ") || line.starts_with("    ");
                        let next = text[at + class.len()..].trim_start().chars().next();
                        line.trim_end().ends_with(':')
                            && is_parameter
                            && matches!(next, Some(',' | ')' | '='))
                    })
            })
        })
    })
}

/// Calls that only read rows of a class they are handed, or tell of it.
const READERS: [&str; 17] = [
    "aliased",
    "count",
    "delete",
    "exists",
    "get",
    "isinstance",
    "issubclass",
    "join",
    "joinedload",
    "outerjoin",
    "query",
    "relationship",
    "scalars",
    "select",
    "select_from",
    "selectinload",
    "update",
];

/// Names behind which a class in brackets is a type, and nothing that makes objects.
const TYPES: [&str; 11] = [
    "Dict", "Iterable", "List", "Mapped", "Optional", "Sequence", "Set", "Tuple", "Union", "dict",
    "list",
];

/// Whether a file imports a class of this name from another module of the project, which has one, too: `head` is how it begins there,
/// `stem` the module of the one that is asked for.
pub(crate) fn imports_namesake(
    facts: &Facts<'_>,
    read: &PythonFile,
    class: &str,
    head: &str,
    stem: &str,
) -> bool {
    let text = read.source.text();
    let mut imports = read.outline.imports.iter().filter(|it| it.name.of_text(text) == class);
    imports.any(|import| {
        let module = last_part(import.module.of_text(text));
        let mut modules = facts.project().files.iter().filter(|it| {
            module != stem && it.kind.is_python() && it.path.file_stem() == Some(module)
        });
        modules.any(|it| facts.source(it).is_some_and(|it| has_begin(it.text(), head)))
    })
}

/// Whether a text holds another one, and then no more of the same name.
fn has_begin(text: &str, head: &str) -> bool {
    text.match_indices(head).any(|(at, _)| !text[at + head.len()..].starts_with(is_of_name))
}

/// Where a text makes objects of a class, or may.
fn makes<'t>(text: &'t str, class: &'t str) -> impl Iterator<Item = usize> + 't {
    /// More of a line tells nothing of the class.
    const LONGEST: usize = 200;
    places_of(text, class).filter(move |&at| {
        let line = last_part_of_line(&text[..at], LONGEST);
        let start = line.trim_start();
        let behind = &text[at + class.len()..];
        if start.starts_with("class ") {
            return start != "class ";
        }
        if ["from ", "import ", "#"].iter().any(|it| start.starts_with(it)) {
            return false;
        }
        let called = behind.strip_prefix('.').map(|it| it.trim_start_matches(is_of_name));
        // What it is called in a text: `<Order(id=1)>`.
        if line.ends_with('<') {
            return false;
        }
        if called.unwrap_or(behind).starts_with('(') || behind.starts_with(".objects") {
            return true;
        }
        // A column of its rows.
        if behind.starts_with('.') {
            return false;
        }
        let before = line.trim_end();
        let holder = |mark| before.strip_suffix(mark).map(last_name);
        before.ends_with('=') && !before.ends_with("==")
            // As a setting of a framework: `{"model": Order}`.
            || before.ends_with("\":")
            || before.ends_with("':")
            || holder('(').is_some_and(|it| !it.is_empty() && !READERS.contains(&it))
            || holder('[').is_some_and(|it| !it.is_empty() && !TYPES.contains(&it))
            || before.ends_with(',') && READERS.iter().all(|it| !before.contains(&format!("{it}(")))
    })
}

/// The name that a text ends with.
fn last_name(text: &str) -> &str {
    let rest = text.trim_end_matches(is_of_name);
    &text[rest.len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_made_by_calls_and_by_what_gets_the_class() {
        for text in [
            "order = Order(id=1)",
            "Order.create(id=1)",
            "Order.objects.all()",
            "class Gift(Order):",
            "session.execute(insert(Order))",
            "orders = Repository[Order](session)",
            "model = Order",
            "@get(response_model=Order)",
            "super().__init__(session, Order)",
            "data_layer = {\"session\": db, \"model\": Order}",
        ] {
            assert!(makes(text, "Order").next().is_some(), "{text}");
        }
        for text in [
            "class Order(Base):",
            "from shop.models import Order",
            "session.query(Order).all()",
            "select(Shop, Order)",
            "orders: Mapped[List[Order]]",
            "lines = relationship(\"Order\")",
            "Order.paid_at.desc()",
            "orders.group_by(Order.paid_at)",
            "def show(order: Order):",
        ] {
            assert!(makes(text, "Order").next().is_none(), "{text}");
        }
    }
}
