//! Where a fix puts an import and what goes behind the imports. Knows the head of a module as the outline shows it, no
//! rule.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Import, ImportKind, Keyword, LogicalLine, Span};
use roadworthy_project::facts::imports::standard_library;

/// The statements that a module begins with: its docstring, and all up to the last import before anything is defined.
pub(crate) struct Head<'o> {
    docstring: Option<&'o LogicalLine>,
    /// The imports that stand by themselves, without those in blocks.
    imports: Vec<&'o LogicalLine>,
    /// Where the last import ends, or the block that it stands in.
    imports_end: Option<u32>,
}

impl<'o> Head<'o> {
    /// Reads the head of a file.
    pub(crate) fn read(file: &FileContext<'o>) -> Self {
        let lines = &file.outline.lines;
        let mut head = Self { docstring: None, imports: Vec::new(), imports_end: None };
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at += 1;
            match line.keyword {
                Keyword::Import | Keyword::From => {
                    head.imports.push(line);
                    head.imports_end = Some(line.span.end);
                }
                Keyword::Try | Keyword::If => {
                    let behind = lines[at..].iter().position(|it| {
                        it.indent <= line.indent && !it.keyword.continues_statement()
                    });
                    let end = behind.map_or(lines.len(), |count| at + count);
                    let is_import =
                        |it: &LogicalLine| matches!(it.keyword, Keyword::Import | Keyword::From);
                    if lines[at..end].first().is_some_and(is_import) {
                        head.imports_end = lines[at..end].last().map(|it| it.span.end);
                    } else if lines[at..end].iter().any(|it| it.scope.is_some()) {
                        break;
                    }
                    at = end;
                }
                Keyword::Other | Keyword::Del | Keyword::Assert => {
                    if at == 1 && is_text(file, line) {
                        head.docstring = Some(line);
                    }
                }
                _ => break,
            }
        }
        head
    }

    /// Where its last statement ends that an import may follow.
    pub(crate) fn end(&self) -> Option<u32> {
        self.imports_end.or(self.docstring.map(|line| line.span.end))
    }

    /// Puts `import <module>` in, sorted into the block of the standard library if there is one.
    pub(crate) fn import(&self, file: &FileContext<'o>, module: &str) -> Edit {
        let line_end = line_end(file);
        let own: Vec<&LogicalLine> =
            self.imports.iter().copied().filter(|line| !is_future(file, line)).collect();
        let statement = format!("import {module}");
        let mut standard = groups(file, &own).map(|group| {
            let others = group.iter().position(|line| !is_standard(file, line));
            &group[..others.unwrap_or(group.len())]
        });
        if let Some(group) = standard.find(|group| !group.is_empty()) {
            let name = |line: &LogicalLine| {
                plain_import(file, line).map(|name| file.slice(name).to_ascii_lowercase())
            };
            let smaller = |line: &&&LogicalLine| name(line).is_some_and(|name| *name < *module);
            if let Some(before) = group.iter().rev().find(smaller) {
                return behind(file, before.span.end, &statement);
            }
            let first = group.iter().find(|line| name(line).is_some()).unwrap_or(&group[0]);
            let start = line_start(file, first.span.start);
            if is_comment_above(file, start) {
                return behind(file, first.span.end, &statement);
            }
            return Edit::insert(start, format!("{statement}{line_end}"));
        }
        if let Some(first) = own.first() {
            let mut start = line_start(file, first.span.start);
            let mut above = start;
            while is_comment_above(file, above) {
                above = line_start(file, above - 1);
            }
            // What a file begins with is about the file, other comments are about the import below.
            if above > first_offset(file) {
                start = above;
            }
            return Edit::insert(start, format!("{statement}{line_end}{line_end}"));
        }
        match self.end() {
            Some(end) => {
                let Edit { span, text } = behind(file, end, &statement);
                Edit { span, text: format!("{line_end}{text}") }
            }
            None => Edit::insert(first_statement(file), format!("{statement}{line_end}{line_end}")),
        }
    }

    /// Puts a statement in behind the imports and behind `least`, between blank lines.
    pub(crate) fn behind_imports(
        &self,
        file: &FileContext<'_>,
        least: u32,
        statement: &str,
    ) -> Edit {
        let line_end = line_end(file);
        let Some(end) = self.end().map(|end| end.max(least)).or((least > 0).then_some(least))
        else {
            let text = format!("{statement}{line_end}{line_end}{line_end}");
            return Edit::insert(first_statement(file), text);
        };
        let Edit { span, mut text } = behind(file, end, statement);
        let rest = file.source.text().get(span.start as usize..).unwrap_or_default();
        let is_blank = rest.split(['\n', '\r']).next().is_none_or(|line| line.trim().is_empty());
        if !is_blank {
            text.push_str(line_end);
        }
        Edit { span, text: format!("{line_end}{text}") }
    }
}

/// Edits in the order given, those at one place made one.
pub(crate) fn joined(edits: Vec<Edit>) -> Vec<Edit> {
    let mut joined: Vec<Edit> = Vec::new();
    for edit in edits {
        match joined.iter_mut().find(|other| other.span == edit.span) {
            Some(other) => other.text.push_str(&edit.text),
            None => joined.push(edit),
        }
    }
    joined
}

/// How the lines of a file end.
pub(crate) fn line_end(file: &FileContext<'_>) -> &'static str {
    let text = file.source.text();
    match text.find(['\n', '\r']).map(|at| &text[at..]) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// Where the line of an offset begins.
pub(crate) fn line_start(file: &FileContext<'_>, offset: u32) -> u32 {
    let before = &file.source.text()[..offset as usize];
    before.rfind(['\n', '\r']).map_or(first_offset(file), |at| at as u32 + 1)
}

/// A statement on a line of its own behind the line of an offset.
fn behind(file: &FileContext<'_>, offset: u32, statement: &str) -> Edit {
    let line_end = line_end(file);
    let rest = &file.source.text()[offset as usize..];
    let Some(at) = rest.find(['\n', '\r']) else {
        return Edit::insert(offset + rest.len() as u32, format!("{line_end}{statement}"));
    };
    let length = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
    Edit::insert(offset + at as u32 + length, format!("{statement}{line_end}"))
}

/// Behind a byte order mark.
fn first_offset(file: &FileContext<'_>) -> u32 {
    if file.source.text().starts_with('\u{feff}') { 3 } else { 0 }
}

/// Where the line of the first statement begins.
fn first_statement(file: &FileContext<'_>) -> u32 {
    file.outline.lines.first().map_or(0, |line| line_start(file, line.span.start))
}

/// Whether the line above the one that begins at an offset holds a comment alone.
fn is_comment_above(file: &FileContext<'_>, start: u32) -> bool {
    let before = &file.source.text()[first_offset(file) as usize..start as usize];
    let before = before.strip_suffix('\n').unwrap_or(before);
    let before = before.strip_suffix('\r').unwrap_or(before);
    before.rsplit(['\n', '\r']).next().is_some_and(|line| line.trim_start().starts_with('#'))
}

fn is_text(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    let strings = &file.outline.strings;
    let found = strings.binary_search_by_key(&line.span.start, |string| string.span.start);
    found.is_ok_and(|index| strings[index].statement)
}

fn is_future(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    imports_of(file, line).any(|import| file.slice(import.module) == "__future__")
}

fn imports_of<'o>(
    file: &FileContext<'o>,
    line: &LogicalLine,
) -> impl Iterator<Item = &'o Import> + use<'o> {
    let Span { start, end } = line.span;
    let imports = &file.outline.imports;
    let first = imports.partition_point(|import| import.statement.start < start);
    imports[first..].iter().take_while(move |import| import.statement.start < end)
}

/// The module of `import x`, where it is a line of its own.
fn plain_import(file: &FileContext<'_>, line: &LogicalLine) -> Option<Span> {
    let import = imports_of(file, line).next()?;
    (import.kind == ImportKind::Module).then_some(import.module)
}

/// Lines that no blank line and no other statement parts.
fn groups<'a, 'o>(
    file: &'a FileContext<'o>,
    lines: &'a [&'o LogicalLine],
) -> impl Iterator<Item = &'a [&'o LogicalLine]> {
    lines.chunk_by(|one, next| {
        let between = file.slice(Span::new(one.span.end, next.span.start));
        let blank = between.lines().skip(1).any(|line| line.trim().is_empty());
        let other = between.lines().any(|line| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with(['#', '\\', ';'])
        });
        !blank && !other
    })
}

fn is_standard(file: &FileContext<'_>, line: &LogicalLine) -> bool {
    imports_of(file, line).all(|import| {
        let module = file.slice(import.module);
        let top = module.split(['.', ' ', '\t']).next().unwrap_or_default();
        import.level == 0 && standard_library(top).is_some()
    })
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Edits;

    use crate::shared::fixes::loggers::ModuleLogger;
    use crate::shared::in_memory::with_file;

    /// The head of a module that gets a logger.
    fn with_logger(head: &str) -> String {
        let text = format!("{head}def f():\n    g()\n");
        let after = with_file("app/a.py", &text, |file| {
            let mut edits = Edits::default();
            assert!(edits.take(&ModuleLogger::new(file).expect("finds a name").edits));
            edits.apply(&text)
        });
        after.strip_suffix("def f():\n    g()\n").expect("is not changed").to_owned()
    }

    #[test]
    fn an_import_and_a_logger_stand_where_a_reader_looks_for_them() {
        let logger = "logger = logging.getLogger(__name__)\n";
        for (before, after) in [
            ("", "import logging\n\nLOGGER\n\n\n"),
            ("\"\"\"Doc.\"\"\"\n\n\n", "\"\"\"Doc.\"\"\"\n\nimport logging\n\nLOGGER\n\n\n"),
            ("# A comment.\n", "# A comment.\nimport logging\n\nLOGGER\n\n\n"),
            ("import abc\n\n\n", "import abc\nimport logging\n\nLOGGER\n\n\n"),
            ("import os\n\n\n", "import logging\nimport os\n\nLOGGER\n\n\n"),
            ("import os\n", "import logging\nimport os\n\nLOGGER\n\n"),
            ("from os import path\n\n", "import logging\nfrom os import path\n\nLOGGER\n\n"),
            (
                "import abc\nimport django\n\n",
                "import abc\nimport logging\nimport django\n\nLOGGER\n\n",
            ),
            ("import django\n\n", "import logging\n\nimport django\n\nLOGGER\n\n"),
            (
                "# Django\nimport django\n\n",
                "# Django\nimport logging\n\nimport django\n\nLOGGER\n\n",
            ),
            (
                "from __future__ import annotations\n\n# Django\nimport django\n\n",
                "from __future__ import annotations\n\nimport logging\n\n# Django\nimport django\n\nLOGGER\n\n",
            ),
            (
                "from __future__ import annotations\n\n\n",
                "from __future__ import annotations\n\nimport logging\n\nLOGGER\n\n\n",
            ),
            (
                "import os\ntry:\n    import a\nexcept ImportError:\n    a = None\n\n\n",
                "import logging\nimport os\ntry:\n    import a\nexcept ImportError:\n    a = None\n\nLOGGER\n\n\n",
            ),
            (
                "import os\n\nX = 1\n\nfrom a import (\n    b,  # c\n)  # d\n\n",
                "import logging\nimport os\n\nX = 1\n\nfrom a import (\n    b,  # c\n)  # d\n\nLOGGER\n\n",
            ),
            (
                "import logging.config; import os\n\n",
                "import logging.config; import os\n\nLOGGER\n\n",
            ),
        ] {
            let after = after.replace("LOGGER\n", logger);
            assert_eq!(with_logger(before), after, "{before:?}");
        }
    }
}
