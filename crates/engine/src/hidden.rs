//! The ranges of a file that no output may show: what the rules about secrets point at, whether or not a
//! comment, a role or the configuration silences them.

use roadworthy_parser::{Parser, SourceFile, Span};
use roadworthy_project::{Component, File};

use crate::lint_file::Linter;
use crate::{Catalog, ParseMode, RuleSet, Settings, Strictness};

/// The rules whose findings hide text, ready for any file.
pub struct HiddenText<'c> {
    linter: Linter<'c>,
    settings: Settings,
}

impl<'c> HiddenText<'c> {
    /// Gets ready. `settings` may add to what the rules take for a secret by their options.
    pub fn new(catalog: &'c Catalog, settings: &Settings) -> Self {
        let rules = catalog.rules().iter().enumerate();
        let hiding: RuleSet = rules.filter(|(_, rule)| rule.hides_text).map(|(id, _)| id).collect();
        let linter = Linter::new(catalog, &hiding, ParseMode::OnDemand, Strictness::Pedantic);
        let settings = Settings {
            rules: hiding,
            per_file_ignores: Vec::new(),
            per_role: Vec::new(),
            ..settings.clone()
        };
        Self { linter, settings }
    }

    /// The ranges to hide, by offset.
    pub fn spans(&self, file: &File, component: &Component, source: &SourceFile) -> Vec<Span> {
        if self.settings.rules.is_empty() {
            return Vec::new();
        }
        self.linter.reported(&mut Parser::new(), file, component, source, &self.settings)
    }
}
