//! What holds of every outline, whatever the text: checked on the fixtures, on what remains of them
//! after damage, and at every place where they may be cut off.

use std::path::{Path, PathBuf};

use roadworthy_parser::{Outline, Span, scan};

fn check(text: &str, span: Span) {
    assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} is in the text");
    assert!(text.get(span.range()).is_some(), "{span:?} is on character boundaries");
}

fn within(text: &str, inner: Span, outer: Span, what: &str) {
    check(text, inner);
    assert!(outer.covers(inner), "{what} {inner:?} lies in {outer:?}");
}

fn sorted(what: &str, starts: impl Iterator<Item = u32>) {
    assert!(starts.is_sorted(), "{what} are sorted");
}

/// Panics where an outline contradicts itself or its text.
fn check_invariants(text: &str, outline: &Outline) {
    check_definitions(text, outline);
    for pair in outline.lines.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "lines follow each other");
    }
    for line in &outline.lines {
        check(text, line.span);
        if let Some(id) = line.scope {
            within(text, line.span, outline.definition(id).body, "a line of a body");
        }
    }

    sorted("strings", outline.strings.iter().map(|string| string.span.start));
    let mut around: Vec<Span> = Vec::new();
    for string in &outline.strings {
        check(text, string.span);
        // Without closing quotes there is no telling where the content ends.
        if outline.flaw.is_none() {
            within(text, string.content(), string.span, "content");
        }
        around.retain(|outer| outer.end > string.span.start);
        if let Some(outer) = around.last() {
            within(text, string.span, *outer, "a nested string");
        }
        if string.interpolated {
            around.push(string.span);
        }
    }

    for pair in outline.comments.windows(2) {
        assert!(pair[0].end <= pair[1].start, "comments follow each other");
    }
    for comment in &outline.comments {
        check(text, *comment);
        assert!(comment.of_text(text).starts_with('#'), "a comment begins with its sign");
    }

    sorted("calls", outline.calls.iter().map(|call| call.name.start));
    for call in &outline.calls {
        check(text, call.name);
        check(text, call.arguments);
        assert!(call.name.end <= call.arguments.start, "arguments follow the name");
        assert!(call.arguments.of_text(text).starts_with('('), "arguments begin with a bracket");
    }

    sorted("imports", outline.imports.iter().map(|import| import.statement.start));
    for import in &outline.imports {
        check(text, import.statement);
        within(text, import.module, import.statement, "a module");
        within(text, import.name, import.statement, "an imported name");
        if let Some(alias) = import.alias {
            within(text, alias, import.statement, "an alias");
        }
    }
    for guard in &outline.main_guards {
        check(text, *guard);
    }
    if let Some(flaw) = outline.flaw {
        assert!((flaw.offset as usize) < text.len(), "a flaw lies within the text");
    }
}

fn check_definitions(text: &str, outline: &Outline) {
    sorted("definitions", outline.definitions.iter().map(|one| one.header.start));
    sorted("decorators", outline.decorators.iter().map(|one| one.start));
    sorted("parameters", outline.parameters.iter().map(|one| one.name.start));
    sorted("type parameters", outline.type_parameters.iter().map(|one| one.name.start));
    sorted("arguments", outline.arguments.iter().map(|one| one.value.start));
    for (id, definition) in outline.definitions.iter().enumerate() {
        check(text, definition.span);
        within(text, definition.header, definition.span, "a header");
        within(text, definition.body, definition.span, "a body");
        within(text, definition.name, definition.header, "a name");
        assert!(definition.header.end <= definition.body.start, "the body follows the header");
        if let Some(parent) = definition.parent {
            assert!((parent as usize) < id, "a parent comes first");
            within(text, definition.span, outline.definition(parent).body, "a nested definition");
        }
        for decorator in outline.decorators(definition) {
            within(text, *decorator, definition.span, "a decorator");
        }
        for argument in outline.arguments(definition) {
            within(text, argument.value, definition.header, "an argument");
        }
        let signature = outline.signature(definition);
        for parameter in signature.parameters {
            within(text, parameter.name, definition.header, "a parameter");
            for part in [parameter.annotation, parameter.default].into_iter().flatten() {
                within(text, part, definition.header, "a part of a parameter");
            }
        }
        if let Some(part) = signature.returns {
            within(text, part, definition.header, "a return annotation");
        }
        if let Some(docstring) = definition.docstring {
            assert_eq!(docstring.start, definition.body.start, "a docstring comes first");
        }
    }
}

/// The awkward files, by name, with their text.
fn fixtures() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/syntax");
    let files = std::fs::read_dir(&folder).expect("the folder of fixtures is there");
    let mut paths: Vec<_> = files.map(|file| file.expect("can be listed").path()).collect();
    paths.sort();
    assert!(paths.len() >= 12, "the fixtures were found");
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("fixtures are UTF-8");
            (path, text)
        })
        .collect()
}

#[test]
fn fixtures_have_no_flaw() {
    for (path, text) in fixtures() {
        let outline = scan(&text);
        assert_eq!(outline.flaw, None, "{}", path.display());
        check_invariants(&text, &outline);
    }
}

#[test]
fn invariants_hold_wherever_the_text_ends() {
    for (_, text) in fixtures() {
        for (end, _) in text.char_indices() {
            check_invariants(&text[..end], &scan(&text[..end]));
        }
    }
}

#[test]
fn invariants_hold_after_any_damage() {
    const PIECES: [&str; 24] = [
        "'", "\"", "'''", "\"\"\"", "f'", "f'{", "{", "}", "(", ")", "[", "]", "\\", "\n", "\r",
        "\0", ":", ";", "#", ".", " ", "é", "lambda ", "\u{feff}",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for (_, text) in fixtures() {
        let characters: Vec<char> = text.chars().collect();
        for _ in 0..300 {
            let mut damaged = characters.clone();
            for _ in 0..=random(3) {
                let at = random(damaged.len());
                let end = (at + random(4)).min(damaged.len());
                damaged.splice(at..end, PIECES[random(PIECES.len())].chars());
            }
            let damaged: String = damaged.into_iter().collect();
            check_invariants(&damaged, &scan(&damaged));
        }
    }
}

#[test]
fn a_text_of_any_shape_ends() {
    let deep = "(".repeat(200_000) + &")".repeat(200_000);
    let wide = "x = [".to_owned() + &"1, 'a', f'{b}', ".repeat(300_000) + "]";
    for text in [deep, wide, String::new(), "\u{feff}".to_owned(), "\\".to_owned(), "\0".to_owned()]
    {
        check_invariants(&text, &scan(&text));
    }
}
