//! Where a value comes from: the code itself, somewhere in the function, or its callers and users. Knows one function of
//! one file; nothing of types beyond annotations.

mod checked;
mod requests;

use roadworthy_engine::{Binding, FileContext};
use roadworthy_parser::{Keyword, Node};

use crate::shared::code::calls;
use crate::shared::code::strings::{arguments, assigned, receiver_of_method};
use crate::shared::code::words::{last_part, words};
use crate::shared::frameworks::entry_points::{self, EntryPoint};
use checked::is_checked;
use requests::{is_input_of_request, is_of_gateway, is_of_request};

/// How far a value is the code's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Worth {
    /// A constant, a number, a date, something quoted, one of a list in the code.
    Own,
    /// Nothing tells.
    Unknown,
    /// A parameter that may be any text.
    Foreign,
    /// What a request holds, or hands a route.
    Outside,
}

/// Names that stand for values that stand for names are followed so far.
const DEEPEST: u32 = 4;

/// Where a value comes from.
pub(crate) fn worth(file: &FileContext<'_>, node: Node<'_>) -> Worth {
    worth_within(file, node, 0)
}

fn worth_within(file: &FileContext<'_>, node: Node<'_>, depth: u32) -> Worth {
    if depth > DEEPEST {
        return Worth::Unknown;
    }
    let of =
        |it: Option<Node<'_>>| it.map_or(Worth::Unknown, |it| worth_within(file, it, depth + 1));
    let worst = |nodes: Vec<Node<'_>>| {
        nodes.into_iter().map(|it| worth_within(file, it, depth + 1)).max().unwrap_or(Worth::Own)
    };
    match node.kind() {
        "integer"
        | "float"
        | "true"
        | "false"
        | "none"
        | "comparison_operator"
        | "not_operator" => Worth::Own,
        "string" => {
            let mut cursor = node.walk();
            let parts = node.named_children(&mut cursor).filter(|it| it.kind() == "interpolation");
            worst(parts.filter_map(|it| it.child_by_field_name("expression")).collect())
        }
        "parenthesized_expression"
        | "await"
        | "unary_operator"
        | "list"
        | "tuple"
        | "concatenated_string"
        | "set"
        | "expression_list" => {
            let mut cursor = node.walk();
            worst(node.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect())
        }
        "binary_operator" | "boolean_operator" => {
            of(node.child_by_field_name("left")).max(of(node.child_by_field_name("right")))
        }
        "conditional_expression" => {
            let (first, last) = (node.named_child(0), node.named_child(2));
            of(first).max(of(last))
        }
        "identifier" => of_name(file, node, depth),
        "attribute" => of_attribute(file, node),
        "subscript" => of_subscript(file, node, depth),
        "call" => of_call(file, node, depth),
        "list_comprehension" | "generator_expression" => of(node.child_by_field_name("body")),
        "dictionary" if node.named_child_count() > 0 => {
            let mut cursor = node.walk();
            let pairs = node.named_children(&mut cursor).filter(|it| it.kind() != "comment");
            let parts = pairs.flat_map(|it| {
                let parts = [it.child_by_field_name("key"), it.child_by_field_name("value")];
                parts.map(|part| part.unwrap_or(it))
            });
            worst(parts.collect())
        }
        _ => Worth::Unknown,
    }
}

/// Words of names that stand for placeholders, and of functions that make a value safe.
const SAFE_WORDS: [&str; 20] = [
    "placeholder",
    "placeholders",
    "marks",
    "qmarks",
    "quote",
    "quoted",
    "quoter",
    "escape",
    "escaped",
    "ident",
    "identifier",
    "sanitize",
    "sanitized",
    "literal",
    "adapt",
    "mogrify",
    "param",
    "params",
    "bind",
    "clean",
];

fn is_safe_name(name: &str) -> bool {
    words(name).iter().any(|word| SAFE_WORDS.contains(&word.as_str()))
}

fn is_constant_name(name: &str) -> bool {
    name.len() > 1
        && name.bytes().any(|it| it.is_ascii_uppercase())
        && !name.bytes().any(|it| it.is_ascii_lowercase())
}

fn of_name(file: &FileContext<'_>, node: Node<'_>, depth: u32) -> Worth {
    let name = file.text(node);
    let offset = node.start_byte() as u32;
    if is_constant_name(name) || is_safe_name(name) || is_checked(file, name, offset) {
        return Worth::Own;
    }
    if let Some(iterated) = iterated_by_comprehension(file, node) {
        return worth_within(file, iterated, depth + 1).min(Worth::Unknown);
    }
    let values = assigned(file, node);
    if !values.is_empty() {
        return values
            .into_iter()
            .map(|it| worth_within(file, it, depth + 1))
            .max()
            .unwrap_or(Worth::Unknown);
    }
    if let Some(worth) = of_parameter(file, name, offset) {
        return worth;
    }
    if let Some(iterated) = iterated_by_loop(file, node) {
        return worth_within(file, iterated, depth + 1).min(Worth::Unknown);
    }
    let resolved = file.names().resolve(name, offset);
    let of_module = file.values().bindings(name).iter().any(|it| it.scope.is_none());
    if of_module || resolved.is_some_and(|it| it.contains('.')) {
        Worth::Own
    } else {
        Worth::Unknown
    }
}

/// What a loop around a name takes it from, as one of several.
fn iterated_by_loop<'t>(file: &FileContext<'_>, name: Node<'t>) -> Option<Node<'t>> {
    let text = file.text(name);
    let mut node = name;
    while let Some(parent) = node.parent() {
        if parent.kind() == "for_statement" {
            let left = parent.child_by_field_name("left").filter(|it| it.id() != node.id())?;
            let names = file.text(left).split(|it: char| !(it.is_alphanumeric() || it == '_'));
            if names.into_iter().any(|it| it == text) {
                return parent.child_by_field_name("right");
            }
        }
        if parent.kind() == "function_definition" {
            return None;
        }
        node = parent;
    }
    None
}

/// What a comprehension around a name takes it from.
fn iterated_by_comprehension<'t>(file: &FileContext<'_>, name: Node<'t>) -> Option<Node<'t>> {
    let mut node = name;
    while let Some(parent) = node.parent() {
        if matches!(
            parent.kind(),
            "list_comprehension" | "generator_expression" | "set_comprehension"
        ) {
            let mut cursor = parent.walk();
            let mut clauses =
                parent.named_children(&mut cursor).filter(|it| it.kind() == "for_in_clause");
            let clause = clauses.find(|it| {
                it.child_by_field_name("left").is_some_and(|it| file.text(it) == file.text(name))
            });
            if let Some(clause) = clause {
                return clause.child_by_field_name("right");
            }
        }
        if matches!(parent.kind(), "block" | "function_definition" | "lambda") {
            return None;
        }
        node = parent;
    }
    None
}

/// Types whose values cannot hold a quote.
const PLAIN_TYPES: [&str; 22] = [
    "int",
    "float",
    "bool",
    "UUID",
    "uuid.UUID",
    "date",
    "datetime",
    "datetime.date",
    "datetime.datetime",
    "dt.date",
    "dt.datetime",
    "Decimal",
    "decimal.Decimal",
    "timedelta",
    "datetime.timedelta",
    "pd.Timestamp",
    "Timestamp",
    "UUID4",
    "PositiveInt",
    "NonNegativeInt",
    "ULID",
    "ObjectId",
];

/// Where a parameter's value comes from, by its annotation, its default and its name.
fn of_parameter(file: &FileContext<'_>, name: &str, offset: u32) -> Option<Worth> {
    let function = file.function_at(offset)?;
    let parameters = file.outline.signature(function).parameters;
    let parameter = parameters.iter().find(|it| file.slice(it.name) == name)?;
    let is_route = || entry_points::entry_point(file, function) == Some(EntryPoint::Route);
    let is_handed = parameter.default.is_none_or(|it| !file.slice(it).contains("Depends("));
    let text = || if is_handed && is_route() { Worth::Outside } else { Worth::Foreign };
    let Some(annotation) = parameter.annotation else {
        let default = parameter.default.map(|it| file.slice(it));
        let is_number =
            default.is_some_and(|it| it.bytes().next().is_some_and(|it| it.is_ascii_digit()));
        let is_flag = matches!(default, Some("True" | "False"));
        let named = words(name);
        let is_plain = named.last().is_some_and(|it| {
            matches!(
                it.as_str(),
                "id" | "ids"
                    | "pk"
                    | "date"
                    | "day"
                    | "days"
                    | "year"
                    | "month"
                    | "limit"
                    | "offset"
                    | "count"
                    | "time"
                    | "timestamp"
                    | "ts"
                    | "start"
                    | "end"
                    | "ds"
                    | "uuid"
                    | "size"
                    | "n"
            )
        });
        return Some(match () {
            () if is_number || is_flag => Worth::Own,
            () if is_plain || name == "self" || name == "cls" => Worth::Unknown,
            () => text(),
        });
    };
    let annotation = file.slice(annotation).trim_matches(['"', '\'']);
    if annotation.contains("Literal[") {
        return Some(Worth::Own);
    }
    let mut names = annotation
        .split(|it: char| !(it.is_alphanumeric() || it == '.' || it == '_'))
        .filter(|it| {
            !it.is_empty()
                && !matches!(
                    last_part(it),
                    "None"
                        | "Optional"
                        | "Union"
                        | "list"
                        | "List"
                        | "Sequence"
                        | "Iterable"
                        | "tuple"
                        | "Tuple"
                        | "set"
                        | "Set"
                        | "Annotated"
                        | "Collection"
                )
        });
    let mut any = false;
    let plain = names.by_ref().take(3).all(|it| {
        any = true;
        PLAIN_TYPES.contains(&it) || last_part(it).ends_with("Enum")
    });
    if plain && any {
        return Some(Worth::Own);
    }
    let is_text = annotation
        .split(|it: char| !it.is_alphanumeric())
        .any(|it| matches!(it, "str" | "Any" | "object"));
    Some(if is_text { text() } else { Worth::Unknown })
}

fn of_attribute(file: &FileContext<'_>, node: Node<'_>) -> Worth {
    let text = file.text(node);
    let last = last_part(text);
    if is_of_request(text) && !text.contains("request.user") {
        return Worth::Outside;
    }
    let is_own = is_constant_name(last)
        || is_safe_name(last)
        || matches!(last, "value" | "hex" | "__tablename__" | "db_table" | "pk" | "id" | "user_id" | "year" | "month" | "day" | "name" if last != "name" || text.contains("Enum"))
        || text.split('.').any(|it| matches!(it, "settings" | "_meta" | "config" | "conf"));
    if is_own { Worth::Own } else { Worth::Unknown }
}

fn of_subscript(file: &FileContext<'_>, node: Node<'_>, depth: u32) -> Worth {
    let Some(value) = node.child_by_field_name("value") else { return Worth::Unknown };
    let text = file.text(value);
    if is_of_request(text) || is_of_gateway(file, node) {
        return Worth::Outside;
    }
    if let Some(member) = member_of_list(file, node, value) {
        return worth_within(file, member, depth + 1);
    }
    let last = last_part(text);
    if is_constant_name(last) || is_safe_name(last) && last != "params" {
        return Worth::Own;
    }
    match value.kind() {
        "identifier" => {
            let values = assigned(file, value);
            let is_table = values.iter().any(|it| it.kind() == "dictionary");
            let of_module = values.is_empty() && file.values().constant(text).is_some();
            if is_table || of_module {
                Worth::Own
            } else {
                values
                    .into_iter()
                    .map(|it| worth_within(file, it, depth + 1))
                    .max()
                    .unwrap_or(Worth::Unknown)
            }
        }
        "dictionary" | "list" | "tuple" => Worth::Own,
        _ => Worth::Unknown,
    }
}

/// `pair[1]` where the line above says `pair = [name, column]`.
pub(crate) fn member_of_list<'t>(
    file: &FileContext<'_>,
    subscript: Node<'_>,
    value: Node<'t>,
) -> Option<Node<'t>> {
    let index = subscript.child_by_field_name("subscript").filter(|it| it.kind() == "integer")?;
    let index: usize = file.text(index).parse().ok()?;
    let [list] = assigned(file, value)[..] else { return None };
    let members: Vec<_> = Some(list)
        .filter(|it| value.kind() == "identifier" && matches!(it.kind(), "list" | "tuple"))
        .map(|it| {
            let mut cursor = it.walk();
            it.named_children(&mut cursor).filter(|it| it.kind() != "comment").collect()
        })?;
    members.get(index).copied()
}

/// Functions whose result holds no quote.
const PLAIN_CALLS: [&str; 24] = [
    "int",
    "float",
    "len",
    "round",
    "bool",
    "abs",
    "sum",
    "range",
    "enumerate",
    "hash",
    "id",
    "strftime",
    "isoformat",
    "uuid4",
    "now",
    "today",
    "utcnow",
    "timedelta",
    "timestamp",
    "date",
    "hexdigest",
    "as_string",
    "fromisoformat",
    "strptime",
];

/// Whether a function of the file returns its text with each quote doubled, as SQL wants it.
fn doubles_quotes(file: &FileContext<'_>, name: &str) -> bool {
    const DOUBLES: &str = r#".replace("'", "''")"#;
    let mut own = file.outline.definitions.iter().filter(|it| it.parent.is_none());
    own.any(|it| file.slice(it.name) == name && file.slice(it.body).contains(DOUBLES))
}

fn of_call(file: &FileContext<'_>, node: Node<'_>, depth: u32) -> Worth {
    let Some(function) = node.child_by_field_name("function") else { return Worth::Unknown };
    let name = last_part(file.text(function));
    let given = arguments(node);
    let worst = |nodes: &[Node<'_>]| {
        nodes.iter().map(|it| worth_within(file, *it, depth + 1)).max().unwrap_or(Worth::Unknown)
    };
    if PLAIN_CALLS.contains(&name)
        || is_safe_name(name)
        || doubles_quotes(file, file.text(function))
        || matches!(name, "uuid1" | "uuid4" | "UUID")
    {
        return Worth::Own;
    }
    if name == "map" {
        let by = given.first().map(|it| file.text(*it));
        let plain = by.is_some_and(|it| PLAIN_CALLS.contains(&it) || is_safe_name(it));
        return if plain { Worth::Own } else { worst(given.get(1..).unwrap_or_default()) };
    }
    if matches!(
        name,
        "str"
            | "sorted"
            | "list"
            | "tuple"
            | "set"
            | "repr"
            | "format"
            | "max"
            | "min"
            | "zip"
            | "reversed"
    ) && function.kind() == "identifier"
    {
        return worst(&given);
    }
    if is_of_request(file.text(node)) || is_of_gateway(file, node) {
        return Worth::Outside;
    }
    // A translation of what stands in the code is written by those who write the code.
    if matches!(name, "_" | "gettext" | "gettext_lazy" | "ngettext" | "pgettext")
        && !given.is_empty()
        && given.iter().all(|it| it.kind() == "string")
    {
        return worst(&given);
    }
    if name == "input" && function.kind() == "identifier" {
        return Worth::Foreign;
    }
    if function.kind() == "identifier" && returns_literals(file, name) {
        return Worth::Own;
    }
    match receiver_of_method(file, node) {
        Some((_, "join")) => worst(&given),
        Some((_, "replace")) if given.first().is_some_and(|it| file.text(*it).contains('\'')) => {
            Worth::Own
        }
        Some((
            receiver,
            "strip" | "lower" | "upper" | "split" | "title" | "replace" | "keys" | "values"
            | "items" | "format" | "encode" | "decode",
        )) => worth_within(file, receiver, depth + 1),
        Some((receiver, "get")) if is_input_of_request(file, receiver) => Worth::Outside,
        Some((receiver, "get")) => of_table(file, receiver),
        _ => Worth::Unknown,
    }
}

/// Whether a function at the top of the file gives back nothing but literals, be it through names.
fn returns_literals(file: &FileContext<'_>, name: &str) -> bool {
    let outline = file.outline;
    let mut known = outline.definitions.iter().zip(0..);
    let Some((_, id)) = known
        .find(|(it, _)| it.parent.is_none() && it.is_function() && file.slice(it.name) == name)
    else {
        return false;
    };
    let is_literal = |text: &str| {
        calls::literal(text).is_some() || text.parse::<f64>().is_ok() || text == "None"
    };
    let is_own = |text: &str| {
        let bound = || file.values().bindings(text).iter().filter(|it| it.scope == Some(id));
        let is_bound_to_literal =
            |it: &Binding| it.value.is_some_and(|it| is_literal(file.slice(it).trim()));
        is_literal(text) || bound().next().is_some() && bound().all(is_bound_to_literal)
    };
    let lines = outline.lines.iter().filter(|it| it.scope == Some(id));
    let mut returned = lines
        .filter(|it| it.keyword == Keyword::Return)
        .map(|it| file.slice(it.span)["return".len()..].trim())
        .peekable();
    returned.peek().is_some() && returned.all(is_own)
}

/// What is looked up in a mapping that stands in the code is the code's own where all its values are.
fn of_table(file: &FileContext<'_>, mapping: Node<'_>) -> Worth {
    if is_constant_name(last_part(file.text(mapping))) {
        return Worth::Own;
    }
    let tables = assigned(file, mapping);
    let is_literal = |table: &Node<'_>| {
        let mut cursor = table.walk();
        table.kind() == "dictionary"
            && table.named_children(&mut cursor).filter(|it| it.kind() != "comment").all(|pair| {
                let value = pair.child_by_field_name("value");
                value.is_some_and(|it| matches!(it.kind(), "string" | "integer" | "float"))
            })
    };
    if mapping.kind() == "identifier" && !tables.is_empty() && tables.iter().all(is_literal) {
        Worth::Own
    } else {
        Worth::Unknown
    }
}
