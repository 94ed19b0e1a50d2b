//! Secrets made at random for one run, and the search for any trace of them. Knows no program.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use sha2::Digest as _;

/// As much of a value, in any form, as no output may hold: so many bytes of it.
const WINDOW: usize = 8;

/// A source of random characters.
pub(crate) struct Random {
    state: RandomState,
    drawn: u64,
}

impl Random {
    pub(crate) fn new() -> Self {
        Self { state: RandomState::new(), drawn: 0 }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.drawn += 1;
        (self.state.hash_one(self.drawn) % limit as u64) as usize
    }

    fn of(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    fn word(&mut self, length: usize) -> String {
        self.of("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", length)
    }
}

/// The planted secrets of a run.
pub(crate) struct Canaries {
    random: Random,
    /// Every window of every form, and what it is of.
    forbidden: HashMap<Vec<u8>, String>,
    sizes: BTreeSet<usize>,
    leaks: RefCell<BTreeMap<String, String>>,
    /// Words that hold nothing of them.
    clean: RefCell<HashSet<Vec<u8>>>,
}

impl Canaries {
    pub(crate) fn new() -> Self {
        Self {
            random: Random::new(),
            forbidden: HashMap::new(),
            sizes: BTreeSet::new(),
            leaks: RefCell::default(),
            clean: RefCell::default(),
        }
    }

    /// A password that looks real: letters of both cases and digits, never only one of them.
    pub(crate) fn password(&mut self, place: &str) -> String {
        let value = format!("q{}7T{}z", self.random.word(8), self.random.word(8));
        self.forbid(place, &value);
        value
    }

    /// A password that can be guessed, though no dictionary has it.
    pub(crate) fn weak(&mut self, place: &str) -> String {
        // Vowels make words (`qux` stands for a value), and many digits a number: no rule may judge one value unlike
        // another.
        let mut part = || self.random.of("BCDFGHJKLMNPQRSTVWZbcdfghjklmnpqrstvwz", 2);
        let value = format!("q{}7T{}z8", part(), part());
        self.forbid(place, &value);
        value
    }

    /// A token of GitHub, whose last six characters are a checksum (github.blog, 2021-04-05).
    pub(crate) fn github(&mut self, place: &str) -> String {
        let body = self.random.word(30);
        let mut sum = crc32(body.as_bytes());
        let mut digits = [b'0'; 6];
        for digit in digits.iter_mut().rev() {
            let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            *digit = alphabet[(sum % 62) as usize];
            sum /= 62;
        }
        let secret = body + std::str::from_utf8(&digits).expect("digits are ASCII");
        self.forbid(place, &secret);
        format!("gh{}_{secret}", "p")
    }

    /// An access key of AWS.
    pub(crate) fn aws(&mut self, place: &str) -> String {
        // Letters alone may read like words now and then, which no key does.
        let part =
            |random: &mut Random| random.of("BCDFGHJKLMNPQRSTVWXZ", 3) + &random.of("234567", 1);
        let secret: String = (0..4).map(|_| part(&mut self.random)).collect();
        self.forbid(place, &secret);
        format!("AK{}{secret}", "IA")
    }

    /// A bot's token of Slack.
    pub(crate) fn slack(&mut self, place: &str) -> String {
        let numbers = self.random.of("123456789", 12);
        let secret = self.random.word(24);
        self.forbid(place, &secret);
        format!("xo{}-{numbers}-{numbers}-{secret}", "xb")
    }

    /// The lines of a private key.
    pub(crate) fn key_body(&mut self, place: &str) -> String {
        let lines: Vec<String> = (0..6)
            .map(|_| {
                let line = self.random.word(64);
                self.forbid(place, &line);
                line
            })
            .collect();
        lines.join("\n")
    }

    /// Notes every form of a value.
    pub(crate) fn forbid(&mut self, place: &str, value: &str) {
        self.clean.get_mut().clear();
        let bytes = value.as_bytes();
        assert!(bytes.len() >= WINDOW, "too short to be told from chance");
        let mut forms: Vec<(&str, String, usize)> = vec![("itself", value.to_owned(), WINDOW)];
        forms.push(("reversed", value.chars().rev().collect(), WINDOW));
        forms.push((
            "hex",
            bytes.iter().fold(String::new(), |s, b| s + &format!("{b:02x}")),
            2 * WINDOW,
        ));
        forms.push((
            "HEX",
            bytes.iter().fold(String::new(), |s, b| s + &format!("{b:02X}")),
            2 * WINDOW,
        ));
        let percent = |case: fn(&u8) -> String| bytes.iter().map(case).collect::<Vec<_>>().concat();
        forms.push(("percent", percent(|byte| format!("%{byte:02X}")), 3 * WINDOW));
        forms.push(("percent", percent(|byte| format!("%{byte:02x}")), 3 * WINDOW));
        for shift in 0..3 {
            // Only the characters that no neighbour has a part in.
            let inner = base64(&[&b"\0\0"[..shift], bytes].concat());
            let first = [0, 2, 3][shift];
            let whole = (shift + bytes.len()) * 8 / 6;
            forms.push(("base64", inner[first..whole].to_owned(), WINDOW));
        }
        let hex = |hash: &[u8]| hash.iter().fold(String::new(), |s, b| s + &format!("{b:02x}"));
        forms.push(("SHA-1", hex(&sha1::Sha1::digest(bytes)), 2 * WINDOW));
        forms.push(("SHA-256", hex(&sha2::Sha256::digest(bytes)), 2 * WINDOW));
        for (form, text, size) in forms {
            self.sizes.insert(size);
            assert!(text.bytes().all(is_of_a_form), "what is looked at must hold it: {form}");
            for window in text.as_bytes().windows(size) {
                self.forbidden.insert(window.to_vec(), format!("{place}, {form}"));
            }
        }
    }

    /// Notes each trace of a value in a text.
    pub(crate) fn look(&self, text: &[u8], origin: &str) {
        let mut clean = self.clean.borrow_mut();
        let mut at = 0;
        // No form goes beyond a word, and most words have been looked at before.
        for word in text.split(|byte| !is_of_a_form(*byte)) {
            let is_new = word.len() >= WINDOW && !clean.contains(word);
            if is_new && self.look_at(word, text, at, origin) {
                clean.insert(word.to_vec());
            }
            at += word.len() + 1;
        }
    }

    /// Notes each trace in a word of a text; whether there was none.
    fn look_at(&self, word: &[u8], text: &[u8], at: usize, origin: &str) -> bool {
        let mut found = false;
        for size in &self.sizes {
            for window in word.windows(*size) {
                if let Some(what) = self.forbidden.get(window) {
                    found = true;
                    let line = text[..at].split(|byte| *byte == b'\n').count() - 1;
                    let mut leaks = self.leaks.borrow_mut();
                    leaks.entry(what.clone()).or_insert_with(|| {
                        // The values are made for this run: who mends a leak may look at them.
                        let shown = std::env::var_os("SHOW_CANARIES").map(|_| {
                            let text = String::from_utf8_lossy(text);
                            text.lines().nth(line).unwrap_or_default().to_owned()
                        });
                        format!("{origin}, line {}: {}", line + 1, shown.unwrap_or_default())
                    });
                }
            }
        }
        !found
    }

    /// Fails where traces were found; says of what and where, and not what they hold.
    #[track_caller]
    pub(crate) fn assert_silent(&self) {
        let leaks = self.leaks.borrow();
        let told: Vec<String> =
            leaks.iter().map(|(what, origin)| format!("{what}\n    {origin}")).collect();
        assert!(leaks.is_empty(), "{} values leak:\n{}", leaks.len(), told.join("\n"));
    }
}

/// Whether a byte can stand in any form of a value.
fn is_of_a_form(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'%')
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

/// RFC 4648, with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(*chunk.get(index).unwrap_or(&0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) as usize & 63;
            text.push(if place <= chunk.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    text
}

#[test]
fn a_trace_is_found_in_every_form() {
    let mut canaries = Canaries::new();
    let value = canaries.password("x");
    let found = |text: &str| {
        canaries.leaks.borrow_mut().clear();
        canaries.look(text.as_bytes(), "test");
        !canaries.leaks.borrow().is_empty()
    };
    assert!(!found("nothing of it"));
    assert!(!found(&value[..7]));
    assert!(found(&format!("…{}…", &value[3..11])));
    assert!(found(&value.chars().rev().collect::<String>()[..9]));
    for before in ["", "u", "us", "usr"] {
        assert!(found(&base64(format!("{before}:{value}@host").as_bytes())), "{before}");
    }
    let hex = value.bytes().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert!(found(&hex) && found(&hex.to_uppercase()));
    assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
}
