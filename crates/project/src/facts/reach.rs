//! Which modules of the applications of a project nothing that runs leads to by imports, however many of them import each other.
//! Knows imports, names that are loaded by convention and texts that name modules; no syntax and no rule. Where there is doubt,
//! a module is reached.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::iter::successors;
use std::mem;
use std::sync::Arc;

use camino::Utf8Path;
use memchr::{memchr2_iter, memmem};
use roadworthy_parser::SourceFile;
use rustc_hash::FxHashSet;

use super::imports::{Givers, givers};
use super::installed::Installed;
use super::loaders::{Loads, is_of_developers};
use super::namesakes::Namesakes;
use super::profile::Profile;
use super::{Facts, Mentions, ModuleName};
use crate::{Distribution, File, FileKind, Role, is_loaded_by_name};

/// More files than these are not read once more for a question about all of them: that would cost more than the answer is worth.
pub(super) const MOST: usize = 1500;

/// What is longer, in bytes, is data.
pub(super) const LARGEST: usize = 1_000_000;

/// What is no Python and longer, in bytes, is data, too: what starts programs is short.
pub(super) const LARGEST_TEXT: usize = 100_000;

/// What a line at the left margin begins with where a module does something by itself when it is loaded, or is called by a
/// platform.
const STARTS: [&str; 8] =
    ["if __name__", "for ", "while ", "with ", "app = ", "@", "def main(", "def lambda_handler("];

/// What stands in a line of a log.
const LOGGED: [&str; 5] = ["[DEBUG]", "[ERROR]", "[INFO]", "[WARNING]", "  File \""];

/// Modules and folders that frameworks look for in each of the applications that are installed.
const DISCOVERED: [&str; 12] = [
    "checks",
    "cms_apps",
    "cms_menus",
    "cms_plugins",
    "cms_toolbars",
    "custom_components",
    "doctype",
    "documents",
    "search_indexes",
    "spiders",
    "translation",
    "wagtail_hooks",
];

/// The modules of a project that nothing reaches.
#[derive(Debug, Default)]
pub struct Reach {
    /// By the text of the absolute path.
    idle: FxHashSet<String>,
}

impl Reach {
    /// Whether nothing that runs leads to a module.
    pub fn is_idle(&self, file: &File) -> bool {
        self.idle.contains(file.absolute.as_str())
    }

    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let project = facts.project();
        let all = project.files.iter().chain(&project.unasked).filter(|it| !is_test(it));
        let is_text = |it: &&File| Mentions::may_be_in(it) || is_prose(it);
        let (modules, others): (Vec<&File>, Vec<&File>) =
            all.filter(|it| it.kind.is_python() || is_text(it)).partition(|it| it.kind.is_python());
        if modules.len() > MOST || others.len() > MOST {
            return Self::default();
        }
        let mut walk = Walk::new(facts, &modules);
        let mut open: FxHashSet<usize> = FxHashSet::default();
        for file in modules.iter().filter(|it| !is_of_developers(it)) {
            match walk.text(file).map(|it| Loads::of(it.text())) {
                Some(Loads::Anything) => _ = open.insert(file.component),
                Some(Loads::Below(packages)) => walk.reach_below(&packages),
                Some(Loads::Nothing) | None => {}
            }
        }
        let has_settings = facts.mentions().of("INSTALLED_APPS") > 0;
        let read = || Installed::read(&walk.names, &modules, |it| walk.text(it));
        let installed = if has_settings { read() } else { Installed::default() };
        for (index, file) in modules.iter().enumerate() {
            let component = &project.components[file.component];
            let inside = file.absolute.strip_prefix(&component.root).unwrap_or(&file.path);
            // What a service packages nobody else imports.
            let is_own = component.distribution != Distribution::Library
                || facts.profiles().get(file.component).is_some_and(|it| it.is(Profile::Service));
            let may_lie_idle = is_own
                && !open.contains(&file.component)
                && matches!(
                    file.path_role.as_ref().map(|it| it.role),
                    None | Some(Role::Application)
                )
                && !is_begin(&walk, &installed, file, inside);
            if !may_lie_idle {
                walk.reach(index);
            }
        }
        // What these hold are commands.
        let is_makefile = |it: &&Utf8Path| it.file_name() == Some("Makefile");
        for text in facts.tree().files().filter(is_makefile).map(|it| facts.text(it)) {
            if let Some(source) = text.whole() {
                walk.take_words(source.text(), false);
            }
        }
        for file in &others {
            if let Some(source) = walk.text(file) {
                walk.take_words(source.text(), is_prose(file));
                if file.kind == FileKind::Notebook {
                    walk.take_imports(file, source.text());
                }
            }
        }
        for component in &project.components {
            for point in &component.entry_points {
                walk.name(ModuleName::of(&point.module));
            }
        }
        walk.go();
        let idle = modules.iter().zip(&walk.reached).filter(|(_, reached)| !**reached);
        Self { idle: idle.map(|(file, _)| file.absolute.to_string()).collect() }
    }
}

/// A way along imports, from where programs begin.
pub(super) struct Walk<'f> {
    facts: &'f Facts<'f>,
    modules: &'f [&'f File],
    names: Namesakes<'f>,
    /// The names of all folders and modules: what is none of them is imported from elsewhere, or from a place of another name.
    parts: FxHashSet<&'f str>,
    reached: Vec<bool>,
    /// What is reached and has not been read yet.
    next: Vec<usize>,
}

impl<'f> Walk<'f> {
    pub(super) fn new(facts: &'f Facts<'f>, modules: &'f [&'f File]) -> Self {
        let mut parts = FxHashSet::default();
        for file in modules {
            let path = file.path.as_str();
            parts.extend(path.strip_suffix(".py").unwrap_or(path).split('/'));
        }
        let reached = vec![false; modules.len()];
        let names = Namesakes::new(modules);
        Self { facts, modules, names, parts, reached, next: Vec::new() }
    }

    pub(super) fn text(&self, file: &File) -> Option<Arc<SourceFile>> {
        let largest = if file.kind.is_python() { LARGEST } else { LARGEST_TEXT };
        self.facts.source(file).filter(|it| it.text().len() <= largest)
    }

    /// For each module, whether the way has led there.
    pub(super) fn reached(&self) -> &[bool] {
        &self.reached
    }

    pub(super) fn go(&mut self) {
        while let Some(index) = self.next.pop() {
            let file = self.modules[index];
            if let Some(source) = self.text(file) {
                self.take_imports(file, source.text());
                self.take_texts(file, source.text());
            }
        }
    }

    /// A module, and the packages around it, which are loaded before it.
    pub(super) fn reach(&mut self, index: usize) {
        if mem::replace(&mut self.reached[index], true) {
            return;
        }
        self.next.push(index);
        let folders = self.modules[index].absolute.ancestors().skip(1);
        for folder in folders {
            let package = folder.join("__init__.py");
            let Some(position) = self.position(&package) else { break };
            self.reach(position);
        }
    }

    /// All modules below packages, of which these are the folders, maybe under another name of the first one.
    fn reach_below(&mut self, packages: &[String]) {
        for package in packages {
            let Some(folder) = folder_of(package, self.modules) else { continue };
            for module in 0..self.modules.len() {
                if self.modules[module].absolute.as_str().contains(folder) {
                    self.reach(module);
                }
            }
        }
    }

    fn position(&self, absolute: &Utf8Path) -> Option<usize> {
        let name = ModuleName::of(&dotted(absolute.parent()?));
        self.names.all(name).iter().copied().find(|it| self.modules[*it].absolute == absolute)
    }

    /// All modules that a name may mean.
    pub(super) fn name(&mut self, name: ModuleName) -> bool {
        let meant = self.names.all(name).to_vec();
        self.reach_all(meant)
    }

    /// Those that a name means in an import of a file; where nothing tells which file that is, all.
    fn name_in(&mut self, dotted: &str, from: Option<&File>) -> bool {
        let meant = self.names.meant(ModuleName::of(dotted), dotted, from);
        self.reach_all(meant)
    }

    fn reach_all(&mut self, modules: Vec<usize>) -> bool {
        let any = !modules.is_empty();
        for module in modules {
            self.reach(module);
        }
        any
    }

    /// A module and what is taken out of it, which may be a module, too. Where the first folder is none of the project, it may be
    /// one of the project under another name, as in an image.
    fn import(&mut self, module: &str, name: &str, from: Option<&File>) {
        let mut is_known = !name.is_empty() && self.name_in(&format!("{module}.{name}"), from);
        is_known |= self.name_in(module, from);
        // What others give lies under no other name here: `from django.db import models`.
        if !is_known && !matches!(givers(module, |_| false), Givers::Unknown) {
            return;
        }
        if let Some((first, rest)) = module.split_once('.')
            && !is_known
            && !self.parts.contains(first)
        {
            self.import(rest, name, from);
        } else if !is_known && !module.contains('.') && !self.parts.contains(module) {
            self.name(ModuleName::of(name));
        }
    }

    /// What the imports of a module name, wherever they stand but in comments.
    fn take_imports(&mut self, file: &File, text: &str) {
        const IMPORT: &str = "import";
        for at in memmem::find_iter(text.as_bytes(), IMPORT) {
            let behind = &text[at + IMPORT.len()..];
            let before = line_before(text, at);
            if before.starts_with('#') || text[..at].ends_with(is_of_name) {
                continue;
            }
            let Some(list) = list_of(behind) else { continue };
            let is_word = |it: &&str| *it != "\\";
            let names = list.split(',').filter_map(|it| it.split_whitespace().find(is_word));
            let mut words = before.split_whitespace().rev();
            match (words.next(), words.next()) {
                (Some(module), Some(from)) if from.ends_with("from") => {
                    let rest = module.trim_start_matches('.');
                    let level = module.len() - rest.len();
                    let base = file.absolute.ancestors().nth(level);
                    let Some(base) = base.filter(|_| level > 0) else {
                        names.for_each(|it| self.import(module, it, Some(file)));
                        continue;
                    };
                    let base = dotted(base);
                    let module = ModuleName::of(rest).below(&base);
                    self.name(module);
                    for name in names {
                        self.name(ModuleName::in_module(rest, name).below(&base));
                    }
                }
                _ => names.for_each(|it| self.import(it, "", Some(file))),
            }
        }
    }

    /// What texts in code name: modules, what lies in them, files, and modules beside the one that holds the text. Whoever names
    /// a package may load all in it.
    fn take_texts(&mut self, file: &File, text: &str) {
        let folder = file.absolute.parent().map(dotted).unwrap_or_default();
        for at in memchr2_iter(b'"', b'\'', text.as_bytes()) {
            let begin = &text[at + 1..];
            let end = begin.find(|it| !is_of_path(it)).unwrap_or(begin.len());
            let word = &begin[..end];
            let is_commented_out = || {
                let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
                text[start..at].trim_start().starts_with('#')
            };
            if word.is_empty()
                || !begin[end..].starts_with(['"', '\'', ':', ' '])
                || is_commented_out()
            {
                continue;
            }
            // What begins with a slash is an address or a folder.
            let is_address = word.starts_with('/') && !is_program(word);
            if word.contains(['.', '/']) && !is_address {
                self.take_word(word, Some(file));
                let name = word.replace('/', ".");
                for package in self.names.meant(ModuleName::of(&name), &name, Some(file)) {
                    self.reach_folder(package);
                }
            } else if !is_address && self.parts.contains(word) {
                self.name(ModuleName::of(word).below(&folder));
            }
        }
    }

    /// All modules of a package but those of an application of Django, which looks for some names alone.
    fn reach_folder(&mut self, package: usize) {
        let path = &self.modules[package].absolute;
        if path.file_name() != Some("__init__.py") {
            return;
        }
        let folder = path.parent();
        let all = 0..self.modules.len();
        let inside = all.filter(|it| self.modules[*it].absolute.parent() == folder);
        let inside: Vec<usize> = inside.collect();
        let is_of_django = |it: &usize| {
            matches!(self.modules[*it].path.file_name(), Some("admin.py" | "apps.py" | "models.py"))
        };
        if !inside.iter().any(is_of_django) {
            for module in inside {
                self.reach(module);
            }
        }
    }

    /// What the words of a text that is no Python name. What one for people tells of another package is about that.
    pub(super) fn take_words(&mut self, text: &str, is_prose: bool) {
        if is_prose && LOGGED.iter().any(|it| text.contains(it)) {
            // What a program has told runs nothing.
            let is_told = |line: &&str| LOGGED.iter().any(|it| line.contains(it));
            for line in text.lines().filter(|it| !is_told(it)) {
                self.take_words_of(line, is_prose);
            }
            return;
        }
        self.take_words_of(text, is_prose);
    }

    fn take_words_of(&mut self, text: &str, is_prose: bool) {
        let mut is_module = false;
        for word in text.split(|it| !is_of_path(it)).filter(|it| !it.is_empty()) {
            let is_path = word.contains('/') || is_program(word);
            let first = word.split('.').next().unwrap_or_default();
            let is_of_others = is_prose && !is_path && !self.parts.contains(first);
            if is_module || word.contains(['.', '/']) && !is_of_others {
                self.take_word(word, None);
            }
            is_module = word == "-m";
        }
    }

    /// A path, a dotted name, or one with what is taken out of the module behind it. Where modules begin in it is not known.
    fn take_word(&mut self, word: &str, from: Option<&File>) {
        let path = word.trim_matches(['.', '/', '-']);
        if let Some(path) = path.strip_suffix(".py") {
            // More of the path tells which of several is meant.
            let ends: Vec<ModuleName> = ModuleName::ends(path).collect();
            _ = ends.into_iter().rev().any(|it| self.name(it));
            return;
        }
        let name = path.replace('/', ".");
        let (module, last) = name.rsplit_once('.').unwrap_or((&name, ""));
        self.import(module, last, from);
    }
}

impl File {
    /// All folders above a module and its name: some end of it is how others import it.
    pub fn module_path(&self) -> &str {
        let path = self.absolute.as_str().trim_start_matches('/');
        let path = path.strip_suffix(".py").unwrap_or(path);
        path.strip_suffix("/__init__").unwrap_or(path)
    }
}

/// Whether a module is loaded or started without code that names it. `inside`: its path within the component.
fn is_begin(walk: &Walk<'_>, installed: &Installed, file: &File, inside: &Utf8Path) -> bool {
    if file.path.file_name() == Some("__init__.py") {
        // What lies in another package is loaded with what lies in it.
        let above = file.absolute.parent().and_then(Utf8Path::parent);
        let is_inner = above.is_some_and(|it| walk.position(&it.join("__init__.py")).is_some());
        return !is_inner;
    }
    let is_discovered = |it: &str| DISCOVERED.contains(&it.trim_end_matches(".py"));
    inside.components().count() == 1
        || (is_loaded_by_name(inside) || inside.components().any(|it| is_discovered(it.as_str())))
            && !installed.leave_out(file)
        || walk.text(file).is_none_or(|it| starts(it.text()))
}

/// Whether a module starts something by itself, as far as its lines at the left margin tell.
fn starts(text: &str) -> bool {
    let is_call = |line: &str| {
        line.starts_with(char::is_alphabetic)
            && line
                .split_once('(')
                .is_some_and(|(name, _)| name.chars().all(|it| it == '.' || is_of_name(it)))
    };
    let is_start = |line: &str| STARTS.iter().any(|it| line.starts_with(it)) || is_call(line);
    text.contains("__main__") || text.lines().any(is_start)
}

/// What stands before a place in its line, with the lines above that backslashes join to it. A comment joins nothing.
pub(super) fn line_before(text: &str, at: usize) -> Cow<'_, str> {
    /// Nobody spreads what stands before an import over more lines.
    const MOST: usize = 4;
    let start_of = |at: usize| text[..at].rfind('\n').map_or(0, |it| it + 1);
    let mut start = start_of(at);
    let mut before = Cow::Borrowed(text[start..at].trim_start());
    for _ in 0..MOST {
        let Some(above) = text[..start].strip_suffix('\n') else { break };
        let above = above.strip_suffix('\r').unwrap_or(above);
        let line = &above[start_of(above.len())..];
        let Some(joined) = line.strip_suffix('\\').filter(|it| !it.contains('#')) else { break };
        // A name may be written in two parts.
        let gap = if joined.ends_with('.') { "" } else { " " };
        before = Cow::Owned(format!("{}{gap}{before}", joined.trim_start()));
        start = start_of(above.len());
    }
    before
}

/// What is imported: up to the end of the logical line, or the bracket around it.
pub(super) fn list_of(behind: &str) -> Option<&str> {
    let list = behind.strip_prefix([' ', '\t', '(', '\\'])?;
    let list = if behind.starts_with('(') { behind } else { list.trim_start() };
    if let Some(inside) = list.strip_prefix('(') {
        return inside.split(')').next();
    }
    let goes_on = |at: &usize| !list[..*at].ends_with('\\');
    let end = list.match_indices(['\n', '#', ';']).map(|it| it.0).find(goes_on);
    Some(&list[..end.unwrap_or(list.len())])
}

/// The folder of a package, `/shop/plugins/`, below which modules lie: maybe under another name of the first one, as in an image.
pub(super) fn folder_of<'p>(package: &'p str, modules: &[&File]) -> Option<&'p str> {
    let below = |it: &&'p str| it[1..].find('/').map(|at| &it[at + 1..]);
    successors(Some(package), below)
        .take_while(|it| it.len() > 1)
        .find(|folder| modules.iter().any(|it| it.absolute.as_str().contains(folder)))
}

pub(super) fn dotted(path: &Utf8Path) -> String {
    path.as_str().trim_start_matches('/').replace('/', ".")
}

pub(super) fn is_test(file: &File) -> bool {
    file.path_role.as_ref().is_some_and(|it| it.role == Role::Test)
}

/// Whether a word is the path of a module as it is started.
fn is_program(word: &str) -> bool {
    Utf8Path::new(word).extension() == Some("py")
}

/// Whether a file tells people of code, in sentences.
fn is_prose(file: &File) -> bool {
    matches!(file.path.extension(), Some("md" | "rst" | "txt"))
}

pub(super) fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

pub(super) fn is_of_path(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '/' | '-')
}
