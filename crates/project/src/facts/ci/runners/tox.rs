//! `tox`: the environments that are asked for, from `tox.ini`, `setup.cfg`, `tox.toml` or `pyproject.toml`, and their
//! commands. Knows factors, references to other sections and `{posargs}`; of other substitutions nothing.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;
use std::sync::Arc;

use super::super::follow::{Follower, Invocation, moved};
use super::super::{Command, Located, Place};
use super::{behind_dashes, option_values};
use crate::facts::value::{Data, Value};
use crate::facts::{Document, Facts};

/// Names of environments whose commands are the usual ones.
const ANY: &str = "py";

/// The configuration of tox.
struct Tox {
    document: Arc<Document>,
    form: Form,
}

enum Form {
    /// `[testenv:NAME]`, under the value of the whole file.
    Ini(Value, &'static str),
    /// `[env.NAME]`, under the table of tox.
    Toml(Value),
}

pub(super) fn follow(follower: &mut Follower<'_, '_>, it: &Invocation, out: &mut Vec<Command>) {
    let words = it.arguments();
    // `tox list`, `tox config` run nothing.
    if let Some(first) = words.first()
        && matches!(
            first.as_str(),
            "list"
                | "l"
                | "config"
                | "c"
                | "--version"
                | "--notest"
                | "-l"
                | "-a"
                | "devenv"
                | "quickstart"
                | "schema"
        )
    {
        return;
    }
    if words.iter().any(|it| it == "--notest" || it == "--listenvs") {
        return;
    }
    let given = option_values(words, "-c", &["--conf"]);
    let Some(tox) = find(follower.facts, &it.folder, &follower.root, given.first().copied()) else {
        return follower
            .unknown(format!("there is no configuration of tox for `{}`", it.words.join(" ")));
    };
    let mut names: Vec<String> =
        option_values(words, "-e", &["--env"]).iter().flat_map(|names| expanded(names)).collect();
    if names.is_empty() {
        names = it.variable("TOXENV").map(expanded).unwrap_or_default();
    }
    let by_factor =
        option_values(words, "-f", &[]).iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let labels = option_values(words, "-m", &[]);
    let all = tox.all();
    if names.is_empty() && !labels.is_empty() {
        names = labels.iter().flat_map(|label| tox.labelled(label)).collect();
        if names.is_empty() {
            follower.unknown(format!("`{}` names environments by a label", it.words.join(" ")));
        }
    } else if names.is_empty() || names.iter().any(|it| it == "ALL") {
        names.clone_from(&all);
        if !by_factor.is_empty() {
            names.retain(|name| {
                by_factor.iter().any(|factor| name.split('-').any(|it| it == factor))
            });
        }
        if names.is_empty() {
            names.push(ANY.to_owned());
        }
    }
    // Which of them a variable means is not known: any of them runs.
    let guessed = names.iter().any(|it| super::super::wrappers::open(it));
    if guessed {
        names.retain(|it| !super::super::wrappers::open(it));
        names.extend(all);
        names.push(ANY.to_owned());
        names.extend(tox.named());
    }
    let posargs = behind_dashes(words);
    let mut seen = rustc_hash::FxHashSet::default();
    for name in names.iter().filter(|it| seen.insert(it.as_str())) {
        if let Some(python) = python_of(name).filter(|_| !guessed) {
            follower.pythons.push(Located { value: python, place: it.place.clone() });
        }
        tox.run(name, follower, (it, posargs), out);
    }
}

fn find(facts: &Facts<'_>, folder: &Utf8Path, root: &Utf8Path, given: Option<&str>) -> Option<Tox> {
    let above = folder.ancestors().take_while(|it| it.starts_with(root));
    let folders: Vec<Utf8PathBuf> = match given {
        Some(given) => {
            let path = super::super::join(folder, given)?;
            let is_file = facts.tree().is_file(&path);
            vec![if is_file { path.parent()?.to_owned() } else { path }]
        }
        None => above.map(Utf8Path::to_owned).collect(),
    };
    folders.iter().find_map(|folder| {
        let ini = |name: &str, prefix: &'static str| {
            let document = facts.ini(&folder.join(name)).whole()?;
            let value = document.value()?.clone();
            let has = value.entries().any(|(key, _)| {
                key.name.starts_with(prefix) && key.name[prefix.len()..].starts_with("testenv")
                    || key.name == format!("{prefix}tox")
            });
            has.then_some(Tox { document, form: Form::Ini(value, prefix) })
        };
        let toml = |name: &str, path: &[&str]| {
            let document = facts.toml(&folder.join(name)).whole()?;
            let value = document.value()?.at(path)?.clone();
            match value.get("legacy_tox_ini").and_then(Value::text) {
                Some(text) => {
                    let value = crate::facts::syntax::ini::parse(text).ok()?;
                    Some(Tox { document, form: Form::Ini(value, "") })
                }
                None => Some(Tox { document, form: Form::Toml(value) }),
            }
        };
        ini("tox.ini", "")
            .or_else(|| ini("setup.cfg", "tox:"))
            .or_else(|| ini("setup.cfg", ""))
            .or_else(|| toml("pyproject.toml", &["tool", "tox"]))
            .or_else(|| toml("tox.toml", &[]))
    })
}

impl Tox {
    /// The environments that run when none is named.
    fn all(&self) -> Vec<String> {
        match &self.form {
            Form::Ini(value, prefix) => {
                let main = [format!("{prefix}tox"), "tox".to_owned()];
                let main = main.iter().find_map(|name| value.get(name));
                let list = main.and_then(|it| it.get("env_list").or_else(|| it.get("envlist")));
                list.and_then(Value::text).map(expanded).unwrap_or_default()
            }
            Form::Toml(value) => {
                let list = value.get("env_list").into_iter().flat_map(Value::items);
                list.flat_map(|item| match item.text() {
                    Some(text) => expanded(text),
                    None => product(item),
                })
                .collect()
            }
        }
    }

    /// The environments that have a section of their own.
    fn named(&self) -> Vec<String> {
        match &self.form {
            Form::Ini(value, prefix) => {
                let head = format!("{prefix}testenv:");
                let names = value.entries().filter_map(|(key, _)| key.name.strip_prefix(&head));
                names.flat_map(expanded).collect()
            }
            Form::Toml(value) => {
                let names = value.get("env").into_iter().flat_map(Value::entries);
                names.map(|(key, _)| key.name.clone()).collect()
            }
        }
    }

    fn labelled(&self, label: &str) -> Vec<String> {
        match &self.form {
            Form::Ini(value, prefix) => {
                let labels = value.get(&format!("{prefix}tox")).and_then(|it| it.get("labels"));
                let lines = labels.and_then(Value::text).unwrap_or_default().lines();
                let of = lines.filter_map(|line| line.split_once('='));
                of.filter(|(name, _)| name.trim() == label)
                    .flat_map(|(_, it)| expanded(it))
                    .collect()
            }
            Form::Toml(value) => {
                let names = value.at(&["labels", label]).into_iter().flat_map(Value::items);
                names.filter_map(Value::text).map(str::to_owned).collect()
            }
        }
    }

    /// Adds what an environment runs.
    fn run(
        &self,
        name: &str,
        follower: &mut Follower<'_, '_>,
        (it, posargs): (&Invocation, &[String]),
        out: &mut Vec<Command>,
    ) {
        let through = Invocation {
            words: ["tox", "-e", name].map(str::to_owned).to_vec(),
            runners: Vec::new(),
            folder: self.document.path.parent().unwrap_or(Utf8Path::new("")).to_owned(),
            through: it.through.clone(),
            variables: it.variables.clone(),
            place: it.place.clone(),
        };
        match &self.form {
            Form::Ini(value, prefix) => {
                let sections = sections(value, prefix, name);
                let setting = |key: &str| sections.iter().find_map(|section| section.get(key));
                let mut site =
                    through.site(&self.document.path, self.document.text(), Span::default());
                if let Some(to) =
                    setting("changedir").or_else(|| setting("change_dir")).and_then(Value::text)
                {
                    site.folder =
                        moved(&site.folder, &substituted(to, value, posargs, 0), &follower.root);
                }
                for key in ["commands_pre", "commands", "commands_post"] {
                    let Some(commands) = setting(key) else { continue };
                    site.span = if commands.span.end as usize <= site.text.len() {
                        commands.span
                    } else {
                        Span::default()
                    };
                    let text = substituted(commands.text().unwrap_or_default(), value, posargs, 0);
                    let lines = text.replace("\\\n", " ");
                    let script: Vec<&str> =
                        lines.lines().filter_map(|line| of_factors(line, name)).collect();
                    follower.script(&script.join("\n"), &site, out);
                }
            }
            Form::Toml(value) => {
                let own = value.at(&["env", name]);
                let base = value.get("env_run_base");
                for key in ["commands_pre", "commands", "commands_post"] {
                    let commands =
                        own.and_then(|it| it.get(key)).or_else(|| base.and_then(|it| it.get(key)));
                    for command in commands.into_iter().flat_map(Value::items) {
                        let words = toml_words(command, value, posargs);
                        let span = Span::new(command.span.start, command.span.start + 1);
                        let place = Place::new(self.document.path.clone(), span);
                        let folder = through.folder.clone();
                        follower.words(words, (folder, through.led(), Vec::new(), place), out);
                    }
                }
            }
        }
    }
}

/// The sections that hold for an environment, the nearest first.
fn sections<'v>(value: &'v Value, prefix: &str, name: &str) -> Vec<&'v Value> {
    let head = format!("{prefix}testenv:");
    let own = value.entries().filter(|(key, _)| {
        key.name
            .strip_prefix(&head)
            .is_some_and(|names| expanded(names).iter().any(|it| it == name))
    });
    let mut sections: Vec<&Value> = own.map(|(_, section)| section).collect();
    for section in sections.clone() {
        let base = section.get("base").and_then(Value::text).unwrap_or_default();
        sections.extend(base.split(',').filter_map(|it| value.get(it.trim())));
    }
    sections.extend(value.get(&format!("{prefix}testenv")));
    sections
}

/// A line without its condition, where that holds: `py312,!lint: pytest`.
fn of_factors<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let line = line.trim_start_matches([' ', '-']);
    let Some((condition, command)) = line.split_once(':') else { return Some(line) };
    let is_factor = |it: char| it.is_ascii_alphanumeric() || "_-.,!{} ".contains(it);
    if !command.starts_with([' ', '\t'])
        || !condition.chars().all(is_factor)
        || condition.contains(' ') && !condition.contains(',')
    {
        return Some(line);
    }
    let has = |factor: &str| name == factor || name.split('-').any(|it| it == factor);
    let holds = expanded(condition).iter().any(|all| {
        all.split('-').all(|it| it.strip_prefix('!').map_or_else(|| has(it), |not| !has(not)))
    });
    holds.then(|| command.trim_start())
}

/// `{posargs:tests}`, `{[testenv]commands}`, `{envpython}`, `{env:X:default}` written out.
fn substituted(text: &str, value: &Value, posargs: &[String], depth: usize) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        result.push_str(&rest[..at]);
        let inner = &rest[at + 1..];
        let mut level = 1;
        let end = inner.char_indices().find_map(|(at, it)| {
            level += i32::from(it == '{') - i32::from(it == '}');
            (level == 0).then_some(at)
        });
        let Some(end) = end.filter(|_| depth < 8) else {
            result.push_str(&rest[at..]);
            return result;
        };
        let (field, behind) = (&inner[..end], &inner[end + 1..]);
        rest = behind;
        let again = |text: &str| substituted(text, value, posargs, depth + 1);
        if let Some(default) = field.strip_prefix("posargs") {
            if posargs.is_empty() {
                result.push_str(&again(default.trim_start_matches(':')));
            } else {
                result.push_str(&posargs.join(" "));
            }
        } else if let Some(default) = field.strip_prefix("env:") {
            let default = default.split_once(':').map_or("", |(_, it)| it);
            result.push_str(&again(default));
        } else if let Some((section, key)) =
            field.strip_prefix('[').and_then(|it| it.split_once(']'))
        {
            let referred = value.get(section).and_then(|it| it.get(key)).and_then(Value::text);
            result.push_str(&again(referred.unwrap_or_default()));
        } else {
            match field {
                "envpython" | "basepython" | "env_python" => result.push_str("python"),
                "toxinidir" | "tox_root" => result.push('.'),
                "" | ":" | "/" => result.push_str(if field == "/" { "/" } else { "" }),
                // `{py39,py310}` belongs to a condition.
                _ if field.contains(',') => {
                    result.push('{');
                    result.push_str(field);
                    result.push('}');
                }
                _ if field.starts_with("tty") => {}
                _ => {
                    result.push_str("${");
                    result.push_str(field);
                    result.push('}');
                }
            }
        }
    }
    result.push_str(rest);
    result
}

/// Names with what is in braces written out: `py{311,312}-{a,b}`, separated by commas or lines.
fn expanded(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut name) = (0, String::new());
    for it in text.chars().chain(['\n']) {
        depth += i32::from(it == '{') - i32::from(it == '}');
        if depth <= 0 && (it == ',' || it == '\n') {
            names.extend(braces(name.trim()));
            name.clear();
        } else if !it.is_whitespace() {
            name.push(it);
        }
    }
    names.retain(|it| !it.is_empty() && !it.starts_with('#'));
    names
}

fn braces(name: &str) -> Vec<String> {
    if super::super::wrappers::open(name) {
        return vec![name.to_owned()];
    }
    let Some((before, behind)) = name.split_once('{') else { return vec![name.to_owned()] };
    let Some((inner, behind)) = behind.split_once('}') else { return vec![name.to_owned()] };
    let tails = braces(behind);
    let heads = inner.split(',').flat_map(|it| match it.trim().split_once('-') {
        // `3{9-12}`
        Some((from, to)) => match (from.parse::<u8>(), to.parse::<u8>()) {
            (Ok(from), Ok(to)) => (from..=to).map(|it| it.to_string()).collect(),
            _ => vec![it.trim().to_owned()],
        },
        None => vec![it.trim().to_owned()],
    });
    heads
        .take(100)
        .flat_map(|it| tails.iter().map(move |tail| format!("{before}{it}{tail}")))
        .take(1000)
        .collect()
}

/// `{ product = [["3.12", "3.13"], { prefix = "py3", start = 9 }] }`
fn product(item: &Value) -> Vec<String> {
    let mut names = vec![String::new()];
    for part in item.get("product").into_iter().flat_map(Value::items) {
        let texts: Vec<&str> = part.items().filter_map(Value::text).collect();
        if texts.is_empty() {
            return Vec::new();
        }
        let join = |name: &String, it: &str| {
            if name.is_empty() { it.to_owned() } else { format!("{name}-{it}") }
        };
        names = names
            .iter()
            .flat_map(|name| texts.iter().map(move |it| join(name, it)))
            .take(1000)
            .collect();
    }
    names
}

/// The words of a command of `tox.toml`.
fn toml_words(command: &Value, value: &Value, posargs: &[String]) -> Vec<String> {
    let mut words = Vec::new();
    for item in command.items() {
        match &item.data {
            Data::Text(text) => words.push(substituted(text, value, posargs, 0)),
            Data::Table(_) if item.get("replace").and_then(Value::text) == Some("posargs") => {
                let default = item.get("default").into_iter().flat_map(Value::items);
                if posargs.is_empty() {
                    words.extend(default.filter_map(Value::text).map(str::to_owned));
                } else {
                    words.extend(posargs.iter().cloned());
                }
            }
            _ => {}
        }
    }
    words
}

/// The version of Python in the name of an environment: `py312-lint` has 3.12.
fn python_of(name: &str) -> Option<String> {
    name.split('-').find_map(|factor| {
        let version = factor.strip_prefix("py").or_else(|| factor.strip_prefix("python"));
        let version = version.unwrap_or(factor).trim_end_matches('t');
        match version.split_once('.') {
            Some((major, minor)) => {
                (major == "3" && minor.parse::<u8>().is_ok()).then(|| version.to_owned())
            }
            None if factor.starts_with("py") && version.len() > 1 && version.starts_with('3') => {
                version[1..].parse::<u8>().ok().map(|minor| format!("3.{minor}"))
            }
            None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_conditions() {
        assert_eq!(
            expanded("py{311,312}-{a,b}\n  lint,# no"),
            ["py311-a", "py311-b", "py312-a", "py312-b", "lint"]
        );
        assert_eq!(of_factors("py311,lint: pytest a::b", "py311-x"), Some("pytest a::b"));
        assert_eq!(of_factors("!lint: pytest", "lint"), None);
        assert_eq!(of_factors("pytest tests/a.py::test", "lint"), Some("pytest tests/a.py::test"));
        assert_eq!(python_of("py312-django50").as_deref(), Some("3.12"));
        assert_eq!(python_of("3.13").as_deref(), Some("3.13"));
        assert_eq!(python_of("py"), None);
        assert_eq!(python_of("pypy310"), None);
    }
}
