//! Data tests and the levels of findings, through the binary: what keeps a release back, and what is only told.

use bansos360::sample::{SampleOptions, generate};
use bansos360::temuan::{Level, rule};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The latest delivery of the committed sample, alone.
const DELIVERY: &str = "3503-OKTOBER 2020.zip";

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn delivery() -> PathBuf {
    root("sample_data/raw").join(DELIVERY)
}

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

fn run(workspace: &Path, path: &Path) -> Ended {
    bansos360(workspace, &["run", path.to_str().unwrap()])
}

/// A workspace with one delivery published.
fn published() -> TempDir {
    let workspace = TempDir::new().unwrap();
    let ended = run(workspace.path(), &delivery());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    workspace
}

fn current(workspace: &Path) -> PathBuf {
    fs::read_link(workspace.join("current")).unwrap()
}

fn write(workspace: &Path, path: &str, text: &str) {
    let path = workspace.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn latest_record(workspace: &Path) -> serde_json::Value {
    let mut names: Vec<PathBuf> = fs::read_dir(workspace.join("runs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    names.sort();
    serde_json::from_str(&fs::read_to_string(names.last().unwrap()).unwrap()).unwrap()
}

/// Rows of one column of text from the current warehouse.
fn query(workspace: &Path, sql: &str) -> Vec<String> {
    let connection = duckdb::Connection::open(workspace.join("current/warehouse.duckdb")).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The same delivery with this share of the lines of each file.
fn shortened(folder: &Path, share: f64) -> PathBuf {
    let mut zip = zip::ZipArchive::new(fs::File::open(delivery()).unwrap()).unwrap();
    let path = folder.join(DELIVERY);
    let mut out = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).unwrap();
        if member.is_dir() {
            continue;
        }
        let name = member.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let kept = (lines.len() as f64 * share) as usize;
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&lines[..kept].concat()).unwrap();
    }
    out.finish().unwrap();
    path
}

#[test]
fn every_test_is_recorded_with_what_was_measured() {
    let workspace = published();
    let record = latest_record(workspace.path());
    let tests = record["uji"].as_array().unwrap();
    let find = |name: &str| tests.iter().find(|test| test["uji"] == name).cloned().unwrap();
    let unique = find("dtks_rt.kunci_unik");
    assert_eq!(
        (unique["terukur"].as_f64(), unique["hasil"].as_str()),
        (Some(0.0), Some("lulus"))
    );
    assert_eq!(find("mart_6_rumah_tangga.volume")["hasil"], "dilewati");
    assert_eq!(find("temuan_berkatalog")["hasil"], "lulus");
    assert!(
        tests
            .iter()
            .any(|test| test["jenis"] == "neraca" && test["hasil"] == "lulus")
    );
    for kind in ["not_null", "unique", "accepted_values", "relationships", "row_count"] {
        assert!(tests.iter().any(|test| test["jenis"] == kind), "{kind}");
    }
    let katalog = fs::read_to_string(workspace.path().join("current/katalog.json")).unwrap();
    let katalog: serde_json::Value = serde_json::from_str(&katalog).unwrap();
    assert_eq!(katalog["uji"], record["uji"]);
}

#[test]
fn a_failing_query_keeps_the_release_back() {
    let workspace = published();
    let before = current(workspace.path());
    write(
        workspace.path(),
        "sql/tests/tanpa_laki_laki.sql",
        "-- Tidak ada laki-laki\n-- tingkat: galat\nSELECT periode, id_art, nama FROM mart_5_individu WHERE jenis_kelamin = 'LAKI-LAKI';\n",
    );
    let ended = run(workspace.path(), &delivery());
    assert_eq!(ended.code, 4, "{}", ended.stdout);
    assert!(ended.stderr.contains("tanpa_laki_laki"), "{}", ended.stderr);
    // Examples tell where to look, and no personal value.
    assert!(
        ended.stderr.contains("periode=2020-10 id_art=*** nama=***"),
        "{}",
        ended.stderr
    );
    assert_eq!(current(workspace.path()), before);
    let record = latest_record(workspace.path());
    assert_eq!(record["hasil"], "kept_back");
    let test = record["uji"]
        .as_array()
        .unwrap()
        .iter()
        .find(|test| test["uji"] == "tanpa_laki_laki");
    assert!(test.unwrap()["terukur"].as_f64().unwrap() > 100.0);

    // The same test on the release that is there: asked, not changed.
    let junit = workspace.path().join("uji.xml");
    let asked = bansos360(
        workspace.path(),
        &[
            "test",
            "--select",
            "tanpa_laki_laki",
            "umur_masuk_akal",
            "--junit",
            junit.to_str().unwrap(),
        ],
    );
    assert_eq!(asked.code, 4, "{}", asked.stderr);
    assert!(
        asked.stdout.contains("1 passed, 0 warned, 1 failed"),
        "{}",
        asked.stdout
    );
    let failures = elements(&fs::read_to_string(junit).unwrap());
    assert_eq!(
        failures,
        [
            "testsuites",
            "testsuite",
            "testcase",
            "failure",
            "testcase",
            "system-out"
        ]
    );

    // As a warning it lets the release pass.
    write(
        workspace.path(),
        "bansos360.toml",
        "[uji.tingkat]\ntanpa_laki_laki = \"peringatan\"\n",
    );
    let ended = run(workspace.path(), &delivery());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("PERINGATAN") && ended.stdout.contains("tanpa_laki_laki"),
        "{}",
        ended.stdout
    );
    assert_ne!(current(workspace.path()), before);
}

/// The names of the elements of well-formed XML, in their order.
fn elements(xml: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                names.push(tag.name().as_ref().to_owned());
            }
            Event::Eof => return names,
            _ => {}
        }
    }
}

#[test]
fn a_mart_that_lost_rows_keeps_the_release_back() {
    let workspace = published();
    let before = current(workspace.path());
    let folder = TempDir::new().unwrap();
    let half = shortened(folder.path(), 0.5);
    let ended = run(workspace.path(), &half);
    assert_eq!(ended.code, 4, "{}", ended.stdout);
    assert!(ended.stderr.contains("mart_6_rumah_tangga.volume"), "{}", ended.stderr);
    assert_eq!(current(workspace.path()), before);

    write(workspace.path(), "bansos360.toml", "[uji]\nmax_turun = 0.6\n");
    let ended = run(workspace.path(), &half);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_ne!(current(workspace.path()), before);
    let again = bansos360(workspace.path(), &["test", "--select", "volume"]);
    assert_eq!(again.code, 0, "{}", again.stdout);
    assert!(again.stdout.contains("pada rilis"), "{}", again.stdout);
}

#[test]
fn what_is_typed_wrong_is_told() {
    let workspace = published();
    let unknown = bansos360(workspace.path(), &["test", "--select", "tidak_ada"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("tidak_ada"), "{}", unknown.stderr);
    write(
        workspace.path(),
        "sql/tests/salah.sql",
        "-- Salah tulis\nSELECT kolom_lain FROM dtks_rt\n",
    );
    let wrong = bansos360(workspace.path(), &["test", "--select", "salah"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    assert!(
        wrong.stderr.contains("tests/salah") && wrong.stderr.contains("kolom_lain"),
        "{}",
        wrong.stderr
    );
    write(workspace.path(), "sql/tests/salah.sql", "SELECT 1\n");
    assert_eq!(run(workspace.path(), &delivery()).code, 2);
    let empty = TempDir::new().unwrap();
    bansos360(empty.path(), &["init"]);
    let nothing = bansos360(empty.path(), &["test"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.stderr.contains("published nothing"), "{}", nothing.stderr);
}

#[test]
fn levels_of_findings_are_changed_and_own_rules_join() {
    let workspace = TempDir::new().unwrap();
    write(
        workspace.path(),
        "bansos360.toml",
        "[temuan.tingkat]\nNIK_PANJANG_SALAH = \"INFO\"\nKRT_TIDAK_ADA = \"PERINGATAN\"\n",
    );
    write(
        workspace.path(),
        "sql/temuan/rumah_besar.sql",
        "SELECT id_berkas, lembar, nomor_baris, 'luas_lantai' AS kolom, 'RUMAH_BESAR' AS aturan, 'PERINGATAN' AS tingkat,\n\
         CAST(luas_lantai AS VARCHAR) AS nilai, 'Rumah besar' AS pesan, CAST(1 AS BIGINT) AS jumlah\n\
         FROM dtks_rt WHERE luas_lantai > 70\n",
    );
    write(
        workspace.path(),
        "sql/temuan/rumah_besar.toml",
        "grain = \"one row per household\"\nmaterialized = \"temuan\"\ndescription = \"Rumah yang sangat besar\"\n",
    );
    let ended = run(workspace.path(), &delivery());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let told = query(
        workspace.path(),
        "SELECT DISTINCT aturan || ' ' || tingkat || ' ' || (nomor_baris IS NULL) FROM kualitas_temuan \
         WHERE aturan IN ('NIK_PANJANG_SALAH', 'KRT_TIDAK_ADA', 'RUMAH_BESAR') ORDER BY 1",
    );
    assert!(told.contains(&"NIK_PANJANG_SALAH INFO true".to_owned()), "{told:?}");
    assert!(
        !told.iter().any(|line| line.starts_with("NIK_PANJANG_SALAH PERINGATAN")),
        "{told:?}"
    );
    assert!(
        !told.iter().any(|line| line.starts_with("KRT_TIDAK_ADA INFO")),
        "{told:?}"
    );
    let own = query(
        workspace.path(),
        "SELECT arti FROM ref_aturan_temuan WHERE id = 'RUMAH_BESAR'",
    );
    assert_eq!(own, ["Rumah yang sangat besar"]);

    write(
        workspace.path(),
        "bansos360.toml",
        "[temuan.tingkat]\nNIK_PENDEK = \"INFO\"\n",
    );
    let wrong = run(workspace.path(), &delivery());
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("NIK_PENDEK"), "{}", wrong.stderr);
}

#[test]
fn every_model_of_findings_is_in_the_catalogue_and_has_a_case() {
    for entry in fs::read_dir(root("sql/temuan")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "sql") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let id = name.to_uppercase();
        let found = rule(&id).unwrap_or_else(|| panic!("{id} is not in src/temuan/rules_tables.rs"));
        let sql = fs::read_to_string(&path).unwrap();
        assert!(sql.contains(&format!("'{id}' AS aturan")), "{name}");
        assert!(
            sql.contains(&format!("'{}' AS tingkat", found.level.as_str())),
            "level of {name}"
        );
        let cases = fs::read_dir(root("tests/models").join(&name)).map_or(0, Iterator::count);
        assert!(cases > 0, "no case under tests/models/{name}");
    }
}

/// Clean files give no finding that a person must look at, but for what is planted whatever the dirt: families with two
/// cards, recipients who have died, numbers typed into cells of numbers, and disabilities that nobody has judged yet.
#[test]
fn clean_files_have_no_false_findings() {
    let folder = TempDir::new().unwrap();
    let options = SampleOptions {
        rumah_tangga: 300,
        seed: 11,
        out: folder.path().join("sampel"),
        kotor: 0.0,
        ..SampleOptions::default()
    };
    generate(&options).unwrap();
    let workspace = folder.path().join("ws");
    let ended = run(&workspace, &folder.path().join("sampel/raw"));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let found = query(
        &workspace,
        "SELECT aturan || ' ' || CAST(sum(jumlah) AS VARCHAR) FROM kualitas_temuan WHERE tingkat <> 'INFO' GROUP BY aturan ORDER BY aturan",
    );
    let planted = [
        "KK_PRESISI_HILANG",
        "NIK_PRESISI_HILANG",
        "PENERIMA_MENINGGAL_PINDAH",
        "RAGAM_TIDAK_DIKENAL",
        "SEMBAKO_GANDA_KELUARGA",
    ];
    let others: Vec<_> = found
        .iter()
        .filter(|line| !planted.contains(&line.split(' ').next().unwrap_or("")))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(
        rule("SEMBAKO_GANDA_KELUARGA").map(|rule| rule.level),
        Some(Level::Peringatan)
    );
}
