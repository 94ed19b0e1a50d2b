//! What is a call, and of what.

use super::*;

#[test]
fn are_the_longest_dotted_ones() {
    assert_eq!(
        calls("a.b(1); f(x)(y); x[0].g(); f().h(z).i()"),
        ["a.b(1)", "f(x)", ".g()", "f()", ".h(z)", ".i()"]
    );
    assert_eq!(
        calls("'a'.join(b); 1.0.real(); 1..f(); (x).g (); ....h()"),
        [".join(b)", ".real()", ".f()", ".g()", ".h()"]
    );
    assert_eq!(calls("é.ß(1)"), ["é.ß(1)"]);
}

#[test]
fn reach_over_lines_within_brackets() {
    assert_eq!(names("x = (a\n  .b  # c\n  .d(1)\n  .e())"), ["a\n  .b  # c\n  .d", "e"]);
    assert_eq!(names("a . b\\\n (1)"), ["a . b"]);
}

#[test]
fn are_no_keywords() {
    assert_eq!(
        names("if (a): pass\nwhile(b) : pass\nx = not(c) in (d) is (e) and(f) or (g) if(h)else(i)"),
        [""; 0]
    );
    assert_eq!(
        names(
            "return(a)\nraise (b)\ndel(c)\nassert(d)\nyield(e)\nawait (f)\nlambda: (g)\nexcept* (h): x"
        ),
        [""; 0]
    );
    assert_eq!(
        names("print(a)\ntype(b)\nmatch(c)\ncase(d)\nself.match(e)\n_(f)\nx.type(g)"),
        ["print", "type", "match", "case", "self.match", "_", "x.type"]
    );
    assert_eq!(
        names(
            "def f(a): pass\nclass B(C): pass\nfor x in(y): pass\nfrom a import (b)\nx = [y for(z)in w]"
        ),
        [""; 0]
    );
}

#[test]
fn may_be_awaited() {
    assert_eq!(
        calls("await a.b(1); x = await f(await g()); await x[0].h(); await (i()); awaiting.j()"),
        ["await a.b(1)", "await f(await g())", "await g()", ".h()", "i()", "awaiting.j()"]
    );
}

#[test]
fn are_found_in_headers_and_decorators() {
    assert_eq!(
        names("@app.get('/')\ndef f(a: A(1) = b(2), *c: d(3)) -> e(4): pass"),
        ["app.get", "A", "b", "d", "e"]
    );
    assert_eq!(names("class A(b(1), c=d(2), *e(3)): pass"), ["b", "d", "e"]);
    assert_eq!(names("class A[T: b(1) = c(2)]: pass"), ["b", "c"]);
}

#[test]
fn are_no_patterns() {
    assert_eq!(
        names("match (x):\n  case Foo(a) if g(b): h(c)\n  case Bar(d) | [Baz(e)]: pass"),
        ["g", "h"]
    );
    assert_eq!(names("match f(x), (y):\n  case {'a': B()} as c: pass"), ["f"]);
    assert_eq!(
        names("match(x)\nmatch (x).y(z):\n  case(a): pass\ncase (f(x)) if y else z"),
        ["match", "y", "case", "f"]
    );
    assert_eq!(names("match: int = f(x)\ncase: int = g(x)\nmatch = h(x)"), ["f", "g", "h"]);
}

#[test]
fn stand_behind_numbers() {
    assert_eq!(
        names("1_000.5e-3j, 0xFFor f(x), 1if g(y) else 2, .5.h(), 0b1and i(), 1e5.j()"),
        ["f", "g", "h", "i", "j"]
    );
}
