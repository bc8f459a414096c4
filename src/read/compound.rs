//! The container of old Office files (MS-CFB), as far as telling its kind and weighing a .xls needs it.

use std::io::{Read, Seek, SeekFrom};

use super::limits::bytes_in_words;
use super::{ReadError, Result};

pub(super) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Sector numbers from here on are marks.
const MARKS: u32 = 0xFFFF_FFFA;
const SMALL_SECTOR: usize = 64;
const SMALL_STREAM: u64 = 4_096;
/// No .xls is larger; it is held in memory.
const LARGEST: u64 = 512 << 20;

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

/// An opened container, all of it in memory.
pub(super) struct Compound {
    bytes: Vec<u8>,
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
}

impl Compound {
    /// Reads the container's tables.
    pub fn open<R: Read + Seek>(reader: &mut R) -> Result<Self> {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.rewind()?;
        if length > LARGEST {
            return Err(ReadError::TooLarge {
                what: "the .xls file".into(),
                limit: bytes_in_words(LARGEST),
            });
        }
        let mut bytes = Vec::new();
        reader.take(LARGEST).read_to_end(&mut bytes)?;
        Self::parse(bytes).ok_or(ReadError::NoWorkbook)
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        if bytes.get(..8)? != MAGIC {
            return None;
        }
        let sector = match u16_at(&bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut this = Self {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        this.load_table()?;
        let directory = this.chain(u32_at(&this.bytes, 48)?, u64::MAX)?;
        this.entries = directory.chunks_exact(128).filter_map(entry).collect();
        if u32_at(&this.bytes, 64)? > 0 {
            this.small_table = words(&this.chain(u32_at(&this.bytes, 60)?, u64::MAX)?);
            let root = this.entries.first()?;
            this.small = this.chain(root.start, root.size)?;
        }
        Some(this)
    }

    fn load_table(&mut self) -> Option<()> {
        let mut sectors = words(self.bytes.get(76..512)?);
        let mut next = u32_at(&self.bytes, 68)?;
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..most {
            if next >= MARKS {
                break;
            }
            let mut more = words(self.sector_at(next)?);
            next = more.pop()?;
            sectors.extend(more);
        }
        for sector in sectors.into_iter().filter(|&sector| sector < MARKS).take(most) {
            let part = words(self.sector_at(sector)?);
            self.table.extend(part);
        }
        Some(())
    }

    fn sector_at(&self, number: u32) -> Option<&[u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain; a chain that runs in a circle is cut off at the length of the file.
    fn chain(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut sector = start;
        for _ in 0..=self.bytes.len() / self.sector {
            if sector >= MARKS || out.len() as u64 >= size {
                break;
            }
            out.extend_from_slice(self.sector_at(sector)?);
            sector = self.table.get(sector as usize).copied().unwrap_or(MARKS);
        }
        out.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Some(out)
    }

    fn small_chain(&self, start: u32, size: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sector = start;
        while sector < MARKS && (out.len() as u64) < size {
            let from = sector as usize * SMALL_SECTOR;
            let Some(part) = self.small.get(from..(from + SMALL_SECTOR).min(self.small.len())) else {
                break;
            };
            out.extend_from_slice(part);
            sector = self.small_table.get(sector as usize).copied().unwrap_or(MARKS);
        }
        out.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        out
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Whether there is a stream or folder of that name.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The bytes of a stream.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.find(name)?;
        if entry.size < SMALL_STREAM {
            return Some(self.small_chain(entry.start, entry.size));
        }
        self.chain(entry.start, entry.size)
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).min(64);
    let units: Vec<u16> = bytes[..length]
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let name = String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned();
    Some(Entry {
        name,
        start: u32_at(bytes, 116)?,
        size: u64::from(u32_at(bytes, 120)?),
    })
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
        .collect()
}

/// A little-endian number, where there is one.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let word = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([word[0], word[1]]))
}

/// A little-endian number, where there is one.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}
