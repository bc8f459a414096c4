//! Files on their way into the lake: copied into its waiting room and hashed, their bytes made lasting meanwhile.

use super::LakeError;
use super::catalogue::Catalogue;
use super::decision::Decision;
use super::entry::{OTHER, stored_name};
use super::ingest::{Arrival, Ingestion};
use super::staged::{Staging, remove};
use crate::failpoint;
use crate::files::{Copy, FileError, copy_hashed, let_go, make_folder};
use crate::stage::{Input, Refusal};
use crate::stop;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

/// So many copies may wait for being synced, each an open file; who makes one more waits, too.
const MOST_UNSYNCED: usize = 32;

/// A delivery of more bytes than this is not kept in memory on the way: a province would fill it twice over, files and copies, and
/// fresh memory is dear (17 s for 5.4 GB, 7 s without). Of a district the copies are read again in a moment.
const MOST_KEPT: u64 = 1 << 30;

/// A file whose bytes are in the lake's waiting room.
pub(super) struct Copied {
    pub(super) path: PathBuf,
    pub(super) relative: String,
    pub(super) folder: PathBuf,
    pub(super) sha256: String,
    pub(super) size: u64,
}

impl Copied {
    pub(super) fn input(&self) -> Input {
        Input::file(&self.folder.join(stored_name(&name_of(&self.path))))
    }

    pub(super) fn arrival(&self, outcome: Ingestion) -> Arrival {
        Arrival {
            path: self.path.clone(),
            outcome,
        }
    }
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Does some work that copies these files, while one more thread waits for the disk: what was copied lasts once it has ended.
///
/// # Errors
/// [`LakeError`] where the work or the disk says no.
pub(super) fn synced_beside<T>(
    files: &[(PathBuf, String)],
    work: impl FnOnce(&Copying) -> Result<T, LakeError>,
) -> Result<T, LakeError> {
    let sizes = files
        .iter()
        .map(|(path, _)| fs::metadata(path).map_or(0, |file| file.len()));
    let is_large = sizes.sum::<u64>() > MOST_KEPT;
    let sync = move |copy: Copy| -> Result<(), FileError> {
        copy.sync()?;
        if is_large {
            copy.let_go();
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let (to_sync, copied) = mpsc::sync_channel::<Copy>(MOST_UNSYNCED);
        let syncing = scope.spawn(move || copied.iter().try_for_each(sync));
        let copying = Copying { to_sync, is_large };
        let done = work(&copying);
        drop(copying);
        let synced = syncing.join();
        let synced = synced.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        done.and_then(|done| Ok(synced.map(|()| done)?))
    })
}

/// Copies files of one delivery, and hands the copies on to who syncs them.
pub(super) struct Copying {
    to_sync: mpsc::SyncSender<Copy>,
    is_large: bool,
}

impl Copying {
    /// Copies a file into the lake's waiting room; what became of it, where it is not new.
    pub(super) fn copy(
        &self,
        path: &Path,
        relative: &str,
        index: usize,
        catalogue: &Catalogue,
        staging: &Staging<'_>,
    ) -> Result<Result<Copied, Arrival>, LakeError> {
        let copied = copy(path, relative, index, catalogue, staging)?;
        if self.is_large {
            let_go(path);
        }
        Ok(copied.map(|(copied, copy)| {
            // Who syncs ends early only with an error, which is told when it has ended.
            let _ = self.to_sync.send(copy);
            copied
        }))
    }
}

fn copy(
    path: &Path,
    relative: &str,
    index: usize,
    catalogue: &Catalogue,
    staging: &Staging<'_>,
) -> Result<Result<(Copied, Copy), Arrival>, LakeError> {
    stop::check()?;
    let arrival = |outcome| Arrival {
        path: path.to_owned(),
        outcome,
    };
    let folder = staging
        .workspace
        .raw()
        .join(format!(".masuk-{}-{index}", std::process::id()));
    remove(&folder)?;
    make_folder(&folder)?;
    let copy = folder.join(stored_name(&name_of(path)));
    failpoint::step("lake.copying");
    let before = state_of(path);
    let copy = match copy_hashed(path, &copy) {
        Ok(copied) => copied,
        Err(error) if error.path == path && error.source.kind() == std::io::ErrorKind::NotFound => {
            remove(&folder)?;
            return Ok(Err(arrival(Ingestion::Gone)));
        }
        Err(error) if error.path == path => {
            remove(&folder)?;
            let refusal = Refusal::new("E0201", error.to_string()).hint("check that the file is there and may be read");
            return Ok(Err(arrival(Ingestion::Refused(refusal))));
        }
        Err(error) => return Err(error.into()),
    };
    failpoint::step("lake.copied");
    if state_of(path) != before {
        remove(&folder)?;
        let refusal = Refusal::new("E0214", "the file was changed while it was read")
            .hint("wait until it has arrived whole, then run again");
        return Ok(Err(arrival(Ingestion::Refused(refusal))));
    }
    let sha256 = copy.sha256.clone();
    if let Some(purged) = catalogue.purged(&sha256) {
        remove(&folder)?;
        return Ok(Err(arrival(Ingestion::Refused(purged_before(&purged)))));
    }
    let known = catalogue.by_hash(&sha256).filter(|entry| entry.sumber != OTHER);
    if let Some(entry) = known {
        remove(&folder)?;
        return Ok(Err(arrival(Ingestion::Known(entry.clone()))));
    }
    let copied = Copied {
        path: path.to_owned(),
        relative: relative.to_owned(),
        folder,
        sha256,
        size: copy.size,
    };
    Ok(Ok((copied, copy)))
}

/// Bytes that were purged do not come back by themselves.
fn purged_before(decision: &Decision) -> Refusal {
    let id = decision.sha256.get(..12).unwrap_or(&decision.sha256);
    Refusal::new(
        "E0215",
        format!("these bytes were purged from the lake on {}: {}", decision.day(), decision.alasan),
    )
    .hint(format!(
        "if they may be kept again, type `bansos360 lake purge --entry {id} --batal --alasan \"...\"` and bring them once more"
    ))
}

/// What tells whether a file is still the one that was copied.
fn state_of(path: &Path) -> Option<(u64, std::time::SystemTime)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}
