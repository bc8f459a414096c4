//! `bansos360`: parse, do, exit.

use std::process::ExitCode;

/// Also for DuckDB: its `malloc` is this one.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    bansos360::cli::main()
}
