//! Credentials among the words of a command line: `--password x`, `curl -u name:x`, `mysql -px`, `sshpass -p x`.
//! Knows which commands take a credential in which option, and nothing of shells beyond words and quotes.

use std::ops::Range;

use super::super::judge_named;
use crate::Secret;
use crate::names::{NameClass, name_class};

/// How a command takes a credential.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `-u name:password` in the next word or in the same one.
    Pair,
    /// The password in the next word or in the same one.
    Password,
    /// The password in the same word only; the next one is something else.
    PasswordAttached,
}

/// Command, option, and how it takes the credential.
const OPTIONS: &[(&str, &str, Takes)] = &[
    ("curl", "-u", Takes::Pair),
    ("curl", "--user", Takes::Pair),
    ("curl", "-U", Takes::Pair),
    ("curl", "--proxy-user", Takes::Pair),
    ("http", "-a", Takes::Pair),
    ("mariadb", "-p", Takes::PasswordAttached),
    ("mysql", "-p", Takes::PasswordAttached),
    ("mysqladmin", "-p", Takes::PasswordAttached),
    ("mysqldump", "-p", Takes::PasswordAttached),
    ("sshpass", "-p", Takes::Password),
    ("redis-cli", "-a", Takes::Password),
    ("redis-server", "--requirepass", Takes::Password),
    ("redis-server", "--masterauth", Takes::Password),
    ("login", "-p", Takes::Password),
    ("ldapsearch", "-w", Takes::Password),
    ("smbclient", "-U", Takes::PasswordAttached),
];

/// A word of a command line without its quotes.
struct Word {
    content: Range<usize>,
    /// Where the next word may begin.
    end: usize,
    /// Nothing in it is filled in by a shell.
    literal: bool,
}

/// Judges the commands in a part of `text`, each of which is one line, and hands over what is a secret.
pub(crate) fn judge_commands(text: &str, range: Range<usize>, found: &mut impl FnMut(Secret)) {
    let bytes = &text.as_bytes()[..range.end];
    let mut read = range.start;
    // Most texts have no option, and of those that have few take a credential.
    for dash in memchr::memchr_iter(b'-', &bytes[range.clone()]) {
        let dash = range.start + dash;
        if dash > read && bytes[dash - 1] == b' ' && may_take(&bytes[dash..]) {
            let before = &bytes[range.start..dash];
            let start =
                memchr::memrchr(b'\n', before).map_or(range.start, |it| range.start + it + 1);
            let end = memchr::memchr(b'\n', &bytes[dash..]).map_or(range.end, |it| dash + it);
            judge_line(text, start.max(read)..end, found);
            read = end;
        }
    }
}

/// Whether an option may take a credential, by its letter or by what its name promises.
fn may_take(option: &[u8]) -> bool {
    if option.get(1) != Some(&b'-') {
        return OPTIONS.iter().any(|it| option.starts_with(it.1.as_bytes()));
    }
    let part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
    let length = option.iter().take(64).take_while(|it| part(it)).count();
    let name = &option[..length];
    OPTIONS.iter().any(|it| it.1.as_bytes() == name)
        || option.get(length) == Some(&b' ')
            && std::str::from_utf8(&name[2..]).is_ok_and(|it| name_class(it).is_some())
}

/// Judges the words of the one line `line` of `text`.
fn judge_line(text: &str, line: Range<usize>, found: &mut impl FnMut(Secret)) {
    let bytes = &text.as_bytes()[..line.end];
    let mut command = "";
    let mut option: Option<&str> = None;
    let mut at = line.start;
    while let Some(word) = next_word(bytes, at) {
        at = word.end;
        let content = &text[word.content.clone()];
        if let Some(name) = option.take()
            && !content.starts_with('-')
        {
            if word.literal {
                judge_option(command, name, content, word.content.start, found);
            }
            continue;
        }
        if content.starts_with('-') {
            let short = content.get(..2).filter(|it| content.len() > 2 && !it.ends_with('-'));
            let attached = short.and_then(|it| takes(command, it));
            if let (Some(_), Some(short), true) = (attached, short, word.literal) {
                judge_option(command, short, &content[2..], word.content.start + 2, found);
            } else if takes(command, content) != Some(Takes::PasswordAttached) {
                option = Some(content);
            }
        } else {
            let name = content.rsplit('/').next().unwrap_or(content);
            if OPTIONS.iter().any(|it| it.0 == name) {
                command = &text[word.content.end - name.len()..word.content.end];
            }
        }
        // What follows is another command, which its own first word names.
        if matches!(bytes.get(at), Some(b';' | b'|' | b'&')) {
            command = "";
        }
    }
}

fn takes(command: &str, option: &str) -> Option<Takes> {
    OPTIONS.iter().find(|it| it.0 == command && it.1 == option).map(|it| it.2)
}

/// Judges the value of an option that takes a credential by its command or promises one by its name.
fn judge_option(
    command: &str,
    option: &str,
    value: &str,
    start: usize,
    found: &mut impl FnMut(Secret),
) {
    let judged = match takes(command, option) {
        Some(Takes::Pair) => value.split_once(':').and_then(|(user, password)| {
            let start = start + user.len() + 1;
            // A password that repeats the user is rejected as one that repeats its name.
            judge_named(NameClass::Password, user, password, start..start + password.len())
        }),
        Some(_) => judge_named(NameClass::Password, "password", value, start..start + value.len()),
        None => option.strip_prefix("--").and_then(|name| {
            judge_named(name_class(name)?, name, value, start..start + value.len())
        }),
    };
    if let Some(secret) = judged {
        found(secret);
    }
}

/// The word at or after `at`. Quotes may be escaped, as the text may be the source of a literal.
fn next_word(bytes: &[u8], at: usize) -> Option<Word> {
    let mut start = at;
    while bytes.get(start).is_some_and(|it| it.is_ascii_whitespace() || b";|&()`".contains(it)) {
        start += 1;
    }
    let first = *bytes.get(start)?;
    let escaped = first == b'\\' && matches!(bytes.get(start + 1), Some(b'"' | b'\''));
    let open = start + usize::from(escaped);
    let quote = bytes[open];
    if matches!(quote, b'"' | b'\'')
        && let Some(length) = memchr::memchr(quote, &bytes[open + 1..])
    {
        let close = open + 1 + length;
        let content = open + 1..close - usize::from(escaped && bytes[close - 1] == b'\\');
        let literal = quote == b'\'' || is_literal(&bytes[content.clone()]);
        return Some(Word { content, end: close + 1, literal });
    }
    let length = bytes[start..]
        .iter()
        .position(|it| it.is_ascii_whitespace() || b";|&()`\"'".contains(it))
        .unwrap_or(bytes.len() - start);
    // A quote that is never closed would be a word without length.
    let end = (start + length).max(start + 1);
    let literal = !matches!(quote, b'"' | b'\'') && is_literal(&bytes[start..end]);
    // Words glued together (`a"b"`) are filled in or built: only the part before the quote is looked at.
    let glued = matches!(bytes.get(end), Some(b'"' | b'\'' | b'`' | b'('));
    Some(Word { content: start..end, end, literal: literal && !glued })
}

fn is_literal(bytes: &[u8]) -> bool {
    memchr::memchr3(b'$', b'`', b'<', bytes).is_none()
}
