//! Many findings of one kind as one: what most workflows of a repository have in common is decided once, and forty equal lines are
//! read by nobody.

use camino::Utf8PathBuf;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;

/// How many findings of one kind are told one by one.
const FEW: usize = 2;

/// A finding in a workflow.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The workflow.
    pub(crate) path: Utf8PathBuf,
    /// The place in it.
    pub(crate) span: Span,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// What is wrong there.
    pub(crate) message: String,
}

impl Found {
    /// Reports it.
    pub(crate) fn report(self, out: &mut ProjectReporter<'_>) {
        out.report(&self.path, Report::at(self.span).severity(self.severity).message(self.message));
    }

    /// The same, for others as well: `so it is in 3 other workflows`.
    pub(crate) fn and(mut self, others: usize, what: &str) -> Self {
        self.message = match others {
            0 => self.message,
            1 => format!("{}; so it is {what} another", self.message),
            more => format!("{}; so it is {what} {more} others", self.message),
        };
        self
    }
}

/// Findings of one kind, from so many places that they may come from: the first of them for all, where there are more than two
/// and half of the places have one.
pub(crate) fn folded(found: Vec<Found>, places: usize, what: &str) -> Vec<Found> {
    let count = found.len();
    if count <= FEW || count * 2 < places {
        return found;
    }
    found.into_iter().take(1).map(|first| first.and(count - 1, what)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_have_in_common_is_told_once() {
        let found = |count: usize| {
            let one = |index: usize| Found {
                path: format!("{index}.yml").into(),
                span: Span::default(),
                severity: Severity::Info,
                message: "bad".to_owned(),
            };
            (0..count).map(one).collect::<Vec<_>>()
        };
        assert_eq!(folded(found(2), 2, "in").len(), 2);
        assert_eq!(folded(found(3), 7, "in").len(), 3);
        let one = folded(found(3), 6, "in");
        assert_eq!(one.len(), 1);
        assert_eq!(
            (one[0].path.as_str(), one[0].message.as_str()),
            ("0.yml", "bad; so it is in 2 others")
        );
    }
}
