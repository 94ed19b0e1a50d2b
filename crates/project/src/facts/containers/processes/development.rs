//! What shows that a file or service is for those who write the code, by its name. Knows words.

use camino::Utf8Path;

use super::super::development::word;
use crate::facts::Facts;

/// The word in a name that says so: those of images, and those of Compose.
pub(super) fn word_of(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let mut parts = lower.split(|it: char| !it.is_ascii_alphanumeric());
    let own = ["override", "localdev"];
    word(name).or_else(|| parts.find_map(|part| own.into_iter().find(|word| *word == part)))
}

/// What a path says: its own name, or that of a folder around it.
pub(super) fn development_of(facts: &Facts<'_>, path: &Utf8Path) -> Option<String> {
    says(facts.in_repository(path))
}

fn says(path: &Utf8Path) -> Option<String> {
    let name = path.file_name().unwrap_or_default();
    if let Some(word) = word_of(name) {
        return Some(format!("its name has the word `{word}`"));
    }
    let mut folders = path.parent()?.components();
    folders.find_map(|part| {
        let folder = part.as_str();
        // What a service is about may stand between: `get_doc_service`.
        let trimmed = folder.trim_matches(|it: char| !it.is_ascii_alphanumeric());
        let mut words = trimmed.split(|it: char| !it.is_ascii_alphanumeric());
        let ends = [words.next(), words.next_back()];
        let speaks = ends.into_iter().flatten().any(|word| word_of(word).is_some());
        speaks.then(|| format!("it lies in `{folder}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_count() {
        let of = |path: &str| says(Utf8Path::new(path)).is_some();
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
