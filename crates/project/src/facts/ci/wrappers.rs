//! Takes away programs that only prepare another one: `uv run pytest` runs pytest. Which do is data; knows their options no
//! better than that.

use std::sync::LazyLock;

use crate::facts::value::Value;

/// A program that prepares another one.
struct Wrapper {
    program: String,
    command: Vec<String>,
    valued: Vec<String>,
    folder: Vec<String>,
    module: Vec<String>,
    python: Vec<String>,
    shell: Vec<String>,
    skip: usize,
    versioned: bool,
}

static WRAPPERS: LazyLock<Vec<Wrapper>> = LazyLock::new(|| {
    let file = crate::facts::syntax::toml::parse(include_str!("wrappers.toml")).unwrap_or_default();
    let rows = file.get("wrapper").into_iter().flat_map(Value::items);
    rows.map(|row| {
        let texts = |key: &str| super::tools::texts(row, key);
        let text = |key: &str| row.get(key).and_then(Value::scalar).unwrap_or_default();
        Wrapper {
            program: text("program").to_owned(),
            command: texts("command"),
            valued: texts("valued"),
            folder: texts("folder"),
            module: texts("module"),
            python: texts("python"),
            shell: texts("shell"),
            skip: text("skip").parse().unwrap_or(0),
            versioned: row.get("versioned").is_some(),
        }
    })
    .collect()
});

/// What is left of a command without one that prepares it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unwrapped {
    /// `uv run`
    pub(super) runner: String,
    /// What it runs.
    pub(super) words: Vec<String>,
    /// A script of a shell that it runs instead.
    pub(super) script: Option<String>,
    /// Where, as seen from where it stands itself.
    pub(super) folder: Option<String>,
    /// The version of Python it asks for.
    pub(super) python: Option<String>,
    /// What lies between, such as the service of Compose.
    pub(super) skipped: Vec<String>,
}

/// The name of a program, versions of Python and the two words of Compose brought into one form.
pub(super) fn program_of(words: &[String]) -> (String, usize) {
    let first = words.first().map_or("", String::as_str);
    let name = first.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    match name {
        "docker-compose" | "podman-compose" => ("docker compose".into(), 1),
        "docker" | "podman" if words.get(1).is_some_and(|it| it == "compose") => {
            ("docker compose".into(), 2)
        }
        "podman" => ("docker".into(), 1),
        "sh" | "bash" | "zsh" | "dash" | "ash" => ("bash".into(), 1),
        "gmake" | "mingw32-make" | "nmake" => ("make".into(), 1),
        "py" | "pypy" | "pypy3" | "pythonw" => ("python".into(), 1),
        _ if let Some(program) = behind_folder(name) => (program.to_owned(), 1),
        // `$PYTHON -m pytest`: what else runs a module?
        _ if open(name) && words.get(1).is_some_and(|it| it == "-m") => ("python".into(), 1),
        _ if name.strip_prefix("python").is_some_and(is_version) => ("python".into(), 1),
        _ => (name.to_owned(), 1),
    }
}

/// The program behind a variable that holds a folder or nothing: `${PREFIX}coverage`, `$(BIN)pytest`.
fn behind_folder(name: &str) -> Option<&str> {
    let (variable, program) = match name.strip_prefix("${") {
        Some(rest) => rest.split_once('}')?,
        None => name.strip_prefix("$(")?.split_once(')')?,
    };
    let is_folder = ["PREFIX", "BIN", "VENV"].iter().any(|it| variable.ends_with(it));
    let is_program = program.starts_with(|it: char| it.is_ascii_alphabetic()) && !open(program);
    (is_folder && is_program).then_some(program)
}

fn is_version(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit() || it == b'.')
}

/// Whether a word is only known when it runs.
pub(super) fn open(word: &str) -> bool {
    let variable = |(at, _): (usize, &str)| {
        let next = word[at + 1..].chars().next();
        next.is_some_and(|it| it.is_ascii_alphanumeric() || "_{(@*".contains(it))
    };
    word.contains("{{") || word.contains('`') || word.match_indices('$').any(variable)
}

/// Takes one wrapper away; `None` where the program is none.
pub(super) fn unwrap(words: &[String]) -> Option<Unwrapped> {
    let (program, length) = program_of(words);
    let rest = &words[length.min(words.len())..];
    WRAPPERS.iter().filter(|it| it.program == program).find_map(|it| it.take(rest))
}

impl Wrapper {
    fn take(&self, words: &[String]) -> Option<Unwrapped> {
        let mut result = Unwrapped { runner: self.program.clone(), ..Unwrapped::default() };
        let mut awaited = self.command.iter();
        let mut skip = self.skip;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if word.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let is = |names: &[String]| names.iter().any(|it| it == name);
            if is(&self.module) || is(&self.shell) {
                let value = value.or_else(|| words.next().cloned())?;
                if is(&self.shell) {
                    result.script = Some(value);
                } else {
                    result.runner.push_str(" -m");
                    result.words.push(value);
                    result.words.extend(words.cloned());
                }
                return awaited.next().is_none().then_some(result);
            }
            if is(&self.folder) {
                result.folder = value.or_else(|| words.next().cloned());
            } else if is(&self.python) {
                result.python = value.or_else(|| words.next().cloned());
            } else if is(&self.valued) {
                value.is_none().then(|| words.next());
            } else if word == "--" || word.starts_with(['-', '+']) && word.len() > 1 {
                // An option that stands alone.
            } else if self.program == "env" && word.contains('=') {
                // A variable.
            } else if let Some(command) = awaited.next() {
                if command != word {
                    return None;
                }
                result.runner.push(' ');
                result.runner.push_str(word);
            } else if skip > 0 {
                skip -= 1;
                result.skipped.push(word.clone());
            } else {
                let word = match word.split_once('@') {
                    Some((name, _)) if self.versioned && !name.is_empty() => name,
                    _ => word,
                };
                // `pipx run black==24`, `uvx mypy[dmypy]`
                let end = if self.versioned { word.find(['=', '[', '<', '>', '~']) } else { None };
                result.words.push(word[..end.unwrap_or(word.len())].to_owned());
                result.words.extend(words.cloned());
                return Some(result);
            }
        }
        // `docker compose run web` runs what the service says.
        (awaited.next().is_none() && !result.skipped.is_empty()).then_some(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_program_behind_others_is_found() {
        let left = |text: &str| unwrap(&words(text)).map(|it| it.words.join(" "));
        assert_eq!(left("uv run --with a --frozen pytest -x").as_deref(), Some("pytest -x"));
        assert_eq!(left("uv run -p 3.12 -m pytest tests").as_deref(), Some("pytest tests"));
        assert_eq!(left("uv --directory backend run mypy .").as_deref(), Some("mypy ."));
        assert_eq!(left("uvx ruff@0.5 check").as_deref(), Some("ruff check"));
        assert_eq!(left("python3.12 -W error -m unittest").as_deref(), Some("unittest"));
        assert_eq!(left("$PYTHON -m pytest").as_deref(), Some("pytest"));
        assert_eq!(left(".venv/bin/python manage.py test").as_deref(), Some("manage.py test"));
        assert_eq!(
            left("docker compose -f x.yml run --rm -e A=b web pytest").as_deref(),
            Some("pytest")
        );
        assert_eq!(left("coverage run --source pkg -m pytest").as_deref(), Some("pytest"));
        assert_eq!(left("env A=b C=d tox").as_deref(), Some("tox"));
        assert_eq!(left("uv sync --locked"), None);
        assert_eq!(left("coverage report"), None);
        assert_eq!(left("pytest run"), None);
        assert_eq!(left("${PREFIX}coverage run -m pytest").as_deref(), Some("pytest"));
        assert_eq!(program_of(&words("$(BIN)mypy .")).0, "mypy");
        assert_eq!(program_of(&words("${NAME}mypy .")).0, "${NAME}mypy");
        let shell = unwrap(&[words("bash -c"), vec!["a && b".into()]].concat());
        assert_eq!(shell.and_then(|it| it.script).as_deref(), Some("a && b"));
        let folder = unwrap(&words("uv --directory backend run mypy"));
        assert_eq!(folder.and_then(|it| it.folder).as_deref(), Some("backend"));
    }
}
