//! What begins a statement, and what its first words decide. Knows nothing of expressions.

use crate::{
    DefinitionKind, FlawKind, Keyword, Span,
    scanner::{
        Scanner,
        bytes::{Class, class, is_name_byte},
        strings::is_prefix,
        tokens::{Previous, Stop, Stops},
        words::name_end,
    },
};

/// What the first word of a statement makes of it.
#[derive(Clone, Copy)]
enum Head {
    /// The header of a compound statement, to its colon.
    Compound(Keyword),
    /// A simple statement that begins with a keyword.
    Simple(Keyword),
    Definition(DefinitionKind),
    Async,
    Match,
    Case,
    Import,
    From,
    /// No keyword.
    Word,
}

impl Scanner<'_> {
    /// Reads the statement that a logical line begins with. That of a compound statement is read up
    /// to its colon, included.
    pub(super) fn first_statement(&mut self, indent: u32) -> Keyword {
        self.previous = Previous::Other;
        if self.byte() == Some(b'@') {
            self.decorator();
            return Keyword::Decorator;
        }
        let keyword = self.statement(indent, true);
        if !matches!(keyword, Keyword::Def | Keyword::AsyncDef | Keyword::Class)
            && let Some((_, first)) = self.decorated.take()
        {
            self.outline.decorators.truncate(first as usize);
        }
        keyword
    }

    /// Reads what is left of a logical line: statements behind a colon or a semicolon.
    pub(super) fn further_statements(&mut self, indent: u32) {
        loop {
            self.skip_trivia();
            match self.byte() {
                None | Some(b'\n' | b'\r' | b'#') => return,
                Some(b';') => self.at += 1,
                Some(_) => {
                    self.previous = Previous::Other;
                    self.statement(indent, false);
                }
            }
        }
    }

    /// Reads one statement. What is not the first one of its line cannot be a definition.
    fn statement(&mut self, indent: u32, first: bool) -> Keyword {
        let start = self.at;
        match class(self.bytes[start]) {
            Class::Name => {}
            Class::Quote => {
                self.string_statement(start, start);
                return Keyword::Other;
            }
            _ => {
                self.run_statement();
                return Keyword::Other;
            }
        }
        let end = name_end(self.bytes, start + 1);
        let word = &self.bytes[start..end];
        if matches!(self.bytes.get(end), Some(b'\'' | b'"')) && is_prefix(word) {
            self.string_statement(start, end);
            return Keyword::Other;
        }
        self.at = end;
        match head(word) {
            Head::Word => {
                let name = Span::new(start as u32, end as u32);
                self.second_word(name);
                self.name(name);
                self.run_statement();
                Keyword::Other
            }
            Head::Simple(keyword) => {
                self.run_statement();
                keyword
            }
            Head::Compound(keyword) => {
                self.compound(keyword, start, indent, first);
                keyword
            }
            Head::Definition(kind) if first => {
                self.header(kind, start, indent);
                if kind == DefinitionKind::Class { Keyword::Class } else { Keyword::Def }
            }
            Head::Async if first => self.async_statement(start, indent),
            Head::Definition(_) | Head::Async => {
                self.run_statement();
                Keyword::Other
            }
            Head::Match => {
                self.match_statement(start);
                Keyword::Other
            }
            Head::Case => {
                self.case_statement(start);
                Keyword::Other
            }
            Head::Import => {
                self.import(start);
                self.run_statement();
                Keyword::Import
            }
            Head::From => {
                self.import_from(start);
                self.run_statement();
                Keyword::From
            }
        }
    }

    /// Notes that the header that begins at `start` ends here without its colon.
    pub(super) fn missing_colon(&mut self, start: usize) {
        let last = self.end_of_last_token() - 1;
        self.flaw(FlawKind::MissingColon, last.max(start));
    }

    /// Passes over the rest of a simple statement.
    fn run_statement(&mut self) {
        // An import with more in its brackets than names leaves them open.
        while self.run(Stops::STATEMENT) == Stop::Close {
            self.close_bracket(self.at, self.bytes[self.at]);
            self.at += 1;
        }
    }

    fn decorator(&mut self) {
        let sign = self.at as u32;
        self.at += 1;
        self.skip_trivia();
        let start = self.at;
        self.run_statement();
        let index = self.outline.decorators.len() as u32;
        self.decorated.get_or_insert((sign, index));
        let end = self.end_of_last_token().max(start);
        self.outline.decorators.push(Span::new(start as u32, end as u32));
    }

    fn async_statement(&mut self, start: usize, indent: u32) -> Keyword {
        self.skip_trivia();
        if self.take_keyword(b"def") {
            self.header(DefinitionKind::AsyncFunction, start, indent);
            Keyword::AsyncDef
        } else if self.take_keyword(b"for") {
            self.compound(Keyword::For, start, indent, true);
            Keyword::For
        } else if self.take_keyword(b"with") {
            self.compound(Keyword::With, start, indent, true);
            Keyword::With
        } else {
            self.run_statement();
            Keyword::Other
        }
    }

    /// Passes over the header of a compound statement.
    fn compound(&mut self, keyword: Keyword, start: usize, indent: u32, first: bool) {
        let condition = self.at;
        if self.run(Stops::HEADER) != Stop::Colon {
            self.missing_colon(start);
            return;
        }
        if keyword == Keyword::If {
            let condition = self.bytes[condition..self.at].trim_ascii();
            let is_first_of_module = first && indent == 0 && self.open.is_empty();
            if is_first_of_module && tests_for_main(condition) {
                self.outline.main_guards.push(Span::empty(start as u32));
                self.guarded = true;
            }
            if asks_for_type_checking(condition) {
                self.type_checking_line = true;
                if self.type_checking.is_none() {
                    self.type_checking = Some(indent);
                }
            }
        }
        self.at += 1;
    }

    /// Reads a statement that begins with a literal: text by itself, or an expression.
    fn string_statement(&mut self, start: usize, opening: usize) {
        let first = self.outline.strings.len();
        let mut documents = true;
        let (mut start, mut opening) = (start, opening);
        loop {
            let index = self.outline.strings.len();
            self.at = opening;
            self.string(start);
            self.previous = Previous::End;
            let string = &self.outline.strings[index];
            documents &= !string.bytes && !string.interpolated;
            self.skip_trivia();
            start = self.at;
            opening = name_end(self.bytes, start);
            let joined = matches!(self.bytes.get(opening), Some(b'\'' | b'"'))
                && (opening == start || is_prefix(&self.bytes[start..opening]));
            if !joined {
                break;
            }
        }
        if !matches!(self.byte(), None | Some(b'\n' | b'\r' | b'#' | b';')) {
            self.run_statement();
            return;
        }
        let string = &mut self.outline.strings[first];
        string.statement = true;
        let span = string.span;
        if documents && let Some(id) = self.scope() {
            let definition = &mut self.outline.definitions[id as usize];
            if definition.body.start == span.start {
                definition.docstring = Some(span);
            }
        }
    }

    /// Reads a statement that begins with `match`, a keyword only if a colon ends the line.
    fn match_statement(&mut self, start: usize) {
        let calls = self.outline.calls.len();
        self.name(Span::new(start as u32, self.at as u32));
        let word = self.name;
        if self.run(Stops::HEADER) != Stop::Colon {
            return;
        }
        self.at += 1;
        self.skip_trivia();
        if !matches!(self.byte(), None | Some(b'\n' | b'\r' | b'#')) {
            self.run_statement();
        } else if self.outline.calls.get(calls).is_some_and(|call| call.name == word) {
            self.outline.calls.remove(calls);
        }
    }

    /// Reads a statement that begins with `case`, a keyword only if a colon follows. What looks like
    /// calls before the guard are patterns then.
    fn case_statement(&mut self, start: usize) {
        let calls = self.outline.calls.len();
        self.name(Span::new(start as u32, self.at as u32));
        let mut stop = self.run(Stops::PATTERN);
        let patterns = self.outline.calls.len();
        if stop == Stop::If {
            stop = self.run(Stops::HEADER);
        }
        if stop == Stop::Colon {
            self.outline.calls.drain(calls..patterns);
            self.at += 1;
        }
    }
}

#[inline]
fn head(word: &[u8]) -> Head {
    match word {
        b"if" => Head::Compound(Keyword::If),
        b"elif" => Head::Compound(Keyword::Elif),
        b"else" => Head::Compound(Keyword::Else),
        b"try" => Head::Compound(Keyword::Try),
        b"except" => Head::Compound(Keyword::Except),
        b"finally" => Head::Compound(Keyword::Finally),
        b"for" => Head::Compound(Keyword::For),
        b"while" => Head::Compound(Keyword::While),
        b"with" => Head::Compound(Keyword::With),
        b"return" => Head::Simple(Keyword::Return),
        b"raise" => Head::Simple(Keyword::Raise),
        b"assert" => Head::Simple(Keyword::Assert),
        b"pass" => Head::Simple(Keyword::Pass),
        b"break" => Head::Simple(Keyword::Break),
        b"continue" => Head::Simple(Keyword::Continue),
        b"global" => Head::Simple(Keyword::Global),
        b"nonlocal" => Head::Simple(Keyword::Nonlocal),
        b"del" => Head::Simple(Keyword::Del),
        b"def" => Head::Definition(DefinitionKind::Function),
        b"class" => Head::Definition(DefinitionKind::Class),
        b"async" => Head::Async,
        b"match" => Head::Match,
        b"case" => Head::Case,
        b"import" => Head::Import,
        b"from" => Head::From,
        _ => Head::Word,
    }
}

/// Whether a condition is a dotted name that ends in `TYPE_CHECKING`.
fn asks_for_type_checking(condition: &[u8]) -> bool {
    condition.strip_suffix(b"TYPE_CHECKING").is_some_and(|before| {
        (before.is_empty() || before.ends_with(b"."))
            && before.iter().all(|&byte| byte == b'.' || is_name_byte(byte))
    })
}

/// Whether a condition compares `__name__` with the literal `"__main__"` for equality.
fn tests_for_main(condition: &[u8]) -> bool {
    const NAME: &[u8] = b"__name__";
    memchr::memmem::find_iter(condition, NAME).any(|at| {
        let before = &condition[..at];
        let behind = &condition[at + NAME.len()..];
        let is_whole = !before.last().is_some_and(|&byte| is_name_byte(byte) || byte == b'.')
            && !behind.first().is_some_and(|&byte| is_name_byte(byte) || byte == b'.');
        let compared_behind = || {
            behind.trim_ascii_start().strip_prefix(b"==").is_some_and(|value| {
                let value = value.trim_ascii_start();
                value.starts_with(b"\"__main__\"") || value.starts_with(b"'__main__'")
            })
        };
        let compared_before = || {
            before.trim_ascii_end().strip_suffix(b"==").is_some_and(|value| {
                let value = value.trim_ascii_end();
                value.ends_with(b"\"__main__\"") || value.ends_with(b"'__main__'")
            })
        };
        is_whole && (compared_behind() || compared_before())
    })
}
