//! What components declare, lock and take from where: manifests and lock files to requirements with places. Knows
//! packaging formats, no code and no rule.

mod conda;
mod files;
mod locks;
mod pipfile;
mod poetry;
mod pyproject;
mod requirement;
mod requirements;
mod setup_cfg;
mod setup_py;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use pep440_rs::{Version, VersionSpecifiers};
use roadworthy_parser::Span;

use super::value::Value;
use super::{Document, Facts, Located, Place, Reading};
use files::FileOf;
pub use locks::Packages;
pub use requirement::{normalised, overlap, source_of};

/// The dependencies of all components.
#[derive(Clone, Debug, Default)]
pub struct DependencyModel {
    /// By the index of the component.
    pub components: Vec<Dependencies>,
}

/// What one component declares and locks.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// Its manifests, by path and place.
    pub manifests: Vec<Manifest>,
    /// Its lock files. A requirements file whose every line is pinned is one, too.
    pub locks: Vec<Lock>,
    /// Why not everything is known: "setup.py computes its requirements". Empty where all is.
    pub unknown: Vec<String>,
}

/// A file, or a part of one, that declares requirements.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub path: Utf8PathBuf,
    /// What it is written in.
    pub kind: ManifestKind,
    /// What it requires.
    pub requirements: Vec<Requirement>,
    /// For whom it is, where the file as a whole is for somebody: `requirements-dev.txt`.
    pub group: Group,
    /// Whether it speaks for the whole component: it lies in its folder, or in `requirements/` below. Any other speaks for
    /// the folder that it lies in, as `deploy/requirements.txt` does.
    pub whole: bool,
    /// The versions of Python it takes.
    pub requires_python: Option<Located<VersionSpecifiers>>,
    /// Whether it was exported or compiled from another one, as far as its header or its hashes say so: such a file declares
    /// nothing.
    pub exported: bool,
    /// Whether every requirement has a hash, so that it does not matter who answers for it.
    pub hashed: bool,
    /// Indexes that it names besides the default one, or instead of it.
    pub indexes: Vec<Index>,
    /// Hosts whose certificates are not checked.
    pub trusted_hosts: Vec<Located<String>>,
    /// Files that it includes by `-r` and `-c` or names as its own, whether they are there or not.
    pub includes: Vec<Utf8PathBuf>,
}

/// The kinds of manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the file of its name")]
pub enum ManifestKind {
    Pyproject,
    Poetry,
    Requirements,
    Constraints,
    SetupCfg,
    SetupPy,
    Pipfile,
    Conda,
}

/// An index of packages that a manifest names.
#[derive(Clone, Debug)]
pub struct Index {
    /// Where it lies, without log-ins.
    pub url: String,
    /// Whether it is asked besides another one for every package, so that either may answer.
    pub extra: bool,
    /// Whether packages are bound to it by name.
    pub explicit: bool,
    /// Where that is written.
    pub place: Place,
}

/// One requirement.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The name of the distribution, normalised (PEP 503): `zope-interface`.
    pub name: String,
    /// The versions it takes; none means all.
    pub versions: VersionSpecifiers,
    /// The extras it asks for.
    pub extras: Vec<String>,
    /// Its marker, as written.
    pub marker: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// For whom it is.
    pub group: Group,
    /// Where it stands.
    pub place: Place,
}

/// Where a distribution comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An index.
    Index,
    /// A repository; the revision where one is named, and whether that is a whole commit.
    Repository {
        /// A branch, a tag or a commit.
        revision: Option<String>,
        /// Whether it can only be one commit.
        pinned: bool,
    },
    /// An archive on the network, and whether a hash of it is given.
    Archive {
        /// Whether a hash of it is given.
        hashed: bool,
        /// Whether its name holds a version, as that of a release does.
        versioned: bool,
    },
    /// A folder or file of the same machine, such as another component.
    Local,
}

/// For whom a requirement is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Everybody.
    Main,
    /// Those who ask for an extra, or for a group whose name does not speak of work on the project.
    Extra(String),
    /// Those who work on the project: a group of PEP 735, of Poetry or Hatch, a file `requirements-dev.txt`.
    Development(String),
    /// What builds it.
    Build,
}

/// A lock file.
#[derive(Clone, Debug)]
pub struct Lock {
    /// The file.
    pub path: Utf8PathBuf,
    /// Who writes it.
    pub kind: LockKind,
    /// What is locked, read when it is first asked for.
    pub packages: Packages,
    /// The versions of Python it was made for.
    pub requires_python: Option<Located<VersionSpecifiers>>,
}

/// The kinds of lock files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the file of its name")]
pub enum LockKind {
    Uv,
    Poetry,
    Pdm,
    Pipfile,
    Pylock,
    Conda,
    /// Requirements of which every one is pinned.
    Requirements,
}

/// One locked distribution.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its normalised name.
    pub name: String,
    /// Its version; `None` where it comes from a folder or a repository.
    pub version: Option<Version>,
    /// Where it stands.
    pub place: Place,
}

impl Manifest {
    fn new(path: &Utf8Path, kind: ManifestKind) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            requirements: Vec::new(),
            group: Group::Main,
            whole: true,
            requires_python: None,
            exported: false,
            hashed: false,
            indexes: Vec::new(),
            trusted_hosts: Vec::new(),
            includes: Vec::new(),
        }
    }
}

impl Manifest {
    /// Makes what is for everybody something for a group.
    fn give_to(&mut self, group: &Group) {
        self.group = group.clone();
        let main = self.requirements.iter_mut().filter(|it| it.group == Group::Main);
        main.for_each(|requirement| requirement.group = group.clone());
    }
}

impl Dependencies {
    /// What the component declares, in all its manifests but those that others were compiled to.
    pub fn declared(&self) -> impl Iterator<Item = &Requirement> {
        let declares = |it: &&Manifest| !it.exported && it.kind != ManifestKind::Constraints;
        self.manifests.iter().filter(declares).flat_map(|manifest| &manifest.requirements)
    }

    /// The manifest of a file; `pyproject.toml` may hold one of Poetry besides.
    pub fn manifest(&self, path: &Utf8Path) -> Option<&Manifest> {
        self.manifests.iter().find(|manifest| manifest.path == path)
    }
}

impl Lock {
    /// The locked distributions of a name, of which there may be several: one for each platform.
    pub fn of_name(&self, name: &str) -> impl Iterator<Item = &Locked> {
        self.packages.iter().filter(move |locked| locked.name == name)
    }
}

fn development(name: &str) -> Group {
    Group::Development(name.to_owned())
}

/// The place of a value; of a text what is between its quotes.
fn place_of(document: &Document, value: &Value) -> Place {
    let Span { start, end } = value.span;
    let text = value.span.of_text(document.text());
    let quotes =
        u32::from(value.text().is_some() && text.len() > 1 && text.starts_with(['"', '\'']));
    Place::new(&document.path, Span::new(start + quotes, end - quotes))
}

/// A URL without what stands before its host.
fn without_login(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let login = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[login..])
}

/// Reads the dependencies of all components.
pub(super) fn read(facts: &Facts<'_>) -> DependencyModel {
    let mut reader = Reader {
        facts,
        components: facts.project().components.iter().map(|_| Dependencies::default()).collect(),
        included: BTreeMap::new(),
        wanted: BTreeSet::new(),
        seen: BTreeSet::new(),
        locks: Vec::new(),
    };
    for path in facts.tree().files() {
        match files::kind_of(path) {
            None => {}
            Some(FileOf::Lock(kind)) => reader.locks.push((path, kind)),
            Some(FileOf::Manifest(kind)) => reader.take(path, kind),
        }
    }
    reader.take_included();
    reader.take_locks();
    for dependencies in &mut reader.components {
        let key = |it: &Manifest| (it.path.clone(), it.kind);
        dependencies.manifests.sort_by_key(key);
        dependencies.locks.sort_by(|a, b| a.path.cmp(&b.path));
        dependencies.unknown.sort();
        dependencies.unknown.dedup();
    }
    DependencyModel { components: reader.components }
}

struct Reader<'f> {
    facts: &'f Facts<'f>,
    components: Vec<Dependencies>,
    /// Files that others include, which need not have a telling name.
    included: BTreeMap<Utf8PathBuf, ManifestKind>,
    /// Those of them that the main requirements include, in the end: they are for everybody.
    wanted: BTreeSet<Utf8PathBuf>,
    seen: BTreeSet<Utf8PathBuf>,
    locks: Vec<(&'f Utf8Path, LockKind)>,
}

impl Reader<'_> {
    fn take(&mut self, path: &Utf8Path, kind: ManifestKind) {
        let facts = self.facts;
        self.seen.insert(path.to_owned());
        let Some(component) = facts.component_of(path) else { return };
        let root = &facts.project().components[component].path;
        let group = match files::group_of(path, root) {
            Group::Extra(_) if self.wanted.contains(path) => Group::Main,
            group => group,
        };
        let whole = files::is_whole(path, root);
        match kind {
            ManifestKind::Requirements | ManifestKind::Constraints => {
                self.take_requirements(path, kind, component, &group, whole);
                return;
            }
            ManifestKind::SetupPy => {
                self.take_setup_py(path, component, whole);
                return;
            }
            _ => {}
        }
        let reading = match kind {
            ManifestKind::SetupCfg => facts.ini(path),
            ManifestKind::Conda => facts.yaml(path),
            _ => facts.toml(path),
        };
        let document = match reading {
            Reading::Missing => return,
            Reading::Broken => {
                self.unknown(component, format!("{path} cannot be read"));
                return;
            }
            Reading::Whole(document) => document,
        };
        if let ManifestKind::Pyproject = kind
            && let Some(fault) = shape::fault(&document)
        {
            self.unknown(component, format!("{path} {}", fault.sentence));
            facts.refuse(path, fault);
            return;
        }
        let manifests = match kind {
            ManifestKind::SetupCfg => vec![setup_cfg::read(&document)],
            ManifestKind::Pipfile => vec![pipfile::read(&document)],
            ManifestKind::Conda => {
                let group = group.clone();
                vec![conda::read(&document, &group).map(|it| Manifest { group, ..it })]
            }
            _ => {
                let read = pyproject::read(&document);
                if read.dynamic && !self.has_setup(path) {
                    self.unknown(component, format!("{path} leaves its dependencies to its build"));
                }
                vec![read.manifest, poetry::read(&document)]
            }
        };
        let aside = files::group_of_folder(path, root);
        for mut manifest in manifests.into_iter().flatten() {
            self.include(&manifest, &[]);
            if let Some(group) = &aside {
                manifest.give_to(group);
            }
            self.components[component].manifests.push(Manifest { whole, ..manifest });
        }
    }

    /// Whether setuptools finds requirements beside a `pyproject.toml`.
    fn has_setup(&self, path: &Utf8Path) -> bool {
        let tree = self.facts.tree();
        ["setup.py", "setup.cfg"].iter().any(|name| tree.is_file(&path.with_file_name(name)))
    }

    fn unknown(&mut self, component: usize, sentence: String) {
        self.components[component].unknown.push(sentence);
    }

    fn include(&mut self, manifest: &Manifest, constraints: &[Utf8PathBuf]) {
        for path in &manifest.includes {
            let constraint =
                constraints.contains(path) || manifest.kind == ManifestKind::Constraints;
            let kind =
                if constraint { ManifestKind::Constraints } else { ManifestKind::Requirements };
            // What is required by one is required, though another takes it for constraints.
            let known = self.included.entry(path.clone()).or_insert(kind);
            *known = (*known).min(kind);
        }
    }

    fn take_setup_py(&mut self, path: &Utf8Path, component: usize, whole: bool) {
        let Some(file) = self.facts.python(path) else {
            self.unknown(component, format!("{path} cannot be read"));
            return;
        };
        let Some(read) = setup_py::read(&file) else { return };
        if read.computed {
            self.unknown(component, format!("{path} computes its requirements"));
        }
        self.components[component].manifests.push(Manifest { whole, ..read.manifest });
    }

    fn take_requirements(
        &mut self,
        path: &Utf8Path,
        kind: ManifestKind,
        component: usize,
        group: &Group,
        whole: bool,
    ) {
        let document = match self.facts.text(path) {
            Reading::Missing => return,
            Reading::Broken => return self.unknown(component, format!("{path} cannot be read")),
            Reading::Whole(document) => document,
        };
        if let Some(fault) = requirements::fault(&document) {
            self.unknown(component, format!("{path} {}", fault.sentence));
            self.facts.refuse(path, fault);
            return;
        }
        let read = requirements::read(&document, kind, group);
        self.include(&read.manifest, &read.constraints);
        if *group == Group::Main {
            self.wanted.extend(read.manifest.includes.iter().cloned());
        }
        let mut manifest = Manifest { group: group.clone(), whole, ..read.manifest };
        manifest.hashed = read.hashed;
        manifest.exported |= read.hashed;
        if let Some(sentence) = read.unknown {
            self.unknown(component, sentence);
        } else if kind == ManifestKind::Requirements
            && !self.is_compiled(path)
            && let Some(lock) = lock_of(&manifest)
        {
            self.components[component].locks.push(lock);
        }
        self.components[component].manifests.push(manifest);
    }

    /// Whether a file of requirements is what another one is compiled from: `requirements.in` beside `requirements.txt`.
    fn is_compiled(&self, path: &Utf8Path) -> bool {
        path.extension() == Some("in") && self.facts.tree().is_file(&path.with_extension("txt"))
    }

    /// Takes the files that others include. Each is read once, so that a circle ends.
    fn take_included(&mut self) {
        while let Some((path, kind)) = self.included.pop_first() {
            if self.facts.tree().is_file(&path) && !self.seen.contains(&path) {
                self.take(&path, kind);
            }
        }
    }

    /// Gives each lock file to the component in whose folder it lies, and to those below that it names. One that lies deeper
    /// locks something else: what builds the documentation.
    fn take_locks(&mut self) {
        let facts = self.facts;
        let components = &facts.project().components;
        for (path, kind) in std::mem::take(&mut self.locks) {
            let document = facts.text(path).whole();
            let fault = document.as_deref().and_then(|it| locks::fault(it, kind));
            let broken = fault.is_some();
            if let Some(fault) = fault {
                facts.refuse(path, fault);
            }
            let Some(document) = document.filter(|_| !broken) else {
                if let Some(component) = facts.component_of(path) {
                    self.unknown(component, format!("{path} cannot be read"));
                }
                continue;
            };
            let owner = facts.component_of(path);
            if let Some(owner) = owner.filter(|&it| files::is_whole(path, &components[it].path)) {
                self.components[owner].locks.push(locks::read(Arc::clone(&document), kind));
            }
            let others = components.iter().enumerate().filter(|&(index, _)| owner != Some(index));
            let mut members = None;
            for (index, component) in others {
                let members = members.get_or_insert_with(|| locks::members(&document));
                if members.contains(&component.path) {
                    self.components[index].locks.push(locks::read(Arc::clone(&document), kind));
                }
            }
        }
    }
}

/// A file of requirements as a lock file, where each of them is pinned.
fn lock_of(manifest: &Manifest) -> Option<Lock> {
    let requirements = &manifest.requirements;
    let pinned = requirements.iter().all(Requirement::is_pinned);
    let versions = requirements.iter().any(|it| it.version().is_some());
    let locked = |it: &Requirement| Locked {
        name: it.name.clone(),
        version: it.version().cloned(),
        place: it.place.clone(),
    };
    (pinned && versions).then(|| Lock {
        path: manifest.path.clone(),
        kind: LockKind::Requirements,
        // A folder that is installed as it is has no name.
        packages: Packages::known(
            requirements.iter().filter(|it| !it.name.is_empty()).map(locked).collect(),
        ),
        requires_python: None,
    })
}
