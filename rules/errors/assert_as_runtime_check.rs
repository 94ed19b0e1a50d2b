//! See `assert-as-runtime-check.toml`. Knows signatures and expressions, no other rule.

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter};
use roadworthy_parser::{Definition, Keyword, Node, Span};

use crate::shared::code::nodes::{is_deferred, walk};
use crate::shared::errors::surroundings::path_inside;
use crate::shared::fixes;

/// Whether an assertion stands at `offset`, in a function that others call.
pub(super) fn candidate(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(line) = file.outline.line_at(offset) else { return false };
    if file.pedantic() {
        return true;
    }
    let asserts = line.keyword == Keyword::Assert || line.span.start != offset;
    asserts
        && may_compare(file.slice(Span::new(offset, line.span.end)))
        && file.function_at(offset).is_some_and(|function| is_called_from_outside(file, function))
}

/// Whether the text of an assertion holds a comparison with something but `None`, or what is outside.
fn may_compare(text: &str) -> bool {
    let text = text.replace("is not None", "").replace("is None", "");
    ["<", ">", "==", "!=", "in", "is", "os.environ", "getenv", "response.ok"].iter().any(|part| {
        match *part {
            "in" | "is" => {
                text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == *part)
            }
            _ => text.contains(part),
        }
    })
}

pub(super) fn check(file: &FileContext<'_>, node: Node<'_>, out: &mut Reporter<'_>) {
    if file.pedantic() {
        out.report(Report::on(node));
        return;
    }
    let offset = node.start_byte() as u32;
    if !candidate(file, offset) {
        return;
    }
    let Some(function) = file.function_at(offset) else { return };
    let Some(condition) = node.named_child(0) else { return };
    let message = node.named_child(1).map(|message| file.text(message));
    if message.is_some_and(says_internal)
        || file.slice(function.name).starts_with("assert")
        || serves_tests(file)
    {
        return;
    }
    for part in conjuncts(condition) {
        if let Some(what) = outside_data(file, part) {
            let message = format!("`assert` checks {what}, and `python -O` removes it");
            report(file, node, message, out);
            return;
        }
        // Without a message it is a note to the reader, unless it is about what authors do not choose.
        if message.is_none() && !is_foreign(part) {
            continue;
        }
        if let Some(parameter) = compared_parameter(file, function, part, offset) {
            let message =
                format!("`assert` checks the argument `{parameter}`, and `python -O` removes it");
            report(file, node, message, out);
            return;
        }
    }
}

fn report(file: &FileContext<'_>, node: Node<'_>, message: String, out: &mut Reporter<'_>) {
    let report = Report::on(node).message(message);
    out.report(match raising(file, node) {
        Some(edits) => report.fix(Fix::to_look_at(edits)),
        None => report,
    });
}

/// Whether the name of the file says that it brings assertions to those who test.
fn serves_tests(file: &FileContext<'_>) -> bool {
    path_inside(file).split('/').any(|part| part.contains("pytest") || part.contains("unittest"))
}

/// `if not …: raise ValueError(…)` in place of an assertion that has its line to itself.
fn raising(file: &FileContext<'_>, node: Node<'_>) -> Option<Vec<Edit>> {
    let span = Span::of(node);
    let line = file.outline.line_at(span.start).filter(|line| line.span == span)?;
    let condition = node.named_child(0)?;
    let start = fixes::imports::line_start(file, line.span.start);
    let indent = file.slice(Span::new(start, span.start));
    let step = if indent.ends_with('\t') { "\t" } else { "    " };
    if !indent.trim().is_empty() {
        return None;
    }
    let raise = format!("{}{indent}{step}raise ValueError", fixes::imports::line_end(file));
    let condition_span = Span::of(condition);
    let keyword = Span::new(span.start, condition_span.start);
    let mut edits = Vec::new();
    match condition.kind() {
        "not_operator" => {
            let argument = condition.child_by_field_name("argument")?;
            let up_to = Span::new(span.start, argument.start_byte() as u32);
            edits.push(Edit { span: up_to, text: "if ".to_owned() });
        }
        "comparison_operator" if opposite(condition).is_some() => {
            let (operator, opposite) = opposite(condition)?;
            edits.push(Edit { span: keyword, text: "if ".to_owned() });
            edits.push(Edit { span: operator, text: opposite.to_owned() });
        }
        "boolean_operator" | "conditional_expression" | "lambda" | "named_expression" => {
            edits.push(Edit { span: keyword, text: "if not (".to_owned() });
            edits.push(Edit::insert(condition_span.end, ")"));
        }
        _ => edits.push(Edit { span: keyword, text: "if not ".to_owned() }),
    }
    let behind = if let Some(message) = node.named_child(1) {
        let message = Span::of(message);
        let open = if file.slice(message).starts_with('(')
            && node.named_child(1)?.kind() == "parenthesized_expression"
        {
            ""
        } else {
            edits.push(Edit::insert(message.end, ")"));
            "("
        };
        Edit { span: Span::new(condition_span.end, message.start), text: format!(":{raise}{open}") }
    } else {
        let text = file.slice(condition_span);
        let plain = !text.contains(['"', '\'', '\\', '\n', '\r', '#', '{']) && text.len() <= 60;
        let message = if plain { format!("(\"expected {text}\")") } else { String::new() };
        Edit { span: Span::new(condition_span.end, span.end), text: format!(":{raise}{message}") }
    };
    // What is put in at one place is one change.
    let same = edits.iter_mut().find(|it| it.span.is_empty() && it.span.end == behind.span.start);
    match same {
        Some(before) => {
            before.span = behind.span;
            before.text.push_str(&behind.text);
        }
        None => edits.push(behind),
    }
    Some(edits)
}

/// The operator of a comparison that has an exact opposite, and that.
fn opposite(comparison: Node<'_>) -> Option<(Span, &'static str)> {
    let operator = comparison.child(1).filter(|_| comparison.child_count() == 3)?;
    let opposite = match operator.kind() {
        "is" => "is not",
        "is not" => "is",
        "in" => "not in",
        "not in" => "in",
        _ => return None,
    };
    Some((Span::of(operator), opposite))
}

/// Whether a condition asks for a number's size or for what a payload holds. Names of kinds and classes
/// come from the authors of the code around; they are told early enough by an assertion.
fn is_foreign(part: Node<'_>) -> bool {
    let mut number = false;
    let mut ordered = false;
    let mut payload = false;
    walk(part, |node| {
        match node.kind() {
            "<" | "<=" | ">" | ">=" => ordered = true,
            "integer" | "float" => number = true,
            "subscript" => {
                payload |=
                    node.child_by_field_name("subscript").is_some_and(|key| key.kind() == "string");
            }
            _ => {}
        }
        !is_deferred(node)
    });
    payload || (ordered && number)
}

/// A public function or method that is not defined in another function.
fn is_called_from_outside(file: &FileContext<'_>, function: &Definition) -> bool {
    let name = file.slice(function.name);
    if name.starts_with('_') && !matches!(name, "__init__" | "__call__" | "__new__") {
        return false;
    }
    let mut around = function.parent;
    while let Some(id) = around {
        let definition = file.outline.definition(id);
        if definition.is_function() || file.slice(definition.name).starts_with('_') {
            return false;
        }
        around = definition.parent;
    }
    true
}

/// Whether a message is for the authors, not for callers.
fn says_internal(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "unexpected call",
        "bug",
        "internal",
        "should never",
        "impossible",
        "messed up",
        "invariant",
        "unreachable",
        "bad call",
    ]
    .iter()
    .any(|phrase| message.contains(phrase))
}

/// The parts that `and` joins.
fn conjuncts(condition: Node<'_>) -> Vec<Node<'_>> {
    let mut open = vec![condition];
    let mut parts = Vec::new();
    while let Some(node) = open.pop() {
        match node.kind() {
            "parenthesized_expression" => open.extend(node.named_child(0)),
            "boolean_operator"
                if node
                    .child_by_field_name("operator")
                    .is_some_and(|operator| operator.kind() == "and") =>
            {
                open.extend(node.child_by_field_name("right"));
                open.extend(node.child_by_field_name("left"));
            }
            _ => parts.push(node),
        }
    }
    parts
}

/// What comes from outside the program and is checked.
fn outside_data(file: &FileContext<'_>, part: Node<'_>) -> Option<&'static str> {
    let text = file.text(part);
    if part.kind() == "comparison_operator"
        && [".status_code", ".status ==", ".returncode"].iter().any(|word| text.contains(word))
    {
        return Some(if text.contains("returncode") {
            "the outcome of a process"
        } else {
            "the answer of a server"
        });
    }
    if part.kind() == "attribute" && text.ends_with("response.ok") {
        return Some("the answer of a server");
    }
    ["os.environ", "os.getenv("].iter().any(|word| text.contains(word)).then_some("the environment")
}

/// The parameter that a comparison is about, if its value is what the caller gave.
fn compared_parameter<'a>(
    file: &FileContext<'a>,
    function: &Definition,
    part: Node<'_>,
    offset: u32,
) -> Option<&'a str> {
    let negated = part.kind() == "not_operator";
    let comparison = if negated { part.child_by_field_name("argument")? } else { part };
    if comparison.kind() != "comparison_operator" {
        return None;
    }
    let text = file.text(comparison);
    // Types and shapes are for the type checker and for the reader of numerical code.
    let internal = [
        "None",
        ".shape",
        ".ndim",
        ".dim()",
        ".size",
        ".dtype",
        "len(",
        "type(",
        "__class__",
        "isinstance",
        ".device",
        "TYPE",
        "self.",
    ];
    if internal.iter().any(|word| text.contains(word)) {
        return None;
    }
    let signature = file.outline.signature(function);
    let mut found = None;
    let mut others = false;
    walk(comparison, |node| {
        if node.kind() == "identifier" && !is_part_of_name(node) {
            let name = file.text(node);
            if signature.parameters.iter().any(|parameter| file.slice(parameter.name) == name) {
                found = found.or(Some(name));
            } else {
                // What the function has worked out itself makes it an invariant.
                others |= is_assigned(file, Span::new(function.body.start, offset), name);
            }
        }
        !is_deferred(node)
    });
    let parameter = found.filter(|&name| !others && !matches!(name, "self" | "cls"))?;
    (!is_assigned(file, Span::new(function.body.start, offset), parameter)).then_some(parameter)
}

/// Whether an identifier is the attribute or keyword of something else.
fn is_part_of_name(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| match parent.kind() {
        "attribute" => {
            parent.child_by_field_name("attribute").is_some_and(|name| name.id() == node.id())
        }
        "keyword_argument" => {
            parent.child_by_field_name("name").is_some_and(|name| name.id() == node.id())
        }
        _ => false,
    })
}

/// Whether a line in a range assigns to a name.
fn is_assigned(file: &FileContext<'_>, range: Span, name: &str) -> bool {
    let first = file.outline.lines.partition_point(|line| line.span.start < range.start);
    file.outline.lines[first..].iter().take_while(|line| line.span.start < range.end).any(|line| {
        let text = file.slice(line.span);
        let Some(rest) = text.strip_prefix(name) else {
            return text.starts_with("for ") && text.contains(name);
        };
        let rest = rest.trim_start();
        (rest.starts_with('=') && !rest.starts_with("=="))
            || rest.starts_with(',')
            || rest.contains("= ") && rest.len() > 1 && rest[1..].starts_with('=')
    })
}
