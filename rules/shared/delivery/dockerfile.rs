//! The instructions of a Dockerfile and the stages they belong to. Knows its syntax, no rule.

use std::ops::Range;

/// One instruction.
#[derive(Debug)]
pub(crate) struct Instruction<'t> {
    /// In upper case: `RUN`.
    pub(crate) name: String,
    /// What stands behind it, over all its lines and heredocs.
    pub(crate) arguments: &'t str,
    /// Where that stands in the file.
    pub(crate) span: Range<usize>,
    /// The stage it belongs to, from 0; what stands before the first counts to it.
    pub(crate) stage: usize,
}

/// A Dockerfile.
#[derive(Debug, Default)]
pub(crate) struct Dockerfile<'t> {
    pub(crate) instructions: Vec<Instruction<'t>>,
    /// By stage: whether its layers are part of the image that is built last.
    shipped: Vec<bool>,
}

impl<'t> Dockerfile<'t> {
    /// Reads a file, whatever it holds.
    pub(crate) fn read(text: &'t str) -> Self {
        let mut file = Self::default();
        let mut stages: Vec<Stage<'t>> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let end = instruction_end(text, at);
            let line = text[at..end].trim_start();
            let start = end - line.len();
            if !line.is_empty() && !line.starts_with('#') {
                let length = line.find(char::is_whitespace).unwrap_or(line.len());
                let (name, arguments) = (line[..length].to_ascii_uppercase(), &line[length..]);
                if name == "FROM" {
                    stages.push(Stage::new(arguments));
                }
                let stage = stages.len().saturating_sub(1);
                let span = start + length..end;
                file.instructions.push(Instruction { name, arguments, span, stage });
            }
            at = end + 1;
        }
        file.shipped = shipped(&stages);
        file
    }

    /// The instruction around a place.
    pub(crate) fn at(&self, offset: usize) -> Option<&Instruction<'t>> {
        let after = self.instructions.partition_point(|it| it.span.start <= offset);
        let before = after.checked_sub(1).map(|at| &self.instructions[at])?;
        before.span.contains(&offset).then_some(before)
    }

    /// Whether the layers of a stage are part of the image.
    pub(crate) fn is_shipped(&self, stage: usize) -> bool {
        self.shipped.get(stage).copied().unwrap_or(true)
    }
}

struct Stage<'t> {
    base: &'t str,
    name: Option<&'t str>,
}

impl<'t> Stage<'t> {
    fn new(arguments: &'t str) -> Self {
        let mut words = arguments.split_whitespace().filter(|word| !word.starts_with("--"));
        let base = words.next().unwrap_or_default();
        let name = words.next().filter(|word| word.eq_ignore_ascii_case("as")).and(words.next());
        Self { base, name }
    }
}

/// The last stage, and those that it begins from.
fn shipped(stages: &[Stage<'_>]) -> Vec<bool> {
    let mut shipped = vec![false; stages.len()];
    let mut next = stages.len().checked_sub(1);
    while let Some(stage) = next {
        shipped[stage] = true;
        let base = stages[stage].base;
        let is_base =
            |other: &usize| stages[*other].name.is_some_and(|name| name.eq_ignore_ascii_case(base));
        next = (0..stage).rev().find(is_base);
    }
    shipped
}

/// Where the instruction ends that begins on the line at an offset: behind continued lines, comments between them and
/// heredocs.
fn instruction_end(text: &str, start: usize) -> usize {
    let mut end = line_end(text, start);
    let first = text[start..end].trim_start();
    if first.starts_with('#') {
        return end;
    }
    loop {
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1).max(start);
        let line = text[line..end].trim();
        let goes_on = line.ends_with('\\') || end > start && line.starts_with('#');
        if !goes_on || end >= text.len() {
            break;
        }
        end = line_end(text, end + 1);
    }
    // Only `RUN`, `COPY` and `ADD` take heredocs.
    let takes = ["RUN", "COPY", "ADD"]
        .iter()
        .any(|it| first.get(..it.len()).is_some_and(|word| word.eq_ignore_ascii_case(it)));
    let Some(marker) = takes.then(|| heredoc(&text[start..end])).flatten() else { return end };
    let mut line = end + 1;
    while line < text.len() {
        let behind = line_end(text, line);
        if text[line..behind].trim() == marker {
            return behind;
        }
        line = behind + 1;
    }
    // Nothing ends it: all that follows is its text.
    text.len()
}

fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length)
}

/// The word that ends a heredoc.
fn heredoc(line: &str) -> Option<&str> {
    let rest = &line[line.find("<<")? + 2..];
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches(['"', '\'']);
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    (length > 0).then(|| &rest[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_go_on_over_lines_comments_and_heredocs() {
        let text = "# top\nFROM a AS one\nRUN x \\\n  # why\n  && y\nrun <<EOF\nFROM no\nEOF\nFROM one\nENV A=b";
        let file = Dockerfile::read(text);
        let names: Vec<_> = file.instructions.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["FROM", "RUN", "RUN", "FROM", "ENV"]);
        assert!(file.instructions[1].arguments.ends_with("&& y"));
        assert_eq!(file.at(text.find("no").expect("is there")).map(|it| it.stage), Some(0));
        assert!(file.is_shipped(0) && file.is_shipped(1));
    }

    #[test]
    fn a_stage_from_which_files_are_only_copied_is_not_shipped() {
        let file = Dockerfile::read("FROM a AS one\nRUN x\nFROM b\nCOPY --from=one /x /x\n");
        assert!(!file.is_shipped(0) && file.is_shipped(1));
        assert!(Dockerfile::read("ENV A=b").is_shipped(0));
        for end in 0..40 {
            let text = "FROM é\\\n#\nRUN <<'é\nCOPY <<A\n\\\nA\n";
            if let Some(part) = text.get(..end.min(text.len())) {
                Dockerfile::read(part);
            }
        }
    }
}
