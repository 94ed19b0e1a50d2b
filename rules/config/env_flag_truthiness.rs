//! See `env-flag-truthiness.toml`. Knows where a text of the environment is taken for true or false, and what shows that it is
//! meant as a flag.

use std::borrow::Cow;

use camino::Utf8Path;
use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Keyword, Span};
use roadworthy_secrets::name_class;

use crate::shared::code::settings::truth;
use crate::shared::code::{blocks, calls, coroutines};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let reads = reads(file, out);
    for (index, read) in reads.iter().enumerate() {
        out.judged_if(|| is_flag(file, &reads, index));
        let Some(way) = way_of_testing(file, read) else { continue };
        if !is_flag(file, &reads, index) {
            continue;
        }
        if !file.pedantic() && (PRESENCE.contains(&read.name) || is_set_here(file, read.name)) {
            continue;
        }
        let name = read.name;
        let message = match read.default {
            Default::Text(text) if is_off(text) => {
                format!("`{name}` is always on: its default \"{text}\" is a text that is not empty")
            }
            _ => format!("`{name}=false` is true here: every text that is not empty is"),
        };
        let mut report = Report::at(read.span).message(message);
        if way == Way::Direct
            && let Some(fix) = fix(file, read)
        {
            report = report.fix(fix);
        }
        out.report(report);
    }
}

/// A place that reads a variable.
struct Read<'a> {
    name: &'a str,
    /// The whole expression.
    span: Span,
    default: Default<'a>,
    /// What stands between the parentheses; `None` for a subscript.
    arguments: Option<Span>,
}

/// Whether the file sets the variable itself, for processes of its own: then it knows what the text says.
fn is_set_here(file: &FileContext<'_>, name: &str) -> bool {
    let text = file.source.text();
    text.match_indices(name).any(|(at, _)| {
        let behind = text[at + name.len()..].strip_prefix(['"', '\'']).map(str::trim_start);
        let behind = behind.map(|it| it.strip_prefix(']').unwrap_or(it).trim_start());
        behind.is_some_and(|it| it.starts_with('=') && !it.starts_with("==") || it.starts_with(':'))
    })
}

/// Whether a read stands in the line of another or in the block below: first it is asked whether there is a text, then what
/// it says.
fn is_near(file: &FileContext<'_>, read: Span, parsed: Span) -> bool {
    file.outline.line_at(read.start).is_some_and(|line| {
        let opens = matches!(line.keyword, Keyword::If | Keyword::Elif | Keyword::While);
        line.span.contains(parsed.start)
            || opens && blocks::block_of(file, line).contains(parsed.start)
    })
}

/// Whether a variable is a flag: by its name, its default, another read, or a file that sets it.
fn is_flag(file: &FileContext<'_>, reads: &[Read<'_>], index: usize) -> bool {
    let read = &reads[index];
    let is_flag_read = |it: &Read<'_>| it.name == read.name && is_parsed(file, it.span);
    if !file.pedantic()
        && reads.iter().any(|it| is_flag_read(it) && is_near(file, read.span, it.span))
    {
        return false;
    }
    let is_text = matches!(read.default, Default::Text(text) if is_off(text) || is_on(text));
    if file.pedantic() || is_text || says_flag(read.name) {
        return true;
    }
    if is_other(read.name) || name_class(read.name).is_some() {
        return false;
    }
    let mut others = reads.iter().enumerate().filter(|(other, _)| *other != index);
    let parsed = others.any(|(_, it)| is_flag_read(it));
    if parsed || is_set_to_flag(file, read.name) {
        return true;
    }
    matches!(read.default, Default::Flag(_))
}

/// What is given where the variable is not set.
#[derive(Clone, Copy)]
enum Default<'a> {
    None,
    /// `True`, `False`, `0`, `1`.
    Flag(bool),
    Text(&'a str),
    Other,
}

impl Default<'_> {
    /// Whether it shows that the variable is a flag.
    fn is_flag(self) -> bool {
        match self {
            Self::Flag(_) => true,
            Self::Text(text) => is_off(text) || is_on(text),
            Self::None | Self::Other => false,
        }
    }
}

fn is_off(text: &str) -> bool {
    ["false", "0", "no", "off"].iter().any(|it| it.eq_ignore_ascii_case(text))
}

fn is_on(text: &str) -> bool {
    ["true", "yes", "on"].iter().any(|it| it.eq_ignore_ascii_case(text))
}

/// Names with a convention of their own: set to anything, they hold (<https://no-color.org>).
const PRESENCE: [&str; 7] =
    ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "NO_PROXY", "CI", "COLAB_GPU", "IS_OFFLINE"];

fn reads<'a>(file: &FileContext<'a>, out: &Reporter<'_>) -> Vec<Read<'a>> {
    let mut reads = Vec::new();
    for call in &file.outline.calls {
        let written = calls::written(file, call);
        let last = written.rsplit('.').next().unwrap_or_default();
        if !matches!(last, "getenv" | "get") {
            continue;
        }
        let callee = calls::callee(file, call);
        if !matches!(callee.as_deref(), Some("os.getenv" | "os.environ.get")) {
            continue;
        }
        let arguments = calls::arguments(file, call);
        let Some(name) = arguments.first().and_then(|it| calls::literal(it.value)) else {
            continue;
        };
        let default = arguments.get(1).map_or(Default::None, |it| default_of(it.value));
        let (span, inside) = (calls::span(call), calls::inside(call));
        reads.push(Read { name, span, default, arguments: Some(inside) });
    }
    let subscripts = out.candidates().filter(|(_, trigger)| trigger.text == "environ");
    reads.extend(subscripts.filter_map(|(offset, _)| subscript(file, offset)));
    reads.sort_by_key(|it| it.span.start);
    reads
}

fn default_of(value: &str) -> Default<'_> {
    match value {
        "None" => Default::None,
        "True" | "1" => Default::Flag(true),
        "False" | "0" => Default::Flag(false),
        _ => calls::literal(value).map_or(Default::Other, Default::Text),
    }
}

/// `os.environ["NAME"]`, from the offset of `environ`.
fn subscript<'a>(file: &FileContext<'a>, offset: u32) -> Option<Read<'a>> {
    let text = file.source.text();
    let behind = text[offset as usize..].strip_prefix("environ[")?;
    let end = behind.find(']')?;
    let name = calls::literal(&behind[..end])?;
    let before = &text[..offset as usize];
    let start = if before.ends_with("os.") { offset - 3 } else { offset };
    let dotted: Cow<'_, str> = text[start as usize..offset as usize + "environ".len()].into();
    if file.names().resolve(&dotted, start)? != "os.environ" {
        return None;
    }
    let span = Span::new(start, offset + ("environ[".len() + end + 1) as u32);
    Some(Read { name, span, default: Default::None, arguments: None })
}

/// How a read is taken for true or false.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Where it stands.
    Direct,
    /// Through a name that it is bound to.
    Named,
}

fn way_of_testing(file: &FileContext<'_>, read: &Read<'_>) -> Option<Way> {
    if truth::is_tested(file, read.span) || is_handed_over(file, read.span) {
        return Some(Way::Direct);
    }
    let line = file.outline.line_at(read.span.start)?;
    if line.keyword != Keyword::Other || line.span.end != read.span.end {
        return None;
    }
    let target = file.slice(Span::new(line.span.start, read.span.start)).trim_end();
    let name = target.strip_suffix('=')?.split(':').next()?.trim();
    let is_name = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if !is_name || name.is_empty() {
        return None;
    }
    // Frameworks read it as a flag.
    let is_setting = line.scope.is_none()
        && matches!(name, "DEBUG" | "TESTING")
        && (file.source.text().contains("INSTALLED_APPS") || read.default.is_flag());
    if is_setting {
        return Some(Way::Direct);
    }
    let bindings = file.values().bindings(name);
    let single = matches!(bindings, [one] if one.value == Some(read.span));
    let is_setting = line.scope.is_none()
        && matches!(read.default, Default::Flag(_))
        && is_for_others(file, read, name);
    (single && (is_setting || truth::is_only_tested(file, name, line.scope))).then_some(Way::Named)
}

/// Whether the file only says what a name of it is, true or false by default, and leaves it to others to look.
fn is_for_others(file: &FileContext<'_>, read: &Read<'_>, name: &str) -> bool {
    let arguments = read.arguments.map_or("", |it| file.slice(it)).trim_end();
    let whole = Span::new(0, file.source.text().len() as u32);
    ["True", "False"].iter().any(|it| arguments.ends_with(it))
        && coroutines::word_offsets(file, whole, name).count() == 1
}

/// Whether a read is the value of a keyword that is a flag of a framework: `debug=os.getenv("DEBUG")`.
fn is_handed_over(file: &FileContext<'_>, read: Span) -> bool {
    let before = file.source.text()[..read.start as usize].trim_end();
    let Some(before) = before.strip_suffix('=') else { return false };
    let before = before.trim_end();
    let name = ["debug", "reload", "use_reloader", "testing"];
    let is_keyword = name.iter().any(|it| {
        before.strip_suffix(it).is_some_and(|rest| rest.trim_end().ends_with(['(', ',']))
    });
    is_keyword && truth::ends_expression(file, read.end)
}

/// Whether another read of the same variable is compared with a text for a flag.
fn is_parsed(file: &FileContext<'_>, read: Span) -> bool {
    let line = file.outline.line_at(read.start).map_or(read.end, |line| line.span.end);
    let behind = file.slice(Span::new(read.end, line.max(read.end)));
    // What follows these compares something else.
    let behind = [" and ", " else "]
        .iter()
        .fold(behind, |it, word| it.split_once(word).map_or(it, |(before, _)| before));
    let compares = behind.contains("==") || behind.contains("!=") || behind.contains(" in ");
    let mut quoted = behind.split(['"', '\'']).skip(1).step_by(2);
    compares && quoted.any(|it| is_on(it) || is_off(it))
}

/// Whether a name reads as that of a flag.
fn says_flag(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').filter(|it| !it.is_empty()).collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let begins = ["DISABLE", "ENABLE", "FORCE", "IS", "NO", "SHOULD", "SKIP", "USE"];
    let ends = ["DEBUG", "DISABLED", "ENABLED", "VERBOSE"];
    let whole = ["DRY_RUN", "TESTING", "DEBUG_MODE", "TEST_MODE", "DEV_MODE"];
    if is_other(name) {
        return false;
    }
    ends.contains(last)
        || words.len() > 1 && begins.contains(first)
        || whole
            .iter()
            .any(|it| name == *it || name.strip_suffix(it).is_some_and(|it| it.ends_with('_')))
}

/// Whether a name ends in a word for something that is no flag.
fn is_other(name: &str) -> bool {
    const WORDS: [&str; 52] = [
        "ADDR",
        "ADDRESS",
        "ARGS",
        "ARN",
        "BACKEND",
        "BRANCH",
        "BUCKET",
        "CERT",
        "COMMAND",
        "CONFIG",
        "COUNT",
        "CREDENTIALS",
        "DATE",
        "DIR",
        "DOMAIN",
        "DRIVER",
        "DSN",
        "EMAIL",
        "ENDPOINT",
        "ENV",
        "FILE",
        "FOLDER",
        "FORMAT",
        "HOME",
        "HOST",
        "HOSTS",
        "ID",
        "KEY",
        "LEVEL",
        "LIST",
        "MODEL",
        "NAME",
        "ORIGINS",
        "PASS",
        "PASSWORD",
        "PATH",
        "PATHS",
        "PORT",
        "PREFIX",
        "PROFILE",
        "PROJECT",
        "REF",
        "REGION",
        "ROOT",
        "SECRET",
        "TAG",
        "TOKEN",
        "TYPE",
        "URI",
        "URL",
        "USER",
        "VERSION",
    ];
    name.rsplit('_').next().is_some_and(|last| WORDS.iter().any(|it| it.eq_ignore_ascii_case(last)))
}

/// Whether an example file beside or above the code, or a service, sets the variable to true or false.
fn is_set_to_flag(file: &FileContext<'_>, name: &str) -> bool {
    const EXAMPLES: [&str; 6] =
        [".env", ".env.example", ".env.sample", ".env.template", ".env.dist", "example.env"];
    let Some((facts, known)) = file.in_facts() else { return false };
    let folders = known.path.ancestors().skip(1);
    let root = facts.project().components[known.component].path.as_path();
    let in_component = |folder: &&Utf8Path| folder.starts_with(root) || *folder == root;
    let in_examples = folders.take_while(in_component).any(|folder| {
        EXAMPLES.iter().any(|example| {
            let path = folder.join(example);
            let read = facts.tree().is_file(&path).then(|| facts.text(&path).whole()).flatten();
            read.is_some_and(|it| it.text().lines().any(|line| sets_flag(line, name)))
        })
    });
    in_examples
        || facts.containers().processes.iter().flat_map(|it| &it.environment).any(
            |(other, value)| {
                other == name && value.as_deref().is_some_and(|it| is_on(it) || is_off(it))
            },
        )
}

fn sets_flag(line: &str, name: &str) -> bool {
    let line = line.trim().trim_start_matches('#').trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.strip_prefix(name)
        .and_then(|rest| rest.trim_start().strip_prefix('='))
        .map(|value| value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']))
        .is_some_and(|value| is_on(value) || is_off(value))
}

/// Compares the text with those that people write for true.
fn fix(file: &FileContext<'_>, read: &Read<'_>) -> Option<Fix> {
    let inside = read.arguments?;
    let arguments = file.slice(inside);
    let mut edits = Vec::new();
    match read.default {
        Default::None if !arguments.contains(',') => {
            edits.push(Edit::insert(inside.end, ", \"\""));
        }
        Default::Flag(flag) => {
            let value = arguments.rfind(|it: char| !it.is_whitespace() && it != ',')? + 1;
            let start = arguments[..value].rfind(|it: char| !it.is_ascii_alphanumeric())? + 1;
            let span = Span::new(inside.start + start as u32, inside.start + value as u32);
            edits.push(Edit { span, text: if flag { "\"true\"" } else { "\"\"" }.to_owned() });
        }
        Default::Text(_) => {}
        Default::None | Default::Other => return None,
    }
    edits.push(Edit::insert(read.span.end, ".lower() in {\"1\", \"true\", \"yes\", \"on\"}"));
    Some(Fix::to_look_at(edits))
}
