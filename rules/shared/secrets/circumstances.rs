//! What makes a value that looks real matter less: it is told of elsewhere, every user is handed it, it opens what is on the
//! same machine. Knows texts and files around a value, no rule and no level.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::Definition;
use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::{Facts, File, FileKind, Role, role_of};

use crate::shared::code::text::has_name;
use crate::shared::secrets::documents::key_before;
use crate::shared::secrets::guards;

/// Values shorter than this stand elsewhere by chance.
const SHORTEST: usize = 6;

/// Files of programs that are handed to those who run them: packages for desktops, and what looks for a newer version.
const HANDED_OUT: [&str; 9] = [
    "auto_update.py",
    "auto_updater.py",
    "check_update.py",
    "self_update.py",
    "snapcraft.yaml",
    "update_checker.py",
    "updater.py",
    "version_check.py",
    "versioncheck.py",
];

/// Kinds of files that only such programs have.
const OF_DESKTOPS: [&str; 4] = ["desktop", "flatpakref", "iss", "nsi"];

/// Whether the same value stands before an offset of a document, or in a file of the project that comes first: who mends one place asks for
/// the others.
pub(crate) fn is_told_before(file: &FileContext<'_>, value: &str, offset: u32) -> bool {
    if value.len() < SHORTEST {
        return false;
    }
    // In code each place is another way to the same value; a document says it twice.
    !file.kind.is_python() && file.source.text()[..offset as usize].contains(value)
        || stands_before(file, |text| text.contains(value))
}

/// Whether a file of the same folder that comes first, or a document above, gives the same value the same name: one finding is
/// enough for who mends them.
pub(crate) fn is_repeated(file: &FileContext<'_>, name: &str, value: &str, offset: u32) -> bool {
    if value.len() < SHORTEST || name.is_empty() {
        return false;
    }
    let gives = |text: &str| {
        text.match_indices(value).any(|(at, _)| key_before(text, at).is_some_and(|it| it == name))
    };
    !file.kind.is_python() && gives(&file.source.text()[..offset as usize])
        || stands_before_where(
            file,
            |other, known| other.path.parent() == known.path.parent(),
            |text| text.contains(value) && gives(text),
        )
}

/// Whether a file of the project that comes first gives the same setting the same literal.
pub(crate) fn is_given_before(file: &FileContext<'_>, name: &str, literal: &str) -> bool {
    stands_before(file, |text| text.contains(name) && text.contains(literal))
}

/// Whether a file of the same kind that is judged alike and comes before this one says something.
fn stands_before(file: &FileContext<'_>, says: impl Fn(&str) -> bool) -> bool {
    stands_before_where(file, |_, _| true, says)
}

/// The same, of those files that are taken.
fn stands_before_where(
    file: &FileContext<'_>,
    is_taken: impl Fn(&File, &File) -> bool,
    says: impl Fn(&str) -> bool,
) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let project = facts.project();
        let mut before = project.files.iter().filter(|other| {
            other.path < known.path
                && is_taken(other, known)
                && is_like(other.kind, known.kind)
                && is_judged(other)
        });
        before.any(|other| {
            facts.source(other).is_some_and(|it| says(it.text())) && !is_script(facts, other)
        })
    })
}

/// Whether a file is one that only who works on the project runs. What lies among scripts may be a command for all that.
fn is_script(facts: &Facts<'_>, file: &File) -> bool {
    let by_path = file.path_role.as_ref().is_some_and(|it| it.role == Role::Script);
    by_path
        && facts.python(&file.path).is_none_or(|read| {
            let component = facts.project().component(file);
            role_of(file, component, &read.source, &read.outline).role == Role::Script
        })
}

/// Whether the documentation or an example of the project holds a value, too: what readers copy is mostly invented.
pub(crate) fn is_in_guide(file: &FileContext<'_>, value: &str) -> bool {
    if value.len() < SHORTEST {
        return false;
    }
    let Some((facts, known)) = file.in_facts() else { return false };
    let holds = |path: &Utf8Path| {
        facts.text(path).whole().is_some_and(|document| document.text().contains(value))
    };
    let project = facts.project();
    let mut examples = project.files.iter().filter(|other| {
        let role = other.path_role.as_ref().map(|it| it.role);
        role == Some(Role::Example) && other.path != known.path
    });
    let is_guide = |path: &&Utf8Path| matches!(path.extension(), Some("md" | "rst"));
    facts.tree().files().filter(is_guide).any(holds)
        || examples.any(|other| facts.source(other).is_some_and(|it| it.text().contains(value)))
}

/// Whether a server of the component is known to be started for more than development.
pub(crate) fn is_served(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        facts.containers().processes.iter().any(|process| {
            process.development.is_none()
                && process.worked_on.is_none()
                && process.component == Some(known.component)
                && process.invocation().and_then(|it| server_of(&it)).is_some_and(|it| !it.consumer)
        })
    })
}

fn is_like(one: FileKind, other: FileKind) -> bool {
    let is_text = |kind: FileKind| matches!(kind, FileKind::Text | FileKind::Key);
    one != FileKind::Keystore
        && one.is_python() == other.is_python()
        && is_text(one) == is_text(other)
}

/// Whether a value in a file is told of where it stands.
fn is_judged(file: &File) -> bool {
    let role = file.path_role.as_ref().map(|it| it.role);
    let harmless =
        matches!(role, Some(Role::Test | Role::Example | Role::Vendored | Role::Generated));
    !harmless && !guards::is_local_path(file.path.as_str())
}

/// Whether others run the program themselves, and hold every key it holds: it is installed as a command, or a licence lies
/// beside it.
pub(crate) fn is_for_others(file: &FileContext<'_>) -> bool {
    const LICENCES: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", "UNLICENSE"];
    file.in_facts().is_some_and(|(facts, known)| {
        let component = facts.project().components.get(known.component);
        let root = component.map_or(Utf8Path::new(""), |it| &it.path);
        let is_licence = |path: &Utf8Path| {
            let name = path.file_name().unwrap_or_default().to_ascii_uppercase();
            path.parent().is_some_and(|it| it == root || it.as_str().is_empty())
                && LICENCES.iter().any(|it| name.starts_with(it))
        };
        component.is_some_and(|it| !it.entry_points.is_empty())
            || facts.tree().files().any(is_licence)
    })
}

/// Whether the program is handed to those who run it, and with it every key it holds.
pub(crate) fn is_handed_out(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, _)| {
        facts.tree().files().any(|path| {
            path.file_name().is_some_and(|name| HANDED_OUT.contains(&name))
                || path.extension().is_some_and(|it| OF_DESKTOPS.contains(&it))
        })
    })
}

/// Whether a file holds the settings of a deployment: `prod/.env`. A licence beside the program hands out none of its keys.
pub(crate) fn is_of_deployment(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let is_environment = name.starts_with(".env") || path.extension() == Some("env");
    is_environment && says_deployment(path)
}

/// Whether a path has a word for what is deployed: `compose.prod.yaml`.
pub(crate) fn says_deployment(path: &Utf8Path) -> bool {
    let mut words = path.as_str().split(['/', '.', '-', '_']);
    words.any(|it| matches!(it, "live" | "prod" | "production" | "staging" | "uat"))
}

/// Whether a sample beside a module shows that a file which is not committed gives a setting its value.
pub(crate) fn is_in_sample(file: &FileContext<'_>, name: &str) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let assigns = |path: &Utf8Path| {
            facts.text(path).whole().is_some_and(|it| {
                it.text().lines().any(|line| {
                    let rest = line.strip_prefix(name).map(str::trim_start);
                    rest.is_some_and(|it| it.starts_with('='))
                })
            })
        };
        let mut beside = facts.tree().files().filter(|it| {
            it.parent() == known.path.parent()
                && matches!(it.extension(), Some("example" | "sample" | "template"))
                && it.as_str().contains(".py.")
        });
        beside.any(assigns)
    })
}

/// Whether a template of the project has a setting filled in: `SECRET_KEY = "{{ secret_key }}"`.
pub(crate) fn is_filled_by_template(file: &FileContext<'_>, name: &str) -> bool {
    const ENDINGS: [&str; 5] = ["j2", "jinja", "jinja2", "template", "tmpl"];
    let Some((facts, _)) = file.in_facts() else { return false };
    let fills = |line: &str| {
        let rest = line.trim_start().strip_prefix(name).map(str::trim_start);
        let value = rest.and_then(|it| it.strip_prefix(['=', ':']));
        value.is_some_and(|it| it.contains("{{") || it.contains("${"))
    };
    // `SECRET_KEY: ${SECRET_KEY:?}` does not start without, and `export SECRET_KEY=$(openssl rand -hex 32)` draws one.
    let demands = |line: &str| {
        line.contains(&format!("${{{name}:?")) || line.contains(&format!("${{{name}?"))
    };
    let draws = |line: &str| {
        line.contains(&format!("{name}="))
            && ["openssl rand", "urandom", "token_hex", "token_urlsafe", "get_random_secret_key"]
                .iter()
                .any(|it| line.contains(it))
    };
    facts.tree().files().any(|path| {
        let file_name = path.file_name().unwrap_or_default();
        let ending = path.extension().unwrap_or_default();
        let says: &dyn Fn(&str) -> bool = if ENDINGS.contains(&ending) {
            &fills
        } else if file_name.contains("compose") && matches!(ending, "yml" | "yaml") {
            &demands
        } else if matches!(ending, "sh" | "bash") {
            &draws
        } else {
            return false;
        };
        facts.text(path).whole().is_some_and(|document| document.text().lines().any(says))
    })
}

/// Whether code makes a user of a database with the password of this name: it is as good as the database.
pub(crate) fn makes_user_with(text: &str, name: &str) -> bool {
    const REACH: usize = 300;
    const STATEMENTS: [&str; 4] = ["alter role", "alter user", "create role", "create user"];
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            let mut from = at.saturating_sub(REACH);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            let before = text[from..at].to_ascii_lowercase();
            // The statement may have begun some lines before, but no other one since.
            let statement = before.rsplit(['\n', ';']).take(3).collect::<Vec<_>>().join(" ");
            STATEMENTS.iter().any(|it| statement.contains(it))
        })
}

/// Whether a value is the address of a contract or an account on a chain, or the id of a key of PGP's: a private key is longer.
pub(crate) fn is_address(value: &str) -> bool {
    value.strip_prefix("0x").is_some_and(|it| {
        matches!(it.len(), 16 | 40) && it.bytes().all(|it| it.is_ascii_hexdigit())
    })
}

/// Whether a module of settings for production takes all of these, and gives one of them another value.
pub(crate) fn is_replaced_in_production(file: &FileContext<'_>, name: &str) -> bool {
    let assigns = |line: &str| {
        let rest = line.trim_start().strip_prefix(name).map(str::trim_start);
        rest.is_some_and(|it| it.starts_with('=') && !it.starts_with("=="))
    };
    says_in_production(file, |text| text.lines().any(assigns))
}

/// Whether a module of settings for production takes all of these, and does not start where one of them has this value.
pub(crate) fn is_refused_in_production(file: &FileContext<'_>, name: &str, value: &str) -> bool {
    const SHORTEST: usize = 6;
    let holds = |text: &str| {
        let mut literals = text.lines().flat_map(|line| line.split(['"', '\'']).skip(1).step_by(2));
        literals.any(|it| it.len() >= SHORTEST && value.contains(it))
    };
    let raises = |text: &str| text.lines().any(|line| line.trim_start().starts_with("raise "));
    !name.is_empty()
        && says_in_production(file, |text| has_name(text, name) && raises(text) && holds(text))
}

/// Whether a module of settings for production, which takes all of these, says something.
fn says_in_production(file: &FileContext<'_>, says: impl Fn(&str) -> bool) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let stem = known.path.file_stem().unwrap_or_default();
    let project = facts.project();
    let mut beside = project.files.iter().filter(|it| {
        let other = it.path.file_stem().unwrap_or_default();
        it.kind.is_python()
            && it.path.parent() == known.path.parent()
            && it.path != known.path
            && ["prod", "live", "deploy"].iter().any(|word| other.contains(word))
    });
    beside.any(|it| {
        facts.source(it).is_some_and(|read| {
            let text = read.text();
            let takes = |line: &str| line.contains(stem) && line.contains("import *");
            text.lines().any(takes) && says(text)
        })
    })
}

/// Whether what stands before a value says that it only shows what one looks like, or the address it is part of is of no
/// host: `http://yourserver/api?key=…`.
pub(crate) fn is_shown_before(text: &str, at: usize) -> bool {
    const REACH: usize = 300;
    const PHRASES: [&str; 9] = [
        "e.g.",
        "e.a.",
        "example",
        "for instance",
        "look like",
        "looks like",
        "look something like",
        "something like",
        "such as",
    ];
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text[from..at].to_ascii_lowercase();
    // `example.com` is a host.
    let says = |it: &str| {
        before
            .match_indices(it)
            .any(|(at, it)| !before[at + it.len()..].starts_with(['.', '-', '/']))
    };
    let address = before.rsplit_once("://").map(|(_, rest)| rest);
    // What stands behind a password is not looked at.
    let host = address
        .filter(|it| !it.contains(char::is_whitespace))
        .and_then(|it| it.split_once(['/', '?']))
        .map(|(host, _)| host.split(':').next().unwrap_or_default());
    let of_nobody = |host: &str| {
        let host = host.rsplit('@').next().unwrap_or_default();
        !host.contains(['.', '{', '%', '$']) && host.len() > 2
            || ["your", "my", "<"].iter().any(|it| host.starts_with(it))
    };
    PHRASES.iter().any(|it| says(it)) || host.is_some_and(of_nobody)
}

/// Whether several lines around a value give others of the same mapping values that say they are none.
pub(crate) fn is_among_fakes(text: &str, at: usize) -> bool {
    const REACH: usize = 8;
    const WORDS: [&str; 6] = ["dummy", "fake", "none", "not-a-", "notasecret", "nothing"];
    let (before, behind) = text.split_at(at);
    let near = before.lines().rev().skip(1).take(REACH).chain(behind.lines().skip(1).take(REACH));
    let fakes = near.filter(|line| {
        let value = line.split_once([':', '=']).map_or("", |(_, value)| value);
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        WORDS.iter().any(|it| value.starts_with(it))
    });
    fakes.count() >= 2
}

/// Whether a class of settings for production, of the same module, takes these and gives the one at an offset a value from the
/// environment.
pub(crate) fn is_given_in_production(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let Some(own) = line.scope.map(|it| file.outline.definition(it)).filter(|it| it.is_class())
    else {
        return false;
    };
    let name = file.slice(line.span).split(['=', ':']).next().unwrap_or_default().trim();
    let derives = |class: &Definition| {
        let mut bases = file.outline.arguments(class).iter().filter(|it| it.keyword.is_none());
        bases.any(|it| file.slice(it.value) == file.slice(own.name))
    };
    let gives = |class: &Definition| {
        let body = file.slice(class.body);
        let by_value = body.lines().any(|it| {
            let value = it.trim_start().strip_prefix(name).map(str::trim_start);
            value.is_some_and(|it| it.starts_with('=') && reads_without_default(it))
        });
        // An empty default signs nothing: Django refuses to start without a key.
        let by_property = body.find(&format!("def {name}(self")).is_some_and(|at| {
            let mut lines = body[at..].lines().skip(1).take(2);
            lines.any(reads_without_default)
        });
        by_value || by_property
    };
    let classes = file.outline.definitions.iter().filter(|it| it.is_class());
    let mut production =
        classes.filter(|it| file.slice(it.name).to_ascii_lowercase().contains("prod"));
    production.any(|it| derives(it) && gives(it))
}

/// Whether a line reads the environment and falls back to nothing, or to an empty text: `os.getenv("KEY")`, `env("KEY", "")`.
fn reads_without_default(line: &str) -> bool {
    const READS: [&str; 4] = ["getenv(", "environ.get(", "environ[", "env("];
    let read = READS.iter().filter_map(|it| line.find(it).map(|at| at + it.len())).min();
    let Some(rest) = read.map(|at| &line[at..]) else { return false };
    let Some((arguments, behind)) = rest.split_once([')', ']']) else { return false };
    let is_empty = |it: &str| matches!(it, "" | "None" | "\"\"" | "''");
    let gives_none = |argument: &str| match argument.trim().split_once('=') {
        Some((name, value)) => name.trim() != "default" || is_empty(value.trim()),
        None => is_empty(argument.trim()),
    };
    let mut others = behind.split(" or ").skip(1).map(|it| it.split('#').next().unwrap_or(it));
    arguments.split(',').skip(1).all(gives_none) && others.all(|it| is_empty(it.trim()))
}

/// Whether the comments at the head of a file say that it is for work on the project alone: `DEV ONLY`, "for local development only".
pub(crate) fn is_said_for_work(file: &FileContext<'_>) -> bool {
    const HEAD: usize = 20;
    const SAID: [&str; 3] =
        ["do not use in production", "never use in production", "not for production"];
    let lines = file.source.text().lines().map(str::trim);
    let mut head = lines.take(HEAD).take_while(|it| it.is_empty() || it.starts_with(['#', '/']));
    head.any(|line| {
        let line = line.to_ascii_lowercase();
        speaks_of_work(&line) || SAID.iter().any(|it| line.contains(it))
    })
}

/// Whether a text in lower case says that something is for work on the project alone.
pub(crate) fn speaks_of_work(text: &str) -> bool {
    const SAID: [&str; 4] =
        ["dev only", "development only", "for local development", "only for development"];
    SAID.iter().any(|it| text.contains(it))
}

/// Whether a comment says that a value is no secret.
pub(crate) fn says_harmless(comment: &str) -> bool {
    const PHRASES: [&str; 8] = [
        "allowlist-secret",
        "can be anything",
        "for local use",
        "not a real secret",
        "not a secret",
        "not secret",
        "only for local",
        "public value",
    ];
    let comment = comment.to_ascii_lowercase();
    PHRASES.iter().any(|it| comment.contains(it))
}

/// Whether a comment says that a value matters to nobody: it is for tests, or what it guards is neither public nor critical.
pub(crate) fn says_unimportant(comment: &str) -> bool {
    const TESTS: [&str; 7] = [
        "during tests",
        "for testing only",
        "for tests",
        "for unit tests",
        "only for testing",
        "running tests",
        "test environment only",
    ];
    const NEGATIONS: [&str; 7] =
        ["isn't", "is not", "aren't", "are not", "not meant", "doesn't", "does not"];
    let comment = comment.to_ascii_lowercase();
    let denied = || {
        let at = NEGATIONS.iter().filter_map(|it| comment.find(it)).min();
        at.is_some_and(|at| {
            ["critical", "matter", "public", "sensitive"]
                .iter()
                .any(|it| comment[at..].contains(it))
        })
    };
    TESTS.iter().any(|it| comment.contains(it)) || denied()
}

/// Whether a line near a value gives what it belongs to, by the first word of its name, an address of the same machine.
pub(crate) fn is_beside_local_address(text: &str, name: &str, at: u32) -> bool {
    const REACH: usize = 4;
    let Some(of) = name.split(['_', '-', '.']).next().filter(|it| it.len() >= 2) else {
        return false;
    };
    let of = of.to_ascii_lowercase();
    let (before, behind) = text.split_at(at as usize);
    let near = before.lines().rev().take(REACH).chain(behind.lines().take(REACH));
    near.map(str::to_ascii_lowercase).any(|line| {
        line.trim_start().trim_start_matches("export ").starts_with(&of)
            && ["localhost", "127.0.0.1", "host.docker.internal"].iter().any(|it| line.contains(it))
    })
}

#[cfg(test)]
mod tests {
    use super::reads_without_default;

    #[test]
    fn only_what_falls_back_to_nothing_is_asked_of_the_environment() {
        for line in [
            "= os.environ[\"SECRET_KEY\"]",
            "return os.getenv('SECRET_KEY', '')",
            "return os.getenv(\"SECRET_KEY\") or \"\"  # Django refuses it",
            "= env(\"SECRET_KEY\", cast=str, default=\"\")",
        ] {
            assert!(reads_without_default(line), "{line}");
        }
        for line in [
            "return os.getenv('SECRET_KEY', 'shop-secret')",
            "return os.getenv(\"SECRET_KEY\", \"shop-secret\") or \"\"",
            "return os.environ.get(\"SECRET_KEY\") or \"shop-secret\"",
            "return os.getenv(\"SECRET_KEY\", DEFAULT)",
            "return \"shop-secret\"",
        ] {
            assert!(!reads_without_default(line), "{line}");
        }
    }
}
