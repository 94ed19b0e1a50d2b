//! Arguments, configuration, exit codes and progress: the only crate that knows the terminal.
//!
//! It is handed a catalogue and does not know the rules.

mod args;
mod around;
mod baseline;
mod change;
mod check;
mod config;
mod diff;
mod dry_run;
mod error;
mod exit;
mod explain;
mod facts;
mod history;
mod init;
mod input;
mod mend;
mod output;
mod own_rules;
mod patterns;
mod plan;
mod progress;
mod report;
mod settings;
mod shells;
mod show_settings;
mod terminal;
mod usage;
mod whole;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use roadworthy_engine::Catalog;

use crate::args::{Arguments, ColorChoice, Command, ConfigCommand};
use crate::exit::Exit;

/// Does what the arguments say and returns how that went: 0 when nothing is at or above the level
/// that fails, 1 with findings, 2 when the run did not take place or is not complete.
#[expect(clippy::needless_pass_by_value, reason = "the binary has no other use for it")]
pub fn run(arguments: impl Iterator<Item = OsString>, catalog: Catalog) -> ExitCode {
    silence_panics();
    let words: Vec<OsString> = arguments.collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where the stream is closed there is nobody to tell. What an argument holds may be a secret.
            let error = usage::improved(error, &words);
            let text = error.render().to_string();
            let _ = match roadworthy_report::redacted(&text) {
                std::borrow::Cow::Borrowed(_) => error.print(),
                std::borrow::Cow::Owned(text) => {
                    std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes())
                }
            };
            let exit = if error.use_stderr() { Exit::Refused } else { Exit::Clean };
            return exit.into();
        }
    };
    let color = arguments.color;
    let dispatch = AssertUnwindSafe(|| dispatch(arguments, &catalog));
    let exit = catch_unwind(dispatch).unwrap_or_else(|_| {
        let sentence = "roadworthy itself failed, so nothing can be said of the project; please \
                        report this with the command and the line above";
        terminal::say(color, terminal::Kind::Error, sentence);
        Exit::Refused
    });
    exit.into()
}

fn dispatch(arguments: Arguments, catalog: &Catalog) -> Exit {
    let color = arguments.color;
    let result = match arguments.command {
        Command::Check(arguments) => check::check(&arguments.settled(), color, catalog),
        Command::Report(arguments) => report::report(&arguments, color, catalog),
        Command::Facts(arguments) => facts::facts(&arguments, color, catalog),
        Command::Explain(arguments) => explain::explain(&arguments, color, catalog),
        Command::Config(arguments) => match arguments.command {
            ConfigCommand::Schema => config::schema::print(catalog),
        },
        Command::Init(arguments) => init::init(&arguments, color),
        Command::Rules(arguments) => explain::rules(&arguments, color, catalog),
        Command::Completions(arguments) => shells::completions(&arguments, catalog),
        Command::Man(arguments) => shells::man(&arguments),
    };
    result.unwrap_or_else(|error| terminal::refuse(color, &error))
}

/// A fault of the program shows its place in the code and nothing more: its message may quote the text
/// that was judged, and with it a secret.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let sentence = format!("internal fault at {place}");
        terminal::say(ColorChoice::Auto, terminal::Kind::Error, &sentence);
    }));
}
