//! Workbooks of `LibreOffice`, streamed.
//!
//! calamine reads these whole, trusts every repeat count and loops for ever on some damaged files, so the one part that
//! matters is read here.

use std::io::{Read, Seek};

use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use super::cell::{write_bool, write_iso_date, write_iso_duration, write_number, write_text};
use super::ods_xml::{Listed, Outcome, Xml, attribute, content, count, list, next_event};
use super::parts::container_error;
use super::sheet::{CellFeed, FeedCell};
use super::{Kind, Limits, ReadError, Result};

/// No more text of one cell is kept; the row is broken then.
const MAX_TEXT: usize = (1 << 20) + 16;
const SPACES: usize = 1_000;

/// Opens the container and lists its sheets.
pub(super) fn open<R: Read + Seek>(reader: R, limits: &Limits) -> Result<(ZipArchive<R>, Vec<Listed>)> {
    let mut archive = ZipArchive::new(reader).map_err(|error| container_error(error, ""))?;
    if let Ok(manifest) = archive.by_name("META-INF/manifest.xml") {
        let mut bytes = Vec::new();
        let _ = manifest.take(limits.part_bytes).read_to_end(&mut bytes);
        if memchr::memmem::find(&bytes, b"encryption-data").is_some() {
            return Err(ReadError::PasswordProtected);
        }
    }
    let sheets = list(content(&mut archive, limits)?, limits.sheets).map_err(|cause| ReadError::Workbook { cause })?;
    Ok((archive, sheets))
}

/// The cells of the sheet with that number.
pub(super) fn feed<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    index: usize,
    limits: &Limits,
) -> Result<OdsFeed<'a, R>> {
    let xml = content(archive, limits)?;
    let mut feed = OdsFeed {
        xml,
        event: Vec::new(),
        row: 0,
        repeats: 0,
        cells: Vec::new(),
        at: (0, 0),
        most_cells: limits.columns as usize * 2,
    };
    feed.skip_to(index).map_err(|cause| ReadError::Workbook { cause })?;
    Ok(feed)
}

struct Pending {
    column: u64,
    repeats: u64,
    text: String,
    kind: Kind,
}

/// Cells of one sheet. A row or cell that is to be repeated is kept once and given as often as it says.
pub(super) struct OdsFeed<'a, R: Read + Seek> {
    xml: Xml<'a, R>,
    event: Vec<u8>,
    row: u64,
    repeats: u64,
    cells: Vec<Pending>,
    at: (usize, u64),
    most_cells: usize,
}

impl<R: Read + Seek> OdsFeed<'_, R> {
    fn skip_to(&mut self, index: usize) -> Outcome<()> {
        let (mut seen, mut depth) = (0, 0_u32);
        loop {
            match next_event(&mut self.xml, &mut self.event)? {
                Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                    if depth == 0 && seen == index {
                        return Ok(());
                    }
                    seen += usize::from(depth == 0);
                    depth += 1;
                }
                Event::End(tag) if tag.name().as_ref() == "table:table" => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
        }
    }

    /// Reads the next row of the file; false at the end of the sheet.
    fn read_row(&mut self) -> Outcome<bool> {
        self.row = self.row.saturating_add(self.repeats);
        self.cells.clear();
        self.at = (0, 0);
        loop {
            match next_event(&mut self.xml, &mut self.event)? {
                Event::Start(tag) if tag.name().as_ref() == "table:table-row" => {
                    self.repeats = count(&tag, "table:number-rows-repeated");
                    break;
                }
                Event::Start(tag) if matches!(tag.name().as_ref(), "table:shapes" | "office:forms" | "table:table") => {
                    let tag = tag.to_owned();
                    self.skip(&tag)?;
                }
                Event::End(tag) if tag.name().as_ref() == "table:table" => return Ok(false),
                _ => {}
            }
        }
        let mut column = 0_u64;
        loop {
            match next_event(&mut self.xml, &mut self.event)? {
                Event::Start(tag) => {
                    let tag = tag.to_owned();
                    if !matches!(tag.name().as_ref(), "table:table-cell" | "table:covered-table-cell") {
                        self.skip(&tag)?;
                        continue;
                    }
                    let repeats = count(&tag, "table:number-columns-repeated");
                    let mut text = String::new();
                    let kind = self.read_cell(&tag, &mut text)?;
                    if kind != Kind::Empty {
                        self.cells.push(Pending {
                            column,
                            repeats,
                            text,
                            kind,
                        });
                    }
                    if self.cells.len() > self.most_cells {
                        return Err("a row has too many cells".to_owned());
                    }
                    column = column.saturating_add(repeats);
                }
                Event::End(tag) if tag.name().as_ref() == "table:table-row" => return Ok(true),
                _ => {}
            }
        }
    }

    fn skip(&mut self, tag: &BytesStart<'_>) -> Outcome<()> {
        let mut depth = 1_u32;
        while depth > 0 {
            match next_event(&mut self.xml, &mut self.event)? {
                Event::Start(inner) if inner.name() == tag.name() => depth += 1,
                Event::End(inner) if inner.name() == tag.name() => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads a cell to its end tag.
    fn read_cell(&mut self, tag: &BytesStart<'_>, text: &mut String) -> Outcome<Kind> {
        let mut content = String::new();
        self.read_paragraphs(tag, &mut content)?;
        let value_type = attribute(tag, "office:value-type").unwrap_or_default();
        if attribute(tag, "calcext:value-type").as_deref() == Some("error") {
            text.push_str(&content);
            return Ok(Kind::Error);
        }
        let told = |name: &str| attribute(tag, name);
        Ok(match value_type.as_str() {
            "float" | "percentage" | "currency" => match told("office:value").and_then(|v| v.trim().parse().ok()) {
                Some(number) => write_number(number, text),
                None => write_text(&content, text),
            },
            "date" => write_iso_date(&told("office:date-value").unwrap_or(content), text),
            "time" => write_iso_duration(&told("office:time-value").unwrap_or(content), text),
            "boolean" => write_bool(
                told("office:boolean-value").is_some_and(|v| v.eq_ignore_ascii_case("true")),
                text,
            ),
            _ => write_text(&told("office:string-value").unwrap_or(content), text),
        })
    }

    fn read_paragraphs(&mut self, tag: &BytesStart<'_>, content: &mut String) -> Outcome<()> {
        let mut paragraphs = 0;
        let mut nested = 0_u32;
        loop {
            let skipped = match next_event(&mut self.xml, &mut self.event)? {
                Event::Start(inner) => match inner.name().as_ref() {
                    "text:p" => {
                        push(content, if paragraphs > 0 { "\n" } else { "" });
                        paragraphs += 1;
                        None
                    }
                    "text:s" => {
                        let spaces = usize::try_from(count(&inner, "text:c")).unwrap_or(SPACES).min(SPACES);
                        push(content, &" ".repeat(spaces));
                        None
                    }
                    "text:tab" => {
                        push(content, "\t");
                        None
                    }
                    "text:line-break" => {
                        push(content, "\n");
                        None
                    }
                    "office:annotation" | "table:table" => Some(inner.to_owned()),
                    name if name.starts_with("draw:") => Some(inner.to_owned()),
                    name => {
                        nested += u32::from(name == tag.name().as_ref());
                        None
                    }
                },
                Event::End(inner) if inner.name() == tag.name() && nested == 0 => return Ok(()),
                Event::End(inner) => {
                    nested -= u32::from(inner.name() == tag.name());
                    None
                }
                Event::Text(part) if paragraphs > 0 => {
                    push(content, &part.xml10_content());
                    None
                }
                Event::CData(part) if paragraphs > 0 => {
                    push(content, &part.xml10_content());
                    None
                }
                Event::GeneralRef(entity) => {
                    push_entity(content, &entity);
                    None
                }
                _ => None,
            };
            if let Some(skipped) = skipped {
                self.skip(&skipped)?;
            }
        }
    }
}

fn push(content: &mut String, text: &str) {
    if content.len() < MAX_TEXT {
        content.push_str(text);
    }
}

fn push_entity(content: &mut String, entity: &BytesRef<'_>) {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        push(content, c.encode_utf8(&mut [0; 4]));
    } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(entity.as_ref()) {
        push(content, text);
    }
}

impl<R: Read + Seek> CellFeed for OdsFeed<'_, R> {
    fn next_cell(&mut self, out: &mut FeedCell) -> Outcome<bool> {
        loop {
            if let Some(cell) = self.cells.get(self.at.0) {
                let column = cell.column.saturating_add(self.at.1);
                out.row = u32::try_from(self.row).unwrap_or(u32::MAX);
                out.column = u32::try_from(column).unwrap_or(u32::MAX);
                out.text.push_str(&cell.text);
                out.kind = Some(cell.kind);
                self.at.1 += 1;
                if self.at.1 >= cell.repeats {
                    self.at = (self.at.0 + 1, 0);
                }
                return Ok(true);
            }
            if self.repeats > 1 && !self.cells.is_empty() {
                self.repeats -= 1;
                self.row = self.row.saturating_add(1);
                self.at = (0, 0);
            } else if !self.read_row()? {
                return Ok(false);
            }
        }
    }
}

#[cfg(test)]
#[path = "ods_tests.rs"]
mod tests;
