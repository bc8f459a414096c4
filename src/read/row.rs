//! One row of a file as text, in a buffer that is used again for every row.

use std::fmt;

use super::{Result, scan};

/// What a cell was in the file; a CSV knows only [`Kind::Text`] and [`Kind::Empty`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Nothing in it.
    Empty,
    /// Text, also text that looks like a number.
    Text,
    /// A number cell, a time of day or a duration, with the value as the workbook keeps it.
    Number(f64),
    /// A date or date and time, as the serial day of the 1900 system whatever the workbook uses.
    Date(f64),
    /// `TRUE` or `FALSE`.
    Bool,
    /// A formula that failed, such as `#N/A`.
    Error,
}

/// A row: its place in the file and its cells as text.
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// Where a person finds it, counted from 1: the line of a CSV on which the record begins, the row of a sheet.
    pub line: u64,
    text: String,
    spans: Vec<(u32, u32)>,
    kinds: Vec<Kind>,
}

impl RawRow {
    /// An empty row.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the cells and keeps the memory.
    pub fn clear(&mut self) {
        self.line = 0;
        self.text.clear();
        self.spans.clear();
        self.kinds.clear();
    }

    /// Adds a cell behind the last one.
    pub fn push(&mut self, text: &str, kind: Kind) {
        let start = self.offset();
        self.text.push_str(text);
        self.spans.push((start, self.offset()));
        // A CSV row keeps no kinds at all; they are made up for when a cell with a kind comes along.
        if !self.kinds.is_empty()
            || !matches!(kind, Kind::Text | Kind::Empty)
            || kind == Kind::Empty && !text.is_empty()
        {
            let known = self.spans.len() - 1;
            for i in self.kinds.len()..known {
                self.kinds.push(self.kind_by_text(i));
            }
            self.kinds.push(kind);
        }
    }

    /// Bytes of the text of all cells.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no cell at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The text of a cell; `""` past the end of the row.
    #[must_use]
    pub fn cell(&self, index: usize) -> &str {
        self.spans
            .get(index)
            .and_then(|&(start, end)| self.text.get(start as usize..end as usize))
            .unwrap_or("")
    }

    /// What a cell was; [`Kind::Empty`] past the end of the row.
    #[must_use]
    pub fn kind(&self, index: usize) -> Kind {
        self.kinds
            .get(index)
            .copied()
            .unwrap_or_else(|| self.kind_by_text(index))
    }

    /// Whether every cell is no more than its text, as in a CSV.
    #[must_use]
    pub fn is_text_only(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Whether a cell has no text, not even a blank.
    #[must_use]
    pub fn is_void(&self, index: usize) -> bool {
        self.spans.get(index).is_none_or(|&(start, end)| start == end)
    }

    /// Whether no cell holds anything but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.iter().all(|cell| cell.trim().is_empty())
    }

    /// The cells as text, from the left.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|i| self.cell(i))
    }

    /// Drops the cells from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.spans.truncate(len);
        self.kinds.truncate(len);
    }

    /// Appends text of several cells in one go; [`RawRow::push_spans`] then says where they are.
    pub(super) fn append_text(&mut self, text: &str) -> u32 {
        let start = self.offset();
        self.text.push_str(text);
        start
    }

    /// Makes cells of text that [`RawRow::append_text`] has put at `start`.
    pub(super) fn push_spans(&mut self, start: u32, spans: &[(u32, u32)]) {
        self.spans
            .extend(spans.iter().map(|&(from, to)| (start + from, start + to)));
    }

    /// Cuts the text from `start` on into cells; no text is no cell.
    pub(super) fn split_from(&mut self, start: u32, delimiter: u8) {
        let bytes = self.text.as_bytes().get(start as usize..).unwrap_or_default();
        if bytes.is_empty() {
            return;
        }
        let mut from = start;
        scan::each(bytes, delimiter, |at| {
            let to = start + u32::try_from(at).unwrap_or(0);
            self.spans.push((from, to));
            from = to + 1;
        });
        self.spans.push((from, self.offset()));
    }

    /// Rows are far below 4 GB: the readers cap a record before it comes here.
    fn offset(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    fn kind_by_text(&self, index: usize) -> Kind {
        if self.cell(index).is_empty() {
            Kind::Empty
        } else {
            Kind::Text
        }
    }
}

/// Why a row could not be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenReason {
    /// A quotation mark opens a field and none closes it.
    UnclosedQuote,
    /// Fewer or more fields than the header has.
    FieldCount {
        /// Fields on the line.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// One field is longer than 1 MB.
    FieldTooLong,
}

impl fmt::Display for BrokenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedQuote => f.write_str("a quotation mark is opened and never closed"),
            Self::FieldCount { found, expected } => {
                write!(f, "{found} fields where the header has {expected}")
            }
            Self::FieldTooLong => f.write_str("a field is longer than 1 MB"),
        }
    }
}

/// A row for the quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRow {
    /// Where it begins, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: BrokenReason,
    /// Its text as it stands in the file, at most 64 KB of it. Personal data: never for a log.
    pub raw: String,
}

/// What [`RowSource::next_row`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The row is filled.
    Row,
    /// A row that cannot be taken apart; reading can go on behind it.
    Broken(BrokenRow),
    /// There is nothing more.
    End,
}

/// Anything that gives rows one after the other.
pub trait RowSource {
    /// Fills `row` with the next one.
    ///
    /// # Errors
    /// When the file cannot be read any further; the rows given so far stand.
    fn next_row(&mut self, row: &mut RawRow) -> Result<Next>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_kept_only_where_they_say_something() {
        let mut row = RawRow::new();
        row.push("a", Kind::Text);
        row.push("", Kind::Empty);
        assert!(row.kinds.is_empty());
        row.push("5", Kind::Number(5.0));
        row.push("", Kind::Empty);
        assert_eq!(
            [row.kind(0), row.kind(1), row.kind(2), row.kind(3), row.kind(9)],
            [Kind::Text, Kind::Empty, Kind::Number(5.0), Kind::Empty, Kind::Empty]
        );
        assert_eq!(row.iter().collect::<Vec<_>>(), ["a", "", "5", ""]);
        row.truncate(1);
        assert_eq!((row.len(), row.cell(2)), (1, ""));
        row.clear();
        assert!(row.is_blank() && row.is_empty());
    }
}
