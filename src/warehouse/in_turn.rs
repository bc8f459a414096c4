//! Does each file begin behind the place in the order at which the one before it ends? Told by their footers: no row is read.

use super::WarehouseError;
use super::engine::quote_path;
use duckdb::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Between which texts the values of a column of one file lie; the footers may tell them wider than they are.
type Bounds = (String, String);

/// Do the rows of each of the Parquet files stand behind all rows of the file before, in the order of these columns?
///
/// `false` where the footers do not prove it: columns that are no text, empty values alone, or rows of one place in two files.
///
/// # Errors
/// [`WarehouseError::Engine`] where a footer cannot be read.
pub(super) fn stand_in_turn(
    connection: &Connection,
    order: &[&str],
    files: &[PathBuf],
) -> Result<bool, WarehouseError> {
    let mut before: Option<Vec<Option<Bounds>>> = None;
    for file in files {
        let bounds = bounds_of(connection, order, file)?;
        if before.is_some_and(|before| !is_behind(&before, &bounds)) {
            return Ok(false);
        }
        before = Some(bounds);
    }
    Ok(true)
}

/// Up to the column that tells them apart both files have one value each, the same.
fn is_behind(before: &[Option<Bounds>], file: &[Option<Bounds>]) -> bool {
    for both in before.iter().zip(file) {
        let (Some((least_before, greatest_before)), Some((least, greatest))) = both else {
            return false;
        };
        if greatest_before < least {
            return true;
        }
        let one = [greatest_before, least, greatest];
        if one.iter().any(|value| *value != least_before) {
            return false;
        }
    }
    false
}

/// Of each of these columns; `None` where a row group does not tell them.
fn bounds_of(connection: &Connection, order: &[&str], file: &Path) -> Result<Vec<Option<Bounds>>, WarehouseError> {
    let fail = || WarehouseError::engine("footer of a part");
    let sql = format!(
        "SELECT path_in_schema, min(stats_min_value), max(stats_max_value) FROM parquet_metadata({file}) \
         WHERE path_in_schema IN (SELECT name FROM parquet_schema({file}) WHERE type = 'BYTE_ARRAY' AND converted_type = 'UTF8') \
         GROUP BY path_in_schema HAVING count(*) = count(stats_min_value) AND count(*) = count(stats_max_value)",
        file = quote_path(file)?
    );
    // DuckDB 2.0 cannot run a statement over footers a second time, so that each file has its own.
    let mut statement = connection.prepare(&sql).map_err(fail())?;
    let found = statement
        .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
        .and_then(Iterator::collect::<duckdb::Result<BTreeMap<String, Bounds>>>)
        .map_err(fail())?;
    Ok(order.iter().map(|column| found.get(*column).cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_turn(parts: &[&str]) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        let files = parts.iter().enumerate().map(|(number, rows)| {
            let file = folder.path().join(format!("{number}.parquet"));
            let select = format!("SELECT * FROM (VALUES {rows}) AS t(program, id, umur)");
            connection
                .execute_batch(&format!("COPY ({select}) TO {}", quote_path(&file).unwrap()))
                .unwrap();
            file
        });
        let files: Vec<PathBuf> = files.collect();
        stand_in_turn(&connection, &["program", "id"], &files).unwrap()
    }

    #[test]
    fn files_whose_rows_follow_each_other_stand_in_turn() {
        assert!(in_turn(&[]));
        assert!(in_turn(&["('BST', '1', 1), ('BST', '2', 1)"]));
        assert!(in_turn(&[
            "('BST', '1', 1), ('BST', '2', 1)",
            "('BST', '3', 1)",
            "('PKH', '1', 1), ('PKH', '2', 1)",
        ]));
    }

    #[test]
    fn what_stands_at_the_same_place_or_before_does_not() {
        assert!(!in_turn(&["('BST', '1', 1), ('BST', '2', 1)", "('BST', '2', 1)"]));
        assert!(!in_turn(&["('PKH', '1', 1)", "('BST', '2', 1)"]));
        assert!(!in_turn(&["('BST', '1', 1), ('PKH', '2', 1)", "('PKH', '3', 1)"]));
    }

    #[test]
    fn what_the_footers_do_not_tell_is_not_believed() {
        assert!(!in_turn(&["('BST', '1', 1)", "('BST', NULL, 1)"]));
        assert!(
            !in_turn(&["(1, '1', 1)", "(2, '2', 1)"]),
            "numbers are not compared as text"
        );
        let connection = Connection::open_in_memory().unwrap();
        let missing = PathBuf::from("/nowhere/part.parquet");
        assert!(stand_in_turn(&connection, &["id"], &[missing]).is_err());
    }
}
