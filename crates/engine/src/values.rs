//! What the names of a file are bound to: by assignment, by `with`, by the annotation of a parameter. Knows one file, no
//! types and no rule.

use std::borrow::Cow;

use roadworthy_parser::{
    Call, DefinitionId, Keyword, LogicalLine, Outline, SourceFile, Span, dotted_text,
};
use rustc_hash::FxHashMap;

use crate::Names;

/// One place where a name is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The innermost definition in whose body it stands; `None` in the module's.
    pub scope: Option<DefinitionId>,
    /// Where the statement begins.
    pub at: u32,
    /// The annotation.
    pub annotation: Option<Span>,
    /// The expression that is bound, without `await`; `None` where the name is bound to a part of something, or to what a
    /// loop or an operator makes of it.
    pub value: Option<Span>,
}

/// The names and attributes (`self.client`) of a file, and what is bound to them, in the order of the text.
#[derive(Debug)]
pub struct Values<'a> {
    source: &'a SourceFile,
    outline: &'a Outline,
    bindings: FxHashMap<&'a str, Vec<Binding>>,
}

/// Longer chains of names that stand for each other are given up.
const DEEPEST: u32 = 5;

impl<'a> Values<'a> {
    /// Reads the bindings of a file.
    pub fn new(source: &'a SourceFile, outline: &'a Outline) -> Self {
        let mut values = Self { source, outline, bindings: FxHashMap::default() };
        for line in &outline.lines {
            match line.keyword {
                Keyword::Other => values.read_assignment(line),
                Keyword::With | Keyword::For => values.read_header(line),
                _ => {}
            }
        }
        values
    }

    /// Where a name, or an attribute of `self` or `cls` written with it, is bound.
    pub fn bindings(&self, name: &str) -> &[Binding] {
        self.bindings.get(name).map_or(&[], Vec::as_slice)
    }

    /// The expression that a name of the module stands for, where the module binds it once and no function says
    /// `global` of it.
    pub fn constant(&self, name: &str) -> Option<Span> {
        let bindings = self.bindings(name);
        let mut of_module = bindings.iter().filter(|binding| binding.scope.is_none());
        let value = of_module.next()?.value?;
        let changed = || {
            let mut lines = self.outline.lines.iter().filter(|it| it.keyword == Keyword::Global);
            lines.any(|it| {
                self.slice(it.span)["global".len()..].split(',').any(|it| it.trim() == name)
            })
        };
        (of_module.next().is_none() && !changed()).then_some(value)
    }

    /// The canonical name of what a dotted name comes from at an offset: behind `s = requests.Session()`, `s.get` is
    /// `requests.Session.get`, and so it is behind the parameter `s: Session`. `None` where the file does not show it.
    pub fn origin(&self, names: &Names<'_>, dotted: &str, offset: u32) -> Option<String> {
        self.origin_within(names, dotted, offset, 0)
    }

    /// The canonical name of what a call calls, as [`Self::origin`] gives it; also of one that is attached to another:
    /// `OpenAI().chat.create()` calls `openai.OpenAI.chat.create`.
    pub fn callee(&self, names: &Names<'_>, call: &Call) -> Option<String> {
        self.callee_within(names, call, 0)
    }

    fn callee_within(&self, names: &Names<'_>, call: &Call, depth: u32) -> Option<String> {
        let written = dotted_text(self.source.text(), call.name);
        if !call.attached {
            return self.origin_within(names, &written, call.name.start, depth);
        }
        if depth > DEEPEST {
            return None;
        }
        let receiver = self.receiver(call)?;
        Some(format!("{}.{written}", self.callee_within(names, receiver, depth + 1)?))
    }

    /// The call whose result a call is attached to: `g(1)` of `g(1).f(2)`.
    pub fn receiver(&self, call: &Call) -> Option<&'a Call> {
        if !call.attached {
            return None;
        }
        let before = self.source.text()[..call.name.start as usize].trim_end();
        let before = before.strip_suffix('.')?.trim_end();
        let end = before.ends_with(')').then_some(before.len() as u32)?;
        let calls = &self.outline.calls;
        let after = calls.partition_point(|other| other.name.start < call.name.start);
        calls[..after].iter().rev().find(|other| other.arguments.end == end)
    }

    /// The call that an expression is, where it is one.
    pub fn call_at(&self, expression: Span) -> Option<&'a Call> {
        let calls = &self.outline.calls;
        let first = calls.partition_point(|call| call.name.start < expression.start);
        let mut inside = calls[first..].iter().take_while(|call| call.name.start < expression.end);
        inside.find(|call| {
            call.arguments.end == expression.end && self.begins_at(call, expression.start)
        })
    }

    fn begins_at(&self, call: &Call, start: u32) -> bool {
        match self.receiver(call) {
            Some(receiver) => self.begins_at(receiver, start),
            None => !call.attached && call.name.start == start,
        }
    }

    fn origin_within(
        &self,
        names: &Names<'_>,
        dotted: &str,
        offset: u32,
        depth: u32,
    ) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let (first, rest) = dotted.split_once('.').unwrap_or((dotted, ""));
        let joined = |origin: String, rest: &str| match rest {
            "" => origin,
            rest => format!("{origin}.{rest}"),
        };
        if matches!(first, "self" | "cls") && !rest.is_empty() {
            let (attribute, rest) = rest.split_once('.').unwrap_or((rest, ""));
            let origin = self.of_attribute(names, first, attribute, offset, depth)?;
            return Some(joined(origin, rest));
        }
        let mut around = self.outline.line_at(offset).and_then(|line| line.scope);
        let mut innermost = true;
        while let Some(id) = around {
            let scope = self.outline.definition(id);
            around = scope.parent;
            if scope.is_class() {
                // The names of a class's body are not seen in its methods.
                innermost = false;
                continue;
            }
            let mut parameters = self.outline.signature(scope).parameters.iter();
            let parameter = parameters.find(|it| self.slice(it.name) == first);
            let mut local = self.bindings(first).iter().filter(|it| it.scope == Some(id));
            // In the function itself what was bound last counts; in those inside it, any.
            if let Some(binding) = local.rfind(|it| !innermost || it.at < offset) {
                return Some(joined(self.of_binding(names, binding, depth)?, rest));
            }
            if let Some(parameter) = parameter {
                let origin = self.of_annotation(names, parameter.annotation?, depth)?;
                return Some(joined(origin, rest));
            }
            innermost = false;
        }
        let resolved = names.resolve(dotted, offset);
        if let Some(Cow::Owned(imported)) = resolved {
            return Some(imported);
        }
        let mut of_module = self.bindings(first).iter().filter(|it| it.scope.is_none());
        if let Some(binding) = of_module.next() {
            let origin = self.of_binding(names, binding, depth)?;
            let same =
                of_module.all(|it| self.of_binding(names, it, depth).as_ref() == Some(&origin));
            return same.then(|| joined(origin, rest));
        }
        resolved.map(Cow::into_owned)
    }

    /// What an attribute of the class around an offset comes from, where all that is bound to it agrees.
    fn of_attribute(
        &self,
        names: &Names<'_>,
        owner: &str,
        attribute: &str,
        offset: u32,
        depth: u32,
    ) -> Option<String> {
        let class_of = |mut id: Option<DefinitionId>| {
            while let Some(at) = id {
                let scope = self.outline.definition(at);
                if scope.is_class() {
                    return Some(at);
                }
                id = scope.parent;
            }
            None
        };
        let class = class_of(self.outline.line_at(offset)?.scope)?;
        let of_class = self.bindings(attribute).iter().filter(|it| it.scope == Some(class));
        let written = format!("{owner}.{attribute}");
        let of_methods =
            self.bindings(&written).iter().filter(|it| class_of(it.scope) == Some(class));
        // `None` at first, and the thing itself later.
        let is_none = |it: &&Binding| {
            it.value.is_none_or(|it| self.slice(it) != "None") || it.annotation.is_some()
        };
        let mut origins =
            of_class.chain(of_methods).filter(is_none).map(|it| self.of_binding(names, it, depth));
        let first = origins.next()??;
        origins.all(|it| it.as_ref() == Some(&first)).then_some(first)
    }

    fn of_binding(&self, names: &Names<'_>, binding: &Binding, depth: u32) -> Option<String> {
        if let Some(annotation) = binding.annotation
            && let Some(origin) = self.of_annotation(names, annotation, depth)
        {
            return Some(origin);
        }
        let value = binding.value?;
        if let Some(call) = self.call_at(value).or_else(|| self.made_else(value)) {
            return self.callee_within(names, call, depth + 1);
        }
        let text = self.slice(value);
        let is_word = matches!(text, "None" | "True" | "False");
        // A name's own assignment does not look at itself.
        (is_dotted(text) && !is_word)
            .then(|| self.origin_within(names, text, binding.at, depth + 1))?
    }

    /// The call behind `given or Session()`: what is given instead is of the same kind.
    fn made_else(&self, value: Span) -> Option<&'a Call> {
        let (given, made) = self.slice(value).split_once(" or ")?;
        let behind = Span::new(value.end - made.len() as u32, value.end);
        is_dotted(given).then(|| self.call_at(behind))?
    }

    /// What an annotation names: `Session`, `"Session"`, `Session | None`, `Optional[Session]`, `Annotated[Session, …]`.
    fn of_annotation(&self, names: &Names<'_>, annotation: Span, depth: u32) -> Option<String> {
        let mut text = self.slice(annotation).trim().trim_matches(['"', '\'']);
        loop {
            let inner = ["Optional[", "Annotated[", "Final[", "ClassVar[", "InstanceOf["]
                .iter()
                .find_map(|it| {
                    text.split_once(it)
                        .filter(|(before, _)| before.is_empty() || before.ends_with('.'))
                });
            let Some((_, inner)) = inner else { break };
            text = inner.split([',', ']']).next().unwrap_or_default().trim();
        }
        let mut parts = text.split('|').map(str::trim).filter(|part| *part != "None");
        let (Some(name), None) = (parts.next(), parts.next()) else { return None };
        let name = name.split('[').next().unwrap_or_default().trim();
        if name.is_empty() || depth > DEEPEST {
            return None;
        }
        let origin = names.resolve(name, annotation.start)?;
        (!says_no_type(&origin)).then(|| origin.into_owned())
    }

    fn read_assignment(&mut self, line: &LogicalLine) {
        let mut targets = Vec::new();
        let mut annotation = None;
        let mut start = line.span.start;
        let value = loop {
            let rest = Span::new(start, line.span.end);
            let text = self.slice(rest);
            let length = text.bytes().take_while(|it| is_of_name(*it)).count();
            let behind = text[length..].trim_start();
            let at = start + (text.len() - behind.len()) as u32;
            if length == 0 || text.as_bytes()[0].is_ascii_digit() {
                break Some(rest);
            }
            let target = Span::new(start, start + length as u32);
            if let Some(sign) = assigned(behind) {
                targets.push(target);
                start = self.skip_blanks(at + sign);
            } else if behind.starts_with(':') && targets.is_empty() {
                let Some(sign) = self.sign_behind_annotation(at + 1, line.span.end) else {
                    // A name that is annotated only.
                    let span = trimmed(self.source.text(), Span::new(at + 1, line.span.end));
                    targets.push(target);
                    annotation = Some(span);
                    break None;
                };
                annotation = Some(trimmed(self.source.text(), Span::new(at + 1, sign)));
                targets.push(target);
                start = self.skip_blanks(sign + 1);
                break Some(Span::new(start, line.span.end));
            } else if targets.is_empty() {
                self.read_others(line, text, at);
                return;
            } else {
                break Some(rest);
            }
        };
        let value = value.map(|value| self.bare(value));
        for target in targets {
            self.bind(
                target,
                Binding { scope: line.scope, at: line.span.start, annotation, value },
            );
        }
    }

    /// `a, b = …` and `a += …`: what the names are bound to is not known.
    fn read_others(&mut self, line: &LogicalLine, text: &'a str, at: u32) {
        let behind = &self.source.text()[at as usize..line.span.end as usize];
        let unknown =
            Binding { scope: line.scope, at: line.span.start, annotation: None, value: None };
        let operators =
            ["+=", "-=", "*=", "/=", "|=", "&=", "//=", "%=", "**=", "@=", "^=", "<<=", ">>="];
        if operators.iter().any(|it| behind.starts_with(it)) {
            let length = text.bytes().take_while(|it| is_of_name(*it)).count();
            self.bind(Span::new(line.span.start, line.span.start + length as u32), unknown);
        } else if behind.starts_with(',')
            && let Some(sign) = text.find(" = ")
        {
            self.bind_each(Span::new(line.span.start, line.span.start + sign as u32), unknown);
        }
    }

    /// The targets of `with … as name` and `for name in …`.
    fn read_header(&mut self, line: &LogicalLine) {
        let text = self.slice(line.span);
        let unknown =
            Binding { scope: line.scope, at: line.span.start, annotation: None, value: None };
        if line.keyword == Keyword::For {
            let start = text.find("for ").map_or(0, |at| at + 4);
            let end = text.find(" in ").unwrap_or(start);
            let base = line.span.start;
            self.bind_each(Span::new(base + start as u32, base + end.max(start) as u32), unknown);
            return;
        }
        for (at, _) in text.match_indices(" as ") {
            let length = text[at + 4..].bytes().take_while(|it| is_of_name(*it)).count();
            let end = line.span.start + text[..at].trim_end().len() as u32;
            let first = self.outline.calls.partition_point(|it| it.name.start < line.span.start);
            let inside = self.outline.calls[first..].iter().take_while(|it| it.name.start < end);
            let call = inside.filter(|it| it.arguments.end == end).last();
            let start = call.map(|it| {
                let mut outermost = it;
                while let Some(receiver) = self.receiver(outermost) {
                    outermost = receiver;
                }
                outermost.name.start
            });
            let value = start.map(|start| Span::new(start, end));
            let target = line.span.start + at as u32 + 4;
            self.bind(Span::new(target, target + length as u32), Binding { value, ..unknown });
        }
    }

    fn bind_each(&mut self, targets: Span, binding: Binding) {
        let text = self.slice(targets);
        let base = text.as_ptr() as usize;
        for part in text.split([',', '(', ')', '[', ']', '*']) {
            let part = part.trim();
            let start = targets.start + (part.as_ptr() as usize - base) as u32;
            if part.bytes().all(is_of_name) {
                self.bind(Span::new(start, start + part.len() as u32), binding);
            }
        }
    }

    fn bind(&mut self, target: Span, binding: Binding) {
        let name = self.slice(target);
        if !name.is_empty() {
            self.bindings.entry(name).or_default().push(binding);
        }
    }

    /// The equals sign behind an annotation, outside of brackets and strings.
    fn sign_behind_annotation(&self, start: u32, end: u32) -> Option<u32> {
        let bytes = self.source.text().as_bytes();
        let mut depth = 0_u32;
        let mut at = start;
        while at < end {
            if let Ok(index) = self.outline.strings.binary_search_by_key(&at, |it| it.span.start) {
                at = self.outline.strings[index].span.end.max(at + 1);
                continue;
            }
            match bytes[at as usize] {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'=' if depth == 0 => return Some(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// An expression without `await` and the blanks around it.
    fn bare(&self, expression: Span) -> Span {
        let span = trimmed(self.source.text(), expression);
        match self.slice(span).strip_prefix("await ") {
            Some(rest) => {
                trimmed(self.source.text(), Span::new(span.end - rest.len() as u32, span.end))
            }
            None => span,
        }
    }

    fn skip_blanks(&self, offset: u32) -> u32 {
        let rest = &self.source.text()[offset as usize..];
        offset + (rest.len() - rest.trim_start_matches([' ', '\t']).len()) as u32
    }

    fn slice(&self, span: Span) -> &'a str {
        span.of_text(self.source.text())
    }
}

/// The length of an equals sign that binds.
fn assigned(behind: &str) -> Option<u32> {
    (behind.starts_with('=') && !behind.starts_with("==")).then_some(1)
}

/// Whether an annotation leaves the type to the value: `loop: Final = get_running_loop()`.
fn says_no_type(origin: &str) -> bool {
    let name = origin.strip_prefix("typing.").or_else(|| origin.strip_prefix("typing_extensions."));
    matches!(name, Some("Any" | "ClassVar" | "Final"))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte >= 0x80
}

fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.of_text(text);
    let start = span.start + (inner.len() - inner.trim_start().len()) as u32;
    Span::new(start, start + inner.trim().len() as u32)
}

/// Whether a text is names joined by dots.
fn is_dotted(text: &str) -> bool {
    text.split('.').all(|part| {
        let mut bytes = part.bytes();
        bytes.next().is_some_and(|it| it.is_ascii_alphabetic() || it == b'_')
            && bytes.all(|it| it.is_ascii_alphanumeric() || it == b'_')
    })
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::scan;

    use super::*;

    /// The origins of what the lines `use(name)` name.
    fn origins(text: &str) -> Vec<Option<String>> {
        let source = SourceFile::from_text(text);
        let outline = scan(source.text());
        let (names, values) = (Names::new(&source, &outline), Values::new(&source, &outline));
        let used = outline.calls.iter().filter(|it| it.name.of_text(text) == "use");
        used.map(|call| {
            let name =
                text[call.arguments.start as usize + 1..call.arguments.end as usize - 1].to_owned();
            values.origin(&names, &name, call.name.start)
        })
        .collect()
    }

    fn some(names: &[&str]) -> Vec<Option<String>> {
        names.iter().map(|it| (!it.is_empty()).then(|| (*it).to_owned())).collect()
    }

    #[test]
    fn what_is_assigned_tells_where_a_name_comes_from() {
        let text = "\
from requests import Session
import openai, redis
s: Session = make()
client = openai.OpenAI(timeout=3).with_options(a=1)
def f(other: 'Session | None', plain, r: redis.Redis = None):
    use(s.get)
    use(client.chat)
    use(other.get)
    use(plain.get)
    use(r.get)
    x = y = await Session()
    use(x.post)
    x = 3
    use(x.post)
    a, b = Session(), 2
    use(a.get)
    with Session() as t, open('f') as g:
        use(t.get)
        use(g.read)
    for t in things:
        use(t.get)
use(json.loads)
use(print)
";
        let expected = [
            "requests.Session.get",
            "openai.OpenAI.with_options.chat",
            "requests.Session.get",
            "",
            "redis.Redis.get",
            "requests.Session.post",
            "",
            "",
            "requests.Session.get",
            "open.read",
            "",
            "",
            "print",
        ];
        assert_eq!(origins(text), some(&expected));
    }

    #[test]
    fn annotations_that_say_no_type_leave_it_to_the_value() {
        let text = "\
import asyncio, typing
from typing import Any, Final
loop: Final = asyncio.get_running_loop()
def f(plain: Any):
    one: typing.Any = asyncio.Lock()
    two: Final[asyncio.Lock] = make()
    use(loop.create_task)
    use(one)
    use(two)
    use(plain.get)
";
        let expected = ["asyncio.get_running_loop.create_task", "asyncio.Lock", "asyncio.Lock", ""];
        assert_eq!(origins(text), some(&expected));
    }

    #[test]
    fn attributes_belong_to_their_class() {
        let text = "\
import httpx, threading
class A:
    lock = threading.Lock()
    def __init__(self, client: httpx.Client):
        self.client = client
        self.late = None
        self.two = httpx.Client()
    def f(self):
        self.late = httpx.AsyncClient()
        self.two = other()
        use(self.client.get)
        use(self.lock)
        use(self.late.get)
        use(self.two.get)
class B:
    def f(self):
        use(self.client.get)
";
        let expected = ["httpx.Client.get", "threading.Lock", "httpx.AsyncClient.get", "", ""];
        assert_eq!(origins(text), some(&expected));
    }

    #[test]
    fn a_constant_is_bound_once() {
        let text = "\
A = 3
B = 1
B = 2
C = 1
def f():
    global C, D
    A = 4
a.b: int = {'x': 1}
";
        let source = SourceFile::from_text(text);
        let outline = scan(source.text());
        let values = Values::new(&source, &outline);
        let constant = |name| values.constant(name).map(|it| it.of_text(text));
        assert_eq!(constant("A"), Some("3"));
        assert_eq!((constant("B"), constant("C"), constant("Z")), (None, None, None));
        assert_eq!(constant("a.b"), Some("{'x': 1}"));
    }

    #[test]
    fn what_is_made_where_nothing_is_given_tells_its_kind() {
        let text = "\
import requests
class Client:
    def __init__(self, session=None):
        self.session = session or requests.Session()
    def rate(self, other):
        use(self.session.get)
        chosen = other or (requests.Session() if other else None)
        use(chosen.get)
";
        assert_eq!(origins(text), some(&["requests.Session.get", ""]));
    }
}
