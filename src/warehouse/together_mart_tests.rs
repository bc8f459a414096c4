//! Mart 1 by its own SQL and sheet: in parts it is the mart row by row.

use super::tests::{copy, differ, write_in_parts};
use super::*;
use crate::bundle::Bundle;
use crate::warehouse::Models;
use crate::warehouse::engine::quote_path;

const ROWS: usize = 3_000;

/// A table of made-up rows: what a column holds follows from its name and the row's number, but where `told` says otherwise.
fn fill(connection: &Connection, table: &str, columns: &[(&str, &str)], told: &[(&str, &str)], rows: usize) {
    let values = columns.iter().map(|(name, kind)| {
        let told = told.iter().find(|(column, _)| column == name);
        let value = match (told, *kind) {
            (Some((_, value)), _) => (*value).to_owned(),
            (None, "BOOLEAN") => format!("hash('{name}', i) % 2 = 0"),
            (None, "DATE") => format!("DATE '1950-01-01' + CAST(hash('{name}', i) % 25000 AS INTEGER)"),
            (None, "VARCHAR") => {
                format!("CASE WHEN hash(i, '{name}') % 5 > 0 THEN '{name} ' || hash('{name}', i) % 20 END")
            }
            (None, _) => format!("hash('{name}', i) % 9"),
        };
        format!("CAST({value} AS {kind}) AS {name}")
    });
    let values: Vec<String> = values.collect();
    let sql = format!(
        "CREATE TABLE {table} AS SELECT {} FROM range({rows}) AS r(i)",
        values.join(", ")
    );
    connection.execute_batch(&sql).unwrap();
}

/// Lists of four programs in force and one that is not, people in two lists, rows without a nik, rows without a desa, which stand
/// last, and rows whose place is that of the person.
fn fill_all(connection: &Connection, models: &Models) {
    let number = "hash(i) % 2000";
    let has_place = format!("i % 5 = 0 AND i % 11 > 0 AND {number} < 1500");
    let nik = format!("CASE WHEN i % 11 > 0 THEN lpad(CAST({number} AS VARCHAR), 16, '0') END");
    let desa = "CASE WHEN i % 13 > 0 THEN lpad(CAST(hash('desa', i) % 60 AS VARCHAR), 10, '3') END";
    let desa = format!("CASE WHEN {has_place} THEN lpad(CAST({number} % 60 AS VARCHAR), 10, '3') ELSE {desa} END");
    let place = format!("CASE WHEN {has_place} THEN 'DTKS' ELSE 'DAFTAR' END");
    let list = [
        ("id_kpm", "lpad(CAST(hash(i) AS VARCHAR), 20, '0')"),
        (
            "kode_program",
            "CASE WHEN i >= 3000 THEN 'LAIN' ELSE ['BST', 'KPE', 'PKH', 'SEMBAKO'][i % 4 + 1] END",
        ),
        ("nik", nik.as_str()),
        ("kode_desa", desa.as_str()),
        ("sumber_tempat", place.as_str()),
    ];
    let person = [
        ("nik", "lpad(CAST(i AS VARCHAR), 16, '0')"),
        ("kode_desa", "lpad(CAST(i % 60 AS VARCHAR), 10, '3')"),
    ];
    let program = [("kode_program", "['BST', 'KPE', 'PKH', 'SEMBAKO'][i + 1]")];
    for (name, told, rows) in [
        ("bantuan_sosial", &list[..], ROWS + 500),
        ("int_kpm_dinilai", &list[..], ROWS),
        ("int_art_terakhir_per_nik", &person[..], 1_500),
        ("int_program_berlaku", &program[..], 4),
    ] {
        let model = models.ordered.iter().find(|model| model.name == name).unwrap();
        let columns: Vec<(&str, &str)> = model
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.kind.as_str()))
            .collect();
        fill(connection, name, &columns, told, rows);
    }
    connection
        .execute_batch(
            "CREATE TYPE kata_program AS ENUM ('BST', 'KPE', 'LAIN', 'PKH', 'SEMBAKO'); \
             ALTER TABLE bantuan_sosial ALTER kode_program TYPE kata_program; \
             CREATE TABLE parameter AS SELECT '2020-10' AS periode_terakhir; \
             CREATE TABLE ref_program AS SELECT kode_program, kode_program = 'PKH' AS wajib_dtks FROM int_program_berlaku",
        )
        .unwrap();
}

#[test]
fn mart_1_in_parts_is_the_mart_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("SET threads = 1").unwrap();
    let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
    connection.execute_batch(&models.dialect).unwrap();
    fill_all(&connection, &models);
    let mart = models.ordered.iter().find(|model| model.name == "mart_1_kpm").unwrap();
    let cut = Together::alone(mart)
        .unwrap()
        .cut(&connection, 200, &mut Cuts::default())
        .unwrap()
        .0;
    assert!(cut.len() > 5, "{}", cut.len());
    let (rows, _) = write_in_parts(&connection, mart, 200, folder.path(), copy);
    let found = format!(
        "SELECT CAST(count(*) AS BIGINT) FROM ({}) WHERE ditemukan_di_dtks",
        mart.sql
    );
    let found: i64 = connection.query_row(&found, [], |row| row.get(0)).unwrap();
    assert!(
        found > 100 && found < 2_900,
        "some are in DTKS and some are not: {found}"
    );
    assert_eq!(usize::try_from(rows).unwrap(), ROWS);
    let parts = quote_path(&folder.path().join("mart_1_kpm.parquet")).unwrap();
    assert_eq!(
        differ(&connection, &format!("SELECT * FROM read_parquet({parts})"), &mart.sql),
        0
    );
}
