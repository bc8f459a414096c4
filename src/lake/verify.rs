//! Holds the lake against its catalogue: every byte is hashed again.

use super::LakeError;
use super::catalogue::{entry_folders, read_entry};
use super::decision::{Decisions, Ruling};
use super::entry::Entry;
use super::side_by_side::in_parallel;
use super::staged_folders::staged_folders;
use crate::files::{failed, hash};
use crate::workspace::Workspace;
use serde::Serialize;
use std::fs;
use std::path::Path;

/// What was looked at, and what is not as it should be.
#[derive(Debug, Serialize)]
pub struct Verified {
    /// Files that were hashed.
    pub berkas: usize,
    /// Their bytes.
    pub ukuran: u64,
    /// Staged folders that were looked at.
    pub olahan: usize,
    /// What is wrong with the lake.
    pub kerusakan: Vec<Damage>,
    /// What the next run mends by itself, and the like.
    pub catatan: Vec<String>,
}

/// Something that is not as it came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Damage {
    /// Where, relative to the workspace.
    pub tempat: String,
    /// `hilang`, `berubah`, `berlebih`, `tidak_terbaca`.
    pub jenis: &'static str,
    /// In words.
    pub pesan: String,
}

/// Verifies the lake of a workspace; changes nothing.
///
/// # Errors
/// [`LakeError`] where the lake cannot be read at all; what is wrong with single files stands in the result.
pub fn verify(workspace: &Workspace, threads: usize) -> Result<Verified, LakeError> {
    let decisions = Decisions::read(workspace)?;
    let raw = workspace.raw();
    let folders = entry_folders(&raw)?;
    let looked = in_parallel(threads, &folders, |_, folder| {
        Ok::<_, LakeError>(look(workspace, &decisions, folder))
    })?;
    let mut verified = Verified {
        berkas: 0,
        ukuran: 0,
        olahan: 0,
        kerusakan: loose_files(workspace, &raw)?,
        catatan: Vec::new(),
    };
    for one in looked {
        verified.berkas += usize::from(one.size.is_some());
        verified.ukuran += one.size.unwrap_or(0);
        verified.kerusakan.extend(one.damage);
        verified.catatan.extend(one.note);
    }
    for staged in staged_folders(workspace)? {
        verified.olahan += 1;
        if staged.summary.is_none() {
            let place = place_of(workspace, &staged.path);
            verified.catatan.push(format!(
                "`{place}` is not whole; the next run that needs it makes it again"
            ));
        }
    }
    verified.kerusakan.sort();
    Ok(verified)
}

#[derive(Default)]
struct Looked {
    size: Option<u64>,
    damage: Vec<Damage>,
    note: Option<String>,
}

fn look(workspace: &Workspace, decisions: &Decisions, folder: &Path) -> Looked {
    let mut looked = Looked::default();
    let mut damage = |path: &Path, jenis, pesan: String| {
        looked.damage.push(Damage {
            tempat: place_of(workspace, path),
            jenis,
            pesan,
        });
    };
    let entry = match read_entry(folder) {
        Ok(Some(entry)) => entry,
        Ok(None) => {
            damage(folder, "hilang", "`entry.json` is missing".to_owned());
            return looked;
        }
        Err(error) => {
            damage(folder, "tidak_terbaca", error.to_string());
            return looked;
        }
    };
    if decisions.purged(&entry.sha256).is_some() {
        looked.note = Some(format!(
            "`{}` was purged and its bytes are still there; the next run removes them",
            place_of(workspace, folder)
        ));
        return looked;
    }
    if folder.file_name().is_none_or(|name| name != entry.short_id()) {
        damage(
            folder,
            "berubah",
            "the folder has another name than the hash of its file".to_owned(),
        );
    }
    let hashes = hashes(&entry, decisions);
    match hash(&entry.path) {
        Ok(found) if hashes.last() == Some(&found) => {
            looked.size = fs::metadata(&entry.path).ok().map(|file| file.len());
        }
        Ok(found) if hashes.contains(&found) => damage(
            &entry.path,
            "berubah",
            "rows of a person were to be emptied, and that was cut off; type `bansos360 lake purge --nik -` once more"
                .to_owned(),
        ),
        Ok(_) => damage(
            &entry.path,
            "berubah",
            "its bytes have another hash than those that came".to_owned(),
        ),
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => {
            damage(&entry.path, "hilang", "the file is missing".to_owned());
        }
        Err(error) => damage(&entry.path, "tidak_terbaca", error.to_string()),
    }
    for extra in others(folder, &entry.path) {
        damage(&extra, "berlebih", "nothing in the catalogue tells of it".to_owned());
    }
    looked
}

/// The hashes that a stored file has had, the one that it must have last: with which it came, and since rows of persons were
/// emptied in it.
fn hashes(entry: &Entry, decisions: &Decisions) -> Vec<String> {
    let mut hashes = vec![entry.sha256.clone()];
    hashes.extend(
        decisions
            .of(&entry.sha256)
            .filter_map(|decision| match &decision.putusan {
                Ruling::Kosongkan { sha256_kini, .. } => Some(sha256_kini.clone()),
                _ => None,
            }),
    );
    hashes
}

/// What lies beside a stored file and its entry.
fn others(folder: &Path, stored: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .filter(|path| path != stored && *path != folder.join("entry.json"))
        .collect()
}

/// Files where only folders should be.
fn loose_files(workspace: &Workspace, raw: &Path) -> Result<Vec<Damage>, LakeError> {
    let mut found = Vec::new();
    let mut open = vec![(raw.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(failed("read folder", &folder))? {
            let entry = entry.map_err(failed("read folder", &folder))?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with(".masuk-") {
                continue;
            }
            if !path.is_dir() {
                found.push(Damage {
                    tempat: place_of(workspace, &path),
                    jenis: "berlebih",
                    pesan: "nothing in the catalogue tells of it".to_owned(),
                });
            } else if depth < 1 {
                open.push((path, depth + 1));
            }
        }
    }
    Ok(found)
}

fn place_of(workspace: &Workspace, path: &Path) -> String {
    let inside = path.strip_prefix(workspace.root()).unwrap_or(path);
    inside.display().to_string()
}
