//! The warehouse: SQL models over staged Parquet, run in dependency order in one DuckDB file.

mod build;
mod build_stretches;
mod engine;
mod findings;
mod fingerprint;
mod gate;
mod in_turn;
mod join_files;
mod lay_down;
mod levels;
mod load;
mod models;
mod order;
mod part_view;
mod parts;
mod plan;
mod read;
mod reuse;
mod schedule;
mod select;
mod stages;
mod stretches;
mod together;
mod views;
mod word_type;

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
    #[error("{what}: {}", without_values(said))]
    Engine {
        /// What was tried.
        what: String,
        /// What the engine said, word by word: it may quote values, so that it is no `source`, which would be shown behind.
        said: duckdb::Error,
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

/// What the engine said, without what it quotes of rows: values stand in quotation marks, and parts of a query behind `LINE`. Of
/// an error in the SQL itself all stays, since that is what is wrong, and of one with a file its path.
fn without_values(error: &duckdb::Error) -> String {
    let text = error.to_string();
    let is_about = |kinds: &[&str]| kinds.iter().any(|kind| text.starts_with(kind));
    if is_about(&["Parser Error", "Binder Error", "Catalog Error"]) {
        return text;
    }
    if is_about(&["Out of Memory Error"]) {
        let said = without_quoted(text.lines().next().unwrap_or_default(), '"');
        let advice = if said.contains("offload") {
            "make room on the disk"
        } else {
            "raise `memori` under `[mesin]` in `bansos360.toml`, or take fewer districts into one workspace"
        };
        return format!("{said}; {advice}");
    }
    let said = text.split("\nLINE ").next().unwrap_or_default().trim_end();
    let said = without_quoted(said, '\'');
    if is_about(&["IO Error"]) {
        return said;
    }
    without_quoted(&said, '"')
}

fn without_quoted(text: &str, mark: char) -> String {
    let parts = text.split(mark).enumerate();
    let shown: Vec<&str> = parts
        .map(|(position, part)| if position % 2 == 1 { "..." } else { part })
        .collect();
    shown.join(&mark.to_string())
}

impl WarehouseError {
    /// Puts what was tried into an error of the engine.
    pub fn engine(what: impl Into<String>) -> impl FnOnce(duckdb::Error) -> Self {
        let what = what.into();
        move |said| Self::Engine { what, said }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sql: &str) -> String {
        let connection = duckdb::Connection::open_in_memory().unwrap();
        let error = connection.execute_batch(sql).unwrap_err();
        format!("{:#}", anyhow::Error::from(WarehouseError::engine("try")(error)))
    }

    #[test]
    fn an_error_of_the_engine_quotes_no_value() {
        let shown = said("SELECT CAST(nik AS INTEGER) FROM (VALUES ('3503110203850001')) AS t(nik)");
        assert!(shown.contains("Conversion Error") && !shown.contains("3503"), "{shown}");
        let shown = said("SELECT CAST('3503110203850001' AS DATE)");
        assert!(!shown.contains("3503"), "{shown}");
    }

    #[test]
    fn too_little_memory_says_where_to_give_more() {
        let shown = said(
            "SET temp_directory = ''; SET memory_limit = '20MB'; CREATE TABLE t AS SELECT hash(i) FROM range(9000000) AS r(i)",
        );
        assert!(
            shown.contains("Out of Memory Error") && shown.contains("`memori` under `[mesin]`"),
            "{shown}"
        );
        assert!(!shown.contains("SET ") && !shown.contains('\n'), "{shown}");
    }

    #[test]
    fn an_error_in_the_sql_shows_its_line() {
        assert!(said("SELECT a\nFROM tiada").contains("FROM tiada"));
    }
}
