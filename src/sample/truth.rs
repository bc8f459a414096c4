//! The truth beside the raw files: Parquet tables, written in batches.

use super::SampleError;
use chrono::NaiveDate;
use polars::prelude::*;
use std::fs::File;
use std::path::Path;

/// Rows of a batch, each a row group.
const BATCH: usize = 30_000;

/// Type of a column of the truth.
#[derive(Clone, Copy)]
pub enum Jenis {
    Teks,
    Angka,
    Tanggal,
    Logika,
}

enum Kolom {
    Teks(Vec<Option<PlSmallStr>>),
    Angka(Vec<Option<i64>>),
    Tanggal(Vec<Option<i32>>),
    Logika(Vec<Option<bool>>),
}

/// A Parquet table that is filled cell by cell, from left to right.
pub struct Tabel {
    nama: &'static [(&'static str, Jenis)],
    kolom: Vec<Kolom>,
    di: usize,
    baris: usize,
    tulis: polars::io::parquet::write::BatchedWriter<File>,
    scratch: String,
}

impl Tabel {
    /// Creates the file with its folders.
    pub fn new(path: &Path, nama: &'static [(&'static str, Jenis)]) -> Result<Self, SampleError> {
        if let Some(folder) = path.parent() {
            fs_err::create_dir_all(folder)?;
        }
        let fields = nama.iter().map(|(n, j)| Field::new((*n).into(), dtype(*j)));
        let tulis = ParquetWriter::new(fs_err::File::create(path)?.into_parts().0)
            .with_compression(ParquetCompression::Zstd(None))
            .set_parallel(false)
            .batched(&fields.into_iter().collect::<Schema>())?;
        Ok(Self {
            nama,
            kolom: kosong(nama),
            di: 0,
            baris: 0,
            tulis,
            scratch: String::new(),
        })
    }

    /// A text cell.
    pub fn teks(&mut self, nilai: Option<&str>) -> &mut Self {
        if let Kolom::Teks(v) = &mut self.kolom[self.di] {
            v.push(nilai.map(PlSmallStr::from_str));
        }
        self.maju()
    }

    /// A number written as text, as identity numbers are.
    pub fn nomor(&mut self, nilai: Option<u64>) -> &mut Self {
        use std::fmt::Write as _;
        let mut teks = std::mem::take(&mut self.scratch);
        teks.clear();
        if let Some(n) = nilai {
            let _ = write!(teks, "{n}");
        }
        self.teks(nilai.map(|_| teks.as_str()));
        self.scratch = teks;
        self
    }

    /// A number cell.
    pub fn angka(&mut self, nilai: Option<i64>) -> &mut Self {
        if let Kolom::Angka(v) = &mut self.kolom[self.di] {
            v.push(nilai);
        }
        self.maju()
    }

    /// A date cell.
    pub fn tanggal(&mut self, nilai: Option<NaiveDate>) -> &mut Self {
        if let Kolom::Tanggal(v) = &mut self.kolom[self.di] {
            v.push(nilai.and_then(|t| i32::try_from((t - NaiveDate::default()).num_days()).ok()));
        }
        self.maju()
    }

    /// A yes or no.
    pub fn logika(&mut self, nilai: bool) -> &mut Self {
        if let Kolom::Logika(v) = &mut self.kolom[self.di] {
            v.push(Some(nilai));
        }
        self.maju()
    }

    fn maju(&mut self) -> &mut Self {
        self.di += 1;
        self
    }

    /// Ends a row; cells that were not given are NULL.
    pub fn akhiri(&mut self) -> Result<(), SampleError> {
        debug_assert_eq!(self.di, self.nama.len());
        self.di = 0;
        self.baris += 1;
        if self.baris >= BATCH { self.kirim() } else { Ok(()) }
    }

    fn kirim(&mut self) -> Result<(), SampleError> {
        let penuh = std::mem::replace(&mut self.kolom, kosong(self.nama));
        let columns = penuh
            .into_iter()
            .zip(self.nama)
            .map(|(k, (n, j))| series(k, n, *j))
            .collect::<PolarsResult<Vec<Column>>>()?;
        self.tulis.write_batch(&DataFrame::new(self.baris, columns)?)?;
        self.baris = 0;
        Ok(())
    }

    /// Writes what is left and closes the file.
    pub fn selesai(mut self) -> Result<(), SampleError> {
        if self.baris > 0 {
            self.kirim()?;
        }
        self.tulis.finish()?;
        Ok(())
    }
}

fn dtype(jenis: Jenis) -> DataType {
    match jenis {
        Jenis::Teks => DataType::String,
        Jenis::Angka => DataType::Int64,
        Jenis::Tanggal => DataType::Date,
        Jenis::Logika => DataType::Boolean,
    }
}

fn kosong(nama: &[(&str, Jenis)]) -> Vec<Kolom> {
    let baru = |jenis: Jenis| match jenis {
        Jenis::Teks => Kolom::Teks(Vec::new()),
        Jenis::Angka => Kolom::Angka(Vec::new()),
        Jenis::Tanggal => Kolom::Tanggal(Vec::new()),
        Jenis::Logika => Kolom::Logika(Vec::new()),
    };
    nama.iter().map(|(_, j)| baru(*j)).collect()
}

fn series(kolom: Kolom, nama: &str, jenis: Jenis) -> PolarsResult<Column> {
    let nama: PlSmallStr = nama.into();
    let s = match kolom {
        Kolom::Teks(v) => StringChunked::from_iter_options(nama, v.iter().map(|t| t.as_deref())).into_series(),
        Kolom::Angka(v) => Series::new(nama, v),
        Kolom::Tanggal(v) => Series::new(nama, v).cast(&dtype(jenis))?,
        Kolom::Logika(v) => Series::new(nama, v),
    };
    Ok(s.into_column())
}

/// Columns of the table of planted faults.
pub const KESALAHAN: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("anggota", Jenis::Teks),
    ("lembar", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("kolom", Jenis::Teks),
    ("jenis", Jenis::Teks),
];

/// The planted faults of one file.
pub struct Kesalahan {
    tabel: Tabel,
    berkas: String,
    /// Member of the zip or sheet of the workbook that is being written.
    pub anggota: Option<String>,
    pub lembar: Option<String>,
    antre: Vec<(&'static str, &'static str)>,
    pub banyak: u64,
}

impl Kesalahan {
    /// The faults of `berkas`.
    pub fn new(path: &Path, berkas: &str) -> Result<Self, SampleError> {
        Ok(Self {
            tabel: Tabel::new(path, KESALAHAN)?,
            berkas: berkas.to_owned(),
            anggota: None,
            lembar: None,
            antre: Vec::new(),
            banyak: 0,
        })
    }

    /// Notes a fault of the row in the making; an empty kind is none.
    pub fn catat(&mut self, kolom: &'static str, jenis: &'static str) {
        if !jenis.is_empty() {
            self.antre.push((kolom, jenis));
        }
    }

    /// The row went to this line.
    pub fn di_baris(&mut self, baris: u64) -> Result<(), SampleError> {
        for (kolom, jenis) in std::mem::take(&mut self.antre) {
            self.banyak += 1;
            let t = &mut self.tabel;
            t.teks(Some(&self.berkas))
                .teks(self.anggota.as_deref())
                .teks(self.lembar.as_deref());
            t.angka(i64::try_from(baris).ok())
                .teks(Some(kolom))
                .teks(Some(jenis))
                .akhiri()?;
        }
        Ok(())
    }

    /// Closes the table.
    pub fn selesai(self) -> Result<(), SampleError> {
        self.tabel.selesai()
    }
}
