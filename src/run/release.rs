//! Releases: built beside the one that readers open, and switched to by one rename.

use super::rehearsal::PREFIX;
use super::rollback::left_behind;
use crate::files::{FileError, failed, make_folder, rename, sync_folder};
use crate::mart::Katalog;
use crate::warehouse::Previous;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder for the release of this run, which nobody reads yet.
pub fn begin(workspace: &Workspace, run_id: &str) -> Result<PathBuf, FileError> {
    let folder = workspace.releases().join(format!(".{run_id}"));
    make_folder(&folder)?;
    Ok(folder)
}

/// Gives a built release its name and switches `current` to it.
pub fn publish(workspace: &Workspace, building: &Path, run_id: &str) -> Result<(), FileError> {
    for folder in [building.join("marts"), building.to_owned()] {
        sync_files(&folder)?;
    }
    rename(building, &workspace.releases().join(run_id))?;
    switch(workspace, run_id)
}

/// Points `current` to a release that is there.
pub fn switch(workspace: &Workspace, run_id: &str) -> Result<(), FileError> {
    let beside = workspace.root().join(format!(".current.{}", std::process::id()));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed("remove", &beside)(error)),
        _ => {}
    }
    std::os::unix::fs::symlink(Path::new("releases").join(run_id), &beside).map_err(failed("link", &beside))?;
    rename(&beside, &workspace.current())
}

fn sync_files(folder: &Path) -> Result<(), FileError> {
    for entry in fs::read_dir(folder).map_err(failed("read folder", folder))? {
        let path = entry.map_err(failed("read folder", folder))?.path();
        if path.is_file() {
            fs::File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(failed("sync", &path))?;
        }
    }
    sync_folder(folder)
}

/// The catalogue of the release that readers open.
pub fn current_katalog(workspace: &Workspace) -> Option<Katalog> {
    let text = fs::read_to_string(workspace.current_release()?.join("katalog.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// The release that readers open, as far as the next one can use it.
pub fn previous(workspace: &Workspace) -> Option<Previous> {
    let katalog = current_katalog(workspace)?;
    let marts = katalog
        .mart
        .into_iter()
        .map(|mart| (mart.nama, (mart.baris, mart.ukuran)));
    Some(Previous {
        folder: workspace.current_release()?,
        fingerprints: katalog.sidik_model,
        marts: marts.collect(),
    })
}

/// The catalogue of the release before this one.
pub fn katalog_before(workspace: &Workspace, run_id: &str) -> Option<Katalog> {
    let entries = fs::read_dir(workspace.releases()).ok()?.flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.retain(|name| name.as_str() < run_id && !name.starts_with('.'));
    names.sort();
    let text = fs::read_to_string(workspace.releases().join(names.last()?).join("katalog.json")).ok()?;
    serde_json::from_str(&text).ok()
}

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
        name == ".sementara" || name.starts_with(PREFIX) || name.starts_with(".current.") || is_new_file(name)
    })?;
    remove_unswitched(workspace)
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

/// A release that got its name and was never switched to: newer than the current one, and no run tells of it.
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
        if left.iter().any(|release| name.to_str() == Some(release)) {
            continue;
        }
        let is_newer = current.as_ref().is_none_or(|current| name > *current);
        let record = workspace.runs().join(format!("{}.json", name.to_string_lossy()));
        if is_newer && !name.to_string_lossy().starts_with('.') && !record.exists() {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), FileError> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let removed = if is_folder {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.map_err(failed("remove", path))
}
