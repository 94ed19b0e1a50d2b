//! The confirmation of formats, checksums and payloads included: a fixed text and whatever the fuzzer puts around it.
#![no_main]

use libfuzzer_sys::{arbitrary::{self, Arbitrary}, fuzz_target};
use roadworthy_secrets::{Binding, Kind, Place, formats, judge, scan};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    format: u16,
    prefix: u8,
    before: &'a [u8],
    after: &'a [u8],
    /// Whether the bytes become letters and digits, which patterns are made of.
    letters: bool,
}

fuzz_target!(|input: Input<'_>| {
    let letters = |bytes: &[u8]| -> Vec<u8> {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
        bytes.iter().map(|it| if input.letters { LETTERS[usize::from(it & 63)] } else { *it }).collect()
    };
    let format = &formats()[usize::from(input.format) % formats().len()];
    let (before, after) = (letters(input.before), letters(input.after));
    let Some(maker) = format.under.first() else {
        let prefix = match format.prefixes {
            // Its secret stands near a key id: in two parts, so that no scanner takes this file for a leak.
            [] => ["AK", "IAQ7ZK2VLP4SRT3WXY\n"].concat(),
            prefixes => prefixes[usize::from(input.prefix) % prefixes.len()].to_owned(),
        };
        let bytes = [&before, prefix.as_bytes(), &after].concat();
        let found = scan(&bytes);
        assert!(found.iter().all(|it| it.span.start < it.span.end && it.span.end <= bytes.len()), "outside");
        assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "overlapping");
        for secret in found {
            if let Kind::ProviderFormat(format) = secret.kind {
                assert_eq!(secret.confidence, format.confidence);
            }
        }
        return;
    };
    let Ok(value) = String::from_utf8(after) else { return };
    let name = format!("{maker}_api_key");
    let found = judge(&Place::Bound { name: &name, binding: Binding::Argument }, &value);
    assert!(found.is_none_or(|it| value.get(it.span).is_some()), "outside");
});
