//! The names that Python has for encodings, and what decodes them. Knows no file.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// What a name of Python's codecs stands for.
pub(crate) enum Codec {
    Utf8,
    Latin1,
    Ascii,
    /// One byte a character, the first half of them ASCII, and no table here: what is not ASCII is read as Latin-1, which
    /// loses nothing of the code.
    Page,
    Other(&'static Encoding),
}

/// The codec of a name.
/// Source: <https://docs.python.org/3/library/codecs.html#standard-encodings>, with `encodings.aliases`.
pub(crate) fn codec(name: &str) -> Option<Codec> {
    let name = normalized(name);
    let label = match name.as_str() {
        "utf_8" | "utf" | "utf8" | "u8" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" | "utf_8_sig" => {
            return Some(Codec::Utf8);
        }
        "latin_1" | "8859" | "cp819" | "csisolatin1" | "ibm819" | "iso8859" | "iso8859_1"
        | "iso_8859_1" | "iso_8859_1_1987" | "iso_ir_100" | "l1" | "latin" | "latin1" => {
            return Some(Codec::Latin1);
        }
        "ascii" | "646" | "ansi_x3_4_1968" | "ansi_x3_4_1986" | "cp367" | "csascii" | "ibm367"
        | "iso646_us" | "iso_646_irv_1991" | "iso_ir_6" | "us" | "us_ascii" => {
            return Some(Codec::Ascii);
        }
        // The tokenizer of CPython takes all that begins so: `utf-8-unix`, `latin-1-dos`.
        it if it.starts_with("utf_8_") => return Some(Codec::Utf8),
        it if it == "iso_latin_1"
            || ["latin_1_", "iso_8859_1_", "iso_latin_1_"].iter().any(|by| it.starts_with(by)) =>
        {
            return Some(Codec::Latin1);
        }
        it if is_page(it) => return Some(Codec::Page),
        // The page of the machine, which only Windows knows.
        "ansi" | "dbcs" | "mbcs" | "oem" => return Some(Codec::Page),
        it => label(it),
    };
    Encoding::for_label(label.as_bytes()).map(Codec::Other)
}

/// As `encodings.normalize_encoding` does, and its look-up with it: in lower case, what is neither letter nor digit as one
/// underline.
fn normalized(name: &str) -> String {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("_").to_ascii_lowercase()
}

/// The name that the Encoding Standard has for a codec of Python.
fn label(name: &str) -> Cow<'_, str> {
    match name {
        "big5_tw" | "csbig5" | "x_mac_trad_chinese" | "cp950" | "950" | "ms950" | "big5hkscs"
        | "big5_hkscs" | "hkscs" => "big5".into(),
        "cp932" | "932" | "ms932" | "mskanji" | "ms_kanji" | "csshiftjis" | "shiftjis" | "sjis"
        | "s_jis" | "shift_jis" | "x_mac_japanese" => "shift_jis".into(),
        "eucjp" | "ujis" | "u_jis" | "euc_jp" => "euc-jp".into(),
        "cp949" | "949" | "ms949" | "uhc" | "euc_kr" | "euckr" | "korean" | "ksc5601"
        | "ks_c_5601" | "ks_c_5601_1987" | "ksx1001" | "ks_x_1001" | "x_mac_korean" => {
            "euc-kr".into()
        }
        "gb18030_2000" => "gb18030".into(),
        "cp936" | "936" | "ms936" | "gb2312" | "chinese" | "csiso58gb231280" | "euc_cn"
        | "euccn" | "eucgb2312_cn" | "gb2312_1980" | "gb2312_80" | "iso_ir_58"
        | "x_mac_simp_chinese" => "gbk".into(),
        "csiso2022jp" | "iso2022jp" | "iso2022_jp" => "iso-2022-jp".into(),
        "cp866" | "866" | "csibm866" | "ibm866" => "ibm866".into(),
        "cp874" | "iso8859_11" | "thai" | "iso_8859_11" | "iso_8859_11_2001" | "tis_620"
        | "tis620" | "tis_620_0" | "tis_620_2529_0" | "tis_620_2529_1" | "iso_ir_166" => {
            "windows-874".into()
        }
        "cskoi8r" => "koi8-r".into(),
        "mac_roman" | "macroman" => "macintosh".into(),
        "mac_cyrillic" | "maccyrillic" => "x-mac-cyrillic".into(),
        _ => numbered(name).unwrap_or_else(|| name.replace('_', "-").into()),
    }
}

/// The pages of Windows, and the parts of ISO 8859 by their many names.
fn numbered(name: &str) -> Option<Cow<'static, str>> {
    let page = name.strip_prefix("cp").unwrap_or(name);
    if page.len() == 4 && page.starts_with("125") {
        return Some(format!("windows-{page}").into());
    }
    let rest = name.strip_prefix("iso8859_").or_else(|| name.strip_prefix("iso_8859_"));
    let part = match (rest, name) {
        // The year of the standard may stand behind its part.
        (Some(rest), _) => rest.split('_').next()?,
        (_, "csisolatin2" | "iso_ir_101" | "l2" | "latin2") => "2",
        (_, "csisolatin3" | "iso_ir_109" | "l3" | "latin3") => "3",
        (_, "csisolatin4" | "iso_ir_110" | "l4" | "latin4") => "4",
        (_, "csisolatincyrillic" | "cyrillic" | "iso_ir_144") => "5",
        (_, "arabic" | "asmo_708" | "csisolatinarabic" | "ecma_114" | "iso_ir_127") => "6",
        (_, "csisolatingreek" | "ecma_118" | "elot_928" | "greek" | "greek8" | "iso_ir_126") => "7",
        (_, "csisolatinhebrew" | "hebrew" | "iso_ir_138") => "8",
        (_, "csisolatin5" | "iso_ir_148" | "l5" | "latin5") => "9",
        (_, "csisolatin6" | "iso_ir_157" | "l6" | "latin6") => "10",
        (_, "l7" | "latin7") => "13",
        (_, "iso_celtic" | "iso_ir_199" | "l8" | "latin8") => "14",
        (_, "l9" | "latin9") => "15",
        (_, "iso_ir_226" | "l10" | "latin10") => "16",
        _ => return None,
    };
    Some(format!("iso-8859-{part}").into())
}

/// Whether a name is that of a page of single bytes which the Encoding Standard does not have.
fn is_page(name: &str) -> bool {
    const NUMBERS: [&str; 19] = [
        "437", "720", "737", "775", "850", "852", "855", "856", "857", "858", "860", "861", "862",
        "863", "865", "869", "1006", "1051", "1125",
    ];
    const NAMES: [&str; 37] = [
        "cp154",
        "cp866u",
        "cp_gr",
        "cp_is",
        "cspc775baltic",
        "cspc850multilingual",
        "cspc862latinhebrew",
        "cspc8codepage437",
        "cspcp852",
        "csptcp154",
        "cyrillic_asian",
        "hp_roman8",
        "koi8_t",
        "kz1048",
        "kz_1048",
        "mac_arabic",
        "mac_centeuro",
        "mac_croatian",
        "mac_farsi",
        "mac_greek",
        "mac_iceland",
        "mac_latin2",
        "mac_romanian",
        "mac_turkish",
        "maccentraleurope",
        "macgreek",
        "maciceland",
        "maclatin2",
        "macturkish",
        "palmos",
        "pt154",
        "ptcp154",
        "r8",
        "rk1048",
        "roman8",
        "ruscii",
        "strk1048_2002",
    ];
    let number = ["csibm", "cp", "ibm"].iter().find_map(|it| name.strip_prefix(it)).unwrap_or(name);
    NUMBERS.contains(&number) || NAMES.binary_search(&name).is_ok()
}

/// Decodes by Python's codec names. The inner error is the number of valid bytes before the first bad one.
pub(crate) fn decode<'b>(name: &str, bytes: &'b [u8]) -> Option<Result<Cow<'b, str>, usize>> {
    let encoding = match codec(name)? {
        Codec::Latin1 | Codec::Page => {
            return Some(Ok(bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into()));
        }
        Codec::Ascii => {
            return Some(match bytes.iter().position(|byte| !byte.is_ascii()) {
                None => Ok(String::from_utf8_lossy(bytes)),
                Some(at) => Err(at),
            });
        }
        Codec::Utf8 => encoding_rs::UTF_8,
        Codec::Other(encoding) => encoding,
    };
    Some(encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut text = String::with_capacity(bytes.len() * 3 + 16);
        decoder.decode_to_string_without_replacement(bytes, &mut text, true).1.saturating_sub(1)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_utf_8_are_those_of_python() {
        for name in ["utf", "U8", "utf_8", "utf8", "UTF8-UCS2", "utf8_ucs4", "cp65001", "utf-8-sig"]
        {
            assert!(matches!(codec(name), Some(Codec::Utf8)), "{name}");
        }
        for name in ["utf-9", "utf8-mb4", "klingon", "zlib", "hex", ""] {
            assert!(codec(name).is_none(), "{name}");
        }
    }

    #[test]
    fn codecs_that_extend_ascii_have_all_their_aliases() {
        for name in ["latin", "L1", "iso_8859-1:1987", "ibm819", "latin-1-unix"] {
            assert!(matches!(codec(name), Some(Codec::Latin1)), "{name}");
        }
        for name in ["us", "ANSI_X3.4-1968", "646", "cp367"] {
            assert!(matches!(codec(name), Some(Codec::Ascii)), "{name}");
        }
        for name in
            ["cp437", "IBM850", "852", "mac-latin2", "ruscii", "ptcp154", "r8", "mbcs", "oem"]
        {
            assert!(matches!(codec(name), Some(Codec::Page)), "{name}");
        }
        for (name, label) in [
            ("1251", "windows-1251"),
            ("cp1252", "windows-1252"),
            ("windows-1253", "windows-1253"),
            ("latin2", "ISO-8859-2"),
            ("l9", "ISO-8859-15"),
            ("iso_8859_15", "ISO-8859-15"),
            ("iso8859-7", "ISO-8859-7"),
            ("iso_8859_5_1988", "ISO-8859-5"),
            ("latin5", "windows-1254"),
            ("tis-620", "windows-874"),
            ("s_jis", "Shift_JIS"),
            ("ms_kanji", "Shift_JIS"),
            ("u_jis", "EUC-JP"),
            ("korean", "EUC-KR"),
            ("936", "GBK"),
            ("hkscs", "Big5"),
            ("gb18030", "gb18030"),
            ("koi8_u", "KOI8-U"),
            ("macroman", "macintosh"),
            ("iso-2022-jp", "ISO-2022-JP"),
        ] {
            let found = codec(name);
            let Some(Codec::Other(encoding)) = found else { panic!("{name} is not known") };
            assert_eq!(encoding.name(), label, "{name}");
        }
    }
}
