//! Prints what the scanner finds in the files named on standard input, one on each line: logical
//! lines, string literals and comments, from and to, as line and column in characters.

use std::io::{self, BufRead, Write};

use roadworthy_parser::{SourceFile, Span, scan};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for path in io::stdin().lock().lines() {
        let path = path?;
        writeln!(out, "file {path}")?;
        match SourceFile::decode(std::fs::read(&path)?) {
            Ok(source) => dump(&source, &mut out)?,
            Err(error) => writeln!(out, "undecodable {error}")?,
        }
    }
    out.flush()
}

fn dump(source: &SourceFile, out: &mut impl Write) -> io::Result<()> {
    let outline = scan(source.text());
    let lines = outline.lines.iter().map(|line| ("line", line.span));
    let strings = outline.strings.iter().map(|string| ("string", string.span));
    let comments = outline.comments.iter().map(|&comment| ("comment", comment));
    for (what, Span { start, end }) in lines.chain(strings).chain(comments) {
        let (start, end) = (source.position(start), source.position(end));
        writeln!(out, "{what} {}:{} {}:{}", start.line, start.column, end.line, end.column)?;
    }
    if let Some(flaw) = outline.flaw {
        let place = source.position(flaw.offset);
        writeln!(out, "flaw {:?} {}:{}", flaw.kind, place.line, place.column)?;
    }
    Ok(())
}
