//! Ways through a syntax tree that do not recurse. Knows node kinds, no meaning.

use roadworthy_parser::Node;

/// Visits a node and all below it, in the order of the text, until `visit` says for one of them that
/// what lies below is of no interest.
pub(crate) fn walk<'t>(root: Node<'t>, mut visit: impl FnMut(Node<'t>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Whether code below the node runs at another time than code around it.
pub(crate) fn is_deferred(node: Node<'_>) -> bool {
    matches!(node.kind(), "function_definition" | "lambda" | "class_definition")
}

/// The statements of a block, without comments.
pub(crate) fn statements(block: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = block.walk();
    block.named_children(&mut cursor).filter(|node| node.kind() != "comment").collect()
}

/// The block that is the body of a clause.
pub(crate) fn block_of(clause: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = clause.walk();
    clause.named_children(&mut cursor).find(|node| node.kind() == "block")
}

/// The nodes around a node up to the function, class or module that holds it, which is the last.
pub(crate) fn around(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let mut next = node.parent();
    std::iter::from_fn(move || {
        let node = next?;
        next = if is_deferred(node) { None } else { node.parent() };
        Some(node)
    })
}

/// The expression inside any parentheses and `await`.
pub(crate) fn bare_expression(mut node: Node<'_>) -> Node<'_> {
    while matches!(node.kind(), "parenthesized_expression" | "await" | "expression_statement")
        && node.named_child_count() == 1
    {
        let Some(inner) = node.named_child(0) else { break };
        node = inner;
    }
    node
}

/// Whether an expression is a constant: a literal, or an empty display.
pub(crate) fn is_constant(node: Node<'_>) -> bool {
    let node = bare_expression(node);
    match node.kind() {
        "none" | "true" | "false" | "integer" | "float" | "ellipsis" => true,
        "string" => is_fixed_text(node),
        "list" | "tuple" | "dictionary" | "expression_list" => {
            let mut cursor = node.walk();
            let mut items =
                node.named_children(&mut cursor).filter(|item| item.kind() != "comment");
            items.all(|item| {
                matches!(item.kind(), "none" | "true" | "false" | "integer" | "float")
                    || (item.kind() == "string" && is_fixed_text(item))
                    || (matches!(item.kind(), "list" | "tuple" | "dictionary")
                        && item.named_child_count() == 0)
            })
        }
        "unary_operator" => node
            .child_by_field_name("argument")
            .is_some_and(|inner| matches!(inner.kind(), "integer" | "float")),
        _ => false,
    }
}

/// Whether a string literal holds nothing that is worked out.
fn is_fixed_text(string: Node<'_>) -> bool {
    let mut cursor = string.walk();
    !string.children(&mut cursor).any(|part| part.kind() == "interpolation")
}
