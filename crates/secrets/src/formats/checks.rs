//! Checksums and payloads that issuers build into their credentials; each is a few lines, so none is a dependency.

use super::Check;
use crate::decode::base64;
use crate::words::{entropy, reads_like_words};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

pub(super) fn holds(check: Check, text: &[u8]) -> bool {
    match check {
        Check::None => true,
        Check::Entropy => entropy(text) > 3.0,
        Check::Crc32Base62 => crc32_base62(text),
        Check::Crc32UpperHex => {
            split_end(text, 8).is_some_and(|(rest, sum)| hex(sum) == Some(crc32(rest)))
        }
        Check::Crc32HexLittleEndian => split_end(text, 8).is_some_and(|(rest, sum)| {
            split_end(rest, 1).is_some_and(|(rest, _)| hex(sum) == Some(crc32(rest).swap_bytes()))
        }),
        Check::GitlabCrc32Base36 => split_end(text, 7)
            .is_some_and(|(rest, sum)| base36(sum) == Some(u64::from(crc32(rest)))),
        Check::Bech32 => bech32(text),
        Check::Mixed => is_mixed(text),
        Check::DiscordId => discord_id(text),
        Check::SentryPayload => sentry_payload(text),
        Check::GrafanaPayload => grafana_payload(text),
    }
}

fn split_end(text: &[u8], length: usize) -> Option<(&[u8], &[u8])> {
    text.len().checked_sub(length).map(|at| text.split_at(at))
}

/// The sum of the 30 random characters, in base 62 (github.blog, 2021-04-05).
fn crc32_base62(text: &[u8]) -> bool {
    let Some((rest, sum)) = split_end(text, 6) else { return false };
    let Some((_, random)) = split_end(rest, 30) else { return false };
    let value = sum.iter().try_fold(0u64, |value, byte| {
        let digit = BASE62.iter().position(|it| it == byte)?;
        Some(value * 62 + digit as u64)
    });
    value == Some(u64::from(crc32(random)))
}

fn hex(text: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()
}

fn base36(text: &[u8]) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(text).ok()?, 36).ok()
}

/// CRC-32 of IEEE 802.3, bit by bit: it runs on some dozen bytes of a rare hit, a table would cost more.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = !0u32;
    for &byte in bytes {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
        }
    }
    !sum
}

/// The checksum of BIP-173 over the lower-cased text.
fn bech32(text: &[u8]) -> bool {
    let Some(separator) = text.iter().rposition(|&it| it == b'1') else { return false };
    let (human, data) = (&text[..separator], &text[separator + 1..]);
    let mut sum = 1u32;
    let mut feed = |value: u32| {
        let top = sum >> 25;
        sum = ((sum & 0x01FF_FFFF) << 5) ^ value;
        for (bit, generator) in [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
            .into_iter()
            .enumerate()
        {
            if top >> bit & 1 == 1 {
                sum ^= generator;
            }
        }
    };
    for byte in human {
        feed(u32::from(byte.to_ascii_lowercase()) >> 5);
    }
    feed(0);
    for byte in human {
        feed(u32::from(byte.to_ascii_lowercase()) & 31);
    }
    for byte in data {
        let Some(value) = BECH32.iter().position(|it| *it == byte.to_ascii_lowercase()) else {
            return false;
        };
        feed(value as u32);
    }
    sum == 1
}

/// Whether a text of 40 characters is drawn from letters of both cases and digits: hexadecimal sums are not, and paths
/// repeat too many of their letters. Random base64 of that length stays above 4.3 bits.
fn is_mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_uppercase)
        && text.iter().any(u8::is_ascii_lowercase)
        && text.iter().any(u8::is_ascii_digit)
        && entropy(text) > 4.2
        && !std::str::from_utf8(text).is_ok_and(reads_like_words)
}

/// The part before the first dot is the bot's id, 17 to 20 decimal digits in base64.
fn discord_id(text: &[u8]) -> bool {
    let id = text.split(|it| *it == b'.').next().and_then(base64).unwrap_or_default();
    (17..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit)
}

/// Between the prefix and the last `_` stands the JSON of the token's origin (docs.sentry.io, Token and credential
/// formats).
fn sentry_payload(text: &[u8]) -> bool {
    let Some(end) = memchr::memrchr(b'_', text) else { return false };
    let payload = text[..end].strip_prefix(b"sntrys_").and_then(base64).unwrap_or_default();
    payload.starts_with(b"{") && has_keys(&payload, &[b"\"iat\"", b"\"url\"", b"\"org\""])
}

/// The key, its name and the organisation's number, as JSON.
fn grafana_payload(text: &[u8]) -> bool {
    let payload = base64(text).unwrap_or_default();
    payload.starts_with(b"{\"k\":\"") && has_keys(&payload, &[b"\"n\":", b"\"id\":"])
}

fn has_keys(json: &[u8], keys: &[&[u8]]) -> bool {
    std::str::from_utf8(json).is_ok()
        && keys.iter().all(|it| memchr::memmem::find(json, it).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_of_the_check_string() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn bech32_of_the_standard() {
        assert!(bech32(b"A12UEL5L"));
        assert!(!bech32(b"A12UEL5M"));
    }
}
