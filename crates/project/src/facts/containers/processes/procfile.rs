//! Procfiles to processes: a name, a colon, a command for a shell (<https://devcenter.heroku.com/articles/procfile>).

use camino::Utf8Path;
use roadworthy_parser::Span;

use super::super::development;
use super::files::Files;
use super::{Draft, Reader};
use crate::facts::Place;
use crate::facts::containers::Origin;

pub(super) fn is_procfile(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name == "Procfile" || name.starts_with("Procfile.")
}

pub(super) fn read(reader: &mut Reader<'_, '_>, path: &Utf8Path) {
    let Some(document) = reader.facts.text(path).whole() else { return };
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let mut start = 0;
    for line in document.text().split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some((name, command)) = line.split_once(':') else { continue };
        let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
        let text = command.trim();
        if name.is_empty() || !name.chars().all(is_name) || text.is_empty() {
            continue;
        }
        let from = at + name.len() + 1 + (command.len() - command.trim_start().len());
        reader.add(Draft {
            origin: Origin::Procfile,
            name: name.to_owned(),
            named_in: path.to_owned(),
            words: Some(["bash", "-c", text].map(str::to_owned).to_vec()),
            place: Place::new(path, Span::new(from as u32, (from + text.len()) as u32)),
            image: None,
            folder: Some("/".to_owned()),
            environment: Vec::new(),
            environment_unknown: Some("the platform sets more".to_owned()),
            files: Files::of_folder(folder),
            development: development::of_path(path).or_else(|| for_windows(path)).or_else(|| {
                let word = development::word(name)?;
                Some(format!("its name has the word `{word}`"))
            }),
            init: true,
            shares_network: false,
        });
    }
}

/// No platform runs Windows: who does sits before it.
fn for_windows(path: &Utf8Path) -> Option<String> {
    (path.extension() == Some("windows")).then(|| "it is for Windows".to_owned())
}
