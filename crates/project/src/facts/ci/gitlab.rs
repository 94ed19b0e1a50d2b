//! Pipelines of GitLab: jobs with what they inherit by `default`, `extends` and `include` of the same repository. What is
//! included from elsewhere is not known.

use camino::Utf8PathBuf;

use super::follow::{Follower, Site};
use super::github::{add_python, image_version, version};
use super::{Job, Pipeline, Place, Step, System, join};
use crate::facts::syntax::SyntaxFault;
use crate::facts::value::{Data, Value};
use crate::facts::{Document, Reading};
use roadworthy_parser::Span;
use std::sync::Arc;

/// Words of the outermost level that are no jobs.
/// Source: <https://docs.gitlab.com/ci/yaml/>
const KEYWORDS: [&str; 13] = [
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "types",
    "$schema",
];
/// How many files include one another at most.
const MOST_FILES: usize = 40;

pub(super) fn read(follower: &mut Follower<'_, '_>, out: &mut Vec<Pipeline>) {
    let path = follower.root.join(".gitlab-ci.yml");
    let path =
        if follower.facts.tree().is_file(&path) { path } else { custom(follower).unwrap_or(path) };
    let mut documents: Vec<Arc<Document>> = Vec::new();
    let mut waiting: Vec<Utf8PathBuf> = vec![path];
    while let Some(path) = waiting.pop() {
        if documents.len() > MOST_FILES || documents.iter().any(|it| it.path == path) {
            continue;
        }
        match follower.facts.yaml(&path) {
            Reading::Whole(document) => {
                if let Some(value) =
                    document.values.iter().find(|it| !it.is_table() && it.data != Data::Null)
                {
                    let sentence = "is no pipeline: it is not a table of jobs".to_owned();
                    let fault = SyntaxFault { span: Span::empty(value.span.start), sentence };
                    follower.facts.refuse(&path, fault);
                    follower.unknown(format!("{path} is no pipeline"));
                    continue;
                }
                waiting.extend(included(follower, &document));
                documents.push(document);
            }
            Reading::Broken => follower.unknown(format!("{path} cannot be read")),
            Reading::Missing if documents.is_empty() => return,
            Reading::Missing => follower.unknown(format!("there is no {path}")),
        }
    }
    // `spec:` has a document of its own.
    let tables: Vec<(&Document, &Value)> = documents
        .iter()
        .flat_map(|document| document.values.iter().map(move |it| (&**document, it)))
        .collect();
    for document in &documents {
        let own = tables.iter().filter(|(other, _)| other.path == document.path);
        let jobs = own.flat_map(|(_, table)| table.entries());
        let jobs = jobs.filter(|(key, it)| {
            !key.name.starts_with('.') && !KEYWORDS.contains(&key.name.as_str()) && it.is_table()
        });
        let jobs = jobs.map(|(key, value)| {
            let place = Place::new(document.path.clone(), key.span);
            job(follower, &tables, (document, &key.name, place, value))
        });
        let jobs = jobs.collect();
        follower.sources.push(document.path.clone());
        let (path, system, triggers) = (document.path.clone(), System::GitLab, Vec::new());
        out.push(Pipeline { path, system, triggers, jobs });
    }
}

/// A file of another name, which the settings of a project may give: <https://docs.gitlab.com/ci/pipelines/settings/>. Known by its
/// stages and scripts.
fn custom(follower: &Follower<'_, '_>) -> Option<Utf8PathBuf> {
    const ENDS: [&str; 4] = ["-ci.yaml", "-ci.yml", ".ci.yaml", ".ci.yml"];
    let is_called_so = |name: &str| ENDS.iter().any(|it| name.ends_with(it));
    let facts = follower.facts;
    facts
        .tree()
        .inside(&follower.root)
        .find(|path| {
            path.file_name().is_some_and(is_called_so)
                && facts.text(path).whole().is_some_and(|it| {
                    let has = |key: &str| it.text().lines().any(|line| line.trim_end() == key);
                    has("stages:") && it.text().lines().any(|line| line.trim() == "script:")
                })
        })
        .map(ToOwned::to_owned)
}

/// The files of the same repository that a file includes.
fn included(follower: &mut Follower<'_, '_>, document: &Document) -> Vec<Utf8PathBuf> {
    let mut paths = Vec::new();
    let includes = document.values.iter().filter_map(|it| it.get("include"));
    let children = document.values.iter().flat_map(Value::entries);
    let children = children.filter_map(|(_, job)| job.at(&["trigger", "include"]));
    for item in includes.chain(children).flat_map(Value::one_or_many) {
        let local = item
            .text()
            .filter(|it| !it.contains("://"))
            .or_else(|| item.get("local").and_then(Value::text));
        let template = item.get("template").and_then(Value::text);
        match (local, template) {
            (Some(local), _) if !local.contains(['*', '$']) => {
                paths.extend(join(&follower.root, local.trim_start_matches('/')));
            }
            (Some(local), _) if local.contains('*') => {
                let (before, behind) =
                    local.trim_start_matches('/').split_once('*').unwrap_or_default();
                let behind = behind.trim_start_matches(['*', '/']);
                let folder = join(&follower.root, before.rsplit_once('/').map_or("", |(it, _)| it));
                let files = folder.iter().flat_map(|it| follower.facts.tree().below(it));
                paths.extend(
                    files.filter(|it| it.as_str().ends_with(behind)).map(ToOwned::to_owned),
                );
            }
            // Templates of GitLab itself look for weaknesses, or build; they run no tests of Python.
            (_, Some(_)) => {}
            _ => {
                follower
                    .unknown(format!("{} includes a file of another repository", document.path));
            }
        }
    }
    paths
}

/// The tables that hold for a job, the nearest first.
fn inherited<'t>(
    tables: &[(&'t Document, &'t Value)],
    document: &'t Document,
    value: &'t Value,
) -> Vec<(&'t Document, &'t Value)> {
    let mut found = vec![(document, value)];
    let mut at = 0;
    while at < found.len() && found.len() < 20 {
        let bases: Vec<&str> = found[at]
            .1
            .get("extends")
            .into_iter()
            .flat_map(Value::one_or_many)
            .filter_map(Value::text)
            .collect();
        for base in bases.into_iter().rev() {
            found.extend(
                tables
                    .iter()
                    .filter_map(|(document, table)| Some((*document, table.get(base)?)))
                    .next_back(),
            );
        }
        at += 1;
    }
    found.extend(
        tables.iter().filter_map(|(document, table)| Some((*document, table.get("default")?))),
    );
    found.extend(tables.iter().copied());
    found
}

fn job(
    follower: &mut Follower<'_, '_>,
    tables: &[(&Document, &Value)],
    (document, name, place, value): (&Document, &str, Place, &Value),
) -> Job {
    let chain = inherited(tables, document, value);
    let mut pythons = Some(Vec::new());
    let variables = variables(&chain);
    let image = chain.iter().find_map(|(document, it)| Some((*document, it.get("image")?)));
    if let Some((document, image)) = image {
        let name = image.get("name").unwrap_or(image);
        let place = Place::new(document.path.clone(), name.span);
        for (text, place) in images(name.scalar().unwrap_or_default(), value, &variables, place) {
            add_python(&mut pythons, image_version(&text), &place);
        }
    }
    let needs = value.get("needs").into_iter().flat_map(Value::one_or_many);
    let needs = needs.filter_map(|it| it.text().or_else(|| it.get("job").and_then(Value::text)));
    let mut result = Job {
        id: name.to_owned(),
        place,
        needs: needs.map(str::to_owned).collect(),
        pythons,
        ..Job::default()
    };
    for key in ["before_script", "script", "after_script"] {
        let Some((document, script)) =
            chain.iter().find_map(|(document, it)| Some((*document, it.get(key)?)))
        else {
            continue;
        };
        follower.begin_step();
        let mut step =
            Step { place: Place::new(document.path.clone(), script.span), ..Step::default() };
        let mut folder = follower.root.clone();
        for (document, line) in lines(tables, document, script, 0) {
            let Some(text) = line.scalar() else { continue };
            let site = Site {
                path: &document.path,
                text: document.text(),
                span: line.span,
                folder: folder.clone(),
                through: Vec::new(),
                variables: variables.clone(),
            };
            // The lines of a job run in one shell.
            if let Some(to) = text.strip_prefix("cd ") {
                folder = super::follow::moved(&folder, to.trim(), &follower.root);
            }
            follower.script(text, &site, &mut step.commands);
        }
        for python in std::mem::take(&mut follower.pythons) {
            add_python(&mut result.pythons, version(&python.value), &python.place);
        }
        result.steps.push(step);
    }
    result
}

/// The lines of a script: lists in lists are one, and `!reference [.job, script]` is that of another job.
fn lines<'t>(
    tables: &[(&'t Document, &'t Value)],
    document: &'t Document,
    script: &'t Value,
    depth: usize,
) -> Vec<(&'t Document, &'t Value)> {
    let Data::List(items) = &script.data else { return vec![(document, script)] };
    let texts: Vec<&str> = items.iter().filter_map(Value::text).collect();
    if depth > 0 && texts.len() == items.len() && texts.len() > 1 {
        let found =
            tables.iter().find_map(|(document, table)| Some((*document, table.at(&texts)?)));
        if let Some((document, script)) = found.filter(|_| depth < 5) {
            return lines(tables, document, script, depth + 1);
        }
    }
    if depth > 5 {
        return Vec::new();
    }
    items.iter().flat_map(|item| lines(tables, document, item, depth + 1)).collect()
}

fn variables(chain: &[(&Document, &Value)]) -> Vec<(String, String)> {
    let tables = chain.iter().rev().filter_map(|(_, it)| it.get("variables"));
    let entries = tables.flat_map(Value::entries);
    let text = |value: &Value| {
        value.scalar().or_else(|| value.get("value").and_then(Value::scalar)).map(str::to_owned)
    };
    entries.filter_map(|(key, value)| Some((key.name.clone(), text(value)?))).collect()
}

/// The images of a job, of which a variable may come from its matrix.
fn images(
    name: &str,
    job: &Value,
    variables: &[(String, String)],
    place: Place,
) -> Vec<(String, Place)> {
    let mut images = vec![(name.to_owned(), place)];
    let rows = job.at(&["parallel", "matrix"]).into_iter().flat_map(Value::items);
    for (key, values) in rows.flat_map(Value::entries) {
        let forms = [format!("${{{}}}", key.name), format!("${}", key.name)];
        if forms.iter().any(|form| name.contains(form.as_str())) {
            let one = |value: &Value| {
                let text = forms.iter().fold(name.to_owned(), |it, form| {
                    it.replace(form.as_str(), value.scalar().unwrap_or_default())
                });
                (text, Place::new(images[0].1.path.clone(), value.span))
            };
            images = values.one_or_many().map(one).collect();
            break;
        }
    }
    for (image, _) in &mut images {
        for (name, value) in variables {
            *image =
                image.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
        }
    }
    images
}
