//! Where a finding lies, as other programs spell and count it. Knows paths and positions, no disk.

use camino::{Utf8Path, Utf8PathBuf};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use roadworthy_engine::Finding;

use crate::redacted;

/// What is not written as it is in the path of a URI. A colon would make a scheme of what stands before it.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The folder that paths in reports for other programs begin at: they know the repository, not where the run took place.
#[derive(Clone, Debug)]
pub struct Root {
    folder: Utf8PathBuf,
    working_directory: Utf8PathBuf,
}

impl Root {
    /// Of a repository and the folder that the paths of findings are relative to, both absolute.
    pub fn new(folder: Utf8PathBuf, working_directory: Utf8PathBuf) -> Self {
        Self { folder, working_directory }
    }

    /// A path relative to the root, with forward slashes; `.` for the root itself, none outside of it.
    fn below(&self, path: &Utf8Path) -> Option<String> {
        let absolute = self.working_directory.join(path);
        let below = absolute.strip_prefix(&self.folder).ok()?;
        let parts: Vec<_> = below.components().map(|part| part.as_str()).collect();
        Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
    }

    /// A path relative to the root, or as it is outside of it.
    pub fn path(&self, path: &Utf8Path) -> String {
        let path = self.below(path).unwrap_or_else(|| path.to_string());
        redacted(&path).into_owned()
    }

    /// A path as a URI: relative to the root, else absolute.
    pub(crate) fn uri(&self, path: &Utf8Path) -> Uri {
        if let Some(below) = self.below(path) {
            return Uri { text: escaped(&below), relative: true };
        }
        let slash = if path.as_str().starts_with('/') { "" } else { "/" };
        let text = format!("file://{slash}{}", escaped(&path.as_str().replace('\\', "/")));
        Uri { text, relative: false }
    }
}

/// A path as a URI.
pub(crate) struct Uri {
    pub(crate) text: String,
    /// Whether it is relative to the root of the repository.
    pub(crate) relative: bool,
}

/// A path as part of a URI.
pub(crate) fn escaped(path: &str) -> String {
    utf8_percent_encode(&redacted(path), ESCAPED).to_string()
}

/// The last line that a finding holds something of: one that ends with a line end does not reach into the next line.
pub(crate) fn last_line(finding: &Finding) -> u32 {
    let beyond = finding.end.column == 1 && finding.end.line > finding.start.line;
    finding.end.line - u32::from(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_root_of_the_repository() {
        let root = Root::new("/r".into(), "/r/services/api".into());
        let uri = |path: &str| root.uri(Utf8Path::new(path)).text;
        assert_eq!(root.path("a/b.py".into()), "services/api/a/b.py");
        assert_eq!(root.path("/r/c.py".into()), "c.py");
        assert_eq!(root.path(".".into()), "services/api");
        assert_eq!(root.path("/elsewhere/c.py".into()), "/elsewhere/c.py");
        assert_eq!(uri("a b/ü#%?:|.py"), "services/api/a%20b/%C3%BC%23%25%3F%3A%7C.py");
        assert_eq!(uri("/else where/c.py"), "file:///else%20where/c.py");
        assert_eq!(uri("/r"), ".");
        assert!(root.uri("a.py".into()).relative && !root.uri("/x.py".into()).relative);
    }
}
