//! What a line may hold that the rules do not take for a secret, as its file is broken, or it stands where no rule looks,
//! and that no frame should show all the same. Knows characters of one line; hides too much rather than too little.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use roadworthy_parser::{Span, quoted};
use roadworthy_secrets::{Place, judge, name_class};

/// The shortest value of which a repetition is no chance, in bytes.
const SHORTEST: usize = 8;

/// All that a line may hold.
pub(crate) fn unjudged(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = line.get(from..)
        && let Some(secret) = judge(&Place::Unbound, rest)
    {
        let end = from + secret.span.end.max(1);
        found.push(from + secret.span.start..end);
        from = end;
    }
    found.extend(named_texts(line));
    found.extend(option_values(line));
    found.extend(credentials_of_urls(line));
    found.extend(void_names(line));
    found
}

/// Where a part of a text repeats what is hidden elsewhere in it.
pub(crate) fn repetitions(text: &str, hidden: &[Span], part: &[u8]) -> Vec<Range<usize>> {
    let values = hidden.iter().filter_map(|it| text.get(it.range()));
    let mut values: Vec<&str> = values.filter(|value| value.len() >= SHORTEST).collect();
    values.sort_unstable();
    values.dedup();
    // Of many values one automaton, as a file of keys may hold thousands.
    let found = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(values);
    let ranges = |found: AhoCorasick| found.find_iter(part).map(|it| it.range()).collect();
    found.map(ranges).unwrap_or_default()
}

/// What stands behind a name that promises a secret: in quotes, closed or not, or such as no name or number reads.
fn named_texts(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    line.match_indices(['=', ':']).filter_map(|(at, _)| {
        let before = line[..at].trim_end_matches([' ', '\t', '"', '\'', '=', ':']);
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
        name_class(&before[before.trim_end_matches(is_part).len()..])?;
        let behind = line[at + 1..].trim_start_matches([' ', '\t']);
        let inner = behind.trim_start_matches(['b', 'f', 'r', 'u', 'B', 'F', 'R', 'U']);
        let (text, length) = if let Some(quote @ ('"' | '\'')) = inner.chars().next() {
            let text = inner.trim_start_matches(quote);
            (text, text.find(quote).unwrap_or(text.len()))
        } else {
            let ends = |it: char| it.is_whitespace() || "\"',;)]}".contains(it);
            let length = behind.find(ends).unwrap_or(behind.len());
            let value = &behind.as_bytes()[..length];
            (behind, if is_mixed(value) && !value.contains(&b'(') { length } else { 0 })
        };
        let start = line.len() - text.len();
        (length > 0).then_some(start..start + length)
    })
}

/// What stands behind an option whose name promises a secret: `--password x7…`, or `"--password", "x7…"` in a list.
fn option_values(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    line.match_indices("--").filter_map(|(at, dashes)| {
        let name = &line[at + dashes.len()..];
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-');
        let name = &name[..name.find(|it| !is_part(it)).unwrap_or(name.len())];
        name_class(name)?;
        let behind = &line[at + dashes.len() + name.len()..];
        let value = behind.trim_start_matches([' ', '\t', '"', '\'', ',']);
        let length = value.find([' ', '\t', '"', '\'', ',', ';', ']']).unwrap_or(value.len());
        let start = line.len() - value.len();
        let is_value = value.len() < behind.len() && !value.starts_with('-');
        (is_value && is_mixed(&value.as_bytes()[..length])).then_some(start..start + length)
    })
}

/// What stands before the host of a URL, without the user's name, where it reads like no name: what is judged to be
/// invented may be real once in ten thousand times.
fn credentials_of_urls(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    line.match_indices("://").filter_map(|(at, mark)| {
        let start = at + mark.len();
        let ends = |it: char| it.is_whitespace() || "/\"'<>?#".contains(it);
        let authority = &line[start..];
        let authority = &authority[..authority.find(ends).unwrap_or(authority.len())];
        let user = &authority[..authority.rfind('@')?];
        let from = user.find(':').map_or(0, |colon| colon + 1);
        is_mixed(&user.as_bytes()[from..]).then_some(start + from..start + user.len())
    })
}

/// Whether a value is such as no name or number reads.
fn is_mixed(value: &[u8]) -> bool {
    value.len() >= SHORTEST
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_alphabetic)
}

/// What a comment that silences rules names, where that reads like no name.
fn void_names(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (mark, _) in line.match_indices("roadworthy:") {
        let Some(open) = line[mark..].find('[') else { continue };
        let mut start = mark + open + 1;
        let list = &line[start..];
        for name in list[..list.find(']').unwrap_or(list.len())].split_inclusive(',') {
            let bare = name.trim_end_matches(',');
            if quoted(bare) != format!("`{bare}`") {
                found.push(start..start + bare.len());
            }
            start += name.len();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Vec<&str> {
        named_texts(line).map(|range| &line[range]).collect()
    }

    #[test]
    fn texts_behind_telling_names_are_found_whatever_the_line_is() {
        assert_eq!(named("password = \"ab c\", x"), ["ab c"]);
        assert_eq!(named("say db_password: 'öpen"), ["öpen"]);
        assert_eq!(named("\"api_key\": b\"x\""), ["x"]);
        assert_eq!(named("export DB_PASSWORD=a1b2c3d4e5; echo"), ["a1b2c3d4e5"]);
        for line in [
            "password = get_password(8)",
            "password=password",
            "name = \"x\"",
            "password = \"\"",
            "=",
            ":",
        ] {
            assert_eq!(named(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn values_of_telling_options_are_found() {
        let found = |line| option_values(line).map(|range| &line[range]).collect::<Vec<&str>>();
        assert_eq!(found("login --password a1b2c3d4e5 --now"), ["a1b2c3d4e5"]);
        assert_eq!(found("CMD [\"login\", \"--api-token\", \"a1b2c3d4e5\"]"), ["a1b2c3d4e5"]);
        for line in
            ["login --password", "--password --host1234567", "--host a1b2c3d4e5", "--token abc"]
        {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn credentials_in_urls_are_found_whatever_is_thought_of_them() {
        let found = |line| credentials_of_urls(line).map(|range| &line[range]).collect::<Vec<_>>();
        assert_eq!(found("search @ https://jo:q7Tabc123@acme.io/x.zip"), ["q7Tabc123"]);
        assert_eq!(found("- git+https://q7Tabc123@acme.io/x.git, x"), ["q7Tabc123"]);
        for line in [
            "https://jo:${PASSWORD}@acme.io",
            "https://acme.io/q7Tabc123@main",
            "https://acme.io:8080?of=q7Tabc123@x",
            "ssh://git@acme.io/x",
            "://",
        ] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn names_in_suppressions_are_found_unless_they_read_like_names() {
        let line = "x  # roadworthy: ignore[bare-except, q7Tz9] why # roadworthy: ignore[q7";
        let found: Vec<_> = void_names(line).into_iter().map(|range| &line[range]).collect();
        assert_eq!(found, [" q7Tz9"]);
        assert!(void_names("# roadworthy: ignore").is_empty());
    }
}
