//! Texts that a program puts together: f-strings, `+`, `%`, `.format()`, names bound to such. Knows one function of one
//! file; what other functions return is unknown.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

/// A part of a text, in the order in which it is put together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece<'t, 'a> {
    /// What the literal says.
    Text(&'a str),
    /// What is put in.
    Inserted(Node<'t>),
}

/// Names that stand for names are followed so far.
const DEEPEST: u32 = 3;
/// Longer texts are given up: no statement has so many parts.
const MOST_PIECES: usize = 400;

/// The parts of a text expression.
pub(crate) fn pieces<'t, 'a>(file: &FileContext<'a>, expression: Node<'t>) -> Vec<Piece<'t, 'a>> {
    let mut pieces = Vec::new();
    let mut open = vec![(expression, 0)];
    while let Some((node, depth)) = open.pop() {
        if pieces.len() > MOST_PIECES {
            break;
        }
        match node.kind() {
            "string" => read_string(file, node, &mut pieces),
            "parenthesized_expression" | "concatenated_string" => {
                let mut cursor = node.walk();
                let parts: Vec<_> = node.named_children(&mut cursor).collect();
                open.extend(parts.into_iter().rev().map(|it| (it, depth)));
            }
            "binary_operator" => {
                let (left, right) =
                    (node.child_by_field_name("left"), node.child_by_field_name("right"));
                let (Some(left), Some(right)) = (left, right) else { continue };
                match node.child_by_field_name("operator").map(|it| it.kind()) {
                    Some("+") => open.extend([(right, depth), (left, depth)]),
                    Some("%") => pieces.extend(filled(file, left, &percent_values(right), percent)),
                    _ => pieces.push(Piece::Inserted(node)),
                }
            }
            "call" => match receiver_of_method(file, node) {
                Some((receiver, "format")) => {
                    pieces.extend(filled(file, receiver, &arguments(node), braces));
                }
                Some((receiver, "strip" | "lstrip" | "rstrip")) => open.push((receiver, depth)),
                _ => match arguments(node).as_slice() {
                    [only] if is_dedent(file, node) => open.push((*only, depth)),
                    _ => pieces.push(Piece::Inserted(node)),
                },
            },
            "identifier" if depth < DEEPEST => {
                let bound = texts_bound(file, node);
                if bound.is_empty() {
                    pieces.push(Piece::Inserted(node));
                }
                open.extend(bound.into_iter().rev().map(|it| (it, depth + 1)));
            }
            "comment" => {}
            _ => pieces.push(Piece::Inserted(node)),
        }
    }
    pieces
}

/// The right-hand sides of the assignments to a name, before its use, in the function around it.
pub(crate) fn assigned<'t>(file: &FileContext<'_>, name: Node<'t>) -> Vec<Node<'t>> {
    let offset = name.start_byte() as u32;
    let scope = file.outline.line_at(offset).and_then(|it| it.scope);
    let own = file.outline.line_at(offset).map(|it| it.span.start);
    let bindings = file.values().bindings(file.text(name)).iter();
    let bindings: Vec<u32> = bindings
        .filter(|it| it.scope == scope && it.at < offset && Some(it.at) != own)
        .map(|it| it.at)
        .collect();
    if bindings.is_empty() {
        return Vec::new();
    }
    let root = root_of(name);
    bindings.into_iter().filter_map(|at| right_of_statement(root, at as usize)).collect()
}

/// The right-hand side of the assignment that begins at an offset.
pub(crate) fn right_of_statement(root: Node<'_>, at: usize) -> Option<Node<'_>> {
    let mut node = root.descendant_for_byte_range(at, at + 1)?;
    loop {
        if matches!(node.kind(), "assignment" | "augmented_assignment" | "for_statement") {
            return node.child_by_field_name("right");
        }
        node = node.parent().filter(|it| it.start_byte() == at)?;
    }
}

/// The outermost node of the region.
pub(crate) fn root_of(node: Node<'_>) -> Node<'_> {
    std::iter::successors(Some(node), Node::parent).last().unwrap_or(node)
}

/// The positional and keyword values of a call.
pub(crate) fn arguments(call: Node<'_>) -> Vec<Node<'_>> {
    let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
    if list.kind() == "generator_expression" {
        return vec![list];
    }
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect()
}

/// What a method is called on, and the method's name.
pub(crate) fn receiver_of_method<'t, 'a>(
    file: &FileContext<'a>,
    call: Node<'t>,
) -> Option<(Node<'t>, &'a str)> {
    let function = call.child_by_field_name("function").filter(|it| it.kind() == "attribute")?;
    let name = function.child_by_field_name("attribute")?;
    Some((function.child_by_field_name("object")?, file.text(name)))
}

fn is_dedent(file: &FileContext<'_>, call: Node<'_>) -> bool {
    file.callee(call)
        .is_some_and(|it| matches!(it.as_str(), "textwrap.dedent" | "inspect.cleandoc"))
}

/// What a name is bound to, where each of its values is a text that is put together here.
fn texts_bound<'t>(file: &FileContext<'_>, name: Node<'t>) -> Vec<Node<'t>> {
    let values = assigned(file, name);
    let is_text = |it: &Node<'_>| match it.kind() {
        "string" | "concatenated_string" | "parenthesized_expression" => true,
        "binary_operator" => {
            it.child_by_field_name("operator").is_some_and(|it| matches!(it.kind(), "+" | "%"))
        }
        "call" => {
            receiver_of_method(file, *it)
                .is_some_and(|(_, name)| matches!(name, "format" | "strip"))
                || is_dedent(file, *it)
        }
        _ => false,
    };
    if values.iter().any(is_text) { values } else { Vec::new() }
}

fn read_string<'t, 'a>(file: &FileContext<'a>, string: Node<'t>, pieces: &mut Vec<Piece<'t, 'a>>) {
    let mut cursor = string.walk();
    for part in string.children(&mut cursor) {
        match part.kind() {
            "string_content" => pieces.push(Piece::Text(file.text(part))),
            "interpolation" => {
                pieces.extend(part.child_by_field_name("expression").map(Piece::Inserted));
            }
            _ => {}
        }
    }
}

/// The values behind `%`: those of a tuple or of a mapping, or the one value.
fn percent_values(right: Node<'_>) -> Vec<Node<'_>> {
    let inner = crate::shared::code::nodes::bare_expression(right);
    let mut cursor = inner.walk();
    match inner.kind() {
        "tuple" => inner.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect(),
        "dictionary" => {
            inner.named_children(&mut cursor).filter(|it| it.kind() == "pair").collect()
        }
        _ => vec![inner],
    }
}

/// A placeholder in a text: where it stands, and which value it asks for.
struct Placeholder<'a> {
    start: usize,
    end: usize,
    key: &'a str,
}

/// `%s`, `%(name)s`; `%%` and numbers (`%d`) are none.
fn percent(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = text[rest..].find('%').map(|at| rest + at) {
        let behind = &text[at + 1..];
        let (key, length) = match behind.strip_prefix('(').and_then(|it| it.split_once(')')) {
            Some((key, _)) => (key, key.len() + 2),
            None => ("", 0),
        };
        let letter = behind[length..].bytes().next();
        if letter == Some(b'%') {
            rest = at + 2;
            continue;
        }
        let flags =
            behind[length..].bytes().take_while(|it| b"-+0123456789.# ".contains(it)).count();
        let end = (at + 1 + length + flags + 1).min(text.len());
        if text.is_char_boundary(end) {
            found.push(Placeholder { start: at, end, key });
        }
        rest = at + 1;
    }
    found
}

/// `{}`, `{0}`, `{name}`.
fn braces(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = text[rest..].find('{').map(|at| rest + at) {
        if text[at + 1..].starts_with('{') {
            rest = at + 2;
            continue;
        }
        let Some(length) = text[at..].find('}') else { break };
        let key = text[at + 1..at + length].split(['!', ':', '.', '[']).next().unwrap_or_default();
        found.push(Placeholder { start: at, end: at + length + 1, key });
        rest = at + length + 1;
    }
    found
}

/// The parts of a template whose placeholders are filled. What no value is found for is left out.
fn filled<'t, 'a>(
    file: &FileContext<'a>,
    template: Node<'t>,
    values: &[Node<'t>],
    placeholders: impl Fn(&'a str) -> Vec<Placeholder<'a>>,
) -> Vec<Piece<'t, 'a>> {
    let mut pieces = Vec::new();
    let mut next = 0;
    for part in texts_of(file, template) {
        let text = match part {
            Piece::Text(text) => text,
            Piece::Inserted(_) => {
                pieces.push(part);
                continue;
            }
        };
        let mut end = 0;
        for placeholder in placeholders(text) {
            pieces.push(Piece::Text(&text[end..placeholder.start]));
            end = placeholder.end;
            let value = match placeholder.key.parse::<usize>() {
                Ok(index) => values.get(index).copied(),
                Err(_) if placeholder.key.is_empty() => {
                    next += 1;
                    values.get(next - 1).copied()
                }
                Err(_) => values.iter().copied().find(|it| is_keyed(file, *it, placeholder.key)),
            };
            // A number is a number: `%d` takes nothing else.
            let is_number =
                matches!(text.as_bytes().get(placeholder.end - 1), Some(b'd' | b'i' | b'f'))
                    && text.as_bytes()[placeholder.start] == b'%';
            let value = value.filter(|_| !is_number);
            let value = value.map(|it| {
                matches!(it.kind(), "pair" | "keyword_argument")
                    .then(|| it.child_by_field_name("value"))
                    .flatten()
                    .unwrap_or(it)
            });
            pieces.push(value.map_or(Piece::Text("0"), Piece::Inserted));
        }
        pieces.push(Piece::Text(&text[end..]));
    }
    pieces
}

/// Whether a pair of a mapping or a keyword argument has this key.
fn is_keyed(file: &FileContext<'_>, value: Node<'_>, key: &str) -> bool {
    let name = value.child_by_field_name("key").or_else(|| value.child_by_field_name("name"));
    name.is_some_and(|it| file.text(it).trim_matches(['"', '\'']) == key)
}

/// The parts of a template: literals only, through one name.
fn texts_of<'t, 'a>(file: &FileContext<'a>, template: Node<'t>) -> Vec<Piece<'t, 'a>> {
    let mut pieces = Vec::new();
    let mut open = vec![(template, 0)];
    while let Some((node, depth)) = open.pop() {
        match node.kind() {
            "string" => read_string(file, node, &mut pieces),
            "parenthesized_expression" | "concatenated_string" => {
                let mut cursor = node.walk();
                let parts: Vec<_> = node.named_children(&mut cursor).collect();
                open.extend(parts.into_iter().rev().map(|it| (it, depth)));
            }
            "binary_operator" => {
                open.extend(node.child_by_field_name("right").map(|it| (it, depth)));
                open.extend(node.child_by_field_name("left").map(|it| (it, depth)));
            }
            "identifier" if depth == 0 => {
                open.extend(assigned(file, node).into_iter().rev().map(|it| (it, depth + 1)));
            }
            _ => {}
        }
    }
    pieces
}
