//! One readable piece of a delivery: a loose file, or a member of a zip.

use crate::read::{Archive, CsvReader, Format, Limits, ReadError, Workbook, detect};
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How much of a text tells that it is one.
const FIRST_BYTES: u64 = 64 * 1024;

/// A loose file is mostly a workbook, which is packed about so many times.
const PACKED: u64 = 7;

/// So many workbooks are kept open between two looks, none of more bytes than this: each holds all of its texts in memory.
const MOST_KEPT: usize = 6;
const MOST_KEPT_BYTES: u64 = 8 << 20;
static KEPT: AtomicUsize = AtomicUsize::new(0);

/// A loose file, or a member of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The file of the lake (or of the caller).
    pub path: PathBuf,
    /// Index and name of the member, where the file is a zip.
    pub member: Option<(usize, String)>,
    kept: Kept,
}

impl Input {
    /// A loose file.
    pub fn file(path: &Path) -> Self {
        Self::piece(path.to_owned(), None)
    }

    /// A loose file, or the member of a zip of this index and name.
    pub fn piece(path: PathBuf, member: Option<(usize, String)>) -> Self {
        Self {
            path,
            member,
            kept: Kept::default(),
        }
    }

    /// The name of the member, where there is one.
    pub fn member_name(&self) -> Option<&str> {
        self.member.as_ref().map(|(_, name)| name.as_str())
    }

    /// How many bytes there are, those of a member unpacked; 0 where that cannot be told. Tells how much work it is.
    pub fn size(&self) -> u64 {
        match &self.member {
            None => std::fs::metadata(&self.path).map_or(0, |file| file.len().saturating_mul(PACKED)),
            Some((index, _)) => Archive::open(&self.path).map_or(0, |archive| {
                let member = archive.members().iter().find(|member| member.index == *index);
                member.map_or(0, |member| member.size)
            }),
        }
    }

    /// What the bytes are.
    ///
    /// # Errors
    /// [`ReadError`] where they cannot be read.
    pub fn format(&self) -> Result<Format, ReadError> {
        match &self.member {
            None => detect(&mut BufReader::new(open(&self.path)?)),
            Some((index, _)) => {
                let archive = Archive::open(&self.path)?;
                let mut first = Vec::new();
                let start = archive.open_member(*index)?.take(FIRST_BYTES).read_to_end(&mut first);
                start.map_err(ReadError::from_io)?;
                // Only containers must be looked at as a whole.
                if first.starts_with(b"PK") || first.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
                    return detect(&mut archive.unpack_member(*index, &std::env::temp_dir())?);
                }
                detect(&mut Cursor::new(first))
            }
        }
    }

    /// Opens text.
    ///
    /// # Errors
    /// [`ReadError`] where it cannot be read.
    pub fn open_csv(&self) -> Result<CsvReader, ReadError> {
        match &self.member {
            None => CsvReader::open(Box::new(open(&self.path)?)),
            Some((index, _)) => CsvReader::open(Box::new(Archive::open(&self.path)?.open_member(*index)?)),
        }
    }

    /// Opens a workbook, or takes the one that was kept open.
    ///
    /// # Errors
    /// [`ReadError`] where it cannot be read.
    pub fn open_workbook(&self, format: Format, limits: Limits) -> Result<Workbook, ReadError> {
        let kept = self.kept.take();
        if let Some((_, workbook)) = kept.filter(|(known, workbook)| *known == format && workbook.limits() == limits) {
            return Ok(workbook);
        }
        match &self.member {
            None => Workbook::open(BufReader::new(open(&self.path)?), format, limits),
            Some((index, _)) => {
                let unpacked = Archive::open(&self.path)?.unpack_member(*index, &std::env::temp_dir())?;
                Workbook::open(BufReader::new(unpacked), format, limits)
            }
        }
    }

    /// Keeps a workbook open for whoever opens it next: to open one means to judge its parts and to read all of its texts.
    pub fn keep_open(&self, format: Format, workbook: Workbook) {
        let is_small = std::fs::metadata(&self.path).is_ok_and(|file| file.len() <= MOST_KEPT_BYTES);
        if is_small {
            self.kept.put((format, workbook));
        }
    }
}

/// A workbook that is open. It is no part of what an input is: a copy of the input has none, and two with and without are equal.
#[derive(Default)]
struct Kept(Mutex<Option<(Format, Workbook)>>);

impl Kept {
    fn take(&self) -> Option<(Format, Workbook)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if kept.is_some() {
            KEPT.fetch_sub(1, Ordering::Relaxed);
        }
        kept
    }

    fn put(&self, workbook: (Format, Workbook)) {
        let one_more = |kept: usize| (kept < MOST_KEPT).then_some(kept + 1);
        if KEPT
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
            .is_ok()
        {
            let before = self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(workbook);
            KEPT.fetch_sub(usize::from(before.is_some()), Ordering::Relaxed);
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.take();
    }
}

impl Clone for Kept {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Kept {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Kept {}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Kept")
    }
}

fn open(path: &Path) -> Result<File, ReadError> {
    File::open(path).map_err(ReadError::from)
}
