//! Which steps run code of the working copy: by building it, installing it, testing it, or calling it. Knows programs; of
//! one it has never heard of it says nothing.

use roadworthy_project::facts::shell::{self, Command};
use roadworthy_project::facts::value::Value;

use super::Step;

/// Programs that run what the working copy says, whatever their arguments.
const BUILDERS: [&str; 23] = [
    "make",
    "tox",
    "nox",
    "pytest",
    "gradle",
    "gradlew",
    "mvn",
    "mvnw",
    "ant",
    "rake",
    "bazel",
    "cmake",
    "just",
    "task",
    "pre-commit",
    "prek",
    "mkdocs",
    "sphinx-build",
    "maturin",
    "jest",
    "vitest",
    "playwright",
    "hatch",
];

/// Programs that do so under these words.
const TOOLS: [(&str, &[&str]); 16] = [
    ("npm", &["install", "i", "ci", "run", "test", "start", "exec", "build"]),
    ("yarn", &[]),
    ("pnpm", &["install", "i", "run", "test", "build", "exec"]),
    ("bun", &["install", "run", "test"]),
    ("npx", &[]),
    ("uv", &["sync", "run", "build"]),
    ("poetry", &["install", "run", "build"]),
    ("pdm", &["install", "run", "build", "sync"]),
    ("pipenv", &["run", "install"]),
    ("cargo", &["build", "test", "run", "check", "bench", "clippy"]),
    ("go", &["test", "run", "generate", "build"]),
    ("bundle", &["install", "exec"]),
    ("docker", &["build", "buildx", "compose"]),
    ("docker-compose", &["build", "up", "run"]),
    ("composer", &["install"]),
    ("dotnet", &["build", "test", "run"]),
];

/// What a step runs of the working copy; with a folder, what it runs of that.
pub(crate) fn of_step(step: Step<'_>, folder: Option<&str>) -> Option<String> {
    if let Some(action) = step.uses().and_then(Value::text) {
        return of_action(step, action, folder);
    }
    let script = step.run()?.text()?;
    let inside = |folder: &str| {
        let working = step.value.get("working-directory").and_then(Value::text);
        working.is_some_and(|it| it.trim_start_matches("./").starts_with(folder))
    };
    let folder = folder.map(|it| it.trim_start_matches("./").trim_end_matches('/'));
    if let Some(folder) = folder
        && !inside(folder)
        && !script.contains(folder)
    {
        return None;
    }
    let mut entered = folder.is_none_or(inside);
    for command in shell::commands(script) {
        let names_folder = folder.is_some_and(|it| command.texts().any(|word| word.contains(it)));
        if command.program() == Some("cd") {
            entered |= names_folder;
        } else if (entered || names_folder)
            && let Some(run) = of_command(&command)
        {
            return Some(run);
        }
    }
    None
}

/// What a script runs behind the checkout that it makes itself.
pub(crate) fn behind_checkout(step: Step<'_>) -> Option<String> {
    let commands = shell::commands(step.run()?.text()?);
    let mut behind = commands.iter().skip_while(|it| !it.texts().any(|word| word == "checkout"));
    behind.next();
    behind.find_map(of_command)
}

fn of_action(step: Step<'_>, action: &str, folder: Option<&str>) -> Option<String> {
    let name = action.split('@').next().unwrap_or_default();
    let named = |input: &str| step.input(input).and_then(Value::text).unwrap_or_default();
    let runs = match name {
        // An action of the working copy is code of the working copy.
        _ if name.starts_with("./") => folder.is_none_or(|folder| name[2..].starts_with(folder)),
        "pre-commit/action" | "j178/prek-action" => folder.is_none(),
        "docker/build-push-action" => {
            // Without a context it takes the repository itself, at the commit of the event.
            folder.map_or(!named("context").is_empty(), |folder| named("context").contains(folder))
        }
        _ => false,
    };
    runs.then(|| name.to_owned())
}

fn of_command(command: &Command) -> Option<String> {
    let words: Vec<String> =
        command.texts().skip_while(|word| *word == "sudo").map(in_copy).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (&first, rest) = words.split_first()?;
    let program = first.rsplit('/').next().unwrap_or(first);
    let word = rest.iter().find(|it| !it.starts_with('-')).copied().unwrap_or_default();
    let runs = if first.starts_with("./") || BUILDERS.contains(&program) {
        true
    } else if let Some((_, under)) = TOOLS.iter().find(|(name, _)| *name == program) {
        under.is_empty() || under.contains(&word)
    } else {
        match program {
            "pip" | "pip3" => installs_copy(rest),
            // What stands behind the script is for the script.
            "bash" | "sh"
                if rest
                    .iter()
                    .take_while(|it| it.starts_with('-'))
                    .any(|it| is_text_option(it)) =>
            {
                // The text is the program, and what stands in it is all that runs.
                return shell::commands(word).iter().find_map(of_command);
            }
            "bash" | "sh" | "source" | "." | "node" | "ruby" | "perl" => is_file(word),
            _ if program.starts_with("python") => of_python(rest),
            _ => false,
        }
    };
    // Versions are asked for, nothing is run.
    // What is installed for the whole machine comes from an index.
    let asks = rest.iter().any(|it| matches!(*it, "--version" | "--help" | "-g" | "--global"));
    (runs && !asks).then(|| words.iter().take(3).copied().collect::<Vec<_>>().join(" "))
}

/// Whether an option of a shell says that a text follows, and no file: `-c`, `-ec`.
fn is_text_option(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|it| !it.starts_with('-') && it.ends_with('c'))
}

/// A word with the name of the working copy as the folder that it is.
fn in_copy(word: &str) -> String {
    let names = ["$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}"];
    names
        .iter()
        .find_map(|name| word.strip_prefix(name))
        .map_or(word.to_owned(), |rest| format!(".{rest}"))
}

fn of_python(arguments: &[&str]) -> bool {
    match arguments {
        ["-m", "pip", rest @ ..] => installs_copy(rest),
        ["-m", module, ..] => !matches!(*module, "venv" | "virtualenv" | "json.tool" | "ensurepip"),
        ["-m" | "-c", ..] | [] => false,
        [word, ..] => is_file(word),
    }
}

/// A file of the working copy: no option, no text, nothing above or from elsewhere.
fn is_file(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with(['-', '/', '$', '<'])
        && word.contains('.')
        && !word.starts_with("http")
}

/// `pip install .`, `-e .`, `-r requirements.txt`: which build steps run is for the working copy to say.
fn installs_copy(arguments: &[&str]) -> bool {
    let (installs, copy) = arguments.iter().fold((false, false), |(installs, copy), word| {
        let names_copy = matches!(*word, "." | "./" | "-r" | "--requirement" | "-e" | "--editable")
            || word.starts_with(".[")
            || word.starts_with("./");
        (installs || *word == "install", copy || names_copy)
    });
    installs && copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_code_of_the_working_copy() {
        for (script, runs) in [
            ("pip install -e .[dev]", true),
            ("python -m pip install -r requirements.txt", true),
            ("pip install ruff", false),
            ("sudo make test", true),
            ("npm ci", true),
            ("npm --version", false),
            ("npm install -g fern-api", false),
            ("uv run pytest", true),
            ("uv pip list", false),
            ("python scripts/x.py", true),
            ("python -c 'print(1)'", false),
            ("./run", true),
            ("python ${GITHUB_WORKSPACE}/scripts/x.py", true),
            ("\"$GITHUB_WORKSPACE/x.sh\"", true),
            ("python $HOME/x.py", false),
            ("prek run --all-files", true),
            ("bash build.sh", true),
            ("bash build.sh -c prod", true),
            ("sudo sh -c 'echo \"deb http://a.org x\" > /etc/apt/a.list'", false),
            ("bash -ec 'cd a && ./build.sh'", true),
            ("sh -c 'make docs'", true),
            ("echo make", false),
            ("gh pr comment 1 --body x", false),
        ] {
            let found = shell::commands(script).iter().find_map(of_command);
            assert_eq!(found.is_some(), runs, "{script}");
        }
    }
}
