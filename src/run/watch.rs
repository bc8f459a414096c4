//! The steps of a run as its log tells them: how long each took, what went through it, how much memory it took.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The step that is under way, and what those before it took.
#[derive(Debug, Default)]
pub(super) struct Watch {
    step: Mutex<Option<(String, Instant)>>,
    seconds: Mutex<BTreeMap<String, f64>>,
    rows: AtomicU64,
    bytes: AtomicU64,
}

impl Watch {
    /// Rows and bytes that went through the step under way.
    pub(super) fn count(&self, rows: u64, bytes: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Ends the step under way and begins the next, if there is one.
    pub(super) fn turn(&self, run_id: &str, next: Option<&str>) {
        let mut step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        let (rows, bytes) = (
            self.rows.swap(0, Ordering::Relaxed),
            self.bytes.swap(0, Ordering::Relaxed),
        );
        if let Some((name, begun)) = step.take() {
            let seconds = begun.elapsed().as_secs_f64();
            tracing::info!(
                run_id,
                step = name,
                seconds,
                rows,
                bytes,
                peak_memory_bytes = peak_memory(),
                "A step has ended"
            );
            let mut all = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
            *all.entry(name).or_default() += seconds;
        }
        if let Some(name) = next {
            tracing::debug!(run_id, step = name, "A step begins");
            *step = Some((name.to_owned(), Instant::now()));
        }
    }

    /// Seconds of the steps that have ended.
    pub(super) fn seconds(&self) -> BTreeMap<String, f64> {
        self.seconds.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The most memory that the process has held at once, in bytes; `None` where the system does not tell.
pub(super) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_ends_where_the_next_begins() {
        let watch = Watch::default();
        watch.turn("r1", Some("stage"));
        watch.count(5, 100);
        watch.turn("r1", Some("model"));
        watch.turn("r1", None);
        watch.turn("r1", None);
        assert_eq!(watch.seconds().into_keys().collect::<Vec<_>>(), ["model", "stage"]);
        assert_eq!(watch.rows.load(Ordering::Relaxed), 0);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_system_tells_the_memory() {
        assert!(peak_memory().unwrap() > 1 << 20);
    }
}
