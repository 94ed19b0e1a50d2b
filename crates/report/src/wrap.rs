//! Paragraphs to lines of a width. Knows words, not what they say.

use std::io::{self, Write};

/// Writes `text` in lines of at most `width` characters behind `first`, later lines behind as many
/// blanks as `first` is wide. Line ends in `text` count as blanks.
pub(crate) fn wrapped(
    out: &mut dyn Write,
    first: (&str, usize),
    text: &str,
    width: usize,
) -> io::Result<()> {
    let (label, indent) = first;
    write!(out, "{label}")?;
    let mut column = indent;
    for (index, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if index > 0 {
            if column + 1 + length > width {
                write!(out, "\n{:indent$}", "")?;
                column = indent;
            } else {
                write!(out, " ")?;
                column += 1;
            }
        }
        write!(out, "{word}")?;
        column += length;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_lines_stand_below_the_first_word() {
        let mut out = Vec::new();
        wrapped(&mut out, ("why: ", 5), "one two\nthree four", 13).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "why: one two\n     three\n     four\n");
    }
}
