//! What can be typed about runs and releases that are there.

use clap::{Args, Subcommand};

/// Runs of the past.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct HistoryArgs {
    /// One run instead of a list
    #[command(subcommand)]
    pub tindakan: Option<HistoryShow>,
    /// How many runs are listed; 0 for all
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub batas: usize,
}

/// One run.
#[derive(Debug, Subcommand)]
pub enum HistoryShow {
    /// Tell the record of a run: what came, what became of its rows, what was found
    Show {
        /// Its id, or the beginning of it
        run: String,
    },
}

/// Going back.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// The release to go to (its id, or the beginning of it); else the one before the current one
    pub run: Option<String>,
    /// Why; stands in the record
    #[arg(long, value_name = "TEXT")]
    pub alasan: Option<String>,
}

/// Clearing away.
#[derive(Debug, Args)]
pub struct GcArgs {
    /// Only say what would be removed
    #[arg(long)]
    pub dry_run: bool,
}
