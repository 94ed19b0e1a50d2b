//! Which lines of a file that is not Python lie within a text over several lines, where a comment would be part of that
//! text. Knows just so much of each syntax, and where in doubt says yes.

use roadworthy_project::FileKind;

/// Of one line: whether its beginning and its end lie within such a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) start: bool,
    pub(super) end: bool,
}

/// Of each line, the first at index 0.
pub(super) fn within(text: &str, kind: FileKind) -> Vec<Within> {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    match kind {
        FileKind::Toml => of_toml(&lines),
        FileKind::Yaml => of_yaml(&lines),
        FileKind::Shell => of_shell(&lines, true),
        // A comment may stand between the lines of an instruction.
        FileKind::Dockerfile => of_shell(&lines, false),
        FileKind::Env => of_env(&lines),
        _ => of_continued(&lines),
    }
}

/// Lines that end in a backslash go on in the next.
fn of_continued(lines: &[&str]) -> Vec<Within> {
    let ends = |line: &&str| line.ends_with('\\');
    let starts = std::iter::once(false).chain(lines.iter().map(ends));
    lines.iter().zip(starts).map(|(line, start)| Within { start, end: ends(line) }).collect()
}

fn of_toml(lines: &[&str]) -> Vec<Within> {
    let mut open: Option<&str> = None;
    let each = lines.iter().map(|line| {
        let start = open.is_some();
        let mut rest = *line;
        while !rest.is_empty() {
            if let Some(quotes) = open {
                let escaped = quotes.starts_with('"');
                match closing(rest, quotes, escaped) {
                    Some(end) => (open, rest) = (None, &rest[end..]),
                    None => break,
                }
                continue;
            }
            let Some(at) = rest.find(['"', '\'', '#']) else { break };
            rest = &rest[at..];
            if rest.starts_with('#') {
                break;
            }
            let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| rest.starts_with(quotes));
            if let Some(quotes) = quotes {
                (open, rest) = (Some(quotes), &rest[3..]);
            } else {
                let quote = &rest[..1];
                let end = closing(&rest[1..], quote, quote == "\"");
                rest = end.map_or("", |end| &rest[1 + end..]);
            }
        }
        Within { start, end: open.is_some() }
    });
    each.collect()
}

/// Where a text ends, behind its quotes.
fn closing(text: &str, quotes: &str, escaped: bool) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(quotes)?;
        let slashes = text[..at].len() - text[..at].trim_end_matches('\\').len();
        if !escaped || slashes.is_multiple_of(2) {
            return Some(at + quotes.len());
        }
        from = at + 1;
    }
}

fn of_env(lines: &[&str]) -> Vec<Within> {
    let mut open: Option<char> = None;
    let each = lines.iter().map(|line| {
        let start = open.is_some();
        let value = match open {
            Some(_) => Some(*line),
            None if line.trim_start().starts_with('#') => None,
            None => line.split_once('=').map(|(_, value)| value.trim_start()).and_then(|value| {
                open = value.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
                open.map(|_| &value[1..])
            }),
        };
        if let (Some(value), Some(quote)) = (value, open)
            && closing(value, quote.encode_utf8(&mut [0; 4]), quote == '"').is_some()
        {
            open = None;
        }
        Within { start, end: open.is_some() }
    });
    each.collect()
}

/// Quotes, here-documents and, where they matter, lines that go on.
fn of_shell(lines: &[&str], quotes_matter: bool) -> Vec<Within> {
    let mut quote: Option<char> = None;
    let mut documents: Vec<&str> = Vec::new();
    let mut goes_on = false;
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        if let Some(end) = documents.first() {
            let is_end = line.trim() == *end;
            all.push(Within { start: true, end: !is_end });
            if is_end {
                documents.remove(0);
            }
            continue;
        }
        let start = quote.is_some() || goes_on;
        let mut escaped = false;
        let mut last = ' ';
        for (at, character) in line.char_indices() {
            let is_escaped = std::mem::take(&mut escaped);
            match (quote, character) {
                (_, _) if is_escaped => {}
                (Some('\''), '\'') | (Some('"'), '"') => quote = None,
                (Some('"') | None, '\\') => escaped = true,
                (None, '#') if last.is_whitespace() => break,
                (None, '\'' | '"') if quotes_matter => quote = Some(character),
                (None, '<') if line[at..].starts_with("<<") && !line[..at].ends_with('<') => {
                    documents.extend(document_end(&line[at + 2..]));
                }
                _ => {}
            }
            last = character;
        }
        goes_on = quotes_matter && quote.is_none() && escaped;
        all.push(Within { start, end: quote.is_some() || goes_on || !documents.is_empty() });
        // Behind the line that announces it a comment may stand: the document begins with the next.
        if let Some(last) = all.last_mut().filter(|_| quote.is_none() && !goes_on) {
            last.end = false;
        }
    }
    all
}

/// The word that ends a here-document, of what stands behind `<<`.
fn document_end(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['-', ' ']).trim_start_matches(['"', '\'', '\\']);
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let end = text.find(|it: char| !is_word(it)).unwrap_or(text.len());
    // `<<<` is a string, `1 << 2` a number.
    Some(&text[..end]).filter(|word| word.starts_with(|it: char| it.is_alphabetic() || it == '_'))
}

fn of_yaml(lines: &[&str]) -> Vec<Within> {
    let mut all = vec![Within::default(); lines.len()];
    let mut quote: Option<char> = None;
    // The indentation that a block of text, or the lines of a plain text, must exceed.
    let mut block: Option<usize> = None;
    let mut plain: Option<usize> = None;
    for (index, line) in lines.iter().enumerate() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        if quote.is_none() && words.is_empty() {
            all[index] = Within { start: block.is_some(), end: block.is_some() };
            continue;
        }
        if block.is_some_and(|least| indent > least) {
            all[index] = Within { start: true, end: true };
            continue;
        }
        block = None;
        if quote.is_none() && words.starts_with('#') {
            plain = None;
            continue;
        }
        if plain.is_some_and(|least| indent > least) && quote.is_none() {
            all[index] = Within { start: true, end: true };
            all[index - 1].end = true;
            continue;
        }
        let mut known = Within { start: quote.is_some(), end: false };
        let content = yaml_content(line, &mut quote);
        known.end = quote.is_some();
        all[index] = known;
        plain = None;
        if quote.is_some() {
            continue;
        }
        let content = content.trim_end();
        let (least, has_key) = yaml_indent(content);
        if is_block_header(content) {
            block = Some(least);
        } else if !content.ends_with([':', '"', '\'', ']', '}', ',', '[', '{']) && !known.start {
            let value = content.trim_start_matches([' ', '-', '?']);
            plain = (has_key || !value.is_empty())
                .then_some(least)
                .filter(|_| !content.starts_with("---"));
        }
    }
    all
}

/// A line without its comment; `quote` is what is open before and behind it.
fn yaml_content<'l>(line: &'l str, quote: &mut Option<char>) -> &'l str {
    let mut last = ' ';
    let mut escaped = false;
    let mut token = true;
    for (at, character) in line.char_indices() {
        let is_escaped = std::mem::take(&mut escaped);
        match (*quote, character) {
            (Some('"'), '\\') if !is_escaped => escaped = true,
            (Some(open), character) if open == character && !is_escaped => *quote = None,
            (None, '#') if last.is_whitespace() => return &line[..at],
            (None, '"' | '\'') if token => *quote = Some(character),
            _ => {}
        }
        if !character.is_whitespace() {
            token =
                matches!(character, ':' | '-' | '[' | '{' | ',' | '?') || token && character == '!';
        }
        last = character;
    }
    line
}

/// The indentation of what holds the value of a line, and whether that has a key.
fn yaml_indent(content: &str) -> (usize, bool) {
    let mut rest = content.trim_start();
    let mut holder = content.len() - rest.len();
    while let Some(item) = rest.strip_prefix("- ") {
        let item = item.trim_start();
        let has_key = item.contains(": ") || item.ends_with(':');
        if !has_key && !item.starts_with("- ") {
            return (holder, false);
        }
        holder = content.len() - item.len();
        rest = item;
    }
    (holder, rest.contains(": "))
}

/// Whether a line announces a block of text: `key: |`, `- >-`.
fn is_block_header(content: &str) -> bool {
    let word = content.rsplit([' ', '\t']).next().unwrap_or(content);
    let mut characters = word.chars();
    matches!(characters.next(), Some('|' | '>'))
        && characters.all(|it| matches!(it, '+' | '-') || it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line with a letter: where it (s)tarts, (e)nds or is as a whole (w) within a text.
    fn shown(text: &str, kind: FileKind) -> String {
        let letter = |it: &Within| match (it.start, it.end) {
            (false, false) => '.',
            (true, false) => 's',
            (false, true) => 'e',
            (true, true) => 'w',
        };
        within(text, kind).iter().map(letter).collect()
    }

    #[test]
    fn toml_has_texts_in_three_quotes() {
        let text = "a = 1 # \"\"\"\nb = \"\"\"x\ny\n\"\"\" # z\nc = '\"\"\"'\nd = ['''\n''']\ne = \"\\\"\"";
        assert_eq!(shown(text, FileKind::Toml), ".ews.es.");
    }

    #[test]
    fn yaml_has_blocks_quotes_and_plain_texts() {
        let text =
            "a: |\n  x\n\n  y\nb: 1\nc:\n  - >-\n    z\n  - 'q\n    r'\n  - k: v\n    l: m\n";
        assert_eq!(shown(text, FileKind::Yaml), ".www...w".to_owned() + "es...");
        let plain =
            "a: word\n  more\nb:\n  c: d # e\n  f: g\n- h\n  i\n- j: \"x: #\"\n  k: [\n    l\n  ]";
        assert_eq!(shown(plain, FileKind::Yaml), "ew...ew....");
    }

    #[test]
    fn a_shell_script_has_quotes_and_documents() {
        let text = "a='x' # don't\nb=\"x\ny\"\ncat <<EOF > c\nd\nEOF\ne \\\n  f\ng=$((1 << 2))\nh <<< i\nj";
        assert_eq!(shown(text, FileKind::Shell), ".es.wses...");
        let image = "RUN a \\\n  && echo \"it's\" \\\n  b\nCOPY <<EOF /x\ny\nEOF\nENV a=b";
        assert_eq!(shown(image, FileKind::Dockerfile), "....ws.");
    }

    #[test]
    fn an_environment_has_quoted_values() {
        let text = "A=don't\nB=\"x\ny\"\nC='z'\n# \"\nD=1";
        assert_eq!(shown(text, FileKind::Env), ".es...");
        assert_eq!(shown("a=b\\\n  c\nd=e", FileKind::Properties), "es.");
    }
}
