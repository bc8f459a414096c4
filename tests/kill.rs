//! SIGKILL at random instants of a first full run and of later runs with one new list. `BANSOS360_KILLS=1000` raises their number.
#![expect(clippy::print_stderr, reason = "the number of kills survived is told")]

mod kit;

use kit::{copy, first_run, lake_holds, later_run, marts, nothing_left, run, run_well, sample, shape, whole};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Kills until `wanted` are done; a chain of up to four runs is killed before one may run to its end.
fn kill_often(name: &str, before: &Path, paths: &[PathBuf], wanted: usize, scratch: &Path) -> usize {
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let undisturbed = scratch.join(format!("{name}-undisturbed"));
    copy(before, &undisturbed);
    let clock = Instant::now();
    run_well(&undisturbed, &paths);
    let whole_run = clock.elapsed();
    let (expected, tree) = (marts(&undisturbed), shape(&undisturbed));
    let mut random = fastrand::Rng::with_seed(360);
    let (mut killed, mut chains) = (0, 0);
    while killed < wanted {
        chains += 1;
        assert!(chains < 10 * wanted, "{name}: runs end before they are killed");
        let workspace = scratch.join(format!("{name}-{chains}"));
        copy(before, &workspace);
        for _ in 0..random.usize(1..=4).min(wanted - killed) {
            let had = whole(&workspace);
            let instant = whole_run.mul_f64(random.f64() * 1.1);
            killed += usize::from(kill_at(&workspace, &paths, instant));
            assert!(
                whole(&workspace).is_some() || had.is_none(),
                "{name}: the release is gone"
            );
            lake_holds(&workspace);
        }
        run_well(&workspace, &paths);
        assert_eq!(marts(&workspace), expected, "{name}");
        assert!(whole(&workspace).is_some());
        nothing_left(&workspace);
        assert_eq!(shape(&workspace), tree, "{name}");
        fs::remove_dir_all(&workspace).unwrap();
    }
    killed
}

fn kill_at(workspace: &Path, paths: &[&Path], instant: Duration) -> bool {
    let mut command = run(workspace, paths);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(instant);
    // A run that has ended cannot be killed.
    let _ = child.kill();
    child.wait().unwrap().signal() == Some(9)
}

#[test]
fn a_run_that_is_killed_at_any_instant_is_survived() {
    let wanted = std::env::var("BANSOS360_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok());
    let wanted: usize = wanted.unwrap_or(100);
    let scratch = TempDir::new().unwrap();
    let (_folder, raw) = sample(60);
    let first = scratch.path().join("first");
    first_run(&raw, &first);
    let later = scratch.path().join("later");
    later_run(&raw, &later);
    let full = kill_often("first", &first, &[raw], wanted.div_ceil(2), scratch.path());
    let incremental = kill_often("later", &later, &[], wanted / 2, scratch.path());
    eprintln!("kills survived: {full} during full runs, {incremental} during later runs");
    assert_eq!(full + incremental, wanted);
}
