//! The commands of an instruction, whichever form it is written in. Knows `RUN`, `CMD` and `ENTRYPOINT`, no program.

use super::Instruction;
use crate::facts::shell::{self, Command};

impl Instruction {
    /// The commands that it runs, as far as a shell's text shows them. Spans are within [`Instruction::arguments`], and
    /// mean nothing for lists and here-documents.
    pub fn commands(&self) -> Vec<Command> {
        if let Some(words) = &self.words {
            return of_words(words);
        }
        let mut commands = shell::commands(&self.arguments.value);
        // Of another program than a shell the text is no script: `python <<EOF`.
        let is_script = commands
            .first()
            .is_none_or(|first| matches!(first.program(), Some("bash" | "sh" | "ash" | "zsh")));
        if is_script && self.keyword == "RUN" {
            commands.extend(self.documents.iter().flat_map(|document| shell::commands(document)));
        }
        commands
    }
}

/// The command of a list; the script of `["sh", "-c", "…"]` is one.
fn of_words(words: &[String]) -> Vec<Command> {
    let shell = words.first().map(|word| word.rsplit('/').next().unwrap_or_default());
    if matches!(shell, Some("bash" | "sh" | "ash" | "zsh"))
        && let [_, flags, script, ..] = words
        && flags.starts_with('-')
        && flags.ends_with('c')
    {
        return shell::commands(script);
    }
    let word = |text: &String| shell::Word { text: text.clone(), ..shell::Word::default() };
    vec![Command { words: words.iter().map(word).collect(), ..Command::default() }]
}
