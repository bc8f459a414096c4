//! Polars columns from the values that kernels give.

use crate::standardise::CellColumn;
use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, Column, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunked,
};
use std::collections::BTreeMap;

/// Columns by name.
pub type Columns = BTreeMap<String, Column>;

/// The values of a column as text, for comparison.
pub fn as_texts(column: &Column) -> Vec<Option<String>> {
    match column.cast(&polars::prelude::DataType::String) {
        Ok(cast) => match cast.str() {
            Ok(values) => values.iter().map(|value| value.map(str::to_owned)).collect(),
            Err(_) => Vec::new(),
        },
        Err(_) => Vec::new(),
    }
}

/// The text of a row, where the column is there and has one.
pub fn text_at(column: Option<&Column>, row: usize) -> Option<&str> {
    column?.str().ok()?.get(row)
}

/// A column of texts.
pub fn texts<'t>(columns: &mut Columns, name: &str, values: impl Iterator<Item = Option<&'t str>>) {
    let chunked = StringChunked::from_iter_options(name.into(), values);
    columns.insert(name.to_owned(), chunked.into_series().into_column());
}

/// A column of texts, each read from its cell.
pub fn cleaned(columns: &mut Columns, name: &str, cells: &CellColumn, read: impl Fn(&str) -> Option<String>) {
    let clean: Vec<_> = cells.iter().map(|(cell, _)| read(cell)).collect();
    texts(columns, name, clean.iter().map(Option::as_deref));
}

/// The same text in every row.
pub fn constant(columns: &mut Columns, name: &str, value: Option<&str>, rows: usize) {
    let chunked = StringChunked::from_iter_options(name.into(), std::iter::repeat_n(value, rows));
    columns.insert(name.to_owned(), chunked.into_series().into_column());
}

/// A column of flags.
pub fn booleans(columns: &mut Columns, name: &str, values: impl Iterator<Item = bool>) {
    let chunked = BooleanChunked::from_iter_options(name.into(), values.map(Some));
    columns.insert(name.to_owned(), chunked.into_series().into_column());
}

/// A column of whole numbers.
pub fn integers(columns: &mut Columns, name: &str, values: impl Iterator<Item = Option<i32>>) {
    let chunked = Int32Chunked::from_iter_options(name.into(), values);
    columns.insert(name.to_owned(), chunked.into_series().into_column());
}

/// A column of counts and lines.
pub fn big_integers(columns: &mut Columns, name: &str, values: impl Iterator<Item = u64>) {
    let chunked = Int64Chunked::from_iter_options(name.into(), values.map(|value| i64::try_from(value).ok()));
    columns.insert(name.to_owned(), chunked.into_series().into_column());
}

/// A column of dates.
pub fn dates(columns: &mut Columns, name: &str, values: impl Iterator<Item = Option<NaiveDate>>) {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    let days = values.map(|date| date.and_then(|date| i32::try_from((date - epoch).num_days()).ok()));
    let chunked = Int32Chunked::from_iter_options(name.into(), days).into_date();
    columns.insert(name.to_owned(), chunked.into_series().into_column());
}
