//! Text back to the bytes of a file, in the encoding that the file was read in. Knows nothing of paths or files.

use crate::codecs::{Codec, codec};
use crate::source::declared_encoding;

/// How a text becomes bytes.
enum Way {
    Declared(Codec),
    Utf16(fn(u16) -> [u8; 2]),
}

/// The bytes of a new text for a file which held `bytes`, read as `old`; `None` where its encoding has no room for the
/// new text, or would not give back the old bytes for the old text.
pub fn encode_like(bytes: &[u8], old: &str, new: &str) -> Option<Vec<u8>> {
    if old.as_bytes() == bytes {
        return Some(new.as_bytes().to_vec());
    }
    let declared =
        declared_encoding(bytes).and_then(|name| codec(std::str::from_utf8(&name).ok()?));
    let fixed =
        [Way::Declared(Codec::Latin1), Way::Utf16(u16::to_le_bytes), Way::Utf16(u16::to_be_bytes)];
    let mut ways = declared.map(Way::Declared).into_iter().chain(fixed);
    let way = ways.find(|way| way.encode(old).as_deref() == Some(bytes))?;
    way.encode(new)
}

impl Way {
    fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Declared(Codec::Latin1 | Codec::Page) => {
                text.chars().map(|it| u8::try_from(u32::from(it)).ok()).collect()
            }
            Self::Declared(Codec::Ascii) => text.is_ascii().then(|| text.as_bytes().to_vec()),
            Self::Declared(Codec::Utf8) => Some(text.as_bytes().to_vec()),
            Self::Declared(Codec::Other(encoding)) => {
                let (bytes, _, lost) = encoding.encode(text);
                (!lost).then(|| bytes.into_owned())
            }
            Self::Utf16(units) => {
                let mark = std::iter::once(0xfeff);
                Some(mark.chain(text.encode_utf16()).flat_map(units).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceFile;

    #[test]
    fn a_file_keeps_its_encoding() {
        for bytes in [
            b"x = '\xc3\xa9'".as_slice(),
            b"\xef\xbb\xbfx = '\xc3\xa9'",
            b"# coding: latin-1\nx = '\xe9'",
            b"# coding: cp1252\nx = '\x80'",
            b"# coding: shift_jis\nx = '\x82\xa0'",
        ] {
            let source = SourceFile::decode(bytes.to_vec()).expect("is valid");
            let new = source.text().replace("x = ", "longer = ");
            let encoded = encode_like(bytes, source.text(), &new).expect("has room");
            assert_eq!(SourceFile::decode(encoded).expect("is valid").text(), new);
        }
        for bytes in [b"a: \xe9".as_slice(), b"\xff\xfea\0:\0\xe9\0", b"\xfe\xff\0a\0:\0\xe9"] {
            let source = SourceFile::decode_any(bytes.to_vec());
            let new = format!("{} # b", source.text());
            let encoded = encode_like(bytes, source.text(), &new).expect("has room");
            assert_eq!(SourceFile::decode_any(encoded).text(), new);
        }
    }

    #[test]
    fn what_an_encoding_does_not_know_is_not_written() {
        let bytes = b"# coding: latin-1\nx = '\xe9'";
        let source = SourceFile::decode(bytes.to_vec()).expect("is valid");
        let new = format!("{} # \u{20ac}", source.text());
        assert_eq!(encode_like(bytes, source.text(), &new), None);
    }
}
