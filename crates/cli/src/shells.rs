//! `completions` and `man`: the arguments written down for shells and for `man`. Knows no project.

use std::{fs, io};

use camino::Utf8Path;
use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::generate;
use clap_complete_nushell::Nushell;
use clap_mangen::Man;
use roadworthy_engine::Catalog;
use roadworthy_report::Styles;

use crate::args::{Arguments, CompletionsArguments, ManArguments, Shell};
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal;

/// Writes the script that completes commands, options, their values, rules and paths.
pub(crate) fn completions(
    arguments: &CompletionsArguments,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let mut command = described(Arguments::command(), catalog);
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    match known(arguments.shell) {
        Some(shell) => generate(shell, &mut command, name, &mut script),
        None => generate(Nushell, &mut command, name, &mut script),
    }
    terminal::print(Styles::plain(), |out| Ok(out.write_all(&script)?))?;
    Ok(Exit::Clean)
}

/// The shell as `clap_complete` knows it: all but Nushell.
fn known(shell: Shell) -> Option<clap_complete::Shell> {
    match shell {
        Shell::Bash => Some(clap_complete::Shell::Bash),
        Shell::Elvish => Some(clap_complete::Shell::Elvish),
        Shell::Fish => Some(clap_complete::Shell::Fish),
        Shell::Nushell => None,
        Shell::Powershell => Some(clap_complete::Shell::PowerShell),
        Shell::Zsh => Some(clap_complete::Shell::Zsh),
    }
}

/// Writes the manual pages: one for each command to a folder, or the main one to standard output.
pub(crate) fn man(arguments: &ManArguments) -> Result<Exit, Error> {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = &arguments.folder else {
        terminal::print(Styles::plain(), |out| Ok(page(command).render(out)?))?;
        return Ok(Exit::Clean);
    };
    let written = fs::create_dir_all(folder).and_then(|()| write_pages(&command, folder));
    written.map_err(|error| {
        let reason = error.kind();
        let sentence =
            format!("no manual pages can be written to {folder} ({reason}): name another folder");
        Error::Usage(sentence)
    })?;
    Ok(Exit::Clean)
}

fn write_pages(command: &Command, folder: &Utf8Path) -> io::Result<()> {
    page(command.clone()).generate_to(folder)?;
    let shown = command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    shown.into_iter().try_for_each(|subcommand| write_pages(subcommand, folder))
}

/// The page of one command. Its date is empty, so that the same version gives the same bytes.
fn page(command: Command) -> Man {
    Man::new(command).date("\"\"").source(concat!("roadworthy ", env!("CARGO_PKG_VERSION")))
}

/// Tells what the values of arguments are by how the help names them, so that shells can offer some.
fn described(command: Command, catalog: &Catalog) -> Command {
    command
        .mut_args(|argument| match value_name(&argument).as_str() {
            "RULE" if argument.get_id() == "rule" => {
                let rules = catalog.rules().iter().map(|rule| rule.name);
                argument.value_parser(PossibleValuesParser::new(rules))
            }
            "RULE" => argument.value_parser(PossibleValuesParser::new(catalog.selectors())),
            "PATH" => argument.value_hint(ValueHint::AnyPath),
            "FILE" => argument.value_hint(ValueHint::FilePath),
            "FOLDER" => argument.value_hint(ValueHint::DirPath),
            _ => argument,
        })
        .mut_subcommands(|subcommand| described(subcommand, catalog))
}

/// What the help calls the value of an argument; empty where it takes none.
fn value_name(argument: &Arg) -> String {
    argument.get_value_names().and_then(<[_]>::first).map_or_else(String::new, ToString::to_string)
}
