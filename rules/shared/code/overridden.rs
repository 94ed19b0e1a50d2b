//! Methods that each class of the project that extends theirs has of its own: where nothing makes the class itself, they do not run.
//! Knows names and where they stand, no types. Where there is doubt, a method runs.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Outline};

use crate::shared::code::first_party::methods;
use crate::shared::code::named::tells_all;
use crate::shared::code::others::{MOST, others_with};
use crate::shared::code::text::places_of;
use crate::shared::code::unused::is_no_use;

/// Whether an offset lies in a method that all classes which extend its class put another one in the place of, without calling
/// this one, and the class is named for nothing else. Reads the files of the project that name it, so it is asked for last.
pub(crate) fn is_overridden(file: &FileContext<'_>, offset: u32) -> bool {
    let mut around = file.outline.enclosing(offset);
    let Some(method) = around
        .by_ref()
        .filter(|it| it.is_function())
        .find(|it| it.parent.is_some_and(|id| file.outline.definition(id).is_class()))
    else {
        return false;
    };
    let class = method.parent.map(|id| file.outline.definition(id));
    let Some(class) = class.filter(|it| it.parent.is_none()) else { return false };
    let is_plain =
        file.outline.decorators(class).is_empty() && file.outline.decorators(method).is_empty();
    let Some((facts, known)) = file.in_facts().filter(|_| is_plain && tells_all(file)) else {
        return false;
    };
    let (class, name) = (file.slice(class.name), file.slice(method.name));
    if facts.mentions().of(class) > MOST {
        return false;
    }
    let question = format!("all that extend {class} of {} have their own {name}", known.path);
    facts.answer(known.component, question, || {
        let Some(mut any) = extended_in(file.outline, file.source.text(), class, name) else {
            return false;
        };
        for other in others_with(facts, known, class) {
            let read = facts.python(&other.path).filter(|_| other.kind.is_python());
            let found = read.and_then(|it| extended_in(&it.outline, it.source.text(), class, name));
            let Some(found) = found else { return false };
            any |= found;
        }
        any
    })
}

/// Whether classes of a file extend one and have their own method of a name; `None` where the class is named for something else,
/// or one of them has none or calls the one that it takes the place of.
fn extended_in(outline: &Outline, text: &str, class: &str, name: &str) -> Option<bool> {
    let mut any = false;
    for at in places_of(text, class) {
        let offset = at as u32;
        let is_itself = |it: &Definition| it.name.start == offset;
        if is_no_use(outline, text, at) || outline.definitions.iter().any(is_itself) {
            continue;
        }
        let is_base = |it: &&Definition| {
            it.is_class() && outline.arguments(it).iter().any(|it| it.value.start == offset)
        };
        let below = outline.definitions.iter().find(is_base)?;
        let mut own = methods(outline, below).filter(|it| it.name.of_text(text) == name);
        let own = own.next()?.body.of_text(text);
        let inside = below.body.of_text(text);
        if own.contains("super(") || own.contains(&format!("{class}.")) || asks(inside, class, name)
        {
            return None;
        }
        any = true;
    }
    Some(any)
}

/// Whether the body of a class asks the one that it extends for a method: `super().load()`, `Base.load(self)`.
fn asks(body: &str, class: &str, name: &str) -> bool {
    places_of(body, name).any(|at| {
        body[..at].strip_suffix('.').is_some_and(|owner| {
            let is_super = owner.ends_with(')')
                && owner.rfind('(').is_some_and(|it| owner[..it].trim_end().ends_with("super"));
            is_super || owner.ends_with(class)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn classes_that_extend_have_methods_of_their_own() {
        let base = "class Base:\n    def load(self):\n        pass\n\n";
        for (text, expected) in [
            ("", Some(false)),
            ("class A(Base):\n    def load(self):\n        return 1\n", Some(true)),
            ("class A(Base):\n    def load(self):\n        return super().load()\n", None),
            (
                "class A(Base):\n    def load(self):\n        return 1\n\n    def again(self):\n        return super().load()\n",
                None,
            ),
            (
                "class A(Base):\n    def load(self):\n        return 1\n\n    def again(self):\n        return super(A, self).load()\n",
                None,
            ),
            (
                "class A(Base):\n    def load(self):\n        return 1\n\n    def again(self):\n        return Base.load(self)\n",
                None,
            ),
            (
                "class A(Base):\n    def load(self):\n        return 1\n\n    def again(self):\n        return self.load()\n",
                Some(true),
            ),
            ("class A(Base):\n    def save(self):\n        return 1\n", None),
            ("base = Base()\n", None),
        ] {
            with_file("shop.py", &format!("{base}{text}"), |file| {
                let found = extended_in(file.outline, file.source.text(), "Base", "load");
                assert_eq!(found, expected, "{text}");
            });
        }
    }
}
