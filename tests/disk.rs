//! Disks that are full or can only be read, limits on files, and clocks that go back.
#![expect(clippy::print_stderr, reason = "what this machine does not allow is skipped aloud")]

mod kit;

use kit::{copy, end, lake_holds, last_record, marts, nothing_left, run, run_well, sample, whole};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A file system of its own below a folder; taken away again when it is dropped.
struct Mount<'p>(&'p Path);

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

/// `None`, aloud, where this machine lets nobody mount.
fn mount<'p>(path: &'p Path, arguments: &[&str]) -> Option<Mount<'p>> {
    let mounted = Command::new("mount").args(arguments).arg(path).output();
    match mounted {
        Ok(output) if output.status.success() => Some(Mount(path)),
        Ok(output) => {
            eprintln!("skipped: mount says {}", String::from_utf8_lossy(&output.stderr).trim());
            None
        }
        Err(error) => {
            eprintln!("skipped: there is no mount: {error}");
            None
        }
    }
}

#[test]
fn a_disk_that_is_really_full() {
    let (_folder, raw) = sample(60);
    let (_later, more) = sample(400);
    let disk = TempDir::new().unwrap();
    let Some(_mount) = mount(disk.path(), &["-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs"]) else {
        return;
    };
    let root = disk.path().join("ws");
    run_well(&root, &[&raw]);
    let before = (whole(&root), marts(&root));
    assert!(before.0.is_some());
    // Sizes at which the next run fails early, while staging, and while building.
    let full = disk.path().join("full");
    let mut failed = 0;
    for left in [20_000_u64, 200_000, 1_000_000, 4_000_000, 9_000_000] {
        fs::write(
            &full,
            vec![0; usize::try_from(free(disk.path()).saturating_sub(left)).unwrap()],
        )
        .unwrap();
        let ended = end(run(&root, &[&more]));
        fs::remove_file(&full).unwrap();
        if ended.code() == 0 {
            continue;
        }
        failed += 1;
        assert_eq!(ended.code(), 1, "{left} left: {}", ended.stderr);
        let told = ["error[E0501]", "error[E0502]"]
            .iter()
            .any(|code| ended.stderr.contains(code));
        let why = [
            "No space left",
            "could not write",
            "Could not write",
            "disk",
            "make room",
        ];
        assert!(
            told && why.iter().any(|words| ended.stderr.contains(words)),
            "{left} left: {}",
            ended.stderr
        );
        assert!(!ended.stderr.contains("refused"), "{left} left: {}", ended.stderr);
        assert_eq!((whole(&root), marts(&root)), before, "{left} left");
        lake_holds(&root);
    }
    assert!(failed >= 2, "the disk was never full");
    run_well(&root, &[&more]);
    assert_ne!(whole(&root), before.0);
    nothing_left(&root);
}

fn free(path: &Path) -> u64 {
    let told = Command::new("df")
        .args(["--output=avail", "-B1"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    text.lines().nth(1).unwrap().trim().parse().unwrap()
}

#[test]
fn a_workspace_that_can_only_be_read() {
    let (_folder, raw) = sample(60);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path();
    run_well(root, &[&raw]);
    let before = (whole(root), marts(root));
    let path = root.to_str().unwrap();
    let Some(_bound) = mount(root, &["--bind", path]) else {
        return;
    };
    let Some(_closed) = mount(root, &["-o", "remount,bind,ro"]) else {
        return;
    };
    let ended = end(run(root, &[&raw]));
    assert_eq!(ended.code(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("error[E0501]"), "{}", ended.stderr);
    assert!(ended.stderr.contains("can only be read"), "{}", ended.stderr);
    assert_eq!((whole(root), marts(root)), before);
    // Those who only read do not mind.
    assert_eq!(end(kit::bansos360(root, &["status"])).code(), 0);
}

/// Where it binds: not for root.
#[test]
fn a_folder_without_the_right_to_write() {
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().join("ws");
    let (_folder, raw) = sample(60);
    run_well(&root, &[&raw]);
    fs::set_permissions(root.join("lake/raw"), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(root.join("lake/raw/probe"), "").is_ok() {
        eprintln!("skipped: rights do not bind this user");
        return;
    }
    let ended = end(run(&root, &[&raw]));
    fs::set_permissions(root.join("lake/raw"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(ended.code(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("give this user the right"), "{}", ended.stderr);
}

/// A limit on the size of files is a disk that is full for large files only.
#[test]
fn a_limit_on_the_size_of_files() {
    let (_folder, raw) = sample(400);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().join("ws");
    let program = env!("CARGO_BIN_EXE_bansos360");
    // In units of 512 or 1024 bytes; SIGXFSZ is ignored, so that the write fails instead.
    let script = format!(
        "trap '' XFSZ; ulimit -f 60; exec '{program}' run --workspace '{}' '{}'",
        root.display(),
        raw.display()
    );
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("error[E050"), "{words}");
    assert!(!words.contains("refused"), "{words}");
    assert_eq!(whole(&root), None);
    run_well(&root, &[&raw]);
    assert!(whole(&root).is_some());
    nothing_left(&root);
}

#[test]
fn a_clock_that_was_set_back() {
    let (_folder, raw) = sample(60);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path();
    let list = raw.join("BNBA KPE 20K.xlsx");
    run_well(root, &[&raw]);
    // The release, its record and the lake's entries are of a time to come: the clock was wrong when they were made.
    let now = whole(root).unwrap();
    let ahead = format!("2099{}", &now[4..]);
    for (from, to) in [
        (root.join("releases").join(&now), root.join("releases").join(&ahead)),
        (
            root.join(format!("runs/{now}.json")),
            root.join(format!("runs/{ahead}.json")),
        ),
    ] {
        fs::rename(from, to).unwrap();
    }
    for file in [
        root.join(format!("runs/{ahead}.json")),
        root.join("releases").join(&ahead).join("katalog.json"),
    ] {
        fs::write(&file, fs::read_to_string(&file).unwrap().replace(&now, &ahead)).unwrap();
    }
    fs::remove_file(root.join("current")).unwrap();
    std::os::unix::fs::symlink(format!("releases/{ahead}"), root.join("current")).unwrap();
    let entries: Vec<String> = kit::tree(&root.join("lake/raw"))
        .into_iter()
        .filter(|path| path.ends_with("entry.json"))
        .collect();
    for entry in entries {
        let path = root.join("lake/raw").join(entry);
        let text = fs::read_to_string(&path).unwrap();
        let at = text.find("\"waktu_masuk\": \"").unwrap() + "\"waktu_masuk\": \"".len();
        fs::write(&path, format!("{}2099{}", &text[..at], &text[at + 4..])).unwrap();
    }
    // A corrected list of the same name comes: it is the later one, whatever the clock says.
    let brought = TempDir::new().unwrap();
    let newer = brought.path().join("BNBA KPE 20K.xlsx");
    let (_other, raw_of_other) = sample(61);
    copy(&raw_of_other.join("BNBA KPE 20K.xlsx"), &newer);
    assert_ne!(fs::read(&newer).unwrap(), fs::read(&list).unwrap());
    run_well(root, &[&newer]);
    let id = whole(root).unwrap();
    assert!(id > ahead, "{id} {ahead}");
    let record = last_record(root);
    assert_eq!(record["run_id"], id.as_str());
    assert_eq!(
        record["berkas_masuk"][0]["catatan"].as_array().map_or(0, Vec::len),
        0,
        "{record}"
    );
    // The earlier release is as good as it was, and the next run follows in turn.
    assert!(root.join("releases").join(&ahead).is_dir());
    let ended = end(kit::bansos360(root, &["run", "--full"]));
    assert_eq!(ended.code(), 0, "{}", ended.stderr);
    assert!(whole(root).unwrap() > id);
    for release in fs::read_dir(root.join("releases")).unwrap() {
        kit::whole_release(&release.unwrap().path());
    }
    assert_eq!(fs::read_dir(root.join("releases")).unwrap().count(), 3);
}

/// A run that died between the switch and its record has published: its release has a record after the next run, and stays.
#[test]
fn a_release_without_a_record_is_kept_if_it_was_switched_to() {
    let (_folder, raw) = sample(60);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path();
    run_well(root, &[&raw]);
    let id = whole(root).unwrap();
    let record = root.join(format!("runs/{id}.json"));
    // And one that was named and never switched to, with the record of its failure.
    let never = format!("2099{}", &id[4..]);
    copy(&root.join("releases").join(&id), &root.join("releases").join(&never));
    let failed = fs::read_to_string(&record)
        .unwrap()
        .replace("\"hasil\": \"published\"", "\"hasil\": \"failed\"");
    fs::write(root.join(format!("runs/{never}.json")), failed).unwrap();
    fs::remove_file(&record).unwrap();
    run_well(root, &[&raw]);
    let made: serde_json::Value = serde_json::from_str(&fs::read_to_string(&record).unwrap()).unwrap();
    assert_eq!(made["hasil"], "published");
    assert!(
        made["sebab"]
            .as_str()
            .unwrap()
            .contains("killed after it had published")
    );
    assert!(!root.join("releases").join(&never).exists());
    assert_eq!(whole(root), Some(id));
}
