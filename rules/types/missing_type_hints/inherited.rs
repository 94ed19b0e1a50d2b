//! Methods whose signature a base of their class decides, where that stands in another file: of the project, or of somebody
//! else. Costs the reading of the files around the bases, so it is asked for last. Knows classes, not what is missing.

use roadworthy_engine::{FileContext, Names};
use roadworthy_parser::{Argument, Definition, Outline, Parameter, SourceFile};
use roadworthy_project::{Facts, File};

use crate::shared::code::classes::is_harmless;
use crate::shared::code::first_party::{Base, bases, bases_of, methods};

/// Bases of bases are followed so far.
const DEEPEST: usize = 4;

/// Classes of libraries that hold data, and call nothing by its name.
pub(super) const OF_DATA: [&str; 6] =
    ["Base", "BaseModel", "BaseSettings", "Document", "Model", "SQLModel"];

/// Whether a base in another file has a method of this name, or is a class of a library, which may call all that are named so.
pub(super) fn is_inherited(file: &FileContext<'_>, class: &Definition, method: &str) -> bool {
    // What stands in where a library is not there: `(gym.Env if gym else object)`.
    let is_chosen = |it: &Argument| file.slice(it.value).contains(" if ");
    if file.outline.arguments(class).iter().any(is_chosen) {
        return true;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let text = (file.source, file.outline);
    may_come_from_bases(facts, known, text, file.names(), class, method, DEEPEST)
}

/// Whether a base of a class, here or in another file of the project, says of a parameter of the same method what it is.
pub(super) fn is_stated(
    file: &FileContext<'_>,
    class: &Definition,
    method: &Definition,
    parameter: &Parameter,
) -> bool {
    if file.outline.arguments(class).is_empty() {
        return false;
    }
    let (method, name) = (file.slice(method.name), file.slice(parameter.name));
    let says = |(source, outline): (&SourceFile, &Outline), base: &Definition| {
        let text = source.text();
        let mut same = methods(outline, base).filter(|it| it.name.of_text(text) == method);
        same.any(|it| {
            let mut parameters = outline.signature(it).parameters.iter();
            parameters.any(|it| it.name.of_text(text) == name && it.annotation.is_some())
        })
    };
    bases_of(file, class).into_iter().any(|base| match base {
        Base::Here(index) => says((file.source, file.outline), &file.outline.definitions[index]),
        Base::There(found) => {
            says((&found.python.source, &found.python.outline), found.definition())
        }
        Base::Other(_) => false,
    })
}

fn may_come_from_bases(
    facts: &Facts<'_>,
    file: &File,
    text: (&SourceFile, &Outline),
    names: &Names<'_>,
    class: &Definition,
    method: &str,
    depth: usize,
) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let has_it = |(source, outline): (&SourceFile, &Outline), base: &Definition| {
        methods(outline, base).any(|it| it.name.of_text(source.text()) == method)
    };
    bases(Some(facts), file, text, names, class).into_iter().any(|base| match base {
        Base::Here(index) => {
            let base = &text.1.definitions[index];
            has_it(text, base) || may_come_from_bases(facts, file, text, names, base, method, depth)
        }
        Base::There(found) => {
            let text = (&found.python.source, &found.python.outline);
            let base = found.definition();
            has_it(text, base) || {
                let names = Names::new(text.0, text.1);
                may_come_from_bases(facts, found.file, text, &names, base, method, depth)
            }
        }
        Base::Other(path) => path.is_some_and(|it| is_of_library(facts, &it)),
    })
}

/// Whether a class is one of a library that has methods which its heirs fill in.
fn is_of_library(facts: &Facts<'_>, path: &str) -> bool {
    let top = path.split('.').next().unwrap_or_default();
    let last = path.rsplit('.').next().unwrap_or_default();
    path.contains('.')
        && !top.is_empty()
        && !facts.modules().is_first_party(top)
        && !is_harmless(path)
        && !OF_DATA.contains(&last)
}
