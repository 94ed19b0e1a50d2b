//! Mappings and lists in brackets: JSON with comments, the flow style of YAML, the inline tables of TOML. Knows
//! nothing of the lines around them, and goes on where a strict reader would give up.

use std::ops::Range;

use super::judge::{Entry, Form, Judge};
use super::lines::{self, skip_blanks};

/// Deeper nesting is data.
const DEEPEST: usize = 128;

/// How the syntaxes differ.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    /// Between a key and its value.
    sign: u8,
    /// Whether texts need no quotes.
    bare_texts: bool,
    /// Whether `//` and `/*` begin comments.
    slashes: bool,
}

const JSON: Dialect = Dialect { sign: b':', bare_texts: false, slashes: true };
pub(super) const YAML: Dialect = Dialect { sign: b':', bare_texts: true, slashes: false };
pub(super) const TOML: Dialect = Dialect { sign: b'=', bare_texts: false, slashes: false };

/// A name and a value that stand beside each other: `{"name": "API_KEY", "value": "…"}`.
#[derive(Default)]
pub(super) struct Pair<'a> {
    name: Option<&'a str>,
    value: Option<(Range<usize>, Form)>,
}

impl<'a> Pair<'a> {
    /// Takes one entry of a mapping; gives the pair when both its halves are there.
    pub(super) fn complete(&mut self, text: &'a str, entry: &Entry<'a>) -> Option<Entry<'a>> {
        match entry.key {
            "name" | "Name" | "key" | "Key" | "ParameterKey" | "OptionName" => {
                self.name = Some(&text[entry.value.clone()]);
            }
            "value" | "Value" | "ParameterValue" => {
                self.value = Some((entry.value.clone(), entry.form));
            }
            _ => return None,
        }
        let key = self.name?;
        let (value, form) = self.value.clone()?;
        *self = Self::default();
        Some(Entry { parent: "", key, value, form })
    }
}

/// A mapping or a list that is open.
#[derive(Default)]
struct Frame<'a> {
    /// The key whose value it is.
    owner: &'a str,
    /// The key whose value comes next.
    key: Option<&'a str>,
    pair: Pair<'a>,
    list: bool,
}

pub(super) fn read_json(judge: &mut Judge<'_>, range: Range<usize>) {
    let bytes = &judge.text.as_bytes()[range.clone()];
    let manifest = memchr::memmem::find(bytes, b"\"Secret\"").is_some_and(|it| {
        bytes[..it].trim_ascii_end().strip_suffix(b":").is_some_and(|it| it.ends_with(b"\"kind\""))
    });
    let mut at = range.start;
    while let Some(next) = read(judge, at..range.end, JSON, "", manifest) {
        at = next;
    }
}

/// Reads what opens at the beginning of the range up to where it closes, and says where that is; `None` where the
/// range ends first. `secret_data` says that the values under a key `data` are in base64.
pub(super) fn read<'a>(
    judge: &mut Judge<'a>,
    range: Range<usize>,
    dialect: Dialect,
    owner: &'a str,
    secret_data: bool,
) -> Option<usize> {
    let text = judge.text;
    let bytes = &text.as_bytes()[..range.end];
    let mut frames = vec![Frame { owner, key: Some(owner), ..Frame::default() }];
    let mut long = Long::default();
    let mut at = range.start;
    while at < bytes.len() {
        let start = at;
        let (content, form) = match bytes[at] {
            b'{' | b'[' => {
                if frames.len() > DEEPEST {
                    return None;
                }
                let owner = frames.last_mut().and_then(|it| it.key.take()).unwrap_or_default();
                let list = bytes[at] == b'[';
                frames.push(Frame { owner, list, ..Frame::default() });
                at += 1;
                continue;
            }
            b'}' | b']' => {
                frames.pop();
                at += 1;
                if frames.len() <= 1 {
                    return Some(at);
                }
                continue;
            }
            b',' => {
                if let Some(frame) = frames.last_mut() {
                    frame.key = None;
                }
                at += 1;
                continue;
            }
            b'"' | b'\'' => {
                let Some((content, next)) = string(bytes, at, dialect) else {
                    at = long.behind(bytes, at);
                    continue;
                };
                at = next;
                (content, Form::Quoted)
            }
            b'#' if !dialect.bare_texts || at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                at = comment(judge, at, bytes);
                continue;
            }
            b'/' if dialect.slashes && bytes.get(at + 1) == Some(&b'/') => {
                at = comment(judge, at, bytes);
                continue;
            }
            b'/' if dialect.slashes && bytes.get(at + 1) == Some(&b'*') => {
                at = memchr::memmem::find(&bytes[at + 2..], b"*/").map_or(at + 2, |it| at + it + 4);
                continue;
            }
            byte if is_bare(byte) => {
                at = bare_end(bytes, at, dialect);
                (lines::trim(bytes, start..at), Form::Bare)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let after = skip_space(bytes, at);
        let frame = frames.last_mut()?;
        if bytes.get(after) == Some(&dialect.sign) && !frame.list {
            frame.key = Some(&text[content]);
            at = after + 1;
            continue;
        }
        if form == Form::Bare && !dialect.bare_texts {
            frame.key = None;
            continue;
        }
        match frame.key.take() {
            Some(key) => {
                let form = if secret_data && frame.owner == "data" { Form::Base64 } else { form };
                let entry = Entry { parent: frame.owner, key, value: content, form };
                if let Some(pair) = frame.pair.complete(text, &entry) {
                    judge.entry(pair);
                }
                judge.entry(entry);
            }
            None => judge.item(frame.owner, content, form),
        }
    }
    None
}

/// Texts in quotes that are too long to be values: a document within a document.
#[derive(Default)]
struct Long {
    /// Up to where no text in double quotes closes, and none in single ones.
    open: [usize; 2],
}

impl Long {
    /// Behind the text in quotes that opens at a place; behind the quote where its line does not close it. Each line is looked
    /// through once for all that it does not close.
    fn behind(&mut self, bytes: &[u8], open: usize) -> usize {
        let until = &mut self.open[usize::from(bytes[open] == b'\'')];
        if open < *until {
            return open + 1;
        }
        let line = memchr::memchr(b'\n', &bytes[open..]).map_or(bytes.len(), |it| open + it);
        lines::end_of_quoted(&bytes[..line], open).unwrap_or_else(|| {
            *until = line;
            open + 1
        })
    }
}

/// The text in quotes at `open`, which may be TOML's triple ones.
fn string(bytes: &[u8], open: usize, dialect: Dialect) -> Option<(Range<usize>, usize)> {
    if dialect.sign == b'=' {
        return super::toml::string(bytes, open);
    }
    // What is longer is no text in quotes, and a line may be as long as its file.
    let end = bytes.len().min(open + lines::LONGEST_QUOTED);
    let line = memchr::memchr(b'\n', &bytes[open..end]).map_or(end, |it| open + it);
    lines::quoted(bytes, open, line)
}

/// Judges the comment at `at` and gives where its line ends.
fn comment(judge: &mut Judge<'_>, at: usize, bytes: &[u8]) -> usize {
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |it| at + it);
    judge.comment(at..end);
    end
}

fn is_bare(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !byte.is_ascii_control()
}

/// Where a text without quotes ends: at a bracket, a comma, the line's end, or a sign that is followed by a value.
fn bare_end(bytes: &[u8], start: usize, dialect: Dialect) -> usize {
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b',' | b'{' | b'}' | b'[' | b']' | b'\n' | b'"' => break,
            byte if byte == dialect.sign => {
                let ends = |it: &u8| !is_bare(*it) || matches!(it, b'"' | b'\'' | b'{' | b'[');
                if !dialect.bare_texts || bytes.get(at + 1).is_none_or(ends) {
                    break;
                }
            }
            b'/' if dialect.slashes => break,
            b' ' if bytes.get(at + 1) == Some(&b'#') => break,
            _ => {}
        }
        at += 1;
    }
    at.max(start + 1)
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    let mut at = skip_blanks(bytes, at);
    while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        at = skip_blanks(bytes, at + 1);
    }
    at
}
