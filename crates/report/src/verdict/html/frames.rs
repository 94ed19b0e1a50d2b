//! The lines around a finding, with what it is about marked and what nobody may read replaced.

use std::fmt::{self, Write as _};

use roadworthy_engine::Finding;

use super::text::escaped;
use crate::ShownFile;
use crate::frame::frame;

/// Writes the lines; nothing where the file is gone or has changed.
pub(super) fn lines(page: &mut String, finding: &Finding, file: Option<&ShownFile>) -> fmt::Result {
    let Some(file) = file else { return Ok(()) };
    // A secret is hidden even where the rules were not run again.
    let mut hidden = file.hidden.clone();
    hidden.extend(finding.rule.hides_text.then_some(finding.span));
    let Some(frame) = frame(&file.source, finding.span, &hidden) else { return Ok(()) };
    let count = frame.text.split('\n').count() as u32;
    let digits = (frame.first_line + count).to_string().len();
    page.push_str("<pre><code>");
    let (mut at, mut number) = (0, frame.first_line);
    for line in frame.text.split('\n') {
        if at > 0 {
            page.push('\n');
        }
        write!(page, "<i>{number:>digits$} </i>")?;
        let end = at + line.len();
        // Of later lines the indent is not marked.
        let indent = line.len() - line.trim_start().len();
        let begin = if frame.start < at { frame.start.max(at + indent) } else { frame.start };
        let from = begin.clamp(at, end);
        let to = frame.end.clamp(from, end);
        escaped(page, &frame.text[at..from])?;
        if from < to {
            page.push_str("<mark>");
            escaped(page, &frame.text[from..to])?;
            page.push_str("</mark>");
        }
        escaped(page, &frame.text[to..end])?;
        (at, number) = (end + 1, number + 1);
    }
    page.push_str("</code></pre>");
    Ok(())
}
