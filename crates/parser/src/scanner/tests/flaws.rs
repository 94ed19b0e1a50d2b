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

fn kind(text: &str) -> Option<FlawKind> {
    flaw(text).map(|flaw| flaw.0)
}

#[test]
fn marks_of_a_merge_are_told_wherever_code_stands() {
    let conflict = |at| Some((FlawKind::MergeConflict, at));
    assert_eq!(flaw("<<<<<<< HEAD\nx = 1\n"), conflict(0));
    assert_eq!(flaw("def f():\n<<<<<<< HEAD\n    x\n"), conflict(9));
    assert_eq!(flaw("f(\n<<<<<<< HEAD\n    1,\n)\n"), conflict(3));
    assert_eq!(flaw("from a import (\n    b,\n>>>>>>> main\n)\n"), conflict(23));
    assert_eq!(flaw("x = 1\n||||||| base\n"), conflict(6));
    for text in ["'''\n<<<<<<< HEAD\n'''\n", "# <<<<<<< HEAD\n", "x = a << b >> c\n"] {
        assert_eq!(flaw(text), None, "{text}");
    }
}

#[test]
fn a_try_needs_a_handler() {
    let missing = |at| Some((FlawKind::TryWithoutHandler, at));
    assert_eq!(flaw("try:\n    a\nb\n"), missing(0));
    assert_eq!(flaw("try: a\nb\n"), missing(0));
    assert_eq!(flaw("try:\n    a\nelse:\n    b\n"), missing(0));
    assert_eq!(flaw("try:\n    a\n# except\n"), missing(0));
    assert_eq!(flaw("def f():\n    try:\n        a\n@b\ndef g(): pass\n"), missing(13));
    assert_eq!(flaw("try:\n    try:\n        a\nexcept B:\n    c\n"), missing(9));
    for text in [
        "try:\n    a\n\n# why\nexcept (B,\n  C): d\nelse: e\nfinally:\n    f\n",
        "try: a\nexcept B: c\nexcept: d\n",
        "try:\n    a; b\nexcept* B:\n    c\n",
        "try: \\\n a\nfinally: \\\n b\n",
        "async def f():\n    try:\n        await a\n    finally:\n        b\n",
        "try:\n  if a:\n    b\n  else:\n    c\nexcept D, e:\n  print e\n",
    ] {
        assert_eq!(flaw(text), None, "{text}");
    }
}

#[test]
fn a_clause_needs_its_statement() {
    for text in [
        "else:\n    a\n",
        "if a:\n    b\nc\nelse:\n    d\n",
        "if a:\n    b\nelse:\n    c\nelse:\n    d\n",
        "for a in b:\n    c\nelif d:\n    e\n",
        "with a:\n    b\nelse:\n    c\n",
        "def f():\n    if a:\n        b\n    c\nexcept D:\n    e\n",
        "try:\n    a\nfinally:\n    b\nexcept C:\n    d\n",
    ] {
        assert_eq!(kind(text), Some(FlawKind::StrayClause), "{text}");
    }
    for text in [
        "for a in b: c\nelse: d\n",
        "while a:\n    b\nelse:\n    c\n",
        "async def f():\n    async for a in b:\n        c\n    else:\n        d\n",
        "if a: b; c\nelif d: e\nelif f: g\nelse: h\n",
        "if a:\n    if b:\n        c\n    else:\n        d\n# x\nelse:\n    e\n",
        "x = (1 if a\nelse 2)\ny = 1 if a \\\nelse 2\n",
    ] {
        assert_eq!(flaw(text), None, "{text}");
    }
}

#[test]
fn headers_end_in_a_colon() {
    for text in ["if a\n    b\n", "def f(a) -> b\n    c\n", "class A(B)\n", "else\n", "for a in b"]
    {
        assert_eq!(kind(text), Some(FlawKind::MissingColon), "{text}");
    }
    assert_eq!(
        flaw("def f(a):\n    b\ndef g(a)  # c\n    d\n"),
        Some((FlawKind::MissingColon, 23))
    );
    for text in [
        "def f[T: int = str, *Ts = *tuple[int], **P = []](a: T) -> T: ...\n",
        "class A[T](B[T], metaclass=C): pass\n",
        "if (a := b): c\nwhile a[1:2] if b else lambda: c: d\n",
        "except_ = 1\nmatch = {}\nmatch[a]\ncase = match\n",
        "try: a\nexcept B, C: d\n",
    ] {
        assert_eq!(flaw(text), None, "{text}");
    }
}

#[test]
fn some_signs_neither_begin_nor_end_a_line() {
    for text in ["/*\n", "// a\n", "=======\n", "a\n.b()\n", ">>> a\n", ", a\n", ": a\n", "$ ls\n"]
    {
        assert_eq!(kind(text), Some(FlawKind::UnexpectedSign), "{text}");
    }
    for text in ["a =\n", "a = \\\n\nb\n", "a = b +  # c\n", "a.\n", "if a: b =\n", "a: int =\nb\n"]
    {
        assert_eq!(kind(text), Some(FlawKind::UnfinishedLine), "{text}");
    }
    for text in [
        "...\n.5\n-a\n+a\n~a\n*a, b = c\n(a)\n[a]\n{a}\n",
        "a = ...\nb = 1.\nc = a,\nfrom d import *\nfrom .. import e\n",
        "print >>a, b,\n`a`\na = 'b ='\na  # =\n",
        "%matplotlib inline\n!ls\n",
    ] {
        assert_eq!(flaw(text), None, "{text}");
    }
}

#[test]
fn two_names_do_not_begin_a_statement() {
    assert_eq!(flaw("rom a import b\n"), Some((FlawKind::AdjacentNames, 4)));
    assert_eq!(flaw("if a: b c\n"), Some((FlawKind::AdjacentNames, 8)));
    for text in [
        "a if b else c\na in b\na not in b\na is b\na and b or c\n",
        "not a\nlambda a: b\nawait a\nyield a\n",
        "type A = b\ntype A[T] = b\nmatch a:\n    case b: c\nlazy import a\nlazy from a import b\n",
        "print a\nexec a in b\nprint u'a'\n",
    ] {
        assert_eq!(flaw(text), None, "{text}");
    }
}

#[test]
fn a_backslash_ends_its_line() {
    assert_eq!(flaw("a = 1 \\ \n + 2\n"), Some((FlawKind::StrayBackslash, 6)));
    assert_eq!(flaw(r#"f"{a(f\"{b}\")}""#), Some((FlawKind::StrayBackslash, 6)));
    assert_eq!(flaw("a = 1 \\\n + 2\nf'{a:\\n}'\nf'{\"\\n\".join(a)}'\n"), None);
}

#[test]
fn imports_say_what_and_from_where() {
    for text in [
        "import\n",
        "import a,\n",
        "import a.\n",
        "from a\n",
        "from a import\n",
        "from a import b,\n",
        "from a. import b, c\n",
        "from a, b\n",
    ] {
        assert_eq!(kind(text), Some(FlawKind::IncompleteImport), "{text}");
    }
    for text in [
        "from a import (b,\n    c,\n)\nfrom . import a\nfrom .. a import b\n",
        "from a import b, \\\n    c\nimport a . b\nimport a.b as c, d\n",
    ] {
        assert_eq!(flaw(text), None, "{text}");
    }
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
