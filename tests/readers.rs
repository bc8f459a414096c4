//! Readers open the release again and again while runs publish: they never see an error, nor parts of two releases.

mod kit;

use kit::{bansos360, end, run_well, sample, whole_release};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

const READERS: usize = 20;
const PUBLISHED: usize = 5;

#[test]
fn twenty_readers_never_see_an_error_or_a_mixed_release() {
    let (_folder, raw) = sample(60);
    let workspace = TempDir::new().unwrap();
    let root = workspace.path();
    run_well(root, &[&raw]);
    let (done, reads, seen) = (AtomicBool::new(false), AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        for reader in 0..READERS {
            let (done, reads, seen) = (&done, &reads, &seen);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    if reader % 2 == 0 {
                        // Several files of one release: the link is followed once.
                        let release = fs::canonicalize(root.join("current")).unwrap();
                        seen.lock().unwrap().insert(whole_release(&release));
                    } else {
                        // One file through the link.
                        let bytes = fs::read(root.join("current/marts/mart_6_rumah_tangga.parquet")).unwrap();
                        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
                    }
                    reads.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
        for _ in 0..PUBLISHED {
            let ended = end(bansos360(root, &["run", "--full"]));
            assert_eq!(ended.code(), 0, "{}", ended.stderr);
        }
        done.store(true, Ordering::Relaxed);
    });
    let seen = seen.into_inner().unwrap();
    assert!(reads.load(Ordering::Relaxed) > 10 * READERS);
    assert!(seen.len() >= 3, "{seen:?}");
}
