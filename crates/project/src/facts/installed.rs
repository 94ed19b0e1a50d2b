//! Applications of Django that no settings of their project install: Django loads nothing of theirs by its name. Knows words of
//! settings and where files lie, no syntax and no rule. Where there is doubt, an application is installed.

mod lists;

use std::sync::Arc;

use camino::Utf8Path;
use memchr::{memchr2_iter, memmem};
use roadworthy_parser::SourceFile;
use rustc_hash::FxHashSet;

use super::ModuleName;
use super::namesakes::Namesakes;
use super::reach::is_of_path;
use crate::File;

/// Dotted names are looked at so far.
const DEEPEST: usize = 16;

/// What settings look through folders with, and what loads them from other files.
const SEARCHES: [&str; 6] = ["Dynaconf(", "glob(", "iterdir(", "listdir(", "scandir(", "walk("];

/// Folders of an application in which Django looks for what it loads.
const FOLDERS: [&str; 3] = ["management", "migrations", "templatetags"];

/// Modules that make a package an application, and that Django loads of it.
const MODULES: [&str; 3] = ["admin.py", "apps.py", "models.py"];

/// The folders of applications that no settings install.
#[derive(Debug, Default)]
pub(super) struct Installed {
    idle: FxHashSet<String>,
}

impl Installed {
    /// Whether a module is one of an application that is not installed, so that nothing loads it by its name or its place.
    pub(super) fn leave_out(&self, file: &File) -> bool {
        !self.idle.is_empty()
            && application_of(&file.absolute).is_some_and(|it| self.idle.contains(it.as_str()))
    }

    pub(super) fn read(
        names: &Namesakes<'_>,
        modules: &[&File],
        text: impl Fn(&File) -> Option<Arc<SourceFile>>,
    ) -> Self {
        let holds =
            |text: &str, word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        let (mut folders, mut any): (FxHashSet<&Utf8Path>, bool) = (FxHashSet::default(), false);
        for file in modules {
            // Lists for a part of them stand in modules of their own: `LOCAL_APPS`.
            let Some(source) = text(file).filter(|it| holds(it.text(), "_APPS")) else { continue };
            any |= holds(source.text(), "INSTALLED_APPS");
            let searches = SEARCHES.iter().any(|it| holds(source.text(), it));
            if searches || !lists::are_plain(source.text()) {
                return Self::default();
            }
            for word in quoted(source.text()) {
                // An application is installed by its package, or by what lies in it: `shop.apps.ShopConfig`.
                let ends = word.match_indices('.').map(|it| it.0).chain([word.len()]).take(DEEPEST);
                for name in ends.map(|end| &word[..end]) {
                    let meant = names.meant(ModuleName::of(name), name, Some(file));
                    folders
                        .extend(meant.into_iter().filter_map(|it| modules[it].absolute.parent()));
                }
            }
        }
        if !any {
            return Self::default();
        }
        let is_of_django = |it: &&&File| {
            MODULES.iter().any(|name| it.path.file_name() == Some(name))
                && text(it).is_some_and(|it| holds(it.text(), "django"))
        };
        let applications = modules.iter().filter(is_of_django);
        let packages = applications.filter_map(|it| it.absolute.parent());
        let idle = packages.filter(|it| names.is_package(it) && !folders.contains(it));
        Self { idle: idle.map(ToString::to_string).collect() }
    }
}

/// The folder of the application that a module may belong to, where settings and servers do not name it by themselves.
fn application_of(path: &Utf8Path) -> Option<&Utf8Path> {
    const STARTED: [&str; 6] = ["__main__", "asgi", "celery", "main", "manage", "wsgi"];
    let is_started = path.file_stem().is_some_and(|it| STARTED.contains(&it));
    let folder = path.parent().filter(|_| !is_started)?;
    let mut around = folder.ancestors();
    let inner = around.find(|it| it.file_name().is_some_and(|it| FOLDERS.contains(&it)));
    inner.map_or(Some(folder), Utf8Path::parent)
}

/// The texts of code that are dotted names.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    memchr2_iter(b'"', b'\'', text.as_bytes()).filter_map(|at| {
        let begin = &text[at + 1..];
        let end = begin.find(|it| !is_of_path(it)).unwrap_or(begin.len());
        let word = &begin[..end];
        let is_closed = begin[end..].starts_with(['"', '\'']);
        (is_closed && !word.is_empty() && !word.contains('/')).then_some(word)
    })
}
