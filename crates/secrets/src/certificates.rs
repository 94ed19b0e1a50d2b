//! Who vouches for a certificate, and until when. Knows as much of DER as it takes to compare two names and to read a day
//! (RFC 5280, section 4.1).

use crate::decode::base64;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Whether the first certificate of a text in PEM names itself as its issuer.
pub fn is_self_signed(pem: &str) -> bool {
    names(pem).is_some_and(|(issuer, subject)| issuer == subject)
}

/// Whether the first certificate of a text in PEM names itself as its issuer, and a host as what it is for.
pub fn is_self_signed_for(pem: &str, host: &str) -> bool {
    // The identifier of a common name (2.5.4.3); then come the tag of its text, and how long that is.
    const COMMON_NAME: &[u8] = b"\x06\x03\x55\x04\x03";
    names(pem).is_some_and(|(issuer, subject)| {
        let length = COMMON_NAME.len() + 2 + host.len();
        let is_of_host = |it: &[u8]| {
            it.strip_prefix(COMMON_NAME).is_some_and(|text| {
                usize::from(text[1]) == host.len() && &text[2..] == host.as_bytes()
            })
        };
        issuer == subject && subject.windows(length).any(is_of_host)
    })
}

/// The year, the month and the day on which the first certificate of a text in PEM ends.
pub fn last_day(pem: &str) -> Option<(i16, i8, i8)> {
    let bytes = decoded(pem)?;
    let (_, times, _) = element(element(issuer_and_rest(&bytes)?)?.2)?;
    let (tag, end, _) = element(element(times)?.2)?;
    let digits = std::str::from_utf8(end).ok()?;
    // UTCTime has two digits of a year between 1950 and 2049, GeneralizedTime four.
    let (year, rest) = match tag {
        0x17 => {
            let year: i16 = digits.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, digits.get(2..)?)
        }
        0x18 => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    Some((year, rest.get(..2)?.parse().ok()?, rest.get(2..4)?.parse().ok()?))
}

/// The issuer and the subject.
fn names(pem: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let bytes = decoded(pem)?;
    let (_, issuer, rest) = element(issuer_and_rest(&bytes)?)?;
    let (_, _, rest) = element(rest)?;
    let (_, subject, _) = element(rest)?;
    Some((issuer.to_vec(), subject.to_vec()))
}

/// The first certificate of a text.
fn decoded(pem: &str) -> Option<Vec<u8>> {
    let body = pem.split_once(BEGIN)?.1.split_once(END)?.0;
    let letters: Vec<u8> = body.bytes().filter(|it| !it.is_ascii_whitespace()).collect();
    base64(&letters)
}

/// What a certificate says from its issuer on: then come the time between which it holds, and the subject.
fn issuer_and_rest(bytes: &[u8]) -> Option<&[u8]> {
    let (_, certificate, _) = element(bytes)?;
    let (_, mut rest, _) = element(certificate)?;
    // The version may be left out: a tag of its own says that it is there.
    if element(rest)?.0 == 0xA0 {
        rest = element(rest)?.2;
    }
    // The number and the algorithm stand before the issuer.
    for _ in 0..2 {
        rest = element(rest)?.2;
    }
    Some(rest)
}

/// The tag of the first element, what it holds, and what comes behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7F);
        if count > 4 {
            return None;
        }
        let (size, rest) = rest.split_at_checked(count)?;
        (size.iter().fold(0, |all, &byte| all << 8 | usize::from(byte)), rest)
    };
    let (held, behind) = rest.split_at_checked(length)?;
    Some((tag, held, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SEQUENCE { SEQUENCE { [0] {}, 1, {}, issuer, {}, subject } }`, as text.
    fn certificate(issuer: u8, subject: u8) -> String {
        written(&[0xA0, 0, 2, 1, 1, 0x30, 0, 0x30, 1, issuer, 0x30, 0, 0x30, 1, subject])
    }

    /// The same with the two times between which it holds.
    fn with_times(times: &[u8]) -> String {
        let length = u8::try_from(times.len()).unwrap();
        let mut inner = vec![0xA0, 0, 2, 1, 1, 0x30, 0, 0x30, 1, 7, 0x30, length];
        inner.extend(times);
        inner.extend([0x30, 1, 8]);
        written(&inner)
    }

    fn written(inner: &[u8]) -> String {
        let length = u8::try_from(inner.len()).unwrap();
        let mut bytes = vec![0x30, length + 2, 0x30, length];
        bytes.extend(inner);
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let whole = group.iter().fold(0u32, |all, &it| all << 8 | u32::from(it))
                << (8 * (3 - group.len()));
            for place in 0..=group.len() {
                text.push(char::from(letters[(whole >> (18 - 6 * place) & 63) as usize]));
            }
        }
        format!("{BEGIN}\n{text}\n{END}\n")
    }

    #[test]
    fn a_certificate_that_names_itself_is_its_own_issuer() {
        assert!(is_self_signed(&certificate(7, 7)));
        assert!(!is_self_signed(&certificate(7, 8)));
        assert!(!is_self_signed("nothing"));
        assert!(!is_self_signed(&format!("{BEGIN}\nMIIB\n{END}")));
    }

    #[test]
    fn a_certificate_without_a_day_has_none() {
        assert_eq!(last_day(&certificate(7, 8)), None);
        assert_eq!(last_day("nothing"), None);
    }

    #[test]
    fn the_last_day_is_read() {
        let times = b"\x17\x0d150101000000Z\x17\x0d160229000000Z";
        assert_eq!(last_day(&with_times(times)), Some((2016, 2, 29)));
        let times = b"\x17\x0d150101000000Z\x18\x0f20510307000000Z";
        assert_eq!(last_day(&with_times(times)), Some((2051, 3, 7)));
    }
}
