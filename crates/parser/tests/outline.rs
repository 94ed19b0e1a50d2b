//! The scanner's outline is the one that the tree gives.

use std::path::Path;

use roadworthy_parser::{
    DefinitionKind, ImportKind, Keyword, Outline, ParameterKind, Parser, Span, outline_from_tree,
    scan,
};

#[path = "comparison/files.rs"]
mod files;
#[path = "comparison/outlines.rs"]
mod outlines;
#[path = "comparison/snippets.rs"]
mod snippets;

fn from_tree(text: &str) -> Outline {
    let tree = Parser::new().parse(text).expect("a short text");
    assert!(!tree.has_error(), "{text:?} has errors: {}", tree.root().to_sexp());
    outline_from_tree(text, &tree)
}

/// What differs between scan and tree, in words; nothing where the tree has errors.
fn difference(text: &str) -> Option<String> {
    let tree = Parser::new().parse(text).filter(|tree| !tree.has_error())?;
    let (scanned, expected) = (scan(text), outline_from_tree(text, &tree));
    let all = outlines::differences(text, &scanned, &expected);
    let told: Vec<String> = all
        .iter()
        .map(|one| {
            let absent = || "nothing".to_owned();
            let scan = one.left.clone().unwrap_or_else(absent);
            let tree = one.right.clone().unwrap_or_else(absent);
            format!("{} at {}\n  scan {scan}\n  tree {tree}", one.field, one.offset)
        })
        .collect();
    (!told.is_empty()).then(|| told.join("\n"))
}

#[test]
fn scan_and_tree_agree_on_snippets() {
    for text in snippets::SNIPPETS {
        for text in [(*text).to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            if let Some(difference) = difference(&text) {
                panic!("{text:?}\n{difference}");
            }
        }
    }
}

/// The fixtures that are not Python.
const NOT_PYTHON: [&str; 3] =
    ["block_without_header.py", "mark_inside.py", "unterminated_umlaut.py"];

#[test]
fn scan_and_tree_agree_on_fixtures() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    for folder in ["syntax", "regressions"] {
        for path in files::python_files(&fixtures.join(folder)) {
            let Some(source) = files::decoded(&path) else { continue };
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let flawed = roadworthy_parser::scan(source.text()).flaw.is_some();
            assert_eq!(flawed, NOT_PYTHON.contains(&name), "{}", path.display());
            // Of what Python refuses, the grammar takes some.
            if flawed {
                continue;
            }
            if let Some(difference) = difference(source.text()) {
                panic!("{}\n{difference}", path.display());
            }
        }
    }
}

#[test]
fn a_logical_line_is_all_up_to_the_line_end() {
    let text = "if x: a = 1; b;\nelse:\n\tc = (\n 1)  # no\n@d\nasync  def f(): pass\nx = \\\n 1\n";
    let outline = from_tree(text);
    let lines: Vec<_> = outline
        .lines
        .iter()
        .map(|line| (line.span.of_text(text), line.indent, line.keyword))
        .collect();
    assert_eq!(
        lines,
        [
            ("if x: a = 1; b;", 0, Keyword::If),
            ("else:", 0, Keyword::Else),
            ("c = (\n 1)", 8, Keyword::Other),
            ("@d", 0, Keyword::Decorator),
            ("async  def f(): pass", 0, Keyword::AsyncDef),
            ("x = \\\n 1", 0, Keyword::Other),
        ]
    );
}

#[test]
fn a_definition_ends_with_its_last_token() {
    let text = "@a.b(1)\n@c\nclass A(B, k=C):\n    def f(self, a, /, *r: int, d=1) -> int:\n        'doc' 'more'\n        # end\n    # end\nx = 1\n";
    let outline = from_tree(text);
    let [class, function] = outline.definitions.as_slice() else { panic!("{outline:?}") };
    let of = |span: Span| span.of_text(text);
    assert_eq!(class.kind, DefinitionKind::Class);
    assert!(of(class.span).starts_with("@a.b") && of(class.span).ends_with("'doc' 'more'"));
    assert_eq!(of(class.header), "class A(B, k=C):");
    assert!(of(class.body).starts_with("def f") && of(class.body).ends_with("'more'"));
    let decorators: Vec<_> = outline.decorators(class).iter().map(|span| of(*span)).collect();
    assert_eq!(decorators, ["a.b(1)", "c"]);
    let arguments: Vec<_> = outline
        .arguments(class)
        .iter()
        .map(|argument| (argument.keyword.map(of), of(argument.value)))
        .collect();
    assert_eq!(arguments, [(None, "B"), (Some("k"), "C")]);
    assert_eq!((function.parent, class.docstring), (Some(0), None));
    assert_eq!(function.docstring.map(of), Some("'doc'"));
    assert_eq!(function.returns.map(of), Some("int"));
    let parameters: Vec<_> = outline
        .signature(function)
        .parameters
        .iter()
        .map(|p| (p.kind, of(p.name), p.annotation.map(of), p.default.map(of)))
        .collect();
    assert_eq!(
        parameters,
        [
            (ParameterKind::PositionalOnly, "self", None, None),
            (ParameterKind::PositionalOnly, "a", None, None),
            (ParameterKind::VarPositional, "r", Some("int"), None),
            (ParameterKind::KeywordOnly, "d", None, Some("1")),
        ]
    );
}

#[test]
fn calls_have_the_longest_dotted_name() {
    let text = "a.b(c())(d)\nx[0].g.h()\nawait k.l().m()\n'{}'.format(1)\nnot_a_call\n";
    let outline = from_tree(text);
    let calls: Vec<_> = outline
        .calls
        .iter()
        .map(|call| (call.name.of_text(text), call.attached, call.awaited))
        .collect();
    assert_eq!(
        calls,
        [
            ("a.b", false, false),
            ("c", false, false),
            ("g.h", true, false),
            ("k.l", false, true),
            ("m", true, false),
            ("format", true, false),
        ]
    );
}

#[test]
fn imports_say_where_they_stand() {
    let text = "if typing.TYPE_CHECKING:\n    from .. a import b as c\nelse:\n    def f():\n        import d.e\nfrom . import *\n";
    let outline = from_tree(text);
    let imports: Vec<_> = outline
        .imports
        .iter()
        .map(|import| {
            let names = (import.module.of_text(text), import.name.of_text(text));
            (import.kind, import.level, names, import.scope, import.type_checking)
        })
        .collect();
    assert_eq!(
        imports,
        [
            (ImportKind::From, 2, ("a", "b"), None, true),
            (ImportKind::Module, 0, ("d.e", ""), Some(0), false),
            (ImportKind::Star, 1, ("", ""), None, false),
        ]
    );
}
