//! Configuration files to keys and values, each judged by what its key promises; knows syntax, and no path.
//!
//! Each syntax has a reader of its own that cannot fail: files are often templates, or broken, and what stands in
//! them is secret all the same. A reader finds entries, and [`judge::Judge`] alone decides what they are.

mod docker;
mod env;
mod flow;
mod ini;
mod judge;
mod lines;
mod netrc;
mod properties;
mod shell;
mod toml;
mod yaml;

use std::ops::Range;

use crate::Secret;
use judge::Judge;

pub(crate) use judge::judge_entry;

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

/// Finds the secrets of a whole file, in the order of their spans, which do not overlap.
///
/// What the pass over raw bytes recognises, real or fabricated, is not judged by its name again; on lines longer than
/// 64 kB only that pass looks.
pub fn scan_document(text: &str, kind: DocumentKind) -> Vec<Secret> {
    let mut judge = Judge::new(text);
    if judge.has_short_lines() {
        read(&mut judge, 0..text.len(), kind);
    }
    judge.finish()
}

/// Reads a part of the text as a document of its own.
fn read(judge: &mut Judge<'_>, range: Range<usize>, kind: DocumentKind) {
    match kind {
        DocumentKind::Env => env::read(judge, range),
        DocumentKind::Yaml => yaml::read(judge, range),
        DocumentKind::Toml => toml::read(judge, range),
        DocumentKind::Json => flow::read_json(judge, range),
        DocumentKind::Ini => ini::read(judge, range),
        DocumentKind::Properties => properties::read(judge, range),
        DocumentKind::Dockerfile => docker::read(judge, range),
        DocumentKind::Shell => shell::read(judge, range),
        DocumentKind::Netrc => netrc::read(judge, range),
        DocumentKind::Text => {}
    }
}

#[cfg(test)]
mod tests;
