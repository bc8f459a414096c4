//! Headings of a sheet that no pipeline knows.

use crate::read::{Next, RawRow, ReadError, RowSource};

/// Rows that are looked at.
const PREVIEW: usize = 60;
/// Longer cells are no headings.
const LONGEST: usize = 60;

/// Where the headings stand, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Their line; none where the file has no headings.
    pub line: Option<u64>,
    /// One for each column.
    pub labels: Vec<String>,
}

/// The first rows that are not blank.
pub fn preview(source: &mut dyn RowSource) -> Result<Vec<RawRow>, ReadError> {
    let mut rows = Vec::new();
    let mut row = RawRow::new();
    for _ in 0..20 * PREVIEW {
        row.clear();
        match source.next_row(&mut row)? {
            Next::Row if row.is_blank() => {}
            Next::Row => rows.push(row.clone()),
            Next::Broken(_) => {}
            Next::End => break,
        }
        if rows.len() == PREVIEW {
            break;
        }
    }
    Ok(rows)
}

/// The headings: the first row that is about as wide as the widest and whose cells could all be headings.
pub fn guess(preview: &[RawRow]) -> Guess {
    let width = preview.iter().map(filled).max().unwrap_or(0);
    let found = preview
        .iter()
        .find(|row| filled(row) * 10 >= width * 6 && row.iter().all(could_be_heading) && filled(row) > 0);
    match found {
        Some(row) => {
            let columns = row
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.trim().is_empty())
                .last()
                .map_or(0, |(last, _)| last + 1);
            let labels = row
                .iter()
                .take(columns)
                .enumerate()
                .map(|(index, cell)| label(index, cell));
            Guess {
                line: Some(row.line),
                labels: labels.collect(),
            }
        }
        None => {
            let columns = preview.iter().map(RawRow::len).max().unwrap_or(0);
            Guess {
                line: None,
                labels: (0..columns).map(|index| label(index, "")).collect(),
            }
        }
    }
}

/// A heading on one line; a column without one is called by its place.
pub fn label(index: usize, text: &str) -> String {
    let label = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if label.is_empty() {
        format!("kolom {}", index + 1)
    } else {
        label
    }
}

fn filled(row: &RawRow) -> usize {
    row.iter().filter(|cell| !cell.trim().is_empty()).count()
}

/// A heading has a letter and no long number; an empty cell is no objection.
fn could_be_heading(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    cell.is_empty() || (cell.chars().count() <= LONGEST && digits < 6 && cell.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Kind;

    fn rows(texts: &[&[&str]]) -> Vec<RawRow> {
        let mut line = 0;
        texts
            .iter()
            .map(|cells| {
                let mut row = RawRow::new();
                line += 1;
                row.line = line;
                cells.iter().for_each(|cell| row.push(cell, Kind::Text));
                row
            })
            .collect()
    }

    #[test]
    fn titles_stand_above_the_headings() {
        let found = guess(&rows(&[
            &["DAFTAR WARGA", "", ""],
            &["NO", "Warna\nrumah", "Luas", ""],
            &["1", "biru", "12"],
        ]));
        assert_eq!(found.line, Some(2));
        assert_eq!(found.labels, ["NO", "Warna rumah", "Luas"]);
    }

    #[test]
    fn a_row_with_an_identity_number_is_no_heading() {
        let found = guess(&rows(&[
            &["3503110203850001", "SITI"],
            &["3503110203850002", "SUTRISNO"],
        ]));
        assert_eq!(found.line, None);
        assert_eq!(found.labels, ["kolom 1", "kolom 2"]);
    }
}
