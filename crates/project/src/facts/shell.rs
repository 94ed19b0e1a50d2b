//! Command lines of shells to commands and words, as far as that is possible without running them. Knows quotes,
//! operators and variables; no program.

use roadworthy_parser::Span;

/// One command of a script: what stands between operators and line ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// Its words without quotes, variables as written: `$PORT`, `${PORT:-80}`. Assignments before the program are in
    /// [`Self::assignments`].
    pub words: Vec<Word>,
    /// `NAME=value` before the program.
    pub assignments: Vec<(String, String)>,
    /// From its first to behind its last word, in the text that was parsed.
    pub span: Span,
}

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Without its quotes.
    pub text: String,
    /// With them, in the text that was parsed.
    pub span: Span,
    /// Whether a variable or a command in it may make it anything.
    pub expands: bool,
}

impl Command {
    /// The texts of the words.
    pub fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.words.iter().map(|word| word.text.as_str())
    }

    /// The name of the program, without its folder.
    pub fn program(&self) -> Option<&str> {
        self.words.first().map(|word| word.text.rsplit('/').next().unwrap_or_default())
    }
}

/// The commands of a script, in order, whatever decides whether each runs. Here-documents are left out, and so is what
/// stands in `$(…)`; reserved words (`if`, `then`, `do`) are no programs.
pub fn commands(script: &str) -> Vec<Command> {
    Reader { text: script, ..Reader::default() }.read()
}

/// Words behind which a command begins.
const OPENING: [&str; 9] = ["if", "then", "else", "elif", "do", "while", "until", "!", "{"];

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    at: usize,
    word: Option<Word>,
    current: Command,
    commands: Vec<Command>,
    /// Ends of here-documents that begin at the next line.
    heredocs: Vec<String>,
}

impl Reader<'_> {
    fn read(mut self) -> Vec<Command> {
        while let Some(character) = self.peek() {
            let start = self.at;
            self.at += character.len_utf8();
            match character {
                '\\' => {
                    let next = self.peek();
                    self.at += next.map_or(0, char::len_utf8);
                    // A line that goes on.
                    if next == Some('\r') && self.peek() == Some('\n') {
                        self.at += 1;
                    } else if let Some(next) = next
                        && next != '\n'
                    {
                        self.push(start, next);
                    }
                }
                '\'' => self.quoted(start),
                '"' => self.double_quoted(start),
                '$' => self.variable(start),
                '`' => {
                    let length = self.text[self.at..].find('`').map_or(0, |length| length + 1);
                    self.at += length;
                    self.push_expanding(start);
                }
                '#' if self.word.is_none() => self.skip_line(),
                '\n' => {
                    self.end_command();
                    self.skip_heredocs();
                }
                '&' | '|' | '(' | ')' | '<' | '>' if self.in_condition() => {
                    self.push(start, character);
                }
                ';' | '(' | ')' => self.end_command(),
                '&' | '|' => {
                    // `2>&1` and `&>file` are redirections.
                    let redirects = character == '&'
                        && (self.text[..start].ends_with(['>', '<'])
                            || self.text[self.at..].starts_with('>'));
                    if !redirects {
                        self.end_command();
                    }
                }
                '<' | '>' => self.redirection(character),
                _ if character.is_whitespace() => self.end_word(),
                _ => self.push(start, character),
            }
        }
        self.end_command();
        self.commands
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Whether a place is within `[[ … ]]`, where operators compare.
    fn in_condition(&self) -> bool {
        let texts = || self.current.texts();
        texts().next() == Some("[[") && !texts().any(|text| text == "]]")
    }

    fn word_at(&mut self, start: usize) -> &mut Word {
        let end = self.at as u32;
        let word = self
            .word
            .get_or_insert_with(|| Word { span: Span::empty(start as u32), ..Word::default() });
        word.span.end = end;
        word
    }

    fn push(&mut self, start: usize, character: char) {
        self.word_at(start).text.push(character);
    }

    fn push_expanding(&mut self, start: usize) {
        let text = self.text[start..self.at].to_owned();
        let word = self.word_at(start);
        word.text.push_str(&text);
        word.expands = true;
    }

    fn quoted(&mut self, start: usize) {
        let rest = &self.text[self.at..];
        let length = rest.find('\'').unwrap_or(rest.len());
        let inner = rest[..length].to_owned();
        self.at = (self.at + length + 1).min(self.text.len());
        self.word_at(start).text.push_str(&inner);
    }

    fn double_quoted(&mut self, start: usize) {
        self.word_at(start);
        while let Some(character) = self.peek() {
            let at = self.at;
            self.at += character.len_utf8();
            match character {
                '"' => break,
                '\\' => {
                    let Some(next) = self.peek() else { break };
                    self.at += next.len_utf8();
                    if !matches!(next, '"' | '\\' | '$' | '`' | '\n') {
                        self.push(at, '\\');
                    }
                    if next != '\n' {
                        self.push(at, next);
                    }
                }
                '$' => self.variable(at),
                _ => self.push(at, character),
            }
        }
        self.word_at(start);
    }

    /// `$NAME`, `${NAME…}`, `$(…)`, `${{ … }}`.
    fn variable(&mut self, start: usize) {
        let rest = &self.text[self.at..];
        let close = |open: char, close: char| {
            let mut depth = 0_i32;
            rest.char_indices().find_map(|(at, it)| {
                depth += i32::from(it == open) - i32::from(it == close);
                (depth == 0).then_some(at + 1)
            })
        };
        let length = match rest.chars().next() {
            Some('{') => close('{', '}').unwrap_or(rest.len()),
            Some('(') => close('(', ')').unwrap_or(rest.len()),
            Some(first) if first.is_ascii_alphanumeric() || first == '_' => {
                rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len())
            }
            Some('@' | '*' | '#' | '?' | '!') => 1,
            _ => return self.push(start, '$'),
        };
        self.at += length;
        self.push_expanding(start);
    }

    fn redirection(&mut self, character: char) {
        // `2>`: the number is none of the command's words.
        if self.word.as_ref().is_some_and(|word| word.text.bytes().all(|it| it.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        if character == '<' && self.text[self.at..].starts_with('<') {
            let rest = &self.text[self.at + 1..];
            // `<<<` is a text, not a document.
            if !rest.starts_with('<') {
                let rest = rest.trim_start_matches('-').trim_start_matches([' ', '\'', '"', '\\']);
                let length = rest
                    .find(|it: char| !it.is_ascii_alphanumeric() && it != '_')
                    .unwrap_or(rest.len());
                if length > 0 {
                    self.heredocs.push(rest[..length].to_owned());
                }
            }
        }
        let rest = &self.text[self.at..];
        let rest =
            rest.trim_start_matches(['<', '>', '&', '-', '|']).trim_start_matches([' ', '\t']);
        let length = rest
            .find(|it: char| it.is_whitespace() || matches!(it, ';' | '|' | '&' | ')'))
            .unwrap_or(rest.len());
        self.at = self.text.len() - rest.len() + length;
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn skip_heredocs(&mut self) {
        for end in std::mem::take(&mut self.heredocs) {
            loop {
                let rest = &self.text[self.at..];
                if rest.is_empty() {
                    break;
                }
                let length = rest.find('\n').map_or(rest.len(), |length| length + 1);
                self.at += length;
                if rest[..length].trim() == end {
                    break;
                }
            }
        }
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        let is_first = self.current.words.is_empty();
        if is_first && OPENING.contains(&word.text.as_str()) {
            return;
        }
        if is_first
            && let Some((name, value)) = word.text.split_once('=')
            && !name.is_empty()
            && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        {
            self.current.assignments.push((name.to_owned(), value.to_owned()));
            return;
        }
        self.current.words.push(word);
    }

    fn end_command(&mut self) {
        self.end_word();
        let mut command = std::mem::take(&mut self.current);
        let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else {
            return;
        };
        // What a loop goes through is no command either.
        if matches!(first.text.as_str(), "fi" | "done" | "esac" | "}" | "for" | "select" | "case") {
            return;
        }
        command.span = Span::new(first.span.start, last.span.end);
        self.commands.push(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<Vec<String>> {
        commands(script).iter().map(|it| it.texts().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn commands_end_at_operators_and_lines() {
        assert_eq!(
            words(
                "set -e; cd app && FOO=1 pytest -k 'a b' \"c $D\" | tee x &\n# no\nmake \\\n  test"
            ),
            [
                vec!["set", "-e"],
                vec!["cd", "app"],
                vec!["pytest", "-k", "a b", "c $D"],
                vec!["tee", "x"],
                vec!["make", "test"]
            ]
        );
        assert_eq!(commands("A=1 B='x y' run")[0].assignments[1], ("B".into(), "x y".into()));
    }

    #[test]
    fn blocks_redirections_and_documents_are_no_words() {
        assert_eq!(
            words(
                "if [ -f x ]; then pip install -r x 2>&1 >/dev/null; fi\ncat <<'EOF' > y\nrm -rf\nEOF\necho ${A:-b c} $(date; x)"
            ),
            [
                vec!["[", "-f", "x", "]"],
                vec!["pip", "install", "-r", "x"],
                vec!["cat"],
                vec!["echo", "${A:-b c}", "$(date; x)"]
            ]
        );
        let command = &commands("run $X 'a'")[0];
        assert!(command.words[1].expands && !command.words[2].expands);
    }

    #[test]
    fn heads_of_loops_are_no_commands_and_conditions_are_one() {
        assert_eq!(
            words(
                "for s in a b; do\n  test $s\ndone\n[[ -z $A || ( $A > b && $B ) ]] && run || exit 1"
            ),
            [
                vec!["test", "$s"],
                vec!["[[", "-z", "$A", "||", "(", "$A", ">", "b", "&&", "$B", ")", "]]"],
                vec!["run"],
                vec!["exit", "1"]
            ]
        );
    }

    #[test]
    fn whatever_is_written_comes_to_an_end() {
        for script in
            ["'", "\"", "$(", "${", "<<", "<<EOF", "\\", "`", "a <", "é'é", "$", "2>", "\"\\"]
        {
            commands(script);
        }
    }
}
