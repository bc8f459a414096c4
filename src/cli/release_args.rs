//! What can be typed about runs and releases that are there.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

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

/// Releases.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// What to do
    #[command(subcommand)]
    pub tindakan: ReleaseTindakan,
}

/// What can be done with releases.
#[derive(Debug, Subcommand)]
pub enum ReleaseTindakan {
    /// List the releases that are there, the newest first
    List,
    /// Look whether a release is whole, and tell what is in it
    Show {
        /// Its id or the beginning of it, `current` or `previous`
        #[arg(default_value = "current")]
        run: String,
    },
    /// Compare two releases: rows of the marts by key, and people by place
    Diff(DiffArgs),
}

/// A comparison.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bansos360 release diff                                the release before the current one, and the current one\n  \
                  bansos360 release diff 20260401 20260701 --html q2.html   a quarter, as a page to print\n  \
                  bansos360 release diff --per desa --xlsx perubahan.xlsx   every desa, as a workbook"
)]
pub struct DiffArgs {
    /// From this release: its id or the beginning of it, `current` or `previous`
    #[arg(default_value = "previous")]
    pub dari: String,
    /// To this release
    #[arg(default_value = "current")]
    pub ke: String,
    /// Which places are listed
    #[arg(long, value_enum, default_value_t = Per::Kecamatan)]
    pub per: Per,
    /// Write the figures of every desa as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write the figures of every desa as a workbook
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// Write a page to print (Indonesian)
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write a workbook with every person to whom something happened
    #[arg(long, value_name = "FILE")]
    pub rinci: Option<PathBuf>,
    /// Show names and NIK in that workbook as they are, not masked
    #[arg(long, requires = "rinci")]
    pub tampilkan_data_pribadi: bool,
}

/// Places of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// Kecamatan
    Kecamatan,
    /// Desa and kelurahan
    Desa,
}

/// A question.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bansos360 query \"SELECT kode_program, count(*) AS penerima FROM mart_1_kpm GROUP BY kode_program\"\n  \
                  bansos360 query \"SELECT desa, count(*) AS n FROM dtks_rt GROUP BY desa\" --csv desa.csv"
)]
pub struct QueryArgs {
    /// One SELECT; the tables of the warehouse and the marts stand under their names
    pub sql: String,
    /// How many rows are printed; 0 for all
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub batas: usize,
    /// Write all rows to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}
