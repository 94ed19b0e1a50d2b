//! Whether the guide of a repository says at its head that nobody keeps the project up any more. Knows the words of a guide's
//! first lines, nothing of commits.

use camino::Utf8Path;

use super::Facts;

/// Where a repository tells its readers what it is.
const GUIDES: [&str; 4] = ["README.md", "README.rst", "README.txt", "README"];

/// How much of a guide is its head, in bytes.
const HEAD: usize = 1_500;

/// Whether a guide says at its head that the project is kept up no more.
pub(super) fn is_given_up(facts: &Facts<'_>) -> bool {
    let mut guides = GUIDES.iter().filter_map(|it| facts.text(Utf8Path::new(it)).whole());
    guides.any(|it| says_so(head(it.text())))
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn says_so(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    // A paragraph is often broken into lines.
    let paragraphs =
        text.split("\n\n").map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
    text.lines().any(is_mark)
        || paragraphs
            .flat_map(|it| it.split(['.', '!', ';']).map(str::to_owned).collect::<Vec<_>>())
            .any(|it| is_sentence(&it))
}

/// Whether a line says it by a word alone: `# DEPRECATED`, `**[Archived]**`.
fn is_mark(line: &str) -> bool {
    const MARKS: [&str; 8] = [
        "abandoned",
        "archived",
        "deprecated",
        "discontinued",
        "no longer maintained",
        "not maintained",
        "retired",
        "unmaintained",
    ];
    MARKS.contains(&line.trim_matches(|it: char| !it.is_ascii_alphabetic()))
}

/// Whether a sentence says it of the project that it stands in.
fn is_sentence(sentence: &str) -> bool {
    const SUBJECTS: [&str; 10] = [
        "this app",
        "this code",
        "this package",
        "this project",
        "this repo",
        "this service",
        "this tool",
        "the package is",
        "the project is",
        "the repository is",
    ];
    const ENDS: [&str; 18] = [
        "been abandoned",
        "been archived",
        "been deprecated",
        "been discontinued",
        "been retired",
        "been sunset",
        "being sunset",
        "being deprecated",
        "being retired",
        "is abandoned",
        "is archived",
        "is deprecated",
        "is discontinued",
        "is now archived",
        "is now deprecated",
        "is unmaintained",
        "no longer actively",
        "will be archived",
    ];
    // What a fork or a part of it once was is another project, or a part.
    const OTHERS: [&str; 9] = [
        "api is deprecated",
        "branch",
        "endpoint",
        "fork",
        "if ",
        "once ",
        "original",
        "upstream",
        "which ",
    ];
    let kept_up = ["maintained", "developed", "in use", "under development"];
    let not = ["no longer ", "not ", "never "];
    let is_over = ENDS.iter().any(|it| sentence.contains(it))
        || kept_up.iter().any(|it| {
            sentence.find(it).is_some_and(|at| not.iter().any(|no| sentence[..at].contains(no)))
        });
    is_over
        && SUBJECTS.iter().any(|it| sentence.contains(it))
        && !OTHERS.iter().any(|it| sentence.contains(it))
        && !sentence.contains("not deprecated")
}

#[cfg(test)]
mod tests {
    use super::says_so;

    #[test]
    fn a_guide_says_at_its_head_that_nobody_keeps_the_project_up() {
        for text in [
            "# shop\n\n**NOTE**: This repository is being sunsetted.\nPlease use another.\n",
            "# shop\n\nThe project is not maintained anymore, and exists for reference.\n",
            "# shop\n\n> This project has been\n> deprecated.\n",
            "# shop\n\n## ⚠️ DEPRECATED\n",
            "This repo is no longer actively maintained.\n",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "# shop\n\nPython 3.8 is no longer supported.\n",
            "This project is a fork of acme, which is no longer maintained.\n",
            "This project is actively maintained.\n",
            "The v1 API is deprecated.\n",
            "This project is not deprecated.\n",
            "Files of this project that are old are archived every night.\n",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
