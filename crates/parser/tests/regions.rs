//! Regions: which they are, and that their trees are parts of the whole file's tree.

use std::time::{Duration, Instant};

use roadworthy_parser::{
    Outline, Parser, Region, Span, all_regions, outline_from_tree, regions_at, scan,
};

#[path = "comparison/regions.rs"]
mod comparison;
#[path = "comparison/snippets.rs"]
mod snippets;

fn outline(text: &str) -> Outline {
    let tree = Parser::new().parse(text).expect("a short text");
    outline_from_tree(text, &tree)
}

fn texts<'t>(text: &'t str, regions: &[Region]) -> Vec<&'t str> {
    regions.iter().map(|region| region.span.of_text(text)).collect()
}

fn assert_parts_fit(text: &str) {
    let mut parser = Parser::new();
    let whole = parser.parse(text).expect("a short text");
    assert!(!whole.has_error(), "{text:?} has errors: {}", whole.root().to_sexp());
    let outline = outline_from_tree(text, &whole);
    let found = comparison::region_differences(&mut parser, text, &outline, &whole);
    assert!(found.is_empty(), "{text:?}: {found:?}");
}

#[test]
fn the_tree_of_a_region_is_the_same_part_of_the_whole_tree() {
    for text in snippets::SNIPPETS {
        assert_parts_fit(text);
    }
}

#[test]
fn so_it_is_with_other_line_ends() {
    for text in snippets::SNIPPETS {
        assert_parts_fit(&text.replace('\n', "\r\n"));
        assert_parts_fit(&text.replace('\n', "\r"));
    }
}

#[test]
fn the_comparison_sees_what_differs() {
    let text = "class A:\n    def f(self):\n        return 1\n    x = 2\n";
    let mut parser = Parser::new();
    let whole = parser.parse(text).expect("a short text");
    let other = outline(&text.replace("x = 2", "x * 2"));
    let changed = text.replace("return 1", "return x");
    let found = comparison::region_differences(&mut parser, &changed, &other, &whole);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_class_is_split_into_header_and_statements() {
    let text = "import a\n\n@d\nclass A(B):\n    'doc'\n    @p\n    # why\n    def f(self):\n        if x:\n            y\n        else:\n            z\n\n    class C:\n        v = 1\n    class D: pass\nif x:\n    class E:\n        w = 1\nelse:\n    q = 1\nclass F: pass\n";
    assert_eq!(
        texts(text, &all_regions(&outline(text))),
        [
            "import a",
            "@d\nclass A(B):",
            "'doc'",
            "@p\n    # why\n    def f(self):\n        if x:\n            y\n        else:\n            z",
            "class C:",
            "v = 1",
            "class D: pass",
            "if x:\n    class E:\n        w = 1\nelse:\n    q = 1",
            "class F: pass",
        ]
    );
}

#[test]
fn an_offset_has_the_region_that_holds_it_once() {
    let text = "# a\nx = 1  # b\n\n# c\nclass A:  # d\n    # e\n    def f(self):\n        # g\n        return 1\n        # h\n    y = 2\n";
    let outline = outline(text);
    let at = |words: &[&str]| {
        let offsets: Vec<u32> =
            words.iter().map(|word| text.find(word).expect("it is there") as u32).collect();
        texts(text, &regions_at(&outline, &offsets))
    };
    let f = "def f(self):\n        # g\n        return 1";
    assert_eq!(at(&["# a", "# b", "# c", "# d", "# e", "# h"]), [""; 0]);
    assert_eq!(at(&["x =", "1 "]), ["x = 1"]);
    assert_eq!(at(&["A:", "# e", "def", "# g", "return", "# h"]), ["class A:", f]);
    assert_eq!(at(&["# g", "y = 2"]), [f, "y = 2"]);
    let everywhere: Vec<u32> = (0..=text.len() as u32).collect();
    assert_eq!(regions_at(&outline, &everywhere), all_regions(&outline));
}

/// Takes an outline as it may be of a broken file: lines of any indentation and scope.
#[test]
fn broken_outlines_have_regions_too() {
    let text = "class A:\n    class B:\n        def f(self):\n            pass\n    else:\n        x\n@a\n    @b\ny\n    z\nelse:\nclass C:\n    def g(self): pass\n    w\n";
    let cleaned = text.replace("else:", "if 1:");
    for base in
        [outline(&cleaned.replace("@a\n    @b\n", "").replace("y\n    z", "y\nz")), scan(text)]
    {
        for seed in 0..2_000_u32 {
            let mut outline = base.clone();
            let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
            let mut random = |below: u32| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) % below.max(1)
            };
            let count = outline.definitions.len() as u32;
            for line in &mut outline.lines {
                match random(6) {
                    0 => line.indent = random(16),
                    1 => line.scope = (count > 0).then(|| random(count)),
                    2 => line.scope = None,
                    _ => {}
                }
            }
            let all = all_regions(&outline);
            assert!(all.len() <= outline.lines.len());
            let every: Vec<u32> = (0..text.len() as u32).collect();
            let found = regions_at(&outline, &every);
            assert!(found.len() <= outline.lines.len());
        }
    }
}

#[test]
fn whatever_the_bytes_a_parse_ends() {
    let mut parser = Parser::new();
    for text in
        ["\0", "x = '\0'\n", "# \0\r\0\n", "def f(\0):\n\t'\n", "\\", "\\\0", "f'{", "\u{feff}"]
    {
        parser.parse(text);
        let outline = scan(text);
        let region = Region { span: Span::new(0, text.len() as u32) };
        parser.parse_region(text, &outline, region);
    }
}

#[test]
fn a_region_outside_of_the_text_has_no_tree() {
    let region = Region { span: Span::new(5, 9) };
    assert!(Parser::new().parse_region("x = 1", &Outline::default(), region).is_none());
}

#[test]
fn deep_nesting_neither_hangs_nor_overflows() {
    let mut parser = Parser::new();
    let start = Instant::now();
    let deep = 20_000;
    let texts = [
        format!("x = {}{}\n", "(".repeat(deep), ")".repeat(deep)),
        format!("x = {}1{}\n", "[".repeat(deep), "]".repeat(deep)),
        "(".repeat(deep),
        format!("x = {}1\n", "-".repeat(deep)),
        format!("x = {}1\n", "not ".repeat(deep)),
        format!("x = {}1\n", "f(".repeat(deep)),
        format!("x = a{}\n", ".b()".repeat(deep)),
        format!("x = {}\n", "f'{".repeat(500)),
        "lambda:".repeat(deep),
        "a if b else ".repeat(deep),
        "class A:".repeat(deep),
        "{**".repeat(deep),
        "\"'".repeat(deep),
        ")]}".repeat(deep),
        "@\n".repeat(deep),
        "match x:\n case ".repeat(deep),
    ];
    for text in texts {
        if let Some(tree) = parser.parse(&text) {
            let outline = outline_from_tree(&text, &tree);
            all_regions(&outline);
        }
    }
    assert!(start.elapsed() < Duration::from_secs(120));
}

#[test]
fn what_costs_its_square_is_given_up() {
    let mut parser = Parser::new();
    let comments = "# a comment of forty columns, or so it is\n".repeat(20_000);
    assert!(parser.parse(&"\\\n".repeat(200_000)).is_none());
    let text = format!("def f():\n    x\n{comments}y = 1\n");
    assert!(parser.parse(&text).is_none());
    // The region alone has no part in it, and the parser is as good as new.
    let outline = scan(&text);
    let regions = all_regions(&outline);
    assert_eq!(texts(&text, &regions), ["def f():\n    x", "y = 1"]);
    for region in regions {
        let tree = parser.parse_region(&text, &outline, region).expect("it is short");
        assert_eq!(tree.root().start_byte(), region.span.start as usize);
    }
    assert!(parser.parse("x = 1\n").is_some_and(|tree| !tree.has_error()));
}
