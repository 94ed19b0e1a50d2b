//! YAML: block and flow style, scalars of all five kinds, and what Kubernetes, Compose, workflows and Ansible mean by
//! them. A file may be a template of any language. Knows nothing of values.

use std::ops::Range;

use super::DocumentKind;
use super::flow::{self, Pair};
use super::judge::{Entry, Form, Judge};
use super::lines::{self, Lines, skip_blanks, trim};

/// A scalar in quotes or a mapping in brackets that is longer is a quote or a bracket without its fellow.
const LONGEST_FLOW: usize = 64 * 1024;

/// A mapping in block style that is open.
struct Frame<'a> {
    /// The column of its keys.
    column: usize,
    /// The key whose value it is.
    owner: &'a str,
    /// Its latest key without a value on its line.
    latest: &'a str,
    pair: Pair<'a>,
}

struct Reader<'r, 'a> {
    judge: &'r mut Judge<'a>,
    text: &'a str,
    bytes: &'a [u8],
    lines: Lines<'a>,
    frames: Vec<Frame<'a>>,
    /// Whether this document is a Kubernetes Secret, whose `data` is in base64.
    secret: bool,
}

pub(super) fn read(judge: &mut Judge<'_>, range: Range<usize>) {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let lines = Lines::new(text, range.clone());
    let mut reader = Reader { judge, text, bytes, lines, frames: Vec::new(), secret: false };
    let inner = &bytes[range.start..];
    let special = memchr::memmem::find(inner, b"Secret").is_some()
        || memchr::memmem::find(inner, b"\nsops:").is_some();
    if special {
        reader.open_document(range.start);
    }
    while let Some(line) = reader.lines.next() {
        let content = &bytes[line.clone()];
        if content.starts_with(b"---") {
            reader.frames.clear();
            if special {
                reader.open_document(line.end);
            }
        } else {
            reader.line(line);
        }
    }
}

impl<'a> Reader<'_, 'a> {
    /// Looks ahead for what the whole document is. One that SOPS has encrypted is left out.
    fn open_document(&mut self, start: usize) {
        let rest = &self.bytes[start..];
        let end = memchr::memmem::find(rest, b"\n---").unwrap_or(rest.len());
        let document = &self.text[start..start + end];
        self.secret = document.lines().any(|it| {
            let rest = it.trim_start_matches([' ', '-']).strip_prefix("kind:");
            rest.is_some_and(|it| it.trim().trim_matches(['"', '\'']) == "Secret")
        });
        if document.lines().any(|it| it.starts_with("sops:")) {
            self.lines.go_to(start + end + 1);
        }
    }

    fn line(&mut self, line: Range<usize>) {
        let bytes = self.bytes;
        let mut start = skip_blanks(&bytes[..line.end], line.start);
        let mut dash = false;
        loop {
            match bytes[start..line.end] {
                // Nothing, or a statement of a template's language.
                [] | [b'{', b'{' | b'%', ..] => return,
                [b'#', ..] => return self.judge.comment(start..line.end),
                [b'-'] => {
                    self.close(start - line.start + 1);
                    return;
                }
                [b'-', b' ' | b'\t', ..] => {
                    // An item: what it holds is a mapping of its own.
                    self.close(start - line.start + 1);
                    dash = true;
                    start = skip_blanks(&bytes[..line.end], start + 1);
                }
                [b'{' | b'[', ..] => {
                    let owner = self.frames.last().map_or("", |it| it.latest);
                    return self.flow(start, start - line.start, &line, owner);
                }
                _ => break,
            }
        }
        let column = start - line.start;
        match self.key(start, line.end) {
            Some((key, sign)) => {
                self.open(column);
                self.value(key, column, sign + 1, &line);
            }
            None if dash => self.scalar_item(column, start, &line),
            None => self.judge.pairs(start..line.end),
        }
    }

    /// Closes the mappings to the right of a column.
    fn close(&mut self, column: usize) {
        while self.frames.last().is_some_and(|it| it.column >= column) {
            self.frames.pop();
        }
    }

    /// Makes the mapping whose keys stand in a column the current one.
    fn open(&mut self, column: usize) {
        self.close(column + 1);
        if self.frames.last().is_some_and(|it| it.column == column) {
            return;
        }
        let owner = self.frames.last().map_or("", |it| it.latest);
        self.frames.push(Frame { column, owner, latest: "", pair: Pair::default() });
    }

    /// The key at `start`, and where its colon is.
    fn key(&self, start: usize, end: usize) -> Option<(&'a str, usize)> {
        let bytes = &self.bytes[..end];
        let ends = |at: usize| bytes.get(at + 1).is_none_or(|it| matches!(it, b' ' | b'\t'));
        if matches!(bytes[start], b'"' | b'\'') {
            let (content, next) = lines::quoted(bytes, start, end)?;
            let sign = skip_blanks(bytes, next);
            return (bytes.get(sign) == Some(&b':') && ends(sign))
                .then(|| (&self.text[content], sign));
        }
        let sign = memchr::memchr_iter(b':', &bytes[start..]).find(|it| ends(start + it))?;
        let key = self.text[start..start + sign].trim_end();
        (!key.contains(" #")).then_some((key, start + sign))
    }

    /// Reads the value of a key that stands at `at` or below.
    fn value(&mut self, key: &'a str, column: usize, at: usize, line: &Range<usize>) {
        let bytes = &self.bytes[..line.end];
        let (at, opaque, encoded) = self.properties(at, line.end);
        let Some(frame) = self.frames.last_mut() else { return };
        frame.latest = key;
        let owner = frame.owner;
        let base64 = encoded || self.secret && owner == "data";
        let (value, form) = match bytes.get(at) {
            None | Some(b'#' | b'*') => return,
            Some(b'|' | b'>') if is_block_header(&bytes[at..]) => {
                let block = self.block(column);
                if opaque {
                    return;
                }
                let block = trim(self.bytes, block);
                if base64 {
                    (block, Form::Base64)
                } else if memchr::memchr(b'\n', &self.bytes[block.clone()]).is_none() {
                    (block, Form::Quoted)
                } else {
                    let kind = kind_of_block(key, &self.text[block.clone()]);
                    return self.judge.nested(block, kind);
                }
            }
            Some(b'{' | b'[') => return self.flow(at, column, line, key),
            Some(b'"' | b'\'') => self.quoted(at, column, line),
            Some(_) => self.plain(at, line.end),
        };
        if opaque {
            return;
        }
        if is_command(key) {
            return self.judge.nested(value, DocumentKind::Shell);
        }
        let form = if base64 { Form::Base64 } else { form };
        let entry = Entry { parent: owner, key, value, form };
        let pair = self.frames.last_mut().and_then(|it| it.pair.complete(self.text, &entry));
        if let Some(pair) = pair {
            self.judge.entry(pair);
        }
        self.judge.entry(entry);
    }

    fn scalar_item(&mut self, column: usize, start: usize, line: &Range<usize>) {
        let (at, opaque, _) = self.properties(start, line.end);
        let (value, form) = match self.bytes[..line.end].get(at) {
            None | Some(b'#' | b'*') => return,
            Some(b'|' | b'>') if is_block_header(&self.bytes[at..line.end]) => {
                // The content of an item's block stands to the right of its dash.
                let block = self.block(column.saturating_sub(2));
                let block = trim(self.bytes, block);
                if !opaque {
                    let kind = kind_of_block("script", &self.text[block.clone()]);
                    self.judge.nested(block, kind);
                }
                return;
            }
            Some(b'{' | b'[') => return self.flow(at, column, line, ""),
            Some(b'"' | b'\'') => self.quoted(at, column.saturating_sub(2), line),
            Some(_) => self.plain(at, line.end),
        };
        let owner = self.frames.last().map_or("", |it| it.latest);
        if opaque {
        } else if is_command(owner) {
            self.judge.nested(value, DocumentKind::Shell);
        } else {
            self.judge.item(owner, value, form);
        }
    }

    /// Skips anchors and tags. A tag says that the value is made elsewhere (`!vault`, `!Ref`), unless it is one of
    /// YAML's own types.
    fn properties(&self, at: usize, end: usize) -> (usize, bool, bool) {
        let bytes = &self.bytes[..end];
        let (mut at, mut opaque, mut encoded) = (skip_blanks(bytes, at), false, false);
        while let Some(b'&' | b'!') = bytes.get(at) {
            let length = bytes[at..].iter().take_while(|it| !it.is_ascii_whitespace()).count();
            let word = &bytes[at..at + length];
            encoded |= word == b"!!binary";
            opaque |= word[0] == b'!' && !word.starts_with(b"!!") && word.len() > 1;
            at = skip_blanks(bytes, at + length);
        }
        (at, opaque, encoded)
    }

    /// The quoted scalar at `at`, which may span lines that stand to the right of a column.
    fn quoted(&mut self, at: usize, column: usize, line: &Range<usize>) -> (Range<usize>, Form) {
        if let Some((content, _)) = lines::quoted(self.bytes, at, line.end) {
            return (content, Form::Quoted);
        }
        let block = self.peek_block(column, LONGEST_FLOW);
        match lines::quoted(self.bytes, at, block.end) {
            Some((content, next)) => {
                self.lines.skip_line_of(next);
                (content, Form::Quoted)
            }
            None => self.plain(at, line.end),
        }
    }

    fn plain(&self, at: usize, end: usize) -> (Range<usize>, Form) {
        let rest = &self.bytes[at..end];
        let comment = memchr::memmem::find(rest, b" #").unwrap_or(rest.len());
        (trim(self.bytes, at..at + comment), Form::Bare)
    }

    /// Reads the mapping or the list in brackets at `at`, which may span lines that stand to the right of a column or
    /// begin with what closes it.
    fn flow(&mut self, at: usize, column: usize, line: &Range<usize>, owner: &'a str) {
        if self.bytes[at..].starts_with(b"{{") || self.bytes[at..].starts_with(b"{%") {
            return;
        }
        if flow::read(self.judge, at..line.end, flow::YAML, owner, self.secret).is_some() {
            return;
        }
        let mut end = self.peek_block(column, LONGEST_FLOW).end;
        let closing = skip_blanks(self.bytes, (end + 1).min(self.bytes.len()));
        if matches!(self.bytes.get(closing), Some(b'}' | b']')) {
            end = closing + 1;
        }
        if end > line.end
            && let Some(next) = flow::read(self.judge, at..end, flow::YAML, owner, self.secret)
        {
            self.lines.skip_line_of(next);
        }
    }

    /// Takes the lines below that stand to the right of a column.
    fn block(&mut self, column: usize) -> Range<usize> {
        let block = self.peek_block(column, usize::MAX);
        if block.end > block.start {
            self.lines.skip_line_of(block.end);
        }
        block
    }

    /// The lines below that stand to the right of a column, as far as a limit.
    fn peek_block(&self, column: usize, longest: usize) -> Range<usize> {
        let start = self.lines.next_start().min(self.bytes.len());
        let limit = self.bytes.len().min(start.saturating_add(longest));
        let mut end = start;
        for line in Lines::new(self.text, start..self.bytes.len()) {
            let content = skip_blanks(&self.bytes[..line.end], line.start);
            let blank = content == line.end;
            if line.start > limit || !blank && content - line.start <= column {
                break;
            }
            if !blank {
                end = line.end;
            }
        }
        start..end
    }
}

/// `|`, `>-`, `|2+  # comment`.
fn is_block_header(bytes: &[u8]) -> bool {
    let mut rest = bytes[1..].iter().skip_while(|it| matches!(it, b'-' | b'+' | b'1'..=b'9'));
    rest.find(|it| !matches!(it, b' ' | b'\t')).is_none_or(|it| *it == b'#')
}

/// Whether a key holds commands for a shell.
fn is_command(key: &str) -> bool {
    // Asked of every key: the last letter tells nearly all apart.
    matches!(key.as_bytes().last(), Some(b'a' | b'd' | b'n' | b's' | b't'))
        && (key == "run"
            || ["script", "command", "commands", "user_data", "UserData"]
                .iter()
                .any(|it| key.ends_with(it)))
}

/// What a block of text is, by its key and its beginning.
fn kind_of_block(key: &str, text: &str) -> DocumentKind {
    let ends = |endings: &[&str]| endings.iter().any(|it| key.ends_with(it));
    if is_command(key) || ends(&[".sh"]) || text.starts_with("#!") {
        DocumentKind::Shell
    } else if text.starts_with(['{', '[']) && !text.starts_with("{{") && !text.contains("]\n") {
        DocumentKind::Json
    } else if ends(&[".yaml", ".yml"]) {
        DocumentKind::Yaml
    } else if ends(&[".toml"]) {
        DocumentKind::Toml
    } else if ends(&[".env"]) {
        DocumentKind::Env
    } else if ends(&[".properties"]) {
        DocumentKind::Properties
    } else {
        DocumentKind::Ini
    }
}
