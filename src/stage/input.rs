//! One readable piece of a delivery: a loose file, or a member of a zip.

use crate::read::{Archive, CsvReader, Format, Limits, ReadError, Workbook, detect};
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// How much of a text tells that it is one.
const FIRST_BYTES: u64 = 64 * 1024;

/// A loose file is mostly a workbook, which is packed about so many times.
const PACKED: u64 = 7;

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
