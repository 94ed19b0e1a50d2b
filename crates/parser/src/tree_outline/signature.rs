//! Parameters, type parameters and arguments of a definition's header, taken from its nodes.

use tree_sitter::Node;

use crate::{Argument, Parameter, ParameterKind, Span, TypeParameter};

/// Adds the parameters of a function.
pub(super) fn parameters(list: Node<'_>, all: &mut Vec<Parameter>) {
    let first = all.len();
    let mut by_position = ParameterKind::Positional;
    let mut cursor = list.walk();
    for node in list.named_children(&mut cursor).filter(|node| !node.is_extra()) {
        let mut kind = by_position;
        let name = match node.kind() {
            "keyword_separator" => {
                by_position = ParameterKind::KeywordOnly;
                continue;
            }
            "positional_separator" => {
                for before in &mut all[first..] {
                    before.kind = ParameterKind::PositionalOnly;
                }
                continue;
            }
            "typed_parameter" => node.named_child(0).unwrap_or(node),
            _ => node.child_by_field_name("name").unwrap_or(node),
        };
        let name = match name.kind() {
            "list_splat_pattern" => {
                kind = ParameterKind::VarPositional;
                by_position = ParameterKind::KeywordOnly;
                name.named_child(0).unwrap_or(name)
            }
            "dictionary_splat_pattern" => {
                kind = ParameterKind::VarKeyword;
                name.named_child(0).unwrap_or(name)
            }
            _ => name,
        };
        // Python 2 took tuples apart there; they have no name.
        if name.kind() == "tuple_pattern" {
            continue;
        }
        all.push(Parameter {
            kind,
            name: Span::of(name),
            annotation: node.child_by_field_name("type").map(Span::of),
            default: node.child_by_field_name("value").map(Span::of),
        });
    }
}

/// Adds the type parameters of a definition.
pub(super) fn type_parameters(text: &str, list: Node<'_>, all: &mut Vec<TypeParameter>) {
    let mut cursor = list.walk();
    for node in list.named_children(&mut cursor).filter(|node| !node.is_extra()) {
        let bounded = node.named_child(0).filter(|child| child.kind() == "constrained_type");
        let name = bounded.and_then(|pair| pair.named_child(0)).unwrap_or(node);
        let bound = bounded.and_then(|pair| pair.named_child(pair.named_child_count() as u32 - 1));
        let name = Span::of(name);
        let written = name.of_text(text);
        let stars = written.bytes().take_while(|&byte| byte == b'*').count();
        let spaced = written[stars..].len() - written[stars..].trim_start().len();
        all.push(TypeParameter {
            stars: stars as u8,
            name: Span::new(name.start + (stars + spaced) as u32, name.end),
            bound: bound.map(Span::of),
            default: None,
        });
    }
}

/// Adds the bases and keywords of a class.
pub(super) fn arguments(list: Node<'_>, all: &mut Vec<Argument>) {
    let mut cursor = list.walk();
    for node in list.named_children(&mut cursor).filter(|node| !node.is_extra()) {
        let (keyword, value) = match node.kind() {
            "keyword_argument" => {
                (node.child_by_field_name("name"), node.child_by_field_name("value"))
            }
            "list_splat" | "dictionary_splat" => (None, node.named_child(0)),
            _ => (None, Some(node)),
        };
        let value = Span::of(value.unwrap_or(node));
        all.push(Argument { keyword: keyword.map(Span::of), value });
    }
}
