//! Defaults of fields: of Django's columns, of attrs and of named tuples, which hand the same object to each instance. Those of
//! dataclasses are refused by Python itself.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::{Call, Definition, Keyword, Span};

use super::attributes::attribute;
use super::{elsewhere, is_mutable, is_read_only, kind};
use crate::shared::code::calls;
use crate::shared::code::text::is_of_name;
use crate::shared::code::words::last_part;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for call in file.outline.calls.iter().filter(|it| is_field(file.slice(it.name))) {
        if let Some(default) = shared_default(file, call)
            && (file.pedantic() || is_changed(file, call.name.start))
        {
            report(file, default, "rows", out);
        }
    }
    for line in file.outline.lines.iter().filter(|it| it.keyword == Keyword::Other) {
        let class = line.scope.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
        let Some(class) = class else { continue };
        let Some((name, value)) = attribute(file, line) else { continue };
        let rest = file.slice(line.span)[name.len()..].trim_start();
        let is_frozen = is_read_only(rest.split('=').next().unwrap_or_default());
        if rest.starts_with(':')
            && !is_frozen
            && keeps_defaults(file, class)
            && is_changed(file, line.span.start)
        {
            report(file, value, "instances", out);
        }
    }
}

/// Whether the code around changes what the objects of a class hold under the name that a line binds.
fn is_changed(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    let class = line.scope.map(|id| file.outline.definition(id)).filter(|it| it.is_class());
    let name = file.slice(line.span).split(|it| !is_of_name(it)).next().unwrap_or_default();
    class.is_some_and(|class| elsewhere::changes(file, class, name))
}

fn report(file: &FileContext<'_>, default: Span, of: &str, out: &mut Reporter<'_>) {
    let message = format!("all {of} share the {} that is the default", kind(file.slice(default)));
    out.report(Report::at(default).severity(Severity::Info).message(message));
}

/// Names of calls that may make fields: asked first, since names are resolved only then.
fn is_field(written: &str) -> bool {
    matches!(
        last_part(written),
        "JSONField" | "ArrayField" | "HStoreField" | "ib" | "attrib" | "field"
    )
}

/// The default of a field that is an object that can be changed.
fn shared_default(file: &FileContext<'_>, call: &Call) -> Option<Span> {
    const FIELDS: [&str; 9] = [
        "django.db.models.JSONField",
        "django.contrib.postgres.fields.JSONField",
        "django.contrib.postgres.fields.ArrayField",
        "django.contrib.postgres.fields.HStoreField",
        "django.contrib.gis.db.models.JSONField",
        "attr.ib",
        "attr.attrib",
        "attr.field",
        "attrs.field",
    ];
    let value = calls::keyword(file, call, "default").filter(|it| is_mutable(it))?;
    let callee = calls::callee(file, call)?;
    let start = value.as_ptr() as usize - file.source.text().as_ptr() as usize;
    FIELDS.contains(&callee.as_str()).then(|| Span::new(start as u32, (start + value.len()) as u32))
}

/// Whether a class makes annotated attributes fields and hands their defaults on as they are.
fn keeps_defaults(file: &FileContext<'_>, class: &Definition) -> bool {
    let resolved = |span: &Span| {
        let written = file.slice(*span).split('(').next().unwrap_or_default().trim();
        file.names().resolve(written, span.start).map(std::borrow::Cow::into_owned)
    };
    let is_tuple = file.outline.arguments(class).iter().any(|it| {
        it.keyword.is_none() && resolved(&it.value).as_deref() == Some("typing.NamedTuple")
    });
    is_tuple
        || file.outline.decorators(class).iter().any(|it| match resolved(it).as_deref() {
            Some(
                "attr.define" | "attr.mutable" | "attr.frozen" | "attrs.define" | "attrs.mutable"
                | "attrs.frozen",
            ) => true,
            Some("attr.s" | "attr.attrs") => file.slice(*it).contains("auto_attribs=True"),
            _ => false,
        })
}
