//! `.dockerignore`: which files of a context are not sent to the builder. Knows its patterns
//! (<https://docs.docker.com/build/concepts/context/#dockerignore-files>), no disk.

use camino::Utf8Path;

/// The patterns of a `.dockerignore`.
#[derive(Clone, Debug, Default)]
pub struct Dockerignore {
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    /// Whether what matches is sent after all.
    negated: bool,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// This character.
    Literal(char),
    /// Any character but a slash.
    One,
    /// Any characters but slashes.
    Many,
    /// Anything.
    All,
    /// Any folders: nothing, or what ends in a slash.
    Folders,
    /// One of these, or none of them.
    Class(bool, Vec<(char, char)>),
}

/// The patterns of a file, comments and empty lines left out.
pub(super) fn patterns(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::trim);
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl Dockerignore {
    /// Takes patterns.
    pub fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.iter().filter_map(|pattern| Pattern::new(pattern)).collect() }
    }

    /// Whether a path, seen from the context, is left out: the last pattern that matches it or a folder around it decides.
    pub fn ignores(&self, path: &Utf8Path) -> bool {
        let path: Vec<char> = path.as_str().chars().collect();
        let ends = path.iter().enumerate().filter(|(_, c)| **c == '/').map(|(at, _)| at);
        let prefixes: Vec<&[char]> =
            ends.chain([path.len()]).filter_map(|end| path.get(..end)).collect();
        let matches =
            |pattern: &&Pattern| prefixes.iter().any(|prefix| is_match(&pattern.tokens, prefix));
        self.patterns.iter().rev().find(matches).is_some_and(|pattern| !pattern.negated)
    }
}

impl Pattern {
    fn new(pattern: &str) -> Option<Self> {
        let (negated, pattern) =
            pattern.strip_prefix('!').map_or((false, pattern), |rest| (true, rest.trim()));
        let parts = pattern.split('/').filter(|part| !part.is_empty() && *part != ".");
        let mut whole: Vec<&str> = Vec::new();
        for part in parts {
            if part == ".." {
                whole.pop();
            } else {
                whole.push(part);
            }
        }
        let tokens = tokens(&whole.join("/"));
        (!tokens.is_empty()).then_some(Self { negated, tokens })
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        let token = match first {
            '*' if rest.starts_with("**/") => {
                length = 3;
                Token::Folders
            }
            '*' if rest.starts_with("**") => {
                length = 2;
                Token::All
            }
            '*' => Token::Many,
            '?' => Token::One,
            '[' => match class(&rest[1..]) {
                Some((token, behind)) => {
                    length = rest.len() - behind.len();
                    token
                }
                None => Token::Literal('['),
            },
            '\\' => {
                let next = rest[1..].chars().next();
                length += next.map_or(0, char::len_utf8);
                Token::Literal(next.unwrap_or('\\'))
            }
            other => Token::Literal(other),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// A class of characters behind its bracket, and what comes behind it.
fn class(text: &str) -> Option<(Token, &str)> {
    let end = text.find(']')?;
    let (inner, behind) = (&text[..end], &text[end + 1..]);
    let (negated, inner) = inner.strip_prefix('^').map_or((false, inner), |rest| (true, rest));
    let characters: Vec<char> = inner.chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(&low) = characters.get(at) {
        let high = characters.get(at + 2).filter(|_| characters.get(at + 1) == Some(&'-'));
        ranges.push((low, high.copied().unwrap_or(low)));
        at += if high.is_some() { 3 } else { 1 };
    }
    Some((Token::Class(negated, ranges), behind))
}

/// Whether tokens match a whole path, in time of their product.
fn is_match(tokens: &[Token], path: &[char]) -> bool {
    // By the length of a beginning of the path: whether the tokens so far match it.
    let mut matched = vec![false; path.len() + 1];
    matched[0] = true;
    for token in tokens {
        let mut next = vec![false; path.len() + 1];
        // Whether some earlier place matched, from which a run may go on.
        let mut open = false;
        for at in 0..=path.len() {
            let before = at.checked_sub(1).map(|at| (matched[at], path[at]));
            next[at] = match token {
                Token::Literal(literal) => before.is_some_and(|(ok, c)| ok && c == *literal),
                Token::One => before.is_some_and(|(ok, c)| ok && c != '/'),
                Token::Class(negated, ranges) => before.is_some_and(|(ok, c)| {
                    let within = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                    ok && c != '/' && within != *negated
                }),
                Token::Many => {
                    open = matched[at] || open && before.is_some_and(|(_, c)| c != '/');
                    open
                }
                Token::All => {
                    open |= matched[at];
                    open
                }
                Token::Folders => {
                    let ends = open && before.is_some_and(|(_, c)| c == '/');
                    open |= matched[at];
                    matched[at] || ends
                }
            };
        }
        matched = next;
    }
    matched[path.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(text: &str, paths: &[&str]) -> Vec<bool> {
        let file = Dockerignore::new(&patterns(text));
        paths.iter().map(|path| file.ignores(Utf8Path::new(path))).collect()
    }

    #[test]
    fn a_pattern_stands_at_the_root_and_takes_what_lies_below() {
        assert_eq!(
            ignored(".env\nbuild/\n", &[".env", "app/.env", "build/a/b", "builds"]),
            [true, false, true, false]
        );
        assert_eq!(ignored("**/.env", &[".env", "a/b/.env", "a.env"]), [true, true, false]);
        assert_eq!(ignored("*.pem\n/a/./b/", &["x.pem", "a/x.pem", "a/b/c"]), [true, false, true]);
        assert_eq!(
            ignored("**.pem\n.env.*", &["a/x.pem", ".env.prod", ".env"]),
            [true, true, false]
        );
        assert_eq!(ignored("a/**", &["a/b", "a", "b"]), [true, false, false]);
        assert_eq!(
            ignored("[.]env\nx[a-c]\ny[^a]", &[".env", "xb", "xd", "ya", "yb"]),
            [true, true, false, false, true]
        );
    }

    #[test]
    fn the_last_pattern_decides() {
        assert_eq!(
            ignored("*\n!app\n# no\n", &[".env", "app/x.py", "app/.env"]),
            [true, false, false]
        );
        assert_eq!(ignored("!app\n*", &["app"]), [true]);
        assert_eq!(ignored("**\n!a/b", &["a/b/c", "a/c"]), [false, true]);
    }
}
