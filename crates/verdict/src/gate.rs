//! Whether a project may go live: a list of reasons against it. Asks the numbers only for floors and demanded levels.

use roadworthy_engine::Area;

use crate::{
    AreaScore, AreaState, Blocker, ComponentVerdict, Demand, Gate, GradeState, NewError, Reason,
};

/// How far an area may fall below its floor.
const SLACK: u32 = 2;

/// Why the gate is closed for a component, whatever is demanded: blockers, new errors, floors.
pub(crate) fn closed(
    path: &str,
    blockers: &[Blocker],
    new_errors: &[NewError],
    floors: &[(String, Area, u32)],
    areas: &[AreaScore],
) -> Vec<Reason> {
    let blockers = blockers.iter().cloned().map(Reason::Blocker);
    let new_errors = new_errors.iter().cloned().map(Reason::NewError);
    let floors = floors.iter().filter(|(component, ..)| component == path);
    let floors = floors.filter_map(|(component, area, floor)| {
        let state = &areas.iter().find(|score| score.area == *area)?.state;
        let score = match state {
            AreaState::Assessed { score, .. } if score.value + SLACK < *floor => Some(score.value),
            AreaState::NotAssessed { .. } => None,
            AreaState::Assessed { .. } | AreaState::NotApplicable => return None,
        };
        Some(Reason::Floor { component: component.clone(), area: *area, score, floor: *floor })
    });
    blockers.chain(new_errors).chain(floors).collect()
}

/// The gate: `closed` holds what [`closed`] gives of each component, `suppressed` is about the whole change, and demands
/// come last.
pub(crate) fn gate(
    closed: Vec<Vec<Reason>>,
    suppressed: Option<Reason>,
    components: &[ComponentVerdict],
    demand: &Demand,
) -> Gate {
    let mut reasons: Vec<Reason> = closed.into_iter().flatten().chain(suppressed).collect();
    for rule in &demand.require {
        reasons.extend(components.iter().filter_map(|component| required(component, rule)));
    }
    if let Some(demanded) = demand.level {
        let short = components.iter().filter(|component| component.level < Some(demanded));
        reasons.extend(short.map(|component| Reason::Level {
            component: component.path.clone(),
            level: component.level,
            demanded,
            in_the_way: component.in_the_way.clone(),
        }));
    }
    // What is asked of nothing holds by accident: a run in the wrong folder would be green for ever.
    let demands = demand.level.is_some() || !demand.require.is_empty() || !demand.floors.is_empty();
    if components.is_empty() && demands {
        reasons.push(Reason::NothingJudged);
    }
    // Each kind together, in the order in which they must be opened.
    reasons.sort_by_key(order);
    Gate { reasons }
}

fn required(component: &ComponentVerdict, name: &str) -> Option<Reason> {
    let mut rules = component.areas.iter().flat_map(|area| &area.rules);
    let rule = rules.find(|rule| rule.rule == name)?;
    let fine = matches!(rule.state, GradeState::Pass | GradeState::NotApplicable);
    (!fine).then(|| Reason::Required {
        component: component.path.clone(),
        rule: name.to_owned(),
        state: rule.state.clone(),
    })
}

const fn order(reason: &Reason) -> u8 {
    match reason {
        Reason::Blocker(_) => 0,
        Reason::NewError(_) => 1,
        Reason::Floor { .. } => 2,
        Reason::NewSuppressions { .. } => 3,
        Reason::NothingJudged => 4,
        Reason::Required { .. } => 5,
        Reason::Level { .. } => 6,
    }
}
