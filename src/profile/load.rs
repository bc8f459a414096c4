//! Raw rows into the scratch table: trimmed text, and NULL for what is missing.

use super::class::Known;
use super::sql;
use super::{ProfileError, pattern};
use crate::read::{Next, RawRow, ReadError, RowSource};
use crate::stage::Refusal;
use crate::standardise::text::filled;
use crate::warehouse::WarehouseError;
use duckdb::arrow::array::{ArrayRef, StringBuilder};
use duckdb::arrow::datatypes::{DataType, Field as ArrowField, Schema};
use duckdb::arrow::record_batch::RecordBatch;
use duckdb::{Appender, Connection};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows and bytes of text that are handed over at once.
const BATCH_ROWS: usize = 8192;
const BATCH_BYTES: usize = 16 << 20;

/// A column to be profiled: what is known of it beside its values.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its name, or its heading.
    pub label: String,
    /// The column of the warehouse that it feeds.
    pub warehouse: Option<String>,
    /// The type that a table gives it.
    pub declared: Option<String>,
    /// Its class, where that is known.
    pub class: Known,
    /// Its digits are codes and no quantity.
    pub code: bool,
    /// A running number: no part of a row that repeats another.
    pub running: bool,
    /// Words for nothing that stand in missing cells.
    pub words: BTreeMap<String, u64>,
    /// Filled cells with blanks at their edges.
    pub padded: u64,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Rows that could not be read.
    pub broken: u64,
    /// Filled cells right of the last heading.
    pub outside: u64,
}

/// Loads all rows below `line` into a new table `t`; `reading` puts the file into errors.
pub fn load(
    connection: &Connection,
    source: &mut dyn RowSource,
    line: u64,
    fields: &mut [Field],
    reading: &dyn Fn(&ReadError) -> Refusal,
) -> Result<Loaded, ProfileError> {
    let fail = || WarehouseError::engine("load the scratch table");
    connection
        .execute_batch(&sql::create_text_table(fields.len()))
        .map_err(fail())?;
    let mut batch = Batch::new(connection.appender("t").map_err(fail())?, fields.len());
    let mut loaded = Loaded::default();
    let mut row = RawRow::new();
    loop {
        row.clear();
        match source.next_row(&mut row).map_err(|error| reading(&error))? {
            Next::End => break,
            Next::Broken(_) => loaded.broken += 1,
            Next::Row if row.line <= line || row.is_blank() => {}
            Next::Row => {
                let outside = row.iter().skip(fields.len());
                loaded.outside += outside.filter(|cell| filled(cell).is_some()).count() as u64;
                batch.add(&row, fields)?;
            }
        }
    }
    batch.finish()?;
    Ok(loaded)
}

struct Batch<'c> {
    appender: Appender<'c>,
    schema: Arc<Schema>,
    columns: Vec<StringBuilder>,
    rows: usize,
    bytes: usize,
}

impl<'c> Batch<'c> {
    fn new(appender: Appender<'c>, width: usize) -> Self {
        let fields: Vec<ArrowField> = (0..width)
            .map(|index| ArrowField::new(format!("c{index}"), DataType::Utf8, true))
            .collect();
        Self {
            appender,
            schema: Arc::new(Schema::new(fields)),
            columns: (0..width).map(|_| StringBuilder::new()).collect(),
            rows: 0,
            bytes: 0,
        }
    }

    fn add(&mut self, row: &RawRow, fields: &mut [Field]) -> Result<(), ProfileError> {
        for (index, (column, field)) in self.columns.iter_mut().zip(fields).enumerate() {
            let cell = row.cell(index);
            let value = filled(cell);
            column.append_option(value);
            match value {
                Some(value) => {
                    self.bytes += value.len();
                    field.padded += u64::from(value.len() < cell.len());
                }
                None if !cell.trim().is_empty() => {
                    *field.words.entry(cell.trim().to_uppercase()).or_insert(0) += 1;
                }
                None => {}
            }
        }
        self.rows += 1;
        if self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.hand_over()?;
        }
        Ok(())
    }

    fn hand_over(&mut self) -> Result<(), ProfileError> {
        if self.rows == 0 {
            return Ok(());
        }
        let fail = || WarehouseError::engine("load the scratch table");
        let columns: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|column| Arc::new(column.finish()) as ArrayRef)
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(|error| duckdb::Error::ToSqlConversionFailure(Box::new(error)))
            .map_err(fail())?;
        self.appender.append_record_batch(batch).map_err(fail())?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    fn finish(mut self) -> Result<(), ProfileError> {
        self.hand_over()?;
        self.appender
            .flush()
            .map_err(WarehouseError::engine("load the scratch table"))?;
        Ok(())
    }
}

/// A heading as it may be shown: one that holds an identity number is none.
pub fn shown_label(label: String) -> String {
    if pattern::holds_identity_number(&label) {
        pattern::of(&label)
    } else {
        label
    }
}
