//! Whether what a container starts gives up the rights of root: a program, an option, a script or its configuration. Knows commands
//! and files that are copied, not who runs the image.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::containers::{Image, Instruction};
use roadworthy_project::facts::shell::{Command, commands};
use roadworthy_project::{Facts, Tree, resolved};

use super::{is_root, start};

/// Programs that start another one as another user. `tini` and `dumb-init` are none.
const DROPPERS: [&str; 14] = [
    "gosu",
    "su-exec",
    "setpriv",
    "chpst",
    "setuidgid",
    "s6-setuidgid",
    "s6-applyuidgid",
    "runuser",
    "su",
    "sudo",
    "setuser",
    "start-stop-daemon",
    "capsh",
    "step-down",
];

/// What starts several programs, each as the user that its own configuration says.
const SUPERVISORS: [&str; 7] =
    ["init", "supervisord", "s6-svscan", "runsvdir", "my_init", "awslambdaric", "circusd"];

/// What has to be root, and serves each of its requests as the user that its own configuration says.
const DAEMONS: [&str; 11] = [
    "sshd",
    "cron",
    "crond",
    "nginx",
    "httpd",
    "httpd-foreground",
    "apache2ctl",
    "apachectl",
    "postfix",
    "dovecot",
    "haproxy",
];

/// Options of servers that change the user once they listen.
const OPTIONS: [&str; 4] = ["--user", "--uid", "--setuid", "-u"];

/// Servers that have such options.
const SERVERS: [&str; 4] = ["gunicorn", "celery", "uwsgi", "daphne"];

/// Of files of one name no more are read.
const MOST_SCRIPTS: usize = 8;

/// Whether the rights of root are given up when the container starts, or may be.
pub(super) fn gives_up(facts: &Facts<'_>, image: &Image) -> bool {
    if image.shipped_instructions().any(sets_server_user) {
        return true;
    }
    let started = start(image).unwrap_or_default();
    let programs: Vec<Command> = started.iter().flat_map(|it| it.commands()).collect();
    let is_daemon = |command: &Command| {
        let program = command.program().unwrap_or_default();
        DAEMONS.contains(&program.rsplit('/').next().unwrap_or_default())
    };
    if !programs.is_empty() && programs.iter().all(is_daemon) {
        return true;
    }
    let mut scripts: Vec<String> = Vec::new();
    for instruction in started {
        let commands = instruction.commands();
        if commands.iter().any(drops) {
            return true;
        }
        let words = commands.iter().flat_map(Command::texts);
        scripts.extend(words.filter(|word| is_script(word)).map(str::to_owned));
    }
    scripts.iter().any(|script| script_drops(facts, image, script))
}

/// Whether the environment tells a server which user to become.
fn sets_server_user(instruction: &Instruction) -> bool {
    let is_user = |name: &str| matches!(name, "UWSGI_UID" | "GUNICORN_USER" | "PUID");
    instruction.keyword == "ENV" && instruction.pairs().iter().any(|(name, _)| is_user(name))
}

fn drops(command: &Command) -> bool {
    let program = command.program().unwrap_or_default();
    let words = || command.texts().map(|word| word.rsplit('/').next().unwrap_or_default());
    let server = words().any(|word| SERVERS.contains(&word));
    let option = words().any(|word| OPTIONS.contains(&word.split('=').next().unwrap_or_default()));
    SUPERVISORS.contains(&program)
        || words().any(|word| DROPPERS.contains(&word))
        || server && option
}

/// Whether a word is the path of a script or a configuration, and not a program, an option or a module.
pub(super) fn is_script(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let known = matches!(ending, Some("sh" | "bash" | "ini" | "conf" | "cfg"));
    let plain = word.contains('/') && ending.is_none();
    (known || plain || name.contains("entrypoint")) && !word.starts_with('-')
}

/// Whether a script of the image changes the user. One that is not to be found may do so.
fn script_drops(facts: &Facts<'_>, image: &Image, script: &str) -> bool {
    let name = script.rsplit('/').next().unwrap_or_default();
    let files = files(facts.tree(), image, name);
    if files.is_empty() {
        // Programs of the system and of an environment of Python are no scripts.
        let path = script.trim_start_matches("./");
        let is_program = ["/bin/", "/sbin/"].iter().any(|folder| path.contains(folder));
        return !is_program && !is_written_here(image, name)
            || image.shipped_instructions().any(writes_dropper);
    }
    let mut texts = files.iter().filter_map(|path| facts.text(path).whole());
    texts.any(|document| text_drops(document.text()) || next_drops(facts, image, document.text()))
}

/// Whether a script that another one starts changes the user; one step is enough for what is met.
fn next_drops(facts: &Facts<'_>, image: &Image, text: &str) -> bool {
    let commands = commands(text);
    let mut scripts = commands.iter().flat_map(Command::texts).filter(|word| is_script(word));
    scripts.any(|script| {
        let name = script.rsplit('/').next().unwrap_or_default();
        let files = files(facts.tree(), image, name);
        let mut texts = files.iter().filter_map(|path| facts.text(path).whole());
        texts.any(|document| text_drops(document.text()))
    })
}

/// The files of the context that may have a name in the image.
pub(super) fn files(tree: &Tree, image: &Image, name: &str) -> Vec<Utf8PathBuf> {
    let copied = image.shipped_instructions().filter_map(|it| it.copied.as_ref());
    // `COPY docker/start.sh /entrypoint`
    let renamed = copied.filter_map(|copied| match copied.sources.as_slice() {
        [source] if copied.destination.rsplit('/').next() == Some(name) => {
            resolved(&image.context, source.value.trim_start_matches('/'))
        }
        _ => None,
    });
    let renamed: Vec<_> = renamed.filter(|path| tree.is_file(path)).collect();
    if !renamed.is_empty() {
        return renamed;
    }
    let all = tree.below(&image.context).filter(|path| path.file_name() == Some(name));
    all.take(MOST_SCRIPTS).map(Utf8Path::to_path_buf).collect()
}

/// Whether a script is a here-document of the Dockerfile.
fn is_written_here(image: &Image, name: &str) -> bool {
    let mut instructions = image.shipped_instructions();
    instructions.any(|it| {
        let copied = it.copied.as_ref().is_some_and(|copied| copied.destination.ends_with(name));
        !it.documents.is_empty() && (copied || it.arguments.value.contains(name))
    })
}

fn writes_dropper(instruction: &Instruction) -> bool {
    instruction.documents.iter().any(|document| text_drops(document))
}

fn text_drops(text: &str) -> bool {
    commands(text).iter().any(drops)
        // Of Python and other languages, whose commands are no shell's.
        || ["os.setuid(", "os.setresuid(", "gosu ", "su-exec "].iter().any(|call| text.contains(call))
        || text.lines().any(names_user)
}

/// Whether a line of a configuration sets the user: `uid = 1000`, `user=app`.
fn names_user(line: &str) -> bool {
    let Some((key, value)) = line.split_once(['=', ' ']) else { return false };
    let value = value.trim_start_matches(['=', ' ']).trim().trim_end_matches(';');
    matches!(key.trim(), "uid" | "user" | "setuid") && !value.is_empty() && !is_root(value)
}
