//! See `entry-point-unresolved.toml`: what containers, platforms and installers start, and whether the project has it.

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::facts::containers::processes::{Absence, Target, entry_point_absence};
use roadworthy_project::facts::containers::{Image, Instruction, Process, Stage};
use roadworthy_project::facts::{Facts, Place};
use roadworthy_project::{Component, EntryPoint};

use crate::shared::delivery::installs::{Install, install};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let mut known: Vec<Place> = Vec::new();
    let mut told = Vec::new();
    for process in &facts.containers().processes {
        let Some(target) = process.target() else { continue };
        let Some(absence) = target.absence(facts, process) else { continue };
        if matches!(absence, Absence::Module(_)) && is_installed(facts, process, &target) {
            continue;
        }
        let place = process.place_of(facts, &target.written);
        // Several services may start one script.
        if known.contains(&place) {
            continue;
        }
        let attribute = target.attribute.as_deref().unwrap_or_default();
        let message = message(&absence, &target.module, attribute, &target.written);
        // What several services of one file start is mended once.
        let same = told.iter().any(|(path, other)| *path == place.path && *other == message);
        if !same {
            let severity = severity(facts, &absence, &target.module, &target.written);
            let report = Report::at(place.span).severity(severity).message(message.clone());
            out.report(&place.path, report);
            told.push((place.path.clone(), message));
        }
        known.push(place);
    }
    for component in &facts.project().components {
        check_commands(facts, component, out);
    }
}

fn message(absence: &Absence, module: &str, attribute: &str, written: &str) -> String {
    match absence {
        Absence::Module(there) => {
            format!("there is no module `{module}`: `{there}` has nothing of that name")
        }
        Absence::Attribute(path) => format!("`{path}` defines no `{attribute}`"),
        Absence::Main(_) => {
            format!("`python -m {module}` needs a `__main__.py` in the package, which has none")
        }
        Absence::Script => format!("there is no file `{written}` where the container starts"),
    }
}

/// Whether an image installs the project with its module from below `src`: a regular package that is installed is found before a
/// copied folder without an `__init__.py` (<https://docs.python.org/3/reference/import.html#path-entry-finders>).
fn is_installed(facts: &Facts<'_>, process: &Process, target: &Target) -> bool {
    let Some(image) = process.image.and_then(|it| facts.containers().images.get(it)) else {
        return false;
    };
    let first = target.module.split('.').next().unwrap_or_default();
    let package = Target { module: first.to_owned(), script: None, ..target.clone() };
    let is_regular = package
        .files(facts, process)
        .iter()
        .any(|it| it.file_name() == Some("__init__.py") || it.file_stem() == Some(first));
    let path = target.module.replace('.', "/");
    !is_regular
        && image.stages.iter().any(|it| installs_project(facts, image, it))
        && [format!("src/{path}.py"), format!("src/{path}/__init__.py")]
            .iter()
            .any(|it| facts.tree().below(&image.context).any(|file| file.ends_with(it)))
}

/// Whether a command of a stage installs the project that is copied, and not only what it needs or something beside it.
fn installs_project(facts: &Facts<'_>, image: &Image, stage: &Stage) -> bool {
    const WITHOUT: [&str; 3] = ["--no-install-project", "--no-root", "--no-self"];
    let manifest = facts.text(&image.context.join("pyproject.toml")).whole();
    let says = |word: &str| manifest.as_ref().is_some_and(|it| it.text().contains(word));
    let runs = stage.instructions.iter().filter(|it| it.keyword == "RUN");
    runs.flat_map(Instruction::commands).any(|command| {
        let words: Vec<&str> = command.texts().collect();
        let last = words.last().copied().unwrap_or_default();
        match install(&command) {
            Some(Install::Project) => is_copied_to(stage, last),
            Some(Install::Sync { tool, .. }) => {
                let is_package = match tool {
                    "uv" => says("[build-system]") || says("package = true"),
                    "poetry" => !says("package-mode = false"),
                    tool => tool == "pdm",
                };
                is_package && !words.iter().any(|it| WITHOUT.contains(it))
            }
            _ => words.windows(2).any(|it| it[0].ends_with("setup.py") && it[1] == "install"),
        }
    })
}

/// Whether a path of a container is where a stage copies the project to: `.`, or a folder that gets its manifest.
fn is_copied_to(stage: &Stage, path: &str) -> bool {
    let path = path.split('[').next().unwrap_or_default();
    let path = if path == "/" { path } else { path.trim_end_matches('/') };
    let holds = |source: &str| {
        let name = source.rsplit('/').next().unwrap_or_default();
        matches!(source, "." | "./") || matches!(name, "pyproject.toml" | "setup.cfg" | "setup.py")
    };
    let mut folder = "/";
    let mut copied = stage.instructions.iter().filter_map(|it| {
        if it.keyword == "WORKDIR" {
            folder = it.arguments.value.trim();
        }
        let copied =
            it.copied.as_ref().filter(|it| it.sources.iter().any(|it| holds(&it.value)))?;
        let to = copied.destination.trim_end_matches('/');
        Some(if matches!(to, "." | "") { folder } else { to })
    });
    path == "." || copied.any(|to| to == path)
}

/// What a module or a script of the project has for its name may be what is started, from a folder that nothing here tells of:
/// then it is not sure that it is missing.
fn severity(facts: &Facts<'_>, absence: &Absence, module: &str, script: &str) -> Severity {
    let name = match absence {
        Absence::Module(_) => module.rsplit('.').next(),
        Absence::Script => Utf8Path::new(script).file_stem(),
        Absence::Attribute(_) | Absence::Main(_) => None,
    };
    let is_called = |path: &Utf8Path| {
        let folders = path.parent().into_iter().flat_map(Utf8Path::components);
        path.extension() == Some("py")
            && (path.file_stem() == name || folders.into_iter().any(|it| Some(it.as_str()) == name))
    };
    let is_elsewhere = name.is_some() && facts.tree().files().any(is_called);
    if is_elsewhere || name.is_some_and(is_made) { Severity::Warning } else { Severity::Error }
}

/// Whether a module is one that tools write before anything starts, by its name.
fn is_made(name: &str) -> bool {
    ["_pb2", "_pb2_grpc", "_rc", "_version"].iter().any(|it| name.ends_with(it))
}

/// The commands that installing a component makes: a warning at most, as nothing that runs needs them.
fn check_commands(facts: &Facts<'_>, component: &Component, out: &mut ProjectReporter<'_>) {
    if component.entry_points.is_empty() {
        return;
    }
    let mut found: Vec<(Place, String, Severity)> = Vec::new();
    for point in &component.entry_points {
        let Some(absence) = entry_point_absence(facts, component, point) else { continue };
        let is_module = matches!(absence, Absence::Module(_));
        let Some(place) = place_of(facts, component, point) else { continue };
        // Modules of other languages are there only when they are built.
        if is_module && (is_compiled(facts, component) || is_link(facts, component, point)) {
            continue;
        }
        let message = message(&absence, &point.module, &point.object, "");
        let message = format!("command `{}` is broken: {message}", point.name);
        let severity = if is_left_by_tool(facts, &absence, point, &place) {
            Severity::Info
        } else {
            Severity::Warning
        };
        found.push((place, message, severity));
    }
    // What two manifests say is told where installers look first: `pyproject.toml`, by its name, too.
    found.sort_by(|(one, ..), (other, ..)| one.path.cmp(&other.path));
    for (at, (place, message, severity)) in found.iter().enumerate() {
        if !found[..at].iter().any(|(other, said, _)| other.path != place.path && said == message) {
            let report = Report::at(place.span).severity(*severity).message(message.clone());
            out.report(&place.path, report);
        }
    }
}

/// Whether a command is what a tool wrote for a new package (`uv init`), and nobody ever made: its module is an `__init__.py` without
/// a statement, and no other file names the command.
fn is_left_by_tool(
    facts: &Facts<'_>,
    absence: &Absence,
    point: &EntryPoint,
    declared: &Place,
) -> bool {
    const ENDINGS: [&str; 7] = ["cfg", "json", "md", "sh", "toml", "yaml", "yml"];
    let Absence::Attribute(path) = absence else { return false };
    let path = Utf8Path::new(path.as_str());
    let is_empty = path.file_name() == Some("__init__.py")
        && facts.text(path).whole().is_some_and(|it| {
            let mut lines = it.text().lines().map(str::trim);
            lines.all(|line| line.is_empty() || line.starts_with('#'))
        });
    let may_call = |it: &&Utf8Path| {
        let name = it.file_name().unwrap_or_default();
        **it != declared.path
            && (it.extension().is_some_and(|it| ENDINGS.contains(&it))
                || matches!(name, "Makefile" | "Procfile" | "justfile")
                || name.contains("ockerfile"))
    };
    let calls = |line: &str| {
        let words = line.split([' ', '"', '\'', '`', ',', '[', ']', '$', '(', ')']);
        // A manifest that depends on the package names it as well.
        let starts = ["run", "command", "CMD", "ENTRYPOINT", "exec", "$ "];
        words.into_iter().any(|it| it == point.name)
            && (starts.iter().any(|it| line.contains(it))
                || line.trim_start().starts_with(&point.name))
    };
    is_empty
        && !facts.tree().files().filter(may_call).any(|it| {
            facts
                .text(it)
                .whole()
                .is_some_and(|it| it.text().contains(&point.name) && it.text().lines().any(calls))
        })
}

/// Where a command is declared: its target, in the manifest.
fn place_of(facts: &Facts<'_>, component: &Component, point: &EntryPoint) -> Option<Place> {
    let manifest = ["pyproject.toml", "setup.cfg", "setup.py"]
        .into_iter()
        .find(|name| point.declared_in.contains(name))?;
    let path = component.path.join(manifest);
    let document = facts.text(&path).whole()?;
    let text = document.text();
    let written = format!("{}:{}", point.module, point.object);
    let written = written.trim_end_matches(':');
    let found = text.match_indices(written).find(|(at, _)| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        line.contains(point.name.as_str())
    });
    let (at, _) = found.or_else(|| text.match_indices(written).next())?;
    Some(Place::new(path, Span::new(at as u32, (at + written.len()) as u32)))
}

/// Whether the module is a link to a file elsewhere in the project, under whose name it is known.
fn is_link(facts: &Facts<'_>, component: &Component, point: &EntryPoint) -> bool {
    let path = format!("{}.py", point.module.replace('.', "/"));
    ["", "src"].iter().any(|root| facts.tree().is_file(&component.path.join(root).join(&path)))
}

/// Words of manifests whose packages hold modules of other languages, or that are made.
const BUILDERS: [&str; 12] = [
    "maturin",
    "setuptools-rust",
    "setuptools_rust",
    "ext_modules",
    "Extension(",
    "cython",
    "Cython",
    "scikit-build",
    "mesonpy",
    "meson-python",
    "pybind11",
    "mypyc",
];

fn is_compiled(facts: &Facts<'_>, component: &Component) -> bool {
    let names = ["pyproject.toml", "setup.py", "setup.cfg"];
    names.iter().any(|name| {
        let path = component.path.join(name);
        let document = facts.text(&path).whole();
        document.is_some_and(|it| BUILDERS.iter().any(|word| it.text().contains(word)))
    })
}
