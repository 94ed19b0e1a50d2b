//! Which parts of a file are worth a tree. Knows the outline, not the rules that ask.

use crate::{Definition, DefinitionId, Keyword, Outline, Span};

/// Whole statements that are parsed by themselves: one statement of the module's body, or of the body
/// of a class that is (itself, recursively) a direct statement of the module; of such a class itself
/// only its decorators and header.
///
/// So what encloses a node inside its region is complete but for classes, which the outline knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// From the first token of the statement (its first decorator) to the last one.
    pub span: Span,
}

/// The regions that hold the given offsets (sorted), each once, in order.
///
/// An offset in a comment or blank between two regions has none.
pub fn regions_at(outline: &Outline, offsets: &[u32]) -> Vec<Region> {
    let mut regions = Vec::new();
    // Everything before this offset is answered: one look at a statement serves all hits in it.
    let mut answered = 0;
    for &offset in offsets {
        if offset < answered {
            continue;
        }
        let after = outline.lines.partition_point(|line| line.span.start <= offset);
        let Some(line) = after.checked_sub(1) else { continue };
        let unit = unit_at(outline, line);
        if unit.span.contains(offset) {
            regions.push(Region { span: unit.span });
        }
        answered = outline.lines.get(unit.end.max(after)).map_or(u32::MAX, |next| next.span.start);
    }
    regions
}

/// Every region of a file, in order: what is parsed when no trigger narrows it.
pub fn all_regions(outline: &Outline) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut line = 0;
    while line < outline.lines.len() {
        let unit = unit_at(outline, line);
        regions.push(Region { span: unit.span });
        line = unit.end.max(line + 1);
    }
    regions
}

/// A region with the index of the first logical line behind it.
struct Unit {
    span: Span,
    end: usize,
}

/// The lines of a module or of a class whose statements are regions of their own.
#[derive(Clone, Copy)]
struct Container {
    first: usize,
    end: usize,
    indent: u32,
}

/// The region that a logical line belongs to.
fn unit_at(outline: &Outline, line: usize) -> Unit {
    let lines = &outline.lines;
    let mut container = container_of(outline, lines[line].scope);
    // In broken files a line may lie outside of what its scope claims.
    container.first = container.first.min(line);
    container.end = container.end.max(line + 1);

    let mut first = line;
    while first > container.first && !starts_statement(outline, container, first) {
        first -= 1;
    }
    if let Some((class, body)) = class_at(outline, container, first) {
        if line < body.end {
            let span = Span::new(lines[first].span.start, class.header.end);
            return Unit { span, end: body.first };
        }
        // A stray `else` behind a class stands alone: the class's statements are not its own.
        first = body.end;
    }
    let mut end = line + 1;
    while end < container.end && !starts_statement(outline, container, end) {
        end += 1;
    }
    Unit { span: Span::new(lines[first].span.start, lines[end - 1].span.end), end }
}

/// Whether a line of a container begins a statement of it.
fn starts_statement(outline: &Outline, container: Container, line: usize) -> bool {
    let this = &outline.lines[line];
    if this.indent > container.indent || this.keyword.continues_statement() {
        return false;
    }
    let decorated = line > container.first
        && outline.lines[line - 1].keyword == Keyword::Decorator
        && outline.lines[line - 1].indent == this.indent
        && is_decoratable(this.keyword);
    !decorated
}

fn is_decoratable(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Decorator | Keyword::Def | Keyword::AsyncDef | Keyword::Class)
}

/// The class whose decorators and header begin at a line, if its body is a container.
fn class_at(
    outline: &Outline,
    container: Container,
    first: usize,
) -> Option<(&Definition, Container)> {
    let decorators = outline.lines[first..container.end]
        .iter()
        .take_while(|line| line.keyword == Keyword::Decorator)
        .count();
    let header = outline.lines[..container.end].get(first + decorators)?;
    if header.keyword != Keyword::Class {
        return None;
    }
    let start = header.span.start;
    let index = outline.definitions.partition_point(|other| other.header.start < start);
    let class = outline.definitions.get(index).filter(|other| other.header.start == start)?;
    class_container(outline, container, class).map(|body| (class, body))
}

/// The innermost container that the lines of a scope lie in.
fn container_of(outline: &Outline, scope: Option<DefinitionId>) -> Container {
    let mut container = Container { first: 0, end: outline.lines.len(), indent: 0 };
    let around = |id: &DefinitionId| outline.definition(*id).parent;
    let chain: Vec<DefinitionId> = std::iter::successors(scope, around).collect();
    for id in chain.into_iter().rev() {
        match class_container(outline, container, outline.definition(id)) {
            Some(inner) => container = inner,
            None => break,
        }
    }
    container
}

/// The body of a class as a container, where the class is a direct statement of `outer` and its body
/// stands on lines of its own.
fn class_container(outline: &Outline, outer: Container, class: &Definition) -> Option<Container> {
    if !class.is_class() || class.body.is_empty() {
        return None;
    }
    let lines = &outline.lines;
    let header = lines.partition_point(|line| line.span.start < class.header.start);
    let first = lines.partition_point(|line| line.span.start < class.body.start);
    let end = lines.partition_point(|line| line.span.start < class.body.end);
    // The body of a one-line class begins within the header's line.
    let own_lines = lines.get(first).is_some_and(|line| line.span.start == class.body.start);
    let direct = lines.get(header).is_some_and(|line| line.indent <= outer.indent);
    (own_lines && direct && header < first && first < end).then(|| Container {
        first,
        end,
        indent: lines[first].indent,
    })
}
