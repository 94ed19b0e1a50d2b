//! What there is to be named: targets, recipes, environments, sessions, services, extras and groups, of all files of the
//! repository together. Knows the formats as far as names go; where a file may bring more, nothing is said to be missing.

use std::collections::BTreeSet;

use camino::Utf8Path;
use roadworthy_parser::dotted_text;
use roadworthy_project::Facts;
use roadworthy_project::facts::imports::normalised;
use roadworthy_project::facts::value::Value;

use super::has_ending;

/// The names of one kind.
#[derive(Default)]
pub(super) struct Names {
    known: BTreeSet<String>,
    /// Beginnings and ends that any name may have.
    patterns: Vec<(String, String)>,
    files: usize,
    /// Whether there may be more.
    open: bool,
}

impl Names {
    /// Whether a file holds names of this kind, and all of them are known.
    pub(super) fn complete(&self) -> bool {
        self.files > 0 && !self.open && !(self.known.is_empty() && self.patterns.is_empty())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        let fits = |(start, end): &(String, String)| {
            name.len() >= start.len() + end.len()
                && name.starts_with(start.as_str())
                && name.ends_with(end.as_str())
        };
        self.known.contains(name)
            || self.known.contains(&normalised(name))
            || self.patterns.iter().any(fits)
    }

    fn add(&mut self, name: &str) {
        self.known.insert(name.to_owned());
        self.known.insert(normalised(name));
    }
}

/// Files of a name at any depth, as text.
fn read(facts: &Facts<'_>, is: impl Fn(&str) -> bool, mut take: impl FnMut(&Utf8Path, &str)) {
    for path in facts.tree().files().filter(|path| path.file_name().is_some_and(&is)) {
        if let Some(document) = facts.text(path).whole() {
            take(path, document.text());
        }
    }
}

pub(super) fn make(facts: &Facts<'_>) -> Names {
    let mut names = Names::default();
    let is_makefile = |name: &str| {
        matches!(name, "Makefile" | "makefile" | "GNUmakefile")
            || has_ending(name, &[".mk", ".mak"])
    };
    read(facts, is_makefile, |_, text| {
        names.files += 1;
        for line in text.lines().filter(|line| !line.starts_with(['\t', '#'])) {
            let line = line.trim();
            if let Some(files) =
                ["include ", "-include ", "sinclude "].iter().find_map(|it| line.strip_prefix(it))
            {
                // Those of the repository are read by their names.
                let there =
                    |file: &str| facts.tree().files().any(|path| path.as_str().ends_with(file));
                names.open |=
                    !files.split_whitespace().all(|file| is_makefile(file) && there(file));
            }
            names.open |= line.contains("$(eval") || line.starts_with(".DEFAULT:");
            let Some((targets, rest)) = line.split_once(':') else { continue };
            if rest.starts_with('=') || targets.contains('=') && !targets.contains("::") {
                continue;
            }
            for target in targets.split_whitespace() {
                if target.contains("$(") || target.contains("${") {
                    names.open = true;
                } else if let Some((start, end)) = target.split_once('%') {
                    names.patterns.push((start.to_owned(), end.to_owned()));
                } else {
                    names.add(target);
                }
            }
        }
    });
    names
}

pub(super) fn just(facts: &Facts<'_>) -> Names {
    let mut names = Names::default();
    let is_justfile = |name: &str| {
        name.eq_ignore_ascii_case("justfile") || name == ".justfile" || has_ending(name, &[".just"])
    };
    read(facts, is_justfile, |_, text| {
        names.files += 1;
        for line in
            text.lines().filter(|line| !line.starts_with([' ', '\t', '#', '[']) && !line.is_empty())
        {
            if line.starts_with("mod ") || line.starts_with("mod? ") || line.contains("fallback") {
                names.open = true;
            } else if let Some(alias) = line.strip_prefix("alias ") {
                names.add(alias.split_whitespace().next().unwrap_or_default());
            } else if !line.starts_with("set ") && !line.starts_with("import") {
                let head = line.trim_start_matches('@');
                let end = head.find([' ', ':']).unwrap_or(head.len());
                names.add(&head[..end]);
            }
        }
    });
    names
}

pub(super) fn tox(facts: &Facts<'_>) -> Names {
    let mut names = Names::default();
    let is_tox =
        |name: &str| matches!(name, "tox.ini" | "tox.toml" | "setup.cfg" | "pyproject.toml");
    read(facts, is_tox, |path, text| {
        let has = path.file_name().is_some_and(|name| name.starts_with("tox."))
            || text.contains("[tox:tox]")
            || text.contains("[tool.tox");
        if !has {
            return;
        }
        names.files += 1;
        for line in text.lines() {
            let section = ["[testenv:", "[env.", "[tool.tox.env."];
            if let Some(rest) = section.iter().find_map(|it| line.trim().strip_prefix(it)) {
                names.add(rest.trim_end_matches(']').trim_matches('"'));
            }
        }
        // Each word may be a factor of an environment's name: `py{310,311}-django`.
        let words =
            text.split(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '_' | '.'));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        for word in words {
            names.add(word);
            word.split('-').for_each(|part| names.add(part));
        }
    });
    // An interpreter is an environment by itself, and names are put together of factors.
    names.patterns.extend([("py".to_owned(), String::new()), (String::new(), "ALL".to_owned())]);
    names
}

pub(super) fn nox(facts: &Facts<'_>) -> Names {
    let mut names = Names::default();
    for path in facts.tree().files().filter(|path| path.file_name() == Some("noxfile.py")) {
        let Some(file) = facts.python(path) else {
            names.open = true;
            continue;
        };
        names.files += 1;
        let (text, outline) = (file.source.text(), &file.outline);
        names.open |= outline.imports.iter().any(|import| {
            let module = dotted_text(text, import.module);
            import.level > 0 || !matches!(givers_of(&module), Known::Elsewhere)
        });
        for definition in &outline.definitions {
            let is_session =
                |span: &roadworthy_parser::Span| span.of_text(text).contains("session");
            if !outline.decorators(definition).iter().any(is_session) {
                continue;
            }
            names.add(definition.name.of_text(text));
            for decorator in outline.decorators(definition) {
                let quoted = decorator.of_text(text).split(['"', '\'']).skip(1).step_by(2);
                quoted.for_each(|name| names.add(name));
            }
        }
        names.patterns.extend(
            names.known.iter().map(|name| (format!("{name}-"), String::new())).collect::<Vec<_>>(),
        );
    }
    names
}

enum Known {
    Elsewhere,
    Here,
}

/// Whether a module that a noxfile imports may bring sessions along.
fn givers_of(module: &str) -> Known {
    use roadworthy_project::facts::imports::{Givers, givers};
    match givers(module, |_| false) {
        Givers::Unknown if module != "nox" => Known::Here,
        _ => Known::Elsewhere,
    }
}

pub(super) fn services(facts: &Facts<'_>) -> Names {
    let mut names = Names::default();
    let is_compose = |name: &str| name.contains("compose") && has_ending(name, &[".yml", ".yaml"]);
    for path in facts.tree().files().filter(|path| path.file_name().is_some_and(is_compose)) {
        let Some(document) = facts.yaml(path).whole() else {
            names.open = true;
            continue;
        };
        let Some(value) = document.value() else { continue };
        names.open |= value.get("include").is_some();
        if let Some(services) = value.get("services") {
            names.files += 1;
            services.entries().for_each(|(key, _)| names.add(&key.name));
        }
    }
    names
}

pub(super) fn extras(facts: &Facts<'_>) -> Names {
    manifests(facts, |names, pyproject| {
        for path in [&["project", "optional-dependencies"][..], &["tool", "poetry", "extras"]] {
            keys(names, pyproject.at(path));
        }
        let dynamic = pyproject.at(&["project", "dynamic"]);
        names.open |= dynamic
            .is_some_and(|it| it.items().any(|it| it.text() == Some("optional-dependencies")));
    })
}

pub(super) fn groups(facts: &Facts<'_>) -> Names {
    manifests(facts, |names, pyproject| {
        for path in [
            &["dependency-groups"][..],
            &["tool", "poetry", "group"],
            &["tool", "pdm", "dev-dependencies"],
            &["project", "optional-dependencies"],
        ] {
            keys(names, pyproject.at(path));
        }
        if pyproject.at(&["tool", "poetry", "dev-dependencies"]).is_some()
            || pyproject.at(&["tool", "uv", "dev-dependencies"]).is_some()
        {
            names.add("dev");
        }
        names.add("main");
    })
}

fn keys(names: &mut Names, table: Option<&Value>) {
    table.into_iter().flat_map(Value::entries).for_each(|(key, _)| names.add(&key.name));
}

/// Names of all `pyproject.toml`; what `setup.py` says is not known.
fn manifests(facts: &Facts<'_>, take: impl Fn(&mut Names, &Value)) -> Names {
    let mut names = Names::default();
    for path in facts.tree().files() {
        match path.file_name() {
            Some("pyproject.toml") => match facts.toml(path).whole() {
                Some(document) => {
                    if let Some(value) = document.value() {
                        names.files += 1;
                        take(&mut names, value);
                    }
                }
                None => names.open = true,
            },
            Some("setup.py" | "setup.cfg") => names.open = true,
            _ => {}
        }
    }
    names
}
