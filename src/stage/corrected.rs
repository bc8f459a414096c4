//! Rows of a file that someone has corrected: what they wrote stands in place of what the file has.

use super::header::Header;
use super::recognise::SheetPlan;
use crate::read::{Kind, RawRow};
use crate::temuan::{Findings, rules};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A corrected row: heading, which of the headings of that name, and the text that counts.
pub type CorrectedCells = Vec<(String, usize, String)>;

/// The corrected rows of one file, by sheet and line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RowCorrections {
    rows: BTreeMap<String, BTreeMap<u64, CorrectedCells>>,
}

impl RowCorrections {
    /// Puts a corrected row in place of an earlier one.
    pub fn insert(&mut self, sheet: &str, line: u64, cells: CorrectedCells) {
        self.rows.entry(sheet.to_owned()).or_default().insert(line, cells);
    }

    /// Is nothing corrected?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What someone has corrected for nothing: lines that are not there, which are given back, and headings that the sheet
    /// has not. `applied` names those that were laid over a row.
    pub fn note_idle(
        &self,
        applied: &HashSet<(String, u64)>,
        sheets: &[SheetPlan],
        findings: &mut Findings,
    ) -> Vec<(String, u64)> {
        let lines = self.rows.iter();
        let lines = lines.flat_map(|(sheet, rows)| rows.keys().map(move |line| (sheet.clone(), *line)));
        let idle: Vec<(String, u64)> = lines.filter(|line| !applied.contains(line)).collect();
        for (sheet, line) in &idle {
            findings.row(sheet, *line, "", &rules::KOREKSI_TANPA_BARIS, None);
        }
        for sheet in sheets {
            for heading in self.unknown_headings(&sheet.name, &sheet.header) {
                let words = format!(
                    "Kolom `{heading}` pada lembar koreksi tidak ada di berkas asalnya, jadi isinya tidak dipakai"
                );
                findings.file(&sheet.name, "", &rules::KOREKSI_KOLOM_TIDAK_DIKENAL, words);
            }
        }
        idle
    }

    /// Headings of the corrected rows of a sheet that the sheet itself has not, each once.
    pub fn unknown_headings(&self, sheet: &str, header: &Header) -> BTreeSet<&str> {
        let cells = self.rows.get(sheet).into_iter().flat_map(BTreeMap::values).flatten();
        let unknown = cells.filter(|(heading, nth, _)| position(header, heading, *nth).is_none());
        unknown.map(|(heading, ..)| heading.as_str()).collect()
    }

    /// The cells of a corrected row.
    pub fn cells(&self, sheet: &str, line: u64) -> Option<&CorrectedCells> {
        self.rows.get(sheet)?.get(&line)
    }

    /// The row as it counts now; `None` where it is not corrected. What the correction does not name stays as it was.
    pub fn row(&self, sheet: &str, line: u64, header: &Header, original: Option<&RawRow>) -> Option<RawRow> {
        let cells = self.cells(sheet, line)?;
        let texts: BTreeMap<usize, &str> = cells
            .iter()
            .filter_map(|(heading, nth, text)| Some((position(header, heading, *nth)?, text.as_str())))
            .collect();
        let mut row = RawRow::new();
        row.line = line;
        for column in 0..header.headings.len() {
            let before = original.map_or(("", Kind::Empty), |row| (row.cell(column), row.kind(column)));
            match texts.get(&column) {
                Some(text) if *text != before.0 => {
                    row.push(text, if text.is_empty() { Kind::Empty } else { Kind::Text });
                }
                _ => row.push(before.0, before.1),
            }
        }
        Some(row)
    }
}

/// The sheet column of the `nth` heading with this text.
pub fn position(header: &Header, heading: &str, nth: usize) -> Option<usize> {
    let same = header
        .headings
        .iter()
        .enumerate()
        .filter(|(_, known)| known.text.trim() == heading.trim());
    same.map(|(column, _)| column).nth(nth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::{Heading, Mapping};

    #[test]
    fn what_is_corrected_replaces_and_the_rest_stays() {
        let heading = |text: &str| Heading {
            text: text.to_owned(),
            key: text.to_owned(),
            lower_key: None,
        };
        let header = Header {
            line: 1,
            headings: vec![heading("NAMA"), heading("NIK"), heading("NAMA")],
            mapping: Mapping::default(),
        };
        let mut original = RawRow::new();
        original.line = 7;
        original.push("a", Kind::Text);
        original.push("1", Kind::Number(1.0));
        original.push("c", Kind::Text);
        let mut corrections = RowCorrections::default();
        corrections.insert(
            "S",
            7,
            vec![
                ("NIK".to_owned(), 0, "2".to_owned()),
                ("NAMA".to_owned(), 1, "d".to_owned()),
            ],
        );
        let row = corrections.row("S", 7, &header, Some(&original)).unwrap();
        assert_eq!(row.iter().collect::<Vec<_>>(), ["a", "2", "d"]);
        assert_eq!((row.kind(1), row.line), (Kind::Text, 7));
        assert!(corrections.row("S", 8, &header, Some(&original)).is_none());
        let of_nothing = corrections.row("S", 7, &header, None).unwrap();
        assert_eq!(of_nothing.iter().collect::<Vec<_>>(), ["", "2", "d"]);
    }
}
