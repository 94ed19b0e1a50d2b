//! The tools that pipelines and hooks run, by the data in `tools.toml`: which command, action, hook or file is whose. Knows
//! names only.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::wrappers::program_of;
use super::{Command, Hook, Step};
use crate::facts::value::Value;

/// What a tool does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolKind {
    /// It runs tests.
    Tests,
    /// It judges code.
    Linter,
    /// It judges types.
    Types,
    /// It looks for weaknesses in code.
    Security,
    /// It looks for known weaknesses of dependencies.
    Audit,
    /// It judges how much of the code tests reach.
    Coverage,
    /// It runs others, by a list of its own.
    Many,
}

impl ToolKind {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "tests" => Self::Tests,
            "linter" => Self::Linter,
            "types" => Self::Types,
            "security" => Self::Security,
            "audit" => Self::Audit,
            "coverage" => Self::Coverage,
            "many" => Self::Many,
            _ => return None,
        })
    }
}

/// A tool.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name: `ruff`.
    pub name: String,
    /// What it does.
    pub kinds: Vec<ToolKind>,
    /// The words of its commands.
    pub programs: Vec<Vec<String>>,
    /// Its tables in `pyproject.toml`, as dotted names.
    pub sections: Vec<String>,
    /// Its sections in `setup.cfg` and `tox.ini`.
    pub ini: Vec<String>,
    /// Its files.
    pub files: Vec<String>,
    /// Its hooks in pre-commit.
    pub hooks: Vec<String>,
    /// Its actions on GitHub.
    pub actions: Vec<String>,
    /// Whether its configuration may be meant for an editor or a service, not for a job.
    pub quiet: bool,
}

impl Tool {
    /// Whether it does this.
    pub fn is(&self, kind: ToolKind) -> bool {
        self.kinds.contains(&kind)
    }
}

struct Table {
    tools: Vec<Tool>,
    by_program: FxHashMap<String, Vec<(usize, usize)>>,
    harmless: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let file = crate::facts::syntax::toml::parse(include_str!("tools.toml")).unwrap_or_default();
    let rows = file.get("tool").into_iter().flat_map(Value::items);
    let tools: Vec<Tool> = rows.map(tool).collect();
    let mut by_program: FxHashMap<String, Vec<(usize, usize)>> = FxHashMap::default();
    for (index, tool) in tools.iter().enumerate() {
        for (form, words) in tool.programs.iter().enumerate() {
            by_program.entry(words[0].clone()).or_default().push((index, form));
        }
    }
    let harmless = file.get("harmless").into_iter().flat_map(Value::items);
    let harmless = harmless.flat_map(|row| texts(row, "workflows")).collect();
    Table { tools, by_program, harmless }
});

fn tool(row: &Value) -> Tool {
    let words = |text: String| text.split(' ').map(str::to_owned).collect();
    Tool {
        name: row.get("name").and_then(Value::text).unwrap_or_default().to_owned(),
        kinds: texts(row, "kinds").iter().filter_map(|it| ToolKind::from_name(it)).collect(),
        programs: texts(row, "programs").into_iter().map(words).collect(),
        sections: texts(row, "sections"),
        ini: texts(row, "ini"),
        files: texts(row, "files"),
        hooks: texts(row, "hooks"),
        actions: texts(row, "actions"),
        quiet: row.get("quiet").is_some(),
    }
}

/// The texts of a list under a key.
pub(super) fn texts(row: &Value, key: &str) -> Vec<String> {
    let items = row.get(key).into_iter().flat_map(Value::items);
    items.filter_map(Value::text).map(str::to_owned).collect()
}

/// All known tools.
pub fn all() -> &'static [Tool] {
    &TABLE.tools
}

/// Whether a workflow of another repository is known to run neither tests nor linters.
pub(super) fn is_harmless(workflow: &str) -> bool {
    TABLE.harmless.iter().any(|it| workflow.starts_with(it.as_str()))
}

/// The tools of a command.
pub(super) fn of_command(command: &Command) -> impl Iterator<Item = &'static Tool> + use<> {
    let (program, length) = program_of(&command.words);
    let rest = command.words.get(length..).unwrap_or_default();
    let hooked = (program == "pre-commit" || program == "prek").then(|| of_hooks(rest));
    let forms = TABLE.by_program.get(&program).map_or(&[][..], Vec::as_slice);
    let mut found: Vec<usize> = forms
        .iter()
        .filter(|(tool, form)| {
            let mut words = rest.iter();
            let behind = &TABLE.tools[*tool].programs[*form][1..];
            behind.iter().all(|word| words.any(|it| it == word))
        })
        .map(|(tool, _)| *tool)
        .collect();
    found.extend(hooked.into_iter().flatten());
    found.into_iter().map(|index| &TABLE.tools[index])
}

/// `pre-commit run mypy`
fn of_hooks(words: &[String]) -> Vec<usize> {
    let tools = TABLE.tools.iter().enumerate();
    tools
        .filter(|(_, tool)| words.iter().any(|it| tool.hooks.contains(it)))
        .map(|(at, _)| at)
        .collect()
}

impl Step {
    /// The known tools that it runs, by its action or by its commands.
    pub fn tools(&self) -> Vec<&'static Tool> {
        let action = self.uses.as_ref().map(|it| action_name(&it.value));
        let by_action =
            all().iter().filter(|tool| action.as_ref().is_some_and(|it| tool.actions.contains(it)));
        by_action.chain(self.commands.iter().flat_map(Command::tools)).collect()
    }
}

impl Hook {
    /// The known tools that it runs: by its id, its repository or its entry.
    pub fn tools(&self) -> Vec<&'static Tool> {
        let by_id = |tool: &&'static Tool| {
            let entry = self.entry.as_deref().unwrap_or_default();
            let entry: Vec<&str> = entry.split([' ', '\n', '/']).collect();
            tool.hooks.contains(&self.id.value)
                || tool
                    .programs
                    .iter()
                    .any(|words| words.iter().all(|it| entry.contains(&it.as_str())))
                || tool.hooks.iter().any(|hook| self.repository.ends_with(&format!("/{hook}")))
        };
        all().iter().filter(by_id).collect()
    }
}

/// `Astral-sh/ruff-action@v3` as the table has it.
pub(super) fn action_name(uses: &str) -> String {
    uses.split('@').next().unwrap_or_default().to_ascii_lowercase()
}

/// Whether the name of an action that is not known says that it may test or judge code.
pub(super) fn may_judge(uses: &str) -> bool {
    const WORDS: [&str; 18] = [
        "test",
        "tests",
        "testing",
        "tox",
        "nox",
        "pytest",
        "lint",
        "linter",
        "linters",
        "check",
        "checks",
        "quality",
        "qa",
        "ci",
        "unittest",
        "django",
        "molecule",
        "precommit",
    ];
    // They prepare, or only show what others found.
    const OWNERS: [&str; 8] = [
        "actions",
        "docker",
        "github",
        "pypa",
        "codecov",
        "aws-actions",
        "google-github-actions",
        "azure",
    ];
    const HARMLESS: [&str; 29] = [
        "reporter",
        "report",
        "publish",
        "setup",
        "install",
        "upload",
        "comment",
        "cache",
        "results",
        "artifact",
        "label",
        "wait",
        "summary",
        "coverage",
        "title",
        "pr",
        "commit",
        "commits",
        "license",
        "licenses",
        "link",
        "links",
        "spelling",
        "changes",
        "changelog",
        "issue",
        "chart",
        "typos",
        "changed",
    ];
    let name = action_name(uses);
    let Some((owner, action)) = name.split_once('/') else { return false };
    let mut words = action.split(|it: char| !it.is_ascii_alphanumeric());
    let is_known = all().iter().any(|tool| tool.actions.contains(&name));
    !is_known
        && !OWNERS.contains(&owner)
        && words.clone().any(|it| WORDS.contains(&it))
        && !words.any(|it| HARMLESS.contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools(words: &str) -> Vec<&'static str> {
        let words = words.split(' ').map(str::to_owned).collect();
        of_command(&Command { words, ..Command::default() }).map(|it| it.name.as_str()).collect()
    }

    #[test]
    fn every_row_is_whole() {
        assert!(all().len() > 30);
        for tool in all() {
            assert!(!tool.kinds.is_empty() && !tool.name.is_empty(), "{}", tool.name);
            assert!(tool.actions.iter().all(|it| *it == it.to_ascii_lowercase()), "{}", tool.name);
        }
        let rows = include_str!("tools.toml");
        assert_eq!(rows.matches("[[tool]]").count(), all().len());
        assert_eq!(rows.matches("\nsource = ").count(), all().len() + 1);
    }

    #[test]
    fn commands_are_told_by_their_words() {
        assert_eq!(tools("ruff check ."), ["ruff"]);
        assert_eq!(tools("manage.py migrate"), Vec::<&str>::new());
        assert_eq!(tools("manage.py test --parallel"), ["django"]);
        assert_eq!(tools("pre-commit run mypy --all-files"), ["mypy"]);
        assert_eq!(tools(".venv/bin/pytest -x"), ["pytest"]);
    }

    #[test]
    fn unknown_actions_that_may_test() {
        assert!(may_judge("acme/run-python-tests@v1"));
        assert!(!may_judge("actions/checkout@v5") && !may_judge("astral-sh/ruff-action@v3"));
        assert!(!may_judge("dorny/test-reporter@v2") && !may_judge("astral-sh/setup-uv@v5"));
    }
}
