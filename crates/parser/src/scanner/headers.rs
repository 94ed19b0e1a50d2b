//! The headers of functions and classes. Knows nothing of their bodies.

use crate::{
    Argument, Definition, DefinitionKind, Parameter, ParameterKind, Span, TypeParameter,
    scanner::{
        OpenDefinition, Scanner,
        tokens::{Previous, Stop, Stops},
    },
};

impl Scanner<'_> {
    /// Reads a header whose keyword, at `start`, was passed, up to the colon, included.
    pub(super) fn header(&mut self, kind: DefinitionKind, start: usize, indent: u32) {
        let (span_start, first_decorator) =
            self.decorated.take().unwrap_or((start as u32, self.outline.decorators.len() as u32));
        self.skip_trivia();
        let Some(name) = self.take_name() else {
            self.outline.decorators.truncate(first_decorator as usize);
            return;
        };
        let first_type_parameter = self.outline.type_parameters.len() as u32;
        let first_parameter = self.outline.parameters.len() as u32;
        let first_argument = self.outline.arguments.len() as u32;
        self.skip_trivia();
        if self.byte() == Some(b'[') {
            self.bracketed(Self::type_parameter);
        }
        if self.byte() == Some(b'(') {
            if kind == DefinitionKind::Class {
                self.bracketed(Self::argument);
            } else {
                let mut keyword_only = false;
                self.bracketed(|scanner| scanner.parameter(first_parameter, &mut keyword_only));
            }
        }
        let mut returns = None;
        if self.bytes[self.at..].starts_with(b"->") {
            self.at += 2;
            returns = self.expression(Stops::HEADER);
        }
        self.previous = Previous::Other;
        let colon = self.run(Stops::HEADER) == Stop::Colon;
        let end = if colon { self.at + 1 } else { self.end_of_last_token() };
        let id = self.outline.definitions.len() as u32;
        self.outline.definitions.push(Definition {
            kind,
            parent: self.scope(),
            span: Span::new(span_start, end as u32),
            header: Span::new(start as u32, end as u32),
            name,
            body: Span::empty(end as u32),
            decorators: (first_decorator, self.outline.decorators.len() as u32),
            type_parameters: (first_type_parameter, self.outline.type_parameters.len() as u32),
            parameters: (first_parameter, self.outline.parameters.len() as u32),
            arguments: (first_argument, self.outline.arguments.len() as u32),
            returns,
            docstring: None,
        });
        if !colon {
            self.missing_colon(start);
            return;
        }
        self.at = end;
        self.skip_trivia();
        let inline = !matches!(self.byte(), None | Some(b'\n' | b'\r' | b'#'));
        self.open.push(OpenDefinition { id, indent, begun: inline, inline });
        if inline {
            self.outline.definitions[id as usize].body.start = self.at as u32;
        }
    }

    /// Reads items separated by commas in the bracket that opens here.
    fn bracketed(&mut self, mut item: impl FnMut(&mut Self)) {
        self.previous = Previous::Other;
        self.open_bracket(self.at, self.bytes[self.at]);
        let depth = self.brackets.len();
        self.at += 1;
        loop {
            self.skip_trivia();
            if !matches!(self.byte(), None | Some(b')' | b']' | b'}' | b',')) {
                item(self);
            }
            // What an item left over is not Python.
            self.previous = Previous::Other;
            match self.run(Stops::VALUE) {
                Stop::Comma => self.at += 1,
                Stop::Close => {
                    self.close_bracket(self.at, self.bytes[self.at]);
                    self.at += 1;
                    break;
                }
                _ => {
                    self.drop_brackets(depth - 1);
                    break;
                }
            }
        }
        self.skip_trivia();
    }

    /// The expression that begins here, up to one of the stops.
    fn expression(&mut self, stops: Stops) -> Option<Span> {
        self.skip_trivia();
        let start = self.at;
        self.previous = Previous::Other;
        self.run(stops);
        let end = self.end_of_last_token();
        (start < end).then(|| Span::new(start as u32, end as u32))
    }

    /// Passes over the stars here and returns their number.
    fn stars(&mut self) -> u8 {
        let mut stars = 0;
        while stars < 2 && self.byte() == Some(b'*') {
            stars += 1;
            self.at += 1;
        }
        self.skip_trivia();
        stars
    }

    /// The expressions behind a colon and behind an equals sign, where they stand here.
    fn annotation_and_default(&mut self) -> (Option<Span>, Option<Span>) {
        let mut annotation = None;
        self.skip_trivia();
        if self.byte() == Some(b':') {
            self.at += 1;
            annotation = self.expression(Stops::ANNOTATION);
        }
        let mut default = None;
        if self.byte() == Some(b'=') {
            self.at += 1;
            default = self.expression(Stops::VALUE);
        }
        (annotation, default)
    }

    fn type_parameter(&mut self) {
        let stars = self.stars();
        let Some(name) = self.take_name() else { return };
        let (bound, default) = self.annotation_and_default();
        self.outline.type_parameters.push(TypeParameter { stars, name, bound, default });
    }

    fn parameter(&mut self, first: u32, keyword_only: &mut bool) {
        if self.byte() == Some(b'/') {
            self.at += 1;
            for parameter in &mut self.outline.parameters[first as usize..] {
                parameter.kind = ParameterKind::PositionalOnly;
            }
            return;
        }
        let kind = match self.stars() {
            0 if *keyword_only => ParameterKind::KeywordOnly,
            0 => ParameterKind::Positional,
            1 => ParameterKind::VarPositional,
            _ => ParameterKind::VarKeyword,
        };
        *keyword_only |= kind == ParameterKind::VarPositional;
        let Some(name) = self.take_name() else { return };
        let (annotation, default) = self.annotation_and_default();
        self.outline.parameters.push(Parameter { kind, name, annotation, default });
    }

    fn argument(&mut self) {
        let starred = self.stars() > 0;
        let start = self.at;
        let comments = self.outline.comments.len();
        let mut keyword = None;
        if !starred {
            keyword = self.take_name().filter(|_| {
                self.skip_trivia();
                matches!(self.bytes[self.at..], [b'=', ref rest @ ..] if !rest.starts_with(b"="))
            });
        }
        if keyword.is_some() {
            self.at += 1;
        } else {
            // The name belongs to the expression.
            self.at = start;
            self.outline.comments.truncate(comments);
        }
        if let Some(value) = self.expression(Stops::VALUE) {
            self.outline.arguments.push(Argument { keyword, value });
        }
    }
}
