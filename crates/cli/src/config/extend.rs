//! Files that extend each other to one configuration: follows `extend` from file to file and lays each
//! under the one that names it. Knows files, and of all keys only the one that it follows.

use std::fs;
use std::io;
use std::sync::Arc;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::config::find::{shown, unreadable};
use crate::config::keys::{EXTEND, KEYS, Merge};
use crate::config::merge::merge;
use crate::config::read::read;
use crate::config::value::{Value, Written};
use crate::config::{Config, packages};
use crate::error::ConfigError;

/// How many files may stand behind the first.
const DEEPEST: usize = 10;

/// The file that a chain begins with.
pub(super) struct First<'f> {
    pub(super) shown: Utf8PathBuf,
    pub(super) absolute: Utf8PathBuf,
    /// The folder that its patterns are relative to.
    pub(super) root: &'f Utf8Path,
    pub(super) text: String,
}

/// Reads a file and all that it extends. `None` for a `pyproject.toml` that does not speak of us.
pub(super) fn load(
    first: First<'_>,
    working_directory: &Utf8Path,
) -> Result<Option<Config>, ConfigError> {
    let file = Arc::new(Written {
        shown: first.shown,
        root: first.root.to_owned(),
        folder: first.absolute.parent().unwrap_or(first.root).to_owned(),
        extended_by: None,
    });
    let Some(mut settings) = read(&file, &first.text, is_shared(&first.absolute))? else {
        return Ok(None);
    };
    let mut files = vec![file.shown.clone()];
    let mut chain = vec![canonical(&first.absolute)];
    let mut absolute = first.absolute;
    let mut reference = settings.get(&EXTEND).cloned();
    while let Some(value) = reference {
        let refuse = |sentence: String| value.at.error(sentence);
        absolute = target(&value, &absolute).map_err(refuse)?;
        let name = shown(&normalized(&absolute), working_directory);
        let known = canonical(&absolute);
        if let Some(start) = chain.iter().position(|other| *other == known) {
            let circle: Vec<_> =
                files[start..].iter().chain([&name]).map(|it| it.as_str()).collect();
            let circle = circle.join("` -> `");
            return Err(refuse(format!(
                "`extend` runs in a circle: `{circle}`; take one of these out"
            )));
        }
        if chain.len() > DEEPEST {
            return Err(refuse(format!(
                "`extend` leads through more than {DEEPEST} files; put some of them together"
            )));
        }
        let text = text(&absolute, &name, &value).map_err(refuse)?;
        let folder = normalized(absolute.parent().unwrap_or(&absolute));
        let file = Arc::new(Written {
            // In a folder around the project patterns mean what they mean where they are written. From
            // elsewhere they can only be meant for the project that takes them.
            root: if first.root.starts_with(&folder) {
                folder.clone()
            } else {
                first.root.to_owned()
            },
            folder,
            shown: name.clone(),
            extended_by: Some(value.at.to_string()),
        });
        let mut below = read(&file, &text, is_shared(&absolute))?.ok_or_else(|| {
            refuse(format!(
                "`extend` leads to `{name}`, which has no table [tool.roadworthy]; add one"
            ))
        })?;
        reference = below.get(&EXTEND).cloned();
        // These speak of their own file.
        let own = |name: &str| KEYS.iter().any(|key| key.name == name && key.merge == Merge::Own);
        below.entries.retain(|(name, _)| !own(&name.text));
        settings = merge(below, settings);
        files.push(name);
        chain.push(known);
    }
    let extends = files.split_off(1);
    Ok(Some(Config { file: file.shown.clone(), extends, settings }))
}

/// Whether a file is one of others, in which only a table speaks to us.
fn is_shared(file: &Utf8Path) -> bool {
    file.file_name() == Some("pyproject.toml")
}

/// The file that `extend` names, in a file of its own.
fn target(value: &Value, by: &Utf8Path) -> Result<Utf8PathBuf, String> {
    let written = value.text().unwrap_or_default();
    let folder = by.parent().unwrap_or(by);
    if let Some(package) = written.strip_prefix("package:") {
        return packages::find(package, folder);
    }
    if written.trim().is_empty() {
        return Err("`extend` takes a path or `package:NAME`, not nothing".to_owned());
    }
    let at_home =
        written.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
    match at_home {
        None => Ok(folder.join(written)),
        Some(rest) => {
            let home = std::env::home_dir().and_then(|home| Utf8PathBuf::from_path_buf(home).ok());
            let home =
                home.ok_or("`extend` begins with `~`, but nothing says where that is; set HOME")?;
            Ok(home.join(rest.trim_start_matches(['/', '\\'])))
        }
    }
}

fn text(absolute: &Utf8Path, name: &Utf8Path, value: &Value) -> Result<String, String> {
    let leads = || format!("`extend` leads to `{name}`, which");
    fs::read_to_string(absolute).map_err(|error| match error.kind() {
        _ if absolute.is_dir() => format!("{} is a folder; name the file in it", leads()),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let written = value.text().unwrap_or_default();
            let way_out = match written.split_once(':') {
                Some((_, rest)) if rest.starts_with("//") => {
                    "nothing is fetched from a network: ship the file in a Python package and write \
                     `package:NAME`"
                }
                Some((word, _)) if roadworthy_engine::nearest(word, &["package"]).is_some() => {
                    "did you mean `package:NAME`?"
                }
                _ => "give a path relative to the folder of this file",
            };
            format!("{} does not exist; {way_out}", leads())
        }
        kind => format!("{} {}", leads(), unreadable(kind)),
    })
}

fn canonical(file: &Utf8Path) -> Utf8PathBuf {
    file.canonicalize_utf8().unwrap_or_else(|_| normalized(file))
}

/// A path without `.` and `..`.
fn normalized(path: &Utf8Path) -> Utf8PathBuf {
    let mut parts = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}
