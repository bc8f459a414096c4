//! The process dies at every place where something is written (`src/failpoint.rs`), or the disk is full there.
//! Needs `--features failpoints`. `BANSOS360_EVERY_HIT=1` also takes the second and later times that a place is passed.
#![expect(clippy::print_stderr, reason = "the number of kills survived is told")]

mod kit;

use bansos360::failpoint::{STEPS, WRITES};
use kit::{
    copy, end, first_run, lake_holds, later_run, marts, nothing_left, quiet, run, run_well, sample, shape, whole,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tempfile::TempDir;

const WORKERS: usize = 2;

/// A workspace before the run, what the run is given, and what an undisturbed run makes of it.
struct Scenario {
    name: &'static str,
    before: PathBuf,
    paths: Vec<PathBuf>,
    marts: BTreeMap<String, String>,
    shape: BTreeSet<String>,
    /// How often each place is passed.
    passed: BTreeMap<String, usize>,
}

impl Scenario {
    fn new(name: &'static str, before: PathBuf, paths: Vec<PathBuf>, scratch: &Path) -> Self {
        let (workspace, trace) = (
            scratch.join(format!("{name}-undisturbed")),
            scratch.join(format!("{name}-trace")),
        );
        copy(&before, &workspace);
        let mut scenario = Self {
            name,
            before,
            paths,
            marts: BTreeMap::new(),
            shape: BTreeSet::new(),
            passed: BTreeMap::new(),
        };
        let mut command = scenario.command(&workspace);
        command.env("BANSOS360_FAILPOINT_TRACE", &trace);
        let ended = end(command);
        assert_eq!(ended.code(), 0, "{}", ended.stderr);
        for place in fs::read_to_string(trace).unwrap().lines() {
            *scenario.passed.entry(place.to_owned()).or_default() += 1;
        }
        scenario.marts = marts(&workspace);
        scenario.shape = shape(&workspace);
        scenario
    }

    fn command(&self, workspace: &Path) -> std::process::Command {
        let paths: Vec<&Path> = self.paths.iter().map(PathBuf::as_path).collect();
        run(workspace, &paths)
    }

    fn recovers(&self, workspace: &Path, what: &str) {
        let paths: Vec<&Path> = self.paths.iter().map(PathBuf::as_path).collect();
        run_well(workspace, &paths);
        assert_eq!(marts(workspace), self.marts, "{what}");
        assert!(whole(workspace).is_some(), "{what}");
        nothing_left(workspace);
        let now = shape(workspace);
        let more: Vec<_> = now.difference(&self.shape).collect();
        let less: Vec<_> = self.shape.difference(&now).collect();
        assert!(
            more.is_empty() && less.is_empty(),
            "{what}: more {more:?}, less {less:?}"
        );
    }
}

/// A first full run with files in the inbox, and a later run with one new list.
fn scenarios(scratch: &Path) -> (TempDir, Vec<Scenario>) {
    let (folder, raw) = sample(60);
    let first = scratch.join("first");
    first_run(&raw, &first);
    let later = scratch.join("later");
    later_run(&raw, &later);
    let all = vec![
        Scenario::new("first", first, vec![raw], scratch),
        Scenario::new("later", later, Vec::new(), scratch),
    ];
    (folder, all)
}

/// Which times of a place are tried: the first, the last, or all.
fn hits(scenario: &Scenario, passed: usize) -> Vec<usize> {
    if std::env::var_os("BANSOS360_EVERY_HIT").is_some() {
        (1..=passed).collect()
    } else if scenario.name == "first" {
        vec![passed.div_ceil(2)]
    } else {
        vec![passed]
    }
}

fn each(
    cases: &[(&Scenario, String, usize)],
    scratch: &Path,
    check: impl Fn(&Scenario, &str, usize, &Path) + Sync,
) -> usize {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((scenario, place, hit)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let workspace = scratch.join(format!("{}-{place}-{hit}", scenario.name));
                    copy(&scenario.before, &workspace);
                    check(scenario, place, *hit, &workspace);
                    fs::remove_dir_all(&workspace).unwrap();
                }
            });
        }
    });
    cases.len()
}

fn cases<'s>(all: &'s [Scenario], wanted: &dyn Fn(&str) -> bool) -> Vec<(&'s Scenario, String, usize)> {
    let mut cases = Vec::new();
    for scenario in all {
        for (place, passed) in scenario.passed.iter().filter(|(place, _)| wanted(place)) {
            cases.extend(
                hits(scenario, *passed)
                    .into_iter()
                    .map(|hit| (scenario, place.clone(), hit)),
            );
        }
    }
    cases
}

#[test]
fn a_run_that_dies_anywhere_is_survived() {
    let scratch = TempDir::new().unwrap();
    let (_folder, all) = scenarios(scratch.path());
    let cases = cases(&all, &|_| true);
    let survived = each(&cases, scratch.path(), |scenario, place, hit, workspace| {
        let what = format!("{} killed at {place}, time {hit}", scenario.name);
        let before = whole(workspace);
        let mut command = scenario.command(workspace);
        command.env("BANSOS360_FAILPOINT", format!("{place}:kill:{hit}"));
        let ended = end(command);
        // Threads share the work, so the last time may come a little earlier or not at all.
        assert!(
            ended.status.signal() == Some(9) || (hit > 1 && ended.code() == 0),
            "{what}: {}",
            ended.stderr
        );
        let now = whole(workspace);
        assert!(now.is_some() || before.is_none(), "{what}: the release is gone");
        lake_holds(workspace);
        scenario.recovers(workspace, &what);
    });
    eprintln!("kills survived: {survived}");
    assert!(survived > 50);
}

/// The list of places is that of the program: each is passed by one of the runs, and no other one is.
#[test]
fn every_place_is_passed() {
    let scratch = TempDir::new().unwrap();
    let (_folder, all) = scenarios(scratch.path());
    let mut passed: BTreeSet<String> = all
        .iter()
        .flat_map(|scenario| scenario.passed.keys().cloned())
        .collect();
    // Only a run that failed, or one that finds leftovers, removes anything.
    let workspace = scratch.path().join("first-left");
    copy(&all[0].before, &workspace);
    fs::create_dir_all(workspace.join("releases/.20200101T000000-0000")).unwrap();
    let trace = scratch.path().join("trace");
    let mut command = run(&workspace, &[]);
    command.env("BANSOS360_FAILPOINT_TRACE", &trace);
    assert_eq!(end(command).code(), 0);
    passed.extend(fs::read_to_string(trace).unwrap().lines().map(str::to_owned));
    let told: BTreeSet<String> = WRITES.iter().chain(STEPS).map(|place| (*place).to_owned()).collect();
    assert_eq!(passed, told);
}

#[test]
fn a_full_disk_stops_the_run_and_nothing_else() {
    let scratch = TempDir::new().unwrap();
    let (_folder, all) = scenarios(scratch.path());
    let cases = cases(&all, &|place| WRITES.contains(&place));
    each(&cases, scratch.path(), |scenario, place, hit, workspace| {
        let what = format!("{}: full at {place}, time {hit}", scenario.name);
        let before = whole(workspace);
        let mut command = scenario.command(workspace);
        command.env("BANSOS360_FAILPOINT", format!("{place}:enospc:{hit}"));
        let ended = end(command);
        if ended.code() == 0 && hit > 1 {
            return;
        }
        assert_eq!(ended.code(), 1, "{what}: {}", ended.stderr);
        assert!(ended.stderr.contains("error[E0501]"), "{what}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("No space left on device"),
            "{what}: {}",
            ended.stderr
        );
        assert!(ended.stderr.contains("make room"), "{what}: {}", ended.stderr);
        assert!(!ended.stderr.contains("refused"), "{what}: {}", ended.stderr);
        // Where only the record could not be written, the release had been switched to.
        let now = whole(workspace);
        assert!(now == before || now.is_some(), "{what}");
        lake_holds(workspace);
        scenario.recovers(workspace, &what);
    });
}

/// A file that is written to, and one that goes away, while the run is about to read it.
#[test]
fn files_that_change_under_the_run() {
    let (_folder, raw) = sample(60);
    let list = raw.join("BNBA KPE 20K.xlsx");
    for (place, change) in [("lake.copied", true), ("lake.copying", false)] {
        let workspace = TempDir::new().unwrap();
        let inbox = workspace.path().join("inbox");
        fs::create_dir_all(&inbox).unwrap();
        let brought = inbox.join("BNBA KPE 20K.xlsx");
        copy(&list, &brought);
        quiet(&inbox);
        let mut command = run(workspace.path(), &[]);
        command.env("BANSOS360_FAILPOINT", format!("{place}:pause:1"));
        let child = command.spawn().unwrap();
        kit::until("waiting room", || {
            fs::read_dir(workspace.path().join("lake/raw")).is_ok_and(|mut found| found.next().is_some())
        });
        thread::sleep(std::time::Duration::from_millis(500));
        if change {
            let mut bytes = fs::read(&brought).unwrap();
            bytes.push(0);
            fs::write(&brought, bytes).unwrap();
        } else {
            fs::remove_file(&brought).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        if change {
            assert_eq!(output.status.code(), Some(3), "{words}");
            assert!(words.contains("error[E0214]"), "{words}");
        } else {
            assert_eq!(output.status.code(), Some(0), "{words}");
            assert!(words.contains("it was taken away before it could be copied"), "{words}");
        }
        assert_eq!(lake_holds(workspace.path()), 0);
        nothing_left(workspace.path());
    }
}
