//! All entries of the lake, and which of them count now (rulings 43, 44).

use super::LakeError;
use super::entry::{Entry, OTHER, Piece, stored_name};
use crate::files::failed;
use crate::pipeline::Pipelines;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// All stored files, in the order in which they came.
#[derive(Debug, Default, Clone)]
pub struct Catalogue {
    /// The entries.
    pub entries: Vec<Entry>,
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
        let mut entries = Vec::new();
        for source in folders(&workspace.raw())? {
            for periode in folders(&source)? {
                for stored in folders(&periode)? {
                    if let Some(entry) = read_entry(&stored)? {
                        entries.push(entry);
                    }
                }
            }
        }
        let mut catalogue = Self { entries };
        catalogue.sort();
        Ok(catalogue)
    }

    /// Adds an entry in its place.
    pub fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.sort();
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

    /// Takes an entry out, by its folder.
    pub fn remove(&mut self, folder: &Path) {
        self.entries.retain(|entry| entry.path.parent() != Some(folder));
    }

    /// The pieces that count: of DTKS the newest delivery for each periode and table; of lists all but those that a
    /// file of the same source, periode, stage and name replaces.
    pub fn counting(&self, pipelines: &Pipelines) -> Vec<Counting<'_>> {
        let mut newest_dtks: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
        let mut newest_list: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
        for (position, entry) in self.entries.iter().enumerate() {
            for piece in &entry.bagian {
                let Some(pipeline) = pipelines.get(&piece.sumber) else {
                    continue;
                };
                if pipeline.is_dtks() {
                    for table in &pipeline.tables {
                        let periode = piece.periode.clone().unwrap_or_default();
                        newest_dtks.insert((table.clone(), periode), delivery_of(entry));
                    }
                } else {
                    newest_list.insert(list_key(entry, piece), position);
                }
            }
        }
        let mut counting = Vec::new();
        for (position, entry) in self.entries.iter().enumerate() {
            for piece in &entry.bagian {
                let Some(pipeline) = pipelines.get(&piece.sumber) else {
                    continue;
                };
                let newest_for = |table: &String| {
                    let periode = piece.periode.clone().unwrap_or_default();
                    newest_dtks.get(&(table.clone(), periode)) == Some(&delivery_of(entry))
                };
                let tables: Vec<String> = if pipeline.is_dtks() {
                    pipeline
                        .tables
                        .iter()
                        .filter(|table| newest_for(table))
                        .cloned()
                        .collect()
                } else if newest_list.get(&list_key(entry, piece)) == Some(&position) {
                    vec![pipeline.table().to_owned()]
                } else {
                    Vec::new()
                };
                if !tables.is_empty() {
                    counting.push(Counting {
                        entry,
                        piece,
                        tables,
                        order: counting.len() + 1,
                    });
                }
            }
        }
        counting
    }

    /// Entries that a pipeline knew which is there no more.
    pub fn orphans(&self, pipelines: &Pipelines) -> Vec<&Entry> {
        let is_orphan = |entry: &&Entry| entry.bagian.iter().any(|piece| pipelines.get(&piece.sumber).is_none());
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

/// A zip is a delivery; loose files that came together out of one folder are one, too: an office may send a file for each
/// kecamatan.
fn delivery_of(entry: &Entry) -> (String, String) {
    let is_zip = entry.bagian.iter().any(|piece| piece.indeks.is_some());
    let folder = entry.jalur.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = if is_zip { entry.jalur.as_str() } else { folder };
    (
        entry.waktu_masuk.clone(),
        format!("{}{place}", if is_zip { "zip:" } else { "" }),
    )
}

/// Case and blanks of the file name do not matter (ruling 43).
fn list_key(entry: &Entry, piece: &Piece) -> (String, String, String, String) {
    let name: String = entry.piece_name(piece).to_lowercase().split_whitespace().collect();
    let periode = piece
        .periode
        .clone()
        .or_else(|| piece.periode_bantuan.clone())
        .unwrap_or_default();
    (
        piece.sumber.clone(),
        periode,
        piece.tahap.clone().unwrap_or_default(),
        name,
    )
}

fn folders(path: &Path) -> Result<Vec<std::path::PathBuf>, LakeError> {
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

fn read_entry(folder: &Path) -> Result<Option<Entry>, LakeError> {
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
