//! See `cached-coroutine.toml`. Knows decorators and imports, nothing of what awaits.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::DefinitionKind;

use crate::shared::resources::caches::cache;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let functions = &file.outline.definitions;
    for function in functions.iter().filter(|it| it.kind == DefinitionKind::AsyncFunction) {
        // What stands between a cache and the function may make something of it that can be awaited twice.
        let Some(&decorator) = file.outline.decorators(function).last() else { continue };
        out.judged();
        let Some(cache) = cache(file, decorator) else { continue };
        let name = file.slice(function.name);
        let message = format!(
            "`{}` keeps the coroutine of `{name}`, which can be awaited only once",
            cache.written
        );
        out.report(Report::at(decorator).message(message).extent(function.header));
    }
}
