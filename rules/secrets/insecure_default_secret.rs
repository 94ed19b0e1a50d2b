//! See `insecure-default-secret.toml`: settings that are secret and work without being set.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::Keyword;
use roadworthy_secrets::{Binding, Confidence, Place, is_working_default, judge};

use crate::shared::default_guards;
use crate::shared::literal_binding::{Bound, Form};
use crate::shared::secret_literals::{Literal, binding, in_enumeration, shown, visit_literals};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let candidates: Vec<u32> = out.candidates().collect();
    if !file.pedantic() && default_guards::is_local_module(file) {
        return;
    }
    visit_literals(file, &candidates, true, 1, |literal| check_literal(file, &literal, out));
}

fn check_literal(file: &FileContext<'_>, literal: &Literal<'_>, out: &mut Reporter<'_>) {
    let Some(bound) = literal.bound.filter(|_| literal.plain) else { return };
    let value = literal.value(file);
    let offset = literal.content.start;
    if !is_working_default(bound.name, &value) || in_enumeration(file, offset) {
        return;
    }
    let form = binding(file, &bound, offset);
    let Some(place) = setting(file, &bound, form, offset) else { return };
    // What looks real, or has a format, is a hardcoded secret, unless it stands where only a default can.
    let real = judge(&Place::Bound { name: bound.name, binding: form }, &value)
        .is_some_and(|it| it.confidence >= Confidence::Medium || it.span != (0..value.len()));
    let format = !roadworthy_secrets::scan(value.as_bytes()).is_empty();
    if format || real && place == Setting::Constant {
        return;
    }
    if !file.pedantic() && default_guards::holds(file, literal, bound.name, &value) {
        return;
    }
    let name = shown(bound.name, &value);
    let message = match place {
        Setting::Environment => format!("{name} falls back to a literal that works"),
        Setting::Field => format!("setting {name} has a default that works"),
        Setting::Constant => {
            format!("setting {name} is a literal that everybody can read")
        }
    };
    out.report(Report::at(literal.content).extent(literal.joined.span).message(message));
}

/// Where a setting's value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// The default of a read of the environment.
    Environment,
    /// The default of a field of a settings class.
    Field,
    /// The setting itself: Django's and Flask's `SECRET_KEY`.
    Constant,
}

fn setting(
    file: &FileContext<'_>,
    bound: &Bound<'_>,
    form: Binding,
    offset: u32,
) -> Option<Setting> {
    let signs = bound.name.eq_ignore_ascii_case("secret_key");
    match (form, bound.form) {
        (Binding::EnvironmentDefault, _) => Some(Setting::Environment),
        (Binding::SettingDefault, Form::Assignment(_)) => Some(Setting::Field),
        (_, Form::Assignment(target)) if signs => {
            let object = target.strip_suffix(".secret_key").unwrap_or_default();
            let mapping = target.split_once('[').map_or("", |it| it.0);
            let flask = object.ends_with("app") || mapping.ends_with("config");
            let module = file.outline.line_at(offset).is_some_and(|it| {
                it.scope.is_none() && it.keyword == Keyword::Other && target == "SECRET_KEY"
            });
            (flask || module).then_some(Setting::Constant)
        }
        (_, Form::Argument(Some(call))) if signs => {
            let callee = file.slice(call.name);
            (callee.ends_with("config.update")
                || callee.ends_with("config.from_mapping")
                || callee.ends_with("SessionMiddleware")
                || callee.ends_with("add_middleware"))
            .then_some(Setting::Constant)
        }
        _ => None,
    }
}
