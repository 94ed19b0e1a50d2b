//! Here-documents of `RUN` that do not begin its line: `RUN cat <<EOF > /etc/x`. The parser knows the others. Knows where
//! their texts begin and end (<https://docs.docker.com/reference/dockerfile/#here-documents>).

use std::ops::Range;

use super::Instruction;

/// Here-documents of one instruction.
pub(super) struct Heredoc {
    /// Their texts.
    pub(super) documents: Vec<String>,
    /// Where they stand, with the lines that end them.
    pub(super) body: Range<usize>,
}

/// The here-documents that stand behind an instruction which the parser thinks to have ended.
pub(super) fn behind(text: &str, instruction: &Instruction) -> Option<Heredoc> {
    let line = &instruction.arguments.value;
    let markers = if instruction.words.is_some() { Vec::new() } else { markers(line) };
    if markers.is_empty() {
        return None;
    }
    let end = instruction.span.end as usize;
    // What the parser knows already is part of the instruction, whose end is the beginning of a line.
    let start = if text[..end].ends_with('\n') { end } else { line_end(text, end) };
    let mut at = start;
    let mut documents = Vec::new();
    for (marker, indented) in markers {
        let (document, behind) = body(text, at, &marker, indented)?;
        documents.push(document);
        at = behind;
    }
    Some(Heredoc { documents, body: start..at })
}

/// Replaces all but line ends by blanks.
pub(super) fn blank(text: &mut String, range: Range<usize>) {
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
    let blanks: String = text.as_bytes()[range.clone()].iter().map(|byte| blank(*byte)).collect();
    text.replace_range(range, &blanks);
}

/// The text of a here-document from the line at an offset on, and the offset behind it; `None` where nothing ends it.
fn body(text: &str, start: usize, marker: &str, indented: bool) -> Option<(String, usize)> {
    let mut at = start;
    while at < text.len() {
        let end = line_end(text, at);
        let line = text[at..end].trim_end_matches(['\n', '\r']);
        let line = if indented { line.trim_start_matches('\t') } else { line };
        if line == marker {
            return Some((text[start..at].to_owned(), end));
        }
        at = end;
    }
    None
}

/// Behind the end of the line around an offset.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length + 1)
}

/// The words that end here-documents, and whether tabs before them count: a word of its own that begins with `<<`, outside
/// of quotes.
fn markers(line: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut begins = true;
    let mut escaped = false;
    for (at, character) in line.char_indices() {
        if std::mem::take(&mut escaped) {
            begins = false;
            continue;
        }
        match (quote, character) {
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), _) => quote = quote.filter(|_| character != open),
            (None, '\'' | '"') => quote = Some(character),
            (None, '<') if begins => found.extend(marker(&line[at..])),
            // A number before it is that of a file: `3<<EOF`.
            (None, '0'..='9') if begins => continue,
            _ => {}
        }
        begins = quote.is_none() && character.is_whitespace();
    }
    found
}

fn marker(word: &str) -> Option<(String, bool)> {
    let rest = word.strip_prefix("<<")?;
    let (indented, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    // BuildKit takes blanks here since dockerfile/1.16.0.
    let rest = rest.trim_start();
    let length = rest.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(rest.len());
    let name: String = rest[..length].chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
    let is_name = !name.is_empty() && !name.contains(['<', '(', ')', '$', '|', '&']);
    is_name.then_some((name, indented))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_a_word_of_its_own() {
        assert_eq!(markers("cat <<EOF > /x"), [("EOF".to_owned(), false)]);
        assert_eq!(markers("cat 3<<-'A' <<B"), [("A".to_owned(), true), ("B".to_owned(), false)]);
        assert_eq!(markers("cat > /x << 'EOF'"), [("EOF".to_owned(), false)]);
        assert_eq!(markers("cat <<- EOF > /x"), [("EOF".to_owned(), true)]);
        for line in
            ["echo '<<A'", "echo $((1 << 3))", "cat <<<word", "a<<B", "\\<<A", "echo \"<<A\""]
        {
            assert!(markers(line).is_empty(), "{line}");
        }
    }
}
