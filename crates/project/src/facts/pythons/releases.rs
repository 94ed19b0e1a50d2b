//! The minor versions of Python that are in use, and how long each is supported. Knows the data beside it.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::Minor;
use super::versions::minor;
use crate::facts::syntax;
use crate::facts::value::Value;

static RELEASES: LazyLock<Vec<(Minor, Date)>> = LazyLock::new(|| {
    let data = syntax::toml::parse(include_str!("releases.toml")).unwrap_or_default();
    let releases = data.get("release").into_iter().flat_map(Value::items);
    let release = |it: &Value| {
        let (version, _) = minor(it.get("version")?.text()?)?;
        Some((version, it.get("ends")?.text()?.parse().ok()?))
    };
    releases.filter_map(release).collect()
});

/// The minor versions of Python that are in use, in order.
pub fn minors() -> impl DoubleEndedIterator<Item = Minor> {
    RELEASES.iter().map(|(minor, _)| *minor)
}

/// The last day on which a version is supported (<https://devguide.python.org/versions/>).
pub fn end_of_life(minor: Minor) -> Option<Date> {
    RELEASES.iter().find(|(it, _)| *it == minor).map(|(_, ends)| *ends)
}

/// Whether a version gets fixes of its security on a day. So does one that is not known: it is newer than the data.
pub fn is_supported(minor: Minor, as_of: Date) -> bool {
    end_of_life(minor).is_none_or(|ends| as_of <= ends)
}
