//! The expressions of GitHub's workflows, `${{ … }}`: which contexts end up in the text that takes their place. Knows the
//! language (<https://docs.github.com/actions/reference/workflows-and-actions/expressions>), not what contexts hold.

use roadworthy_parser::Span;

/// A context that an expression brings into a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// Its parts in lower case: `github`, `event`, `commits`, `*`, `message`.
    pub(crate) path: Vec<String>,
    /// Whether it is written as a whole, with all that lies below it: `toJSON(github.event)`.
    pub(crate) whole: bool,
}

impl Context {
    /// Its name, with dots.
    pub(crate) fn name(&self) -> String {
        self.path.join(".")
    }
}

/// The expressions of a text, each from `${{` to behind `}}`.
pub(crate) fn expressions(text: &str) -> impl Iterator<Item = Span> {
    text.match_indices("${{").filter_map(|(start, _)| {
        let length = end_of(&text[start + 3..])?;
        Some(Span::new(start as u32, (start + 3 + length) as u32))
    })
}

/// Behind the `}}` that ends an expression; quoted ones do not.
fn end_of(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '}' if !quoted && text[at..].starts_with("}}") => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// The contexts whose text an expression, `${{` and `}}` included or not, comes to: what is only compared is none.
pub(crate) fn contexts(expression: &str) -> Vec<Context> {
    let inner = expression.strip_prefix("${{").unwrap_or(expression);
    let inner = inner.strip_suffix("}}").unwrap_or(inner);
    let mut reader = Reader { tokens: tokens(inner), at: 0, depth: 0 };
    reader.any()
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a number, in lower case.
    Name(String),
    /// What stands in quotes.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

const SIGNS: [&str; 16] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ".", ",", "*"];

/// The parts of an expression, without what is no part of any.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-');
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' {
            let length = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
            tokens.push(Token::Text(rest[1..length].trim_end_matches('\'').to_owned()));
            length
        } else if is_part(first) {
            let length = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest[..length].to_lowercase()));
            length
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else {
            first.len_utf8()
        };
        rest = rest[length..].trim_start();
    }
    tokens
}

/// How deep parentheses may lie in one another.
const DEEPEST: usize = 50;

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(it)) if *it == sign);
        self.at += usize::from(found);
        found
    }

    /// `a || b`: either.
    fn any(&mut self) -> Vec<Context> {
        let mut found = self.all();
        while self.takes("||") {
            found.extend(self.all());
        }
        found
    }

    /// `a && b`: the last, as the others stand for it only where they are empty.
    fn all(&mut self) -> Vec<Context> {
        let mut found = self.comparison();
        while self.takes("&&") {
            found = self.comparison();
        }
        found
    }

    /// `a == b`: true or false.
    fn comparison(&mut self) -> Vec<Context> {
        let mut found = self.one();
        while ["==", "!=", "<=", ">=", "<", ">"].iter().any(|sign| self.takes(sign)) {
            self.one();
            found.clear();
        }
        found
    }

    fn one(&mut self) -> Vec<Context> {
        if self.depth > DEEPEST {
            self.at = self.tokens.len();
            return Vec::new();
        }
        self.depth += 1;
        let found = self.one_inside();
        self.depth -= 1;
        found
    }

    fn one_inside(&mut self) -> Vec<Context> {
        if self.takes("!") {
            self.one();
            return Vec::new();
        }
        if self.takes("(") {
            let found = self.any();
            self.takes(")");
            return found;
        }
        let Some(Token::Name(name)) = self.tokens.get(self.at).cloned() else {
            self.at += 1;
            return Vec::new();
        };
        self.at += 1;
        if self.takes("(") { self.call(&name) } else { vec![self.context(name)] }
    }

    fn call(&mut self, function: &str) -> Vec<Context> {
        let mut found = Vec::new();
        while self.at < self.tokens.len() && !self.takes(")") {
            found.extend(self.any());
            if !self.takes(",") && !matches!(self.tokens.get(self.at), Some(Token::Sign(")"))) {
                self.at += 1;
            }
        }
        match function {
            "contains" | "startswith" | "endswith" | "hashfiles" | "always" | "success"
            | "failure" | "cancelled" => Vec::new(),
            "tojson" => {
                for context in &mut found {
                    context.whole = true;
                }
                found
            }
            _ => found,
        }
    }

    fn context(&mut self, first: String) -> Context {
        let mut path = vec![first];
        loop {
            if self.takes(".") {
                match self.tokens.get(self.at) {
                    Some(Token::Name(name)) => path.push(name.clone()),
                    _ => path.push("*".to_owned()),
                }
                self.at += 1;
            } else if self.takes("[") {
                match self.tokens.get(self.at) {
                    Some(Token::Text(name)) => path.push(name.to_lowercase()),
                    _ => path.push("*".to_owned()),
                }
                while self.at < self.tokens.len() && !self.takes("]") {
                    self.at += 1;
                }
            } else {
                return Context { path, whole: false };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(expression: &str) -> Vec<String> {
        contexts(expression).iter().map(Context::name).collect()
    }

    #[test]
    fn what_ends_up_in_the_text() {
        for (expression, expected) in [
            ("${{ github.head_ref }}", &["github.head_ref"][..]),
            ("${{ github.head_ref || github.ref_name }}", &["github.head_ref", "github.ref_name"]),
            ("${{ github.event_name == 'x' && github.head_ref || 'y' }}", &["github.head_ref"]),
            ("${{ contains(github.event.issue.title, 'bug') }}", &[]),
            ("${{ github.event.issue.title == 'x' }}", &[]),
            ("${{ !github.event.issue.title }}", &[]),
            (
                "${{ format('{0} }} {1}', github.event['issue'].title, env.X) }}",
                &["github.event.issue.title", "env.x"],
            ),
            ("${{ github.event.commits[0].message }}", &["github.event.commits.*.message"]),
            ("${{ join(github.event.commits.*.message) }}", &["github.event.commits.*.message"]),
            ("${{ (github.head_ref) }}", &["github.head_ref"]),
            ("${{ 'github.head_ref' }}", &[]),
        ] {
            assert_eq!(names(expression), expected, "{expression}");
        }
        assert!(contexts("toJSON(github.event)")[0].whole);
    }

    #[test]
    fn expressions_of_a_text() {
        let text = "echo ${{ a.b }} ${{ format('}}', c) }} ${{ open";
        let found: Vec<_> = expressions(text).map(|span| span.of_text(text)).collect();
        assert_eq!(found, ["${{ a.b }}", "${{ format('}}', c) }}"]);
    }

    #[test]
    fn whatever_is_written_comes_to_an_end() {
        for text in
            ["((((", "a.", "a[", "a[[", "f(", "f(,", "!", "'", "f(a b)", "a &&", ")", "é'é", "$%"]
        {
            contexts(text);
        }
        contexts(&"(".repeat(100_000));
        contexts(&"!".repeat(100_000));
    }
}
