//! The colours of a report. Knows levels, not terminals: who calls says whether there are colours.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use roadworthy_engine::{Rule, Severity};

use crate::rule_url;

/// Whether and how text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    coloured: bool,
    links: bool,
}

impl Styles {
    /// Text alone.
    pub const fn plain() -> Self {
        Self { coloured: false, links: false }
    }

    /// Colours of sixteen, which terminals adapt to their background.
    pub const fn coloured() -> Self {
        Self { coloured: true, links: false }
    }

    /// The same, with names that lead to their pages where `links` says that the terminal shows such.
    #[must_use]
    pub const fn with_links(self, links: bool) -> Self {
        Self { links, ..self }
    }

    /// The name of a rule, which leads to its page (OSC 8) where the terminal shows links and there is a page.
    pub(crate) fn rule(self, rule: &Rule) -> Cow<'static, str> {
        match rule_url(rule).filter(|_| self.links) {
            Some(url) => format!("\x1b]8;;{url}\x1b\\{}\x1b]8;;\x1b\\", rule.name).into(),
            None => rule.name.into(),
        }
    }

    /// Whether there are colours.
    pub const fn is_coloured(self) -> bool {
        self.coloured
    }

    fn style(self, style: Style) -> Style {
        if self.coloured { style } else { Style::new() }
    }

    pub(crate) fn severity(self, severity: Severity) -> Style {
        let colour = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        self.style(colour.on_default().bold())
    }

    pub(crate) fn good(self) -> Style {
        self.style(AnsiColor::Green.on_default().bold())
    }

    pub(crate) fn strong(self) -> Style {
        self.style(Style::new().bold())
    }

    pub(crate) fn faint(self) -> Style {
        self.style(Style::new().dimmed())
    }

    pub(crate) fn path(self) -> Style {
        self.style(AnsiColor::Cyan.on_default().bold())
    }
}
