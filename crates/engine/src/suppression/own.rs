//! Our own comments as they are written: `# roadworthy: ignore[a, b] until=2027-03-31 reason`. Knows the text of one
//! comment, neither rules nor what it speaks for.

use std::borrow::Cow;

use jiff::civil::Date;
use roadworthy_parser::Span;
use roadworthy_project::FileKind;

use crate::document_comments::LEADERS;

const MARK: &str = "roadworthy:";

/// One of our comments, or one of several in a comment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Own<'t> {
    /// From the `#` to the last character.
    pub(crate) span: Span,
    /// Where, in the same comment, the next begins.
    pub(crate) next: Option<u32>,
    /// Whether it ends where a mark says so (`*/`), and such a mark is missing.
    pub(crate) open: bool,
    /// What it says, or why that is nothing.
    pub(crate) words: Result<Words<'t>, &'static str>,
}

/// What one of our comments says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words<'t> {
    /// Whether it is `ignore-file`.
    pub(crate) file: bool,
    /// What stands between the brackets.
    pub(crate) list: Span,
    /// The names in the brackets, at least one.
    pub(crate) names: Vec<(Span, &'t str)>,
    /// The last day on which it holds.
    pub(crate) until: Option<Until<'t>>,
    /// Why something is silenced.
    pub(crate) reason: Option<Cow<'t, str>>,
}

/// The last day on which a comment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until<'t> {
    Day(Date),
    /// What stands in the place of a date and is none.
    NoDate(&'t str),
}

impl Until<'_> {
    /// Whether the day has passed. What is no date has passed; where today is not known, no date has.
    pub(crate) fn has_passed(self, today: Option<Date>) -> bool {
        match self {
            Self::Day(day) => today.is_some_and(|today| today > day),
            Self::NoDate(_) => true,
        }
    }
}

/// Our comments in the text of a comment which begins at an offset of its file.
pub(crate) fn own_comments(text: &str, offset: u32, kind: FileKind) -> Vec<Own<'_>> {
    let leaders = if kind.is_python() { &["#"] } else { LEADERS.as_slice() };
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(MARK).map(|at| from + at) {
        let behind = at + MARK.len();
        let before = text[from..at].trim_end();
        let Some(leader) = leaders.iter().find(|leader| before.ends_with(**leader)) else {
            from = behind;
            continue;
        };
        let mut start = from + before.len() - leader.len();
        while matches!(*leader, "#" | ";" | "//") && text[from..start].ends_with(&leader[..1]) {
            start -= 1;
        }
        let (length, closed) = extent(&text[behind..], leader);
        let said = &text[behind..behind + length];
        let end = match closed {
            Closed::By(mark) => behind + length + mark.len(),
            _ => behind + said.trim_end().len(),
        };
        let next = matches!(closed, Closed::ByNext).then(|| {
            behind
                + length
                + (text[behind + length..].len() - text[behind + length..].trim_start().len())
        });
        found.push(Own {
            span: Span::new(offset + start as u32, offset + end as u32),
            next: next.map(|next| offset + next as u32),
            open: matches!(closed, Closed::Missing),
            words: words(said, offset + behind as u32),
        });
        from = next.unwrap_or(end);
    }
    found
}

/// A comment up to where the first of ours begins in it.
pub(crate) fn without_own(comment: &str) -> &str {
    comment.find(MARK).map_or(comment, |at| comment[..at].trim_end_matches(['#', ' ', '\t']))
}

/// How a comment ends.
enum Closed {
    /// With its line.
    ByLine,
    /// Where another begins behind it.
    ByNext,
    /// By a mark.
    By(&'static str),
    /// By a mark that is not there.
    Missing,
}

/// How long a comment with that leader is, and how it ends.
fn extent(text: &str, leader: &str) -> (usize, Closed) {
    let mark = match leader {
        "/*" => "*/",
        "<!--" => "-->",
        // A dash or a semicolon may be a mark before the reason.
        "--" | ";" => return (text.len(), Closed::ByLine),
        _ => {
            // `#12` names an issue.
            let next = text.match_indices(leader).map(|(at, _)| at).find(|&at| {
                text[..at].ends_with([' ', '\t'])
                    && !text[at + leader.len()..].starts_with(|it: char| it.is_ascii_digit())
            });
            return next.map_or((text.len(), Closed::ByLine), |at| {
                (text[..at].trim_end().len(), Closed::ByNext)
            });
        }
    };
    text.find(mark).map_or((text.len(), Closed::Missing), |at| (at, Closed::By(mark)))
}

/// What stands behind `roadworthy:`, which begins at an offset.
fn words(text: &str, offset: u32) -> Result<Words<'_>, &'static str> {
    let rest = text.trim_start();
    let (file, rest) = match rest.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (
            false,
            rest.strip_prefix("ignore").ok_or(
                "suppression is void: `roadworthy:` is followed by neither `ignore[rule]` nor `ignore-file[rule]`",
            )?,
        ),
    };
    let list = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (list, tail) = list.ok_or("suppression is void: it names no rule in square brackets")?;
    // Both are parts of the text, so that their places in it tell those in the file.
    let place = |part: &str| {
        let start = offset + (part.as_ptr() as usize - text.as_ptr() as usize) as u32;
        Span::new(start, start + part.len() as u32)
    };
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let names: Vec<_> = names.map(|name| (place(name), name)).collect();
    if names.is_empty() {
        return Err("suppression is void: its square brackets name no rule");
    }
    let (until, reason) = tail_of(tail);
    let reason = reason.filter(|reason| is_reason(reason));
    Ok(Words { file, list: place(list), names, until, reason })
}

/// What stands behind the brackets: a day, and a reason.
pub(super) fn tail_of(text: &str) -> (Option<Until<'_>>, Option<Cow<'_, str>>) {
    let text = without_marks(text);
    let some = |reason: &'_ str| !reason.is_empty();
    if let Some((until, rest)) = until_at(text) {
        return (Some(until), Some(without_marks(rest)).filter(|it| some(it)).map(Cow::Borrowed));
    }
    // A date counts wherever it stands: nobody writes one for nothing.
    let lower = text.to_ascii_lowercase();
    let later = lower.match_indices(" until=").next();
    let Some((at, (until, rest))) =
        later.and_then(|(at, _)| Some((at, until_at(&text[at + 1..])?)))
    else {
        return (None, Some(text).filter(|it| some(it)).map(Cow::Borrowed));
    };
    let (before, rest) = (text[..at].trim_end(), without_marks(rest));
    let reason = if rest.is_empty() { before.into() } else { format!("{before} {rest}").into() };
    (Some(until), Some(reason))
}

/// A day at the beginning of a text, and what stands behind it.
fn until_at(text: &str) -> Option<(Until<'_>, &str)> {
    let word = text.get(..5).filter(|word| word.eq_ignore_ascii_case("until"))?;
    let rest = &text[word.len()..];
    if let Some(value) = rest.strip_prefix('=') {
        let end = value.find([' ', '\t', ',', ';', ':']).unwrap_or(value.len());
        let until = day(&value[..end]).map_or(Until::NoDate(&value[..end]), Until::Day);
        return Some((until, &value[end..]));
    }
    // Nearly a day: taken for a reason it would hold for ever. "until the partner answers" is a reason.
    let value = rest.trim_start_matches([' ', '\t', '=', ':']);
    let between = &rest[..rest.len() - value.len()];
    let is_day = between.contains('=')
        || !between.is_empty() && value.starts_with(|first: char| first.is_ascii_digit());
    let end = value.find([' ', '\t', ',', ';']).unwrap_or(value.len());
    is_day.then(|| (Until::NoDate(&value[..end]), &value[end..]))
}

/// A day written `2027-03-31`, and no other way.
pub(crate) fn day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !shaped {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A text without what leads to it: `-- reason`, `: reason`.
fn without_marks(text: &str) -> &str {
    text.trim().trim_start_matches(['-', '–', '—', ':', ',', ' ', '\t'])
}

/// Whether a text says why: it has a word that is not merely the place of one.
pub(crate) fn is_reason(text: &str) -> bool {
    const PLACES: [&str; 9] =
        ["todo", "fixme", "xxx", "tbd", "wip", "reason", "because", "none", "na"];
    text.split(|character: char| !character.is_alphabetic()).any(|word| {
        let is_word = word.chars().count() > 1 || !word.is_ascii();
        is_word && !PLACES.iter().any(|place| word.eq_ignore_ascii_case(place))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Own<'_> {
        let mut all = own_comments(text, 0, FileKind::Python);
        assert_eq!(all.len(), 1, "{text}");
        all.remove(0)
    }

    fn said(text: &str) -> Words<'_> {
        one(text).words.unwrap_or_else(|complaint| panic!("{text}: {complaint}"))
    }

    #[test]
    fn our_own_comments_name_rules_in_brackets() {
        let words = said("# roadworthy: ignore[a-b, c] why not");
        let names: Vec<_> = words.names.iter().map(|(_, name)| *name).collect();
        assert_eq!((words.file, names), (false, vec!["a-b", "c"]));
        assert!(said("# roadworthy: ignore-file[a]").file);
        assert!(one("# roadworthy: ignore").words.is_err());
        assert!(one("# roadworthy: ignore[ ]").words.is_err());
        assert_eq!(own_comments("# see roadworthy: ignore[a]", 0, FileKind::Python), []);
    }

    #[test]
    fn a_reason_is_a_word_behind_the_brackets() {
        let reason = |text: &'static str| said(text).reason.map(Cow::into_owned);
        for text in [
            "# roadworthy: ignore[a] kept for now",
            "# roadworthy: ignore[a] -- kept for now",
            "# roadworthy: ignore[a]: kept for now",
            "# roadworthy: ignore[a] — kept for now  # noqa: S110",
            "# roadworthy: ignore[a] until=2027-01-31 kept for now",
            "# roadworthy: ignore[a]: until=2027-01-31: kept for now",
            "# roadworthy: ignore[a] kept until=2027-01-31 for now",
        ] {
            assert_eq!(reason(text).as_deref(), Some("kept for now"), "{text}");
        }
        assert_eq!(reason("# roadworthy: ignore[a] see #12").as_deref(), Some("see #12"));
        for text in
            ["", " .", " TODO", " #12", " until=2027-01-31", " -- ", " x", " 123", " reason"]
        {
            let text = format!("# roadworthy: ignore[a]{text}");
            assert_eq!(said(&text).reason, None, "{text}");
        }
        for text in ["TODO mend with 3.0", "GH-12", "因", "https://a.b/c"] {
            assert!(is_reason(text), "{text}");
        }
    }

    #[test]
    fn a_day_is_written_in_one_way_and_anything_else_is_none() {
        let until = |tail: &str| {
            let text = format!("# roadworthy: ignore[a]{tail}");
            said(&text).until.map(|until| match until {
                Until::Day(day) => Ok(day.to_string()),
                Until::NoDate(text) => Err(text.to_owned()),
            })
        };
        let day = |text: &str| Some(Ok(text.to_owned()));
        let none = |text: &str| Some(Err(text.to_owned()));
        assert_eq!(until(" until=2027-03-31 kept"), day("2027-03-31"));
        assert_eq!(until(" UNTIL=2028-02-29"), day("2028-02-29"));
        assert_eq!(until(" kept until=2027-03-31"), day("2027-03-31"));
        assert_eq!(until(" until=2027-03-31, kept"), day("2027-03-31"));
        for text in
            ["2026-13-01", "2026-2-3", "2027-02-29", "31.3.2027", "tomorrow", "", "+026-01-01"]
        {
            assert_eq!(until(&format!(" until={text} kept")), none(text), "{text}");
        }
        for text in [" until 2027-03-31 kept", " until: 2027-03-31", " until = 2027-03-31"] {
            assert_eq!(until(text), none("2027-03-31"), "{text}");
        }
        for text in ["", " until the partner answers", " untilled fields", " it held until 2024"] {
            assert_eq!(until(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_holds_to_its_end() {
        let until = Until::Day(day("2027-03-31").expect("is a day"));
        assert!(!until.has_passed(day("2027-03-31")));
        assert!(until.has_passed(day("2027-04-01")));
        assert!(!until.has_passed(None));
        assert!(Until::NoDate("soon").has_passed(None));
    }

    #[test]
    fn a_comment_ends_where_its_syntax_says_so() {
        let spans = |text: &str, kind| -> Vec<String> {
            let all = own_comments(text, 0, kind);
            all.iter().map(|own| own.span.of_text(text).to_owned()).collect()
        };
        let own = "roadworthy: ignore[a] why not";
        for (text, shown) in [
            (format!("# noqa: X  # {own}  "), format!("# {own}")),
            (format!("# {own}  # noqa: X"), format!("# {own}")),
            (format!("## {own}"), format!("## {own}")),
        ] {
            assert_eq!(spans(&text, FileKind::Python), [shown], "{text}");
        }
        assert_eq!(
            spans(&format!("# {own} # {own}"), FileKind::Python),
            [format!("# {own}"), format!("# {own}")]
        );
        assert_eq!(spans(&format!("/* {own} */ b"), FileKind::Text), [format!("/* {own} */")]);
        assert_eq!(spans(&format!("<!-- {own} -->"), FileKind::Text), [format!("<!-- {own} -->")]);
        let dashed = "-- roadworthy: ignore[a] -- why not";
        assert_eq!(spans(dashed, FileKind::Text), [dashed]);
    }
}
