//! Small pieces of awkward Python, and what the scanner should see in them.

mod calls;
mod flaws;
mod literals;

use super::scan;
use crate::{FlawKind, ImportKind, Keyword, Outline, ParameterKind, Span};

fn texts(text: &str, spans: impl IntoIterator<Item = Span>) -> Vec<&str> {
    spans.into_iter().map(|span| span.of_text(text)).collect()
}

fn lines(text: &str) -> Vec<&str> {
    texts(text, scan(text).lines.iter().map(|line| line.span))
}

fn strings(text: &str) -> Vec<&str> {
    texts(text, scan(text).strings.iter().map(|string| string.span))
}

/// Calls as `name(arguments)`, with `await` before them or a dot where they are attached.
fn calls(text: &str) -> Vec<String> {
    let outline = scan(text);
    let shown = outline.calls.iter().map(|call| {
        let before = if call.awaited { "await " } else { "" };
        let dot = if call.attached { "." } else { "" };
        format!("{before}{dot}{}{}", call.name.of_text(text), call.arguments.of_text(text))
    });
    shown.collect()
}

fn names(text: &str) -> Vec<&str> {
    texts(text, scan(text).calls.iter().map(|call| call.name))
}

fn flaw(text: &str) -> Option<(FlawKind, u32)> {
    scan(text).flaw.map(|flaw| (flaw.kind, flaw.offset))
}

/// Definitions as `kind name < parent: body`.
fn definitions(text: &str) -> Vec<String> {
    let outline = scan(text);
    let shown = outline.definitions.iter().map(|definition| {
        let parent = definition.parent.map_or("", |id| outline.definition(id).name.of_text(text));
        let (name, body) = (definition.name.of_text(text), definition.body.of_text(text));
        format!("{:?} {name} < {parent}: {body}", definition.kind)
    });
    shown.collect()
}

/// Parameters as `kind name: annotation = default`, with `-` for what is missing.
fn parameters(text: &str) -> Vec<String> {
    let show = |span: Option<Span>| span.map_or("-", |span| span.of_text(text));
    let outline = scan(text);
    let shown = outline.parameters.iter().map(|parameter| {
        let kind = match parameter.kind {
            ParameterKind::PositionalOnly => "only",
            ParameterKind::Positional => "any",
            ParameterKind::VarPositional => "*",
            ParameterKind::KeywordOnly => "keyword",
            ParameterKind::VarKeyword => "**",
        };
        let name = parameter.name.of_text(text);
        format!("{kind} {name}: {} = {}", show(parameter.annotation), show(parameter.default))
    });
    shown.collect()
}

/// Imports as `module name as alias`, with a dot for each level.
fn imports(text: &str) -> Vec<String> {
    let outline = scan(text);
    let shown = outline.imports.iter().map(|import| {
        let dots = ".".repeat(import.level as usize);
        let name = match import.kind {
            ImportKind::Module => "",
            ImportKind::From => import.name.of_text(text),
            ImportKind::Star => "*",
        };
        let alias = import.alias.map_or("", |alias| alias.of_text(text));
        format!("{dots}{} {name} as {alias}", import.module.of_text(text))
    });
    shown.collect()
}

fn outline_of_docstring(text: &str) -> Option<&str> {
    scan(text).definitions[0].docstring.map(|span| span.of_text(text))
}

mod logical_lines {
    use super::*;

    #[test]
    fn end_at_any_line_end_outside_of_brackets() {
        assert_eq!(
            lines("a = 1\nb = (2,\n  3)\r\nc = 4\rd"),
            ["a = 1", "b = (2,\n  3)", "c = 4", "d"]
        );
    }

    #[test]
    fn go_on_behind_a_backslash() {
        assert_eq!(lines("a = 1 + \\\n  2\nb"), ["a = 1 + \\\n  2", "b"]);
        assert_eq!(lines("a = 1 \\\r\n  + 2  # c\r\nb"), ["a = 1 \\\r\n  + 2", "b"]);
        assert_eq!(lines("a = 1 \\\n\nb"), ["a = 1", "b"]);
    }

    #[test]
    fn leave_comments_and_blank_lines_out() {
        assert_eq!(lines("# a\n\n  # b\nx = 1  # c\n\t\n"), ["x = 1"]);
        assert_eq!(lines("x = (  # a\n  1)  # b"), ["x = (  # a\n  1)"]);
    }

    #[test]
    fn count_tabs_and_form_feeds_as_cpython_does() {
        let indents =
            |text: &str| scan(text).lines.iter().map(|line| line.indent).collect::<Vec<_>>();
        assert_eq!(indents("if x:\n\ty\n \tz\n  \t w\n"), [0, 8, 8, 9]);
        assert_eq!(indents("   \x0c  x\n"), [2]);
        assert_eq!(indents("  \\\n      x\n\\\n   y"), [2, 3]);
    }

    #[test]
    fn begin_behind_a_byte_order_mark() {
        assert_eq!(lines("\u{feff}x = 1\n"), ["x = 1"]);
    }

    #[test]
    fn know_their_keyword() {
        let keywords =
            |text: &str| scan(text).lines.iter().map(|line| line.keyword).collect::<Vec<_>>();
        assert_eq!(
            keywords(
                "@a\nasync  def f(): pass\nasync with x: pass\nasync for x in y: pass\nif(x): y\nelse : z"
            ),
            [
                Keyword::Decorator,
                Keyword::AsyncDef,
                Keyword::With,
                Keyword::For,
                Keyword::If,
                Keyword::Else
            ]
        );
        assert_eq!(
            keywords(
                "iffy = 1\nreturn\ndel x\nmatch x:\n case y: pass\ndef\\\n f(): pass\nprint(x)"
            ),
            [
                Keyword::Other,
                Keyword::Return,
                Keyword::Del,
                Keyword::Other,
                Keyword::Other,
                Keyword::Def,
                Keyword::Other
            ]
        );
    }

    #[test]
    fn know_their_scope() {
        let text = "class A:\n  def f(self):\n    x\n  @d\n  def g(self): y\n  z\nw\n";
        let outline = scan(text);
        let scopes = outline
            .lines
            .iter()
            .map(|line| line.scope.map_or("", |id| outline.definition(id).name.of_text(text)));
        assert_eq!(scopes.collect::<Vec<_>>(), ["", "A", "f", "A", "A", "A", ""]);
    }
}

mod found_definitions {
    use super::*;

    #[test]
    fn nest_by_indentation() {
        assert_eq!(
            definitions(
                "class A:\n  x = 1\n  def f(self):\n    def g(): pass\n    return g\n\n  # c\nasync def h():\n  y\n"
            ),
            [
                "Class A < : x = 1\n  def f(self):\n    def g(): pass\n    return g",
                "Function f < A: def g(): pass\n    return g",
                "Function g < f: pass",
                "AsyncFunction h < : y",
            ]
        );
    }

    #[test]
    fn stand_on_one_line() {
        assert_eq!(
            definitions("def f(): return 1\nclass A: x = 1; y = 2  # c\nz"),
            ["Function f < : return 1", "Class A < : x = 1; y = 2"]
        );
    }

    #[test]
    fn without_a_body_have_an_empty_one() {
        let outline = scan("def f():\ndef g():  # c\n");
        assert_eq!(outline.definitions[0].body, Span::empty(8));
        assert_eq!(outline.definitions[1].span, Span::new(9, 17));
        assert_eq!(outline.definitions[1].parent, None);
    }

    #[test]
    fn begin_at_their_first_decorator() {
        let text = "@a\n# c\n@b(1)  # d\nasync \\\n def f(): pass\n@e\nx = 1\n@g.h\nclass I: pass";
        let outline = scan(text);
        let [function, class] = &outline.definitions[..] else { panic!("two definitions") };
        assert_eq!(texts(text, outline.decorators(function).iter().copied()), ["a", "b(1)"]);
        assert_eq!(texts(text, outline.decorators(class).iter().copied()), ["g.h"]);
        assert_eq!(function.span.of_text(text), "@a\n# c\n@b(1)  # d\nasync \\\n def f(): pass");
        assert_eq!(function.header.of_text(text), "async \\\n def f():");
    }

    #[test]
    fn tell_every_kind_of_parameter() {
        assert_eq!(
            parameters(
                "def f(a, b: int = 1, /, c=(2, 3), *args: *Ts, d: 'x', e: A[1:2] = {4: 5}, **kw: int): pass"
            ),
            [
                "only a: - = -",
                "only b: int = 1",
                "any c: - = (2, 3)",
                "* args: *Ts = -",
                "keyword d: 'x' = -",
                "keyword e: A[1:2] = {4: 5}",
                "** kw: int = -",
            ]
        );
        assert_eq!(parameters("def f(*, a): pass"), ["keyword a: - = -"]);
    }

    #[test]
    fn take_lambdas_for_one_expression() {
        assert_eq!(
            parameters(
                "def f(a=lambda x, y=lambda: 1, *z: x, b: (lambda: 2) = 3, c=1 if x else 2): pass"
            ),
            [
                "any a: - = lambda x, y=lambda: 1, *z: x",
                "any b: (lambda: 2) = 3",
                "any c: - = 1 if x else 2"
            ]
        );
    }

    #[test]
    fn have_headers_over_several_lines() {
        let text = "def f(  # c\n  a,  # type: int\n  # d\n  b: int  # e\n  = 1  # f\n  ,\n) -> \\\n  Dict[str, int] :  # g\n  pass";
        assert_eq!(parameters(text), ["any a: - = -", "any b: int = 1"]);
        let outline = scan(text);
        assert_eq!(
            outline.definitions[0].returns.map(|span| span.of_text(text)),
            Some("Dict[str, int]")
        );
        assert_eq!(outline.comments.len(), 6);
        assert_eq!(outline.definitions[0].body.of_text(text), "pass");
    }

    #[test]
    fn have_type_parameters() {
        let text = "def f[T: (int, str) = int, *Ts = *tuple[int], **P](x: T): pass\nclass A[T](B[T]): pass";
        let outline = scan(text);
        let show = |span: Option<Span>| span.map_or("-", |span| span.of_text(text));
        let shown = outline.type_parameters.iter().map(|parameter| {
            (
                parameter.stars,
                parameter.name.of_text(text),
                show(parameter.bound),
                show(parameter.default),
            )
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                (0, "T", "(int, str)", "int"),
                (1, "Ts", "-", "*tuple[int]"),
                (2, "P", "-", "-"),
                (0, "T", "-", "-")
            ]
        );
        assert_eq!(outline.definitions[1].type_parameters, (3, 4));
        assert_eq!(outline.arguments[0].value.of_text(text), "B[T]");
    }

    #[test]
    fn have_bases_and_keywords() {
        let text = "class A(b.C, D [int], metaclass = M, *E, **f, g=h == i,): pass";
        let outline = scan(text);
        let shown = outline.arguments.iter().map(|argument| {
            (argument.keyword.map_or("", |name| name.of_text(text)), argument.value.of_text(text))
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                ("", "b.C"),
                ("", "D [int]"),
                ("metaclass", "M"),
                ("", "E"),
                ("", "f"),
                ("g", "h == i")
            ]
        );
    }

    #[test]
    fn have_docstrings() {
        assert_eq!(outline_of_docstring("def f():\n  # c\n  r'''d''' 'e'\n  x"), Some("r'''d'''"));
        assert_eq!(outline_of_docstring("class A: 'd'; x = 1"), Some("'d'"));
        assert_eq!(outline_of_docstring("def f():\n  x\n  'd'"), None);
        assert_eq!(outline_of_docstring("def f():\n  f'd'"), None);
        assert_eq!(outline_of_docstring("def f():\n  b'd'"), None);
        assert_eq!(outline_of_docstring("def f():\n  'd'.g()"), None);
    }
}

mod found_imports {
    use super::*;

    #[test]
    fn of_all_forms() {
        assert_eq!(
            imports(
                "import a.b as c, d\nfrom . import e\nfrom ...f.g import (h as i,  # c\n  j,)\nfrom k import *"
            ),
            ["a.b  as c", "d  as ", ". e as ", "...f.g h as i", "...f.g j as ", "k * as "]
        );
        assert_eq!(
            imports(
                "from.a import b\nfrom . . import c\nfrom .import d\nimport a . b\nfrom importer import e\nfrom .imports import f"
            ),
            [".a b as ", ".. c as ", ". d as ", "a . b  as ", "importer e as ", ".imports f as "]
        );
    }

    #[test]
    fn behind_colons_and_semicolons() {
        assert_eq!(
            imports(
                "x = 1; import a; import b\nif x: import c\ntry: import d; import e\nelse: from f import g\nfor y in lambda: z: import h"
            ),
            ["a  as ", "b  as ", "c  as ", "d  as ", "e  as ", "f g as ", "h  as "]
        );
    }

    #[test]
    fn know_their_statement_and_scope() {
        let text =
            "def f():\n  from a import (b,\n    c)  # d\ndef g(): import h; x\nimport i, \\\n  j\n";
        let outline = scan(text);
        assert_eq!(
            texts(text, outline.imports.iter().map(|import| import.statement)),
            [
                "from a import (b,\n    c)",
                "from a import (b,\n    c)",
                "import h",
                "import i, \\\n  j",
                "import i, \\\n  j"
            ]
        );
        let scopes = outline.imports.iter().map(|import| import.scope);
        assert_eq!(scopes.collect::<Vec<_>>(), [Some(0), Some(0), Some(1), None, None]);
    }

    #[test]
    fn under_type_checking() {
        let text = "if t.TYPE_CHECKING:\n  import a\n  if x:\n    import b\nelse:\n  import c\nif TYPE_CHECKING: import d\nelse: import e\nif not TYPE_CHECKING:\n  import f\n";
        let outline = scan(text);
        let flags = outline.imports.iter().map(|import| import.type_checking);
        assert_eq!(flags.collect::<Vec<_>>(), [true, true, false, true, false, false]);
    }
}

mod main_guards {
    use super::*;

    fn guards(text: &str) -> Vec<&str> {
        texts(text, scan(text).main_guards)
    }

    #[test]
    fn of_all_forms() {
        assert_eq!(
            guards("if __name__ == '__main__':\n  a()\n  b()  # c\n\nelse:\n  d\n"),
            ["if __name__ == '__main__':\n  a()\n  b()"]
        );
        assert_eq!(
            guards("if (\"__main__\"==__name__) and x: a()\ny"),
            ["if (\"__main__\"==__name__) and x: a()"]
        );
    }

    #[test]
    fn only_at_the_top_level() {
        assert_eq!(
            guards(
                "def f():\n  if __name__ == '__main__': a()\nif __name__ != '__main__': b()\nif x.__name__ == '__main__': c()"
            ),
            [""; 0]
        );
    }
}

#[test]
fn a_line_between_two_indentations_is_a_flaw() {
    let flaw = |text: &str| scan(text).flaw.map(|flaw| (flaw.kind, flaw.offset));
    let broken = "if x:\n    y\n  z\n";
    assert_eq!(flaw(broken), Some((FlawKind::InconsistentDedent, 14)));
    assert_eq!(flaw("if x:\n    if y:\n        z\nelse:\n  w\n"), None);
    assert_eq!(flaw("def f():\n\tx\n        y\n"), None);
}

#[test]
fn a_space_that_is_none_to_python_is_a_flaw_in_code_only() {
    let flaw = |text: &str| scan(text).flaw.map(|flaw| (flaw.kind, flaw.offset));
    assert_eq!(flaw("x =\u{a0}1\n"), Some((FlawKind::InvalidCharacter, 3)));
    assert_eq!(flaw("if x:\n\u{feff}    y\n"), Some((FlawKind::InvalidCharacter, 6)));
    assert_eq!(flaw("\u{feff}x = '\u{a0}'  # \u{a0}\nf'\u{200b}{é}'\n"), None);
}
