//! Profile: what stands in a file, a lake entry, a warehouse table or a mart, in figures (`bansos360 profile`).
//!
//! A file is read as raw text into a scratch database; tables and marts are read where they are. All figures are counted by
//! SQL (`sql.rs`). Values of personal columns never leave this room unless they were asked for: their patterns and counts do.

mod chart;
mod class;
mod engine;
mod file;
mod header;
mod html;
mod load;
mod measure;
mod missing;
mod pattern;
mod relation;
mod report;
mod shape;
mod sql;
mod target;
pub mod words;

pub use html::page;
pub use report::{
    Bin, ClassReason, ColumnProfile, ColumnType, Extent, Frequent, Kelas, Lengths, Measures, MissingPair, Outliers,
    Profile, Spread, TableProfile, TargetKind,
};
pub use target::{Options, profile};

use crate::files::FileError;
use crate::lake::LakeError;
use crate::stage::Refusal;
use crate::warehouse::WarehouseError;
use thiserror::Error;

/// Something that cannot be profiled.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Nothing has this name.
    #[error(
        "`{target}` is no file, no mart or table of the current release, and no entry of the lake{hint}; \
         `bansos360 status` lists what is there"
    )]
    Unknown {
        /// What was named.
        target: String,
        /// What has a similar name.
        hint: String,
    },
    /// Several entries of the lake begin so.
    #[error("`{target}` is the beginning of {count} entries of the lake; give more of its hash")]
    Ambiguous {
        /// What was named.
        target: String,
        /// How many.
        count: usize,
    },
    /// No file has this name, and there is no workspace to look in.
    #[error("`{target}` is no file; for a mart, a table or an entry of the lake give `--workspace DIR`")]
    NoWorkspace {
        /// What was named.
        target: String,
    },
    /// The engine said no.
    #[error(transparent)]
    Engine(#[from] WarehouseError),
    /// The lake cannot be read.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<Refusal> for ProfileError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
