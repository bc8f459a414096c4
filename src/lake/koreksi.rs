//! Corrected sheets that come home: recognised by the heading of their hidden key column, kept like every file, and laid
//! over the rows that they name when these are staged. The original bytes are never changed.

use super::catalogue::Catalogue;
use super::entry::Entry;
use crate::files::hex;
use crate::read::{Format, Limits, Next, RawRow, ReadError, Workbook};
use crate::stage::{Input, RowCorrections};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The source of a corrected sheet.
pub const CORRECTION: &str = "koreksi";

/// Heading of the hidden column that says which row a row corrects: `id_berkas|lembar|nomor_baris`.
pub const KEY_HEADING: &str = "_kunci_bansos360";

/// Headings of the columns that explain; what is written there is nobody's data.
pub const EXPLAINING: [&str; 2] = ["Yang perlu diperbaiki", "Yang sebaiknya dilakukan"];

/// The key of a row.
pub fn row_key(id_berkas: &str, sheet: &str, line: u64) -> String {
    format!("{id_berkas}|{sheet}|{line}")
}

/// A sheet's name may hold the sign that parts the key, so the ends are taken first.
fn read_key(key: &str) -> Option<(&str, &str, u64)> {
    let (id, rest) = key.trim().split_once('|')?;
    let (sheet, line) = rest.rsplit_once('|')?;
    Some((id, sheet, line.parse().ok()?))
}

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

/// All corrected rows of the lake.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    by_file: BTreeMap<String, RowCorrections>,
    /// Each of them, in the order in which they came.
    pub all: Vec<Correction>,
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

    /// Corrections of files for which `counts` says no do not count.
    pub fn keep_only(&mut self, counts: impl Fn(&str) -> bool) {
        for row in &mut self.all {
            row.berlaku &= counts(&row.id_berkas);
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
        let mut book = open(&entry.path)?;
        for index in 0..book.sheets().len() {
            let sheet = book
                .sheets()
                .get(index)
                .map(|sheet| sheet.name.clone())
                .unwrap_or_default();
            let mut rows = book.rows(index)?;
            let mut row = RawRow::new();
            let mut columns: Vec<(usize, String, usize)> = Vec::new();
            loop {
                row.clear();
                match rows.next_row(&mut row)? {
                    Next::End => break,
                    Next::Broken(_) => {}
                    Next::Row if row.line == 1 && row.cell(0).trim() == KEY_HEADING => columns = headings(&row),
                    Next::Row if columns.is_empty() => break,
                    Next::Row => self.add_row(entry, &sheet, &row, &columns),
                }
            }
        }
        Ok(())
    }

    fn add_row(&mut self, entry: &Entry, sheet: &str, row: &RawRow, columns: &[(usize, String, usize)]) {
        let Some((id, lembar, line)) = read_key(row.cell(0)) else {
            return;
        };
        let cells = columns
            .iter()
            .map(|(column, heading, nth)| (heading.clone(), *nth, row.cell(*column).to_owned()));
        self.by_file
            .entry(id.to_owned())
            .or_default()
            .insert(lembar, line, cells.collect());
        for earlier in &mut self.all {
            let same = earlier.id_berkas == id && earlier.lembar == lembar && earlier.nomor_baris == line;
            earlier.berlaku &= !same;
        }
        self.all.push(Correction {
            id_berkas: id.to_owned(),
            lembar: lembar.to_owned(),
            nomor_baris: line,
            berkas_koreksi: entry.nama.clone(),
            sha256: entry.sha256.clone(),
            lembar_koreksi: sheet.to_owned(),
            baris_koreksi: row.line,
            waktu_masuk: entry.waktu_masuk.clone(),
            berlaku: true,
        });
    }
}

/// Sheet column, heading and which of the headings of that name, without the key and what explains.
fn headings(row: &RawRow) -> Vec<(usize, String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (column, text) in row.iter().enumerate().skip(1) {
        let text = text.trim();
        if text.is_empty() || EXPLAINING.contains(&text) {
            continue;
        }
        let nth = seen.entry(text.to_owned()).or_insert(0);
        found.push((column, text.to_owned(), *nth));
        *nth += 1;
    }
    found
}

fn open(path: &Path) -> Result<Workbook, ReadError> {
    Input::file(path).open_workbook(Format::Xlsx, Limits::default())
}

/// Is this a corrected sheet, by the heading of its first cell?
pub fn is_correction(path: &Path) -> bool {
    if !matches!(Input::file(path).format(), Ok(Format::Xlsx)) {
        return false;
    }
    let Ok(mut book) = open(path) else { return false };
    (0..book.sheets().len()).any(|index| {
        let mut row = RawRow::new();
        let Ok(mut rows) = book.rows(index) else { return false };
        matches!(rows.next_row(&mut row), Ok(Next::Row)) && row.line == 1 && row.cell(0).trim() == KEY_HEADING
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        assert_eq!(read_key(&row_key("ab-1", "A|B", 7)), Some(("ab-1", "A|B", 7)));
        assert_eq!(read_key(&row_key("ab", "", 2)), Some(("ab", "", 2)));
        assert_eq!(read_key("nothing"), None);
        assert_eq!(read_key("a|b|c"), None);
    }
}
