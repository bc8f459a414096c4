//! Looks for persons in the stored files, and empties the rows that name them.

use super::LakeError;
use super::blank::{blank_text, records};
use super::blank_xlsx::blank_xlsx;
use super::decision::{Decision, Decisions, Ruling};
use super::entry::Entry;
use super::side_by_side::in_parallel;
use crate::files::{close_to_others, create, failed, hash, make_folder, rename};
use crate::read::{Archive, Format, Limits, Next, RawRow, ReadError};
use crate::stage::{Erased, Input};
use crate::workspace::Workspace;
use serde::Serialize;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Members beyond this are not rewritten in memory.
const MAX_REWRITTEN: u64 = 2 << 30;

/// A stored file that names a person, or into which nobody can look.
#[derive(Debug, Clone, Serialize)]
pub struct PersonIn {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub nama: String,
    /// Rows that are emptied.
    pub baris: usize,
    /// Rows that cannot be, since the file cannot be written again: .xls, .xlsb, .ods.
    pub tinggal: usize,
    /// What else is to be said, member by member.
    pub catatan: Vec<String>,
}

impl PersonIn {
    /// Is there anything to tell?
    pub fn is_told(&self) -> bool {
        self.baris > 0 || self.tinggal > 0 || !self.catatan.is_empty()
    }
}

/// What one file or member holds.
#[derive(Default)]
struct Part {
    rows: usize,
    left: usize,
    note: Option<String>,
    /// Its bytes without the rows, where there are some and they can be written.
    bytes: Option<Vec<u8>>,
}

/// The stored files that name one of these persons, or into which nobody can look.
///
/// # Errors
/// [`LakeError`] where the lake cannot be read.
pub fn look_for(entries: &[Entry], persons: &Erased, threads: usize) -> Result<Vec<PersonIn>, LakeError> {
    let found = in_parallel(threads, entries, |_, entry| {
        let parts = parts_of(entry, persons);
        Ok::<_, LakeError>(told(entry, &parts))
    })?;
    Ok(found.into_iter().filter(PersonIn::is_told).collect())
}

/// Empties the rows of a stored file that name one of these persons. What its bytes are from then on is decided before they are
/// put in place, so that `lake verify` can tell a file that was cut off here.
///
/// # Errors
/// [`LakeError`] where it cannot be written.
pub fn empty_rows(
    workspace: &Workspace,
    decisions: &mut Decisions,
    entry: &Entry,
    persons: &Erased,
    why: &str,
) -> Result<PersonIn, LakeError> {
    let parts = parts_of(entry, persons);
    let person = told(entry, &parts);
    if person.baris == 0 {
        return Ok(person);
    }
    let beside = workspace.raw().join(format!(".masuk-hapus-{}", std::process::id()));
    make_folder(&beside)?;
    let new = beside.join("baru");
    write_new(entry, &parts, &new)?;
    let ruling = Ruling::Kosongkan {
        sha256_kini: hash(&new)?,
        ukuran_kini: fs::metadata(&new).map_err(failed("read", &new))?.len(),
        baris: person.baris,
    };
    decisions.take(workspace, vec![Decision::new(&entry.sha256, None, ruling, why)])?;
    rename(&new, &entry.path)?;
    super::staged::remove(&beside)?;
    Ok(person)
}

fn told(entry: &Entry, parts: &[(Option<usize>, Part)]) -> PersonIn {
    PersonIn {
        sha256: entry.sha256.clone(),
        id: entry.short_id().to_owned(),
        nama: entry.nama.clone(),
        baris: parts.iter().map(|(_, part)| part.rows).sum(),
        tinggal: parts.iter().map(|(_, part)| part.left).sum(),
        catatan: parts.iter().filter_map(|(_, part)| part.note.clone()).collect(),
    }
}

/// The parts of a file: itself, or the members of a zip.
fn parts_of(entry: &Entry, persons: &Erased) -> Vec<(Option<usize>, Part)> {
    let whole = Input::file(&entry.path);
    if !matches!(whole.format(), Ok(Format::Zip)) {
        return vec![(None, part_of(&whole, &entry.nama, persons))];
    }
    let archive = match Archive::open(&entry.path) {
        Ok(archive) => archive,
        Err(error) => return vec![(None, unlooked(&entry.nama, &error.to_string()))],
    };
    let members = archive.members().iter().map(|member| {
        let input = Input::piece(entry.path.clone(), Some((member.index, member.name.clone())));
        (Some(member.index), part_of(&input, &member.name, persons))
    });
    members.collect()
}

fn unlooked(name: &str, why: &str) -> Part {
    Part {
        note: Some(format!("`{name}` cannot be looked into: {why}")),
        ..Part::default()
    }
}

fn part_of(input: &Input, name: &str, persons: &Erased) -> Part {
    let looked = match input.format() {
        Ok(Format::Csv) => text_part(input, persons),
        Ok(Format::Xlsx) => xlsx_part(input, name, persons),
        Ok(format) if format.is_workbook() => rows_of(input, format, persons).map(|rows| Part {
            left: rows,
            ..Part::default()
        }),
        Ok(Format::Empty) => Ok(Part::default()),
        Ok(Format::Zip) => Ok(unlooked(name, "it is a zip inside a zip")),
        Ok(_) => Ok(unlooked(name, "it is neither text nor a workbook")),
        Err(error) => Err(error),
    };
    looked.unwrap_or_else(|error| unlooked(name, &error.to_string()))
}

fn text_part(input: &Input, persons: &Erased) -> Result<Part, ReadError> {
    let mut csv = input.open_csv()?;
    let found = records(&mut csv, persons)?;
    if found.is_empty() {
        return Ok(Part::default());
    }
    let bytes = bytes_of(input)?;
    Ok(match bytes {
        Some(bytes) => Part {
            rows: found.len(),
            bytes: Some(blank_text(&bytes, csv.encoding(), csv.delimiter(), &found)),
            ..Part::default()
        },
        None => Part {
            left: found.len(),
            ..Part::default()
        },
    })
}

fn xlsx_part(input: &Input, name: &str, persons: &Erased) -> Result<Part, ReadError> {
    // Opened as a workbook first: parts that are too large are refused there before they are unpacked here.
    let rows = rows_of(input, Format::Xlsx, persons)?;
    if rows == 0 {
        return Ok(Part::default());
    }
    let Some(bytes) = bytes_of(input)? else {
        return Ok(Part {
            left: rows,
            ..Part::default()
        });
    };
    let Some(blanked) = blank_xlsx(Cursor::new(bytes), persons) else {
        return Ok(Part {
            left: rows,
            ..Part::default()
        });
    };
    let note = (!blanked.left.is_empty()).then(|| {
        format!(
            "`{name}` names the person outside of its rows still, in {}",
            blanked.left.join(", ")
        )
    });
    Ok(Part {
        rows: blanked.rows,
        left: rows.saturating_sub(blanked.rows),
        note,
        bytes: (blanked.rows > 0).then_some(blanked.bytes),
    })
}

/// Rows of a workbook that name one of the persons.
fn rows_of(input: &Input, format: Format, persons: &Erased) -> Result<usize, ReadError> {
    let mut book = input.open_workbook(format, Limits::default())?;
    let mut found = 0;
    let mut row = RawRow::new();
    for sheet in 0..book.sheets().len() {
        let mut rows = book.rows(sheet)?;
        loop {
            row.clear();
            match rows.next_row(&mut row)? {
                Next::End => break,
                Next::Row => found += usize::from(persons.is_in_row(&row)),
                Next::Broken(broken) => found += usize::from(persons.is_in_text(&broken.raw)),
            }
        }
    }
    Ok(found)
}

/// The bytes of a file or member; `None` where they are too many to be held.
fn bytes_of(input: &Input) -> Result<Option<Vec<u8>>, ReadError> {
    let mut bytes = Vec::new();
    let mut source: Box<dyn Read> = match &input.member {
        None => Box::new(fs::File::open(&input.path)?),
        Some((index, _)) => Box::new(Archive::open(&input.path)?.open_member(*index)?),
    };
    let read = source.by_ref().take(MAX_REWRITTEN + 1).read_to_end(&mut bytes);
    let size = read.map_err(ReadError::from_io)?;
    Ok((size as u64 <= MAX_REWRITTEN).then_some(bytes))
}

fn write_new(entry: &Entry, parts: &[(Option<usize>, Part)], to: &Path) -> Result<(), LakeError> {
    let mut file = create(to)?;
    match parts {
        [(None, Part { bytes: Some(bytes), .. })] => file.write_all(bytes).map_err(failed("write", to))?,
        _ => write_zip(entry, parts, &mut file).map_err(failed("write", to))?,
    }
    file.sync_all().map_err(failed("write", to))?;
    close_to_others(to)?;
    Ok(())
}

/// Members that nobody is named in are taken over packed as they are.
fn write_zip(entry: &Entry, parts: &[(Option<usize>, Part)], file: &mut fs::File) -> std::io::Result<()> {
    let mut archive = ZipArchive::new(fs::File::open(&entry.path)?)?;
    let mut zip = ZipWriter::new(file);
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index)?;
        let new = parts.iter().find(|(of, _)| *of == Some(index));
        match new.and_then(|(_, part)| part.bytes.as_ref()) {
            Some(bytes) => {
                let name = member.name()?.into_owned();
                let time = member.last_modified().unwrap_or_default();
                drop(member);
                let options = SimpleFileOptions::default().last_modified_time(time).large_file(true);
                zip.start_file(name, options)?;
                zip.write_all(bytes)?;
            }
            None => zip.raw_copy_file(member)?,
        }
    }
    zip.finish()?;
    Ok(())
}
