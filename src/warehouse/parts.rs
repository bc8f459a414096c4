//! Marts and temporary tables of more rows than fit in memory: made part by part, cut by the beginning of an id. Parts of a mart
//! are in its order, and joined to one file in the order of the parts.
//!
//! Rows of one part are near each other where they are read, so that a part costs what a small model costs, and the whole grows
//! with the rows.

use super::WarehouseError;
use super::engine::{quote, quote_path};
use super::gate::ascends;
use super::join_files::join_files;
use super::models::Model;
use super::order::{EachSheet, PartsSheet};
use super::stretches::{Stretch, stretches};
use crate::files::{close_to_others, failed, make_folder};
use crate::stop;
use duckdb::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Writes a mart in parts of about `most` rows of the table that is cut; `write` writes a query to a file and says how many rows it
/// had. `unsorted` may be the mart without its order: see [`PartFiles`].
///
/// The rows of the mart, and whether each part was looked at and ascends: parts lie one after the other, so that the mart ascends, too.
pub(super) fn write_in_parts(
    connection: &Connection,
    model: &Model,
    unsorted: Option<&str>,
    sheet: &PartsSheet,
    most: u64,
    path: &Path,
    write: impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
) -> Result<(i64, bool), WarehouseError> {
    let mut files = PartFiles::begin(model, unsorted, path)?;
    for_each_part(connection, model, sheet, most, |stretch, of_each| {
        files.write(connection, stretch, of_each, &write)
    })?;
    files.join(path, &write)
}

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
        let write = |select: &str, file: &Path| write(&may_be_empty(self.model, select), file);
        let trusted = self.unsorted.filter(|_| self.sorted_again <= self.in_order);
        let in_order = trusted.map(|select| write_in_order(connection, self.model, select, &file, &write));
        let rows = match in_order.transpose()?.flatten() {
            Some(rows) => {
                self.in_order += 1;
                rows
            }
            None => {
                self.sorted_again += usize::from(trusted.is_some());
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
fn may_be_empty(model: &Model, select: &str) -> String {
    if model.columns.is_empty() {
        return select.to_owned();
    }
    let nothing = vec!["NULL"; model.columns.len()].join(", ");
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

/// Goes through the parts of a model: each time the tables of its SELECT show what belongs to the part. `make` is told the number
/// of the stretch and that of the row of `each`.
fn for_each_part(
    connection: &Connection,
    model: &Model,
    sheet: &PartsSheet,
    most: u64,
    mut make: impl FnMut(usize, usize) -> Result<(), WarehouseError>,
) -> Result<(), WarehouseError> {
    let view = View {
        connection,
        model: &model.name,
    };
    for (number, stretch) in stretches(connection, &model.name, sheet, most)?.iter().enumerate() {
        view.show(stretch, sheet)?;
        view.one_by_one(sheet, |of_each| make(number, of_each))?;
    }
    sheet.tables().try_for_each(|table| view.end(table))?;
    sheet.lookup.keys().try_for_each(|table| view.forget(table))
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
    /// The rows of a stretch, and of other tables what belongs to it.
    fn show(&self, stretch: &Stretch, sheet: &PartsSheet) -> Result<(), WarehouseError> {
        self.of(&sheet.of, &stretch.conditions(&sheet.by))?;
        for (near, column) in &sheet.near {
            self.of(near, &[stretch.near(column, &sheet.by)])?;
        }
        for (within, column) in &sheet.within {
            self.of(within, &[stretch.within(column)])?;
        }
        for (table, column) in &sheet.lookup {
            self.look_up(table, column, &sheet.of)?;
        }
        Ok(())
    }

    /// Shows the rows of `each` one by one, and calls with their numbers: where there is none, once with nothing to be seen.
    pub fn one_by_one(
        &self,
        sheet: &PartsSheet,
        mut make: impl FnMut(usize) -> Result<(), WarehouseError>,
    ) -> Result<(), WarehouseError> {
        let Some(each) = &sheet.each else {
            stop::check()?;
            return make(0);
        };
        let mut rows = self.rows_of(each)?;
        if rows.is_empty() {
            rows.push("false".to_owned());
        }
        for (of_each, row) in rows.iter().enumerate() {
            stop::check()?;
            self.of(&each.of, std::slice::from_ref(row))?;
            make(of_each)?;
        }
        Ok(())
    }

    /// The rows of a table whose value the rows of the stretch have. Tables of their own tell the engine how few these are, so that it keeps the
    /// fewer ones in memory and does not turn the joins of the model round.
    pub fn look_up(&self, table: &str, column: &str, of: &str) -> Result<(), WarehouseError> {
        let (place, found) = (self.place_of(table)?, self.found(table));
        self.execute(&format!(
            "CREATE OR REPLACE TEMP TABLE {found}_nilai AS SELECT {column} FROM {of}; \
             CREATE OR REPLACE TEMP TABLE {found} AS SELECT * FROM {place} WHERE {column} IN (SELECT {column} FROM {found}_nilai); \
             CREATE OR REPLACE TEMP VIEW {table} AS SELECT * FROM {found}"
        ))
    }

    /// Drops what was looked up in a table.
    pub fn forget(&self, table: &str) -> Result<(), WarehouseError> {
        let found = self.found(table);
        self.execute(&format!(
            "DROP TABLE IF EXISTS {found}_nilai; DROP TABLE IF EXISTS {found}"
        ))
    }

    /// Where what was looked up is kept.
    fn found(&self, table: &str) -> String {
        format!("temp.main.{}_{table}", self.model)
    }

    /// The rows of a table that meet one of the conditions, those of the first first.
    pub fn of(&self, table: &str, conditions: &[String]) -> Result<(), WarehouseError> {
        let place = self.place_of(table)?;
        let rows = conditions
            .iter()
            .map(|rows| format!("SELECT * FROM {place}\nWHERE {rows}"));
        let rows: Vec<String> = rows.collect();
        self.execute(&format!(
            "CREATE OR REPLACE TEMP VIEW {table} AS {}",
            rows.join("\nUNION ALL\n")
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
    use super::super::engine::SCRATCH;
    use super::super::models::ColumnSheet;
    use super::*;

    /// The parts together are the mart, in its order, whatever stands in the ids.
    #[test]
    fn parts_together_are_the_whole() {
        // With and without empty ids: files whose columns differ are written anew, others are joined as they are.
        for empty in [97, 20_000] {
            parts_are_the_whole(empty);
        }
    }

    fn parts_are_the_whole(empty: u32) {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(&format!(
                "SET threads = 1; CREATE TABLE orang AS SELECT CASE WHEN (i + 1) % {empty} = 0 THEN NULL \
                 WHEN i % 89 = 0 THEN 'NIK' || i WHEN i % 83 = 0 THEN '9' ELSE lpad(CAST(hash(i) % 5000 AS VARCHAR), 12, '3') END \
                 AS id, CAST(i % 5 AS VARCHAR) AS periode, lpad(CAST(i AS VARCHAR), 5, '0') AS rumah FROM range(9000) AS r(i); \
                 CREATE TABLE rumah AS SELECT lpad(CAST(i AS VARCHAR), 5, '0') AS rumah, 'desa ' || i AS desa FROM range(9500) AS r(i) \
                 WHERE i % 7 > 0"
            ))
            .unwrap();
        let model = Model {
            name: "mart".to_owned(),
            sql: "SELECT o.id, o.periode, o.rumah, r.desa FROM orang AS o LEFT JOIN rumah AS r ON r.rumah = o.rumah\n\
                  ORDER BY id ASC NULLS LAST, periode ASC NULLS LAST, rumah ASC NULLS LAST"
                .to_owned(),
            ..Model::default()
        };
        let sheet = PartsSheet {
            of: "orang".to_owned(),
            by: "id".to_owned(),
            near: std::iter::once(("rumah".to_owned(), "rumah".to_owned())).collect(),
            ..PartsSheet::default()
        };
        assert!(stretches(&connection, "mart", &sheet, 700).unwrap().len() > 3);
        let path = folder.path().join("mart.parquet");
        assert_eq!(
            write_in_parts(&connection, &model, None, &sheet, 700, &path, |select, path| copy(
                &connection,
                select,
                path
            ))
            .unwrap(),
            (9000, false)
        );
        let numbered = "SELECT row_number() OVER () AS nomor, id, periode, rumah, desa FROM";
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM ({numbered} read_parquet({})) AS a INNER JOIN ({numbered} ({})) AS b \
             ON a.nomor = b.nomor WHERE a.id IS NOT DISTINCT FROM b.id AND a.periode = b.periode \
             AND a.rumah = b.rumah AND a.desa IS NOT DISTINCT FROM b.desa",
            quote_path(&path).unwrap(),
            model.sql
        );
        let same: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(same, 9000);
        assert!(!path.with_extension("bagian").exists());
    }

    /// Two districts that lie one after the other, each in order: its made-up ids come last, and those of both belong to one part,
    /// which alone is sorted.
    #[test]
    fn only_parts_that_do_not_lie_in_order_are_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "SET threads = 1; CREATE TABLE orang AS SELECT CASE WHEN i % 100 = 99 THEN 'NIK' || hash(k, i) \
                 ELSE lpad(CAST(k * 10000 + i AS VARCHAR), 12, '0') END AS id, k, i FROM range(2) AS k(k), range(1000) AS r(i) ORDER BY k, id",
            )
            .unwrap();
        let select = "SELECT o.id, o.i FROM orang AS o";
        let model = Model {
            name: "mart".to_owned(),
            sql: format!("{select}\nORDER BY id ASC NULLS LAST"),
            ..Model::default()
        };
        let sheet = PartsSheet {
            of: "orang".to_owned(),
            by: "id".to_owned(),
            ..PartsSheet::default()
        };
        let path = folder.path().join("mart.parquet");
        let written = std::cell::RefCell::new(Vec::new());
        let write = |sql: &str, path: &Path| {
            written.borrow_mut().push(sql.len());
            copy(&connection, sql, path)
        };
        let (rows, ascending) = write_in_parts(&connection, &model, Some(select), &sheet, 100, &path, write).unwrap();
        assert!(ascending, "each part was looked at");
        let mut written = written.into_inner();
        assert_eq!((rows, written.pop()), (2000, Some(model.sql.len())));
        assert!(
            written.len() > 5 && written.iter().all(|sql| *sql == select.len()),
            "{written:?}"
        );
        let relation = format!("read_parquet({})", quote_path(&path).unwrap());
        assert!(ascends(&connection, &model, &relation).unwrap());
    }

    /// Recipients by desa: what is looked up by their nik lies anywhere, one nik stands in several desa, and rows of another table come
    /// between theirs. What says no place comes last.
    #[test]
    fn what_is_looked_up_and_what_comes_between_is_that_of_the_part() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(&format!(
                "SET threads = 1; ATTACH ':memory:' AS {SCRATCH}; CREATE TABLE daftar AS SELECT CASE WHEN i % 50 > 0 THEN \
                 lpad(CAST(i % 40 AS VARCHAR), 10, '3') END AS desa, CAST(hash(i % 900) AS VARCHAR) AS nik, i FROM range(1000) AS r(i); \
                 CREATE TABLE program AS SELECT CAST(hash(i) AS VARCHAR) AS nik, i % 3 AS jumlah FROM range(0, 2000, 2) AS r(i); \
                 CREATE TABLE usulan AS SELECT CASE WHEN i % 7 > 0 THEN lpad(CAST(i AS VARCHAR), 10, '3') || 'x' END AS desa, i \
                 FROM range(60) AS r(i)"
            ))
            .unwrap();
        let sql = "SELECT d.desa, d.i, p.jumlah FROM daftar AS d LEFT JOIN program AS p ON p.nik = d.nik \
                   UNION ALL SELECT u.desa, u.i, -1 FROM usulan AS u\nORDER BY desa ASC NULLS LAST, i ASC NULLS LAST, jumlah ASC NULLS LAST";
        let model = Model {
            name: "mart".to_owned(),
            sql: sql.to_owned(),
            ..Model::default()
        };
        let by = |table: &str, column: &str| std::iter::once((table.to_owned(), column.to_owned())).collect();
        let sheet = PartsSheet {
            of: "daftar".to_owned(),
            by: "desa".to_owned(),
            within: by("usulan", "desa"),
            lookup: by("program", "nik"),
            ..PartsSheet::default()
        };
        let path = folder.path().join("mart.parquet");
        let parts = std::cell::Cell::new(0);
        let write = |select: &str, path: &Path| {
            parts.set(parts.get() + 1);
            let shown = || connection.query_row("SELECT count(*) FROM program", [], |row| row.get::<_, i64>(0));
            let looked_up = shown().unwrap();
            assert!(
                (1..200).contains(&looked_up) || select.contains("read_parquet"),
                "{looked_up} of 1,000"
            );
            copy(&connection, select, path)
        };
        assert_eq!(
            write_in_parts(&connection, &model, None, &sheet, 100, &path, write).unwrap(),
            (1060, false)
        );
        assert!(parts.get() > 5, "{}", parts.get());
        let same: i64 = connection
            .query_row(
                &format!(
                    "SELECT CAST(count(*) AS BIGINT) FROM (SELECT row_number() OVER () AS n, t FROM ({sql}) AS t) AS a \
                     INNER JOIN (SELECT row_number() OVER () AS n, t FROM read_parquet({}) AS t) AS b \
                     ON a.n = b.n AND a.t IS NOT DISTINCT FROM b.t",
                    quote_path(&path).unwrap()
                ),
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(same, 1060);
        let left: i64 = connection
            .query_row(
                "SELECT CAST(count(*) AS BIGINT) FROM duckdb_tables() WHERE table_name LIKE 'mart%'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(left, 0, "what was looked up is dropped");
    }

    fn copy(connection: &Connection, select: &str, path: &Path) -> Result<i64, WarehouseError> {
        let sql = format!("COPY ({select}) TO {} (FORMAT parquet)", quote_path(path)?);
        let rows = connection.execute(&sql, []).map_err(WarehouseError::engine("copy"))?;
        Ok(i64::try_from(rows).unwrap())
    }

    /// Pairs of periods one after the other, each over all stretches; a table made in the same stretches has the same rows.
    #[test]
    fn parts_of_each_row_of_a_table_follow_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "SET threads = 1; CREATE TABLE rumah AS SELECT lpad(CAST(hash(i) % 4000 AS VARCHAR), 12, '3') AS id, \
                 CAST(i % 3 AS VARCHAR) AS periode, i AS nomor FROM range(9000) AS r(i); \
                 CREATE TABLE pasangan AS SELECT a.p AS awal, b.p AS akhir FROM (VALUES ('0'), ('1'), ('2'), (NULL)) AS a(p), \
                 (VALUES ('2'), ('1')) AS b(p) WHERE a.p IS NULL OR a.p < b.p",
            )
            .unwrap();
        let sql = "SELECT p.awal, p.akhir, r.id, r.nomor FROM pasangan AS p JOIN rumah AS r ON r.periode = p.akhir";
        let order = "ORDER BY awal ASC NULLS LAST, akhir ASC NULLS LAST, id ASC NULLS LAST, nomor ASC NULLS LAST";
        let model = |sql: String| Model {
            name: "mart".to_owned(),
            sql,
            ..Model::default()
        };
        let sheet = PartsSheet {
            of: "rumah".to_owned(),
            by: "id".to_owned(),
            each: Some(EachSheet {
                of: "pasangan".to_owned(),
                by: vec!["awal".to_owned(), "akhir".to_owned()],
            }),
            ..PartsSheet::default()
        };
        let path = folder.path().join("mart.parquet");
        let write = |select: &str, path: &Path| copy(&connection, select, path);
        let sorted = model(format!("{sql} {order}"));
        let (rows, _) = write_in_parts(&connection, &sorted, None, &sheet, 700, &path, write).unwrap();
        let count = |sql: &str| -> i64 { connection.query_row(sql, [], |row| row.get(0)).unwrap() };
        let whole = format!("(SELECT row_number() OVER () AS n, t FROM ({sql} {order}) AS t)");
        let joined = format!(
            "(SELECT row_number() OVER () AS n, t FROM read_parquet({}) AS t)",
            quote_path(&path).unwrap()
        );
        let same = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM {whole} AS a JOIN {joined} AS b ON a.n = b.n AND a.t IS NOT DISTINCT FROM b.t"
        );
        assert_eq!(rows, 15_000);
        assert_eq!(count(&same), rows);

        // One period has no pair.
        connection.execute_batch("DELETE FROM pasangan").unwrap();
        let (rows, _) = write_in_parts(&connection, &sorted, None, &sheet, 700, &path, write).unwrap();
        let relation = format!("read_parquet({})", quote_path(&path).unwrap());
        assert_eq!(
            (rows, count(&format!("SELECT CAST(count(*) AS BIGINT) FROM {relation}"))),
            (0, 0)
        );
        assert!(!path.with_extension("bagian").exists());
    }

    /// Rows without a household and stretches without rows: the parts are joined as they are all the same.
    #[test]
    fn parts_have_the_same_columns() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "SET threads = 1; CREATE TABLE orang AS SELECT lpad(CAST(i AS VARCHAR), 12, '0') AS id, \
                 CASE WHEN i = 700 THEN NULL ELSE lpad(CAST(i // 3 AS VARCHAR), 12, '0') END AS rumah FROM range(900) AS r(i); \
                 CREATE TABLE rumah AS SELECT DISTINCT rumah, 'desa' AS desa FROM orang WHERE rumah IS NOT NULL",
            )
            .unwrap();
        let select = |condition: &str| {
            format!(
                "SELECT o.id, o.rumah, r.desa FROM orang AS o LEFT JOIN rumah AS r ON r.rumah = o.rumah\n{condition}ORDER BY id ASC NULLS LAST"
            )
        };
        let column = |name: &str| ColumnSheet {
            name: name.to_owned(),
            kind: "VARCHAR".to_owned(),
            description: String::new(),
            class: String::new(),
            tests: Vec::new(),
            accepted_values: Vec::new(),
            relationships: None,
            level: None,
        };
        let sheet = PartsSheet {
            of: "orang".to_owned(),
            by: "id".to_owned(),
            near: std::iter::once(("rumah".to_owned(), "rumah".to_owned())).collect(),
            ..PartsSheet::default()
        };
        for (condition, expected) in [("", 900), ("WHERE o.id < '000000000100'\n", 100)] {
            let model = Model {
                name: "mart".to_owned(),
                sql: select(condition),
                columns: ["id", "rumah", "desa"].map(column).to_vec(),
                ..Model::default()
            };
            let path = folder.path().join("mart.parquet");
            let written = std::cell::RefCell::new(Vec::new());
            let write = |select: &str, path: &Path| {
                written.borrow_mut().push(path.to_owned());
                copy(&connection, select, path)
            };
            assert_eq!(
                write_in_parts(&connection, &model, None, &sheet, 100, &path, write).unwrap(),
                (expected, false)
            );
            let written = written.into_inner();
            assert!(written.len() > 5 && !written.contains(&path), "{written:?}");
        }
    }
}
