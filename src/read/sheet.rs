//! Rows of a sheet from its cells, whatever parser the cells come from.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{BrokenReason, BrokenRow, Kind, Limits, Next, RawRow, ReadError, Result, RowSource};

/// So many blank rows are handed on one after the other; then the numbering jumps to the next row with something in it.
const BLANK_RUN: u32 = 1_000;
const MAX_FIELD: usize = 1 << 20;
const MAX_RAW: usize = 64 << 10;

/// A cell on its way from a parser into a row.
#[derive(Default)]
pub(super) struct FeedCell {
    pub row: u32,
    pub column: u32,
    pub text: String,
    pub kind: Option<Kind>,
}

/// A parser that gives cells from the top; row and column are counted from 0.
pub(super) trait CellFeed {
    /// Fills `cell` with the next one; false at the end. The error says what is wrong without values of cells.
    fn next_cell(&mut self, cell: &mut FeedCell) -> std::result::Result<bool, String>;
}

pub(super) struct SheetRows<F> {
    feed: F,
    name: String,
    limits: Limits,
    pending: FeedCell,
    has_pending: bool,
    done: bool,
    next: u32,
    blank_run: u32,
    cells: u64,
    text: String,
    collected: Vec<(u32, usize, usize, Kind)>,
}

impl<F: CellFeed> SheetRows<F> {
    pub fn new(feed: F, name: String, limits: Limits) -> Self {
        Self {
            feed,
            name,
            limits,
            pending: FeedCell::default(),
            has_pending: false,
            done: false,
            next: 0,
            blank_run: 0,
            cells: 0,
            text: String::new(),
            collected: Vec::new(),
        }
    }

    /// Moves to the next cell that is not empty. Parsers may panic on damaged files; that is an error like any other.
    fn advance(&mut self) -> Result<()> {
        self.has_pending = false;
        while !self.done {
            self.pending.text.clear();
            self.pending.kind = None;
            let (feed, pending) = (&mut self.feed, &mut self.pending);
            let answer = catch_unwind(AssertUnwindSafe(|| feed.next_cell(pending)))
                .unwrap_or_else(|_| Err("its contents are damaged".to_owned()));
            match answer {
                Ok(true) if matches!(self.pending.kind, None | Some(Kind::Empty)) => {}
                Ok(true) => {
                    self.has_pending = true;
                    return self.admit();
                }
                Ok(false) => self.done = true,
                Err(cause) => return Err(self.damaged(cause)),
            }
        }
        Ok(())
    }

    fn admit(&mut self) -> Result<()> {
        self.cells += 1;
        let (row, column) = (self.pending.row, self.pending.column);
        let limit = if row >= self.limits.rows {
            format!("row {}", self.limits.rows)
        } else if column >= self.limits.columns {
            format!("column {}", column_name(self.limits.columns.saturating_sub(1)))
        } else if self.cells > self.limits.cells {
            format!("{} filled cells", self.limits.cells)
        } else if row < self.next {
            return Err(self.damaged("its rows are out of order".to_owned()));
        } else {
            return Ok(());
        };
        self.done = true;
        let cell = format!("{}{}", column_name(column), u64::from(row) + 1);
        Err(ReadError::CellOutside {
            sheet: self.name.clone(),
            cell,
            limit,
        })
    }

    fn damaged(&mut self, cause: String) -> ReadError {
        self.done = true;
        self.has_pending = false;
        ReadError::Sheet {
            sheet: self.name.clone(),
            row: u64::from(self.next),
            cause,
        }
    }

    fn collect(&mut self, row: u32) -> Result<()> {
        self.text.clear();
        self.collected.clear();
        while self.has_pending && self.pending.row == row {
            let start = self.text.len();
            if self.pending.text.len() <= MAX_FIELD {
                self.text.push_str(&self.pending.text);
            } else {
                self.text
                    .push_str(&self.pending.text[..self.pending.text.floor_char_boundary(MAX_FIELD + 4)]);
            }
            let kind = self.pending.kind.unwrap_or(Kind::Empty);
            self.collected.push((self.pending.column, start, self.text.len(), kind));
            if self.collected.len() > 4 * self.limits.columns as usize {
                return Err(self.damaged("a row holds the same cells again and again".to_owned()));
            }
            self.advance()?;
        }
        if !self.collected.is_sorted_by(|a, b| a.0 < b.0) {
            self.collected.sort_by_key(|cell| cell.0);
        }
        Ok(())
    }

    /// Puts the cells into their columns; of two cells in one place the later one stands.
    fn emit(&self, row: &mut RawRow) {
        for (i, &(column, start, end, kind)) in self.collected.iter().enumerate() {
            if self.collected.get(i + 1).is_some_and(|next| next.0 == column) {
                continue;
            }
            while row.len() < column as usize {
                row.push("", Kind::Empty);
            }
            row.push(self.text.get(start..end).unwrap_or(""), kind);
        }
    }

    fn too_long(&self) -> bool {
        self.collected.iter().any(|&(_, start, end, _)| end - start > MAX_FIELD)
    }
}

impl<F: CellFeed> RowSource for SheetRows<F> {
    fn next_row(&mut self, row: &mut RawRow) -> Result<Next> {
        row.clear();
        if !self.has_pending {
            self.advance()?;
            if !self.has_pending {
                return Ok(Next::End);
            }
        }
        let target = self.pending.row;
        if self.next < target && self.blank_run < BLANK_RUN {
            self.next += 1;
            self.blank_run += 1;
            row.line = u64::from(self.next);
            return Ok(Next::Row);
        }
        self.blank_run = 0;
        self.next = target;
        self.collect(target)?;
        self.next = target + 1;
        let line = u64::from(target) + 1;
        if self.too_long() {
            let raw = self.text[..self.text.floor_char_boundary(MAX_RAW)].to_owned();
            return Ok(Next::Broken(BrokenRow {
                line,
                reason: BrokenReason::FieldTooLong,
                raw,
            }));
        }
        self.emit(row);
        row.line = line;
        Ok(Next::Row)
    }
}

/// `A`, `Z`, `AA` for a column counted from 0.
pub(super) fn column_name(column: u32) -> String {
    let mut name = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        name.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct List(std::vec::IntoIter<(u32, u32, &'static str)>);

    impl CellFeed for List {
        fn next_cell(&mut self, cell: &mut FeedCell) -> std::result::Result<bool, String> {
            let Some((row, column, text)) = self.0.next() else {
                return Ok(false);
            };
            assert_ne!(text, "panic", "a parser that panics");
            (cell.row, cell.column) = (row, column);
            cell.text.push_str(text);
            cell.kind = Some(if text.is_empty() { Kind::Empty } else { Kind::Text });
            Ok(true)
        }
    }

    fn rows(cells: Vec<(u32, u32, &'static str)>) -> SheetRows<List> {
        SheetRows::new(List(cells.into_iter()), "S".into(), Limits::default())
    }

    #[test]
    fn gaps_are_filled_and_long_gaps_jumped_over() {
        let mut source = rows(vec![
            (5, 5, "a"),
            (5, 2_999, ""),
            (6, 1, "c"),
            (6, 0, "b"),
            (6, 1, "d"),
            (9_000, 0, "z"),
        ]);
        let mut row = RawRow::new();
        let mut seen = Vec::new();
        while source.next_row(&mut row).unwrap() == Next::Row {
            seen.push((row.line, row.iter().map(str::to_owned).collect::<Vec<_>>()));
        }
        assert_eq!(seen[4], (5, vec![]));
        assert_eq!(
            seen[5],
            (
                6,
                vec![
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                    "a".into()
                ]
            )
        );
        assert_eq!(seen[6], (7, vec!["b".into(), "d".into()]));
        assert_eq!((seen.len(), seen.last().unwrap().0), (7 + 1_000 + 1, 9_001));
    }

    #[test]
    fn panics_disorder_and_far_cells_are_errors_with_a_place() {
        let mut row = RawRow::new();
        let mut source = rows(vec![(0, 0, "a"), (1, 0, "panic")]);
        assert!(matches!(source.next_row(&mut row), Err(ReadError::Sheet { .. })));
        assert_eq!(source.next_row(&mut row).unwrap(), Next::End);
        let mut source = rows(vec![(4, 0, "a"), (1, 0, "b")]);
        for _ in 0..4 {
            source.next_row(&mut row).unwrap();
        }
        assert!(matches!(source.next_row(&mut row), Err(ReadError::Sheet { .. })));
        let mut source = rows(vec![(0, 16_383, "a")]);
        let error = source.next_row(&mut row).unwrap_err();
        assert!(error.to_string().contains("XFD1"), "{error}");
        assert_eq!(column_name(701), "ZZ");
    }
}
