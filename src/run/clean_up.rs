//! What runs that were killed have left: it is removed, or its record is made up.

use super::history::is_run_id;
use super::record::{Outcome, RunRecord};
use super::rehearsal::PREFIX;
use super::release::current_katalog;
use super::rollback::left_behind;
use crate::failpoint;
use crate::files::{FileError, failed, write_atomic};
use crate::lock::is_gone;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Removes what a run that was killed has left: unfinished releases, files on their way into the lake, spill files.
///
/// Only names that runs give are touched, each in its own folder: a hidden file of somebody else stays.
///
/// # Errors
/// [`FileError`] where something cannot be removed.
pub fn clean_up(workspace: &Workspace) -> Result<(), FileError> {
    let is_new_file = |name: &str| name.strip_suffix(".baru").is_some();
    remove_where(&workspace.releases(), |name| name.starts_with(".20"))?;
    remove_where(&workspace.raw(), |name| name.starts_with(".masuk-"))?;
    remove_where(&workspace.staged(), |name| name.len() > 12)?;
    remove_where(&workspace.runs(), is_new_file)?;
    remove_where(&workspace.root().join("lake"), is_new_file)?;
    remove_where(&workspace.inbox().join("ditolak"), is_new_file)?;
    remove_where(workspace.root(), |name| {
        is_spill(name) || name.starts_with(PREFIX) || name.starts_with(".current.") || is_new_file(name)
    })?;
    remove_below(&workspace.raw(), 3, &is_new_file)?;
    record_current(workspace)?;
    remove_unswitched(workspace)
}

/// Spill files of the run, and of readers that are gone.
fn is_spill(name: &str) -> bool {
    let reader = name.strip_prefix(".sementara-").map(str::parse::<u32>);
    name == ".sementara" || matches!(reader, Some(Ok(process)) if process == std::process::id() || is_gone(process))
}

/// Entries of the lake lie some folders deep.
fn remove_below(folder: &Path, depth: usize, is_left: &impl Fn(&str) -> bool) -> Result<(), FileError> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Ok(());
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_where(&entry.path(), is_left)?;
            remove_below(&entry.path(), deeper, is_left)?;
        }
    }
    Ok(())
}

fn remove_where(folder: &Path, is_left: impl Fn(&str) -> bool) -> Result<(), FileError> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') && is_left(&name) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// A run that was killed between switch and record has published all the same: its record is made up from its catalogue, so that
/// `history` knows the release and it is not taken for one that was never switched to.
fn record_current(workspace: &Workspace) -> Result<(), FileError> {
    let Some(katalog) = current_katalog(workspace) else {
        return Ok(());
    };
    let path = record_path(workspace, &katalog.run_id);
    if path.exists() {
        return Ok(());
    }
    let record = RunRecord::of_killed(&katalog);
    let mut text = serde_json::to_string_pretty(&record).unwrap_or_default();
    text.push('\n');
    write_atomic(&path, text.as_bytes())
}

/// A release that got its name and was never switched to: newer than the current one, and no record says that it was published.
fn remove_unswitched(workspace: &Workspace) -> Result<(), FileError> {
    let current = workspace
        .current_release()
        .and_then(|release| release.file_name().map(std::ffi::OsStr::to_owned));
    let Ok(entries) = fs::read_dir(workspace.releases()) else {
        return Ok(());
    };
    // One that somebody has gone back from was switched to, whatever became of its record.
    let left = left_behind(workspace)?;
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_left = left.iter().any(|release| name.to_str() == Some(release));
        // A folder that no run has named is somebody else's.
        if is_left || !is_run_id(&name.to_string_lossy()) {
            continue;
        }
        let is_newer = current.as_ref().is_none_or(|current| name > *current);
        let name = name.to_string_lossy();
        if is_newer && !was_published(workspace, &name) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// A record that cannot be read may tell of a published release.
fn was_published(workspace: &Workspace, run_id: &str) -> bool {
    match fs::read_to_string(record_path(workspace, run_id)) {
        Ok(text) => serde_json::from_str::<RunRecord>(&text).map_or(true, |record| record.hasil == Outcome::Published),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    }
}

fn record_path(workspace: &Workspace, run_id: &str) -> PathBuf {
    workspace.runs().join(format!("{run_id}.json"))
}

fn remove(path: &Path) -> Result<(), FileError> {
    failpoint::step("clean_up.removing");
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let removed = if is_folder {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.map_err(failed("remove", path))
}
