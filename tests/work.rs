//! A guard against slow-downs that a noisy machine cannot hide: it counts the bytes and calls of a run, not its seconds.
//!
//! The kernel adds what a child has read and written to its parent's figures once the parent has waited for it. The
//! only test of this file runs alone in its process, so that the figures are those of the program that it starts.
#![cfg(target_os = "linux")]

use std::error::Error;
use std::path::Path;
use std::process::Command;

/// Work of the processes waited for.
#[derive(Debug, Clone, Copy)]
struct Work {
    /// Bytes that were read, from a disk or its cache.
    read: u64,
    /// Bytes that were written.
    written: u64,
    /// Calls that wrote them.
    calls: u64,
}

impl Work {
    fn until_now() -> Result<Self, Box<dyn Error>> {
        let text = std::fs::read_to_string("/proc/self/io")?;
        let figure = |name: &str| -> Result<u64, Box<dyn Error>> {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            Ok(line
                .ok_or_else(|| format!("/proc/self/io has no `{name}`"))?
                .trim()
                .parse()?)
        };
        Ok(Self {
            read: figure("rchar:")?,
            written: figure("wchar:")?,
            calls: figure("syscw:")?,
        })
    }
}

fn run(workspace: &Path, raw: &Path) -> Result<Work, Box<dyn Error>> {
    let before = Work::until_now()?;
    let output = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .env_remove("BANSOS360_WORKSPACE")
        .args(["run", "--quiet", "--workspace"])
        .arg(workspace)
        .arg(raw)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let after = Work::until_now()?;
    Ok(Work {
        read: after.read - before.read,
        written: after.written - before.written,
        calls: after.calls - before.calls,
    })
}

/// What a run on the committed sample may read and write in megabytes, and in how many thousands of calls: what it took
/// when this was measured last (65.0, 26.2 and 107: staged files are packed lightly, and rows that merge are kept track of), and a quarter.
const FULL: (u64, u64, u64) = (81, 33, 134);
/// Bytes read by a run that has nothing new to do, in parts of those of the full run.
const NOTHING_NEW: u64 = 10;

#[test]
fn a_run_does_no_more_work_than_it_did() -> Result<(), Box<dyn Error>> {
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw");
    let folder = tempfile::tempdir()?;
    let workspace = folder.path().join("workspace");
    let full = run(&workspace, &raw)?;
    let again = run(&workspace, &raw)?;
    let (read, written) = (full.read.div_ceil(1_000_000), full.written.div_ceil(1_000_000));
    let told = format!("full {full:?}, nothing new {again:?}");
    assert!(read <= FULL.0, "a full run reads more than {} MB: {told}", FULL.0);
    assert!(written <= FULL.1, "a full run writes more than {} MB: {told}", FULL.1);
    assert!(
        full.calls / 1000 <= FULL.2,
        "a full run writes in more than {} 000 calls: {told}",
        FULL.2
    );
    assert!(
        again.read * NOTHING_NEW <= full.read,
        "a run with nothing new reads too much: {told}"
    );
    // A budget far above the work guards nothing: whoever makes a run much lighter lowers it.
    assert!(read * 3 >= FULL.0 && written * 3 >= FULL.1, "lower the budget: {told}");
    Ok(())
}
