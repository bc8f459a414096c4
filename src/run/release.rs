//! Releases: built beside the one that readers open, and switched to by one rename.

use crate::files::{FileError, failed, make_folder, rename, sync_folder};
use crate::mart::Katalog;
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

/// Removes what a run that was killed has left: unfinished releases, files on their way into the lake, spill files.
///
/// # Errors
/// [`FileError`] where something cannot be removed.
pub fn clean_up(workspace: &Workspace) -> Result<(), FileError> {
    for folder in [
        workspace.releases(),
        workspace.raw(),
        workspace.staged(),
        workspace.root().to_owned(),
        workspace.runs(),
    ] {
        remove_unfinished(&folder)?;
    }
    Ok(())
}

fn remove_unfinished(folder: &Path) -> Result<(), FileError> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let kept = matches!(name.as_str(), ".bansos360.json" | ".kunci" | ".pemegang");
        if !name.starts_with('.') || kept {
            continue;
        }
        let is_ours = path.is_dir()
            && !path.is_symlink()
            && (folder.ends_with("releases")
                || folder.ends_with("staged")
                || name.starts_with(".masuk-")
                || name == ".sementara");
        let removed = if is_ours {
            fs::remove_dir_all(&path)
        } else if Path::new(&name).extension().is_some_and(|ending| ending == "baru") || name.starts_with(".current.") {
            fs::remove_file(&path)
        } else {
            continue;
        };
        removed.map_err(failed("remove", &path))?;
    }
    Ok(())
}
