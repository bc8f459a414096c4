//! The warehouse of the next release begins as a copy of the one before, without what is built again.

use super::WarehouseError;
use super::plan::{Fate, Plan, Previous};
use crate::failpoint;
use crate::files::{FileError, close_to_others, failed};
use duckdb::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The schema of what models leave for the next run; readers have no business there.
pub(super) const INNER: &str = "antara";

/// Copies the warehouse of the release before.
pub(super) fn copy_warehouse(previous: &Previous, path: &Path) -> Result<(), WarehouseError> {
    let from = previous.folder.join("warehouse.duckdb");
    failpoint::write("warehouse.copy")
        .and_then(|()| fs::copy(&from, path))
        .map_err(failed("copy", &from))?;
    close_to_others(path)?;
    Ok(())
}

/// Takes everything out of a copied warehouse that is not kept, and gives its blocks free.
pub(super) fn clear(connection: &Connection, plan: &Plan) -> Result<(), WarehouseError> {
    let fail = || WarehouseError::engine("take over the warehouse of the release before");
    let kept: BTreeSet<(String, String)> = plan
        .models
        .iter()
        .filter(|model| matches!(model.hasil, Fate::Tetap | Fate::Tertinggal))
        .flat_map(|model| {
            [
                ("main".to_owned(), model.model.clone()),
                (INNER.to_owned(), model.model.clone()),
            ]
        })
        .collect();
    let sql = "SELECT table_schema, table_name, table_type FROM information_schema.tables \
               WHERE table_catalog = current_database() ORDER BY table_type DESC, table_schema, table_name";
    let mut statement = connection.prepare(sql).map_err(fail())?;
    let found: Vec<(String, String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(fail())?;
    for (schema, name, kind) in found {
        let is_view = kind.contains("VIEW");
        if is_view || !kept.contains(&(schema.clone(), name.clone())) {
            let what = if is_view { "VIEW" } else { "TABLE" };
            let sql = format!("DROP {what} \"{schema}\".\"{}\"", name.replace('"', "\"\""));
            connection.execute_batch(&sql).map_err(fail())?;
        }
    }
    connection.execute_batch("CHECKPOINT").map_err(fail())
}

/// Gives a mart of the release before a second name: a hard link, or a copy where the file system knows none.
pub(super) fn link_mart(previous: &Previous, name: &str, path: &Path) -> Result<(), WarehouseError> {
    let from = previous.mart(name);
    failpoint::step("warehouse.link");
    if fs::hard_link(&from, path).is_ok() {
        return Ok(());
    }
    let copied = fs::copy(&from, path).map_err(failed("copy", &from));
    copied
        .map(|_| ())
        .and_then(|()| close_to_others(path))
        .map_err(FileError::into)
}
