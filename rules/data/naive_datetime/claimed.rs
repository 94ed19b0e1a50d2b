//! Times without a zone that are taken for one that they are not: local time called UTC, UTC read as local time. Knows
//! what is done to the value in its expression.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use super::Naive;
use crate::shared::code::nodes::around;
use crate::shared::code::strings::{arguments, receiver_of_method};
use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::words::last_part;

const LOCAL_AS_UTC: &str = "is the local time, which is called UTC here";
const UTC_AS_LOCAL: &str = "has no zone, so that this takes it for local time";

/// A time that is taken for another one.
pub(super) struct Claim {
    /// What is wrong, for a message that begins with the call.
    pub(super) said: &'static str,
    /// Whether the same call with a zone is all that it takes.
    pub(super) mends: bool,
}

/// What is wrong with how a time is read.
pub(super) fn wrongly(file: &FileContext<'_>, value: Node<'_>, kind: Naive) -> Option<Claim> {
    if is_part_of_name(file, value) {
        return None;
    }
    let (said, mends) = match kind {
        Naive::Local => (LOCAL_AS_UTC, is_called_utc(file, value)?),
        Naive::Utc => (UTC_AS_LOCAL, is_read_as_local(file, value)?),
    };
    Some(Claim { said, mends })
}

/// Whether the declaration around a default says that the field is UTC.
pub(super) fn is_described_as_utc(file: &FileContext<'_>, default: Node<'_>) -> bool {
    let Some(given) = default.parent().filter(|it| it.kind() == "argument_list") else {
        return false;
    };
    let mut cursor = given.walk();
    given.named_children(&mut cursor).any(|it| {
        let name = it.child_by_field_name("name").map(|it| file.text(it));
        matches!(name, Some("description" | "comment" | "doc" | "help_text"))
            && file.text(it).split(|it: char| !it.is_alphanumeric()).any(|it| it == "UTC")
    })
}

/// Whether all that is read of a time that gets a name is its day, which is another one for a few hours at most.
pub(super) fn is_day_alone(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let assignment = around(value).find(|it| it.kind() == "assignment");
    let name = assignment.and_then(|it| it.child_by_field_name("left"));
    let function = file.function_at(value.start_byte() as u32);
    let (Some(name), Some(function)) = (name.filter(|it| it.kind() == "identifier"), function)
    else {
        return false;
    };
    let body = file.slice(function.body);
    let start = function.body.start as usize;
    let mut uses = places_of(body, file.text(name))
        .filter(|at| start + at != name.start_byte() && !body[..*at].ends_with('.'))
        .peekable();
    uses.peek().is_some()
        && uses.all(|at| body[at + file.text(name).len()..].starts_with(".date()"))
}

/// Whether a time becomes a part of a file's name: it helps to find the file, whatever the zone.
fn is_part_of_name(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let names = ["content-disposition", "filename", "file_name"];
    around(value)
        .take_while(|it| !matches!(it.kind(), "block" | "dictionary" | "module"))
        .filter(|it| matches!(it.kind(), "pair" | "assignment" | "keyword_argument" | "call"))
        .any(|it| {
            let head = file.text(it).to_ascii_lowercase();
            let head = head.split(['\n', '{']).next().unwrap_or_default();
            names.iter().any(|name| head.contains(name))
        })
}

/// The call of a method on a value, and the method's name.
fn method_on<'t, 'a>(file: &FileContext<'a>, value: Node<'t>) -> Option<(Node<'t>, &'a str)> {
    let attribute = value.parent().filter(|it| it.kind() == "attribute")?;
    let call = attribute.parent().filter(|it| it.kind() == "call")?;
    let (receiver, name) = receiver_of_method(file, call)?;
    (receiver.id() == value.id()).then_some((call, name))
}

/// Whether the statement behind one that names a time gives it the zone of UTC: `local = datetime.fromtimestamp(at)`, and then
/// `local.replace(tzinfo=utc)`.
fn is_called_utc_next(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let bound = value.parent().filter(|it| it.kind() == "assignment");
    let name = bound.and_then(|it| it.child_by_field_name("left"));
    let Some((bound, name)) = bound.zip(name).filter(|(_, it)| it.kind() == "identifier") else {
        return false;
    };
    let next = bound.parent().and_then(|it| it.next_named_sibling());
    let Some(next) = next.filter(|it| it.kind() == "expression_statement") else { return false };
    let text = file.text(next);
    let start = format!("{}.replace(tzinfo=", file.text(name));
    let Some(zone) = text.find(&start).map(|at| &text[at + start.len()..]) else { return false };
    let zone = zone.split([',', '\n']).next().unwrap_or_default().trim_end_matches(')');
    let is_utc = |text: &str| {
        matches!(
            text.trim_end_matches("()"),
            "timezone.utc"
                | "datetime.timezone.utc"
                | "pytz.utc"
                | "pytz.UTC"
                | "UTC"
                | "utc"
                | "tz.tzutc"
                | "tz.UTC"
        )
    };
    let mut bindings = file.values().bindings(zone).iter();
    is_utc(zone)
        || bindings
            .rfind(|it| it.at < next.start_byte() as u32)
            .is_some_and(|it| it.value.is_some_and(|it| is_utc(file.slice(it))))
}

/// Whether local time is called UTC, and whether it would be UTC if it had that zone.
fn is_called_utc(file: &FileContext<'_>, value: Node<'_>) -> Option<bool> {
    if is_called_utc_next(file, value) {
        return Some(true);
    }
    let mut node = value;
    while let Some((call, name)) = method_on(file, node) {
        match name {
            "replace" => {
                let zone = arguments(call).into_iter().find(|it| {
                    it.child_by_field_name("name").is_some_and(|it| file.text(it) == "tzinfo")
                });
                if let Some(zone) = zone.and_then(|it| it.child_by_field_name("value")) {
                    // The difference to the true one is how far the clock is from UTC.
                    let is_difference =
                        call.parent().is_some_and(|it| it.kind() == "binary_operator");
                    // An offset that is worked out may be any: `timezone(offset=utc_offset)`.
                    let zone = file.text(zone).to_ascii_lowercase();
                    let names_it = ["utc\"", "utc'"].iter().any(|it| zone.contains(it));
                    let is_utc = zone.contains("utc") && (!zone.contains("timezone(") || names_it);
                    return (is_utc && !is_difference).then_some(true);
                }
            }
            // With a zone it would say so twice.
            "isoformat" => return is_followed_by_z(file, call).then_some(false),
            "strftime" => {
                let format = arguments(call).first().map_or("", |it| file.text(*it));
                let format = format.trim_end_matches(['"', '\'']);
                let says_utc =
                    format.ends_with('Z') && !format.ends_with("%Z") && format.contains("%H:%M");
                return says_utc.then_some(true);
            }
            _ => return None,
        }
        node = call;
    }
    None
}

/// `… + "Z"`, or `Z` behind the field of an f-string.
fn is_followed_by_z(file: &FileContext<'_>, text: Node<'_>) -> bool {
    let Some(parent) = text.parent() else { return false };
    match parent.kind() {
        "binary_operator" => parent
            .child_by_field_name("right")
            .is_some_and(|it| it.id() != text.id() && matches!(file.text(it), "\"Z\"" | "'Z'")),
        "interpolation" => {
            let behind = &file.source.text()[parent.end_byte()..];
            behind.starts_with("Z\"") || behind.starts_with("Z'")
        }
        _ => false,
    }
}

/// Whether UTC is read as local time, and whether it would not be if it had its zone.
fn is_read_as_local(file: &FileContext<'_>, value: Node<'_>) -> Option<bool> {
    match method_on(file, value)? {
        (call, "timestamp") => (is_kept(file, call) && !meets_its_like(file, call)).then_some(true),
        (call, "astimezone") => (!is_only_zone(file, call)).then_some(true),
        (call, "timetuple") => {
            let outer = call.parent()?.parent().filter(|it| it.kind() == "call")?;
            (file.callee(outer)? == "time.mktime").then_some(false)
        }
        _ => None,
    }
}

/// Whether nothing is taken of a time but its zone: `.tzinfo`, `.tzname()`. The instant does not matter then.
fn is_only_zone(file: &FileContext<'_>, time: Node<'_>) -> bool {
    let attribute = time.parent().filter(|it| it.kind() == "attribute");
    let name = attribute.and_then(|it| it.child_by_field_name("attribute"));
    name.is_some_and(|it| matches!(file.text(it), "tzinfo" | "tzname" | "utcoffset"))
}

/// Whether a number of seconds gets a name of its own that others read; a part of a file's name, or one of two that are
/// compared, may be off.
fn is_kept(file: &FileContext<'_>, seconds: Node<'_>) -> bool {
    let mut node = seconds;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "pair" | "keyword_argument" | "return_statement" => return true,
            "parenthesized_expression" => {}
            "binary_operator" => {
                let is_scaled = ["left", "right"].iter().any(|it| {
                    parent
                        .child_by_field_name(it)
                        .is_some_and(|it| matches!(it.kind(), "integer" | "float"))
                });
                if !is_scaled {
                    return false;
                }
            }
            "argument_list" => {
                let Some(call) = parent.parent() else { return false };
                let function = call.child_by_field_name("function").map_or("", |it| file.text(it));
                if !matches!(last_part(function), "int" | "round" | "float") {
                    return false;
                }
                node = call;
                continue;
            }
            "assignment" => {
                return parent.child_by_field_name("left").is_some_and(|it| match it.kind() {
                    "attribute" => is_read(file, it),
                    "subscript" => !is_on_own_clock(file, it, seconds),
                    _ => false,
                });
            }
            _ => return false,
        }
        node = parent;
    }
    false
}

/// Whether a number goes into a mapping that an object keeps in memory, and all times of its class are made alike: each is as far
/// off as those that it is compared with.
fn is_on_own_clock(file: &FileContext<'_>, target: Node<'_>, seconds: Node<'_>) -> bool {
    let class = file.outline.enclosing(seconds.start_byte() as u32).find(|it| it.is_class());
    let text = class.map_or("", |it| file.slice(it.span));
    let others = ["time.time(", ".now(", "fromtimestamp(", "isoformat(", "json.dump"];
    file.text(target).starts_with("self.")
        && text.matches(file.text(seconds)).count() > 1
        && !others.iter().any(|it| text.contains(it))
}

/// Whether all that reads a number under a key in the file takes it from another one that is as far off.
fn meets_its_like(file: &FileContext<'_>, seconds: Node<'_>) -> bool {
    let key = around(seconds).find_map(|it| match it.kind() {
        "pair" => it.child_by_field_name("key"),
        "assignment" => it.child_by_field_name("left")?.child_by_field_name("subscript"),
        _ => None,
    });
    let Some(key) = key.filter(|it| it.kind() == "string").map(|it| file.text(it)) else {
        return false;
    };
    let alike = file.text(seconds);
    let mut lines = file.source.text().lines();
    let mut met = 0;
    while let Some(line) = lines.by_ref().find(|it| it.contains(key)) {
        let name = line.split_once(" = ").map_or("", |it| it.0.trim());
        let is_met = |line: &str| line.contains(alike) && has_name(line, name);
        // A few lines on, as such a name is short-lived.
        let is_read_alike =
            line.contains(alike) || !name.is_empty() && lines.clone().take(5).any(is_met);
        if !is_read_alike {
            return false;
        }
        met += 1;
    }
    met > 1
}

/// Whether the file names an attribute that it gives to an object of its own once more.
fn is_read(file: &FileContext<'_>, attribute: Node<'_>) -> bool {
    let text = file.text(attribute);
    let name = &text[text.len() - last_part(text).len()..];
    let uses = file.source.text().split(|it: char| !(it.is_alphanumeric() || it == '_'));
    !text.starts_with("self.") || uses.filter(|it| *it == name).count() > 1
}
