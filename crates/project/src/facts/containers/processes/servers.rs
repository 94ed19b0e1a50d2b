//! Programs that serve or consume, and how each is told its address. Knows them from a table; what a configuration file or a
//! variable from outside may say is not known.

use std::sync::LazyLock;

use serde::Deserialize;

use super::super::{Origin, Process};
use super::files::inside;
use super::invocation::{Does, Invocation, invocation, is_python};
use crate::facts::Facts;

#[derive(Deserialize)]
struct Table {
    server: Vec<Server>,
}

/// A program that runs as long as its container does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Server {
    /// Its names.
    pub programs: Vec<String>,
    /// The words of which one must be among its arguments.
    #[serde(default)]
    pub subcommands: Vec<String>,
    /// The address it listens on when nobody says otherwise; `None` where it has none or several decide.
    #[serde(default)]
    pub default: Option<String>,
    /// Options whose value is its address, with or without a port.
    #[serde(default)]
    pub address: Vec<String>,
    /// Whether the address is an argument without option.
    #[serde(default)]
    pub positional: bool,
    /// Options by which it listens elsewhere, or which name a file that may say so.
    #[serde(default)]
    pub elsewhere: Vec<String>,
    /// Variables that hold its address.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Variables that change its default in a way that is not looked at.
    #[serde(default)]
    pub deciding: Vec<String>,
    /// Files in its folder that may say it.
    #[serde(default)]
    pub files: Vec<String>,
    /// Whether it is for development, whatever its options.
    #[serde(default)]
    pub development: bool,
    /// Options that make it one for development.
    #[serde(default)]
    pub reload: Vec<String>,
    /// Whether it works off a queue.
    #[serde(default)]
    pub consumer: bool,
    #[expect(dead_code, reason = "for those who keep the table")]
    source: String,
}

static SERVERS: LazyLock<Vec<Server>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("servers.toml")).expect("the table is sound");
    table.server
});

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listening {
    /// On the loopback interface only.
    Loopback(Told),
    /// Elsewhere, or not known.
    Open,
}

/// Who told a server its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// An argument: the words of the command.
    Argument(String),
    /// A variable that a file sets, and its value.
    Variable(String, String),
    /// Nobody: its default.
    Nobody(String),
}

/// The server that is started, from the table.
pub fn server_of(invocation: &Invocation<'_>) -> Option<&'static Server> {
    let (program, arguments) = program_of(invocation);
    SERVERS.iter().find(|server| {
        server.programs.iter().any(|name| name == program)
            && (server.subcommands.is_empty()
                || server.subcommands.iter().any(|word| arguments.contains(word)))
    })
}

/// Whether it runs as long as its container does, as far as the table knows.
pub(super) fn is_long_running(invocation: &Invocation<'_>) -> bool {
    server_of(invocation).is_some()
}

/// `manage.py` by its name, whoever starts it.
fn program_of<'w>(invocation: &Invocation<'w>) -> (&'w str, &'w [String]) {
    if is_python(invocation.program) && !invocation.is_module {
        let script = invocation.arguments.iter().position(|word| !word.starts_with('-'));
        if let Some(at) = script
            && invocation.arguments[at].rsplit('/').next() == Some("manage.py")
        {
            return ("manage.py", &invocation.arguments[at + 1..]);
        }
    }
    if invocation.is_module && invocation.program == "manage" {
        return ("manage.py", invocation.arguments);
    }
    (invocation.program, invocation.arguments)
}

/// Whether a `manage.py` hands the command `runserver` to Flask-Script, whose address stands in code:
/// <https://flask-script.readthedocs.io/en/latest/#flask_script.Server>.
fn is_of_flask(facts: &Facts<'_>) -> bool {
    facts
        .tree()
        .files()
        .filter(|path| path.file_name() == Some("manage.py"))
        .any(|path| facts.text(path).whole().is_some_and(|it| it.text().contains("flask_script")))
}

impl Process {
    /// The program that it starts in the end, where that is known.
    pub fn invocation(&self) -> Option<Invocation<'_>> {
        invocation(self.command.known()?)
    }

    /// What shows that the program is for those who write the code: `--reload`, `flask run`.
    pub fn development_server(&self) -> Option<String> {
        let invocation = self.invocation()?;
        if invocation.is_helped(Does::Debug) {
            return Some("debugpy".to_owned());
        }
        if let Some(program) =
            invocation.through.iter().find(|by| super::invocation::does(by) == Some(Does::Reload))
        {
            return Some((*program).to_owned());
        }
        let server = server_of(&invocation)?;
        let (program, arguments) = program_of(&invocation);
        if server.development {
            let word = server.subcommands.iter().find(|word| arguments.contains(word));
            return Some(match word {
                Some(word) => format!("{program} {word}"),
                None => program.to_owned(),
            });
        }
        let option = server.reload.iter().find(|option| arguments.contains(option))?;
        Some(format!("{program} {option}"))
    }

    /// Where its server listens.
    pub fn listening(&self, facts: &Facts<'_>) -> Listening {
        self.address(facts).map_or(Listening::Open, Listening::Loopback)
    }

    /// Who tells its server to listen on the loopback interface only.
    fn address(&self, facts: &Facts<'_>) -> Option<Told> {
        let invocation = self.invocation()?;
        let server = server_of(&invocation)?;
        let (program, arguments) = program_of(&invocation);
        let said = said(server, arguments)?;
        if !said.is_empty() {
            let all = said.iter().all(|(_, address)| is_loopback(address) == Some(true));
            return all.then(|| {
                let (option, address) = &said[0];
                Told::Argument(format!("{option} {address}").trim().to_owned())
            });
        }
        let variable = |name: &str| self.environment.iter().rev().find(|(other, _)| other == name);
        for name in &server.variables {
            if let Some((_, value)) = variable(name) {
                let value = value.as_deref()?;
                let loopback = is_loopback(value)?;
                return loopback.then(|| Told::Variable(name.clone(), value.to_owned()));
            }
        }
        let default = server.default.as_ref().filter(|it| is_loopback(it) == Some(true))?;
        if program == "manage.py" && is_of_flask(facts) {
            return None;
        }
        // A file of an environment may hold any of the variables.
        let may_be_set = !server.variables.is_empty() || !server.deciding.is_empty();
        if may_be_set && self.environment_unknown.is_some() {
            return None;
        }
        if server.deciding.iter().any(|name| variable(name).is_some())
            || self.origin == Origin::Dockerfile && server.deciding.iter().any(|it| it == "PORT")
        {
            return None;
        }
        if server.files.iter().any(|name| self.may_have(facts, name)) {
            return None;
        }
        Some(Told::Nobody(default.clone()))
    }

    /// Whether a file may lie in its folder.
    fn may_have(&self, facts: &Facts<'_>, name: &str) -> bool {
        let Some(path) = inside(self.working_directory.as_deref(), name) else { return true };
        if self.files.unknown || self.files.commands.contains(name) {
            return true;
        }
        self.files.origins(&path).any(|origin| facts.tree().is_file(&origin))
            // Files of an environment are seldom kept.
            || facts.tree().files().any(|path| path.file_name() == Some(name))
    }
}

/// The addresses that arguments say, with their options; `None` where something decides that is not known.
fn said(server: &Server, arguments: &[String]) -> Option<Vec<(String, String)>> {
    let mut said = Vec::new();
    let mut at = 0;
    let mut is_behind = server.subcommands.is_empty();
    while let Some(word) = arguments.get(at) {
        at += 1;
        // `$OPTIONS` may hold the address.
        if word.starts_with('$') {
            return None;
        }
        let (option, value) = match word.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        if server.elsewhere.iter().any(|it| it == option) {
            return None;
        }
        if server.address.iter().any(|it| it == option) {
            let value = if let Some(value) = value {
                value
            } else {
                at += 1;
                arguments.get(at - 1)?.clone()
            };
            said.push((option.to_owned(), value));
            continue;
        }
        // `-b0.0.0.0:80`
        let short = server.address.iter().find(|it| {
            it.len() == 2
                && word.len() > 2
                && word.starts_with(it.as_str())
                && !word.starts_with("--")
        });
        if let Some(short) = short {
            said.push((short.clone(), word[2..].trim_start_matches('=').to_owned()));
            continue;
        }
        if server.positional && is_behind && !word.starts_with('-') {
            let value = word.rsplit_once(':').map_or("", |(host, _)| host);
            let is_port = word.bytes().all(|it| it.is_ascii_digit());
            said.push((
                String::new(),
                if is_port { "127.0.0.1".to_owned() } else { value.to_owned() },
            ));
        }
        is_behind |= server.subcommands.iter().any(|it| it == word);
    }
    Some(said)
}

/// Whether an address, with or without a port, is that of the loopback interface; `None` where that is not known.
pub(super) fn is_loopback(address: &str) -> Option<bool> {
    if address.contains(['$', '{', '(']) {
        return None;
    }
    if address.starts_with("unix:") || address.starts_with("fd:") || address.starts_with('/') {
        return None;
    }
    let host = address.trim_start_matches("tcp://").trim_start_matches("http://");
    let host = match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None if host.matches(':').count() == 1 => host.split(':').next().unwrap_or_default(),
        None => host,
    };
    Some(host == "localhost" || host == "::1" || host.starts_with("127."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_an_address_of_this_machine() {
        for (address, expected) in [
            ("127.0.0.1:8000", Some(true)),
            ("localhost", Some(true)),
            ("[::1]:80", Some(true)),
            ("::1", Some(true)),
            ("::", Some(false)),
            (":8000", Some(false)),
            ("0.0.0.0", Some(false)),
            ("$HOST:80", None),
            ("unix:/run/x", None),
        ] {
            assert_eq!(is_loopback(address), expected, "{address}");
        }
    }

    #[test]
    fn addresses_stand_in_many_ways() {
        let of = |command: &str| {
            let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            let invocation = invocation(&words).unwrap();
            let server = server_of(&invocation).unwrap();
            let (_, arguments) = program_of(&invocation);
            said(server, arguments).map(|said| {
                said.into_iter().map(|(_, address)| address).collect::<Vec<_>>().join(" ")
            })
        };
        for (command, expected) in [
            ("gunicorn -b 127.0.0.1:80 -b :81 a:b", Some("127.0.0.1:80 :81")),
            ("gunicorn -b127.0.0.1:80 a:b", Some("127.0.0.1:80")),
            ("gunicorn -c conf.py a:b", None),
            ("uvicorn a:b --host=::", Some("::")),
            ("uvicorn a:b --fd 3", None),
            ("uvicorn a:b $OPTIONS", None),
            ("python manage.py runserver 0.0.0.0:8000", Some("0.0.0.0")),
            ("python manage.py runserver 8000", Some("127.0.0.1")),
            ("python manage.py runserver", Some("")),
            ("flask --app x run -h 127.0.0.1", Some("127.0.0.1")),
        ] {
            assert_eq!(of(command).as_deref(), expected, "{command}");
        }
    }
}
