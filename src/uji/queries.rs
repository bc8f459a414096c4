//! Numbers and texts out of the database.

use crate::warehouse::WarehouseError;
use duckdb::Connection;

/// Several aggregates over one table, in one scan.
pub(super) fn numbers(
    connection: &Connection,
    relation: &str,
    expressions: &[String],
    what: &str,
) -> Result<Vec<i64>, WarehouseError> {
    let selected: Vec<String> = expressions
        .iter()
        .map(|expression| format!("CAST({expression} AS BIGINT)"))
        .collect();
    let sql = format!("SELECT {} FROM {relation}", selected.join(", "));
    connection
        .query_row(&sql, [], |row| {
            (0..expressions.len()).map(|index| row.get(index)).collect()
        })
        .map_err(WarehouseError::engine(format!("data tests of `{what}`")))
}

/// How many rows a query returns.
pub(super) fn rows_of(connection: &Connection, sql: &str) -> duckdb::Result<i64> {
    let counting = format!("SELECT CAST(count(*) AS BIGINT) FROM (\n{sql}\n)");
    connection.query_row(&counting, [], |row| row.get(0))
}

/// The greatest value of a column, as text.
pub(super) fn greatest(connection: &Connection, table: &str, column: &str) -> Result<Option<String>, WarehouseError> {
    connection
        .query_row(
            &format!("SELECT CAST(max({column}) AS VARCHAR) FROM {table}"),
            [],
            |row| row.get(0),
        )
        .map_err(WarehouseError::engine(format!("data tests of `{table}`")))
}
