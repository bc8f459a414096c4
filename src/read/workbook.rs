//! Workbooks of all kinds, as rows of text.

use std::io::{BufReader, Read, Seek};

use calamine::{Dimensions, Reader as _, Sheet, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use zip::ZipArchive;

use super::compound::Compound;
use super::feeds::{FeedFn, RangeFeed, XlsxFeed, take};
use super::merges::Merges;
use super::parser_errors::{at_sheet, guarded, xls_error, xlsb_cause, xlsb_error, xlsx_error};
use super::sheet::{FeedCell, SheetRows};
use super::{Format, Limits, ReadError, Result, RowSource, ods, parts, xls_guard};

/// More merged regions than this are no list of people.
const MAX_MERGES: usize = 1_000_000;

trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

type Stream = BufReader<Box<dyn ReadSeek>>;

/// A sheet, hidden or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether Excel does not show it.
    pub hidden: bool,
}

/// A merged region, both ends included. Only its first cell has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First row, counted from 1.
    pub first_row: u64,
    /// Last row, counted from 1.
    pub last_row: u64,
    /// First column, counted from 0.
    pub first_col: usize,
    /// Last column, counted from 0.
    pub last_col: usize,
}

enum Inner {
    Xlsx(Box<Xlsx<Stream>>),
    Xlsb(Box<Xlsb<Stream>>),
    Xls(Box<Xls<Stream>>),
    Ods(Box<ZipArchive<Stream>>),
}

/// An opened workbook.
pub struct Workbook {
    inner: Inner,
    sheets: Vec<SheetInfo>,
    limits: Limits,
    merges: Option<Merges>,
}

impl Workbook {
    /// Opens a workbook whose format [`detect`](super::detect) has told.
    ///
    /// # Errors
    /// When it is protected, damaged, too large for the limits, or of a format that is no workbook.
    pub fn open<R: Read + Seek + Send + 'static>(mut reader: R, format: Format, limits: Limits) -> Result<Self> {
        reader.rewind()?;
        if format == Format::Xls {
            xls_guard::check(&Compound::open(&mut reader)?, &limits)?;
            reader.rewind()?;
        }
        let stream: Stream = BufReader::with_capacity(64 << 10, Box::new(reader));
        let mut merges = None;
        let (inner, listed) = match format {
            Format::Xlsx => {
                let checked = parts::check(stream, &limits)?;
                merges = Some(checked.merges);
                let stream = checked.reader;
                let book: Xlsx<Stream> = guarded(|| Xlsx::new(stream).map_err(|error| xlsx_error(&error)))?;
                let listed = worksheets(book.sheets_metadata());
                (Inner::Xlsx(Box::new(book)), listed)
            }
            Format::Xlsb => {
                let stream = parts::check(stream, &limits)?.reader;
                let book: Xlsb<Stream> = guarded(|| Xlsb::new(stream).map_err(|error| xlsb_error(&error)))?;
                let listed = worksheets(book.sheets_metadata());
                (Inner::Xlsb(Box::new(book)), listed)
            }
            Format::Xls => {
                let book: Xls<Stream> = guarded(|| Xls::new(stream).map_err(|error| xls_error(&error)))?;
                let listed = worksheets(book.sheets_metadata());
                (Inner::Xls(Box::new(book)), listed)
            }
            Format::Ods => {
                let (archive, listed) = ods::open(parts::check(stream, &limits)?.reader, &limits)?;
                (Inner::Ods(Box::new(archive)), listed)
            }
            other => return Err(other.refusal().unwrap_or(ReadError::NotAWorkbook)),
        };
        let sheets = listed
            .into_iter()
            .map(|(name, hidden)| SheetInfo { name, hidden })
            .collect::<Vec<_>>();
        check_sheets(&sheets, matches!(inner, Inner::Ods(_)), &limits)?;
        Ok(Self {
            inner,
            sheets,
            limits,
            merges,
        })
    }

    /// The worksheets in the order of the workbook, hidden ones too; charts are left out.
    #[must_use]
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// The caps with which it was opened.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The rows of a sheet from row 1 on, with the columns where they stand in the sheet.
    ///
    /// # Errors
    /// When there is no such sheet or its part of the file is damaged.
    pub fn rows(&mut self, index: usize) -> Result<Box<dyn RowSource + '_>> {
        let name = self.name(index)?;
        let limits = self.limits;
        let sheet_error = |cause: ReadError| at_sheet(cause, &name);
        Ok(match &mut self.inner {
            Inner::Xlsx(book) => {
                let cells = guarded(|| book.worksheet_cells_reader(&name).map_err(|error| xlsx_error(&error)));
                Box::new(SheetRows::new(XlsxFeed(cells.map_err(sheet_error)?), name, limits))
            }
            Inner::Xlsb(book) => {
                let cells = guarded(|| book.worksheet_cells_reader(&name).map_err(|error| xlsb_error(&error)));
                let mut cells = cells.map_err(sheet_error)?;
                let feed = move |out: &mut FeedCell| {
                    let found = cells.next_cell().map_err(|error| xlsb_cause(&error).to_owned())?;
                    Ok(take(found.as_ref(), out))
                };
                Box::new(SheetRows::new(FeedFn(feed), name, limits))
            }
            Inner::Xls(book) => {
                let range = guarded(|| book.worksheet_range(&name).map_err(|error| xls_error(&error)));
                Box::new(SheetRows::new(
                    RangeFeed::new(range.map_err(sheet_error)?),
                    name,
                    limits,
                ))
            }
            Inner::Ods(archive) => {
                let feed = ods::feed(archive, index, &limits).map_err(sheet_error)?;
                Box::new(SheetRows::new(feed, name, limits))
            }
        })
    }

    /// The merged regions of a sheet of .xlsx and .xls; none for the other formats. For a .xlsx that is not written as all programs
    /// write it this reads the sheet once more.
    ///
    /// # Errors
    /// When there is no such sheet or its part of the file is damaged.
    pub fn merges(&mut self, index: usize) -> Result<Vec<Merge>> {
        let name = self.name(index)?;
        if let Some(told) = self.merges.as_ref().and_then(|merges| merges.of_sheet(&name)) {
            return Ok(told.to_vec());
        }
        let found = match &mut self.inner {
            Inner::Xlsx(book) => guarded(|| {
                book.merge_cells_by_sheet_name(&name)
                    .map_err(|error| xlsx_error(&error))
            }),
            Inner::Xls(book) => guarded(|| book.merge_cells_by_sheet_name(&name).map_err(|error| xls_error(&error))),
            Inner::Xlsb(_) | Inner::Ods(_) => Ok(Vec::new()),
        };
        let found = found.map_err(|cause| at_sheet(cause, &name))?;
        if found.len() > MAX_MERGES {
            return Err(ReadError::TooLarge {
                what: "the number of merged cells".into(),
                limit: MAX_MERGES.to_string(),
            });
        }
        Ok(found.iter().map(merge).collect())
    }

    fn name(&self, index: usize) -> Result<String> {
        self.sheets
            .get(index)
            .map(|sheet| sheet.name.clone())
            .ok_or(ReadError::NoSheet { index })
    }
}

fn merge(region: &Dimensions) -> Merge {
    Merge {
        first_row: u64::from(region.start.0) + 1,
        last_row: u64::from(region.end.0) + 1,
        first_col: region.start.1 as usize,
        last_col: region.end.1 as usize,
    }
}

fn worksheets(listed: &[Sheet]) -> Vec<(String, bool)> {
    listed
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect()
}

/// calamine finds a sheet by its name, so of two with one name the second would be lost.
fn check_sheets(sheets: &[SheetInfo], by_number: bool, limits: &Limits) -> Result<()> {
    if sheets.len() > limits.sheets {
        return Err(ReadError::TooLarge {
            what: "the number of sheets".into(),
            limit: limits.sheets.to_string(),
        });
    }
    let twice = sheets
        .iter()
        .enumerate()
        .any(|(i, sheet)| sheets[..i].iter().any(|other| other.name == sheet.name));
    if twice && !by_number {
        return Err(ReadError::Workbook {
            cause: "two sheets have the same name".into(),
        });
    }
    Ok(())
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
