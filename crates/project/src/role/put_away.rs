//! Folders of what is used no more, by their names.

/// Words for what is kept, and used no more.
const WORDS: [&str; 13] = [
    "archive",
    "archived",
    "attic",
    "deprecated",
    "discarded",
    "graveyard",
    "obsolete",
    "old",
    "rubbish",
    "scrap",
    "scraps",
    "superseded",
    "unused",
];

/// Words that are as often about what a program handles, so that only a mark before them tells: `_trash`.
const MARKED: [&str; 4] = ["abandoned", "dead", "junk", "trash"];

/// How names of such folders begin. `archive-`, `deprecated-` and `legacy-` begin names of what still runs as often: `archive-api`.
const STARTS: [&str; 5] = ["archive_", "archived-", "archived_", "old-", "old_"];

/// Whether a folder is where somebody put what is used no more, or what was at a day: `Archive`, `_deprecated`,
/// `archive_old_apps`, `old-shop`, `shop_old`, `deploy-20260202`.
pub fn is_put_away(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let plain = lower.trim_start_matches('_');
    WORDS.contains(&plain)
        || plain.len() < lower.len() && MARKED.contains(&plain)
        || STARTS.iter().any(|it| plain.starts_with(it))
        || lower.starts_with("_archive")
        || ["-old", "_old", "_deprecated", "_obsolete"].iter().any(|it| plain.ends_with(it))
        || ends_with_day(name)
}

/// Whether a name is words and then a day of this century, maybe with a time: `shop-20260202`, `shop_2026-02-02_071500`.
fn ends_with_day(name: &str) -> bool {
    let words = name.trim_end_matches(|it: char| it.is_ascii_digit() || matches!(it, '-' | '_'));
    let (_, behind) = name.split_at(words.len());
    let digits: String = behind.chars().filter(char::is_ascii_digit).collect();
    let within = |from: usize, most: u32| {
        digits[from..from + 2].parse().is_ok_and(|it: u32| (1..=most).contains(&it))
    };
    behind.starts_with(['-', '_'])
        && words.ends_with(char::is_alphabetic)
        && matches!(digits.len(), 8 | 12 | 14)
        && digits.starts_with("20")
        && within(4, 12)
        && within(6, 31)
}
