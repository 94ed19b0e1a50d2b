//! What an exception handler catches and what it does. Knows syntax and loggers, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::{Keyword, LogicalLine, Node, Span};

use crate::shared::code::loggers::{self, Level};
use crate::shared::code::nodes::{
    around, bare_expression, block_of, is_constant, is_deferred, statements, walk,
};
use crate::shared::code::text::has_name;
use crate::shared::code::words::last_part;

/// How much a handler catches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Breadth {
    /// Named types only.
    Narrow,
    /// `Exception`, or a tuple that holds it.
    Exception,
    /// `BaseException`, or a tuple that holds it.
    Base,
    /// `except:`
    Bare,
}

/// One `except` clause.
pub(crate) struct Handler<'t> {
    /// The clause.
    pub(crate) node: Node<'t>,
    /// Its block.
    pub(crate) body: Node<'t>,
    /// How much it catches.
    pub(crate) breadth: Breadth,
    /// The canonical names of what it catches, where they are names.
    pub(crate) types: Vec<String>,
    /// The name behind `as`.
    pub(crate) alias: Option<Node<'t>>,
}

impl<'t> Handler<'t> {
    /// Reads an `except_clause`.
    pub(crate) fn read(file: &FileContext<'_>, node: Node<'t>) -> Option<Self> {
        let body = block_of(node)?;
        let mut handler = Self {
            node,
            body,
            breadth: Breadth::Narrow,
            types: Vec::new(),
            alias: node.child_by_field_name("alias"),
        };
        let mut cursor = node.walk();
        let mut open: Vec<_> = node.children_by_field_name("value", &mut cursor).collect();
        if open.is_empty() {
            handler.breadth = Breadth::Bare;
        }
        if let Some(name) = name_of_python_2(file, &open) {
            handler.alias = Some(name);
            open.truncate(1);
        }
        while let Some(value) = open.pop() {
            match value.kind() {
                "as_pattern" => {
                    open.extend(value.named_child(0));
                    handler.alias =
                        value.child_by_field_name("alias").and_then(|target| target.named_child(0));
                }
                "tuple" | "parenthesized_expression" | "list" | "expression_list" => {
                    let mut cursor = value.walk();
                    open.extend(value.named_children(&mut cursor));
                }
                "identifier" | "attribute" => {
                    let name = file.qualified(value).or_else(|| file.dotted(value).map(Into::into));
                    if let Some(name) = name {
                        let name = name.strip_prefix("builtins.").unwrap_or(&name).to_owned();
                        handler.breadth = handler.breadth.max(breadth_of(&name));
                        handler.types.push(name);
                    }
                }
                _ => handler.types.push(String::new()),
            }
        }
        Some(handler)
    }

    /// Whether it catches everything, or all but what stops a program.
    pub(crate) fn is_broad(&self) -> bool {
        self.breadth != Breadth::Narrow
    }

    /// The `try` statement it belongs to.
    pub(crate) fn attempt(&self) -> Option<Node<'t>> {
        self.node.parent().filter(|parent| parent.kind() == "try_statement")
    }

    /// What it catches, as a message names it.
    pub(crate) fn shown(&self) -> String {
        match (self.breadth, self.types.as_slice()) {
            (Breadth::Bare, _) => "bare `except:`".to_owned(),
            (Breadth::Base, _) => "`except BaseException`".to_owned(),
            (Breadth::Exception, _) => "`except Exception`".to_owned(),
            (Breadth::Narrow, [one]) if !one.is_empty() => format!("`except {}`", last_part(one)),
            (Breadth::Narrow, _) => "the handler".to_owned(),
        }
    }

    /// From `except` to the end of the line in which the body ends: where a comment may stand.
    pub(crate) fn extent(&self, file: &FileContext<'_>) -> Span {
        let start = self.node.start_byte() as u32;
        let end = self.body.end_byte();
        let rest = file.source.text().get(end..).unwrap_or_default();
        let line = rest.find('\n').unwrap_or(rest.len());
        Span::new(start, (end + line) as u32)
    }

    /// The handler alone, without comments behind its body.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.node.start_byte() as u32, self.body.end_byte() as u32)
    }

    /// The lines where a comment that silences a finding may stand: the whole handler if its body is one
    /// statement, else its first line.
    pub(crate) fn suppression_extent(&self, file: &FileContext<'_>) -> Span {
        if statements(self.body).len() <= 1 {
            self.extent(file)
        } else {
            Span::new(self.node.start_byte() as u32, self.body.start_byte() as u32)
        }
    }

    /// How the handler discards the error, if that is all it does.
    pub(crate) fn silence(&self) -> Option<Silence<'t>> {
        let mut silence = Silence::Pass;
        let statements = statements(self.body);
        for statement in &statements {
            silence = match statement.kind() {
                "pass_statement" => silence,
                "continue_statement" => Silence::Continue,
                "break_statement" => Silence::Break,
                "return_statement" => {
                    match statement.named_child(0).filter(|value| value.kind() != "comment") {
                        None => Silence::Leave,
                        Some(value) if is_constant(value) => Silence::Return(value),
                        Some(_) => return None,
                    }
                }
                "expression_statement" => {
                    let value = statement.named_child(0)?;
                    if !matches!(value.kind(), "ellipsis" | "string")
                        || statement.named_child_count() != 1
                        || !is_constant(value)
                    {
                        return None;
                    }
                    silence
                }
                _ => return None,
            };
        }
        (!statements.is_empty()).then_some(silence)
    }

    /// A comment in the handler, or right above it, that gives a reason: words, not directives of tools.
    pub(crate) fn has_reason(&self, file: &FileContext<'_>) -> bool {
        file.comments_in(self.extent(file)).any(is_reason) || self.reason_above(file)
    }

    /// Whether the line above `except` is a comment as far in as that, which gives a reason.
    fn reason_above(&self, file: &FileContext<'_>) -> bool {
        let text = &file.source.text()[..self.node.start_byte()];
        let mut lines = text.rsplit('\n');
        let (Some(indent), Some(above)) = (lines.next(), lines.next()) else { return false };
        above.strip_prefix(indent).and_then(|it| it.strip_prefix('#')).is_some_and(is_reason)
    }
}

/// The name in Python 2's `except Exception, error:`, which newer versions of Python read as a second type: one
/// in small letters that no import and no class of the file has.
fn name_of_python_2<'t>(file: &FileContext<'_>, values: &[Node<'t>]) -> Option<Node<'t>> {
    let &[_, name] = values else { return None };
    let text = file.text(name);
    let is_name = name.kind() == "identifier" && !text.contains(|c: char| c.is_uppercase());
    let imported = file.outline.imports.iter().any(|import| {
        file.slice(import.alias.unwrap_or(import.name)).split('.').next() == Some(text)
    });
    let assigned = file
        .outline
        .lines
        .iter()
        .any(|line| line.indent == 0 && has_name(assigned_part(file.slice(line.span)), text));
    let defined = file.outline.definitions.iter().any(|it| file.slice(it.name) == text);
    (is_name && !imported && !assigned && !defined).then_some(name)
}

/// What stands before the first sign of equality of a line: `error, fault` of `error, fault = types()`.
fn assigned_part(line: &str) -> &str {
    line.split_once('=').map_or("", |(targets, _)| targets)
}

/// How a handler that does nothing ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Silence<'t> {
    /// `pass`, `...`
    Pass,
    Continue,
    Break,
    /// `return`
    Leave,
    /// `return` of a constant.
    Return(Node<'t>),
}

/// Whether a comment explains something to a reader.
pub(crate) fn is_reason(comment: &str) -> bool {
    let lower = comment.to_ascii_lowercase();
    let directive = [
        "noqa",
        "nosec",
        "pylint:",
        "type:",
        "pragma",
        "pyright:",
        "mypy:",
        "ruff:",
        "todo",
        "fixme",
        "xxx",
        "flake8",
        "roadworthy:",
        "sourcery",
        "nosonar",
        "fmt:",
        "isort:",
        "ty:",
        "noinspection",
    ];
    // A directive may be followed by a reason of its own: `noqa: BLE001 - clean-up must not fail`.
    let text = if directive.iter().any(|word| lower.starts_with(word)) {
        let rest = lower.split_once([' ', '\t']).map_or("", |(_, rest)| rest);
        rest.split_once(['-', '—', '–', '#']).map_or("", |(_, reason)| reason)
    } else {
        lower.as_str()
    };
    let words = text.split_whitespace();
    // Not every language puts blanks between words.
    words.filter(|word| word.bytes().filter(u8::is_ascii_alphabetic).count() > 1).count() >= 2
        || text.chars().filter(|letter| !letter.is_ascii() && letter.is_alphabetic()).count() >= 4
}

fn breadth_of(name: &str) -> Breadth {
    match name {
        "Exception" | "StandardError" => Breadth::Exception,
        "BaseException" => Breadth::Base,
        _ => Breadth::Narrow,
    }
}

/// Whether the `except` at an offset may catch everything, read from the text alone.
pub(crate) fn may_be_broad(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(header) = header_at(file, offset) else { return false };
    header.is_empty()
        || header.contains("Exception")
        || header.contains("StandardError")
        || !header.is_ascii()
        || imports_broad(file, header)
}

/// A type that another name of an import stands for: `from builtins import Exception as Error`.
fn imports_broad(file: &FileContext<'_>, header: &str) -> bool {
    let first =
        header.split([' ', '(', ',', '.']).find(|part| !part.is_empty()).unwrap_or_default();
    file.outline.imports.iter().any(|import| {
        import.alias.is_some_and(|alias| file.slice(alias) == first)
            && matches!(file.slice(import.name), "Exception" | "BaseException")
    })
}

/// What stands between `except` (with its star) and the colon, as written; `None` where no handler begins.
pub(crate) fn header_at<'a>(file: &FileContext<'a>, offset: u32) -> Option<&'a str> {
    let line = except_line(file, offset)?;
    let text = file.slice(Span::new(offset + "except".len() as u32, line.span.end));
    let mut depth = 0_i32;
    let end = text.bytes().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        byte == b':' && depth <= 0
    })?;
    Some(text[..end].trim_start_matches([' ', '*', '\t']).trim())
}

fn except_line<'a>(file: &FileContext<'a>, offset: u32) -> Option<&'a LogicalLine> {
    use roadworthy_parser::Keyword;
    let line = file.outline.line_at(offset)?;
    (line.keyword == Keyword::Except && line.span.start == offset).then_some(line)
}

/// The text of the first statement of the handler that begins at an offset, and the line that ends it.
pub(crate) fn first_statement<'a>(file: &FileContext<'a>, offset: u32) -> &'a str {
    let lines = &file.outline.lines;
    let Some(index) = lines.partition_point(|line| line.span.start <= offset).checked_sub(1) else {
        return "";
    };
    let line = &lines[index];
    let text = file.slice(Span::new(offset, line.span.end));
    let inline = text.ends_with(':').then(|| lines.get(index + 1)).flatten();
    match inline {
        Some(next) => file.slice(next.span),
        None => text,
    }
}

/// What a handler's body does with the error.
#[expect(clippy::struct_excessive_bools, reason = "facts that hold or not, each by itself")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conduct {
    /// It raises on some path, or ends the program.
    pub(crate) raises: bool,
    /// It keeps the traceback: in a log or with a reporter.
    pub(crate) traceback: bool,
    /// The loudest logging call without a traceback.
    pub(crate) logged: Option<Level>,
    /// It prints.
    pub(crate) prints: bool,
    /// The error itself goes somewhere that is no log: returned, stored, handed to a function.
    pub(crate) hands_on: bool,
    /// The text of the error goes somewhere that is no log.
    pub(crate) hands_text: bool,
    /// A call that is neither a log nor a print.
    pub(crate) calls: bool,
}

/// Reads what a handler's body does.
pub(crate) fn conduct(file: &FileContext<'_>, handler: &Handler<'_>) -> Conduct {
    let mut found = Conduct::default();
    let alias = handler.alias.map(|alias| file.text(alias));
    walk(handler.body, |node| {
        match node.kind() {
            "raise_statement" => found.raises = true,
            "call" => {
                if ends_program(file, node) {
                    found.raises = true;
                } else if let Some(voice) = loggers::voice(file, node) {
                    if voice.traceback {
                        found.traceback = true;
                    } else if !speaks_of_another(file, node, handler) {
                        found.logged = found.logged.max(Some(voice.level));
                    }
                } else if is_print(file, node) {
                    found.prints |= !speaks_of_another(file, node, handler);
                    found.traceback |= loggers::tells_traceback(file.text(node));
                } else {
                    found.calls = true;
                }
            }
            "identifier" if alias == Some(file.text(node)) => match use_of(file, node, handler) {
                Use::Handed => found.hands_on = true,
                Use::Text => found.hands_text = true,
                Use::Traceback => found.traceback = true,
                Use::Looked | Use::Told => {}
            },
            _ => {}
        }
        !is_deferred(node)
    });
    found
}

/// Whether a call stands in a handler inside of this one, without a mention of this one's error: it
/// tells that the second choice failed, too.
pub(crate) fn speaks_of_another(
    file: &FileContext<'_>,
    call: Node<'_>,
    handler: &Handler<'_>,
) -> bool {
    let inner = around(call)
        .take_while(|node| node.id() != handler.body.id())
        .any(|node| node.kind() == "except_clause");
    inner
        && handler.alias.is_none_or(|alias| {
            let mut mentions = false;
            walk(call, |node| {
                mentions |= node.kind() == "identifier" && file.text(node) == file.text(alias);
                !mentions
            });
            !mentions
        })
}

/// How one mention of the error uses it.
enum Use {
    /// In a condition.
    Looked,
    /// In a logging call or a print.
    Told,
    /// As text, elsewhere.
    Text,
    /// Its traceback.
    Traceback,
    /// As a value, elsewhere.
    Handed,
}

fn use_of(file: &FileContext<'_>, mention: Node<'_>, handler: &Handler<'_>) -> Use {
    let mut text = false;
    let mut below = mention;
    for node in around(mention) {
        if node.id() == handler.body.id() {
            break;
        }
        match node.kind() {
            "interpolation" | "binary_operator" => text = true,
            // Only the object of an attribute mentions the error; `other.e` is another name.
            "attribute" => {
                if node.child_by_field_name("object").is_none_or(|object| object.id() != below.id())
                {
                    return Use::Looked;
                }
                let name = node.child_by_field_name("attribute").map_or("", |name| file.text(name));
                if name == "__traceback__" {
                    return Use::Traceback;
                }
                text = true;
            }
            "keyword_argument"
                if node.child_by_field_name("name").is_some_and(|name| name.id() == below.id()) =>
            {
                return Use::Looked;
            }
            "comparison_operator" | "not_operator" => return Use::Looked,
            "if_statement" | "elif_clause" | "while_statement" | "match_statement" => {
                return if below.kind() == "block" { handed(text) } else { Use::Looked };
            }
            "call" => {
                if loggers::voice(file, node).is_some() || is_print(file, node) {
                    return Use::Told;
                }
                match node.child_by_field_name("function").map(|function| file.text(function)) {
                    Some("str" | "repr" | "type" | "format" | "unicode") => text = true,
                    Some("isinstance" | "hasattr" | "getattr" | "issubclass") => {
                        return Use::Looked;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        below = node;
    }
    handed(text)
}

fn handed(text: bool) -> Use {
    if text { Use::Text } else { Use::Handed }
}

pub(crate) fn is_print(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let Some(function) = call.child_by_field_name("function") else { return false };
    let name = file.text(function);
    matches!(last_part(name), "print" | "pprint" | "secho" | "echo")
        || matches!(name, "sys.stderr.write" | "sys.stdout.write")
}

/// Whether a call ends the program or raises, whatever happens.
fn ends_program(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let Some(function) = call.child_by_field_name("function") else { return false };
    let name = file.text(function);
    matches!(
        file.qualified(function).as_deref(),
        Some(
            "sys.exit"
                | "os._exit"
                | "os.abort"
                | "exit"
                | "quit"
                | "six.reraise"
                | "typer.Exit"
                | "flask.abort"
                | "pytest.fail"
                | "pytest.skip"
                | "os.kill"
                | "os.execv"
                | "os.execvp"
        )
    ) || matches!(
        last_part(name),
        "reraise" | "raise_from" | "raise_with_traceback" | "reraise_exception" | "_exit" | "abort"
    ) || last_part(name).starts_with("raise_")
        || last_part(name).starts_with("_raise")
}

/// How deep compound statements are looked into for a way out.
const DEEPEST: u32 = 24;

/// Whether every path through a block raises or ends the program.
pub(crate) fn always_raises(file: &FileContext<'_>, block: Node<'_>) -> bool {
    block_raises(file, block, DEEPEST)
}

fn block_raises(file: &FileContext<'_>, block: Node<'_>, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let inner = |clause: Node<'_>| {
        block_of(clause).is_some_and(|block| block_raises(file, block, depth - 1))
    };
    for statement in statements(block) {
        let mut cursor = statement.walk();
        let raises = match statement.kind() {
            "raise_statement" => true,
            "return_statement" | "continue_statement" | "break_statement" => return false,
            "expression_statement" => {
                let value = bare_expression(statement);
                value.kind() == "call" && (ends_program(file, value) || is_raiser(file, value))
            }
            "with_statement" => {
                let header =
                    statement.child_by_field_name("body").map_or(0, |body| body.start_byte());
                let header = file.slice(Span::new(statement.start_byte() as u32, header as u32));
                header.contains("reraise") || inner(statement)
            }
            "if_statement" => {
                let clauses: Vec<_> =
                    statement.children_by_field_name("alternative", &mut cursor).collect();
                inner(statement)
                    && clauses.last().is_some_and(|last| last.kind() == "else_clause")
                    && clauses.into_iter().all(inner)
            }
            "try_statement" => {
                let clauses: Vec<_> = statement.named_children(&mut cursor).collect();
                let of = |kind: &'static str| {
                    clauses.iter().copied().filter(move |clause| clause.kind() == kind)
                };
                of("finally_clause").any(inner)
                    || (of("block").any(|block| block_raises(file, block, depth - 1))
                        && of("except_clause").all(inner))
            }
            _ => false,
        };
        if raises {
            return true;
        }
        // A statement that may leave in another way before what follows is reached.
        let mut leaves = false;
        walk(statement, |node| {
            leaves |= matches!(node.kind(), "return_statement");
            !is_deferred(node)
        });
        if leaves {
            return false;
        }
    }
    false
}

/// Whether a call is of a function of the module that does nothing but raise: `throw(ConnectionError, "away")`.
fn is_raiser(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let name = call.child_by_field_name("function").filter(|it| it.kind() == "identifier");
    let Some(name) = name.map(|it| file.text(it)) else { return false };
    let outline = file.outline;
    let mut named = outline.definitions.iter().filter(|it| file.slice(it.name) == name);
    let Some(function) = named.next().filter(|it| it.is_function() && named.next().is_none())
    else {
        return false;
    };
    let body = function.docstring.map_or(function.body.start, |it| it.end);
    let first = outline.lines.partition_point(|it| it.span.start < body);
    function.parent.is_none()
        && outline.decorators(function).is_empty()
        && outline
            .lines
            .get(first)
            .is_some_and(|it| it.keyword == Keyword::Raise && it.span.start < function.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_of_tools_are_no_reasons() {
        assert!(is_reason("the nightly job sends it again"));
        assert!(is_reason("noqa: BLE001 - clean-up must not fail"));
        assert!(is_reason("忽略有问题的磁盘"));
        assert!(!is_reason("noqa: BLE001"));
        assert!(!is_reason("pragma: no cover"));
        assert!(!is_reason("TODO handle this some day"));
        assert!(!is_reason("pylint: disable=broad-except"));
    }
}
