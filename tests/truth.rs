//! The marts of the committed sample against figures computed from the truth that the sample was made from.
//!
//! `truth/benar.sql` computes the figures without the pipeline, `truth/banding.toml` says what is compared with what.

use assert_cmd::Command;
use duckdb::Connection;
use serde::Deserialize;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const MARTS: [&str; 8] = [
    "mart_1_kpm",
    "mart_2_perbandingan_dtks",
    "mart_3_perubahan_desil",
    "mart_4_usulan_penetapan",
    "mart_5_individu",
    "mart_6_rumah_tangga",
    "mart_7_segmentasi",
    "mart_8_disabilitas",
];

#[derive(Deserialize)]
struct Berkas {
    banding: Vec<Banding>,
}

/// One comparison: two queries that must give the same rows.
#[derive(Deserialize)]
struct Banding {
    judul: String,
    benar: String,
    mart: String,
}

#[test]
fn marts_agree_with_the_truth_of_the_sample() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let workspace = folder.path().join("ws");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(assert_cmd::cargo::cargo_bin!("bansos360"))
        .args([
            Path::new("run"),
            Path::new("--workspace"),
            &workspace,
            &root.join("sample_data/raw"),
        ])
        .assert()
        .success();
    let truth = root.join("sample_data/truth").display().to_string();
    let con = open(&truth, &workspace.join("current"))?;
    let berkas: Berkas = toml::from_str(&include_str!("truth/banding.toml").replace("{truth}", &truth))?;
    let mut beda = String::new();
    for b in &berkas.banding {
        if let Some(teks) = compare(&con, b)? {
            writeln!(beda, "\n{}\n{teks}", b.judul)?;
        }
    }
    assert!(beda.is_empty(), "the marts differ from the truth:{beda}");
    Ok(())
}

/// The truth as views, the marts as views, and the warehouse of the release as `gudang`.
fn open(truth: &str, release: &Path) -> Result<Connection, Box<dyn Error>> {
    let con = Connection::open_in_memory()?;
    con.execute_batch(&include_str!("truth/benar.sql").replace("{truth}", truth))?;
    for nama in MARTS {
        let path: PathBuf = release.join("marts").join(format!("{nama}.parquet"));
        let view = &nama[..6];
        con.execute_batch(&format!(
            "create view {view} as select * from read_parquet('{}')",
            path.display()
        ))?;
    }
    con.execute_batch(&format!(
        "attach '{}' as gudang (read_only)",
        release.join("warehouse.duckdb").display()
    ))?;
    Ok(con)
}

/// The first rows that only one side has, or nothing where both agree.
fn compare(con: &Connection, b: &Banding) -> Result<Option<String>, Box<dyn Error>> {
    let mut teks = String::new();
    for (sisi, satu, lain) in [
        ("only in the truth", &b.benar, &b.mart),
        ("only in the mart", &b.mart, &b.benar),
    ] {
        let sql = format!(
            "select count(*) over () || ' rows, as ' || to_json(t) from (({satu}) except all ({lain})) t order by 1 limit 5"
        );
        let sql = sql.replace("to_json(t)", "cast(t as varchar)");
        let mut statement = con.prepare(&sql).map_err(|e| format!("{}: {e}", b.judul))?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        for row in rows {
            writeln!(teks, "  {sisi}: {}", row?)?;
        }
    }
    Ok((!teks.is_empty()).then_some(teks))
}
