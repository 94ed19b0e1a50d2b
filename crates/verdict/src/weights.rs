//! How much each area weighs, by what a component is.

use roadworthy_engine::Area;
use serde::Serialize;

/// What a component is, as far as the score asks: the one profile that says most about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// It answers requests or works off a queue.
    Service,
    /// It calls language models.
    AiApp,
    /// A scheduler starts it to move data.
    Pipeline,
    /// People run it from a command line.
    Cli,
    /// Others import it.
    Library,
}

impl Profile {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::AiApp => "ai-app",
            Self::Pipeline => "pipeline",
            Self::Cli => "cli",
            Self::Library => "library",
        }
    }

    /// How much an area weighs in the overall mean; of all areas together 100.
    pub const fn weight(self, area: Area) -> u32 {
        let [code, design, data, api, cloud, ai, testing, automation, collaboration] = match self {
            Self::Service => [24, 4, 10, 14, 14, 6, 12, 8, 8],
            Self::AiApp => [20, 4, 8, 12, 12, 18, 10, 8, 8],
            Self::Pipeline => [22, 4, 24, 2, 12, 4, 12, 12, 8],
            Self::Cli => [32, 8, 6, 2, 6, 4, 18, 10, 14],
            Self::Library => [30, 12, 4, 0, 0, 4, 22, 12, 16],
        };
        match area {
            Area::Code => code,
            Area::Design => design,
            Area::Data => data,
            Area::Api => api,
            Area::Cloud => cloud,
            Area::Ai => ai,
            Area::Testing => testing,
            Area::Automation => automation,
            Area::Collaboration => collaboration,
        }
    }
}
