//! Encodings and checksums of issuers, written from their public descriptions and not from the detector, so that a
//! mistake there does not repeat itself here.

use super::random::{BASE36, BASE62, BASE64, URL64};

/// CRC-32 of IEEE 802.3, by a table as in its annex.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|index| {
            (0..8)
                .fold(index, |sum, _| if sum % 2 == 1 { 0xEDB8_8320 ^ (sum / 2) } else { sum / 2 })
        })
        .collect();
    let sum = bytes
        .iter()
        .fold(u32::MAX, |sum, &byte| table[((sum ^ u32::from(byte)) % 256) as usize] ^ (sum / 256));
    u32::MAX - sum
}

/// A number in the digits of `alphabet`, filled up with its zero.
fn digits(mut number: u32, alphabet: &str, width: usize) -> String {
    let base = alphabet.len() as u32;
    let mut text = vec![alphabet.as_bytes()[0]; width];
    for place in text.iter_mut().rev() {
        *place = alphabet.as_bytes()[(number % base) as usize];
        number /= base;
    }
    String::from_utf8(text).expect("the alphabet is ASCII")
}

pub(crate) fn base62(number: u32, width: usize) -> String {
    digits(number, BASE62, width)
}

pub(crate) fn base36(number: u32, width: usize) -> String {
    digits(number, BASE36, width)
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    let text = encoded(bytes, BASE64);
    let padding = (4 - text.len() % 4) % 4;
    text + &"=".repeat(padding)
}

/// Base64 for URLs, without padding.
pub(crate) fn base64_url(bytes: &[u8]) -> String {
    encoded(bytes, URL64)
}

fn encoded(bytes: &[u8], alphabet: &str) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0u32, |number, &byte| number << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let digit = number >> (18 - 6 * place) & 63;
            text.push(char::from(alphabet.as_bytes()[digit as usize]));
        }
    }
    text
}

/// Human-readable part and random data with the checksum of BIP-173, in upper case.
pub(crate) fn bech32(human: &str, data: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let mut values: Vec<u32> = human.bytes().map(|it| u32::from(it >> 5)).collect();
    values.push(0);
    values.extend(human.bytes().map(|it| u32::from(it & 31)));
    values.extend(data.iter().map(|it| u32::from(it & 31)));
    values.extend([0; 6]);
    let sum = values.iter().fold(1u32, |sum, value| {
        let shifted = ((sum & 0x01FF_FFFF) << 5) ^ value;
        [0x3B6A_57B2u32, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
            .iter()
            .enumerate()
            .filter(|(bit, _)| sum >> 25 >> bit & 1 == 1)
            .fold(shifted, |sum, (_, generator)| sum ^ generator)
    }) ^ 1;
    let letters =
        data.iter().map(|it| it & 31).chain((0..6).map(|at| (sum >> (25 - 5 * at) & 31) as u8));
    let text: String = letters.map(|it| char::from(ALPHABET[usize::from(it)])).collect();
    format!("{human}1{text}").to_ascii_uppercase()
}
