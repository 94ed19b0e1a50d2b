//! Programs that are over soon: asked about themselves or what is installed, or git on the files beside it. Knows words of
//! commands, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Call;

use crate::shared::code::calls;
use crate::shared::code::vocabulary::among;

/// Whether a call starts a program that asks neither another machine nor somebody: it is over soon.
pub(crate) fn are_over_soon(file: &FileContext<'_>, call: &Call) -> bool {
    tells_of_itself(file, call) || is_git_here(file, call) || lists_installed(file, call)
}

/// Whether a call lets pip tell what is installed, and not what is newer, which only an index knows:
/// `run([sys.executable, "-m", "pip", "list"])`.
fn lists_installed(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    let command = arguments.first().filter(|it| it.keyword.is_none_or(|it| it == "args"));
    let Some(command) = command.map(|it| it.value) else { return false };
    let is_edge = |it: char| it.is_whitespace() || "[](),\"'".contains(it);
    let words: Vec<&str> = command.split(is_edge).filter(|it| !it.is_empty()).collect();
    let is_module = matches!(words[..], ["python" | "python3" | "sys.executable", "-m", ..]);
    let words = &words[if is_module { 2 } else { 0 }..];
    let asks_index = |it: &str| matches!(it, "-o" | "--outdated" | "-u" | "--uptodate");
    !command.contains(['|', ';', '&', '>'])
        && matches!(words, ["pip" | "pip3", "freeze" | "list" | "show", options @ ..]
            if !options.iter().any(|it| asks_index(it)))
}

/// Whether a call starts a command of git that reads and writes the files of this machine alone: `run(["git", "-C", folder, "commit"])`.
fn is_git_here(file: &FileContext<'_>, call: &Call) -> bool {
    const HERE: &str = "add apply blame branch cat-file checkout commit config describe diff for-each-ref hash-object init log \
        ls-files ls-tree merge-base mv reset rev-list rev-parse rm show show-ref stash status symbolic-ref tag";
    let arguments = calls::arguments(file, call);
    let command = arguments.first().filter(|it| it.keyword.is_none_or(|it| it == "args"));
    let Some(command) = command.map(|it| it.value) else { return false };
    let is_list = command.starts_with(['[', '(']);
    if !is_list && command.contains(['|', ';', '&', '>']) {
        return false;
    }
    let separator = if is_list { ',' } else { ' ' };
    let clean = |it: &'_ str| {
        let edges = ['[', '(', ')', ']', '"', '\'', ' ', '\n'];
        let bare = it.trim_start_matches(['[', '(', ' ', '\n']);
        let text = bare.strip_prefix('f').filter(|it| it.starts_with(['"', '\''])).unwrap_or(bare);
        text.trim_matches(edges).to_owned()
    };
    let mut parts = command.split(separator).map(str::trim).filter(|it| !it.is_empty());
    if parts.next().map(clean).as_deref() != Some("git") {
        return false;
    }
    while let Some(part) = parts.next() {
        let word = clean(part);
        match word.as_str() {
            // What follows says where, or how.
            "-C" | "-c" => _ = parts.next(),
            option if option.starts_with('-') => {}
            _ => return (!is_list || part.starts_with(['"', '\''])) && among(HERE, &word),
        }
    }
    false
}

/// Whether a call starts a program for nothing but its version or its help: `run(["ffmpeg", "-version"])`, `run("git --version")`.
fn tells_of_itself(file: &FileContext<'_>, call: &Call) -> bool {
    const ASKS: [&str; 3] = ["--help", "--version", "-version"];
    let arguments = calls::arguments(file, call);
    let command = arguments.first().filter(|it| it.keyword.is_none_or(|it| it == "args"));
    let Some(command) = command.map(|it| it.value) else { return false };
    let command =
        command.strip_prefix('f').filter(|it| it.starts_with(['"', '\''])).unwrap_or(command);
    let list = ["[]", "()"].iter().find_map(|edges| {
        let (open, close) = edges.split_at(1);
        command.strip_prefix(open)?.strip_suffix(close)
    });
    let asks = |word: &str| ASKS.contains(&word);
    match list {
        Some(list) => {
            let mut parts = list.split(',').map(str::trim).filter(|it| !it.is_empty());
            let program = parts.next();
            program.is_some_and(|it| !it.starts_with('*'))
                && parts.next().and_then(calls::literal).is_some_and(asks)
                && parts.next().is_none()
        }
        None => calls::literal(command).is_some_and(|it| {
            let mut words = it.split_whitespace();
            words.next().is_some() && words.next().is_some_and(asks) && words.next().is_none()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn a_program_tells_of_itself_by_one_word() {
        let text = "\
run([settings.CURL, \"--version\"], capture_output=True)
run('git --version', shell=True)
run(('ffmpeg', '-version',))
run(['docker', 'run', image, '--version'])
run([*command, '--version'])
run(['curl', url])
run('curl --version | tail')
run(command)
";
        let found = with_file("app/main.py", text, |file| {
            let calls = file.outline.calls.iter();
            calls.map(|call| tells_of_itself(file, call)).collect::<Vec<_>>()
        });
        assert_eq!(found, [true, true, true, false, false, false, false, false]);
    }

    #[test]
    fn pip_knows_what_is_installed() {
        let text = "\
run([sys.executable, \"-m\", \"pip\", \"list\", \"--format=json\"])
run('pip freeze', shell=True)
run(['pip', 'list', '--outdated'])
run(['pip', 'install', 'list'])
run('pip list && pip install shop', shell=True)
";
        let found = with_file("app/main.py", text, |file| {
            let calls = file.outline.calls.iter();
            calls.map(|call| lists_installed(file, call)).collect::<Vec<_>>()
        });
        assert_eq!(found, [true, true, false, false, false]);
    }

    #[test]
    fn git_here_asks_no_other_machine() {
        let text = "\
run([\"git\", \"-C\", folder, \"commit\", \"-m\", text], check=True)
run('git status --short', shell=True)
run(['git', 'rev-parse', 'HEAD'])
run(['git', '-C', folder, 'push'])
run(['git', command])
run('git log && git fetch', shell=True)
run(['gitlab', 'commit'])
";
        let found = with_file("app/main.py", text, |file| {
            let calls = file.outline.calls.iter();
            calls.map(|call| is_git_here(file, call)).collect::<Vec<_>>()
        });
        assert_eq!(found, [true, true, true, false, false, false, false]);
    }
}
