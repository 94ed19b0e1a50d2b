//! The binary: hands the arguments and the catalogue to the command line, nothing else.

use std::process::ExitCode;

/// Every thread makes small things all the time; with the allocator of the C library that is a sixth of a run.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    roadworthy_cli::run(std::env::args_os(), roadworthy_rules::catalog())
}
