//! The outline of a file: all that is known of it without a tree. Knows nothing of how it was found
//! and of what it is used for.

use std::borrow::Cow;

use crate::{Argument, Definition, DefinitionId, Parameter, Signature, Span, TypeParameter};

/// What one pass over the bytes of a file tells.
///
/// All lists are sorted by offset. Lists of parts are flat and held by index ranges, so that an
/// outline is a handful of allocations whatever the size of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The logical lines: what CPython's tokenizer ends with a NEWLINE token.
    pub lines: Vec<LogicalLine>,
    /// Functions and classes, by the offset of their keyword.
    pub definitions: Vec<Definition>,
    /// The expressions behind `@`, of all definitions.
    pub decorators: Vec<Span>,
    /// The parameters of all functions.
    pub parameters: Vec<Parameter>,
    /// The type parameters of all definitions.
    pub type_parameters: Vec<TypeParameter>,
    /// The bases and keywords of all classes.
    pub arguments: Vec<Argument>,
    /// One entry for each name that an import statement binds (or each star).
    pub imports: Vec<Import>,
    /// String literals, those inside replacement fields of f-strings included, by their start.
    pub strings: Vec<StringLiteral>,
    /// Comments, from `#` to before the line end.
    pub comments: Vec<Span>,
    /// Calls of dotted names, by the start of the name.
    pub calls: Vec<Call>,
    /// Each `if __name__ == "__main__":` at the top level, from `if` to the end of the last token of
    /// its body (without `else` branches).
    pub main_guards: Vec<Span>,
    /// The first thing that shows the file is not Python; `None` where the scan ended balanced.
    pub flaw: Option<Flaw>,
}

/// A logical line: one simple statement, several joined by semicolons, or the header of a compound
/// statement together with what follows its colon on the same line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogicalLine {
    /// From the first to the last token, without comment and line end.
    pub span: Span,
    /// Indentation in columns, tabs to multiples of eight.
    pub indent: u32,
    /// What the line begins with.
    pub keyword: Keyword,
    /// The innermost definition in whose body the line lies; a definition's own header and
    /// decorators belong to the definition around it.
    pub scope: Option<DefinitionId>,
}

/// The first word of a logical line, where it is one that decides the kind of statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the keyword of its name")]
pub enum Keyword {
    /// A decorator's `@`.
    Decorator,
    Def,
    /// `async def`
    AsyncDef,
    Class,
    If,
    Elif,
    Else,
    Try,
    Except,
    Finally,
    /// `for` and `async for`
    For,
    While,
    /// `with` and `async with`
    With,
    Return,
    Raise,
    Assert,
    Pass,
    Break,
    Continue,
    Import,
    From,
    Global,
    Nonlocal,
    Del,
    /// Anything else: expressions, assignments, `match`, `case`, `type`.
    Other,
}

impl Keyword {
    /// Whether the line continues the compound statement that began above it at the same indentation.
    pub fn continues_statement(self) -> bool {
        matches!(self, Self::Elif | Self::Else | Self::Except | Self::Finally)
    }
}

/// How an import statement is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportKind {
    /// `import a.b`
    Module,
    /// `from a import b`
    From,
    /// `from a import *`
    Star,
}

/// One name that an import statement binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// How it is written.
    pub kind: ImportKind,
    /// The whole statement, from `import` or `from` to its last token.
    pub statement: Span,
    /// The dotted module name; empty for `from . import a`.
    pub module: Span,
    /// Number of leading dots of a relative import.
    pub level: u32,
    /// The imported name behind `import` in `from a import b`; empty for the other kinds.
    pub name: Span,
    /// The name behind `as`.
    pub alias: Option<Span>,
    /// The innermost definition in whose body the statement lies.
    pub scope: Option<DefinitionId>,
    /// Whether it lies under `if TYPE_CHECKING:` or `if typing.TYPE_CHECKING:` (any dotted name that
    /// ends so), not in an `else` branch of it.
    pub type_checking: bool,
}

/// A string literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one letter of the prefix or one fact")]
pub struct StringLiteral {
    /// From the prefix to the closing quotes.
    pub span: Span,
    /// Length of the prefix in bytes, 0 to 2.
    pub prefix: u8,
    /// Length of the quotes at either side: 1 or 3; 0 where the literal is never closed.
    pub quotes: u8,
    /// Whether the prefix holds `b`.
    pub bytes: bool,
    /// Whether the prefix holds `f` or `t`.
    pub interpolated: bool,
    /// Whether the prefix holds `r`.
    pub raw: bool,
    /// Whether the literal is a whole statement by itself (or the first of implicitly joined
    /// literals that are one): a docstring, or text used as a comment.
    pub statement: bool,
}

impl StringLiteral {
    /// What stands between the quotes; of a literal that is never closed all but the prefix.
    pub fn content(&self) -> Span {
        let quotes = u32::from(self.quotes);
        let start = self.span.start + u32::from(self.prefix) + quotes;
        Span::new(start, self.span.end.saturating_sub(quotes).max(start))
    }
}

/// A call whose callee ends in a dotted name.
///
/// `a.b(1)` is the call of `a.b`; `f(x)(y)` one of `f`, as `(x)(y)` has no name; `x[0].g()` and
/// `f().g()` are calls of `g` that are attached to something without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The longest `name(.name)*` before the parenthesis, white space within included.
    pub name: Span,
    /// From the opening to the closing parenthesis, both included.
    pub arguments: Span,
    /// Whether a dot joins the name to an expression before it that is not a name.
    pub attached: bool,
    /// Whether `await` stands directly before the name (never for attached ones).
    pub awaited: bool,
}

impl Call {
    /// The last part of the name: `b` of `a.b(1)`.
    pub fn last_name<'t>(&self, text: &'t str) -> &'t str {
        let name = self.name.of_text(text);
        name.rsplit_once('.').map_or(name, |(_, last)| last.trim_start())
    }
}

/// What shows that a file is not Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// Where: the opening quote, the bracket, the first token of the line, the byte.
    pub offset: u32,
}

/// Kinds of [`Flaw`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlawKind {
    /// A string literal without its closing quotes.
    UnterminatedString,
    /// An opening bracket without its closing one.
    UnclosedBracket,
    /// A closing bracket without its opening one, or of another kind.
    StrayBracket,
    /// A line that is indented less than the one before it and as no block around it.
    InconsistentDedent,
    /// A header whose block is missing.
    MissingBlock,
    /// A line that is indented more than the one before it, which begins no block.
    UnexpectedIndent,
    /// A mark of a merge conflict.
    MergeConflict,
    /// A `try` that neither `except` nor `finally` follows.
    TryWithoutHandler,
    /// An `elif`, `else`, `except` or `finally` that goes on with no statement above it.
    StrayClause,
    /// The header of a compound statement or a definition without its colon.
    MissingColon,
    /// A line whose first sign begins no statement.
    UnexpectedSign,
    /// A line that ends in an operator.
    UnfinishedLine,
    /// A name directly behind the one that a statement begins with.
    AdjacentNames,
    /// A backslash outside of strings that does not end its line.
    StrayBackslash,
    /// An import that does not say from where, or what.
    IncompleteImport,
    /// White space that is none to Python, such as a no-break space, outside of strings and comments.
    InvalidCharacter,
    /// A byte of value 0, which Python refuses.
    NulByte,
    /// Brackets or replacement fields nested deeper than CPython takes (200 brackets, 150 f-strings).
    TooDeep,
}

impl Outline {
    /// The signature of a function; that of a class has no parameters.
    pub fn signature(&self, definition: &Definition) -> Signature<'_> {
        Signature {
            parameters: part(&self.parameters, definition.parameters),
            type_parameters: part(&self.type_parameters, definition.type_parameters),
            returns: definition.returns,
        }
    }

    /// The expressions behind the `@` of a definition's decorators.
    pub fn decorators(&self, definition: &Definition) -> &[Span] {
        part(&self.decorators, definition.decorators)
    }

    /// The bases and keywords of a class.
    pub fn arguments(&self, definition: &Definition) -> &[Argument] {
        part(&self.arguments, definition.arguments)
    }

    /// A definition by its index.
    pub fn definition(&self, id: DefinitionId) -> &Definition {
        &self.definitions[id as usize]
    }

    /// The definitions around an offset, innermost first. A definition's decorators and header count
    /// as inside it.
    pub fn enclosing(&self, offset: u32) -> impl Iterator<Item = &Definition> {
        let before = self.definitions.partition_point(|definition| definition.span.start <= offset);
        // Definitions nest: what holds the offset is the last one that begins before it, or around that.
        let last = before.checked_sub(1).map(|id| &self.definitions[id]);
        let chain = std::iter::successors(last, |definition| {
            definition.parent.map(|id| self.definition(id))
        });
        chain.skip_while(move |definition| !definition.span.contains(offset))
    }

    /// The logical line that holds an offset, or else the last one before it.
    pub fn line_at(&self, offset: u32) -> Option<&LogicalLine> {
        let after = self.lines.partition_point(|line| line.span.start <= offset);
        after.checked_sub(1).map(|index| &self.lines[index])
    }

    /// The outermost string literal that holds an offset.
    pub fn string_at(&self, offset: u32) -> Option<&StringLiteral> {
        let after = self.strings.partition_point(|string| string.span.start <= offset);
        // Literals lie inside others only in replacement fields, few side by side.
        let near = &self.strings[after.saturating_sub(MOST_NESTED)..after];
        near.iter().find(|string| string.span.contains(offset))
    }

    /// The comment that holds an offset.
    pub fn comment_at(&self, offset: u32) -> Option<Span> {
        let after = self.comments.partition_point(|comment| comment.start <= offset);
        self.comments[..after].last().copied().filter(|comment| comment.contains(offset))
    }

    /// Whether an offset lies under an `if __name__ == "__main__":` of the module.
    pub fn under_main_guard(&self, offset: u32) -> bool {
        self.main_guards.iter().any(|guard| guard.contains(offset))
    }
}

/// How many literals before an offset are asked whether they hold it.
const MOST_NESTED: usize = 64;

/// The text of a dotted name without the white space, comments and line joins that may stand in it.
pub fn dotted_text(text: &str, name: Span) -> Cow<'_, str> {
    let written = name.of_text(text);
    if written
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || byte >= 0x80)
    {
        return Cow::Borrowed(written);
    }
    let code = written.lines().map(|line| line.split('#').next().unwrap_or_default());
    Cow::Owned(code.flat_map(str::chars).filter(|&c| !c.is_whitespace() && c != '\\').collect())
}

fn part<T>(all: &[T], (start, end): (u32, u32)) -> &[T] {
    &all[start as usize..end as usize]
}
