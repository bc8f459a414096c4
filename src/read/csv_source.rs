//! A window over a text file of any size: UTF-8 or still undecided bytes, UTF-16 already turned into UTF-8.

use std::io::{Cursor, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr2};

use super::csv_dialect::{self, Encoding};
use super::{ReadError, Result};

/// How much is looked at to tell encoding and delimiter.
pub(super) const HEAD: usize = 64 << 10;
/// How much is read at a time.
const CHUNK: usize = 512 << 10;
/// No record is kept in memory beyond this.
pub(super) const MAX_RECORD: usize = 8 << 20;

/// Where a line ends, counted from the start of the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineEnd {
    /// The end of its text.
    pub text: usize,
    /// The start of the next line.
    pub next: usize,
}

pub(super) struct Source {
    inner: Box<dyn Read + Send>,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    buffer: Vec<u8>,
    start: usize,
    eof: bool,
    pub encoding: Encoding,
    /// The line at the start of the window, counted from 1.
    pub line: u64,
}

impl Source {
    pub fn open(mut inner: Box<dyn Read + Send>) -> Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        inner
            .by_ref()
            .take(HEAD as u64)
            .read_to_end(&mut head)
            .map_err(ReadError::from_io)?;
        let (encoding, mark) = csv_dialect::encoding_of(&head);
        head.drain(..mark);
        let decoder = match encoding {
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Utf8 | Encoding::Windows1252 => None,
        };
        let mut source = Self {
            inner: Box::new(Cursor::new(head).chain(inner)),
            decoder,
            raw: Vec::new(),
            buffer: Vec::new(),
            start: 0,
            eof: false,
            encoding,
            line: 1,
        };
        while source.window().len() < HEAD && source.fill()? {}
        Ok(source)
    }

    /// What has been read and not yet been consumed.
    pub fn window(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Whether the window reaches to the end of the file.
    pub fn at_end(&self) -> bool {
        self.eof
    }

    /// Moves the start of the window.
    pub fn consume(&mut self, bytes: usize, lines: u64) {
        self.start = (self.start + bytes).min(self.buffer.len());
        self.line += lines;
    }

    /// Reads more to the end of the window; false at the end of the file.
    pub fn fill(&mut self) -> Result<bool> {
        if self.eof {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let before = self.buffer.len();
        if self.decoder.is_some() {
            self.fill_decoded()?;
        } else {
            self.buffer.resize(before + CHUNK, 0);
            let count = read_some(&mut *self.inner, &mut self.buffer[before..]);
            self.buffer.truncate(before + count.as_ref().copied().unwrap_or(0));
            self.eof = count? == 0;
            if let Some(at) = memchr(0, &self.buffer[before..]) {
                return Err(ReadError::NulBytes {
                    line: self.line + line_ends(&self.buffer[..before + at]),
                });
            }
        }
        Ok(!self.eof || self.buffer.len() > before)
    }

    fn fill_decoded(&mut self) -> Result<()> {
        let Some(decoder) = self.decoder.as_mut() else {
            return Ok(());
        };
        self.raw.resize(CHUNK, 0);
        let count = read_some(&mut *self.inner, &mut self.raw)?;
        self.eof = count == 0;
        let mut rest = &self.raw[..count];
        loop {
            let before = self.buffer.len();
            let room = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(CHUNK * 3) + 16;
            self.buffer.resize(before + room, 0);
            let (result, read, written, _) = decoder.decode_to_utf8(rest, &mut self.buffer[before..], self.eof);
            self.buffer.truncate(before + written);
            rest = &rest[read..];
            if result == CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }

    /// The end of the line that begins at the start of the window; `None` when the line is longer than a record may be.
    pub fn line_end(&mut self) -> Result<Option<LineEnd>> {
        let mut searched = 0;
        loop {
            let window = self.window();
            match memchr2(b'\n', b'\r', &window[searched..]).map(|at| searched + at) {
                Some(text) if window[text] == b'\n' => {
                    return Ok(Some(LineEnd { text, next: text + 1 }));
                }
                Some(text) if text + 1 < window.len() || self.eof => {
                    let next = text + 1 + usize::from(window.get(text + 1) == Some(&b'\n'));
                    return Ok(Some(LineEnd { text, next }));
                }
                Some(text) => searched = text,
                None if self.eof => {
                    return Ok(Some(LineEnd {
                        text: window.len(),
                        next: window.len(),
                    }));
                }
                None if window.len() > MAX_RECORD => return Ok(None),
                None => searched = window.len(),
            }
            self.fill()?;
        }
    }

    /// Drops everything up to the next line.
    pub fn skip_line(&mut self) -> Result<()> {
        loop {
            if let Some(end) = self.line_end()? {
                self.consume(end.next, 1);
                return Ok(());
            }
            let length = self.window().len();
            self.consume(length, 0);
        }
    }
}

fn read_some(inner: &mut dyn Read, buffer: &mut [u8]) -> Result<usize> {
    loop {
        match inner.read(buffer) {
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ReadError::from_io(error)),
        }
    }
}

/// Line ends of all three kinds.
fn line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        count += u64::from(bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
    }
    count
}
