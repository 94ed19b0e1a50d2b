//! Functions and classes of other files of the project, by the names under which a file imports them. Knows modules and
//! imports, not what is made at run time.

use std::sync::Arc;

use roadworthy_engine::{FileContext, Names};
use roadworthy_parser::{Definition, Outline, SourceFile, Span};
use roadworthy_project::facts::PythonFile;
use roadworthy_project::{Facts, File};

/// A definition at the top of another file.
#[derive(Clone, Debug)]
pub(crate) struct Found<'p> {
    /// The file as the project knows it.
    pub(crate) file: &'p File,
    /// Its text and outline.
    pub(crate) python: Arc<PythonFile>,
    /// Index of the definition in the outline.
    pub(crate) index: usize,
}

impl Found<'_> {
    /// The definition itself.
    pub(crate) fn definition(&self) -> &Definition {
        &self.python.outline.definitions[self.index]
    }
}

/// Packages hand on what their modules define; longer ways are given up.
const LONGEST_WAY: usize = 4;

/// What a canonical name, as [`Names`] give it to a file, stands for in the project; `None` where that is not of the
/// project, or not one definition.
pub(crate) fn find<'p>(facts: &'p Facts<'_>, from: &File, canonical: &str) -> Option<Found<'p>> {
    let mut wanted = absolute(from, canonical)?;
    for _ in 0..LONGEST_WAY {
        let (file, name) = split(facts, &wanted)?;
        let python = facts.python(&file.path)?;
        let of_name = |it: &&Definition| it.name.of_text(python.source.text()) == name;
        let mut at_top = python.outline.definitions.iter().filter(|it| it.parent.is_none());
        if let Some(definition) = at_top.find(of_name) {
            let header = definition.header.start;
            let index = python.outline.definitions.partition_point(|it| it.header.start < header);
            return Some(Found { file, python, index });
        }
        let names = Names::new(&python.source, &python.outline);
        let handed_on = names.resolve(name, 0).filter(|it| **it != *name)?;
        wanted = absolute(file, &handed_on)?;
    }
    None
}

/// The file of the project that binds a canonical name itself, be it by an assignment, and the name there.
pub(crate) fn home(
    facts: &Facts<'_>,
    from: &File,
    canonical: &str,
) -> Option<(Arc<PythonFile>, String)> {
    let mut wanted = absolute(from, canonical)?;
    for _ in 0..LONGEST_WAY {
        let (file, name) = split(facts, &wanted)?;
        let python = facts.python(&file.path)?;
        let names = Names::new(&python.source, &python.outline);
        let Some(handed_on) = names.resolve(name, 0).filter(|it| **it != *name) else {
            return Some((Arc::clone(&python), name.to_owned()));
        };
        wanted = absolute(file, &handed_on)?;
    }
    None
}

/// A name with the module of a relative import written out.
fn absolute(from: &File, canonical: &str) -> Option<String> {
    let rest = canonical.trim_start_matches('.');
    let level = canonical.len() - rest.len();
    if level == 0 {
        return rest.contains('.').then(|| rest.to_owned());
    }
    let is_package = from.path.file_stem() == Some("__init__");
    let mut module = from.module.as_str();
    for _ in usize::from(is_package)..level {
        module = module.rsplit_once('.').map_or("", |(package, _)| package);
    }
    Some(if module.is_empty() { rest.to_owned() } else { format!("{module}.{rest}") })
}

/// The file of the project out of which a name is imported, where it is exactly one: `.models.Order` is of `shop/models.py`.
pub(crate) fn file_of<'p>(facts: &'p Facts<'_>, from: &File, canonical: &str) -> Option<&'p File> {
    split(facts, &absolute(from, canonical)?).map(|it| it.0)
}

/// The file of a dotted name, and the name in it.
fn split<'p, 'n>(facts: &'p Facts<'_>, wanted: &'n str) -> Option<(&'p File, &'n str)> {
    let top = wanted.split('.').next()?;
    if !facts.modules().is_first_party(top) {
        return None;
    }
    let (module, name) = wanted.rsplit_once('.')?;
    let files = facts.modules().of_name(module).iter().map(|&index| &facts.project().files[index]);
    let mut files = files.filter(|it| it.path.extension() == Some("py"));
    let file = files.next()?;
    files.next().is_none().then_some((file, name))
}

/// The functions of a class.
pub(crate) fn methods<'o>(
    outline: &'o Outline,
    class: &Definition,
) -> impl Iterator<Item = &'o Definition> + use<'o> {
    let (header, end) = (class.header.start, class.span.end);
    let first = outline.definitions.partition_point(|it| it.header.start <= header);
    let below = outline.definitions[first..].iter().take_while(move |it| it.header.start < end);
    below.filter(move |it| {
        it.is_function()
            && it.parent.is_some_and(|id| outline.definition(id).header.start == header)
    })
}

/// A base of a class: where its own class stands, if the project shows it.
pub(crate) enum Base<'p> {
    /// In the same file.
    Here(usize),
    /// In another file.
    There(Found<'p>),
    /// Not of the project, or not known; the canonical name where there is one.
    Other(Option<String>),
}

/// The bases of a class of a file, in order. `file` is `None` where the text is one of a project that nobody knows.
pub(crate) fn bases<'p>(
    facts: Option<&'p Facts<'_>>,
    file: &File,
    (source, outline): (&SourceFile, &Outline),
    names: &Names<'_>,
    class: &Definition,
) -> Vec<Base<'p>> {
    let written = outline.arguments(class).iter().filter(|it| it.keyword.is_none());
    let written = written.map(|it| (it.value, it.value.of_text(source.text())));
    let base = |(span, text): (Span, &str)| {
        let name = text.split('[').next().unwrap_or_default().trim();
        let same = outline.definitions.iter().position(|it| {
            it.is_class()
                && it.parent == class.parent
                && it.header.start < class.header.start
                && it.name.of_text(source.text()) == name
        });
        if let Some(index) = same {
            return Base::Here(index);
        }
        let canonical = names.resolve(name, span.start).map(std::borrow::Cow::into_owned);
        let found = facts.zip(canonical.as_deref()).and_then(|(facts, it)| find(facts, file, it));
        match found.filter(|it| it.definition().is_class()) {
            Some(found) => Base::There(found),
            None => Base::Other(canonical),
        }
    };
    written.map(base).collect()
}

/// The bases of a class of the file that is judged.
pub(crate) fn bases_of<'a>(file: &FileContext<'a>, class: &Definition) -> Vec<Base<'a>> {
    let (facts, known) = file.in_facts().unzip();
    bases(facts, known.unwrap_or(file.file), (file.source, file.outline), file.names(), class)
}
