//! The first look at a piece: what its bytes are, and the first rows of its sheets.

use super::header::PREVIEW_ROWS;
use super::input::Input;
use super::recognise::names_alone;
use super::refusal::Refusal;
use crate::pipeline::Pipeline;
use crate::read::{Format, Limits, Merge, Next, RawRow, ReadError, RowSource};
use serde::Serialize;

/// Delimiter and encoding of a text file.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Dialect {
    /// `,` `;` `|` or tab.
    pub delimiter: char,
    /// Encoding.
    pub encoding: String,
}

/// A sheet's first rows.
pub(super) struct Preview {
    pub index: usize,
    pub name: String,
    pub hidden: bool,
    pub rows: Vec<RawRow>,
    pub merges: Vec<Merge>,
}

/// The first rows of a piece and how they are written.
pub(super) struct Sight {
    pub format: Format,
    pub previews: Vec<Preview>,
    pub dialect: Option<Dialect>,
}

/// What the bytes show.
pub(super) enum Looked {
    Rows(Sight),
    /// Bytes that cannot be read, under a name that promises nothing.
    Unreadable(String),
}

/// Opens a piece and reads the first rows of its sheets.
///
/// # Errors
/// [`Refusal`] where bytes that are meant as data cannot be read.
pub(super) fn look(input: &Input, name: &str, named: &[&Pipeline], limits: Limits) -> Result<Looked, Refusal> {
    let refuse = |error: &ReadError| Refusal::from(error).in_member(input.member_name());
    let format = input.format().map_err(|error| refuse(&error))?;
    if let Some(error) = format.refusal() {
        if looks_like_data(name) || named.iter().any(|pipeline| names_alone(name, pipeline)) {
            return Err(refuse(&error));
        }
        return Ok(Looked::Unreadable(error.to_string()));
    }
    sight(input, format, limits).map(Looked::Rows)
}

/// The first rows of a piece that can be read.
///
/// # Errors
/// [`Refusal`] where it cannot.
pub(super) fn sight(input: &Input, format: Format, limits: Limits) -> Result<Sight, Refusal> {
    let refuse = |error: &ReadError| Refusal::from(error).in_member(input.member_name());
    let (previews, dialect) = previews(input, format, limits).map_err(|error| refuse(&error))?;
    Ok(Sight {
        format,
        previews,
        dialect,
    })
}

/// Files that can only be meant as data: a text or workbook ending.
fn looks_like_data(name: &str) -> bool {
    let name = name.to_lowercase();
    [".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".tsv", ".xlsm"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

type Previews = (Vec<Preview>, Option<Dialect>);

fn previews(input: &Input, format: Format, limits: Limits) -> Result<Previews, ReadError> {
    if !format.is_workbook() {
        let mut csv = input.open_csv()?;
        let rows = first_rows(&mut csv)?;
        let dialect = Dialect {
            delimiter: csv.delimiter(),
            encoding: format!("{:?}", csv.encoding()),
        };
        let sheet = Preview {
            index: 0,
            name: String::new(),
            hidden: false,
            rows,
            merges: Vec::new(),
        };
        return Ok((vec![sheet], Some(dialect)));
    }
    let mut workbook = input.open_workbook(format, limits)?;
    let sheets = workbook.sheets().to_vec();
    let mut previews = Vec::with_capacity(sheets.len());
    for (index, sheet) in sheets.into_iter().enumerate() {
        let merges = workbook.merges(index)?;
        let rows = first_rows(workbook.rows(index)?.as_mut())?;
        previews.push(Preview {
            index,
            name: sheet.name,
            hidden: sheet.hidden,
            rows,
            merges,
        });
    }
    input.keep_open(format, workbook);
    Ok((previews, None))
}

fn first_rows(source: &mut dyn RowSource) -> Result<Vec<RawRow>, ReadError> {
    let mut rows = Vec::new();
    let mut row = RawRow::new();
    let mut looked_at = 0;
    while rows.len() < PREVIEW_ROWS && looked_at < 20 * PREVIEW_ROWS {
        looked_at += 1;
        row.clear();
        match source.next_row(&mut row)? {
            Next::Row if row.is_blank() => {}
            Next::Row => rows.push(row.clone()),
            Next::Broken(_) => {}
            Next::End => break,
        }
    }
    Ok(rows)
}
