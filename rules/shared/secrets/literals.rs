//! The literals of a file near which a trigger stands, and which of the two rules about secrets a named one belongs
//! to. Knows what a setting's default is, not how either rule judges a value.

use std::ops::Range;

use roadworthy_engine::{FileContext, Reporter};
use roadworthy_parser::{Call, Definition, Span};
use roadworthy_project::Role;
use roadworthy_secrets::{Binding, name_class, scan};

use crate::shared::secrets::binding::{Bound, Form, Joined, bound, joined, last_part};

/// How far behind a name its literal may begin.
const REACH: u32 = 400;

/// How far behind a literal the name may begin that it is compared with.
const NEXT: u32 = 40;

/// Where a file has something that may be a secret, or be called one.
#[derive(Default)]
pub(crate) struct Hits {
    /// Names that promise a secret and may be bound to a literal.
    pub(crate) names: Vec<u32>,
    /// The fixed texts of formats.
    pub(crate) formats: Vec<u32>,
}

impl Hits {
    /// Sorts a rule's candidates. Most names stand in prose, in calls, or within longer names, and are dropped here.
    pub(crate) fn new(file: &FileContext<'_>, out: &Reporter<'_>) -> Self {
        let text = file.source.text();
        let mut hits = Self::default();
        let mut judged = 0..0;
        for (offset, trigger) in out.candidates() {
            if !trigger.ignore_case {
                // A call or an argument that takes a user and a password.
                let pair = trigger.text.contains('(');
                (if pair { &mut hits.names } else { &mut hits.formats }).push(offset);
            } else if file.pedantic() {
                hits.names.push(offset);
            } else if !judged.contains(&offset) {
                // `"pass"` counts only with its quotes, which are no part of the name.
                let quote = u32::from(trigger.text.starts_with(['"', '\'']));
                let end = offset + trigger.text.len() as u32 - quote;
                let (name, bindable) = name_around(text, offset + quote, end);
                if bindable && name_class(name.of_text(text)).is_some() {
                    hits.names.push(offset);
                }
                judged = offset..name.end.max(offset + 1);
            }
        }
        hits
    }
}

/// The whole name around a part of it, and whether what follows may bind it to a literal.
fn name_around(text: &str, start: u32, end: u32) -> (Span, bool) {
    let bytes = text.as_bytes();
    let part = |at: u32| {
        let byte = bytes.get(at as usize);
        byte.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
    };
    let (mut first, mut last) = (start, end);
    while part(last) {
        last += 1;
    }
    let quoted = matches!(bytes.get(last as usize), Some(b'"' | b'\''));
    let rest = &bytes[(last as usize + usize::from(quoted)).min(bytes.len())..];
    let blanks = rest.iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
    let bindable = match rest.get(blanks) {
        Some(b'=' | b':' | b',' | b'\\' | b'"' | b'\'') => true,
        Some(b'!') => rest.get(blanks + 1) == Some(&b'='),
        Some(b')' | b']' | b'\n' | b'\r') => quoted,
        Some(b'o' | b'i') => {
            rest[blanks..].starts_with(b"or ") || rest[blanks..].starts_with(b"if ")
        }
        _ => false,
    };
    if bindable {
        while first > 0 && part(first - 1) {
            first -= 1;
        }
    }
    (Span::new(first, last), bindable)
}

/// A literal that may be a secret.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by itself")]
pub(crate) struct Literal<'a> {
    /// The literals that make it up.
    pub(crate) joined: Joined,
    /// What stands between the first quote and the last.
    pub(crate) content: Span,
    /// Whether the fixed text of a format stands within.
    pub(crate) holds_format: bool,
    /// Whether a name stands within.
    pub(crate) holds_name: bool,
    /// Whether the source between the quotes is the value: no replacement fields.
    pub(crate) plain: bool,
    /// Whether it is a docstring, or text used as a comment.
    pub(crate) statement: bool,
    /// What it is bound to, where a trigger stands before it.
    pub(crate) bound: Option<Bound<'a>>,
}

impl Literal<'_> {
    /// The text, with the quotes between joined literals taken out.
    pub(crate) fn value<'s>(&self, file: &'s FileContext<'_>) -> std::borrow::Cow<'s, str> {
        let strings = &file.outline.strings[self.joined.first..self.joined.end];
        if strings.len() == 1 {
            return self.content.of_text(file.source.text()).into();
        }
        let mut end = 0;
        let mut text = String::new();
        for string in strings {
            // Those within replacement fields of another are not joined to it.
            if string.span.start >= end {
                text.push_str(string.content().of_text(file.source.text()));
                end = string.span.end;
            }
        }
        text.into()
    }
}

impl Literal<'_> {
    /// Where a range of [`Self::value`] stands in the file.
    pub(crate) fn locate(&self, file: &FileContext<'_>, range: Range<usize>) -> Span {
        let strings = &file.outline.strings[self.joined.first..self.joined.end];
        let (mut start, mut end) = (self.content.start, self.content.end);
        let (mut before, mut behind) = (0, 0);
        for string in strings {
            if string.span.start < behind {
                continue;
            }
            behind = string.span.end;
            let content = string.content();
            let after = before + content.len() as usize;
            // A range that begins where a literal ends begins with the next one.
            if (before..after).contains(&range.start) {
                start = content.start + (range.start - before) as u32;
            }
            if (before + 1..=after).contains(&range.end) {
                end = content.start + (range.end - before) as u32;
            }
            before = after;
        }
        Span::new(start, end.max(start))
    }
}

/// Calls `visit` with each literal of `shortest` bytes or more in or shortly behind a hit.
pub(crate) fn visit_literals<'a>(
    file: &FileContext<'a>,
    hits: &Hits,
    shortest: u32,
    mut visit: impl FnMut(Literal<'a>),
) {
    if hits.names.is_empty() && hits.formats.is_empty() {
        return;
    }
    let text = file.source.text();
    let strings = &file.outline.strings;
    let (mut index, mut name, mut format) = (0, 0, 0);
    while index < strings.len() {
        let string = &strings[index];
        let Span { start, end } = string.span;
        while hits.names.get(name).is_some_and(|&it| it < start) {
            name += 1;
        }
        while hits.formats.get(format).is_some_and(|&it| it < start) {
            format += 1;
        }
        let holds_name = hits.names.get(name).is_some_and(|&it| it < end);
        let holds_format = hits.formats.get(format).is_some_and(|&it| it < end);
        // Before it, or right behind it: `"v" == name`.
        let near = !string.statement
            && (name.checked_sub(1).is_some_and(|it| start - hits.names[it] < REACH)
                || hits.names.get(name).is_some_and(|&it| end <= it && it < end + NEXT));
        let content = string.content();
        if !(holds_name || holds_format || near) || content.len() < shortest {
            index += 1;
            continue;
        }
        let joined = joined(file, index);
        // Those in the literals joined to it count as well.
        let within =
            |hits: &[u32], next: usize| hits.get(next).is_some_and(|&it| it < joined.span.end);
        let (holds_name, holds_format) = (within(&hits.names, name), within(&hits.formats, format));
        let last = &strings[joined.first..joined.end];
        let plain =
            last.iter().all(|it| !it.interpolated || !it.content().of_text(text).contains('{'));
        let bound = near.then(|| bound(file, &joined)).flatten();
        // The quotes at the end are those of the last literal that is not inside another.
        let quotes = last.iter().find(|it| it.span.end == joined.span.end);
        let content = Span::new(content.start, quotes.map_or(content.end, |it| it.content().end));
        visit(Literal {
            joined,
            content,
            holds_format,
            holds_name,
            plain,
            statement: string.statement,
            bound,
        });
        // A field's own literals are visited too.
        index += 1;
        while joined.end > index && strings[index].span.start >= end {
            index += 1;
        }
    }
}

/// What a binding is in the terms of recognition.
pub(crate) fn binding(file: &FileContext<'_>, bound: &Bound<'_>, offset: u32) -> Binding {
    match bound.form {
        Form::Fallback(call) if reads_environment(file, call, bound.name) => {
            Binding::EnvironmentDefault
        }
        Form::Assignment(_) if settings_class(file, offset).is_some() => Binding::SettingDefault,
        Form::Assignment(_) => Binding::Assignment,
        Form::Argument(_) | Form::Fallback(_) => Binding::Argument,
        Form::OptionDefault => Binding::SettingDefault,
        Form::Parameter => Binding::Default,
        Form::Entry => Binding::DictEntry,
        Form::Comparison => Binding::Comparison,
        Form::Encoded => Binding::Encoded,
    }
}

/// Whether a look-up reads the environment, or a configuration whose keys are written like its variables.
fn reads_environment(file: &FileContext<'_>, call: &Call, key: &str) -> bool {
    let callee = file.slice(call.name);
    let (receiver, last) = callee.rsplit_once('.').unwrap_or(("", callee));
    let receiver = last_part(receiver).to_ascii_lowercase();
    let upper = key.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_');
    match last {
        "getenv" | "get_env" | "env_var" | "getenv_str" | "get_env_value" | "env" | "Env" => true,
        "putenv" | "setenv" => false,
        _ => upper || receiver.ends_with("environ") || receiver == "env",
    }
}

/// The class of settings whose field's default stands at `offset`.
pub(crate) fn settings_class<'a>(file: &FileContext<'a>, offset: u32) -> Option<&'a Definition> {
    let class = file.outline.enclosing(offset).next().filter(|it| it.is_class())?;
    let name = file.slice(class.name);
    let named = ["Settings", "Config", "Configuration"].iter().any(|it| name.ends_with(it));
    let based =
        file.outline.arguments(class).iter().any(|it| {
            it.keyword.is_none() && last_part(file.slice(it.value)).ends_with("Settings")
        });
    (named || based).then_some(class)
}

/// Whether members of the innermost class around an offset are names rather than values.
pub(crate) fn in_enumeration(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline.enclosing(offset).next().filter(|it| it.is_class()).is_some_and(|class| {
        file.outline.arguments(class).iter().any(|it| {
            let base = last_part(file.slice(it.value));
            it.keyword.is_none()
                && ["Enum", "Choices", "Flag"].iter().any(|end| base.ends_with(end))
        })
    })
}

/// Whether code that runs in production, or is meant to, may lie in the file.
pub(crate) fn is_live(file: &FileContext<'_>) -> bool {
    file.strictness > roadworthy_engine::Strictness::Normal
        || !matches!(file.role, Role::Test | Role::Example | Role::Stub)
}

/// A name as messages show it, unless it repeats some of the value.
pub(crate) fn shown(name: &str, value: &str) -> String {
    let parts = value.as_bytes().windows(8);
    let repeats = parts.clone().any(|part| name.as_bytes().windows(8).any(|it| it == part));
    if repeats || name.len() > 64 || !scan(name.as_bytes()).is_empty() {
        "a secret".to_owned()
    } else {
        format!("`{name}`")
    }
}
