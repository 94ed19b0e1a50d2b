//! Texts of requirements to names, versions and sources (PEP 508, and what pip takes besides). Knows no file.

use std::convert::Infallible;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use pep508_rs::{Pep508Url, VersionOrUrl};

use super::{Group, Requirement, Source};
use crate::facts::Place;

/// What the text of a requirement says.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub(super) name: String,
    pub(super) versions: VersionSpecifiers,
    pub(super) extras: Vec<String>,
    pub(super) marker: Option<String>,
    pub(super) source: Source,
}

impl Parsed {
    /// A requirement of a name alone.
    pub(super) fn named(name: &str) -> Self {
        Self {
            name: normalised(name),
            versions: VersionSpecifiers::empty(),
            extras: Vec::new(),
            marker: None,
            source: Source::Index,
        }
    }

    /// The requirement at a place.
    pub(super) fn at(self, place: Place, group: Group) -> Requirement {
        let Self { name, versions, extras, marker, source } = self;
        Requirement { name, versions, extras, marker, source, group, place }
    }
}

/// A URL as written: nothing of it is expanded or looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Written(String);

impl fmt::Display for Written {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Pep508Url for Written {
    type Err = Infallible;

    fn parse_url(url: &str, _: Option<&Path>) -> Result<Self, Self::Err> {
        Ok(Self(url.to_owned()))
    }
}

/// A name as indexes compare it (PEP 503): in lower case, runs of `-`, `_` and `.` as one `-`.
pub fn normalised(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        if !matches!(letter, '-' | '_' | '.') {
            normal.push(letter.to_ascii_lowercase());
        } else if !normal.ends_with('-') {
            normal.push('-');
        }
    }
    normal
}

/// Reads the text of one requirement. What has a name and versions that nobody understands (`pytz>dev`) takes all of
/// them; what has no name is none.
pub(super) fn parse(text: &str) -> Option<Parsed> {
    let text = text.trim();
    let Ok(requirement) = pep508_rs::Requirement::<Written>::from_str(text) else {
        return parse_name(text);
    };
    let (versions, source) = match requirement.version_or_url {
        None => (VersionSpecifiers::empty(), Source::Index),
        Some(VersionOrUrl::VersionSpecifier(versions)) => (versions, Source::Index),
        Some(VersionOrUrl::Url(Written(url))) => (VersionSpecifiers::empty(), source_of(&url)),
    };
    // A URL may hold a semicolon, which is why a space is needed before a marker behind one.
    let separator = if source == Source::Index { ";" } else { " ;" };
    let marker = text.split_once(separator).map(|(_, marker)| marker.trim().to_owned());
    Some(Parsed {
        name: normalised(requirement.name.as_ref()),
        versions,
        extras: requirement.extras.iter().map(ToString::to_string).collect(),
        marker: marker.filter(|marker| !marker.is_empty()),
        source,
    })
}

/// The name of a requirement whose rest is not understood.
fn parse_name(text: &str) -> Option<Parsed> {
    let end = text.find(|c: char| !is_of_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let versions = ["=", "<", ">", "!", "~", "[", "(", ";", "@"];
    let goes_on = versions.iter().any(|start| rest.starts_with(start));
    (is_name(name) && goes_on).then(|| {
        let marker = rest.split_once(';').map(|(_, marker)| marker.trim().to_owned());
        let source = rest.strip_prefix('@').map_or(Source::Index, |url| source_of(url.trim()));
        Parsed { marker, source, ..Parsed::named(name) }
    })
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn is_name(name: &str) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    name.starts_with(ends) && name.ends_with(ends) && name.chars().all(is_of_name)
}

/// Reads versions as PEP 440 writes them; what is not understood takes all.
pub(super) fn specifiers(text: &str) -> VersionSpecifiers {
    VersionSpecifiers::from_str(text.trim()).unwrap_or_else(|_| VersionSpecifiers::empty())
}

const VCS: [&str; 4] = ["git+", "hg+", "svn+", "bzr+"];

/// Where a URL or path leads, as pip reads it.
pub fn source_of(url: &str) -> Source {
    let (address, fragment) = url.split_once('#').unwrap_or((url, ""));
    if VCS.iter().any(|scheme| address.starts_with(scheme))
        || address.starts_with("git://")
        || address.starts_with("git@")
    {
        return repository(revision_behind(address));
    }
    let Some((scheme, rest)) = address.split_once("://") else { return Source::Local };
    if !matches!(scheme, "http" | "https" | "ftp" | "s3" | "gs") {
        return Source::Local;
    }
    if let Some(revision) = revision_of_archive(rest) {
        return repository(Some(revision.to_owned()));
    }
    let hashed = ["sha256=", "sha384=", "sha512="].iter().any(|hash| fragment.contains(hash));
    let file = rest.rsplit('/').next().unwrap_or_default();
    let mut digits = file.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let versioned = file.contains('.') && digits.nth(1).is_some();
    Source::Archive { hashed, versioned }
}

/// A repository at a revision.
pub(super) fn repository(revision: Option<String>) -> Source {
    let pinned = revision.as_deref().is_some_and(is_commit);
    Source::Repository { revision, pinned }
}

/// Whether a revision can only be a commit: a hash of git, whole or abbreviated. That one has digits tells it from names
/// that are written in its letters.
fn is_commit(revision: &str) -> bool {
    (7..=64).contains(&revision.len())
        && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
        && revision.bytes().any(|byte| byte.is_ascii_digit())
}

/// What stands behind the `@` of the path: `git+https://user@host/team/shop.git@v1`.
fn revision_behind(address: &str) -> Option<String> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.split_once('/').map(|(_, path)| path)?;
    let (_, revision) = path.rsplit_once('@')?;
    (!revision.is_empty()).then(|| revision.to_owned())
}

/// The revision that a forge packs into an archive: `github.com/a/b/archive/refs/heads/main.zip`.
fn revision_of_archive(address: &str) -> Option<&str> {
    let (_, behind) =
        address.split_once("/archive/").or_else(|| address.split_once("/zipball/"))?;
    let name = behind.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/");
    let name = [".zip", ".tar.gz", ".tgz", ".tar.bz2"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    // GitLab repeats the name of the project behind the revision.
    let name = name.split('/').next().unwrap_or(name);
    (!name.is_empty()).then_some(name)
}

impl Requirement {
    /// Whether it takes exactly one version, or one commit or archive.
    pub fn is_pinned(&self) -> bool {
        match &self.source {
            Source::Index => self.version().is_some(),
            Source::Repository { pinned, .. } => *pinned,
            Source::Archive { hashed, versioned } => *hashed || *versioned,
            Source::Local => true,
        }
    }

    /// The one version that it takes.
    pub fn version(&self) -> Option<&Version> {
        let exact =
            |operator: &Operator| matches!(operator, Operator::Equal | Operator::ExactEqual);
        let mut exact = self.versions.iter().filter(|one| exact(one.operator()));
        exact.next().map(VersionSpecifier::version)
    }

    /// Whether it may take this version or a later one. A text that is no version is taken for 0.
    pub fn may_reach(&self, version: &str) -> bool {
        let least = version.parse().unwrap_or_else(|_| Version::new([0]));
        let from = VersionSpecifier::greater_than_equal_version(least);
        overlap(&self.versions, &from.into())
    }

    /// Whether there may be a version that both take.
    pub fn overlaps(&self, other: &Self) -> bool {
        overlap(&self.versions, &other.versions)
    }
}

/// Whether there may be a version that is in both ranges. Where ranges overlap, one begins inside of the other: so the
/// ends of both, and what is a little above them, are all that needs to be tried.
pub fn overlap(one: &VersionSpecifiers, other: &VersionSpecifiers) -> bool {
    let least = Version::new([0]);
    let ends = one.iter().chain(other.iter()).map(VersionSpecifier::version);
    let in_both = |version: &Version| one.contains(version) && other.contains(version);
    ends.chain([&least]).any(|end| in_both(end) || in_both(&above(end)))
}

/// A version that is a little above another one.
fn above(version: &Version) -> Version {
    let release = version.release().iter().copied().chain([0, 0, 1]);
    Version::new(release).with_epoch(version.epoch())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_has_parts() {
        let parsed = parse("Zope.Interface[a, b] >=5,<6 ; python_version < '3.9'").unwrap();
        assert_eq!(parsed.name, "zope-interface");
        assert_eq!(parsed.versions.to_string(), ">=5, <6");
        assert_eq!((parsed.extras.len(), parsed.source), (2, Source::Index));
        assert_eq!(parsed.marker.as_deref(), Some("python_version < '3.9'"));
        let odd = parse("pytz>dev").unwrap();
        assert_eq!((odd.name.as_str(), odd.versions.is_empty()), ("pytz", true));
        assert!(parse("this is prose").is_none() && parse("{{ name }}").is_none());
    }

    #[test]
    fn a_range_may_reach_a_version() {
        let reaches = |text: &str| {
            let place = Place::new(
                camino::Utf8Path::new("requirements.txt"),
                roadworthy_parser::Span::new(0, 0),
            );
            parse(text).unwrap().at(place, Group::Main).may_reach("8.0")
        };
        assert!(reaches("redis") && reaches("redis>=5") && reaches("redis==8.1.0"));
        assert!(!reaches("redis==7.4.0") && !reaches("redis>=5,<8") && !reaches("redis~=5.0"));
    }

    #[test]
    fn a_url_says_what_it_is_bound_to() {
        let commit = "4fd9e1a7c6b2d3e8f5a0918273645546372819ab";
        let pinned = |url: &str| match source_of(url) {
            Source::Repository { pinned, revision } => Some((pinned, revision)),
            _ => None,
        };
        let at = |revision: &str| Some(revision.to_owned());
        assert_eq!(pinned("git+https://u@h.io/a/b.git"), Some((false, None)));
        assert_eq!(pinned("git+ssh://git@h.io/a/b@dev#egg=b"), Some((false, at("dev"))));
        assert_eq!(pinned(&format!("git+https://h.io/a@{commit}")), Some((true, at(commit))));
        assert_eq!(
            pinned("https://github.com/a/b/archive/refs/heads/main.zip"),
            Some((false, at("main")))
        );
        assert!(pinned("https://github.com/a/b/archive/1f2e3d4.zip").unwrap().0);
        let archive = |hashed, versioned| Source::Archive { hashed, versioned };
        assert_eq!(source_of("https://h.io/a-1.2.whl#sha256=00"), archive(true, true));
        assert_eq!(source_of("http://h.io/latest.whl"), archive(false, false));
        assert_eq!(source_of("../lib"), Source::Local);
        assert_eq!(source_of("file:///lib"), Source::Local);
    }

    #[test]
    fn ranges_overlap_or_not() {
        for (one, other, expected) in [
            (">=2,<3", "==1.9", false),
            (">=2,<3", "==2.1", true),
            ("~=2.1", ">2.9,<3", true),
            ("~=2.1", ">=3", false),
            ("==2.1.*", "!=2.1", true),
            ("<1", "<0.5", true),
            (">1.0", "<=1.0", false),
            (">1.0", "<1.0.1", true),
            ("==2.1.0", "==2.1", true),
            ("==2.1.0+cpu", "==2.1.0", true),
            ("", "==1", true),
            (">=2.0rc1", "<2.0", false),
            ("<2", ">=1,!=1.0", true),
        ] {
            assert_eq!(overlap(&specifiers(one), &specifiers(other)), expected, "{one} {other}");
        }
    }
}
