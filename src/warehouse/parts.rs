//! What models in parts see of tables, and the files of a mart that is made in parts: each in the order of the mart, and joined to
//! one file in the order of the parts.

use super::WarehouseError;
use super::engine::{quote, quote_path};
use super::gate::{ascends, columns_of};
use super::join_files::join_files;
use super::models::Model;
use super::order::{EachSheet, PartsSheet};
use crate::files::{close_to_others, failed, make_folder};
use crate::stop;
use duckdb::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The parts of a mart, each a file of its own until all are there.
pub(super) struct PartFiles<'m> {
    model: &'m Model,
    /// The mart without its order: parts whose rows do not come out in it are written again and sorted, and all that follow, once
    /// these are more than the others.
    unsorted: Option<&'m str>,
    folder: PathBuf,
    /// By the row of `each` and the stretch: in the order of the mart.
    files: BTreeMap<(usize, usize), PathBuf>,
    /// A part without rows: what the mart is where no part has any.
    without_rows: Option<PathBuf>,
    rows: i64,
    in_order: usize,
    sorted_again: usize,
    /// Was each part looked at, and ascends?
    ascending: bool,
    /// As many as its query has, where its sheet tells any: whether these are the same is checked when the mart is written.
    columns: Option<usize>,
}

impl<'m> PartFiles<'m> {
    /// Parts of the mart that will be the file at `path`.
    pub fn begin(model: &'m Model, unsorted: Option<&'m str>, path: &Path) -> Result<Self, WarehouseError> {
        let folder = path.with_extension("bagian");
        make_folder(&folder)?;
        let in_one_row = model.parts.as_ref().is_none_or(|sheet| sheet.each.is_none());
        Ok(Self {
            model,
            unsorted,
            folder,
            files: BTreeMap::new(),
            without_rows: None,
            rows: 0,
            in_order: 0,
            sorted_again: 0,
            ascending: unsorted.is_some() && in_one_row,
            columns: None,
        })
    }

    /// Writes the part that the tables show now: that of a stretch, and of a row of `each`.
    pub fn write(
        &mut self,
        connection: &Connection,
        stretch: usize,
        of_each: usize,
        write: &impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
    ) -> Result<(), WarehouseError> {
        let file = self.folder.join(format!("{of_each:05}-{stretch:05}.parquet"));
        let columns = self.columns(connection)?;
        let write = |select: &str, file: &Path| write(&may_be_empty(columns, select), file);
        let trusted = self.unsorted.filter(|_| self.sorted_again <= self.in_order);
        let in_order = trusted.map(|select| write_in_order(connection, self.model, select, &file, write));
        let rows = match in_order.transpose()?.flatten() {
            Some(rows) => {
                self.in_order += 1;
                rows
            }
            None => {
                if trusted.is_some() {
                    self.sorted_again += 1;
                    tracing::debug!(mart = self.model.name, stretch, "A part is sorted again");
                }
                let rows = write(&self.model.sql, &file)?;
                let relation = format!("read_parquet({})", quote_path(&file)?);
                self.ascending = self.ascending && ascends(connection, self.model, &relation)?;
                rows
            }
        };
        self.rows += rows;
        if rows > 0 {
            self.files.insert((of_each, stretch), file);
        } else {
            self.without_rows = Some(file);
        }
        Ok(())
    }

    fn columns(&mut self, connection: &Connection) -> Result<usize, WarehouseError> {
        let columns = match self.columns {
            Some(columns) => columns,
            None if self.model.columns.is_empty() => 0,
            None => columns_of(connection, &format!("({})", self.model.sql))?.len(),
        };
        self.columns = Some(columns);
        Ok(columns)
    }

    /// With those that another has written.
    pub fn and(mut self, others: Self) -> Self {
        self.files.extend(others.files);
        self.without_rows = self.without_rows.or(others.without_rows);
        self.rows += others.rows;
        self.in_order += others.in_order;
        self.sorted_again += others.sorted_again;
        self.ascending &= others.ascending;
        self
    }

    /// Makes the mart of them. Its rows, and whether each part was looked at and ascends.
    pub fn join(
        self,
        path: &Path,
        write: &impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
    ) -> Result<(i64, bool), WarehouseError> {
        let mut files: Vec<_> = self.files.into_values().collect();
        if files.is_empty() {
            files.extend(self.without_rows);
        }
        tracing::debug!(
            mart = self.model.name,
            parts = files.len(),
            in_order = self.in_order,
            sorted_again = self.sorted_again,
            "Parts are written"
        );
        let (rows, copied) = join(&files, path, write)?;
        if rows != self.rows {
            let lost = io::Error::other(format!("its parts have {} rows, and it has {rows}", self.rows));
            return Err(failed("join", path)(lost).into());
        }
        close_to_others(path)?;
        fs::remove_dir_all(&self.folder).map_err(failed("remove", &self.folder))?;
        Ok((rows, self.ascending && copied))
    }
}

/// The same rows in columns that may be empty. The engine writes a column otherwise where it knows that it is not, of one part and not of
/// another, and the parts could not be joined as they are.
fn may_be_empty(columns: usize, select: &str) -> String {
    if columns == 0 {
        return select.to_owned();
    }
    let nothing = vec!["NULL"; columns].join(", ");
    // What is drawn by lot is never known beforehand.
    format!("SELECT * FROM ({select}) AS bagian\nUNION ALL\nSELECT {nothing} WHERE random() < 0")
}

/// Makes one file of the parts; its rows, and whether their row groups were copied as they stand: where these are of several makes,
/// their rows are.
fn join(
    files: &[PathBuf],
    path: &Path,
    write: impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
) -> Result<(i64, bool), WarehouseError> {
    if let Some(rows) = join_files(files, path)? {
        return Ok((rows, true));
    }
    let files = files.iter().map(|file| quote_path(file));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    let rows = write(&format!("SELECT * FROM read_parquet([{}])", files.join(", ")), path)?;
    Ok((rows, false))
}

/// Writes a part that should come out in the order of the mart without being sorted; `None` where it did not: what is joined may have
/// gone over the disk, and then rows lose their order.
fn write_in_order(
    connection: &Connection,
    model: &Model,
    select: &str,
    file: &Path,
    write: impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
) -> Result<Option<i64>, WarehouseError> {
    let rows = write(select, file)?;
    let relation = format!("read_parquet({})", quote_path(file)?);
    Ok(ascends(connection, model, &relation)?.then_some(rows))
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

/// Puts views of some rows before tables: on the connection's own shelf, where it looks first. The engine would keep a table of
/// all rows for each part, else.
pub(super) struct View<'a> {
    /// The connection on whose shelf they stand.
    pub connection: &'a Connection,
    /// The model that reads them.
    pub model: &'a str,
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
        let sql = "SELECT '\"' || database_name || '\".\"' || schema_name || '\".\"' || table_name || '\"' FROM duckdb_tables() \
                   WHERE table_name = ? AND schema_name = 'main' AND NOT internal";
        self.connection
            .query_row(sql, [table], |row| row.get(0))
            .map_err(self.fail())
    }

    fn fail(&self) -> impl FnOnce(duckdb::Error) -> WarehouseError {
        WarehouseError::engine(format!("parts of `{}`", self.model))
    }
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
