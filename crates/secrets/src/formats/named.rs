//! Formats without a fixed text: those that count only under their maker's name, and those that what stands around
//! them tells. Knows which words a name is made of, not what it promises.

use super::{Format, compiled};
use crate::formats_table::FORMATS;
use crate::words::pieces;

/// The format that `value` has as the credential of the maker whose name is in `name`: 40 hexadecimal digits are a key
/// of Weights & Biases as `WANDB_API_KEY`, and anything as `commit`. The caller has seen that `name` promises a secret.
pub(crate) fn format_of_name(name: &str, value: &str) -> Option<&'static Format> {
    let bytes = value.as_bytes();
    FORMATS
        .iter()
        .enumerate()
        .find(|(index, format)| {
            !format.under.is_empty()
                && (format.length.0..=format.length.1).contains(&bytes.len())
                && format.under.iter().any(|it| says(name, it))
                && compiled(*index).is_match(bytes)
                && format.is_genuine(bytes)
        })
        .map(|it| it.1)
}

/// Whether some words of `name`, put together, are `wanted` (lower case): `DeepSeek_key` says `deepseek`, and
/// `shadow_password` does not say `ado`.
fn says(name: &str, wanted: &str) -> bool {
    let words: Vec<&str> = pieces(name).collect();
    (0..words.len()).any(|first| {
        let mut rest = wanted;
        words[first..].iter().any(|word| {
            match rest.get(..word.len()) {
                Some(start) if start.eq_ignore_ascii_case(word) => rest = &rest[word.len()..],
                // No longer piece can match either; an empty rest would already have ended the search.
                _ => rest = "\0",
            }
            rest.is_empty()
        })
    })
}

/// The format of a credential that code recognises by what stands around it.
pub(crate) fn structured(name: &str) -> &'static Format {
    FORMATS.iter().find(|it| it.name == name).expect("the table holds what the code names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_whole_words() {
        for (name, maker) in [
            ("WANDB_API_KEY", "wandb"),
            ("weights-and-biases.token", "weightsandbiases"),
            ("DeepSeekApiKey", "deepseek"),
            ("my_deep_seek_key", "deepseek"),
            ("secretAccessKey", "secretaccesskey"),
        ] {
            assert!(says(name, maker), "{name}");
        }
        for (name, maker) in
            [("shadow_password", "ado"), ("laws_key", "aws"), ("deep_api_key", "deepseek")]
        {
            assert!(!says(name, maker), "{name}");
        }
    }
}
