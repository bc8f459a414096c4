//! One readable piece of a delivery: a loose file, or a member of a zip.

use crate::read::{Archive, CsvReader, Format, Limits, ReadError, Workbook, detect};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A loose file, or a member of a zip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The file of the lake (or of the caller).
    pub path: PathBuf,
    /// Index and name of the member, where the file is a zip.
    pub member: Option<(usize, String)>,
}

impl Input {
    /// A loose file.
    pub fn file(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            member: None,
        }
    }

    /// The name of the member, where there is one.
    pub fn member_name(&self) -> Option<&str> {
        self.member.as_ref().map(|(_, name)| name.as_str())
    }

    /// What the bytes are.
    ///
    /// # Errors
    /// [`ReadError`] where they cannot be read.
    pub fn format(&self) -> Result<Format, ReadError> {
        match &self.member {
            None => detect(&mut BufReader::new(open(&self.path)?)),
            Some((index, _)) => {
                let mut unpacked = Archive::open(&self.path)?.unpack_member(*index, &std::env::temp_dir())?;
                detect(&mut unpacked)
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

    /// Opens a workbook.
    ///
    /// # Errors
    /// [`ReadError`] where it cannot be read.
    pub fn open_workbook(&self, format: Format, limits: Limits) -> Result<Workbook, ReadError> {
        match &self.member {
            None => Workbook::open(BufReader::new(open(&self.path)?), format, limits),
            Some((index, _)) => {
                let unpacked = Archive::open(&self.path)?.unpack_member(*index, &std::env::temp_dir())?;
                Workbook::open(BufReader::new(unpacked), format, limits)
            }
        }
    }
}

fn open(path: &Path) -> Result<File, ReadError> {
    File::open(path).map_err(ReadError::from)
}
