//! What each file is for, and what shows it. Knows no rule.

use std::borrow::Cow;
use std::io::{self, Write};

use roadworthy_engine::FileSummary;
use serde::Serialize;

use crate::json::{VERSION, write};
use crate::{Styles, clean, redacted};

/// Writes one line for each file: path, kind, role, reason.
pub fn files(out: &mut dyn Write, files: &[FileSummary], styles: Styles) -> io::Result<()> {
    let width = |file: &FileSummary| file.path.as_str().chars().count();
    // One long path must not push every role out of sight.
    let width = files.iter().map(width).max().unwrap_or(0).min(60);
    let (strong, faint) = (styles.strong(), styles.faint());
    for file in files {
        let path = clean(file.path.as_str());
        match &file.role {
            Some(role) => writeln!(
                out,
                "{path:width$}  {:10}  {strong}{:11}{strong:#}  {faint}{}{faint:#}",
                file.kind,
                role.role.name(),
                clean(&role.reason)
            )?,
            None => {
                writeln!(out, "{path:width$}  {:10}  {:11}  could not be read", file.kind, "-")?;
            }
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct JsonFiles<'f> {
    version: u32,
    files: Vec<JsonFile<'f>>,
}

#[derive(Serialize)]
struct JsonFile<'f> {
    path: Cow<'f, str>,
    kind: &'f str,
    role: Option<&'f str>,
    reason: Option<Cow<'f, str>>,
    bytes: u64,
}

/// Writes `{"version", "files"}`.
pub fn files_json(out: &mut dyn Write, files: &[FileSummary]) -> io::Result<()> {
    write(out, &JsonFiles { version: VERSION, files: files.iter().map(json).collect() })
}

fn json(file: &FileSummary) -> JsonFile<'_> {
    JsonFile {
        path: redacted(file.path.as_str()),
        kind: file.kind.name(),
        role: file.role.as_ref().map(|role| role.role.name()),
        reason: file.role.as_ref().map(|role| redacted(&role.reason)),
        bytes: file.bytes,
    }
}
