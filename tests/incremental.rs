//! Incremental runs, through the binary: what is built again and why, and that it comes to the same bytes as a full build.

use bansos360::sample::{SampleOptions, generate};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

fn bansos360(workspace: &Path, arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .args(arguments)
        .arg("--workspace")
        .arg(workspace)
        .output()
        .unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The record of a run, which must have succeeded.
fn run(workspace: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["run", "--format", "json"];
    all.extend(arguments);
    let ended = bansos360(workspace, &all);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// Tables, marts and rules that a run has built.
fn built(record: &Value) -> Vec<String> {
    let models = record["rencana"].as_array().cloned().unwrap_or_default();
    let lasting = |model: &&Value| !["view", "temp"].contains(&model["jenis"].as_str().unwrap());
    let chosen = models
        .iter()
        .filter(lasting)
        .filter(|model| model["hasil"] == "dibangun");
    chosen
        .map(|model| model["model"].as_str().unwrap().to_owned())
        .collect()
}

fn marts_built(record: &Value) -> Vec<String> {
    built(record)
        .into_iter()
        .filter(|name| name.starts_with("mart_"))
        .collect()
}

/// The bytes of all marts.
fn marts(workspace: &Path) -> BTreeMap<String, Vec<u8>> {
    let folder = workspace.join("current/marts");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(path).unwrap(),
            )
        })
        .collect()
}

fn inodes(workspace: &Path) -> BTreeMap<String, u64> {
    let folder = workspace.join("current/marts");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    files
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.metadata().unwrap().ino(),
            )
        })
        .collect()
}

/// What stands in the tables of the warehouse, as a hash by table, apart from the run's own id.
fn tables(workspace: &Path) -> BTreeMap<String, String> {
    let config = duckdb::Config::default()
        .access_mode(duckdb::AccessMode::ReadOnly)
        .unwrap();
    let connection = duckdb::Connection::open_with_flags(workspace.join("current/warehouse.duckdb"), config).unwrap();
    let mut found = BTreeMap::new();
    for table in [
        "dtks_rt",
        "dtks_art",
        "bantuan_sosial",
        "data_disabilitas",
        "usulan_daerah",
        "kualitas_temuan",
        "karantina",
        "sumber_berkas",
        "ref_program",
        "ref_kode_wilayah",
        "koreksi",
    ] {
        let columns = if table == "kualitas_temuan" {
            "COLUMNS(* EXCLUDE (run_id))"
        } else {
            "COLUMNS(*)"
        };
        let sql = format!(
            "SELECT CAST(count(*) AS VARCHAR) || ' ' || coalesce(md5(string_agg(r, '|' ORDER BY r)), '') FROM \
             (SELECT CAST(row({columns}) AS VARCHAR) AS r FROM {table})"
        );
        found.insert(
            table.to_owned(),
            connection.query_row(&sql, [], |row| row.get(0)).unwrap(),
        );
    }
    found
}

/// A full build of the same lake and configuration, in a workspace without any release.
fn from_scratch(workspace: &Path) -> TempDir {
    let other = TempDir::new().unwrap();
    fs::set_permissions(other.path(), fs::metadata(workspace).unwrap().permissions()).unwrap();
    copy(workspace, other.path());
    for gone in ["current", "releases", "runs", "lake/staged"] {
        let path = other.path().join(gone);
        if path.is_symlink() {
            fs::remove_file(path).unwrap();
        } else {
            fs::remove_dir_all(path).unwrap();
        }
    }
    run(other.path(), &["--full"]);
    other
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            fs::set_permissions(&target, fs::metadata(entry.path()).unwrap().permissions()).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn assert_as_from_scratch(workspace: &Path, after: &str) {
    let other = from_scratch(workspace);
    for (name, bytes) in marts(other.path()) {
        assert!(
            marts(workspace)[&name] == bytes,
            "{name} differs from a full build after: {after}"
        );
    }
    assert_eq!(tables(workspace), tables(other.path()), "after: {after}");
}

fn sample() -> TempDir {
    let folder = TempDir::new().unwrap();
    let options = SampleOptions {
        rumah_tangga: 120,
        seed: 11,
        out: folder.path().to_owned(),
        ..SampleOptions::default()
    };
    generate(&options).unwrap();
    folder
}

fn bring(sample: &Path, workspace: &Path, name: &str) {
    fs::copy(sample.join("raw").join(name), workspace.join("inbox").join(name)).unwrap();
}

fn write(workspace: &Path, path: &str, text: &str) {
    let path = workspace.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn built_in(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

const LIST_MARTS: [&str; 5] = [
    "mart_1_kpm",
    "mart_5_individu",
    "mart_6_rumah_tangga",
    "mart_7_segmentasi",
    "mart_8_disabilitas",
];

/// Change after change, each with what it must build, and each compared with a full build.
#[test]
fn whatever_changes_the_marts_are_those_of_a_full_build() {
    let sample = sample();
    let folder = TempDir::new().unwrap();
    let workspace = folder.path();
    assert_eq!(bansos360(workspace, &["init"]).code, 0);
    for name in ["3503-MEI 2018.zip", "3503-OKTOBER 2019.zip", "BNBA KPE 20K.xlsx"] {
        bring(sample.path(), workspace, name);
    }
    assert_eq!(marts_built(&run(workspace, &[])).len(), 8);

    bring(sample.path(), workspace, "ExportMstPeserta PKH (8-7-2020).xlsx");
    let before = inodes(workspace);
    let record = run(workspace, &[]);
    let names = marts_built(&record);
    assert!(
        names.iter().all(|name| LIST_MARTS.contains(&name.as_str())),
        "a list: {names:?}"
    );
    assert!(
        !built(&record).iter().any(|name| name.starts_with("dtks_")),
        "a list: {:?}",
        built(&record)
    );
    for (name, inode) in inodes(workspace) {
        let is_built = names.iter().any(|mart| name == format!("{mart}.parquet"));
        assert_eq!(
            before[&name] != inode,
            is_built,
            "{name}: what is not built is a second name of the same file"
        );
    }
    assert_as_from_scratch(workspace, "a new list");

    bring(sample.path(), workspace, "Usulan DTKS Oktober 2020.xlsx");
    let record = run(workspace, &[]);
    assert_eq!(marts_built(&record), ["mart_4_usulan_penetapan"]);
    assert_as_from_scratch(workspace, "proposals");

    bring(sample.path(), workspace, "3503-OKTOBER 2020.zip");
    assert!(marts_built(&run(workspace, &[])).len() >= 7);
    assert_as_from_scratch(workspace, "a new periode");

    bring(sample.path(), workspace, "3503 (DTKS JAN 2020).zip");
    assert!(built(&run(workspace, &[])).contains(&"dtks_art".to_owned()));
    assert_as_from_scratch(workspace, "a periode between two others");

    write(
        workspace,
        "bansos360.toml",
        "[segmentasi]\ntinggi = 0.91\nsedang = 0.4\n",
    );
    assert_eq!(built(&run(workspace, &[])), ["mart_7_segmentasi"]);
    assert_as_from_scratch(workspace, "a threshold");

    let sql = built_in("sql/marts/mart_3_perubahan_desil.sql");
    write(
        workspace,
        "sql/marts/mart_3_perubahan_desil.sql",
        &format!("-- ours\n{sql}"),
    );
    assert_eq!(built(&run(workspace, &[])), ["mart_3_perubahan_desil"]);
    assert_as_from_scratch(workspace, "the SQL of a mart");

    write(
        workspace,
        "pipelines/blt_dd.toml",
        "source = \"blt_dd\"\nextends = \"daftar_program\"\ntitle = \"BLT Dana Desa\"\n\n[match]\nname = [\"blt dd\"]\n\n\
         [program]\nkode = \"BLT_DD\"\nnama = \"BLT DANA DESA\"\n",
    );
    write(
        workspace,
        "inbox/BLT DD 2020.csv",
        "NO;NAMA;NIK;NO KK;DESA;KECAMATAN\n1;SITI INVENTED;3503114203850001;;Nglebeng;Panggul\n",
    );
    let record = run(workspace, &[]);
    assert!(
        !built(&record).iter().any(|name| name.starts_with("dtks_")),
        "a program: {:?}",
        built(&record)
    );
    assert_as_from_scratch(workspace, "a program and its list");

    write(
        workspace,
        "inbox/BLT DD 2020.csv",
        "NO;NAMA;NIK;NO KK;DESA;KECAMATAN\n1;BUDI INVENTED;3503110203850002;;Nglebeng;Panggul\n",
    );
    run(workspace, &[]);
    assert_as_from_scratch(workspace, "a corrected list");

    let variants = built_in("reference/wilayah_varian.csv");
    write(
        workspace,
        "reference/wilayah_varian.csv",
        variants.trim_end().rsplit_once('\n').unwrap().0,
    );
    run(workspace, &[]);
    assert_as_from_scratch(workspace, "a reference");

    assert_eq!(run(workspace, &[])["hasil"], "unchanged");
}

#[test]
fn a_part_is_chosen_as_in_dbt_and_the_rest_catches_up_later() {
    let sample = sample();
    let folder = TempDir::new().unwrap();
    let workspace = folder.path();
    assert_eq!(bansos360(workspace, &["init"]).code, 0);
    bring(sample.path(), workspace, "3503-OKTOBER 2020.zip");
    let first = bansos360(workspace, &["run", "--select", "mart_1"]);
    assert_eq!(
        first.code, 2,
        "there is nothing to take the others from: {}",
        first.stderr
    );
    run(workspace, &[]);

    assert_eq!(
        built(&run(workspace, &["--full", "--select", "mart_3"]))[0],
        "mart_3_perubahan_desil"
    );
    let none = run(workspace, &["--select", "mart_3"]);
    assert_eq!(none["hasil"], "unchanged", "{none}");
    let wrong = bansos360(workspace, &["run", "--select", "mart_9"]);
    assert!(
        wrong.code == 2 && wrong.stderr.contains("`mart_9` fits no model"),
        "{}",
        wrong.stderr
    );

    bring(sample.path(), workspace, "ExportMstPeserta PKH (8-7-2020).xlsx");
    let behind = bansos360(workspace, &["run", "--select", "mart_1"]);
    assert!(
        behind.code == 2 && behind.stderr.contains("`digabung_bansos` is behind"),
        "{}",
        behind.stderr
    );

    let part = run(workspace, &["--select", "+mart_1", "--exclude", "mart_5"]);
    assert_eq!(part["hasil"], "published");
    let left: Value =
        serde_json::from_str(&fs::read_to_string(workspace.join("current/katalog.json")).unwrap()).unwrap();
    assert!(
        left["tertinggal"]
            .as_array()
            .unwrap()
            .contains(&Value::from("mart_5_individu")),
        "{}",
        left["tertinggal"]
    );
    assert!(marts_built(&run(workspace, &[])).contains(&"mart_5_individu".to_owned()));
    assert_as_from_scratch(workspace, "a part, then the rest");
}

#[test]
fn a_plan_tells_what_a_run_then_does_and_changes_nothing() {
    let sample = sample();
    let folder = TempDir::new().unwrap();
    let workspace = folder.path();
    assert_eq!(bansos360(workspace, &["init"]).code, 0);
    bring(sample.path(), workspace, "3503-OKTOBER 2020.zip");
    run(workspace, &[]);
    bring(sample.path(), workspace, "BNBA KPE 20K.xlsx");
    let before = listing(workspace);

    let told = bansos360(workspace, &["plan"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    for words in [
        "new",
        "BNBA KPE 20K.xlsx",
        "bantuan_sosial",
        "the files of `bantuan_sosial` have changed",
        "mart_3_perubahan_desil",
    ] {
        assert!(told.stdout.contains(words), "`{words}` is not in\n{}", told.stdout);
    }
    let plan = bansos360(workspace, &["run", "--dry-run", "--format", "json"]);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    assert_eq!(plan["hasil"], "planned");
    assert_eq!(listing(workspace), before, "a plan leaves everything as it is");

    let record = run(workspace, &[]);
    assert_eq!(built(&plan), built(&record));
    let change = &plan["perubahan"][0];
    assert_eq!(
        (&change["tabel"], &change["sekarang"]),
        (&Value::from("bantuan_sosial"), &Value::from(0))
    );
    let file = record["berkas"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["sumber"] == "kpe")
        .unwrap();
    let rows = file["disimpan"].as_i64().unwrap() + file["ganda"].as_i64().unwrap();
    assert_eq!(
        change["nanti"].as_i64().unwrap(),
        rows,
        "rows before duplicates are merged"
    );
}

/// Every file of a workspace with its size and time; the lock is nobody's result.
fn listing(workspace: &Path) -> BTreeMap<PathBuf, (u64, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![workspace.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let data = fs::symlink_metadata(&path).unwrap();
            if data.is_dir() {
                folders.push(path);
            } else if !path.ends_with(".kunci") && !path.ends_with(".pemegang") {
                found.insert(path, (data.len(), data.modified().unwrap()));
            }
        }
    }
    found
}

#[test]
fn a_run_with_nothing_new_reads_no_file_and_writes_only_its_record() {
    let sample = sample();
    let raw = sample.path().join("raw");
    for path in fs::read_dir(&raw).unwrap().map(|entry| entry.unwrap().path()) {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_mins(10)).unwrap();
    }
    let folder = TempDir::new().unwrap();
    let workspace = folder.path();
    let raw_text = raw.to_str().unwrap();
    run(workspace, &[raw_text]);
    let before = listing(workspace);

    // What is not opened cannot be missed: the bytes change and size, time and inode do not.
    let list = raw.join("BNBA KPE 20K.xlsx");
    let time = fs::metadata(&list).unwrap().modified().unwrap();
    let size = fs::metadata(&list).unwrap().len() as usize;
    let file = fs::File::options().write(true).open(&list).unwrap();
    std::io::Write::write_all(&mut &file, &vec![b'x'; size]).unwrap();
    file.set_modified(time).unwrap();
    let record = run(workspace, &[raw_text]);
    assert_eq!(record["hasil"], "unchanged");
    let mut after = listing(workspace);
    after.retain(|path, _| !before.contains_key(path));
    let is_record = |path: &PathBuf| path.parent() == Some(workspace.join("runs").as_path());
    assert!(
        after.keys().all(is_record),
        "only the record and its log are new: {after:?}"
    );
    assert!(!after.is_empty());
    for step in ["ingest", "stage", "model", "test", "publish"] {
        assert!(
            record["dilewati"][step].is_string(),
            "why {step} was skipped: {}",
            record["dilewati"]
        );
    }
    assert!(
        before
            .iter()
            .all(|(path, state)| listing(workspace).get(path) == Some(state)),
        "nothing else is written"
    );

    let thorough = bansos360(workspace, &["run", "--teliti", raw_text]);
    assert_eq!(thorough.code, 3, "what it is now is no list: {}", thorough.stderr);
    assert!(
        thorough.stderr.contains("BNBA KPE 20K.xlsx"),
        "hashed again: {}",
        thorough.stderr
    );

    fs::remove_file(raw.join("BNBA TL THP 3.xlsx")).unwrap();
    let missing = run(workspace, &[raw_text]);
    let told = missing["berkas_masuk"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["hasil"] == "hilang");
    assert_eq!(told.unwrap()["nama"], "BNBA TL THP 3.xlsx");
}
