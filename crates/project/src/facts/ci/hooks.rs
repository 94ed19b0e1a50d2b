//! The hooks of pre-commit, and who runs them. Knows its configuration; not what a hook of another repository does.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::follow::Follower;
use super::{CiModel, Command, Hook, Located, Pipeline, Place};
use crate::facts::Reading;
use crate::facts::syntax::SyntaxFault;
use crate::facts::value::{Data, Value};
use roadworthy_parser::Span;

/// Adds the hooks of a repository. Source: <https://pre-commit.com/#adding-pre-commit-plugins-to-your-project>
pub(super) fn read(follower: &Follower<'_, '_>, model: &mut CiModel) {
    let names = [".pre-commit-config.yaml", ".pre-commit-config.yml"];
    for path in names.map(|name| follower.root.join(name)) {
        let Reading::Whole(document) = follower.facts.yaml(&path) else { continue };
        let Some(value) = document.value().filter(|it| it.data != Data::Null) else { continue };
        if !value.is_table() {
            let sentence = "is no configuration of pre-commit: it is not a table".to_owned();
            follower
                .facts
                .refuse(&path, SyntaxFault { span: Span::empty(value.span.start), sentence });
            continue;
        }
        let service = value.get("ci");
        let skip: Vec<&str> = service
            .and_then(|it| it.get("skip"))
            .into_iter()
            .flat_map(Value::one_or_many)
            .filter_map(Value::text)
            .collect();
        // A service is told how it is to behave: it is there. Source: <https://pre-commit.ci/#configuration>
        model.hooks_run |= service.is_some();
        for repository in value.get("repos").into_iter().flat_map(Value::items) {
            let text = |value: &Value, key: &str| {
                value.get(key).and_then(Value::scalar).map(str::to_owned)
            };
            for hook in repository.get("hooks").into_iter().flat_map(Value::items) {
                let Some(id) = hook.get("id").filter(|it| it.scalar().is_some()) else { continue };
                let name = id.scalar().unwrap_or_default().to_owned();
                let stages = hook.get("stages").or_else(|| value.get("default_stages"));
                let stages =
                    stages.into_iter().flat_map(Value::one_or_many).filter_map(Value::text);
                model.hooks.push(Hook {
                    skipped: skip.contains(&name.as_str()),
                    id: Located { value: name, place: Place::new(path.clone(), id.span) },
                    repository: text(repository, "repo").unwrap_or_default(),
                    revision: text(repository, "rev"),
                    entry: text(hook, "entry").map(|entry| with_script(follower, entry)),
                    stages: stages.map(str::to_owned).collect(),
                });
            }
        }
    }
}

/// An entry, with the texts behind it of the script that it starts and of those that this one starts, where they are of
/// the repository.
fn with_script(follower: &Follower<'_, '_>, entry: String) -> String {
    let is_shell = |word: &str| Utf8Path::new(word).extension() == Some("sh");
    let mut seen = BTreeSet::new();
    let texts = scripts(follower, &entry, |_| true, &mut seen);
    let further = texts.iter().flat_map(|it| scripts(follower, it, is_shell, &mut seen)).collect();
    [vec![entry], texts, further].concat().join("\n")
}

/// The texts of the files that the words of a text name, each once.
fn scripts(
    follower: &Follower<'_, '_>,
    text: &str,
    is_meant: impl Fn(&str) -> bool,
    seen: &mut BTreeSet<Utf8PathBuf>,
) -> Vec<String> {
    let words = text.split_whitespace().filter(|word| word.contains(['/', '.']) && is_meant(word));
    let paths = words.map(|word| follower.root.join(word.trim_start_matches("./")));
    let documents = paths.filter_map(|path| {
        let is_new = seen.insert(path.clone());
        is_new.then(|| follower.facts.text(&path).whole()).flatten()
    });
    documents.map(|it| it.text().to_owned()).collect()
}

/// Whether a command runs all hooks: `pre-commit run --all-files`.
pub(super) fn runs_all(command: &Command) -> bool {
    let words = &command.words;
    let program = command.program();
    let run = words.iter().position(|it| it == "run");
    let hook = run.and_then(|at| words.get(at + 1)).is_some_and(|it| !it.starts_with('-'));
    (program == "pre-commit" || program == "prek") && run.is_some() && !hook
}

/// Whether a pipeline uses an action that runs them.
pub(super) fn uses(pipeline: &Pipeline) -> bool {
    const ACTIONS: [&str; 5] = [
        "pre-commit/action",
        "pre-commit-ci/lite-action",
        "j178/prek-action",
        "cloudposse/github-action-pre-commit",
        "tox-dev/action-pre-commit-uv",
    ];
    let steps = pipeline.jobs.iter().flat_map(|job| &job.steps);
    let mut actions = steps.filter_map(|step| step.uses.as_ref());
    actions.any(|it| ACTIONS.contains(&super::tools::action_name(&it.value).as_str()))
}
