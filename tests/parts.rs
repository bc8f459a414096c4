//! A district that does not fit in the engine's memory: its widest mart is sorted in parts, and holds what it holds otherwise.
//!
//! 14,000 households (`sample`, fictitious) are 202,000 rows of persons. With 130 MB they are more than may be joined in memory, and
//! a part has 93,000; with much less the engine cannot work, and one thread needs less than two.
#![cfg(unix)]

mod kit;

use kit::{marts, run_well, sample};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

fn workspace(memory: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(
        folder.path().join("bansos360.toml"),
        format!("[mesin]\nmemori = \"{memory}\"\nbenang = 1\n"),
    )
    .unwrap();
    folder
}

fn mart_5(workspace: &Path) -> String {
    let path = workspace.join("current/marts/mart_5_individu.parquet");
    format!("read_parquet('{}')", path.display())
}

#[test]
fn a_mart_in_parts_is_the_mart_row_by_row() {
    let (_kept, raw) = sample(14_000);
    let (little, much) = (workspace("130MB"), workspace("2GB"));
    run_well(little.path(), &[&raw]);
    run_well(much.path(), &[&raw]);
    let (mut in_parts, mut whole) = (marts(little.path()), marts(much.path()));
    let mart = "mart_5_individu.parquet";
    assert_ne!(
        in_parts.remove(mart),
        whole.remove(mart),
        "row groups end where parts do; equal bytes mean that there were none"
    );
    assert_eq!(in_parts, whole, "all other marts have the same bytes");

    let connection = duckdb::Connection::open_in_memory().unwrap();
    let numbered = |workspace: &Path| {
        format!(
            "(SELECT row_number() OVER () AS nomor, m FROM {} AS m)",
            mart_5(workspace)
        )
    };
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT), CAST(count(*) FILTER (WHERE a.m IS NOT DISTINCT FROM b.m) AS BIGINT) \
         FROM {} AS a FULL OUTER JOIN {} AS b ON a.nomor = b.nomor",
        numbered(little.path()),
        numbered(much.path())
    );
    let (rows, same): (i64, i64) = connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert!(rows > 150_000, "{rows}");
    assert_eq!(rows, same);
    let left: Vec<_> = fs::read_dir(little.path().join("current/marts")).unwrap().collect();
    assert_eq!(left.len(), 8, "no part is left behind");
}
