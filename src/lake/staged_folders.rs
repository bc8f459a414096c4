//! What stands staged, whatever it was staged for.

use super::LakeError;
use super::staged::read_summary;
use crate::files::failed;
use crate::stage::PieceSummary;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

/// A staged folder.
#[derive(Debug)]
pub struct StagedFolder {
    /// The folder.
    pub path: PathBuf,
    /// What is in it; `None` where a file is missing or cut off, so that it will be made again.
    pub summary: Option<PieceSummary>,
}

/// All staged folders, the latest last.
///
/// # Errors
/// [`LakeError`] where they cannot be read.
pub fn staged_folders(workspace: &Workspace) -> Result<Vec<StagedFolder>, LakeError> {
    let staged = workspace.staged();
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    let entries = match fs::read_dir(&staged) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read folder", &staged)(error).into()),
    };
    for entry in entries {
        let entry = entry.map_err(failed("read folder", &staged))?;
        let path = entry.path();
        if path.is_dir() && !entry.file_name().to_string_lossy().starts_with('.') {
            let made = fs::metadata(path.join(crate::stage::SUMMARY)).and_then(|file| file.modified());
            found.push((made.unwrap_or(SystemTime::UNIX_EPOCH), path));
        }
    }
    found.sort();
    let read = |(_, path): (SystemTime, PathBuf)| {
        let summary = read_summary(&path)?;
        Ok(StagedFolder { path, summary })
    };
    found.into_iter().map(read).collect()
}

/// Rows read of each piece, by its id, as it was staged last.
///
/// # Errors
/// [`LakeError`] where the staged folders cannot be read.
pub fn rows_by_piece(workspace: &Workspace) -> Result<BTreeMap<String, u64>, LakeError> {
    let summaries = staged_folders(workspace)?
        .into_iter()
        .filter_map(|folder| folder.summary);
    Ok(summaries
        .map(|summary| (summary.id_berkas, summary.baris_dibaca))
        .collect())
}
