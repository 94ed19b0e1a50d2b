//! A folder to a [`Project`]: which files there are, what each is for, which component owns it and what
//! that component's manifests declare. The only crate that reads files; it knows no rules.

mod changes;
mod component;
mod convention;
mod discover;
mod excludes;
pub mod facts;
mod folders;
pub mod git;
pub mod history;
mod in_memory;
mod kind;
mod manifest;
mod project;
mod read;
mod role;
mod tree;

pub use changes::{Change, ChangedFiles, ChangesError, LeftOut, Past, WorkingCopy};
pub use component::{Component, Distribution, EntryPoint};
pub use convention::is_loaded_by_name;
pub use discover::{
    DiscoverError, DiscoverOptions, Problem, below, discover, discover_besides, discover_listed,
    discover_unsaved, is_judged, may_be_judged,
};
pub use excludes::DEFAULT_EXCLUDES;
pub use facts::{Facts, Place, Repositories};
pub use git::Repository;
pub use in_memory::Contents;
pub use kind::{FileKind, KindSet};
pub use project::{File, Project};
pub use read::{LARGEST_DOCUMENT, ReadError, decode, read, read_file};
pub use role::{Role, RoleReason, RoleSet, is_put_away, role_of, role_of_document};
pub use tree::{Tree, resolved};
