//! `validate` and `explain` through the binary: every kind of broken file, with its exit code and the words that matter.

use assert_cmd::Command;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

/// The binary in an empty folder, so that no workspace is near.
fn bansos360(arguments: &[&str]) -> Ended {
    let folder = TempDir::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .env_remove("BANSOS360_WORKSPACE")
        .current_dir(folder.path())
        .args(arguments)
        .output()
        .unwrap();
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 0, "something was written");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn file(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn validate(path: &Path, more: &[&str]) -> Ended {
    let mut arguments = vec!["validate", path.to_str().unwrap()];
    arguments.extend(more);
    bansos360(&arguments)
}

fn json(path: &Path, more: &[&str]) -> serde_json::Value {
    let mut arguments = vec!["--format", "json"];
    arguments.extend(more);
    serde_json::from_str(&validate(path, &arguments).stdout).unwrap()
}

fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    for (name, text) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    bytes.into_inner()
}

fn workbook(cells: &[&[&str]]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, texts) in cells.iter().enumerate() {
        for (column, text) in texts.iter().enumerate() {
            sheet
                .write_string(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text)
                .unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// An OLE container with one empty stream of this name; a workbook behind a password is one.
fn compound_of(name: &str) -> Vec<u8> {
    let stream = vec![0_u8; 4_096];
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[26] = 3;
    (header[28], header[29], header[30], header[32], header[44], header[48]) = (0xFE, 0xFF, 9, 6, 1, 1);
    header[60..64].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[68..72].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[76..512].fill(0xFF);
    header[76..80].fill(0);
    let mut table = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    table.extend((0..sectors).map(|i| if i + 1 == sectors { 0xFFFF_FFFE } else { i + 3 }));
    table.resize(128, 0xFFFF_FFFF);
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry = vec![0_u8; 128];
        for (i, unit) in name.encode_utf16().enumerate() {
            entry[2 * i..2 * i + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = u8::try_from(name.len() * 2 + 2).unwrap();
        entry[66] = kind;
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    };
    let root = entry("Root Entry", 5, 0xFFFF_FFFE, 0);
    let file = entry(name, 2, 2, u32::try_from(stream.len()).unwrap());
    let mut directory = [root, file].concat();
    directory.resize(512, 0);
    [
        header,
        table.iter().flat_map(|word| word.to_le_bytes()).collect(),
        directory,
        stream,
    ]
    .concat()
}

const CLEAN: &str = "NO,NAMA,NIK,NO KK,DESA,KECAMATAN\n1,SITI INVENTED,3503114203850001,3503110101100001,Nglebeng,Panggul\n\
                     2,BUDI INVENTED,3503110203850002,3503110101100002,Nglebeng,Panggul\n";

/// Rows of DTKS households of a district.
fn households(district: &str) -> String {
    let mut text = String::from("IDBDT,KDPROP,KDKAB,KDKEC,KDDESA,sta_bangunan,percentile\n");
    for row in 0..20 {
        let (province, regency) = district.split_at(2);
        text.push_str(&format!("{district}010001{row:06},{province},{regency},010,001,1,12\n"));
    }
    text
}

/// Refused or unknown: exit code 3, the words, no panic, no number of a person.
fn broken(name: &str, bytes: &[u8], words: &[&str]) {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, name, bytes);
    let ended = validate(&path, &[]);
    assert_eq!(ended.code, 3, "{name}: {}{}", ended.stdout, ended.stderr);
    for word in words {
        assert!(
            ended.stdout.contains(word),
            "{name} does not say `{word}`: {}",
            ended.stdout
        );
    }
    assert!(!ended.stderr.contains("panicked"), "{name}: {}", ended.stderr);
    assert!(!ended.stdout.contains("3503110203850001"), "{name}: {}", ended.stdout);
    assert!(ended.stdout.contains(name), "{name}: {}", ended.stdout);
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    broken("PKH kosong.csv", b"", &["refused", "E0201", "empty"]);
    broken(
        "PKH biner.xlsx",
        &[0x13, 0x37, 0, 1, 2, 3, 0, 255, 254, 0, 9, 8, 7],
        &["E0201", "neither text nor"],
    );
    broken(
        "PKH html.xls",
        b"<html><body><table><tr><td>NIK</td></tr></table></body></html>",
        &["E0201", "HTML", ".xlsx"],
    );
    broken(
        "PKH nul.csv",
        b"NO;NAMA;NIK\n1;A\0B;3503110203850001\n",
        &["E0201", "neither text nor"],
    );
    broken(
        "3503-MEI 2018.zip",
        b"PK\x03\x04 and nothing more",
        &["E0201", "Copy or download it again"],
    );
    broken(
        "KPE sandi.xlsx",
        &compound_of("EncryptedPackage"),
        &["E0201", "password"],
    );
    let whole = zipped(&[("3503_RT.csv", &households("3503"))]);
    broken("3503-JULI 2019.zip", &whole[..whole.len() / 2], &["E0201"]);
    broken(
        "3503-OKTOBER 2019.zip",
        &zipped(&[("../../3503_RT.csv", &households("3503"))]),
        &["E0201", "outside"],
    );
}

#[test]
fn files_that_break_their_contract_are_refused_with_place_and_advice() {
    broken(
        "PKH judul saja.csv",
        b"NO;NAMA;NIK;NO KK\n",
        &["E0204", "no rows", "explain E0204"],
    );
    broken(
        "PKH tanpa judul.xlsx",
        &workbook(&[&["SITI", "3503110203850001"], &["BUDI", "3503110203850001"]]),
        &["E0202", "put a row of headings"],
    );
    broken(
        "PKH tanpa nama.csv",
        b"NO;NIK;NO KK;DESA\n1;3503110203850001;;X\n",
        &[
            "E0203",
            "missing     `nama`",
            "NAMA PENERIMA",
            "nik                    <- NIK",
        ],
    );
    broken(
        "BST dua judul.csv",
        b"NO;NAMA;NIK;NIK\n1;SITI;3503110203850001;3503110203850001\n",
        &["E0205", "column `nik`", "stands twice"],
    );
    broken(
        "Usulan DTKS.csv",
        b"NO,NAMA,NIK\n1,SITI,3503110203850001\n",
        &["E0208", "--periode"],
    );
    let mut damaged = String::from("NO;NAMA;NIK\n");
    let mut ragged = damaged.clone();
    for row in 0..250 {
        damaged.push_str(&format!("{row};SITI;3503110203{:06}\n", row % 100 * 100 + 850_010));
        ragged.push_str(if row % 5 == 0 {
            "1;SITI\n"
        } else {
            "1;SITI;3503114203850002\n"
        });
    }
    broken(
        "PKH rusak.csv",
        damaged.as_bytes(),
        &[
            "E0206",
            "NIK_TERPOTONG_EXCEL",
            "as text",
            "rows        250 read = 250 kept",
            "status_nik  VALID: 250",
        ],
    );
    broken(
        "PKH compang.csv",
        ragged.as_bytes(),
        &[
            "E0207",
            "line 2",
            "50  GALAT BARIS_RUSAK",
            "rows        250 read = 200 kept + 50 quarantined",
            "status_nik  VALID: 200",
        ],
    );
}

#[test]
fn the_rows_that_come_closest_to_a_header_are_named() {
    let rows: &[&[&str]] = &[&["DAFTAR PKH"], &["NAMA", "UMUR"], &["SITI", "40"], &["BUDI", "41"]];
    broken(
        "PKH tanpa nomor.xlsx",
        &workbook(rows),
        &["E0202", "sheet `Sheet1`, line 2 with 1 column"],
    );
}

#[test]
fn the_district_is_that_of_the_file_unless_one_is_told() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "3504_RT OKTOBER 2020.csv", households("3504").as_bytes());
    let ended = validate(&path, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    assert!(ended.stdout.contains("3504 (as the file says)"), "{}", ended.stdout);
    let ended = validate(&path, &["--kabupaten", "3503"]);
    assert_eq!(ended.code, 3);
    assert!(ended.stdout.contains("E0209"), "{}", ended.stdout);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().to_str().unwrap();
    assert_eq!(bansos360(&["init", "--workspace", root]).code, 0);
    let ended = validate(&path, &["--workspace", root]);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(ended.stdout.contains("as the workspace says"), "{}", ended.stdout);
    assert_eq!(fs::read_dir(workspace.path().join("lake/staged")).unwrap().count(), 0);
}

#[test]
fn a_clean_file_is_accepted_without_a_word_of_warning() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "PKH 2020.csv", CLEAN.as_bytes());
    let ended = validate(&path, &["--strict"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(
        !ended.stdout.contains("PERINGATAN") && !ended.stdout.contains("GALAT"),
        "{}",
        ended.stdout
    );
    for words in [
        "source      `pkh`",
        "its name holds `pkh`",
        "no_kk                  <- NO KK",
        "delimiter `,`",
        "UTF-8",
        "VALID: 2",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    assert!(
        ended.stdout.contains("2 read = 2 kept + 0 quarantined + 0 skipped"),
        "{}",
        ended.stdout
    );
}

#[test]
fn warnings_fail_only_where_they_are_to() {
    let folder = TempDir::new().unwrap();
    let text = CLEAN.replace("3503110203850002", "35031102038500");
    let path = file(&folder, "PKH 2020.csv", text.as_bytes());
    let ended = validate(&path, &[]);
    assert_eq!(ended.code, 0);
    assert!(
        ended.stdout.contains("PERINGATAN NIK_PANJANG_SALAH `nik`"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("line 3: 350311********"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("35031102038500"));
    assert_eq!(validate(&path, &["--strict"]).code, 3);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().to_str().unwrap();
    assert_eq!(bansos360(&["init", "--workspace", root]).code, 0);
    let calmed = "[temuan.tingkat]\nNIK_PANJANG_SALAH = \"INFO\"\n";
    fs::write(workspace.path().join("bansos360.toml"), calmed).unwrap();
    let ended = validate(&path, &["--strict", "--workspace", root]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn header_rows_are_scored_and_quarantine_is_counted_by_reason() {
    let folder = TempDir::new().unwrap();
    let rows: &[&[&str]] = &[
        &["DAFTAR PENERIMA KPE"],
        &["KABUPATEN", "TRENGGALEK"],
        &["NO", "NAMA", "NIK", "NO. KK", "DESA", "DESA/KELURAHAN", "CATATAN"],
        &[
            "1",
            "SITI INVENTED",
            "3503114203850001",
            "",
            "NGLEBENG",
            "NGLEBENG",
            "x",
        ],
        &["2", "", "", "", "NGLEBENG", "NGLEBENG", "y"],
        &["JUMLAH", "1"],
    ];
    let path = file(&folder, "BNBA KPE.xlsx", &workbook(rows));
    let report = json(&path, &[]);
    let piece = &report["berkas"][0]["bagian"][0];
    assert_eq!(piece["sumber"], "kpe");
    assert_eq!(piece["format"], "xlsx");
    let sheet = &piece["lembar"][0];
    assert_eq!(sheet["baris_judul"], 3);
    assert_eq!(sheet["calon_judul"][0]["baris"], 3);
    assert_eq!(sheet["calon_judul"][1]["baris"], 2, "{sheet}");
    assert_eq!(sheet["bersaing"][0]["judul"], "DESA");
    assert_eq!(sheet["diabaikan"][0], "CATATAN");
    let balance = &piece["baris"];
    assert_eq!(balance["karantina_per_alasan"]["tanpa identitas"], 1, "{balance}");
    assert_eq!(balance["dilewati"]["total_catatan_tanda_tangan"], 1, "{balance}");
    let sum = ["disimpan", "karantina"]
        .iter()
        .map(|key| balance[key].as_u64().unwrap())
        .sum::<u64>()
        + 1;
    assert_eq!(balance["dibaca"].as_u64().unwrap(), sum);
    assert!(piece["calon"].as_array().unwrap().len() > 1);
    assert_eq!(piece["status_nik"]["VALID"], 1);
}

#[test]
fn a_proposed_alias_does_what_it_says() {
    let folder = TempDir::new().unwrap();
    let text = CLEAN
        .replace("NIK,NO KK", "NOMOR INDUK,KET")
        .replace("KECAMATAN", "KECAMTAN");
    let path = file(&folder, "KPE.csv", text.as_bytes());
    let ended = validate(&path, &[]);
    assert_eq!(ended.code, 3);
    assert!(ended.stdout.contains("its values fit"), "{}", ended.stdout);
    let report = json(&path, &[]);
    let piece = &report["berkas"][0]["bagian"][0];
    assert_eq!(piece["penolakan"]["code"], "E0203");
    let close = &piece["lembar"][0]["wajib_tidak_ada"][0]["mirip"];
    let headings: Vec<&str> = close
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["judul"].as_str())
        .collect();
    assert!(headings.contains(&"NOMOR INDUK"), "{close}");
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().to_str().unwrap();
    assert_eq!(bansos360(&["init", "--workspace", root]).code, 0);
    fs::create_dir_all(workspace.path().join("pipelines")).unwrap();
    let toml = piece["saran_toml"].as_str().unwrap();
    fs::write(workspace.path().join("pipelines/kpe.toml"), toml).unwrap();
    let ended = validate(&path, &["--workspace", root]);
    assert_eq!(ended.code, 0, "{toml}{}{}", ended.stdout, ended.stderr);
    for words in [
        "nik                    <- NOMOR INDUK",
        "kecamatan              <- KECAMTAN",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
}

#[test]
fn unknown_files_are_told_which_source_comes_closest() {
    broken("surat.txt", b"Kepada Yth.\nBupati\n", &["unknown", "no pipeline knows"]);
    broken("foto.jpg", &[0xFF, 0xD8, 0xFF, 0, 1, 2, 3], &["unknown"]);
    broken(
        "daftar baru.csv",
        CLEAN.as_bytes(),
        &["closest to", "put its word there", "`PKH` for `pkh`"],
    );
    broken("kiriman.zip", &zipped(&[("foto.jpg", "x")]), &["unknown", "ignored"]);
}

#[test]
fn a_zip_is_one_delivery() {
    let folder = TempDir::new().unwrap();
    let good = zipped(&[("3503_RT.csv", &households("3503")), ("foto.jpg", "x")]);
    let path = file(&folder, "3503-OKTOBER 2020.zip", &good);
    let ended = validate(&path, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    for words in ["› 3503_RT.csv", "periode     2020-10", "`foto.jpg` is ignored"] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    let bad = zipped(&[
        ("3503_RT.csv", &households("3503")),
        ("3503_ART.csv", "IDARTBDT,IDBDT,NIK,Hub_KRT,NUK\n1,1,1,1,1\n"),
    ]);
    let report = json(&file(&folder, "3503-OKTOBER 2020.zip", &bad), &[]);
    assert_eq!(report["kode_keluar"], 3);
    assert_eq!(report["berkas"][0]["hasil"], "ditolak");
    let verdicts: Vec<_> = report["berkas"][0]["bagian"]
        .as_array()
        .unwrap()
        .iter()
        .map(|piece| piece["hasil"].clone())
        .collect();
    assert_eq!(
        verdicts.iter().filter(|verdict| *verdict == "ditolak").count(),
        1,
        "{report}"
    );
}

#[test]
fn the_sample_keeps_its_contracts() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw");
    let ended = validate(&sample, &[]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("0 unknown, 0 refused"), "{}", ended.stdout);
}

#[test]
fn annotations_have_the_shape_that_github_reads() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "KPE, baru.csv", b"NO,NAMA,DESA\n1,X,Y\n");
    let ended = validate(&path, &["--format", "github"]);
    assert_eq!(ended.code, 3);
    let line = ended.stdout.lines().next().unwrap();
    assert!(line.starts_with("::error file="), "{line}");
    assert!(
        line.contains("KPE%2C baru.csv,line=1,title=E0203::line 1: column `nik or no_kk`"),
        "{line}"
    );
    let text = CLEAN.replace("3503110203850002", "35031102038500");
    let path = file(&folder, "PKH.csv", text.as_bytes());
    let ended = validate(&path, &["--format", "github"]);
    assert_eq!(ended.code, 0);
    assert!(ended.stdout.starts_with("::warning file="), "{}", ended.stdout);
    assert!(
        ended.stdout.contains(",line=3,title=NIK_PANJANG_SALAH::PERINGATAN nik"),
        "{}",
        ended.stdout
    );
    assert!(
        validate(&path, &["--format", "github", "--strict"])
            .stdout
            .starts_with("::error file=")
    );
}

#[test]
fn junit_is_well_formed() {
    let folder = TempDir::new().unwrap();
    file(&folder, "KPE & \"baru\" <1>.csv", b"NO,NAMA,A & <B>\n1,X,2\n");
    file(&folder, "PKH.csv", CLEAN.as_bytes());
    let ended = validate(folder.path(), &["--format", "junit"]);
    assert_eq!(ended.code, 3);
    let mut reader = Reader::from_str(&ended.stdout);
    let (mut open, mut cases, mut failures) = (0, 0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open += 1;
                assert!(start.attributes().all(|attribute| attribute.is_ok()));
                cases += usize::from(start.name().as_ref() == "testcase");
                failures += usize::from(start.name().as_ref() == "failure");
            }
            Event::End(_) => open -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((open, cases, failures), (0, 2, 1), "{}", ended.stdout);
    assert!(ended.stdout.contains("tests=\"2\" failures=\"1\""), "{}", ended.stdout);
}

#[test]
fn wrong_usage_is_exit_code_2() {
    assert_eq!(bansos360(&["validate"]).code, 2);
    assert_eq!(bansos360(&["validate", "no/such/file.csv"]).code, 2);
    assert_eq!(bansos360(&["validate", "x", "--kabupaten", "Trenggalek"]).code, 2);
    assert_eq!(bansos360(&["validate", "x", "--periode", "Oktober"]).code, 2);
    assert_eq!(bansos360(&["status", "--format", "junit"]).code, 2);
}

#[test]
fn errors_are_explained() {
    let ended = bansos360(&["explain", "e0203"]);
    assert_eq!(ended.code, 0);
    assert!(
        ended.stdout.starts_with("E0203: a required column is missing"),
        "{}",
        ended.stdout
    );
    let ended = bansos360(&["explain", "E0299"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("the nearest is `E02"), "{}", ended.stderr);
    let ended = bansos360(&["explain", "--all"]);
    let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors.md")).unwrap();
    assert_eq!(ended.stdout, committed, "run `just docs`");
    assert_eq!(bansos360(&["explain"]).code, 2);
}
