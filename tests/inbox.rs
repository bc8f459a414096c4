//! Through the binary: what `run` takes from the inbox, what it leaves, and where refused files go.

use assert_cmd::Command;
use serde_json::Value;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

const GOOD: &str = "NO,NAMA,NIK,NO KK\n1,SITI INVENTED,3503114203850001,\n";
const BAD: &str = "NO,NAMA,DESA\n1,BUDI INVENTED,NGLEBENG\n";

fn bansos360(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    let output = command.args(arguments).arg("--workspace").arg(root).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

fn workspace() -> TempDir {
    let folder = TempDir::new().unwrap();
    assert_eq!(bansos360(folder.path(), &["init"]).0, 0);
    folder
}

/// A file that was dropped an hour ago.
fn drop_in(root: &Path, name: &str, text: &str) -> PathBuf {
    let path = root.join("inbox").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    let hour_ago = SystemTime::now() - Duration::from_hours(1);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(hour_ago)
        .unwrap();
    path
}

/// Names under a folder, without folders.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let files = entries.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn refused_files_move_aside_with_their_reason_and_come_back_mended() {
    let folder = workspace();
    let root = folder.path();
    drop_in(root, "PKH 2020.csv", GOOD);
    drop_in(root, "kiriman/KPE.csv", BAD);
    let (code, _, stderr) = bansos360(root, &["run"]);
    assert_eq!(code, 3, "{stderr}");
    let refused = root.join("inbox/ditolak");
    assert_eq!(names(&root.join("inbox")), [""; 0]);
    assert_eq!(names(&refused), ["KPE.csv", "KPE.csv.alasan.txt"]);
    let reason = fs::read_to_string(refused.join("KPE.csv.alasan.txt")).unwrap();
    for words in ["Berkas   : KPE.csv", "E0203", "Kolom yang wajib", "taruh lagi"] {
        assert!(reason.contains(words), "{words}: {reason}");
    }
    assert!(!reason.contains("INVENTED"), "{reason}");
    assert_eq!(fs::read_to_string(refused.join("KPE.csv")).unwrap(), BAD);

    // The folder is no inbox: the next run has nothing to do.
    let (code, stdout, _) = bansos360(root, &["run"]);
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.starts_with("Nothing to do"), "{stdout}");
    let (_, status, _) = bansos360(root, &["status"]);
    assert!(
        status.contains("Waiting in the inbox: nothing") && status.contains("ditolak with the reason: KPE.csv\n"),
        "{status}"
    );

    // Refused once more: the earlier one stays.
    drop_in(root, "KPE.csv", BAD);
    assert_eq!(bansos360(root, &["run"]).0, 3);
    assert_eq!(
        names(&refused),
        ["KPE (2).csv", "KPE (2).csv.alasan.txt", "KPE.csv", "KPE.csv.alasan.txt"]
    );

    // Mended and dropped again.
    drop_in(root, "KPE.csv", GOOD.replace("SITI", "JOKO").as_str());
    let (code, _, stderr) = bansos360(root, &["run"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(root.join("lake/raw/kpe").is_dir());
}

#[test]
fn where_a_refused_file_stops_every_run_it_stays() {
    let folder = workspace();
    let root = folder.path();
    fs::write(root.join("bansos360.toml"), "[run]\nbila_ditolak = \"berhenti\"\n").unwrap();
    drop_in(root, "PKH 2020.csv", GOOD);
    let bad = drop_in(root, "KPE.csv", BAD);
    for _ in 0..2 {
        assert_eq!(bansos360(root, &["run"]).0, 3);
        assert!(bad.exists());
        assert!(!root.join("current").exists());
        assert_eq!(names(&root.join("inbox/ditolak")), ["KPE.csv.alasan.txt"]);
    }
    fs::remove_file(bad).unwrap();
    assert_eq!(bansos360(root, &["run"]).0, 0);
}

#[test]
fn files_that_are_under_way_are_left() {
    let folder = workspace();
    let root = folder.path();
    for name in [
        "BST THP 3.csv.filepart",
        "PKH.csv.part",
        "~$PKH.xlsx",
        ".~lock.PKH.xlsx#",
        "KPE.csv.tmp",
    ] {
        drop_in(root, name, GOOD);
    }
    let clock = Instant::now();
    let (code, _, stderr) = bansos360(root, &["run"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(names(&root.join("inbox")).len(), 5);
    assert!(!root.join("inbox/ditolak").exists());
    assert!(clock.elapsed() < Duration::from_mins(1));
}

#[test]
fn a_file_that_still_grows_is_left_for_the_next_run() {
    let folder = workspace();
    let root = folder.path().to_owned();
    fs::write(root.join("bansos360.toml"), "[inbox]\ntenang_detik = 3\n").unwrap();
    drop_in(&root, "PKH 2020.csv", GOOD);
    let path = root.join("inbox/KPE.csv");
    let mut growing = File::create(&path).unwrap();
    growing.write_all(b"NO,NAMA,NIK,NO KK\n").unwrap();
    let writer = std::thread::spawn(move || {
        let until = Instant::now() + Duration::from_secs(25);
        let mut row = 0;
        while Instant::now() < until {
            row += 1;
            writeln!(growing, "{row},JOKO INVENTED,35031102038500{:02},", row % 90).unwrap();
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let (code, stdout, stderr) = bansos360(&root, &["run", "--format", "json"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("`KPE.csv`: it is still being written"), "{stderr}");
    assert_eq!(names(&root.join("inbox")), ["KPE.csv"]);
    let record: Value = serde_json::from_str(&stdout).unwrap();
    let waiting = record["berkas_masuk"].as_array().unwrap().iter();
    let results: Vec<&str> = waiting.map(|arrival| arrival["hasil"].as_str().unwrap()).collect();
    assert!(
        results.contains(&"menunggu") && results.contains(&"baru"),
        "{results:?}"
    );
    writer.join().unwrap();
    let (code, _, stderr) = bansos360(&root, &["run"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(names(&root.join("inbox")).is_empty());
}

#[test]
fn paths_of_the_command_line_are_never_moved() {
    let folder = workspace();
    let outside = TempDir::new().unwrap();
    let (good, bad) = (outside.path().join("PKH 2020.csv"), outside.path().join("KPE.csv"));
    fs::write(&good, GOOD).unwrap();
    fs::write(&bad, BAD).unwrap();
    let (code, _, _) = bansos360(folder.path(), &["run", outside.path().to_str().unwrap()]);
    assert_eq!(code, 3);
    assert!(good.exists() && bad.exists());
    assert!(!folder.path().join("inbox/ditolak").exists());
}

#[test]
fn what_the_lake_has_and_the_inbox_still_has_is_known() {
    // As after a kill between the two.
    let folder = workspace();
    let root = folder.path();
    drop_in(root, "PKH 2020.csv", GOOD);
    assert_eq!(bansos360(root, &["run"]).0, 0);
    drop_in(root, "PKH 2020.csv", GOOD);
    let (code, stdout, _) = bansos360(root, &["run"]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("Nothing to do"), "{stdout}");
    assert!(names(&root.join("inbox")).is_empty());
}

/// Lists are staged beside DTKS, for the latest periode that names tell. Where that one is refused, the dates of lists end with the one
/// before, as if it had never come.
#[test]
fn a_refused_latest_periode_leaves_no_trace_in_the_lists() {
    let folder = TempDir::new().unwrap();
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw");
    let latest = "3503-OKTOBER 2020.zip";
    let marts_of = |workspace: &str, brings_latest: bool| {
        let brought = folder.path().join(format!("{workspace}-raw"));
        fs::create_dir(&brought).unwrap();
        for entry in fs::read_dir(&raw).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_owned();
            if name != latest {
                fs::copy(&path, brought.join(&name)).unwrap();
            } else if brings_latest {
                let mut bytes = fs::read(&path).unwrap();
                let third = bytes.len() / 3;
                bytes[third..third + 40].fill(0);
                fs::write(brought.join(&name), bytes).unwrap();
            }
        }
        let root = folder.path().join(workspace);
        let (code, _, stderr) = bansos360(&root, &["run", brought.to_str().unwrap()]);
        assert_eq!(code, if brings_latest { 3 } else { 0 }, "{stderr}");
        let marts = root.join("current/marts");
        let read = names(&marts).into_iter().map(|name| {
            let bytes = fs::read(marts.join(&name)).unwrap();
            (name, bytes)
        });
        read.collect::<Vec<_>>()
    };
    let (refused, absent) = (marts_of("refused", true), marts_of("absent", false));
    assert_eq!(refused.len(), 8);
    for (left, right) in refused.iter().zip(&absent) {
        assert!(left == right, "{} differs", left.0);
    }
}
