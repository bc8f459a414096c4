//! Corrected sheets that come home: recognised by the heading of their hidden key column, kept like every file, and laid
//! over the rows that they name when these are staged. The original bytes are never changed.

use super::catalogue::Catalogue;
use super::entry::Entry;
use super::lembar_koreksi::{RowKey, read_corrected};
use crate::files::hex;
use crate::read::ReadError;
use crate::stage::{CorrectedCells, RowCorrections};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The source of a corrected sheet.
pub const CORRECTION: &str = "koreksi";

/// A row that someone has corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The file or member whose row it is.
    pub id_berkas: String,
    /// Its sheet.
    pub lembar: String,
    /// Its line.
    pub nomor_baris: u64,
    /// The corrected file.
    pub berkas_koreksi: String,
    /// SHA-256 of the corrected file.
    pub sha256: String,
    /// The sheet of the corrected file.
    pub lembar_koreksi: String,
    /// The line there.
    pub baris_koreksi: u64,
    /// When it came, UTC.
    pub waktu_masuk: String,
    /// Does it count, or has a later one replaced it?
    pub berlaku: bool,
}

impl Correction {
    /// Which row it stands for.
    fn key(&self) -> RowKey {
        RowKey {
            id_berkas: self.id_berkas.clone(),
            lembar: self.lembar.clone(),
            nomor_baris: self.nomor_baris,
        }
    }
}

/// All corrected rows of the lake.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    by_file: BTreeMap<String, RowCorrections>,
    /// Each of them, in the order in which they came.
    pub all: Vec<Correction>,
    /// Where in `all` the correction stands that counts, by the row that it corrects.
    latest: BTreeMap<RowKey, usize>,
    /// Rows without a key that can be read, by corrected file.
    keyless: BTreeMap<String, u64>,
}

impl Corrections {
    /// Reads the corrected sheets of the lake; the latest correction of a row counts.
    ///
    /// # Errors
    /// [`ReadError`] where a sheet can no longer be read, with its name.
    pub fn read(catalogue: &Catalogue) -> Result<Self, (String, ReadError)> {
        let mut corrections = Self::default();
        for entry in catalogue.entries.iter().filter(|entry| entry.sumber == CORRECTION) {
            corrections.add(entry).map_err(|error| (entry.nama.clone(), error))?;
        }
        Ok(corrections)
    }

    /// The corrected rows of a file.
    pub fn of(&self, id_berkas: &str) -> Option<&RowCorrections> {
        self.by_file.get(id_berkas)
    }

    /// Corrections for which `counts` says no do not count.
    pub fn keep_only(&mut self, counts: impl Fn(&Correction) -> bool) {
        for row in &mut self.all {
            row.berlaku &= counts(row);
        }
    }

    /// A hash of the corrected rows of a file; empty where there are none.
    pub fn fingerprint(&self, id_berkas: &str) -> String {
        self.of(id_berkas).map_or_else(String::new, |rows| {
            let text = serde_json::to_string(rows).unwrap_or_default();
            hex(&Sha256::digest(text.as_bytes())[..8])
        })
    }

    fn add(&mut self, entry: &Entry) -> Result<(), ReadError> {
        for row in read_corrected(&entry.path)? {
            match row.key {
                Some(key) => self.add_row(entry, &row.lembar, row.baris, key, row.cells),
                None => *self.keyless.entry(entry.nama.clone()).or_insert(0) += 1,
            }
        }
        Ok(())
    }

    fn add_row(&mut self, entry: &Entry, sheet: &str, line: u64, key: RowKey, cells: CorrectedCells) {
        self.by_file
            .entry(key.id_berkas.clone())
            .or_default()
            .insert(&key.lembar, key.nomor_baris, cells);
        let earlier = self.latest.insert(key.clone(), self.all.len());
        if let Some(earlier) = earlier.and_then(|index| self.all.get_mut(index)) {
            earlier.berlaku = false;
        }
        self.all.push(Correction {
            id_berkas: key.id_berkas,
            lembar: key.lembar,
            nomor_baris: key.nomor_baris,
            berkas_koreksi: entry.nama.clone(),
            sha256: entry.sha256.clone(),
            lembar_koreksi: sheet.to_owned(),
            baris_koreksi: line,
            waktu_masuk: entry.waktu_masuk.clone(),
            berlaku: true,
        });
    }

    /// Rows of a corrected file that change nothing now, with the reason.
    pub fn idle(&self, berkas_koreksi: &str) -> Idle {
        let mut idle = Idle {
            without_key: self.keyless.get(berkas_koreksi).copied().unwrap_or(0),
            ..Idle::default()
        };
        for (index, row) in self.all.iter().enumerate() {
            if row.berkas_koreksi != berkas_koreksi {
                continue;
            }
            idle.rows += 1;
            if row.berlaku {
                continue;
            }
            if self.latest.get(&row.key()).is_some_and(|latest| *latest > index) {
                idle.corrected_again += 1;
            } else {
                idle.not_there += 1;
            }
        }
        idle
    }
}

/// Rows of a corrected file that change nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Idle {
    /// All its rows with a key.
    pub rows: u64,
    /// They name a line that is not in its file, or a file that does not count.
    pub not_there: u64,
    /// The same row was corrected again later.
    pub corrected_again: u64,
    /// Rows whose key is gone or cannot be read.
    pub without_key: u64,
}
