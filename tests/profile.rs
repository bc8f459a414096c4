//! `bansos360 profile` through the binary: exact figures on small files, and nobody's data in what it prints.

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

fn bansos360(arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .args(arguments)
        .env_remove("BANSOS360_WORKSPACE")
        .output()
        .unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn json(arguments: &[&str]) -> Value {
    let mut all = vec!["profile", "--format", "json"];
    all.extend(arguments);
    let ended = bansos360(&all);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

fn column<'v>(profile: &'v Value, name: &str) -> &'v Value {
    let columns = profile["tabel"][0]["kolom"].as_array().unwrap();
    columns.iter().find(|column| column["nama"] == name).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A workspace with the sample in it.
fn workspace() -> TempDir {
    let folder = TempDir::new().unwrap();
    let ended = bansos360(&[
        "run",
        "--quiet",
        "--workspace",
        folder.path().to_str().unwrap(),
        root().join("sample_data/raw").to_str().unwrap(),
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    folder
}

#[test]
fn numbers_have_exact_figures() {
    let folder = TempDir::new().unwrap();
    // 1 to 19, and one value far away.
    let mut text = String::from("luas;catatan\n");
    for number in 1..=19 {
        text.push_str(&format!("{number};-\n"));
    }
    text.push_str("100; \n");
    let profile = json(&[&file(&folder, "ukur.csv", &text)]);
    let table = &profile["tabel"][0];
    assert_eq!(
        (&table["baris"], &table["baris_judul"]),
        (&Value::from(20), &Value::from(1))
    );
    let luas = column(&profile, "luas");
    assert_eq!(luas["tipe"], "bilangan_bulat");
    assert_eq!(
        (&luas["terisi"], &luas["kosong"], &luas["berbeda"]),
        (&20.into(), &0.into(), &20.into())
    );
    let spread = &luas["ukuran"]["sebaran"];
    for (name, figure) in [
        ("min", 1.0),
        ("p5", 1.95),
        ("p25", 5.75),
        ("median", 10.5),
        ("p75", 15.25),
        ("p95", 23.05),
        ("maks", 100.0),
        ("rata_rata", 14.5),
        ("simpangan_baku", 20.856_653_6),
    ] {
        let found = spread[name].as_f64().unwrap();
        assert!((found - figure).abs() < 1e-6, "{name}: {found}");
    }
    // Quartiles 5.75 and 15.25: the fences are -8.5 and 29.5.
    let outliers = &luas["ukuran"]["pencilan"];
    assert_eq!((&outliers["bawah"], &outliers["atas"]), (&0.into(), &1.into()));
    assert_eq!(
        (&outliers["batas_bawah"], &outliers["batas_atas"]),
        (&(-8.5).into(), &29.5.into())
    );
    let steps = luas["ukuran"]["histogram"].as_array().unwrap();
    let counts: Vec<u64> = steps.iter().map(|step| step["jumlah"].as_u64().unwrap()).collect();
    assert_eq!(counts, [9, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let notes = column(&profile, "catatan");
    assert_eq!((&notes["tipe"], &notes["kosong"]), (&"kosong".into(), &20.into()));
    assert_eq!(notes["kata_kosong"]["-"], 19);
}

#[test]
fn gaps_repeats_and_their_correlation_are_exact() {
    let folder = TempDir::new().unwrap();
    // Ten rows: `a` is missing in 4, `b` in 5, both in 3. Rows 1 and 2 are one row, and rows 8 to 10.
    let text = "kode a,kode b,warna\n,,merah\n,N/A,merah\n-,,biru\n,1,biru\n1,null,biru\n2,,merah\n3,4,merah\n4,5,biru\n4,5,biru\n4,5,biru\n";
    let profile = json(&[&file(&folder, "kosong.csv", text)]);
    let table = &profile["tabel"][0];
    assert_eq!((&table["baris"], &table["baris_ganda"]), (&10.into(), &3.into()));
    let pair = &table["korelasi_kosong"][0];
    assert_eq!(
        (&pair["kolom_a"], &pair["kolom_b"]),
        (&"kode a".into(), &"kode b".into())
    );
    assert_eq!((&pair["phi"], &pair["kosong_bersama"]), (&0.4082.into(), &3.into()));
    let first = column(&profile, "kode a");
    assert_eq!(
        (&first["terisi"], &first["berbeda"], &first["ganda"]),
        (&6.into(), &4.into(), &2.into())
    );
    assert_eq!(first["tersering"], serde_json::json!([{"nilai": "4", "jumlah": 3}]));
    let colours = column(&profile, "warna");
    assert_eq!(
        colours["tersering"],
        serde_json::json!([{"nilai": "biru", "jumlah": 6}, {"nilai": "merah", "jumlah": 4}])
    );
}

const PEOPLE: &str = "NIK;NAMA;Tgl Lahir;Pewaris\n3503110203850001;SITI AMINAH;14/03/1985;RUBIYEM\n\
    3503110203850001;SITI AMINAH;02/03/1985;RUBIYEM\n'3503110203850003;SUTRISNO;02/11/1999;SUKIR\n;;;\n";

#[test]
fn personal_columns_show_patterns_and_counts() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "orang.csv", PEOPLE);
    let profile = json(&[&path]);
    let nik = column(&profile, "NIK");
    assert_eq!(
        (&nik["tipe"], &nik["kelas"]),
        (&"nomor_16_angka".into(), &"pribadi".into())
    );
    assert_eq!(
        nik["pola"],
        serde_json::json!([{"pola": "9{16}", "jumlah": 2}, {"pola": "'9{16}", "jumlah": 1}])
    );
    assert_eq!(nik["tersering"], serde_json::json!([{"pola": "9{16}", "jumlah": 2}]));
    assert_eq!(nik["panjang"]["sebaran"], serde_json::json!([[16, 2], [17, 1]]));
    let born = column(&profile, "Tgl Lahir");
    assert_eq!(
        (&born["tipe"], &born["ukuran"]["terbaca"]),
        (&"tanggal".into(), &3.into())
    );
    assert!(born["ukuran"].get("sebaran").is_none() && born["ukuran"].get("histogram").is_none());
    for arguments in [vec!["profile", &path], vec!["profile", "--format", "json", &path]] {
        let shown = bansos360(&arguments).stdout;
        for word in ["3503110203850", "SITI", "SUTRISNO", "RUBIYEM", "1985", "1999"] {
            assert!(!shown.contains(word), "{word} in {shown}");
        }
    }
}

#[test]
fn the_flag_shows_values() {
    let folder = TempDir::new().unwrap();
    let profile = json(&[&file(&folder, "orang.csv", PEOPLE), "--tampilkan-data-pribadi"]);
    assert_eq!(
        column(&profile, "NIK")["tersering"],
        serde_json::json!([{"nilai": "3503110203850001", "jumlah": 2}])
    );
    // The 14th of March tells that the day stands first.
    let born = &column(&profile, "Tgl Lahir")["ukuran"]["sebaran"];
    assert_eq!(
        (&born["min"], &born["maks"]),
        (&"1985-03-02".into(), &"1999-11-02".into())
    );
    assert_eq!(born["median"], "1985-03-14");
}

#[test]
fn an_identity_number_is_seen_in_any_column() {
    let folder = TempDir::new().unwrap();
    let mut text = String::from("sebab;jumlah\n");
    text.push_str(&"pindah 3503110203850001;1\n".repeat(8));
    text.push_str("meninggal;3503110203850001\n");
    let path = file(&folder, "lain.csv", &text);
    for format in ["text", "json"] {
        let shown = bansos360(&["profile", "--format", format, &path]).stdout;
        assert!(
            !shown.contains("3503110203850001") && !shown.contains("3.503."),
            "{shown}"
        );
    }
}

#[test]
fn files_of_any_shape_are_profiled() {
    let folder = TempDir::new().unwrap();
    let odd = "\"x\"\"); DROP TABLE t; --\",a'b,<script>\n1,2,3\n1,2,3\n1,2\n";
    let profile = json(&[&file(&folder, "aneh.csv", odd)]);
    let table = &profile["tabel"][0];
    assert_eq!(
        (&table["baris"], &table["baris_rusak"], &table["baris_ganda"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert_eq!(table["kolom"][0]["nama"], "x\"); DROP TABLE t; --");
    let bare = json(&[&file(&folder, "tanpa-judul.csv", "1;10\n2;20\n3;30\n")]);
    assert_eq!(
        (&bare["tabel"][0]["baris"], &bare["tabel"][0]["kolom"][1]["nama"]),
        (&3.into(), &"kolom 2".into())
    );
    for text in ["", "\n\n", "satu\n"] {
        let ended = bansos360(&["profile", &file(&folder, "kecil.csv", text)]);
        assert!([0, 3].contains(&ended.code), "{text:?}: {}", ended.stderr);
    }
    let page = bansos360(&["profile", &file(&folder, "unduhan.xls", "<html><table></table></html>")]);
    assert_eq!(page.code, 3);
    assert!(page.stderr.contains("E0201"), "{}", page.stderr);
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() {
    let ended = bansos360(&["profile", "tidak-ada.csv"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("give `--workspace DIR`"), "{}", ended.stderr);
    let folder = workspace();
    let workspace = folder.path().to_str().unwrap();
    let ended = bansos360(&["profile", "mart_1_kpn", "--workspace", workspace]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("did you mean `mart_1_kpm`?"), "{}", ended.stderr);
}

#[test]
fn the_page_is_whole_closed_to_others_and_says_the_same() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "orang.csv", PEOPLE);
    let page = folder.path().join("profil.html");
    let ended = bansos360(&["profile", &path, "--html", page.to_str().unwrap()]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, ""), "{}", ended.stderr);
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    assert!(html.contains("<html lang=\"id\">") && html.contains("<svg") && html.contains("9{16}"));
    for outside in ["http:", "https:", "src=", "<script", "url(", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    for word in ["3503110203850", "SITI", "SUTRISNO", "RUBIYEM", "1985"] {
        assert!(!html.contains(word), "{word}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// Every NIK, KK and name of the truth; single words that are places or codes too (`BAGUS`), or too short to tell, are left out.
fn people() -> (BTreeSet<String>, BTreeSet<String>) {
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let mut numbers = BTreeSet::new();
    let mut names = BTreeSet::new();
    for pattern in ["dtks_art/*", "dtks_rt/*", "bantuan_sosial/*", "disabilitas", "usulan"] {
        let path = root().join(format!("sample_data/truth/{pattern}.parquet"));
        let from = format!("read_parquet('{}', union_by_name = true)", path.display());
        for column in ["nik", "no_kk", "nama", "nama_krt", "nama_pengusul"] {
            let sql = format!("SELECT DISTINCT {column} FROM {from} WHERE {column} IS NOT NULL");
            let Ok(mut statement) = connection.prepare(&sql) else {
                continue;
            };
            let values = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
            let set = if column.starts_with("nama") {
                &mut names
            } else {
                &mut numbers
            };
            set.extend(values.map(Result::unwrap));
        }
    }
    let public = ["wilayah.csv", "kode_rt.csv", "kode_art.csv"]
        .map(|name| fs::read_to_string(root().join("reference").join(name)).unwrap())
        .join("\n")
        .to_uppercase();
    names.retain(|name| name.contains(' ') || (name.len() > 4 && !public.contains(name.as_str())));
    assert!(
        numbers.len() > 5000 && names.len() > 500,
        "{} {}",
        numbers.len(),
        names.len()
    );
    (numbers, names)
}

fn assert_nobody(shown: &str, target: &str, (numbers, names): &(BTreeSet<String>, BTreeSet<String>)) {
    let mut digits = String::new();
    for letter in shown.chars().chain(std::iter::once(' ')) {
        if letter.is_ascii_digit() {
            digits.push(letter);
        } else {
            assert!(!numbers.contains(&digits), "{target} shows an identity number");
            digits.clear();
        }
    }
    let shown = shown.to_uppercase();
    let words: Vec<&str> = shown
        .split(|letter: char| !letter.is_alphabetic() && !"'.-".contains(letter))
        .collect();
    for (index, word) in words.iter().enumerate() {
        assert!(!names.contains(*word), "{target} shows a name ({} letters)", word.len());
        let pair = words.get(index + 1).map(|next| format!("{word} {next}"));
        assert!(
            pair.is_none_or(|pair| !names.contains(&pair)),
            "{target} shows a name of two words"
        );
    }
}

fn raw_files() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("sample_data/raw")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn no_file_of_the_sample_gives_a_person_away() {
    let people = people();
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("p.html");
    for path in raw_files() {
        let target = path.to_str().unwrap();
        let page_name = page.to_str().unwrap();
        let ended = bansos360(&["profile", target, "--format", "json", "--html", page_name]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        assert_nobody(&ended.stdout, target, &people);
        assert_nobody(&fs::read_to_string(&page).unwrap(), target, &people);
    }
}

#[test]
fn marts_tables_and_lake_entries_are_profiled_and_give_nobody_away() {
    let people = people();
    let folder = workspace();
    let workspace = folder.path().to_str().unwrap();
    let targets = [
        ("mart_1_kpm", "mart"),
        ("mart_4_usulan_penetapan", "mart"),
        ("mart_5_individu", "mart"),
        ("mart_8_disabilitas", "mart"),
        ("dtks_rt", "tabel"),
        ("dtks_art_okt20", "tabel"),
        ("usulan_daerah", "tabel"),
        ("kualitas_temuan", "tabel"),
        ("karantina", "tabel"),
        ("BNBA KPE 20K.xlsx", "lake"),
    ];
    for (target, kind) in targets {
        let ended = bansos360(&["profile", target, "-w", workspace, "--format", "json"]);
        assert_eq!(ended.code, 0, "{target}: {}", ended.stderr);
        assert_nobody(&ended.stdout, target, &people);
        let profile: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(profile["jenis"], kind, "{target}");
        assert!(profile["tabel"][0]["baris"].as_u64().unwrap() > 0, "{target}");
    }
    let profile = json(&["mart_1_kpm", "-w", workspace]);
    let nik = column(&profile, "nik");
    assert_eq!(
        (&nik["kelas"], &nik["alasan"]),
        (&"pribadi".into(), &"lembar_model".into())
    );
    a_member_is_found_by_its_id(folder.path());
}

fn a_member_is_found_by_its_id(workspace: &Path) {
    let folders = fs::read_dir(workspace.join("lake/raw/dtks/2020-10")).unwrap();
    let hash = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .next()
        .unwrap();
    let workspace = workspace.to_str().unwrap();
    assert_eq!(json(&[&hash, "-w", workspace])["tabel"].as_array().unwrap().len(), 2);
    let member = json(&[&format!("{hash}-1"), "-w", workspace]);
    assert_eq!(member["tabel"].as_array().unwrap().len(), 1);
    assert_eq!(member["tabel"][0]["sumber"], "dtks_art");
    assert_eq!(bansos360(&["profile", &format!("{hash}-7"), "-w", workspace]).code, 2);
}
