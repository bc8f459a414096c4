//! Cells from the parsers of calamine.

use std::io::{Read, Seek};

use calamine::{Cell, Data, DataRef, Range, XlsxCellReader};

use super::cell;
use super::parser_errors::xlsx_cause;
use super::sheet::{CellFeed, FeedCell};

/// Cells of a .xlsx, streamed.
pub(super) struct XlsxFeed<'a, R: Read + Seek>(pub XlsxCellReader<'a, R>);

impl<R: Read + Seek> CellFeed for XlsxFeed<'_, R> {
    fn next_cell(&mut self, out: &mut FeedCell) -> std::result::Result<bool, String> {
        let found = self.0.next_cell().map_err(|error| xlsx_cause(&error).to_owned())?;
        Ok(take(found.as_ref(), out))
    }
}

/// For a parser whose type calamine does not name.
pub(super) struct FeedFn<F>(pub F);

impl<F: FnMut(&mut FeedCell) -> std::result::Result<bool, String>> CellFeed for FeedFn<F> {
    fn next_cell(&mut self, out: &mut FeedCell) -> std::result::Result<bool, String> {
        (self.0)(out)
    }
}

/// Moves what calamine found into our cell; false at the end.
pub(super) fn take(found: Option<&Cell<DataRef<'_>>>, out: &mut FeedCell) -> bool {
    let Some(found) = found else { return false };
    (out.row, out.column) = found.get_position();
    out.kind = Some(cell::write_ref(found.get_value(), &mut out.text));
    true
}

/// The cells of a range that is in memory already.
pub(super) struct RangeFeed {
    range: Range<Data>,
    start: (u32, u32),
    at: (usize, usize),
}

impl RangeFeed {
    pub fn new(range: Range<Data>) -> Self {
        let start = range.start().unwrap_or((0, 0));
        Self {
            range,
            start,
            at: (0, 0),
        }
    }
}

impl CellFeed for RangeFeed {
    fn next_cell(&mut self, out: &mut FeedCell) -> std::result::Result<bool, String> {
        let (height, width) = self.range.get_size();
        while self.at.0 < height {
            let (row, column) = self.at;
            self.at = if column + 1 < width {
                (row, column + 1)
            } else {
                (row + 1, 0)
            };
            let Some(value) = self.range.get((row, column)) else {
                continue;
            };
            if *value == Data::Empty {
                continue;
            }
            out.row = self.start.0.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
            out.column = self.start.1.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
            out.kind = Some(cell::write_data(value, &mut out.text));
            return Ok(true);
        }
        Ok(false)
    }
}
