//! What a component is: a service, a library, a tool, a pipeline, an application of language models. Knows evidence, no
//! rule.

mod evidence;

use super::Facts;

/// What a component is; several may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// It answers requests or works off a queue, for as long as it lives.
    Service,
    /// Others import it.
    Library,
    /// People run it from a command line.
    Cli,
    /// It moves data, started by a scheduler.
    Pipeline,
    /// It calls language models.
    AiApp,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 5] =
        [Self::Service, Self::Library, Self::Cli, Self::Pipeline, Self::AiApp];

    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Library => "library",
            Self::Cli => "cli",
            Self::Pipeline => "pipeline",
            Self::AiApp => "ai-app",
        }
    }
}

/// The profiles of a component, each with what shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profiles {
    /// By profile: a phrase such as "Dockerfile starts uvicorn".
    pub evidence: Vec<(Profile, String)>,
}

impl Profiles {
    /// Whether a profile holds.
    pub fn is(&self, profile: Profile) -> bool {
        self.evidence.iter().any(|(other, _)| *other == profile)
    }

    /// What shows a profile.
    pub fn reason(&self, profile: Profile) -> Option<&str> {
        let mut evidence = self.evidence.iter();
        evidence.find(|(other, _)| *other == profile).map(|(_, phrase)| phrase.as_str())
    }
}

/// Finds what each component is.
pub(super) fn read(facts: &Facts<'_>) -> Vec<Profiles> {
    evidence::read(facts)
}
