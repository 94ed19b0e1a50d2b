//! The settings module of Django that production runs, and what it holds in the end. Knows how deployments name the module
//! and how modules take each other's names (`import *`), no rule. What a deployment may override is unknown.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::FileContext;
use roadworthy_parser::{ImportKind, Keyword, LogicalLine, Span};
use roadworthy_project::facts::PythonFile;
use roadworthy_project::{Facts, File, Role};

use crate::shared::code::settings::{Module, Setting, setting_in};

/// The settings of one module, as Django sees them.
pub(crate) struct Settings<'f> {
    /// The dotted name of the module.
    pub(crate) module: String,
    facts: &'f Facts<'f>,
    component: usize,
    /// In the order in which Python reads them.
    steps: Vec<Step>,
    files: Vec<(String, Arc<PythonFile>)>,
}

/// What reading a line does.
struct Step {
    /// The name that is bound; empty where any may be.
    name: String,
    /// Index of the file.
    file: usize,
    line: Span,
    value: Option<Span>,
}

/// Where a setting gets its value.
pub(crate) struct Effective {
    /// The file.
    pub(crate) path: Utf8PathBuf,
    /// The line.
    pub(crate) span: Span,
    /// Its value; `None` where it is not known.
    pub(crate) setting: Option<Setting>,
}

/// The settings that production runs of a component.
pub(crate) fn production<'f>(facts: &'f Facts<'f>, component: usize) -> Vec<Settings<'f>> {
    let mut modules = of_processes(facts, component);
    if modules.is_empty() {
        modules = of_files(facts, component, &["wsgi.py", "asgi.py"]);
        if modules.is_empty() {
            modules = of_files(facts, component, &["manage.py"]);
        }
        modules = modules.into_iter().flat_map(|it| with_siblings(facts, component, it)).collect();
    }
    modules.retain(|it| !is_local(it));
    modules.sort();
    modules.dedup();
    modules.into_iter().filter_map(|it| Settings::read(facts, component, it)).collect()
}

/// Whether production surely runs a module: something that deploys names it, it or its folder is called after production, or it is the
/// only one of its component.
pub(crate) fn is_surely_run(facts: &Facts<'_>, component: usize, module: &str) -> bool {
    const NAMES: [&str; 4] = ["deploy", "live", "prod", "production"];
    let is_settings = |file: &&File| {
        file.component == component
            && file.kind.is_python()
            && !is_aside(file)
            && file.path.file_stem() != Some("__init__")
            && is_called_settings(&file.path)
            && !is_local(&file.path.as_str().replace('/', "."))
    };
    of_processes(facts, component).iter().any(|it| it == module)
        || module.rsplit('.').take(2).any(|it| it.split('_').any(|it| NAMES.contains(&it)))
        || facts.project().files.iter().filter(is_settings).nth(1).is_none()
}

/// Whether a module, or its folder, is called settings.
fn is_called_settings(path: &Utf8Path) -> bool {
    let mut parts = path.components().rev().take(2).map(|it| it.as_str());
    parts.any(|it| it.trim_end_matches(".py").split('_').any(|it| it == "settings"))
}

/// Whether production surely runs the module that a file is, as [`is_surely_run`] tells; of one that is no settings nothing speaks
/// against it.
pub(crate) fn is_file_surely_run(file: &FileContext<'_>) -> bool {
    file.in_facts().is_none_or(|(facts, known)| {
        if !is_called_settings(&known.path) {
            return true;
        }
        let path = known.path.with_extension("");
        let mut names = path.ancestors().filter_map(|it| path.strip_prefix(it).ok());
        // From which folder it is imported is not known.
        names.any(|it| is_surely_run(facts, known.component, &it.as_str().replace('/', ".")))
    })
}

/// What the settings modules of a component say of a switch, where they all say the same; whichever of them production runs,
/// it is that.
pub(crate) fn agreed_switch(facts: &Facts<'_>, component: usize, name: &str) -> Option<bool> {
    match agreed(facts, component, name)?.as_str() {
        "True" => Some(true),
        "False" => Some(false),
        _ => None,
    }
}

/// The expression that the settings modules of a component give a setting, where they all give it the same.
pub(crate) fn agreed(facts: &Facts<'_>, component: usize, name: &str) -> Option<String> {
    let files = facts.project().files.iter().filter(|it| {
        let mut parts = it.path.components().rev().take(2).map(|part| part.as_str());
        it.component == component && !is_aside(it) && parts.any(|part| part.contains("settings"))
    });
    let mut agreed: Option<String> = None;
    for file in files {
        let Some(read) = facts.python(&file.path) else { continue };
        for line in read.outline.lines.iter().filter(|it| it.keyword == Keyword::Other) {
            let text = read.source.slice(line.span);
            let value = text.strip_prefix(name).and_then(|it| it.trim_start().strip_prefix('='));
            let Some(value) = value.map(str::trim) else { continue };
            if agreed.as_ref().is_some_and(|it| it != value) {
                return None;
            }
            agreed = Some(value.to_owned());
        }
    }
    agreed
}

/// The name of the variable that tells the module:
/// <https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings>.
const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

/// What containers and platforms say.
fn of_processes(facts: &Facts<'_>, component: usize) -> Vec<String> {
    let processes = facts.containers().processes.iter();
    processes
        .filter(|it| it.development.is_none() && it.component.is_none_or(|it| it == component))
        .flat_map(|it| &it.environment)
        .filter(|(name, _)| name == VARIABLE)
        .filter_map(|(_, value)| value.clone())
        .filter(|it| is_module(facts, component, it))
        .collect()
}

/// What files of these names say: the module is the text behind the name of the variable.
fn of_files(facts: &Facts<'_>, component: usize, names: &[&str]) -> Vec<String> {
    let files = facts.project().files.iter().filter(|it| {
        it.component == component
            && !is_aside(it)
            && it.path.file_name().is_some_and(|name| names.contains(&name))
    });
    files
        .filter_map(|file| {
            let read = facts.python(&file.path)?;
            let mut strings = read.outline.strings.iter();
            strings.find(|it| read.source.slice(it.content()) == VARIABLE)?;
            Some(read.source.slice(strings.next()?.content()).to_owned())
        })
        .filter(|it| is_module(facts, component, it))
        .collect()
}

/// Whether a file is none that production runs, by its path.
pub(crate) fn is_aside(file: &File) -> bool {
    use Role::{Example, Generated, Migration, Notebook, Stub, Test, Vendored};
    let aside = [Example, Generated, Migration, Notebook, Stub, Test, Vendored];
    file.path_role.as_ref().is_some_and(|it| aside.contains(&it.role))
}

fn is_module(facts: &Facts<'_>, component: usize, name: &str) -> bool {
    file_of(facts, component, name).is_some()
}

fn file_of(facts: &Facts<'_>, component: usize, name: &str) -> Option<Arc<PythonFile>> {
    let files = facts.modules().of_name(name).iter().map(|&index| &facts.project().files[index]);
    let mut own = files.filter(|it| it.component == component);
    let file = own.next().filter(|_| own.next().is_none())?;
    facts.python(&file.path)
}

/// The modules beside one that are called after production, where there are any, else itself: what a file says is a
/// default that deployments change.
fn with_siblings(facts: &Facts<'_>, component: usize, module: String) -> Vec<String> {
    const NAMES: [&str; 6] = ["production", "prod", "live", "deployment", "deploy", "heroku"];
    let (package, last) = module.rsplit_once('.').unwrap_or(("", &module));
    if NAMES.contains(&last) {
        return vec![module];
    }
    let beside = NAMES.iter().flat_map(|it| {
        [
            format!("{package}.{it}"),
            format!("{module}.{it}"),
            format!("{package}.settings_{it}"),
            format!("{package}.{it}_settings"),
        ]
    });
    let mut found: Vec<String> = beside.filter(|it| is_module(facts, component, it)).collect();
    if found.len() > 1 {
        // What another one takes over is a part of that, and run by nobody.
        let read = |it: &String| Settings::read(facts, component, it.clone());
        let taken: Vec<String> = found
            .iter()
            .filter_map(read)
            .flat_map(|it| it.files.into_iter().skip(1).map(|(name, _)| name))
            .collect();
        found.retain(|it| !taken.contains(it));
    }
    if found.is_empty() { vec![module] } else { found }
}

/// Whether a module is for development or tests, by its name.
fn is_local(module: &str) -> bool {
    const WORDS: [&str; 17] = [
        "ci",
        "debug",
        "demo",
        "dev",
        "develop",
        "development",
        "e2e",
        "example",
        "jenkins",
        "local",
        "sandbox",
        "test",
        "testbed",
        "testing",
        "testproject",
        "tests",
        "travis",
    ];
    module.split(['.', '_']).any(|it| WORDS.contains(&it))
}

/// Star imports deeper than this are given up.
const DEEPEST: u32 = 6;

/// Calls that may give a module any settings.
const OPENING: [&str; 7] =
    ["include(", "exec(", "globals(", "locals(", "vars(", "setattr(", "read_configuration("];

impl<'f> Settings<'f> {
    fn read(facts: &'f Facts<'f>, component: usize, module: String) -> Option<Self> {
        let file = file_of(facts, component, &module)?;
        let name = module.clone();
        let mut settings = Self { module, facts, component, steps: Vec::new(), files: Vec::new() };
        settings.take(name, &file, 0);
        Some(settings)
    }

    /// The component that the module belongs to, by index.
    pub(crate) fn component(&self) -> usize {
        self.component
    }

    /// The path of the module itself.
    pub(crate) fn path(&self) -> Option<&Utf8Path> {
        self.files.first().map(|(_, file)| file.path.as_path())
    }

    /// Where a setting gets its value in the end; `None` where nothing gives it one.
    pub(crate) fn effective(&self, name: &str) -> Option<Effective> {
        let step = self.steps.iter().rev().find(|it| it.name == name || it.name.is_empty())?;
        let (module, file) = self.files.get(step.file)?;
        let setting = step.value.filter(|_| !step.name.is_empty()).and_then(|value| {
            let module = Module::other(self.facts, file, module, self.component);
            setting_in(&module, module.slice(value), step.line.start)
        });
        Some(Effective { path: file.path.clone(), span: step.line, setting })
    }

    /// The text of the value that a setting has in the end, where it is one expression.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let step = self.steps.iter().rev().find(|it| it.name == name)?;
        let (_, file) = self.files.get(step.file)?;
        Some(file.source.slice(step.value?))
    }

    /// The last line of the module itself that gives a setting a value, whatever it takes to get there.
    pub(crate) fn own_line(&self, name: &str) -> Option<Span> {
        self.steps.iter().rfind(|it| it.file == 0 && it.name == name).map(|it| it.line)
    }

    /// The comments that end right above a place of one of its modules.
    pub(crate) fn comments_above(&self, path: &str, place: Span) -> Vec<&str> {
        let file = self.files.iter().map(|(_, file)| file).find(|it| it.path == path);
        let text = file.map_or("", |it| it.source.text());
        let before = text.get(..place.start as usize).unwrap_or_default();
        let lines = before.lines().rev().map(str::trim);
        lines.map_while(|it| it.strip_prefix('#')).collect()
    }

    /// The last line of the module itself that gives one of these a value, or any setting.
    pub(crate) fn place(&self, names: &[&str]) -> Option<Span> {
        let own = || self.steps.iter().filter(|it| it.file == 0 && !it.name.is_empty());
        let last = own().rfind(|it| names.contains(&it.name.as_str()));
        last.or_else(|| own().next()).map(|it| it.line)
    }

    fn take(&mut self, module: String, file: &Arc<PythonFile>, depth: u32) {
        let index = self.files.len();
        self.files.push((module, file.clone()));
        let lines = file.outline.lines.iter().filter(|line| line.scope.is_none());
        for line in lines {
            match line.keyword {
                Keyword::From => self.take_import(file, index, line, depth),
                Keyword::Other => self.take_line(file, index, line),
                _ => {}
            }
        }
    }

    fn take_import(&mut self, file: &PythonFile, index: usize, line: &LogicalLine, depth: u32) {
        let mut imports = file.outline.imports.iter();
        let star =
            imports.find(|it| it.kind == ImportKind::Star && it.statement.start == line.span.start);
        let Some(star) = star else { return };
        let name = file.source.slice(star.module);
        let package = file.path.file_stem() == Some("__init__");
        let own = self.files[index].0.clone();
        let absolute = match star.level as usize {
            0 => Some(name.to_owned()),
            level => {
                let mut around: Vec<&str> = own.split('.').collect();
                let up = if package { level - 1 } else { level };
                around.len().checked_sub(up).map(|left| {
                    around.truncate(left);
                    if !name.is_empty() {
                        around.push(name);
                    }
                    around.join(".")
                })
            }
        };
        let found = absolute.and_then(|it| {
            let read = file_of(self.facts, self.component, &it)?;
            Some((it, read))
        });
        match found {
            Some((name, read)) if depth < DEEPEST && line.indent == 0 => {
                // A module that takes itself by a detour is read once.
                if self.files.iter().all(|(other, _)| *other != name) {
                    self.take(name, &read, depth + 1);
                }
            }
            // A file of the deployment may say anything.
            _ => self.open(index, line.span),
        }
    }

    fn take_line(&mut self, file: &PythonFile, index: usize, line: &LogicalLine) {
        let text = file.source.slice(line.span);
        let length =
            text.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap_or(text.len());
        let name = &text[..length];
        let is_setting = !name.is_empty() && name.bytes().all(|it| !it.is_ascii_lowercase());
        if !is_setting {
            if OPENING.iter().any(|it| text.contains(it)) {
                self.open(index, line.span);
            }
            return;
        }
        let rest = &text[length..];
        let sign = rest.find('=').filter(|_| rest.trim_start().starts_with(['=', ':']));
        let value = sign
            .filter(|_| line.indent == 0)
            .map(|sign| Span::new(line.span.start + (length + sign + 1) as u32, line.span.end));
        self.steps.push(Step { name: name.to_owned(), file: index, line: line.span, value });
    }

    fn open(&mut self, file: usize, line: Span) {
        self.steps.push(Step { name: String::new(), file, line, value: None });
    }
}
