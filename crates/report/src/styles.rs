//! The colours of a report. Knows levels, not terminals: who calls says whether there are colours.

use anstyle::{AnsiColor, Style};
use roadworthy_engine::Severity;

/// Whether and how text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    coloured: bool,
}

impl Styles {
    /// Text alone.
    pub const fn plain() -> Self {
        Self { coloured: false }
    }

    /// Colours of sixteen, which terminals adapt to their background.
    pub const fn coloured() -> Self {
        Self { coloured: true }
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
