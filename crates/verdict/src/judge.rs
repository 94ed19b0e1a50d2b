//! The verdict about a project: each component judged for itself, the lowest found, the gate asked.

use crate::component::{self, sums};
use crate::grade::Belief;
use crate::{Brought, ComponentVerdict, Demand, Evidence, NewError, Reason, Verdict};
use crate::{gains, gate, level, unassessed};

/// Judges a project by the evidence about its components.
///
pub fn judge(
    rule_set: &str,
    mut evidence: Vec<Evidence>,
    demand: &Demand,
    brought: Brought,
) -> Verdict {
    evidence.sort_by(|one, other| (&one.path, &one.name).cmp(&(&other.path, &other.name)));
    let Brought { errors, suppressions, most_suppressions } = brought;
    let new_errors = by_component(&evidence, errors);
    let judged = evidence.into_iter().zip(&new_errors);
    let (components, closed): (Vec<ComponentVerdict>, Vec<Vec<Reason>>) =
        judged.map(|(evidence, new_errors)| judge_component(evidence, new_errors, demand)).unzip();
    let lowest = (0..components.len())
        .filter(|index| components[*index].score.is_some())
        .min_by_key(|index| components[*index].score.map(|score| (score.value, score.unbelieved)));
    let too_many = suppressions.len() > most_suppressions;
    let suppressed = too_many
        .then_some(Reason::NewSuppressions { added: suppressions, most: most_suppressions });
    let gate = gate::gate(closed, suppressed, &components, demand);
    Verdict { rule_set: rule_set.to_owned(), components, lowest, gate }
}

fn judge_component(
    evidence: Evidence,
    new_errors: &[NewError],
    demand: &Demand,
) -> (ComponentVerdict, Vec<Reason>) {
    let believed = sums(&evidence, Belief::Given);
    let withheld = sums(&evidence, Belief::Withheld);
    let areas = component::areas(&evidence, &believed, &withheld);
    let score = component::score(&believed, &withheld);
    let closed =
        gate::closed(&evidence.path, &evidence.blockers, new_errors, &demand.floors, &areas);
    let (level, in_the_way) = level::level(&evidence, &believed, &areas, score, closed.first());
    let gains = gains::gains(&evidence, &believed);
    let not_assessed = unassessed::list(&evidence, &areas);
    let verdict = ComponentVerdict {
        path: evidence.path,
        name: evidence.name,
        profile: evidence.profile,
        profile_reason: evidence.profile_reason,
        areas,
        score,
        level,
        in_the_way,
        blockers: evidence.blockers,
        gains,
        not_assessed,
        files: evidence.files,
    };
    (verdict, closed)
}

/// Gives each new error to the innermost component that holds it; to the first where none does.
fn by_component(evidence: &[Evidence], new_errors: Vec<NewError>) -> Vec<Vec<NewError>> {
    let mut all: Vec<Vec<NewError>> = vec![Vec::new(); evidence.len()];
    for error in new_errors {
        let holders = evidence.iter().enumerate().filter(|(_, it)| holds(&it.path, &error));
        let inner = holders.max_by_key(|(_, it)| if it.path == "." { 0 } else { it.path.len() });
        let index = inner.map_or(0, |(index, _)| index);
        if let Some(errors) = all.get_mut(index) {
            errors.push(error);
        }
    }
    all
}

fn holds(component: &str, error: &NewError) -> bool {
    let rest = error.place.path.strip_prefix(component);
    component == "." || rest.is_some_and(|rest| rest.starts_with('/'))
}
