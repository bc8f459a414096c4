//! Marts of more rows than can be sorted in memory: sorted part by part, each by the beginning of the first column of their order,
//! then joined to one file in the order of the parts.
//!
//! Rows of one part are near each other where they are read, so that a part costs what a small mart costs, and the whole grows
//! with the rows.

use super::WarehouseError;
use super::engine::{quote, quote_path};
use super::join_files::join_files;
use super::models::Model;
use crate::files::{close_to_others, failed, make_folder};
use crate::stop;
use duckdb::Connection;
use std::path::Path;
use std::{fs, io};

/// Signs of an id that tell its place: those of a desa.
const BEGINNING: usize = 10;

/// From this text on, up to the next: `None` is from the least, up to the greatest.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    from: Option<String>,
    until: Option<String>,
    /// Are there rows without a value? They come last in the order.
    and_empty: bool,
}

impl Part {
    /// Its rows, as a condition.
    fn condition(&self, column: &str) -> String {
        let from = self.from.as_ref().map(|from| format!("{column} >= {}", quote(from)));
        let until = self.until.as_ref().map(|until| format!("{column} < {}", quote(until)));
        let within: Vec<String> = from.into_iter().chain(until).collect();
        match (within.is_empty(), self.and_empty) {
            (true, _) => "true".to_owned(),
            (false, false) => within.join(" AND "),
            (false, true) => format!("({} OR {column} IS NULL)", within.join(" AND ")),
        }
    }
}

/// Writes the rows of a mart that has those of `table`, sorted, in parts of about `most` rows; `write` writes a query to a file and
/// says how many rows it had.
pub(super) fn write_in_parts(
    connection: &Connection,
    model: &Model,
    table: &str,
    most: u64,
    path: &Path,
    write: impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
) -> Result<i64, WarehouseError> {
    let Some((select, order)) = model.without_order() else {
        return write(&model.sql, path);
    };
    let parts = parts(connection, model, table, order[0], most)?;
    if parts.len() < 2 {
        return write(&model.sql, path);
    }
    let folder = path.with_extension("bagian");
    make_folder(&folder)?;
    let sorted: Vec<String> = order.iter().map(|column| format!("{column} ASC NULLS LAST")).collect();
    let mut files = Vec::with_capacity(parts.len());
    let mut sorted_rows = 0;
    for (number, part) in parts.iter().enumerate() {
        stop::check()?;
        look_near(connection, model, table, &part.condition(order[0]))?;
        let file = folder.join(format!("{number:05}.parquet"));
        let sql = format!(
            "SELECT * FROM ({select}) AS mart\nWHERE {}\nORDER BY {}",
            part.condition(order[0]),
            sorted.join(", ")
        );
        sorted_rows += write(&sql, &file)?;
        files.push(file);
    }
    look_everywhere(connection, model)?;
    let rows = match join_files(&files, path)? {
        Some(rows) => rows,
        None => {
            let files = files
                .iter()
                .map(|file| quote_path(file))
                .collect::<Result<Vec<_>, _>>()?;
            write(&format!("SELECT * FROM read_parquet([{}])", files.join(", ")), path)?
        }
    };
    if rows != sorted_rows {
        let lost = io::Error::other(format!("its parts have {sorted_rows} rows, and it has {rows}"));
        return Err(failed("join", path)(lost).into());
    }
    close_to_others(path)?;
    fs::remove_dir_all(&folder).map_err(failed("remove", &folder))?;
    Ok(rows)
}

/// Puts a view of the near rows before each table that the mart joins by a column of this one: on the connection's own shelf,
/// where it looks first. The engine would keep a table of all rows for each part, else.
fn look_near(connection: &Connection, model: &Model, table: &str, condition: &str) -> Result<(), WarehouseError> {
    look_everywhere(connection, model)?;
    let fail = || WarehouseError::engine(format!("near rows of mart `{}`", model.name));
    for (near, column) in &model.near {
        let sql = format!("SELECT min({column}), max({column}) FROM {table}\nWHERE {condition}");
        let reach: (Option<String>, Option<String>) = connection
            .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(fail())?;
        let rows = match reach {
            (Some(least), Some(greatest)) => format!("{column} BETWEEN {} AND {}", quote(&least), quote(&greatest)),
            _ => "false".to_owned(),
        };
        let place = place_of(connection, near).map_err(fail())?;
        connection
            .execute_batch(&format!(
                "CREATE TEMP VIEW {near} AS SELECT * FROM {place}\nWHERE {rows}"
            ))
            .map_err(fail())?;
    }
    Ok(())
}

fn look_everywhere(connection: &Connection, model: &Model) -> Result<(), WarehouseError> {
    let drop = |near: &String| format!("DROP VIEW IF EXISTS temp.main.{near};");
    connection
        .execute_batch(&model.near.keys().map(drop).collect::<String>())
        .map_err(WarehouseError::engine(format!("near rows of mart `{}`", model.name)))
}

/// The full name of a table, which a view of its name does not hide.
fn place_of(connection: &Connection, table: &str) -> duckdb::Result<String> {
    connection.query_row(
        "SELECT '\"' || database_name || '\".\"' || schema_name || '\".\"' || table_name || '\"' FROM duckdb_tables() \
         WHERE table_name = ? AND schema_name = 'main' AND NOT internal",
        [table],
        |row| row.get(0),
    )
}

/// Parts of about `most` rows; what begins alike stays together.
fn parts(
    connection: &Connection,
    model: &Model,
    table: &str,
    column: &str,
    most: u64,
) -> Result<Vec<Part>, WarehouseError> {
    let fail = || WarehouseError::engine(format!("parts of mart `{}`", model.name));
    // A beginning is in the part in which its first row falls.
    let sql = format!(
        "WITH awal AS (SELECT left({column}, {BEGINNING}) AS awal, count(*) AS baris FROM {table} WHERE {column} IS NOT NULL \
         GROUP BY ALL), bagian AS (SELECT awal, (sum(baris) OVER (ORDER BY awal) - baris) // {most} AS bagian FROM awal) \
         SELECT min(awal) AS awal FROM bagian GROUP BY bagian ORDER BY awal"
    );
    let mut statement = connection.prepare(&sql).map_err(fail())?;
    let starts: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(fail())?;
    let empty = format!("SELECT CAST(count(*) AS BIGINT) FROM {table} WHERE {column} IS NULL");
    let empty: i64 = connection.query_row(&empty, [], |row| row.get(0)).map_err(fail())?;
    Ok(between(&starts, empty > 0))
}

/// The parts that begin with these texts; the first begins with the least.
fn between(starts: &[String], and_empty: bool) -> Vec<Part> {
    let cuts = || starts.iter().skip(1).cloned().map(Some);
    let from = std::iter::once(None).chain(cuts());
    let until = cuts().chain(std::iter::once(None));
    let part = |(from, until): (_, Option<String>)| Part {
        from,
        and_empty: and_empty && until.is_none(),
        until,
    };
    from.zip(until).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(rows: &str, most: u64) -> Vec<String> {
        let connection = Connection::open_in_memory().unwrap();
        let table = format!("CREATE TABLE t AS SELECT v AS id FROM (VALUES {rows}) AS t(v, n), range(n)");
        connection.execute_batch(&table).unwrap();
        let parts = parts(&connection, &Model::default(), "t", "id", most).unwrap();
        parts.iter().map(|part| part.condition("id")).collect()
    }

    #[test]
    fn what_begins_alike_stays_together_and_empty_ids_come_last() {
        let rows = "('a', 3), ('b', 4), ('c', 9), ('d', 1)";
        assert_eq!(conditions(rows, 7), ["id < 'c'", "id >= 'c' AND id < 'd'", "id >= 'd'"]);
        assert_eq!(
            conditions("('a', 3), ('b', 4), (NULL, 2)", 3),
            ["id < 'b'", "(id >= 'b' OR id IS NULL)"]
        );
        assert_eq!(
            conditions("('3503010001x', 5), ('3503010001y', 5), (NULL, 2)", 3),
            ["true"]
        );
        assert_eq!(conditions("(NULL, 0)", 7), ["true"]);
    }

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
            near: std::iter::once(("rumah".to_owned(), "rumah".to_owned())).collect(),
            ..Model::default()
        };
        assert!(parts(&connection, &model, "orang", "id", 700).unwrap().len() > 3);
        let path = folder.path().join("mart.parquet");
        let write = |select: &str, path: &Path| {
            let sql = format!("COPY ({select}) TO {} (FORMAT parquet)", quote_path(path)?);
            let rows = connection.execute(&sql, []).map_err(WarehouseError::engine("copy"))?;
            Ok(i64::try_from(rows).unwrap())
        };
        assert_eq!(
            write_in_parts(&connection, &model, "orang", 700, &path, write).unwrap(),
            9000
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
}
