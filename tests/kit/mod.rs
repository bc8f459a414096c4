//! A workspace that is treated badly, and what must hold of it afterwards.
#![allow(dead_code, reason = "each test uses a part of it")]

use duckdb::{AccessMode, Config, Connection};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// How a command ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }
}

/// The binary on a workspace.
pub fn bansos360(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bansos360"));
    command
        .args(arguments)
        .arg("--workspace")
        .arg(workspace)
        .env_remove("BANSOS360_FAILPOINT")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub fn end(mut command: Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

pub fn run(workspace: &Path, paths: &[&Path]) -> Command {
    let mut arguments = vec!["run"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    bansos360(workspace, &arguments)
}

/// A run that must succeed.
pub fn run_well(workspace: &Path, paths: &[&Path]) -> Ended {
    let ended = end(run(workspace, paths));
    assert_eq!(ended.code(), 0, "{}", ended.stderr);
    ended
}

/// A fictitious district of some households.
pub fn sample(households: u32) -> (TempDir, PathBuf) {
    sample_of(&["--rumah-tangga", &households.to_string()])
}

/// What `sample` makes with these arguments, and its raw files.
pub fn sample_of(args: &[&str]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let out = folder.path().to_str().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .args(["sample", "--out", out])
        .args(args)
        .output()
        .unwrap();
    assert!(made.status.success());
    let raw = folder.path().join("raw");
    (folder, raw)
}

/// A folder that is no workspace yet, with a list in its inbox.
pub fn first_run(raw: &Path, workspace: &Path) {
    let inbox = workspace.join("inbox");
    fs::create_dir_all(&inbox).unwrap();
    fs::set_permissions(workspace, fs::Permissions::from_mode(0o700)).unwrap();
    copy(&raw.join("BNBA KPE 20K.xlsx"), &inbox);
    quiet(&inbox);
}

/// A workspace that has run once, and the one list that came afterwards and lies in its inbox. The same bytes as an unknown file of
/// before come under a name that is known.
pub fn later_run(raw: &Path, workspace: &Path) {
    let first = workspace.with_extension("first");
    copy(raw, &first);
    let list = first.join("BNBA KPE 20K.xlsx");
    let kept = workspace.with_extension("xlsx");
    fs::rename(&list, &kept).unwrap();
    let text = "NO,NAMA,NIK,NO KK\n1,SITI INVENTED,3503114203850001,\n";
    fs::write(first.join("catatan.csv"), text).unwrap();
    run_well(workspace, &[&first]);
    fs::rename(&kept, workspace.join("inbox/BNBA KPE 20K.xlsx")).unwrap();
    fs::write(workspace.join("inbox/PKH 2020.csv"), text).unwrap();
    quiet(&workspace.join("inbox"));
}

/// Files of the inbox that were touched a moment ago would be looked at twice.
pub fn quiet(inbox: &Path) {
    for entry in fs::read_dir(inbox).unwrap() {
        let file = fs::File::options().append(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_hours(1)).unwrap();
    }
}

/// A whole folder with links, times and rights.
pub fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

pub fn send(signal: &str, process: u32) {
    let sent = Command::new("kill")
        .args([format!("-{signal}"), process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Waits until something holds.
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what} does not happen");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Hashes of the marts that readers see, by name.
pub fn marts(workspace: &Path) -> BTreeMap<String, String> {
    marts_of(&workspace.join("current"))
}

fn marts_of(release: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(release.join("marts")).unwrap();
    let hashed = entries.map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, bansos360::files::hash(&path).unwrap())
    });
    hashed.collect()
}

/// The release that readers see is whole: its catalogue tells the bytes of all marts, and its warehouse opens. Its id; `None` where
/// nothing has been published yet.
pub fn whole(workspace: &Path) -> Option<String> {
    let current = workspace.join("current");
    if fs::symlink_metadata(&current).is_err() {
        return None;
    }
    // Resolved once: a reader of several files stays with one release.
    Some(whole_release(&fs::canonicalize(current).unwrap()))
}

pub fn whole_release(release: &Path) -> String {
    let text = fs::read_to_string(release.join("katalog.json")).unwrap();
    let katalog: Value = serde_json::from_str(&text).unwrap();
    let id = katalog["run_id"].as_str().unwrap().to_owned();
    assert_eq!(release.file_name().unwrap().to_str().unwrap(), id);
    let told: BTreeMap<String, String> = katalog["mart"].as_array().unwrap().iter().map(mart_told).collect();
    assert_eq!(told.len(), 8);
    assert_eq!(marts_of(release), told, "{id} is not whole");
    let readers = Config::default().access_mode(AccessMode::ReadOnly).unwrap();
    let warehouse = Connection::open_with_flags(release.join("warehouse.duckdb"), readers).unwrap();
    let rows: i64 = warehouse
        .query_row("SELECT CAST(count(*) AS BIGINT) FROM sumber_berkas", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(rows > 0);
    id
}

fn mart_told(mart: &Value) -> (String, String) {
    let file = mart["berkas"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (file, mart["sha256"].as_str().unwrap().to_owned())
}

/// Every entry of the lake has its bytes; how many there are.
pub fn lake_holds(workspace: &Path) -> usize {
    let mut count = 0;
    for path in tree(&workspace.join("lake/raw")) {
        let is_waiting = path.split('/').any(|part| part.starts_with('.'));
        let Some(folder) = path.strip_suffix("/entry.json").filter(|_| !is_waiting) else {
            continue;
        };
        let folder = workspace.join("lake/raw").join(folder);
        let entry: Value = serde_json::from_str(&fs::read_to_string(folder.join("entry.json")).unwrap()).unwrap();
        let bytes = folder.join(entry["nama"].as_str().unwrap());
        assert_eq!(
            bansos360::files::hash(&bytes).unwrap(),
            entry["sha256"].as_str().unwrap()
        );
        count += 1;
    }
    count
}

/// All files below a folder, relative to it.
pub fn tree(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(path.clone());
            }
            found.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

/// The tree of a workspace without what has an id or a time in its name: runs and releases.
pub fn shape(workspace: &Path) -> BTreeSet<String> {
    let mut shape: BTreeSet<String> = tree(workspace)
        .into_iter()
        .filter(|path| !path.starts_with("runs/") && !path.starts_with("releases/"))
        .collect();
    for release in fs::read_dir(workspace.join("releases")).unwrap() {
        let files = tree(&release.unwrap().path());
        shape.extend(files.into_iter().map(|path| format!("releases/*/{path}")));
    }
    shape
}

/// Nothing that a run only needs while it runs.
pub fn nothing_left(workspace: &Path) {
    let left = left_behind(workspace);
    assert!(left.is_empty(), "left behind: {left:?}");
}

/// What a run only needs while it runs.
pub fn left_behind(workspace: &Path) -> Vec<String> {
    let is_left = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_hidden = name.starts_with('.') && ![".bansos360.json", ".kunci"].contains(&name);
        is_hidden || [Some("baru"), Some("wal")].contains(&ending(name))
    };
    tree(workspace).into_iter().filter(is_left).collect()
}

/// What stands behind the last dot of a name.
pub fn ending(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// The record of the latest run.
pub fn last_record(workspace: &Path) -> Value {
    let names = tree(&workspace.join("runs"));
    let last = names
        .iter()
        .rfind(|name| ending(name) == Some("json"))
        .expect("a record");
    serde_json::from_str(&fs::read_to_string(workspace.join("runs").join(last)).unwrap()).unwrap()
}
