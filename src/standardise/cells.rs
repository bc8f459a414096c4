//! The raw cells of one column for a batch of rows, and the notes that a kernel takes while it reads them.

use crate::read::Kind;
use crate::temuan::{Level, Rule};
use std::sync::Arc;

/// One column of raw cells: all text in one buffer, so that a batch costs two allocations and not one a cell.
#[derive(Debug, Default, Clone)]
pub struct CellColumn {
    text: String,
    /// Where each cell ends in `text`: a batch is full long before four gigabytes.
    ends: Vec<u32>,
    /// Empty as long as all cells are what their text says: cells of a CSV have no other kind.
    kinds: Vec<Kind>,
}

impl CellColumn {
    /// Adds a cell.
    pub fn push(&mut self, text: &str, kind: Kind) {
        if !self.kinds.is_empty() || kind != kind_of(text) {
            while self.kinds.len() < self.ends.len() {
                let known = kind_of(self.get(self.kinds.len()));
                self.kinds.push(known);
            }
            self.kinds.push(kind);
        }
        self.append(text);
    }

    fn append(&mut self, text: &str) {
        // Copying nothing is a call all the same.
        if !text.is_empty() {
            self.text.push_str(text);
        }
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Adds a cell that is what its text says, as all cells of a CSV are.
    #[inline]
    pub fn push_text(&mut self, text: &str) {
        self.append(text);
        if !self.kinds.is_empty() {
            self.kinds.push(kind_of(text));
        }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Is there no cell?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of cell `index`; empty past the end.
    pub fn get(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else {
            return "";
        };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..*end as usize]
    }

    /// The kind of cell `index`.
    pub fn kind(&self, index: usize) -> Kind {
        self.kinds
            .get(index)
            .copied()
            .unwrap_or_else(|| kind_of(self.get(index)))
    }

    /// All cells in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Kind)> {
        self.texts().enumerate().map(|(index, text)| {
            let kind = self.kinds.get(index).copied();
            (text, kind.unwrap_or_else(|| kind_of(text)))
        })
    }

    /// The texts of all cells in order.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = &self.text[start..*end as usize];
            start = *end as usize;
            text
        })
    }

    /// Empties the column and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.kinds.clear();
    }

    /// A column of text cells, for tests and benches.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut column = Self::default();
        for text in texts {
            column.push_text(text);
        }
        column
    }
}

/// What a cell is that has nothing but its text.
fn kind_of(text: &str) -> Kind {
    if text.is_empty() { Kind::Empty } else { Kind::Text }
}

/// One note of a kernel about a row of the batch.
#[derive(Debug, Clone)]
pub struct Note {
    /// Row in the batch.
    pub row: u32,
    /// Warehouse column.
    pub column: Arc<str>,
    /// The rule that applies.
    pub rule: &'static Rule,
    /// The value as it may be shown.
    pub shown: Option<String>,
}

/// What kernels noted about the rows of a batch.
#[derive(Debug)]
pub struct Notes {
    /// The notes, column by column.
    pub items: Vec<Note>,
    column: Arc<str>,
    none: bool,
}

impl Default for Notes {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            column: Arc::from(""),
            none: false,
        }
    }
}

impl Notes {
    /// Notes that stay empty, whatever is added: for measuring what findings cost.
    pub fn none() -> Self {
        Self {
            none: true,
            ..Self::default()
        }
    }

    /// Is it any use to look for something to note?
    pub fn are_wanted(&self) -> bool {
        !self.none
    }

    /// From here on notes are about this column.
    pub fn enter(&mut self, column: &str) {
        self.column = Arc::from(column);
    }

    /// Notes that `rule` applies to row `row` of the batch.
    pub fn add(&mut self, row: usize, rule: &'static Rule, shown: Option<String>) {
        if self.none {
            return;
        }
        self.items.push(Note {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            column: Arc::clone(&self.column),
            rule,
            shown,
        });
    }

    /// Notes that are only counted (level INFO): column, rule and how many rows.
    pub fn counted(&self) -> Vec<(&str, &'static Rule, u64)> {
        let mut counted: Vec<(&Arc<str>, &'static Rule, u64)> = Vec::new();
        for note in self.items.iter().filter(|note| note.rule.level == Level::Info) {
            let same = |known: &&mut (&Arc<str>, &'static Rule, u64)| {
                std::ptr::eq(known.1, note.rule) && (Arc::ptr_eq(known.0, &note.column) || *known.0 == note.column)
            };
            // The kernels go column by column, so that the last one is nearly always the one.
            match counted.iter_mut().rev().find(same) {
                Some((_, _, rows)) => *rows += 1,
                None => counted.push((&note.column, note.rule, 1)),
            }
        }
        counted
            .into_iter()
            .map(|(column, rule, rows)| (&**column, rule, rows))
            .collect()
    }
}
