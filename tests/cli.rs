//! The binary from end to end: what it prints, what it leaves behind, and how it ends.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The committed sample.
fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw")
}

#[test]
fn the_readme_leads_to_every_page_of_docs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let row = readme.lines().find(|line| line.starts_with("| `docs/` |")).unwrap();
    for entry in fs::read_dir(root.join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|end| end == "md") && !name.starts_with('.') {
            assert!(
                row.contains(&format!("(docs/{name})")),
                "the README's row of `docs/` lacks {name}"
            );
        }
    }
}

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

fn bansos360(workspace: &Path, arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    let output = command
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

fn run(workspace: &Path, paths: &[&Path]) -> Ended {
    let mut arguments = vec!["run"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    bansos360(workspace, &arguments)
}

/// Marts by name, as bytes.
fn marts(workspace: &Path) -> Vec<(String, Vec<u8>)> {
    let folder = workspace.join("current/marts");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(path).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

fn query(sql: &str) -> Vec<String> {
    let connection = duckdb::Connection::open_in_memory().unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Run ids, times and folders of this test, blotted out.
fn blotted(text: &str, workspace: &Path) -> String {
    let text = text.replace(workspace.to_str().unwrap(), "<workspace>");
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let core = word.trim_end();
        let is_run_id = core.trim_end_matches([':', ',']).len() == 20 && core.contains('T') && core.starts_with("20");
        if is_run_id {
            word.replace(core, "<run>")
        } else {
            word.to_owned()
        }
    });
    let text = words.collect::<String>();
    let mut blotted = String::new();
    for line in text.lines() {
        match line.split_once(" in ") {
            Some((before, after)) if before.starts_with("Published") => {
                let rest = after.split_once(" s:").map_or("", |(_, rest)| rest);
                blotted.push_str(&format!("{before} in <time>:{rest}"));
            }
            _ => blotted.push_str(line),
        }
        blotted.push('\n');
    }
    blotted
}

#[test]
fn the_sample_becomes_eight_marts_and_a_summary() {
    let workspace = TempDir::new().unwrap();
    let ended = run(workspace.path(), &[&sample()]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(marts(workspace.path()).len(), 8);
    insta::assert_snapshot!("run_over_the_sample", blotted(&ended.stdout, workspace.path()));
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let workspace = TempDir::new().unwrap();
    assert_eq!(run(workspace.path(), &[&sample()]).code, 0);
    let release = fs::read_link(workspace.path().join("current")).unwrap();
    let ended = run(workspace.path(), &[&sample()]);
    assert_eq!(ended.code, 0);
    assert!(ended.stdout.starts_with("Nothing to do"), "{}", ended.stdout);
    assert_eq!(fs::read_link(workspace.path().join("current")).unwrap(), release);
    assert_eq!(fs::read_dir(workspace.path().join("releases")).unwrap().count(), 1);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    assert_eq!(run(first.path(), &[&sample()]).code, 0);
    assert_eq!(run(second.path(), &[&sample()]).code, 0);
    for (left, right) in marts(first.path()).iter().zip(&marts(second.path())) {
        assert!(left == right, "{} differs between two builds", left.0);
    }
}

#[test]
fn the_catalogue_tells_the_truth_about_the_marts() {
    let workspace = TempDir::new().unwrap();
    run(workspace.path(), &[&sample()]);
    let text = fs::read_to_string(workspace.path().join("current/katalog.json")).unwrap();
    let katalog: serde_json::Value = serde_json::from_str(&text).unwrap();
    let marts = katalog["mart"].as_array().unwrap();
    assert_eq!(marts.len(), 8);
    for mart in marts {
        let path = workspace.path().join("current").join(mart["berkas"].as_str().unwrap());
        assert_eq!(mart["ukuran"].as_u64().unwrap(), fs::metadata(&path).unwrap().len());
        let counted = query(&format!("SELECT count(*)::VARCHAR AS n FROM '{}'", path.display()));
        assert_eq!(counted, [mart["baris"].to_string()]);
        let types = query(&format!(
            "SELECT column_name || ' ' || column_type AS c FROM (DESCRIBE SELECT * FROM '{}')",
            path.display()
        ));
        let told: Vec<String> = mart["kolom"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| {
                format!(
                    "{} {}",
                    column["nama"].as_str().unwrap(),
                    column["tipe"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(types, told);
    }
}

#[test]
fn a_new_program_is_one_file() {
    let workspace = TempDir::new().unwrap();
    let inbox = workspace.path().join("inbox");
    assert_eq!(bansos360(workspace.path(), &["init"]).code, 0);
    fs::create_dir_all(workspace.path().join("pipelines")).unwrap();
    fs::write(
        workspace.path().join("pipelines/blt_dd.toml"),
        "source = \"blt_dd\"\nextends = \"daftar_program\"\ntitle = \"BLT Dana Desa\"\n\n[match]\nname = [\"blt dd\", \"blt-dd\"]\n\n\
         [program]\nkode = \"BLT_DD\"\nnama = \"BLT DANA DESA\"\n\n\
         [[program.rule]]\nid = \"BLT_DD_TIDAK_BOLEH_RANGKAP\"\nexcludes = [\"PKH\", \"SEMBAKO\"]\nsatuan = \"nik\"\n",
    )
    .unwrap();
    fs::write(inbox.join("BLT DD 2020.csv"), "NO;NAMA;NIK;NO KK;DESA;KECAMATAN\n1;SITI INVENTED;3503114203850001;;Nglebeng;Panggul\n2;BUDI INVENTED;3503110203850002;;Nglebeng;Panggul\n").unwrap();
    fs::write(
        inbox.join("PKH 2020.csv"),
        "NO,NAMA,NIK,NO KK,DESA,KECAMATAN\n1,SITI INVENTED,3503114203850001,,Nglebeng,Panggul\n",
    )
    .unwrap();
    let ended = run(workspace.path(), &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let rows = query(&format!(
        "SELECT kode_program || ' ' || daftar_program || ' ' || coalesce(aturan_dilanggar, '-') AS r FROM '{}' ORDER BY r",
        workspace.path().join("current/marts/mart_1_kpm.parquet").display()
    ));
    assert_eq!(
        rows,
        [
            "BLT_DD BLT_DD -",
            "BLT_DD BLT_DD, PKH BLT_DD_TIDAK_BOLEH_RANGKAP",
            "PKH BLT_DD, PKH SEMBAKO_WAJIB_UNTUK_PKH"
        ]
    );
    assert_eq!(
        fs::read_dir(&inbox).unwrap().count(),
        0,
        "what the lake has is taken from the inbox"
    );
}

/// A file that is wrong, and what the run says of it.
fn refused(name: &str, bytes: &[u8], words: &str) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let workspace = TempDir::new().unwrap();
    let ended = run(workspace.path(), &[&path]);
    assert_eq!(ended.code, 3, "{name}: {}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains(words), "{name}: {}", ended.stderr);
    assert!(ended.stderr.contains(name), "{name}: {}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{name}: {}", ended.stderr);
    assert!(!workspace.path().join("current").exists(), "{name}");
    let lake = fs::read_dir(workspace.path().join("lake/raw")).unwrap().count();
    assert_eq!(lake, 0, "{name} left something in the lake");
}

#[test]
fn wrong_files_are_refused_with_what_to_do() {
    refused("PKH kosong.csv", b"", "empty");
    refused("PKH judul saja.csv", b"NO;NAMA;NIK;NO KK\n", "no rows");
    refused(
        "PKH biner.xlsx",
        &[0x13, 0x37, 0, 1, 2, 3, 0, 255, 254, 0, 9, 8, 7],
        "error[E0201]",
    );
    refused(
        "PKH tanpa nama.csv",
        b"NO;NIK;NO KK;DESA\n1;3503110203850001;;X\n",
        "required column",
    );
    refused(
        "PKH html.xls",
        b"<html><body><table><tr><td>NIK</td></tr></table></body></html>",
        "xlsx",
    );
    refused("PKH nul.csv", b"NO;NAMA;NIK\n1;A\0B;3503110203850001\n", "error[E0201]");
    refused(
        "3503_RT.csv",
        b"IDBDT,KDPROP,KDKAB,KDKEC,KDDESA,lantai\n3503010001000001,35,03,010,001,1\n",
        "--periode",
    );
    refused("3503-MEI 2018.zip", b"PK\x03\x04 and nothing more", "zip");
}

#[test]
fn files_of_another_district_are_refused() {
    let mut text = String::from("IDBDT,KDPROP,KDKAB,KDKEC,KDDESA,sta_bangunan,percentile\n");
    for row in 0..20 {
        text.push_str(&format!("3504010001{row:06},35,04,010,001,1,12\n"));
    }
    refused("3504_RT OKTOBER 2020.csv", text.as_bytes(), "district");
}

#[test]
fn a_zip_that_leads_outside_is_refused() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    zip.start_file("../../3503_RT.csv", zip::write::SimpleFileOptions::default())
        .unwrap();
    std::io::Write::write_all(&mut zip, b"IDBDT,KDDESA\n").unwrap();
    zip.finish().unwrap();
    refused("3503-MEI 2018.zip", bytes.get_ref(), "outside");
}

#[test]
fn an_unknown_file_is_kept_and_is_no_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("surat.txt");
    fs::write(&path, "Kepada Yth.\nBupati\n").unwrap();
    let workspace = TempDir::new().unwrap();
    let ended = run(workspace.path(), &[&path]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("`lain`"), "{}", ended.stderr);
    assert!(workspace.path().join("lake/raw/lain").is_dir());
}

#[test]
fn a_refused_file_leaves_yesterdays_marts_and_the_others_go_on() {
    let workspace = TempDir::new().unwrap();
    let folder = TempDir::new().unwrap();
    let good = folder.path().join("PKH 2020.csv");
    fs::write(&good, "NO,NAMA,NIK,NO KK\n1,SITI INVENTED,3503114203850001,\n").unwrap();
    assert_eq!(run(workspace.path(), &[&good]).code, 0);
    let before = marts(workspace.path());
    let bad = folder.path().join("KPE.csv");
    fs::write(&bad, "NO,NAMA\n1,X\n").unwrap();
    assert_eq!(run(workspace.path(), &[&bad]).code, 3);
    assert_eq!(marts(workspace.path()), before);
    let other = folder.path().join("BST THP 3.csv");
    fs::write(&other, "NO,NAMA,NIK,NO KK\n1,BUDI INVENTED,3503110203850002,\n").unwrap();
    assert_eq!(run(workspace.path(), &[&bad, &other]).code, 3);
    let mart_1 = workspace.path().join("current/marts/mart_1_kpm.parquet");
    assert_eq!(
        query(&format!("SELECT count(*)::VARCHAR AS n FROM '{}'", mart_1.display())),
        ["2"]
    );
}

#[test]
fn wrong_usage_is_exit_code_2_and_a_held_workspace_5() {
    let workspace = TempDir::new().unwrap();
    assert_eq!(bansos360(workspace.path(), &["run", "--no-such-flag"]).code, 2);
    assert_eq!(bansos360(workspace.path(), &["status"]).code, 2);
    assert_eq!(run(workspace.path(), &[Path::new("no/such/file.csv")]).code, 2);
    assert_eq!(bansos360(workspace.path(), &["init"]).code, 0);
    let lock = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(workspace.path().join(".kunci"))
        .unwrap();
    lock.lock().unwrap();
    let ended = run(workspace.path(), &[]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
}

#[test]
fn nobody_else_can_read_a_workspace() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().join("ws");
    let folder = TempDir::new().unwrap();
    let good = folder.path().join("PKH 2020.csv");
    fs::write(&good, "NO,NAMA,NIK,NO KK\n1,SITI INVENTED,3503114203850001,\n").unwrap();
    assert_eq!(run(&root, &[&good]).code, 0);
    let mut open = vec![root];
    while let Some(path) = open.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_symlink() {
            continue;
        }
        assert_eq!(
            metadata.permissions().mode() & 0o077,
            0,
            "{} can be read by others",
            path.display()
        );
        if metadata.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
}
