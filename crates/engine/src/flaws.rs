//! What is said of a file that no Python can read, where, and how much it matters: a merge that nobody finished, a text with the
//! wrong ending, what somebody put aside. Knows names and words of the other files, no rule.

use camino::Utf8Path;
use roadworthy_parser::{FlawKind, Span};
use roadworthy_project::{Facts, File, ReadError};

use crate::{FileContext, Report, Severity};

mod named;

/// The report on a file whose text is flawed at an offset, as the parser says it.
pub(crate) fn report(context: &FileContext<'_>, offset: u32, message: &'static str) -> Report {
    let text = context.source.text();
    let levelled = |report: Report| match level_of_flaw(context) {
        Some(level) => report.severity(level),
        None => report,
    };
    if let Some(conflict) = conflict(text) {
        return levelled(Report::at(Span::empty(conflict)).message(CONFLICT));
    }
    let at = Report::at(Span::empty(offset));
    if is_markdown(text) && !is_imported(context) {
        let message = "file is a text in Markdown, not Python: rename it";
        return at.message(message).severity(Severity::Info);
    }
    levelled(at.message(message))
}

/// What is said where the parser gives up: its effort for a file is bounded.
pub(crate) const TOO_COSTLY: &str =
    "file cannot be judged in full: parsing it from here on takes too long";

/// What is said where a merge was not finished.
pub(crate) const CONFLICT: &str = "file holds a merge conflict that nobody resolved";

/// Where a merge conflict begins that was committed with the marks that git puts around both sides.
fn conflict(text: &str) -> Option<u32> {
    let line = |mark: &str, from: usize| {
        let rest = &text[from..];
        let at = if rest.starts_with(mark) { 0 } else { rest.find(&format!("\n{mark}"))? + 1 };
        Some(from + at)
    };
    let start = line("<<<<<<< ", 0)?;
    let middle = line("=======", start)?;
    line(">>>>>>> ", middle).and(u32::try_from(start).ok())
}

/// Whether a text has the headings and the fences of Markdown, and begins as one.
fn is_markdown(text: &str) -> bool {
    let fences = text.lines().filter(|line| line.starts_with("```")).count();
    let heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_code = ["```", "\"\"\"", "'''", "#!", "from ", "import "];
    fences >= 2 && !is_code.iter().any(|it| first.starts_with(it)) && text.lines().any(heading)
}

/// Whether a text holds statements of Jinja: a program makes Python of it.
fn is_template(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| line.starts_with("{%") && line.ends_with("%}"))
}

/// Whether a file with fields to be filled in lies among what new projects are made of: `{{ name }}`, `$name`, `<%= name %>`.
fn is_among_templates(path: &str, text: &str) -> bool {
    const FOLDERS: [&str; 8] = [
        "boilerplate",
        "project_template",
        "scaffold",
        "scaffolds",
        "skeleton",
        "skeletons",
        "template",
        "templates",
    ];
    const MARKS: [&str; 4] = ["{{", "<%", "${", "%("];
    let mut folders = Utf8Path::new(path).ancestors().skip(1).filter_map(Utf8Path::file_name);
    text.contains("{{ cookiecutter.")
        || text.contains("{{cookiecutter.")
        || path.contains("{{")
        || folders.any(|it| FOLDERS.contains(&it)) && MARKS.iter().any(|it| text.contains(it))
}

/// Whether a folder says that those who learn write there: what they leave unfinished, no one runs.
fn is_exercise(path: &str) -> bool {
    const WORDS: [&str; 12] = [
        "assignment",
        "assignments",
        "course",
        "exercise",
        "exercises",
        "homework",
        "homeworks",
        "hw",
        "lesson",
        "lessons",
        "student",
        "students",
    ];
    let mut folders = Utf8Path::new(path).ancestors().skip(1).filter_map(Utf8Path::file_name);
    folders.any(|it| WORDS.contains(&it.to_ascii_lowercase().as_str()))
}

/// How much it matters that nobody can read a module; `None` where that is as much as the rule says: code that lives imports it,
/// something starts it, or a framework looks for it.
fn level_of_flaw(context: &FileContext<'_>) -> Option<Severity> {
    let text = context.source.text();
    let is_made_of = is_template(text) || is_among_templates(context.path_inside(), text);
    let is_exercise = is_exercise(context.path_inside());
    if is_made_of || is_left_over(context) || is_shelved(context) {
        Some(Severity::Info)
    } else if context.in_facts().is_none_or(|(facts, known)| is_used(facts, &known.path)) {
        is_exercise.then_some(Severity::Warning)
    } else if is_exercise
        || !is_program(context.path_inside(), text)
        || is_put_aside(text)
        || is_snippet(text)
    {
        Some(Severity::Info)
    } else {
        Some(Severity::Warning)
    }
}

/// Whether a file says that it is started by itself, or is called as what people start, which then surely fails. What lies in
/// `old code/` is kept to be read.
fn is_program(path: &str, text: &str) -> bool {
    const NAMES: [&str; 6] = ["app", "bot", "cli", "main", "run", "server"];
    let path = Utf8Path::new(path);
    let stem = path.file_stem().unwrap_or_default();
    let is_kept = path.parent().is_some_and(|folder| folder.as_str().contains(' '));
    if is_kept {
        return false;
    }
    NAMES.contains(&stem) || text.starts_with("#!") || text.contains("__main__")
}

/// Whether a program surely needs a module: other code that lives imports it, a container starts it, a framework takes it by its name or place, or there
/// is no other. A guide or a script that names it only says that somebody ran it once.
fn is_used(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    /// What Django, Airflow and servers take without being told.
    const NAMES: [&str; 10] = [
        "__main__", "admin", "apps", "asgi", "celery", "manage", "models", "settings", "urls",
        "wsgi",
    ];
    const FOLDERS: [&str; 4] = ["dags", "migrations", "settings", "templatetags"];
    let stem = path.file_stem().unwrap_or_default();
    let mut folders = path.ancestors().skip(1).filter_map(Utf8Path::file_name);
    let is_command = || {
        let folder = path.parent();
        folder.is_some_and(|it| it.ends_with("management/commands"))
    };
    is_alone(facts)
        || NAMES.contains(&stem)
        || folders.any(|it| FOLDERS.contains(&it))
        || is_command()
        || is_started(facts, path)
        || named::is_imported_by_code(facts, path)
}

/// Whether a container or a platform starts a module, or what it makes.
fn is_started(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    facts.containers().processes.iter().any(|it| {
        it.target().is_some_and(|target| target.files(facts, it).iter().any(|it| it == path))
    })
}

/// Whether a project has but one module.
fn is_alone(facts: &Facts<'_>) -> bool {
    facts.project().files.iter().filter(|it| it.kind.is_python()).nth(1).is_none()
}

/// Whether the head of a text says that it is a part of another file, to be copied there.
fn is_snippet(text: &str) -> bool {
    const SAID: [&str; 6] =
        ["add this", "add these", "add the following", "copy this", "insert this", "paste this"];
    let comments = text.lines().take(20).map(str::trim).filter(|it| it.starts_with('#'));
    comments.map(str::to_ascii_lowercase).any(|line| {
        SAID.iter().any(|it| line.contains(it)) && (line.contains(" to ") || line.contains(" in"))
    })
}

/// How much it matters that the bytes of a file are no text; `None` where that is as much as the rule says. A module that a program
/// needs stops it; of any other file only the one who opens it can tell whether it is as it should be.
pub(crate) fn level_of_bytes(
    facts: &Facts<'_>,
    file: &File,
    error: &ReadError,
) -> Option<Severity> {
    let is_needed = || file.kind.is_python() && is_used(facts, &file.path);
    (matches!(error, ReadError::Decode(_)) && !is_needed()).then_some(Severity::Info)
}

/// How much it matters that a file around the code is not what its name says; `None` where that is as much as the rule says: a tool
/// finds it, or something names it. Who made an empty file meant to fill it, and nobody uses what lies on a shelf.
pub(crate) fn level_of_fault(facts: &Facts<'_>, path: &Utf8Path) -> Option<Severity> {
    let document = facts.text(path).whole()?;
    let text = document.text();
    let mut folders = path.parent().into_iter().flat_map(|it| it.components());
    let matters_little = text.trim().is_empty()
        || is_template(text)
        || is_among_templates(path.as_str(), text)
        || folders.any(|it| is_shelf(&it.as_str().to_ascii_lowercase()))
        || is_snippet(text)
        || is_superseded(facts, path)
        || !is_found(path) && !is_told(facts, path);
    matters_little.then_some(Severity::Info)
}

/// Whether pipelines of another service took the place of Travis.
fn is_superseded(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let is_of_others = |it: &Utf8Path| {
        it.starts_with(".github/workflows")
            || it == ".circleci/config.yml"
            || it == ".gitlab-ci.yml"
    };
    path == ".travis.yml" && facts.tree().files().any(is_of_others)
}

/// Whether a tool finds a file without being told: a workflow in its folder, or what lies at the top under the name that the tool
/// looks for.
fn is_found(path: &Utf8Path) -> bool {
    let is_of_service = path.components().next().is_some_and(|it| {
        matches!(it.as_str(), ".buildkite" | ".circleci" | ".github" | ".gitlab")
    });
    is_of_service || path.parent() == Some(Utf8Path::new("")) && !is_variant(path)
}

/// Whether a file is called like one of Compose or like a Dockerfile, but not as the tool looks for one: what nobody hands over
/// is never read.
fn is_variant(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let whole = ["compose", "compose.override", "docker-compose", "docker-compose.override"];
    let of_compose = name.contains("compose")
        && path.extension().is_some_and(|it| matches!(it, "yaml" | "yml"))
        && !path.file_stem().is_some_and(|it| whole.contains(&it));
    let lower = name.to_ascii_lowercase();
    let of_docker = lower.contains("dockerfile") || lower.contains("containerfile");
    of_compose || of_docker && !BUILT_BY_THEMSELVES.contains(&name)
}

/// What builders of images take without being told.
const BUILT_BY_THEMSELVES: [&str; 2] = ["Dockerfile", "Containerfile"];

/// Whether a text is but comments: one in the manner of C, those that begin with `#`, or all of it between the quotes of a
/// text, which those of the docstrings inside end too early.
fn is_put_aside(text: &str) -> bool {
    let text = text.trim();
    let in_c = text.strip_prefix("/*").and_then(|it| it.strip_suffix("*/"));
    let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let Some(first) = lines.next() else { return true };
    let in_quotes = matches!(first, "\"\"\"" | "'''") && lines.next_back() == Some(first);
    in_c.is_some_and(|it| !it.contains("*/")) || in_quotes
}

/// Whether a guide, a script or a file of configuration tells of a file around the code: by its name, or where every folder may
/// have one of that name, by its folder in a line about what is built, installed or deployed.
fn is_told(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    const ENDINGS: [&str; 12] =
        ["bat", "cfg", "ini", "json", "md", "ps1", "rst", "sh", "tf", "toml", "yaml", "yml"];
    const VERBS: [&str; 7] =
        ["apply", "build", "compose", "context", "docker", "include", "install"];
    /// More files than these are not read.
    const MOST: usize = 200;
    let name = path.file_name().unwrap_or_default();
    let folder = path.parent().map(Utf8Path::as_str).unwrap_or_default();
    let whole_names = ["compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml"];
    let is_plain = BUILT_BY_THEMSELVES.contains(&name)
        || whole_names.contains(&name)
        || matches!(name, "pyproject.toml" | "setup.cfg" | "kustomization.yaml" | "values.yaml");
    let tells = |it: &&Utf8Path| {
        let own = it.file_name().unwrap_or_default();
        *it != path
            && (matches!(own, "Jenkinsfile" | "Makefile" | "justfile")
                || it.extension().is_some_and(|it| ENDINGS.contains(&it)))
    };
    let names = |text: &str| {
        if !is_plain {
            return text.contains(name);
        }
        let of_folder =
            |line: &str| line.contains(folder) && VERBS.iter().any(|it| line.contains(it));
        !folder.is_empty() && text.contains(folder) && text.lines().any(of_folder)
    };
    let mut others = facts.tree().files().filter(tells).take(MOST);
    others.any(|it| facts.text(it).whole().is_some_and(|it| names(it.text())))
}

/// Whether the name of a folder says that what lies there was put aside.
fn is_shelf(name: &str) -> bool {
    const WORDS: [&str; 8] =
        ["archive", "archived", "backup", "backups", "deprecated", "legacy", "obsolete", "old"];
    // `backup_service` may well be served, `service_old` is not.
    let last = name.trim_end_matches('_').rsplit(['_', '-']).next().unwrap_or_default();
    WORDS.contains(&last) || name.starts_with("old_") || name.starts_with("deprecated_")
}

/// Whether a folder around a module says that it was put aside, and nothing outside of that folder imports from it.
fn is_shelved(context: &FileContext<'_>) -> bool {
    let Some((facts, known)) = context.in_facts() else { return false };
    let folders = Utf8Path::new(context.path_inside()).ancestors().skip(1);
    let shelf = folders.filter_map(|it| Some((it, it.file_name()?.to_ascii_lowercase())));
    let Some((shelf, _)) = shelf.filter(|(_, name)| is_shelf(name)).last() else {
        return false;
    };
    let name = shelf.file_name().unwrap_or_default();
    let imports = |line: &str| {
        let line = line.trim_start();
        (line.starts_with("import ") || line.starts_with("from "))
            && words(line).any(|it| it == name)
    };
    let project = facts.project();
    let inside = |path: &Utf8Path| path.ancestors().skip(1).any(|it| it.ends_with(shelf));
    !facts.answer(known.component, format!("somebody imports from {shelf}"), || {
        let mut others = project.files.iter().filter(|it| it.kind.is_python() && !inside(&it.path));
        others.any(|it| facts.source(it).is_some_and(|it| it.text().lines().any(imports)))
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty())
}

/// Whether a module is what somebody left: it is called a fix, a copy or what was, none imports it, and no configuration,
/// script or guide names it.
fn is_left_over(context: &FileContext<'_>) -> bool {
    const WORDS: [&str; 16] = [
        "backup",
        "backups",
        "bak",
        "checkpoint",
        "checkpoints",
        "copy",
        "deprecated",
        "draft",
        "fix",
        "fixed",
        "fixes",
        "old",
        "patch",
        "patches",
        "snippet",
        "snippets",
    ];
    const ENDINGS: [&str; 7] = ["cfg", "ini", "md", "sh", "toml", "yaml", "yml"];
    const NAMES: [&str; 3] = ["Dockerfile", "Makefile", "Procfile"];
    let path = context.path_inside().trim_end_matches(".py");
    if !path.split(['/', '_', '-', '.']).any(|it| WORDS.contains(&it)) {
        return false;
    }
    let Some((facts, known)) = context.in_facts() else { return false };
    let name = known.path.file_name().unwrap_or_default();
    let mut others = facts.tree().files().filter(|it| {
        let own = it.file_name().unwrap_or_default();
        NAMES.iter().any(|it| own.starts_with(it))
            || it.extension().is_some_and(|it| ENDINGS.contains(&it))
    });
    !is_imported(context)
        && !others.any(|it| facts.text(it).whole().is_some_and(|it| it.text().contains(name)))
}

/// Whether a module may be imported: its name can be, and stands in another file.
fn is_imported(context: &FileContext<'_>) -> bool {
    let stem = context.file.path.file_stem().unwrap_or_default();
    let is_name = stem.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && !stem.starts_with(|it: char| it.is_ascii_digit());
    is_name
        && context.in_facts().is_none_or(|(facts, known)| {
            let project = facts.project();
            let mut others =
                project.files.iter().filter(|it| it.kind.is_python() && it.path != known.path);
            others.any(|it| facts.source(it).is_some_and(|it| it.text().contains(stem)))
        })
}

/// What is said of a file that is not Python.
pub(crate) fn flaw_message(kind: FlawKind) -> &'static str {
    match kind {
        FlawKind::UnterminatedString => "file is not Python: this string literal is never closed",
        FlawKind::UnclosedBracket => "file is not Python: this bracket is never closed",
        FlawKind::StrayBracket => "file is not Python: this bracket has no partner",
        FlawKind::InconsistentDedent => {
            "file is not Python: this line is indented as no block around it"
        }
        FlawKind::MissingBlock => "file is not Python: an indented block should begin here",
        FlawKind::UnexpectedIndent => {
            "file is not Python: this line is indented, but the one before it begins no block"
        }
        FlawKind::MergeConflict => CONFLICT,
        FlawKind::TryWithoutHandler => {
            "file is not Python: neither except nor finally follows this try"
        }
        FlawKind::StrayClause => {
            "file is not Python: this clause goes on with no statement above it"
        }
        FlawKind::MissingColon => "file is not Python: a colon should follow here",
        FlawKind::UnexpectedSign => "file is not Python: no statement begins with this sign",
        FlawKind::UnfinishedLine => "file is not Python: something should follow this operator",
        FlawKind::AdjacentNames => {
            "file is not Python: nothing joins this name to the one before it"
        }
        FlawKind::StrayBackslash => {
            "file is not Python: this backslash stands neither in a string nor at the end of a line"
        }
        FlawKind::IncompleteImport => {
            "file is not Python: this import does not say what it imports, or from where"
        }
        FlawKind::InvalidCharacter => {
            "file is not Python: this character looks like a space and is none"
        }
        FlawKind::NulByte => "file is not Python: it holds a NUL byte",
        FlawKind::TooDeep => "file cannot be judged: it is nested deeper than Python allows",
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use roadworthy_project::{Project, Repositories};

    use super::{conflict, is_put_aside, level_of_fault};
    use crate::Severity;

    #[test]
    fn what_is_empty_or_put_aside_or_a_part_matters_less_unless_it_is_named() {
        let project = Project::in_memory([
            ("Dockerfile", "/*\nFROM a\n*/\n"),
            ("old.dockerfile", "/*\nFROM a\n*/\n"),
            ("named.dockerfile", "# FROM a\n"),
            ("wrong.dockerfile", "INCLUDE a\n"),
            ("empty.dockerfile", "\n"),
            ("deprecated/Dockerfile", "INCLUDE a\n"),
            ("compose.yml", "a: [\n"),
            ("shop/compose.part.yml", "a: [\n"),
            ("shop/Dockerfile", "INCLUDE a\n"),
            ("built/Dockerfile", "INCLUDE a\n"),
            (".github/workflows/ci.yml", "a: [\n"),
            ("part.yml", "# Add this section to compose.yml\na: [\n"),
            (".travis.yml", "a: [\n"),
            ("README.md", "docker build -f named.dockerfile .\ndocker build built\n"),
        ]);
        let read = |path: &Utf8Path| project.read_bytes(path);
        let repositories = Repositories::new(&project, &read, None);
        let facts = repositories.iter().next().expect("there is one");
        let level = |path| level_of_fault(facts, Utf8Path::new(path));
        assert_eq!(level("old.dockerfile"), Some(Severity::Info));
        assert_eq!(level("empty.dockerfile"), Some(Severity::Info));
        assert_eq!(level("deprecated/Dockerfile"), Some(Severity::Info));
        assert_eq!(level("shop/compose.part.yml"), Some(Severity::Info));
        assert_eq!(level("wrong.dockerfile"), Some(Severity::Info));
        assert_eq!(level("shop/Dockerfile"), Some(Severity::Info));
        assert_eq!(level("part.yml"), Some(Severity::Info));
        assert_eq!(level(".travis.yml"), Some(Severity::Info));
        let used = [
            "Dockerfile",
            "named.dockerfile",
            "compose.yml",
            "built/Dockerfile",
            ".github/workflows/ci.yml",
        ];
        for path in used {
            assert_eq!(level(path), None, "{path}");
        }
    }

    #[test]
    fn what_is_but_comments_is_put_aside() {
        let quoted = "# shop\n\"\"\"\ndef a():\n    \"\"\"Give it.\"\"\"\n\"\"\"\n";
        for text in ["/*\nFROM a\n*/\n", "# Licence\n\n # more\n", quoted] {
            assert!(is_put_aside(text), "{text}");
        }
        for text in ["/* a */\nFROM a\n/* b */", "# Licence\nFROM a\n", "/*/", "\"\"\"\nx = 1\n"] {
            assert!(!is_put_aside(text), "{text}");
        }
    }

    #[test]
    fn a_conflict_has_both_sides() {
        let both = "x = 1\n<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> other\n";
        assert_eq!(conflict(both), Some(6));
        assert_eq!(conflict(&both[6..]), Some(0));
        assert_eq!(conflict(&both.replace(">>>>>>> ", "> ")), None);
        assert_eq!(conflict("Title\n=======\n"), None);
    }
}
