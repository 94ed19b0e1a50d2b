//! What git keeps out of a repository. Knows `.gitignore`, no rule.

use camino::Utf8Path;
use roadworthy_project::Facts;
use roadworthy_project::facts::containers::Dockerignore;

/// Whether git ignores a file, by the `.gitignore` of the folders around it.
pub(crate) fn is_ignored_by_git(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    for folder in path.ancestors().skip(1) {
        let Some(document) = facts.text(&folder.join(".gitignore")).whole() else { continue };
        let patterns: Vec<_> = document.text().lines().filter_map(as_dockerignore).collect();
        let inside = path.strip_prefix(folder).unwrap_or(path);
        if Dockerignore::new(&patterns).ignores(inside) {
            return true;
        }
    }
    false
}

/// A pattern of git as one of Docker: without a slash in it, git means any folder.
fn as_dockerignore(line: &str) -> Option<String> {
    let line = line.trim_end();
    let (sign, pattern) = line.strip_prefix('!').map_or(("", line), |rest| ("!", rest));
    if pattern.is_empty() || pattern.starts_with('#') {
        return None;
    }
    let anchored = pattern.trim_end_matches('/').contains('/');
    Some(if anchored { format!("{sign}{pattern}") } else { format!("{sign}**/{pattern}") })
}
