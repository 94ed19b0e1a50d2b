//! The confirmation of structures: the head of a key block, a URL, a header, a web token or a service account, and
//! whatever the fuzzer puts around it.
#![no_main]

use libfuzzer_sys::{arbitrary::{self, Arbitrary}, fuzz_target};
use roadworthy_secrets::scan;

const HEADS: &[&str] = &[
    "-----BEGIN RSA PRIVATE KEY-----\n",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n",
    "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n",
    "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n",
    "postgresql://app:",
    "Authorization: token ",
    "Bearer ",
    "Basic ",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiIsImV4cCI6",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    heads: [u8; 2],
    parts: [&'a [u8]; 3],
}

fuzz_target!(|input: Input<'_>| {
    let [one, other] = input.heads.map(|it| HEADS[usize::from(it) % HEADS.len()].as_bytes());
    let [before, between, after] = input.parts;
    let bytes = [before, one, between, other, after].concat();
    let found = scan(&bytes);
    assert!(found.iter().all(|it| it.span.start < it.span.end && it.span.end <= bytes.len()), "outside");
    assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "overlapping");
});
