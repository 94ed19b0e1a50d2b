//! The outline taken from a whole tree: the second opinion that judges the scanner. Knows the grammar's
//! node types, nothing of the scanner.

mod signature;

use tree_sitter::{Node, TreeCursor};

use crate::{
    Call, Definition, DefinitionId, DefinitionKind, Import, ImportKind, Keyword, LogicalLine,
    Outline, Span, StringLiteral, SyntaxTree,
};

/// Makes the outline of a file from its tree, which must be of the whole file and without errors.
pub fn outline_from_tree(text: &str, tree: &SyntaxTree) -> Outline {
    let mut walk = Walk {
        text,
        outline: Outline::default(),
        open: Vec::new(),
        scope: None,
        type_checking: 0,
        decorators: None,
        last_end: 0,
        statement_string: None,
        awaited: None,
    };
    let mut cursor = tree.root().walk();
    let mut depth = 0;
    'nodes: loop {
        walk.enter(&cursor, depth);
        if cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        loop {
            walk.leave(depth);
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                break 'nodes;
            }
            depth -= 1;
        }
    }
    let mut outline = walk.outline;
    // A call is met before those in its callee, which stand before its name.
    outline.calls.sort_unstable_by_key(|call| call.name.start);
    outline
}

/// What is known on the way through a tree.
struct Walk<'t> {
    text: &'t str,
    outline: Outline,
    /// The nodes around the current one that something depends on, with their depths.
    open: Vec<(u32, Open)>,
    /// The innermost definition whose body is open.
    scope: Option<DefinitionId>,
    /// How many blocks under `if TYPE_CHECKING:` are open.
    type_checking: u32,
    /// The start of a decorated definition and its first decorator's index, until its keyword is met.
    decorators: Option<(u32, u32)>,
    /// The end of the last token that is part of a logical line.
    last_end: u32,
    /// Where a literal begins that is a statement by itself.
    statement_string: Option<u32>,
    /// Where the operand of the last `await` begins.
    awaited: Option<u32>,
}

/// A node that is not left yet.
#[derive(Clone, Copy)]
enum Open {
    Definition(DefinitionId),
    /// A definition's body, with the scope to go back to.
    Body(Option<DefinitionId>),
    MainGuard(u32),
    MainGuardBlock(u32),
    TypeChecking,
    TypeCheckingBlock,
}

impl<'t> Walk<'t> {
    fn enter(&mut self, cursor: &TreeCursor<'t>, depth: u32) {
        let node = cursor.node();
        match node.kind() {
            "comment" => self.comment(node),
            "string" => self.string(node),
            "call" => self.call(node),
            // The keyword within has the same kind, but no name.
            "await" if node.is_named() => {
                self.awaited = last_operand(node).map(|operand| Span::of(operand).start);
            }
            "block" => self.block(cursor, depth),
            // Nowhere else has the grammar a semicolon.
            ";" => self.piece(Span::of(node)),
            "decorated_definition" => {
                let first = self.outline.decorators.len() as u32;
                self.decorators = Some((Span::of(node).start, first));
            }
            "decorator" => self.decorator(node),
            "function_definition" | "class_definition" => {
                let id = self.outline.definitions.len() as u32;
                self.definition(node);
                self.open.push((depth, Open::Definition(id)));
            }
            "if_statement" => {
                self.header(node);
                let condition = node.child_by_field_name("condition");
                if depth == 1 && condition.is_some_and(|test| self.is_main_guard(test)) {
                    self.open.push((depth, Open::MainGuard(Span::of(node).start)));
                } else if condition.is_some_and(|test| self.is_type_checking(test)) {
                    self.open.push((depth, Open::TypeChecking));
                }
            }
            "elif_clause" | "else_clause" | "for_statement" | "while_statement"
            | "try_statement" | "except_clause" | "finally_clause" | "with_statement"
            | "match_statement" | "case_clause" => {
                self.header(node);
            }
            "import_statement" | "import_from_statement" | "future_import_statement" => {
                self.piece(Span::of(node));
                self.import(node);
            }
            "expression_statement" => self.expression_statement(node),
            "type_alias_statement" => {
                self.piece(Span::of(node));
                self.call_of_type(node);
            }
            kind if kind.ends_with("_statement") => self.piece(Span::of(node)),
            _ => {}
        }
    }

    fn leave(&mut self, depth: u32) {
        while let Some(&(_, open)) = self.open.last().filter(|(at, _)| *at == depth) {
            self.open.pop();
            match open {
                Open::Definition(id) => {
                    let end = self.last_end;
                    let definition = &mut self.outline.definitions[id as usize];
                    definition.span.end = end;
                    definition.body.end = end.max(definition.body.start);
                }
                Open::Body(scope) => self.scope = scope,
                Open::MainGuardBlock(start) => {
                    self.outline.main_guards.push(Span::new(start, self.last_end));
                }
                Open::TypeCheckingBlock => self.type_checking -= 1,
                Open::MainGuard(_) | Open::TypeChecking => {}
            }
        }
    }

    /// The start of a suite: of a definition, or of an `if` that matters.
    fn block(&mut self, cursor: &TreeCursor<'t>, depth: u32) {
        let Some(&(_, around)) = self.open.last().filter(|(at, _)| at + 1 == depth) else { return };
        let field = cursor.field_name();
        match around {
            Open::Definition(id) => {
                self.open.push((depth, Open::Body(self.scope)));
                self.scope = Some(id);
            }
            Open::MainGuard(start) if field == Some("consequence") => {
                self.open.push((depth, Open::MainGuardBlock(start)));
            }
            Open::TypeChecking if field == Some("consequence") => {
                self.open.push((depth, Open::TypeCheckingBlock));
                self.type_checking += 1;
            }
            _ => {}
        }
    }

    /// Adds a simple statement, semicolon, decorator or header to its logical line.
    fn piece(&mut self, span: Span) {
        let continued = !self.outline.lines.is_empty()
            && !breaks_line(&self.text.as_bytes()[self.last_end as usize..span.start as usize]);
        self.last_end = span.end;
        if let Some(id) = self.scope {
            let definition = &mut self.outline.definitions[id as usize];
            if definition.body.start == definition.header.end && definition.body.is_empty() {
                // Its end is set when the definition is left.
                definition.body = span;
            }
        }
        if let Some(line) = self.outline.lines.last_mut().filter(|_| continued) {
            line.span.end = span.end;
            return;
        }
        self.outline.lines.push(LogicalLine {
            span,
            indent: indent_at(self.text, span.start),
            keyword: keyword_at(self.text, span.start),
            scope: self.scope,
        });
    }

    /// Adds the header of a compound statement or of a clause: all up to its colon.
    fn header(&mut self, node: Node<'t>) -> Span {
        let start = Span::of(node).start;
        let mut cursor = node.walk();
        let colon = node.children(&mut cursor).find(|child| child.kind() == ":");
        let span = Span::new(start, colon.map_or(start, |colon| Span::of(colon).end));
        self.piece(span);
        span
    }

    fn decorator(&mut self, node: Node<'t>) {
        let mut cursor = node.walk();
        let expression = node.named_children(&mut cursor).find(|child| !child.is_extra());
        let Some(expression) = expression.map(Span::of) else { return };
        // The node itself runs over a comment behind the expression.
        self.piece(Span::new(Span::of(node).start, expression.end));
        self.outline.decorators.push(expression);
    }

    fn definition(&mut self, node: Node<'t>) {
        let header = self.header(node);
        let class = node.kind() == "class_definition";
        let is_async = node.child(0).is_some_and(|first| first.kind() == "async");
        let after = self.outline.decorators.len() as u32;
        let (start, first) = self.decorators.take().unwrap_or((header.start, after));
        let type_parameters = self.outline.type_parameters.len() as u32;
        if let Some(list) = node.child_by_field_name("type_parameters") {
            signature::type_parameters(self.text, list, &mut self.outline.type_parameters);
        }
        let parameters = self.outline.parameters.len() as u32;
        if let Some(list) = node.child_by_field_name("parameters") {
            signature::parameters(list, &mut self.outline.parameters);
        }
        let arguments = self.outline.arguments.len() as u32;
        if let Some(list) = node.child_by_field_name("superclasses") {
            signature::arguments(list, &mut self.outline.arguments);
        }
        let name = node.child_by_field_name("name");
        self.outline.definitions.push(Definition {
            kind: match (class, is_async) {
                (true, _) => DefinitionKind::Class,
                (false, true) => DefinitionKind::AsyncFunction,
                (false, false) => DefinitionKind::Function,
            },
            parent: self.scope,
            span: Span::new(start, header.end),
            header,
            name: name.map_or(Span::empty(header.end), Span::of),
            body: Span::empty(header.end),
            decorators: (first, after),
            type_parameters: (type_parameters, self.outline.type_parameters.len() as u32),
            parameters: (parameters, self.outline.parameters.len() as u32),
            arguments: (arguments, self.outline.arguments.len() as u32),
            returns: node.child_by_field_name("return_type").map(Span::of),
            docstring: None,
        });
    }

    fn expression_statement(&mut self, node: Node<'t>) {
        let span = Span::of(node);
        let literal = node.child(0).filter(|child| Span::of(*child) == span);
        let literal =
            literal.filter(|child| matches!(child.kind(), "string" | "concatenated_string"));
        let first = self.scope.filter(|&id| {
            let definition = self.outline.definition(id);
            definition.body.is_empty() && definition.body.start == definition.header.end
        });
        self.piece(span);
        let Some(literal) = literal else { return };
        self.statement_string = Some(span.start);
        if let Some(id) = first {
            self.outline.definitions[id as usize].docstring = docstring(self.text, literal);
        }
    }

    fn import(&mut self, node: Node<'t>) {
        let statement = Span::of(node);
        let (mut level, mut module) = (0, Span::default());
        let from = node.kind() != "import_statement";
        if let Some(source) = node.child_by_field_name("module_name") {
            if source.kind() == "relative_import" {
                let mut cursor = source.walk();
                for part in source.named_children(&mut cursor) {
                    match part.kind() {
                        "import_prefix" => {
                            module = Span::empty(Span::of(part).end);
                            let dots = Span::of(part).of_text(self.text);
                            level = dots.bytes().filter(|&byte| byte == b'.').count() as u32;
                        }
                        "dotted_name" => module = Span::of(part),
                        _ => {}
                    }
                }
            } else {
                module = Span::of(source);
            }
        } else if from {
            module = node.child(1).map_or(module, Span::of);
        }
        let (scope, type_checking) = (self.scope, self.type_checking > 0);
        let mut cursor = node.walk();
        if node.named_children(&mut cursor).any(|child| child.kind() == "wildcard_import") {
            let (kind, name, alias) = (ImportKind::Star, Span::empty(module.end), None);
            let star = Import { kind, statement, module, level, name, alias, scope, type_checking };
            self.outline.imports.push(star);
            return;
        }
        for bound in node.children_by_field_name("name", &mut cursor) {
            let (name, alias) = match bound.child_by_field_name("name") {
                Some(name) => (name, bound.child_by_field_name("alias")),
                None => (bound, None),
            };
            let name = Span::of(name);
            let (kind, module, name) = if from {
                (ImportKind::From, module, name)
            } else {
                (ImportKind::Module, name, Span::empty(name.end))
            };
            let alias = alias.map(Span::of);
            let import =
                Import { kind, statement, module, level, name, alias, scope, type_checking };
            self.outline.imports.push(import);
        }
    }

    fn string(&mut self, node: Node<'t>) {
        let Some(mut literal) = read_string(self.text, node) else { return };
        literal.statement = self.statement_string == Some(literal.span.start);
        self.outline.strings.push(literal);
    }

    fn comment(&mut self, node: Node<'t>) {
        let span = Span::of(node);
        // To the grammar the first half of a CRLF is part of the comment.
        let length = span.of_text(self.text).trim_end_matches('\r').len();
        self.outline.comments.push(Span::new(span.start, span.start + length as u32));
    }

    fn call(&mut self, node: Node<'t>) {
        let callee = node.child_by_field_name("function");
        let arguments = node.child_by_field_name("arguments");
        let (Some(callee), Some(arguments)) = (callee, arguments) else { return };
        let end = Span::of(callee).end;
        let (start, attached) = match callee.kind() {
            "identifier" | "attribute" | "list_splat" => match dotted_start(callee) {
                Some(found) => found,
                None => return,
            },
            _ => return,
        };
        let awaited = !attached && self.awaited == Some(start);
        let (name, arguments) = (Span::new(start, end), Span::of(arguments));
        self.outline.calls.push(Call { name, arguments, attached, awaited });
    }

    /// Adds the call in `type(x).y = z`, which the grammar takes for an alias named `(x).y`.
    fn call_of_type(&mut self, alias: Node<'t>) {
        let start = Span::of(alias).start;
        let name = Span::new(start, start + "type".len() as u32);
        let left = alias.child_by_field_name("left");
        let mut inner = std::iter::successors(left, |node| node.child(0));
        if let Some(list) = inner.find(|node| {
            matches!(node.kind(), "parenthesized_expression" | "tuple" | "generator_expression")
        }) {
            let arguments = Span::of(list);
            self.outline.calls.push(Call { name, arguments, attached: false, awaited: false });
        }
    }

    /// Whether a condition holds `__name__ == "__main__"`, in either order.
    fn is_main_guard(&self, condition: Node<'t>) -> bool {
        let mut cursor = condition.walk();
        loop {
            let node = cursor.node();
            if node.kind() == "comparison_operator" && self.compares_with_main(node) {
                return true;
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return false;
                }
            }
        }
    }

    /// Whether `__name__` and `"__main__"` stand next to one of the equals signs of a comparison.
    fn compares_with_main(&self, comparison: Node<'t>) -> bool {
        let is_name = |node: Node<'_>| {
            node.kind() == "identifier"
                && node.parent().is_none_or(|parent| parent.kind() != "attribute")
                && Span::of(node).of_text(self.text) == "__name__"
        };
        let is_main = |node: Node<'_>| {
            node.kind() == "string"
                && read_string(self.text, node).is_some_and(|literal| {
                    let plain = literal.prefix == 0 && literal.quotes == 1;
                    plain && literal.content().of_text(self.text) == "__main__"
                })
        };
        let operators = 1..comparison.child_count();
        operators.filter_map(|index| comparison.child(index)).any(|operator| {
            operator.kind() == "=="
                && operator.prev_sibling().zip(operator.next_sibling()).is_some_and(
                    |(left, right)| {
                        let before = outermost(left, |node| node.child_count().checked_sub(1));
                        let behind =
                            outermost(right, |node| node.child_count().min(1).checked_sub(1));
                        is_name(before) && is_main(behind) || is_main(before) && is_name(behind)
                    },
                )
        })
    }

    /// Whether a condition is a dotted name that ends in `TYPE_CHECKING`.
    fn is_type_checking(&self, condition: Node<'t>) -> bool {
        let last = match condition.kind() {
            "identifier" => Some(condition),
            "attribute" if dotted_start(condition).is_some_and(|(_, attached)| !attached) => {
                condition.child_by_field_name("attribute")
            }
            _ => None,
        };
        last.is_some_and(|name| Span::of(name).of_text(self.text) == "TYPE_CHECKING")
    }
}

/// Where the dotted name begins that an expression ends with, and whether it is attached to something
/// that is not a name. `None` where it does not end in a name.
fn dotted_start(expression: Node<'_>) -> Option<(u32, bool)> {
    let mut first = None;
    let mut node = expression;
    loop {
        match node.kind() {
            // `None.__eq__` is as much a dotted name as any: nothing computes what stands before the dot.
            "identifier" | "none" | "true" | "false" => {
                return Some((Span::of(node).start, false));
            }
            "attribute" => {
                first = node.child_by_field_name("attribute");
                node = node.child_by_field_name("object")?;
            }
            // To the grammar `*a.b()` is a call of `*a.b`.
            "list_splat" => node = last_operand(node)?,
            _ => return first.map(|first| (Span::of(first).start, true)),
        }
    }
}

fn last_operand(node: Node<'_>) -> Option<Node<'_>> {
    let count = node.named_child_count();
    (0..count)
        .rev()
        .filter_map(|index| node.named_child(index as u32))
        .find(|node| !node.is_extra())
}

/// The first of the literals of a docstring; `None` where one of them is not plain text.
fn docstring(text: &str, literal: Node<'_>) -> Option<Span> {
    let plain = |node| {
        read_string(text, node)
            .filter(|read| !read.bytes && !read.interpolated)
            .map(|read| read.span)
    };
    if literal.kind() == "string" {
        return plain(literal);
    }
    let mut cursor = literal.walk();
    let joined = literal.named_children(&mut cursor).filter(|child| !child.is_extra());
    let all: Option<Vec<Span>> = joined.map(plain).collect();
    all?.first().copied()
}

/// Reads prefix and quotes of a string node; `None` for the backticks of old.
fn read_string(text: &str, node: Node<'_>) -> Option<StringLiteral> {
    let opening = Span::of(node.child(0)?).of_text(text);
    let prefix = opening.find(['"', '\''])?;
    let has = |letter: u8| {
        opening.as_bytes()[..prefix].iter().any(|byte| byte.to_ascii_lowercase() == letter)
    };
    Some(StringLiteral {
        span: Span::of(node),
        prefix: prefix as u8,
        quotes: (opening.len() - prefix) as u8,
        bytes: has(b'b'),
        interpolated: has(b'f') || has(b't'),
        raw: has(b'r'),
        statement: false,
    })
}

/// Whether a logical line ends in what stands between two tokens: white space, comments, line joins.
fn breaks_line(gap: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = gap.get(at) {
        match byte {
            b'\\' if gap[at + 1..].starts_with(b"\r\n") => at += 2,
            b'\\' => at += 1,
            b'\n' | b'\r' | b'#' => return true,
            _ => {}
        }
        at += 1;
    }
    false
}

/// The columns of white space before the token that begins a line.
fn indent_at(text: &str, offset: u32) -> u32 {
    let before = &text.as_bytes()[..offset as usize];
    let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
    before[start..].iter().fold(0, |column, byte| match byte {
        b' ' => column + 1,
        b'\t' => column / 8 * 8 + 8,
        b'\x0c' => 0,
        _ => column,
    })
}

/// The keyword that a logical line begins with.
fn keyword_at(text: &str, offset: u32) -> Keyword {
    let rest = &text[offset as usize..];
    if rest.starts_with('@') {
        return Keyword::Decorator;
    }
    let (word, rest) = first_word(rest);
    match word {
        "async" => {
            let skipped = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\\');
            match first_word(skipped).0 {
                "def" => Keyword::AsyncDef,
                "for" => Keyword::For,
                "with" => Keyword::With,
                _ => Keyword::Other,
            }
        }
        "def" => Keyword::Def,
        "class" => Keyword::Class,
        "if" => Keyword::If,
        "elif" => Keyword::Elif,
        "else" => Keyword::Else,
        "try" => Keyword::Try,
        "except" => Keyword::Except,
        "finally" => Keyword::Finally,
        "for" => Keyword::For,
        "while" => Keyword::While,
        "with" => Keyword::With,
        "return" => Keyword::Return,
        "raise" => Keyword::Raise,
        "assert" => Keyword::Assert,
        "pass" => Keyword::Pass,
        "break" => Keyword::Break,
        "continue" => Keyword::Continue,
        "import" => Keyword::Import,
        "from" => Keyword::From,
        "global" => Keyword::Global,
        "nonlocal" => Keyword::Nonlocal,
        "del" => Keyword::Del,
        _ => Keyword::Other,
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    text.split_at(text.as_bytes().iter().take_while(|byte| word(byte)).count())
}

/// The token, or the string literal, at one edge of an expression.
fn outermost<'t>(mut node: Node<'t>, edge: fn(Node<'t>) -> Option<u32>) -> Node<'t> {
    while node.kind() != "string"
        && let Some(child) = edge(node).and_then(|index| node.child(index))
    {
        node = child;
    }
    node
}
