//! Whatever the text and the syntax, scanning ends and its spans lie in the text, in order, apart, on character
//! boundaries; so do those of the pairs in a literal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadworthy_secrets::{DocumentKind, Place, Secret, judge_all, scan_document};

const KINDS: [DocumentKind; 10] = [
    DocumentKind::Env,
    DocumentKind::Yaml,
    DocumentKind::Toml,
    DocumentKind::Json,
    DocumentKind::Ini,
    DocumentKind::Properties,
    DocumentKind::Dockerfile,
    DocumentKind::Shell,
    DocumentKind::Netrc,
    DocumentKind::Text,
];

fuzz_target!(|input: (u8, &str)| {
    let (kind, text) = input;
    check(text, &scan_document(text, KINDS[usize::from(kind) % KINDS.len()]));
    check(text, &judge_all(&Place::Unbound, text));
    check(text, &judge_all(&Place::Entry { key: "app.password", quoted: false }, text));
});

fn check(text: &str, found: &[Secret]) {
    let mut end = 0;
    for secret in found {
        assert!(end <= secret.span.start && secret.span.start < secret.span.end, "spans overlap");
        assert!(text.get(secret.span.clone()).is_some(), "a span cuts a character");
        end = secret.span.end;
    }
}
