//! Tables of the warehouse, laid down in their order: it packs better, saves others the sorting, and lets those who read some
//! districts pass by the rest.

use super::WarehouseError;
use super::engine::{SCRATCH, quote, sorts_in_memory};
use super::load::{SourceFile, districts, view_of_district};
use super::models::Model;
use duckdb::Connection;
use std::time::Instant;

/// Makes a table of staged rows of these files. Its rows lie in its order, as long as they can be sorted in memory: nothing else
/// needs any yet when the large ones are made. More rows than that lie in the order of districts, and those of each district in that
/// of the table.
///
/// # Errors
/// [`WarehouseError::Engine`] where the model cannot run.
pub(super) fn lay_down(connection: &Connection, model: &Model, files: &[SourceFile]) -> Result<(), WarehouseError> {
    let own = files.iter().filter(|file| file.tabel == model.name);
    let own: Vec<&SourceFile> = own.filter(|file| file.parquet.is_some()).collect();
    let table = Table { connection, model };
    let by_district = districts(&own);
    let staged = format!("stg_{}", model.name);
    let is_one_by_one = !model.order.is_empty() && model.relations.contains(&staged);
    if !is_one_by_one || by_district.is_empty() || sorts_in_memory(connection, rows_of(&own))? {
        return table.execute(&format!("CREATE TABLE {} AS {}", model.name, table.rows(&own)?));
    }
    table.execute(&format!("CREATE TABLE {} AS {} LIMIT 0", model.name, model.sql))?;
    for (kabupaten, files) in by_district {
        crate::stop::check()?;
        let start = Instant::now();
        let of_district = view_of_district(&staged, kabupaten);
        // On the connection's own shelf, where it looks first.
        table.execute(&format!(
            "CREATE OR REPLACE TEMP VIEW {staged} AS SELECT * FROM {SCRATCH}.{of_district}"
        ))?;
        for (near, column) in &model.near {
            table.narrow(near, column, &staged)?;
        }
        table.execute(&format!("INSERT INTO {} {}", model.name, table.rows(&files)?))?;
        let seconds = start.elapsed().as_secs_f64();
        tracing::debug!(model = model.name, kabupaten, seconds, "A district is laid down");
    }
    for near in model.near.keys() {
        let narrow = narrow(near);
        table.execute(&format!("DROP VIEW temp.main.{near}; DROP TABLE {narrow}"))?;
    }
    table.execute(&format!("DROP VIEW temp.main.{staged}"))
}

/// Where the rows are kept that one district may look up.
fn narrow(table: &str) -> String {
    format!("temp.main.{table}_di_kabupaten")
}

fn rows_of(files: &[&SourceFile]) -> u64 {
    files.iter().map(|file| file.baris.0).sum()
}

struct Table<'a> {
    connection: &'a Connection,
    model: &'a Model,
}

impl Table<'_> {
    /// The rows that the model makes of these files.
    fn rows(&self, files: &[&SourceFile]) -> Result<String, WarehouseError> {
        let Model { sql, order, .. } = self.model;
        let is_sorted = !order.is_empty() && sorts_in_memory(self.connection, rows_of(files))?;
        Ok(if is_sorted {
            format!("{sql}\nORDER BY {}", order.join(", "))
        } else {
            sql.clone()
        })
    }

    /// Shows of a table that the model joins only what staged rows of the district may find: the engine would else take it for larger
    /// than they are, and look for it among all of their wide rows (14 s of CPU of a province).
    fn narrow(&self, table: &str, column: &str, staged: &str) -> Result<(), WarehouseError> {
        let fail = || WarehouseError::engine(format!("model `{}`", self.model.name));
        let ends = format!("SELECT min({column}), max({column}) FROM {staged}");
        let ends = self
            .connection
            .query_row(&ends, [], |row| Ok((row.get(0)?, row.get(1)?)));
        let (least, greatest): (Option<String>, Option<String>) = ends.map_err(fail())?;
        let rows = match least.zip(greatest) {
            Some((least, greatest)) => format!("{column} BETWEEN {} AND {}", quote(&least), quote(&greatest)),
            None => "false".to_owned(),
        };
        let narrow = narrow(table);
        self.execute(&format!(
            "DROP VIEW IF EXISTS temp.main.{table}; CREATE OR REPLACE TEMP TABLE {narrow} AS SELECT * FROM {table} WHERE {rows}; \
             CREATE TEMP VIEW {table} AS SELECT * FROM {narrow}"
        ))
    }

    fn execute(&self, sql: &str) -> Result<(), WarehouseError> {
        self.connection
            .execute_batch(sql)
            .map_err(WarehouseError::engine(format!("model `{}`", self.model.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_sees_of_a_table_what_its_rows_may_find() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE rumah AS SELECT v AS id FROM (VALUES ('1'), ('2''a'), ('3'), ('9')) AS t(v)")
            .unwrap();
        let model = Model::default();
        let table = Table {
            connection: &connection,
            model: &model,
        };
        for (staged, seen) in [
            ("('2'''), ('3'), (NULL)", 2),
            ("(NULL)", 0),
            ("('1'), ('9')", 4),
            ("('0')", 0),
        ] {
            let staged = format!(
                "CREATE OR REPLACE TEMP VIEW stg_t AS SELECT CAST(v AS VARCHAR) AS id FROM (VALUES {staged}) AS t(v)"
            );
            table.execute(&staged).unwrap();
            table.narrow("rumah", "id", "stg_t").unwrap();
            let count = "SELECT CAST(count(*) AS BIGINT) FROM rumah";
            let rows: i64 = connection.query_row(count, [], |row| row.get(0)).unwrap();
            assert_eq!(rows, seen, "{staged}");
        }
    }
}
