//! The pass over raw bytes: one automaton for every fixed text, then a confirmation at each hit. Knows no names and no
//! syntax; a place only tells it which header a value belongs to.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use roadworthy_search::{Automaton, Hit};

use crate::decode::{Decoder, needles};
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

/// The fixed texts of the structures and of what is looked for in base64, for the list of all triggers.
#[cfg(test)]
pub(crate) fn structure_triggers() -> impl Iterator<Item = String> {
    STRUCTURES.iter().map(|it| it.0.to_owned()).chain(needles().into_iter().map(|it| it.text))
}

/// What every text is searched for: the texts of [`PREFIXES`], of [`STRUCTURES`], and those in base64.
struct Search {
    automaton: Automaton,
    /// For each text in base64, how many characters of its group stand before it.
    shifts: Vec<usize>,
}

/// Built at the first scan, shared by all threads.
static SEARCH: LazyLock<Search> = LazyLock::new(|| {
    let needles = needles();
    let texts = PREFIXES.iter().map(|it| it.0).chain(STRUCTURES.iter().map(|it| it.0));
    Search {
        automaton: Automaton::new(texts.chain(needles.iter().map(|it| it.text.as_str())), false),
        shifts: needles.iter().map(|it| it.shift).collect(),
    }
});

/// Finds what needs no name: provider formats, private keys, passwords in URLs, Authorization headers, JSON Web
/// Tokens, and formats and private keys in base64. The findings come in the order of their spans, and no two overlap.
///
/// The time is linear in the length of the text, whatever it holds: the effort at each hit has a bound.
pub fn scan(bytes: &[u8]) -> Vec<Secret> {
    outcomes(bytes, &Place::Unbound)
        .into_iter()
        .filter(|it| it.accepted)
        .map(|it| it.secret)
        .collect()
}

pub(crate) fn outcomes(bytes: &[u8], place: &Place<'_>) -> Vec<Outcome> {
    recognised(bytes, place, Some(Decoder::default()))
}

/// Everything recognised in `bytes`; what stands in base64 only with a decoder, which the decoded text is not given:
/// one level is what is met in life, and more would let a short text grow into much work.
fn recognised(bytes: &[u8], place: &Place<'_>, mut decoder: Option<Decoder>) -> Vec<Outcome> {
    let Search { automaton, shifts } = &*SEARCH;
    let mut found: Vec<Outcome> = Vec::new();
    for Hit { index, start: at, end } in automaton.hits(bytes) {
        if let Some((_, candidates)) = PREFIXES.get(index) {
            found.extend(
                candidates.iter().find_map(|&it| confirmed(usize::from(it), bytes, at, end)),
            );
        } else if let Some((_, which)) = STRUCTURES.get(index - PREFIXES.len()) {
            found.extend(structure(*which, bytes, at, end, place));
        } else if let Some(decoder) = &mut decoder {
            let shift = shifts[index - PREFIXES.len() - STRUCTURES.len()];
            found.extend(
                decoder.stretch(bytes, at, shift).and_then(|(span, text)| encoded(&text, span)),
            );
        }
    }
    if found.is_empty() {
        return found;
    }
    found.extend(structures::aws_secrets(bytes, &found));
    settled(found)
}

/// Before the key's identifier in a URL that was signed with the key, and which works for some minutes, or in a link to
/// a shop, which names who is paid for it.
const SIGNED: [&[u8]; 4] =
    [b"X-Amz-Credential=", b"AWSAccessKeyId=", b"&Credential=", b"SubscriptionId="];

fn confirmed(index: usize, bytes: &[u8], at: usize, end: usize) -> Option<Outcome> {
    let format = &FORMATS[index];
    let kind = Kind::ProviderFormat(format);
    Some(match formats::confirm(index, bytes, at, end)? {
        Match::Accepted(start, end) => {
            let signs = SIGNED.iter().any(|it| bytes[..start].ends_with(it));
            let confidence = if signs { Confidence::Low } else { format.confidence };
            Outcome::new(kind, Some(confidence), start..end)
        }
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

/// The surest format or private key in a decoded text, at the place of the encoded one. What else stands there (a URL,
/// a header) is too weak for a text that was never written to be read.
fn encoded(text: &[u8], span: Range<usize>) -> Option<Outcome> {
    let inner = recognised(text, &Place::Unbound, None);
    inner
        .into_iter()
        .filter(|it| {
            it.accepted && matches!(it.secret.kind, Kind::ProviderFormat(_) | Kind::PrivateKey)
        })
        .map(|it| it.secret)
        .reduce(|best, it| if it.confidence > best.confidence { it } else { best })
        .map(|it| Outcome::new(it.kind, Some(it.confidence), span))
}

/// Keeps one outcome for each stretch of text: the higher rank, then the credential before the fabricated sample, then
/// the earlier, then the longer. In the order of the spans.
fn settled(mut found: Vec<Outcome>) -> Vec<Outcome> {
    if found.len() > 1 {
        found.sort_by_key(|it| {
            let Range { start, end } = it.secret.span;
            (Reverse(it.rank), Reverse(it.accepted), start, Reverse(end))
        });
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        found.retain(|it| {
            count_work(1);
            let Range { start, end } = it.secret.span;
            // Those kept overlap each other nowhere, so the last that begins before this one's end decides.
            let free = ends.range(..end).next_back().is_none_or(|(_, taken)| *taken <= start);
            if free {
                ends.insert(start, end);
            }
            free
        });
        found.sort_by_key(|it| it.secret.span.start);
    }
    found
}

/// Counts the bytes that confirmations read, so that tests can say that they grow as the text does.
#[inline]
pub(crate) fn count_work(bytes: usize) {
    #[cfg(test)]
    tests::WORK.set(tests::WORK.get() + bytes);
    #[cfg(not(test))]
    let _ = bytes;
}

#[cfg(test)]
mod tests;
