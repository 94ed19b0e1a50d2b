//! Compose files to processes. Knows the Compose specification (<https://compose-spec.io>): services, what they replace of
//! their image, and what shows that a file is for those who write the code.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::compose::is_compose;
use super::super::development;
use super::entrypoints;
use super::files::{Files, inside};
use super::image::{self, Start};
use super::words::{Line, of_value, span_of};
use super::{Draft, Reader};
use crate::facts::containers::{ImageName, Origin};
use crate::facts::value::{Data, Value};
use crate::facts::{Place, Reading};
use crate::tree::resolved;

pub(super) fn read(reader: &mut Reader<'_, '_>, path: &Utf8Path) {
    let document = match reader.facts.yaml(path) {
        Reading::Missing => return,
        Reading::Broken => return reader.unknown.push(format!("`{path}` cannot be read")),
        Reading::Whole(document) => document,
    };
    let Some(services) = document.value().and_then(|value| value.get("services")) else { return };
    let file = ComposeFile {
        path,
        folder: path.parent().unwrap_or(Utf8Path::new("")),
        services,
        development: development::of_path(path).or_else(|| has_production_beside(reader, path)),
    };
    let file = ComposeFile {
        development: file.development.clone().or_else(|| file.binds(reader)),
        ..file
    };
    for (key, service) in services.entries() {
        file.read_service(reader, &key.name, service);
    }
}

/// The file of plain name is for those who write the code where another is for production.
fn has_production_beside(reader: &Reader<'_, '_>, path: &Utf8Path) -> Option<String> {
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let own = path.file_name().unwrap_or_default();
    let is_production = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower.split(['.', '-', '_']).any(|word| matches!(word, "prod" | "production" | "deploy"))
    };
    if is_production(own) {
        return None;
    }
    let mut beside = reader.facts.tree().inside(folder);
    let other = beside.find(|it| is_compose(it) && it.file_name().is_some_and(is_production))?;
    Some(format!("`{}` is for production", other.file_name().unwrap_or_default()))
}

struct ComposeFile<'c> {
    path: &'c Utf8Path,
    folder: &'c Utf8Path,
    services: &'c Value,
    development: Option<String>,
}

/// How a service is built.
struct Build {
    image: usize,
    start: Start,
    /// What its stage begins from, in the end.
    base: Option<ImageName>,
    /// What shows that what is built is not for production.
    development: Option<String>,
    /// Whether it is another stage than the one that is built when nobody says otherwise.
    is_other: bool,
}

impl ComposeFile<'_> {
    fn read_service(&self, reader: &mut Reader<'_, '_>, name: &str, service: &Value) {
        let command = service.get("command").filter(|it| it.data != Data::Null);
        let entrypoint = service.get("entrypoint").filter(|it| it.data != Data::Null);
        let build = self.build(reader, service, 0);
        if let Some(build) = &build {
            let mounted = || self.mount(reader, service, &mut Files::default());
            if let Some(reason) = self.development.clone().or_else(mounted) {
                reader.worked_on.push((build.image, reason));
            }
        }
        // What the image says is read where that is.
        let written = command.or(entrypoint);
        let place = match (written, &build) {
            (Some(written), _) => Place::new(self.path, span_of(written)),
            (None, Some(build)) if build.is_other => {
                let start = &build.start;
                let Some((_, place)) = start.command.as_ref().or(start.entrypoint.as_ref()) else {
                    return;
                };
                place.clone()
            }
            (None, _) => return take_over(reader, service, build),
        };
        let parts = (|| {
            if let (None, Some(build)) = (written, &build) {
                return Some(build.start.words());
            }
            let mut words = match (entrypoint, &build) {
                (Some(entrypoint), _) => of_value(entrypoint)?,
                (None, Some(build)) => match &build.start.entrypoint {
                    Some((Line::Words(words), _)) => words.clone(),
                    Some((line, _)) => return Some(line.words()),
                    None => Vec::new(),
                },
                (None, None) => Vec::new(),
            };
            let command = command.map_or(Some(Vec::new()), of_value)?;
            if words.is_empty() && entrypoint.is_none() {
                let image = || service.get("image").and_then(Value::text);
                let base = match &build {
                    Some(build) => build.base.clone(),
                    None => image().and_then(entrypoints::image_of),
                };
                words.extend(base.and_then(|base| entrypoints::before(&base, &command)));
                // Options alone are for a program that only the image names.
                if words.is_empty() && command.first().is_some_and(|word| word.starts_with('-')) {
                    return None;
                }
            }
            words.extend(command);
            Some(words)
        })();
        let mut files = build.as_ref().map_or_else(Files::default, |it| it.start.files.clone());
        let binds_source = self.mount(reader, service, &mut files);
        let folder = match service.get("working_dir").and_then(Value::scalar) {
            Some(folder) => inside(Some("/"), folder).filter(|it| !it.contains('$')),
            None => build.as_ref().and_then(|it| it.start.folder.clone()),
        };
        let mut environment =
            build.as_ref().map_or_else(Vec::new, |it| it.start.environment.clone());
        environment.extend(environment_of(service));
        let of_image = build.as_ref().and_then(|it| it.development.clone());
        reader.add(Draft {
            origin: Origin::Compose,
            name: name.to_owned(),
            named_in: self.path.to_owned(),
            words: parts,
            place,
            image: build.as_ref().map(|it| it.image),
            folder,
            environment,
            environment_unknown: service
                .get("env_file")
                .map(|_| "`env_file` is not looked into".to_owned())
                .or_else(|| service.get("extends").map(|_| "it extends another".to_owned())),
            files,
            development: self
                .development
                .clone()
                .or(of_image)
                .or(binds_source)
                .or_else(|| development_service(name, service)),
            init: service.get("init").and_then(Value::flag) == Some(true),
            shares_network: service.get("network_mode").and_then(Value::text).is_some_and(|mode| {
                mode == "host" || mode.starts_with("service:") || mode.starts_with("container:")
            }),
        });
    }

    /// Who mounts the code of one service works on all of them.
    fn binds(&self, reader: &Reader<'_, '_>) -> Option<String> {
        self.services.entries().find_map(|(name, service)| {
            self.mount(reader, service, &mut Files::default())?;
            Some(format!("the code of its service `{}` is mounted", name.name))
        })
    }

    /// The image that a service builds, itself or by the name of one that another service builds.
    fn build(&self, reader: &Reader<'_, '_>, service: &Value, depth: usize) -> Option<Build> {
        let Some(build) = service.get("build") else {
            let tag = service.get("image")?.text()?;
            let mut others = self.services.entries().map(|(_, other)| other);
            let other = others.find(|other| {
                other.get("build").is_some()
                    && other.get("image").and_then(Value::text) == Some(tag)
            })?;
            return if depth == 0 { self.build(reader, other, 1) } else { None };
        };
        let context = build.text().or_else(|| build.get("context").and_then(Value::text));
        let context = resolved(self.folder, context.unwrap_or("."))?;
        let dockerfile = build.get("dockerfile").and_then(Value::text).unwrap_or("Dockerfile");
        let image = image::image_of(reader.images, &resolved(&context, dockerfile)?)?;
        let target = build.get("target").and_then(Value::text);
        let stage = image::stage_named(&reader.images[image], target)?;
        let start = image::start(reader.facts, &reader.images[image], stage)?;
        let whole = &reader.images[image];
        let is_other = stage + 1 != whole.stages.len();
        let development = if is_other {
            let word = target.and_then(development::word);
            let of_stage = word.map(|word| format!("its stage has the word `{word}`"));
            of_stage.or_else(|| development::of_path(&whole.path))
        } else {
            whole.development.clone()
        };
        let stages = &whole.stages;
        let begins = |at: &usize| stages.get(*at).and_then(|it| it.base.stage);
        let first = std::iter::successors(Some(stage), begins).take(stages.len()).last();
        let base = first.and_then(|at| stages[at].base.image.known().cloned());
        Some(Build { image, start, base, development, is_other })
    }

    /// Lays the mounted folders over the files of the image; a phrase where the code itself is mounted.
    fn mount(&self, reader: &Reader<'_, '_>, service: &Value, files: &mut Files) -> Option<String> {
        let mut binds = None;
        for volume in service.get("volumes").into_iter().flat_map(Value::one_or_many) {
            let (source, target) = match volume.text() {
                Some(text) => {
                    let mut parts = text.split(':');
                    (parts.next().unwrap_or_default(), parts.next())
                }
                None => (
                    volume.get("source").and_then(Value::text).unwrap_or_default(),
                    volume.get("target").and_then(Value::text),
                ),
            };
            let Some(target) = target.and_then(|target| inside(Some("/"), target)) else {
                continue;
            };
            if source.starts_with('$') || source.starts_with('~') {
                files.unknown = true;
                binds = binds.or_else(|| Some(format!("`{source}` is mounted")));
            }
            if !source.starts_with('.') {
                continue;
            }
            let Some(path) = resolved(self.folder, source) else {
                files.unknown = true;
                continue;
            };
            if holds_code(reader, &path) {
                binds = binds.or_else(|| Some(format!("its code is mounted from `{source}`")));
            }
            files.add(&target, path);
        }
        if service.get("develop").is_some() {
            return Some("it has a `develop` section".to_owned());
        }
        binds
    }
}

/// A service that starts what its image says may still tell that image what it needs to know.
fn take_over(reader: &mut Reader<'_, '_>, service: &Value, build: Option<Build>) {
    let Some(build) = build else { return };
    let addresses = environment_of(service);
    reader.told.push((build.image, addresses, service.get("env_file").is_some()));
    if service.get("init").and_then(Value::flag) == Some(true) {
        reader.initialised.push(build.image);
    }
}

/// Whether there is Python in a folder, at its top or one below.
fn holds_code(reader: &Reader<'_, '_>, path: &Utf8PathBuf) -> bool {
    let tree = reader.facts.tree();
    let is_near = |file: &&Utf8Path| {
        file.extension() == Some("py")
            && file.strip_prefix(path).is_ok_and(|rest| rest.components().count() <= 3)
    };
    path.extension() == Some("py") && tree.is_file(path)
        || tree.below(path).take(2_000).any(|file| is_near(&file))
}

/// `environment`, as a table or a list.
fn environment_of(service: &Value) -> Vec<(String, Option<String>)> {
    let Some(environment) = service.get("environment") else { return Vec::new() };
    let known = |value: &str| (!value.contains('$')).then(|| value.to_owned());
    let of_table = environment
        .entries()
        .map(|(key, value)| (key.name.clone(), value.scalar().and_then(known)));
    let of_list =
        environment.items().filter_map(Value::scalar).map(|text| match text.split_once('=') {
            Some((name, value)) => (name.to_owned(), known(value)),
            None => (text.to_owned(), None),
        });
    of_table.chain(of_list).collect()
}

/// What a service itself says of being for those who write the code.
fn development_service(name: &str, service: &Value) -> Option<String> {
    if let Some(word) = development::word(name) {
        return Some(format!("its name has the word `{word}`"));
    }
    let profiles = service.get("profiles").into_iter().flat_map(Value::one_or_many);
    let words = profiles.filter_map(Value::text).filter_map(development::word);
    if let Some(word) = words.into_iter().next() {
        return Some(format!("its profile is `{word}`"));
    }
    let says = environment_of(service).into_iter().find(|(name, value)| {
        let value = value.as_deref().unwrap_or_default().to_ascii_lowercase();
        name.to_ascii_uppercase().contains("ENV")
            && matches!(value.as_str(), "dev" | "development" | "local" | "test" | "testing")
    });
    says.map(|(name, value)| format!("{name} is `{}`", value.unwrap_or_default()))
}
