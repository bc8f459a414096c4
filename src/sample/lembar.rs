//! Sheets of a workbook, written row by row from above.

use super::SampleError;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};
use std::path::Path;

/// A cell.
#[derive(Clone, Copy)]
pub enum Nilai<'a> {
    Teks(&'a str),
    Angka(f64),
    /// A day number of the spreadsheet, shown as a date.
    Hari(f64),
    Kosong,
}

/// One sheet and the row that is written next.
pub struct Lembar {
    sheet: Worksheet,
    pub nama: String,
    baris: u32,
    kolom: u16,
    hari: Format,
    tengah: Format,
}

impl Lembar {
    /// An empty sheet.
    pub fn new(nama: &str) -> Result<Self, SampleError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(nama)?;
        let tengah = Format::new().set_align(FormatAlign::Center).set_bold();
        Ok(Self {
            sheet,
            nama: nama.to_owned(),
            baris: 0,
            kolom: 0,
            hari: Format::new().set_num_format("dd/mm/yyyy"),
            tengah,
        })
    }

    /// Hides the sheet.
    pub fn sembunyikan(&mut self) {
        self.sheet.set_hidden(true);
    }

    /// Adds a cell to the row.
    pub fn sel(&mut self, nilai: Nilai) -> Result<(), SampleError> {
        match nilai {
            Nilai::Teks("") | Nilai::Kosong => {}
            Nilai::Teks(teks) => drop(self.sheet.write_string(self.baris, self.kolom, teks)?),
            Nilai::Angka(n) => drop(self.sheet.write_number(self.baris, self.kolom, n)?),
            Nilai::Hari(n) => drop(
                self.sheet
                    .write_number_with_format(self.baris, self.kolom, n, &self.hari)?,
            ),
        }
        self.kolom += 1;
        Ok(())
    }

    /// Ends the row and returns its number as a person counts.
    pub fn maju(&mut self) -> u64 {
        self.kolom = 0;
        self.baris += 1;
        u64::from(self.baris)
    }

    /// The number that the next row gets.
    pub fn berikut(&self) -> u32 {
        self.baris
    }

    /// A row of texts; an empty text leaves its cell free.
    pub fn baris_teks(&mut self, teks: &[&str]) -> Result<u64, SampleError> {
        for t in teks {
            self.sel(Nilai::Teks(t))?;
        }
        Ok(self.maju())
    }

    /// A row with one text over `lebar` columns.
    pub fn baris_lebar(&mut self, teks: &str, lebar: u16) -> Result<u64, SampleError> {
        self.sheet
            .merge_range(self.baris, 0, self.baris, lebar - 1, teks, &self.tengah)?;
        Ok(self.maju())
    }

    /// Rows that hold nothing but a format, as a filled-down table leaves them.
    pub fn baris_hantu(&mut self, banyak: u32, lebar: u16) -> Result<(), SampleError> {
        for baris in self.baris..self.baris + banyak {
            for kolom in 0..lebar {
                self.sheet.write_blank(baris, kolom, &self.tengah)?;
            }
        }
        self.baris += banyak;
        Ok(())
    }

    /// Merges a block of cells that was left free and writes its text.
    pub fn gabung(&mut self, dari: (u32, u16), sampai: (u32, u16), teks: &str) -> Result<(), SampleError> {
        if dari == sampai {
            self.sheet.write_string(dari.0, dari.1, teks)?;
        } else {
            self.sheet
                .merge_range(dari.0, dari.1, sampai.0, sampai.1, teks, &self.tengah)?;
        }
        Ok(())
    }
}

/// Writes the sheets as one workbook, with a date of making that never changes.
pub fn simpan(path: &Path, lembar: Vec<Lembar>) -> Result<(), SampleError> {
    let mut buku = Workbook::new();
    let dibuat = ExcelDateTime::from_ymd(2020, 11, 2)?.and_hms(8, 0, 0)?;
    buku.set_properties(
        &DocProperties::new()
            .set_author("Data contoh")
            .set_comment("Seluruh isi rekaan")
            .set_creation_datetime(&dibuat),
    );
    for l in lembar {
        buku.push_worksheet(l.sheet);
    }
    let file = fs_err::File::create(path)?;
    Ok(buku.save_to_writer(file)?)
}
