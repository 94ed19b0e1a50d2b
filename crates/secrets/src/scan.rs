//! The pass over raw bytes: one automaton for every fixed text, then a confirmation at each hit. Knows no names and no
//! syntax; a place only tells it which header a value belongs to.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::formats::{self, Match};
use crate::formats_table::{FORMATS, PREFIXES};
use crate::{Confidence, Kind, Place, Secret, structures};

/// A recognised form: a credential, or a sample that must not be judged again by another way.
pub(crate) struct Outcome {
    pub(crate) secret: Secret,
    pub(crate) accepted: bool,
    /// Which recognition wins where two overlap: a token in a URL is the token.
    rank: u8,
}

impl Outcome {
    pub(crate) fn new(kind: Kind, confidence: Option<Confidence>, span: Range<usize>) -> Self {
        let rank = match kind {
            Kind::ProviderFormat(_) | Kind::PrivateKey => 3,
            Kind::JsonWebToken => 2,
            _ => 1,
        };
        let accepted = confidence.is_some();
        let confidence = confidence.unwrap_or(Confidence::Low);
        Self { secret: Secret { kind, confidence, span }, accepted, rank }
    }
}

/// Fixed texts of the forms that have a structure instead of a prefix table.
#[derive(Clone, Copy)]
enum Structure {
    PrivateKey,
    PuttyKey,
    Url,
    Bearer,
    Basic,
    TokenScheme,
    WebToken,
}

const STRUCTURES: &[(&str, Structure)] = &[
    ("-----BEGIN ", Structure::PrivateKey),
    ("PuTTY-User-Key-File-", Structure::PuttyKey),
    ("://", Structure::Url),
    ("Bearer ", Structure::Bearer),
    ("bearer ", Structure::Bearer),
    ("Basic ", Structure::Basic),
    ("basic ", Structure::Basic),
    ("token ", Structure::TokenScheme),
    // The JSON of a header begins with one of `alg typ kid x5t jku cty enc`, in base64.
    ("eyJhbGci", Structure::WebToken),
    ("eyJ0eXAi", Structure::WebToken),
    ("eyJraWQi", Structure::WebToken),
    ("eyJ4NXQi", Structure::WebToken),
    ("eyJqa3Ui", Structure::WebToken),
    ("eyJjdHki", Structure::WebToken),
    ("eyJlbmMi", Structure::WebToken),
];

/// The fixed texts of the structures, for the list of all triggers.
#[cfg(test)]
pub(crate) fn structure_triggers<'a>() -> impl Iterator<Item = &'a str> {
    STRUCTURES.iter().map(|it| it.0)
}

/// Built at the first scan, shared by all threads.
static AUTOMATON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .prefilter(false)
        .build(PREFIXES.iter().map(|it| it.0).chain(STRUCTURES.iter().map(|it| it.0)))
        .expect("some thousand states fit every limit")
});

/// Finds what needs no name: provider formats, private keys, passwords in URLs, Authorization headers, JSON Web
/// Tokens. The findings come in the order of their spans.
pub fn scan(bytes: &[u8]) -> Vec<Secret> {
    outcomes(bytes, &Place::Unbound)
        .into_iter()
        .filter(|it| it.accepted)
        .map(|it| it.secret)
        .collect()
}

pub(crate) fn outcomes(bytes: &[u8], place: &Place<'_>) -> Vec<Outcome> {
    let mut claimed: Vec<Outcome> = Vec::new();
    for hit in AUTOMATON.find_overlapping_iter(bytes) {
        let (index, at) = (hit.pattern().as_usize(), hit.start());
        let outcome = match PREFIXES.get(index) {
            Some((_, candidates)) => {
                candidates.iter().find_map(|&format| confirmed(usize::from(format), bytes, at))
            }
            None => structure(STRUCTURES[index - PREFIXES.len()].1, bytes, at, hit.end(), place),
        };
        if let Some(outcome) = outcome {
            claim(&mut claimed, outcome);
        }
    }
    claimed.sort_by_key(|it| it.secret.span.start);
    claimed
}

fn confirmed(index: usize, bytes: &[u8], at: usize) -> Option<Outcome> {
    let format = &FORMATS[index];
    let kind = Kind::ProviderFormat(format);
    Some(match formats::confirm(index, bytes, at)? {
        Match::Accepted(start, end) => Outcome::new(kind, Some(format.confidence), start..end),
        Match::Refused(start, end) => Outcome::new(kind, None, start..end),
    })
}

fn structure(
    which: Structure,
    bytes: &[u8],
    at: usize,
    end: usize,
    place: &Place<'_>,
) -> Option<Outcome> {
    match which {
        Structure::PrivateKey => structures::private_key(bytes, at),
        Structure::PuttyKey => structures::putty_key(bytes, at),
        Structure::Url => structures::url_password(bytes, at),
        Structure::Bearer => structures::bearer(bytes, at, end),
        Structure::Basic => structures::basic(bytes, at, end),
        Structure::TokenScheme => structures::token_scheme(bytes, at, end, place),
        Structure::WebToken => structures::web_token(bytes, at),
    }
}

/// Keeps one outcome for each stretch of text.
fn claim(claimed: &mut Vec<Outcome>, new: Outcome) {
    let overlaps = |it: &Outcome| {
        it.secret.span.start < new.secret.span.end && new.secret.span.start < it.secret.span.end
    };
    if claimed.iter().any(|it| overlaps(it) && it.rank >= new.rank) {
        return;
    }
    claimed.retain(|it| !overlaps(it));
    claimed.push(new);
}

#[cfg(test)]
mod tests;
