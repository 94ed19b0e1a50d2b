//! What a component was judged by: plain data. Knows no rule by its content, no file but by its path.

use roadworthy_engine::{Area, Severity};

use crate::Profile;

/// All that the verdict about one component rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its folder as shown; `.` for the working directory.
    pub path: String,
    /// The declared name, else that of the folder.
    pub name: String,
    /// What it is, which decides how much each area weighs.
    pub profile: Profile,
    /// What shows that, as one short phrase.
    pub profile_reason: String,
    /// Every rule that could have spoken, in the order of the catalogue.
    pub rules: Vec<RuleEvidence>,
    /// Files with product code that were judged.
    pub files: u32,
    /// Files that could not be judged, each with the reason as one short phrase.
    pub unjudged: Vec<(String, String)>,
    /// What must be mended before anything else.
    pub blockers: Vec<Blocker>,
}

/// What one rule found in one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleEvidence {
    /// The name of the rule.
    pub rule: &'static str,
    /// The area that it counts in.
    pub area: Area,
    /// The level that the rule declares: what it weighs.
    pub severity: Severity,
    /// How much of its area hangs on it.
    pub foundation: Foundation,
    /// What to do, in one phrase.
    pub fix: &'static str,
    /// What a site is, in the plural: "functions", "except clauses".
    pub noun: &'static str,
    /// Whether it had anything to judge.
    pub applies: Applies,
    /// The sites that were judged, and how they stand.
    pub sites: Sites,
    /// Whether the configuration switched it off, so that it counts only where nothing is believed.
    pub disabled: bool,
    /// How many of the open sites a fix mends by itself.
    pub fixable: u32,
    /// The first open finding, for people: the worst level first, then by path and line.
    pub first: Option<Place>,
}

/// How much of an area hangs on a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Foundation {
    /// As much as on others of its level.
    #[default]
    No,
    /// Nearly all, as far as it says so: it also advises on parts.
    InPart,
    /// Nearly all, at whatever level it speaks: what it finds is that something is not there at all.
    Whole,
}

/// Whether a rule had anything to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applies {
    /// It had.
    Yes,
    /// There is nothing that it could judge.
    No,
    /// There is something, which could not be understood; the reason as one short phrase.
    Unknown(String),
}

/// Sites of one rule. Every site stands in one of the tallies or is clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sites {
    /// All sites in files that are judged, the open and the set aside ones among them. One, where the rule asks one
    /// thing of the whole project.
    pub judged: u32,
    /// With a finding that counts.
    pub open: Tally,
    /// With a finding that a comment with or without a reason, or a baseline, lets stand.
    pub accepted: Tally,
    /// With a finding that a comment calls wrong ("false positive").
    pub disputed: Tally,
    /// With a finding in files that the configuration leaves out, or of a rule that it switched off.
    pub hidden: Tally,
    /// Clean sites in files that the configuration leaves out, or of a rule that it switched off where they do not
    /// stand in `judged`.
    pub hidden_clean: u32,
}

/// Numbers of sites by the worst level of what is found at each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// With an error.
    pub errors: u32,
    /// With a warning, and no error.
    pub warnings: u32,
    /// With advice alone.
    pub infos: u32,
}

impl Tally {
    /// All of them.
    pub const fn total(self) -> u32 {
        self.errors.saturating_add(self.warnings).saturating_add(self.infos)
    }

    /// How many there are of a level.
    pub const fn at(self, severity: Severity) -> u32 {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Info => self.infos,
        }
    }

    /// The worst level of them.
    pub fn worst(self) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| self.at(*severity) > 0)
    }

    /// These and others.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            errors: self.errors.saturating_add(other.errors),
            warnings: self.warnings.saturating_add(other.warnings),
            infos: self.infos.saturating_add(other.infos),
        }
    }

    /// Counts a site of this level.
    pub fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The file as findings name it.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// A finding with which nothing goes live.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Blocker {
    /// The rule.
    pub rule: &'static str,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// An error that the baseline does not know.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NewError {
    /// The rule.
    pub rule: &'static str,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}
