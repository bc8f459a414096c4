//! Tests of columns: all of a table in one scan.

use super::queries::numbers;
use super::{Measured, examples};
use crate::warehouse::{ColumnSheet, Model, TestLevel, WarehouseError, quote};
use duckdb::Connection;

/// Rows of the table, and its tests `not_null`, `unique` and `accepted_values`.
pub(super) fn measure(connection: &Connection, model: &Model) -> Result<(i64, Vec<Measured>), WarehouseError> {
    let tests: Vec<(&ColumnSheet, &'static str, String)> = model.columns.iter().flat_map(of_column).collect();
    let mut expressions = vec!["count(*)".to_owned()];
    expressions.extend(tests.iter().map(|(_, _, expression)| expression.clone()));
    let counts = numbers(connection, &model.name, &expressions, &model.name)?;
    let rows = counts.first().copied().unwrap_or(0);
    let mut found = Vec::with_capacity(tests.len());
    for ((column, kind, _), failing) in tests.iter().zip(counts.iter().skip(1)) {
        let uji = format!("{}.{}.{kind}", model.name, column.name);
        let mut measured = Measured::failing_rows(uji, kind, level(column), *failing);
        if *kind == "accepted_values" && !measured.holds {
            measured.contoh = examples::values(connection, model, column, &not_accepted(column))?;
        }
        found.push(measured);
    }
    Ok((rows, found))
}

/// How many rows fail, as an aggregate.
fn of_column(column: &ColumnSheet) -> Vec<(&ColumnSheet, &'static str, String)> {
    let name = &column.name;
    let declared = |test: &str| column.tests.iter().any(|declared| declared == test);
    let mut tests = Vec::new();
    if declared("not_null") {
        tests.push((column, "not_null", format!("count(*) - count({name})")));
    }
    if declared("unique") {
        tests.push((column, "unique", format!("count({name}) - count(DISTINCT {name})")));
    }
    if !column.accepted_values.is_empty() {
        let counted = format!("count(*) FILTER (WHERE {})", not_accepted(column));
        tests.push((column, "accepted_values", counted));
    }
    tests
}

fn not_accepted(column: &ColumnSheet) -> String {
    let accepted: Vec<String> = column.accepted_values.iter().map(|value| quote(value)).collect();
    format!("CAST({} AS VARCHAR) NOT IN ({})", column.name, accepted.join(", "))
}

/// How grave a failing test of the column is.
pub(super) fn level(column: &ColumnSheet) -> TestLevel {
    column.level.unwrap_or(TestLevel::Galat)
}
