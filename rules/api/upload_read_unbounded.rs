//! See `upload-read-unbounded.toml`. Knows uploads by their annotations; what limits them, by words.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Outline, SourceFile, Span};

use crate::shared::code::calls;
use crate::shared::code::words::{last_part, words};
use crate::shared::delivery::inner::is_inner;
use crate::shared::delivery::own_machine;
use crate::shared::frameworks::body_limits;
use crate::shared::frameworks::entry_points::{self, EntryPoint};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let mut limited = None;
    let mut guarded = None;
    for call in &file.outline.calls {
        let Some((upload, function)) = read_upload(file, call) else { continue };
        out.judged();
        if !file.pedantic() {
            let limited = *limited.get_or_insert_with(|| body_limits::is_limited(file));
            if limited || is_checked_before(file, function, call, upload) {
                continue;
            }
        }
        let late = is_checked_behind(file, function, call);
        let known = !file.pedantic()
            && (is_from_known(file, function) || is_refused_before(file, function, call));
        let (level, end) = if known && !late {
            (Severity::Info, "whatever its size, from whoever is signed in")
        } else if late {
            (Severity::Info, "before its size is checked")
        } else if !file.pedantic()
            && (!is_handler(file, function) || is_guarded_as_a_whole(file, &mut guarded))
        {
            // Those who call a helper may have asked who it is.
            (Severity::Info, "whatever its size")
        } else if !file.pedantic() && is_of_inner_service(file) {
            (Severity::Info, "whatever its size, from the other services")
        } else if !file.pedantic() && own_machine::serves_it_alone(file) {
            (Severity::Info, "whatever its size, from whoever sits at the machine")
        } else {
            (Severity::Warning, "whatever its size")
        };
        let message = format!("`{upload}` is read into memory, {end}");
        out.report(Report::at(calls::span(call)).message(message).severity(level));
    }
}

/// The upload that a call reads as a whole, and the function around.
fn read_upload<'o>(file: &FileContext<'o>, call: &Call) -> Option<(&'o str, &'o Definition)> {
    let written = file.slice(call.name);
    let object = written.strip_suffix(".read")?;
    let whole = matches!(file.slice(calls::inside(call)).trim(), "" | "-1");
    let below = object.strip_suffix(".file");
    if !whole || call.attached || (below.is_none() && !call.awaited) {
        return None;
    }
    let upload = below.unwrap_or(object);
    // Who sends a file in parts has seen to its size.
    if words(upload).iter().any(|it| it == "chunk") {
        return None;
    }
    let function = file.function_at(call.name.start)?;
    is_upload(file, function, upload, call.name.start).then_some((upload, function))
}

/// Whether a name is a parameter for an upload, or runs through one for several.
fn is_upload(file: &FileContext<'_>, function: &Definition, name: &str, offset: u32) -> bool {
    let parameters = file.outline.signature(function).parameters;
    let is_parameter = |name: &str, many: bool| {
        parameters.iter().any(|parameter| {
            file.slice(parameter.name) == name
                && parameter.annotation.is_some_and(|annotation| {
                    let text = file.slice(annotation);
                    // What takes many kinds of values is no endpoint.
                    let one_of_many = text.matches('|').count() + text.matches(',').count() > 2;
                    names_upload(text)
                        && !one_of_many
                        && (many || !text.to_ascii_lowercase().contains("list["))
                })
        })
    };
    if is_parameter(name, false) {
        return true;
    }
    let scope = file.outline.line_at(offset).and_then(|line| line.scope);
    let mut bindings = file.values().bindings(name).iter();
    let binding = bindings.rfind(|it| it.scope == scope && it.at < offset);
    let line = binding.and_then(|binding| file.outline.line_at(binding.at));
    line.filter(|line| line.keyword == Keyword::For).is_some_and(|line| {
        let text = file.slice(line.span).split_once(" in ").map_or("", |(_, rest)| rest);
        let over = text.trim_end_matches(':').trim();
        let over = over.strip_prefix("enumerate(").map_or(over, |it| it.trim_end_matches(')'));
        is_parameter(over.split([',', ' ', ':']).next().unwrap_or_default(), true)
    })
}

/// Whether only those may send it who are signed in, or run the service, by the names in signature, decorators and path.
fn is_from_known(file: &FileContext<'_>, function: &Definition) -> bool {
    const KNOWN: [&str; 16] = [
        "admin",
        "admins",
        "auth",
        "authenticated",
        "login",
        "mock",
        "permission",
        "permissions",
        "plugins",
        "principal",
        "staff",
        "superuser",
        "tenant",
        "token",
        "user",
        "users",
    ];
    let head = Span::new(function.span.start, function.body.start);
    [file.slice(head), file.path_inside()]
        .iter()
        .any(|text| words(text).iter().any(|it| KNOWN.contains(&it.as_str())))
}

/// Whether the function is what answers the request: only there all that is asked before is in sight.
fn is_handler(file: &FileContext<'_>, function: &Definition) -> bool {
    entry_points::around(file, function.body.start) == Some(EntryPoint::Route)
}

/// Whether the function refuses those whom it does not know before it reads.
fn is_refused_before(file: &FileContext<'_>, function: &Definition, call: &Call) -> bool {
    let before = file.slice(Span::new(function.body.start, call.name.start));
    ["401", "403", "UNAUTHORIZED", "FORBIDDEN", "Unauthorized", "Forbidden", "PermissionDenied"]
        .iter()
        .any(|it| before.contains(it))
}

/// Whether a router is given dependencies for all its handlers, here or where the routers of the project are put together.
fn is_guarded_as_a_whole(file: &FileContext<'_>, known: &mut Option<bool>) -> bool {
    *known.get_or_insert_with(|| {
        guards_router(file.source, file.outline)
            || file.in_facts().is_some_and(|(facts, own)| {
                const STEMS: [&str; 9] = [
                    "__init__", "api", "app", "asgi", "main", "router", "routers", "routes",
                    "server",
                ];
                let files = facts.project().files.iter().filter(|it| {
                    it.component == own.component
                        && it.path.extension() == Some("py")
                        && it.path.file_stem().is_some_and(|stem| STEMS.contains(&stem))
                });
                files.filter_map(|it| facts.python(&it.path)).any(|it| {
                    it.source.text().contains("include_router")
                        && guards_router(&it.source, &it.outline)
                })
            })
    })
}

/// Whether a file makes a router or an application with dependencies, or takes one in with them, or looks at each request.
fn guards_router(source: &SourceFile, outline: &Outline) -> bool {
    outline.calls.iter().any(|call| match last_part(source.slice(call.name)) {
        "include_router" | "APIRouter" | "FastAPI" => {
            source.slice(call.arguments).contains("dependencies")
        }
        "add_middleware" => source.slice(call.arguments).contains("Auth"),
        _ => false,
    })
}

/// Whether only other services of the project reach the one that the file is part of.
fn is_of_inner_service(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| is_inner(facts, &known.path))
}

fn names_upload(annotation: &str) -> bool {
    annotation.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == "UploadFile")
}

/// Whether a size is asked for, or a function checks the upload, above the read.
fn is_checked_before(
    file: &FileContext<'_>,
    function: &Definition,
    call: &Call,
    upload: &str,
) -> bool {
    let before = Span::new(function.span.start, call.name.start);
    let text = file.slice(before).to_ascii_lowercase();
    let asks = ["content-length", "content_length", ".tell()", "max_size", "max_bytes", "getsize"]
        .iter()
        .any(|word| text.contains(word))
        || text.contains(&format!("{}.size", upload.to_ascii_lowercase()))
        || text.contains("\"size\"");
    asks || calls_of(file, before).any(|other| {
        let name = calls::written(file, other);
        let checks = words(last_part(&name)).iter().any(|word| {
            matches!(word.as_str(), "check" | "validate" | "verify" | "ensure" | "limit" | "assert")
        });
        checks && calls::arguments(file, other).iter().any(|it| it.value.starts_with(upload))
    })
}

/// Whether the length of what was read is compared below, or somebody else may find it too long.
fn is_checked_behind(file: &FileContext<'_>, function: &Definition, call: &Call) -> bool {
    let behind = Span::new(call.arguments.end, function.span.end.max(call.arguments.end));
    let lines = &file.outline.lines;
    let first = lines.partition_point(|line| line.span.start < behind.start);
    let text = file.slice(behind);
    ["TooLarge", "TOO_LARGE", "413", "too large"].iter().any(|it| text.contains(it))
        || lines[first..].iter().take_while(|line| line.span.start < behind.end).any(|line| {
            let text = file.slice(line.span);
            let compares = text.contains('>') || text.contains('<');
            line.keyword == Keyword::If
                && compares
                && (text.contains("len(") || text.contains("size"))
        })
}

fn calls_of<'o>(file: &FileContext<'o>, range: Span) -> impl Iterator<Item = &'o Call> {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|call| call.name.start < range.start);
    calls[first..].iter().take_while(move |call| call.name.start < range.end)
}
