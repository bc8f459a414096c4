//! Releases: built beside the one that readers open, and switched to by one rename.

use crate::failpoint;
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
    failpoint::step("publish.synced");
    rename(building, &workspace.releases().join(run_id))?;
    failpoint::step("publish.named");
    switch(workspace, run_id)?;
    failpoint::step("publish.switched");
    Ok(())
}

/// Points `current` to a release that is there.
pub fn switch(workspace: &Workspace, run_id: &str) -> Result<(), FileError> {
    let beside = workspace.root().join(format!(".current.{}", std::process::id()));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed("remove", &beside)(error)),
        _ => {}
    }
    std::os::unix::fs::symlink(Path::new("releases").join(run_id), &beside).map_err(failed("link", &beside))?;
    failpoint::step("publish.linked");
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

/// The release that readers open, as far as the next one can use it; nothing where something was purged since it was made.
pub fn previous(workspace: &Workspace, purged: &str) -> Option<Previous> {
    let katalog = current_katalog(workspace).filter(|katalog| katalog.terhapus == purged)?;
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
