//! Long lists and texts made short. Knows nothing of what they are about.

/// So many names are shown of a list.
const MOST_NAMES: usize = 8;

/// The first names of a list, and how many more there are.
pub(super) fn several<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<T> = names.into_iter().collect();
    let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match names.len().checked_sub(MOST_NAMES) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

/// Each of several once, in the order in which they come first.
pub(super) fn each_once<T: PartialEq>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for it in all {
        if !once.contains(&it) {
            once.push(it);
        }
    }
    once
}

/// A text of one line, its end left out where it is long.
pub(super) fn cut(text: &str, longest: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(longest) {
        None => text,
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// A name with the beginning of its digest or commit only.
pub(super) fn short_digest(name: &str) -> String {
    let is_digest = |text: &str| text.len() >= 40 && text.bytes().all(|it| it.is_ascii_hexdigit());
    let start = name.rfind([':', '@']).map_or(0, |at| at + 1);
    if start > 0 && is_digest(&name[start..]) {
        return format!("{}…", &name[..start + 7]);
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_and_texts_end_early() {
        assert_eq!(several(["a", "b"]), "a, b");
        let names: Vec<String> = (0..10).map(|it| it.to_string()).collect();
        assert_eq!(several(&names), "0, 1, 2, 3, 4, 5, 6, 7 and 2 more");
        assert_eq!(each_once([2, 1, 2]), [2, 1]);
        assert_eq!(cut("a\n  bé c", 4), "a bé…");
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(short_digest(&format!("a/b@{commit}")), "a/b@0123456…");
        assert_eq!(short_digest("python:3.12"), "python:3.12");
    }
}
