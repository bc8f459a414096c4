//! A few of the rows that fail, for the person who must find out why. A release that is kept back is gone afterwards.

use crate::warehouse::{ColumnSheet, Model, Models, WarehouseError};
use duckdb::Connection;

const MOST: usize = 5;

/// Rows of a query as `column=value`. Columns that are not known to be impersonal show `***`.
pub(super) fn rows(connection: &Connection, sql: &str, models: &Models) -> duckdb::Result<Vec<String>> {
    let columns = described(connection, sql)?;
    let shown: Vec<bool> = columns
        .iter()
        .map(|(name, kind)| is_shown(models, name, kind))
        .collect();
    let places: Vec<String> = (0..columns.len()).map(|index| format!("kolom_{index}")).collect();
    let texts: Vec<String> = places
        .iter()
        .map(|place| format!("CAST(t.{place} AS VARCHAR)"))
        .collect();
    let limited = format!(
        "SELECT {} FROM (\n{sql}\n) AS t ({}) LIMIT {MOST}",
        texts.join(", "),
        places.join(", ")
    );
    let mut statement = connection.prepare(&limited)?;
    let mut found = Vec::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns.len());
        for (index, (name, _)) in columns.iter().enumerate() {
            let value = match row.get::<_, Option<String>>(index)? {
                None => "NULL".to_owned(),
                Some(value) if shown[index] => value,
                Some(_) => "***".to_owned(),
            };
            cells.push(format!("{name}={value}"));
        }
        found.push(cells.join(" "));
    }
    Ok(found)
}

/// Values of a column for which a condition holds; none of a column that is personal.
pub(super) fn values(
    connection: &Connection,
    model: &Model,
    column: &ColumnSheet,
    condition: &str,
) -> Result<Vec<String>, WarehouseError> {
    if column.class != "umum" {
        return Ok(Vec::new());
    }
    let fail = || WarehouseError::engine(format!("data tests of `{}`", model.name));
    let sql = format!(
        "SELECT DISTINCT CAST({name} AS VARCHAR) FROM {table} WHERE {condition} ORDER BY 1 LIMIT {MOST}",
        name = column.name,
        table = model.name
    );
    let mut statement = connection.prepare(&sql).map_err(fail())?;
    let mut rows = statement.query([]).map_err(fail())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fail())? {
        found.push(row.get(0).map_err(fail())?);
    }
    Ok(found)
}

fn described(connection: &Connection, sql: &str) -> duckdb::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare(&format!("DESCRIBE SELECT * FROM (\n{sql}\n)"))?;
    let mut rows = statement.query([])?;
    let mut columns = Vec::new();
    while let Some(row) = rows.next()? {
        columns.push((row.get(0)?, row.get(1)?));
    }
    Ok(columns)
}

/// A column that every sheet calls impersonal, or a count that the query itself has made. A number can be a NIK, too, so
/// that only whole counts under a name that no sheet knows are shown.
fn is_shown(models: &Models, name: &str, kind: &str) -> bool {
    let sheets = models.ordered.iter().flat_map(|model| &model.columns);
    let mut classes = sheets
        .filter(|column| column.name == name)
        .map(|column| &column.class)
        .peekable();
    if classes.peek().is_none() {
        return matches!(kind, "INTEGER" | "BOOLEAN") || name.starts_with("jumlah");
    }
    classes.all(|class| class == "umum")
}
