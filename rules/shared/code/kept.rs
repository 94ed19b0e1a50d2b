//! Folders of code that is kept to be read, and not to be run: nothing outside names them, and a guide says so, or their name or a
//! guide in them does and the project leaves them out of its own checks, or nothing imports them. Knows words of settings and
//! guides, no rule.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_project::File;
use roadworthy_project::facts::{Facts, Mentions};

use crate::shared::code::others::is_aside;
use crate::shared::code::text::places_of;
use crate::shared::code::words::words;
use crate::shared::delivery::unbuilt::{is_imported, is_started_outside};

/// Where linters and checkers of types are told what they leave out.
const SETTINGS: [&str; 9] = [
    ".flake8",
    ".pre-commit-config.yaml",
    ".ruff.toml",
    "mypy.ini",
    "pyproject.toml",
    "pyrightconfig.json",
    "ruff.toml",
    "setup.cfg",
    "tox.ini",
];

/// Where people are told what a folder is.
const GUIDES: [&str; 4] = ["CONTRIBUTING.md", "README.md", "README.rst", "README.txt"];

/// Words for what is kept, and used no more.
const WORDS: [&str; 18] = [
    "abandoned",
    "archive",
    "archived",
    "backup",
    "dead",
    "deprecated",
    "discarded",
    "graveyard",
    "junk",
    "legacy",
    "obsolete",
    "old",
    "reference",
    "rubbish",
    "scrap",
    "scraps",
    "trash",
    "unused",
];

/// Such folders lie near the top.
const DEEPEST: usize = 2;

/// Whether a file lies in such a folder.
pub(crate) fn is_for_reading(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let depth = |it: &Utf8Path| it.components().count();
    let mut folders =
        known.path.ancestors().skip(1).filter(|it| (1..=DEEPEST).contains(&depth(it)));
    folders.any(|it| {
        let question = format!("{it} is kept to be read");
        // The same for all components.
        facts.answer(0, question, || is_kept(facts, it))
    })
}

/// Whether the guide in a folder below the top says that nothing there runs any more, and nothing outside imports from it or starts
/// it.
pub(crate) fn is_retired(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let mut folders = path.ancestors().skip(1).filter(|it| !it.as_str().is_empty());
    folders.any(|folder| {
        facts.answer(0, format!("{folder} says that it is retired"), || {
            head_of_guide(facts, folder).is_some_and(|it| says_retired(&it))
                && !is_imported(facts, folder)
                && !is_started_outside(facts, folder)
        })
    })
}

/// Whether the head of a guide says so, of the whole folder.
fn says_retired(head: &str) -> bool {
    const SUBJECTS: [&str; 8] = [
        "this app ",
        "this application ",
        "this code ",
        "this directory ",
        "this folder ",
        "this module ",
        "this package ",
        "this service ",
    ];
    const SAYS: [&str; 10] = [
        "can be deleted",
        "can be removed",
        "has been retired",
        "has been superseded by",
        "is kept for reference",
        "is no longer maintained",
        "is no longer used",
        "is not used anymore",
        "is retired",
        "is superseded by",
    ];
    const NOTHING: [&str; 4] = [
        "nothing here runs",
        "nothing in here runs",
        "nothing in this directory runs",
        "nothing in this folder runs",
    ];
    // `Nothing here runs on the server` says that it runs elsewhere.
    let is_whole = |it: &str| {
        !it.starts_with(' ') || it.starts_with(" anymore") || it.starts_with(" any more")
    };
    // `Files written by this service can be deleted` speaks of the files.
    let begins = |before: &str| {
        let before = before.trim_end();
        before.is_empty() || before.ends_with(['.', ',', ':', '-', '#', '!', '>', '*'])
    };
    NOTHING.iter().any(|it| head.split(it).skip(1).any(is_whole))
        || SUBJECTS.iter().any(|subject| {
            head.match_indices(subject).any(|(at, _)| {
                let behind = &head[at + subject.len()..];
                begins(&head[..at]) && SAYS.iter().any(|it| behind.starts_with(it))
            })
        })
}

fn is_kept(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    let text = |path: &&str| facts.text(Utf8Path::new(path)).whole();
    let name = folder.file_name().unwrap_or_default();
    let is_left_out =
        || SETTINGS.iter().filter_map(text).any(|it| leaves_out(it.text(), folder.as_str()));
    (GUIDES.iter().filter_map(text).any(|it| says_so(it.text(), name))
        || is_named_so(name) && is_left_out()
        || warns(facts, folder) && (is_left_out() || is_left_out_by_pipeline(facts, name)))
        && !is_used(facts, folder, name)
}

/// Whether the guide in a folder says that what lies there is not to be used.
fn warns(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    const SAYS: [&str; 5] = [
        "do not use in production",
        "do not use it in production",
        "do not use this in production",
        "not for production",
        "not meant for production",
    ];
    head_of_guide(facts, folder).is_some_and(|head| SAYS.iter().any(|it| head.contains(it)))
}

/// The head of the guide in a folder, which says what the folder is: in lower case, with a blank between words.
fn head_of_guide(facts: &Facts<'_>, folder: &Utf8Path) -> Option<String> {
    const LINES: usize = 20;
    ["README", "README.md", "README.rst", "README.txt"].iter().find_map(|it| {
        let guide = facts.text(&folder.join(it)).whole()?;
        let guide = guide.text().replace('*', "").to_ascii_lowercase();
        let words: Vec<&str> = guide.lines().take(LINES).flat_map(str::split_whitespace).collect();
        Some(words.join(" "))
    })
}

/// Whether a pipeline tells its linters to leave a folder out: `flake8 . --exclude=build,shelf`.
fn is_left_out_by_pipeline(facts: &Facts<'_>, name: &str) -> bool {
    let lists = |word: &str| {
        let list = word.split_once('=').filter(|it| it.0 == "--exclude").map_or("", |it| it.1);
        patterns(list).any(|it| it == name)
    };
    facts.ci().commands().any(|it| it.words.iter().any(|it| lists(it)))
}

/// Whether settings leave a folder out of what they check.
fn leaves_out(settings: &str, folder: &str) -> bool {
    const KEYS: [&str; 5] =
        ["exclude", "extend-exclude", "extend_exclude", "force-exclude", "ignore"];
    let mut is_list = false;
    settings.lines().any(|line| {
        let key = line.split(['=', ':']).next().unwrap_or_default();
        let key = key.trim().trim_start_matches("- ").trim_matches('"');
        let (is_key, goes_on) = (KEYS.contains(&key), !line.contains(['=', ':']));
        is_list = is_key || is_list && goes_on;
        let value = if is_key { line.split_once(['=', ':']).map_or("", |it| it.1) } else { line };
        is_list && patterns(value).any(|it| it == folder)
    })
}

/// The paths that a line lists, as far as they are plain: of `"^old/.*"` the folder alone.
fn patterns(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split(|it: char| it.is_whitespace() || "\"',|()[]{}".contains(it));
    parts.map(|it| {
        let plain = it.trim_start_matches(['^', '.', '/', '*']);
        plain.trim_end_matches(['$', '/', '*', '.', '\\'])
    })
}

/// Whether the name of a folder says that it is used no more: `oldshop`, `shop_legacy`.
fn is_named_so(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = words(name);
    let is_one = |it: Option<&String>| it.is_some_and(|it| WORDS.contains(&it.as_str()));
    is_one(words.first())
        || is_one(words.last())
        || ["archived", "deprecated", "legacy"].iter().any(|it| lower.starts_with(it))
}

/// Whether a line of a guide says that a folder, by its name between backticks, is no part of what runs.
fn says_so(guide: &str, name: &str) -> bool {
    const SAYS: [&str; 8] = [
        "deleted soon",
        "for reference only",
        "kept for reference",
        "no longer used",
        "old code is in",
        "old code lives in",
        "removed soon",
        "will be deleted",
    ];
    let quoted = [format!("`{name}`"), format!("`{name}/`")];
    guide.lines().filter(|line| quoted.iter().any(|it| line.contains(it))).any(|line| {
        let lower = line.to_ascii_lowercase();
        SAYS.iter().any(|it| lower.contains(it))
    })
}

/// Whether something outside of a folder imports it, or starts something in it.
fn is_used(facts: &Facts<'_>, folder: &Utf8Path, name: &str) -> bool {
    let project = facts.project();
    let mut others = project.files.iter().chain(&project.unasked);
    others.any(|it| {
        let is_settings = it.path.file_name().is_some_and(|it| SETTINGS.contains(&it));
        !it.path.starts_with(folder)
            && !is_settings
            && !is_aside(it)
            && (it.kind.is_python() || Mentions::may_be_in(it))
            && uses(facts, it, name)
    })
}

fn uses(facts: &Facts<'_>, file: &File, name: &str) -> bool {
    // What is too large to be read may use anything.
    let Some(source) = facts.source(file) else { return true };
    let text = source.text();
    let is_code = file.kind.is_python();
    places_of(text, name).any(|at| {
        let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        let leaves_out = !is_code && (line.contains("exclude") || line.contains("ignore"));
        !line.trim_start().starts_with('#') && !leaves_out
    })
}

#[cfg(test)]
mod tests {
    use super::{is_named_so, leaves_out, says_retired, says_so};

    #[test]
    fn guides_say_that_a_folder_is_retired() {
        for head in [
            "# legacy - the first shop nothing in this folder runs. it is kept for reference",
            "nothing here runs anymore",
            "# samples once it is done, this directory can be removed.",
            "this service has been superseded by `pay`",
        ] {
            assert!(says_retired(head), "{head}");
        }
        for head in [
            "nothing here runs on the server",
            "nothing here runs any untrusted code",
            "cache files written by this service can be deleted",
            "old orders can be removed with this service",
            "this package is maintained",
        ] {
            assert!(!says_retired(head), "{head}");
        }
    }

    #[test]
    fn settings_leave_folders_out() {
        for text in [
            "[tool.ruff]\nextend-exclude = [\"oldshop\", \"venv\"]\n",
            "exclude = [\n    \"venv\",\n    \"oldshop/**\",\n]\n",
            "[flake8]\nexclude =\n    .git,\n    oldshop\n",
            "- repo: local\n  exclude: ^oldshop/\n",
        ] {
            assert!(leaves_out(text, "oldshop"), "{text}");
        }
        for text in ["packages = [\"oldshop\"]\n", "exclude = [\"venv\"]\nsrc = [\"oldshop\"]\n"] {
            assert!(!leaves_out(text, "oldshop"), "{text}");
        }
    }

    #[test]
    fn names_and_guides_say_what_is_kept() {
        for name in ["old", "shop_old", "legacy-shop", "deprecatedshop", "reference"] {
            assert!(is_named_so(name), "{name}");
        }
        assert!(!is_named_so("goldshop") && !is_named_so("oldenburg"));
        assert!(says_so("All old code lives in `oldshop` for reference.\n", "oldshop"));
        assert!(!says_so("`oldshop` is what runs.\n", "oldshop"));
    }
}
