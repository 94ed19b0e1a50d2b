//! Patterns of a configuration file, relative to its folder, to patterns over the paths that a run
//! shows. Knows paths, not what patterns are for.

use camino::Utf8Path;
use globset::{GlobBuilder, GlobMatcher};

/// The patterns over shown paths that mean what `pattern` means in the configuration of `root`. None
/// where it can match nothing that is shown.
pub(crate) fn rebased(pattern: &str, root: &Utf8Path, working_directory: &Utf8Path) -> Vec<String> {
    let bare = pattern.strip_prefix("./").unwrap_or(pattern);
    // A bare name is meant at any depth.
    if root == working_directory || !bare.trim_end_matches('/').contains('/') {
        return vec![pattern.to_owned()];
    }
    let bare = bare.trim_start_matches('/');
    // What lies outside of the working directory is shown by its absolute path.
    let mut all = vec![format!("**/{}/{bare}", escaped(root).trim_start_matches('/'))];
    if let Ok(below) = root.strip_prefix(working_directory) {
        all = vec![format!("{}/{bare}", escaped(below))];
    } else if let Ok(inside) = working_directory.strip_prefix(root) {
        all.extend(without_folders(bare, inside));
    }
    all
}

/// A pattern as it reads from a folder further inside.
fn without_folders(pattern: &str, inside: &Utf8Path) -> Option<String> {
    let mut rest = pattern;
    for folder in inside.components() {
        let (first, behind) = match rest.split_once('/') {
            Some((first, behind)) => (first, behind),
            None => (rest, ""),
        };
        if first == "**" {
            return Some(rest.to_owned());
        }
        if first.is_empty() || !glob(first).is_ok_and(|glob| glob.is_match(folder.as_str())) {
            return None;
        }
        if behind.is_empty() {
            // The pattern names a folder around the working directory: all that is shown lies in it.
            return Some("**".to_owned());
        }
        rest = behind;
    }
    // A slash keeps a single name from matching at any depth.
    Some(if rest.contains('/') { rest.to_owned() } else { format!("/{rest}") })
}

fn escaped(path: &Utf8Path) -> String {
    let parts: Vec<_> = path.components().map(|part| globset::escape(part.as_str())).collect();
    parts.join("/").replace("//", "/")
}

/// Matchers over shown paths for a pattern of a configuration: of a file, or of a folder around it.
///
/// # Errors
/// With the reason when it is no pattern.
pub(crate) fn matchers(
    pattern: &str,
    root: &Utf8Path,
    working_directory: &Utf8Path,
) -> Result<Vec<GlobMatcher>, String> {
    let mut matchers = Vec::new();
    for pattern in rebased(pattern, root, working_directory) {
        let bare = pattern.strip_prefix("./").unwrap_or(&pattern).trim_end_matches('/');
        let bare = match bare.strip_prefix('/') {
            Some(anchored) => anchored.to_owned(),
            None if bare.contains('/') => bare.to_owned(),
            None => format!("**/{bare}"),
        };
        matchers.push(glob(&bare)?);
        matchers.push(glob(&format!("{bare}/**"))?);
    }
    Ok(matchers)
}

fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let built = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
    built.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(pattern: &str, root: &str, working_directory: &str) -> Vec<String> {
        rebased(pattern, Utf8Path::new(root), Utf8Path::new(working_directory))
    }

    #[test]
    fn patterns_are_relative_to_the_folder_of_their_file() {
        assert_eq!(at("gen", "/p", "/p/src"), ["gen"]);
        assert_eq!(at("src/gen", "/p", "/p"), ["src/gen"]);
        assert_eq!(at("src/gen", "/p/sub", "/p"), ["sub/src/gen"]);
        assert_eq!(at("src/gen", "/p", "/p/src"), ["**/p/src/gen", "/gen"]);
        assert_eq!(at("s*/a/b.py", "/p", "/p/src"), ["**/p/s*/a/b.py", "a/b.py"]);
        assert_eq!(at("lib/gen", "/p", "/p/src"), ["**/p/lib/gen"]);
        assert_eq!(at("src/", "/p", "/p/src"), ["src/"]);
        assert_eq!(at("**/x/y", "/p", "/p/src"), ["**/p/**/x/y", "**/x/y"]);
        assert_eq!(at("a/b", "/q", "/p"), ["**/q/a/b"]);
    }

    #[test]
    fn a_matcher_takes_files_and_what_lies_in_folders() {
        let matches = |pattern: &str, path: &str| {
            let all = matchers(pattern, Utf8Path::new("/p"), Utf8Path::new("/p")).unwrap();
            all.iter().any(|glob| glob.is_match(path))
        };
        assert!(matches("tests", "a/tests/b/c.py"));
        assert!(matches("*_pb2.py", "a/x_pb2.py"));
        assert!(matches("src/*.py", "src/a.py"));
        assert!(!matches("src/*.py", "src/a/b.py"));
        assert!(matches("src/a", "src/a/b.py"));
        assert!(matches("/a.py", "a.py"));
        assert!(!matches("/a.py", "b/a.py"));
    }
}
