//! Tests of columns: all of a table in one scan.

use super::Measured;
use super::queries::numbers;
use crate::warehouse::{ColumnSheet, Model, TestLevel, WarehouseError, quote};
use duckdb::Connection;

/// Rows of the table, and its tests `not_null`, `unique` and `accepted_values`.
pub(super) fn measure(connection: &Connection, model: &Model) -> Result<(i64, Vec<Measured>), WarehouseError> {
    let tests: Vec<(&ColumnSheet, &'static str, String)> = model.columns.iter().flat_map(of_column).collect();
    let mut expressions = vec!["count(*)".to_owned()];
    expressions.extend(tests.iter().map(|(_, _, expression)| expression.clone()));
    let counts = numbers(connection, &model.name, &expressions, &model.name)?;
    let rows = counts.first().copied().unwrap_or(0);
    let measured = tests
        .iter()
        .zip(counts.iter().skip(1))
        .map(|((column, kind, _), failing)| {
            Measured::failing_rows(
                format!("{}.{}.{kind}", model.name, column.name),
                kind,
                level(column),
                *failing,
            )
        });
    Ok((rows, measured.collect()))
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
        let accepted: Vec<String> = column.accepted_values.iter().map(|value| quote(value)).collect();
        tests.push((
            column,
            "accepted_values",
            format!(
                "count(*) FILTER (WHERE CAST({name} AS VARCHAR) NOT IN ({}))",
                accepted.join(", ")
            ),
        ));
    }
    tests
}

/// How grave a failing test of the column is.
pub(super) fn level(column: &ColumnSheet) -> TestLevel {
    column.level.unwrap_or(TestLevel::Galat)
}
