//! Whatever the bytes, a scan ends and its spans lie in the text, in order, apart from each other, and the same each time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadworthy_secrets::{Salt, scan};

fuzz_target!(|bytes: &[u8]| {
    let found = scan(bytes);
    let salt = Salt::from_bytes([7; 16]);
    for secret in &found {
        assert!(secret.span.start < secret.span.end && secret.span.end <= bytes.len(), "a span outside of the text");
        let value = secret.value(bytes);
        assert_eq!(value.len(), secret.span.len());
        assert!(value.strength_bits() >= 0.0, "strength is no number");
        assert_eq!(value.fingerprint(&salt, "rule"), value.fingerprint(&salt, "rule"));
    }
    assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "overlapping or out of order");
    assert!(found == scan(bytes), "another result the second time");
});
