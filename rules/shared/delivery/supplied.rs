//! Whether something in the repository gives a program the setting for which a default stands: what brings it out, or a sample that
//! whoever sets it up copies. Knows names of files and how each writes a variable down, no level.

use camino::Utf8Path;
use roadworthy_engine::FileContext;

use crate::shared::code::text::has_name;

/// How a kind of file gives a variable.
#[derive(Clone, Copy)]
enum Giver {
    /// What describes machines and services: its name alone, where the same literal does not stand beside it.
    Infrastructure,
    /// A composition, where a variable without a default is empty if nobody sets it.
    Composition,
    /// A pipeline that takes it from its own secrets.
    Pipeline,
    /// A sample of an environment.
    Sample,
}

/// Whether a file of the repository gives the variable another value than its default.
pub(crate) fn is_supplied(file: &FileContext<'_>, name: &str, value: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    if name.is_empty() {
        return false;
    }
    facts.answer(known.component, format!("{name} is supplied beside {}", known.path), || {
        facts.tree().files().any(|path| {
            giver(path).is_some_and(|giver| {
                let document = facts.text(path).whole();
                document.is_some_and(|it| gives(giver, it.text(), name, value))
            })
        })
    })
}

fn giver(path: &Utf8Path) -> Option<Giver> {
    const FOLDERS: [&str; 14] = [
        ".aws",
        "ansible",
        "chart",
        "charts",
        "deploy",
        "deployment",
        "ecs",
        "helm",
        "infra",
        "infrastructure",
        "k8s",
        "kubernetes",
        "kustomize",
        "manifests",
    ];
    const NAMES: [&str; 9] = [
        "app.json",
        "fly.toml",
        "render.yaml",
        "render.yml",
        "serverless.yaml",
        "serverless.yml",
        "task-definition.json",
        "template.yaml",
        "template.yml",
    ];
    let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
    let ending = path.extension().unwrap_or_default();
    let is_data = matches!(ending, "yml" | "yaml" | "json");
    let is_example =
        ["example", "sample", "template", "dist"].iter().any(|word| name.contains(word));
    if is_data && path.as_str().contains(".github/workflows/") {
        return Some(Giver::Pipeline);
    }
    if name.contains("env") && is_example && !is_data {
        return Some(Giver::Sample);
    }
    if name.contains("compose") && is_data {
        return Some(Giver::Composition);
    }
    let below = || path.components().any(|it| FOLDERS.contains(&it.as_str()));
    let described = matches!(ending, "tf" | "tfvars" | "bicep" | "hcl" | "nomad" | "tpl" | "j2")
        || NAMES.contains(&name.as_str())
        || is_data && below();
    described.then_some(Giver::Infrastructure)
}

fn gives(giver: Giver, text: &str, name: &str, value: &str) -> bool {
    if !text.contains(name) {
        return false;
    }
    let mut lines = text.lines().peekable();
    std::iter::from_fn(|| {
        lines.next().map(|line| (line, lines.peek().copied().unwrap_or_default()))
    })
    .filter(|(line, _)| has_name(line, name) && !is_comment(line))
    .any(|(line, next)| match giver {
        Giver::Infrastructure => ![line, next].iter().any(|it| holds(it, value)),
        Giver::Composition => is_passed_on(line, name),
        Giver::Pipeline => line.contains("secrets.") || line.contains("vars."),
        Giver::Sample => {
            let rest = line.trim_start().trim_start_matches("export ").trim_start();
            rest.starts_with(name) && !holds(line, value)
        }
    })
}

/// Whether a line gives a value as a whole, in quotes or not.
fn holds(line: &str, value: &str) -> bool {
    let ends = |it: char| it.is_whitespace() || "\"'=:,{}".contains(it);
    line.match_indices(value).any(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + value.len()..]);
        let begins = before.is_empty() || before.ends_with(ends) || before.ends_with(":-");
        begins && behind.chars().next().is_none_or(ends)
    })
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', '/', ';'])
}

/// `KEY: ${KEY}`, `- KEY=${KEY:?}`, `- KEY`: nothing stands for it where nobody sets it.
fn is_passed_on(line: &str, name: &str) -> bool {
    let line = line.trim().trim_start_matches("- ").trim_matches(['"', '\'']);
    let Some(rest) = line.strip_prefix(name) else { return false };
    let given = rest.trim_start_matches([':', '=', ' ']).trim_matches(['"', '\'']);
    given.is_empty() || given.starts_with("${") && !given.contains(":-") && !given.contains('-')
}
