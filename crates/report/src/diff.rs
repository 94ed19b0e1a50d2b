//! Two texts of a file to a unified diff: secrets replaced, control characters made visible. Knows no disk.

use std::io::{self, Write};

use camino::Utf8Path;
use roadworthy_engine::Severity;
use roadworthy_parser::Span;
use roadworthy_secrets::scan;
use similar::{ChangeTag, TextDiff};

use crate::clean::{REDACTED, clean, visible};
use crate::frame::residue::{repetitions, unjudged};
use crate::{ShownFile, Styles};

/// Lines shown around each change.
const CONTEXT: usize = 3;

/// Writes what turns one text into the other, as git and `patch` read it.
pub fn diff(
    out: &mut dyn Write,
    path: &Utf8Path,
    before: &ShownFile,
    after: &ShownFile,
    styles: Styles,
) -> io::Result<()> {
    let (before, after) = (shown(before), shown(after));
    let diff = TextDiff::from_lines(&before, &after);
    let path = clean(path.as_str());
    let (a, b) = if path.starts_with('/') { ("", "") } else { ("a/", "b/") };
    let (strong, good, bad) = (styles.strong(), styles.good(), styles.severity(Severity::Error));
    let faint = styles.faint();
    writeln!(out, "{strong}--- {a}{path}{strong:#}\n{strong}+++ {b}{path}{strong:#}")?;
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        writeln!(out, "{faint}{}{faint:#}", hunk.header().to_string().trim_end())?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (' ', None),
                ChangeTag::Delete => ('-', Some(bad)),
                ChangeTag::Insert => ('+', Some(good)),
            };
            let line = change.value();
            let text = line.trim_end_matches('\n');
            let style = style.unwrap_or_default();
            writeln!(out, "{style}{sign}{text}{style:#}")?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// The text of a file as it may be shown. Line ends stay, so that the diff still fits the file.
fn shown(file: &ShownFile) -> String {
    let text = file.source.text();
    let mut hidden = file.hidden.clone();
    let span = |range: std::ops::Range<usize>| Span::new(range.start as u32, range.end as u32);
    hidden.extend(scan(text.as_bytes()).into_iter().map(|secret| span(secret.span)));
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let place = |range: std::ops::Range<usize>| span(start + range.start..start + range.end);
        hidden.extend(unjudged(line.trim_end_matches(['\n', '\r'])).into_iter().map(place));
        start += line.len();
    }
    let repeated = repetitions(text, &hidden, text.as_bytes());
    hidden.extend(repeated.into_iter().map(span));
    hidden.sort();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for span in hidden {
        let (start, end) = (span.start as usize, span.end as usize);
        if end <= at {
            continue;
        }
        let Some(between) = text.get(at.min(start)..start) else { continue };
        if start >= at {
            put(&mut shown, between);
            shown.push_str(REDACTED);
        }
        let lines = text.get(start.max(at)..end).unwrap_or_default().matches('\n').count();
        shown.extend(std::iter::repeat_n('\n', lines));
        at = end;
    }
    put(&mut shown, text.get(at..).unwrap_or_default());
    shown
}

/// Adds a text in which nothing moves the cursor but the ends of lines.
fn put(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        let stays = match c {
            '\t' | '\n' => true,
            '\r' => matches!(text[at + 1..].chars().next(), None | Some('\n')),
            // A byte order mark is one at the beginning of a file only.
            '\u{feff}' => out.is_empty(),
            _ => false,
        };
        out.push(if stays { c } else { visible(c) });
    }
}
