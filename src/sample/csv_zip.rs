//! CSV rows written straight into the member of a zip.

use super::SampleError;
use std::io::{BufWriter, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The text encoding of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sandi {
    Utf8,
    Utf8Bom,
    Cp1252,
}

/// How a CSV file is written.
#[derive(Clone, Copy)]
pub struct Gaya {
    pub pemisah: char,
    pub crlf: bool,
    pub sandi: Sandi,
}

/// Options of a member: deflate, and a date that is always the same.
pub fn options() -> SimpleFileOptions {
    let tanggal = DateTime::from_date_and_time(2020, 11, 2, 8, 0, 0).unwrap_or_default();
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(tanggal)
        .unix_permissions(0o644)
}

/// One CSV member that is being written.
pub struct Csv<'a, W: Write + Seek> {
    out: BufWriter<&'a mut ZipWriter<W>>,
    gaya: Gaya,
    /// The row in the making.
    pub baris: String,
    kolom: usize,
    /// Where the last cell of the row begins, its separator included.
    akhir: usize,
    nomor: u64,
    bytes: Vec<u8>,
}

impl<'a, W: Write + Seek> Csv<'a, W> {
    /// Starts a member.
    pub fn new(zip: &'a mut ZipWriter<W>, nama: &str, gaya: Gaya) -> Result<Self, SampleError> {
        zip.start_file(nama, options())?;
        let mut out = BufWriter::with_capacity(1 << 17, zip);
        if gaya.sandi == Sandi::Utf8Bom {
            out.write_all(b"\xef\xbb\xbf")?;
        }
        Ok(Self {
            out,
            gaya,
            baris: String::with_capacity(4096),
            kolom: 0,
            akhir: 0,
            nomor: 1,
            bytes: Vec::new(),
        })
    }

    /// Adds a cell to the row, quoted where it has to be.
    pub fn sel(&mut self, teks: &str) {
        self.pisah();
        let perlu = teks
            .bytes()
            .any(|b| b == self.gaya.pemisah as u8 || b == b'"' || b == b'\n');
        if perlu {
            self.baris.push('"');
            for c in teks.chars() {
                if c == '"' {
                    self.baris.push('"');
                }
                self.baris.push(c);
            }
            self.baris.push('"');
        } else {
            self.baris.push_str(teks);
        }
    }

    /// Adds a cell whose quote is never closed.
    pub fn sel_terbuka(&mut self, teks: &str) {
        self.pisah();
        self.baris.push('"');
        self.baris.push_str(teks);
    }

    /// Takes the last cell of the row away.
    pub fn potong(&mut self) {
        self.baris.truncate(self.akhir);
    }

    /// Forgets the row in the making.
    pub fn ulang(&mut self) {
        self.baris.clear();
        self.kolom = 0;
    }

    fn pisah(&mut self) {
        self.akhir = self.baris.len();
        if self.kolom > 0 {
            self.baris.push(self.gaya.pemisah);
        }
        self.kolom += 1;
    }

    /// Writes the row and returns the number of the line where it begins.
    pub fn tulis(&mut self) -> Result<u64, SampleError> {
        let baris = std::mem::take(&mut self.baris);
        let nomor = self.tulis_teks(&baris)?;
        self.baris = baris;
        self.baris.clear();
        self.kolom = 0;
        Ok(nomor)
    }

    /// Writes a row that was composed before.
    pub fn tulis_teks(&mut self, baris: &str) -> Result<u64, SampleError> {
        if self.gaya.sandi == Sandi::Cp1252 && !baris.is_ascii() {
            self.bytes.clear();
            self.bytes.extend(baris.chars().map(cp1252));
            self.out.write_all(&self.bytes)?;
        } else {
            self.out.write_all(baris.as_bytes())?;
        }
        self.out.write_all(if self.gaya.crlf { b"\r\n" } else { b"\n" })?;
        let nomor = self.nomor;
        self.nomor += 1 + baris.bytes().filter(|b| *b == b'\n').count() as u64;
        Ok(nomor)
    }

    /// Ends the member.
    pub fn selesai(mut self) -> Result<(), SampleError> {
        Ok(self.out.flush()?)
    }
}

/// The few signs beyond ASCII that the world has, in Windows-1252.
fn cp1252(c: char) -> u8 {
    match c {
        '\u{2019}' => 0x92,
        c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    }
}
