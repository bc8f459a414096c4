//! The log of a run beside its record: `runs/<run_id>.log.jsonl`, one line of JSON an event.

use crate::files::{FileError, create};
use crate::workspace::Workspace;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tracing_subscriber::fmt::MakeWriter;

/// The log that is open. One for the process, as the subscriber that writes to it: a process carries out one run at a time.
static OPEN: Mutex<Option<File>> = Mutex::new(None);

fn open_log() -> MutexGuard<'static, Option<File>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a subscriber writes the events of the run that is under way; nowhere between runs.
#[derive(Debug, Clone, Copy)]
pub struct Journal;

impl<'w> MakeWriter<'w> for Journal {
    type Writer = Line;

    fn make_writer(&'w self) -> Line {
        Line(open_log())
    }
}

/// The log while one event is written, so that lines of two threads do not mix.
#[derive(Debug)]
pub struct Line(MutexGuard<'static, Option<File>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.as_mut() {
            Some(file) => file.write(bytes),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), File::flush)
    }
}

/// The log of a run, closed when this is dropped.
#[derive(Debug)]
pub(super) struct Opened;

/// Begins the log of a run.
pub(super) fn begin(workspace: &Workspace, run_id: &str) -> Result<Opened, FileError> {
    let file = create(&workspace.runs().join(format!("{run_id}.log.jsonl")))?;
    *open_log() = Some(file);
    Ok(Opened)
}

impl Drop for Opened {
    fn drop(&mut self) {
        *open_log() = None;
    }
}
