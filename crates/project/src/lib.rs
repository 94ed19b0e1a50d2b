//! A folder to a [`Project`]: which files there are, what each is for, which component owns it and what
//! that component's manifests declare. The only crate that reads files; it knows no rules.

mod component;
mod discover;
mod excludes;
mod folders;
mod in_memory;
mod manifest;
mod read;
mod role;

pub use component::{Component, Distribution, EntryPoint};
pub use discover::{
    DiscoverError, DiscoverOptions, File, Problem, Project, discover, discover_unsaved,
};
pub use excludes::DEFAULT_EXCLUDES;
pub use read::{ReadError, read};
pub use role::{Role, RoleReason, RoleSet, role_of};
