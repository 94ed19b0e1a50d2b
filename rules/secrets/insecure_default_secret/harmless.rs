//! What makes a default of `insecure-default-secret` harmless that is to be seen in other files only: nothing signs with it,
//! it never holds, or whoever runs the program has it to himself. Knows no level.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::Outline;
use roadworthy_project::{Facts, File, Role};
use roadworthy_secrets::{NameClass, name_class};

use crate::shared::code::arguments::call_around;
use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::unused::is_no_use;
use crate::shared::delivery::gitignore::is_ignored_by_git;
use crate::shared::secrets::circumstances::is_for_others;

/// What signs or encrypts with the key of Flask by itself, or is handed it.
const SIGNERS: [&str; 15] = [
    "authlib",
    "CSRFProtect",
    "flash(",
    "flask.session",
    "flask_admin",
    "flask_appbuilder",
    "flask_dance",
    "flask_debugtoolbar",
    "flask_jwt",
    "flask_login",
    "flask_security",
    "flask_session",
    "flask_wtf",
    "itsdangerous",
    "quart_auth",
];

/// What a component of Flask's or Quart's does with its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FlaskKey {
    /// It signs with it: a session, a form, who logs in.
    Signs,
    /// There is nothing that does.
    Idle,
}

/// What Flask or Quart does with a setting; `None` where it is not their key, or the component uses neither.
pub(super) fn key_of_flask(file: &FileContext<'_>, name: &str) -> Option<FlaskKey> {
    let (facts, known) = file.in_facts().filter(|_| name.eq_ignore_ascii_case("secret_key"))?;
    let project = facts.project();
    let any = |says: &dyn Fn(&File, &str) -> bool| {
        let mut product = project.files.iter().filter(|it| {
            it.kind.is_python()
                && it.component == known.component
                && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
        });
        product.any(|it| facts.source(it).is_some_and(|read| says(it, read.text())))
    };
    let ask = |question: &str, says: &dyn Fn(&File, &str) -> bool| {
        facts.answer(known.component, question.to_owned(), || any(says))
    };
    ask("something is imported from Flask", &|_, text| !imports(text).is_empty()).then(|| {
        let signs =
            ask("something signs with Flask's key", &|it, text| signs(facts, &it.path, text));
        if signs { FlaskKey::Signs } else { FlaskKey::Idle }
    })
}

fn signs(facts: &Facts<'_>, path: &Utf8Path, text: &str) -> bool {
    let imported = imports(text);
    let takes = |name: &str| {
        imported.iter().any(|it| has_name(it, name))
            && facts.python(path).is_none_or(|it| is_used(&it.outline, text, name))
    };
    SIGNERS.iter().any(|it| text.contains(it))
        || takes("session")
        || takes("flash")
        || text.lines().any(takes_key)
}

/// Whether code uses a name that it imports: neither the import itself nor a text or a comment does.
fn is_used(outline: &Outline, text: &str, name: &str) -> bool {
    places_of(text, name).any(|at| {
        let is_in_text = outline.string_at(at as u32).is_some_and(|it| !it.interpolated);
        !is_in_text && !is_no_use(outline, text, at)
    })
}

/// What a module takes from Flask or Quart: the rest of each import, to its end.
fn imports(text: &str) -> Vec<&str> {
    let starts = ["from flask import", "from quart import"];
    let found = starts.iter().flat_map(|it| text.match_indices(it));
    found
        .map(|(at, start)| {
            let rest = &text[at + start.len()..];
            let end = if rest.trim_start().starts_with('(') { ')' } else { '\n' };
            rest.split(end).next().unwrap_or_default()
        })
        .collect()
}

/// Whether a line reads the key, and neither sets it nor hands it on under the same name. In small letters many things are called so.
fn takes_key(line: &str) -> bool {
    const KEYS: [&str; 2] = ["SECRET_KEY", "app.secret_key"];
    let line = line.split(" #").next().unwrap_or_default().trim();
    let is_set = |key: &&str| {
        line.split_once(*key).is_some_and(|(_, rest)| {
            let rest = rest.trim_start_matches(['"', '\'', ']']).trim_start();
            rest.starts_with('=') && !rest.starts_with("==") || rest.starts_with(':')
        })
    };
    !line.starts_with('#') && KEYS.iter().any(|key| line.contains(key)) && !KEYS.iter().any(is_set)
}

/// Whether the package of settings takes these, and then those of a module that is not committed and without which it does not
/// start.
pub(super) fn is_filled_by_local(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let stem = known.path.file_stem().unwrap_or_default();
    let package = facts.python(&known.path.with_file_name("__init__.py"));
    package.is_some_and(|it| {
        let text = it.source.text();
        let own = text.find(&format!("from .{stem} import *"));
        let local = text.find("from .local import *");
        own.zip(local).is_some_and(|(own, local)| own < local)
            && text.lines().any(|line| line.trim_start().starts_with("raise "))
    })
}

/// Whether the program does not start without the same variable, so that its default never holds: another module takes it from
/// the environment without one, and what sets the application up refuses to go on.
pub(super) fn is_demanded(file: &FileContext<'_>, name: &str) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        facts.answer(known.component, format!("{name} is demanded beside {}", known.path), || {
            demands(facts, known, name)
        })
    })
}

/// Whether a function of the same module compares what holds with the default by name, and raises where they are the same.
pub(super) fn is_compared_with_default(file: &FileContext<'_>, names: &[&str]) -> bool {
    let names = names.iter().filter(|it| !it.is_empty());
    let quoted: Vec<String> = names
        .flat_map(|name| {
            let name = name.to_ascii_lowercase();
            [format!("\"{name}\""), format!("'{name}'")]
        })
        .collect();
    file.outline.definitions.iter().filter(|it| it.is_function()).any(|function| {
        let body = file.slice(function.body);
        body.contains(".default")
            && body.contains(" == ")
            && body.contains("raise ")
            && quoted.iter().any(|it| body.to_ascii_lowercase().contains(it.as_str()))
    })
}

/// Whether the only images that name a module of settings start the server that Django has for trying things out.
pub(super) fn is_for_trial_image(file: &FileContext<'_>) -> bool {
    let stem = file.file.path.file_stem().unwrap_or_default();
    let Some((facts, _)) = file.in_facts() else { return false };
    let images = facts.containers().images.iter().filter_map(|it| facts.text(&it.path).whole());
    let mut naming = images.filter(|it| has_name(it.text(), stem)).peekable();
    stem != "settings"
        && naming.peek().is_some()
        && naming.all(|it| it.text().lines().any(|line| line.contains("runserver")))
}

/// Whether modules beside one demand a variable.
fn demands(facts: &Facts<'_>, known: &File, name: &str) -> bool {
    let project = facts.project();
    let quoted = ['"', '\''].map(|quote| format!("{quote}{name}{quote}"));
    let reads = |text: &str| {
        quoted.iter().any(|name| {
            [format!("getenv({name})"), format!("environ.get({name})"), format!("environ[{name}]")]
                .iter()
                .any(|it| text.contains(it.as_str()))
        })
    };
    let refuses = |text: &str| {
        let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty()).peekable();
        std::iter::from_fn(|| lines.next().map(|line| (line, lines.peek().copied()))).any(
            |(line, next)| {
                line.starts_with("if not ")
                    && quoted.iter().any(|it| line.contains(it.as_str()))
                    && next
                        .is_some_and(|it| it.starts_with("raise ") || it.starts_with("sys.exit("))
            },
        )
    };
    let (mut is_read, mut is_asked_for) = (false, false);
    let others = project.files.iter().filter(|it| {
        it.kind.is_python()
            && it.component == known.component
            && it.path != known.path
            && it.path_role.as_ref().is_none_or(|it| {
                matches!(it.role, Role::Application | Role::Library | Role::Settings)
            })
    });
    for module in others.filter_map(|it| facts.source(it)) {
        let text = module.text();
        if !text.contains(name) {
            continue;
        }
        is_read |= reads(text);
        is_asked_for |= refuses(text);
        if is_read && is_asked_for {
            return true;
        }
    }
    false
}

/// The field of an object of settings that a read of the environment is handed to: `cls(secret_key=os.getenv("…", "…"))`.
pub(super) fn field_made_of<'a>(file: &FileContext<'a>, offset: u32) -> Option<&'a str> {
    let line = file.outline.line_at(offset)?;
    let read = call_around(file, offset)?;
    let before = file.source.text()[line.span.start as usize..read.name.start as usize].trim_end();
    let rest = before.strip_suffix('=')?.trim_end();
    let start = rest.rfind(|it: char| !(it.is_alphanumeric() || it == '_'))?;
    let is_keyword = rest[..=start].trim_end().ends_with(['(', ',']);
    let of_class = file.slice(line.span).trim_start().starts_with("return cls(");
    (is_keyword && of_class).then(|| &rest[start + 1..])
}

/// Whether a module is what a guide has copied to the name under which it holds, `configdist.py`, or a copy of the module of a
/// package that somebody left beside it, `__init__old.py`.
pub(super) fn is_copied(file: &FileContext<'_>) -> bool {
    let is_copy = |stem: &str| stem != "__init__" && stem.starts_with("__init__");
    file.file.path.file_stem().is_some_and(|it| it.ends_with("dist") || is_copy(it))
}

/// Whether a guide has the module copied to a name that git leaves out, under which it then holds:
/// `cp secret_template.py secret.py`.
pub(super) fn is_template_of_guide(file: &FileContext<'_>) -> bool {
    /// More guides than these are not read.
    const MOST: usize = 200;
    let Some((facts, known)) = file.in_facts() else { return false };
    let name = known.path.file_name().unwrap_or_default();
    let copies = |line: &str| {
        let words: Vec<_> = line.split_whitespace().map(|it| it.trim_matches('`')).collect();
        words.windows(3).any(|it| {
            let (from, to) = (Utf8Path::new(it[1]), Utf8Path::new(it[2]));
            it[0] == "cp"
                && from.file_name() == Some(name)
                && to.file_name().is_some_and(|to| {
                    to != name && is_ignored_by_git(facts, &known.path.with_file_name(to))
                })
        })
    };
    facts.answer(known.component, format!("a guide has {} copied", known.path), || {
        let is_guide = |it: &&Utf8Path| matches!(it.extension(), Some("md" | "rst"));
        let mut guides = facts.tree().files().filter(is_guide).take(MOST);
        guides.any(|it| facts.text(it).whole().is_some_and(|it| it.text().lines().any(copies)))
    })
}

/// Whether a setting is the salt by which Hashids writes numbers as words: it hides how many there are, and guards nothing
/// (<https://hashids.org/>: "do not encode sensitive data").
fn is_of_hashids(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["hash_id", "hashid", "sqid"].iter().any(|it| name.contains(it))
}

/// Whether a key of a pair is given words, which no library takes for one: a PEM begins with a mark, and others have digits.
pub(super) fn is_no_key(name: &str, value: &str) -> bool {
    name.to_ascii_lowercase().contains("private_key")
        && !value.contains("BEGIN ")
        && !value.contains(|it: char| it.is_ascii_digit())
}

/// Whether the users of a module are invented, as in a guide: `DUMMY_USERS`, `fake_users_db`.
fn is_for_invented_users(file: &FileContext<'_>) -> bool {
    let text = file.source.text().to_ascii_lowercase();
    ["dummy_user", "fake_user", "demo_user", "mock_user"].iter().any(|it| text.contains(it))
}

/// Whether each user runs the program on his own machine: it is packed for desktops.
pub(super) fn is_of_desktop(file: &FileContext<'_>) -> bool {
    const WORDS: [&str; 4] = ["desktop", "packed", "portable", "pyinstaller"];
    let path = file.path_inside().to_ascii_lowercase();
    path.trim_end_matches(".py").split(['/', '_', '-']).any(|it| WORDS.contains(&it))
}

/// Whether a default is the key by which another party knows the program, and whoever runs that has it anyway.
pub(super) fn is_of_program(file: &FileContext<'_>, name: &str) -> bool {
    matches!(name_class(name), Some(NameClass::Key | NameClass::Token)) && is_for_others(file)
}

/// Whether nothing is behind what it opens: a session that nobody takes, a site that answers nobody, a user that is nobody or invented.
pub(super) fn opens_nothing(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    is_of_hashids(name)
        || is_for_invented_users(file)
        || is_of_nobody(file, name, offset)
        || is_of_idle_session(file, offset)
        || is_of_no_site(file, offset)
}

/// Whether the literal is the key of settings with which Django answers nobody: the project names neither addresses nor what a
/// request passes (<https://docs.djangoproject.com/en/stable/ref/settings/#root-urlconf>), and has the rest for a library.
fn is_of_no_site(file: &FileContext<'_>, offset: u32) -> bool {
    let text = file.source.text();
    let line = file.outline.line_at(offset).map_or("", |it| file.slice(it.span));
    line.starts_with("SECRET_KEY")
        && text.contains("INSTALLED_APPS")
        && !text.contains("import *")
        && file.in_facts().is_some_and(|(facts, _)| {
            ["ROOT_URLCONF", "MIDDLEWARE"].iter().all(|it| facts.mentions().of(it) == 0)
        })
}

/// Whether the literal is the key of Starlette's sessions, and no code takes a session: it signs nothing
/// (<https://www.starlette.io/middleware/#sessionmiddleware>).
fn is_of_idle_session(file: &FileContext<'_>, offset: u32) -> bool {
    const TAKERS: [&str; 8] = [
        "[\"session\"]",
        "['session']",
        "authlib",
        "request.session",
        "sqladmin",
        "starlette_admin",
        "starlette_csrf",
        "websocket.session",
    ];
    let line = file.outline.line_at(offset).map_or("", |it| file.slice(it.span));
    let Some((facts, known)) = file.in_facts().filter(|_| line.contains("SessionMiddleware"))
    else {
        return false;
    };
    let project = facts.project();
    let takes = |text: &str| TAKERS.iter().any(|it| text.contains(it));
    !facts.answer(known.component, "something takes a session of Starlette's".to_owned(), || {
        let mut files = project.files.iter().filter(|it| it.kind.is_python());
        files.any(|it| facts.source(it).is_some_and(|it| takes(it.text())))
    })
}

/// Whether the name of the user beside a password falls back to nothing, so that nobody logs in with it unless somebody sets
/// both.
fn is_of_nobody(file: &FileContext<'_>, name: &str, offset: u32) -> bool {
    const REACH: usize = 2;
    if name_class(name) != Some(NameClass::Password) {
        return false;
    }
    let (before, behind) = file.source.text().split_at(offset as usize);
    let near = before.lines().rev().skip(1).take(REACH).chain(behind.lines().skip(1).take(REACH));
    near.map(str::to_ascii_lowercase).any(|line| {
        let is_read = ["environ", "getenv", "env(", "config("].iter().any(|it| line.contains(it));
        let is_empty = [", '')", ", \"\")", "=\"\")", "='')"].iter().any(|it| line.contains(it));
        line.contains("user") && is_read && is_empty
    })
}

/// A module without the lines that only trim a setting: `settings.KEY = settings.KEY.strip()`, and the question before it.
pub(super) fn without_trimming(text: &str, name: &str) -> String {
    let attribute = format!(".{name}");
    let sets = |line: &str| {
        line.split_once(&attribute).is_some_and(|(_, rest)| {
            let rest = rest.trim_start();
            rest.starts_with('=') && !rest.starts_with("==") && rest.contains(&attribute)
        })
    };
    let lines: Vec<&str> = text.lines().collect();
    let trims = |at: usize| {
        let asks = lines[at].trim_start().starts_with("if ");
        sets(lines[at]) || asks && lines.get(at + 1).is_some_and(|next| sets(next))
    };
    let kept: Vec<&str> = (0..lines.len()).filter(|at| !trims(*at)).map(|at| lines[at]).collect();
    kept.join("\n")
}

/// Whether all that reads a field of the settings stands under an `if` that asks whether the program runs at a desk,
/// `if settings.is_local():`, or where a vault that is asked for the same name is not there.
pub(super) fn is_read_locally(file: &FileContext<'_>, name: &str) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let question = format!("all read {name} of {} at a desk", known.path);
        facts.answer(known.component, question, || all_read_locally(facts, known, name))
    })
}

fn all_read_locally(facts: &Facts<'_>, known: &File, name: &str) -> bool {
    let project = facts.project();
    let attribute = format!(".{name}");
    let others = project.files.iter().filter(|it| {
        it.kind.is_python() && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
    });
    let mut is_read = false;
    for read in others.filter_map(|it| Some((it, facts.source(it)?))) {
        let (other, text) = (read.0, read.1.text());
        // Who asks for it by its name may do so anywhere.
        if text.contains(&format!("\"{name}\"")) || text.contains(&format!("'{name}'")) {
            return false;
        }
        for (at, _) in text.match_indices(&attribute) {
            let behind = text[at + attribute.len()..].chars().next();
            if behind.is_some_and(|it| it.is_alphanumeric() || it == '_') {
                continue;
            }
            if other.path == known.path
                || !is_under_local(text, at) && !is_without_vault(text, at, name)
            {
                return false;
            }
            is_read = true;
        }
    }
    is_read
}

/// Whether a line around a place, of those that are indented less and less, asks whether the program runs at a desk.
fn is_under_local(text: &str, at: usize) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let mut depth = indent(&text[start..]);
    text[..start].lines().rev().filter(|it| !it.trim().is_empty()).any(|line| {
        if indent(line) >= depth {
            return false;
        }
        depth = indent(line);
        let line = line.trim_start();
        line.starts_with("if ")
            && !line.contains("not ")
            && !line.contains("!=")
            && (line.contains("is_local") || line.contains(".LOCAL"))
    })
}

/// Whether a place stands in the `else` behind a question to a vault for the same name: `vault.get_secret("token_key")`.
fn is_without_vault(text: &str, at: usize, name: &str) -> bool {
    const REACH: usize = 3;
    let name = name.to_ascii_lowercase();
    let mut above = text[..at].lines().rev().skip(1).map(str::trim);
    above.next() == Some("else:")
        && above.take(REACH).map(str::to_ascii_lowercase).any(|line| {
            line.contains("secret(")
                && [format!("\"{name}\""), format!("'{name}'")].iter().any(|it| line.contains(it))
        })
}
