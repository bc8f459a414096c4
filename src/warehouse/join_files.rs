//! Parquet files of the same columns become one: the row groups are copied as they stand, and only told anew where they begin.

use super::WarehouseError;
use crate::files::failed;
use crate::stop;
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{ColumnChunk, FileMetaData, RowGroup};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The first and the last bytes of a Parquet file.
const MARK: &[u8; 4] = b"PAR1";
const MARK_BYTES: i64 = 4;

/// Writes the row groups of these files, in their order, to a file at `path`; the number of rows. `None`, and nothing that may be
/// read, where a file has other columns than the first, if only one that may be empty there and not here, or tells of itself in words that
/// are not known here.
///
/// # Errors
/// [`WarehouseError::File`] where a file cannot be read or written, or is no Parquet; [`WarehouseError::Stopped`].
pub(super) fn join_files(parts: &[PathBuf], path: &Path) -> Result<Option<i64>, WarehouseError> {
    let mut out = BufWriter::new(File::create(path).map_err(failed("create", path))?);
    out.write_all(MARK).map_err(failed("write", path))?;
    let mut end = MARK_BYTES;
    let mut joined: Option<FileMetaData> = None;
    for part in parts {
        stop::check()?;
        let Some((told, copied)) = copy_groups(part, &mut out).map_err(failed("read", part))? else {
            return Ok(None);
        };
        let shift = end - MARK_BYTES;
        end += copied;
        match &mut joined {
            None => joined = Some(told),
            Some(joined) if joined.schema == told.schema => {
                joined.num_rows += told.num_rows;
                joined
                    .row_groups
                    .extend(told.row_groups.into_iter().map(|group| shifted(group, shift)));
            }
            Some(_) => return Ok(None),
        }
    }
    let Some(mut joined) = joined else { return Ok(None) };
    for (ordinal, group) in joined.row_groups.iter_mut().enumerate() {
        group.ordinal = i16::try_from(ordinal).ok();
    }
    write_footer(&joined, &mut out).map_err(failed("write", path))?;
    Ok(Some(joined.num_rows))
}

/// Copies what stands between the first mark and the footer, and reads the footer; `None` where that is of another make.
fn copy_groups(part: &Path, out: &mut impl Write) -> io::Result<Option<(FileMetaData, i64)>> {
    let broken = || io::Error::other("it is no whole Parquet file");
    let mut file = File::open(part)?;
    let mut tail = [0; 8];
    let size = file.seek(SeekFrom::End(0))?;
    let ends_at = size.checked_sub(tail.len() as u64).ok_or_else(broken)?;
    file.seek(SeekFrom::Start(ends_at))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, mark @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let groups_end = ends_at
        .checked_sub(length)
        .filter(|end| mark == *MARK && *end >= MARK.len() as u64)
        .ok_or_else(broken)?;
    file.seek(SeekFrom::Start(groups_end))?;
    let mut footer = Vec::new();
    (&mut file).take(length).read_to_end(&mut footer)?;
    let mut protocol = TCompactInputProtocol::new(footer.as_slice(), usize::MAX);
    let Ok(told) = FileMetaData::read_from_in_protocol(&mut protocol) else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(MARK.len() as u64))?;
    let bytes = groups_end - MARK.len() as u64;
    let copied = io::copy(&mut file.take(bytes), out)?;
    if copied == bytes {
        Ok(Some((told, i64::try_from(bytes).map_err(io::Error::other)?)))
    } else {
        Err(broken())
    }
}

fn shifted(mut group: RowGroup, by: i64) -> RowGroup {
    group.file_offset = group.file_offset.map(|at| at + by);
    for column in &mut group.columns {
        shift_column(column, by);
    }
    group
}

/// Every place that a column chunk names, but none that says 0 for "nowhere".
fn shift_column(column: &mut ColumnChunk, by: i64) {
    let moved = |at: &mut Option<i64>| *at = at.map(|at| if at > 0 { at + by } else { at });
    if column.file_offset > 0 {
        column.file_offset += by;
    }
    moved(&mut column.offset_index_offset);
    moved(&mut column.column_index_offset);
    if let Some(told) = &mut column.meta_data {
        told.data_page_offset += by;
        moved(&mut told.index_page_offset);
        moved(&mut told.dictionary_page_offset);
        moved(&mut told.bloom_filter_offset);
    }
}

fn write_footer(told: &FileMetaData, out: &mut impl Write) -> io::Result<()> {
    let mut footer = Vec::new();
    told.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut footer))
        .map_err(io::Error::other)?;
    out.write_all(&footer)?;
    let length = u32::try_from(footer.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(MARK)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use duckdb::Connection;

    fn written(folder: &Path, name: &str, select: &str) -> PathBuf {
        let path = folder.join(name);
        let copy = format!(
            "COPY ({select}) TO '{}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)",
            path.display()
        );
        Connection::open_in_memory().unwrap().execute_batch(&copy).unwrap();
        path
    }

    fn asked<T: duckdb::types::FromSql>(sql: &str) -> T {
        let connection = Connection::open_in_memory().unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn row_groups_follow_each_other_and_can_be_skipped_by_their_statistics() {
        let folder = tempfile::tempdir().unwrap();
        let rows = |from: i32, to: i32| {
            format!(
                "SELECT i, i / 3 AS luas, 'kata ' || i % 7 AS kata, CASE WHEN i % 3 > 0 THEN 'teks ' || i END AS teks FROM range({from}, {to}) AS r(i)"
            )
        };
        let parts = [(0, 5000), (5000, 5000), (5000, 5003), (5003, 12_000)];
        let parts: Vec<PathBuf> = parts
            .iter()
            .map(|(from, to)| written(folder.path(), &format!("{from}-{to}.parquet"), &rows(*from, *to)))
            .collect();
        let path = folder.path().join("satu.parquet");
        assert_eq!(join_files(&parts, &path).unwrap(), Some(12_000));
        let file = format!("read_parquet('{}')", path.display());
        let same: i64 = asked(&format!(
            "SELECT count(*) FROM (SELECT row_number() OVER () - 1 AS n, * FROM {file}) AS a INNER JOIN ({}) AS b ON b.i = a.n \
             WHERE a.i = b.i AND a.luas = b.luas AND a.kata = b.kata AND a.teks IS NOT DISTINCT FROM b.teks",
            rows(0, 12_000)
        ));
        assert_eq!(same, 12_000);
        let found: i64 = asked(&format!(
            "SELECT count(*) FROM {file} WHERE kata = 'kata 3' AND i > 5002"
        ));
        assert_eq!(
            found,
            i64::try_from((5003..12_000).filter(|i| i % 7 == 3).count()).unwrap()
        );
        let groups: i64 = asked(&format!(
            "SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{}') WHERE stats_min_value IS NOT NULL",
            path.display()
        ));
        assert_eq!(groups, 3 + 1 + 4);
    }

    /// Of which file an error speaks.
    fn path_of(joined: Result<Option<i64>, WarehouseError>) -> Option<PathBuf> {
        match joined {
            Err(WarehouseError::File(error)) => Some(error.path),
            _ => None,
        }
    }

    #[test]
    fn what_is_no_parquet_or_has_other_columns_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let one = written(folder.path(), "a.parquet", "SELECT 1 AS a");
        let other = written(folder.path(), "b.parquet", "SELECT 1 AS b");
        let to = folder.path().join("satu.parquet");
        assert_eq!(join_files(&[one.clone(), other.clone()], &to).unwrap(), None);
        let whole = std::fs::read(&other).unwrap();
        for length in [0, 3, 8, 12, whole.len() - 1] {
            std::fs::write(&other, &whole[..length]).unwrap();
            assert_eq!(
                path_of(join_files(&[one.clone(), other.clone()], &to)),
                Some(other.clone())
            );
        }
        std::fs::write(&other, b"PAR1\xff\xff\xff\xffPAR1").unwrap();
        assert_eq!(path_of(join_files(&[one, other.clone()], &to)), Some(other));
    }
}
