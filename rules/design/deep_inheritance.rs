//! See `deep-inheritance.toml`: chains of classes of the project, through its files. Knows which classes add code, not what
//! metaclasses make.

use std::collections::BTreeMap;

use roadworthy_engine::{FileContext, Names, Report, Reporter};
use roadworthy_parser::{Definition, Outline, SourceFile};
use roadworthy_project::{Facts, File};
use rustc_hash::FxHashSet;

use crate::shared::code::first_party::{Base, Found, bases, bases_of, methods};
use crate::shared::code::words::last_part;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    // Where there are more, they were written by a program.
    if file.outline.definitions.len() > MOST_DEFINITIONS {
        return;
    }
    let most = usize::try_from(out.integer("max-classes")).unwrap_or(usize::MAX);
    // Of siblings, the first speaks for all.
    let mut told: FxHashSet<String> = FxHashSet::default();
    let classes = file.outline.definitions.iter().filter(|it| it.is_class());
    for class in classes.filter(|it| adds_code(file.source, file.outline, it)) {
        let Some(chain) = chain(file, class) else { continue };
        let Some(spread) = spread(&chain) else { continue };
        let chain: Vec<_> = chain.into_iter().map(|it| it.name).collect();
        // A longer chain holds one that is told of already.
        if chain.len() == most + 1 && told.insert(chain[1].clone()) {
            let message = format!(
                "{} concrete classes inherit from each other, and {} of them define `{}`: `{}`",
                chain.len(),
                spread.1,
                spread.0,
                chain.join("` from `")
            );
            out.report(Report::at(class.name).message(message));
        }
    }
}

/// A class of a chain, and the names of its methods.
struct Link {
    name: String,
    methods: Vec<String>,
}

impl Link {
    fn of(source: &SourceFile, outline: &Outline, class: &Definition) -> Self {
        let text = |it: &Definition| it.name.of_text(source.text()).to_owned();
        Self { name: text(class), methods: methods(outline, class).map(text).collect() }
    }
}

/// So many classes of a chain define a method that nobody knows at sight which of them runs.
const SPREAD: usize = 3;

/// The method that most classes of a chain define, and how many do.
fn spread(chain: &[Link]) -> Option<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let names = chain.iter().flat_map(|it| &it.methods);
    for name in names.filter(|it| !it.starts_with("__")) {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|&(_, count)| count)?;
    (most.1 >= SPREAD).then(|| (most.0.to_owned(), most.1))
}

/// In larger files bases are not looked for.
const MOST_DEFINITIONS: usize = 5000;

/// Longer chains are given up.
const LONGEST: usize = 16;

/// The concrete classes of the project from which a class inherits, itself first; `None` where the kind of class is one that is
/// made of such chains.
fn chain(file: &FileContext<'_>, class: &Definition) -> Option<Vec<Link>> {
    let mut chain = vec![Link::of(file.source, file.outline, class)];
    let mut next = first_of_project(bases_of(file, class))?;
    for _ in 0..LONGEST {
        let (at, step) = match next {
            Next::End => return Some(chain),
            Next::Here(index) => {
                let base = &file.outline.definitions[index];
                let step = step(file.source, file.outline, base);
                (step, first_of_project(bases_of(file, base))?)
            }
            Next::There(found) => {
                let python = &found.python;
                let step = step(&python.source, &python.outline, found.definition());
                (step, further(file.in_facts()?.0, found.file, &found)?)
            }
        };
        chain.extend(at);
        next = step;
    }
    None
}

/// Where a chain goes on.
enum Next<'p> {
    Here(usize),
    There(Found<'p>),
    End,
}

/// A class, if it counts.
fn step(source: &SourceFile, outline: &Outline, class: &Definition) -> Option<Link> {
    adds_code(source, outline, class).then(|| Link::of(source, outline, class))
}

/// The base through which a chain goes on; `None` where a base says that chains are the way of its kind.
fn first_of_project(bases: Vec<Base<'_>>) -> Option<Next<'_>> {
    let mut next = Next::End;
    for base in bases {
        match base {
            Base::Other(Some(canonical)) if is_exempt(&canonical) => return None,
            Base::Here(index) if matches!(next, Next::End) => next = Next::Here(index),
            Base::There(found) if matches!(next, Next::End) => next = Next::There(found),
            _ => {}
        }
    }
    Some(next)
}

/// Where a chain goes on in another file.
fn further<'p>(facts: &'p Facts<'_>, file: &File, found: &Found<'p>) -> Option<Next<'p>> {
    let python = &found.python;
    let class = found.definition();
    if python.outline.arguments(class).is_empty() {
        return Some(Next::End);
    }
    let names = Names::new(&python.source, &python.outline);
    let bases = bases(Some(facts), file, (&python.source, &python.outline), &names, class);
    let there = bases.into_iter().map(|base| match base {
        Base::Here(index) => {
            Base::There(Found { file: found.file, python: found.python.clone(), index })
        }
        base => base,
    });
    first_of_project(there.collect())
}

/// Kinds of classes that are described by inheriting: errors, values, schemas, models, tests.
fn is_exempt(canonical: &str) -> bool {
    const LAST: [&str; 22] = [
        "AST",
        "Base",
        "BaseException",
        "BaseModel",
        "BaseSettings",
        "DeclarativeBase",
        "Document",
        "Enum",
        "Exception",
        "IntEnum",
        "Model",
        "NamedTuple",
        "Protocol",
        "Schema",
        "Serializer",
        "ModelSerializer",
        "SQLModel",
        "StrEnum",
        "TestCase",
        "TypedDict",
        "Form",
        "ModelForm",
    ];
    let last = last_part(canonical);
    LAST.contains(&last)
        || ["Error", "Exception", "Warning", "TestCase"].iter().any(|it| last.ends_with(it))
}

/// Whether a class has code of its own and is not made to be inherited from.
fn adds_code(source: &SourceFile, outline: &Outline, class: &Definition) -> bool {
    let name = class.name.of_text(source.text()).trim_start_matches('_');
    let is_for_heirs = name.starts_with("Base")
        || name.starts_with("Abstract")
        || name.starts_with("Generic")
        || ["Base", "Mixin", "ABC", "Interface", "Protocol", "Abstract"]
            .iter()
            .any(|it| name.ends_with(it));
    let has_abstract = || {
        outline.arguments(class).iter().any(|it| {
            let base = it.value.of_text(source.text());
            matches!(last_part(base), "ABC" | "ABCMeta")
                || base.starts_with("Generic[")
                || base.starts_with("Protocol")
        }) || methods(outline, class).any(|it| {
            outline.decorators(it).iter().any(|it| it.of_text(source.text()).contains("abstract"))
                || it.body.of_text(source.text()).contains("NotImplementedError")
        })
    };
    !is_for_heirs && methods(outline, class).next().is_some() && !has_abstract()
}
