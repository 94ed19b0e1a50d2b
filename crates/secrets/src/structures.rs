//! Credentials recognised by structure instead of a provider's prefix: key blocks, URLs, headers, web tokens.
//! Works on raw source text, where a newline may be the two characters `\n`; knows no names.

mod surroundings;

use crate::decode::{base64, percent};
use crate::formats::structured;
use crate::scan::{Outcome, count_work};
use crate::values::{is_invented_password, is_placeholder, is_template};
use crate::words::{distinct, entropy, reads_like_words};
use crate::{Confidence, Kind, Place};

pub(crate) use surroundings::aws_secrets;

/// The most that is read after a hit, except in key blocks.
const WINDOW: usize = 512;
/// A PEM body of this many base64 characters cannot be a mention of the format in prose.
const KEY_BODY: usize = 40;
/// The longest key block that is read: an RSA key of 16,384 bits has 12,700 characters.
const LONGEST_KEY: usize = 16_384;
/// The most headers (RFC 1421, RFC 9580) that a key block has; with a bound, no text can make every mention of a key
/// block read those behind it.
const HEADERS: usize = 16;
/// Within the first line of the private key that jwt.io shows to everybody, and that suites copy.
const SAMPLE_KEY: &[u8] = b"AoIBAQC7VJTUt9Us8cKj";
/// A token that expired before this second (2026-01-01) is dead on whatever day the text is judged.
const LONG_EXPIRED: u64 = 1_767_225_600;

/// A token that was good for less than these seconds, a month, was that of one log-in.
const SHORT_LIFE: u64 = 31 * 86_400;

/// `-----BEGIN … PRIVATE KEY-----` (RFC 7468) at `at`, followed by enough base64.
pub(crate) fn private_key(bytes: &[u8], at: usize) -> Option<Outcome> {
    let rest = &bytes[at + "-----BEGIN ".len()..];
    let label = &rest[..memchr::memmem::find(&rest[..rest.len().min(64)], b"-----")?];
    let kind = label.strip_suffix(b" BLOCK").unwrap_or(label).strip_suffix(b"PRIVATE KEY")?;
    if !matches!(kind, b"" | b"RSA " | b"EC " | b"DSA " | b"OPENSSH " | b"PGP " | b"ENCRYPTED ") {
        return None;
    }
    let start = at + "-----BEGIN ".len() + label.len() + "-----".len();
    let body = &bytes[start..bytes.len().min(start + LONGEST_KEY)];
    let (end, letters, mut encrypted) = key_body(body);
    count_work(end);
    encrypted |= kind == b"ENCRYPTED ";
    if letters.len() < KEY_BODY {
        return None;
    }
    // What an excerpt leaves out is missed by whoever reads it, too.
    let whole = body[..end].ends_with(b"-----");
    let confidence = if encrypted || !whole { Confidence::Medium } else { Confidence::High };
    let genuine = distinct(&letters) >= 16
        && (whole || !is_left_out(&body[end..]))
        && !is_placeholder(&String::from_utf8_lossy(&letters))
        && memchr::memmem::find(&body[..end], SAMPLE_KEY).is_none();
    let span = at..start + end;
    let kind = if surroundings::in_service_account(bytes, &span) {
        Kind::ProviderFormat(structured("google-service-account"))
    } else {
        Kind::PrivateKey
    };
    Some(Outcome::new(kind, genuine.then_some(confidence), span))
}

/// Whether a line says that the rest of a key is left out, and its end follows: `...`, `(the rest of it)`.
fn is_left_out(rest: &[u8]) -> bool {
    const REACH: usize = 200;
    let says = [&b"..."[..], "…".as_bytes(), b"(", b"[", b"<", b"{", b"*"];
    let near = &rest[..rest.len().min(REACH)];
    says.iter().any(|it| rest.starts_with(it)) && memchr::memmem::find(near, b"-----END ").is_some()
}

/// `PuTTY-User-Key-File-2:` with a private part.
pub(crate) fn putty_key(bytes: &[u8], at: usize) -> Option<Outcome> {
    let rest = &bytes[at..bytes.len().min(at + LONGEST_KEY)];
    // Up to the next key, so that a list of such heads is read once.
    let next = memchr::memmem::find(&rest[1..], b"PuTTY-User-Key-File-");
    let rest = &rest[..next.map_or(rest.len(), |it| it + 1)];
    count_work(rest.len());
    let private = memchr::memmem::find(rest, b"Private-Lines:")? + "Private-Lines:".len();
    let body = &rest[private..];
    let count = body.iter().position(|it| !matches!(it, b' ' | b'0'..=b'9'))?;
    let (end, letters, _) = key_body(&body[count..]);
    let encrypted = memchr::memmem::find(&rest[..private], b"Encryption: none").is_none();
    let confidence = if encrypted { Confidence::Medium } else { Confidence::High };
    (letters.len() >= KEY_BODY && distinct(&letters) >= 16)
        .then(|| Outcome::new(Kind::PrivateKey, Some(confidence), at..at + private + count + end))
}

/// Reads base64 across line ends, escapes and the quotes between joined literals. Returns where it ends, the first
/// characters (enough to judge) and whether the headers say that the key is encrypted.
fn key_body(body: &[u8]) -> (usize, Vec<u8>, bool) {
    let mut letters = Vec::new();
    let mut encrypted = false;
    let (mut at, mut headers) = (0, 0);
    while at < body.len() {
        match body[at] {
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=') => {
                let run = body[at..]
                    .iter()
                    .position(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'+' | b'/' | b'='))
                    .unwrap_or(body.len() - at);
                // `Proc-Type: 4,ENCRYPTED` and its like: a header of RFC 1421, up to its line's end.
                let line = &body[at..body.len().min(at + 80)];
                let line = &line[..line
                    .iter()
                    .position(|it| matches!(it, b'\n' | b'\r' | b'\\'))
                    .unwrap_or(line.len())];
                if letters.len() < 8 * KEY_BODY && line.contains(&b':') {
                    headers += 1;
                    if headers > HEADERS {
                        break;
                    }
                    encrypted |= memchr::memmem::find(line, b"ENCRYPTED").is_some();
                    at += line.len().max(1);
                    continue;
                }
                letters.extend_from_slice(&body[at..at + run]);
                at += run;
            }
            b'\\' => {
                at += 1;
                if matches!(body.get(at), Some(b'n' | b'r' | b't')) {
                    at += 1;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b',' => at += 1,
            b'-' => {
                // The last line belongs to the block.
                let line = &body[at..body.len().min(at + 64)];
                if let Some(end) = memchr::memmem::find(line, b"KEY") {
                    let tail = &body[at + end..];
                    let dashes = tail.iter().position(|it| *it == b'-').unwrap_or(tail.len());
                    let dashes =
                        dashes + tail[dashes..].iter().take_while(|it| **it == b'-').count();
                    return (at + end + dashes, letters, encrypted);
                }
                break;
            }
            _ => break,
        }
    }
    (at, letters, encrypted)
}

/// `scheme://user:password@host` around the `://` at `at` (RFC 3986, section 3.2.1).
pub(crate) fn url_password(bytes: &[u8], at: usize) -> Option<Outcome> {
    let scheme = bytes[at.saturating_sub(24)..at]
        .iter()
        .rev()
        .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'.' | b'-'))
        .count();
    if scheme < 2 {
        return None;
    }
    let start = at + "://".len();
    let rest = &bytes[start..bytes.len().min(start + WINDOW)];
    let authority = &rest[..rest
        .iter()
        .position(|it| it.is_ascii_whitespace() || b"/?#\"'`<>\\,|".contains(it))
        .unwrap_or(rest.len())];
    count_work(authority.len());
    let sign = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', &authority[..sign])?;
    let text = std::str::from_utf8(authority).ok()?;
    let (user, password, host) = (&text[..colon], &text[colon + 1..sign], &text[sign + 1..]);
    if password.is_empty() || host.is_empty() || user.contains(['(', ')']) {
        return None;
    }
    let span = start + colon + 1..start + sign;
    // A template is one as written; `p%40ss` is judged as what it stands for.
    let plain = if is_template(password) { password.into() } else { percent(password) };
    let web = bytes[..at].ends_with(b"http") || bytes[..at].ends_with(b"https");
    let confidence = pair_confidence(&percent(user), &plain).and_then(|it| match host_kind(host) {
        Host::Documentation => None,
        Host::Collector if web => None,
        Host::Local => Some(Confidence::Low),
        Host::Elsewhere | Host::Collector => Some(it),
    });
    Some(Outcome::new(Kind::UrlPassword, confidence, span))
}

enum Host {
    Documentation,
    Local,
    Elsewhere,
    /// It takes reports of errors from whoever has the address, as each browser that loads a page does.
    Collector,
}

fn host_kind(host: &str) -> Host {
    let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or(host) };
    let name = name.to_ascii_lowercase();
    let reserved = ["example.com", "example.org", "example.net", "example", "test", "invalid"];
    let documentation = reserved
        .iter()
        .any(|it| name.strip_suffix(it).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
        || name.contains("example")
        || matches!(
            name.as_str(),
            "host" | "hostname" | "server" | "domain.com" | "your-host" | "..."
        );
    if documentation {
        Host::Documentation
    } else if name.split('.').any(|it| it == "sentry") {
        // <https://docs.sentry.io/concepts/key-terms/dsn-explainer/>
        Host::Collector
    } else if name.starts_with("127.")
        || name.starts_with("0.0.0.0")
        || name.starts_with("192.168.")
        || name.starts_with("10.")
        || name.starts_with("[::1]")
        || ["localhost", ".local", ".docker.internal", ".localdomain"]
            .iter()
            .any(|it| name.ends_with(it))
        || !name.contains(['.', '{', '%'])
    {
        Host::Local
    } else {
        Host::Elsewhere
    }
}

/// Whether a user name and a password, as in a URL or a Basic header, are real, and how surely.
fn pair_confidence(user: &str, password: &str) -> Option<Confidence> {
    if password.len() < 4
        || password.eq_ignore_ascii_case(user)
        || is_template(password)
        || is_template(user)
        || is_invented_password(password)
    {
        return None;
    }
    let plain = reads_like_words(password) && !password.bytes().any(|it| it.is_ascii_digit());
    Some(if plain || password.len() < 6 { Confidence::Low } else { Confidence::Medium })
}

/// The end of what may be part of a header's credential.
fn credential(bytes: &[u8], start: usize) -> &str {
    let rest = &bytes[start..bytes.len().min(start + WINDOW)];
    let length = rest
        .iter()
        .position(|it| !it.is_ascii_alphanumeric() && !b"-._~+/=".contains(it))
        .unwrap_or(rest.len());
    count_work(length);
    std::str::from_utf8(&rest[..length]).unwrap_or("")
}

fn word_before(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'_' | b'-'))
}

/// `Bearer …` (RFC 6750), from the scheme at `at`, with the token at `start`.
pub(crate) fn bearer(bytes: &[u8], at: usize, start: usize) -> Option<Outcome> {
    if word_before(bytes, at) {
        return None;
    }
    opaque_token(bytes, start)
}

/// `Authorization: token …`: the word is too common to count without its header.
pub(crate) fn token_scheme(
    bytes: &[u8],
    at: usize,
    start: usize,
    place: &Place<'_>,
) -> Option<Outcome> {
    let header = matches!(place, Place::Bound { name, .. } if name.to_ascii_lowercase().ends_with("authorization"));
    let before = &bytes[at.saturating_sub(24)..at];
    if word_before(bytes, at)
        || !(header && at == 0 || crate::formats::contains_ignoring_case(before, b"authorization"))
    {
        return None;
    }
    opaque_token(bytes, start)
}

fn opaque_token(bytes: &[u8], start: usize) -> Option<Outcome> {
    let token = credential(bytes, start);
    let after = bytes.get(start + token.len());
    if token.len() < 16
        || matches!(after, Some(b'{' | b'$' | b'<' | b'%' | b'*' | b'('))
        || !token.bytes().any(|it| it.is_ascii_digit())
    {
        return None;
    }
    // A web token that says of itself that nobody signed it (RFC 7519, section 6) lets nobody in.
    let header = token.split('.').next().filter(|it| it.starts_with("eyJ"));
    let unsigned = header
        .and_then(|it| base64(it.as_bytes()))
        .is_some_and(|it| memchr::memmem::find(&it, b"\"none\"").is_some());
    let genuine = !unsigned
        && entropy(token.as_bytes()) >= 3.0
        && !is_placeholder(token)
        && !reads_like_words(token);
    Some(Outcome::new(
        Kind::AuthorizationHeader,
        genuine.then_some(Confidence::Medium),
        start..start + token.len(),
    ))
}

/// `Basic …` (RFC 7617): base64 that decodes to `user:password`.
pub(crate) fn basic(bytes: &[u8], at: usize, start: usize) -> Option<Outcome> {
    if word_before(bytes, at) {
        return None;
    }
    let token = credential(bytes, start);
    if token.len() < 8 {
        return None;
    }
    let decoded = String::from_utf8(base64(token.as_bytes())?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    if decoded.chars().any(char::is_control) {
        return None;
    }
    // The example of RFC 7617 and of half the documentation in the world, and clients that say that everybody may be them.
    let is_known = user == "Aladdin" || user.to_ascii_lowercase().contains("public");
    let confidence = (!is_known).then(|| pair_confidence(user, password)).flatten();
    Some(Outcome::new(Kind::AuthorizationHeader, confidence, start..start + token.len()))
}

/// A JSON Web Token in compact form with a signature (RFC 7519, RFC 7515).
pub(crate) fn web_token(bytes: &[u8], at: usize) -> Option<Outcome> {
    let follows_escape = at >= 2 && bytes[at - 2] == b'\\';
    if word_before(bytes, at) && !follows_escape || at > 0 && bytes[at - 1] == b'.' {
        return None;
    }
    let rest = &bytes[at..bytes.len().min(at + 8 * WINDOW)];
    let length = rest
        .iter()
        .position(|it| !it.is_ascii_alphanumeric() && !b"-_.".contains(it))
        .unwrap_or(rest.len());
    count_work(length);
    let text = std::str::from_utf8(&rest[..length]).ok()?;
    let mut parts = text.splitn(3, '.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let header_text = String::from_utf8(base64(header.as_bytes())?).ok()?;
    if !header_text.contains("\"alg\"") || payload.len() < 10 || signature.len() < 20 {
        return None;
    }
    let claims = base64(payload.as_bytes()).and_then(|it| String::from_utf8(it).ok())?;
    if !claims.starts_with('{') {
        return None;
    }
    // jwt.io's sample, and keys that their makers publish: Supabase's role `anon`.
    let public = ["1234567890", "1516239022", "John Doe", "\"anon\"", "supabase-demo"]
        .iter()
        .any(|it| claims.contains(it));
    let masked = entropy(signature.as_bytes()) < 3.5 || is_placeholder(signature);
    let confidence = match number_of(&claims, "\"exp\"") {
        _ if header_text.contains("\"none\"") => Confidence::Low,
        Some(second) if second < LONG_EXPIRED => Confidence::Low,
        // Code is older than that when somebody reads it.
        Some(second)
            if number_of(&claims, "\"iat\"").is_some_and(|it| second < it + SHORT_LIFE) =>
        {
            Confidence::Low
        }
        // Most of these are dead by the time anybody reads the code; a clock would make the result depend on the day.
        Some(_) => Confidence::Medium,
        None => Confidence::High,
    };
    Some(Outcome::new(
        Kind::JsonWebToken,
        (!public && !masked).then_some(confidence),
        at..at + length,
    ))
}

/// The whole number behind a key of a JSON text.
fn number_of(json: &str, key: &str) -> Option<u64> {
    let value = json[json.find(key)? + key.len()..].trim_start().strip_prefix(':')?.trim_start();
    let end = value.bytes().take(19).take_while(u8::is_ascii_digit).count();
    value[..end].parse().ok()
}

#[cfg(test)]
mod tests;
