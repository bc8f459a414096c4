//! Parsing `content.xml` of a `LibreOffice` workbook within bounds.

use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::parts::container_error;
use super::{Limits, Result};

const CONTENT: &str = "content.xml";
/// No single tag or text may be longer.
const LONGEST_EVENT: u64 = 64 << 20;

/// The error says what is wrong without values of cells.
pub(super) type Outcome<T> = std::result::Result<T, String>;

/// A sheet's name and whether it is hidden.
pub(super) type Listed = (String, bool);

/// A parser over a part of the container.
pub(super) type Xml<'a, R> = Reader<Bounded<BufReader<ZipFile<'a, R>>>>;

/// Opens the one part that holds all sheets.
pub(super) fn content<'a, R: Read + Seek>(archive: &'a mut ZipArchive<R>, limits: &Limits) -> Result<Xml<'a, R>> {
    let part = archive
        .by_name(CONTENT)
        .map_err(|error| container_error(error, CONTENT))?;
    let inner = BufReader::with_capacity(64 << 10, part);
    let mut xml = Reader::from_reader(Bounded {
        inner,
        left: limits.inflated_bytes,
        event: 0,
    });
    xml.config_mut().expand_empty_elements = true;
    Ok(xml)
}

/// Stops a stream that is longer than allowed, in all or in one event.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
    event: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.left == 0 || self.event > LONGEST_EVENT {
            return Err(std::io::Error::other("it is larger than allowed"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        self.event += count as u64;
        self.inner.consume(count);
    }
}

/// The next tag or text; the end of the file is an error, since every sheet must be closed.
pub(super) fn next_event<'b, R: BufRead>(xml: &mut Reader<Bounded<R>>, buffer: &'b mut Vec<u8>) -> Outcome<Event<'b>> {
    buffer.clear();
    xml.get_mut().event = 0;
    match xml.read_event_into(buffer) {
        Ok(Event::Eof) => Err("its contents end too early".to_owned()),
        Ok(event) => Ok(event),
        Err(_) => Err("its XML is damaged".to_owned()),
    }
}

/// The value of an attribute by its full name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name)?;
    let value = found.value.as_ref();
    Some(quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned))
}

/// A repeat count: 1 where there is none, as much as can be where it is nonsense.
pub(super) fn count(tag: &BytesStart<'_>, name: &str) -> u64 {
    attribute(tag, name)
        .map_or(1, |value| value.trim().parse().unwrap_or(u64::MAX))
        .max(1)
}

/// Names of the sheets and whether they are hidden.
pub(super) fn list<R: BufRead>(mut xml: Reader<Bounded<R>>, most: usize) -> Outcome<Vec<Listed>> {
    let mut sheets = Vec::new();
    let mut hidden_styles: Vec<String> = Vec::new();
    let mut style = None;
    let mut depth = 0_u32;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        xml.get_mut().event = 0;
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => match tag.name().as_ref() {
                "style:style" => style = attribute(&tag, "style:name"),
                "style:table-properties" if attribute(&tag, "table:display").as_deref() == Some("false") => {
                    hidden_styles.extend(style.clone());
                }
                "table:table" => {
                    depth += 1;
                    if depth == 1 {
                        let hidden =
                            attribute(&tag, "table:style-name").is_some_and(|name| hidden_styles.contains(&name));
                        sheets.push((attribute(&tag, "table:name").unwrap_or_default(), hidden));
                    }
                }
                _ => {}
            },
            Ok(Event::End(tag)) if tag.name().as_ref() == "table:table" => {
                depth = depth.saturating_sub(1);
            }
            Ok(Event::Eof) if depth == 0 => return Ok(sheets),
            Ok(Event::Eof) => return Err("its contents end too early".to_owned()),
            Err(_) => return Err("its XML is damaged".to_owned()),
            Ok(_) => {}
        }
        if sheets.len() > most || hidden_styles.len() > 10_000 {
            return Err(format!("it has more than {most} sheets"));
        }
    }
}
