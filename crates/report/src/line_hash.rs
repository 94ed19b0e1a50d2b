//! The number by which GitHub knows an alert again when lines around it move. Knows text, no finding and no file.
//!
//! Code scanning computes it where an upload holds none: for each line a polynomial over the 100 UTF-16 code units that
//! begin there, spaces and tabs left out, each kind of line end as a line feed, U+FFFF at the end of the file and zeros
//! beyond; in hexadecimal, with the ordinal among equal ones of the file. Ours is the same number, so that nobody's
//! alerts are opened anew when another step computes them.

use std::collections::HashMap;
use std::iter::once;

/// How many code units a hash covers.
pub(crate) const WINDOW: usize = 100;
const BASE: u64 = 37;
const SPACE: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const LINE_FEED: u16 = b'\n' as u16;
const CARRIAGE_RETURN: u16 = b'\r' as u16;
const END: u16 = 0xFFFF;

/// The hash of each line.
pub(crate) fn line_hashes(text: &str) -> Vec<String> {
    let (units, starts) = units(text);
    // What leaves the window was multiplied so often.
    let leaving = (0..WINDOW).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let next = |hash: u64, unit: u16| hash.wrapping_mul(BASE).wrapping_add(u64::from(unit));
    let mut hash = units[..WINDOW].iter().fold(0, |hash, &unit| next(hash, unit));
    let mut at = 0;
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let of_line = |&start: &usize| {
        while at < start {
            let left = leaving.wrapping_mul(u64::from(units[at]));
            hash = next(hash, units[at + WINDOW]).wrapping_sub(left);
            at += 1;
        }
        let ordinal = seen.entry(hash).or_insert(0);
        *ordinal += 1;
        format!("{hash:x}:{ordinal}")
    };
    starts.iter().map(of_line).collect()
}

/// The code units that count, with as many zeros at the end as a window may reach, and where in them each line begins.
fn units(text: &str) -> (Vec<u16>, Vec<usize>) {
    let mut units = Vec::with_capacity(text.len() + WINDOW + 1);
    let mut starts = Vec::new();
    let mut at_start = true;
    let mut after_return = false;
    for unit in text.encode_utf16().chain(once(END)) {
        let second_half = after_return && unit == LINE_FEED;
        after_return = unit == CARRIAGE_RETURN;
        if second_half || matches!(unit, SPACE | TAB) {
            continue;
        }
        if at_start {
            starts.push(units.len());
        }
        let unit = if after_return { LINE_FEED } else { unit };
        at_start = unit == LINE_FEED;
        units.push(unit);
    }
    units.resize(units.len() + WINDOW, 0);
    (units, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The numbers are those that GitHub's own implementation gives for these texts.

    #[test]
    fn hashes_are_those_of_github() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        assert_eq!(
            line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ]
        );
    }

    #[test]
    fn line_ends_of_all_kinds_count_alike() {
        let expected = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
        ] {
            assert_eq!(line_hashes(text), expected, "{text:?}");
        }
    }

    #[test]
    fn equal_lines_are_told_apart_by_their_order() {
        let text = "Lorem ipsum dolor sit amet.\n".repeat(10);
        let hashes = line_hashes(&text);
        assert_eq!(hashes[0], "a7f2ff13bc495cf2:1");
        assert_eq!(hashes[5], "a7f2ff13bc495cf2:6");
        assert_eq!(
            hashes[6..],
            [
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1"
            ]
        );
    }
}
