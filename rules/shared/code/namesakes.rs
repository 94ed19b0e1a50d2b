//! Whether a method's name in another file means that of another class. Knows which classes define the name and which of them a
//! file names, no types and no rule. Where there is doubt, the method is meant.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Outline};
use roadworthy_project::File;
use roadworthy_project::facts::{Facts, PythonFile};

use crate::shared::code::made::imports_namesake;
use crate::shared::code::others::is_aside;
use crate::shared::code::text::{has_name, is_of_name, places_of};
use crate::shared::code::unused::is_no_use;
use crate::shared::code::words::{last_part, words};

/// The other classes of a project that define a method of the same name.
#[derive(Debug)]
pub(crate) struct Namesakes {
    /// The class that is asked for.
    own: String,
    others: Vec<String>,
}

impl Namesakes {
    /// Of a method of a class at the top of a file; `None` where the class extends something or something extends it, as whoever
    /// calls the method may then name another class, and where no other class has such a method.
    pub(crate) fn of(
        facts: &Facts<'_>,
        file: &FileContext<'_>,
        class: &Definition,
        name: &str,
    ) -> Option<Self> {
        let own = file.slice(class.name);
        let extends_nothing = file
            .outline
            .arguments(class)
            .iter()
            .all(|it| matches!(file.slice(it.value), "object" | "models.Manager"));
        if !class.is_class() || !extends_nothing || class.parent.is_some() {
            return None;
        }
        let project = facts.project();
        let files = project.files.iter().chain(&project.unasked);
        let method = format!("def {name}");
        let mut others = Vec::new();
        for other in files.filter(|it| it.kind.is_python() && !is_aside(it)) {
            let Some(source) = facts.source(other) else { continue };
            let may_extend = has_name(source.text(), own);
            if !may_extend && !has_name(source.text(), &method) {
                continue;
            }
            let Some(read) = facts.python(&other.path) else { continue };
            let (outline, text) = (&read.outline, read.source.text());
            let extends = |it: &Definition| {
                let mut bases = outline.arguments(it).iter();
                bases.any(|it| last_part(it.value.of_text(text)) == own)
            };
            if may_extend && outline.definitions.iter().any(|it| it.is_class() && extends(it)) {
                return None;
            }
            let methods = outline.definitions.iter().filter(|it| it.name.of_text(text) == name);
            let classes = methods.filter_map(|it| it.parent).map(|it| outline.definition(it));
            let names = classes.filter(|it| it.is_class()).map(|it| it.name.of_text(text));
            let is_own_file = file.in_facts().is_some_and(|(_, known)| known.path == other.path);
            others.extend(names.filter(|it| *it != own || !is_own_file).map(str::to_owned));
        }
        (!others.is_empty()).then(|| Self { own: own.to_owned(), others })
    }

    /// Whether a file that calls a method of this name means that of another class: by what the method is called on, as in
    /// `self.order_store.load()` for an `OrderStore`, or as it takes such a class from elsewhere, and names neither the one that is
    /// asked for nor its module.
    pub(crate) fn are_meant(
        &self,
        facts: &Facts<'_>,
        read: &PythonFile,
        name: &str,
        known: &File,
    ) -> bool {
        let (outline, text) = (&read.outline, read.source.text());
        let module = known.path.file_stem().unwrap_or_default();
        // A class of the same name that the file has itself, or takes from elsewhere, is another one.
        let is_method = |it: &Definition| {
            let class = it.parent.map(|id| outline.definition(id)).filter(|it| it.is_class());
            it.name.of_text(text) == name
                && class.is_some_and(|it| it.name.of_text(text) == self.own)
        };
        let head = format!("\nclass {}", self.own);
        let has_namesake = !has_name(text, module)
            && self.others.contains(&self.own)
            && (outline.definitions.iter().any(is_method)
                || imports_namesake(facts, read, &self.own, &head, module));
        let is_another = |class: &str| class != self.own || has_namesake;
        let class_at = |at: usize| {
            let mut around = outline.enclosing(at as u32);
            around.find(|it| it.is_class()).map(|it| it.name.of_text(text))
        };
        let is_other = |class: &str| is_another(class) && self.others.iter().any(|it| it == class);
        let mut definitions = outline.definitions.iter().filter(|it| it.is_class());
        // Whoever hands a call on may have a method of the same name.
        let hands_on = definitions.any(|it| is_other(it.name.of_text(text)));
        let is_free = !hands_on
            && !has_name(text, &self.own)
            && !names_module(outline, text, known)
            && self.others.iter().any(|it| *it != self.own && has_name(text, it));
        let is_theirs = |at: usize| {
            let Some(before) = text[..at].strip_suffix('.') else {
                return text[..at].trim_end_matches(' ').ends_with("def")
                    && class_at(at).is_some_and(is_other);
            };
            match before.rsplit(|it| !is_of_name(it)).next().unwrap_or_default() {
                "self" | "cls" => class_at(at).is_some_and(is_other),
                receiver => {
                    let receiver = words(receiver);
                    let is_named_so = |it: &String| is_another(it) && words(it) == receiver;
                    is_free || !receiver.is_empty() && self.others.iter().any(is_named_so)
                }
            }
        };
        places_of(text, name).all(|at| is_no_use(outline, text, at) || is_theirs(at))
    }
}

/// Whether a text names a module, and not one of the same name in another package: `from orders.models import Order` names none of
/// `prices/models.py`.
fn names_module(outline: &Outline, text: &str, module: &File) -> bool {
    let stem = module.path.file_stem().unwrap_or_default();
    let folder = module.path.parent().and_then(Utf8Path::file_name);
    let is_of_other = |at: usize| {
        let offset = at as u32;
        outline.imports.iter().any(|it| {
            let from = it.module.of_text(text);
            let (above, holds) = if it.module.contains(offset) {
                (from.rsplit('.').nth(1), last_part(from) == stem)
            } else {
                (Some(last_part(from)), it.name.contains(offset) && !from.is_empty())
            };
            it.level == 0 && holds && above.is_some() && above != folder
        })
    };
    places_of(text, stem).any(|at| !is_of_other(at) && outline.comment_at(at as u32).is_none())
}
