//! All entries of the lake (ruling 44), with what has been decided about them.

use super::LakeError;
use super::decision::{Decision, Decisions};
use super::entry::{Entry, OTHER, Piece, stored_name};
use crate::files::failed;
use crate::pipeline::Pipelines;
use crate::workspace::Workspace;
use chrono::{DateTime, TimeDelta, Utc};
use std::fs;
use std::path::{Path, PathBuf};

/// All stored files, in the order in which they came.
#[derive(Debug, Default, Clone)]
pub struct Catalogue {
    /// The entries.
    pub entries: Vec<Entry>,
    /// What has been decided about files of the lake.
    pub decisions: Decisions,
}

/// A piece and the tables for which it counts.
#[derive(Debug, Clone)]
pub struct Counting<'c> {
    /// The stored file.
    pub entry: &'c Entry,
    /// The piece of it.
    pub piece: &'c Piece,
    /// Tables for which it counts; the others have a newer delivery.
    pub tables: Vec<String>,
    /// Its place in the order ingest time, path, member: greater is later.
    pub order: usize,
}

impl Catalogue {
    /// Reads the catalogue of a workspace.
    ///
    /// # Errors
    /// [`LakeError`] where an entry cannot be read.
    pub fn read(workspace: &Workspace) -> Result<Self, LakeError> {
        let mut catalogue = Self {
            entries: Vec::new(),
            decisions: Decisions::read(workspace)?,
        };
        for folder in entry_folders(&workspace.raw())? {
            if let Some(mut entry) = read_entry(&folder)? {
                catalogue.decisions.apply(&mut entry);
                catalogue.entries.push(entry);
            }
        }
        catalogue.entries.retain(|entry| !entry.is_purged());
        catalogue.sort();
        Ok(catalogue)
    }

    /// Folders of files that no pipeline knew, whose bytes stand in the lake under a source by now.
    pub(super) fn known_by_now(&self) -> Vec<PathBuf> {
        let is_known = |entry: &Entry| {
            let mut same = self.entries.iter().filter(|other| other.sha256 == entry.sha256);
            same.any(|other| other.sumber != OTHER)
        };
        let unknown = self
            .entries
            .iter()
            .filter(|entry| entry.sumber == OTHER && is_known(entry));
        unknown
            .filter_map(|entry| entry.path.parent().map(Path::to_owned))
            .collect()
    }

    /// Adds an entry in its place.
    pub fn add(&mut self, mut entry: Entry) {
        self.decisions.apply(&mut entry);
        self.entries.push(entry);
        self.sort();
    }

    /// The ingest time of files that come now: after all that came before, also where the clock was set back. The latest counts.
    pub(super) fn time_of_next(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let newest = self
            .entries
            .last()
            .map(|entry| DateTime::parse_from_rfc3339(&entry.waktu_masuk));
        match newest {
            Some(Ok(newest)) if newest >= now => newest.to_utc() + TimeDelta::microseconds(1),
            _ => now,
        }
    }

    fn sort(&mut self) {
        self.entries.sort_by(|left, right| {
            (&left.waktu_masuk, &left.jalur, &left.sha256).cmp(&(&right.waktu_masuk, &right.jalur, &right.sha256))
        });
    }

    /// The entry with these bytes; one that a pipeline knows before one that none knew.
    pub fn by_hash(&self, sha256: &str) -> Option<&Entry> {
        let mut same = self.entries.iter().filter(|entry| entry.sha256 == sha256);
        let first = same.next()?;
        if first.sumber == OTHER {
            same.next().or(Some(first))
        } else {
            Some(first)
        }
    }

    /// Lets decisions hold in this catalogue alone, to see what they would do.
    pub fn decide(&mut self, decisions: &[Decision]) {
        self.decisions.hold(decisions);
        let decisions = &self.decisions;
        self.entries.iter_mut().for_each(|entry| decisions.apply(entry));
    }

    /// The decision that purged these bytes.
    pub fn purged(&self, sha256: &str) -> Option<Decision> {
        self.decisions.purged(sha256)
    }

    /// Takes an entry out, by its folder.
    pub fn remove(&mut self, folder: &Path) {
        self.entries.retain(|entry| entry.path.parent() != Some(folder));
    }

    /// Entries that a pipeline knew which is there no more, and that nobody has taken out.
    pub fn orphans(&self, pipelines: &Pipelines) -> Vec<&Entry> {
        let is_orphan = |entry: &&Entry| {
            let mut pieces = entry.bagian.iter();
            pieces.any(|piece| pipelines.get(&piece.sumber).is_none() && entry.retraction(piece).is_none())
        };
        self.entries.iter().filter(is_orphan).collect()
    }

    /// The greatest periode for which households are there.
    pub fn latest_periode(&self, pipelines: &Pipelines) -> Option<String> {
        let counting = self.counting(pipelines);
        let of_households = counting
            .iter()
            .filter(|piece| piece.tables.iter().any(|table| table == "dtks_rt"));
        of_households.filter_map(|piece| piece.piece.periode.clone()).max()
    }
}

/// The folders of all stored files.
///
/// # Errors
/// [`LakeError`] where a folder cannot be read.
pub(super) fn entry_folders(raw: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let mut found = Vec::new();
    for source in folders(raw)? {
        for periode in folders(&source)? {
            found.extend(folders(&periode)?);
        }
    }
    Ok(found)
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(failed("read folder", path)(error).into()),
    };
    for entry in entries {
        let entry = entry.map_err(failed("read folder", path))?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.path().is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The entry of a folder as it was recognised; `None` where the folder holds none.
///
/// # Errors
/// [`LakeError`] where it cannot be read.
pub(super) fn read_entry(folder: &Path) -> Result<Option<Entry>, LakeError> {
    let path = folder.join("entry.json");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", &path)(error).into()),
    };
    let mut entry: Entry = serde_json::from_str(&text).map_err(|error| LakeError::BrokenEntry {
        path: path.clone(),
        problem: error.to_string(),
    })?;
    entry.path = folder.join(stored_name(&entry.nama));
    Ok(Some(entry))
}
