//! What components declare of what they import, and where they first import it. Knows names and places; whether an import
//! that nobody declares is a fault is for rules to say.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use super::statements::needed;
use super::{Givers, LockGraph, companions, givers};
use crate::facts::Facts;
use crate::facts::dependencies::{Dependencies, Group, Requirement};
use crate::{File, Role, role_of};

/// The imports of a project and who declares them.
#[derive(Debug)]
pub struct ImportModel {
    components: Vec<Declared>,
    /// Files of each component, which their paths put in order.
    files: Vec<Vec<usize>>,
    firsts: Vec<Mutex<Firsts>>,
}

/// What a component declares, with those around it.
#[derive(Debug, Default)]
struct Declared {
    /// Whether that is all there is.
    whole: bool,
    /// Whether extras are asked for that may bring anything.
    extras: bool,
    names: BTreeMap<String, Groups>,
}

/// For whom a distribution is declared.
#[derive(Clone, Debug, Default)]
struct Groups {
    product: bool,
    development: Option<String>,
}

/// The modules that the files looked at so far import, each with the first file.
#[derive(Debug, Default)]
struct Firsts {
    looked_at: usize,
    by_distribution: FxHashMap<String, Utf8PathBuf>,
}

/// What is known of the distribution that gives an imported module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is declared, or may be, or nothing tells.
    Fine,
    /// It is declared for those who work on the project only.
    Development {
        /// Its name.
        name: &'static str,
        /// The group.
        group: String,
        /// Who brings it in production all the same.
        bringer: Option<String>,
        /// Whether a lock file says that nobody does.
        alone: bool,
    },
    /// It is declared by nobody here.
    Missing {
        /// Its name; the most usual where several give the module.
        name: &'static str,
        /// A declared distribution that needs it.
        bringer: Option<String>,
        /// Whether those two belong together, so that one is hardly ever without the other.
        companions: bool,
        /// The lock file that does not have it.
        absent_from: Option<Utf8PathBuf>,
    },
}

impl ImportModel {
    /// Where the distribution that gives a module stands with a component.
    pub fn standing(&self, facts: &Facts<'_>, component: usize, module: &str) -> Standing {
        let top = module.split('.').next().unwrap_or_default();
        if facts.modules().is_first_party(top) {
            return Standing::Fine;
        }
        let Some(declared) = self.components.get(component).filter(|it| it.whole) else {
            return Standing::Fine;
        };
        let folder = &facts.project().components[component].path;
        // A template of several functions stands above the folder of each.
        let has_file =
            |name: &str| folder.ancestors().any(|around| facts.tree().is_file(&around.join(name)));
        let Givers::Distributions(names) = givers(module, has_file) else { return Standing::Fine };
        let normal: Vec<String> = names.iter().map(|name| super::normalised(name)).collect();
        let groups: Vec<_> = normal.iter().filter_map(|it| declared.names.get(it)).collect();
        if groups.iter().any(|groups| groups.product) {
            return Standing::Fine;
        }
        let normal: Vec<&str> = normal.iter().map(String::as_str).collect();
        let name = names[0];
        if let Some(group) = groups.iter().find_map(|groups| groups.development.clone()) {
            return declared.of_development(facts, component, &normal, name, group);
        }
        declared.of_missing(facts, component, &normal, name, top)
    }

    /// Whether a file is the first of its component, by path, that needs a distribution and runs in production.
    pub fn is_first(
        &self,
        facts: &Facts<'_>,
        component: usize,
        path: &Utf8Path,
        name: &str,
    ) -> bool {
        let (Some(files), Some(firsts)) = (self.files.get(component), self.firsts.get(component))
        else {
            return true;
        };
        let mut firsts = firsts.lock().unwrap_or_else(PoisonError::into_inner);
        let project = facts.project();
        while !firsts.by_distribution.contains_key(name)
            && let Some(&index) = files.get(firsts.looked_at)
        {
            let file = &project.files[index];
            if file.path.as_path() >= path {
                break;
            }
            firsts.looked_at += 1;
            let Some(python) = facts.python_once(&file.path) else { continue };
            let component = &project.components[component];
            let role = role_of(file, component, &python.source, &python.outline).role;
            if !runs_in_production(role, file) {
                continue;
            }
            for import in needed(python.source.text(), &python.outline) {
                if let Givers::Distributions(names) = givers(&import.module, |_| false) {
                    let first = || file.path.clone();
                    firsts.by_distribution.entry(names[0].to_owned()).or_insert_with(first);
                }
            }
        }
        firsts.by_distribution.get(name).is_none_or(|first| first.as_path() >= path)
    }
}

/// Whether a file runs where only what is declared for everybody is installed. A command that is no part of a package is
/// mostly for those who work on the project, and so is what lies in a folder of tools.
pub fn runs_in_production(role: Role, file: &File) -> bool {
    let mut parts = file.path.components().map(|part| TOOLING.contains(&part.as_str()));
    let by_hand = if file.in_package { parts.next() == Some(true) } else { parts.any(|it| it) };
    !by_hand
        && !is_copied(&file.path)
        && (role.is_product() || role == Role::Cli && file.in_package)
}

/// Whether a file is part of a distribution that was unpacked into the repository: `layer/python/botocore/docs/x.py`.
fn is_copied(path: &Utf8Path) -> bool {
    let parts: Vec<&str> = path.components().map(|part| part.as_str()).collect();
    parts.windows(2).any(|pair| {
        UNPACKED.contains(&pair[0])
            && matches!(
                givers(pair[1].trim_end_matches(".py"), |_| false),
                Givers::Distributions(_)
            )
    })
}

/// Folders that distributions are unpacked into.
const UNPACKED: [&str; 7] =
    ["python", "dependencies", "site-packages", "vendor", "libs", "layer", "package"];

/// Folders of what is run by hand, or by a pipeline.
const TOOLING: [&str; 9] =
    ["scripts", "tools", "ci", ".ci", "bundle", "dev", "devtools", "hack", "packaging"];

impl Declared {
    fn add(&mut self, requirement: &Requirement) {
        let groups = self.names.entry(requirement.name.clone()).or_default();
        match &requirement.group {
            Group::Development(name) => {
                groups.development.get_or_insert_with(|| name.clone());
            }
            Group::Main | Group::Extra(_) | Group::Build => groups.product = true,
        }
        let known = |extra: &String| super::is_known_extra(&requirement.name, extra);
        self.extras |= !requirement.extras.iter().all(known);
        for brought in
            requirement.extras.iter().flat_map(|it| super::brought(&requirement.name, it))
        {
            self.names.entry(brought.to_owned()).or_default().product = true;
        }
    }

    fn products(&self) -> impl Iterator<Item = &str> {
        self.names.iter().filter(|(_, groups)| groups.product).map(|(name, _)| name.as_str())
    }

    fn of_development(
        &self,
        facts: &Facts<'_>,
        component: usize,
        names: &[&str],
        name: &'static str,
        group: String,
    ) -> Standing {
        let graph = lock_graph(facts, component);
        let bringer = match &graph {
            Some((graph, _)) => graph.bringer(self.products(), names).map(str::to_owned),
            None => self.companion_of(names),
        };
        // Without a lock, an extra may bring it.
        if graph.is_none() && self.extras {
            return Standing::Fine;
        }
        Standing::Development { name, group, alone: graph.is_some() && bringer.is_none(), bringer }
    }

    fn of_missing(
        &self,
        facts: &Facts<'_>,
        component: usize,
        names: &[&str],
        name: &'static str,
        top: &str,
    ) -> Standing {
        if self.resembles(top) || is_local(facts, top) || is_installed_elsewhere(facts, names) {
            return Standing::Fine;
        }
        let companion = self.companion_of(names);
        let Some((graph, lock)) = lock_graph(facts, component) else {
            if self.extras {
                return Standing::Fine;
            }
            let companions = companion.is_some();
            return Standing::Missing { name, bringer: companion, companions, absent_from: None };
        };
        let bringer = graph.bringer(self.products(), names);
        let locked = facts.dependencies().components[component].locks.iter();
        let locked = locked.flat_map(|lock| &lock.packages).any(|it| names.contains(&&*it.name));
        if bringer.is_none() && locked {
            // Another member of the workspace has it, or a group.
            return Standing::Missing { name, bringer: None, companions: false, absent_from: None };
        }
        let companions = companion.is_some();
        let bringer = companion.or_else(|| bringer.map(str::to_owned));
        let absent_from = bringer.is_none().then_some(lock);
        Standing::Missing { name, bringer, companions, absent_from }
    }

    /// Whether a declared distribution is called so much like a module that it may give it: a fork, a build of one's own.
    fn resembles(&self, top: &str) -> bool {
        let top = super::normalised(top);
        self.names.keys().any(|name| {
            let is_add_on = ADD_ONS.iter().any(|start| name.starts_with(start));
            match name.split_once(&*top) {
                Some((before, behind)) => {
                    let begins = before.is_empty() && BUILDS.contains(&behind);
                    let ends = behind.is_empty() && (before.ends_with('-') || before == "py");
                    begins || ends && !is_add_on
                }
                None => false,
            }
        })
    }

    /// A declared distribution that is never without one of these.
    fn companion_of(&self, names: &[&str]) -> Option<String> {
        let mut found =
            self.products().filter(|name| companions(name).any(|it| names.contains(&it)));
        found.next().map(str::to_owned)
    }
}

/// Who needs whom by the lock files of a component, and the lock file that was asked.
fn lock_graph(facts: &Facts<'_>, component: usize) -> Option<(LockGraph, Utf8PathBuf)> {
    facts.dependencies().components.get(component)?.locks.iter().find_map(|lock| {
        let document = facts.text(&lock.path).whole()?;
        Some((LockGraph::read(document.text(), lock.kind)?, lock.path.clone()))
    })
}

/// Whether a module may be a file of the project that is found by a path which the program puts together.
fn is_local(facts: &Facts<'_>, top: &str) -> bool {
    facts.tree().files().any(|path| {
        let is_python = matches!(path.extension(), Some("py" | "pyi" | "so" | "pyd" | "pyx"));
        is_python
            && (path.file_stem() == Some(top)
                || path.parent().is_some_and(|folder| folder.file_name() == Some(top)))
    })
}

/// Whether something besides the manifests installs a distribution: an image, a script, the tool of a notebook.
fn is_installed_elsewhere(facts: &Facts<'_>, names: &[&str]) -> bool {
    let installs = |path: &&Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        name.contains("Dockerfile") || name == "Makefile" || name == "install.sh"
    };
    facts.tree().files().filter(installs).take(MOST_SCRIPTS).any(|path| {
        facts.text(path).whole().is_some_and(|document| {
            let lines = document.text().lines();
            let mut lines = lines.filter(|line| names.iter().any(|name| has_word(line, name)));
            lines.next().is_some()
        })
    })
}

/// How the names of distributions begin that are built on another one and do not bring its modules.
const ADD_ONS: [&str; 8] =
    ["types-", "pytest-", "django-", "flask-", "opentelemetry-", "sphinx-", "mkdocs-", "fastapi-"];

/// What is put behind the name of a distribution for a build or a successor of it.
const BUILDS: [&str; 10] =
    ["-ng", "-fork", "-binary", "-python", "-python3", "-nightly", "-lite", "-py", "-gpu", "-cpu"];

/// How many scripts are asked what they install.
const MOST_SCRIPTS: usize = 40;

fn has_word(line: &str, name: &str) -> bool {
    line.split(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '_' | '.'))
        .any(|word| word.eq_ignore_ascii_case(name))
}

/// Reads what components declare.
pub(in crate::facts) fn read(facts: &Facts<'_>) -> ImportModel {
    let project = facts.project();
    let count = project.components.len();
    let mut files = vec![Vec::new(); count];
    for (index, file) in project.files.iter().enumerate().filter(|(_, it)| it.kind.is_python()) {
        if let Some(files) = files.get_mut(file.component) {
            files.push(index);
        }
    }
    for files in &mut files {
        files.sort_by(|&a, &b| project.files[a].path.cmp(&project.files[b].path));
    }
    ImportModel {
        components: (0..count).map(|component| declared(facts, component)).collect(),
        files,
        firsts: (0..count).map(|_| Mutex::default()).collect(),
    }
}

/// What a component and those around it declare: code below a folder is run in the environment of the whole, too.
fn declared(facts: &Facts<'_>, component: usize) -> Declared {
    let (components, models) = (&facts.project().components, facts.dependencies());
    let own = &components[component];
    let around = components.iter().enumerate().filter(|(_, it)| own.path.starts_with(&it.path));
    let mut all = Declared { whole: true, ..Declared::default() };
    for (index, _) in around {
        let Some(dependencies) = models.components.get(index) else { continue };
        all.whole &= dependencies.unknown.is_empty();
        requirements(dependencies).for_each(|it| all.add(it));
    }
    let some = all.products().next().is_some();
    all.whole &= some;
    all
}

/// What is declared; where that was left to a compiled file, what stands in it.
fn requirements(dependencies: &Dependencies) -> impl Iterator<Item = &Requirement> {
    let none = dependencies.declared().next().is_none();
    let compiled = dependencies.manifests.iter().filter(move |_| none);
    dependencies.declared().chain(compiled.flat_map(|manifest| &manifest.requirements))
}
