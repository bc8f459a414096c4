//! What a file is, by its bytes: names lie too often.

use std::io::{Read, Seek, SeekFrom};

use memchr::memchr;
use zip::ZipArchive;

use super::compound::{self, Compound};
use super::csv_dialect::{self, Encoding};
use super::parts::container_error;
use super::{ReadError, Result};

const HEAD: u64 = 64 << 10;

/// What can stand behind a file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text that is taken for delimited.
    Csv,
    /// A workbook of Excel 2007 and later.
    Xlsx,
    /// A workbook of Excel before 2007.
    Xls,
    /// A binary workbook of Excel.
    Xlsb,
    /// A workbook of `LibreOffice`.
    Ods,
    /// A zip archive that is no workbook.
    Zip,
    /// No bytes, or nothing but a byte order mark.
    Empty,
    /// A web page.
    Html,
    /// A workbook behind a password.
    Protected,
    /// Another old Office file.
    Ole,
    /// Anything else that is no text.
    Binary,
}

impl Format {
    /// Whether [`Workbook`](super::Workbook) opens it.
    #[must_use]
    pub fn is_workbook(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xls | Self::Xlsb | Self::Ods)
    }

    /// The error to give for what cannot be read at all.
    #[must_use]
    pub fn refusal(self) -> Option<ReadError> {
        match self {
            Self::Csv | Self::Xlsx | Self::Xls | Self::Xlsb | Self::Ods | Self::Zip => None,
            Self::Empty => Some(ReadError::Empty),
            Self::Html => Some(ReadError::Html),
            Self::Protected => Some(ReadError::PasswordProtected),
            Self::Ole => Some(ReadError::NoWorkbook),
            Self::Binary => Some(ReadError::Binary),
        }
    }
}

/// Tells what a file is and leaves the reader at its start.
///
/// # Errors
/// When the bytes cannot be read, or a zip container has no readable table of contents.
pub fn detect<R: Read + Seek>(reader: &mut R) -> Result<Format> {
    reader.rewind()?;
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head)?;
    reader.seek(SeekFrom::Start(0))?;
    let format = match head.as_slice() {
        [] => Format::Empty,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => in_zip(reader)?,
        bytes if bytes.starts_with(&compound::MAGIC) => in_compound(reader)?,
        bytes => text_or_not(bytes),
    };
    reader.rewind()?;
    Ok(format)
}

fn in_zip<R: Read + Seek>(reader: &mut R) -> Result<Format> {
    let mut archive = ZipArchive::new(&mut *reader).map_err(|error| container_error(error, ""))?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|name| name.replace('\\', "/"))
        .collect();
    let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if has("xl/workbook.xml") {
        return Ok(Format::Xlsx);
    }
    if has("xl/workbook.bin") {
        return Ok(Format::Xlsb);
    }
    if has("content.xml") && part_says(&mut archive, "mimetype", "opendocument.spreadsheet") {
        return Ok(Format::Ods);
    }
    // A writer may keep its workbook elsewhere; the table of content types still names its kind.
    let is_xlsx = part_says(&mut archive, "[Content_Types].xml", "spreadsheetml.sheet.main+xml");
    Ok(if is_xlsx { Format::Xlsx } else { Format::Zip })
}

fn part_says<R: Read + Seek>(archive: &mut ZipArchive<R>, part: &str, words: &str) -> bool {
    let Ok(part) = archive.by_name(part) else {
        return false;
    };
    let mut text = Vec::new();
    part.take(HEAD).read_to_end(&mut text).is_ok() && memchr::memmem::find(&text, words.as_bytes()).is_some()
}

fn in_compound<R: Read + Seek>(reader: &mut R) -> Result<Format> {
    let container = match Compound::open(reader) {
        Ok(container) => container,
        Err(ReadError::NoWorkbook) => return Ok(Format::Ole),
        Err(error) => return Err(error),
    };
    Ok(if container.has("EncryptedPackage") {
        Format::Protected
    } else if container.has("Workbook") || container.has("Book") {
        Format::Xls
    } else {
        Format::Ole
    })
}

fn text_or_not(head: &[u8]) -> Format {
    let (encoding, mark) = csv_dialect::encoding_of(head);
    let body = &head[mark..];
    if body.is_empty() {
        return Format::Empty;
    }
    let ascii: Vec<u8> = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => body.iter().copied().filter(|&b| b != 0).take(2_048).collect(),
        Encoding::Utf8 | Encoding::Windows1252 if memchr(0, body).is_some() => {
            return Format::Binary;
        }
        Encoding::Utf8 | Encoding::Windows1252 => body[..body.len().min(2_048)].to_vec(),
    };
    if is_html(&ascii) {
        return Format::Html;
    }
    let controls = ascii
        .iter()
        .filter(|b| b.is_ascii_control() && !b"\t\n\r\x0c\x1a".contains(b))
        .count();
    if controls * 20 > ascii.len() || is_known_binary(head) {
        Format::Binary
    } else {
        Format::Csv
    }
}

/// Web pages that portals give out as `.xls`, and Excel's own web archives, HTML and XML of 2003.
fn is_html(text: &[u8]) -> bool {
    let lower = text.trim_ascii_start().to_ascii_lowercase();
    if lower.starts_with(b"mime-version:") {
        return true;
    }
    lower.starts_with(b"<")
        && [
            b"<html".as_slice(),
            b"<table",
            b"<!doctype html",
            b"<head",
            b"<meta",
            b"<body",
            b"<style",
            b"<workbook",
            b"<?mso",
        ]
        .iter()
        .any(|tag| memchr::memmem::find(&lower, tag).is_some())
}

fn is_known_binary(head: &[u8]) -> bool {
    [
        b"%PDF-".as_slice(),
        b"Rar!",
        b"7z\xBC\xAF",
        b"\x1F\x8B",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"PAR1",
    ]
    .iter()
    .any(|magic| head.starts_with(magic))
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;
