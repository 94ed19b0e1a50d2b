//! Texts, and which credentials need no name in them.

use std::cell::Cell;

use super::*;
use crate::{Binding, judge};

std::thread_local! {
    /// The bytes that confirmations on this thread have read.
    pub(super) static WORK: Cell<usize> = const { Cell::new(0) };
}

fn work(bytes: &[u8]) -> usize {
    WORK.set(0);
    scan(bytes);
    WORK.get()
}

fn kinds(text: &str) -> Vec<(&'static str, &str)> {
    scan(text.as_bytes()).into_iter().map(|it| (it.kind.phrase(), &text[it.span])).collect()
}

fn encode(text: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let mut bits = 0usize;
        (0..3).for_each(|it| bits = bits << 8 | usize::from(*group.get(it).unwrap_or(&0)));
        let letter = |it: usize| {
            if it <= group.len() { char::from(letters[bits >> (18 - 6 * it) & 63]) } else { '=' }
        };
        [letter(0), letter(1), letter(2), letter(3)]
    };
    text.chunks(3).flat_map(group).collect()
}

fn gitlab() -> String {
    ["glp", "at-q8Zk2vLp9sRt4wXy7bNc"].concat()
}

#[test]
fn a_stretch_of_text_is_one_finding() {
    // A provider's token as the password of a URL is the token.
    let text = format!("https://x:{}@git.acme.io/a.git", gitlab());
    assert_eq!(kinds(&text), [("gitlab-token", gitlab().as_str())]);
}

#[test]
fn an_escape_before_a_token_is_no_neighbour() {
    assert_eq!(kinds(&format!("first\\n{}", gitlab())).len(), 1);
    assert!(kinds(&format!("fist{}", gitlab())).is_empty());
}

#[test]
fn formats_and_keys_are_found_in_base64() {
    for glue in ["", "x", "xy"] {
        let plain = format!("{glue} token: {}\n", gitlab());
        let encoded = encode(plain.as_bytes());
        for text in [encoded.clone(), format!("data: \"{encoded}\""), format!("K={encoded}\n")] {
            assert_eq!(kinds(&text), [("gitlab-token", encoded.as_str())], "{glue:?}");
        }
    }
    let body = "MIIEowIBAAKCAQEAx7Kq9vZtW3sRpLm2YdFhBn8uJcQe5gTiOa1oXkHwEzVrPb4NyUjD6";
    let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n");
    let encoded = encode(key.as_bytes());
    assert_eq!(kinds(&encoded), [("private key", encoded.as_str())]);
    // As `base64` wraps it, indented in a manifest.
    let lines: Vec<&str> =
        (0..encoded.len()).step_by(76).map(|it| &encoded[it..encoded.len().min(it + 76)]).collect();
    let wrapped = lines.join("\n    ");
    let text = format!("tls.key: |\n    {wrapped}\nother: x\n");
    assert_eq!(kinds(&text), [("private key", wrapped.as_str())]);
}

#[test]
fn what_stands_in_base64_within_base64_is_left_alone() {
    let mut text = gitlab();
    for depth in 1..=10 {
        text = encode(text.as_bytes());
        assert_eq!(kinds(&text).len(), usize::from(depth == 1), "{depth}");
    }
}

#[test]
fn base64_of_less_is_nothing() {
    // A fabricated token, a password in a URL, and a token too short.
    let masked = ["glp", "at-xxxxxxxxxxxxxxxxxxxx"].concat();
    for plain in [&masked, "postgresql://app:Panther2017@db.acme.io/", &gitlab()[..12]] {
        assert!(kinds(&encode(plain.as_bytes())).is_empty(), "{plain}");
    }
}

#[test]
fn the_higher_rank_wins_then_the_earlier() {
    let url = |span| Outcome::new(Kind::UrlPassword, Some(Confidence::Low), span);
    let key = |span| Outcome::new(Kind::PrivateKey, Some(Confidence::High), span);
    let spans = |found| settled(found).into_iter().map(|it| it.secret.span).collect::<Vec<_>>();
    assert_eq!(spans(vec![url(0..5), key(3..9), url(9..12), url(8..10)]), [3..9, 9..12]);
    assert_eq!(spans(vec![url(4..8), url(0..6), url(7..9)]), [0..6, 7..9]);
    assert_eq!(spans(vec![url(0..3), url(0..9)]).len(), 1);
    assert_eq!(spans(vec![Outcome::new(Kind::UrlPassword, None, 0..5), url(4..6)])[0], 4..6);
}

/// Texts made to make a scanner work: fixed texts on end, and parts of structures that never come to an end.
fn hostile() -> Vec<(String, String)> {
    let of = |size: usize, unit: &str| unit.repeat(size / unit.len());
    let mut units: Vec<String> = PREFIXES
        .iter()
        .map(|it| it.0)
        .chain(STRUCTURES.iter().map(|it| it.0))
        .map(str::to_owned)
        .collect();
    for unit in units.clone() {
        units.push(format!("{unit}-"));
        units.push(format!(" {unit}"));
        units.push(format!("\\n{unit}0a"));
    }
    units.extend(needles().into_iter().map(|it| it.text));
    // No prefix makes more than a kilobyte be read.
    let mut texts: Vec<_> = units.iter().map(|it| (of(3000, it), of(6000, it))).collect();
    units = [
        "x://a:b@",
        "x://a:Panther2017@b.io ",
        "-----BEGIN PRIVATE KEY-----",
        "A: -----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\\n\" ",
        "PuTTY-User-Key-File-2: Private-Lines: 1",
        "Bearer a1b2c3d4e5f6g7h8i9",
        "\\neyJhbGciOiJub25lIn0.eyJ",
        "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n",
    ]
    .map(str::to_owned)
    .to_vec();
    units.push(["AK", "IAQ7ZK2VLP4SRT3WXY "].concat());
    units.push(gitlab() + " ");
    units.push(encode(gitlab().as_bytes()) + "/");
    texts.extend(units.iter().map(|it| (of(40_000, it), of(80_000, it))));
    texts
}

#[test]
fn the_work_grows_as_the_text_does() {
    for (short, long) in hostile() {
        let (one, two) = (work(short.as_bytes()), work(long.as_bytes()));
        let unit = &short[..short.len().min(40)];
        assert!(two <= 2 * one + one / 4 + 40_000, "{unit}: {one}, then {two}");
        assert!(two <= 128 * long.len(), "{unit}: {two} bytes read for {}", long.len());
    }
}

#[test]
fn nothing_printed_holds_the_value() {
    let canary = "q8Zk2vLp9sRt4wXy7bNc";
    let place = Place::Bound { name: "api_token", binding: Binding::Assignment };
    let secret = judge(&place, canary).unwrap();
    let shown = format!("{secret:?} {:?} {}", secret.kind, secret.kind.phrase());
    for length in 4..canary.len() {
        assert!(!shown.contains(&canary[..length]));
    }
}

#[test]
fn no_bytes_are_too_strange() {
    let mut state = 7u64;
    for length in 0..400 {
        let mut bytes = Vec::new();
        for part in 0..length {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let choice = (state >> 33) as usize;
            if part % 3 == 0 {
                bytes.extend_from_slice(PREFIXES[choice % PREFIXES.len()].0.as_bytes());
            } else if part % 3 == 1 {
                bytes.extend_from_slice(STRUCTURES[choice % STRUCTURES.len()].0.as_bytes());
            } else {
                bytes.push(choice as u8);
            }
        }
        let found = scan(&bytes);
        assert!(found.is_sorted_by(|one, next| one.span.end <= next.span.start));
        for secret in found {
            assert!(secret.span.end <= bytes.len() && secret.span.start < secret.span.end);
        }
    }
}
