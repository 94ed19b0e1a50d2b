//! The same call, of the time in UTC with its zone. Knows how the file imports `datetime`.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Call, ImportKind};

use crate::shared::code::calls;

/// The changes that make a call one with a zone.
pub(super) fn edits(file: &FileContext<'_>, call: &Call) -> Option<Vec<Edit>> {
    let written = file.slice(call.name);
    let (class, name) = written.rsplit_once('.')?;
    let (zone, import) = zone(file, class, call.name.start)?;
    let mut edits: Vec<Edit> = import.into_iter().collect();
    match name {
        "now" | "utcnow" if file.slice(calls::inside(call)).trim().is_empty() => {
            edits.push(Edit { span: calls::span(call), text: format!("{class}.now(tz={zone})") });
        }
        "fromtimestamp" | "utcfromtimestamp" => {
            let [only] = calls::arguments(file, call)[..] else { return None };
            let text = format!("{class}.fromtimestamp({}, tz={zone})", only.value);
            edits.push(Edit { span: calls::span(call), text });
        }
        _ => return None,
    }
    edits.sort();
    Some(edits)
}

/// How the zone is written, and the import that makes it known.
fn zone(file: &FileContext<'_>, class: &str, offset: u32) -> Option<(String, Option<Edit>)> {
    let names = file.names();
    if let Some(module) = class.strip_suffix(".datetime") {
        return (names.resolve(module, offset)?.as_ref() == "datetime")
            .then(|| (format!("{module}.timezone.utc"), None));
    }
    let of = |name: &str| names.resolve(name, offset).map(std::borrow::Cow::into_owned);
    if of("UTC").as_deref() == Some("datetime.UTC") {
        return Some(("UTC".to_owned(), None));
    }
    if of("timezone").as_deref() == Some("datetime.timezone") {
        return Some(("timezone.utc".to_owned(), None));
    }
    let is_free = of("timezone").as_deref() == Some("timezone")
        && file.values().bindings("timezone").is_empty();
    let import = file.outline.imports.iter().find(|it| {
        it.kind == ImportKind::From
            && it.scope.is_none()
            && it.level == 0
            && file.slice(it.module) == "datetime"
            && file.slice(it.name) == "datetime"
    })?;
    let end = import.alias.unwrap_or(import.name).end;
    is_free.then(|| ("timezone.utc".to_owned(), Some(Edit::insert(end, ", timezone"))))
}
