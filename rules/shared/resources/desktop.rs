//! Programs that show something to the person at the machine. Knows their names, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Call;

use crate::shared::code::calls;

/// What opens a file, a folder or an address with the program that the desktop keeps for it.
const OPENERS: [&str; 6] = ["code", "explorer", "explorer.exe", "open", "start", "xdg-open"];

/// The program that a call starts in order to show something on its user's own desktop.
pub(crate) fn opener(file: &FileContext<'_>, call: &Call) -> Option<&'static str> {
    let arguments = calls::arguments(file, call);
    let command = arguments.first().filter(|it| it.keyword.is_none_or(|it| it == "args"))?;
    let is_edge = |it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ',');
    let text = command.value.trim_start_matches(['[', '(', 'f', 'r']).trim_start();
    let mut words = text.split(is_edge).filter(|it| !it.is_empty());
    let quoted = text.starts_with(['"', '\'']);
    let first = words.next().filter(|_| quoted)?;
    // `cmd /c start` opens as well.
    let word = match first {
        "cmd" | "cmd.exe" => words.find(|it| !it.starts_with('/'))?,
        other => other,
    };
    OPENERS.into_iter().find(|it| *it == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    #[test]
    fn openers_are_the_first_word() {
        let text = "\
run([\"code\", \"-n\", path])
run(f'open \"{path}\"')
run(('cmd', '/c', 'start', path))
run([
    'xdg-open', path])
run(['git', 'open'])
run(open)
run('opener x')
";
        let found = with_file("app/main.py", text, |file| {
            let calls = file.outline.calls.iter();
            calls.map(|call| opener(file, call).unwrap_or("-")).collect::<Vec<_>>()
        });
        assert_eq!(found, ["code", "open", "start", "xdg-open", "-", "-", "-"]);
    }
}
