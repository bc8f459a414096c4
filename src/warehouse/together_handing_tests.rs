//! What hands each other rows and is made together, stretch by stretch, is what is made one after the other.

use super::tests::{copy, differ};
use super::*;
use crate::warehouse::engine::quote_path;
use std::path::PathBuf;

/// Tables of households, a mart of persons and one of households that join them, and findings that read one of the tables.
fn handing_each_other_rows() -> Vec<Model> {
    let sheet = |of: &str, by: &str, near: &[&str]| PartsSheet {
        of: of.to_owned(),
        by: by.to_owned(),
        near: near
            .iter()
            .map(|table| ((*table).to_owned(), "rumah".to_owned()))
            .collect(),
        ..PartsSheet::default()
    };
    let model = |name: &str, materialized: Materialized, sql: &str, reads: &[&str], parts: Option<PartsSheet>| Model {
        name: name.to_owned(),
        sql: sql.to_owned(),
        materialized,
        reads: reads.iter().map(|read| (*read).to_owned()).collect(),
        parts,
        ..Model::default()
    };
    vec![
        model(
            "hitung",
            Materialized::Temp,
            "SELECT rumah, count(*) AS orang FROM orang GROUP BY rumah",
            &["orang"],
            Some(sheet("orang", "rumah", &[])),
        ),
        model(
            "lengkap",
            Materialized::Temp,
            "SELECT r.rumah, r.alamat, h.orang FROM rumah AS r LEFT JOIN hitung AS h ON h.rumah = r.rumah",
            &["rumah", "hitung"],
            Some(sheet("rumah", "rumah", &["hitung"])),
        ),
        model(
            "mart_orang",
            Materialized::Mart,
            "SELECT o.id, o.rumah, l.alamat, l.orang FROM orang AS o LEFT JOIN lengkap AS l ON l.rumah = o.rumah\nORDER BY id ASC NULLS LAST",
            &["orang", "lengkap"],
            Some(sheet("orang", "id", &["lengkap"])),
        ),
        model(
            "mart_rumah",
            Materialized::Mart,
            "SELECT rumah, alamat, orang FROM lengkap\nORDER BY rumah ASC NULLS LAST",
            &["lengkap"],
            Some(sheet("lengkap", "rumah", &[])),
        ),
        model(
            "temuan",
            Materialized::Temuan,
            "SELECT rumah FROM hitung",
            &["hitung"],
            None,
        ),
    ]
}

/// Families of a household lie in the stretch of the household; a person's number may be of another place, or of none.
#[test]
fn what_is_made_together_is_what_is_made_one_after_the_other() {
    together_is_one_after_the_other("i % 50 = 0", false);
}

/// Nobody has a number of a household: their numbers tell no place, and the mart of persons is made alone.
#[test]
fn a_mart_whose_rows_belong_elsewhere_is_made_behind() {
    together_is_one_after_the_other("true", true);
}

fn together_is_one_after_the_other(without_number: &str, is_behind: bool) {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(&format!(
            "SET threads = 1; ATTACH ':memory:' AS {SCRATCH}; CREATE TABLE orang AS SELECT \
             CASE WHEN {without_number} THEN 'NIK' || hash(i) WHEN i % 70 = 0 THEN '35' || lpad(CAST((i + 900) % 3000 AS VARCHAR), 8, '0') || 'x' || i \
             ELSE '35' || lpad(CAST(i // 6 AS VARCHAR), 8, '0') || i END AS id, \
             CASE WHEN i % 97 > 0 THEN '35' || lpad(CAST(i // 6 AS VARCHAR), 8, '0') END AS rumah FROM range(6000) AS r(i) ORDER BY id; \
             CREATE TABLE rumah AS SELECT '35' || lpad(CAST(i AS VARCHAR), 8, '0') AS rumah, 'jalan ' || i AS alamat FROM range(1100) AS r(i)"
        ))
        .unwrap();
    let models = handing_each_other_rows();
    let mut together = Together::of(&models.iter().collect::<Vec<_>>());
    let names: Vec<&str> = together.models().iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names, ["hitung", "lengkap", "mart_orang", "mart_rumah"]);
    assert_eq!(together.kept(), &BTreeSet::from(["hitung"]));
    let (mut stretches, behind) = together.cut(&connection, 500, &mut Cuts::default()).unwrap();
    assert_eq!(behind.is_some(), is_behind);
    if let Some(mart) = behind {
        together = together.without(mart);
        (stretches, _) = together.cut(&connection, 500, &mut Cuts::default()).unwrap();
        assert_eq!(together.kept(), &BTreeSet::from(["hitung", "lengkap"]));
    }
    let cut = together.prepare(&connection, stretches).unwrap();
    assert!(cut.stretches.len() > 5);
    assert_eq!(
        is_behind,
        !cut.stretches.iter().any(|stretch| stretch.reaches_beyond("rumah"))
    );
    let mut connections = [connection.try_clone().unwrap(), connection.try_clone().unwrap()];
    let write = |connection: &Connection, _: &Model, select: &str, path: &Path| copy(connection, select, path);
    let mut made = make_in_stretches(&[cut], &mut connections, folder.path(), write).unwrap();
    let alone = behind.and_then(Together::alone);
    if let Some(alone) = &alone {
        connection
            .execute_batch(&format!("SET search_path = 'main,{SCRATCH}.main'"))
            .unwrap();
        let stretches = alone.cut(&connection, 500, &mut Cuts::default()).unwrap().0;
        let cut = alone.prepare(&connection, stretches).unwrap();
        let mut connections = [connection.try_clone().unwrap()];
        connections[0]
            .execute_batch(&format!("SET search_path = 'main,{SCRATCH}.main'"))
            .unwrap();
        let behind = make_in_stretches(&[cut], &mut connections, folder.path(), write).unwrap();
        made.splice(0..0, behind);
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for files_of in made.into_iter().filter_map(|made| made.files) {
        let path = folder.path().join(format!("{}.parquet", files.len()));
        files_of
            .join(&connection, &path, &|select, path| copy(&connection, select, path))
            .unwrap();
        files.push(path);
    }
    // One after the other, over all rows.
    for model in &models[..2] {
        let rows = format!(
            "CREATE TABLE semua_{} AS {}",
            model.name,
            model.sql.replace("hitung AS", "semua_hitung AS")
        );
        connection.execute_batch(&rows).unwrap();
    }
    for (path, mart) in files.iter().zip(&models[2..4]) {
        let whole = mart.sql.replace("lengkap", "semua_lengkap");
        let parts = format!("SELECT * FROM read_parquet({})", quote_path(path).unwrap());
        assert_eq!(differ(&connection, &parts, &whole), 0, "{}", mart.name);
    }
    let order = "ORDER BY rumah NULLS LAST";
    assert_eq!(
        differ(
            &connection,
            &format!("SELECT * FROM {SCRATCH}.hitung {order}"),
            &format!("SELECT * FROM semua_hitung {order}")
        ),
        0
    );
    let left: String = connection
        .query_row(
            "SELECT coalesce(string_agg(table_name, ' '), '') FROM duckdb_tables() WHERE table_name LIKE '%di_luar' OR table_name LIKE '%di_sini'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(left, "");
}
