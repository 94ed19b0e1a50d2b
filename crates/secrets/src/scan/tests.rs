use super::*;
use crate::{Binding, judge};

#[test]
fn a_stretch_of_text_is_one_finding() {
    // A provider's token as the password of a URL is the token.
    let text = ["https://x:glp", "at-q8Zk2vLp9sRt4wXy7bNc@git.acme.io/a.git"].concat();
    let found = scan(text.as_bytes());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind.phrase(), "gitlab-token");
}

#[test]
fn an_escape_before_a_token_is_no_neighbour() {
    let text = ["first\\nglp", "at-q8Zk2vLp9sRt4wXy7bNc"].concat();
    assert_eq!(scan(text.as_bytes()).len(), 1);
    let glued = ["fistglp", "at-q8Zk2vLp9sRt4wXy7bNc"].concat();
    assert!(scan(glued.as_bytes()).is_empty());
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
        for secret in scan(&bytes) {
            assert!(secret.span.end <= bytes.len() && secret.span.start < secret.span.end);
        }
    }
}
