//! Reads the INI files of Python's `configparser`: sections, settings, values over several lines.
//! Knows no meaning.

use std::borrow::Cow;

/// The settings of a file, in its order.
pub(super) struct Ini<'t> {
    sections: Vec<&'t str>,
    settings: Vec<(&'t str, &'t str, Cow<'t, str>)>,
}

impl<'t> Ini<'t> {
    /// Parses a file; the error is the first line that is neither a section nor a setting.
    pub(super) fn parse(text: &'t str) -> Result<Self, u32> {
        let mut ini = Self { sections: Vec::new(), settings: Vec::new() };
        let mut section = None;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            if line.starts_with([' ', '\t'])
                && let Some((.., value)) = ini.settings.last_mut()
            {
                let value = value.to_mut();
                value.push('\n');
                value.push_str(trimmed);
                continue;
            }
            let header = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            if let Some((name, _)) = header {
                section = Some(name);
                ini.sections.push(name);
            } else if let (Some(section), Some(at)) = (section, trimmed.find(['=', ':'])) {
                let (key, value) = (trimmed[..at].trim(), trimmed[at + 1..].trim());
                ini.settings.push((section, key, Cow::Borrowed(value)));
            } else {
                return Err(u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1));
            }
        }
        Ok(ini)
    }

    /// Whether there is a section of this name.
    pub(super) fn has(&self, section: &str) -> bool {
        self.sections.contains(&section)
    }

    /// The settings of a section and their values.
    pub(super) fn settings(&self, section: &str) -> impl Iterator<Item = (&'t str, &str)> {
        let inside = self.settings.iter().filter(move |(in_section, ..)| *in_section == section);
        inside.map(|(_, key, value)| (*key, value.as_ref()))
    }

    /// The value of a setting, its lines without indentation.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<&str> {
        let found = self
            .settings
            .iter()
            .find(|(in_section, name, _)| *in_section == section && name.eq_ignore_ascii_case(key));
        found.map(|(.., value)| value.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_where_lines_are_indented() {
        let text = "# x\n[options.entry_points]\nconsole_scripts =\n    a = b:c\n    # no\n    d = e\n[z]\nk: v\n";
        let ini = Ini::parse(text).ok().unwrap();
        assert_eq!(ini.get("options.entry_points", "console_scripts"), Some("\na = b:c\nd = e"));
        assert_eq!(ini.get("z", "K"), Some("v"));
        assert!(ini.has("z") && !ini.has("y"));
    }

    #[test]
    fn a_line_that_is_nothing_is_named() {
        assert_eq!(Ini::parse("[a]\nb = 1\nwhat\n").err(), Some(3));
        assert_eq!(Ini::parse("b = 1\n").err(), Some(1));
    }
}
