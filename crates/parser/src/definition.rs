//! What the outline says of functions and classes. Knows nothing of how it was found.

use crate::Span;

/// Index of a [`Definition`] in [`Outline::definitions`](crate::Outline::definitions).
pub type DefinitionId = u32;

/// What a definition defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefinitionKind {
    /// `def`
    Function,
    /// `async def`
    AsyncFunction,
    /// `class`
    Class,
}

/// One `def`, `async def` or `class` statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Function, async function or class.
    pub kind: DefinitionKind,
    /// The innermost definition around it.
    pub parent: Option<DefinitionId>,
    /// From the first decorator's `@`, else the keyword (`async` included), to the end of the last
    /// token of the body that is neither a comment nor a line end.
    pub span: Span,
    /// From the keyword (`async`, `def`, `class`) to the colon, included.
    pub header: Span,
    /// The name.
    pub name: Span,
    /// From the first token of the body to the end of [`Self::span`]; empty where no body was found.
    pub body: Span,
    /// The expression behind each decorator's `@`: first and last index in [`Outline::decorators`](crate::Outline::decorators).
    pub decorators: (u32, u32),
    /// First and last index in [`Outline::type_parameters`](crate::Outline::type_parameters) (PEP 695).
    pub type_parameters: (u32, u32),
    /// First and last index in [`Outline::parameters`](crate::Outline::parameters); empty for classes.
    pub parameters: (u32, u32),
    /// First and last index in [`Outline::arguments`](crate::Outline::arguments): the bases and
    /// keywords of a class; empty for functions.
    pub arguments: (u32, u32),
    /// The expression behind `->`.
    pub returns: Option<Span>,
    /// The string literal (with prefix and quotes) that is the docstring. An f-string, a t-string, a
    /// bytes literal is none; of implicitly joined literals, all of them plain, it is the first.
    pub docstring: Option<Span>,
}

impl Definition {
    /// Whether it is a class.
    pub fn is_class(&self) -> bool {
        self.kind == DefinitionKind::Class
    }

    /// Whether it is a function, async or not.
    pub fn is_function(&self) -> bool {
        !self.is_class()
    }
}

/// How a parameter takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// Before a `/`.
    PositionalOnly,
    /// By position or keyword.
    Positional,
    /// `*args`
    VarPositional,
    /// Behind `*` or `*args`.
    KeywordOnly,
    /// `**kwargs`
    VarKeyword,
}

/// One parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// How it takes its value.
    pub kind: ParameterKind,
    /// The name, without stars.
    pub name: Span,
    /// The expression behind the colon.
    pub annotation: Option<Span>,
    /// The expression behind the equals sign.
    pub default: Option<Span>,
}

/// One type parameter in square brackets behind a definition's name (PEP 695).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeParameter {
    /// Number of stars before the name: 0 for a type variable, 1 for a tuple of them, 2 for a
    /// parameter specification.
    pub stars: u8,
    /// The name, without stars.
    pub name: Span,
    /// The expression behind the colon.
    pub bound: Option<Span>,
    /// The expression behind the equals sign (PEP 696).
    pub default: Option<Span>,
}

/// One base or keyword in the parentheses behind a class's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The keyword, as in `metaclass=ABCMeta`; `None` for a base, starred ones included.
    pub keyword: Option<Span>,
    /// The expression; of a starred base what stands behind the stars.
    pub value: Span,
}

/// A function's signature, borrowed from an outline.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'o> {
    /// The parameters, in order.
    pub parameters: &'o [Parameter],
    /// The type parameters, in order.
    pub type_parameters: &'o [TypeParameter],
    /// The expression behind `->`.
    pub returns: Option<Span>,
}
