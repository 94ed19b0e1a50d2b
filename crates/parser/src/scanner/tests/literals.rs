//! Literals, their nesting and what is a statement.

use super::*;

#[test]
fn know_their_prefix_and_content() {
    let text = r#"x = Rb'a\'b', u"", """d"e""", f'{x}', T"t", BR'''z''', rf'', not_a"x""#;
    let outline = scan(text);
    let parts = outline.strings.iter().map(|string| {
        (
            string.content().of_text(text),
            string.prefix,
            string.quotes,
            string.bytes,
            string.interpolated,
            string.raw,
        )
    });
    assert_eq!(
        parts.collect::<Vec<_>>(),
        [
            (r"a\'b", 2, 1, true, false, true),
            ("", 1, 1, false, false, false),
            ("d\"e", 0, 3, false, false, false),
            ("{x}", 1, 1, false, true, false),
            ("t", 1, 1, false, true, false),
            ("z", 2, 3, true, false, true),
            ("", 2, 1, false, true, true),
            ("x", 0, 1, false, false, false),
        ]
    );
}

#[test]
fn in_triple_quotes_end_at_the_first_three() {
    assert_eq!(strings("'''a''''b'"), ["'''a'''", "'b'"]);
    assert_eq!(strings("'' '''''' ''' ' '' '''"), ["''", "''''''", "''' ' '' '''"]);
    assert_eq!(strings(r"'''\''''"), [r"'''\''''"]);
}

#[test]
fn go_on_behind_a_backslash() {
    assert_eq!(strings("'a\\\nb' + 'c\\\r\nd'"), ["'a\\\nb'", "'c\\\r\nd'"]);
    assert_eq!(strings(r"r'\' + x'"), [r"r'\' + x'"]);
    assert_eq!(strings(r"'\\' + 'x'"), [r"'\\'", "'x'"]);
}

#[test]
fn nest_in_replacement_fields() {
    assert_eq!(
        strings(r#"f"{a["b"]} {f"{c}{"d"}"}""#),
        [r#"f"{a["b"]} {f"{c}{"d"}"}""#, r#""b""#, r#"f"{c}{"d"}""#, r#""d""#]
    );
    assert_eq!(strings(r"f'{{a}} {b!r:>{w}} {c=} {d:{e}.{f}%H:%M}' 'g'").len(), 2);
    assert_eq!(strings("f'{x:{'a'}}'"), ["f'{x:{'a'}}'", "'a'"]);
    assert_eq!(strings(r"f'\N{DIGIT ONE}{x}\{y}' 'z'"), [r"f'\N{DIGIT ONE}{x}\{y}'", "'z'"]);
    assert_eq!(strings(r"rf'\N{x}\' z'"), [r"rf'\N{x}\' z'"]);
}

#[test]
fn hold_line_ends_and_comments_in_replacement_fields() {
    let text = "f'{\n  x  # it's }\n}' + y\nz";
    assert_eq!(lines(text), ["f'{\n  x  # it's }\n}' + y", "z"]);
    assert_eq!(texts(text, scan(text).comments), ["# it's }"]);
    assert_eq!(lines("f'{x:a\n}'\nf'''{x:a\n}'''"), ["f'{x:a\n}'", "f'''{x:a\n}'''"]);
}

#[test]
fn take_every_colon_of_a_field_for_its_specification() {
    assert_eq!(
        calls("f'{f(a):g(b)}' f'{(lambda: g(1))}' f'{x!=f(2)}' f'{x:{f(3)}}'"),
        ["f(a)", "g(1)", "f(2)", "f(3)"]
    );
    assert_eq!(flaw("f'{x:=5} {a != b!r} {{}} {c == d = }'"), None);
}

#[test]
fn are_statements_or_not() {
    let statements = |text: &'static str| {
        let outline = scan(text);
        texts(
            text,
            outline.strings.iter().filter(|string| string.statement).map(|string| string.span),
        )
    };
    assert_eq!(
        statements("'a'\n'b' 'c'  # d\n'e'.f()\n'g' + 'h'\nif x: 'i'\nj; 'k'; 'l'"),
        ["'a'", "'b'", "'i'", "'k'", "'l'"]
    );
    assert_eq!(statements("f'a'\nx = 'b'\n('c')\n'd' \\\n 'e'\n'f', 'g'"), ["f'a'", "'d'"]);
}
