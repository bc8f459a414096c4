//! Places where a test lets the program die, lets the disk be full, or lets it wait. Built without the feature `failpoints`, which no
//! release has, they are nothing.
//!
//! `BANSOS360_FAILPOINT=file.write:kill:3` kills the process (SIGKILL) when it comes to that place the third time; `enospc` lets every write
//! fail from there on as on a full disk; `pause` waits for two seconds. `BANSOS360_FAILPOINT_TRACE=FILE` writes down each place that
//! was passed.

/// Places where something is about to be written: `enospc` can be asked for here.
pub const WRITES: &[&str] = &[
    "file.copy",
    "file.create",
    "file.rename",
    "file.write",
    "folder.make",
    "staged.batch",
    "warehouse.copy",
];

/// Places between two writes.
pub const STEPS: &[&str] = &[
    "clean_up.removing",
    "file.copied",
    "file.synced",
    "file.renamed",
    "file.sync",
    "inbox.removed",
    "inbox.removing",
    "lake.copied",
    "lake.copying",
    "lake.known_now",
    "lake.named",
    "lake.together",
    "lock.named",
    "lock.taken",
    "publish.linked",
    "publish.named",
    "publish.switched",
    "publish.synced",
    "record.written",
    "release.begun",
    "release.catalogued",
    "release.reported",
    "release.tested",
    "staged.named",
    "staged.sealed",
    "staged.written",
    "warehouse.closed",
    "warehouse.closing",
    "warehouse.link",
    "warehouse.loaded",
    "warehouse.mart",
    "warehouse.model",
    "warehouse.opened",
];

#[cfg(not(feature = "failpoints"))]
mod place {
    /// A place between two writes.
    #[inline]
    pub(crate) fn step(_place: &'static str) {}

    /// A place before a write, which may fail.
    #[inline]
    #[expect(clippy::unnecessary_wraps, reason = "it fails in tests")]
    pub(crate) fn write(_place: &'static str) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(feature = "failpoints")]
mod place {
    use std::io::{self, Write};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::Duration;

    /// "No space left on device".
    const ENOSPC: i32 = 28;

    struct Plan {
        place: String,
        action: String,
        hit: usize,
    }

    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    static HITS: AtomicUsize = AtomicUsize::new(0);
    static FULL: AtomicBool = AtomicBool::new(false);

    /// A place between two writes.
    pub(crate) fn step(place: &'static str) {
        trace(place);
        let Some(plan) = PLAN.get_or_init(read_plan) else {
            return;
        };
        if plan.place != place || HITS.fetch_add(1, Ordering::SeqCst) + 1 != plan.hit {
            return;
        }
        match plan.action.as_str() {
            "kill" => {
                let _ = signal_hook::low_level::raise(signal_hook::consts::SIGKILL);
            }
            "enospc" => FULL.store(true, Ordering::SeqCst),
            "pause" => std::thread::sleep(Duration::from_secs(2)),
            _ => {}
        }
    }

    /// A place before a write, which may fail.
    pub(crate) fn write(place: &'static str) -> io::Result<()> {
        step(place);
        if FULL.load(Ordering::SeqCst) {
            return Err(io::Error::from_raw_os_error(ENOSPC));
        }
        Ok(())
    }

    fn read_plan() -> Option<Plan> {
        let text = std::env::var("BANSOS360_FAILPOINT").ok()?;
        let mut parts = text.split(':');
        Some(Plan {
            place: parts.next()?.to_owned(),
            action: parts.next()?.to_owned(),
            hit: parts.next()?.parse().ok()?,
        })
    }

    fn trace(place: &str) {
        let Ok(path) = std::env::var("BANSOS360_FAILPOINT_TRACE") else {
            return;
        };
        if let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path) {
            let _ = file.write_all(format!("{place}\n").as_bytes());
        }
    }
}

pub(crate) use place::{step, write};
