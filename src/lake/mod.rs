//! The lake: raw files as they came, known by their content, with a catalogue that says which version counts.

mod assign;
mod blank;
mod blank_xlsx;
mod catalogue;
mod copy;
mod decision;
mod deliver;
mod entry;
mod erasure;
mod find;
mod ingest;
mod known;
mod koreksi;
mod lembar_koreksi;
mod look;
mod paths;
mod person;
mod purge;
mod reason;
mod side_by_side;
mod stage_all;
mod staged;
mod staged_folders;
mod store;
mod together;
mod verify;
mod versions;

pub use assign::{Change, assign};
pub use catalogue::{Catalogue, Counting};
pub use decision::{Decision, DecisionKind, Decisions, Ruling};
pub use deliver::{Delivery, PeriodeHints};
pub(crate) use deliver::{Members, describe, members};
pub use entry::{Entry, OTHER, Piece};
pub use erasure::{Erasure, Erasures};
pub use ingest::{Arrival, IngestReport, Ingestion, ingest};
pub use known::KnownFiles;
pub use koreksi::{CORRECTION, Correction, Corrections, Idle};
pub use lembar_koreksi::{CorrectedRow, EXPLAINING, KEY_HEADING, RowKey, is_correction, read_corrected, row_key};
pub use paths::{Found, REASON, REFUSED, inbox_files, pieces_of_path, refused_files, with_district};
pub use person::{PersonIn, empty_rows, look_for};
pub use purge::{remove_purged, remove_staged, staged_of, tombstone};
pub use reason::reason;
pub(crate) use side_by_side::in_parallel;
pub(crate) use staged::file_facts;
pub use staged::{StagedPiece, Staging};
pub use staged_folders::{StagedFolder, rows_by_piece, staged_folders};
pub use verify::{Damage, Verified, verify};
pub use versions::{Verdict, Version, state_of};

use crate::files::FileError;
use std::path::PathBuf;
use thiserror::Error;

/// Something wrong with the lake itself, not with a file that is brought to it.
#[derive(Debug, Error)]
pub enum LakeError {
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// An entry of the catalogue cannot be read.
    #[error(
        "catalogue entry `{path}` cannot be read: {problem}; restore it from a backup, or move its folder out of the lake"
    )]
    BrokenEntry {
        /// The entry.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A path that was named does not exist.
    #[error("`{path}` does not exist")]
    NotThere {
        /// The path.
        path: PathBuf,
    },
    /// A line of the decisions cannot be read.
    #[error("`{path}`: line {line} is no decision: {problem}; restore the file from a backup, or correct that line")]
    BrokenDecision {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// No entry is named so.
    #[error("the lake holds no file `{name}`; `bansos360 lake list` shows them with their ids")]
    NoEntry {
        /// What was typed.
        name: String,
    },
    /// Several entries are named so.
    #[error("`{name}` may be any of {}; type more of the id", .candidates.join(", "))]
    Ambiguous {
        /// What was typed.
        name: String,
        /// Ids and names.
        candidates: Vec<String>,
    },
    /// What was asked for cannot be decided about this file.
    #[error("{0}")]
    Unfit(String),
    /// Bytes are not what the catalogue says.
    #[error(
        "the lake is damaged: {count} of its files are not as they came; restore them from a backup, or bring them again"
    )]
    Damaged {
        /// How many.
        count: usize,
    },
    /// The key of the erasures is not there, or another one.
    #[error(
        "`{path}` is not the key under which persons were erased; restore it from a backup: without it their rows would come back"
    )]
    WrongKey {
        /// Where it is to be.
        path: PathBuf,
    },
    /// Staged files cannot be written.
    #[error("{}", .0.words())]
    Staging(Box<crate::stage::Refusal>),
    /// The program was asked to stop.
    #[error(transparent)]
    Stopped(#[from] crate::stop::Stopped),
}
