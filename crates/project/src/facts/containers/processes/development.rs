//! What shows that a file or service is for those who write the code, by its name. Knows words.

use camino::Utf8Path;

/// Words in names of what is not for production.
const WORDS: [&str; 21] = [
    "dev",
    "devel",
    "develop",
    "development",
    "local",
    "localdev",
    "override",
    "test",
    "tests",
    "testing",
    "ci",
    "e2e",
    "integration",
    "debug",
    "devcontainer",
    "example",
    "examples",
    "sample",
    "demo",
    "docs",
    "sandbox",
];

/// The word in a name that says so.
pub(super) fn word_of(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_part = |it: char| !it.is_ascii_alphanumeric();
    lower.split(is_part).find_map(|part| WORDS.into_iter().find(|word| *word == part))
}

/// What a path says: its own name, or that of a folder around it.
pub(super) fn development_of(path: &Utf8Path) -> Option<String> {
    let name = path.file_name().unwrap_or_default();
    if let Some(word) = word_of(name) {
        return Some(format!("its name has the word `{word}`"));
    }
    let mut folders = path.parent()?.components();
    folders.find_map(|part| {
        let folder = part.as_str();
        word_of(folder).map(|_| format!("it lies in `{folder}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_count() {
        let of = |path: &str| development_of(Utf8Path::new(path)).is_some();
        assert!(
            of("docker-compose.override.yml")
                && of("compose-dev.yaml")
                && of(".devcontainer/x.yml")
        );
        assert!(
            !of("docker-compose.yml") && !of("devices/compose.yaml") && !of("latest/compose.yml")
        );
    }
}
