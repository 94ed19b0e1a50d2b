//! Texts to minor versions of Python: specifiers (PEP 440), constraints of Poetry, names of interpreters and targets. Knows
//! grammars, no file.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

use super::{Minor, minors};

/// More releases of a minor version there have never been (3.4 to 3.14 have at most 26).
const MOST_PATCHES: u64 = 40;

/// The minor version that a text begins with, and the rest: `3.12.1-slim` gives 3.12 and `.1-slim`.
pub(super) fn minor(text: &str) -> Option<(Minor, &str)> {
    let (major, rest) = number(text)?;
    let (minor, rest) = number(rest.strip_prefix('.')?)?;
    Some((Minor { major, minor }, rest))
}

fn number(text: &str) -> Option<(u8, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn existing(minor: Minor) -> Option<Minor> {
    minors().find(|it| *it == minor)
}

/// The versions that specifiers take: those of which some release is taken.
pub(super) fn taken_by(specifiers: &VersionSpecifiers) -> Vec<Minor> {
    let takes = |it: &Minor| {
        (0..MOST_PATCHES).any(|patch| {
            specifiers.contains(&Version::new([u64::from(it.major), u64::from(it.minor), patch]))
        })
    };
    minors().filter(takes).collect()
}

/// The versions of `requires-python`; none where it is not understood.
pub(super) fn of_specifiers(text: &str) -> Vec<Minor> {
    VersionSpecifiers::from_str(text.trim()).map(|it| taken_by(&it)).unwrap_or_default()
}

/// The versions of a constraint of Poetry (<https://python-poetry.org/docs/dependency-specification/>): `^3.11`, `~3.11`,
/// `3.11.*`, `>=3.9,<4.0`, `^3.9 || ^3.12`; none where it is not understood.
pub(super) fn of_constraint(text: &str) -> Vec<Minor> {
    let mut versions = Vec::new();
    for part in text.split('|').map(str::trim).filter(|it| !it.is_empty()) {
        let Some(specifiers) = constraint(part) else { return Vec::new() };
        versions.extend(taken_by(&specifiers));
    }
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// The release that a text names whole, as the tag of an image does: `python:3.11.6-slim`.
pub(super) fn release(text: &str) -> Option<(Minor, u8)> {
    let tag = text.rsplit_once(':').map_or(text, |(_, tag)| tag);
    let tag = tag.trim_start_matches(|it: char| !it.is_ascii_digit());
    let (version, rest) = minor(tag)?;
    let (patch, rest) = number(rest.strip_prefix('.')?)?;
    // `3.13.0rc1` is none yet.
    let is_whole = !rest.starts_with(|it: char| it.is_ascii_alphanumeric());
    is_whole.then_some((version, patch))
}

/// Whether a constraint takes a release; `None` where it is not understood.
pub(super) fn takes_release(required: &str, (version, patch): (Minor, u8)) -> Option<bool> {
    let release = [version.major, version.minor, patch].map(u64::from);
    let mut parts = required.split('|').map(str::trim).filter(|it| !it.is_empty()).peekable();
    parts.peek()?;
    let taken: Option<Vec<bool>> =
        parts.map(|it| Some(constraint(it)?.contains(&Version::new(release)))).collect();
    Some(taken?.into_iter().any(|it| it))
}

fn constraint(text: &str) -> Option<VersionSpecifiers> {
    if text == "*" {
        return Some(VersionSpecifiers::empty());
    }
    // Conditions are separated by commas or by white space, which may also stand behind an operator.
    let mut joined = String::new();
    for word in text.split([',', ' ']).filter(|it| !it.is_empty()) {
        let goes_on = joined.ends_with(['<', '>', '=', '!', '~', '^']);
        if !goes_on && !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(word);
    }
    let parts: Option<Vec<String>> = joined.split(',').map(condition).collect();
    VersionSpecifiers::from_str(&parts?.join(",")).ok()
}

fn condition(text: &str) -> Option<String> {
    if text.starts_with("~=") {
        return Some(text.to_owned());
    }
    if let Some(version) = text.strip_prefix('^') {
        let (major, _) = number(version)?;
        return Some(format!(">={version},<{}.0", major + 1));
    }
    if let Some(version) = text.strip_prefix('~') {
        let above = match minor(version) {
            Some((it, _)) => format!("{}.{}", it.major, it.minor + 1),
            None => format!("{}.0", number(version)?.0 + 1),
        };
        return Some(format!(">={version},<{above}"));
    }
    if text.starts_with(|it: char| it.is_ascii_digit()) {
        return Some(format!("=={text}"));
    }
    Some(text.to_owned())
}

/// The version of an interpreter, as version files and pipelines name it: `3.12`, `3.12.1`, `python3.12`, `python-3.12.1`,
/// `cpython-3.12`, `pypy3.10-v7.3`, `3.14-dev`, `3.13t`. What may be several or any (`3.x`, `3`) is not known, but for
/// specifiers.
pub(super) fn of_interpreter(text: &str) -> Vec<Minor> {
    let text = text.trim().to_ascii_lowercase();
    if text.starts_with(['<', '>', '=', '!', '~', '^']) {
        // A specifier lets the newest be taken.
        return of_constraint(&text).last().copied().into_iter().collect();
    }
    let name = text.find(|it: char| it.is_ascii_digit()).unwrap_or(text.len());
    let is_python = matches!(
        text[..name].trim_end_matches(['-', '@', ' ']),
        "" | "python" | "cpython" | "pypy" | "graalpy" | "py"
    );
    let version = minor(&text[name..]).filter(|_| is_python);
    // `3.x` has no number behind the dot, `3.10.x` has one.
    version.and_then(|(it, _)| existing(it)).into_iter().collect()
}

/// The versions of a target: `py311`, `3.11`, `py3.11`, `311`.
pub(super) fn of_target(text: &str) -> Vec<Minor> {
    let digits = text.trim().trim_start_matches("py");
    if digits.contains('.') {
        return of_interpreter(digits);
    }
    let target = digits.split_at_checked(1).and_then(|(major, minor)| {
        existing(Minor { major: major.parse().ok()?, minor: minor.parse().ok()? })
    });
    target.into_iter().collect()
}
