//! Whether something in the repository gives a program the setting for which a default stands: what brings it out, or a sample that
//! whoever sets it up copies. Knows names of files and how each writes a variable down, no level.

use std::hash::{Hash, Hasher};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::FileContext;
use roadworthy_project::Facts;
use roadworthy_secrets::name_class;
use rustc_hash::FxHasher;

use crate::shared::code::text::{has_name, is_of_name, places_of};
use crate::shared::delivery::gitignore::is_ignored_by_git;
use crate::shared::secrets::circumstances::is_of_deployment;

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
    // What is asked is kept, and the value may be a secret.
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    let question = format!("{name} is supplied beside {} but {:x}", known.path, hasher.finish());
    facts.answer(known.component, question, || {
        facts.tree().files().any(|path| {
            giver(path).is_some_and(|giver| {
                let document = facts.text(path).whole();
                document.is_some_and(|it| gives(giver, it.text(), name, value))
            })
        })
    })
}

/// The plain values that are seen for a variable of exactly this name.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// By images, services and what describes machines.
    pub(crate) deployed: Vec<String>,
    /// By samples of an environment, which whoever sets the program up copies.
    pub(crate) sampled: Vec<String>,
}

/// Reads which plain values a variable is given, for the component of a file. What a variable or a secret decides is none of them,
/// and neither is what is for those who work on the code.
pub(crate) fn given(file: &FileContext<'_>, name: &str) -> Given {
    let mut found = Given::default();
    let Some((facts, known)) = file.in_facts() else { return found };
    for process in &facts.containers().processes {
        let is_own = process.component == Some(known.component);
        if is_own && process.development.is_none() && process.worked_on.is_none() {
            let last = process.environment.iter().rfind(|(other, _)| other == name);
            found.deployed.extend(last.and_then(|(_, value)| value.clone()));
        }
    }
    for path in facts.tree().files() {
        let values = match giver(path) {
            Some(Giver::Infrastructure) => &mut found.deployed,
            Some(Giver::Sample) => &mut found.sampled,
            Some(Giver::Composition | Giver::Pipeline) | None => continue,
        };
        let Some(document) = facts.text(path).whole() else { continue };
        if document.text().contains(name) {
            values.extend(values_of(document.text(), name));
        }
    }
    found
}

/// The plain values that a text gives a name: `NAME: value`, `NAME=value`, `name: NAME` with a value behind it or on the next line.
fn values_of(text: &str, name: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|it| !is_comment(it)).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for place in places_of(line, name) {
            let (before, behind) = (&line[..place], &line[place + name.len()..]);
            let next = lines.get(at + 1).copied().unwrap_or_default();
            found.extend(value_at(before, behind, next));
        }
    }
    found
}

fn value_at(before: &str, behind: &str, next: &str) -> Option<String> {
    const BLANK: [char; 4] = [' ', '\t', '"', '\''];
    let before = before.trim_end_matches(BLANK).trim_start();
    let is_key = matches!(before, "" | "-" | "export" | "ENV")
        || before.ends_with(',')
        || before.ends_with('{') && !before.ends_with("${");
    if is_key {
        return plain(behind.trim_start_matches(BLANK));
    }
    let label = before.strip_suffix([':', '='])?.trim_end_matches(BLANK);
    if !["name", "key"].contains(&label.rsplit(['-', '{', ' ', '"', '\'']).next()?) {
        return None;
    }
    let beside = behind.split_once("value").map(|(_, it)| it);
    let below = || next.trim_start_matches(['-', ' ', '\t', '"', '\'']).strip_prefix("value");
    plain(beside.or_else(below)?.trim_start_matches(BLANK))
}

/// The value behind a sign, without quotes, where nothing else decides it.
fn plain(text: &str) -> Option<String> {
    let value = text.strip_prefix([':', '='])?.trim();
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
    let value = match quote {
        Some(quote) => value[1..].split(quote).next()?,
        None => value.split([' ', ',', '}', ']', ';']).next()?,
    };
    let is_plain = value.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    is_plain.then(|| value.to_owned())
}

/// Whether git leaves out an environment which nobody committed, and the programs among what is copied beside it read variables of
/// which none is called like a secret. Tests and what browsers load are no programs of the image.
pub(crate) fn reads_no_secret(
    facts: &Facts<'_>,
    copied: &[Utf8PathBuf],
    environment: &Utf8Path,
) -> bool {
    const CODE: [&str; 6] = ["cjs", "go", "js", "mjs", "py", "ts"];
    const OTHERS: [&str; 5] = ["node_modules", "public", "static", "test", "tests"];
    if facts.tree().is_file(environment) || !is_ignored_by_git(facts, environment) {
        return false;
    }
    let is_code = |path: &&Utf8Path| {
        path.extension().is_some_and(|it| CODE.contains(&it))
            && !path.components().any(|it| OTHERS.contains(&it.as_str()))
    };
    let files = copied.iter().flat_map(|path| {
        let itself = facts.tree().is_file(path).then_some(path.as_path());
        itself.into_iter().chain(facts.tree().below(path))
    });
    let mut names = 0;
    for path in files.filter(is_code) {
        let Some(document) = facts.text(path).whole() else { return false };
        // Fields of such a class are called in small letters, and all of them are read.
        if document.text().contains("BaseSettings") {
            return false;
        }
        let lines =
            document.text().lines().filter(|it| it.contains("env") || it.contains("config("));
        for word in lines.flat_map(|it| it.split(|it: char| !is_of_name(it))) {
            let is_variable = word.len() > 2
                && word.starts_with(|it: char| it.is_ascii_uppercase())
                && !word.contains(|it: char| it.is_lowercase());
            if is_variable && name_class(word).is_some() {
                return false;
            }
            names += usize::from(is_variable);
        }
    }
    names > 0
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
    // What production reads is committed beside what reads it.
    if !is_example && is_of_deployment(path) {
        return Some(Giver::Infrastructure);
    }
    if name.contains("env") && is_example && !is_data {
        return Some(Giver::Sample);
    }
    if name.contains("compose") && is_data {
        return Some(Giver::Composition);
    }
    let below = || path.components().any(|it| FOLDERS.contains(&it.as_str()));
    // <https://aws.github.io/copilot-cli/docs/manifest/overview/>; others call what assists them so.
    let of_copilot =
        || name.starts_with("manifest.") && path.components().any(|it| it.as_str() == "copilot");
    let described = matches!(ending, "tf" | "tfvars" | "bicep" | "hcl" | "nomad" | "tpl" | "j2")
        || NAMES.contains(&name.as_str())
        || is_data && (below() || of_copilot());
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

#[cfg(test)]
mod tests {
    use super::values_of;

    #[test]
    fn values_are_those_of_exactly_the_key() {
        for (text, value) in [
            ("- name: SHOP_DEBUG\n  value: \"true\"\n", "true"),
            ("- { name: SHOP_DEBUG, value: '0' }\n", "0"),
            ("{\"name\": \"SHOP_DEBUG\", \"value\": \"false\"},\n", "false"),
            ("      SHOP_DEBUG: \"False\"\n", "False"),
            ("export SHOP_DEBUG=1  # for now\n", "1"),
            ("environment = { SHOP_DEBUG = \"no\" }\n", "no"),
        ] {
            assert_eq!(values_of(text, "SHOP_DEBUG"), [value], "{text}");
        }
        for text in [
            "LOG_LEVEL: SHOP_DEBUG\n",
            "OTHER: ${SHOP_DEBUG:-0}\n",
            "SHOP_DEBUG: ${SHOP_DEBUG}\n",
            "MY_SHOP_DEBUG: 0\n",
            "# SHOP_DEBUG=0\n",
            "value = var.x\nname = \"SHOP_DEBUG\"\nvalue = var.debug\n",
        ] {
            assert!(values_of(text, "SHOP_DEBUG").is_empty(), "{text}");
        }
    }
}
