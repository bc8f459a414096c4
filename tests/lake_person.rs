//! Through the binary: a person is erased from every next run and from the stored files.

use assert_cmd::Command;
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const NAME: &str = "SITI INVENTED";
const NIK: &str = "3503114203850001";

fn bansos360(root: &Path, arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    let output = command
        .args(arguments)
        .arg("--workspace")
        .arg(root)
        .write_stdin(stdin)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(!stdout.contains(NIK) && !stderr.contains(NIK), "{stdout}{stderr}");
    (output.status.code().unwrap_or(-1), stdout, stderr)
}

fn run(root: &Path, paths: &[&Path]) -> (i32, String, String) {
    let mut arguments = vec!["run", "--as-of", "2020-12-31"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    bansos360(root, &arguments, "")
}

fn purge(root: &Path, more: &[&str]) -> (i32, String, String) {
    let mut arguments = vec!["lake", "purge", "--nik", "-", "--alasan", "permintaan penghapusan"];
    arguments.extend(more);
    bansos360(root, &arguments, "3503.1142.0385.0001\n")
}

/// Names of mart 1, in order.
fn names(root: &Path) -> Vec<String> {
    let mart = root.join("current/marts/mart_1_kpm.parquet");
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let mut statement = connection
        .prepare(&format!(
            "SELECT kode_program || ' ' || nama AS n FROM '{}' ORDER BY n",
            mart.display()
        ))
        .unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The person in a CSV (once well, once in a line that is set aside), in a workbook and in a zip of DTKS.
fn deliveries(folder: &Path) -> Vec<PathBuf> {
    let csv = folder.join("PKH 2020.csv");
    fs::write(
        &csv,
        format!("NO,NAMA,NIK,NO KK\n1,{NAME},{NIK},\n2,BUDI INVENTED,3503110203850002,\n3,{NAME},'{NIK},,one,two,many\n4,JOKO INVENTED,3503110203850003,\n"),
    )
    .unwrap();
    let xlsx = folder.join("BST THP 3.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["NO", "NAMA", "NIK", "NO KK"],
        ["1", "BUDI INVENTED", "3503110203850002", ""],
        ["2", NAME, NIK, ""],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet
                .write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *cell)
                .unwrap();
        }
    }
    book.save(&xlsx).unwrap();
    let zip = folder.join("3503-MEI 2018.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
    for (name, text) in [
        (
            "3503_RT.csv",
            "IDBDT,KDPROP,KDKAB,KDKEC,KDDESA,sta_bangunan,percentile\n350301000100000001,35,03,010,001,1,12\n"
                .to_owned(),
        ),
        (
            "3503_ART.csv",
            format!(
                "IDARTBDT,IDBDT,KDPROP,KDKAB,KDKEC,KDDESA,Nama,NIK,JnsKel\n\
                 350301000100000101,350301000100000001,35,03,010,001,{NAME},{NIK},2\n\
                 350301000100000102,350301000100000001,35,03,010,001,BUDI INVENTED,3503110203850002,1\n"
            ),
        ),
    ] {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    vec![csv, xlsx, zip]
}

/// Every byte of the workspace but its releases, unpacked.
fn everything(root: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_symlink() || path.ends_with("releases") {
                continue;
            }
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(&bytes)) {
                for index in 0..archive.len() {
                    let mut text = Vec::new();
                    archive.by_index(index).unwrap().read_to_end(&mut text).unwrap();
                    found.push((path.clone(), String::from_utf8_lossy(&text).into_owned()));
                }
            }
            found.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found
}

#[test]
fn a_person_goes_from_marts_and_stored_files_and_does_not_come_back() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("w");
    let files = deliveries(folder.path());
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let (code, _, stderr) = run(&root, &paths);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(
        names(&root),
        [
            "BST BUDI INVENTED",
            "BST SITI INVENTED",
            "PKH BUDI INVENTED",
            "PKH JOKO INVENTED",
            "PKH SITI INVENTED"
        ]
    );

    let (code, stdout, stderr) = purge(&root, &[]);
    assert_eq!(code, 0, "{stderr}");
    for words in [
        "`PKH 2020.csv`",
        "2 rows would be emptied",
        "`BST THP 3.xlsx`",
        "`3503-MEI 2018.zip`",
        "1 rows would be emptied",
        "(current) still holds",
        "add `--ya`",
    ] {
        assert!(stdout.contains(words), "{words}: {stdout}");
    }
    assert!(!root.join(".kunci-hmac").exists(), "a look leaves nothing behind");

    let (code, stdout, stderr) = purge(&root, &["--ya"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("2 rows emptied"), "{stdout}");
    for (path, text) in everything(&root) {
        assert!(
            !text.contains(NIK) && !text.contains(NAME),
            "{} names the person",
            path.display()
        );
    }
    let (code, stdout, _) = bansos360(&root, &["lake", "verify"], "");
    assert_eq!(code, 0, "{stdout}");

    let (code, _, stderr) = run(&root, &[]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(
        names(&root),
        ["BST BUDI INVENTED", "PKH BUDI INVENTED", "PKH JOKO INVENTED"]
    );
    let (_, stdout, _) = purge(&root, &[]);
    assert!(stdout.contains("No stored file names the person"), "{stdout}");
    assert!(!stdout.contains("(current)"), "{stdout}");

    // A later file that names the person: the row is left out and counted, the others stay on their lines.
    let later = folder.path().join("KPE 20K.csv");
    fs::write(
        &later,
        format!("NO,NAMA,NIK,NO KK\n1,{NAME},{NIK},\n2,JOKO INVENTED,3503110203850003,\n"),
    )
    .unwrap();
    let (code, stdout, stderr) = bansos360(
        &root,
        &[
            "run",
            "--as-of",
            "2020-12-31",
            "--format",
            "json",
            later.to_str().unwrap(),
        ],
        "",
    );
    assert_eq!(code, 0, "{stderr}");
    let record: Value = serde_json::from_str(&stdout).unwrap();
    let kpe = record["berkas"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["sumber"] == "kpe");
    let kpe = kpe.unwrap();
    assert_eq!(kpe["dilewati"]["dihapus_atas_permintaan"], 1);
    assert_eq!((&kpe["dibaca"], &kpe["disimpan"]), (&Value::from(2), &Value::from(1)));
    assert!(!names(&root).contains(&format!("KPE {NAME}")));

    // The bytes of a delivery that was emptied are known, and do not come back.
    let (code, _, _) = run(&root, &[&files[0]]);
    assert_eq!(code, 0);
    assert!(!names(&root).contains(&format!("PKH {NAME}")));
}

#[test]
fn a_list_of_one_person_becomes_empty_and_the_run_goes_on() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("w");
    let (one, two) = (folder.path().join("PKH 2020.csv"), folder.path().join("BST THP 3.csv"));
    fs::write(&one, format!("NO,NAMA,NIK,NO KK\n1,{NAME},{NIK},\n")).unwrap();
    fs::write(&two, "NO,NAMA,NIK,NO KK\n1,BUDI INVENTED,3503110203850002,\n").unwrap();
    assert_eq!(run(&root, &[&one, &two]).0, 0);
    assert_eq!(purge(&root, &["--ya"]).0, 0);
    let (code, stdout, stderr) = run(&root, &[]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_eq!(names(&root), ["BST BUDI INVENTED"]);
}

#[test]
fn a_number_is_not_taken_from_the_command_line_and_a_lost_key_is_told() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("w");
    let list = folder.path().join("PKH 2020.csv");
    fs::write(
        &list,
        format!("NO,NAMA,NIK,NO KK\n1,{NAME},{NIK},\n2,BUDI INVENTED,3503110203850002,\n"),
    )
    .unwrap();
    assert_eq!(run(&root, &[&list]).0, 0);
    let (code, _, stderr) = bansos360(&root, &["lake", "purge", "--nik", NIK, "--alasan", "x"], "");
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("history of the shell"), "{stderr}");
    let (code, _, stderr) = bansos360(
        &root,
        &["lake", "purge", "--nik", "-", "--alasan", "x"],
        "35031142038500\n",
    );
    assert_eq!(code, 2, "{stderr}");
    assert_eq!(purge(&root, &["--ya"]).0, 0);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(root.join(".kunci-hmac")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(run(&root, &[]).0, 0);
    let key = fs::read(root.join(".kunci-hmac")).unwrap();
    fs::remove_file(root.join(".kunci-hmac")).unwrap();
    let (code, _, stderr) = run(&root, &[]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("E0408"), "{stderr}");
    fs::write(root.join(".kunci-hmac"), key).unwrap();
    // Undone: the row would count again, if the file that names the person came as another one.
    assert_eq!(purge(&root, &["--batal"]).0, 0);
    let again = folder.path().join("PKH 2020 ulang.csv");
    fs::write(&again, format!("NO,NAMA,NIK,NO KK\n1,{NAME},{NIK},\n")).unwrap();
    assert_eq!(run(&root, &[&again]).0, 0);
    assert_eq!(names(&root), ["PKH BUDI INVENTED", "PKH SITI INVENTED"]);
}
