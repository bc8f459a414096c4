//! Polars columns from the values that kernels give.

use crate::standardise::{CellColumn, WordColumn};
use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, Categorical8Type, Categorical16Type, Categorical32Type, CategoricalChunked, CategoricalPhysical,
    Column, DataType, FrozenCategories, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray,
    PolarsResult, StringChunked, UInt8Chunked, UInt16Chunked, UInt32Chunked,
};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Half as many words are few, however small the batch.
const ALWAYS_FEW: usize = 64;

/// Columns by name.
#[derive(Default)]
pub struct Columns {
    by_name: BTreeMap<String, Column>,
}

impl Columns {
    /// The column of this name.
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.by_name.get(name)
    }

    /// The texts of a column that is there and holds plain text.
    pub fn texts(&self, name: &str) -> Option<&StringChunked> {
        self.get(name)?.str().ok()
    }

    /// Puts a column in the place of an earlier one.
    pub fn insert(&mut self, name: &str, column: Column) {
        self.by_name.insert(name.to_owned(), column);
    }

    /// Takes a column out.
    pub fn remove(&mut self, name: &str) -> Option<Column> {
        self.by_name.remove(name)
    }
}

/// The values of a column as text, for comparison.
pub fn as_texts(column: &Column) -> Option<StringChunked> {
    column.cast(&DataType::String).ok()?.str().ok().cloned()
}

/// A column of texts.
pub fn texts<'t>(columns: &mut Columns, name: &str, values: impl Iterator<Item = Option<&'t str>>) {
    let chunked = StringChunked::from_iter_options(name.into(), values);
    columns.insert(name, chunked.into_series().into_column());
}

/// A column in which few words stand again and again, with these as its dictionary; one with too many of them becomes a
/// column of texts.
pub fn words(columns: &mut Columns, name: &str, told: &WordColumn<'_>) {
    let few = !told.words.is_empty() && told.words.len() * 2 <= told.rows.len().max(ALWAYS_FEW);
    match few.then(|| dictionary(name, told)).and_then(Result::ok) {
        Some(column) => columns.insert(name, column),
        None => texts(columns, name, told.iter()),
    }
}

fn dictionary(name: &str, told: &WordColumn<'_>) -> PolarsResult<Column> {
    let (distinct, positions) = told.distinct();
    let categories = FrozenCategories::new(distinct)?;
    let mapping = Arc::clone(categories.mapping());
    let physical = categories.physical();
    let kind = DataType::Enum(categories, mapping);
    let codes = told.rows.iter().map(|row| positions.get((*row)? as usize).copied());
    let series = match physical {
        CategoricalPhysical::U8 => {
            let codes: UInt8Chunked = codes.map(|code| code.map(|code| code as u8)).collect();
            CategoricalChunked::<Categorical8Type>::from_cats_and_dtype(codes, kind).into_series()
        }
        CategoricalPhysical::U16 => {
            let codes: UInt16Chunked = codes.map(|code| code.map(|code| code as u16)).collect();
            CategoricalChunked::<Categorical16Type>::from_cats_and_dtype(codes, kind).into_series()
        }
        CategoricalPhysical::U32 => {
            let codes: UInt32Chunked = codes.collect();
            CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, kind).into_series()
        }
    };
    Ok(series.with_name(name.into()).into_column())
}

/// A column of texts, each read from its cell.
pub fn cleaned<'c>(
    columns: &mut Columns,
    name: &str,
    cells: &'c CellColumn,
    read: impl Fn(&'c str) -> Option<Cow<'c, str>>,
) {
    words(columns, name, &WordColumn::read(cells.texts(), read));
}

/// The same text in every row.
pub fn constant(columns: &mut Columns, name: &str, value: Option<&str>, rows: usize) {
    words(columns, name, &WordColumn::constant(value, rows));
}

/// A column of flags.
pub fn booleans(columns: &mut Columns, name: &str, values: impl Iterator<Item = bool>) {
    let chunked: BooleanChunked = values.map(Some).collect();
    columns.insert(name, named(chunked, name));
}

/// A column of whole numbers.
pub fn integers(columns: &mut Columns, name: &str, values: impl Iterator<Item = Option<i32>>) {
    let chunked: Int32Chunked = values.collect();
    columns.insert(name, named(chunked, name));
}

/// A column of counts and lines.
pub fn big_integers(columns: &mut Columns, name: &str, values: impl Iterator<Item = u64>) {
    let chunked: Int64Chunked = values.map(|value| i64::try_from(value).ok()).collect();
    columns.insert(name, named(chunked, name));
}

/// A column of dates.
pub fn dates(columns: &mut Columns, name: &str, values: impl Iterator<Item = Option<NaiveDate>>) {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    let days = values.map(|date| date.and_then(|date| i32::try_from((date - epoch).num_days()).ok()));
    let chunked: Int32Chunked = days.collect();
    columns.insert(name, named(chunked.into_date(), name));
}

fn named(values: impl IntoSeries, name: &str) -> Column {
    values.into_series().with_name(name.into()).into_column()
}
