//! Values that stand for a value: templates, masks, invented words. Knows nothing of names.

use crate::words::pieces;

/// Words about credentials, and types.
const KEYWORDS: &[&str] = &[
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "authentication",
    "authorization",
    "base",
    "basic",
    "bearer",
    "bool",
    "bytes",
    "client",
    "cookie",
    "credential",
    "credentials",
    "csrf",
    "db",
    "digest",
    "encryption",
    "float",
    "hash",
    "header",
    "id",
    "int",
    "jwt",
    "key",
    "keys",
    "login",
    "master",
    "my",
    "name",
    "new",
    "oauth",
    "object",
    "old",
    "option",
    "pass",
    "passphrase",
    "passw",
    "passwd",
    "password",
    "passwords",
    "private",
    "public",
    "pw",
    "pwd",
    "refresh",
    "root",
    "secret",
    "secrets",
    "secure",
    "session",
    "signing",
    "str",
    "string",
    "token",
    "tokens",
    "type",
    "user",
    "username",
    "value",
];

/// Words that people invent where a value is wanted.
const INVENTED: &[&str] = &[
    "a",
    "abc",
    "another",
    "any",
    "bad",
    "bar",
    "baz",
    "blah",
    "bogus",
    "correct",
    "custom",
    "default",
    "demo",
    "different",
    "dummy",
    "empty",
    "example",
    "fake",
    "first",
    "foo",
    "foobar",
    "good",
    "hello",
    "here",
    "incorrect",
    "insecure",
    "invalid",
    "is",
    "long",
    "missing",
    "mock",
    "mocked",
    "none",
    "not",
    "null",
    "other",
    "placeholder",
    "qux",
    "random",
    "sample",
    "second",
    "some",
    "something",
    "spam",
    "strong",
    "super",
    "temp",
    "temporary",
    "test",
    "tested",
    "tester",
    "testing",
    "tests",
    "the",
    "this",
    "tmp",
    "top",
    "unused",
    "valid",
    "very",
    "weak",
    "wrong",
    "your",
];

/// Anywhere in a value, whatever stands around it.
const TELLTALE: &[&str] = &[
    "...",
    "***",
    "<your",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "changethis",
    "change_this",
    "change-this",
    "redact",
    "lorem",
    "your_",
    "your-",
    "my_password",
    "my-password",
    "insert_",
    "insert-",
    "replace_",
    "replace-",
    "replaceme",
    "_here",
    "-here",
    "dummy",
    "fixme",
    "qwerty",
    "not-needed",
    "notneeded",
    "not_needed",
    "notarealkey",
    "\u{2022}\u{2022}",
];

/// Runs of the keyboard and of the alphabet; in a long random text they stand by chance.
const RUNS: &[&str] = &["xxxx", "1234", "abcd", "0000", "deadbeef"];
const LONGEST_WITH_RUN: usize = 32;

/// Whole words only: `example` of `example-key`, not the `todo` of a random text.
const TELLTALE_WORDS: &[&str] = &["example", "todo", "changeit", "examplekey"];

/// Whether a run stands in a value. Three letters stand in every four-thousandth random text of twenty characters, so
/// inside such a text they mask nothing.
fn has_run(value: &str, lower: &str) -> bool {
    let bytes = value.as_bytes();
    let is_text = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
    let is_random = || {
        bytes.iter().any(u8::is_ascii_digit)
            && bytes.iter().any(|it| it.is_ascii_uppercase() && *it != b'X')
            && bytes.iter().any(|it| it.is_ascii_lowercase() && *it != b'x')
    };
    RUNS.iter().any(|it| lower.contains(it))
        || ["xxx", "XXX"].iter().flat_map(|it| value.match_indices(it)).any(|(at, run)| {
            let is_inside =
                at > 0 && is_text(bytes.get(at - 1)) && is_text(bytes.get(at + run.len()));
            !is_inside || !is_random()
        })
}

/// Whether the value is filled in elsewhere: `${X}`, `{{ x }}`, `%(x)s`, `{name}`, `<key>`, `vault:…`.
pub(crate) fn is_template(value: &str) -> bool {
    const CONTAINS: &[&str] = &["${", "$(", "{{", "}}", "%(", "<%", "%>", "{}", "#{", "$$"];
    const STARTS: &[&str] = &[
        "!vault ",
        "!secret ",
        "ENC[",
        "vault:",
        "op://",
        "ssm:",
        "arn:",
        "file:",
        "env:",
        "AQICAH",
        "secret://",
        "os.environ",
        "secretsmanager:",
        "ref+",
    ];
    let bytes = value.as_bytes();
    let wrapped = |first: u8, last: u8| {
        bytes.len() > 2 && bytes[0] == first && bytes[bytes.len() - 1] == last
    };
    // A shell that only prints a command escapes what that would read: `echo "KEY=\"\$NAME\""`.
    let dollar = value.trim_start_matches('\\').strip_prefix('$').is_some_and(|it| {
        it.len() > 1
            && it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
    });
    CONTAINS.iter().any(|it| value.contains(it))
        || STARTS.iter().any(|it| value.starts_with(it))
        // The credential of a signature names a key, a day and a region (AWS Signature Version 4).
        || value.ends_with("/aws4_request")
        || value.starts_with("projects/") && value.contains("/secrets")
        || wrapped(b'<', b'>')
        || wrapped(b'[', b']')
        || wrapped(b'@', b'@')
        || wrapped(b'%', b'%')
        || wrapped(b'$', b'$')
        || bytes.len() > 4 && value.starts_with("__") && value.ends_with("__")
        || dollar
        || has_conversion(bytes)
        || has_field(bytes)
}

/// `%s` and `%d`, where nothing that would make it part of a random text follows.
fn has_conversion(bytes: &[u8]) -> bool {
    bytes.windows(2).enumerate().any(|(at, it)| {
        it[0] == b'%'
            && matches!(it[1], b's' | b'd' | b'r')
            && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// `{name}`, `{0}`, `{user.name!r}`.
fn has_field(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(open) = memchr::memchr(b'{', rest) {
        rest = &rest[open + 1..];
        let Some(close) = memchr::memchr(b'}', rest) else { return false };
        if rest[..close].iter().all(|it| it.is_ascii_alphanumeric() || b"_.[]()!:' \"".contains(it))
        {
            return true;
        }
    }
    false
}

/// Whether nothing but words about credentials and types is there.
pub(crate) fn is_keywords(value: &str) -> bool {
    share_of_listed(value, &[KEYWORDS]) >= 1.0
}

/// Whether the value stands for a value: a mask, a run of the keyboard, an instruction, invented words.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    TELLTALE.iter().any(|it| lower.contains(it))
        || value.len() <= LONGEST_WITH_RUN && has_run(value, &lower)
        || pieces(&lower).any(|it| TELLTALE_WORDS.contains(&it))
        || ["test-", "test_", "dummy-", "fake-"].iter().any(|it| lower.starts_with(it))
        || lower.ends_with("example")
        || lower.ends_with("examplekey")
        // As in all documentation of Amazon's, in the middle of random text.
        || value.contains("EXAMPLE")
        || share_of_listed(value, &[INVENTED]) >= 0.5
        || share_of_listed(value, &[INVENTED, KEYWORDS]) >= 1.0
        || is_repetition(lower.as_bytes())
}

/// Whether somebody made a password up that meets the rules for one, as `SuperSecret123!` does: its words are those of a
/// placeholder, and yet it is what people type.
pub(crate) fn is_chosen(value: &str) -> bool {
    const FOR_SHOW: &[&str] = &[
        "change", "default", "demo", "dummy", "example", "fake", "invalid", "mock", "sample",
        "temp", "test", "wrong", "your",
    ];
    let has = |class: fn(&u8) -> bool| value.bytes().any(|it| class(&it));
    let lower = value.to_ascii_lowercase();
    (10..=64).contains(&value.len())
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && value.bytes().any(|it| it.is_ascii_punctuation() && !b"-_.".contains(&it))
        && ![TELLTALE, RUNS, FOR_SHOW].concat().iter().any(|it| lower.contains(it))
}

/// Whether a password of a URL or a header was invented for the occasion.
pub(crate) fn is_invented_password(value: &str) -> bool {
    is_keywords(value) || is_placeholder(value)
}

/// One stretch of up to four characters over and over; the limit does not grow with the length, as a long key in
/// hexadecimal has only sixteen letters.
fn is_repetition(bytes: &[u8]) -> bool {
    bytes.len() >= 6
        && (1..=4).any(|period| {
            bytes.iter().skip(period).zip(bytes).all(|(later, earlier)| later == earlier)
        })
}

/// Which share of the letters belongs to runs made of listed words: all of `mysecretpassword`, half of `test-kqzv`.
fn share_of_listed(value: &str, lists: &[&[&str]]) -> f64 {
    let mut letters = 0u32;
    let mut listed = 0u32;
    for piece in pieces(value) {
        let length = piece.len() as u32;
        letters += length;
        if is_made_of(&piece.to_ascii_lowercase(), lists) {
            listed += length;
        }
    }
    // Digits dilute: the word in front of a long number or a random text does not make it a placeholder.
    let others = value.bytes().filter(u8::is_ascii_digit).count() as u32;
    if letters == 0 || others > letters + 4 {
        return 0.0;
    }
    f64::from(listed) / f64::from(letters)
}

/// Whether a run of lower-case letters can be cut into listed words.
fn is_made_of(run: &str, lists: &[&[&str]]) -> bool {
    if run.len() > 48 {
        return false;
    }
    // Bit n: the first n letters can be cut.
    let mut reachable = 1u64;
    for end in 1..=run.len() {
        let whole = |start: usize| lists.iter().any(|list| list.contains(&&run[start..end]));
        let cut = (0..end).any(|start| {
            reachable >> start & 1 == 1
                && (end - start >= 2 || end == run.len() && start == 0)
                && whole(start)
        });
        if cut {
            reachable |= 1 << end;
        }
    }
    reachable >> run.len() & 1 == 1
}
