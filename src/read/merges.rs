//! Merged regions of a .xlsx, told by what passes by while its parts are judged: the parser would read each sheet once more for them.
//!
//! Only what is written as all programs write it is told here; whatever else there is, the parser is asked.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::Merge;
use super::ods_xml::attribute;

/// Merged regions of a sheet are named by this.
const MERGE: &[u8] = b"mergeCell";
/// They stand behind the rows: so many bytes hold more of them than a list of people has.
const LONGEST_TAIL: usize = 1 << 20;
/// The parts that name the sheets are not longer.
const LONGEST_LIST: u64 = 4 << 20;

/// What the parts of a workbook tell of merged regions.
#[derive(Default)]
pub(super) struct Merges {
    /// By the part's name; a part that does not speak of them is not among them.
    parts: BTreeMap<String, Option<Vec<Merge>>>,
    /// The part of each sheet.
    sheets: BTreeMap<String, String>,
}

impl Merges {
    /// Notes what a part has told.
    pub fn note(&mut self, part: &str, seen: MergeWatch) {
        if let Some(tail) = seen.tail {
            let regions = if seen.has_asides { None } else { tail.regions() };
            self.parts.insert(part.to_owned(), regions);
        }
    }

    /// Finds the part of each sheet, if there is anything to tell.
    pub fn find_sheets<R: Read + Seek>(&mut self, archive: &mut ZipArchive<R>) {
        if !self.parts.is_empty() {
            self.sheets = sheet_parts(archive).unwrap_or_default();
        }
    }

    /// The merged regions of a sheet; `None` where the parser must be asked.
    pub fn of_sheet(&self, name: &str) -> Option<&[Merge]> {
        if self.parts.is_empty() {
            return Some(&[]);
        }
        match self.parts.get(self.sheets.get(name)?) {
            Some(told) => told.as_deref(),
            None => Some(&[]),
        }
    }
}

/// Looks for merged regions in a part that passes by in chunks.
#[derive(Default)]
pub(super) struct MergeWatch {
    /// The end of the chunk before: the word may begin in one and end in the next.
    before: Vec<u8>,
    /// Was there a comment or a stretch of raw text? A word in it says nothing.
    has_asides: bool,
    tail: Option<Tail>,
}

/// What follows the first word about merged regions.
struct Tail {
    begins_a_tag: bool,
    bytes: Vec<u8>,
}

impl MergeWatch {
    /// The next chunk.
    pub fn look(&mut self, chunk: &[u8]) {
        if let Some(tail) = &mut self.tail {
            tail.append(chunk);
            return;
        }
        let is_cut = self.before.last() == Some(&b'<') && chunk.first() == Some(&b'!');
        self.has_asides |= is_cut || memmem::find(chunk, b"<!").is_some();
        let seam = self.before.len();
        self.before.extend_from_slice(&chunk[..chunk.len().min(MERGE.len())]);
        if let Some(at) = memmem::find(&self.before, MERGE) {
            let mut tail = Tail::behind(&self.before[..at]);
            tail.append(self.before.get(at..seam).unwrap_or_default());
            tail.append(&chunk[at.saturating_sub(seam)..]);
            self.tail = Some(tail);
        } else if let Some(at) = memmem::find(chunk, MERGE) {
            let mut tail = Tail::behind(&chunk[..at]);
            tail.append(&chunk[at..]);
            self.tail = Some(tail);
        } else {
            if chunk.len() >= MERGE.len() {
                self.before.clear();
                self.before.extend_from_slice(&chunk[chunk.len() - MERGE.len()..]);
            }
            // The sign before the word is kept, too.
            self.before.drain(..self.before.len().saturating_sub(MERGE.len()));
        }
    }
}

impl Tail {
    fn behind(before: &[u8]) -> Self {
        Self {
            begins_a_tag: before.last() == Some(&b'<'),
            bytes: Vec::new(),
        }
    }

    fn append(&mut self, chunk: &[u8]) {
        let room = (LONGEST_TAIL + 1).saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }

    /// `<mergeCells><mergeCell ref="A1:B2"/>…</mergeCells>` and nothing else.
    fn regions(&self) -> Option<Vec<Merge>> {
        if !self.begins_a_tag || self.bytes.len() > LONGEST_TAIL {
            return None;
        }
        let text = [b"<", self.bytes.as_slice()].concat();
        let mut xml = Reader::from_reader(text.as_slice());
        xml.config_mut().expand_empty_elements = true;
        let mut regions = Vec::new();
        let mut is_inside = false;
        loop {
            match xml.read_event().ok()? {
                Event::Start(tag) if !is_inside && tag.name().as_ref() == "mergeCells" => is_inside = true,
                Event::Start(tag) if is_inside && tag.name().as_ref() == "mergeCell" => {
                    regions.push(region(&attribute(&tag, "ref")?)?);
                }
                Event::End(tag) if is_inside && tag.name().as_ref() == "mergeCell" => {}
                Event::End(tag) if is_inside && tag.name().as_ref() == "mergeCells" => return Some(regions),
                Event::Text(blank) if is_inside && blank.trim().is_empty() => {}
                _ => return None,
            }
        }
    }
}

/// `A1:B2`, or one cell.
fn region(reference: &str) -> Option<Merge> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    let (first, last) = (cell(first)?, cell(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Merge {
        first_row: first.0,
        last_row: last.0,
        first_col: first.1,
        last_col: last.1,
    })
}

/// Row from 1 and column from 0 of `AB12`.
fn cell(reference: &str) -> Option<(u64, usize)> {
    let digits = reference.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || row.len() > 7 || row.starts_with('0') {
        return None;
    }
    let mut column = 0;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + usize::from(letter - b'A') + 1;
    }
    Some((row.parse().ok()?, column - 1))
}

/// The part of each sheet; `None` where they are not listed where all programs list them.
fn sheet_parts<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<BTreeMap<String, String>> {
    let targets: BTreeMap<String, String> =
        listed(archive, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target")?
            .into_iter()
            .collect();
    let mut parts = BTreeMap::new();
    for (sheet, id) in listed(archive, "xl/workbook.xml", "sheet", "name", "r:id")? {
        let target = targets.get(&id)?;
        let part = target
            .strip_prefix('/')
            .map_or_else(|| format!("xl/{target}"), str::to_owned);
        archive.index_for_name(&part)?;
        parts.insert(sheet, part);
    }
    Some(parts)
}

/// Two attributes of every tag of a name.
fn listed<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    part: &str,
    tag_name: &str,
    first: &str,
    second: &str,
) -> Option<Vec<(String, String)>> {
    let mut text = Vec::new();
    archive
        .by_name(part)
        .ok()?
        .take(LONGEST_LIST)
        .read_to_end(&mut text)
        .ok()?;
    let mut xml = Reader::from_reader(text.as_slice());
    xml.config_mut().expand_empty_elements = true;
    let mut found = Vec::new();
    loop {
        match xml.read_event().ok()? {
            Event::Start(tag) if tag.name().as_ref() == tag_name => {
                found.push((attribute(&tag, first)?, attribute(&tag, second)?));
            }
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Told {
        Nothing,
        Unclear,
        Regions(Vec<Merge>),
    }

    fn told(text: &[u8], cut: usize) -> Told {
        let mut watch = MergeWatch::default();
        for chunk in text.chunks(cut) {
            watch.look(chunk);
        }
        let mut merges = Merges::default();
        merges.note("sheet", watch);
        match merges.parts.remove("sheet") {
            Some(regions) => regions.map_or(Told::Unclear, Told::Regions),
            None => Told::Nothing,
        }
    }

    #[test]
    fn regions_are_told_wherever_the_chunks_end() {
        let text = b"</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A1:C2\"/> <mergeCell ref=\"AB12\"/></mergeCells><x/>";
        let regions = vec![
            Merge {
                first_row: 1,
                last_row: 2,
                first_col: 0,
                last_col: 2,
            },
            Merge {
                first_row: 12,
                last_row: 12,
                first_col: 27,
                last_col: 27,
            },
        ];
        for cut in 1..=text.len() {
            assert_eq!(told(text, cut), Told::Regions(regions.clone()), "{cut}");
            assert_eq!(
                told(b"<merged><mergeCel><lerge</sheetData>", cut),
                Told::Nothing,
                "{cut}"
            );
        }
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_the_parser() {
        for text in [
            "<x:mergeCells><x:mergeCell ref=\"A1:B1\"/></x:mergeCells>",
            "mergeCells",
            "<t>mergeCells</t><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>",
            "<mergeCells><mergeCell ref=\"A1:B1\"/>",
            "<mergeCells><mergeCell ref=\"B1:A1\"/></mergeCells>",
            "<mergeCells><mergeCell ref=\"$A$1:B1\"/></mergeCells>",
            "<mergeCells><mergeCell ref=\"A0\"/></mergeCells>",
            "<mergeCells><mergeCell/></mergeCells>",
            "<mergeCells><!-- --></mergeCells>",
            "<!-- <mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells> -->",
            "<t><![CDATA[<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>]]></t>",
            "<mergeCell ref=\"A1:B1\"/>",
        ] {
            assert_eq!(told(text.as_bytes(), 5), Told::Unclear, "{text}");
        }
        let long = format!("<mergeCells>{}</mergeCells>", " ".repeat(LONGEST_TAIL));
        assert_eq!(told(long.as_bytes(), 4096), Told::Unclear);
    }
}
