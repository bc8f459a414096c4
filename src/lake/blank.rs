//! Empties the rows of a text file that name a person. Lines stay where they are, so that every other row keeps its number.

use crate::read::{CsvReader, Encoding, Next, RawRow, ReadError, RowSource};
use crate::stage::Erased;

/// A record that goes: its lines and fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, counted from 1.
    pub from: u64,
    /// The line of the next record; the file's end where there is none.
    pub until: Option<u64>,
    /// Its fields; none for a line that could not be read.
    pub fields: usize,
}

/// The records that name one of these persons.
///
/// # Errors
/// [`ReadError`] where the text cannot be read to its end.
pub fn records(csv: &mut CsvReader, persons: &Erased) -> Result<Vec<Record>, ReadError> {
    let mut found: Vec<Record> = Vec::new();
    let mut is_open = false;
    let mut row = RawRow::new();
    loop {
        row.clear();
        let (line, fields, names) = match csv.next_row(&mut row)? {
            Next::End => return Ok(found),
            Next::Row => (row.line, row.len(), persons.is_in_row(&row)),
            Next::Broken(broken) => (broken.line, 0, persons.is_in_text(&broken.raw)),
        };
        if is_open && let Some(last) = found.last_mut() {
            last.until = Some(line);
        }
        is_open = names;
        if names {
            found.push(Record {
                from: line,
                until: None,
                fields,
            });
        }
    }
}

/// The bytes of a text without what stands in these records, which are in order.
pub fn blank_text(bytes: &[u8], encoding: Encoding, delimiter: char, records: &[Record]) -> Vec<u8> {
    let wide = match encoding {
        Encoding::Utf16Le => Some(encoding_rs::UTF_16LE),
        Encoding::Utf16Be => Some(encoding_rs::UTF_16BE),
        Encoding::Utf8 | Encoding::Windows1252 => None,
    };
    let Some(wide) = wide else {
        let (mark, text) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(text) => (&bytes[..3], text),
            None => (&bytes[..0], bytes),
        };
        return [mark, &blank_lines(text, delimiter, records)].concat();
    };
    let little = wide == encoding_rs::UTF_16LE;
    let mark: &[u8] = if little { b"\xff\xfe" } else { b"\xfe\xff" };
    let (start, text) = match bytes.strip_prefix(mark) {
        Some(text) => (mark, text),
        None => (&bytes[..0], bytes),
    };
    let (text, _) = wide.decode_without_bom_handling(text);
    let kept = blank_lines(text.as_bytes(), delimiter, records);
    let mut out = start.to_vec();
    for unit in String::from_utf8_lossy(&kept).encode_utf16() {
        out.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
    }
    out
}

fn blank_lines(text: &[u8], delimiter: char, records: &[Record]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut records = records.iter().peekable();
    let mut rest = text;
    let mut line = 0;
    while !rest.is_empty() {
        line += 1;
        let (content, ending) = line_of(rest);
        while records
            .next_if(|record| record.until.is_some_and(|until| until <= line))
            .is_some()
        {}
        match records.peek() {
            Some(record) if record.from <= line => {
                if record.from == line {
                    let delimiters: String = std::iter::repeat_n(delimiter, record.fields.saturating_sub(1)).collect();
                    out.extend(delimiters.as_bytes());
                }
            }
            _ => out.extend(&rest[..content]),
        }
        out.extend(&rest[content..content + ending]);
        rest = &rest[content + ending..];
    }
    out
}

/// Bytes of the first line, and of what ends it.
fn line_of(text: &[u8]) -> (usize, usize) {
    match memchr::memchr2(b'\n', b'\r', text) {
        None => (text.len(), 0),
        Some(at) if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') => (at, 2),
        Some(at) => (at, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Hmac;
    use std::collections::BTreeSet;
    use std::io::Cursor;

    fn persons() -> Erased {
        let hmac = Hmac::new(b"key");
        let persons = BTreeSet::from([hmac.of(b"3503114203850001")]);
        Erased::new(hmac, persons)
    }

    fn blanked(bytes: &[u8]) -> (usize, Vec<u8>) {
        let mut csv = CsvReader::open(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let found = records(&mut csv, &persons()).unwrap();
        (found.len(), blank_text(bytes, csv.encoding(), csv.delimiter(), &found))
    }

    #[test]
    fn only_the_cells_of_the_row_go() {
        let text = "NO;NAMA;NIK\r\n1;SITI;3503114203850001\r\n2;BUDI;3503110203850002\r\n";
        let (rows, out) = blanked(text.as_bytes());
        assert_eq!(rows, 1);
        assert_eq!(out, b"NO;NAMA;NIK\r\n;;\r\n2;BUDI;3503110203850002\r\n");
        assert_eq!(blanked(&out).0, 0);
    }

    #[test]
    fn a_record_over_several_lines_keeps_its_lines() {
        let text = "NO,NAMA,NIK\n1,\"SITI\nAMINAH\",3503114203850001\n2,BUDI,3503110203850002";
        let (rows, out) = blanked(text.as_bytes());
        assert_eq!(rows, 1);
        assert_eq!(out, b"NO,NAMA,NIK\n,,\n\n2,BUDI,3503110203850002");
    }

    #[test]
    fn wide_text_stays_wide() {
        let text = "NO;NAMA;NIK\r\n1;SITI;3503114203850001\r\n2;BUDI;3503110203850002\r\n";
        for little in [true, false] {
            let wide = |text: &str| -> Vec<u8> {
                let units = text.encode_utf16();
                let bytes = units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
                let mark: [u8; 2] = if little { [0xff, 0xfe] } else { [0xfe, 0xff] };
                mark.into_iter().chain(bytes).collect()
            };
            let (rows, out) = blanked(&wide(text));
            assert_eq!(rows, 1);
            assert!(out == wide("NO;NAMA;NIK\r\n;;\r\n2;BUDI;3503110203850002\r\n"));
        }
    }
}
