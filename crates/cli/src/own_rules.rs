//! The rules that a project brings itself: TOML files in the folders that its configuration names.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Rule, RuleFile};
use roadworthy_parser::{quoted, without_values};

use crate::config::keys::RULE_PATHS;
use crate::config::{Config, Located};
use crate::error::{ConfigError, Error, Place};

/// Reads all rules of a configuration, by path.
///
/// # Errors
/// When a folder or a rule in it cannot be used.
pub(crate) fn read(
    config: &Config,
    working_directory: &Utf8Path,
) -> Result<Vec<&'static Rule>, Error> {
    let mut rules = Vec::new();
    for folder in config.settings.list(&RULE_PATHS) {
        let absolute = folder.at.file.folder.join(&folder.text);
        let mut files = Vec::new();
        collect(folder, &absolute, &mut files)?;
        files.sort();
        if files.is_empty() {
            let sentence = format!("{} holds no rule: put TOML files in it", quoted(&folder.text));
            return Err(folder.error(sentence).into());
        }
        for file in files {
            rules.push(rule(&file, working_directory)?);
        }
    }
    Ok(rules)
}

fn collect(
    written: &Located,
    folder: &Utf8Path,
    files: &mut Vec<Utf8PathBuf>,
) -> Result<(), Error> {
    let cannot = |error: &std::io::Error| {
        let reason = match error.kind() {
            std::io::ErrorKind::NotFound => "does not exist".to_owned(),
            kind => format!("cannot be read ({kind})"),
        };
        let sentence = format!("the folder {} of rules {reason}", quoted(&written.text));
        written.error(sentence)
    };
    for entry in folder.read_dir_utf8().map_err(|error| cannot(&error))? {
        let entry = entry.map_err(|error| cannot(&error))?;
        // Links are not followed, so that the walk ends.
        let kind = entry.file_type().map_err(|error| cannot(&error))?;
        if kind.is_dir() {
            collect(written, entry.path(), files)?;
        } else if entry.path().extension() == Some("toml") {
            files.push(entry.path().to_owned());
        }
    }
    Ok(())
}

fn rule(file: &Utf8Path, working_directory: &Utf8Path) -> Result<&'static Rule, Error> {
    let shown = file.strip_prefix(working_directory).unwrap_or(file);
    let refuse = |line: Option<usize>, sentence: String| ConfigError {
        path: shown.to_owned(),
        place: line.map(|line| Place { line, column: 1 }),
        sentence,
    };
    let source = fs::read_to_string(file)
        .map_err(|error| refuse(None, format!("the rule cannot be read ({})", error.kind())))?;
    let wrong = |error: roadworthy_engine::RuleFileError| {
        refuse(error.line, format!("this is no rule: {}", without_values(&error.message)))
    };
    let parsed = RuleFile::parse(&source).map_err(wrong)?;
    if file.file_stem() != Some(parsed.name.as_str()) {
        let name = quoted(&parsed.name);
        let sentence = format!("the rule is named {name}, which is to be the file's name, too");
        return Err(refuse(None, sentence).into());
    }
    let group = file.parent().and_then(Utf8Path::file_name).unwrap_or("own");
    let rule = parsed.into_rule(group, &source).map_err(wrong)?;
    // A rule lives as long as the program.
    Ok(Box::leak(Box::new(rule)))
}
