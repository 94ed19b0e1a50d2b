//! Python text to an [`Outline`] without a tree, to [`Region`]s worth parsing, and to [`SyntaxTree`]s.
//!
//! This crate does no I/O, knows no rules and cannot fail: whatever the bytes, scanning and parsing
//! end, and what could not be understood is said in [`Outline::flaw`].

mod codecs;
mod definition;
mod encode;
mod kind;
mod line_index;
mod notebook;
mod outline;
mod quote;
mod region;
mod scanner;
mod source;
mod span;
mod syntax;
mod tree_outline;

pub use definition::{
    Argument, Definition, DefinitionId, DefinitionKind, Parameter, ParameterKind, Signature,
    TypeParameter,
};
pub use encode::encode_like;
pub use kind::{kind_id, language};
pub use line_index::{LineIndex, Position};
pub use notebook::{Cell, Notebook, without_escapes};
pub use outline::{
    Call, Flaw, FlawKind, Import, ImportKind, Keyword, LogicalLine, Outline, StringLiteral,
    dotted_text,
};
pub use quote::{quoted, without_random, without_values};
pub use region::{Region, all_regions, regions_at};
pub use scanner::scan;
pub use source::{DecodeError, Positions, SourceFile};
pub use span::Span;
pub use syntax::{Parser, SyntaxTree};
pub use tree_outline::outline_from_tree;

/// The syntax node type that rules are handed, re-exported so that one version serves all crates.
pub use tree_sitter::Node;
