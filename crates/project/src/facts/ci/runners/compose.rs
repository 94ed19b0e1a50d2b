//! `docker build` and Compose: what the `RUN` of an image and the command of a service come to. Knows the formats only
//! as far as commands stand in them.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::follow::{Follower, Invocation, Site};
use super::super::{Command, Place, join};
use super::option_values;
use crate::facts::value::{Data, Value};

const NAMES: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

pub(super) fn follow(
    follower: &mut Follower<'_, '_>,
    program: &str,
    it: &Invocation,
    out: &mut Vec<Command>,
) -> bool {
    let words = it.arguments();
    let has = |name: &str| words.iter().any(|it| it == name);
    if program == "docker compose" {
        if has("up") {
            for service in services(follower, it) {
                self::service(follower, &service, it, out);
            }
            return true;
        }
        if has("build") {
            for path in files(follower, it) {
                build_all(follower, &path, it, out);
            }
            return true;
        }
        return false;
    }
    if !has("build") {
        return false;
    }
    let given = option_values(words, "-f", &["--file"]);
    let context = words.last().filter(|it| !it.starts_with('-')).map_or(".", String::as_str);
    let path = match given.first() {
        Some(file) => join(&it.folder, file),
        None => join(&it.folder, context).map(|it| it.join("Dockerfile")),
    };
    if let Some(path) = path {
        image(follower, &path, it, out);
    }
    true
}

/// Adds what the instructions `RUN` of a Dockerfile come to.
pub(in super::super) fn image(
    follower: &mut Follower<'_, '_>,
    path: &Utf8Path,
    it: &Invocation,
    out: &mut Vec<Command>,
) {
    let Some(document) = follower.facts.text(path).whole() else { return };
    let text = document.text();
    let (images, _) = follower.facts.images();
    let Some(image) = images.iter().find(|image| image.path == path) else { return };
    let runs = image.stages.iter().flat_map(|stage| &stage.instructions);
    let runs: Vec<_> = runs.filter(|it| it.keyword == "RUN").collect();
    for run in runs {
        let site = Site { folder: image.context.clone(), ..it.site(path, text, run.span) };
        if let Some(words) = &run.words {
            let place = Place::new(path, run.span);
            follower.words(words.clone(), (site.folder, site.through, Vec::new(), place), out);
        } else {
            follower.script(&run.arguments.value, &site, out);
            for document in &run.documents {
                follower.script(document, &site, out);
            }
        }
    }
}

/// Adds what a service of Compose runs.
pub(in super::super) fn service(
    follower: &mut Follower<'_, '_>,
    name: &str,
    it: &Invocation,
    out: &mut Vec<Command>,
) {
    for path in files(follower, it) {
        let Some(document) = follower.facts.yaml(&path).whole() else { continue };
        let Some(service) = document.value().and_then(|it| it.at(&["services", name])) else {
            continue;
        };
        for key in ["entrypoint", "command"] {
            let Some(command) = service.get(key) else { continue };
            let site = Site {
                folder: path.parent().unwrap_or(Utf8Path::new("")).to_owned(),
                ..it.site(&path, document.text(), command.span)
            };
            match &command.data {
                Data::Text(text) => follower.script(text, &site, out),
                Data::List(items) => {
                    let words = items.iter().filter_map(Value::scalar).map(str::to_owned).collect();
                    let place = Place::new(path.clone(), command.span);
                    follower.words(words, (site.folder, site.through, Vec::new(), place), out);
                }
                _ => {}
            }
        }
    }
}

/// The services that `up` starts: those named, else all.
fn services(follower: &Follower<'_, '_>, it: &Invocation) -> Vec<String> {
    let behind = it.arguments().iter().skip_while(|it| *it != "up").skip(1);
    let named: Vec<_> = behind.filter(|it| !it.starts_with('-')).cloned().collect();
    let files = files(follower, it);
    let documents = files.iter().filter_map(|path| follower.facts.yaml(path).whole());
    let all: Vec<String> = documents
        .flat_map(|document| {
            let services = document.value().and_then(|it| it.get("services")).cloned();
            let keys = services.iter().flat_map(Value::entries).map(|(key, _)| key.name.clone());
            keys.collect::<Vec<_>>()
        })
        .collect();
    // The service that an option names runs its tests too.
    let some = named.iter().any(|it| all.contains(it));
    if some { named } else { all }
}

fn build_all(
    follower: &mut Follower<'_, '_>,
    path: &Utf8Path,
    it: &Invocation,
    out: &mut Vec<Command>,
) {
    let Some(document) = follower.facts.yaml(path).whole() else { return };
    let services = document.value().and_then(|it| it.get("services"));
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let mut files: Vec<Utf8PathBuf> = Vec::new();
    for (_, service) in services.into_iter().flat_map(Value::entries) {
        let Some(build) = service.get("build") else { continue };
        let context = build.text().or_else(|| build.get("context").and_then(Value::text));
        let file = build.get("dockerfile").and_then(Value::text).unwrap_or("Dockerfile");
        let file = join(folder, context.unwrap_or(".")).and_then(|it| join(&it, file));
        files.extend(file.filter(|it| !files.contains(it)));
    }
    for file in files {
        image(follower, &file, it, out);
    }
}

/// The Compose files of a command.
fn files(follower: &Follower<'_, '_>, it: &Invocation) -> Vec<Utf8PathBuf> {
    let tree = follower.facts.tree();
    let given = option_values(&it.words, "-f", &["--file"]);
    if !given.is_empty() {
        return given
            .iter()
            .filter_map(|name| join(&it.folder, name))
            .filter(|it| tree.is_file(it))
            .collect();
    }
    let above = it.folder.ancestors().take_while(|it| it.starts_with(&follower.root));
    let mut paths = above.flat_map(|folder| NAMES.map(|name| folder.join(name)));
    paths.find(|path| tree.is_file(path)).into_iter().collect()
}
