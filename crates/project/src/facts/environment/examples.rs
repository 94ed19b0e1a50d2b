//! Example files of an environment: which there are, whose they are, what they name. Knows their names and syntax.

use camino::Utf8Path;
use roadworthy_parser::Span;

use super::Example;
use crate::facts::{Facts, Located, Place};

/// What the example files of each component name, by its index.
pub(super) fn read(facts: &Facts<'_>) -> Vec<Vec<Example>> {
    let components = &facts.project().components;
    let mut examples: Vec<Vec<Example>> = components.iter().map(|_| Vec::new()).collect();
    for path in facts.tree().files().filter(|it| is_example(it)) {
        let Some(owner) = owner(facts, path) else { continue };
        if let Some(file) = facts.text(path).whole() {
            names(path, file.text(), &mut examples[owner]);
        }
    }
    examples
}

/// Whether a file is called as examples are: `.env.example`, `env.template`, `sample.env`, `.env.production.example`.
pub(super) fn is_example(path: &Utf8Path) -> bool {
    const WORDS: [&str; 7] = ["example", "sample", "template", "dist", "tmpl", "tpl", "examples"];
    let name = path.file_name().unwrap_or_default();
    // Most names are told by a glance.
    if !name.contains("env") || name.len() > 40 {
        return false;
    }
    let mut words = name.trim_start_matches('.').split(['.', '-', '_']);
    let (mut env, mut example, mut other) = (false, false, false);
    for word in &mut words {
        match word {
            "env" => env = true,
            word if WORDS.contains(&word) => example = true,
            "py" | "md" | "yml" | "yaml" | "json" | "js" | "ts" | "sh" | "j2" | "erb" | "toml" => {
                other = true;
            }
            _ => {}
        }
    }
    env && example && !other
}

/// The component that an example file is of: the one around it, or the only one below its folder, where that has the code.
fn owner(facts: &Facts<'_>, path: &Utf8Path) -> Option<usize> {
    let project = facts.project();
    let has_code =
        |index: usize| project.files.iter().any(|it| it.component == index && it.kind.is_python());
    let around = facts.component_of(path);
    let declares = |index: usize| {
        let component = &project.components[index];
        let requirements = component.path.join("requirements.txt");
        component.manifest.is_some() || facts.tree().is_file(&requirements)
    };
    if let Some(index) = around.filter(|it| declares(*it)) {
        return Some(index);
    }
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let below =
        project.components.iter().enumerate().filter(|(_, component)| {
            component.path.starts_with(folder) && component.path != folder
        });
    let below: Vec<usize> = below.map(|(index, _)| index).filter(|&it| has_code(it)).collect();
    match below[..] {
        [] => around.filter(|&it| has_code(it)),
        [only] if around.is_none_or(|it| !has_code(it)) => Some(only),
        // Whose variables these are nobody can say.
        _ => None,
    }
}

/// Names before an equals sign, commented or exported.
fn names(path: &Utf8Path, text: &str, examples: &mut Vec<Example>) {
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_start_matches(|it: char| it.is_whitespace() || it == '#');
        let commented = whole.trim_start().starts_with('#');
        let line = line.strip_prefix("export ").unwrap_or(line);
        let length = line.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        let length = length.unwrap_or(line.trim_end().len());
        let behind = line[length..].trim_start();
        let name = &line[..length];
        // `# see FOO=1 for more` is a sentence; a variable's name without value stands alone.
        let is_set = behind.starts_with('=') || behind.is_empty() && !commented;
        let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
        if is_set && is_name {
            let start = at + (whole.len() - line.len());
            let span = Span::new(start as u32, (start + length) as u32);
            let name = Located { value: name.to_owned(), place: Place::new(path, span) };
            examples.push(Example { name, commented });
        }
        at += whole.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_known_by_their_names() {
        for name in [
            ".env.example",
            ".env.template",
            ".env.sample",
            "env.example",
            "example.env",
            ".env.dist",
            ".env-example",
            "deploy/.env.production.example",
        ] {
            assert!(is_example(Utf8Path::new(name)), "{name}");
        }
        for name in
            [".env", ".env.local", "environment.py", "env.py", "env_example.py", "example.md"]
        {
            assert!(!is_example(Utf8Path::new(name)), "{name}");
        }
    }

    #[test]
    fn lines_name_variables_commented_or_not() {
        let mut examples = Vec::new();
        let text = "# Settings\nA=1\n export B = x\n#C=\n# set D=1 here\n\nE\nlower=1\n";
        names(Utf8Path::new(".env.example"), text, &mut examples);
        let found: Vec<_> =
            examples.iter().map(|it| (it.name.place.span.of_text(text), it.commented)).collect();
        let expected = [("A", false), ("B", false), ("C", true), ("E", false), ("lower", false)];
        assert_eq!(found, expected);
    }
}
