//! What does not fit in the engine's memory: marts 3 to 7 are made in parts, and hold what they hold otherwise.
//!
//! 40,000 households (`sample`, fictitious), of one district or of two, are 198,000 rows of households and 577,000 of persons. With 130 MB they are more than may
//! be joined in memory, and a part has 93,000; with much less the engine cannot work, and one thread needs less than two, which have 220 MB.
#![cfg(unix)]

mod kit;

use kit::{marts, run_well, sample, sample_of};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// A workspace for what `sample` made: a province brings its districts and their places.
fn workspace(memory: &str, threads: usize, made: &Path) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let config = fs::read_to_string(made.join("bansos360.toml")).unwrap_or_default();
    if made.join("reference").exists() {
        fs::create_dir(folder.path().join("reference")).unwrap();
        fs::copy(
            made.join("reference/wilayah.csv"),
            folder.path().join("reference/wilayah.csv"),
        )
        .unwrap();
    }
    fs::write(
        folder.path().join("bansos360.toml"),
        format!("{config}\n[mesin]\nmemori = \"{memory}\"\nbenang = {threads}\n"),
    )
    .unwrap();
    folder
}

#[test]
fn a_mart_in_parts_is_the_mart_row_by_row() {
    let (made, raw) = sample(40_000);
    let (little, much) = (workspace("220MB", 2, made.path()), workspace("2GB", 1, made.path()));
    run_well(little.path(), &[&raw]);
    run_well(much.path(), &[&raw]);
    assert_same_marts(little.path(), much.path());
    assert_eq!(findings(little.path()), findings(much.path()));
}

#[test]
fn a_province_lies_by_its_districts_and_its_marts_are_the_same() {
    let (made, raw) = sample_of(&["--kabupaten", "2", "--rumah-tangga", "20000"]);
    let (little, much) = (workspace("130MB", 1, made.path()), workspace("2GB", 1, made.path()));
    run_well(little.path(), &[&raw]);
    run_well(much.path(), &[&raw]);
    assert_same_marts(little.path(), much.path());
    assert_eq!(findings(little.path()), findings(much.path()));
    // The second district begins again with the least id, and nothing else goes down.
    for (workspace, expected) in [(little.path(), 1), (much.path(), 0)] {
        assert_eq!(steps_down(workspace, "dtks_art", "id_art"), expected);
        assert_eq!(steps_down(workspace, "dtks_rt", "id_dtks"), 0, "no made-up id");
    }
}

/// What was found, however it was come by: rule, rows, and a number that all of their cells make.
fn findings(workspace: &Path) -> Vec<(String, i64, i64)> {
    let connection = duckdb::Connection::open(workspace.join("current/warehouse.duckdb")).unwrap();
    let sql = "SELECT aturan, CAST(count(*) AS BIGINT), CAST(sum(hash(sumber_data, lembar, nomor_baris, kolom, tingkat, nilai, pesan, jumlah) \
               % 1000000007) AS BIGINT) FROM kualitas_temuan GROUP BY aturan ORDER BY aturan";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let found: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    assert!(found.len() > 20, "{found:?}");
    found
}

/// How often a row of a table has a lesser id than the row before.
fn steps_down(workspace: &Path, table: &str, id: &str) -> i64 {
    let connection = duckdb::Connection::open(workspace.join("current/warehouse.duckdb")).unwrap();
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) FROM (SELECT {id} AS id, lag({id}) OVER () AS sebelum FROM {table}) AS t WHERE id < sebelum"
    );
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn assert_same_marts(little: &Path, much: &Path) {
    let (mut in_parts, mut whole) = (marts(little), marts(much));
    for (mart, least) in [
        ("mart_3_perubahan_desil.parquet", 400_000),
        ("mart_4_usulan_penetapan.parquet", 100_000),
        ("mart_5_individu.parquet", 500_000),
        ("mart_6_rumah_tangga.parquet", 190_000),
        ("mart_7_segmentasi.parquet", 40_000),
    ] {
        assert_ne!(
            in_parts.remove(mart),
            whole.remove(mart),
            "{mart}: row groups end where parts do; equal bytes mean that there were none"
        );
        let (rows, same) = rows_and_same(
            &little.join("current/marts").join(mart),
            &much.join("current/marts").join(mart),
        );
        assert!(rows > least, "{mart} {rows}");
        assert_eq!(rows, same, "{mart}");
    }
    assert_eq!(in_parts, whole, "all other marts have the same bytes");
    let left: Vec<_> = fs::read_dir(little.join("current/marts")).unwrap().collect();
    assert_eq!(left.len(), 8, "no part is left behind");
}

/// Rows of two files, and how many are the same in the same place.
fn rows_and_same(one: &Path, other: &Path) -> (i64, i64) {
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let numbered = |path: &Path| {
        format!(
            "(SELECT row_number() OVER () AS nomor, m FROM read_parquet('{}') AS m)",
            path.display()
        )
    };
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT), CAST(count(*) FILTER (WHERE a.m IS NOT DISTINCT FROM b.m) AS BIGINT) \
         FROM {} AS a FULL OUTER JOIN {} AS b ON a.nomor = b.nomor",
        numbered(one),
        numbered(other)
    );
    connection
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
}
