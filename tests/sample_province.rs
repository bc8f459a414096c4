//! A province: several districts made by `sample --kabupaten N`, run in one workspace.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

fn bansos360(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    command.env_remove("BANSOS360_WORKSPACE").args(args);
    command
}

fn province(out: &Path) {
    let out = out.to_string_lossy().into_owned();
    bansos360(&[
        "sample",
        "--kabupaten",
        "3",
        "--rumah-tangga",
        "60",
        "--seed",
        "7",
        "--out",
        &out,
    ])
    .assert()
    .success();
}

/// Bytes of every file below a folder, by its path from there.
fn files(root: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root)?.to_path_buf(), std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// A workspace of the districts of a sample.
fn workspace_of(sample: &Path, workspace: &Path) -> Result<(), Box<dyn Error>> {
    bansos360(&["init", "--workspace"]).arg(workspace).assert().success();
    std::fs::create_dir_all(workspace.join("reference"))?;
    for file in ["bansos360.toml", "reference/wilayah.csv"] {
        std::fs::copy(sample.join(file), workspace.join(file))?;
    }
    Ok(())
}

/// Programs and districts of the recipients.
fn lists(workspace: &Path) -> Result<i64, Box<dyn Error>> {
    let mart = workspace.join("current/marts/mart_1_kpm.parquet");
    let sql = format!(
        "SELECT count(*) FROM (SELECT DISTINCT kode_program, left(kode_desa, 4) FROM '{}' WHERE kode_desa IS NOT NULL)",
        mart.display()
    );
    Ok(duckdb::Connection::open_in_memory()?.query_row(&sql, [], |row| row.get(0))?)
}

#[test]
fn one_workspace_runs_all_districts_of_a_province() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (sample, workspace) = (folder.path().join("sample"), folder.path().join("workspace"));
    province(&sample);
    workspace_of(&sample, &workspace)?;
    bansos360(&["run", "--workspace"])
        .arg(&workspace)
        .arg(sample.join("raw"))
        .assert()
        .success();

    let con = duckdb::Connection::open_in_memory()?;
    let marts = workspace.join("current/marts").display().to_string();
    let rows =
        |sql: &str| -> Result<i64, duckdb::Error> { con.query_row(&sql.replace("{marts}", &marts), [], |r| r.get(0)) };
    for mart in [
        "1_kpm",
        "2_perbandingan_dtks",
        "3_perubahan_desil",
        "5_individu",
        "6_rumah_tangga",
        "7_segmentasi",
        "8_disabilitas",
    ] {
        let districts = format!(
            "SELECT count(DISTINCT left(kode_desa, 4)) FROM '{{marts}}/mart_{mart}.parquet' WHERE kode_desa IS NOT NULL"
        );
        assert_eq!(rows(&districts)?, 3, "districts in {mart}");
    }
    // A delivery replaces only those of its own district: each has all five periods.
    let periods =
        "SELECT count(*) FROM (SELECT DISTINCT periode, left(id_dtks, 4) FROM '{marts}/mart_6_rumah_tangga.parquet')";
    assert_eq!(rows(periods)?, 15);
    // So do the lists, which have the same names in every folder: four programs in three districts.
    assert_eq!(lists(&workspace)?, 12);
    // Rows kept are those of the truth, district by district.
    let truth = sample.join("truth").display().to_string();
    let kept = format!(
        "SELECT sum(simpan) FROM '{truth}/*/berkas.parquet' WHERE regexp_matches(lower(anggota), '_rt[.]csv$')"
    );
    assert_eq!(
        rows("SELECT count(*) FROM '{marts}/mart_6_rumah_tangga.parquet'")?,
        rows(&kept)?
    );
    Ok(())
}

/// The folders of districts, or their files, named one by one, as a shell does for `raw/*` and `raw/*/*`: the lists of one district do not
/// replace those of another.
#[test]
fn the_district_is_told_by_the_folder_that_was_named() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let sample = folder.path().join("sample");
    province(&sample);
    let below = |path: &Path| -> Result<Vec<PathBuf>, std::io::Error> {
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect()
    };
    let folders = below(&sample.join("raw"))?;
    let of_folders = folders.iter().map(|path| below(path)).collect::<Result<Vec<_>, _>>()?;
    for (name, paths) in [("folders", folders), ("files", of_folders.concat())] {
        let workspace = folder.path().join(name);
        workspace_of(&sample, &workspace)?;
        bansos360(&["run", "--workspace"])
            .arg(&workspace)
            .args(paths)
            .assert()
            .success();
        assert_eq!(lists(&workspace)?, 12, "{name}");
    }
    // As they are typed from within: no part of the path tells the district.
    let workspace = folder.path().join("within");
    workspace_of(&sample, &workspace)?;
    for district in below(&sample.join("raw"))? {
        bansos360(&["run", ".", "--workspace"])
            .arg(&workspace)
            .current_dir(district)
            .assert()
            .success();
    }
    assert_eq!(lists(&workspace)?, 12, "within");
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_province() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (one, two) = (folder.path().join("1"), folder.path().join("2"));
    province(&one);
    province(&two);
    let made = files(&one)?;
    assert_eq!(made.keys().filter(|path| path.starts_with("raw")).count(), 33);
    assert!(made == files(&two)?, "the second province differs");
    Ok(())
}

#[test]
fn more_districts_than_the_province_has_are_refused() {
    let folder = tempfile::tempdir()
        .map(|folder| folder.path().to_path_buf())
        .unwrap_or_default();
    let run = bansos360(&["sample", "--kabupaten", "39", "--out"])
        .arg(folder)
        .assert()
        .failure();
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("`--kabupaten 39`"), "{said}");
}
