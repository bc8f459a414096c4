//! How long the parts of staging a file took: for the race, and for who looks into the log.

use std::time::{Duration, Instant};

/// Times of a thread. What is neither is reading: unzipping, cutting the file into cells, and telling which rows are data.
#[derive(Debug, Clone, Copy, Default)]
pub struct Took {
    /// From the first byte to the last.
    pub whole: Duration,
    /// Cells became clean columns.
    pub standardise: Duration,
    /// Columns became Parquet.
    pub write: Duration,
}

impl Took {
    /// Cells became clean columns between then and now.
    pub(super) fn standardised(&mut self, since: Instant) {
        self.standardise += since.elapsed();
    }

    /// Columns became Parquet between then and now.
    pub(super) fn written(&mut self, since: Instant) {
        self.write += since.elapsed();
    }

    /// What is left of the whole.
    pub fn read(&self) -> Duration {
        self.whole.saturating_sub(self.standardise + self.write)
    }
}
