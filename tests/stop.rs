//! A run that is asked to stop leaves cleanly, and only one run at a time holds a workspace.

mod kit;

use kit::{
    bansos360, end, lake_holds, last_record, left_behind, marts, nothing_left, run, run_well, sample, send, until,
    whole,
};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn holder(workspace: &Path) -> String {
    fs::read_to_string(workspace.join(".pemegang")).unwrap_or_default()
}

fn holds(workspace: &Path) -> impl Fn() -> bool {
    let workspace = workspace.to_owned();
    move || holder(&workspace).contains("run 2")
}

fn ended(child: Child) -> (Option<i32>, Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), output.status.signal(), words)
}

/// A parallel reader of the state of a release that is being built.
fn builds(workspace: &Path) -> bool {
    let entries = fs::read_dir(workspace.join("releases")).unwrap().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| path.join("warehouse.duckdb").exists())
}

#[test]
fn sigterm_sigint_and_max_runtime_leave_nothing_behind() {
    let (_folder, raw) = sample(3000);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path().join("ws");
    // While files are brought and staged; nothing has been published.
    let child = run(&root, &[&raw]).spawn().unwrap();
    until("staging", || {
        root.join("lake/staged")
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some())
    });
    send("TERM", child.id());
    let (code, _, words) = ended(child);
    assert_eq!(code, Some(143), "{words}");
    assert!(words.contains("error[E0504]: stopped by SIGTERM"), "{words}");
    let record = last_record(&root);
    assert_eq!(
        (&record["hasil"], &record["kode_keluar"]),
        (&"failed".into(), &143.into())
    );
    assert!(record["sebab"].as_str().unwrap().contains("SIGTERM"));
    // Files that are in the lake already wait for those that came with them.
    assert!(left_behind(&root).iter().all(|path| path == "lake/raw/.bersama.json"));
    assert_eq!(whole(&root), None);
    // While models are built.
    let child = run(&root, &[&raw]).spawn().unwrap();
    until("building", || builds(&root));
    send("INT", child.id());
    let (code, _, words) = ended(child);
    assert_eq!(code, Some(130), "{words}");
    assert!(words.contains("error[E0504]: stopped by SIGINT"), "{words}");
    nothing_left(&root);
    assert_eq!(whole(&root), None);
    // The time is over.
    let late = end(bansos360(
        &root,
        &["run", raw.to_str().unwrap(), "--max-runtime", "300ms"],
    ));
    assert_eq!(late.code(), 124, "{}", late.stderr);
    assert!(
        late.stderr
            .contains("error[E0505]: stopped, since `--max-runtime` has passed"),
        "{}",
        late.stderr
    );
    nothing_left(&root);
    // What was begun is taken up: the same marts as without any of this.
    run_well(&root, &[&raw]);
    nothing_left(&root);
    assert_eq!(lake_holds(&root), 11);
    let other = TempDir::new().unwrap();
    run_well(other.path(), &[&raw]);
    assert_eq!(marts(&root), marts(other.path()));
}

#[test]
fn a_second_signal_ends_at_once() {
    let (_folder, raw) = sample(3000);
    let workspace = TempDir::new().unwrap();
    let child = run(workspace.path(), &[&raw]).spawn().unwrap();
    until("a run", holds(workspace.path()));
    let asked = Instant::now();
    send("TERM", child.id());
    std::thread::sleep(Duration::from_millis(5));
    // The run may have ended after the first.
    let _ = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    let (code, signal, words) = ended(child);
    assert!(signal == Some(15) || code == Some(143), "{code:?} {signal:?} {words}");
    assert!(asked.elapsed() < Duration::from_secs(10));
    run_well(workspace.path(), &[&raw]);
    nothing_left(workspace.path());
}

#[test]
fn one_run_at_a_time_and_the_others_wait_or_are_told_who_holds_it() {
    let (_folder, raw) = sample(3000);
    let (_small, other) = sample(60);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path();
    let first = run(root, &[&raw]).spawn().unwrap();
    until("a run", holds(root));
    let refused = end(run(root, &[&other]));
    assert_eq!(refused.code(), 5, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("error[E0401]: another run holds"),
        "{}",
        refused.stderr
    );
    for part in ["run 2", " since 2", &format!("process {}", first.id()), "--wait 10m"] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    let impatient = end(bansos360(root, &["ingest", raw.to_str().unwrap(), "--wait", "300ms"]));
    assert_eq!(impatient.code(), 5, "{}", impatient.stderr);
    assert_eq!(
        impatient.stderr.matches("waiting for another run").count(),
        1,
        "{}",
        impatient.stderr
    );
    // A reader is not kept waiting.
    assert_eq!(end(bansos360(root, &["status"])).code(), 0);
    // One that waits and is asked to stop.
    let waiting = bansos360(root, &["run", "--wait", "5m"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    send("TERM", waiting.id());
    assert_eq!(ended(waiting).0, Some(143));
    // One that waits gets the workspace when its holder dies, whatever the holder left.
    let patient = bansos360(root, &["run", other.to_str().unwrap(), "--wait", "5m"])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    send("KILL", first.id());
    let (code, _, words) = ended(patient);
    assert_eq!(code, Some(0), "{words}");
    assert_eq!(words.matches("waiting for another run").count(), 1, "{words}");
    assert_eq!(ended(first).1, Some(9));
    nothing_left(root);
    assert!(whole(root).is_some());
}

#[test]
fn times_are_told_in_words_that_people_use() {
    let workspace = TempDir::new().unwrap();
    for wrong in ["10", "soon", "-1s"] {
        let ended = end(bansos360(workspace.path(), &["run", &format!("--wait={wrong}")]));
        assert_eq!(ended.code(), 2, "{wrong}: {}", ended.stderr);
    }
    for right in ["90s", "10m", "2h"] {
        let ended = end(bansos360(
            workspace.path(),
            &["run", "--wait", right, "--max-runtime", right],
        ));
        assert_eq!(ended.code(), 0, "{right}: {}", ended.stderr);
    }
}
