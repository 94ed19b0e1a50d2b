//! What components declare, lock and take from where: manifests and lock files to requirements with places. Knows
//! packaging formats, no code and no rule.

use camino::Utf8PathBuf;
use pep440_rs::{Version, VersionSpecifiers};

use super::{Facts, Located, Place};

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
    /// The versions of Python it takes.
    pub requires_python: Option<Located<VersionSpecifiers>>,
    /// The file that it was exported or compiled from, as far as its header says so: such a file declares nothing.
    pub exported: bool,
    /// Indexes that it names besides the default one, or instead of it.
    pub indexes: Vec<Index>,
    /// Files that it includes by `-r` and `-c`, as found in the project.
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
    },
    /// A folder or file of the same machine, such as another component.
    Local,
}

/// For whom a requirement is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Everybody.
    Main,
    /// Those who ask for an extra.
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
    /// What is locked.
    pub packages: Vec<Locked>,
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

/// Reads the dependencies of all components.
pub(super) fn read(facts: &Facts<'_>) -> DependencyModel {
    let components = facts.project().components.iter().map(|_| Dependencies::default());
    DependencyModel { components: components.collect() }
}
