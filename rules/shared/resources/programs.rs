//! Programs that are asked about themselves: they tell it at once. Knows words of commands, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Call;

use crate::shared::code::calls;

/// Whether a call starts a program for nothing but its version or its help: `run(["ffmpeg", "-version"])`, `run("git --version")`.
pub(crate) fn tells_of_itself(file: &FileContext<'_>, call: &Call) -> bool {
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
}
