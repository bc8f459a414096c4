//! `bansos360`: parse, do, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    bansos360::cli::main()
}
