//! Which files of a project something uses: clean code that nothing reaches is no merit. Knows imports, names that are loaded
//! by convention and commands; no rule. Where there is doubt, a file is reached.

#[cfg(test)]
mod tests;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::{Import, ImportKind, dotted_text};
use roadworthy_project::facts::ModuleName as Name;
use roadworthy_project::{Component, Distribution, File, Project, Repositories, Role};
use rustc_hash::FxHashSet;

use crate::FileContext;

/// What a file says of others and of itself.
#[derive(Debug)]
pub(crate) struct Links {
    /// The dotted names of what it imports, and those that it holds as texts.
    names: Vec<Name>,
    /// Whether it imports what it finds at run time.
    loads: bool,
    /// Whether it is started by itself.
    is_started: bool,
}

/// Calls that import what no text names.
const LOADERS: [&str; 7] = [
    "import_module",
    "__import__",
    "iter_modules",
    "walk_packages",
    "find_modules",
    "spec_from_file_location",
    "autodiscover_modules",
];

/// Longer texts are no names of modules.
const LONGEST_NAME: usize = 100;

impl Links {
    /// What a file of a component says.
    pub(crate) fn of(file: &FileContext<'_>, component: &Component) -> Self {
        let outline = file.outline;
        let mut names = Vec::new();
        for import in &outline.imports {
            imported(file, import, &mut names);
        }
        // What others install is reached anyway, so that only its imports matter.
        if component.distribution == Distribution::Library {
            return Self { names, loads: false, is_started: false };
        }
        for string in outline.strings.iter().filter(|it| !it.statement) {
            if let Some(name) = dotted_name(file.slice(string.content())) {
                // The last part may be what is taken out of a module.
                names.extend(name.rsplit_once('.').map(|(module, _)| Name::of(module)));
                names.push(Name::of(name));
            }
        }
        let text = file.source.text();
        let loads = outline.calls.iter().any(|call| LOADERS.contains(&call.last_name(text)));
        Self { names, loads, is_started: !outline.main_guards.is_empty() }
    }
}

/// Takes what an import may mean: a module, and what is taken out of it, which may be a module, too.
fn imported(file: &FileContext<'_>, import: &Import, names: &mut Vec<Name>) {
    let text = file.source.text();
    let module = dotted_text(text, import.module);
    let mut base = "";
    if import.level > 0 {
        let is_package = file.file.path.file_stem() == Some("__init__");
        let above = import.level as usize - usize::from(is_package);
        base = file.file.module.rsplitn(above + 1, '.').nth(above).unwrap_or_default();
    }
    if import.kind == ImportKind::From {
        names.push(Name::in_module(&module, import.name.of_text(text)).below(base));
    }
    names.push(Name::of(&module).below(base));
}

/// The name at the beginning of a text, up to its end or a colon, that may be that of a module below another one.
fn dotted_name(text: &str) -> Option<&str> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let end = text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let begins = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_whole = rest.is_empty() || rest.starts_with(':');
    let is_name = name.len() <= LONGEST_NAME && name.contains('.') && name.split('.').all(begins);
    (is_whole && is_name).then_some(name)
}

/// A file of a run with its role, and what it says of others where it is Python that was read.
pub(crate) type Linked<'p> = (&'p File, Option<Role>, Option<Links>);

/// Of each file whether something reaches it, in their order.
pub(crate) fn reached(
    project: &Project,
    facts: Option<&Repositories<'_>>,
    files: &[Linked<'_>],
) -> Vec<bool> {
    let using = || {
        files.iter().filter_map(|(file, role, links)| {
            let links = links.as_ref().filter(|_| role.is_none_or(uses_others));
            Some((*file, links?))
        })
    };
    let open: FxHashSet<usize> =
        using().filter(|(_, links)| links.loads).map(|(file, _)| file.component).collect();
    let is_open = |component: usize| {
        open.contains(&component)
            || project.components[component].distribution == Distribution::Library
    };
    if files.iter().all(|(file, ..)| is_open(file.component)) {
        return vec![true; files.len()];
    }
    let mut names: FxHashSet<Name> = FxHashSet::default();
    for (file, links) in using() {
        // A module that imports itself, or names itself, is not used by that.
        let own: Vec<Name> = Name::ends(file.module_path()).collect();
        names.extend(links.names.iter().filter(|name| !own.contains(name)));
    }
    for facts in facts.iter().flat_map(|it| it.iter()) {
        names.extend(started(facts));
    }
    let is_reached = |(file, role, links): &Linked<'_>| {
        let component = &project.components[file.component];
        let may_lie_idle = matches!(role, Some(Role::Application | Role::Library));
        !may_lie_idle
            || links.as_ref().is_none_or(|it| it.is_started)
            || is_open(file.component)
            || is_loaded_by_name(file, &component.root)
            || Name::ends(file.module_path()).any(|name| names.contains(&name))
    };
    files.iter().map(is_reached).collect()
}

/// The files that lie where tests lie and that product code imports: whatever their folder is called, they are shipped.
pub(crate) fn disguised(files: &[Linked<'_>]) -> Vec<Utf8PathBuf> {
    if !files.iter().any(|(_, role, _)| *role == Some(Role::Test)) {
        return Vec::new();
    }
    let is_product = |role: Option<Role>| {
        matches!(role, Some(Role::Application | Role::Library | Role::Cli | Role::Settings))
    };
    let products = files.iter().filter(|(_, role, _)| is_product(*role));
    let links = products.filter_map(|(.., links)| links.as_ref());
    let names: FxHashSet<Name> = links.flat_map(|it| it.names.iter().copied()).collect();
    let is_disguised = |(file, role, _): &&Linked<'_>| {
        // One word is too little to tell one module from another.
        *role == Some(Role::Test)
            && Name::ends(file.module_path()).skip(1).any(|name| names.contains(&name))
    };
    files.iter().filter(is_disguised).map(|(file, ..)| file.path.clone()).collect()
}

/// Whether what a file imports is used by that: tests use what nobody else may.
fn uses_others(role: Role) -> bool {
    !matches!(role, Role::Test | Role::Example | Role::Generated | Role::Vendored | Role::Stub)
}

/// The modules that commands of containers and pipelines start, and those behind commands that installing makes.
fn started(facts: &roadworthy_project::Facts<'_>) -> Vec<Name> {
    let mut names = Vec::new();
    let mut take = |word: &str| {
        let word = word.split(':').next().unwrap_or_default();
        if let Some(path) = word.strip_suffix(".py") {
            // Where modules begin in a path is not known.
            names.extend(Name::ends(path.trim_start_matches(['.', '/'])));
        } else {
            names.extend(word.rsplit_once('.').map(|(module, _)| Name::of(module)));
            names.push(Name::of(word));
        }
    };
    for process in &facts.containers().processes {
        for word in process.command.known().into_iter().flatten() {
            take(word);
        }
    }
    for command in facts.ci().commands() {
        for word in &command.words {
            take(word);
        }
    }
    for component in &facts.project().components {
        for point in &component.entry_points {
            take(&point.module);
        }
    }
    names
}

/// Whether something loads a file by its name or place, as far as conventions tell. What lies in no folder may be started
/// by hand.
fn is_loaded_by_name(file: &File, root: &Utf8Path) -> bool {
    let inside = file.absolute.strip_prefix(root).unwrap_or(&file.path);
    inside.components().count() == 1 || roadworthy_project::is_loaded_by_name(inside)
}
