//! Taking one record with quotation marks apart, strictly or leniently.

use memchr::{memchr, memchr3};

use super::scan;

/// The fields of a record, unquoted.
#[derive(Default)]
pub(super) struct Fields {
    pub text: Vec<u8>,
    pub spans: Vec<(u32, u32)>,
}

impl Fields {
    fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    fn open(&self) -> u32 {
        offset(self.text.len())
    }

    fn close(&mut self, start: u32) {
        self.spans.push((start, offset(self.text.len())));
    }

    /// The length of the longest field.
    pub fn longest(&self) -> usize {
        self.spans
            .iter()
            .map(|&(start, end)| (end - start) as usize)
            .max()
            .unwrap_or(0)
    }
}

/// A record has at most 8 MB, see `csv_source`.
fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// How far a record may reach, and what it should look like.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub delimiter: u8,
    pub expected: Option<usize>,
    pub max_bytes: usize,
    pub max_lines: u64,
}

/// Takes apart a line without doubled marks, by far the most usual kind, without copying its fields. False when it is of
/// another kind; what is in `spans` then means nothing.
pub(super) fn simple(line: &[u8], delimiter: u8, spans: &mut Vec<(u32, u32)>) -> bool {
    spans.clear();
    let mut start = 0;
    let (mut inside, mut closed) = (false, false);
    let is_simple = scan::each_of(line, delimiter, b'"', |at| {
        match line[at] {
            b'"' if inside => {
                spans.push((offset(start), offset(at)));
                (inside, closed) = (false, true);
                // A field ends with its mark; anything else behind it needs a closer look.
                return line.get(at + 1).is_none_or(|next| *next == delimiter);
            }
            b'"' if at == start && !closed => (inside, start) = (true, at + 1),
            b'"' => {}
            _ if inside => {}
            _ => {
                if !closed {
                    spans.push((offset(start), offset(at)));
                }
                (closed, start) = (false, at + 1);
            }
        }
        true
    });
    if is_simple && !inside && !closed {
        spans.push((offset(start), offset(line.len())));
    }
    is_simple && !inside
}

/// What strict reading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strict {
    /// A well-formed record: the next one begins at `next`, and `breaks` line ends stand inside quotes.
    Record { next: usize, breaks: u64 },
    /// No well-formed record; so many bytes were looked at.
    IllFormed { scanned: usize },
    /// The window ends before the record does.
    NeedMore,
}

/// Reads a record by the letter: a field is quoted when its first byte is `"`, a `"` in it is doubled, and behind the
/// closing one stands a delimiter, a line end or the end of the file.
pub(super) fn strict(bytes: &[u8], complete: bool, shape: Shape, fields: &mut Fields) -> Strict {
    fields.clear();
    let mut at = 0;
    let mut breaks = 0;
    loop {
        let start = fields.open();
        if bytes.get(at) == Some(&b'"') {
            match quoted_field(bytes, at + 1, complete, shape, &mut breaks, &mut fields.text) {
                Ok(behind) => at = behind,
                Err(outcome) => return outcome,
            }
        } else {
            let end = memchr3(shape.delimiter, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |found| at + found);
            fields.text.extend_from_slice(&bytes[at..end]);
            at = end;
        }
        fields.close(start);
        if breaks > 0 && too_many(fields, shape.expected) {
            return Strict::IllFormed { scanned: at };
        }
        match bytes.get(at) {
            None if complete => return Strict::Record { next: at, breaks },
            None => return ran_out(bytes, complete, shape),
            Some(&byte) if byte == shape.delimiter => at += 1,
            Some(b'\r') if at + 1 == bytes.len() && !complete => return Strict::NeedMore,
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => {
                return Strict::Record { next: at + 2, breaks };
            }
            Some(_) => {
                return Strict::Record { next: at + 1, breaks };
            }
        }
    }
}

/// The inside of a quoted field; gives the place behind the closing mark.
fn quoted_field(
    bytes: &[u8],
    mut at: usize,
    complete: bool,
    shape: Shape,
    breaks: &mut u64,
    text: &mut Vec<u8>,
) -> Result<usize, Strict> {
    loop {
        let Some(found) = memchr3(b'"', b'\n', b'\r', &bytes[at..]).map(|found| at + found) else {
            return Err(ran_out(bytes, complete, shape));
        };
        text.extend_from_slice(&bytes[at..found]);
        let next = bytes.get(found + 1).copied();
        if next.is_none() && !complete {
            return Err(ran_out(bytes, complete, shape));
        }
        at = found + 1;
        if bytes[found] != b'"' {
            *breaks += 1;
            if *breaks >= shape.max_lines || found > shape.max_bytes {
                return Err(Strict::IllFormed { scanned: found });
            }
            text.push(b'\n');
            at += usize::from(bytes[found] == b'\r' && next == Some(b'\n'));
            continue;
        }
        match next {
            Some(b'"') => {
                text.push(b'"');
                at += 1;
            }
            None | Some(b'\n' | b'\r') => return Ok(at),
            Some(byte) if byte == shape.delimiter => return Ok(at),
            Some(_) => return Err(Strict::IllFormed { scanned: found }),
        }
    }
}

fn ran_out(bytes: &[u8], complete: bool, shape: Shape) -> Strict {
    if complete || bytes.len() > shape.max_bytes {
        Strict::IllFormed { scanned: bytes.len() }
    } else {
        Strict::NeedMore
    }
}

/// Whether the record can no longer have the expected number of fields: only empty ones may come on top.
fn too_many(fields: &Fields, expected: Option<usize>) -> bool {
    expected.is_some_and(|expected| {
        fields.spans.len() > expected && fields.spans.last().is_some_and(|&(start, end)| end > start)
    })
}

/// How a doubled `"` before a delimiter is understood in lenient reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubled {
    /// As one mark inside the field.
    Inside,
    /// The second one closes the field.
    Closes,
}

/// Reads one line in which marks inside of quoted fields were not doubled (`"JL. "MAWAR" NO 5"`): a field ends at a mark
/// before a delimiter or the end of the line. False when a field is not closed.
pub(super) fn lenient(line: &[u8], delimiter: u8, doubled: Doubled, fields: &mut Fields) -> bool {
    fields.clear();
    let mut at = 0;
    loop {
        let start = fields.open();
        if line.get(at) == Some(&b'"') {
            match lenient_field(line, at + 1, delimiter, doubled, &mut fields.text) {
                Some(behind) => at = behind,
                None => return false,
            }
        } else {
            let end = memchr(delimiter, &line[at..]).map_or(line.len(), |found| at + found);
            fields.text.extend_from_slice(&line[at..end]);
            at = end;
        }
        fields.close(start);
        if at >= line.len() {
            return true;
        }
        at += 1;
    }
}

fn lenient_field(line: &[u8], mut at: usize, delimiter: u8, doubled: Doubled, text: &mut Vec<u8>) -> Option<usize> {
    loop {
        let found = at + memchr(b'"', &line[at..])?;
        text.extend_from_slice(&line[at..found]);
        let behind = behind_blanks(line, found + 1);
        if ends(line, behind, delimiter) {
            return Some(behind);
        }
        text.push(b'"');
        at = found + 1;
        let pair = line.get(at) == Some(&b'"');
        if pair && (doubled == Doubled::Inside || !ends(line, behind_blanks(line, at + 1), delimiter)) {
            at += 1;
        }
    }
}

/// Some writers put blanks between the closing mark and the delimiter.
fn behind_blanks(line: &[u8], mut at: usize) -> usize {
    while line.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

fn ends(line: &[u8], at: usize, delimiter: u8) -> bool {
    line.get(at).is_none_or(|&byte| byte == delimiter)
}
