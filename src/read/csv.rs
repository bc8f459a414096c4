//! CSV as the offices write it: any delimiter and encoding, torn quotes, lines of the wrong length.

use std::io::Read;

use encoding_rs::WINDOWS_1252;
use memchr::memchr;

use super::csv_dialect::{self, Encoding, capped, decode, is_decoded};
use super::csv_record::{self, Doubled, Fields, Shape, Strict};
use super::csv_source::{HEAD, LineEnd, MAX_RECORD, Source};
use super::{BrokenReason, BrokenRow, Next, RawRow, Result, RowSource};

/// A longer field puts its row into the quarantine.
const MAX_FIELD: usize = 1 << 20;
/// No more of a broken row is kept.
const MAX_RAW: usize = 64 << 10;
/// So many lines may one record span.
const MAX_LINES: u64 = 1_000;
/// The same before the number of fields is known, where there is nothing to check a long record against.
const MAX_LINES_UNCHECKED: u64 = 50;
/// Reading ahead in vain is free up to here, then only in proportion to what was read.
const FREE_LOOK_AHEAD: u64 = 64 << 20;

/// A streaming reader of delimited text.
///
/// Memory stays bounded whatever the file. Once [`CsvReader::set_expected_fields`] was called, each row that comes as
/// [`Next::Row`] has exactly that many cells or is blank.
pub struct CsvReader {
    source: Source,
    delimiter: u8,
    expected: Option<usize>,
    fields: Fields,
    windows_1252_rows: u64,
    surplus_rows: u64,
    consumed: u64,
    in_vain: u64,
}

impl CsvReader {
    /// Opens a text and tells its encoding and delimiter from the first 64 KB.
    ///
    /// # Errors
    /// When the bytes cannot be read, or a NUL byte stands in what is not UTF-16.
    pub fn open(source: Box<dyn Read + Send>) -> Result<Self> {
        let source = Source::open(source)?;
        let window = source.window();
        let head = &window[..window.len().min(HEAD)];
        let delimiter = csv_dialect::delimiter_of(head, source.at_end() && head.len() == window.len());
        Ok(Self {
            source,
            delimiter,
            expected: None,
            fields: Fields::default(),
            windows_1252_rows: 0,
            surplus_rows: 0,
            consumed: 0,
            in_vain: 0,
        })
    }

    /// The encoding; [`Encoding::Windows1252`] from the first record on that is no UTF-8.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        if self.windows_1252_rows > 0 {
            Encoding::Windows1252
        } else {
            self.source.encoding
        }
    }

    /// How many records were read as Windows-1252 because they are no UTF-8.
    #[must_use]
    pub fn windows_1252_rows(&self) -> u64 {
        self.windows_1252_rows
    }

    /// The character between fields.
    #[must_use]
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// From now on a record has this many fields or is broken; empty fields on top are dropped and counted.
    pub fn set_expected_fields(&mut self, fields: usize) {
        self.expected = Some(fields);
    }

    /// How many rows had empty fields on top.
    #[must_use]
    pub fn surplus_rows(&self) -> u64 {
        self.surplus_rows
    }

    fn consume(&mut self, bytes: usize, lines: u64) {
        self.consumed += bytes as u64;
        self.source.consume(bytes, lines);
    }

    /// A line without any quotation mark, which is nearly every line.
    fn plain(&mut self, row: &mut RawRow, end: LineEnd) -> Next {
        let line = &self.source.window()[..end.text];
        let text = decode(line);
        self.windows_1252_rows += u64::from(is_decoded(&text, line));
        let start = row.append_text(&text);
        row.split_from(start, self.delimiter);
        let too_long = line.len() > MAX_FIELD && row.iter().any(|cell| cell.len() > MAX_FIELD);
        let next = if too_long {
            self.broken(end, BrokenReason::FieldTooLong)
        } else if let Some(reason) = self.misfit(row) {
            self.broken(end, reason)
        } else {
            Next::Row
        };
        self.consume(end.next, 1);
        next
    }

    /// The usual line with quotation marks; false when it needs a closer look.
    fn simply_quoted(&mut self, row: &mut RawRow, end: LineEnd) -> bool {
        let line = &self.source.window()[..end.text];
        if line.len() > MAX_FIELD || !csv_record::simple(line, self.delimiter, &mut self.fields.spans) {
            return false;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            return false;
        };
        let start = row.append_text(text);
        row.push_spans(start, &self.fields.spans);
        true
    }

    fn quoted(&mut self, row: &mut RawRow, end: LineEnd) -> Result<Next> {
        if self.simply_quoted(row, end) {
            let next = self.misfit(row).map_or(Next::Row, |reason| self.broken(end, reason));
            self.consume(end.next, 1);
            return Ok(next);
        }
        match self.strict()? {
            Strict::Record { next, breaks } => {
                let too_long = self.fields.longest() > MAX_FIELD;
                self.emit(row);
                let misfit = self.misfit(row);
                if breaks > 0 && misfit.is_some() {
                    self.in_vain += next as u64;
                    return Ok(self.give_up(end, BrokenReason::UnclosedQuote));
                }
                let reason = if too_long {
                    Some(BrokenReason::FieldTooLong)
                } else {
                    misfit
                };
                let answer = reason.map_or(Next::Row, |reason| {
                    self.broken(
                        LineEnd {
                            text: next.min(MAX_RAW),
                            next,
                        },
                        reason,
                    )
                });
                self.consume(next, breaks + 1);
                Ok(answer)
            }
            Strict::IllFormed { scanned } => {
                self.in_vain += scanned.saturating_sub(end.next) as u64;
                Ok(self.sloppy(row, end))
            }
            Strict::NeedMore => Ok(self.give_up(end, BrokenReason::UnclosedQuote)),
        }
    }

    fn strict(&mut self) -> Result<Strict> {
        let shape = self.shape();
        loop {
            let window = self.source.window();
            match csv_record::strict(window, self.source.at_end(), shape, &mut self.fields) {
                Strict::NeedMore => {
                    self.source.fill()?;
                }
                outcome => return Ok(outcome),
            }
        }
    }

    /// The look-ahead shrinks in a file whose quotes are torn all over, so that reading it stays linear.
    fn shape(&self) -> Shape {
        let tired = self.in_vain > FREE_LOOK_AHEAD + 8 * self.consumed;
        let lines = if self.expected.is_some() {
            MAX_LINES
        } else {
            MAX_LINES_UNCHECKED
        };
        Shape {
            delimiter: self.delimiter,
            expected: self.expected,
            max_bytes: if tired { MAX_FIELD } else { MAX_RECORD },
            max_lines: if tired { 16 } else { lines },
        }
    }

    /// A line that is no well-formed record may still have one reading that fits.
    fn sloppy(&mut self, row: &mut RawRow, end: LineEnd) -> Next {
        let mut reason = BrokenReason::UnclosedQuote;
        for doubled in [Doubled::Inside, Doubled::Closes] {
            let line = &self.source.window()[..end.text];
            if !csv_record::lenient(line, self.delimiter, doubled, &mut self.fields) {
                continue;
            }
            if self.fields.longest() > MAX_FIELD {
                reason = BrokenReason::FieldTooLong;
                continue;
            }
            let line_number = row.line;
            row.clear();
            row.line = line_number;
            self.emit(row);
            match self.misfit(row) {
                None => {
                    self.consume(end.next, 1);
                    return Next::Row;
                }
                Some(misfit) if reason == BrokenReason::UnclosedQuote => reason = misfit,
                Some(_) => {}
            }
        }
        self.give_up(end, reason)
    }

    /// The line is broken and the next one is a new record.
    fn give_up(&mut self, end: LineEnd, reason: BrokenReason) -> Next {
        let next = self.broken(end, reason);
        self.consume(end.next, 1);
        next
    }

    /// Moves the fields of a quoted record into the row.
    fn emit(&mut self, row: &mut RawRow) {
        if let Ok(text) = std::str::from_utf8(&self.fields.text) {
            let start = row.append_text(text);
            row.push_spans(start, &self.fields.spans);
            return;
        }
        self.windows_1252_rows += 1;
        for &(from, to) in &self.fields.spans {
            let bytes = self.fields.text.get(from as usize..to as usize).unwrap_or_default();
            let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
            let start = row.append_text(&text);
            row.push_spans(start, &[(0, u32::try_from(text.len()).unwrap_or(0))]);
        }
    }

    /// Why the row does not have the header's shape; empty fields on top are dropped first.
    fn misfit(&mut self, row: &mut RawRow) -> Option<BrokenReason> {
        let expected = self.expected?;
        let found = row.len();
        if found == expected || row.is_blank() {
            row.truncate(expected);
            return None;
        }
        if found > expected && (expected..found).all(|i| row.cell(i).trim().is_empty()) {
            row.truncate(expected);
            self.surplus_rows += 1;
            return None;
        }
        Some(BrokenReason::FieldCount { found, expected })
    }

    fn broken(&self, end: LineEnd, reason: BrokenReason) -> Next {
        let window = self.source.window();
        let bytes = window.get(..end.text.min(MAX_RAW)).unwrap_or(window);
        let raw = capped(bytes, MAX_RAW).trim_end_matches(['\r', '\n']).to_owned();
        Next::Broken(BrokenRow {
            line: self.source.line,
            reason,
            raw,
        })
    }

    /// A line beyond 8 MB is never held in memory.
    fn skip_endless(&mut self) -> Result<Next> {
        let end = LineEnd { text: MAX_RAW, next: 0 };
        let next = self.broken(end, BrokenReason::FieldTooLong);
        self.consumed += MAX_RECORD as u64;
        self.source.skip_line()?;
        Ok(next)
    }
}

impl RowSource for CsvReader {
    fn next_row(&mut self, row: &mut RawRow) -> Result<Next> {
        row.clear();
        while self.source.window().is_empty() {
            if !self.source.fill()? {
                return Ok(Next::End);
            }
        }
        row.line = self.source.line;
        let Some(end) = self.source.line_end()? else {
            return self.skip_endless();
        };
        if memchr(b'"', &self.source.window()[..end.text]).is_none() {
            return Ok(self.plain(row, end));
        }
        self.quoted(row, end)
    }
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
