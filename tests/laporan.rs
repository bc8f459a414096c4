//! Through the binary: the quality report of a release, the list of findings, and the trace of a mart row.

use assert_cmd::Command;
use duckdb::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A workspace with the committed sample, built once for all tests here; none of them changes it.
fn built() -> &'static Path {
    static BUILT: OnceLock<TempDir> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let (code, _, stderr) = bansos360(folder.path(), &["run", root("sample_data/raw").to_str().unwrap()]);
        assert_eq!(code, 0, "{stderr}");
        folder
    });
    folder.path()
}

fn bansos360(workspace: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    let output = command
        .args(arguments)
        .arg("--workspace")
        .arg(workspace)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

fn query(sql: &str) -> Vec<Vec<String>> {
    let connection = Connection::open_in_memory().unwrap();
    let mut statement = connection
        .prepare(&format!("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})"))
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let width = row.as_ref().column_count();
        let cell = |column| row.get::<_, Option<String>>(column).unwrap().unwrap_or_default();
        found.push((0..width).map(cell).collect());
    }
    found
}

fn mart(name: &str) -> String {
    format!("'{}'", built().join(format!("current/marts/{name}.parquet")).display())
}

/// NIK, KK numbers and names of everybody in the sample.
fn people() -> (BTreeSet<String>, BTreeSet<String>) {
    let truth = root("sample_data/truth");
    let one = |pattern: &str, column: &str| -> BTreeSet<String> {
        let sql = format!(
            "SELECT DISTINCT {column} FROM '{}/{pattern}' WHERE {column} IS NOT NULL",
            truth.display()
        );
        query(&sql).into_iter().flatten().collect()
    };
    let (mut numbers, mut names) = (BTreeSet::new(), BTreeSet::new());
    for pattern in ["dtks_art/*.parquet", "bantuan_sosial/*.parquet"] {
        numbers.extend(one(pattern, "nik"));
        numbers.extend(one(pattern, "no_kk"));
        names.extend(one(pattern, "nama"));
    }
    (numbers, names)
}

/// Words of a text one after the other, so that whole names can be looked up.
fn pairs(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric() && !"'.".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).map(|pair| pair.join(" ").to_uppercase()).collect()
}

fn names_nobody(what: &str, text: &str) {
    let (numbers, names) = people();
    assert!(numbers.len() > 1_000 && names.len() > 500);
    let found: BTreeSet<&str> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| digits.len() == 16)
        .collect();
    assert!(
        found.iter().all(|digits| !numbers.contains(*digits)),
        "{what} holds an identity number"
    );
    let pairs = pairs(text);
    let leaked = names
        .iter()
        .filter(|name| name.split_whitespace().count() == 2)
        .filter(|name| pairs.contains(&name.to_uppercase()))
        .count();
    assert_eq!(leaked, 0, "{what} holds names");
}

#[test]
fn the_quality_report_is_whole_and_names_nobody() {
    let release = built().join("current");
    let json = fs::read_to_string(release.join("kualitas.json")).unwrap();
    let html = fs::read_to_string(release.join("kualitas.html")).unwrap();
    let quality: serde_json::Value = serde_json::from_str(&json).unwrap();
    for line in quality["sumber"].as_array().unwrap() {
        let rows = |name: &str| line[name].as_i64().unwrap();
        assert_eq!(
            rows("dibaca"),
            rows("disimpan") + rows("ganda") + rows("karantina") + rows("dilewati"),
            "{line}"
        );
    }
    let by_source: i64 = quality["sumber"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["galat"].as_i64().unwrap())
        .sum();
    assert_eq!(by_source, quality["temuan"]["GALAT"].as_i64().unwrap());
    let recipients = quality["status_nik"].as_array().unwrap();
    let pkh = recipients.iter().find(|line| line["sumber"] == "PKH").unwrap();
    let counted: i64 = pkh["jumlah"]
        .as_object()
        .unwrap()
        .values()
        .map(|rows| rows.as_i64().unwrap())
        .sum();
    let kept: i64 = quality["sumber"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["sumber"] == "pkh")
        .unwrap()["disimpan"]
        .as_i64()
        .unwrap();
    assert_eq!(counted, kept);
    assert!(quality["wilayah"].as_array().unwrap().len() > 100);
    assert!(html.contains("<html lang=\"id\">") && html.contains("Yang perlu ditindaklanjuti"));
    assert!(!html.contains("http") && !html.contains("<script"), "self-contained");
    names_nobody("kualitas.json", &json);
    names_nobody("kualitas.html", &html);
}

#[test]
fn the_next_report_tells_what_changed() {
    let workspace = TempDir::new().unwrap();
    let raw = root("sample_data/raw");
    let list = raw.join("BNBA TL THP 3.xlsx");
    let first = raw.join("3503-OKTOBER 2020.zip");
    assert_eq!(bansos360(workspace.path(), &["run", first.to_str().unwrap()]).0, 0);
    assert_eq!(bansos360(workspace.path(), &["run", list.to_str().unwrap()]).0, 0);
    let json = fs::read_to_string(workspace.path().join("current/kualitas.json")).unwrap();
    let quality: serde_json::Value = serde_json::from_str(&json).unwrap();
    let changes = &quality["perubahan"];
    assert_eq!(changes["berkas_baru"][0], "BNBA TL THP 3.xlsx");
    let marts = changes["mart"].as_array().unwrap();
    let recipients = marts.iter().find(|change| change["nama"] == "mart_1_kpm").unwrap();
    assert_eq!(recipients["sebelum"], 0);
    assert!(recipients["sekarang"].as_i64().unwrap() > 400);
    let html = fs::read_to_string(workspace.path().join("current/kualitas.html")).unwrap();
    assert!(html.contains("Berkas baru"));
}

#[test]
fn findings_are_listed_by_rule_and_place() {
    let (code, text, _) = bansos360(built(), &["temuan", "--batas", "3"]);
    assert_eq!(code, 0);
    assert!(
        text.contains("NIK_PANJANG_SALAH") && text.contains("file:line"),
        "{text}"
    );
    let (_, json, _) = bansos360(
        built(),
        &[
            "temuan",
            "--format",
            "json",
            "--kecamatan",
            "Panggul",
            "--tingkat",
            "peringatan",
        ],
    );
    let found: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|row| row["kecamatan"] == "PANGGUL" && row["tingkat"] == "PERINGATAN")
    );
    assert!(found.iter().all(|row| row["baris"].as_i64().unwrap() > 0));
    let (code, _, stderr) = bansos360(built(), &["temuan", "--desa", "ATLANTIS"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("ATLANTIS"), "{stderr}");
}

#[test]
fn what_nobody_knows_is_a_slip_and_not_nothing() {
    for (arguments, words) in [
        (["--aturan", "NIK_PANJANG"], "no rule `NIK_PANJANG`"),
        (["--sumber", "bts"], "there are bst, disabilitas"),
        (["--desa", "Atlantis"], "no desa `Atlantis`"),
    ] {
        let (code, _, stderr) = bansos360(built(), &["temuan", arguments[0], arguments[1]]);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
}

#[test]
fn changed_levels_count_in_record_and_report() {
    let folder = TempDir::new().unwrap();
    assert_eq!(bansos360(folder.path(), &["init"]).0, 0);
    let levels = "[temuan.tingkat]\nNIK_PANJANG_SALAH = \"INFO\"\nBARIS_GANDA_DAFTAR = \"GALAT\"\n";
    fs::write(folder.path().join("bansos360.toml"), levels).unwrap();
    let list = folder.path().join("BNBA TL THP 1.csv");
    let rows = "NO,NAMA,NIK,DESA,KECAMATAN\n1,SITI,35030112,NGLEBENG,PANGGUL\n\
                2,BUDI,3503011203850001,NGLEBENG,PANGGUL\n2,BUDI,3503011203850001,NGLEBENG,PANGGUL\n";
    fs::write(&list, rows).unwrap();
    let run = [
        "run",
        "--format",
        "json",
        "--as-of",
        "2020-12-31",
        list.to_str().unwrap(),
    ];
    let (code, record, stderr) = bansos360(folder.path(), &run);
    assert_eq!(code, 0, "{stderr}");
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let levels = serde_json::json!({ "GALAT": 1, "INFO": 1 });
    assert_eq!(record["berkas"][0]["temuan"], levels);
    assert_eq!(record["temuan"], levels);
    let report = fs::read_to_string(folder.path().join("current/kualitas.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["temuan"], levels);
    assert_eq!(report["aturan"][0]["aturan"], "BARIS_GANDA_DAFTAR");
    assert_eq!(
        (&report["sumber"][0]["galat"], &report["sumber"][0]["peringatan"]),
        (&1.into(), &0.into())
    );
}

#[test]
fn findings_go_to_csv_and_a_sheet_for_each_desa() {
    let folder = TempDir::new().unwrap();
    let (csv, xlsx) = (folder.path().join("t.csv"), folder.path().join("t.xlsx"));
    let arguments = [
        "temuan",
        "--csv",
        csv.to_str().unwrap(),
        "--xlsx",
        xlsx.to_str().unwrap(),
        "--per-desa",
    ];
    let (code, stdout, stderr) = bansos360(built(), &arguments);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    let text = fs::read_to_string(&csv).unwrap();
    names_nobody("the CSV of findings", &text);
    let rows = csv::Reader::from_reader(text.as_bytes()).into_records().count();
    let mut book = calamine::open_workbook_auto(&xlsx).unwrap();
    let sheets = calamine::Reader::worksheets(&mut book);
    assert!(sheets.len() > 50);
    let on_sheets: usize = sheets.iter().map(|(_, range)| range.height() - 1).sum();
    assert_eq!(on_sheets, rows);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&xlsx).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_recipient_is_traced_to_its_line() {
    let sql = format!(
        "SELECT id_kpm, nik, nama FROM {} WHERE ditemukan_di_dtks AND kode_program = 'BST' ORDER BY id_kpm LIMIT 1",
        mart("mart_1_kpm")
    );
    let row = query(&sql).remove(0);
    let (code, json, stderr) = bansos360(built(), &["telusur", "mart_1_kpm", &row[0], "--format", "json"]);
    assert_eq!(code, 0, "{stderr}");
    names_nobody("a masked trace", &json);
    let trace: serde_json::Value = serde_json::from_str(&json).unwrap();
    let first = &trace["asal"][0];
    assert_eq!(first["berkas"], "BNBA TL THP 3.xlsx");
    assert!(first["nomor_baris"].as_i64().unwrap() > 1 && first["waktu_masuk"].as_str().unwrap().len() > 10);
    let models = trace["asal_menurut_peran"][0]["model"].as_array().unwrap();
    assert!(models.iter().any(|model| model == "int_bansos_berlaku"));
    let (_, json, _) = bansos360(
        built(),
        &["telusur", "1", &row[0], "--tampilkan-data-pribadi", "--format", "json"],
    );
    let trace: serde_json::Value = serde_json::from_str(&json).unwrap();
    let cells = trace["asal"][0]["isi"].as_array().unwrap();
    let value = |column: &str| {
        cells.iter().find(|cell| cell["kolom"] == column).unwrap()["nilai"]
            .as_str()
            .unwrap()
    };
    let digits: String = value("nik").chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, row[1], "the line is the right one");
}

/// The truth says which line was merged, and into which: the generator writes a copy right below its row.
#[test]
fn a_trace_shows_the_rows_that_were_merged() {
    let truth = root("sample_data/truth");
    let sql = format!(
        "SELECT d.baris, s.baris, s.id_dtks FROM '{0}/dtks_rt/okt20.parquet' AS d INNER JOIN '{0}/dtks_rt/okt20.parquet' AS s \
         ON s.id_dtks = d.id_dtks AND s.nasib = 'simpan' WHERE d.nasib = 'duplikat' ORDER BY d.baris",
        truth.display()
    );
    let merged = query(&sql);
    assert!(merged.len() > 1, "{merged:?}");
    for row in merged {
        let (code, json, stderr) = bansos360(built(), &["telusur", "6", &row[2], "2020-10", "--format", "json"]);
        assert_eq!(code, 0, "{stderr}");
        let trace: serde_json::Value = serde_json::from_str(&json).unwrap();
        let origins = trace["asal"].as_array().unwrap();
        let found = origins
            .iter()
            .find(|origin| origin["peran"] == "rumah tangga, digabung")
            .unwrap();
        assert_eq!(found["nomor_baris"].to_string(), row[0]);
        assert_eq!(found["digabung_ke"]["nomor_baris"].to_string(), row[1]);
        assert_eq!(found["digabung_ke"]["berkas"], "3503_RT.csv");
        assert!(!found["isi"].as_array().unwrap().is_empty(), "its raw cells, too");
        let (_, text, _) = bansos360(built(), &["telusur", "6", &row[2], "2020-10"]);
        assert!(
            text.contains(&format!("merged into 3503_RT.csv, line {}", row[1])),
            "{text}"
        );
    }
}

#[test]
fn rows_of_every_mart_are_traced() {
    for (name, key) in [
        ("mart_2_perbandingan_dtks", "periode, kode_desa"),
        ("mart_3_perubahan_desil", "periode_awal, periode_akhir, id_dtks"),
        ("mart_4_usulan_penetapan", "periode, coalesce(id_art, nik)"),
        ("mart_5_individu", "id_art, periode"),
        ("mart_6_rumah_tangga", "id_dtks, periode"),
        ("mart_7_segmentasi", "id_dtks"),
        ("mart_8_disabilitas", "id_disabilitas"),
    ] {
        let row = query(&format!(
            "SELECT {key} FROM {} WHERE coalesce({key}) IS NOT NULL LIMIT 1 OFFSET 20",
            mart(name)
        ))
        .remove(0);
        let mut arguments = vec!["telusur", name];
        arguments.extend(row.iter().map(String::as_str));
        let (code, text, stderr) = bansos360(built(), &arguments);
        assert_eq!(code, 0, "{name}: {stderr}");
        assert!(text.contains(", line ") && text.contains("sha256"), "{name}: {text}");
        assert!(!text.contains("no longer in the lake"), "{name}");
    }
    let (code, _, stderr) = bansos360(built(), &["telusur", "mart_8_disabilitas", "nobody"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("has no row with this key"), "{stderr}");
}
