//! See `jwt-not-verified.toml`. Knows the calls of libraries (`jwt_not_verified/jwt.toml`) and one function with its class; not what a
//! gateway in front has verified.

use std::sync::LazyLock;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Span};
use serde::Deserialize;

use crate::shared::code::arguments::value_of;
use crate::shared::code::calls::CallArgument;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls, choice};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        out.judged_if(|| row_of(file, call).is_some());
        let Some((row, flaw)) = judge(file, call) else { continue };
        if !file.pedantic() && (is_verified_elsewhere(file, call) || is_harmless(file, call)) {
            continue;
        }
        // Who hands a token over may have verified it, or got it from its issuer over TLS: the code around seldom tells. Tokens that
        // nobody has signed are for nobody.
        let level = if flaw == Flaw::NoneAllowed { Severity::Warning } else { Severity::Info };
        let report = Report::at(calls::span(call)).message(flaw.message(row)).severity(level);
        out.report(report);
    }
}

/// What is wrong with reading a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flaw {
    /// The signature is not verified.
    Unverified,
    /// A token may do without.
    NoneAllowed,
    /// The token says which algorithm its signature is of.
    AnyAlgorithm,
}

impl Flaw {
    fn message(self, row: &Row) -> String {
        let name = last_part(&row.names[0]);
        match self {
            Self::Unverified => {
                "the claims of the token are taken without verifying its signature".to_owned()
            }
            Self::NoneAllowed => {
                "the algorithm `none` takes tokens that nobody has signed".to_owned()
            }
            Self::AnyAlgorithm => {
                format!("`{name}` is given no algorithms: the token chooses how it is verified")
            }
        }
    }
}

fn judge(file: &FileContext<'_>, call: &Call) -> Option<(&'static Row, Flaw)> {
    let row = row_of(file, call)?;
    let arguments = calls::arguments(file, call);
    Some((row, row.flaw(file, call, &arguments)?))
}

fn row_of(file: &FileContext<'_>, call: &Call) -> Option<&'static Row> {
    let written = calls::written(file, call);
    let last = last_part(&written);
    if !TABLE.call.iter().any(|row| row.names.iter().any(|it| last_part(it) == last)) {
        // Another name of an import may hide it: too rare to look every call up.
        return None;
    }
    let called = file.called(call)?;
    TABLE.call.iter().find(|row| row.names.contains(&called))
}

impl Row {
    fn flaw<'a>(
        &self,
        file: &FileContext<'a>,
        call: &Call,
        arguments: &[CallArgument<'a>],
    ) -> Option<Flaw> {
        let off = self.verify.as_deref().is_some_and(|name| {
            arguments.iter().any(|it| it.keyword == Some(name) && it.value == "False")
        });
        if self.never || off {
            return Some(Flaw::Unverified);
        }
        let options = self.options.and_then(|index| value_of(arguments, index, &["options"]));
        let options = options.map(|it| expanded(file, call, it));
        if options.is_some_and(says_unverified) {
            return Some(Flaw::Unverified);
        }
        let index = self.algorithms?;
        let algorithms = value_of(arguments, index, &["algorithms"]);
        if let Some(text) = algorithms {
            return allows_none(expanded(file, call, text)).then_some(Flaw::NoneAllowed);
        }
        let open = arguments.iter().any(|it| it.value.starts_with('*'));
        (self.any_algorithm && !open).then_some(Flaw::AnyAlgorithm)
    }
}

/// What a name stands for, where the function or the module binds it to one thing.
fn expanded<'a>(file: &FileContext<'a>, call: &Call, text: &'a str) -> &'a str {
    let scope = file.outline.line_at(call.name.start).and_then(|line| line.scope);
    let mut bindings = file.values().bindings(text).iter();
    let local = bindings.find(|it| it.scope == scope).and_then(|it| it.value);
    local.or_else(|| file.values().constant(text)).map_or(text, |value| file.slice(value))
}

fn says_unverified(options: &str) -> bool {
    let text: String = options.split_whitespace().collect();
    ["\"verify_signature\":False", "'verify_signature':False", "verify_signature=False"]
        .iter()
        .any(|part| text.contains(part))
}

fn allows_none(algorithms: &str) -> bool {
    let text = algorithms.to_ascii_lowercase();
    text.contains("\"none\"") || text.contains("'none'")
}

/// Whether the same token is verified in the function, or its class verifies tokens in another method.
fn is_verified_elsewhere(file: &FileContext<'_>, call: &Call) -> bool {
    const VERIFYING: [&str; 8] = [
        "authenticate",
        "decode",
        "introspect",
        "load",
        "signing",
        "validate",
        "verified",
        "verify",
    ];
    let token = calls::arguments(file, call).first().map(|it| it.value).unwrap_or_default();
    let Some(function) = file.function_at(call.name.start) else { return false };
    let class = function.parent.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let handles = |range: Span, same: bool| {
        calls_in(file, range).any(|other| {
            if other.name == call.name || (same && !counts(file, other, call)) {
                return false;
            }
            let arguments = calls::arguments(file, other);
            if same && !arguments.iter().any(|it| it.value == token) {
                return false;
            }
            if let Some(row) = row_of(file, other) {
                return !row.never && row.flaw(file, other, &arguments).is_none();
            }
            same && says(last_part(&calls::written(file, other)), &VERIFYING)
        })
    };
    let of_class = |class: &Definition| {
        let mut methods = file.outline.definitions.iter().filter(|it| {
            it.is_function() && class.span.contains(it.span.start) && it.span != function.span
        });
        methods.any(|it| says(file.slice(it.name), &["verified", "verify"]))
            || handles(class.span, false)
    };
    handles(function.span, true) || class.is_some_and(of_class)
}

fn says(name: &str, verbs: &[&str]) -> bool {
    words(name).iter().any(|word| verbs.contains(&word.as_str()))
}

/// Whether the verification by one call vouches for what another reads: one before it does, unless that is what is done
/// when it has failed.
fn counts(file: &FileContext<'_>, verifying: &Call, reading: &Call) -> bool {
    if verifying.name.start > reading.name.start {
        return true;
    }
    let mut headers = blocks::headers_around(file, reading.name.start)
        .take_while(|line| line.span.start > verifying.name.start);
    let Some(failed) = headers.find(|line| match line.keyword {
        Keyword::Except => true,
        Keyword::If | Keyword::Elif => file.slice(line.span).contains("not "),
        _ => false,
    }) else {
        return true;
    };
    // To tell of a forged token is no trust in it.
    let block = blocks::block_of(file, failed);
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start <= failed.span.start);
    let indent = lines.get(first).map_or(0, |line| line.indent);
    let mut inside = lines[first..].iter().take_while(|line| block.contains(line.span.start));
    inside.any(|line| {
        let text = file.slice(line.span);
        line.indent == indent
            && (line.keyword == Keyword::Raise
                || matches!(text, "return" | "return False" | "return None"))
    })
}

fn calls_in<'o>(file: &FileContext<'o>, range: Span) -> impl Iterator<Item = &'o Call> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < range.start);
    calls[first..].iter().take_while(move |call| call.name.start < range.end)
}

/// Whether nobody is believed: the result is called unverified, only what chooses a key is read, or the token is one's own.
fn is_harmless(file: &FileContext<'_>, call: &Call) -> bool {
    let offset = call.name.start;
    let start = file.outline.line_at(offset).map_or(offset, |line| line.span.start);
    let target = file.slice(Span::new(start, offset.max(start))).to_ascii_lowercase();
    let own = calls::arguments(file, call).first().is_some_and(|it| it.value.starts_with("self."));
    own || ["unverified", "insecure", "untrusted"].iter().any(|word| target.contains(word))
        || choice::is_chosen(file, offset)
        || file.function_at(offset).is_some_and(|it| tells_callers(file.slice(it.name)))
        || reads_only_routing(file, call)
}

/// Whether the name of a function says that it believes nobody: `unverified_claims`, `peek_subject`, `decode_without_verification`.
fn tells_callers(name: &str) -> bool {
    const WORDS: [&str; 6] = ["insecure", "peek", "unchecked", "unsafe", "untrusted", "unverified"];
    const PHRASES: [&str; 4] = ["no_verif", "not_verif", "skip_verif", "without_verif"];
    let lower = name.to_ascii_lowercase();
    name.trim_start_matches('_').starts_with("is_")
        || says(name, &WORDS)
        || PHRASES.iter().any(|it| lower.contains(it))
}

/// Claims that say which key to verify with, or how long a token of one's own is good.
const ROUTING: [&str; 12] = [
    "alg",
    "aud",
    "client_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "kid",
    "nbf",
    "tid",
    "token_use",
    "typ",
];

/// Whether the claims that are read are only such ones.
fn reads_only_routing(file: &FileContext<'_>, call: &Call) -> bool {
    let behind = &file.source.text()[call.arguments.end as usize..];
    if let Some(key) = key_behind(behind) {
        return ROUTING.contains(&key);
    }
    let Some(function) = file.function_at(call.name.start) else { return false };
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let Some((name, _)) = file.slice(line.span).split_once('=') else { return false };
    let name = name.split(':').next().unwrap_or_default().trim();
    if name.is_empty() || !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
        return false;
    }
    let rest = Span::new(line.span.end, function.span.end.max(line.span.end));
    let text = file.slice(rest);
    let mut uses = text.match_indices(name).filter(|&(at, _)| {
        let is_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        !is_word(text[..at].chars().next_back()) && !is_word(text[at + name.len()..].chars().next())
    });
    let mut any = false;
    uses.all(|(at, _)| {
        any = true;
        key_behind(&text[at + name.len()..]).is_some_and(|key| ROUTING.contains(&key))
    }) && any
}

/// The key of `["exp"]` or `.get("exp")`.
fn key_behind(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[').or_else(|| text.strip_prefix(".get("))?;
    let quote = inner.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    inner[1..].split(quote).next()
}

#[derive(Deserialize)]
struct Table {
    call: Vec<Row>,
}

/// A call that reads a token.
#[derive(Deserialize)]
struct Row {
    names: Vec<String>,
    verify: Option<String>,
    options: Option<usize>,
    algorithms: Option<usize>,
    #[serde(default)]
    any_algorithm: bool,
    #[serde(default)]
    never: bool,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("jwt_not_verified/jwt.toml")).expect("a test reads the table")
});
