//! The warehouse: SQL models over staged Parquet, run in dependency order in one DuckDB file.

mod build;
mod engine;
mod fingerprint;
mod gate;
mod join_files;
mod levels;
mod load;
mod models;
mod parts;
mod plan;
mod read;
mod reuse;
mod schedule;
mod select;
mod views;

pub use build::{Built, Warehouse};
pub use engine::{bound_memory, quote, quote_path};
pub use fingerprint::{Fingerprint, Inputs};
pub use gate::GateFailure;
pub use load::SourceFile;
pub use models::{ColumnSheet, Freshness, Materialized, Model, Models, RowCount, TestLevel, Volume};
pub use plan::{Fate, ModelPlan, Plan, Previous, Request};
pub use read::{ReleaseReader, TextRow};
pub use select::Selection;

use crate::files::FileError;
use std::path::PathBuf;
use thiserror::Error;

/// The warehouse cannot be built.
#[derive(Debug, Error)]
pub enum WarehouseError {
    /// The engine said no.
    #[error("{what}: {source}")]
    Engine {
        /// What was tried.
        what: String,
        /// What the engine said.
        source: duckdb::Error,
    },
    /// A model or its sheet cannot be used.
    #[error("SQL model `{model}`: {problem}")]
    Model {
        /// The model.
        model: String,
        /// What is wrong.
        problem: String,
    },
    /// `--select` or `--exclude` cannot be followed.
    #[error("{problem}")]
    Selection {
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The program was asked to stop.
    #[error(transparent)]
    Stopped(#[from] crate::stop::Stopped),
    /// A path that the engine cannot take.
    #[error("`{path}` is no valid text; rename the folder")]
    Path {
        /// The path.
        path: PathBuf,
    },
}

impl WarehouseError {
    /// Puts what was tried into an error of the engine.
    pub fn engine(what: impl Into<String>) -> impl FnOnce(duckdb::Error) -> Self {
        let what = what.into();
        move |source| Self::Engine { what, source }
    }
}
