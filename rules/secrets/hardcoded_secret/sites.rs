//! The key that a site of Django's or Flask's signs with: whether production surely takes it from where it stands.

use roadworthy_engine::{FileContext, Severity};

use crate::shared::frameworks::django::{self, Settings};
use crate::shared::secrets::circumstances::is_served;
use crate::shared::secrets::trials::is_to_try_out;

/// The level of a key that a site signs with: certain where a server is started with it, as what production runs of Django's settings
/// ends with it and `DEBUG` is off there; a warning where production surely runs these settings or ends with this line, and they were
/// not left as they were made, with `DEBUG` on and no host allowed.
pub(super) fn of_site(file: &FileContext<'_>, offset: u32) -> Severity {
    let text = file.source.text();
    let has = |line: &str| text.lines().any(|it| it.trim_end() == line);
    let production = in_production(file, offset);
    let debugs = if production.is_empty() {
        has("DEBUG = True")
    } else {
        production.iter().all(|it| it.text("DEBUG").map(str::trim) == Some("True"))
    };
    let allows_none = has("ALLOWED_HOSTS = []") || has("ALLOWED_HOSTS: list[str] = []");
    let served = is_served(file);
    let always = file.outline.line_at(offset).is_some_and(|line| line.indent == 0);
    if served && always && production.iter().any(|it| !may_debug(it)) {
        Severity::Error
    } else if !served && debugs && allows_none
        || is_to_try_out(file)
        || production.is_empty() && !django::is_file_surely_run(file)
    {
        Severity::Info
    } else {
        Severity::Warning
    }
}

/// The settings that production runs and whose key is the one at an offset in the end.
fn in_production<'f>(file: &FileContext<'f>, offset: u32) -> Vec<Settings<'f>> {
    let Some((facts, known)) = file.in_facts() else { return Vec::new() };
    let mut modules = django::production(facts, known.component);
    modules.retain(|settings| {
        settings
            .effective("SECRET_KEY")
            .is_some_and(|it| it.path == known.path && it.span.contains(offset))
    });
    modules
}

/// Whether `DEBUG` is on in the end, or not known.
fn may_debug(settings: &Settings<'_>) -> bool {
    let debug = settings.effective("DEBUG");
    debug.is_some_and(|it| it.setting.is_none_or(|it| it.value.is_truthy()))
}

/// Whether the module binds Django's key once more after an offset, so that what stands there never holds.
pub(super) fn is_bound_again(file: &FileContext<'_>, offset: u32) -> bool {
    let bindings = file.values().bindings("SECRET_KEY");
    let mut of_module = bindings.iter().filter(|it| it.scope.is_none());
    // Under a condition the first may hold after all.
    let always = |at: u32| file.outline.line_at(at).is_some_and(|line| line.indent == 0);
    of_module.clone().any(|it| it.at < offset)
        && of_module.any(|it| it.at > offset && always(it.at))
}

/// Whether the module binds Django's key: what a comment holds was another one before.
pub(super) fn binds_key(file: &FileContext<'_>) -> bool {
    file.values().bindings("SECRET_KEY").iter().any(|it| it.scope.is_none())
}
