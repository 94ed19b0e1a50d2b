//! What is wrong with suppressions: unused, void or expired ones, and those that do not say why. Knows what was silenced,
//! no finding by its content.

use roadworthy_parser::quoted;
use roadworthy_project::FileKind;

use super::own::{Until, Words};
use super::reach::Around;
use super::{Mark, Origin, Suppressions, foreign, named, removal};
use crate::{Catalog, Fix, Report, RuleId, RuleSet};

/// What can be wrong with a suppression; each is a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unused,
    Expired,
    Unreasoned,
}

/// Something that is wrong with a suppression itself.
pub(crate) struct Complaint {
    pub(crate) fault: Fault,
    pub(crate) report: Report,
    /// Which of our comments it is about.
    comment: Option<usize>,
}

impl Suppressions<'_> {
    /// What is wrong with the suppressions, once all findings were asked for. `active` are the rules that ran here:
    /// what names others may silence something elsewhere. `id_of` gives the rule of a fault.
    pub(crate) fn complaints(
        &self,
        catalog: &Catalog,
        active: &RuleSet,
        require_reason: bool,
        id_of: &dyn Fn(Fault) -> Option<RuleId>,
    ) -> Vec<Complaint> {
        let about: Vec<RuleId> = [Fault::Unused, Fault::Expired, Fault::Unreasoned]
            .into_iter()
            .filter_map(id_of)
            .collect();
        // Whether those that silence complaints were used is known once all others are judged.
        let (last, first): (Vec<usize>, Vec<usize>) =
            (0..self.own.len()).partition(|&comment| self.names_any(comment, &about));
        let mut all = Vec::new();
        if require_reason {
            all.extend(self.unreasoned_foreign());
        }
        for comments in [first, last] {
            let found = comments.into_iter().flat_map(|comment| {
                self.complaints_about(comment, catalog, active, require_reason)
            });
            all.extend(found);
            all.retain(|complaint| {
                !id_of(complaint.fault).is_some_and(|id| self.forgives(id, complaint))
            });
        }
        all
    }

    /// Whether one of our comments names some of these rules.
    fn names_any(&self, comment: usize, rules: &[RuleId]) -> bool {
        self.marks_of(comment).any(|(_, mark)| rules.iter().any(|&rule| mark.rules.contains(rule)))
    }

    /// Whether another comment of our own silences a complaint: none speaks for itself.
    fn forgives(&self, id: RuleId, complaint: &Complaint) -> bool {
        let mut forgiven = false;
        for mark in self.around(&complaint.report).filter(|mark| mark.rules.contains(id)) {
            let Origin::Own { comment, .. } = mark.from else { continue };
            let holds =
                |words: &Words<'_>| !words.until.is_some_and(|it| it.has_passed(self.today));
            if complaint.comment != Some(comment)
                && self.own[comment].words.as_ref().is_ok_and(holds)
            {
                mark.used.set(true);
                forgiven = true;
            }
        }
        forgiven
    }

    fn complaints_about(
        &self,
        comment: usize,
        catalog: &Catalog,
        active: &RuleSet,
        require_reason: bool,
    ) -> Vec<Complaint> {
        let own = &self.own[comment];
        let Around { source, kind, .. } = self.around;
        // In prose a comment may be an example, unless it silences something.
        let prose = matches!(kind, FileKind::Text | FileKind::Notebook);
        let complain = |fault, span, message: String, fix: Option<Fix>| {
            let report = Report::at(span).message(message);
            Complaint { fault, report: Report { fix, ..report }, comment: Some(comment) }
        };
        let removed = || removal::of_comment(source, kind, own);
        let words = match &own.words {
            Err(_) if prose => return Vec::new(),
            Err(void) => {
                return vec![complain(Fault::Unused, own.span, (*void).to_owned(), removed())];
            }
            Ok(words) => words,
        };
        let marks = self.marks_of(comment);
        if prose && !marks.clone().any(|(_, mark)| mark.used.get()) {
            return Vec::new();
        }
        if let Some(until) = words.until.filter(|until| until.has_passed(self.today)) {
            let message = match until {
                Until::Day(day) => format!("suppression has expired: it held until {day}"),
                Until::NoDate(text) => format!(
                    "suppression counts as expired: {} is no day written until=YYYY-MM-DD",
                    quoted(text)
                ),
            };
            return vec![complain(Fault::Expired, own.span, message, removed())];
        }
        let mut found = Vec::new();
        let mut gone = vec![false; words.names.len()];
        for (index, (_, name)) in words.names.iter().enumerate().filter(|_| !prose) {
            if let Err(unknown) = named(catalog, name) {
                gone[index] = true;
                found.push((own.span, format!("suppression is void: {unknown}")));
            }
        }
        let idle =
            |mark: &Mark<'_>| !mark.used.get() && mark.rules.iter().all(|id| active.contains(id));
        let idle: Vec<_> = marks.filter(|(_, mark)| !prose && idle(mark)).collect();
        if idle.len() == words.names.len() {
            found.push((own.span, "suppression silences nothing".to_owned()));
        } else {
            found.extend(idle.iter().map(|&(name, _)| {
                let (span, name) = words.names[name];
                (span, format!("suppression of {} silences nothing", quoted(name)))
            }));
        }
        for &(name, _) in &idle {
            gone[name] = true;
        }
        let fix = if gone.iter().all(|gone| *gone) {
            removed()
        } else {
            removal::of_names(words, kind, &gone)
        };
        let mut all: Vec<_> = found
            .into_iter()
            .map(|(span, message)| complain(Fault::Unused, span, message, fix.clone()))
            .collect();
        if require_reason && words.reason.is_none() && !gone.iter().all(|gone| *gone) {
            let message = "suppression gives no reason: say behind the brackets why";
            all.push(complain(Fault::Unreasoned, own.span, message.to_owned(), None));
        }
        all
    }

    /// The comments of other tools that silenced a finding of ours and do not say why.
    fn unreasoned_foreign(&self) -> Vec<Complaint> {
        let mut found: Vec<Complaint> = Vec::new();
        for mark in self.marks.iter().filter(|mark| mark.used.get()) {
            let Origin::Foreign { comment, reason: None } = mark.from else { continue };
            let source = self.around.source;
            let above = self.around.comment_above(source.lines().line(comment.start));
            let said = found.last().is_some_and(|last| last.report.span == comment);
            if !said && !above.is_some_and(foreign::explains) {
                let message = "suppression gives no reason: say behind the codes, or in a second comment, why";
                let report = Report::at(comment).message(message);
                found.push(Complaint { fault: Fault::Unreasoned, report, comment: None });
            }
        }
        found
    }
}
