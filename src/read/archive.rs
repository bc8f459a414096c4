//! Zip archives as deliveries: which files are in one, and their bytes, checked.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::limits::bytes_in_words;
use super::member_reader::MemberReader;
use super::parts::{check_ratio, container_error};
use super::{ReadError, Result};

const MAX_ENTRIES: usize = 10_000;
const MAX_RATIO: u64 = 500;
const MAX_INFLATED: u64 = 20 << 30;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its number in the archive, to open it by.
    pub index: usize,
    /// Its path with `/` between folders.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Its bytes in the archive.
    pub compressed: u64,
}

struct Place {
    member: Member,
    start: u64,
    deflated: bool,
    crc: u32,
}

/// A zip archive whose members have been judged; nothing is unpacked before it is asked for.
pub struct Archive {
    path: PathBuf,
    places: Vec<Place>,
    members: Vec<Member>,
}

impl Archive {
    /// Opens an archive and judges all its members by its table of contents.
    ///
    /// Folders and the droppings of macOS, Windows and Excel (`__MACOSX`, `.DS_Store`, `Thumbs.db`, `~$...`) are left out.
    ///
    /// # Errors
    /// When the archive is damaged, or a member is encrypted, a link, named twice, named to lead outside or unreasonably
    /// large.
    pub fn open(path: &Path) -> Result<Self> {
        check_entry_names(path)?;
        let mut archive =
            ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|error| container_error(error, ""))?;
        if archive.len() > MAX_ENTRIES {
            return Err(too_large("the number of files in the archive", MAX_ENTRIES.to_string()));
        }
        let mut places = Vec::new();
        let mut seen = HashSet::new();
        let mut total = 0_u64;
        for index in 0..archive.len() {
            let file = archive
                .by_index_raw(index)
                .map_err(|error| container_error(error, ""))?;
            let name = file.name().map_err(|error| container_error(error, ""))?.into_owned();
            check_name(&name)?;
            if file.is_dir() || is_dropping(&name) {
                continue;
            }
            if !seen.insert(name.to_lowercase()) {
                return Err(ReadError::MemberTwice { member: name });
            }
            total = total.saturating_add(file.size());
            places.push(place(index, name, &file)?);
        }
        if total > MAX_INFLATED {
            return Err(too_large("the unpacked archive", bytes_in_words(MAX_INFLATED)));
        }
        let members = places.iter().map(|place| place.member.clone()).collect();
        Ok(Self {
            path: path.to_owned(),
            places,
            members,
        })
    }

    /// The files in the archive, in its order.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The bytes of a member. Reading fails where they are not what the archive promised, with a [`ReadError`] inside the
    /// I/O error; see [`ReadError::from_io`].
    ///
    /// # Errors
    /// When there is no such member or the archive cannot be opened any more.
    pub fn open_member(&self, index: usize) -> Result<MemberReader> {
        let place = self.place(index)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(place.start))?;
        let packed = BufReader::with_capacity(128 << 10, file).take(place.member.compressed);
        Ok(MemberReader::new(packed, &place.member, place.deflated, place.crc))
    }

    /// Unpacks a member to a file without a name in `dir`, for readers that need to seek; the file goes away with its
    /// handle.
    ///
    /// # Errors
    /// When the member is damaged or the disk is full.
    pub fn unpack_member(&self, index: usize, dir: &Path) -> Result<File> {
        let mut file = tempfile::tempfile_in(dir)?;
        let mut reader = self.open_member(index)?;
        std::io::copy(&mut reader, &mut file).map_err(ReadError::from_io)?;
        file.rewind()?;
        Ok(file)
    }

    /// Reads every member through and compares it with its checksum.
    ///
    /// # Errors
    /// When one of them is damaged; the error names it.
    pub fn verify(&self) -> Result<()> {
        for member in &self.members {
            let mut reader = self.open_member(member.index)?;
            std::io::copy(&mut reader, &mut std::io::sink()).map_err(ReadError::from_io)?;
        }
        Ok(())
    }

    fn place(&self, index: usize) -> Result<&Place> {
        self.places
            .iter()
            .find(|place| place.member.index == index)
            .ok_or(ReadError::NoMember { index })
    }
}

fn place<R: Read>(index: usize, name: String, file: &ZipFile<'_, R>) -> Result<Place> {
    if file.encrypted() {
        return Err(ReadError::MemberEncrypted { member: name });
    }
    if file.is_symlink() {
        return Err(ReadError::MemberLink { member: name });
    }
    let deflated = match file.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        _ => return Err(ReadError::PackedUnknown { part: name }),
    };
    let (size, compressed) = (file.size(), file.compressed_size());
    check_ratio(&name, size, compressed, MAX_RATIO)?;
    let start = file.data_start().ok_or(ReadError::ZipDamaged)?;
    Ok(Place {
        member: Member {
            index,
            name,
            size,
            compressed,
        },
        start,
        deflated,
        crc: file.crc32(),
    })
}

fn check_name(name: &str) -> Result<()> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let up = name.split('/').any(|part| part == "..");
    if name.is_empty() || drive || up || name.starts_with('/') || name.contains(['\\', '\0']) {
        return Err(ReadError::MemberPath {
            member: name.chars().filter(|c| !c.is_control()).collect(),
        });
    }
    Ok(())
}

fn is_dropping(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.split('/').any(|part| part.eq_ignore_ascii_case("__MACOSX"))
        || file.eq_ignore_ascii_case("Thumbs.db")
        || file.eq_ignore_ascii_case(".DS_Store")
        || file.eq_ignore_ascii_case("desktop.ini")
        || file.starts_with("~$")
}

/// Walks the table of contents itself: the zip reader keeps only the last of two entries with one name.
fn check_entry_names(path: &Path) -> Result<()> {
    let mut file = File::open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    let tail_length = length.min(66 << 10);
    file.seek(SeekFrom::Start(length - tail_length))?;
    let mut tail = Vec::new();
    file.by_ref().take(tail_length).read_to_end(&mut tail)?;
    let Some((offset, size)) = directory_place(&tail, length) else {
        return Ok(());
    };
    file.seek(SeekFrom::Start(offset))?;
    let mut directory = Vec::new();
    file.take(size).read_to_end(&mut directory)?;
    match name_twice(&directory) {
        Some(member) => Err(ReadError::MemberTwice { member }),
        None => Ok(()),
    }
}

/// Where the table of contents is. A zip64 archive is left to the zip reader alone.
fn directory_place(tail: &[u8], length: u64) -> Option<(u64, u64)> {
    let end = memchr::memmem::rfind(tail, b"PK\x05\x06")?;
    let size = u64::from(super::compound::u32_at(tail, end + 12)?);
    let offset = u64::from(super::compound::u32_at(tail, end + 16)?);
    (offset.checked_add(size)? <= length && size < 64 << 20).then_some((offset, size))
}

fn name_twice(directory: &[u8]) -> Option<String> {
    let mut seen = HashSet::new();
    let mut rest = directory;
    while rest.starts_with(b"PK\x01\x02") {
        let short = |at| super::compound::u16_at(rest, at).map(usize::from);
        let (name, extra, comment) = (short(28)?, short(30)?, short(32)?);
        let bytes = rest.get(46..46 + name)?;
        if !seen.insert(bytes) {
            return Some(String::from_utf8_lossy(bytes).into_owned());
        }
        rest = rest.get(46 + name + extra + comment..)?;
    }
    None
}

fn too_large(what: &str, limit: String) -> ReadError {
    ReadError::TooLarge {
        what: what.to_owned(),
        limit,
    }
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
