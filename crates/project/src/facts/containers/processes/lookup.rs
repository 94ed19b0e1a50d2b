//! Whether a module and what is taken from it are in the project. Says that something is missing only where the first part
//! of its name is there and nothing could bring the rest.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::{ImportKind, Keyword};

use super::super::Process;
use super::files::inside;
use super::targets::{Target, is_dotted};
use crate::facts::{Facts, PythonFile};
use crate::{Component, EntryPoint};

/// What of a target is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The module; the part of its name that is there.
    Module(String),
    /// The attribute, in a file.
    Attribute(Utf8PathBuf),
    /// The `__main__` of a package that is run.
    Main(Utf8PathBuf),
    /// The script.
    Script,
}

/// Folders that are not walked, or whose files are made.
const NOT_KEPT: [&str; 10] = [
    "build",
    "dist",
    "env",
    "venv",
    "node_modules",
    "generated",
    "gen",
    "proto",
    "protos",
    "_generated",
];

impl Target {
    /// What of it is not there; `None` where all is, or where that cannot be known.
    pub fn absence(&self, facts: &Facts<'_>, process: &Process) -> Option<Absence> {
        let files = &process.files;
        if files.unknown {
            return None;
        }
        let origins = |path: &str| self.origins(process, path);
        if let Some(script) = &self.script {
            let name = script.rsplit('/').next().unwrap_or(script);
            let folder = match script.rsplit_once('/') {
                Some(("", _)) => "/",
                Some((folder, _)) => folder,
                None => ".",
            };
            let tree = facts.tree();
            let is_there = origins(script).iter().any(|path| tree.is_file(path));
            let holds_python = |folder: &Utf8PathBuf| {
                tree.inside(folder).any(|path| path.extension() == Some("py"))
            };
            let missing = !is_there
                && origins(folder).iter().any(holds_python)
                && !files.commands.contains(name)
                && !is_named_in_ignores(facts, name);
            return missing.then_some(Absence::Script);
        }
        let made = |name: &str| files.commands.contains(name);
        self.search(facts, &origins, &made)
    }

    /// The files of the project that it is or may be.
    pub fn files(&self, facts: &Facts<'_>, process: &Process) -> Vec<Utf8PathBuf> {
        let path = self.module.replace('.', "/");
        let modules =
            ["{}.py", "{}/__init__.py", "{}/__main__.py"].map(|it| it.replace("{}", &path));
        let script = self.script.clone();
        let paths = script.map_or_else(|| modules.to_vec(), |script| vec![script]);
        let origins = paths.iter().flat_map(|path| self.origins(process, path));
        origins.filter(|path| facts.tree().is_file(path)).collect()
    }

    /// The paths in the project that a path below one of its folders may be.
    fn origins(&self, process: &Process, path: &str) -> Vec<Utf8PathBuf> {
        let whole = self.folders.iter().filter_map(|folder| inside(Some(folder), path));
        whole.flat_map(|path| process.files.origins(&path).collect::<Vec<_>>()).collect()
    }

    fn search(
        &self,
        facts: &Facts<'_>,
        origins: &dyn Fn(&str) -> Vec<Utf8PathBuf>,
        made: &dyn Fn(&str) -> bool,
    ) -> Option<Absence> {
        let tree = facts.tree();
        let parts: Vec<&str> = self.module.split('.').collect();
        let there = |count: usize| {
            let path = parts[..count].join("/");
            let paths = [format!("{path}.py"), format!("{path}/__init__.py"), path];
            let found = paths.iter().flat_map(|path| origins(path));
            found.filter(|path| tree.is_file(path) || has_python(facts, path)).collect::<Vec<_>>()
        };
        let found = there(parts.len());
        if found.is_empty() {
            // The first part must be there, and nothing else may be the module.
            let known = (1..parts.len()).rev().find(|count| !there(*count).is_empty())?;
            let last = parts[known];
            let elsewhere = !facts.modules().of_name(&self.module).is_empty()
                || lies_at_its_path(facts, &parts.join("/"));
            let unsure = elsewhere
                || made(last)
                || parts.iter().any(|part| NOT_KEPT.contains(part))
                || is_named_in_ignores(facts, last)
                || has_extension(facts, &there(known), last);
            return (!unsure).then(|| Absence::Module(parts[..known].join(".")));
        }
        let files: Vec<&Utf8PathBuf> = found.iter().filter(|path| tree.is_file(path)).collect();
        if self.runs {
            return main_absence(&files, &found, tree, made);
        }
        let attribute = self.attribute.as_deref()?;
        // A folder without `__init__.py` has modules for attributes.
        let mut missing = None;
        for path in files {
            let file = facts.python(path)?;
            if defines(&file, attribute) || submodule(facts, path, attribute) {
                return None;
            }
            missing = Some(path.clone());
        }
        missing.map(Absence::Attribute)
    }
}

/// Whether the top of the repository or of a component has a module at the path that its name writes out: a plugin or a pipeline
/// may start there, wherever the file that names it lies.
fn lies_at_its_path(facts: &Facts<'_>, path: &str) -> bool {
    let components = facts.project().components.iter().map(|it| it.path.as_path());
    components.chain([Utf8Path::new("")]).any(|top| {
        [format!("{path}.py"), format!("{path}/__init__.py")]
            .iter()
            .any(|it| facts.tree().is_file(&top.join(it)))
    })
}

/// Whether a package that is run lacks what is run.
fn main_absence(
    files: &[&Utf8PathBuf],
    found: &[Utf8PathBuf],
    tree: &crate::Tree,
    made: &dyn Fn(&str) -> bool,
) -> Option<Absence> {
    let is_module = |path: &&&Utf8PathBuf| path.file_name() != Some("__init__.py");
    if files.iter().any(|path| is_module(&path)) || made("__main__") {
        return None;
    }
    let has_main = |path: &Utf8PathBuf| {
        let folder = if path.extension().is_some() { path.parent() } else { Some(path.as_path()) };
        folder.is_some_and(|folder| {
            ["__main__.py", "__main__.pyc", "__main__.pyx"]
                .iter()
                .any(|name| tree.is_file(&folder.join(name)))
        })
    };
    let first = files.first()?;
    (!found.iter().any(has_main)).then(|| Absence::Main((*first).clone()))
}

/// What of a command that installing a component makes is not there.
pub fn entry_point_absence(
    facts: &Facts<'_>,
    component: &Component,
    point: &EntryPoint,
) -> Option<Absence> {
    let name = point.object.split(['.', '(', '[', ' ']).next().unwrap_or_default();
    if !is_dotted(&point.module) || !name.is_empty() && !is_dotted(name) {
        return None;
    }
    let target = Target {
        module: point.module.clone(),
        attribute: (!name.is_empty()).then(|| name.to_owned()),
        runs: false,
        script: None,
        written: String::new(),
        folders: Vec::new(),
    };
    let roots = ["", "src", "lib", "python", "source"].map(|folder| component.path.join(folder));
    let mut folders: Vec<Utf8PathBuf> = roots.to_vec();
    // A package may lie anywhere below: its first part says where.
    for &index in facts.modules().of_name(&point.module) {
        let file = &facts.project().files[index];
        let depth = point.module.split('.').count()
            + usize::from(file.path.file_stem() == Some("__init__"));
        folders.extend(file.path.ancestors().nth(depth).map(Utf8Path::to_owned));
    }
    let origins = |path: &str| folders.iter().map(|folder| folder.join(path)).collect::<Vec<_>>();
    target.search(facts, &origins, &|_| false)
}

fn has_python(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    facts.tree().below(folder).take(500).any(|path| path.extension() == Some("py"))
}

/// Whether a module is written in another language, or there only when it is built.
fn has_extension(facts: &Facts<'_>, around: &[Utf8PathBuf], name: &str) -> bool {
    around.iter().any(|path| {
        let folder = if path.extension().is_some() { path.parent() } else { Some(path.as_path()) };
        let files = folder.into_iter().flat_map(|folder| facts.tree().inside(folder));
        files.filter_map(Utf8Path::file_name).any(|file| {
            let rest = file.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with('.') && rest != ".md")
        })
    })
}

/// Whether a name stands in what git or the image leaves out: it is made, or put there by hand.
fn is_named_in_ignores(facts: &Facts<'_>, name: &str) -> bool {
    let ignores = facts.tree().files().filter(|path| path.file_name() == Some(".gitignore"));
    let paths: Vec<Utf8PathBuf> = ignores.take(50).map(Utf8Path::to_owned).collect();
    let modules = facts.text(Utf8Path::new(".gitmodules")).whole();
    modules.is_some_and(|document| document.text().contains(name))
        || paths.iter().any(|path| {
            let document = facts.text(path).whole();
            document.is_some_and(|document| {
                document.text().lines().any(|line| is_pattern_of(line, name))
            })
        })
}

fn is_pattern_of(line: &str, name: &str) -> bool {
    let stem = name.strip_suffix(".py").unwrap_or(name);
    line.split('/').any(|part| {
        let part = part.trim().trim_start_matches(['!', '*']);
        part.trim_end_matches('*').trim_end_matches(".py").trim_end_matches('.') == stem
    })
}

/// A package has its modules for attributes as soon as they are imported.
fn submodule(facts: &Facts<'_>, path: &Utf8Path, attribute: &str) -> bool {
    path.file_name() == Some("__init__.py")
        && path.parent().is_some_and(|folder| {
            let module = folder.join(attribute);
            facts.tree().is_file(&module.with_extension("py")) || facts.tree().is_folder(&module)
        })
}

/// Whether a module may have an attribute once it is imported. Whatever looks like it counts.
fn defines(file: &PythonFile, attribute: &str) -> bool {
    let (text, outline) = (file.source.text(), &file.outline);
    if outline.flaw.is_some() {
        return true;
    }
    let is_main = |offset: u32| outline.under_main_guard(offset);
    let defined = outline.definitions.iter().filter(|it| it.parent.is_none()).any(|it| {
        let name = it.name.of_text(text);
        name == "__getattr__" || name == attribute && !is_main(it.span.start)
    });
    let imported = outline.imports.iter().any(|it| {
        let bound =
            it.alias.unwrap_or(if it.kind == ImportKind::Module { it.module } else { it.name });
        let bound = bound.of_text(text).split('.').next().unwrap_or_default();
        it.kind == ImportKind::Star || bound == attribute && !is_main(it.statement.start)
    });
    // Names that are set without being written.
    let hidden = ["globals(", "vars(", "locals(", "setattr(", "exec(", "sys.modules", "__dict__"];
    if defined || imported || hidden.iter().any(|word| text.contains(word)) {
        return true;
    }
    outline.lines.iter().any(|line| {
        let reaches =
            line.scope.is_none() && !is_main(line.span.start) || line.keyword == Keyword::Global;
        reaches && is_bound_in(line.span.of_text(text), attribute)
    })
}

/// Whether a line of a module has a name other than as an attribute or a keyword of something else.
fn is_bound_in(line: &str, name: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    line.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&line[..at], line[at + name.len()..].trim_start());
        let is_whole = !before.ends_with(is_part)
            && !line[at + name.len()..].starts_with(is_part)
            && !before.trim_end().ends_with('.');
        let is_used = behind.starts_with('.') || behind.starts_with('(');
        is_whole && !is_used
    })
}
