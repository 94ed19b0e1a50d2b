//! How lines belong together: the blocks by their indentation, and the clauses of compound statements.
//! Knows keywords, no tokens.

use crate::{FlawKind, Keyword, scanner::Scanner};

/// The lines of one indentation below a header, or the module's.
pub(super) struct Block {
    indent: u32,
    /// How its last statement may go on.
    clauses: Clauses,
    /// Where that statement's last clause begins.
    start: u32,
}

/// How a statement may go on at its own indentation, by its last clause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clauses {
    /// Not at all.
    None,
    /// By `elif` and `else`.
    If,
    /// By `else`.
    Loop,
    /// By `except` and `finally`, of which one has to follow.
    Try,
    /// By `except`, `else` and `finally`.
    Except,
    /// By `finally`.
    TryElse,
}

impl Block {
    /// The blocks at the beginning of a text.
    pub(super) fn of_module() -> Vec<Self> {
        let mut blocks = Vec::with_capacity(16);
        blocks.push(Self::new(0));
        blocks
    }

    fn new(indent: u32) -> Self {
        Self { indent, clauses: Clauses::None, start: 0 }
    }
}

impl Clauses {
    /// How the statement goes on behind a line with this keyword; `None` where that is a clause of no
    /// statement that could stand before it.
    fn behind(self, keyword: Keyword) -> Option<Self> {
        match (self, keyword) {
            (_, Keyword::If) | (Self::If, Keyword::Elif) => Some(Self::If),
            (_, Keyword::For | Keyword::While) => Some(Self::Loop),
            (_, Keyword::Try) => Some(Self::Try),
            (Self::Try | Self::Except, Keyword::Except) => Some(Self::Except),
            (Self::Except, Keyword::Else) => Some(Self::TryElse),
            (Self::If | Self::Loop, Keyword::Else)
            | (Self::Try | Self::Except | Self::TryElse, Keyword::Finally) => Some(Self::None),
            _ if keyword.continues_statement() => None,
            _ => Some(Self::None),
        }
    }
}

impl Scanner<'_> {
    /// Takes note of the block that a line of this indentation begins or goes on with.
    pub(super) fn follow_indentation(&mut self, indent: u32) {
        while self.block_indent() > indent {
            self.end_block();
            if self.block_indent() < indent {
                self.flaw(FlawKind::InconsistentDedent, self.at);
            }
        }
        let deeper = self.block_indent() < indent;
        let last = self.outline.lines.last().map_or(0, |line| line.indent);
        if self.begins_block() && indent <= last {
            self.flaw(FlawKind::MissingBlock, self.at);
        }
        if deeper {
            if !self.begins_block() {
                self.flaw(FlawKind::UnexpectedIndent, self.at);
            }
            self.blocks.push(Block::new(indent));
        }
    }

    /// Takes note of the statement, or the clause of one, that the line at `start` begins with.
    pub(super) fn follow_statement(&mut self, keyword: Keyword, start: u32) {
        let Some(block) = self.blocks.last_mut() else { return };
        let before = (block.clauses, block.start);
        let behind = before.0.behind(keyword);
        (block.clauses, block.start) = (behind.unwrap_or(Clauses::None), start);
        if before.0 == Clauses::Try && !matches!(keyword, Keyword::Except | Keyword::Finally) {
            self.flaw(FlawKind::TryWithoutHandler, before.1 as usize);
        } else if behind.is_none() {
            self.flaw(FlawKind::StrayClause, start as usize);
        }
    }

    /// Ends all blocks at the end of the text.
    pub(super) fn end_blocks(&mut self) {
        if self.begins_block() {
            // Nothing follows, so that the header's colon has to stand for it.
            self.flaw(FlawKind::MissingBlock, self.line_end as usize - 1);
        }
        while !self.blocks.is_empty() {
            self.end_block();
        }
    }

    /// Ends the innermost block, whose last statement has to be complete.
    fn end_block(&mut self) {
        if let Some(block) = self.blocks.pop()
            && block.clauses == Clauses::Try
        {
            self.flaw(FlawKind::TryWithoutHandler, block.start as usize);
        }
    }

    /// The indentation of the innermost block.
    fn block_indent(&self) -> u32 {
        self.blocks.last().map_or(0, |block| block.indent)
    }

    /// Whether the last logical line is a header whose block stands on the lines below it.
    fn begins_block(&self) -> bool {
        let Some(line) = self.outline.lines.last() else { return false };
        let text = &self.bytes[line.span.range()];
        let is_header = match line.keyword {
            Keyword::Def
            | Keyword::AsyncDef
            | Keyword::Class
            | Keyword::If
            | Keyword::Elif
            | Keyword::Else
            | Keyword::Try
            | Keyword::Except
            | Keyword::Finally
            | Keyword::For
            | Keyword::While
            | Keyword::With => true,
            Keyword::Other => text.starts_with(b"match") || text.starts_with(b"case"),
            _ => false,
        };
        is_header && text.ends_with(b":")
    }
}
