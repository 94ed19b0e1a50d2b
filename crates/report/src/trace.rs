//! What other programs know findings by again: hashes of the lines around them. Of the lines themselves nothing gets out,
//! and where a secret stands, not even a hash of it.

use std::collections::{BTreeSet, HashMap};

use roadworthy_engine::Finding;
use roadworthy_parser::{LineIndex, SourceFile, Span};
use roadworthy_secrets::scan;
use sha2::{Digest as _, Sha256};

use crate::clean::REDACTED;
use crate::frame::residue::{repetitions, unjudged};
use crate::line_hash::{WINDOW, line_hashes};
use crate::{Root, ShownFile};

/// The most bytes of a line that are looked at and hashed: a file may be one line.
const LONGEST: usize = 10_000;

/// What is known of a finding's place besides its position.
#[derive(Clone, Debug)]
pub struct Trace {
    /// GitHub's hash of what begins with the finding's line.
    pub(crate) line_hash: String,
    /// A hash of rule, path, the text of the line without its spaces, and the ordinal among equal ones.
    pub(crate) fingerprint: String,
}

/// Traces of all findings of one file, in their order. Where there is no text, as of a folder, the name of the rule and
/// the path stand for it.
///
/// Hashes are made of a text in which `[redacted]` stands for each range that no output may show: who knows the rest of
/// a line could try values until its hash comes out. So the value of GitHub's hash differs from that of others exactly
/// where its 100 characters hold such a range.
pub fn traces(findings: &[Finding], file: Option<&ShownFile>, root: &Root) -> Vec<Trace> {
    let Some(first) = findings.first() else { return Vec::new() };
    let path = root.path(&first.path);
    let text = file.map(|file| concealed(file, findings));
    let hashes = text.as_deref().map(line_hashes);
    let lines = text.as_deref().map(|text| (text, LineIndex::new(text)));
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    let trace = |finding: &Finding| {
        let line = finding.start.line;
        let hash = hashes.as_ref().and_then(|hashes| hashes.get(line as usize - 1)).cloned();
        let instead = || line_hashes(&format!("{} {path}", finding.rule.name)).swap_remove(0);
        let flagged = match &lines {
            Some((text, lines)) if line <= lines.count() => {
                lines.line_text(text, line).split_whitespace().collect()
            }
            _ => String::new(),
        };
        let ordinal = seen.entry((finding.rule.name, flagged.clone())).or_insert(0);
        *ordinal += 1;
        let mut fingerprint = Sha256::new();
        for part in [finding.rule.name, &path, &flagged, &ordinal.to_string()] {
            fingerprint.update(part);
            fingerprint.update([0]);
        }
        let fingerprint = fingerprint.finalize();
        Trace { line_hash: hash.unwrap_or_else(instead), fingerprint: hexadecimal(&fingerprint) }
    };
    findings.iter().map(trace).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Where findings of one file begin and end in bytes of UTF-8, from 1; none where the text is not to be had any more.
pub fn byte_columns(findings: &[Finding], source: Option<&SourceFile>) -> Vec<Option<(u32, u32)>> {
    findings.iter().map(|finding| columns(finding, source?)).collect()
}

fn columns(finding: &Finding, source: &SourceFile) -> Option<(u32, u32)> {
    // The file may have changed since it was judged.
    let same = source.text().get(finding.span.range()).is_some()
        && source.position(finding.span.start) == finding.start
        && source.position(finding.span.end) == finding.end;
    let marked = source.text().starts_with('\u{feff}');
    let column = |offset: u32, line: u32| {
        // A byte-order mark is no column.
        let mark = if marked && line == 1 { '\u{feff}'.len_utf8() as u32 } else { 0 };
        (offset - source.lines().start(line)).saturating_sub(mark) + 1
    };
    same.then(|| {
        let (start, end) = (finding.start.line, finding.end.line);
        (column(finding.span.start, start), column(finding.span.end, end))
    })
}

/// The text of a file with what no output may show replaced, and as many lines as before.
fn concealed(file: &ShownFile, findings: &[Finding]) -> String {
    let (text, lines) = (file.source.text(), file.source.lines());
    let mut hidden = file.hidden.clone();
    hidden.extend(findings.iter().filter(|it| it.rule.hides_text).map(|it| it.span));
    let span = |range: std::ops::Range<usize>| Span::new(range.start as u32, range.end as u32);
    hidden.extend(scan(text.as_bytes()).into_iter().map(|secret| span(secret.span)));
    for line in hashed_lines(text, lines, findings) {
        let start = lines.start(line) as usize;
        let whole = lines.line_text(text, line);
        let end = (0..=LONGEST.min(whole.len())).rev().find(|&it| whole.is_char_boundary(it));
        let short = &whole[..end.unwrap_or_default()];
        let beyond = short.len()..whole.len();
        let found = unjudged(short).into_iter().chain(std::iter::once(beyond));
        hidden.extend(found.map(|range| span(start + range.start..start + range.end)));
    }
    hidden.extend(repetitions(text, &hidden, text.as_bytes()).into_iter().map(span));
    hidden.retain(|span| !span.is_empty() && text.get(span.range()).is_some());
    hidden.sort_unstable();
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for span in hidden {
        let start = span.start.max(end);
        if span.end <= start {
            continue;
        }
        shown.push_str(&text[end as usize..start as usize]);
        if span.start >= end {
            shown.push_str(REDACTED);
        }
        let ends = lines.line(span.end) - lines.line(start);
        shown.extend(std::iter::repeat_n('\n', ends as usize));
        end = span.end;
    }
    shown.push_str(&text[end as usize..]);
    shown
}

/// The lines that hold something that a hash of one of the findings' lines covers.
fn hashed_lines(text: &str, lines: &LineIndex, findings: &[Finding]) -> BTreeSet<u32> {
    let mut hashed = BTreeSet::new();
    for first in findings.iter().map(|finding| finding.start.line) {
        let mut covered = 0;
        for line in first..=lines.count() {
            hashed.insert(line);
            let units = lines.line_text(text, line).encode_utf16();
            let blank = |unit: &u16| [u16::from(b' '), u16::from(b'\t')].contains(unit);
            covered += units.filter(|unit| !blank(unit)).take(WINDOW).count() + 1;
            if covered >= WINDOW {
                break;
            }
        }
    }
    hashed
}
