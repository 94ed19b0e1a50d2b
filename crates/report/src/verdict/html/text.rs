//! Text from outside to HTML: what it holds is text there, and nothing else. Credentials are replaced and control
//! characters made visible first.

use std::fmt::{self, Display, Formatter, Write as _};

use crate::clean;

/// A text in which nothing is markup.
pub(super) struct Plain<'t>(pub(super) &'t str);

impl Display for Plain<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        escaped(out, &clean(self.0))
    }
}

/// A sentence in which backticks set off code. Where they do not come in pairs they are text as well.
pub(super) struct Prose<'t>(pub(super) &'t str);

impl Display for Prose<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let text = clean(self.0);
        if text.matches('`').count() % 2 == 1 {
            return escaped(out, &text);
        }
        for (at, part) in text.split('`').enumerate() {
            if at % 2 == 1 {
                out.write_str("<code>")?;
                breakable(out, part)?;
                out.write_str("</code>")?;
            } else {
                escaped(out, part)?;
            }
        }
        Ok(())
    }
}

/// A path or a name in the type of code, which may break where its parts end.
pub(super) struct Code<'t>(pub(super) &'t str);

impl Display for Code<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str("<code>")?;
        breakable(out, &clean(self.0))?;
        out.write_str("</code>")
    }
}

/// Writes a text that is clean already.
pub(super) fn escaped(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

/// The same, with chances to break a line behind slashes.
fn breakable(out: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let mut parts = text.split('/').peekable();
    while let Some(part) = parts.next() {
        escaped(out, part)?;
        if parts.peek().is_some() {
            out.write_char('/')?;
            if !part.is_empty() {
                out.write_str("<wbr>")?;
            }
        }
    }
    Ok(())
}

/// A number with a thin space between thousands.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A sentence that begins with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The class that a number of points has its colour from.
pub(super) const fn grade(value: u32) -> &'static str {
    match value {
        85.. => "good",
        60..85 => "fair",
        _ => "poor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_comes_from_outside_is_markup() {
        assert_eq!(Plain("<b a='\"'>&\n").to_string(), "&lt;b a=&#39;&quot;&#39;&gt;&amp;␊");
        assert_eq!(Prose("`<i>` & x").to_string(), "<code>&lt;i&gt;</code> &amp; x");
        assert_eq!(Prose("a `b").to_string(), "a `b");
        assert_eq!(Code("/a/b").to_string(), "<code>/a/<wbr>b</code>");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
