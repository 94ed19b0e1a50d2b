//! See `jwt-not-verified.toml`. Knows the calls of libraries (`jwt_not_verified/jwt.toml`) and one function with its class; not what a
//! gateway in front has verified.

#[path = "jwt_not_verified/callers.rs"]
mod callers;

use std::sync::LazyLock;

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Span};
use serde::Deserialize;

use crate::shared::code::arguments::value_of;
use crate::shared::code::calls::CallArgument;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls, choice};
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in &file.outline.calls {
        out.judged_if(|| row_of(file, call).is_some());
        let Some((row, flaw)) = judge(file, call) else { continue };
        if !file.pedantic() && (is_verified_elsewhere(file, call) || is_harmless(file, call)) {
            continue;
        }
        let level = level(file, call, flaw);
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

/// Claims that say what somebody is called, and open nothing.
const CALLED: [&str; 14] = [
    "email",
    "family_name",
    "given_name",
    "locale",
    "mail",
    "middle_name",
    "name",
    "nickname",
    "picture",
    "preferred_username",
    "profile",
    "unique_name",
    "upn",
    "zoneinfo",
];

/// Whether a token comes from what a dependency of the route has verified, and only what somebody is called is read of it.
fn is_of_context(file: &FileContext<'_>, call: &Call) -> bool {
    const CONTEXTS: [&str; 6] =
        ["auth", "auth_context", "authcontext", "context", "principal", "security_context"];
    const GUARDS: [&str; 2] = ["Permissions(", "Security("];
    let Some(function) = file.function_at(call.name.start) else { return false };
    let parameters = &file.outline.signature(function).parameters;
    // A default of a parameter stands before the body.
    let end = call.arguments.end.max(function.body.start);
    let before = file.slice(Span::new(function.body.start, end));
    let of_context = parameters.iter().map(|it| file.slice(it.name)).any(|name| {
        let forms = [format!("{name}."), format!("getattr({name},")];
        CONTEXTS.contains(&name)
            && before.lines().any(|line| {
                line.contains("token") && forms.iter().any(|it| line.contains(it.as_str()))
            })
    });
    let header = file.slice(function.header);
    let depends = header.match_indices("Depends(").any(|(at, form)| {
        let guard = header[at + form.len()..].split(')').next().unwrap_or_default();
        says(guard, &["verify", "verified", "validate", "require", "authenticate"])
    });
    let guarded = depends || GUARDS.iter().any(|it| header.contains(it));
    (of_context || guarded) && reads_only(file, call, &CALLED)
}

/// Whether the claims that are read are only such ones.
fn reads_only_routing(file: &FileContext<'_>, call: &Call) -> bool {
    reads_only(file, call, &ROUTING)
}

/// Whether the claims that are read are only some of these.
fn reads_only(file: &FileContext<'_>, call: &Call, claims: &[&str]) -> bool {
    let behind = &file.source.text()[call.arguments.end as usize..];
    if let Some(key) = key_behind(behind) {
        return claims.contains(&key);
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
        key_behind(&text[at + name.len()..]).is_some_and(|key| claims.contains(&key))
    }) && any
}

/// The key of `["exp"]` or `.get("exp")`.
fn key_behind(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[').or_else(|| text.strip_prefix(".get("))?;
    let quote = inner.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    inner[1..].split(quote).next()
}

/// How sure it is that somebody is believed for such a token.
fn level(file: &FileContext<'_>, call: &Call, flaw: Flaw) -> Severity {
    if flaw == Flaw::AnyAlgorithm {
        return Severity::Info;
    }
    let offset = call.name.start;
    let Some(function) = file.function_at(offset) else { return Severity::Warning };
    let routed = entry_points::around(file, offset) == Some(EntryPoint::Route);
    let trusting =
        words(file.slice(function.name)).iter().any(|it| TRUSTING.contains(&it.as_str())) || routed;
    let token = calls::arguments(file, call).first().map_or("", |it| it.value);
    // A token of identity comes from its issuer, mostly over TLS; a token without a signature from whoever likes.
    let of_provider = || {
        let mut path = words(file.path_inside()).into_iter();
        token.contains("access_token")
            && path.any(|it| matches!(it.as_str(), "oauth" | "oauth2" | "oidc" | "sso"))
    };
    let handed = flaw != Flaw::NoneAllowed
        && (!trusting || !routed && (token.contains("id_token") || of_provider()));
    // Who explains it may stand behind somebody who has verified.
    let is_explained = flaw != Flaw::NoneAllowed
        && (!routed && callers::hand_over_answers(file, function)
            || !trusting && says_why(file, function.span)
            || !routed && is_documented(file, function.span)
            || says_whence(file, function.span)
            || token.contains("id_token") && asks_issuer(file, function.body, offset));
    let vouched_for = flaw != Flaw::NoneAllowed && asks_whether_active(file, function.body, offset);
    let of_context = flaw != Flaw::NoneAllowed && is_of_context(file, call);
    let is_handed_token = token.chars().all(|it| it.is_alphanumeric() || it == '_')
        && words(token).iter().any(|it| matches!(it.as_str(), "token" | "jwt" | "auth" | "bearer"));
    let unasked = flaw != Flaw::NoneAllowed
        && !routed
        && !is_handed_token
        && !is_of_request(file, function.span);
    if is_explained || handed || vouched_for || of_context || unasked {
        Severity::Info
    } else {
        Severity::Warning
    }
}

/// What the names of functions say that believe whom a token names.
const TRUSTING: [&str; 18] = [
    "access",
    "admin",
    "auth",
    "authenticate",
    "authenticated",
    "authorization",
    "authorize",
    "authorizer",
    "authentication",
    "current",
    "dispatch",
    "identity",
    "login",
    "permission",
    "session",
    "user",
    "validate",
    "verify",
];

/// Whether a comment or docstring of the function says that nothing is verified here.
fn says_why(file: &FileContext<'_>, function: Span) -> bool {
    says_one_of(
        file,
        function,
        &[
            "without signature",
            "without verif",
            "without valid",
            "unverified",
            "not verif",
            "no verif",
            "verified by",
            "already v",
        ],
    )
}

/// Whether the docstring of a function says to its callers that nothing is verified.
fn is_documented(file: &FileContext<'_>, function: Span) -> bool {
    const PHRASES: [&str; 4] =
        ["without verif", "without signature", "unverified", "not verify the signature"];
    let mut docs = docs_in(file, function).map(str::to_ascii_lowercase);
    docs.any(|text| PHRASES.iter().any(|phrase| text.contains(phrase)))
}

/// Whether the body of a function has asked the issuer for the token itself, before it reads it.
fn asks_issuer(file: &FileContext<'_>, body: Span, offset: u32) -> bool {
    const ASKING: [&str; 5] =
        ["post", "fetch_token", "fetch_access_token", "authorize_access_token", "exchange_code"];
    calls_in(file, body)
        .take_while(|it| it.name.start < offset)
        .any(|it| ASKING.contains(&last_part(&calls::written(file, it))))
}

/// Whether a function says that what it reads has come with a request: what is taken from a store or an answer was checked, or came
/// over TLS.
fn is_of_request(file: &FileContext<'_>, function: Span) -> bool {
    const WORDS: [&str; 6] =
        ["authorization", "bearer", "cookie", "credentials", "header", "request"];
    let text = file.slice(function).to_ascii_lowercase();
    WORDS.iter().any(|it| text.contains(it))
}

/// Whether a function has asked the issuer before whether a token is good: <https://datatracker.ietf.org/doc/html/rfc7662>.
fn asks_whether_active(file: &FileContext<'_>, body: Span, offset: u32) -> bool {
    let before = file.slice(Span::new(body.start, offset.max(body.start))).to_ascii_lowercase();
    before.contains("introspect")
}

/// Whether it says that the issuer itself has sent the token: over TLS that does instead of a signature.
/// Source: <https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>, number 6.
fn says_whence(file: &FileContext<'_>, function: Span) -> bool {
    says_one_of(
        file,
        function,
        &["over tls", "protected by tls", "token endpoint", "already accepted"],
    )
}

fn says_one_of(file: &FileContext<'_>, function: Span, phrases: &[&str]) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        phrases.iter().any(|phrase| text.contains(phrase))
    };
    docs_in(file, function).any(says) || file.comments_in(function).any(says)
}

/// The texts of a function that are statements of their own.
fn docs_in<'a>(file: &FileContext<'a>, function: Span) -> impl Iterator<Item = &'a str> {
    let strings = file.outline.strings.iter().filter(|it| it.statement);
    strings.filter(move |it| function.contains(it.span.start)).map(|it| file.slice(it.span))
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
