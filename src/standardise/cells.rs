//! The raw cells of one column for a batch of rows, and the notes that a kernel takes while it reads them.

use crate::read::Kind;
use crate::temuan::Rule;
use std::sync::Arc;

/// One column of raw cells: all text in one buffer, so that a batch costs two allocations and not one a cell.
#[derive(Debug, Default, Clone)]
pub struct CellColumn {
    text: String,
    ends: Vec<usize>,
    kinds: Vec<Kind>,
}

impl CellColumn {
    /// Adds a cell.
    pub fn push(&mut self, text: &str, kind: Kind) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.kinds.push(kind);
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
        &self.text[start..*end]
    }

    /// The kind of cell `index`.
    pub fn kind(&self, index: usize) -> Kind {
        self.kinds.get(index).copied().unwrap_or(Kind::Empty)
    }

    /// All cells in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Kind)> {
        let mut start = 0;
        self.ends.iter().zip(&self.kinds).map(move |(end, kind)| {
            let text = &self.text[start..*end];
            start = *end;
            (text, *kind)
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
            let kind = if text.is_empty() { Kind::Empty } else { Kind::Text };
            column.push(text, kind);
        }
        column
    }
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
}
