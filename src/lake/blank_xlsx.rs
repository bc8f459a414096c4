//! Empties the rows of an .xlsx that name a person, and the shared texts that only these rows used.

use crate::stage::Erased;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The table of texts that cells point into.
const SHARED: &str = "xl/sharedStrings.xml";

/// A workbook without these rows.
pub struct BlankedBook {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Rows that were emptied.
    pub rows: usize,
    /// Parts that name a person still: comments, caches of pivot tables.
    pub left: Vec<String>,
}

/// Empties the rows of a workbook; `None` where its parts cannot be read.
pub fn blank_xlsx(book: impl Read + Seek, persons: &Erased) -> Option<BlankedBook> {
    let mut archive = ZipArchive::new(book).ok()?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(|name| name.to_string()))
        .collect::<Result<_, _>>()
        .ok()?;
    let shared = match part(&mut archive, SHARED) {
        Some(xml) => Some(Shared::read(&xml, persons)?),
        None => None,
    };
    let mut edited: Vec<(String, String)> = Vec::new();
    let (mut gone, mut kept) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = 0;
    for name in names.iter().filter(|name| is_sheet(name)) {
        let xml = part(&mut archive, name)?;
        let sheet = blank_sheet(&xml, shared.as_ref(), persons)?;
        gone.extend(sheet.gone);
        kept.extend(sheet.kept);
        if sheet.rows > 0 {
            rows += sheet.rows;
            edited.push((name.clone(), sheet.xml));
        }
    }
    if let Some(shared) = &shared {
        let unused: BTreeSet<usize> = gone.difference(&kept).copied().collect();
        if !unused.is_empty() {
            edited.push((SHARED.to_owned(), shared.without(&unused)));
        }
    }
    let mut left = Vec::new();
    for name in &names {
        let xml = match edited.iter().find(|(edited, _)| edited == name) {
            Some((_, xml)) => Some(xml.clone()),
            None => part(&mut archive, name),
        };
        if xml.is_some_and(|xml| persons.is_in_text(&xml)) {
            left.push(name.clone());
        }
    }
    let bytes = write(archive, &edited)?;
    Some(BlankedBook { bytes, rows, left })
}

fn is_sheet(name: &str) -> bool {
    let is_xml = Path::new(name).extension().is_some_and(|ending| ending == "xml");
    is_xml && name.starts_with("xl/worksheets/")
}

/// A part as text; `None` where it is none.
fn part<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(name).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

fn write<R: Read + Seek>(mut archive: ZipArchive<R>, edited: &[(String, String)]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).ok()?;
        let name = file.name().ok()?.into_owned();
        match edited.iter().find(|(edited, _)| *edited == name) {
            Some((_, xml)) => {
                drop(file);
                zip.start_file(name, SimpleFileOptions::default()).ok()?;
                zip.write_all(xml.as_bytes()).ok()?;
            }
            None => zip.raw_copy_file(file).ok()?,
        }
    }
    Some(zip.finish().ok()?.into_inner())
}

/// The table of texts: where each stands, and whether it names a person.
struct Shared {
    xml: String,
    texts: Vec<(std::ops::Range<usize>, bool)>,
}

impl Shared {
    fn read(xml: &str, persons: &Erased) -> Option<Self> {
        let mut reader = Reader::from_str(xml);
        let mut texts = Vec::new();
        let (mut start, mut text, mut in_text) = (0, String::new(), false);
        loop {
            let before = position(&reader);
            match reader.read_event().ok()? {
                Event::Eof => break,
                Event::Start(tag) if is(&tag, "si") => {
                    start = before;
                    text.clear();
                }
                Event::Start(tag) if is(&tag, "t") => in_text = true,
                Event::Empty(tag) if is(&tag, "si") => texts.push((before..position(&reader), false)),
                Event::Text(part) if in_text => text.push_str(part.as_ref()),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "t" => in_text = false,
                    "si" => texts.push((start..position(&reader), persons.is_in_text(&text))),
                    _ => {}
                },
                _ => {}
            }
        }
        Some(Self {
            xml: xml.to_owned(),
            texts,
        })
    }

    fn names(&self, index: usize) -> bool {
        self.texts.get(index).is_some_and(|(_, names)| *names)
    }

    /// The table with these texts empty; the others keep their places.
    fn without(&self, unused: &BTreeSet<usize>) -> String {
        let mut out = String::with_capacity(self.xml.len());
        let mut at = 0;
        for (range, _) in unused.iter().filter_map(|index| self.texts.get(*index)) {
            out.push_str(&self.xml[at..range.start]);
            let prefix = self.xml[range.start + 1..range.end]
                .split(|letter: char| letter == '>' || letter == '/' || letter.is_whitespace())
                .next()
                .and_then(|name| name.split_once(':'))
                .map_or_else(String::new, |(prefix, _)| format!("{prefix}:"));
            out.push_str(&format!("<{prefix}si><{prefix}t/></{prefix}si>"));
            at = range.end;
        }
        out.push_str(&self.xml[at..]);
        out
    }
}

struct BlankedSheet {
    xml: String,
    rows: usize,
    /// Shared texts that the emptied rows point to, and those that the others do.
    gone: BTreeSet<usize>,
    kept: BTreeSet<usize>,
}

/// The cell that is being read.
#[derive(Default)]
struct Cell {
    is_shared: bool,
    is_text: bool,
    in_value: bool,
    value: String,
}

fn blank_sheet(xml: &str, shared: Option<&Shared>, persons: &Erased) -> Option<BlankedSheet> {
    let mut reader = Reader::from_str(xml);
    let mut sheet = BlankedSheet {
        xml: String::with_capacity(xml.len()),
        rows: 0,
        gone: BTreeSet::new(),
        kept: BTreeSet::new(),
    };
    let mut copied = 0;
    let (mut row_tag, mut names, mut points_to) = (0..0, false, Vec::new());
    let mut cell = Cell::default();
    loop {
        let before = position(&reader);
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(tag) if is(&tag, "row") => {
                row_tag = before..position(&reader);
                names = false;
                points_to.clear();
            }
            Event::Start(tag) if is(&tag, "c") => {
                let kind = attribute(&tag, "t");
                cell = Cell {
                    is_shared: kind.as_deref() == Some("s"),
                    is_text: matches!(kind.as_deref(), Some("str" | "inlineStr")),
                    ..Cell::default()
                };
            }
            Event::Start(tag) if is(&tag, "v") || is(&tag, "t") => cell.in_value = true,
            Event::Text(part) if cell.in_value => cell.value.push_str(part.as_ref()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => cell.in_value = false,
                "c" => match cell.value.trim().parse::<usize>() {
                    Ok(index) if cell.is_shared => {
                        points_to.push(index);
                        names |= shared.is_some_and(|shared| shared.names(index));
                    }
                    _ => names |= persons.is_in_text(&cell.text()),
                },
                "row" if names => {
                    sheet.rows += 1;
                    sheet.gone.extend(points_to.drain(..));
                    sheet.xml.push_str(&xml[copied..row_tag.end - 1]);
                    sheet.xml.push_str("/>");
                    copied = position(&reader);
                }
                "row" => sheet.kept.extend(points_to.drain(..)),
                _ => {}
            },
            _ => {}
        }
    }
    sheet.xml.push_str(&xml[copied..]);
    Some(sheet)
}

impl Cell {
    /// A number as its digits, however it is written.
    fn text(&self) -> String {
        let value = self.value.trim();
        match value.parse::<f64>() {
            Ok(number) if !self.is_text && number.abs() < 1e17 => format!("{number:.0}"),
            _ => value.to_owned(),
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.local_name().as_ref() == name
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.as_ref().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Hmac;
    use calamine::{Data, Reader as _, Xlsx};

    fn persons() -> Erased {
        let hmac = Hmac::new(b"key");
        let persons = BTreeSet::from([hmac.of(b"3503114203850001")]);
        Erased::new(hmac, persons)
    }

    #[test]
    fn a_row_and_its_texts_go_and_the_others_stay() {
        let mut book = rust_xlsxwriter::Workbook::new();
        for name in ["A", "B"] {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            for (row, (person, number)) in [
                ("NAMA", "NIK"),
                ("SITI INVENTED", "3503114203850001"),
                ("BUDI INVENTED", "3503110203850002"),
            ]
            .into_iter()
            .enumerate()
            {
                let row = u32::try_from(row).unwrap();
                sheet.write_string(row, 0, person).unwrap();
                sheet.write_string(row, 1, number).unwrap();
                sheet.write_string(row, 2, "TRENGGALEK").unwrap();
            }
            sheet.write_number(3, 1, 3_503_114_203_850_001.0).unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let blanked = blank_xlsx(Cursor::new(bytes), &persons()).unwrap();
        assert_eq!((blanked.rows, blanked.left.len()), (4, 0));
        let mut archive = ZipArchive::new(Cursor::new(&blanked.bytes)).unwrap();
        let texts = part(&mut archive, SHARED).unwrap();
        assert!(
            !texts.contains("SITI") && !texts.contains("3503114203850001"),
            "{texts}"
        );
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(blanked.bytes)).unwrap();
        let range = read.worksheet_range("B").unwrap();
        assert_eq!(range.get_value((2, 0)), Some(&Data::String("BUDI INVENTED".to_owned())));
        assert_eq!(range.get_value((2, 2)), Some(&Data::String("TRENGGALEK".to_owned())));
        assert!(matches!(range.get_value((1, 0)), None | Some(Data::Empty)));
    }
}
