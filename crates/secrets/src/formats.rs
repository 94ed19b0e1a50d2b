//! The formats of providers' credentials, and whether a text has one of them; knows nothing of names or syntax.
//!
//! The data lies in `formats/*.toml`; the table made of it is `formats_table.rs`, so that nothing is parsed at start.

mod checks;
mod named;

use std::sync::OnceLock;

use regex_automata::{Anchored, Input, meta::Regex, util::syntax};

use crate::Confidence;
use crate::formats_table::FORMATS;
use crate::values::AZURITE;
use crate::words::{distinct, entropy, reads_like_words};

pub use crate::formats_table::FORMAT_TRIGGERS;
pub(crate) use named::{format_of_name, structured};

/// A published form of credential.
#[derive(Debug)]
pub struct Format {
    /// Unique, in kebab case: `github-token`.
    pub name: &'static str,
    /// Who issues it.
    pub maker: &'static str,
    /// The fixed texts, one of which every credential of this form contains; none where its maker's name or what
    /// stands around it tells it.
    pub prefixes: &'static [&'static str],
    /// The words of which one must be in the name that the value is bound to, where nothing fixed is in the value.
    pub under: &'static [&'static str],
    /// How sure a complete match is.
    pub confidence: Confidence,
    /// Where the form is documented.
    pub source: &'static str,
    /// The whole credential, from its first byte.
    pub(crate) pattern: &'static str,
    /// What may stand before the fixed text and belongs to the credential.
    pub(crate) before: Option<Lookback>,
    /// What the byte behind a fixed text must be, where it is too short to be rare.
    pub(crate) next: Option<Body>,
    /// Shortest and longest credential.
    pub(crate) length: (usize, usize),
    /// What may not directly follow, because the credential would go on.
    pub(crate) body: Body,
    /// What else must hold.
    pub(crate) check: Check,
}

impl Format {
    /// Whether its check holds for a text of the right length and letters, and nobody typed it.
    pub(crate) fn is_genuine(&self, text: &[u8]) -> bool {
        checks::holds(self.check, text) && !is_fabricated(text)
    }

    /// Whether a checksum tells what its maker handed out from what somebody invented.
    pub fn has_checksum(&self) -> bool {
        matches!(
            self.check,
            Check::Crc32Base62
                | Check::Crc32UpperHex
                | Check::Crc32HexLittleEndian
                | Check::GitlabCrc32Base36
                | Check::Bech32
        )
    }
}

/// Formats are told apart by their unique names.
impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

/// Bytes before the fixed text, for forms that do not begin with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookback {
    pub(crate) class: Body,
    pub(crate) length: usize,
}

/// A class of bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Decimal digits.
    Digit,
    /// `0` to `9`, `a` to `f`.
    Hex,
    /// Letters, digits, `_`.
    Word,
    /// Letters, digits, `_`, `-`.
    Url,
    /// Letters, digits, `_`, `-`, `.`, `~`.
    Tilde,
    /// Letters, digits, `+`, `/`, `=`.
    Base64,
}

impl Body {
    fn holds(self, byte: u8) -> bool {
        match self {
            Self::Digit => byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Tilde => byte.is_ascii_alphanumeric() || b"_-.~".contains(&byte),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
        }
    }
}

/// What a credential must satisfy beyond its pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    None,
    Crc32Base62,
    Crc32UpperHex,
    Crc32HexLittleEndian,
    GitlabCrc32Base36,
    Bech32,
    Entropy,
    Mixed,
    DiscordId,
    SentryPayload,
    GrafanaPayload,
}

/// What a hit of a prefix turned out to be.
pub(crate) enum Match {
    /// Text of this form, from and to these offsets.
    Accepted(usize, usize),
    /// The form is there, but it is a fabricated sample: the checksum fails or the body is a mask.
    Refused(usize, usize),
}

/// All known formats.
pub fn formats() -> &'static [Format] {
    FORMATS
}

/// One slot for each format; a pattern is compiled when its prefix is first met, as most never are.
static COMPILED: [OnceLock<Regex>; FORMATS.len()] = [const { OnceLock::new() }; FORMATS.len()];

fn compiled(index: usize) -> &'static Regex {
    COMPILED[index].get_or_init(|| {
        Regex::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build(FORMATS[index].pattern)
            .expect("every pattern of the table is compiled by a test")
    })
}

/// Confirms a hit of one of the fixed texts of format `index`, which stands from `hit` to `hit_end`. The neighbours are
/// looked at before anything else, as most hits of short texts end there.
pub(crate) fn confirm(index: usize, bytes: &[u8], hit: usize, hit_end: usize) -> Option<Match> {
    let format = &FORMATS[index];
    if let Some(class) = format.next
        && !bytes.get(hit_end).is_some_and(|it| class.holds(*it))
    {
        return None;
    }
    let start = match format.before {
        None => hit,
        Some(Lookback { class, length }) => {
            let window = &bytes[hit.saturating_sub(length)..hit];
            hit - window.iter().rev().take_while(|&&byte| class.holds(byte)).count()
        }
    };
    let before = start.checked_sub(1).map(|it| bytes[it]);
    if before.is_some_and(|it| Body::Word.holds(it)) && !follows_escape(bytes, start) {
        return None;
    }
    if bytes.len() - start < format.length.0 {
        return None;
    }
    let end = bytes.len().min(start + format.length.1);
    crate::scan::count_work(end - start);
    let found = compiled(index)
        .search(&Input::new(&bytes[..end]).range(start..end).anchored(Anchored::Yes))?;
    if bytes.get(found.end()).is_some_and(|&it| format.body.holds(it)) {
        return None;
    }
    let text = &bytes[start..found.end()];
    let prefix = format.prefixes.iter().map(|it| it.len()).max().unwrap_or(0);
    let body = if format.before.is_some() { text } else { &text[prefix.min(text.len())..] };
    let cut = bytes[found.end()..].starts_with(b"...");
    if checks::holds(format.check, text) && !cut && !is_fabricated(body) {
        Some(Match::Accepted(start, found.end()))
    } else {
        Some(Match::Refused(start, found.end()))
    }
}

/// In source text the letter before may be that of an escape: `"\nghp_…"`.
fn follows_escape(bytes: &[u8], start: usize) -> bool {
    start >= 2 && bytes[start - 2] == b'\\' && matches!(bytes[start - 1], b'n' | b'r' | b't')
}

/// Whether the part that ought to be random was typed by a person: masks, runs, words.
fn is_fabricated(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return true };
    let few = if body.len() >= 32 { 8 } else { 6 };
    // Digits cut a text of capitals into pieces short enough for acronyms.
    let few_digits = body.iter().filter(|it| it.is_ascii_digit()).count() <= 2;
    distinct(body) < few
        || entropy(body) < 2.5
        || body.len() <= SHORT && has_run(body)
        || ["example", "xxxx", "12345", "abcdef", "placeholder", "redacted", "your", "...."]
            .iter()
            .any(|it| contains_ignoring_case(body, it.as_bytes()))
        || few_digits && reads_like_words(text)
        || text.contains(AZURITE)
}

/// A body this short that is random has no run; longer ones encode structures with zeros in them.
const SHORT: usize = 24;

/// Whether one byte stands five times in a row.
fn has_run(body: &[u8]) -> bool {
    body.windows(5).any(|it| it.iter().all(|byte| *byte == it[0]))
}

pub(crate) fn contains_ignoring_case(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|it| it.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests;
