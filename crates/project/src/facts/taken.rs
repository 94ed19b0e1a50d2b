//! Which names the files of a project that are no tests take out of its modules: by imports, and by texts that name what lies in
//! a module. Knows words, no syntax and no rule. Where there is doubt, a name is taken.

use std::iter::successors;

use camino::Utf8Path;
use memchr::{memchr2_iter, memmem};
use rustc_hash::FxHashSet;

use super::loaders::{Loads, is_of_developers};
use super::namesakes::Namesakes;
use super::reach::{
    LARGEST, LARGEST_TEXT, MOST, dotted, folder_of, is_of_name, is_of_path, line_before, list_of,
};
use super::{Facts, Mentions, ModuleName};
use crate::{File, FileKind, Role};

/// What is taken out of the modules of a project.
#[derive(Debug, Default)]
pub struct Taken {
    /// Modules, and names in modules, as they are written; `None` where the project is too large to tell.
    names: Option<FxHashSet<ModuleName>>,
    /// What texts name.
    in_texts: FxHashSet<ModuleName>,
    /// What texts name as modules are, which may be a package that is looked through.
    dotted: FxHashSet<ModuleName>,
    /// The folders, absolute, of modules that load others which no text names: those lie beside or below them.
    open: Vec<String>,
    /// The numbers of components of which some module loads what no text names.
    loaders: FxHashSet<usize>,
    /// The folders of packages, `/shop/plugins/`, of which some module loads what it is given.
    loaded: Vec<String>,
}

impl Taken {
    /// Whether a file of the project, other than by its own code, takes a name out of a module, or the module as a whole.
    pub fn holds(&self, module: &File, name: &str) -> bool {
        let Some(names) = &self.names else { return true };
        if self.open.iter().any(|it| module.absolute.as_str().starts_with(it.as_str())) {
            return true;
        }
        takes(names, self, module, name)
    }

    /// Whether code of the product may load a module by a name that no text holds.
    pub fn may_be_loaded(&self, module: &File) -> bool {
        let path = module.absolute.as_str();
        self.names.is_none()
            || self.loaders.contains(&module.component)
            || self.loaded.iter().any(|it| path.contains(it.as_str()))
    }

    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let project = facts.project();
        let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
        let all = project.files.iter().chain(&project.unasked);
        let all = all.filter(|it| !is_test(it) && Mentions::may_be_in(it));
        let (modules, others): (Vec<&File>, Vec<&File>) = all.partition(|it| it.kind.is_python());
        if modules.len() > MOST || others.len() > MOST {
            return Self::default();
        }
        let known = modules.iter().flat_map(|it| {
            let path = it.path.as_str();
            path.strip_suffix(".py").unwrap_or(path).split('/')
        });
        let mut found = Finder {
            found: Self::default(),
            names: FxHashSet::default(),
            parts: known.collect(),
            modules: &modules,
            namesakes: Namesakes::new(&modules),
            unused: Vec::new(),
        };
        let mut open = Vec::new();
        for file in &modules {
            let source = facts.source(file).filter(|it| it.text().len() <= LARGEST);
            let Some(source) = source else { continue };
            found.take_imports(file, source.text());
            found.take_quoted(source.text());
            let loads = Loads::of(source.text());
            if loads != Loads::Nothing
                && let Some(folder) = file.absolute.parent()
            {
                open.push(format!("{folder}/"));
            }
            match loads {
                _ if is_of_developers(file) => {}
                Loads::Anything => _ = found.found.loaders.insert(file.component),
                Loads::Below(packages) => {
                    let folders = packages.iter().filter_map(|it| folder_of(it, &modules));
                    found.found.loaded.extend(folders.map(ToOwned::to_owned));
                }
                Loads::Nothing => {}
            }
        }
        for file in others {
            let source = facts.source(file).filter(|it| it.text().len() <= LARGEST_TEXT);
            match source {
                Some(it) if file.kind == FileKind::Notebook => found.take_imports(file, it.text()),
                Some(it) => found.take_words(it.text()),
                None => {}
            }
        }
        found.take_what_is_handed_on();
        Self { names: Some(found.names), open, ..found.found }
    }
}

/// An import of a name that its own module does nothing with.
struct Unused<'p> {
    file: &'p File,
    module: String,
    level: usize,
    name: String,
}

/// Whether imports, or the texts of what is found, take a name out of a module, or the module as a whole.
fn takes(names: &FxHashSet<ModuleName>, texts: &Taken, module: &File, name: &str) -> bool {
    let path = module.module_path().replace('/', ".");
    let ends = successors(Some(path.as_str()), |it| it.split_once('.').map(|it| it.1));
    let has = |it: ModuleName| names.contains(&it) || texts.in_texts.contains(&it);
    ends.into_iter().any(|end| {
        let package = end.rsplit_once('.').map(|it| ModuleName::of(it.0));
        has(ModuleName::of(end))
            || has(ModuleName::in_module(end, name))
            || has(ModuleName::in_module(end, "*"))
            || package.is_some_and(|it| names.contains(&it) || texts.dotted.contains(&it))
    })
}

/// Whether a name stands in a text no more than once, a remark in it counted.
fn is_there_once(text: &str, name: &str) -> bool {
    let mut places = memmem::find_iter(text.as_bytes(), name).filter(|&at| {
        !text[..at].ends_with(is_of_name) && !text[at + name.len()..].starts_with(is_of_name)
    });
    places.next().is_some() && places.next().is_none()
}

struct Finder<'p> {
    found: Taken,
    names: FxHashSet<ModuleName>,
    /// The names of all folders and modules: what is none of them may be one of the project under another name.
    parts: FxHashSet<&'p str>,
    modules: &'p [&'p File],
    namesakes: Namesakes<'p>,
    unused: Vec<Unused<'p>>,
}

impl<'p> Finder<'p> {
    /// What a file imports: where several modules have the name and not all are meant, it is taken out of those that are.
    fn import_in(&mut self, file: &File, module: &str, name: &str) {
        let meant = self.namesakes.meant(ModuleName::of(module), module, Some(file));
        if meant.is_empty() || meant.len() == self.namesakes.all(ModuleName::of(module)).len() {
            self.import(module, name);
            return;
        }
        for module in meant {
            let path = self.modules[module].module_path().replace('/', ".");
            self.names.insert(ModuleName::in_module(&path, name));
        }
    }

    fn import(&mut self, module: &str, name: &str) {
        self.names.insert(ModuleName::in_module(module, name));
        let first = module.split('.').next().unwrap_or_default();
        if self.parts.contains(first) {
            return;
        }
        match module.split_once('.') {
            Some((_, rest)) => self.import(rest, name),
            None => _ = self.names.insert(ModuleName::of(name)),
        }
    }

    /// What the imports of a module name, wherever they stand but in comments.
    fn take_imports(&mut self, file: &'p File, text: &str) {
        const IMPORT: &str = "import";
        let hands_on = text.contains("__all__") || file.path.file_name() == Some("__init__.py");
        for at in memmem::find_iter(text.as_bytes(), IMPORT) {
            let before = line_before(text, at);
            if before.starts_with('#') || text[..at].ends_with(is_of_name) {
                continue;
            }
            let Some(list) = list_of(&text[at + IMPORT.len()..]) else { continue };
            let names = list.split(',').filter_map(|it| {
                // A comment may stand behind the comma.
                let begins =
                    |line: &&str| !matches!(line.trim_start().get(..1), None | Some("#" | "\\"));
                let name = it.lines().find(begins).map_or("", str::trim_start);
                let end = name.find(|it| !is_of_path(it) && it != '*').unwrap_or(name.len());
                let (name, behind) = name.split_at(end);
                Some((name, behind.trim_start().starts_with("as "))).filter(|it| !it.0.is_empty())
            });
            let mut words = before.split_whitespace().rev();
            let (module, from) = (words.next(), words.next());
            match module.zip(from).filter(|it| it.1.ends_with("from")) {
                Some((module, _)) => {
                    let rest = module.trim_start_matches('.');
                    let level = module.len() - rest.len();
                    let known = rest.split('.').next().is_some_and(|it| self.parts.contains(it));
                    let line = text[at..].lines().next().unwrap_or_default();
                    // A remark may say that it is meant.
                    let may_be_unused = !hands_on
                        && (level > 0 || known)
                        && !line.contains('#')
                        && !list.contains('#');
                    for (name, has_alias) in names {
                        // A folder or a module may be imported for what it does.
                        let is_unused = may_be_unused
                            && !(has_alias || name == "*")
                            && !self.parts.contains(name)
                            && is_there_once(text, name);
                        if is_unused {
                            let (module, name) = (rest.to_owned(), name.to_owned());
                            self.unused.push(Unused { file, module, level, name });
                        } else {
                            self.take_from(file, (rest, level), name);
                        }
                    }
                }
                None => names.for_each(|(it, _)| match it.rsplit_once('.') {
                    Some((module, name)) => self.import_in(file, module, name),
                    None => _ = self.names.insert(ModuleName::of(it)),
                }),
            }
        }
    }

    /// A name that a file imports from a module, so many folders above.
    fn take_from(&mut self, file: &File, (module, level): (&str, usize), name: &str) {
        match file.absolute.ancestors().nth(level).filter(|_| level > 0) {
            Some(base) => {
                let name = ModuleName::in_module(module, name);
                self.names.insert(name.below(&dotted(base)));
            }
            None => self.import_in(file, module, name),
        }
    }

    /// What a module imports and does nothing with, but others take out of it.
    fn take_what_is_handed_on(&mut self) {
        loop {
            let unused = std::mem::take(&mut self.unused);
            let before = unused.len();
            for it in unused {
                if self.takes(it.file, &it.name) {
                    self.take_from(it.file, (&it.module, it.level), &it.name);
                } else {
                    self.unused.push(it);
                }
            }
            if self.unused.len() == before {
                return;
            }
        }
    }

    fn takes(&self, module: &File, name: &str) -> bool {
        takes(&self.names, &self.found, module, name)
    }

    /// What texts in code name.
    fn take_quoted(&mut self, text: &str) {
        for at in memchr2_iter(b'"', b'\'', text.as_bytes()) {
            let begin = &text[at + 1..];
            let end = begin.find(|it| !is_of_path(it)).unwrap_or(begin.len());
            if begin[end..].starts_with(['"', '\'', ':', ' ', '{', '%']) {
                self.take_word(&begin[..end]);
            }
        }
    }

    fn take_words(&mut self, text: &str) {
        text.split(|it| !is_of_path(it)).for_each(|it| self.take_word(it));
    }

    /// A dotted name or a path. A program that is started takes nothing out of its own module.
    fn take_word(&mut self, word: &str) {
        let path = word.trim_matches(['.', '/', '-']);
        let is_program = Utf8Path::new(path).extension() == Some("py");
        if !path.contains(['.', '/']) || is_program {
            return;
        }
        let name = ModuleName::of(&path.replace('/', "."));
        self.found.in_texts.insert(name);
        if !path.contains('/') {
            self.found.dotted.insert(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Facts, Project};

    #[test]
    fn names_are_taken_out_of_the_module_that_is_meant() {
        let files = [
            (
                "shop/main.py",
                "from shop.stock import (\n    load,  # all\n    save as keep,\n)\nimport shop.prices as p\n\
                 TASK = 'shop.tasks.nightly'\nload(keep)\n\
                 from shop.tasks \\\n    import yearly\nfrom shop.\\\n    tasks import rarely\n\
                 yearly(rarely)\n",
            ),
            ("shop/stock.py", "def load(): ...\ndef drop(): ...\n"),
            ("shop/old/stock.py", "def load(): ...\n"),
            ("shop/prices.py", "def total(): ...\n"),
            (
                "shop/tasks.py",
                "def nightly(): ...\ndef weekly(): ...\ndef yearly(): ...\ndef rarely(): ...\n",
            ),
            (
                "shop/run.py",
                "from .tools import *\nfrom . import near\nfrom image.far import go\ngo(near)\n",
            ),
            ("shop/tools.py", "def any(): ...\n"),
            ("shop/near.py", "def any(): ...\n"),
            ("shop/far.py", "def go(): ...\ndef stay(): ...\n"),
            ("run.sh", "python shop/far.py\n"),
            ("tests/test_shop.py", "from shop.stock import drop\n"),
        ];
        let project = Project::in_memory(files);
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let is_taken = |path: &str, name: &str| {
            let file = facts.project().files.iter().find(|it| it.path == path).unwrap();
            facts.taken().holds(file, name)
        };
        for (path, name) in [
            ("shop/stock.py", "load"),
            ("shop/stock.py", "save"),
            ("shop/prices.py", "total"),
            ("shop/tasks.py", "nightly"),
            ("shop/tasks.py", "yearly"),
            ("shop/tasks.py", "rarely"),
            ("shop/tools.py", "any"),
            ("shop/near.py", "any"),
            ("shop/far.py", "go"),
        ] {
            assert!(is_taken(path, name), "{path} {name}");
        }
        for (path, name) in [
            ("shop/stock.py", "drop"),
            ("shop/old/stock.py", "load"),
            ("shop/tasks.py", "weekly"),
            ("shop/far.py", "stay"),
        ] {
            assert!(!is_taken(path, name), "{path} {name}");
        }
    }

    #[test]
    fn what_is_imported_and_not_used_is_not_taken_unless_others_take_it_there() {
        let files = [
            ("shop/net.py", "def get(): ...\ndef post(): ...\ndef put(): ...\ndef patch(): ...\n"),
            (
                "shop/lead.py",
                "from .net import post, get\nfrom shop.net import put\n\
                 from .net import patch  # noqa: F401\nget()\n",
            ),
            ("shop/main.py", "from shop.lead import put\nput()\n"),
        ];
        let project = Project::in_memory(files);
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let net = facts.project().files.iter().find(|it| it.path == "shop/net.py").unwrap();
        for (name, is_taken) in [("get", true), ("post", false), ("put", true), ("patch", true)] {
            assert_eq!(facts.taken().holds(net, name), is_taken, "{name}");
        }
    }

    #[test]
    fn packages_are_looked_through_under_another_name_of_the_first_folder() {
        let files = [
            ("api/load.py", "import importlib\nimportlib.import_module(f'app.plugins.{name}')\n"),
            ("api/plugins/near.py", "def go(): ...\n"),
            ("api/other.py", "def go(): ...\n"),
        ];
        let project = Project::in_memory(files);
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        for (path, may_be) in [("api/plugins/near.py", true), ("api/other.py", false)] {
            let file = facts.project().files.iter().find(|it| it.path == path).unwrap();
            assert_eq!(facts.taken().may_be_loaded(file), may_be, "{path}");
        }
    }
}
