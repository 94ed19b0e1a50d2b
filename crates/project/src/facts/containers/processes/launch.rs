//! What is started in the end: through shells and scripts of the project to the program. Knows how scripts hand over; what
//! a condition or a variable decides is not known.

use camino::Utf8PathBuf;

use super::files::{Files, inside};
use super::invocation::{Does, base_name, does, has_extension, invocation};
use super::servers;
use crate::facts::shell::{self, Command};
use crate::facts::{Fact, Facts, Place};

/// What is started in the end.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that scripts do")]
#[derive(Clone, Debug)]
pub(super) struct Launch {
    pub(super) command: Fact<Vec<String>>,
    /// Whether a shell waits for it.
    pub(super) in_shell: bool,
    pub(super) through: Vec<Utf8PathBuf>,
    /// The folder that it starts in, in the container.
    pub(super) folder: Option<String>,
    /// What scripts set before it.
    pub(super) exported: Vec<(String, Option<String>)>,
    /// Whether a script reads variables from a file.
    pub(super) sources: bool,
    /// Whether something before it takes care of signals.
    pub(super) init: bool,
    /// Whether a program stands before it that passes requests on.
    pub(super) proxied: bool,
    /// Where it is written, if in a script.
    pub(super) place: Option<Place>,
}

/// Scripts that start scripts that start scripts: nobody reads further.
const DEEPEST: usize = 4;
/// Scripts are shorter, in bytes.
const LONGEST: usize = 200_000;

/// Follows words to what is started by them in the end.
pub(super) fn follow(
    facts: &Facts<'_>,
    files: &Files,
    folder: Option<String>,
    words: Vec<String>,
) -> Launch {
    let launch = Launch {
        command: Fact::Unknown("nothing is started".to_owned()),
        in_shell: false,
        through: Vec::new(),
        folder,
        exported: Vec::new(),
        sources: false,
        init: false,
        proxied: false,
        place: None,
    };
    let mut follower = Follower { facts, files, launch };
    follower.words(words, 0);
    follower.launch
}

struct Follower<'f, 'p> {
    facts: &'f Facts<'p>,
    files: &'f Files,
    launch: Launch,
}

impl Follower<'_, '_> {
    fn unknown(&mut self, reason: impl Into<String>) {
        self.launch.command = Fact::Unknown(reason.into());
    }

    fn words(&mut self, words: Vec<String>, depth: usize) {
        if words.is_empty() {
            return self.unknown("nothing is started");
        }
        let Some(invocation) = invocation(&words) else {
            return self.unknown("a variable decides what is started");
        };
        self.launch.init |= invocation.is_helped(Does::Init);
        if depth >= DEEPEST {
            return self.unknown("scripts start scripts");
        }
        let (program, arguments) = (invocation.program, invocation.arguments);
        // The word as written, with its folder.
        let written = &words[words.len() - arguments.len() - 1];
        if is_shell(program) {
            return self.shell(program, arguments, depth);
        }
        if let Some(path) = self.script(written) {
            let arguments = arguments.to_vec();
            return self.script_file(path, &arguments, depth);
        }
        let is_script = has_extension(program, "sh") || program.contains("entrypoint");
        if is_script && !invocation.is_module {
            return self.unknown(format!("`{program}` is not in the project"));
        }
        self.launch.command = Fact::Known(words);
    }

    /// `sh -c "…"`, `bash start.sh`.
    fn shell(&mut self, program: &str, arguments: &[String], depth: usize) {
        let mut at = 0;
        while let Some(word) = arguments.get(at) {
            if !word.starts_with(['-', '+']) {
                break;
            }
            let is_text = word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
            if is_text {
                let Some(text) = arguments.get(at + 1) else { break };
                let rest = arguments.get(at + 3..).unwrap_or_default().to_vec();
                let replaces = program == "bash"
                    || self.files.busybox && matches!(base_name(program), "sh" | "ash");
                return self.text(&text.clone(), &rest, replaces, None, depth);
            }
            at += if word.ends_with('o') { 2 } else { 1 };
        }
        match arguments.get(at).cloned() {
            Some(script) => {
                let rest = arguments[at + 1..].to_vec();
                match self.script(&script).or_else(|| self.project_file(&script)) {
                    Some(path) => self.script_file(path, &rest, depth),
                    None => self.unknown(format!("`{script}` is not in the project")),
                }
            }
            None => self.unknown("a shell is started"),
        }
    }

    fn project_file(&self, word: &str) -> Option<Utf8PathBuf> {
        let path = inside(self.launch.folder.as_deref(), word)?;
        self.files.file(self.facts.tree(), &path)
    }

    /// The shell script of the project that a program is.
    fn script(&self, word: &str) -> Option<Utf8PathBuf> {
        if has_extension(word, "py") {
            return None;
        }
        let path = if word.contains('/') {
            self.project_file(word)?
        } else {
            // By its name alone it is looked for where programs lie.
            let folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin"];
            let paths = folders.iter().map(|folder| format!("{folder}/{word}"));
            paths.into_iter().find_map(|path| self.files.file(self.facts.tree(), &path))?
        };
        let document = self.facts.text(&path).whole()?;
        let first = document.text().lines().next().unwrap_or_default();
        let is_shell = first.starts_with("#!") && first.ends_with("sh")
            || first.starts_with("#!") && first.contains("sh -")
            || has_extension(word, "sh");
        is_shell.then_some(path)
    }

    fn script_file(&mut self, path: Utf8PathBuf, arguments: &[String], depth: usize) {
        let Some(document) = self.facts.text(&path).whole() else {
            return self.unknown(format!("`{path}` cannot be read"));
        };
        if document.text().len() > LONGEST {
            return self.unknown(format!("`{path}` is too long"));
        }
        self.launch.through.push(path.clone());
        self.text(document.text(), arguments, false, Some(path), depth);
    }

    /// A text for a shell; `arguments` are its `$@`. `replaces`: this shell gives way to the last command by itself.
    fn text(
        &mut self,
        text: &str,
        arguments: &[String],
        replaces: bool,
        script: Option<Utf8PathBuf>,
        depth: usize,
    ) {
        let commands = shell::commands(text);
        self.prepare(&commands, script.is_none());
        let candidates = candidates(&commands, script.is_some());
        let [command] = candidates.as_slice() else {
            let what = script.map_or("the command".to_owned(), |path| format!("`{path}`"));
            return self.unknown(match candidates.len() {
                0 => format!("{what} starts no server that is known"),
                _ => format!("{what} starts several things, or one of them"),
            });
        };
        let is_replaced = command.program() == Some("exec")
            // Bash and BusyBox give their place to the last command of `-c`, where nothing follows.
            || replaces && !text.contains('|') && text[command.span.end as usize..].trim().is_empty();
        self.launch.in_shell = !is_replaced;
        self.launch.init |= is_in_background(text, command) && commands.iter().any(traps);
        for (name, value) in &command.assignments {
            self.export(name, value);
        }
        if let Some(path) = script {
            self.launch.place = Some(Place::new(path, command.span));
        }
        let words = without_exec(command);
        if words.first().is_some_and(|word| is_all_arguments(word)) {
            if arguments.is_empty() {
                return self.unknown("a script runs what it is given");
            }
            // What it was given is written elsewhere.
            self.launch.place = None;
            let in_shell = self.launch.in_shell;
            self.words(arguments.to_vec(), depth + 1);
            self.launch.in_shell |= in_shell;
            return;
        }
        let arguments_too = words.iter().flat_map(|word| {
            let all = is_all_arguments(word);
            if all { arguments.to_vec() } else { vec![word.clone()] }
        });
        let whole: Vec<String> = arguments_too.collect();
        let in_shell = self.launch.in_shell;
        self.words(whole, depth + 1);
        self.launch.in_shell |= in_shell;
    }

    /// What commands before the last do to it.
    fn prepare(&mut self, commands: &[Command], is_line: bool) {
        for command in commands {
            let Some(program) = command.program() else { continue };
            let words: Vec<&str> = command.texts().collect();
            match program {
                "cd" => {
                    let folder = words.get(1).filter(|word| !word.contains('$'));
                    self.launch.folder =
                        folder.and_then(|word| inside(self.launch.folder.as_deref(), word));
                }
                "export" => {
                    for word in &words[1..] {
                        if let Some((name, value)) = word.split_once('=') {
                            self.export(name, value);
                        }
                    }
                }
                "source" | "." => {
                    self.launch.sources |= !words.get(1).is_some_and(|it| it.ends_with("activate"));
                }
                "nginx" | "caddy" | "haproxy" | "envoy" | "supervisord" | "apachectl" | "httpd"
                | "traefik" | "cloudflared" | "service" | "ngrok" | "socat" | "stunnel"
                | "tailscaled" => {
                    self.launch.proxied = true;
                }
                _ => {}
            }
        }
        // `cd` in a script may stand in a condition or come back.
        if !is_line
            && commands
                .iter()
                .filter(|it| matches!(it.program(), Some("cd" | "pushd" | "popd")))
                .count()
                > 1
        {
            self.launch.folder = None;
        }
    }

    fn export(&mut self, name: &str, value: &str) {
        let value = (!value.contains(['$', '`'])).then(|| value.to_owned());
        self.launch.exported.retain(|(other, _)| other != name);
        self.launch.exported.push((name.to_owned(), value));
    }
}

/// The commands of a text that may be what it is for: what it hands over to, and servers. Without one, the last of a line.
fn candidates(commands: &[Command], is_file: bool) -> Vec<&Command> {
    let is_hand_over = |command: &Command| {
        let words = without_exec(command);
        command.program() == Some("exec") && !words.is_empty()
            || words.first().is_some_and(|word| is_all_arguments(word))
    };
    let is_server = |command: &Command| {
        let words: Vec<String> = command.texts().map(str::to_owned).collect();
        let found = invocation(&words);
        found.is_some_and(|it| {
            it.through.iter().any(|by| matches!(does(by), Some(Does::Reload | Does::Debug)))
                || servers::is_long_running(&it)
        })
    };
    let mut found: Vec<&Command> = Vec::new();
    for command in commands.iter().filter(|it| is_hand_over(it) || is_server(it)) {
        let same = |other: &&Command| other.texts().eq(command.texts());
        if !found.iter().any(same) {
            found.push(command);
        }
    }
    if found.is_empty() && !is_file {
        found.extend(commands.last());
    }
    found
}

fn without_exec(command: &Command) -> Vec<String> {
    let mut words: Vec<String> = command.texts().map(str::to_owned).collect();
    if words.first().is_some_and(|word| word == "exec") {
        words.remove(0);
    }
    words
}

/// Whether a shell goes on behind a command, and can hear of signals while it waits.
fn is_in_background(text: &str, command: &Command) -> bool {
    let behind = text[command.span.end as usize..].trim_start();
    behind.starts_with('&') && !behind.starts_with("&&")
}

/// Whether a command says what a shell does when it is told to end.
fn traps(command: &Command) -> bool {
    let signals = ["TERM", "SIGTERM", "EXIT", "15", "0"];
    command.program() == Some("trap") && command.texts().any(|word| signals.contains(&word))
}

fn is_all_arguments(word: &str) -> bool {
    matches!(word, "$@" | "${@}" | "$*" | "${*}")
}

fn is_shell(program: &str) -> bool {
    matches!(base_name(program), "sh" | "bash" | "ash" | "dash" | "zsh")
}
