//! What keeps the dependencies of a project up to date, and what of them: Dependabot
//! (<https://docs.github.com/code-security/reference/supply-chain-security/dependabot-options-reference>) and Renovate
//! (<https://docs.renovatebot.com/configuration-options/>). Presets of Renovate are not followed: they are taken to cover all.

use std::sync::Arc;

use camino::Utf8Path;
use globset::Glob;
use roadworthy_parser::Span;
use roadworthy_project::Facts;
use roadworthy_project::facts::value::Value;
use roadworthy_project::facts::{Document, Reading};

/// A kind of dependencies that a bot may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ecosystem {
    /// Packages of Python.
    Python,
    /// Base images.
    Docker,
    /// Actions in workflows.
    Actions,
}

impl Ecosystem {
    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Python => "Python packages",
            Self::Docker => "base images",
            Self::Actions => "actions",
        }
    }

    fn of_dependabot(name: &str) -> Option<Self> {
        Some(match name {
            "pip" | "uv" | "conda" => Self::Python,
            "docker" => Self::Docker,
            "github-actions" => Self::Actions,
            _ => return None,
        })
    }

    fn of_renovate(manager: &str) -> Option<Self> {
        Some(match manager {
            "pep621" | "poetry" | "pip_requirements" | "pip_setup" | "pip-compile" | "pipenv"
            | "setup-cfg" | "pep723" | "pixi" | "conda" => Self::Python,
            "dockerfile" => Self::Docker,
            "github-actions" => Self::Actions,
            _ => return None,
        })
    }
}

/// What updates dependencies.
pub(crate) enum Bot {
    /// Nothing that the files show.
    None,
    /// Something whose reach is not known, or that takes all there is.
    Any,
    /// What one file lists.
    Listed(Listed),
}

/// What the file of a bot lists.
pub(crate) struct Listed {
    /// The file.
    pub(crate) document: Arc<Document>,
    /// Where the list stands.
    pub(crate) place: Span,
    /// Whose file it is.
    pub(crate) bot: &'static str,
    entries: Vec<(Ecosystem, Option<String>)>,
}

impl Listed {
    /// Whether an ecosystem is updated at all.
    pub(crate) fn knows(&self, ecosystem: Ecosystem) -> bool {
        self.entries.iter().any(|(other, _)| *other == ecosystem)
    }

    /// Whether an ecosystem is updated in a folder.
    pub(crate) fn covers(&self, ecosystem: Ecosystem, folder: &Utf8Path) -> bool {
        let mut entries = self.entries.iter().filter(|(other, _)| *other == ecosystem);
        entries.any(|(_, pattern)| match pattern {
            None => true,
            Some(pattern) => {
                let pattern = pattern.trim_matches('/');
                let glob = Glob::new(pattern).map(|glob| glob.compile_matcher());
                pattern == folder || glob.is_ok_and(|glob| glob.is_match(folder))
            }
        })
    }
}

const DEPENDABOT: [&str; 2] = [".github/dependabot.yml", ".github/dependabot.yaml"];
const RENOVATE: [&str; 9] = [
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
];
/// Files of other bots.
const OTHERS: [&str; 5] =
    [".pyup.yml", ".requires.io.yml", ".dependabot/config.yml", ".snyk", "updatecli.d"];

/// Finds what updates the dependencies of a project. Both bots may be there: then what neither lists is not known.
pub(crate) fn bot(facts: &Facts<'_>) -> Bot {
    let renovate = RENOVATE.iter().find(|path| facts.tree().is_file(Utf8Path::new(path)));
    let dependabot = DEPENDABOT.iter().find(|path| facts.tree().is_file(Utf8Path::new(path)));
    match (renovate, dependabot) {
        (Some(path), None) => renovate_of(facts, Utf8Path::new(path)),
        (None, Some(path)) => dependabot_of(facts, Utf8Path::new(path)),
        (Some(_), Some(_)) => Bot::Any,
        (None, None) if is_elsewhere(facts) => Bot::Any,
        (None, None) => Bot::None,
    }
}

fn dependabot_of(facts: &Facts<'_>, path: &Utf8Path) -> Bot {
    let Reading::Whole(document) = facts.yaml(path) else { return Bot::Any };
    let Some(value) = document.value() else { return Bot::Any };
    let (Some(updates), Some(key)) = (value.get("updates"), value.key("updates")) else {
        return Bot::Any;
    };
    let mut entries = Vec::new();
    for update in updates.items() {
        let name = update.get("package-ecosystem").and_then(Value::text).unwrap_or_default();
        let Some(ecosystem) = Ecosystem::of_dependabot(name) else { continue };
        let folders = [update.get("directory"), update.get("directories")];
        let folders = folders.into_iter().flatten().flat_map(Value::one_or_many);
        entries.extend(folders.map(|it| (ecosystem, it.text().map(str::to_owned))));
    }
    let place = key.span;
    Bot::Listed(Listed { place, entries, bot: "Dependabot", document: Arc::clone(&document) })
}

fn renovate_of(facts: &Facts<'_>, path: &Utf8Path) -> Bot {
    let Reading::Whole(document) = facts.json(path) else { return Bot::Any };
    let managers = document.value().and_then(|it| it.get("enabledManagers"));
    let key = "\"enabledManagers\"";
    let (Some(managers), Some(at)) = (managers, document.text().find(key)) else { return Bot::Any };
    let known = managers.items().filter_map(|it| Ecosystem::of_renovate(it.text()?));
    let entries: Vec<_> = known.map(|ecosystem| (ecosystem, None)).collect();
    // Patterns of one's own may find anything.
    if managers.items().any(|it| it.text().is_none_or(|name| name.starts_with("custom"))) {
        return Bot::Any;
    }
    let place = Span::new(at as u32, (at + key.len()) as u32);
    Bot::Listed(Listed { place, entries, bot: "Renovate", document: Arc::clone(&document) })
}

/// Whether something else speaks of a bot: a job that runs one or merges what it proposes, a key of another file, a log of
/// changes that names it as an author.
fn is_elsewhere(facts: &Facts<'_>) -> bool {
    let at_root = |path: &Utf8Path| path.parent().is_none_or(|folder| folder.as_str().is_empty());
    facts.tree().files().any(|path| {
        let name = path.file_name().unwrap_or_default();
        let is_log = at_root(path)
            && ["CHANGELOG", "CHANGES", "HISTORY", "NEWS"].iter().any(|it| name.starts_with(it));
        let is_pipeline = path.starts_with(".github/workflows") || name == ".gitlab-ci.yml";
        if OTHERS.iter().any(|it| path.starts_with(it)) {
            return true;
        }
        if !is_log && !is_pipeline && path != "package.json" {
            return false;
        }
        facts.text(path).whole().is_some_and(|document| names_bot(document.text()))
    })
}

fn names_bot(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "dependabot",
        "renovate",
        "pyup",
        "lock --upgrade",
        "poetry update",
        "pip-compile --upgrade",
        "pip-compile -U",
        "pcu ",
        "update-flake-lock",
    ];
    WORDS.iter().any(|word| text.contains(word))
}
