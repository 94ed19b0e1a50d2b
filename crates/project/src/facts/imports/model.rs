//! What components declare of what they import, and where they first import it. Knows names and places; whether an import
//! that nobody declares is a fault is for rules to say.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Outline;
use rustc_hash::{FxHashMap, FxHashSet};

use super::elsewhere::Elsewhere;
use super::firsts::Firsts;
use super::statements::{Needed, needed};
use super::{Givers, LockGraph, comes_with, givers, is_given_as_a_whole, may_be_given};
use crate::facts::Facts;
use crate::facts::dependencies::{
    Dependencies, Group, LockKind, Manifest, ManifestKind, Requirement,
};
use crate::{File, Role};

/// The imports of a project and who declares them.
#[derive(Debug)]
pub struct ImportModel {
    components: Vec<Declared>,
    firsts: Vec<Firsts>,
    /// Who needs whom by the lock files of each component, and the lock file that was asked.
    graphs: Vec<OnceLock<Option<(LockGraph, Utf8PathBuf)>>>,
    elsewhere: Elsewhere,
    /// The distributions of which parts of the project are made, by their normalised names.
    own: FxHashSet<String>,
    /// By component and distribution, for each name before the first dot under which it was asked for.
    standings: Mutex<FxHashMap<(usize, &'static str), ByTop>>,
}

type ByTop = Vec<(String, Standing)>;

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
        /// Why it may be there all the same.
        there: There,
    },
}

/// Why a distribution that nobody declares may be installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    /// It is never without this declared one, to which it belongs.
    Companion(String),
    /// This part of the project needs it, which answers for that.
    Part(String),
    /// This declared one needs it today.
    Needed(String),
    /// This lock file has it, for a reason that is not known.
    Locked(Utf8PathBuf),
    /// This lock file does not have it.
    Absent(Utf8PathBuf),
    /// Nothing tells.
    Unknown,
}

impl Standing {
    /// The name of a distribution that is not declared for production.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Fine => None,
            Self::Development { name, .. } | Self::Missing { name, .. } => Some(name),
        }
    }
}

/// The first import of a distribution by a file, where that is not declared for production.
#[derive(Clone, Debug)]
pub struct Open<'o> {
    /// The import.
    pub import: Needed<'o>,
    /// Where its distribution stands, which is not fine.
    pub standing: Standing,
    /// The name of the distribution.
    pub name: &'static str,
}

impl ImportModel {
    /// The distributions that a file needs in production and that are not declared for it, each with its first import. To
    /// be asked for each file that is judged: it is not read again to find out which file is the first.
    pub fn open<'o>(
        &self,
        facts: &Facts<'_>,
        file: &File,
        role: Role,
        text: &'o str,
        outline: &'o Outline,
    ) -> Vec<Open<'o>> {
        let component = file.component;
        let mut all: Vec<Open<'o>> = Vec::new();
        if self.components.get(component).is_none_or(|it| !it.whole) {
            return all;
        }
        if runs_in_production(role, file) {
            let is_open = |top: &str| self.may_be_open(facts, component, top);
            for import in needed(text, outline, is_open) {
                let standing = self.standing(facts, component, &import.module);
                if let Some(name) = standing.name()
                    && all.iter().all(|it| it.name != name)
                {
                    all.push(Open { import, standing, name });
                }
            }
        }
        let names: Vec<_> = all.iter().map(|it| it.name).collect();
        self.firsts[component].take(facts, &file.path, &names);
        all
    }

    /// Whether a module whose name begins so may be of a distribution that is not declared for production.
    pub(super) fn may_be_open(&self, facts: &Facts<'_>, component: usize, top: &str) -> bool {
        may_be_given(top)
            && !facts.modules().is_first_party(top)
            && (!is_given_as_a_whole(top) || self.standing(facts, component, top) != Standing::Fine)
    }

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
        let key = (component, names[0]);
        let known = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        let of_top = known.get(&key).into_iter().flatten().find(|(name, _)| name == top);
        if let Some((_, standing)) = of_top {
            return standing.clone();
        }
        drop(known);
        let standing = self.judged(facts, component, declared, &names, top);
        let mut known = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_default().push((top.to_owned(), standing.clone()));
        standing
    }

    fn judged(
        &self,
        facts: &Facts<'_>,
        component: usize,
        declared: &Declared,
        names: &[&'static str],
        top: &str,
    ) -> Standing {
        let normal: Vec<String> = names.iter().map(|name| super::normalised(name)).collect();
        let groups: Vec<_> = normal.iter().filter_map(|it| declared.names.get(it)).collect();
        if groups.iter().any(|groups| groups.product) {
            return Standing::Fine;
        }
        let normal: Vec<&str> = normal.iter().map(String::as_str).collect();
        let name = names[0];
        if let Some(group) = groups.iter().find_map(|groups| groups.development.clone()) {
            return self.of_development(facts, component, &normal, name, group);
        }
        self.of_missing(facts, component, &normal, name, top)
    }

    /// Whether a file is the first of its component, by path, that needs a distribution and runs in production.
    pub fn is_first(
        &self,
        facts: &Facts<'_>,
        component: usize,
        path: &Utf8Path,
        name: &'static str,
    ) -> bool {
        let firsts = self.firsts.get(component);
        firsts.is_none_or(|it| it.is_first(facts, self, component, path, name))
    }

    fn of_development(
        &self,
        facts: &Facts<'_>,
        component: usize,
        names: &[&str],
        name: &'static str,
        group: String,
    ) -> Standing {
        let declared = &self.components[component];
        let graph = self.graph(facts, component);
        let bringer = match graph {
            Some((graph, _)) => graph.bringer(declared.products(), names).map(str::to_owned),
            None => declared.companion_of(names),
        };
        // Without a lock, an extra may bring it.
        if graph.is_none() && declared.extras {
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
        let declared = &self.components[component];
        if declared.resembles(top)
            || self.elsewhere.is_local(facts, top)
            || self.elsewhere.is_installed(facts, names)
        {
            return Standing::Fine;
        }
        let graph = self.graph(facts, component);
        let there = match (declared.companion_of(names), graph) {
            (Some(companion), _) => There::Companion(companion),
            (None, None) if declared.extras => return Standing::Fine,
            (None, None) => There::Unknown,
            (None, Some((graph, lock))) => self.by_lock(facts, component, graph, lock, names),
        };
        Standing::Missing { name, there }
    }

    /// What a lock file tells of distributions that nobody declares.
    fn by_lock(
        &self,
        facts: &Facts<'_>,
        component: usize,
        graph: &LockGraph,
        lock: &Utf8Path,
        names: &[&str],
    ) -> There {
        let products = || self.components[component].products();
        if let Some(bringer) = graph.bringer(products().filter(|it| !self.own.contains(*it)), names)
        {
            return There::Needed(bringer.to_owned());
        }
        // What a part of the project needs in turn is its own business.
        let itself = super::normalised(&facts.project().components[component].name);
        let parts = products().filter(|it| self.own.contains(*it) && *it != itself);
        match graph.bringer(parts, names) {
            Some(part) => There::Part(part.to_owned()),
            None if graph.has(names) => There::Locked(lock.to_owned()),
            None => There::Absent(lock.to_owned()),
        }
    }

    /// Who needs whom by the lock files of a component, and the lock file that was asked.
    fn graph(&self, facts: &Facts<'_>, component: usize) -> Option<&(LockGraph, Utf8PathBuf)> {
        let graph = self.graphs.get(component)?.get_or_init(|| {
            let dependencies = facts.dependencies().components.get(component)?;
            let of_locks = dependencies.locks.iter().map(|lock| (&lock.path, lock.kind));
            let of_locks = of_locks.filter(|(_, kind)| *kind != LockKind::Requirements);
            let compiled = dependencies.manifests.iter();
            let compiled = compiled.filter(|it| it.exported && it.whole && it.group == Group::Main);
            let compiled = compiled.map(|it| (&it.path, LockKind::Requirements));
            of_locks.chain(compiled).find_map(|(path, kind)| {
                let document = facts.text(path).whole()?;
                Some((LockGraph::read(document.text(), kind)?, path.clone()))
            })
        });
        graph.as_ref()
    }
}

/// Whether a file runs where only what is declared for everybody is installed. A command that is no part of a package is
/// mostly for those who work on the project, and so is what lies in a folder of tools.
pub fn runs_in_production(role: Role, file: &File) -> bool {
    let mut parts = file.path.components().map(|part| part.as_str());
    let by_hand = if file.in_package {
        parts.clone().next().is_some_and(|it| TOOLING.contains(&it))
            || parts.any(|it| it == "deprecated")
    } else {
        parts.any(|it| TOOLING.contains(&it) || OCCASIONAL.contains(&it) || it == "deprecated")
    };
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
const TOOLING: [&str; 10] =
    ["scripts", "tools", "ci", ".ci", "bundle", "contrib", "dev", "devtools", "hack", "packaging"];

/// Folders of what was written for one occasion, where it is no part of a package.
const OCCASIONAL: [&str; 5] = ["data", "datasets", "experiments", "notebooks", "research"];

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
        let mut found = self.products().filter(|name| comes_with(name, names));
        found.next().map(str::to_owned)
    }
}

/// How the names of distributions begin that are built on another one and do not bring its modules.
const ADD_ONS: [&str; 8] =
    ["types-", "pytest-", "django-", "flask-", "opentelemetry-", "sphinx-", "mkdocs-", "fastapi-"];

/// What is put behind the name of a distribution for a build or a successor of it.
const BUILDS: [&str; 10] =
    ["-ng", "-fork", "-binary", "-python", "-python3", "-nightly", "-lite", "-py", "-gpu", "-cpu"];

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
    ImportModel {
        components: (0..count).map(|component| declared(facts, component)).collect(),
        firsts: files.into_iter().map(|files| Firsts::new(facts, files)).collect(),
        graphs: (0..count).map(|_| OnceLock::new()).collect(),
        elsewhere: Elsewhere::default(),
        own: project.components.iter().map(|it| super::normalised(&it.name)).collect(),
        standings: Mutex::default(),
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
    all.whole &= some && !is_in_bench(facts, &own.path);
    all
}

/// Whether an application is installed beside Frappe and what that needs, which it need not declare
/// (<https://docs.frappe.io/framework/user/en/basics/apps>).
fn is_in_bench(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    let manifest = facts.toml(&folder.join("pyproject.toml")).whole();
    manifest.is_some_and(|it| it.value().is_some_and(|it| it.at(&["tool", "bench"]).is_some()))
}

/// What is declared; where what is for everybody was left to a compiled file, what stands in it.
fn requirements(dependencies: &Dependencies) -> impl Iterator<Item = &Requirement> {
    let is_source = |it: &Manifest| {
        it.whole && !it.exported && it.requirements.iter().any(|it| it.group == Group::Main)
    };
    let none = !dependencies.manifests.iter().any(is_source);
    let is_compiled = move |it: &&Manifest| {
        none && it.exported && it.kind != ManifestKind::Constraints && it.group == Group::Main
    };
    let compiled = dependencies.manifests.iter().filter(is_compiled);
    dependencies.declared().chain(compiled.flat_map(|manifest| &manifest.requirements))
}
