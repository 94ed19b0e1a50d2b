//! The baseline as a file: JSON Lines, a header and then one entry a line, sorted. Knows text, not what it means.
//!
//! No line number, no time and no version of the program, so that nothing changes but what was found, and branches merge.
//! Reading takes entries in any order and more than once, as `merge=union` leaves them.

use std::num::NonZeroU32;

use roadworthy_secrets::{Fingerprint, Salt};
use serde::{Deserialize, Serialize};

use super::{Alike, Baseline, Key, Known};

const FORMAT: &str = "roadworthy-baseline";
/// Rises when what is hashed, or the meaning of a field, changes.
const VERSION: u32 = 1;
/// What git leaves in a file that it could not merge.
const MERGE_MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Why a text is no baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineFlaw {
    /// It does not begin with the header.
    NoHeader,
    /// It is written by a later version of the program.
    Newer {
        /// The version of its format.
        version: u32,
    },
    /// A merge was not finished.
    MergeMarker {
        /// From 1.
        line: usize,
    },
    /// A line is no entry.
    Malformed {
        /// From 1.
        line: usize,
    },
}

#[derive(Deserialize, Serialize)]
struct Header {
    format: String,
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    rule: String,
    hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    count: NonZeroU32,
    #[serde(default)]
    near: Vec<String>,
}

impl Baseline {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// With the first flaw.
    pub fn parse(text: &str) -> Result<Self, BaselineFlaw> {
        let mut baseline = Self::default();
        let mut has_header = false;
        let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
        for (text, line) in lines.filter(|(text, _)| !text.trim().is_empty()) {
            if MERGE_MARKERS.iter().any(|marker| text.starts_with(marker)) {
                return Err(BaselineFlaw::MergeMarker { line });
            }
            if let Ok(header) = serde_json::from_str::<Header>(text)
                && header.format == FORMAT
            {
                if header.version > VERSION {
                    return Err(BaselineFlaw::Newer { version: header.version });
                }
                has_header = true;
                if let Some(salt) = header.salt {
                    let salt = Salt::from_hex(&salt).ok_or(BaselineFlaw::Malformed { line })?;
                    baseline.salts.push(salt);
                }
            } else if !has_header {
                return Err(BaselineFlaw::NoHeader);
            } else {
                let entry = serde_json::from_str::<Entry>(text).ok().and_then(Entry::read);
                let (key, known) = entry.ok_or(BaselineFlaw::Malformed { line })?;
                baseline.entries.entry(key).or_default().merge(known);
            }
        }
        if !has_header {
            return Err(BaselineFlaw::NoHeader);
        }
        baseline.salts.sort_unstable();
        baseline.salts.dedup();
        Ok(baseline)
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let header = |salt: Option<&Salt>| {
            let salt = salt.map(ToString::to_string);
            json(&Header { format: FORMAT.to_owned(), version: VERSION, salt })
        };
        let mut lines: Vec<String> = self.salts.iter().map(|salt| header(Some(salt))).collect();
        if lines.is_empty() {
            lines.push(header(None));
        }
        lines.extend(
            self.entries
                .iter()
                .filter_map(|(key, known)| Entry::of(key, known))
                .map(|it| json(&it)),
        );
        lines.push(String::new());
        lines.join("\n")
    }
}

fn json(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("text and numbers can be written as JSON")
}

impl Entry {
    fn of(key: &Key, known: &Known) -> Option<Self> {
        let Key { path, alike: Alike { rule, line, value } } = key;
        Some(Self {
            path: path.clone(),
            rule: rule.clone(),
            hash: format!("{line:016x}"),
            value: value.map(|value| value.to_string()),
            count: NonZeroU32::new(known.count)?,
            near: known.near.iter().map(|near| format!("{near:012x}")).collect(),
        })
    }

    fn read(self) -> Option<(Key, Known)> {
        let value = match self.value {
            Some(value) => Some(Fingerprint::from_hex(&value)?),
            None => None,
        };
        let alike = Alike { rule: self.rule, line: number(&self.hash, 16)?, value };
        let near = self.near.iter().map(|near| number(near, 12));
        let mut near: Vec<u64> = near.collect::<Option<_>>()?;
        near.sort_unstable();
        Some((Key { path: self.path, alike }, Known { count: self.count.get(), near }))
    }
}

/// What so many hexadecimal digits stand for.
fn number(text: &str, digits: usize) -> Option<u64> {
    let is_hex = text.len() == digits && text.bytes().all(|it| it.is_ascii_hexdigit());
    is_hex.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}
