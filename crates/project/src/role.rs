//! What a file is for. Knows paths, manifests' facts and outlines; reads no file and knows no rules.

mod content;
mod path;
mod put_away;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use roadworthy_parser::{Outline, SourceFile};

pub(crate) use path::{Strength, path_role};
pub use put_away::is_put_away;

use crate::component::{Component, Distribution};
use crate::discover::below;
use crate::kind::FileKind;
use crate::project::File;

/// What a file is for. Rules look at it first: most noise of linters is a finding that is right about
/// the code and wrong about its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Code of a program that runs in production.
    Application,
    /// Code that others install and import.
    Library,
    /// What a user calls on a command line; its output is its product.
    Cli,
    /// Run by hand, by a schedule or by a build; imported by nobody.
    Script,
    /// Tests and what only tests use.
    Test,
    /// A step of a database's history.
    Migration,
    /// Code to read: examples, tutorials, documentation.
    Example,
    /// Cells kept as text (Databricks, Jupytext, exported notebooks).
    Notebook,
    /// Types without code.
    Stub,
    /// Written by a program.
    Generated,
    /// A copy of somebody else's code.
    Vendored,
    /// The configuration of an application, as a module.
    Settings,
}

impl Role {
    /// All roles, in the order of their declaration.
    pub const ALL: [Self; 12] = [
        Self::Application,
        Self::Library,
        Self::Cli,
        Self::Script,
        Self::Test,
        Self::Migration,
        Self::Example,
        Self::Notebook,
        Self::Stub,
        Self::Generated,
        Self::Vendored,
        Self::Settings,
    ];

    /// The name as rules, configuration and reports write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Library => "library",
            Self::Cli => "cli",
            Self::Script => "script",
            Self::Test => "test",
            Self::Migration => "migration",
            Self::Example => "example",
            Self::Notebook => "notebook",
            Self::Stub => "stub",
            Self::Generated => "generated",
            Self::Vendored => "vendored",
            Self::Settings => "settings",
        }
    }

    /// The role of a name; `None` for any other word, the alias `product` included.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the file is part of what is shipped and runs without a person watching.
    pub const fn is_product(self) -> bool {
        RoleSet::PRODUCT.contains(self)
    }

    /// Which of two verdicts of different evidence stands: the lower number. What says that a file is
    /// not ours to change comes first, what is true of whole components last.
    const fn rank(self) -> u8 {
        match self {
            Self::Vendored => 0,
            Self::Generated => 1,
            Self::Stub => 2,
            Self::Test => 3,
            Self::Migration => 4,
            Self::Notebook => 5,
            Self::Example => 6,
            Self::Settings => 7,
            Self::Cli => 8,
            Self::Script => 9,
            Self::Application | Self::Library => 10,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RoleSet(u16);

impl RoleSet {
    /// No role.
    pub const EMPTY: Self = Self(0);
    /// Every role.
    pub const ALL: Self = Self::of(&Role::ALL);
    /// What is shipped and runs without a person watching.
    pub const PRODUCT: Self = Self::of(&[Role::Application, Role::Library, Role::Settings]);
    /// The alias that stands for [`RoleSet::PRODUCT`].
    pub const PRODUCT_NAME: &'static str = "product";

    /// The set of these roles.
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < roles.len() {
            bits |= 1 << roles[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    /// The set of these names; `product` stands for three of them.
    ///
    /// # Errors
    /// The first name that is none.
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, &'n str> {
        names.into_iter().try_fold(Self::EMPTY, |set, name| {
            if name == Self::PRODUCT_NAME {
                return Ok(set.union(Self::PRODUCT));
            }
            Role::from_name(name).map(|role| set.with(role)).ok_or(name)
        })
    }

    /// Whether the role is one of the set.
    pub const fn contains(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }

    /// Whether no role is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with one role more.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u16)
    }

    /// The roles of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The roles that are not in the set.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(Self::ALL.0 & !self.0)
    }

    /// The roles of the set, in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |&role| self.contains(role))
    }
}

/// A role and the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleReason {
    /// The role.
    pub role: Role,
    /// One short phrase: what shows it.
    pub reason: Cow<'static, str>,
}

impl RoleReason {
    /// A role and what shows it.
    pub fn new(role: Role, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { role, reason: reason.into() }
    }
}

/// Decides what a file is for, from its path, its component and its contents.
///
/// The configuration's word is final. Otherwise the strongest role for which there is evidence wins;
/// a file name that merely looks like a test's does not stand against contents without any test.
pub fn role_of(
    file: &File,
    component: &Component,
    source: &SourceFile,
    outline: &Outline,
) -> RoleReason {
    let by_path = file.path_role.as_ref();
    if file.configured
        && let Some(reason) = by_path
    {
        return reason.clone();
    }
    let content = content::Content::new(file, component, source.text(), outline);
    let by_path = by_path.filter(|found| !content.contradicts(found));
    let limit = by_path.map_or(Role::Application.rank(), |found| found.role.rank());
    content
        .role_before(limit)
        .or_else(|| by_path.cloned())
        .unwrap_or_else(|| by_component(component))
}

/// Decides what a file is for that is not Python: by its path alone, so that it need not be read for it.
pub fn role_of_document(file: &File, component: &Component) -> RoleReason {
    if let Some(by_path) = file.path_role.as_ref().filter(|_| file.configured) {
        return by_path.clone();
    }
    let not_ours = |role| role < Role::Test.rank();
    let inside = below(&component.base, &file.absolute).unwrap_or(&file.path);
    match &file.path_role {
        Some(by_path) if not_ours(by_path.role.rank()) => by_path.clone(),
        by_path => path::of_document(inside)
            .or_else(|| by_path.clone())
            .or_else(|| (file.kind == FileKind::Notebook).then(notebook))
            .unwrap_or_else(|| by_component(component)),
    }
}

fn notebook() -> RoleReason {
    RoleReason::new(Role::Notebook, "is a .ipynb file")
}

fn by_component(component: &Component) -> RoleReason {
    let role = match component.distribution {
        Distribution::Library => Role::Library,
        Distribution::Application | Distribution::Unknown => Role::Application,
    };
    RoleReason::new(role, component.distribution_reason.clone())
}

/// Whether the head of a file says that a program wrote it.
#[cfg(test)]
fn content_says_generated(text: &str) -> bool {
    content::says_generated(text)
}
