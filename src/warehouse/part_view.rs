//! What models in parts see of tables: views of some rows, on the shelf of the connection that makes a part.

use super::WarehouseError;
use super::engine::quote;
use super::gate::columns_of;
use super::order::{EachSheet, PartsSheet};
use crate::stop;
use duckdb::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Puts views of some rows before tables: on the connection's own shelf, where it looks first. The engine would keep a table of
/// all rows for each part, else.
pub(super) struct View<'a> {
    /// The connection on whose shelf they stand.
    pub connection: &'a Connection,
    /// The model that reads them.
    pub model: &'a str,
    /// Where tables are, as far as it has been asked for.
    pub places: &'a Places,
}

/// The full names of tables. The engine takes 7 ms to tell one, since it writes out all that it knows of every table beside it; a
/// province asks a thousand times.
#[derive(Default)]
pub(super) struct Places(Mutex<BTreeMap<String, String>>);

impl Places {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl View<'_> {
    /// Shows the rows of `each` one by one, and calls with their numbers and the conditions that they meet: where there is none, once
    /// with nothing to be seen.
    pub fn one_by_one(
        &self,
        sheet: &PartsSheet,
        mut make: impl FnMut(usize, &str) -> Result<(), WarehouseError>,
    ) -> Result<(), WarehouseError> {
        let Some(each) = &sheet.each else {
            stop::check()?;
            return make(0, "true");
        };
        let mut rows = self.rows_of(each)?;
        if rows.is_empty() {
            rows.push("false".to_owned());
        }
        for (of_each, row) in rows.iter().enumerate() {
            stop::check()?;
            self.of(&each.of, row)?;
            make(of_each, row)?;
        }
        Ok(())
    }

    /// The rows of tables whose value the rows of the stretch have, and that meet the condition of `each` where it cuts them. Tables of
    /// their own tell the engine how few the values and the rows are: it would else look for all rows of a table among those of the
    /// stretch (0.55 s a district instead of 0.2), and turn the joins of the model round. They have the columns only that the model
    /// names: the others would be copied for nothing.
    pub fn look_up(&self, sheet: &PartsSheet, sql: &str, each: &str) -> Result<(), WarehouseError> {
        let columns: BTreeSet<&String> = sheet.lookup.values().collect();
        for column in &columns {
            self.execute(&format!(
                "CREATE OR REPLACE TEMP TABLE {} AS SELECT DISTINCT r.{column} FROM {} AS r",
                self.values(column),
                sheet.of
            ))?;
        }
        for (table, column) in &sheet.lookup {
            let (place, found, values) = (self.place_of(table)?, self.found(table), self.values(column));
            let named = named(columns_of(self.connection, &place)?, sql);
            let cut = if sheet.is_cut(table) { each } else { "true" };
            self.execute(&format!(
                "CREATE OR REPLACE TEMP TABLE {found} AS SELECT {named} FROM {place} WHERE {cut} AND {column} IN (SELECT {column} FROM {values}); \
                 CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {found}"
            ))?;
        }
        columns
            .into_iter()
            .try_for_each(|column| self.execute(&format!("DROP TABLE {}", self.values(column))))
    }

    /// Drops what was looked up in a table.
    pub fn forget(&self, table: &str) -> Result<(), WarehouseError> {
        self.execute(&format!("DROP TABLE IF EXISTS {}", self.found(table)))
    }

    /// Where what was looked up is kept.
    fn found(&self, table: &str) -> String {
        format!("temp.main.{}_{table}", self.model)
    }

    /// Where the values are kept that are looked for.
    fn values(&self, column: &str) -> String {
        format!("temp.main.{}_nilai_{column}", self.model)
    }

    /// The rows of a table that meet a condition.
    pub fn of(&self, table: &str, condition: &str) -> Result<(), WarehouseError> {
        let place = self.place_of(table)?;
        self.execute(&format!(
            "CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {place}\nWHERE {condition}"
        ))
    }

    /// The same, numbered on the way, so that what reads them must keep their order: the engine holds back what a join makes of
    /// fewer than 64 rows until more come, unless the order counts. The first rows of a stretch would then come last.
    pub fn in_order(&self, table: &str, condition: &str) -> Result<(), WarehouseError> {
        let place = self.place_of(table)?;
        self.execute(&format!(
            "CREATE OR REPLACE TEMP VIEW {table} AS SELECT * EXCLUDE (nomor_di_bagian) FROM \
             (SELECT *, row_number() OVER () AS nomor_di_bagian FROM {place}\nWHERE {condition}) WHERE nomor_di_bagian > 0"
        ))
    }

    /// The table shows all of its rows again.
    pub fn end(&self, table: &str) -> Result<(), WarehouseError> {
        self.execute(&format!("DROP VIEW IF EXISTS temp.main.{table}"))
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) -> Result<(), WarehouseError> {
        self.connection.execute_batch(sql).map_err(self.fail())
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> Result<i64, WarehouseError> {
        self.number(&format!(
            "SELECT CAST(count(*) AS BIGINT) FROM {}",
            self.place_of(table)?
        ))
    }

    /// The sum of a column over the rows that a table shows.
    pub fn sum_of(&self, table: &str, column: &str) -> Result<i64, WarehouseError> {
        self.number(&format!(
            "SELECT CAST(coalesce(sum({column}), 0) AS BIGINT) FROM {table}"
        ))
    }

    fn number(&self, sql: &str) -> Result<i64, WarehouseError> {
        self.connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(self.fail())
    }

    /// A condition for each row of a table, in the order of its key.
    fn rows_of(&self, each: &EachSheet) -> Result<Vec<String>, WarehouseError> {
        let place = self.place_of(&each.of)?;
        let texts: Vec<String> = each
            .by
            .iter()
            .map(|column| format!("CAST({column} AS VARCHAR)"))
            .collect();
        let order: Vec<String> = each
            .by
            .iter()
            .map(|column| format!("{column} ASC NULLS LAST"))
            .collect();
        let sql = format!("SELECT {} FROM {place} ORDER BY {}", texts.join(", "), order.join(", "));
        let condition = |row: &duckdb::Row<'_>| {
            let of_column = |(number, column): (usize, &String)| {
                let value: Option<String> = row.get(number)?;
                Ok(value.map_or_else(
                    || format!("{column} IS NULL"),
                    |value| format!("{column} = {}", quote(&value)),
                ))
            };
            let all: duckdb::Result<Vec<String>> = each.by.iter().enumerate().map(of_column).collect();
            Ok(all?.join(" AND "))
        };
        let mut statement = self.connection.prepare(&sql).map_err(self.fail())?;
        statement
            .query_map([], condition)
            .and_then(Iterator::collect)
            .map_err(self.fail())
    }

    /// The full name of a table, which a view of its name does not hide.
    fn place_of(&self, table: &str) -> Result<String, WarehouseError> {
        if let Some(place) = self.places.all().get(table) {
            return Ok(place.clone());
        }
        let sql = "SELECT '\"' || database_name || '\".\"' || schema_name || '\".\"' || table_name || '\"' FROM duckdb_tables() \
                   WHERE table_name = ? AND schema_name = 'main' AND NOT internal";
        let place: String = self
            .connection
            .query_row(sql, [table], |row| row.get(0))
            .map_err(self.fail())?;
        self.places.all().insert(table.to_owned(), place.clone());
        Ok(place)
    }

    fn fail(&self) -> impl FnOnce(duckdb::Error) -> WarehouseError {
        WarehouseError::engine(format!("parts of `{}`", self.model))
    }
}

/// Those of the columns whose names stand in a query; all, where it may mean a column without its name.
fn named(columns: Vec<(String, String)>, sql: &str) -> String {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let sql = sql.to_lowercase().replace("count(*)", "");
    let words: Vec<&str> = sql
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .collect();
    let means_any = sql.contains(['*', '"'])
        || words
            .iter()
            .any(|word| matches!(*word, "columns" | "natural" | "positional"))
        || format!("({sql}").contains("(from ")
        || sql.split(" from ").skip(1).any(renames)
        || sql.split(" join ").skip(1).any(renames);
    if means_any {
        return "*".to_owned();
    }
    let columns = columns.into_iter().map(|(name, _)| name);
    let named: Vec<String> = columns
        .filter(|name| words.contains(&name.to_lowercase().as_str()))
        .collect();
    named.join(", ")
}

/// Does the table at the beginning get other names for its columns, by their places: `t AS u(a, b)`?
fn renames(from: &str) -> bool {
    let alias = from.split_once(' ').map_or("", |(_, rest)| rest);
    let alias = alias.strip_prefix("as ").unwrap_or(alias);
    alias.split_once('(').is_some_and(|(name, _)| is_word(name.trim_end()))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_columns_are_looked_up() {
        let columns = || {
            ["id", "nama", "Alamat", "desa"]
                .map(|name| (name.to_owned(), "VARCHAR".to_owned()))
                .into()
        };
        let select = "WITH u AS (SELECT CAST(id AS DECIMAL(9, 2)) AS id FROM v)\nSELECT t.id, count(*) AS n, min(t.alamat) FROM t -- nama_krt\nGROUP BY t.id";
        assert_eq!(named(columns(), select), "id, Alamat");
        for any in [
            "SELECT t.* FROM t",
            "SELECT \"id\" FROM t",
            "SELECT COLUMNS('n.*') FROM t",
            "SELECT id FROM t NATURAL JOIN u",
            "SELECT a FROM t AS t(a, b)",
            "SELECT a FROM u INNER JOIN t\n    AS t (a, b) ON true",
            "SELECT a FROM t u(a, b)",
            "WITH u AS (FROM t)\nSELECT u.id FROM u",
            "FROM t",
        ] {
            assert_eq!(named(columns(), any), "*", "{any}");
        }
    }
}
