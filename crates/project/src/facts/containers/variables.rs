//! Variables of a Dockerfile: what `ARG` and `ENV` set, and what a text becomes by them. Knows the substitutions of
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement>; what is given to a build is not known.

use super::{Instruction, Stage};
use crate::facts::Fact;

/// The variables that are set at some place; a variable without a value is one that only the build knows.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: Vec<(String, Fact<String>)>,
}

impl Variables {
    /// What is set at the end of a stage, by itself.
    pub fn of_stage(stage: &Stage) -> Self {
        let mut variables = Self::default();
        for instruction in &stage.instructions {
            variables.declare(instruction);
        }
        variables
    }

    /// Takes what an instruction sets.
    pub fn declare(&mut self, instruction: &Instruction) {
        let is_argument = instruction.keyword == "ARG";
        if !is_argument && instruction.keyword != "ENV" {
            return;
        }
        for (name, value) in instruction.pairs() {
            let value = match value {
                Some(value) => self.expand(&value),
                None => Fact::Unknown(format!("build argument {name} has no default")),
            };
            self.values.push((name, value));
        }
    }

    fn get(&self, name: &str) -> Option<&Fact<String>> {
        self.values.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// A text with its variables replaced.
    pub fn expand(&self, text: &str) -> Fact<String> {
        let mut whole = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['$', '\\']) {
            whole.push_str(&rest[..at]);
            let escaped = rest[at..].strip_prefix('\\');
            rest = &rest[at + 1..];
            if let Some(behind) = escaped {
                let next = behind.chars().next();
                whole.extend(next);
                rest = &behind[next.map_or(0, char::len_utf8)..];
                continue;
            }
            let (expression, behind) = expression(rest);
            rest = behind;
            match self.evaluate(expression) {
                Fact::Known(value) => whole.push_str(&value),
                unknown @ Fact::Unknown(_) => return unknown,
            }
        }
        whole.push_str(rest);
        Fact::Known(whole)
    }

    /// `NAME`, `NAME:-default`, `NAME:+other`.
    fn evaluate(&self, expression: &str) -> Fact<String> {
        let end = expression.find(|c: char| !is_name(c)).unwrap_or(expression.len());
        let (name, operation) = expression.split_at(end);
        let value = self.get(name);
        let set = value.and_then(Fact::known).filter(|value| !value.is_empty());
        let operation = operation.strip_prefix(':').unwrap_or(operation);
        match (operation.split_at_checked(1), set, value) {
            (None | Some(("-", _)), Some(value), _) => Fact::Known(value.clone()),
            (Some(("-", default)), None, _) => self.expand(default),
            (Some(("+", other)), Some(_), _) => self.expand(other),
            (None, None, Some(value)) => value.clone(),
            _ => Fact::Unknown(format!("`${expression}` is known to the build only")),
        }
    }
}

/// The expression behind a `$`, and what comes behind it.
fn expression(text: &str) -> (&str, &str) {
    let Some(inner) = text.strip_prefix('{') else {
        let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
        return text.split_at(end);
    };
    let mut depth = 1;
    for (at, character) in inner.char_indices() {
        depth += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 {
            return (&inner[..at], &inner[at + 1..]);
        }
    }
    (inner, "")
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

impl Instruction {
    /// The names and values that `ENV`, `ARG` and `LABEL` set, quotes taken off; an `ARG` may have no value.
    pub fn pairs(&self) -> Vec<(String, Option<String>)> {
        let text = self.arguments.value.trim();
        let words = quoted_words(text);
        // `ENV NAME a value`, the old form.
        if self.keyword != "ARG"
            && let Some(first) = words.first()
            && !first.contains('=')
        {
            let value = text[first.len().min(text.len())..].trim();
            return vec![(first.clone(), Some(value.to_owned()))];
        }
        let pair = |word: String| match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        words.into_iter().map(pair).collect()
    }
}

/// Words between blanks, without their quotes.
fn quoted_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => match characters.next() {
                Some('\n') | None => {}
                // The variable stays a text.
                Some('$') => word.get_or_insert_default().push_str("\\$"),
                Some(next) => word.get_or_insert_default().push(next),
            },
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let known = |value: &str| Fact::Known(value.to_owned());
        let values = vec![
            ("A".to_owned(), known("3.12")),
            ("B".to_owned(), Fact::Unknown("no default".to_owned())),
            ("E".to_owned(), known("")),
        ];
        Variables { values }
    }

    #[test]
    fn defaults_and_alternatives_are_replaced() {
        let expand = |text: &str| variables().expand(text).known().cloned();
        assert_eq!(expand("python:$A-slim").as_deref(), Some("python:3.12-slim"));
        assert_eq!(expand("p:${A}-x${E}").as_deref(), Some("p:3.12-x"));
        assert_eq!(expand("${B:-p:${A}}").as_deref(), Some("p:3.12"));
        assert_eq!(expand("${A:+yes}").as_deref(), Some("yes"));
        assert_eq!(expand(r"\$A").as_deref(), Some("$A"));
        for unknown in ["$B", "$C", "${A%.*}", "${B:?no}", "$"] {
            assert_eq!(expand(unknown), None, "{unknown}");
        }
    }
}
