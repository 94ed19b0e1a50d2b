//! Expressions as settings are written in, evaluated as if no variable of the environment were set. Knows the text of one
//! expression; what it does not understand is unknown.

use super::{Setting, Value};

/// What a name stands for.
pub(super) type Lookup<'l> = dyn Fn(&str) -> Option<Setting> + 'l;

/// Nesting beyond this is given up.
const DEEPEST: u32 = 40;

/// Functions of projects and libraries that read a flag from a text.
const FLAG_READERS: [&str; 12] = [
    "as_bool",
    "bool_from_str",
    "env_bool",
    "get_bool",
    "is_true",
    "parse_bool",
    "str2bool",
    "str_to_bool",
    "string_to_bool",
    "strtobool",
    "to_bool",
    "truthy",
];

/// Reads one expression from left to right.
pub(super) struct Reader<'t, 'l> {
    rest: &'t str,
    lookup: &'l Lookup<'l>,
    depth: u32,
    is_default: bool,
}

/// What stands in the parentheses of a call, with keywords.
type Arguments<'t> = Vec<(Option<&'t str>, Option<Value>, &'t str)>;

impl<'t, 'l> Reader<'t, 'l> {
    pub(super) fn new(text: &'t str, lookup: &'l Lookup<'l>) -> Self {
        Self { rest: text, lookup, depth: 0, is_default: false }
    }

    /// The value of the whole text.
    pub(super) fn read(mut self) -> Option<Setting> {
        let value = self.expression()?;
        self.skip();
        let whole = self.rest.is_empty();
        whole.then_some(Setting { value, is_default: self.is_default })
    }

    /// Another text, read with the same names.
    fn of(&mut self, text: &'t str) -> Option<Value> {
        let inner = Reader { rest: text, depth: self.depth + 1, ..*self };
        if inner.depth > DEEPEST {
            return None;
        }
        let setting = inner.read()?;
        self.is_default |= setting.is_default;
        Some(setting.value)
    }

    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start().trim_start_matches('\\').trim_start();
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip();
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        let is_word = sign.ends_with(|it: char| it.is_ascii_alphabetic());
        if is_word && rest.starts_with(is_of_name) {
            return false;
        }
        self.rest = rest;
        true
    }

    fn expression(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let value = self.either()?;
        let value = if self.takes("if") {
            let condition = self.either()?;
            if !self.takes("else") {
                return None;
            }
            let other = self.expression()?;
            if condition.is_truthy() { value } else { other }
        } else {
            value
        };
        self.depth -= 1;
        Some(value)
    }

    fn either(&mut self) -> Option<Value> {
        let mut value = self.both()?;
        while self.takes("or") {
            let other = self.both()?;
            value = if value.is_truthy() { value } else { other };
        }
        Some(value)
    }

    fn both(&mut self) -> Option<Value> {
        let mut value = self.negation()?;
        while self.takes("and") {
            let other = self.negation()?;
            value = if value.is_truthy() { other } else { value };
        }
        Some(value)
    }

    fn negation(&mut self) -> Option<Value> {
        let mut negated = None;
        while self.takes("not") {
            negated = Some(!negated.unwrap_or(false));
        }
        let value = self.comparison()?;
        Some(match negated {
            Some(negated) => Value::Flag(value.is_truthy() != negated),
            None => value,
        })
    }

    fn comparison(&mut self) -> Option<Value> {
        let left = self.sum()?;
        let equal = |a: &Value, b: &Value| a == b;
        let inside = |a: &Value, b: &Value| match b {
            Value::List(values) => values.contains(a),
            Value::Text(text) => matches!(a, Value::Text(part) if text.contains(part.as_str())),
            _ => false,
        };
        let answer = if self.takes("==") {
            equal(&left, &self.sum()?)
        } else if self.takes("!=") {
            !equal(&left, &self.sum()?)
        } else if self.takes("in") {
            inside(&left, &self.sum()?)
        } else if self.takes("is") {
            let negated = self.takes("not");
            equal(&left, &self.sum()?) != negated
        } else if self.takes("not") {
            if !self.takes("in") {
                return None;
            }
            !inside(&left, &self.sum()?)
        } else {
            return Some(left);
        };
        Some(Value::Flag(answer))
    }

    /// Lists are joined by `+`.
    fn sum(&mut self) -> Option<Value> {
        let mut value = self.with_methods()?;
        while self.takes("+") {
            let other = self.with_methods()?;
            value = match (value, other) {
                (Value::List(mut values), Value::List(others)) => {
                    values.extend(others);
                    Value::List(values)
                }
                (Value::Text(text), Value::Text(other)) => Value::Text(text + &other),
                _ => return None,
            };
        }
        Some(value)
    }

    fn with_methods(&mut self) -> Option<Value> {
        let mut value = self.atom()?;
        while self.takes(".") {
            let method = self.word()?;
            let arguments = self.arguments()?;
            value = apply_method(method, value, &arguments)?;
        }
        self.skip();
        (!self.rest.starts_with(['(', '['])).then_some(value)
    }

    fn atom(&mut self) -> Option<Value> {
        self.skip();
        let first = self.rest.chars().next()?;
        match first {
            '"' | '\'' => self.texts(),
            '(' | '[' | '{' => self.bracket(),
            '0'..='9' => {
                let end = self.rest.find(|it: char| !is_of_name(it)).unwrap_or(self.rest.len());
                let number = self.rest[..end].replace('_', "").parse().ok()?;
                self.rest = &self.rest[end..];
                (!self.rest.starts_with('.')).then_some(Value::Number(number))
            }
            _ if is_of_name(first) => self.named(),
            _ => None,
        }
    }

    /// String literals, those that stand side by side joined.
    fn texts(&mut self) -> Option<Value> {
        let mut text = String::new();
        loop {
            self.skip();
            let Some(quote) = self.rest.chars().next().filter(|it| matches!(it, '"' | '\'')) else {
                return Some(Value::Text(text));
            };
            let inner = &self.rest[1..];
            let end = inner.find(quote)?;
            let content = &inner[..end];
            if content.contains(['\\', '\n']) || (end == 0 && inner[1..].starts_with(quote)) {
                return None;
            }
            text.push_str(content);
            self.rest = &inner[end + 1..];
        }
    }

    fn bracket(&mut self) -> Option<Value> {
        let open = self.rest.as_bytes()[0];
        let inner = self.enclosed()?;
        let parts = parts(inner);
        if let [(None, one)] = parts.as_slice() {
            if let Some(list) = self.comprehension(one) {
                return Some(list);
            }
            if open == b'(' && !inner.trim_end().ends_with(',') {
                return self.of(one);
            }
        }
        let values = parts.iter().map(|(name, part)| match name {
            None => self.of(part),
            Some(_) => None,
        });
        values.collect::<Option<Vec<Value>>>().map(Value::List)
    }

    /// `x for x in LIST`, `x.strip() for x in LIST if x.strip()`.
    fn comprehension(&mut self, text: &'t str) -> Option<Value> {
        let (element, rest) = text.split_once(" for ")?;
        let (name, rest) = rest.split_once(" in ")?;
        let list = rest.split_once(" if ").map_or(rest, |(list, _)| list);
        let element = element.trim();
        let is_plain = element == name.trim()
            || element.strip_prefix(name.trim()).is_some_and(|it| it == ".strip()");
        let Value::List(values) = self.of(list).filter(|_| is_plain)? else { return None };
        let stripped = values.into_iter().map(|it| match it {
            Value::Text(text) => Value::Text(text.trim().to_owned()),
            other => other,
        });
        Some(Value::List(stripped.filter(Value::is_truthy).collect()))
    }

    fn word(&mut self) -> Option<&'t str> {
        self.skip();
        let end = self.rest.find(|it: char| !is_of_name(it)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// A constant, a name, or the call of a function.
    fn named(&mut self) -> Option<Value> {
        let start = self.rest;
        let length = start.find(|it: char| !is_of_name(it) && it != '.').unwrap_or(start.len());
        let dotted = start[..length].trim_end_matches('.');
        self.rest = &start[dotted.len()..];
        match dotted {
            "True" => return Some(Value::Flag(true)),
            "False" => return Some(Value::Flag(false)),
            "None" => return Some(Value::Nothing),
            _ => {}
        }
        self.skip();
        if self.rest.starts_with('(') {
            let arguments = self.arguments()?;
            return self.call(dotted, &arguments);
        }
        if self.rest.starts_with(['[', '"', '\'']) {
            return None;
        }
        let setting = (self.lookup)(dotted)?;
        self.is_default |= setting.is_default;
        Some(setting.value)
    }

    fn arguments(&mut self) -> Option<Arguments<'t>> {
        self.skip();
        if !self.rest.starts_with('(') {
            return None;
        }
        let inner = self.enclosed()?;
        let each = parts(inner).into_iter().map(|(name, part)| (name, self.of(part), part));
        Some(each.collect())
    }

    fn call(&mut self, function: &str, arguments: &Arguments<'t>) -> Option<Value> {
        let (owner, last) = function.rsplit_once('.').unwrap_or(("", function));
        let position = |index: usize| {
            let mut positions = arguments.iter().filter(|it| it.0.is_none());
            positions.nth(index).map(|it| it.1.clone())
        };
        let keyword =
            |name: &str| arguments.iter().find(|it| it.0 == Some(name)).map(|it| it.1.clone());
        let is_environment = last == "getenv" || last == "get" && owner.ends_with("environ");
        if is_environment {
            self.is_default = true;
            return keyword("default").or_else(|| position(1)).unwrap_or(Some(Value::Nothing));
        }
        let is_env = matches!(function, "env" | "config" | "decouple.config") || owner == "env";
        if is_env {
            self.is_default = true;
            let second = if function == "env" { None } else { position(1) };
            let value = keyword("default").or(second)??;
            let cast = arguments.iter().find(|it| it.0 == Some("cast")).map(|it| it.2.trim());
            return match cast.unwrap_or(last) {
                "bool" => to_flag(&value),
                "list" | "Csv()" => Some(split(value, ",")),
                "env" | "config" | "str" | "int" => Some(value),
                _ => None,
            };
        }
        match last {
            "Field" | "field" if owner.is_empty() || owner == "pydantic" => {
                self.is_default = true;
                keyword("default").or_else(|| position(0))?
            }
            "bool" if owner.is_empty() => Some(Value::Flag(position(0)??.is_truthy())),
            "int" if owner.is_empty() => match position(0)?? {
                Value::Text(text) => text.trim().parse().ok().map(Value::Number),
                Value::Flag(flag) => Some(Value::Number(i64::from(flag))),
                other => Some(other),
            },
            "str" if owner.is_empty() => match position(0)?? {
                Value::Text(text) => Some(Value::Text(text)),
                Value::Flag(flag) => Some(Value::Text(if flag { "True" } else { "False" }.into())),
                Value::Number(number) => Some(Value::Text(number.to_string())),
                _ => None,
            },
            "list" | "set" | "tuple" if owner.is_empty() => position(0)?,
            _ if FLAG_READERS.contains(&last) => to_flag(&position(0)??),
            _ => None,
        }
    }

    /// What stands in the bracket that the rest begins with; the rest is what follows it.
    fn enclosed(&mut self) -> Option<&'t str> {
        let end = closing(self.rest)?;
        let inner = &self.rest[1..end];
        self.rest = &self.rest[end + 1..];
        Some(inner)
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn apply_method(method: &str, value: Value, arguments: &Arguments<'_>) -> Option<Value> {
    match (method, value) {
        ("lower" | "casefold", Value::Text(text)) => Some(Value::Text(text.to_lowercase())),
        ("upper", Value::Text(text)) => Some(Value::Text(text.to_uppercase())),
        ("strip", Value::Text(text)) => Some(Value::Text(text.trim().to_owned())),
        ("split", text @ Value::Text(_)) => match arguments.first() {
            Some((None, Some(Value::Text(separator)), _)) => Some(split(text, separator)),
            None => Some(split(text, " ")),
            _ => None,
        },
        _ => None,
    }
}

fn split(value: Value, separator: &str) -> Value {
    match value {
        Value::Text(text) if !separator.is_empty() => {
            Value::List(text.split(separator).map(|it| Value::Text(it.to_owned())).collect())
        }
        other => other,
    }
}

/// A flag as libraries read it from a text.
fn to_flag(value: &Value) -> Option<Value> {
    let flag = match value {
        Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" | "y" | "t" => true,
            "0" | "false" | "no" | "off" | "n" | "f" | "" => false,
            _ => return None,
        },
        other => other.is_truthy(),
    };
    Some(Value::Flag(flag))
}

/// Where the bracket is closed that a text begins with.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut found = None;
    each_sign(text, |at, sign| {
        match sign {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        found = (depth == 0).then_some(at);
        found.is_none()
    });
    found
}

/// The parts between the commas of a text that stand in no bracket and no string, with their keywords.
fn parts(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut ends = Vec::new();
    let mut depth = 0_u32;
    each_sign(text, |at, sign| {
        match sign {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => ends.push(at),
            _ => {}
        }
        true
    });
    ends.push(text.len());
    let mut start = 0;
    let mut parts = Vec::new();
    for end in ends {
        let part = text.get(start..end).unwrap_or_default();
        start = end + 1;
        if !without_comments(part).is_empty() {
            parts.push(keyword(part));
        }
    }
    parts
}

fn without_comments(part: &str) -> &str {
    let mut rest = part.trim_start();
    while rest.starts_with('#') {
        rest = rest.find('\n').map_or("", |end| rest[end..].trim_start());
    }
    rest.trim_end()
}

fn keyword(part: &str) -> (Option<&str>, &str) {
    let part = without_comments(part);
    let length = part.find(|it: char| !is_of_name(it)).unwrap_or(part.len());
    let behind = part[length..].trim_start();
    match behind.strip_prefix('=') {
        Some(value) if length > 0 && !value.starts_with('=') => {
            (Some(&part[..length]), value.trim())
        }
        _ => (None, part),
    }
}

/// Every byte of a text that stands in no string and no comment, until `see` has enough.
fn each_sign(text: &str, mut see: impl FnMut(usize, u8) -> bool) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => {
                at += 1;
                while let Some(&inner) = bytes.get(at).filter(|it| **it != byte) {
                    at += if inner == b'\\' { 2 } else { 1 };
                }
            }
            b'#' => {
                at += bytes[at..].iter().position(|it| *it == b'\n').unwrap_or(bytes.len() - at);
            }
            _ if !see(at, byte) => return,
            _ => {}
        }
        at += 1;
    }
}
