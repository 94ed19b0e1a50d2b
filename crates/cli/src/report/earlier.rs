//! Earlier reports: those of `--history` and the one of `--compare`. Knows files and sentences.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_report::Earlier;

use crate::args::ReportArguments;
use crate::error::Error;

/// The reports that the arguments name: the history, oldest first, and the one to compare with.
///
/// # Errors
/// When one cannot be read or is none.
pub(super) fn read(arguments: &ReportArguments) -> Result<(Vec<Earlier>, Option<Earlier>), Error> {
    let mut history = Vec::new();
    for path in &arguments.history {
        for path in reports(path)? {
            history.push(one("--history", &path)?);
        }
    }
    history.sort_by(|a, b| a.as_of.cmp(&b.as_of));
    let base = arguments.compare.as_ref().map(|path| one("--compare", path)).transpose()?;
    Ok((history, base))
}

/// A file, or the files of a folder, by name.
fn reports(path: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable = |error: &std::io::Error| {
        Error::Usage(format!(
            "--history: `{path}` cannot be read ({}); name another folder",
            error.kind()
        ))
    };
    let mut files = Vec::new();
    for entry in path.read_dir_utf8().map_err(|error| unreadable(&error))? {
        let file = entry.map_err(|error| unreadable(&error))?.into_path();
        if file.extension() == Some("json") {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(Error::Usage(format!(
            "--history: there is no report in `{path}`; keep them there by `roadworthy report --output json:{path}/DAY.json`"
        )));
    }
    files.sort_unstable();
    Ok(files)
}

fn one(option: &str, path: &Utf8Path) -> Result<Earlier, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let kind = error.kind();
        Error::Usage(format!("{option}: `{path}` cannot be read ({kind}); name a report in JSON"))
    })?;
    Earlier::from_json(&text).map_err(|error| Error::Usage(format!("{option}: `{path}`: {error}")))
}
