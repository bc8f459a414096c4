//! A mart that is made alone in parts is the mart, row by row.

use super::super::engine::quote_path;
use super::super::gate::ascends;
use super::super::models::ColumnSheet;
use super::super::order::EachSheet;
use super::*;
use std::sync::Mutex;

/// Makes a mart in parts on one connection: its rows, and whether their order proves the key.
pub(super) fn write_in_parts(
    connection: &Connection,
    model: &Model,
    most: u64,
    folder: &Path,
    write: impl Fn(&Connection, &str, &Path) -> Result<i64, WarehouseError> + Sync,
) -> (i64, bool) {
    let alone = Together::alone(model).unwrap();
    let stretches = alone.cut(connection, most, &mut Cuts::default()).unwrap().0;
    let cut = alone.prepare(connection, stretches).unwrap();
    let mut connections = [connection.try_clone().unwrap()];
    let made = make_in_stretches(&[cut], &mut connections, folder, |connection, _, select, path| {
        write(connection, select, path)
    });
    let files = made.unwrap().pop().unwrap().files.unwrap();
    let path = folder.join(format!("{}.parquet", model.name));
    let join = |select: &str, path: &Path| write(connection, select, path);
    let (rows, ascends) = files.join(connection, &path, &join).unwrap();
    (rows, ascends == Some(true))
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
        materialized: Materialized::Mart,
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
    assert!(Cuts::default().of(&connection, "mart", &sheet, 700).unwrap().len() > 3);
    let model = Model {
        parts: Some(sheet),
        ..model
    };
    let path = folder.path().join("mart.parquet");
    assert_eq!(
        write_in_parts(&connection, &model, 700, folder.path(), copy),
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
        materialized: Materialized::Mart,
        sql: format!("{select}\nORDER BY id ASC NULLS LAST"),
        key: vec!["id".to_owned()],
        ..Model::default()
    };
    let sheet = PartsSheet {
        of: "orang".to_owned(),
        by: "id".to_owned(),
        ..PartsSheet::default()
    };
    let path = folder.path().join("mart.parquet");
    let model = Model {
        parts: Some(sheet),
        order_of: Some("orang".to_owned()),
        ..model
    };
    let written = Mutex::new(Vec::new());
    let write = |connection: &Connection, sql: &str, path: &Path| {
        written.lock().unwrap().push(sql.len());
        copy(connection, sql, path)
    };
    let (rows, ascending) = write_in_parts(&connection, &model, 100, folder.path(), write);
    assert!(ascending, "each part was looked at");
    let mut written = written.into_inner().unwrap();
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
        materialized: Materialized::Mart,
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
    let model = Model {
        parts: Some(sheet),
        ..model
    };
    let parts = AtomicUsize::new(0);
    let write = |connection: &Connection, select: &str, path: &Path| {
        parts.fetch_add(1, Ordering::Relaxed);
        let shown = || connection.query_row("SELECT count(*) FROM program", [], |row| row.get::<_, i64>(0));
        let looked_up = shown().unwrap();
        assert!(
            (1..200).contains(&looked_up) || select.contains("read_parquet"),
            "{looked_up} of 1,000"
        );
        copy(connection, select, path)
    };
    assert_eq!(
        write_in_parts(&connection, &model, 100, folder.path(), write),
        (1060, false)
    );
    assert!(parts.load(Ordering::Relaxed) > 5, "{parts:?}");
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

pub(super) fn copy(connection: &Connection, select: &str, path: &Path) -> Result<i64, WarehouseError> {
    let sql = format!("COPY ({select}) TO {} (FORMAT parquet)", quote_path(path)?);
    let rows = connection.execute(&sql, []).map_err(WarehouseError::engine("copy"))?;
    Ok(i64::try_from(rows).unwrap())
}

fn text(name: &str) -> ColumnSheet {
    ColumnSheet {
        name: name.to_owned(),
        kind: "VARCHAR".to_owned(),
        description: String::new(),
        class: String::new(),
        tests: Vec::new(),
        accepted_values: Vec::new(),
        relationships: None,
        level: None,
    }
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
    let sheet = PartsSheet {
        of: "rumah".to_owned(),
        by: "id".to_owned(),
        each: Some(EachSheet {
            of: "pasangan".to_owned(),
            by: vec!["awal".to_owned(), "akhir".to_owned()],
            cuts: Vec::new(),
        }),
        ..PartsSheet::default()
    };
    let path = folder.path().join("mart.parquet");
    let write = copy;
    let sorted = Model {
        name: "mart".to_owned(),
        materialized: Materialized::Mart,
        sql: format!("{sql} {order}"),
        parts: Some(sheet),
        ..Model::default()
    };
    let (rows, _) = write_in_parts(&connection, &sorted, 700, folder.path(), write);
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
    let (rows, _) = write_in_parts(&connection, &sorted, 700, folder.path(), write);
    let relation = format!("read_parquet({})", quote_path(&path).unwrap());
    assert_eq!(
        (rows, count(&format!("SELECT CAST(count(*) AS BIGINT) FROM {relation}"))),
        (0, 0)
    );
    assert!(!path.with_extension("bagian").exists());
}

/// Where each part ascends and none has rows of another, their order proves that the key stands once.
#[test]
fn the_order_of_all_parts_proves_the_key() {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "SET threads = 1; CREATE TABLE rumah AS SELECT lpad(CAST(i AS VARCHAR), 12, '0') AS id, CAST(i % 3 AS VARCHAR) AS periode \
             FROM range(3000) AS r(i); \
             CREATE TABLE pasangan AS SELECT * FROM (VALUES ('0', '1'), ('0', '2'), ('1', '2')) AS p(awal, akhir)",
        )
        .unwrap();
    let order = ["awal", "akhir", "id"].map(str::to_owned);
    let columns: Vec<ColumnSheet> = order.iter().map(|name| text(name)).collect();
    for (akhir, proves) in [("p.akhir", true), ("'9'", false)] {
        let folder = tempfile::tempdir().unwrap();
        let mart = Model {
            name: "mart".to_owned(),
            materialized: Materialized::Mart,
            sql: format!(
                "SELECT p.awal, {akhir} AS akhir, r.id FROM pasangan AS p JOIN rumah AS r ON r.periode = p.akhir\n\
                 ORDER BY awal ASC NULLS LAST, akhir ASC NULLS LAST, id ASC NULLS LAST"
            ),
            key: order.to_vec(),
            columns: columns.clone(),
            parts: Some(PartsSheet {
                of: "rumah".to_owned(),
                by: "id".to_owned(),
                each: Some(EachSheet {
                    of: "pasangan".to_owned(),
                    by: order[..2].to_vec(),
                    cuts: Vec::new(),
                }),
                ..PartsSheet::default()
            }),
            ..Model::default()
        };
        assert_eq!(
            write_in_parts(&connection, &mart, 700, folder.path(), copy),
            (3000, proves)
        );
    }
}

/// Recipients of one program after the other: a part sees the rows of its own, and of others what these need.
#[test]
fn a_part_of_one_program_sees_what_its_rows_need() {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "SET threads = 1; CREATE TABLE daftar AS SELECT CASE WHEN i % 50 > 0 THEN lpad(CAST(i % 40 AS VARCHAR), 10, '3') END AS desa, \
             CASE i % 3 WHEN 0 THEN 'BST' WHEN 1 THEN 'PKH' END AS program, CAST(i % 900 AS VARCHAR) AS nik, CAST(i AS VARCHAR) AS nomor FROM range(3000) AS r(i); \
             CREATE TABLE nama AS SELECT nomor, program, 'nama ' || nomor AS nama FROM daftar; \
             CREATE TABLE program AS SELECT program, 'nama ' || program AS nama FROM (VALUES ('BST'), ('KPE'), ('PKH'), (NULL)) AS p(program); \
             CREATE TABLE orang AS SELECT CAST(i AS VARCHAR) AS nik, i % 7 AS desil FROM range(0, 2000, 2) AS r(i)",
        )
        .unwrap();
    // Of what is looked up, and of what is only cut by the program: the most rows that a part sees.
    for (lookup, most_names) in [
        (vec![("orang", "nik"), ("nama", "nomor")], 300),
        (vec![("orang", "nik")], 1_000),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let model = Model {
            name: "mart".to_owned(),
            materialized: Materialized::Mart,
            sql: "SELECT p.program, d.desa, d.nomor, o.desil, n.nama FROM daftar AS d \
                  JOIN program AS p ON p.program IS NOT DISTINCT FROM d.program LEFT JOIN orang AS o ON o.nik = d.nik \
                  JOIN nama AS n ON n.nomor = d.nomor\nORDER BY program ASC NULLS LAST, desa ASC NULLS LAST, nomor ASC NULLS LAST"
                .to_owned(),
            parts: Some(PartsSheet {
                of: "daftar".to_owned(),
                by: "desa".to_owned(),
                each: Some(EachSheet {
                    of: "program".to_owned(),
                    by: vec!["program".to_owned()],
                    cuts: vec!["daftar".to_owned(), "nama".to_owned()],
                }),
                lookup: lookup.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect(),
                ..PartsSheet::default()
            }),
            ..Model::default()
        };
        let write = |connection: &Connection, select: &str, path: &Path| {
            let shown = "SELECT (SELECT count(DISTINCT program) FROM daftar), (SELECT count(*) FROM orang), (SELECT count(*) FROM nama)";
            let (programs, people, names): (i64, i64, i64) = connection
                .query_row(shown, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .unwrap();
            assert!(
                select.contains("read_parquet") || (programs <= 1 && people < 300 && names <= most_names),
                "{programs} {people} {names}"
            );
            copy(connection, select, path)
        };
        assert_eq!(
            write_in_parts(&connection, &model, 600, folder.path(), write),
            (3000, false)
        );
        let relation = quote_path(&folder.path().join("mart.parquet")).unwrap();
        let parts = format!("SELECT * FROM read_parquet({relation})");
        assert_eq!(differ(&connection, &parts, &model.sql), 0);
    }
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
    let sheet = PartsSheet {
        of: "orang".to_owned(),
        by: "id".to_owned(),
        near: std::iter::once(("rumah".to_owned(), "rumah".to_owned())).collect(),
        ..PartsSheet::default()
    };
    // A sheet that lacks a column is no matter of the parts: the gate tells it of the mart.
    for (condition, expected, told) in [("", 900, 3), ("WHERE o.id < '000000000100'\n", 100, 2)] {
        let model = Model {
            name: "mart".to_owned(),
            materialized: Materialized::Mart,
            sql: select(condition),
            columns: ["id", "rumah", "desa"].map(text)[..told].to_vec(),
            parts: Some(sheet.clone()),
            ..Model::default()
        };
        let path = folder.path().join("mart.parquet");
        let written = Mutex::new(Vec::new());
        let write = |connection: &Connection, select: &str, path: &Path| {
            written.lock().unwrap().push(path.to_owned());
            copy(connection, select, path)
        };
        assert_eq!(
            write_in_parts(&connection, &model, 100, folder.path(), write),
            (expected, false)
        );
        let written = written.into_inner().unwrap();
        assert!(written.len() > 5 && !written.contains(&path), "{written:?}");
    }
}

/// Rows of two queries that are not the same in the same place.
pub(super) fn differ(connection: &Connection, one: &str, other: &str) -> i64 {
    let numbered = |rows: &str| format!("(SELECT row_number() OVER () AS n, t FROM ({rows}) AS t)");
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) FROM {} AS a FULL JOIN {} AS b ON a.n = b.n WHERE a.t IS DISTINCT FROM b.t",
        numbered(one),
        numbered(other)
    );
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}
