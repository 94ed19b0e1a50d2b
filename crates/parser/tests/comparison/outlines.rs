//! Two outlines of one text side by side: what differs, in words.

use std::fmt::{Debug, Write};

use roadworthy_parser::{Call, Definition, Import, LogicalLine, Outline, Span, StringLiteral};

/// One entry that two outlines do not share.
pub(crate) struct Difference {
    /// The list it stands in.
    pub(crate) field: &'static str,
    /// Where it begins.
    pub(crate) offset: u32,
    /// What the first outline says.
    pub(crate) left: Option<String>,
    /// What the second outline says.
    pub(crate) right: Option<String>,
}

/// Tells one list of an outline, each entry with its offset.
type Tell = for<'a> fn(&Told<'a>) -> Vec<(u32, String)>;

/// All differences between two outlines, list by list. Empty where they are equal.
pub(crate) fn differences(text: &str, left: &Outline, right: &Outline) -> Vec<Difference> {
    if left == right {
        return Vec::new();
    }
    let mut found = Vec::new();
    let both = [Told { text, outline: left }, Told { text, outline: right }];
    let fields: [(&'static str, Tell); 7] = [
        ("lines", |told| told.each(&told.outline.lines, Told::line)),
        ("definitions", |told| told.each(&told.outline.definitions, Told::definition)),
        ("imports", |told| told.each(&told.outline.imports, Told::import)),
        ("strings", |told| told.each(&told.outline.strings, Told::string)),
        ("comments", |told| told.each(&told.outline.comments, |told, span| told.span(*span))),
        ("calls", |told| told.each(&told.outline.calls, Told::call)),
        ("main_guards", |told| told.each(&told.outline.main_guards, |told, span| told.span(*span))),
    ];
    for (field, tell) in fields {
        merge(field, &tell(&both[0]), &tell(&both[1]), &mut found);
    }
    let flaw = |outline: &Outline| outline.flaw.map(|flaw| format!("{flaw:?}"));
    if left.flaw != right.flaw {
        let offset = left.flaw.or(right.flaw).map_or(0, |flaw| flaw.offset);
        found.push(Difference { field: "flaw", offset, left: flaw(left), right: flaw(right) });
    }
    if found.is_empty() {
        // Whatever was not told above: flat lists that no definition holds, or their order.
        let (left, right) = (Some("differs".to_owned()), None);
        found.push(Difference { field: "outline", offset: 0, left, right });
    }
    found
}

/// Walks two lists that are sorted by offset, and keeps what only one of them holds.
fn merge(
    field: &'static str,
    left: &[(u32, String)],
    right: &[(u32, String)],
    found: &mut Vec<Difference>,
) {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    loop {
        let take_left = match (left.peek(), right.peek()) {
            (None, None) => return,
            (Some((at, one)), Some((same, other))) if at == same => {
                if one != other {
                    let (left, right) = (Some(one.clone()), Some(other.clone()));
                    found.push(Difference { field, offset: *at, left, right });
                }
                left.next();
                right.next();
                continue;
            }
            (Some((first, _)), Some((second, _))) => first < second,
            (first, _) => first.is_some(),
        };
        let (offset, value) =
            if take_left { left.next() } else { right.next() }.expect("was peeked");
        let (value, none) = (Some(value.clone()), None);
        let (left, right) = if take_left { (value, none) } else { (none, value) };
        found.push(Difference { field, offset: *offset, left, right });
    }
}

/// An outline with its text, which tells its entries in words that do not depend on indices.
struct Told<'a> {
    text: &'a str,
    outline: &'a Outline,
}

impl Told<'_> {
    fn each<T>(&self, all: &[T], tell: fn(&Self, &T) -> (u32, String)) -> Vec<(u32, String)> {
        all.iter().map(|entry| tell(self, entry)).collect()
    }

    fn short(&self, span: Span) -> String {
        let written = self.text.get(span.range()).unwrap_or("(no text)");
        let count = written.chars().count();
        if count <= 60 {
            return format!("{}..{} {written:?}", span.start, span.end);
        }
        let head: String = written.chars().take(30).collect();
        let tail: String = written.chars().skip(count - 25).collect();
        format!("{}..{} {head:?} … {tail:?}", span.start, span.end)
    }

    fn span(&self, span: Span) -> (u32, String) {
        (span.start, self.short(span))
    }

    fn scope(&self, scope: Option<u32>) -> String {
        let name = scope.map(|id| self.short(self.outline.definition(id).name));
        name.unwrap_or_else(|| "module".to_owned())
    }

    fn line(&self, line: &LogicalLine) -> (u32, String) {
        let LogicalLine { span, indent, keyword, scope } = line;
        let scope = self.scope(*scope);
        (span.start, format!("{} indent {indent} {keyword:?} in {scope}", self.short(*span)))
    }

    fn definition(&self, definition: &Definition) -> (u32, String) {
        let mut told = format!("{:?} in {}", definition.kind, self.scope(definition.parent));
        let mut add = |name: &str, value: &dyn Debug| {
            write!(told, " {name} {value:?}").expect("a string takes all");
        };
        add("span", &definition.span);
        add("header", &definition.header);
        add("name", &self.short(definition.name));
        add("body", &definition.body);
        add("decorators", &self.outline.decorators(definition));
        add("returns", &definition.returns);
        add("docstring", &definition.docstring);
        let signature = self.outline.signature(definition);
        add("parameters", &signature.parameters);
        add("type parameters", &signature.type_parameters);
        add("arguments", &self.outline.arguments(definition));
        // The short form of spans keeps a difference readable.
        let told = told.replace("Span { start: ", "(").replace(", end: ", "..").replace(" }", ")");
        (definition.header.start, told)
    }

    fn import(&self, import: &Import) -> (u32, String) {
        let start = if import.name.is_empty() { import.module.start } else { import.name.start };
        let told = format!(
            "{:?} {} module {} level {} name {} alias {:?} in {} type checking {}",
            import.kind,
            self.short(import.statement),
            self.short(import.module),
            import.level,
            self.short(import.name),
            import.alias,
            self.scope(import.scope),
            import.type_checking
        );
        (start.max(import.statement.start), told)
    }

    fn string(&self, string: &StringLiteral) -> (u32, String) {
        (string.span.start, format!("{} {string:?}", self.short(string.span)))
    }

    fn call(&self, call: &Call) -> (u32, String) {
        let told = format!(
            "{} arguments {} attached {} awaited {}",
            self.short(call.name),
            self.short(call.arguments),
            call.attached,
            call.awaited
        );
        (call.name.start, told)
    }
}
