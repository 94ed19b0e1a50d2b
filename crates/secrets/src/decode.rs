//! Base64 and percent encoding, and the stretches of a text that are base64 of a credential; knows no format but by
//! the fixed texts it looks for.
//!
//! A text of *n* bytes appears in base64 in one of three forms, by its offset within the groups of three bytes. Those
//! forms of the most common fixed texts are literals of the one automaton, so looking for encoded credentials needs no
//! pass of its own, and only stretches that hold one are decoded.

use std::borrow::Cow;
use std::ops::Range;

/// Fixed texts that are looked for in base64: private keys, and the credentials that most often end up in Kubernetes
/// manifests and in variables of pipelines. Three bytes would match by accident once in 16 kB of base64, so none has
/// fewer than four.
const ENCODED: &[&str] = &[
    "-----BEGIN ",
    "AccountKey=",
    "AIza",
    "AKIA",
    "ASIA",
    "dckr_pat_",
    "dop_v1_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "glsa_",
    "hooks.slack.com/services/",
    "hvs.",
    "npm_",
    "pypi-AgE",
    "rk_live_",
    "shpat_",
    "sk-ant-",
    "sk-proj-",
    "sk_live_",
    "xapp-",
    "xoxb-",
    "xoxp-",
];

/// More characters make a needle no rarer, and the automaton larger.
const LONGEST_NEEDLE: usize = 8;
/// Fewer characters of base64 hold no credential.
const SHORTEST: usize = 24;
/// How much of a stretch is read before a hit, and behind it: a private key of 16,384 bits fits.
const REACH: usize = 32 * 1024;
/// Encoders wrap lines at 64 or 76 characters, so a shorter line is the last.
const WRAPPED: usize = 60;

/// One of the three forms of a fixed text.
pub(crate) struct Needle {
    /// The characters that do not depend on what stands around the text.
    pub(crate) text: String,
    /// How many characters of a group of four stand before it.
    pub(crate) shift: usize,
}

/// Every form of every fixed text.
pub(crate) fn needles() -> Vec<Needle> {
    let mut needles: Vec<Needle> = Vec::with_capacity(3 * ENCODED.len());
    for text in ENCODED {
        for offset in 0..3 {
            let padded = [&[0; 2][..offset], text.as_bytes(), &[0; 3]].concat();
            let encoded = encode(&padded);
            let (from, to) = ((8 * offset).div_ceil(6), 8 * (offset + text.len()) / 6);
            let to = to.min(from + LONGEST_NEEDLE);
            needles.push(Needle { text: encoded[from..to].to_owned(), shift: from % 4 });
        }
    }
    needles
}

fn encode(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for group in bytes.chunks_exact(3) {
        let bits = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        for shift in [18, 12, 6, 0] {
            encoded.push(LETTERS[(bits >> shift & 63) as usize] as char);
        }
    }
    encoded
}

/// Decodes the stretches of one text, each of them once.
#[derive(Default)]
pub(crate) struct Decoder {
    /// Up to where the text has been decoded, for each position within groups of four; so no byte is decoded more
    /// than four times, however many hits there are.
    until: [usize; 4],
}

impl Decoder {
    /// The stretch of base64 around a needle at `at`, and what it decodes to; `None` where it is too short, or was
    /// decoded before.
    pub(crate) fn stretch(
        &mut self,
        bytes: &[u8],
        at: usize,
        shift: usize,
    ) -> Option<(Range<usize>, Vec<u8>)> {
        let until = &mut self.until[(at + 4 - shift) % 4];
        if at < *until {
            return None;
        }
        let floor = at.saturating_sub(REACH).max(*until);
        let before = bytes[floor..at].iter().rev().take_while(|it| is_letter(**it)).count();
        // What is glued to the front, such as the end of a path, is less than a group.
        let start = at - before + before.checked_sub(shift)? % 4;
        let (end, letters) = read(bytes, start, at.saturating_add(REACH).min(bytes.len()));
        *until = end;
        super::scan::count_work(end - start);
        if letters.len() < SHORTEST {
            return None;
        }
        Some((start..end, base64(&letters)?))
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Reads base64 from `start` on, across the line ends of a wrapped text; returns its end and its letters.
fn read(bytes: &[u8], start: usize, limit: usize) -> (usize, Vec<u8>) {
    let mut letters = Vec::new();
    let (mut at, mut line) = (start, 0);
    while at < limit {
        if is_letter(bytes[at]) {
            letters.push(bytes[at]);
            at += 1;
            line += 1;
            continue;
        }
        if line < WRAPPED || !matches!(bytes[at], b'\r' | b'\n') {
            break;
        }
        let blank = bytes[at..limit]
            .iter()
            .position(|it| !matches!(it, b'\r' | b'\n' | b' ' | b'\t'))
            .unwrap_or(limit - at);
        if !bytes.get(at + blank).is_some_and(|it| at + blank < limit && is_letter(*it)) {
            break;
        }
        at += blank;
        line = 0;
    }
    at += bytes[at..limit].iter().take(2).take_while(|it| **it == b'=').count();
    (at, letters)
}

/// Decodes either alphabet, with or without padding.
pub(crate) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = text.iter().rev().take_while(|it| **it == b'=').count();
    let mut bits = 0u32;
    let mut count = 0;
    let mut decoded = Vec::with_capacity(text.len() * 3 / 4);
    for &byte in &text[..text.len() - padding] {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count & 0xFF) as u8);
        }
    }
    Some(decoded)
}

/// Replaces `%40` and its like (RFC 3986, section 2.1). What does not decode to text stays as it is.
pub(crate) fn percent(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|it| (*it as char).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(text.into(), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_stand_in_every_encoding_of_their_text() {
        let needles = needles();
        for (index, text) in ENCODED.iter().enumerate() {
            assert!(text.len() >= 4, "{text}");
            for (offset, needle) in needles[3 * index..][..3].iter().enumerate() {
                let plain = [&b"zyx"[..offset], text.as_bytes(), b"zyxw"].concat();
                let padded = [&plain[..], &[0; 2][..(3 - plain.len() % 3) % 3]].concat();
                let at = encode(&padded).find(&needle.text).expect("the needle is there");
                assert_eq!(at % 4, needle.shift, "{text} at {offset}");
                // In the other alphabet of RFC 4648 the needle would be another.
                assert!(!needle.text.contains(['+', '/']), "{text}");
                assert!(needle.text.len() >= 4, "{text} at {offset}");
            }
        }
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent("a%40b"), "a@b");
        assert_eq!(percent("%C3%A9%2f"), "é/");
        for text in ["100%", "%s", "%(name)s", "%FF", "%4"] {
            assert_eq!(percent(text), text);
        }
    }

    #[test]
    fn base64_of_either_alphabet() {
        assert_eq!(base64(b"Pz8_Pj4-").as_deref(), Some(&b"???>>>"[..]));
        assert_eq!(base64(b"Pz8/Pj4+").as_deref(), Some(&b"???>>>"[..]));
        assert_eq!(base64(b"YQ==").as_deref(), Some(&b"a"[..]));
        assert_eq!(base64(b"Y!==").as_deref(), None);
    }
}
