//! Credentials planted in a project, among as many texts that only look like some, judged by the binary itself.
//!
//! Everything is made at run time from a seed, so that no file of this repository holds anything like a credential.
//! `ROADWORTHY_PLANTED_SEED=7` plants other values; `ROADWORTHY_PLANTED=table` shows how every kind and form fares, and
//! `ROADWORTHY_PLANTED=list` every miss and every false alarm as well.

#[path = "planted/configuration.rs"]
mod configuration;
#[path = "planted/corpus.rs"]
mod corpus;
#[path = "planted/encodings.rs"]
mod encodings;
#[path = "planted/forms_configuration.rs"]
mod forms_configuration;
#[path = "planted/forms_python.rs"]
mod forms_python;
#[path = "planted/negatives.rs"]
mod negatives;
#[path = "planted/negatives_configuration.rs"]
mod negatives_configuration;
#[path = "planted/negatives_named.rs"]
mod negatives_named;
#[path = "planted/negatives_python.rs"]
mod negatives_python;
#[path = "planted/python.rs"]
mod python;
#[path = "planted/random.rs"]
mod random;
#[path = "planted/score.rs"]
mod score;
#[path = "planted/secrets.rs"]
mod secrets;
#[path = "planted/template.rs"]
mod template;

use std::collections::HashSet;

use corpus::Corpus;
use random::Random;
use score::Score;

/// Of the harmonic mean of precision and recall.
const LEAST_F1: f64 = 0.97;

fn random() -> Random {
    let seed = std::env::var("ROADWORTHY_PLANTED_SEED")
        .map_or(0x5EED, |it| it.parse().expect("a seed is a number"));
    Random::new(seed)
}

fn is_large_enough(corpus: &Corpus) {
    let planted = corpus.items.iter().filter(|it| it.planted);
    let harmless = corpus.items.iter().filter(|it| !it.planted);
    let kinds: HashSet<&str> = planted.clone().map(|it| it.kind).collect();
    let forms: HashSet<&str> = planted.clone().map(|it| it.form).collect();
    let others: HashSet<&str> = harmless.clone().map(|it| it.kind).collect();
    let counts = (planted.count(), harmless.count());
    assert!(
        kinds.len() >= 40 && forms.len() >= 15 && others.len() >= 25,
        "{} {} {}",
        kinds.len(),
        forms.len(),
        others.len()
    );
    assert!(counts.1 >= counts.0, "{counts:?}");
}

#[test]
fn credentials_planted_in_python_are_found_and_their_like_is_left_alone() {
    let corpus = python::corpus(&mut random());
    is_large_enough(&corpus);
    let score = Score::of(&corpus);
    score.show("python");
    assert!(score.f1() >= LEAST_F1, "{}", score.summary());
}

#[test]
fn credentials_planted_in_configuration_are_found_and_their_like_is_left_alone() {
    let corpus = configuration::corpus(&mut random());
    is_large_enough(&corpus);
    let score = Score::of(&corpus);
    score.show("configuration");
    assert!(score.f1() >= LEAST_F1, "{}", score.summary());
}

#[test]
fn checksums_are_those_of_their_standards() {
    assert_eq!(encodings::crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(encodings::base64(b"fooba"), "Zm9vYmE=");
    assert_eq!(encodings::base64_url(&[0xFB, 0xFF]), "-_8");
    // Of BIP-173, without data and with all of it.
    assert_eq!(encodings::bech32("a", &[]), "A12UEL5L");
    let data: Vec<u8> = (0..32).collect();
    assert_eq!(encodings::bech32("abcdef", &data), "ABCDEF1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW");
}
