//! What the rules about secrets share on files that are not Python. Knows kinds and names of files, no rule.

use roadworthy_project::FileKind;
use roadworthy_secrets::DocumentKind;

/// The syntax in which a file's keys and values are written; `None` where there is no text.
pub(crate) fn syntax(kind: FileKind) -> Option<DocumentKind> {
    Some(match kind {
        FileKind::Env => DocumentKind::Env,
        FileKind::Yaml => DocumentKind::Yaml,
        FileKind::Toml => DocumentKind::Toml,
        FileKind::Json => DocumentKind::Json,
        FileKind::Ini => DocumentKind::Ini,
        FileKind::Properties => DocumentKind::Properties,
        FileKind::Dockerfile => DocumentKind::Dockerfile,
        FileKind::Shell => DocumentKind::Shell,
        FileKind::Netrc => DocumentKind::Netrc,
        FileKind::Python | FileKind::Notebook | FileKind::Key | FileKind::Text => {
            DocumentKind::Text
        }
        FileKind::Keystore => return None,
    })
}
