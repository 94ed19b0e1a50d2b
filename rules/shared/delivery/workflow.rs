//! What security needs to know of GitHub's workflows: triggers, what the token may do, steps, conditions. Knows the format
//! (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>), no rule; of a reusable workflow of
//! another repository it knows nothing.

pub(crate) mod actions;
pub(crate) mod checkout;
pub(crate) mod condition;
pub(crate) mod execution;
pub(crate) mod expression;
pub(crate) mod folded;
pub(crate) mod permissions;
pub(crate) mod untrusted;
pub(crate) mod zizmor;

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;
use roadworthy_project::facts::value::{Key, Value};
use roadworthy_project::facts::{Document, Reading};
use roadworthy_project::{Facts, File};

use permissions::Permissions;

/// A workflow: one file.
#[derive(Debug)]
pub(crate) struct Workflow {
    document: Arc<Document>,
    /// Whether it follows workflows of this repository only, none of which runs for a pull request.
    follows_own: bool,
}

/// A job of a workflow.
#[derive(Clone, Copy)]
pub(crate) struct Job<'w> {
    /// The workflow around it.
    pub(crate) workflow: &'w Workflow,
    /// Its key.
    pub(crate) key: &'w Key,
    /// What stands under that.
    pub(crate) value: &'w Value,
}

/// A step of a job.
#[derive(Clone, Copy)]
pub(crate) struct Step<'w> {
    /// The job around it.
    pub(crate) job: Job<'w>,
    /// The step.
    pub(crate) value: &'w Value,
}

/// What `secrets.` begins the name of in a command: `secrets.json` is a file.
const FILES: [&str; 8] = ["env", "ini", "json", "py", "toml", "txt", "yaml", "yml"];

/// The workflows of a project that could be read, by path: what GitHub runs lies in `.github/workflows` of the repository
/// and nowhere below that.
pub(crate) fn workflows(facts: &Facts<'_>) -> Vec<Workflow> {
    let mut all: Vec<_> =
        paths(facts).iter().filter_map(|path| Workflow::read(facts, path)).collect();
    let follow: Vec<bool> = all.iter().map(|workflow| follows_own(workflow, &all)).collect();
    for (workflow, follows_own) in all.iter_mut().zip(follow) {
        workflow.follows_own = follows_own;
    }
    all
}

/// Whether what a workflow follows is known, and never runs what a pull request brings.
fn follows_own(workflow: &Workflow, all: &[Workflow]) -> bool {
    let triggers = workflow.triggers();
    let run = triggers.iter().find(|(name, _)| *name == "workflow_run").and_then(|(_, it)| *it);
    let Some(names) = run.and_then(|it| it.get("workflows")) else { return false };
    names.one_or_many().all(|name| {
        let is_meant = |other: &&Workflow| other.get("name").and_then(Value::text) == name.text();
        all.iter().find(is_meant).is_some_and(|other| {
            !other.triggers().iter().any(|(event, _)| {
                event.starts_with("pull_request")
                    || matches!(*event, "workflow_run" | "issue_comment" | "issues")
            })
        })
    })
}

/// Folders of projects that are none: what tests look at, and what projects are made from.
const SAMPLES: [&str; 9] = [
    "test",
    "tests",
    "testdata",
    "fixtures",
    "data",
    "templates",
    "template",
    "examples",
    "example",
];

fn paths(facts: &Facts<'_>) -> Vec<Utf8PathBuf> {
    let mut found: Vec<(&Utf8Path, &Utf8Path)> = Vec::new();
    for path in facts.tree().files() {
        let is_yaml = matches!(path.extension(), Some("yml" | "yaml"));
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        if is_yaml && folder.ends_with(".github/workflows") {
            let root = folder.parent().and_then(Utf8Path::parent).unwrap_or(Utf8Path::new(""));
            found.push((root, path));
        }
    }
    // A part of a repository that came with workflows of its own: nobody runs them.
    let project = facts.project();
    found.retain(|(root, path)| {
        let file = project.files.iter().find(|file| file.path == **path);
        let top = file.and_then(File::repository_root);
        top.is_none_or(|top| *top == project.working_directory.join(root))
    });
    let roots: Vec<&Utf8Path> = found.iter().map(|(root, _)| *root).collect();
    // A template of a project, or a copy of somebody else's.
    let is_inner =
        |root: &Utf8Path| roots.iter().any(|outer| *outer != root && root.starts_with(outer));
    let is_sample = |root: &Utf8Path| root.components().any(|it| SAMPLES.contains(&it.as_str()));
    let outer = found.iter().filter(|(root, _)| !is_inner(root) && !is_sample(root));
    outer.map(|(_, path)| (*path).to_owned()).collect()
}

impl Workflow {
    fn read(facts: &Facts<'_>, path: &Utf8Path) -> Option<Self> {
        let Reading::Whole(document) = facts.yaml(path) else { return None };
        let is_workflow = document.value().is_some_and(|it| {
            it.get("on").is_some() && it.get("jobs").is_some_and(Value::is_table)
        });
        is_workflow.then_some(Self { document, follows_own: false })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.document.path
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        self.document.text()
    }

    /// What stands under a key of the whole.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.document.value()?.get(key)
    }

    /// Its events with what narrows them, in order.
    pub(crate) fn triggers(&self) -> Vec<(&str, Option<&Value>)> {
        let Some(on) = self.get("on") else { return Vec::new() };
        if on.is_table() {
            return on.entries().map(|(key, value)| (key.name.as_str(), Some(value))).collect();
        }
        on.one_or_many().filter_map(|it| Some((it.text()?, None))).collect()
    }

    /// Whether it has a trigger that others can bring something by.
    pub(crate) fn is_triggered_by(&self, event: &str) -> bool {
        if event == "workflow_run" && self.follows_own {
            return false;
        }
        self.triggers().iter().any(|(name, _)| *name == event)
    }

    /// Whether it runs only where another workflow calls it.
    pub(crate) fn is_only_called(&self) -> bool {
        let triggers = self.triggers();
        !triggers.is_empty() && triggers.iter().all(|(name, _)| *name == "workflow_call")
    }

    /// Whether somebody of the team starts it by hand, and nothing else does.
    pub(crate) fn is_by_hand(&self) -> bool {
        let triggers = self.triggers();
        !triggers.is_empty() && triggers.iter().all(|(name, _)| *name == "workflow_dispatch")
    }

    /// Whether its own name says that it is out of use, and nothing but a hand starts it: `CI (disabled)`.
    pub(crate) fn is_called_off(&self) -> bool {
        let name = self.get("name").and_then(Value::text).unwrap_or_default().to_ascii_lowercase();
        let mut words = name.split(|it: char| !it.is_ascii_alphanumeric());
        self.is_by_hand() && words.any(|it| matches!(it, "deprecated" | "disabled" | "obsolete"))
    }

    /// Its jobs, in order.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = Job<'_>> {
        let jobs = self.get("jobs").into_iter().flat_map(Value::entries);
        jobs.map(|(key, value)| Job { workflow: self, key, value })
    }

    /// What it lets the token do, where it says so.
    pub(crate) fn permissions(&self) -> Option<Permissions> {
        self.get("permissions").map(Permissions::read)
    }
}

impl<'w> Job<'w> {
    /// Its steps, in order.
    pub(crate) fn steps(self) -> impl Iterator<Item = Step<'w>> {
        let steps = self.value.get("steps").into_iter().flat_map(Value::items);
        steps.map(move |value| Step { job: self, value })
    }

    /// The workflow it calls instead of having steps.
    pub(crate) fn calls(self) -> Option<&'w Value> {
        self.value.get("uses")
    }

    /// What the token may do in it: what the job says, else the workflow.
    pub(crate) fn permissions(self) -> Permissions {
        let own = self.value.get("permissions").map(Permissions::read);
        own.or_else(|| self.workflow.permissions()).unwrap_or(Permissions::Unsaid)
    }

    /// The environment it waits for, which may ask people or hold secrets of its own.
    pub(crate) fn environment(self) -> Option<&'w str> {
        let environment = self.value.get("environment")?;
        environment.scalar().or_else(|| environment.get("name")?.scalar())
    }

    /// The names of the secrets that it is handed, by its own text or by the environment of the workflow, without the
    /// token that every job has. `None` where it hands on all of them.
    pub(crate) fn secrets(self) -> Option<Vec<&'w str>> {
        if self.value.get("secrets").and_then(Value::text) == Some("inherit") {
            return None;
        }
        let text = self.workflow.text();
        let around = self.workflow.get("env").map_or("", |env| env.span.of_text(text));
        let mut names = secrets_in(self.value.span.of_text(text));
        names.extend(secrets_in(around));
        Some(names)
    }

    /// Its condition.
    pub(crate) fn condition(self) -> Option<&'w str> {
        self.value.get("if").and_then(Value::scalar)
    }

    /// Whether its condition can never hold: `false`, or an event that does not start the workflow.
    pub(crate) fn never_runs(self) -> bool {
        self.condition().is_some_and(|it| condition::is_never_met(it, &self))
    }

    /// Whether all machines that it asks for were withdrawn, so that it never starts.
    /// Source: <https://github.com/actions/runner-images#available-images>
    pub(crate) fn asks_for_the_withdrawn(self) -> bool {
        const WITHDRAWN: [&str; 9] = [
            "macos-10.15",
            "macos-11",
            "macos-12",
            "ubuntu-16.04",
            "ubuntu-18.04",
            "ubuntu-20.04",
            "vs2017-win2016",
            "windows-2016",
            "windows-2019",
        ];
        let Some(runs_on) = self.value.get("runs-on") else { return false };
        let matrix = || self.value.get("strategy").and_then(|it| it.get("matrix"));
        let of_matrix = runs_on.scalar().and_then(|it| {
            let inner = it.strip_prefix("${{")?.strip_suffix("}}")?.trim();
            let name = inner.strip_prefix("matrix.")?;
            // What is included adds others.
            matrix().filter(|it| it.get("include").is_none())?.get(name)
        });
        let mut machines = of_matrix.unwrap_or(runs_on).one_or_many().peekable();
        machines.peek().is_some()
            && machines.all(|it| it.scalar().is_some_and(|it| WITHDRAWN.contains(&it)))
    }

    /// The jobs it waits for.
    pub(crate) fn needs(self) -> Vec<Job<'w>> {
        let names = self.value.get("needs").into_iter().flat_map(Value::one_or_many);
        let job = |name: &Value| {
            self.workflow.jobs().find(|job| Some(job.key.name.as_str()) == name.scalar())
        };
        names.filter_map(job).collect()
    }
}

impl<'w> Step<'w> {
    /// The action it uses.
    pub(crate) fn uses(self) -> Option<&'w Value> {
        self.value.get("uses")
    }

    /// The name of the action it uses, without its version.
    pub(crate) fn action(self) -> Option<&'w str> {
        Some(self.uses()?.text()?.split('@').next().unwrap_or_default())
    }

    /// The script it runs: what its shell only prints or puts elsewhere is none (`shell: cat {0}`).
    pub(crate) fn run(self) -> Option<&'w Value> {
        const HANDLERS: [&str; 7] = ["cat", "cp", "echo", "head", "jq", "tee", "true"];
        let shell = self.shell().and_then(|it| it.split_whitespace().next()).unwrap_or_default();
        self.value.get("run").filter(|_| !HANDLERS.contains(&shell))
    }

    /// The shell that it, its job or the workflow names.
    fn shell(self) -> Option<&'w str> {
        let default = |it: Option<&'w Value>| it?.at(&["run", "shell"])?.scalar();
        let own = self.value.get("shell").and_then(Value::scalar);
        own.or_else(|| default(self.job.value.get("defaults")))
            .or_else(|| default(self.job.workflow.get("defaults")))
    }

    /// An input of the action it uses.
    pub(crate) fn input(self, name: &str) -> Option<&'w Value> {
        let inputs = self.value.get("with")?;
        inputs.entries().find(|(key, _)| key.name.eq_ignore_ascii_case(name)).map(|(_, it)| it)
    }

    /// Its condition.
    pub(crate) fn condition(self) -> Option<&'w str> {
        self.value.get("if").and_then(Value::scalar)
    }

    /// Whether its job never runs, or its condition can never hold.
    pub(crate) fn never_runs(self) -> bool {
        self.job.never_runs()
            || self.condition().is_some_and(|it| condition::is_never_met(it, &self))
    }

    /// Whether it only runs where something before it, or a job that its job waits for, has failed.
    pub(crate) fn runs_after_failure(self) -> bool {
        let job =
            self.job.condition().is_some_and(|it| condition::is_met_by_failure(it, &self.job));
        job || self.condition().is_some_and(|it| condition::is_met_by_failure(it, &self))
    }

    /// A variable of its environment, as the step, the job or the workflow sets it.
    pub(crate) fn variable(self, name: &str) -> Option<&'w Value> {
        let around =
            [self.value.get("env"), self.job.value.get("env"), self.job.workflow.get("env")];
        around.into_iter().flatten().find_map(|env| env.get(name))
    }
}

impl condition::Run for Job<'_> {
    // GitHub does not know variables yet where it asks whether a job runs.
    fn variable(&self, _name: &str) -> Option<&str> {
        None
    }

    fn may_be_of(&self, event: &str) -> bool {
        // What calls a workflow hands on its own event.
        let triggers = self.workflow.triggers();
        triggers.is_empty()
            || triggers.iter().any(|(name, _)| *name == event || *name == "workflow_call")
    }
}

impl condition::Run for Step<'_> {
    fn variable(&self, name: &str) -> Option<&str> {
        let around =
            [self.value.get("env"), self.job.value.get("env"), self.job.workflow.get("env")];
        let mut entries = around.into_iter().flatten().flat_map(Value::entries);
        let (_, value) = entries.find(|(key, _)| key.name.eq_ignore_ascii_case(name))?;
        // What a step before writes there holds for all that follow.
        let is_set_anew =
            || self.job.value.span.of_text(self.job.workflow.text()).contains("GITHUB_ENV");
        value.scalar().filter(|it| !it.contains("${{") && !is_set_anew())
    }

    fn may_be_of(&self, event: &str) -> bool {
        self.job.may_be_of(event)
    }
}

/// The names of the secrets that a part of a workflow hands over, without the token that every job has: what is commented out is
/// none, and neither is a file that is only called so.
pub(crate) fn secrets_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices("secrets.") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with('#') {
            continue;
        }
        let rest = &text[at + "secrets.".len()..];
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
        let (name, behind) = rest.split_at(rest.find(|it| !is_part(it)).unwrap_or(rest.len()));
        // `.secrets.baseline` and `app/secrets.yaml` are files.
        let before = text[..at].chars().next_back().unwrap_or(' ');
        let whole = before.is_whitespace() || "{(,!|&=".contains(before);
        // What does as well with a literal guards nothing: `secrets.DB_PASSWORD || 'postgres'`.
        let has_literal = behind
            .trim_start()
            .strip_prefix("||")
            .is_some_and(|it| it.trim_start().starts_with('\''));
        if whole
            && !name.is_empty()
            && !has_literal
            && !FILES.contains(&name)
            && !name.eq_ignore_ascii_case("GITHUB_TOKEN")
        {
            names.push(name);
        }
    }
    names
}

/// The text of a value as the file has it: what a block of text looked like before it was taken out.
pub(crate) fn written<'w>(workflow: &'w Workflow, value: &Value) -> (&'w str, u32) {
    (value.span.of_text(workflow.text()), value.span.start)
}

/// A place in a text as one of the file that holds the text.
pub(crate) fn shifted(span: Span, by: u32) -> Span {
    Span::new(span.start + by, span.end + by)
}

#[cfg(test)]
mod tests {
    use super::secrets_in;

    #[test]
    fn every_secret_of_a_part_is_named_but_the_own_token() {
        let text = "A: ${{ secrets.GITHUB_TOKEN }}\nB: ${{ secrets.KEY }}-${{secrets.OTHER}}\n# C: ${{ secrets.OLD }}\n";
        assert_eq!(secrets_in(text), ["KEY", "OTHER"]);
        assert!(secrets_in("cat app/secrets.yaml .secrets.baseline").is_empty());
    }
}
