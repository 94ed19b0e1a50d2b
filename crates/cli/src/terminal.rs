//! The two streams: colours where they are wanted, one sentence on standard error, quiet ends of pipes.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::AutoStream;
use roadworthy_report::Styles;

use crate::args::ColorChoice;
use crate::error::Error;
use crate::exit::Exit;

/// The width of a report that is not read on a terminal.
pub(crate) const USUAL_WIDTH: usize = 100;

/// Whether an environment variable is set to something.
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether an environment variable is set to something other than `0`.
fn is_on(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// Whether this is a run that nobody watches, although there may be a terminal.
pub(crate) fn is_unattended() -> bool {
    is_set("CI") || is_set("PRE_COMMIT")
}

fn wants_colour(choice: ColorChoice, stream: &impl anstream::stream::RawStream) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set("NO_COLOR") => false,
        ColorChoice::Auto if is_on("FORCE_COLOR") => true,
        ColorChoice::Auto => AutoStream::choice(stream) != anstream::ColorChoice::Never,
    }
}

/// The colours of the report.
pub(crate) fn styles(choice: ColorChoice) -> Styles {
    if !wants_colour(choice, &io::stdout()) {
        return Styles::plain();
    }
    // Programs that ask for colours do not ask for links.
    let links = io::stdout().is_terminal() && supports_hyperlinks::supports_hyperlinks();
    Styles::coloured().with_links(links && !is_unattended())
}

/// The width of the report.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return USUAL_WIDTH;
    }
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let asked = || terminal_size::terminal_size().map_or(0, |(width, _)| usize::from(width.0));
    match columns.unwrap_or_else(asked) {
        0 => USUAL_WIDTH,
        columns => columns.clamp(60, 120),
    }
}

/// Writes a report to standard output in one go. Whoever closed the pipe has seen enough: that is no
/// error.
pub(crate) fn print(
    styles: Styles,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<(), Error> {
    let stdout = io::stdout().lock();
    let choice = if styles.is_coloured() {
        anstream::ColorChoice::Always
    } else {
        anstream::ColorChoice::AlwaysAnsi
    };
    let mut out = BufWriter::with_capacity(1 << 16, AutoStream::new(stdout, choice));
    let result = write(&mut out).and_then(|()| out.flush().map_err(Error::from));
    // What is still in the buffer of a broken pipe must not be tried again.
    let _ = out.into_parts();
    match result {
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Says something on standard error: one line, which goes nowhere where that stream is closed.
pub(crate) fn say(choice: ColorChoice, kind: Kind, sentence: &str) {
    let (word, colour) = match kind {
        Kind::Error => ("error", anstyle::AnsiColor::Red),
        Kind::Warning => ("warning", anstyle::AnsiColor::Yellow),
        Kind::Note => ("note", anstyle::AnsiColor::Cyan),
    };
    let mut style = anstyle::Style::new();
    if wants_colour(choice, &io::stderr()) {
        style = colour.on_default().bold();
    }
    let sentence = roadworthy_report::clean(sentence);
    let _ = writeln!(io::stderr(), "{style}{word}{style:#}: {sentence}");
}

/// What a sentence on standard error is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// The run ends or is not complete.
    Error,
    /// The run goes on.
    Warning,
    /// What `-v` asked for.
    Note,
}

/// Says an error and what it makes of the exit code.
pub(crate) fn refuse(choice: ColorChoice, error: &Error) -> Exit {
    say(choice, Kind::Error, &error.to_string());
    Exit::Refused
}
