//! How long the parts of staging a file took, in seconds of its thread: for the race, and for who looks into the log.

use std::time::{Duration, Instant};

/// Times of one file; what is left of the whole is reading: unzipping, and cutting the file into cells.
pub(super) struct Took {
    start: Instant,
    standardise: Duration,
    write: Duration,
}

impl Took {
    /// Begins to count.
    pub fn begin() -> Self {
        Self {
            start: Instant::now(),
            standardise: Duration::ZERO,
            write: Duration::ZERO,
        }
    }

    /// Cells became clean columns, from here on.
    pub fn standardised(&mut self, since: Instant) {
        self.standardise += since.elapsed();
    }

    /// Columns were written, from here on.
    pub fn written(&mut self, since: Instant) {
        self.write += since.elapsed();
    }

    /// Writes a line in the log, at level `DEBUG`.
    pub fn log(&self, source: &str, rows: u64) {
        let read = self.start.elapsed().saturating_sub(self.standardise + self.write);
        tracing::debug!(
            step = "ingest",
            source,
            rows,
            read = read.as_secs_f64(),
            standardise = self.standardise.as_secs_f64(),
            write = self.write.as_secs_f64(),
            "Rows are staged"
        );
    }
}
