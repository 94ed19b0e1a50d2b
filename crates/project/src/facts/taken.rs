//! Which names the files of a project that are no tests take out of its modules: by imports, and by texts that name what lies in
//! a module. Knows words, no syntax and no rule. Where there is doubt, a name is taken.

use std::iter::successors;
use std::mem::take;

use camino::Utf8Path;
use memchr::{memchr2_iter, memmem};
use rustc_hash::FxHashSet;

use super::loaders::{Loads, is_of_developers};
use super::namesakes::Namesakes;
use super::reach::{
    LARGEST, LARGEST_TEXT, MOST, dotted, folder_of, is_of_name, is_of_path, line_before, list_of,
};
use super::{Facts, Mentions, ModuleName};
use crate::{File, FileKind, Role, is_loaded_by_name};

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
        self.names.as_ref().is_none_or(|names| self.is_among(names, module, name))
    }

    fn is_among(&self, names: &FxHashSet<ModuleName>, module: &File, name: &str) -> bool {
        if self.open.iter().any(|it| module.absolute.as_str().starts_with(it.as_str())) {
            return true;
        }
        let path = module.module_path().replace('/', ".");
        let ends = successors(Some(path.as_str()), |it| it.split_once('.').map(|it| it.1));
        let has = |it: ModuleName| names.contains(&it) || self.in_texts.contains(&it);
        ends.into_iter().any(|end| {
            let package = end.rsplit_once('.').map(|it| ModuleName::of(it.0));
            has(ModuleName::of(end))
                || has(ModuleName::in_module(end, name))
                || has(ModuleName::in_module(end, "*"))
                || package.is_some_and(|it| names.contains(&it) || self.dotted.contains(&it))
        })
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
        for file in &modules {
            let source = facts.source(file).filter(|it| it.text().len() <= LARGEST);
            let Some(source) = source else { continue };
            found.take_imports(file, source.text());
            found.take_quoted(source.text());
            let loads = Loads::of(source.text());
            if loads != Loads::Nothing
                && let Some(folder) = file.absolute.parent()
            {
                found.found.open.push(format!("{folder}/"));
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
        found.take_handed_on();
        Self { names: Some(found.names), ..found.found }
    }
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

/// What a file imports from a module, and names nowhere else.
struct Unused<'p> {
    file: &'p File,
    module: String,
    name: String,
    /// What the file calls it.
    own: String,
}

impl<'p> Finder<'p> {
    /// What a file imports from a module, `..stock` or `shop.stock`.
    fn import_from(&mut self, file: &File, module: &str, name: &str) {
        let rest = module.trim_start_matches('.');
        let level = module.len() - rest.len();
        match file.absolute.ancestors().nth(level).filter(|_| level > 0) {
            Some(base) => {
                let name = ModuleName::in_module(rest, name);
                self.names.insert(name.below(&dotted(base)));
            }
            None => self.import_in(file, module, name),
        }
    }

    /// What is imported and not used is taken only where another file takes it on from the one that imports it.
    fn take_handed_on(&mut self) {
        let mut left = take(&mut self.unused);
        loop {
            let found = &self.found;
            let is_handed_on = |it: &Unused<'_>| found.is_among(&self.names, it.file, &it.own);
            let (taken, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_handed_on);
            if taken.is_empty() {
                return;
            }
            for it in &taken {
                self.import_from(it.file, &it.module, &it.name);
            }
            left = rest;
        }
    }

    /// Whether a name that is imported into a file is surely nothing but that: it stands there once, and nothing of the file is
    /// taken by convention. A module does its work when it is imported, and a file that only imports is there to hand on.
    fn is_unused(&self, file: &File, text: &str, (name, own): (&str, &str)) -> bool {
        const DEFINING: [&str; 3] = ["\ndef ", "\nclass ", "\nasync def "];
        let is_whole = |at: &usize| {
            !text[..*at].ends_with(is_of_name) && !text[at + own.len()..].starts_with(is_of_name)
        };
        file.kind.is_python()
            && name != "*"
            && !self.parts.contains(name)
            && memmem::find_iter(text.as_bytes(), own).filter(is_whole).nth(1).is_none()
            && DEFINING.iter().any(|it| memmem::find(text.as_bytes(), it.as_bytes()).is_some())
            && !is_loaded_by_name(&file.path)
    }

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
                let line = it.lines().find(begins).map_or("", str::trim_start);
                let end = line.find(|it| !is_of_path(it) && it != '*').unwrap_or(line.len());
                let behind = line[end..].split('#').next().unwrap_or_default();
                let mut words = behind.split_whitespace().skip_while(|it| *it != "as");
                let name = &line[..end];
                Some((name, words.nth(1).unwrap_or(name))).filter(|_| !name.is_empty())
            });
            let mut words = before.split_whitespace().rev();
            let (module, from) = (words.next(), words.next());
            match module.zip(from).filter(|it| it.1.ends_with("from")) {
                Some((module, _)) => {
                    let behind = &text[at..];
                    let line = behind.lines().next().unwrap_or_default();
                    let says =
                        |text: &str| ["noqa", "unused-import"].iter().any(|it| text.contains(it));
                    let is_meant = says(line) || says(list);
                    for (name, own) in names {
                        if !is_meant && self.is_unused(file, text, (name, own)) {
                            let (module, name, own) = (module.into(), name.into(), own.into());
                            self.unused.push(Unused { file, module, name, own });
                        } else {
                            self.import_from(file, module, name);
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
    fn what_is_imported_and_not_used_is_taken_where_another_file_takes_it_on() {
        let files = [
            ("shop/__init__.py", "from shop.stock import packed\n\ndef shut(): ...\n"),
            ("shop/lists.py", "from .stock import listed\n"),
            (
                "shop/pages.py",
                "from .stock import (\n    idle,\n    used,\n    handed as given,\n    same as same,\n)\n\
                 from shop.stock import noted  # noqa: F401\nfrom shop.stock import told\n\
                 __all__ = ['told']\ndef page():\n    return used()\n",
            ),
            ("shop/more.py", "from shop.pages import given\n\ndef more(): ...\n"),
            ("shop/most.py", "from shop.more import given\n\ndef most():\n    given()\n"),
            ("shop/stock.py", "def idle(): ...\n"),
        ];
        let project = Project::in_memory(files);
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let file = facts.project().files.iter().find(|it| it.path == "shop/stock.py").unwrap();
        for name in ["packed", "listed", "used", "handed", "same", "noted", "told"] {
            assert!(facts.taken().holds(file, name), "{name}");
        }
        assert!(!facts.taken().holds(file, "idle"));
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
