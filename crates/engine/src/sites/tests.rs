//! Code, and how many sites of each kind are in it.

use roadworthy_parser::{Parser, outline_from_tree, scan};

use super::*;

/// The first lines of the sites of a kind; the scanner and the tree must agree.
fn sites(text: &str, kind: SiteKind) -> Vec<&str> {
    let units_of = |outline: &Outline| {
        let statements = statements(outline, text);
        units(outline, text, &|| statements.as_slice(), kind)
    };
    let found = units_of(&scan(text));
    let tree = Parser::new().parse(text).expect("is short");
    assert_eq!(found, units_of(&outline_from_tree(text, &tree)), "{kind:?} of\n{text}");
    let first = |span: &Span| span.of_text(text).lines().next().unwrap_or_default();
    found.iter().map(first).collect()
}

#[test]
fn empty_bodies_and_delegations_are_no_functions_to_judge() {
    let text = r#"
def empty(): pass
def told():
    """Nothing."""
def open_end(): ...
def delegates(a):
    """Hands on."""
    return other(a)
def on_one_line(a): return a
def branches(a):
    if a:
        return 1
def works(a):
    b = a
    return b
class Shop:
    def sells(self):
        @decorated
        def inner():
            return 1
        return inner
    async def waits(self):
        await a
        await b
"#;
    let functions =
        ["def branches(a):", "def works(a):", "def sells(self):", "async def waits(self):"];
    assert_eq!(sites(text, SiteKind::Function), functions);
    assert_eq!(sites(text, SiteKind::Coroutine), ["async def waits(self):"]);
}

#[test]
fn classes_count_when_something_is_in_them() {
    let text = "class A(Error): pass\nclass B(Error):\n    '''Text.'''\nclass C:\n    a = 1\n";
    assert_eq!(sites(text, SiteKind::Class), ["class C:"]);
}

#[test]
fn statements_are_sites_of_their_own() {
    let text = "
try:
    assert a
    raise
except A:
    try:
        raise B('raise')
    except B: pass
finally:
    done()
";
    assert_eq!(sites(text, SiteKind::Handler), ["except A:", "except B: pass"]);
    assert_eq!(sites(text, SiteKind::Raise), ["raise B('raise')"]);
    assert_eq!(sites(text, SiteKind::Assert), ["assert a"]);
}

#[test]
fn tests_count_with_one_statement() {
    let text = "def test_a():\n    assert f()\ndef test_b(): pass\ndef helper():\n    return 1\n";
    assert_eq!(sites(text, SiteKind::Test), ["def test_a():"]);
}

#[test]
fn a_site_fails_once_and_places_outside_are_sites() {
    let units = [Span::new(0, 100), Span::new(10, 50), Span::new(200, 300)];
    let place = |start| (Span::new(start, start + 1), false);
    let count = |places: &[(Span, bool)]| among(&units, places.iter().copied());
    assert_eq!(count(&[]), SiteCount { judged: 3, failed: 0 });
    assert_eq!(count(&[place(20), place(30)]), SiteCount { judged: 3, failed: 1 });
    assert_eq!(count(&[place(20), place(60)]), SiteCount { judged: 3, failed: 2 });
    assert_eq!(count(&[place(150), place(150)]), SiteCount { judged: 4, failed: 1 });
    // What begins before a site and holds it is that site's.
    assert_eq!(count(&[(Span::new(190, 210), false)]), SiteCount { judged: 3, failed: 1 });
    // Silenced places are judged, and do not fail; beside one that is not, they do not help.
    assert_eq!(count(&[(Span::new(150, 160), true)]), SiteCount { judged: 4, failed: 0 });
    assert_eq!(count(&[(Span::new(20, 21), true), place(30)]), SiteCount { judged: 3, failed: 1 });
}
