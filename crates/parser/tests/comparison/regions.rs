//! The tree of each region beside the same part of the tree of the whole file.

use roadworthy_parser::{Node, Outline, Parser, Region, Span, SyntaxTree, all_regions};

/// A node as both trees must show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen<'t> {
    /// Kind of the node.
    pub(crate) kind: &'t str,
    /// Its bytes.
    pub(crate) span: Span,
    /// The field of its parent that it fills.
    pub(crate) field: Option<std::num::NonZeroU16>,
}

/// The first node of each region that the two trees do not share.
pub(crate) fn region_differences(
    parser: &mut Parser,
    text: &str,
    outline: &Outline,
    whole: &SyntaxTree,
) -> Vec<(Region, String)> {
    let mut found = Vec::new();
    let all = preorder(whole.root());
    let regions = all_regions(outline);
    for (index, &region) in regions.iter().enumerate() {
        let Some(part) = parser.parse_region(text, outline, region) else {
            found.push((region, "no tree".to_owned()));
            continue;
        };
        let next = regions.get(index + 1).map_or(u32::MAX, |next| next.span.start);
        let end = region.span.end;
        let header =
            outline.definitions.iter().any(|other| other.is_class() && other.header.end == end);
        // Behind a header comes the class's body, which may begin with comments.
        let limit = if header { end } else { next };
        let from = all.partition_point(|(seen, _)| seen.span.start < region.span.start);
        let expected = all[from..]
            .iter()
            .take_while(|(seen, _)| seen.span.start < limit)
            .filter(|(seen, parent)| within(seen, *parent, region, limit))
            .map(|(seen, _)| *seen);
        let expected: Vec<Seen<'_>> = without_enclosing(expected, header);
        let actual = preorder(part.root());
        let actual = actual.iter().skip(1).map(|(seen, _)| *seen);
        let actual: Vec<Seen<'_>> = without_enclosing(actual, header);
        if expected != actual {
            let at = expected.iter().zip(&actual).take_while(|(a, b)| a == b).count();
            found.push((region, format!("whole {:?} part {:?}", expected.get(at), actual.get(at))));
        }
    }
    found
}

/// Whether a node is part of a region rather than around it.
fn within(seen: &Seen<'_>, parent: u32, region: Region, limit: u32) -> bool {
    let around = seen.kind == "module" || seen.kind == "block" && parent < region.span.start;
    !around && seen.span.end <= limit
}

fn without_enclosing<'t>(nodes: impl Iterator<Item = Seen<'t>>, header: bool) -> Vec<Seen<'t>> {
    let enclosing = ["class_definition", "decorated_definition", "block"];
    // A decorator and a class's parts are children of nodes that end elsewhere, not in other fields.
    nodes.filter(|seen| !header || !enclosing.contains(&seen.kind)).collect()
}

/// All nodes in order, each with the start of its parent; fields of a region's own nodes only.
fn preorder(root: Node<'_>) -> Vec<(Seen<'_>, u32)> {
    let mut seen = Vec::new();
    let mut cursor = root.walk();
    let mut parents = vec![0];
    loop {
        let node = cursor.node();
        let span = Span::of(node);
        let parent = *parents.last().expect("the first is never taken");
        let field = cursor.field_id();
        seen.push((Seen { kind: node.kind(), span, field }, parent));
        if cursor.goto_first_child() {
            parents.push(span.start);
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return seen;
            }
            parents.pop();
        }
    }
}
