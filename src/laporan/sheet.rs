//! Lists as CSV and XLSX that a spreadsheet opens without doing anything with them.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;
use thiserror::Error;

/// More rows than this do not fit on a sheet.
const MOST_ROWS: usize = 1_000_000;

/// A sheet that cannot be made.
#[derive(Debug, Error)]
pub enum SheetError {
    /// The writer said no.
    #[error("cannot make the sheet: {0}")]
    Writer(#[from] XlsxError),
    /// More rows than a sheet holds.
    #[error("{0} rows do not fit on one sheet; narrow the list, or write CSV")]
    TooMany(usize),
    /// The CSV writer said no.
    #[error("cannot make the CSV: {0}")]
    Csv(#[from] csv::Error),
}

/// Does a spreadsheet take this for a formula?
pub fn looks_like_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A list as CSV; what a spreadsheet would take for a formula gets an apostrophe before it.
///
/// # Errors
/// [`SheetError`] where it cannot be written.
pub fn as_csv(headings: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, SheetError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headings)?;
    for row in rows {
        let safe = row.iter().map(|cell| {
            if looks_like_formula(cell) {
                format!("'{cell}")
            } else {
                cell.clone()
            }
        });
        writer.write_record(safe)?;
    }
    writer
        .into_inner()
        .map_err(|error| SheetError::Csv(error.into_error().into()))
}

/// Lists as a workbook, one sheet each. Every cell is text, so that no number is cut and no formula runs.
///
/// # Errors
/// [`SheetError`] where it cannot be made.
pub fn as_workbook(headings: &[&str], sheets: &[(String, Vec<Vec<String>>)]) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        if rows.len() > MOST_ROWS {
            return Err(SheetError::TooMany(rows.len()));
        }
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        fill(sheet, headings, rows)?;
    }
    Ok(book.save_to_buffer()?)
}

fn fill(sheet: &mut Worksheet, headings: &[&str], rows: &[Vec<String>]) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_background_color(0x00DD_E6F0);
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let quoted = text.clone().set_quote_prefix();
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write_string_with_format(0, column, *heading, &title)?;
        let longest = rows.iter().take(200).filter_map(|row| row.get(usize::from(column)));
        let width = longest
            .map(|cell| cell.chars().count())
            .chain([heading.len()])
            .max()
            .unwrap_or(8);
        sheet.set_column_width(column, width.clamp(8, 60) as f64 + 2.0)?;
    }
    for (line, row) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(row) {
            let format = if looks_like_formula(cell) { &quoted } else { &text };
            sheet.write_string_with_format(line, column, cell, format)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = u16::try_from(headings.len().saturating_sub(1)).unwrap_or(0);
    sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(0), last)?;
    Ok(())
}

/// Names as Excel takes them: 31 letters at most, without some signs, each once.
pub fn sheet_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    names
        .map(|name| {
            let clean: String = name
                .chars()
                .map(|letter| if "[]:*?/\\'".contains(letter) { ' ' } else { letter })
                .collect();
            let clean = if clean.trim().is_empty() {
                "lembar".to_owned()
            } else {
                clean.trim().to_owned()
            };
            let mut candidate: String = clean.chars().take(31).collect();
            let mut number = 2;
            while !taken.insert(candidate.to_lowercase()) {
                let end = format!(" ({number})");
                candidate = clean.chars().take(31 - end.len()).chain(end.chars()).collect();
                number += 1;
            }
            candidate
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_text_in_a_csv() {
        let rows = vec![vec!["=1+1".to_owned(), "a,b".to_owned()]];
        let text = String::from_utf8(as_csv(&["x", "y"], &rows).unwrap()).unwrap();
        assert_eq!(text, "x,y\n'=1+1,\"a,b\"\n");
    }

    #[test]
    fn sheet_names_are_short_and_differ() {
        let long = "A".repeat(40);
        let names = sheet_names(["DESA/A", "desa a", "", &long, &long].into_iter());
        assert_eq!(names[0], "DESA A");
        assert_eq!(names[1], "desa a (2)");
        assert_eq!(names[2], "lembar");
        assert!(names.iter().all(|name| name.chars().count() <= 31));
        assert_ne!(names[3], names[4]);
    }
}
