//! Text that is no Python, and how the scan goes on behind it.

use super::*;

#[test]
fn are_told_with_their_place() {
    assert_eq!(flaw("x = 'a\ny = 1"), Some((FlawKind::UnterminatedString, 4)));
    assert_eq!(flaw("x = '''a\ny = 1"), Some((FlawKind::UnterminatedString, 4)));
    assert_eq!(flaw("x = (1\ny = [2"), Some((FlawKind::UnclosedBracket, 11)));
    assert_eq!(flaw("x = 1)"), Some((FlawKind::StrayBracket, 5)));
    assert_eq!(flaw("x = (1]"), Some((FlawKind::StrayBracket, 6)));
    assert_eq!(flaw("x\0"), Some((FlawKind::NulByte, 1)));
    assert_eq!(flaw("f'}'"), Some((FlawKind::StrayBracket, 2)));
    assert_eq!(flaw(&"(".repeat(201)), Some((FlawKind::TooDeep, 200)));
    assert_eq!(flaw(&("(".repeat(200) + &")".repeat(200))), None);
}

#[test]
fn do_not_end_the_scan() {
    assert_eq!(lines("x = 'a\ny = f'{'\nz = f'{x'\nw"), ["x = 'a", "y = f'{'", "z = f'{x'", "w"]);
    assert_eq!(names("x = f'{a(b\ny = f(1)\nz = f'{g(2)}'"), ["f"]);
}

#[test]
fn end_the_nesting_of_literals() {
    let nested = |count: usize| "f'{".repeat(count) + "x" + &"}'".repeat(count);
    assert_eq!(flaw(&nested(100)), None);
    assert_eq!(flaw(&nested(50_000)).map(|flaw| flaw.0), Some(FlawKind::TooDeep));
    let specified = String::from("f'") + &"{x:".repeat(50_000);
    assert_eq!(flaw(&specified).map(|flaw| flaw.0), Some(FlawKind::TooDeep));
}

#[test]
fn cost_no_more_than_sound_text() {
    for piece in [
        "(",
        "f'{",
        "f'{\n",
        "f'''{x:",
        "'",
        "\\",
        ")",
        "[(]",
        "def f(",
        "class A[",
        "@",
        "import (",
        "from a import (b c)",
        "from a import (",
        "x.",
        "if x:",
        "\0",
        "async ",
        "lambda ",
        "case ",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let outline: Outline = scan(&text);
        assert!(outline.lines.iter().all(|line| line.span.end as usize <= text.len()), "{piece}");
    }
}
