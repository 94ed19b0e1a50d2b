//! Decides what the entries of a document are; knows keys and values, and no syntax.

use std::ops::Range;

use super::{DocumentKind, lines, read};
use crate::decode::base64;
use crate::formats::contains_ignoring_case;
use crate::names::{NameClass, ends_with, name_class};
use crate::scan::{Outcome, outcomes, scan};
use crate::values::{Pairs, is_expression, is_opaque, judge_named, judge_pairs, promised_by_items};
use crate::{Confidence, Place, Secret, overlap};

/// Longer lines are data or minified code.
const LONGEST_LINE: usize = 64 * 1024;
/// How deep texts may lie within texts: JSON in a block of a YAML file in a heredoc.
const DEEPEST: u32 = 3;
/// Encoded values that are longer are files.
const LONGEST_ENCODED: usize = 16 * 1024;
/// A longer text is a page of a manual, not a connection string.
const LONGEST_TEXT: usize = 1000;

/// `-----BEGIN ` in base64.
const ENCODED_PEM: &str = "LS0tLS1CRUdJTi";

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Without quotes: it may be code, a number, a reference.
    Bare,
    /// In quotes, or in a block that is text for certain.
    Quoted,
    /// In base64, with what it stands for within.
    Base64,
}

/// A value, and what it is called.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    /// The key that the mapping around the entry belongs to; empty where there is none.
    pub(super) parent: &'a str,
    /// As written, without quotes.
    pub(super) key: &'a str,
    /// Where the value stands in the whole text, without its quotes.
    pub(super) value: Range<usize>,
    pub(super) form: Form,
}

/// Takes entries of one text and keeps what is secret.
pub(super) struct Judge<'a> {
    pub(super) text: &'a str,
    /// What needs no name, in the order of the text; the fabricated samples too.
    recognised: Vec<Outcome>,
    found: Vec<Secret>,
    long_lines: Vec<Range<usize>>,
    depth: u32,
}

impl<'a> Judge<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            recognised: outcomes(text.as_bytes(), &Place::Unbound),
            found: Vec::new(),
            long_lines: long_lines(text.as_bytes()),
            depth: 0,
        }
    }

    /// Whether there is anything to be read.
    pub(super) fn has_short_lines(&self) -> bool {
        self.long_lines.iter().map(ExactSizeIterator::len).sum::<usize>() < self.text.len()
    }

    /// The secrets in the order of their spans.
    pub(super) fn finish(self) -> Vec<Secret> {
        let mut found = self.found;
        found.extend(self.recognised.into_iter().filter(|it| it.accepted).map(|it| it.secret));
        // Of two that begin together the longer one stays, as a text holds the pairs in it.
        found.sort_by_key(|it| (it.span.start, usize::MAX - it.span.end));
        let mut end = 0;
        found.retain(|it| {
            let apart = it.span.start >= end;
            if apart {
                end = it.span.end;
            }
            apart
        });
        found
    }

    pub(super) fn entry(&mut self, entry: Entry<'_>) {
        if entry.value.is_empty() || is_encrypted(entry.parent) {
            return;
        }
        let class = promise(entry.parent, entry.key);
        let value = &self.text[entry.value.clone()];
        if entry.form == Form::Base64 || value.starts_with(ENCODED_PEM) {
            self.encoded(class, entry);
        } else if matches!(entry.key, "auth" | "_auth") && decode_text(value).is_some() {
            self.login(&entry);
        } else if class.is_none_or(|class| !self.named(class, &entry)) {
            if let Some(class) = class.filter(|_| value.starts_with('{')) {
                self.members(class, &entry);
            }
            self.pairs(entry.value);
        }
    }

    /// The opaque strings of an object under a name that promises a secret: `"apiToken": "{\"sig\": \"…\"}"`.
    fn members(&mut self, class: NameClass, entry: &Entry<'_>) {
        let text = &self.text[entry.value.clone()];
        let mut start = 0;
        for part in text.split(['"', '\'']) {
            let span = entry.value.start + start..entry.value.start + start + part.len();
            start += part.len() + 1;
            let value = part.trim_end_matches('\\');
            if !is_opaque(value) || value.contains([' ', ':', ',']) {
                continue;
            }
            let span = span.start..span.start + value.len();
            if let Some(secret) = judge_value(class, entry.key, true, value, span) {
                self.keep(secret);
            }
        }
    }

    /// Judges a value by its key's class; says whether it is a secret.
    fn named(&mut self, class: NameClass, entry: &Entry<'_>) -> bool {
        let mut span = entry.value.clone();
        if self.is_recognised(&span) {
            return false;
        }
        let mut form = entry.form;
        if let Some(default) = default_of_expansion(&self.text[span.clone()]) {
            span = span.start + default.start..span.start + default.end;
            form = Form::Quoted;
        }
        let value = &self.text[span.clone()];
        let secret = judge_value(class, entry.key, form == Form::Quoted, value, span);
        let found = secret.is_some();
        self.found.extend(secret);
        found
    }

    /// Judges what a value in base64 stands for; the span is that of the encoded text.
    fn encoded(&mut self, class: Option<NameClass>, entry: Entry<'_>) {
        let written = &self.text[entry.value.clone()];
        if written.len() > LONGEST_ENCODED || self.is_recognised(&entry.value) {
            return;
        }
        let Some(decoded) = decode_text(written) else {
            if entry.form == Form::Quoted {
                self.pairs(entry.value);
            } else {
                self.entry(Entry { form: Form::Quoted, ..entry });
            }
            return;
        };
        let decoded = decoded.trim();
        let secret = scan(decoded.as_bytes())
            .into_iter()
            .next()
            .or_else(|| judge_value(class?, entry.key, true, decoded, 0..decoded.len()))
            .or_else(|| judge_pairs(decoded, Pairs::InText).into_iter().next());
        self.found.extend(secret.map(|it| Secret { span: entry.value, ..it }));
    }

    /// `name:password` in base64, as Docker and npm keep it.
    fn login(&mut self, entry: &Entry<'_>) {
        let decoded = decode_text(&self.text[entry.value.clone()]);
        if let Some((user, password)) = decoded.as_deref().and_then(|it| it.split_once(':'))
            && !self.is_recognised(&entry.value)
        {
            let class = NameClass::Password;
            self.found.extend(judge_value(class, user, true, password, entry.value.clone()));
        }
    }

    /// A text without a telling key: a connection string, a command, JSON.
    pub(super) fn pairs(&mut self, range: Range<usize>) {
        // What Codecov and its like are given encrypted; and prose that somebody was taught by.
        if self.text[range.clone()].starts_with("secret:") || range.len() > LONGEST_TEXT {
            return;
        }
        for mut secret in judge_pairs(&self.text[range.clone()], Pairs::InText) {
            secret.span = range.start + secret.span.start..range.start + secret.span.end;
            self.keep(secret);
        }
    }

    /// A comment: an entry that is commented out, where the value is no mere word.
    pub(super) fn comment(&mut self, range: Range<usize>) {
        let Some(entry) = lines::commented_entry(self.text, range) else { return };
        let Some(class) = promise("", entry.key) else { return };
        let value = &self.text[entry.value.clone()];
        if self.is_recognised(&entry.value) {
            return;
        }
        let word = value.bytes().all(|it| it.is_ascii_alphabetic());
        let quoted = entry.form == Form::Quoted;
        let secret = judge_value(class, entry.key, quoted, value, entry.value);
        self.found.extend(secret.map(|it| Secret {
            confidence: if word { Confidence::Low } else { it.confidence },
            ..it
        }));
    }

    /// An item of the list `owner`: `NAME=value`, `--name=value`, a command, one of several tokens.
    pub(super) fn item(&mut self, owner: &str, range: Range<usize>, form: Form) {
        let value = &self.text[range.clone()];
        let assignment = lines::assignment(self.text, range.clone());
        if let Some((key, value)) = assignment.filter(|(key, _)| promise("", key).is_some()) {
            self.entry(Entry { parent: "", key, value, form });
        } else if let Some((class, singular)) =
            promised_by_items(owner).filter(|_| is_opaque(value))
        {
            if let Some(secret) = judge_value(class, singular, form == Form::Quoted, value, range) {
                self.keep(secret);
            }
        } else {
            self.pairs(range);
        }
    }

    /// A text that is a document of its own.
    pub(super) fn nested(&mut self, range: Range<usize>, kind: DocumentKind) {
        if self.depth < DEEPEST {
            self.depth += 1;
            read(self, range, kind);
            self.depth -= 1;
        }
    }

    pub(super) fn keep(&mut self, secret: Secret) {
        if !self.is_recognised(&secret.span) {
            self.found.push(secret);
        }
    }

    /// Whether a stretch overlaps what needs no name, or lies on a line that is too long.
    fn is_recognised(&self, span: &Range<usize>) -> bool {
        let next = self.recognised.partition_point(|it| it.secret.span.end <= span.start);
        self.recognised.get(next).is_some_and(|it| overlap(&it.secret.span, span))
            || self.long_lines.iter().any(|it| overlap(it, span))
    }
}

/// Judges one entry: the last part of `key` is its name, the part before it the parent's.
pub(crate) fn judge_entry(key: &str, quoted: bool, value: &str) -> Option<Secret> {
    let (parent, name) = split_path(key);
    judge_value(promise(parent, name)?, name, quoted, value, 0..value.len())
}

/// The last two parts of a path of keys: `datasource` and `password` of `spring.datasource.password`.
pub(super) fn split_path(path: &str) -> (&str, &str) {
    match path.rsplit_once('.') {
        Some((before, name)) => (before.rsplit('.').next().unwrap_or(before), name),
        None => ("", path),
    }
}

fn judge_value(
    class: NameClass,
    key: &str,
    quoted: bool,
    value: &str,
    span: Range<usize>,
) -> Option<Secret> {
    let constant = ["true", "false", "null", "none", "undefined"];
    if !quoted && is_expression(value)
        || is_encrypted_value(value)
        || constant.iter().any(|it| it.eq_ignore_ascii_case(value))
    {
        return None;
    }
    judge_named(class, key, value, span)
}

/// What a key promises, together with its parent where the key alone says little: `password.value`, `api.key`.
fn promise(parent: &str, key: &str) -> Option<NameClass> {
    const VAGUE: &[&str] = &["default", "key", "plain", "raw", "value"];
    if let Some(class) = name_class(key) {
        return (!names_a_resource(key) && !is_transformed(key)).then_some(class);
    }
    let vague = VAGUE.iter().any(|it| it.eq_ignore_ascii_case(key));
    if !vague || parent.is_empty() || parent.len() > 64 || names_a_resource(parent) {
        return None;
    }
    // `secret.key` says which of a secret's keys is meant.
    let selects = key.eq_ignore_ascii_case("key") && ends_with(parent, "secret");
    if selects { None } else { name_class(&format!("{parent}_{key}")) }
}

/// Keys that hold the name of a cluster's Secret.
fn names_a_resource(key: &str) -> bool {
    ["existingSecret", "existing_secret", "pullSecret", "tlsSecret", "SecretRef", "fromSecret"]
        .iter()
        .any(|it| ends_with(key, it))
}

/// Keys that hold what was made of a secret: `hashed_token`, `SHA256_PASSWORD`.
fn is_transformed(key: &str) -> bool {
    ["hashed", "encrypted", "sha256"]
        .iter()
        .any(|it| contains_ignoring_case(key.as_bytes(), it.as_bytes()))
}

/// A mapping whose values are made for a key that is elsewhere: a `SealedSecret`'s.
fn is_encrypted(parent: &str) -> bool {
    matches!(parent, "encryptedData" | "encrypted" | "secure")
}

/// Jasypt, Spring Cloud Config, Ansible, hiera-eyaml.
fn is_encrypted_value(value: &str) -> bool {
    ["ENC(", "ENC[", "{cipher}", "$ANSIBLE_VAULT", "DEC("].iter().any(|it| value.starts_with(it))
}

/// The text that base64 stands for, where it is one.
fn decode_text(encoded: &str) -> Option<String> {
    if encoded.len() > LONGEST_ENCODED {
        return None;
    }
    let compact: String = encoded.split_ascii_whitespace().collect();
    let decoded = String::from_utf8(base64(compact.as_bytes())?).ok()?;
    (!decoded.chars().any(|it| it.is_control() && !it.is_whitespace())).then_some(decoded)
}

/// The literal in `${NAME:-literal}`, where the expansion is all there is.
fn default_of_expansion(value: &str) -> Option<Range<usize>> {
    let inner = value.strip_prefix("${")?.strip_suffix('}')?;
    let name = inner.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    let sign = [":-", ":=", "-", "="].iter().find(|it| inner[name..].starts_with(**it))?;
    let start = 2 + name + sign.len();
    let literal = &value[start..value.len() - 1];
    (name > 0 && !literal.is_empty() && !literal.contains('$'))
        .then_some(start..start + literal.len())
}

/// The lines that only the pass over raw bytes looks at.
fn long_lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut long = Vec::new();
    if bytes.len() <= LONGEST_LINE {
        return long;
    }
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain(Some(bytes.len())) {
        if end - start > LONGEST_LINE {
            long.push(start..end);
        }
        start = end + 1;
    }
    long
}
