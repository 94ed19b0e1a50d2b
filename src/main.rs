//! The binary: hands the arguments and the catalogue to the command line, nothing else.

fn main() {}
