//! The columns of the staged tables, as `sql/staged.toml` lists them: the one place that loader, staging and tests read.

use polars::prelude::{Column, DataType, NamedFrom, Series};
use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// `sql/staged.toml` cannot be used.
#[derive(Debug, Error)]
#[error("`sql/staged.toml`: {0}")]
pub struct SchemaError(String);

/// Tables with their columns in order.
#[derive(Debug, Clone)]
pub struct StagedSchema {
    tables: BTreeMap<String, Vec<(String, String)>>,
    words: BTreeMap<String, Vec<String>>,
    shared: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct File {
    table: Vec<TableEntry>,
}

#[derive(Deserialize)]
struct TableEntry {
    name: String,
    columns: Vec<(String, String)>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    shared: Vec<String>,
}

impl StagedSchema {
    /// Reads the text of `sql/staged.toml`.
    ///
    /// # Errors
    /// [`SchemaError`] where it is no list of tables.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let file: File = toml::from_str(text).map_err(|error| SchemaError(error.to_string()))?;
        let (mut tables, mut words, mut shared) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for table in file.table {
            words.insert(table.name.clone(), table.words);
            shared.insert(table.name.clone(), table.shared);
            tables.insert(table.name, table.columns);
        }
        Ok(Self { tables, words, shared })
    }

    /// Names and types (as DuckDB writes them) of the columns of a table; empty for an unknown one.
    pub fn columns(&self, table: &str) -> &[(String, String)] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Text columns of few different values.
    pub fn words(&self, table: &str) -> &[String] {
        self.words.get(table).map_or(&[], Vec::as_slice)
    }

    /// Text columns whose values are known beforehand: places and periods, which have one type in all tables.
    pub fn shared(&self, table: &str) -> &[String] {
        self.shared.get(table).map_or(&[], Vec::as_slice)
    }

    /// Names of all tables.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }
}

/// A column of nothing: NULL, and false for a flag (DESIGN.md: booleans are never NULL).
pub fn empty_column(name: &str, kind: &str, rows: usize) -> Column {
    let data_type = match kind {
        "BOOLEAN" => return Series::new(name.into(), vec![false; rows]).into(),
        "INTEGER" => DataType::Int32,
        "BIGINT" => DataType::Int64,
        "DOUBLE" => DataType::Float64,
        "DATE" => DataType::Date,
        _ => DataType::String,
    };
    Column::full_null(name.into(), rows, &data_type)
}
