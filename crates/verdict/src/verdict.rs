//! What the verdict says: plain data, every number with what it comes from. Knows nothing of how it is shown.

use std::fmt;

use roadworthy_engine::{Area, Severity};
use serde::Serialize;

use crate::{Blocker, NewError, Place, Profile, Suppression, Tally};

/// The verdict about a project: one for each component, and the gate.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The version of the rule set: numbers of different versions cannot be compared.
    pub rule_set: String,
    /// The components by path. A repository is worth what its lowest component is.
    pub components: Vec<ComponentVerdict>,
    /// The index of that component; `None` where no component could be assessed.
    pub lowest: Option<usize>,
    /// Whether this may go live.
    pub gate: Gate,
}

/// The verdict about one component.
#[derive(Clone, Debug, Serialize)]
pub struct ComponentVerdict {
    /// Its folder as shown; `.` for the working directory.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub profile: Profile,
    /// What shows that.
    pub profile_reason: String,
    /// The nine areas, in their order.
    pub areas: Vec<AreaScore>,
    /// The overall score; `None` where no area could be assessed.
    pub score: Option<Score>,
    /// The level; `None` where no area could be assessed and the gate is open.
    pub level: Option<Level>,
    /// The one thing that stands in the way of the next level, as a sentence without full stop; `None` at the top.
    pub in_the_way: Option<String>,
    /// What must be mended before anything else.
    pub blockers: Vec<Blocker>,
    /// What to mend first: blockers, then what gains most, caps apart where they hide it.
    pub gains: Vec<Gain>,
    /// What could not be assessed, and why.
    pub not_assessed: Vec<NotAssessed>,
    /// Files with product code that were judged.
    pub files: u32,
}

/// Two numbers, always: 0 to 100, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Suppressions, baselines and exclusions believed.
    pub value: u32,
    /// None of them believed.
    pub unbelieved: u32,
}

/// The score of an area, and what it comes from.
#[derive(Clone, Debug, Serialize)]
pub struct AreaScore {
    /// The area.
    pub area: Area,
    /// Its share of the overall mean under this profile, before what does not apply drops out.
    pub weight: u32,
    /// Whether it enters the overall score. An area in which nothing is clean does so only where it lowers it.
    pub counts: bool,
    /// Its number, or why it has none.
    pub state: AreaState,
    /// Its rules, in the order of the catalogue.
    pub rules: Vec<RuleGrade>,
}

impl AreaScore {
    /// Its numbers, if it has any.
    pub const fn score(&self) -> Option<Score> {
        match self.state {
            AreaState::Assessed { score, .. } => Some(score),
            AreaState::NotApplicable | AreaState::NotAssessed { .. } => None,
        }
    }
}

/// Whether an area has a number.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AreaState {
    /// It has.
    Assessed {
        /// The number, caps applied.
        score: Score,
        /// The number before the cap.
        uncapped: u32,
        /// What caps it.
        cap: Option<Cap>,
    },
    /// None of its rules had anything to judge, or the profile does not ask for it.
    NotApplicable,
    /// More than a third of its weight could not be judged.
    NotAssessed {
        /// Why, as one short phrase.
        reason: String,
    },
}

/// The most that an area can have as long as errors are open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cap {
    /// That number.
    pub at: u32,
    /// The rules with open errors.
    pub rules: Vec<&'static str>,
}

/// How one rule did in one component.
#[derive(Clone, Debug, Serialize)]
pub struct RuleGrade {
    /// The rule.
    pub rule: &'static str,
    /// The level that it declares.
    pub severity: Severity,
    /// What it weighs: 8, 3 or 1. Decides what findings of each level cost, and whether enough of its area is known.
    pub weight: u32,
    /// How it ended.
    pub state: GradeState,
    /// From 0 to 1: the square of the share of its sites that is clean, half of that where an error is open.
    pub grade: f64,
    /// The share that it takes from its area, from 0 to 1. What all rules of an area leave is multiplied.
    pub takes: f64,
    /// Whether it enters that product: it had something to judge, and understood it.
    pub counts: bool,
    /// Sites judged.
    pub judged: u32,
    /// Sites open.
    pub open: u32,
    /// The same by the worst that is found at each, which decides what a site loses.
    pub open_levels: Tally,
    /// Sites set aside by comments or a baseline, among them those that comments call wrong without being believed.
    pub accepted: u32,
    /// Sites that comments call wrong, and that leave the count.
    pub disputed: u32,
    /// Sites left out by the configuration.
    pub hidden: u32,
    /// What a site is, in the plural.
    pub noun: &'static str,
}

/// How a rule ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "reason", rename_all = "kebab-case")]
pub enum GradeState {
    /// No site is open.
    Pass,
    /// Some are.
    Fail,
    /// There is nothing to judge.
    NotApplicable,
    /// There is something to judge that could not be understood; why.
    Unknown(String),
    /// The configuration switched it off.
    Disabled,
}

impl fmt::Display for GradeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => f.write_str("passes"),
            Self::Fail => f.write_str("fails"),
            Self::NotApplicable => f.write_str("does not apply"),
            Self::Unknown(reason) => write!(f, "could not be judged: {reason}"),
            Self::Disabled => f.write_str("is switched off"),
        }
    }
}

/// What mending a rule would bring.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gain {
    /// The rule.
    pub rule: &'static str,
    /// Its area.
    pub area: Area,
    /// The worst open level.
    pub severity: Severity,
    /// Whether it is a blocker.
    pub blocker: bool,
    /// What to do.
    pub fix: &'static str,
    /// Open sites.
    pub sites: u32,
    /// How many of them a fix mends by itself.
    pub fixable: u32,
    /// Where the first of them is.
    pub first: Option<Place>,
    /// Points that the area gains.
    pub area_points: f64,
    /// Points that the overall score gains.
    pub points: f64,
    /// A rough guess of the time for all sites, in minutes.
    pub minutes: u32,
}

/// Something that could not be assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotAssessed {
    /// What: an area, a rule or a file.
    pub what: String,
    /// Why, as one short phrase.
    pub reason: String,
}

/// How far a component has come. Ordered: the best is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A blocker is open, or the gate is closed.
    NotRoadworthy,
    /// No blocker is open, and the gate is open.
    Drivable,
    /// No error is open, and every assessed area has 60.
    Roadworthy,
    /// Every assessed area has 85, the whole 90, and tests, locks and audits are in place.
    RaceReady,
}

impl Level {
    /// The name used in the configuration and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRoadworthy => "not-roadworthy",
            Self::Drivable => "drivable",
            Self::Roadworthy => "roadworthy",
            Self::RaceReady => "race-ready",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a project may go live. The number has no say in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gate {
    /// Why it is closed, in the order in which it must be opened; open where there is none.
    pub reasons: Vec<Reason>,
}

/// What a gate may demand besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// The least level of every component.
    pub level: Option<Level>,
    /// Rules that must pass in every component to which they apply.
    pub require: Vec<String>,
    /// The least score of areas, by path of the component: what they once had, less two points.
    pub floors: Vec<(String, Area, u32)>,
}

/// What a change brought, where there is something to compare with: nothing where there is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// The errors that the baseline does not know.
    pub errors: Vec<NewError>,
    /// The suppressions that it added.
    pub suppressions: Vec<Suppression>,
    /// How many of them it may add.
    pub most_suppressions: usize,
}

/// Why a gate is closed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Reason {
    /// A blocker is open.
    Blocker(Blocker),
    /// An error is open that the baseline does not know.
    NewError(NewError),
    /// An area fell more than two points below its floor.
    Floor {
        /// The component.
        component: String,
        /// The area.
        area: Area,
        /// What it has; `None` where it cannot be assessed any more.
        score: Option<u32>,
        /// What it had.
        floor: u32,
    },
    /// A change adds more suppressions than it may.
    NewSuppressions {
        /// All that it adds.
        added: Vec<Suppression>,
        /// How many it may add.
        most: usize,
    },
    /// Nothing was judged, so that nothing that is demanded holds.
    NothingJudged,
    /// A rule that is required does not pass.
    Required {
        /// The component.
        component: String,
        /// The rule.
        rule: String,
        /// How it ended.
        state: GradeState,
    },
    /// A component has not reached the level that is demanded.
    Level {
        /// The component.
        component: String,
        /// What it has; `None` where nothing could be assessed.
        level: Option<Level>,
        /// What is demanded.
        demanded: Level,
        /// What stands in the way.
        in_the_way: Option<String>,
    },
}
