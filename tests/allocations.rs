//! A guard against slow-downs that a noisy machine cannot hide, beside that of `tests/work.rs`: it counts what reading and cleaning the
//! committed sample asks of the allocator. A text made anew for each cell, or a file held as a whole, shows here and in no file.
//!
//! The only test of this file runs alone in its process, so that the figures are its own.

use bansos360::run::{ArrivalRecord, Outcome, Progress, Project, RunOptions, ingest_only};
use bansos360::workspace::Workspace;
use std::error::Error;
use std::path::Path;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

struct Silent;

impl Progress for Silent {
    fn step(&self, _name: &str, _parts: Option<u64>) {}
    fn arrived(&self, _arrival: &ArrivalRecord) {}
    fn part(&self, _name: &str) {}
}

/// Blocks of memory asked for in all, in thousands, and megabytes in use at a time: what it took when this was measured last
/// (636 and 16, half of the blocks for the headings of the files, whatever their rows), and a quarter.
const MOST: (u64, usize) = (795, 20);

#[test]
fn staging_asks_for_no_more_memory_than_it_did() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let workspace = Workspace::init(&folder.path().join("workspace"))?;
    let mut project = Project::load(Some(workspace.root()))?;
    project.config.mesin.benang = 1;
    let options = RunOptions {
        paths: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw")],
        izinkan_terbuka: true,
        ..RunOptions::default()
    };
    let profiler = dhat::Profiler::builder().testing().build();
    let record = ingest_only(&workspace, &project, &options, &Silent)?;
    let stats = dhat::HeapStats::get();
    drop(profiler);
    assert_eq!(record.hasil, Outcome::Ingested);
    let (blocks, peak) = (stats.total_blocks.div_ceil(1000), stats.max_bytes.div_ceil(1_000_000));
    let told = format!("{blocks} 000 blocks, {peak} MB at a time");
    assert!(
        blocks <= MOST.0,
        "staging asks for more than {} 000 blocks: {told}",
        MOST.0
    );
    assert!(
        peak <= MOST.1,
        "staging holds more than {} MB at a time: {told}",
        MOST.1
    );
    Ok(())
}
