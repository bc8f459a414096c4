//! The lake: raw files as they came, known by their content, with a catalogue that says which version counts.

mod catalogue;
mod deliver;
mod entry;
mod ingest;
mod known;
mod koreksi;
mod staged;

pub use catalogue::{Catalogue, Counting};
pub use deliver::{Delivery, PeriodeHints};
pub(crate) use deliver::{Members, describe, members};
pub use entry::{Entry, OTHER, Piece};
pub(crate) use ingest::in_parallel;
pub use ingest::{Arrival, IngestReport, Ingestion, ingest, pieces_of_path};
pub use known::KnownFiles;
pub use koreksi::{CORRECTION, Correction, Corrections, EXPLAINING, KEY_HEADING, row_key};
pub(crate) use staged::file_facts;
pub use staged::{StagedPiece, Staging};

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
    /// Staged files cannot be written.
    #[error("{0}")]
    Staging(Box<crate::stage::Refusal>),
}
