//! What says of a whole file that it is for trying something out: settings that come with a library, a module whose own text says
//! so, the report of a run on one's own machine. Knows no rule and no level.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::Keyword;
use roadworthy_project::{Distribution, FileKind};

use crate::shared::code::text::has_name;

/// Whether settings come with a library so that somebody can try it out: they are those of a new project, with `DEBUG` on.
pub(crate) fn is_to_try_out(file: &FileContext<'_>) -> bool {
    let is_library = file.in_facts().is_some_and(|(facts, known)| {
        let component = facts.project().components.get(known.component);
        component.is_some_and(|it| it.distribution == Distribution::Library)
    });
    is_library && file.source.text().lines().any(|line| line.trim_end() == "DEBUG = True")
}

/// Whether nothing outside of a package of Django's names it, so that its settings are a copy which nothing takes.
pub(crate) fn is_of_idle_site(file: &FileContext<'_>) -> bool {
    const ENDINGS: [&str; 9] = ["cfg", "conf", "env", "ini", "json", "sh", "toml", "yaml", "yml"];
    let Some((facts, known)) = file.in_facts() else { return false };
    let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
    let Some(package) =
        folder.file_name().filter(|_| known.path.file_name() == Some("settings.py"))
    else {
        return false;
    };
    let names = |text: &str| has_name(text, package);
    !facts.answer(known.component, format!("something names the package {folder}"), || {
        let project = facts.project();
        let mut modules = project.files.iter().filter(|it| !it.path.starts_with(folder));
        let mut others = facts.tree().files().filter(|it| {
            let name = it.file_name().unwrap_or_default();
            !it.starts_with(folder)
                && (it.extension().is_some_and(|it| ENDINGS.contains(&it))
                    || ["Dockerfile", "Makefile", "Procfile"].iter().any(|it| name.contains(it)))
        });
        modules.any(|it| facts.source(it).is_some_and(|it| names(it.text())))
            || others.any(|it| facts.text(it).whole().is_some_and(|it| names(it.text())))
    })
}

/// Whether a comment or the docstring of a module says that all of it is for trials: `# This is a demo configuration only!`.
pub(crate) fn is_called_trial(file: &FileContext<'_>) -> bool {
    let first = file.outline.lines.iter().find(|it| it.keyword == Keyword::Other);
    let docstring = first
        .map(|it| file.slice(it.span))
        .filter(|it| it.trim_start_matches(['r', 'R']).starts_with(['"', '\'']));
    let comments = file.outline.comments.iter().map(|&it| file.comment(it));
    comments.chain(docstring.into_iter().flat_map(str::lines)).any(says_trial)
}

/// Whether a line says that what it stands in is for trials.
fn says_trial(line: &str) -> bool {
    const WHAT: [&str; 6] = ["config", "configuration", "project", "set-up", "settings", "setup"];
    const FOR: [&str; 6] = ["demo", "demonstration", "development", "example", "testing", "tests"];
    let line = line.to_ascii_lowercase();
    if line.contains("don't actually use") || line.contains("do not actually use") {
        return true;
    }
    let words: Vec<&str> = line
        .split(|it: char| !it.is_alphanumeric() && it != '-')
        .filter(|it| !it.is_empty())
        .collect();
    let has = |listed: &[&str]| words.iter().any(|it| listed.contains(it));
    has(&["only"]) && has(&["this", "these"]) && has(&WHAT) && has(&FOR)
}

/// Whether a document records what a run against a server of the same machine was answered: who logs in there was made for it.
pub(crate) fn is_report_of_run(file: &FileContext<'_>) -> bool {
    const ADDRESSES: [&str; 4] =
        ["http://localhost", "http://127.0.0.1", "http://0.0.0.0", "http://host.docker"];
    file.kind == FileKind::Json
        && file.source.text().lines().any(|line| {
            line.split_once("_url\"").is_some_and(|(_, value)| {
                let value = value.trim_start_matches([':', ' ', '"']);
                ADDRESSES.iter().any(|it| value.starts_with(it))
            })
        })
}
