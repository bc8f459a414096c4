//! The files of a mart that is made in parts: each in the order of the mart, and joined to one file in the order of the parts.

use super::WarehouseError;
use super::engine::quote_path;
use super::gate::{ascends, columns_of, is_key_of};
use super::in_turn::stand_in_turn;
use super::join_files::join_files;
use super::models::Model;
use crate::files::{close_to_others, failed, make_folder};
use duckdb::Connection;
use std::collections::BTreeMap;
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
    /// Is the order that of the key, and do all parts that are written ascend?
    ascending: bool,
    /// As many as its query has, where its sheet tells any: whether these are the same is checked when the mart is written.
    columns: Option<usize>,
}

impl<'m> PartFiles<'m> {
    /// Parts of the mart that will be the file at `path`.
    pub fn begin(model: &'m Model, unsorted: Option<&'m str>, path: &Path) -> Result<Self, WarehouseError> {
        let folder = path.with_extension("bagian");
        make_folder(&folder)?;
        Ok(Self {
            model,
            unsorted,
            folder,
            files: BTreeMap::new(),
            without_rows: None,
            rows: 0,
            in_order: 0,
            sorted_again: 0,
            ascending: is_key_of(model),
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

    /// Makes the mart of them. Its rows, and whether their order proves its key; `None` where they were written anew, and nothing is
    /// known of how they stand.
    pub fn join(
        self,
        connection: &Connection,
        path: &Path,
        write: &impl Fn(&str, &Path) -> Result<i64, WarehouseError>,
    ) -> Result<(i64, Option<bool>), WarehouseError> {
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
        let order = self.model.without_order().map_or_else(Vec::new, |(_, order)| order);
        let proves_key = self.ascending && stand_in_turn(connection, &order, &files)?;
        let (rows, copied) = join(&files, path, write)?;
        if rows != self.rows {
            let lost = io::Error::other(format!("its parts have {} rows, and it has {rows}", self.rows));
            return Err(failed("join", path)(lost).into());
        }
        close_to_others(path)?;
        fs::remove_dir_all(&self.folder).map_err(failed("remove", &self.folder))?;
        Ok((rows, copied.then_some(proves_key)))
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
