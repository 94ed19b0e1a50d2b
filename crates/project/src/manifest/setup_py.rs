//! What a text search finds in a `setup.py`. The file is a program, so that this is what people write as
//! a rule; what is computed stays unknown.

/// Whether it is the kind of `setup.py` that builds a package: others are modules of a program.
pub(super) fn builds_a_package(text: &str) -> bool {
    text.contains("setup(")
        && ["setuptools", "distutils", "skbuild", "numpy.distutils", "pbr"]
            .iter()
            .any(|tool| text.contains(tool))
}

/// A text without the lines that are comments: what stands in them is declared no more.
pub(super) fn without_comments(text: &str) -> String {
    let lines = text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with('#'));
    lines.collect()
}

/// The literal behind `name=` in the call of `setup`.
pub(super) fn name(text: &str) -> Option<String> {
    let call = &text[text.find("setup(")?..];
    call.match_indices("name").find_map(|(at, _)| {
        if call[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            return None;
        }
        let value = call[at + "name".len()..].trim_start().strip_prefix('=')?;
        string(value.trim_start()).map(str::to_owned)
    })
}

/// All literals that look like trove classifiers.
pub(super) fn classifiers(text: &str) -> impl Iterator<Item = &str> {
    strings(text).filter(|literal| literal.contains(" :: "))
}

/// Commands and targets of `console_scripts`, in whichever of its usual forms they are written: a list,
/// one text of several lines, a decorated INI text.
pub(super) fn console_scripts(text: &str) -> Vec<(&str, &str)> {
    let Some(at) = text.find("console_scripts") else { return Vec::new() };
    let rest = &text[at + "console_scripts".len()..];
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let end = rest.strip_prefix(']').map_or_else(
        // An INI text: up to its next section or the end of the literal.
        || rest.find([']', '}']).unwrap_or(rest.len()),
        |text| 1 + text.find(['[', '"', '\'']).unwrap_or(text.len()),
    );
    let inside = &rest[..end];
    let pieces = inside.split(['"', '\'', '\n', ',']);
    pieces
        .filter_map(|piece| {
            let (command, target) = piece.split_once('=')?;
            let target = target.trim();
            let dotted = !target.is_empty()
                && target
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ':'));
            dotted.then(|| (command.trim(), target))
        })
        .collect()
}

/// The literals of a text, as far as quotes on one line tell.
fn strings(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let quote = line.find(['"', '\'']).map(|at| line.as_bytes()[at]);
        quote.into_iter().flat_map(|quote| line.split(char::from(quote)).skip(1).step_by(2))
    })
}

fn string(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let inside = &text[1..];
    inside.find(quote).map(|end| &inside[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn console_scripts_are_found_in_all_their_forms() {
        let list = "setup(entry_points={'console_scripts': ['a = b.c:d', \"e=f:g\"], 'x': []})";
        assert_eq!(console_scripts(list), [("a", "b.c:d"), ("e", "f:g")]);
        let ini = "setup(entry_points=\"\"\"\n[console_scripts]\na=b:c\n[other]\nx=y\n\"\"\")";
        assert_eq!(console_scripts(ini), [("a", "b:c")]);
        let lines = "entry_points={\"console_scripts\": [\n  \"a=b:c\",\n  # none\n]}";
        assert_eq!(console_scripts(lines), [("a", "b:c")]);
        assert_eq!(console_scripts("setup()"), []);
    }

    #[test]
    fn what_is_commented_out_is_not_declared() {
        let text = "entry_points={\n#  'console_scripts': [\n   # 'a = b:c']\n}\n'x'";
        assert_eq!(without_comments(text), "entry_points={\n}\n'x'");
    }

    #[test]
    fn name_is_a_literal_of_the_call() {
        assert_eq!(name("x_name='no'\nsetup(\n name = 'yes')").as_deref(), Some("yes"));
        assert_eq!(name("setup(name=NAME)"), None);
        assert!(!builds_a_package("def setup(hass): ..."));
    }

    #[test]
    fn classifiers_are_literals() {
        let text = "setup(classifiers=[\n 'Intended Audience :: Developers',\n 'x'])";
        assert_eq!(classifiers(text).collect::<Vec<_>>(), ["Intended Audience :: Developers"]);
    }
}
