//! Through the binary: rows go back to the village, and come home corrected.

use assert_cmd::Command;
use calamine::{Data, Reader};
use duckdb::Connection;
use rust_xlsxwriter::Workbook;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const LIST: &str = "BNBA TL THP 1.csv";

const ROWS: &str = "NO,NAMA,NIK,NO KK,DESA,KECAMATAN\n\
    1,SITI AMINAH,3503014305850001,3503010101100001,NGLEBENG,PANGGUL\n\
    2,BUDI UTOMO,35030112038,3503010101100002,NGLEBENG,PANGGUL\n\
    3,RUKMINI,3503015205700001,3503010101100003,NGLEBENG\n\
    4,,,,NGLEBENG,PANGGUL\n\
    5,JOKO SUSILO,350301120366,3503010101100004,WONOCOYO,PANGGUL\n";

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

fn ask(workspace: &Path, sql: &str) -> Vec<String> {
    let config = duckdb::Config::default()
        .access_mode(duckdb::AccessMode::ReadOnly)
        .unwrap();
    let connection = Connection::open_with_flags(workspace.join("current/warehouse.duckdb"), config).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
    rows.map(|row| row.unwrap().unwrap_or_default()).collect()
}

/// A sheet as text, with its name.
fn sheets(path: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book = calamine::open_workbook_auto(path).unwrap();
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    book.worksheets()
        .into_iter()
        .map(|(name, range)| (name, range.rows().map(|row| row.iter().map(text).collect()).collect()))
        .collect()
}

/// What someone at the village does: types over cells, by the line of the original, and saves.
fn correct(from: &Path, to: &Path, typed: &[(u64, &str, &str)]) {
    let mut book = Workbook::new();
    for (name, rows) in sheets(from) {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        let headings = rows[0].clone();
        for (line, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let new = typed
                    .iter()
                    .find(|(of, heading, _)| row[0].ends_with(&format!("|{of}")) && headings[column] == *heading);
                let text = new.map_or(cell.as_str(), |(_, _, text)| text);
                sheet
                    .write_string(u32::try_from(line).unwrap(), u16::try_from(column).unwrap(), text)
                    .unwrap();
            }
        }
    }
    book.save(to).unwrap();
}

/// A workbook of one sheet.
fn typed(path: &Path, rows: &[[&str; 5]]) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            sheet.write_string(line, column, *cell).unwrap();
        }
    }
    book.save(path).unwrap();
}

fn with_list() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let workspace = folder.path().join("w");
    fs::write(folder.path().join(LIST), ROWS).unwrap();
    let (code, _, stderr) = bansos360(
        &workspace,
        &[
            "run",
            "--as-of",
            "2020-12-31",
            folder.path().join(LIST).to_str().unwrap(),
        ],
    );
    assert_eq!(code, 0, "{stderr}");
    (folder, workspace)
}

fn export(folder: &Path, workspace: &Path) -> PathBuf {
    let out = folder.join("NGLEBENG.xlsx");
    let (code, stdout, stderr) = bansos360(
        workspace,
        &["temuan", "ekspor", "--desa", "nglebeng", "--out", out.to_str().unwrap()],
    );
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("rows on 1 sheet "), "{stdout}");
    out
}

#[test]
fn the_village_gets_its_own_rows_with_what_to_do() {
    let (folder, workspace) = with_list();
    let out = export(folder.path(), &workspace);
    let (_, rows) = sheets(&out).remove(0);
    assert_eq!(
        rows[0][..3],
        ["_kunci_bansos360", "Yang perlu diperbaiki", "Yang sebaiknya dilakukan"]
    );
    let lines: Vec<&str> = rows[1..].iter().map(|row| row[0].rsplit('|').next().unwrap()).collect();
    assert_eq!(
        lines,
        ["3", "5"],
        "the doubted and the unidentified row of NGLEBENG; a row without kecamatan is nobody's"
    );
    assert!(rows[1][1].contains("NIK tidak 16 angka") && !rows[1][2].is_empty());
    let nik = rows[0].iter().position(|heading| heading == "NIK").unwrap();
    assert_eq!(rows[1][nik], "35030112038");
    assert!(
        !rows
            .iter()
            .flatten()
            .any(|cell| cell.contains("WONOCOYO") || cell.contains("SITI"))
    );
}

#[test]
fn a_corrected_sheet_replaces_its_rows_and_both_versions_are_kept() {
    let (folder, workspace) = with_list();
    let id = ask(
        &workspace,
        "SELECT id_kpm FROM bantuan_sosial WHERE nama = 'BUDI UTOMO'",
    )
    .remove(0);
    assert_eq!(
        ask(&workspace, "SELECT CAST(count(*) AS VARCHAR) FROM karantina"),
        ["2"]
    );
    let sent = export(folder.path(), &workspace);
    let inbox = workspace.join("inbox");
    correct(
        &sent,
        &inbox.join("betul.xlsx"),
        &[
            (3, "NIK", "3503011203850001"),
            (5, "NAMA", "SUMINI"),
            (5, "NIK", "350301520"),
        ],
    );
    let (code, _, stderr) = bansos360(&workspace, &["run", "--as-of", "2020-12-31"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(fs::read_dir(&inbox).unwrap().next().is_none(), "the lake has taken it");
    let row = ask(
        &workspace,
        &format!("SELECT nik || ' ' || status_nik FROM bantuan_sosial WHERE id_kpm = '{id}'"),
    );
    assert_eq!(row, ["3503011203850001 VALID"], "the same row, with the corrected NIK");
    assert_eq!(
        ask(
            &workspace,
            "SELECT nama || ' ' || status_nik FROM bantuan_sosial WHERE nomor_baris = 5"
        ),
        ["SUMINI PANJANG_SALAH"]
    );
    assert_eq!(
        ask(&workspace, "SELECT CAST(nomor_baris AS VARCHAR) FROM karantina"),
        ["4"]
    );
    let (_, text, _) = bansos360(&workspace, &["telusur", "1", &id, "--tampilkan-data-pribadi"]);
    assert!(
        text.contains("NIK → nik: 35030112038\n    corrected: 3503011203850001"),
        "{text}"
    );
    assert!(text.contains("corrected by betul.xlsx"), "{text}");
    let (_, again, _) = bansos360(&workspace, &["run", "--as-of", "2020-12-31"]);
    assert!(again.starts_with("Nothing to do"), "{again}");
}

#[test]
fn what_is_still_wrong_stays_in_quarantine_with_its_history() {
    let (folder, workspace) = with_list();
    let sent = export(folder.path(), &workspace);
    let inbox = workspace.join("inbox");
    correct(&sent, &inbox.join("satu.xlsx"), &[(5, "KECAMATAN", "Panggul")]);
    assert_eq!(bansos360(&workspace, &["run", "--as-of", "2020-12-31"]).0, 0);
    assert_eq!(
        ask(
            &workspace,
            "SELECT CAST(count(*) AS VARCHAR) FROM karantina WHERE nomor_baris = 5 AND isi LIKE '%Panggul%'"
        ),
        ["1"]
    );
    correct(&sent, &inbox.join("dua.xlsx"), &[(5, "NAMA", "SUMINI")]);
    assert_eq!(bansos360(&workspace, &["run", "--as-of", "2020-12-31"]).0, 0);
    assert_eq!(
        ask(
            &workspace,
            "SELECT CAST(count(*) AS VARCHAR) FROM karantina WHERE nomor_baris = 5"
        ),
        ["0"]
    );
    let history = ask(
        &workspace,
        "SELECT berkas_koreksi || ' ' || berlaku FROM koreksi WHERE nomor_baris = 5 ORDER BY waktu_masuk",
    );
    assert_eq!(history, ["satu.xlsx false", "dua.xlsx true"]);
}

#[test]
fn a_broken_line_is_mended_by_its_correction() {
    let (folder, workspace) = with_list();
    let broken = ask(&workspace, "SELECT id_berkas FROM karantina WHERE nomor_baris = 4").remove(0);
    let rows = [
        ["_kunci_bansos360", "NAMA", "NIK", "DESA", "KECAMATAN"],
        [
            &format!("{broken}||4"),
            "RUKMINI",
            "3503015205700001",
            "NGLEBENG",
            "PANGGUL",
        ],
        ["tidak-ada||9", "X", "", "", ""],
    ];
    typed(&workspace.join("inbox/betul.xlsx"), &rows);
    let (code, _, stderr) = bansos360(&workspace, &["run", "--as-of", "2020-12-31"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("1 of 2 corrected rows"), "{stderr}");
    assert_eq!(
        ask(
            &workspace,
            "SELECT desa || ' ' || nik FROM bantuan_sosial WHERE nomor_baris = 4"
        ),
        ["NGLEBENG 3503015205700001"]
    );
    drop(folder);
}

/// One row that mends, and three that cannot: no such line, the header's line, no key. `ALAMAT` is no heading of the list.
fn half_right(workspace: &Path, path: &Path) {
    let id = ask(workspace, "SELECT id_berkas FROM sumber_berkas").remove(0);
    let key = |line: u64| format!("{id}||{line}");
    let rows = [
        ["_kunci_bansos360", "NAMA", "NIK", "ALAMAT", "DESA"],
        [&key(3), "BUDI UTOMO", "3503011203850001", "", "NGLEBENG"],
        [&key(999), "SUMINI", "", "", ""],
        [&key(1), "SUMINI", "", "", ""],
        ["", "SUMINI", "", "", "NGLEBENG"],
        ["", "", "", "", ""],
    ];
    typed(path, &rows);
}

#[test]
fn a_correction_that_changes_nothing_is_told() {
    let (_folder, workspace) = with_list();
    half_right(&workspace, &workspace.join("inbox/betul.xlsx"));
    let (code, _, stderr) = bansos360(&workspace, &["run", "--as-of", "2020-12-31"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stderr.contains("2 of 3 corrected rows name a line that is not in its file"),
        "{stderr}"
    );
    assert!(stderr.contains("1 rows have lost their key"), "{stderr}");
    let told = "SELECT coalesce(CAST(nomor_baris AS VARCHAR), '-') || ' ' || aturan FROM kualitas_temuan \
                WHERE aturan LIKE 'KOREKSI%' ORDER BY aturan, nomor_baris";
    assert_eq!(
        ask(&workspace, told),
        [
            "- KOREKSI_KOLOM_TIDAK_DIKENAL",
            "1 KOREKSI_TANPA_BARIS",
            "999 KOREKSI_TANPA_BARIS"
        ]
    );
    let counting = "SELECT CAST(nomor_baris AS VARCHAR) FROM koreksi WHERE berlaku";
    assert_eq!(ask(&workspace, counting), ["3"]);
}

#[test]
fn a_corrected_sheet_is_checked_before_it_is_sent() {
    let (folder, workspace) = with_list();
    let path = folder.path().join("betul.xlsx");
    half_right(&workspace, &path);
    let path = path.to_str().unwrap();
    let (code, text, stderr) = bansos360(&workspace, &["validate", path]);
    assert_eq!(code, 0, "{stderr}");
    for words in [
        "accepted with warnings",
        "source      `koreksi`",
        "corrects    4 rows on 1 sheet",
        "keys        1 of 4 name a line of a file in the lake",
        "2  PERINGATAN KOREKSI_TANPA_BARIS",
        "e.g. sheet `Sheet1` line 3; sheet `Sheet1` line 4",
        "1  PERINGATAN KOREKSI_TANPA_KUNCI",
        "sheet `Sheet1` line 1: ALAMAT",
    ] {
        assert!(text.contains(words), "`{words}` is not in:\n{text}");
    }
    assert_eq!(bansos360(&workspace, &["validate", "--strict", path]).0, 3);
    let elsewhere = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .current_dir(folder.path())
        .args(["validate", path])
        .output()
        .unwrap();
    let text = String::from_utf8(elsewhere.stdout).unwrap();
    assert!(text.contains("not looked up; name the workspace"), "{text}");
    let sent = export(folder.path(), &workspace);
    let (_, text, _) = bansos360(&workspace, &["validate", "--strict", sent.to_str().unwrap()]);
    assert!(text.contains("keys        2 of 2"), "{text}");
}

#[test]
fn a_corrected_sheet_that_cannot_be_read_does_not_come_in() {
    let (folder, workspace) = with_list();
    let sent = export(folder.path(), &workspace);
    let bytes = fs::read(&sent).unwrap();
    let torn = workspace.join("inbox/torn.xlsx");
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    let (code, ..) = bansos360(&workspace, &["run", "--as-of", "2020-12-31"]);
    assert_eq!(code, 3);
    assert!(
        workspace.join("inbox/ditolak/torn.xlsx").is_file(),
        "it is set aside for the person who sent it"
    );
    assert_eq!(bansos360(&workspace, &["run", "--as-of", "2020-12-31"]).0, 0);
}

#[test]
fn rows_without_a_place_are_sent_by_their_source() {
    let (folder, workspace) = with_list();
    let out = folder.path().join("bst.xlsx");
    let arguments = ["temuan", "ekspor", "--sumber", "bst", "--out", out.to_str().unwrap()];
    let (code, _, stderr) = bansos360(&workspace, &arguments);
    assert_eq!(code, 0, "{stderr}");
    let (_, rows) = sheets(&out).remove(0);
    let lines: Vec<&str> = rows[1..].iter().map(|row| row[0].rsplit('|').next().unwrap()).collect();
    assert_eq!(lines, ["3", "4", "5", "6"], "the broken line 4 names no kecamatan");
}
