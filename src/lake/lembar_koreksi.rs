//! A corrected sheet as it comes home: what makes it one, which row each of its rows stands for, what is written in them.

use crate::read::{Format, Limits, Next, RawRow, ReadError, Workbook};
use crate::stage::{CorrectedCells, Input};
use std::collections::BTreeMap;
use std::path::Path;

/// Heading of the hidden column that says which row a row corrects: `id_berkas|lembar|nomor_baris`.
pub const KEY_HEADING: &str = "_kunci_bansos360";

/// Headings of the columns that explain; what is written there is nobody's data.
pub const EXPLAINING: [&str; 2] = ["Yang perlu diperbaiki", "Yang sebaiknya dilakukan"];

/// The key of a row.
pub fn row_key(id_berkas: &str, sheet: &str, line: u64) -> String {
    format!("{id_berkas}|{sheet}|{line}")
}

/// Which row a corrected row stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    /// The file or member.
    pub id_berkas: String,
    /// Its sheet; empty for text.
    pub lembar: String,
    /// Its line.
    pub nomor_baris: u64,
}

/// A sheet's name may hold the sign that parts the key, so the ends are taken first.
fn read_key(key: &str) -> Option<RowKey> {
    let (id, rest) = key.trim().split_once('|')?;
    let (sheet, line) = rest.rsplit_once('|')?;
    Some(RowKey {
        id_berkas: id.to_owned(),
        lembar: sheet.to_owned(),
        nomor_baris: line.parse().ok()?,
    })
}

/// A row of a corrected sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedRow {
    /// The sheet that it stands on.
    pub lembar: String,
    /// Its line there.
    pub baris: u64,
    /// The row that it corrects; `None` where its key is gone or cannot be read.
    pub key: Option<RowKey>,
    /// What stands in it.
    pub cells: CorrectedCells,
}

/// Reads all corrected rows of a workbook; blank ones are none.
///
/// # Errors
/// [`ReadError`] where it cannot be read to its end.
pub fn read_corrected(path: &Path) -> Result<Vec<CorrectedRow>, ReadError> {
    let mut book = open(path)?;
    let mut found = Vec::new();
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
                Next::Row => found.extend(corrected_row(&sheet, &row, &columns)),
            }
        }
    }
    Ok(found)
}

fn corrected_row(sheet: &str, row: &RawRow, columns: &[(usize, String, usize)]) -> Option<CorrectedRow> {
    let key = read_key(row.cell(0));
    let cells: CorrectedCells = columns
        .iter()
        .map(|(column, heading, nth)| (heading.clone(), *nth, row.cell(*column).to_owned()))
        .collect();
    let is_blank = key.is_none() && cells.iter().all(|(_, _, text)| text.trim().is_empty());
    (!is_blank).then(|| CorrectedRow {
        lembar: sheet.to_owned(),
        baris: row.line,
        key,
        cells,
    })
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
pub fn is_correction(input: &Input, limits: Limits) -> bool {
    if input.member.is_some() || !matches!(input.format(), Ok(Format::Xlsx)) {
        return false;
    }
    let Ok(mut book) = input.open_workbook(Format::Xlsx, limits) else {
        return false;
    };
    let has_key = (0..book.sheets().len()).any(|index| {
        let mut row = RawRow::new();
        let Ok(mut rows) = book.rows(index) else { return false };
        matches!(rows.next_row(&mut row), Ok(Next::Row)) && row.line == 1 && row.cell(0).trim() == KEY_HEADING
    });
    input.keep_open(Format::Xlsx, book);
    has_key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = |id: &str, sheet: &str, line| RowKey {
            id_berkas: id.to_owned(),
            lembar: sheet.to_owned(),
            nomor_baris: line,
        };
        assert_eq!(read_key(&row_key("ab-1", "A|B", 7)), Some(key("ab-1", "A|B", 7)));
        assert_eq!(read_key(&row_key("ab", "", 2)), Some(key("ab", "", 2)));
        assert_eq!(read_key("nothing"), None);
        assert_eq!(read_key("a|b|c"), None);
    }
}
