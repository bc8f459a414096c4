//! `release diff` through the binary, on tiny districts whose changes are known, and on the sample against plain set SQL.

use assert_cmd::Command;
use calamine::Reader;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
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

fn query(sql: &str) -> Vec<Vec<String>> {
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let text = format!("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({sql})");
    let mut statement = connection.prepare(&text).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let width = row.as_ref().column_count();
        let cell = |column| row.get::<_, Option<String>>(column).unwrap().unwrap_or_default();
        found.push((0..width).map(cell).collect());
    }
    found
}

const NGLEBENG: &str = "3503010001";
const WONOCOYO: &str = "3503010007";

struct District {
    _folder: TempDir,
    workspace: PathBuf,
}

impl District {
    /// Small lists may shrink as they like.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let workspace = folder.path().join("w");
        assert_eq!(bansos360(&workspace, &["init"]).code, 0);
        fs::write(workspace.join("bansos360.toml"), "[uji.tingkat]\nvolume = \"mati\"\n").unwrap();
        Self {
            _folder: folder,
            workspace,
        }
    }

    fn drop_in(&self, name: &str, bytes: &[u8]) {
        fs::write(self.workspace.join("inbox").join(name), bytes).unwrap();
    }

    /// Runs; the id of the release that is current then.
    fn run(&self) -> String {
        let ended = bansos360(&self.workspace, &["run", "--as-of", "2020-12-31"]);
        assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
        let target = fs::read_link(self.workspace.join("current")).unwrap();
        target.file_name().unwrap().to_string_lossy().into_owned()
    }

    fn diff(&self, more: &[&str]) -> Ended {
        let mut arguments = vec!["release", "diff"];
        arguments.extend(more);
        let ended = bansos360(&self.workspace, &arguments);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        ended
    }

    fn changes(&self) -> Value {
        serde_json::from_str(&self.diff(&["--format", "json"]).stdout).unwrap()
    }
}

fn nik(person: u32) -> String {
    format!("350301420385{person:04}")
}

/// A list: persons with the desa that they stand in.
fn list(rows: &[(u32, &str)]) -> String {
    let mut text = String::from("NO,NAMA,NIK,NO KK,DESA,KECAMATAN\n");
    for (line, (person, desa)) in rows.iter().enumerate() {
        text.push_str(&format!(
            "{},INVENTED {person},{},,{desa},PANGGUL\n",
            line + 1,
            nik(*person)
        ));
    }
    text
}

/// A DTKS delivery: one household of one person each, with desa and percentile.
fn dtks(households: &[(u32, &str, u32)]) -> Vec<u8> {
    let mut rt = String::from("IDBDT,KDPROP,KDKAB,KDKEC,KDDESA,Nama_KRT,percentile,sta_bangunan\n");
    let mut art = String::from("IDARTBDT,IDBDT,NIK,NoKK,Nama,Hub_KRT,NUK,JnsKel,KDPROP,KDKAB,KDKEC,KDDESA\n");
    for (person, desa, percentile) in households {
        let id = format!("350301000100{person:04}");
        let place = format!("35,03,010,{desa}");
        rt.push_str(&format!("{id},{place},INVENTED {person},{percentile},1\n"));
        art.push_str(&format!(
            "{id}01,{id},{},350301010120{person:04},INVENTED {person},1,1,2,{place}\n",
            nik(*person)
        ));
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    for (name, text) in [("3503_RT.csv", rt), ("3503_ART.csv", art)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    bytes.into_inner()
}

/// Two releases with changes that are all known.
fn two_releases() -> (District, String, String) {
    let district = District::new();
    let pkh: Vec<(u32, &str)> = (1..=10).map(|person| (person, "NGLEBENG")).collect();
    district.drop_in("PKH 2020.csv", list(&pkh).as_bytes());
    let bst = list(&[(11, "WONOCOYO"), (12, "WONOCOYO"), (13, "WONOCOYO"), (14, "WONOCOYO")]);
    district.drop_in(
        "BST THP 3.csv",
        format!("{bst}5,TANPA NOMOR,,,WONOCOYO,PANGGUL\n").as_bytes(),
    );
    let households = [
        (1, NGLEBENG, 5),
        (2, NGLEBENG, 5),
        (3, NGLEBENG, 5),
        (4, NGLEBENG, 25),
        (5, NGLEBENG, 5),
        (6, NGLEBENG, 5),
    ];
    district.drop_in("3503-OKTOBER 2020.zip", &dtks(&households));
    let first = district.run();

    // 1 leaves, 2 moves, 16 is new; 11 goes from BST to PKH, 12 gets PKH beside BST.
    let mut pkh: Vec<(u32, &str)> = (3..=10).map(|person| (person, "NGLEBENG")).collect();
    pkh.extend([(16, "NGLEBENG"), (2, "WONOCOYO"), (11, "WONOCOYO"), (12, "WONOCOYO")]);
    district.drop_in("PKH 2020.csv", list(&pkh).as_bytes());
    let bst = list(&[(12, "WONOCOYO"), (13, "WONOCOYO"), (14, "WONOCOYO")]);
    district.drop_in(
        "BST THP 3.csv",
        format!("{bst}5,TANPA NOMOR,,,WONOCOYO,PANGGUL\n").as_bytes(),
    );
    // Desil of 3 goes from 1 to 3, of 4 from 3 to 1; 5 moves, 6 leaves, 7 is new.
    let households = [
        (1, NGLEBENG, 5),
        (2, NGLEBENG, 5),
        (3, NGLEBENG, 25),
        (4, NGLEBENG, 5),
        (5, WONOCOYO, 5),
        (7, NGLEBENG, 5),
    ];
    district.drop_in("3503-OKTOBER 2020.zip", &dtks(&households));
    let second = district.run();
    (district, first, second)
}

fn mart<'c>(changes: &'c Value, name: &str) -> &'c Value {
    changes["mart"]
        .as_array()
        .unwrap()
        .iter()
        .find(|mart| mart["nama"] == name)
        .unwrap()
}

fn group<'c>(changes: &'c Value, name: &str, program: Option<&str>) -> &'c Value {
    let mut groups = changes["kelompok"].as_array().unwrap().iter();
    groups
        .find(|group| group["nama"] == name && group["kode_program"].as_str() == program)
        .unwrap()
}

fn place<'c>(group: &'c Value, level: &str, name: &str) -> &'c Value {
    let places = group[level].as_array().unwrap();
    places.iter().find(|place| place[level] == name).unwrap()
}

/// Every figure that is not nought.
fn told(figures: &Value) -> Vec<(String, i64)> {
    let figures = figures.as_object().unwrap().iter();
    figures
        .filter_map(|(name, value)| Some((name.clone(), value.as_i64()?)))
        .filter(|(_, value)| *value != 0)
        .collect()
}

fn pairs(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

#[test]
fn every_change_that_was_made_is_told_and_no_other() {
    let (district, first, second) = two_releases();
    let changes = district.changes();
    assert_eq!(
        (changes["dari"]["run_id"].as_str(), changes["ke"]["run_id"].as_str()),
        (Some(&*first), Some(&*second))
    );

    let rows = |name: &str| {
        let mart = mart(&changes, name);
        ["sebelum", "sesudah", "masuk", "keluar", "berubah"].map(|figure| mart[figure].as_i64().unwrap())
    };
    let kpm = mart(&changes, "mart_1_kpm");
    assert_eq!(rows("mart_1_kpm")[..4], [15, 16, 3, 2]);
    assert_eq!(
        (&kpm["kolom"]["kode_desa"], &kpm["kolom"]["desil"]),
        (&1.into(), &4.into()),
        "3, 4, 6 and 7"
    );
    assert_eq!(rows("mart_5_individu"), [6, 6, 1, 1, 4]);
    assert_eq!(rows("mart_6_rumah_tangga"), [6, 6, 1, 1, 3]);
    assert_eq!(mart(&changes, "mart_6_rumah_tangga")["kolom"]["kode_desa"], 1);
    assert_eq!(rows("mart_7_segmentasi"), [6, 6, 1, 1, 3]);
    assert_eq!(rows("mart_8_disabilitas"), [0; 5]);

    let all = group(&changes, "kpm", None);
    assert_eq!(
        told(&all["jumlah"]),
        pairs(&[
            ("sebelum", 15),
            ("masuk", 1),
            ("keluar", 1),
            ("pindah_masuk", 1),
            ("pindah_keluar", 1),
            ("sesudah", 15),
            ("desil_naik", 1),
            ("desil_turun", 1),
            ("ganti_program", 2),
            ("rangkap_muncul", 1),
            ("langgar_muncul", 3),
            ("langgar_hilang", 1),
            ("dtks_masuk", 1),
            ("dtks_keluar", 1),
        ])
    );
    assert_eq!(
        told(place(all, "desa", "WONOCOYO")),
        pairs(&[
            ("sebelum", 5),
            ("pindah_masuk", 1),
            ("sesudah", 6),
            ("ganti_program", 2),
            ("rangkap_muncul", 1),
            ("langgar_muncul", 2),
        ])
    );
    assert_eq!(told(place(all, "kecamatan", "PANGGUL")), told(&all["jumlah"]));
    let pkh = group(&changes, "kpm", Some("PKH"));
    assert_eq!(
        told(place(pkh, "desa", "WONOCOYO"))[..3],
        pairs(&[("masuk", 2), ("pindah_masuk", 1), ("sesudah", 3)])
    );
    let bst = group(&changes, "kpm", Some("BST"));
    assert_eq!(
        told(&bst["jumlah"])[..3],
        pairs(&[("sebelum", 5), ("keluar", 1), ("sesudah", 4)])
    );

    let households = group(&changes, "rumah_tangga", None);
    let expected = [
        ("sebelum", 6),
        ("masuk", 1),
        ("keluar", 1),
        ("pindah_masuk", 1),
        ("pindah_keluar", 1),
        ("sesudah", 6),
        ("desil_naik", 1),
        ("desil_turun", 1),
    ];
    assert_eq!(told(&households["jumlah"]), pairs(&expected));
    let mut members = pairs(&expected);
    members.push(("ganti_program".to_owned(), 1));
    assert_eq!(told(&group(&changes, "individu", None)["jumlah"]), members);
    assert_eq!(
        told(place(households, "desa", "WONOCOYO")),
        pairs(&[("pindah_masuk", 1), ("sesudah", 1)])
    );
}

#[test]
fn the_other_way_round_everything_is_turned() {
    let (district, first, second) = two_releases();
    let back = district.diff(&["current", "previous", "--format", "json"]);
    let changes: Value = serde_json::from_str(&back.stdout).unwrap();
    let all = &group(&changes, "kpm", None)["jumlah"];
    assert_eq!(
        (&all["masuk"], &all["keluar"], &all["rangkap_hilang"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!((&all["langgar_muncul"], &all["langgar_hilang"]), (&1.into(), &3.into()));
    let same = district.diff(&[&second, &second, "--format", "json"]);
    let same: Value = serde_json::from_str(&same.stdout).unwrap();
    for mart in same["mart"].as_array().unwrap() {
        assert_eq!(
            (&mart["masuk"], &mart["keluar"], &mart["berubah"]),
            (&0.into(), &0.into(), &0.into())
        );
    }
    for group in same["kelompok"].as_array().unwrap() {
        let figures = told(&group["jumlah"]);
        assert!(
            figures.iter().all(|(name, _)| name == "sebelum" || name == "sesudah"),
            "{figures:?}"
        );
    }
    let unknown = bansos360(&district.workspace, &["release", "diff", "2019", &first]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("release list"), "{}", unknown.stderr);
}

#[test]
fn who_leaves_one_of_two_lists_has_not_moved() {
    let district = District::new();
    district.drop_in(
        "PKH 2020.csv",
        list(&[(1, "NGLEBENG"), (2, "NGLEBENG"), (3, "NGLEBENG")]).as_bytes(),
    );
    // Person 1 stands in another desa here, and twice.
    let sembako = list(&[(1, "WONOCOYO"), (1, "BESUKI"), (2, "NGLEBENG")]);
    district.drop_in("Program Sembako Tahap 8 Agustus 2020.csv", sembako.as_bytes());
    district.run();
    district.drop_in("PKH 2020.csv", list(&[(2, "NGLEBENG"), (3, "NGLEBENG")]).as_bytes());
    let sembako = list(&[(1, "BESUKI"), (2, "NGLEBENG")]);
    district.drop_in("Program Sembako Tahap 8 Agustus 2020.csv", sembako.as_bytes());
    district.run();
    let changes = district.changes();
    let all = group(&changes, "kpm", None);
    let expected = pairs(&[("sebelum", 3), ("sesudah", 3), ("ganti_program", 1)]);
    assert_eq!(told(&all["jumlah"]), expected);
    assert_eq!(
        mart(&changes, "mart_1_kpm")["keluar"],
        2,
        "the rows of PKH and of WONOCOYO"
    );
    assert_eq!(mart(&changes, "mart_1_kpm")["masuk"], 0);
    assert!(
        mart(&changes, "mart_1_kpm")["kolom"].get("kode_desa").is_none(),
        "the row of BESUKI is itself"
    );
}

#[test]
fn a_person_whose_nik_was_mended_is_the_same_person() {
    let district = District::new();
    let text = list(&[(1, "NGLEBENG"), (2, "NGLEBENG")]).replace(&nik(2), "35030142038");
    district.drop_in("PKH 2020.csv", text.as_bytes());
    district.run();
    let warehouse = district.workspace.join("current/warehouse.duckdb");
    let config = duckdb::Config::default()
        .access_mode(duckdb::AccessMode::ReadOnly)
        .unwrap();
    let connection = duckdb::Connection::open_with_flags(warehouse, config).unwrap();
    let sql = "SELECT id_berkas || '|' || coalesce(lembar, '') || '|' || CAST(nomor_baris AS VARCHAR) AS kunci FROM bantuan_sosial WHERE nik IS NULL";
    let key: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(connection);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (heading, cell)) in [("_kunci_bansos360", key.as_str()), ("NIK", &nik(2))]
        .into_iter()
        .enumerate()
    {
        let column = u16::try_from(column).unwrap();
        sheet.write_string(0, column, heading).unwrap();
        sheet.write_string(1, column, cell).unwrap();
    }
    district.drop_in("nglebeng.xlsx", &book.save_to_buffer().unwrap());
    district.run();
    let changes = district.changes();
    let kpm = mart(&changes, "mart_1_kpm");
    assert_eq!(
        (&kpm["masuk"], &kpm["keluar"], &kpm["kolom"]["nik"]),
        (&0.into(), &0.into(), &1.into())
    );
    assert_eq!(
        told(&group(&changes, "kpm", None)["jumlah"]),
        pairs(&[("sebelum", 2), ("sesudah", 2)])
    );
}

#[test]
fn a_release_of_an_older_model_is_compared_by_what_both_have() {
    let (district, first, _) = two_releases();
    let folder = district.workspace.join("releases").join(&first);
    let path = folder.join("marts/mart_1_kpm.parquet");
    let older = folder.join("marts/older.parquet");
    let connection = duckdb::Connection::open_in_memory().unwrap();
    connection
        .execute_batch(&format!(
            "COPY (SELECT * EXCLUDE (tiga_program, dua_program_lain, desil), desil::VARCHAR AS desil FROM '{}') TO '{}' (FORMAT parquet)",
            path.display(),
            older.display()
        ))
        .unwrap();
    fs::rename(&older, &path).unwrap();
    fs::remove_file(folder.join("marts/mart_8_disabilitas.parquet")).unwrap();
    let mut katalog: Value = serde_json::from_str(&fs::read_to_string(folder.join("katalog.json")).unwrap()).unwrap();
    let marts = katalog["mart"].as_array_mut().unwrap();
    marts.retain(|mart| mart["nama"] != "mart_8_disabilitas");
    let kpm = marts.iter_mut().find(|mart| mart["nama"] == "mart_1_kpm").unwrap();
    kpm["sha256"] = "of another time".into();
    let columns = kpm["kolom"].as_array_mut().unwrap();
    columns.retain(|column| column["nama"] != "tiga_program" && column["nama"] != "dua_program_lain");
    columns.iter_mut().find(|column| column["nama"] == "desil").unwrap()["tipe"] = "VARCHAR".into();
    fs::write(folder.join("katalog.json"), katalog.to_string()).unwrap();
    let changes = district.changes();
    let kpm = mart(&changes, "mart_1_kpm");
    assert_eq!(
        kpm["kolom_baru"],
        serde_json::json!(["dua_program_lain", "tiga_program"])
    );
    assert_eq!(
        (&kpm["masuk"], &kpm["keluar"], &kpm["kolom"]["desil"]),
        (&3.into(), &2.into(), &4.into())
    );
    assert!(mart(&changes, "mart_8_disabilitas")["catatan"].is_string());
    let all = &group(&changes, "kpm", None)["jumlah"];
    assert_eq!(
        (&all["masuk"], &all["pindah_masuk"], &all["desil_naik"]),
        (&1.into(), &1.into(), &1.into())
    );
    let notes = changes["catatan"].to_string();
    assert!(
        notes.contains("tiga_program") && notes.contains("mart_8_disabilitas"),
        "{notes}"
    );
}

#[test]
fn files_tell_the_same_and_name_nobody_unless_asked() {
    use std::os::unix::fs::PermissionsExt;
    let (district, _, _) = two_releases();
    let file = |name: &str| district.workspace.with_file_name(name);
    let (csv, xlsx, html, people) = (file("a.csv"), file("a.xlsx"), file("a.html"), file("people.xlsx"));
    let text = |path: &PathBuf| path.to_str().unwrap().to_owned();
    district.diff(&[
        "--csv",
        &text(&csv),
        "--xlsx",
        &text(&xlsx),
        "--html",
        &text(&html),
        "--rinci",
        &text(&people),
    ]);
    let lines = fs::read_to_string(&csv).unwrap();
    assert!(
        lines.starts_with("kelompok,kode_program,kode_kecamatan,kecamatan,kode_desa,desa,sebelum,masuk"),
        "{lines}"
    );
    assert!(
        lines.contains("kpm,,3503010,PANGGUL,3503010007,WONOCOYO,5,0,0,1,0,0,6,0,0,2,1,0,2,0,0,0"),
        "{lines}"
    );
    let page = fs::read_to_string(&html).unwrap();
    assert!(
        page.contains("Laporan perubahan") && page.contains("WONOCOYO"),
        "{page}"
    );
    for path in [&csv, &html] {
        let text = fs::read_to_string(path).unwrap();
        assert!(
            !text.contains("INVENTED") && !text.contains("350301420385"),
            "{}",
            path.display()
        );
    }
    let sheets = |path: &PathBuf| {
        let mut book = calamine::open_workbook_auto(path).unwrap();
        let names = book.sheet_names();
        let cells: Vec<String> = book
            .worksheets()
            .iter()
            .flat_map(|(_, range)| range.cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>())
            .collect();
        (names, cells)
    };
    assert_eq!(sheets(&xlsx).0, ["Perubahan"]);
    let (names, cells) = sheets(&people);
    assert_eq!(names, ["kpm", "individu", "rumah_tangga"]);
    assert!(cells.contains(&"RANGKAP_MUNCUL".to_owned()) && cells.contains(&"350301**********".to_owned()));
    assert!(
        !cells
            .iter()
            .any(|cell| cell.contains("INVENTED") || cell.contains("350301420385")),
        "{cells:?}"
    );
    for path in [&csv, &xlsx, &html, &people] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    district.diff(&["--rinci", &text(&people), "--tampilkan-data-pribadi"]);
    let (_, cells) = sheets(&people);
    assert!(cells.contains(&nik(16)) && cells.contains(&"INVENTED 16".to_owned()));
    let shown = district.diff(&["--per", "desa"]).stdout;
    assert!(
        shown.contains("WONOCOYO") && shown.contains("mart_1_kpm") && !shown.contains("INVENTED"),
        "{shown}"
    );
}

#[test]
fn releases_are_listed_and_shown() {
    let (district, first, second) = two_releases();
    let listed = bansos360(&district.workspace, &["release", "list"]).stdout;
    assert!(listed.find(&second) < listed.find(&first), "the newest first: {listed}");
    assert!(listed.contains("current") && listed.contains("previous"), "{listed}");
    let shown = bansos360(&district.workspace, &["release", "show", "previous"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    for words in [first.as_str(), "PKH 2020.csv", "mart_3_perubahan_desil", "It is whole"] {
        assert!(shown.stdout.contains(words), "{words}: {}", shown.stdout);
    }
    fs::remove_file(
        district
            .workspace
            .join("releases")
            .join(&first)
            .join("marts/mart_1_kpm.parquet"),
    )
    .unwrap();
    assert_eq!(bansos360(&district.workspace, &["release", "show", &first]).code, 1);
}

/// The sample in two releases: what came with the last delivery is in the second.
fn sample_in_two() -> (District, String, String) {
    let district = District::new();
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw");
    let later = [
        "3503-OKTOBER 2020.zip",
        "BNBA TL THP 3.xlsx",
        "Usulan DTKS Oktober 2020.xlsx",
    ];
    for entry in fs::read_dir(&raw).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !later.contains(&name.as_str()) {
            district.drop_in(&name, &fs::read(&path).unwrap());
        }
    }
    let first = district.run();
    for name in later {
        district.drop_in(name, &fs::read(raw.join(name)).unwrap());
    }
    let second = district.run();
    (district, first, second)
}

/// On the sample: what is told agrees with sets of NIK and ids, and every place balances.
#[test]
fn the_sample_balances_place_by_place() {
    let (district, first, second) = sample_in_two();
    let changes = district.changes();
    for group in changes["kelompok"].as_array().unwrap() {
        let places = ["kecamatan", "desa"]
            .map(|level| group[level].as_array().unwrap().clone())
            .concat();
        for figures in places.iter().chain([&group["jumlah"]]) {
            let of = |name: &str| figures[name].as_i64().unwrap();
            let reckoned = of("sebelum") + of("masuk") - of("keluar") + of("pindah_masuk") - of("pindah_keluar")
                + of("tempat_lain");
            assert_eq!(reckoned, of("sesudah"), "{figures}");
        }
    }
    let mart = |run: &str, name: &str| {
        format!(
            "'{}'",
            district
                .workspace
                .join("releases")
                .join(run)
                .join(format!("marts/{name}.parquet"))
                .display()
        )
    };
    let set = |run: &str, name: &str, what: &str| {
        format!(
            "(SELECT DISTINCT {what} AS k FROM {} WHERE {what} IS NOT NULL AND periode_terakhir)",
            mart(run, name)
        )
    };
    let count = |sql: String| query(&sql)[0][0].parse::<i64>().unwrap();
    for (name, mart_name, id) in [
        ("individu", "mart_5_individu", "id_art"),
        ("rumah_tangga", "mart_6_rumah_tangga", "id_dtks"),
    ] {
        let (before, after) = (set(&first, mart_name, id), set(&second, mart_name, id));
        let figures = &group(&changes, name, None)["jumlah"];
        assert_eq!(
            figures["masuk"],
            count(format!(
                "SELECT count(*) AS n FROM {after} WHERE k NOT IN (SELECT k FROM {before})"
            ))
        );
        assert_eq!(
            figures["keluar"],
            count(format!(
                "SELECT count(*) AS n FROM {before} WHERE k NOT IN (SELECT k FROM {after})"
            ))
        );
        let moved = format!(
            "SELECT count(*) AS n FROM {} AS a JOIN {} AS b ON a.{id} = b.{id} WHERE a.periode_terakhir AND b.periode_terakhir AND a.kode_desa <> b.kode_desa",
            mart(&first, mart_name),
            mart(&second, mart_name)
        );
        assert_eq!(figures["pindah_masuk"], count(moved));
    }
    let by_nik = |run: &str| {
        format!(
            "(SELECT DISTINCT nik FROM {} WHERE nik IS NOT NULL)",
            mart(run, "mart_1_kpm")
        )
    };
    let new = count(format!(
        "SELECT count(*) AS n FROM {} WHERE nik NOT IN {}",
        by_nik(&second),
        by_nik(&first)
    ));
    let nameless = count(format!(
        "SELECT count(DISTINCT id_kpm) AS n FROM {} WHERE nik IS NULL AND id_kpm NOT IN (SELECT id_kpm FROM {})",
        mart(&second, "mart_1_kpm"),
        mart(&first, "mart_1_kpm")
    ));
    let told = group(&changes, "kpm", None)["jumlah"]["masuk"].as_i64().unwrap();
    assert!(
        told >= new && told <= new + nameless,
        "{told} of {new} by NIK and at most {nameless} without"
    );
    assert!(
        new > 0
            && group(&changes, "rumah_tangga", None)["jumlah"]["desil_naik"]
                .as_i64()
                .unwrap()
                > 0
    );
}
