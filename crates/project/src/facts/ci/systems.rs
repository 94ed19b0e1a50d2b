//! Pipelines of systems other than GitHub and GitLab: of some the scripts are read, wherever they stand in the file; of the
//! rest it is only known that they are there. Which system has which file is data.

use std::sync::LazyLock;

use camino::Utf8Path;

use super::follow::{Follower, Site};
use super::github::{add_python, image_version, version};
use super::{Job, Pipeline, Place, Step, System};
use crate::facts::value::{Data, Value};
use crate::facts::{Document, Reading};

struct Row {
    name: String,
    file: String,
    scripts: Vec<String>,
    versions: Vec<String>,
    elsewhere: Vec<String>,
    /// Whether it is no pipeline, but builds and tests where no file shows it.
    builds: bool,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let file = crate::facts::syntax::toml::parse(include_str!("systems.toml")).unwrap_or_default();
    let rows = file.get("system").into_iter().flat_map(Value::items);
    rows.map(|row| {
        let text = |key: &str| row.get(key).and_then(Value::text).unwrap_or_default().to_owned();
        let texts = |key: &str| super::tools::texts(row, key);
        Row {
            name: text("name"),
            file: text("file"),
            scripts: texts("scripts"),
            versions: texts("versions"),
            elsewhere: texts("elsewhere"),
            builds: row.get("build").is_some(),
        }
    })
    .collect()
});

/// Whether a file is one of a pipeline by its name, of whatever system, wherever it lies, and whether it can be understood
/// or not.
pub fn is_pipeline(path: &Utf8Path) -> bool {
    // Asked of every file of a project: most are Python, and no pipeline is.
    let text = path.as_str();
    if path.extension() == Some("py") {
        return false;
    }
    let name = text.rsplit('/').next().unwrap_or_default();
    // Where a part of the path is the file, or the folder, of a system.
    let begins = |at: usize| at == 0 || text.as_bytes()[at - 1] == b'/';
    name.contains("gitlab-ci")
        || name.contains("Jenkinsfile")
        || ROWS.iter().map(|row| row.file.as_str()).chain([".github/workflows/"]).any(|own| {
            if own.ends_with('/') {
                text.find(own).is_some_and(begins)
            } else {
                text.ends_with(own) && begins(text.len() - own.len())
            }
        })
}

pub(super) fn read(follower: &mut Follower<'_, '_>, out: &mut Vec<Pipeline>) {
    for row in ROWS.iter() {
        let path = follower.root.join(&row.file);
        let tree = follower.facts.tree();
        if row.file.ends_with('/') {
            let folder = Utf8Path::new(path.as_str().trim_end_matches('/'));
            for path in tree.inside(folder) {
                file(follower, row, path, out);
            }
        } else if tree.is_file(&path) {
            file(follower, row, &path, out);
        }
    }
    follow_jenkins(follower);
}

/// A server of Jenkins is told where its pipelines lie, and how they are called:
/// <https://www.jenkins.io/doc/book/pipeline/getting-started/#defining-a-pipeline-in-scm>.
fn follow_jenkins(follower: &mut Follower<'_, '_>) {
    let facts = follower.facts;
    let root = follower.root.clone();
    for path in facts.tree().below(&root) {
        let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
        let is_pipeline = [".jenkinsfile", ".jenkins"].iter().any(|it| name.ends_with(it))
            || name
                .strip_prefix("jenkinsfile")
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
        // The usual one stands in the table.
        if is_pipeline && path != root.join("Jenkinsfile") {
            follower.unknown(format!("what {path} runs is not known: Jenkins is not followed"));
        }
    }
}

fn file(follower: &mut Follower<'_, '_>, row: &Row, path: &Utf8Path, out: &mut Vec<Pipeline>) {
    if row.builds {
        return follower.unknown(format!("what {} tests by {path} is not followed", row.name));
    }
    let path = path.to_owned();
    let mut pipeline =
        Pipeline { path, system: System::Other, triggers: Vec::new(), jobs: Vec::new() };
    let is_yaml = matches!(pipeline.path.extension(), Some("yml" | "yaml"));
    if row.scripts.is_empty() || !is_yaml {
        follower.unknown(format!(
            "what {} runs is not known: {} is not followed",
            pipeline.path, row.name
        ));
        follower.sources.push(pipeline.path.clone());
        return out.push(pipeline);
    }
    match follower.facts.yaml(&pipeline.path) {
        Reading::Whole(document) => {
            follower.sources.push(pipeline.path.clone());
            let mut job = Job { id: row.name.clone(), pythons: Some(Vec::new()), ..Job::default() };
            job.place = Place::new(
                pipeline.path.clone(),
                document.value().map_or_else(Default::default, |it| it.span),
            );
            job.place.span.end = job.place.span.start;
            for value in &document.values {
                walk(follower, row, (&document, value), &mut job);
            }
            pipeline.jobs.push(job);
        }
        _ => follower.unknown(format!("{} cannot be read", pipeline.path)),
    }
    out.push(pipeline);
}

/// Looks for scripts, versions and images at any depth.
fn walk(
    follower: &mut Follower<'_, '_>,
    row: &Row,
    (document, value): (&Document, &Value),
    job: &mut Job,
) {
    match &value.data {
        Data::Table(entries) => {
            for (key, inner) in entries {
                let is = |names: &[String]| names.contains(&key.name);
                let place = || Place::new(document.path.clone(), inner.span);
                if is(&row.elsewhere) {
                    follower.unknown(format!("{} takes a part from elsewhere", document.path));
                }
                if is(&row.versions) {
                    for item in inner.one_or_many() {
                        let place = Place::new(document.path.clone(), item.span);
                        add_python(
                            &mut job.pythons,
                            version(item.scalar().unwrap_or_default()),
                            &place,
                        );
                    }
                } else if key.name == "image" || key.name == "docker" {
                    add_python(
                        &mut job.pythons,
                        image_version(inner.scalar().unwrap_or_default()),
                        &place(),
                    );
                    walk(follower, row, (document, inner), job);
                } else if is(&row.scripts) {
                    script(follower, (document, inner), job);
                    walk(follower, row, (document, inner), job);
                } else {
                    walk(follower, row, (document, inner), job);
                }
            }
        }
        Data::List(items) => {
            for item in items {
                walk(follower, row, (document, item), job);
            }
        }
        _ => {}
    }
}

fn script(follower: &mut Follower<'_, '_>, (document, value): (&Document, &Value), job: &mut Job) {
    let mut folder = follower.root.clone();
    follower.begin_step();
    let mut step = Step { place: Place::new(document.path.clone(), value.span), ..Step::default() };
    for line in value.one_or_many() {
        let Some(text) = line.scalar() else { continue };
        let site = Site {
            path: &document.path,
            text: document.text(),
            span: line.span,
            folder: folder.clone(),
            through: Vec::new(),
            variables: Vec::new(),
        };
        if let Some(to) = text.strip_prefix("cd ") {
            folder = super::follow::moved(&folder, to.trim(), &follower.root);
        }
        follower.script(text, &site, &mut step.commands);
    }
    for python in std::mem::take(&mut follower.pythons) {
        add_python(&mut job.pythons, version(&python.value), &python.place);
    }
    job.steps.push(step);
}
