//! Text with gaps: `«hex 40»` is random, `«value»` and `«snake»` are given. Knows neither secrets nor syntax.

use super::encodings::base64;
use super::random::{
    BASE32, BASE62, BASE64, DIGITS, HEX, LETTERS, LOWER, Random, SERVICES, UPPER, URL64, WORDS,
};

/// What the gaps of one snippet share.
#[derive(Clone, Default)]
pub(crate) struct Given {
    /// The words of the name, in lower case.
    pub(crate) name: Vec<String>,
    pub(crate) value: String,
    /// Sets identifiers of a file apart.
    pub(crate) number: usize,
}

/// A filled text.
pub(crate) struct Filled {
    pub(crate) text: String,
    /// First and last line that hold a part of the value, from 0.
    pub(crate) lines: Option<(usize, usize)>,
}

impl Given {
    pub(crate) fn new(name: &str, value: String, number: usize) -> Self {
        Self { name: name.split('_').map(str::to_owned).collect(), value, number }
    }

    fn camel(&self) -> String {
        let mut words = self.name.iter();
        let first = words.next().cloned().unwrap_or_default();
        words.fold(first, |text, word| text + &capital(word))
    }
}

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

pub(crate) fn fill(template: &str, given: &Given, random: &mut Random) -> Filled {
    let mut text = String::new();
    let mut lines: Option<(usize, usize)> = None;
    let mut rest = template;
    while let Some(open) = rest.find('«') {
        let close = rest.find('»').expect("every gap is closed");
        text.push_str(&rest[..open]);
        let gap = &rest[open + '«'.len_utf8()..close];
        rest = &rest[close + '»'.len_utf8()..];
        let indent = " ".repeat(text.len() - text.rfind('\n').map_or(0, |it| it + 1));
        let filled = gap_text(gap, given, random, &indent);
        if matches!(gap, "value" | "head" | "tail" | "base64" | "block" | "escaped" | "literals") {
            let first = text.matches('\n').count();
            let last = first + filled.matches('\n').count();
            lines = Some(lines.map_or((first, last), |it| (it.0, last)));
        }
        text.push_str(&filled);
    }
    text.push_str(rest);
    Filled { text, lines }
}

fn gap_text(gap: &str, given: &Given, random: &mut Random, indent: &str) -> String {
    let value = &given.value;
    let middle = value.char_indices().nth(value.chars().count() / 2).map_or(0, |it| it.0);
    match gap {
        "value" => value.clone(),
        "head" => value[..middle].to_owned(),
        "tail" => value[middle..].to_owned(),
        "base64" => base64(value.as_bytes()),
        // Lines of a block: indented, escaped, or each a literal.
        "block" => value.replace('\n', &format!("\n{indent}")),
        "escaped" => value.replace('\n', "\\n"),
        "literals" => {
            let lines: Vec<String> = value.lines().map(|it| format!("\"{it}\\n\"")).collect();
            lines.join(&format!("\n{indent}"))
        }
        "n" => given.number.to_string(),
        "snake" => given.name.join("_"),
        "UPPER" => given.name.join("_").to_uppercase(),
        "kebab" => given.name.join("-"),
        "dotted" => given.name.join("."),
        "camel" => given.camel(),
        "Header" => given.name.iter().map(|it| capital(it)).collect::<Vec<_>>().join("-"),
        "service" => random.pick(SERVICES).to_owned(),
        "word" => random.pick(WORDS).to_owned(),
        "Word" => capital(random.pick(WORDS)),
        "WORD" => random.pick(WORDS).to_uppercase(),
        "uuid" => random.uuid(),
        _ => {
            let (alphabet, length) = gap.split_once(' ').expect("a gap is known or has a length");
            let number = |text: &str| text.parse().expect("a length is a number");
            let length = match length.split_once("..") {
                Some((least, most)) => random.between(number(least), number(most)),
                None => number(length),
            };
            let alphabet = match alphabet {
                "hex" => HEX,
                "digits" => DIGITS,
                "lower" => LOWER,
                "letters" => LETTERS,
                "upper" => UPPER,
                "b32" => BASE32,
                "b36" => super::random::BASE36,
                "b62" => BASE62,
                "b64" => BASE64,
                "url" => URL64,
                "HEX" => "0123456789ABCDEF",
                other => panic!("unknown gap {other}"),
            };
            random.text(alphabet, length)
        }
    }
}

/// A template without name and value.
pub(crate) fn random_text(template: &str, random: &mut Random) -> String {
    fill(template, &Given::default(), random).text
}
