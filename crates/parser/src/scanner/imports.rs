//! Import statements. Knows nothing of what the names mean.

use crate::{
    FlawKind, Import, ImportKind, Span,
    scanner::{
        Scanner,
        bytes::{Class, class},
    },
};

impl Scanner<'_> {
    /// Reads the modules behind `import`, which was passed.
    pub(super) fn import(&mut self, start: usize) {
        let first = self.outline.imports.len();
        loop {
            self.skip_trivia();
            let Some(module) = self.dotted_name() else {
                self.missing_name();
                break;
            };
            let alias = self.alias();
            let none = Span::empty(module.end);
            self.push_import(ImportKind::Module, (module, 0), none, alias);
            if !self.next_item() {
                break;
            }
        }
        self.end_import(start, first);
    }

    /// Reads the module and the names behind `from`, which was passed.
    pub(super) fn import_from(&mut self, start: usize) {
        let first = self.outline.imports.len();
        let mut level = 0;
        self.skip_trivia();
        let mut behind = self.at as u32;
        while self.byte() == Some(b'.') {
            level += 1;
            self.at += 1;
            behind = self.at as u32;
            self.skip_trivia();
        }
        let before = self.at;
        let module = if self.take_keyword(b"import") {
            self.at = before;
            Span::empty(behind)
        } else {
            self.dotted_name().unwrap_or(Span::empty(behind))
        };
        self.skip_trivia();
        if !self.take_keyword(b"import") {
            // Anything else may be the variable of a template.
            let is_code = |byte| matches!(class(byte), Class::Name | Class::Comma);
            if self.ends_statement() || self.byte().is_some_and(is_code) {
                self.flaw(FlawKind::IncompleteImport, start);
            }
            return;
        }
        self.skip_trivia();
        if self.byte() == Some(b'*') {
            let none = Span::empty(module.end);
            self.at += 1;
            self.push_import(ImportKind::Star, (module, level), none, None);
            self.end_import(start, first);
            return;
        }
        if self.byte() == Some(b'(') {
            self.open_bracket(self.at, b'(');
            self.at += 1;
        }
        loop {
            self.skip_trivia();
            let Some(name) = self.take_name() else {
                self.missing_name();
                break;
            };
            let alias = self.alias();
            self.push_import(ImportKind::From, (module, level), name, alias);
            if !self.next_item() {
                break;
            }
        }
        if self.byte() == Some(b')') && !self.brackets.is_empty() {
            self.close_bracket(self.at, b')');
            self.at += 1;
        }
        self.end_import(start, first);
    }

    /// Passes over `name(.name)*`, white space allowed between its parts.
    fn dotted_name(&mut self) -> Option<Span> {
        let mut dotted = self.take_name()?;
        loop {
            let end = self.at;
            self.skip_trivia();
            if self.byte() != Some(b'.') {
                self.at = end;
                return Some(dotted);
            }
            self.at += 1;
            self.skip_trivia();
            let Some(part) = self.take_name() else {
                self.missing_name();
                return Some(dotted);
            };
            dotted.end = part.end;
        }
    }

    /// Passes over `as name`.
    fn alias(&mut self) -> Option<Span> {
        self.skip_trivia();
        if !self.take_keyword(b"as") {
            return None;
        }
        self.skip_trivia();
        self.take_name()
    }

    /// Passes over a comma and returns whether one stood here.
    fn next_item(&mut self) -> bool {
        self.skip_trivia();
        let comma = self.byte() == Some(b',');
        self.at += usize::from(comma);
        comma
    }

    /// Notes a statement that ends here, where a name should follow.
    fn missing_name(&mut self) {
        if self.ends_statement() {
            self.flaw(FlawKind::IncompleteImport, self.end_of_last_token() - 1);
        }
    }

    /// Whether nothing of the statement is left.
    fn ends_statement(&self) -> bool {
        self.brackets.is_empty() && matches!(self.byte(), None | Some(b'\n' | b'\r' | b'#' | b';'))
    }

    fn push_import(
        &mut self,
        kind: ImportKind,
        (module, level): (Span, u32),
        name: Span,
        alias: Option<Span>,
    ) {
        let import = Import {
            kind,
            statement: Span::default(),
            module,
            level,
            name,
            alias,
            scope: self.scope(),
            type_checking: self.type_checking.is_some() || self.type_checking_line,
        };
        self.outline.imports.push(import);
    }

    /// Tells all imports since `first` where their statement begins and ends.
    fn end_import(&mut self, start: usize, first: usize) {
        let statement = Span::new(start as u32, self.end_of_last_token() as u32);
        for import in &mut self.outline.imports[first..] {
            import.statement = statement;
        }
    }
}
