//! What mends findings, as formats for programs carry it. Knows texts and ranges, no disk; gives nothing that a secret
//! stands in.

use std::borrow::Cow;

use roadworthy_engine::{Edit, Finding};
use roadworthy_parser::{Position, SourceFile};

use crate::ShownFile;
use crate::clean::redacted;
use crate::frame::residue::{repetitions, unjudged};

/// A fix with the lines and columns of its changes.
#[derive(Clone, Debug)]
pub struct Mending {
    /// In the order of the text.
    pub(crate) changes: Vec<Replacement>,
}

/// A range of a file, and what is to stand there.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The columns counted in bytes.
    pub(crate) byte_columns: (u32, u32),
    pub(crate) text: String,
}

/// The fixes of findings in one file; `None` for those that have none or touch what no output may hold.
pub fn mendings(findings: &[Finding], file: Option<&ShownFile>) -> Vec<Option<Mending>> {
    let mending = |finding: &Finding| {
        let (fix, file) = (finding.fix.as_ref()?, file?);
        let fits = !finding.rule.hides_text && fix.edits.iter().all(|edit| is_public(file, edit));
        let changes = || fix.edits.iter().map(|edit| replacement(&file.source, edit)).collect();
        fits.then(|| Mending { changes: changes() })
    };
    findings.iter().map(mending).collect()
}

fn is_public(file: &ShownFile, edit: &Edit) -> bool {
    let text = file.source.text();
    let (start, end) = (edit.span.start, edit.span.end);
    text.get(edit.span.range()).is_some_and(|replaced| {
        let clean = |text: &str| {
            matches!(redacted(text), Cow::Borrowed(_))
                && text.lines().all(|line| unjudged(line).is_empty())
        };
        clean(replaced) && clean(&edit.text)
    }) && !file.hidden.iter().any(|hidden| hidden.start < end && start < hidden.end)
        && repetitions(text, &file.hidden, edit.text.as_bytes()).is_empty()
}

fn replacement(source: &SourceFile, edit: &Edit) -> Replacement {
    let (start, end) = (source.position(edit.span.start), source.position(edit.span.end));
    let bytes = |offset: u32, line: u32| offset - source.lines().start(line) + 1;
    Replacement {
        byte_columns: (bytes(edit.span.start, start.line), bytes(edit.span.end, end.line)),
        start,
        end,
        text: edit.text.clone(),
    }
}
