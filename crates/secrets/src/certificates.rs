//! Who vouches for a certificate. Knows as much of DER as it takes to compare two names (RFC 5280, section 4.1).

use crate::decode::base64;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Whether the first certificate of a text in PEM names itself as its issuer.
pub fn is_self_signed(pem: &str) -> bool {
    names(pem).is_some_and(|(issuer, subject)| issuer == subject)
}

/// The issuer and the subject.
fn names(pem: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let body = pem.split_once(BEGIN)?.1.split_once(END)?.0;
    let letters: Vec<u8> = body.bytes().filter(|it| !it.is_ascii_whitespace()).collect();
    let bytes = base64(&letters)?;
    let (_, certificate, _) = element(&bytes)?;
    let (_, mut rest, _) = element(certificate)?;
    // The version may be left out: a tag of its own says that it is there.
    if element(rest)?.0 == 0xA0 {
        rest = element(rest)?.2;
    }
    // The number and the algorithm stand before the issuer, the time between that and the subject.
    for _ in 0..2 {
        rest = element(rest)?.2;
    }
    let (_, issuer, rest) = element(rest)?;
    let (_, _, rest) = element(rest)?;
    let (_, subject, _) = element(rest)?;
    Some((issuer.to_vec(), subject.to_vec()))
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
        let inner = [0xA0, 0, 2, 1, 1, 0x30, 0, 0x30, 1, issuer, 0x30, 0, 0x30, 1, subject];
        let mut bytes = vec![0x30, 17, 0x30, 15];
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
}
