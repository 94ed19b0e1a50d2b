//! What a string literal is bound to, read from the text around it and from the outline: no tree is needed. Knows
//! Python's syntax near a literal, and nothing of what makes a name or a value interesting.

mod text;

use roadworthy_engine::FileContext;
use roadworthy_parser::{Call, Keyword, Span};

use text::{Text, is_name_byte};

pub(crate) use text::last_part;

/// A literal with a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    /// The last part of the target, the parameter, the keyword, the key.
    pub(crate) name: &'a str,
    /// How they meet.
    pub(crate) form: Form<'a>,
}

/// How a name and a literal meet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'a> {
    /// `name = "v"`, `x.name = "v"`, `x["name"] = "v"`, annotated or not; with the whole target.
    Assignment(&'a str),
    /// `f(name="v")`; with the call.
    Argument(Option<&'a Call>),
    /// `def f(name="v")`.
    Parameter,
    /// `{"name": "v"}`, `("name", "v")`.
    Entry,
    /// `name == "v"`.
    Comparison,
    /// `b64encode(b"user:v")`.
    Encoded,
    /// `x.get("name", "v")`, `x.get("name") or "v"`; with the call.
    Fallback(&'a Call),
    /// `add_argument("--name", default="v")`.
    OptionDefault,
}

/// Literals that Python joins because nothing stands between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joined {
    /// Index of the first in `Outline::strings`.
    pub(crate) first: usize,
    /// Index behind the last, fields' literals included.
    pub(crate) end: usize,
    /// From the first prefix to the last quote.
    pub(crate) span: Span,
}

/// Calls whose only argument is the value: `SecretStr("v")`, `b64decode("v")`.
const WRAPPERS: &[&str] = &[
    "Field",
    "Secret",
    "SecretBytes",
    "SecretStr",
    "a2b_hex",
    "b64decode",
    "bytearray",
    "bytes",
    "cast",
    "encode",
    "force_bytes",
    "fromhex",
    "quote",
    "quote_plus",
    "str",
    "to_bytes",
    "unhexlify",
    "urlsafe_b64decode",
];

/// Whether what a literal is assigned to is used only where the environment gives nothing: under `if not NAME`, or as the
/// default of `os.getenv("X", NAME)`.
pub(crate) fn is_fallback(file: &FileContext<'_>, bound: &Bound<'_>, offset: u32) -> bool {
    let Form::Assignment(target) = bound.form else { return false };
    let lines = &file.outline.lines;
    let own = lines.partition_point(|it| it.span.start <= offset).saturating_sub(1);
    let Some(line) = lines.get(own).filter(|it| it.scope.is_none()) else { return false };
    let header = lines[..own].iter().rev().find(|above| above.indent < line.indent);
    let is_missing = header.is_some_and(|above| {
        let text = file.slice(above.span);
        above.keyword == Keyword::If
            && text.strip_prefix("if not ").is_some_and(|it| it.trim_end_matches(':') == target)
    });
    let handed_on = format!(", {target})");
    let is_default = |line: &&roadworthy_parser::LogicalLine| {
        let text = file.slice(line.span);
        text.contains(&handed_on)
            && ["environ", "getenv", "env("].iter().any(|it| text.contains(it))
    };
    // `os.environ["X"] if "X" in os.environ else "…"`
    let text = file.slice(line.span);
    let is_chosen = text.split_once(" else ").is_some_and(|(before, _)| {
        let own = (offset.saturating_sub(line.span.start)) as usize;
        before.len() < own
            && before.split_once(" if ").is_some_and(|(_, asked)| {
                asked.contains("in os.environ") || asked.contains("environ.has_key(")
            })
    });
    is_missing || is_chosen || lines.iter().find(is_default).is_some()
}

/// Whether the only argument of a call is the value that it gives; that of `x.encode("utf-16")` is not.
fn wraps(callee: &str) -> bool {
    // `env.str("SECRET_KEY")` is handed a name.
    WRAPPERS.contains(&last_part(callee))
        && ![".encode", ".str"].iter().any(|it| callee.ends_with(it))
}

/// Keywords of calls that say what a value is when none is given.
const DEFAULTS: &[&str] = &["default", "default_value", "fallback"];

/// Callees whose first argument names what the second, or the default, is the value of.
const LOOKUPS: &[&str] = &[
    "Env",
    "config",
    "env",
    "env_var",
    "get",
    "get_config",
    "get_env",
    "get_env_value",
    "get_secret",
    "get_setting",
    "getattr",
    "getenv",
    "getenv_str",
    "pop",
    "putenv",
    "setdefault",
    "setenv",
    "str",
    "string",
];

/// No secret is written as more literals than this.
const MOST_JOINED: usize = 256;

/// The literals joined to the one at `index`, which is the first of them.
pub(crate) fn joined(file: &FileContext<'_>, index: usize) -> Joined {
    let text = Text::new(file);
    let strings = &file.outline.strings;
    let mut span = strings[index].span;
    let mut end = index + 1;
    for _ in 0..MOST_JOINED {
        // Literals in the replacement fields of this one.
        while strings.get(end).is_some_and(|it| it.span.start < span.end) {
            end += 1;
        }
        let Some(next) = strings.get(end) else { break };
        if next.span.start - span.end > 400 || !text.joins(span.end, next.span.start) {
            break;
        }
        span.end = next.span.end;
        end += 1;
    }
    Joined { first: index, end, span }
}

/// The name that a literal is bound to, if the literal is the whole value.
pub(crate) fn bound<'a>(file: &FileContext<'a>, literal: &Joined) -> Option<Bound<'a>> {
    let text = Text::new(file);
    if let Some(dotted) = text.compared_after(literal.span.end) {
        let name = last_part(text.slice(dotted));
        return Some(Bound { name, form: Form::Comparison });
    }
    if !text.ends_value(literal.span.end) {
        return None;
    }
    let mut at = literal.span.start;
    // Each round unwraps one call, parenthesis or operator.
    for _ in 0..6 {
        let before = text.skip_back(at);
        let found = match text.byte_before(before)? {
            b'=' => equals(&text, before - 1),
            b':' => entry(&text, before - 1, literal.first),
            b',' => after_comma(&text, before - 1, literal),
            b'(' => {
                let callee = text.dotted_back(before - 1);
                // What is encoded before it is sent: `b64encode(b"user:password")`.
                if last_part(file.slice(callee)) == ENCODER {
                    return Some(Bound { name: "password", form: Form::Encoded });
                }
                if !callee.is_empty() && !wraps(file.slice(callee)) {
                    return None;
                }
                at = if callee.is_empty() { before - 1 } else { callee.start };
                continue;
            }
            _ => match text.word_back(before) {
                "or" => fallback(&text, before - 2),
                "else" => text.equals_back(before - 4).and_then(|it| equals(&text, it)),
                _ => None,
            },
        }?;
        // `default="v"` speaks of the call's first argument, or of what the call is bound to.
        if let Form::Argument(Some(call)) = found.form
            && DEFAULTS.contains(&found.name)
        {
            let key = if found.name == "fallback" {
                text.last_leading_string(call)
            } else {
                text.first_string(call)
            };
            if let Some(key) = key {
                return Some(option(&text, call, key));
            }
            at = call.name.start;
            continue;
        }
        return Some(found);
    }
    None
}

fn named<'a>(text: &Text<'_, 'a>, name: Span, form: Form<'a>) -> Bound<'a> {
    Bound { name: text.slice(name), form }
}

/// The call that gives `key` its default.
fn option<'a>(text: &Text<'_, 'a>, call: &'a Call, key: Span) -> Bound<'a> {
    let lookup = LOOKUPS.contains(&last_part(text.slice(call.name)));
    let name = text.slice(key).trim_start_matches('-');
    Bound { name, form: if lookup { Form::Fallback(call) } else { Form::OptionDefault } }
}

/// What stands left of the `=` at `sign`.
fn equals<'a>(text: &Text<'_, 'a>, sign: u32) -> Option<Bound<'a>> {
    let assigned = |name: Span, whole: Span| named(text, name, Form::Assignment(text.slice(whole)));
    match text.byte_before(sign)? {
        b'=' | b'!' => return compared(text, sign - 1),
        b':' => {
            let name = text.name_back(text.skip_back(sign - 1));
            return (!name.is_empty()).then(|| assigned(name, name));
        }
        b'+' | b'-' | b'*' | b'/' | b'|' | b'&' | b'^' | b'%' | b'@' | b'<' | b'>' => return None,
        _ => {}
    }
    let end = text.skip_back(sign);
    match text.byte_before(end)? {
        b']' => match text.subscript_back(end) {
            Some((key, object)) => Some(assigned(key, Span::new(object, end))),
            None => annotated(text, sign),
        },
        b')' | b'"' | b'\'' => annotated(text, sign),
        byte if is_name_byte(byte) => {
            let whole = text.dotted_back(end);
            let name = text.name_back(end);
            // What stands before the first token of a logical line belongs to another one.
            let before = if text.begins_line(whole.start) {
                None
            } else {
                text.byte_before(text.skip_back(whole.start))
            };
            match before {
                Some(b'(' | b',') => argument(text, name)
                    .or_else(|| text.paired(sign + 1).map(|name| assigned(name, name))),
                Some(b':') if !text.heads_statement(sign) => annotated(text, sign),
                Some(b'|') => annotated(text, sign),
                Some(b'[') => None,
                _ => Some(assigned(name, whole)),
            }
        }
        _ => None,
    }
}

/// The parameter or keyword argument of that name.
fn argument<'a>(text: &Text<'_, 'a>, name: Span) -> Option<Bound<'a>> {
    if text.parameter(name.start).is_some() {
        return Some(named(text, name, Form::Parameter));
    }
    let call = text.call_around(name.start);
    (call.is_some() || text.depth(name.start) > 0).then(|| named(text, name, Form::Argument(call)))
}

/// The target or parameter whose annotation ends at the `=` at `sign`.
fn annotated<'a>(text: &Text<'_, 'a>, sign: u32) -> Option<Bound<'a>> {
    if let Some(parameter) = text.parameter(sign) {
        return Some(named(text, parameter, Form::Parameter));
    }
    let line = text.outline().line_at(sign)?;
    if line.keyword != Keyword::Other {
        return None;
    }
    let end = text.skip_back(text.colon(line.span.start, sign)?);
    let whole = text.dotted_back(end);
    let name = text.name_back(end);
    (whole.start == line.span.start && !name.is_empty())
        .then(|| named(text, name, Form::Assignment(text.slice(whole))))
}

/// The left side of `==` or `!=`, which end before the `=` at `sign`.
fn compared<'a>(text: &Text<'_, 'a>, sign: u32) -> Option<Bound<'a>> {
    let end = text.skip_back(sign);
    let name = match text.byte_before(end)? {
        b']' => text.subscript_back(end)?.0,
        b')' => text.first_string(text.call_ending(end)?)?,
        _ => text.name_back(end),
    };
    (!name.is_empty()).then(|| named(text, name, Form::Comparison))
}

/// The key before the `:` at `colon`, in a dictionary.
fn entry<'a>(text: &Text<'_, 'a>, colon: u32, index: usize) -> Option<Bound<'a>> {
    let key = text.string_ending(text.skip_back(colon), index)?;
    let before = text.skip_back(key.span.start);
    matches!(text.byte_before(before)?, b'{' | b',')
        .then(|| named(text, key.content(), Form::Entry))
}

/// `("name", "v")`, `getenv("NAME", "v")`, or the second of `a, name = "u", "v"`.
fn after_comma<'a>(text: &Text<'_, 'a>, comma: u32, literal: &Joined) -> Option<Bound<'a>> {
    if let Some(password) = login(text, comma, literal) {
        return Some(password);
    }
    if let Some(key) = text.string_ending(text.skip_back(comma), literal.first) {
        let open = text.skip_back(key.span.start);
        if text.byte_before(open) == Some(b'(') {
            let callee = text.dotted_back(open - 1);
            if callee.is_empty() {
                let after = text.byte_after(literal.span.end);
                return (after == Some(b')')).then(|| named(text, key.content(), Form::Entry));
            }
            if !LOOKUPS.contains(&last_part(text.slice(callee))) {
                return None;
            }
            let call = text.call_around(key.span.start)?;
            return Some(named(text, key.content(), Form::Fallback(call)));
        }
    }
    let name = text.paired(literal.span.start)?;
    Some(named(text, name, Form::Assignment(text.slice(name))))
}

/// Calls whose two arguments are a user and a password; with the arguments of that form: `auth=("u", "p")`.
const LOGINS: &[&str] = &["BasicAuth", "DigestAuth", "HTTPProxyAuth", "login"];
/// Makes of a user and a password what the header of a request holds.
const ENCODER: &str = "b64encode";
const LOGIN_PAIRS: &[&str] = &["auth", "basic_auth", "http_auth"];

/// The second of the two arguments of a call that logs in, or of the pair that it is handed.
fn login<'a>(text: &Text<'_, 'a>, comma: u32, literal: &Joined) -> Option<Bound<'a>> {
    if text.byte_after(literal.span.end) != Some(b')') {
        return None;
    }
    let end = text.skip_back(comma);
    let user = match text.string_ending(end, literal.first) {
        Some(user) => user.span.start,
        None => text.dotted_back(end).start,
    };
    let open = text.skip_back(user);
    if user == end || text.byte_before(open) != Some(b'(') {
        return None;
    }
    let callee = text.dotted_back(open - 1);
    let form = if callee.is_empty() {
        let sign = text.skip_back(open - 1);
        let name = text.word_back(text.skip_back(sign.checked_sub(1)?));
        (text.byte_before(sign) == Some(b'=') && LOGIN_PAIRS.contains(&name))
            .then_some(Form::Entry)?
    } else {
        let last = last_part(text.slice(callee));
        let logs_in = LOGINS.iter().any(|it| last.ends_with(it)) || LOGIN_PAIRS.contains(&last);
        logs_in.then(|| Form::Argument(text.call_around(user)))?
    };
    Some(Bound { name: "password", form })
}

/// What stands left of an `or` that begins at `word`.
fn fallback<'a>(text: &Text<'_, 'a>, word: u32) -> Option<Bound<'a>> {
    let end = text.skip_back(word);
    if text.byte_before(end) == Some(b')')
        && let Some(call) = text.call_ending(end)
        && LOOKUPS.contains(&last_part(text.slice(call.name)))
        && let Some(key) = text.first_string(call)
    {
        return Some(named(text, key, Form::Fallback(call)));
    }
    if let Some(sign) = text.equals_back(end) {
        return equals(text, sign);
    }
    let name = text.name_back(end);
    (!name.is_empty()).then(|| named(text, name, Form::Assignment(text.slice(name))))
}
