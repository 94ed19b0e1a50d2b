//! The binary: hands the arguments and the catalogue to the command line, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    roadworthy_cli::run(std::env::args_os(), roadworthy_rules::catalog())
}
