//! What stands in base64: a fixed text and what the fuzzer puts around it, encoded, wrapped and put among other text. A
//! finding of the plain text at the same place is a finding of the encoded one.
#![no_main]

use libfuzzer_sys::{arbitrary::{self, Arbitrary}, fuzz_target};
use roadworthy_secrets::scan;

const TEXTS: &[&str] = &["-----BEGIN RSA PRIVATE KEY-----\n", "glpat-", "AKIA", "xoxb-", "sk-ant-api03-", "hvs."];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    text: u8,
    before: &'a [u8],
    after: &'a [u8],
    around: [&'a [u8]; 2],
    wrapped: bool,
}

fuzz_target!(|input: Input<'_>| {
    let text = TEXTS[usize::from(input.text) % TEXTS.len()].as_bytes();
    // A whole token, so that what is found does not hang on the fuzzer's luck.
    let token = ["glp", "at-q8Zk2vLp9sRt4wXy7bNc "].concat();
    let plain = [input.before, text, input.after, b"\n", token.as_bytes()].concat();
    let mut encoded = encode(&plain);
    if input.wrapped {
        let lines: Vec<&[u8]> = encoded.chunks(76).collect();
        encoded = lines.join(&b"\n  "[..]);
    }
    let [before, after] = input.around;
    for bytes in [encoded.clone(), [before, b"\"", &encoded[..], b"\"", after].concat()] {
        let found = scan(&bytes);
        assert!(found.iter().all(|it| it.span.start < it.span.end && it.span.end <= bytes.len()), "outside");
        assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "overlapping");
        // Where a line ends within the fixed texts, nothing tells that they are there.
        assert!(input.wrapped || plain.len() > 8000 || !found.is_empty(), "an encoded token is lost");
    }
});

fn encode(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = (0..3).fold(0usize, |bits, it| bits << 8 | usize::from(*group.get(it).unwrap_or(&0)));
        [18, 12, 6, 0].map(|shift| LETTERS[bits >> shift & 63])
    };
    bytes.chunks(3).flat_map(group).collect()
}
