//! Whether code of the product makes objects of a class. Knows how classes are named in texts, no types and no rule.

use roadworthy_engine::FileContext;
use roadworthy_project::{Distribution, File, Role};

use crate::shared::code::text::{is_of_name, last_part_of_line, places_of};

/// Whether no code outside of tests is seen to make an object of a class, to hand the class to something that may, or to derive
/// another one from it. Of a library others do. Reads the files of the project until one does, so it is asked for last.
pub(crate) fn is_made_nowhere(file: &FileContext<'_>, class: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let component = project.components.get(known.component);
    if component.is_none_or(|it| it.distribution == Distribution::Library) {
        return false;
    }
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
    let files = || project.files.iter().filter(|it| it.kind.is_python() && !is_test(it));
    // Models alone tell nothing of those who work with them.
    files().any(|it| it.path != known.path && it.path.file_stem() != Some("__init__"))
        && !facts.answer(known.component, format!("somebody makes {class}"), || {
            files().any(|it| facts.source(it).is_some_and(|it| makes(it.text(), class)))
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

/// Whether a text makes objects of a class, or may.
fn makes(text: &str, class: &str) -> bool {
    /// More of a line tells nothing of the class.
    const LONGEST: usize = 200;
    places_of(text, class).any(|at| {
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
            "super().__init__(session, Order)",
        ] {
            assert!(makes(text, "Order"), "{text}");
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
            assert!(!makes(text, "Order"), "{text}");
        }
    }
}
