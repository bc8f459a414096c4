//! Removes stored files for good (the right to erasure of UU PDP, and retention). What stays is a line among the decisions: name,
//! hash, when it came, when it went and why; the same bytes are refused from then on.

use super::LakeError;
use super::catalogue::{Catalogue, entry_folders, read_entry};
use super::decision::{Decision, Decisions, Ruling};
use super::entry::Entry;
use super::koreksi::Corrections;
use super::staged::remove;
use super::staged_folders::staged_folders;
use crate::files::failed;
use crate::pipeline::Pipelines;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// What remains of an entry that is purged. `rows` were read from it, where that is known.
pub fn tombstone(entry: &Entry, rows: Option<u64>) -> Ruling {
    Ruling::Hapus {
        nama: entry.nama.clone(),
        sumber: entry.sumber.clone(),
        periode: entry.periode.clone(),
        waktu_masuk: entry.waktu_masuk.clone(),
        ukuran: entry.ukuran,
        baris: rows,
    }
}

/// Removes the bytes of everything that is decided to be purged, with what was staged from them. A purge that was cut off is
/// carried to its end by the next call; the number of files that were removed.
///
/// # Errors
/// [`LakeError`] where something cannot be removed.
pub fn remove_purged(workspace: &Workspace) -> Result<usize, LakeError> {
    let decisions = Decisions::read(workspace)?;
    let mut gone = 0;
    if decisions.all_in_force().is_empty() {
        return Ok(gone);
    }
    for folder in entry_folders(&workspace.raw())? {
        let Some(entry) = read_entry(&folder)? else { continue };
        if decisions.purged(&entry.sha256).is_none() {
            continue;
        }
        for staged in staged_of(workspace, entry.short_id())? {
            remove(&staged)?;
        }
        remove_entry(&folder)?;
        gone += 1;
    }
    Ok(gone)
}

/// Staged folders of a file or its members; those that are not whole among them, since nobody can tell what they hold.
///
/// # Errors
/// [`LakeError`] where they cannot be read.
pub fn staged_of(workspace: &Workspace, short_id: &str) -> Result<Vec<PathBuf>, LakeError> {
    let of_entry = |id: &str| id.split('-').next() == Some(short_id);
    let folders = staged_folders(workspace)?.into_iter();
    Ok(folders
        .filter(|folder| {
            let summary = folder.summary.as_ref();
            summary.is_none_or(|summary| of_entry(&summary.id_berkas))
        })
        .map(|folder| folder.path)
        .collect())
}

/// Removes all that is staged; it is made again.
///
/// # Errors
/// [`LakeError`] where it cannot be removed.
pub fn remove_staged(workspace: &Workspace) -> Result<(), LakeError> {
    for folder in staged_folders(workspace)? {
        remove(&folder.path)?;
    }
    Ok(())
}

/// The entry goes last: as long as anything of the file is there, it tells what that is.
fn remove_entry(folder: &Path) -> Result<(), LakeError> {
    let told = folder.join("entry.json");
    for file in fs::read_dir(folder).map_err(failed("read folder", folder))? {
        let path = file.map_err(failed("read folder", folder))?.path();
        if path == told {
            continue;
        }
        if path.is_dir() {
            remove(&path)?;
        } else {
            fs::remove_file(&path).map_err(failed("remove", &path))?;
        }
    }
    remove(folder)?;
    // A periode or source without files is no folder any more; one that has some stays.
    let mut parent = folder.parent();
    for _ in 0..2 {
        if let Some(above) = parent {
            let _ = fs::remove_dir(above);
            parent = above.parent();
        }
    }
    Ok(())
}

impl Catalogue {
    /// Entries that came before `day` (`2021-01-31`). Those that count are left out unless `also_counting`; a corrected sheet counts
    /// as long as one of its rows does.
    pub fn older_than(&self, day: &str, also_counting: bool, pipelines: &Pipelines) -> Vec<&Entry> {
        let counting = self.counting(pipelines);
        let mut corrections = Corrections::read(self).unwrap_or_default();
        corrections.keep_only(|row| {
            counting
                .iter()
                .any(|piece| piece.entry.piece_id(piece.piece) == row.id_berkas)
        });
        let counts = |entry: &Entry| {
            counting.iter().any(|piece| piece.entry.sha256 == entry.sha256)
                || corrections
                    .all
                    .iter()
                    .any(|row| row.sha256 == entry.sha256 && row.berlaku)
        };
        let came_before = |entry: &Entry| entry.waktu_masuk.get(..10).is_some_and(|came| came < day);
        let old = self.entries.iter().filter(|entry| came_before(entry));
        old.filter(|entry| also_counting || !counts(entry)).collect()
    }

    /// Corrected sheets that hold rows of these entries and are none of them: names with their ids.
    pub fn sheets_with_rows_of(&self, entries: &[&Entry]) -> Vec<(String, String)> {
        let is_named = |sha256: &str| entries.iter().any(|entry| entry.sha256 == sha256);
        let corrections = Corrections::read(self).unwrap_or_default();
        let mut found: Vec<(String, String)> = corrections
            .all
            .iter()
            .filter(|row| {
                let id = row.id_berkas.split('-').next().unwrap_or_default();
                entries.iter().any(|entry| entry.short_id() == id) && !is_named(&row.sha256)
            })
            .map(|row| {
                (
                    row.berkas_koreksi.clone(),
                    row.sha256.get(..12).unwrap_or_default().to_owned(),
                )
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

impl Decisions {
    /// The purge that is meant by the beginning of a hash or by a name.
    ///
    /// # Errors
    /// [`LakeError`] where none or several are.
    pub fn find_purged(&self, typed: &str) -> Result<Decision, LakeError> {
        let lower = typed.to_lowercase();
        let mut found: Vec<Decision> = self.all_in_force();
        found.retain(|decision| match &decision.putusan {
            Ruling::Hapus { nama, .. } => nama == typed || (lower.len() >= 4 && decision.sha256.starts_with(&lower)),
            _ => false,
        });
        match found.len() {
            0 => Err(LakeError::Unfit(format!("nothing that was purged is named `{typed}`"))),
            1 => Ok(found.remove(0)),
            _ => Err(LakeError::Ambiguous {
                name: typed.to_owned(),
                candidates: found
                    .iter()
                    .map(|decision| decision.sha256.get(..12).unwrap_or_default().to_owned())
                    .collect(),
            }),
        }
    }
}
