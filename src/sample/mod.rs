//! Fictitious raw files in the real shapes and names, with the truth they were made from.

mod atribut;
mod csv_zip;
mod daftar;
mod disabilitas;
mod dtks;
mod dtks_truth;
mod dunia;
mod isian;
mod keluarga;
mod kode;
mod kpe;
mod lembar;
mod nama;
mod noda;
mod penerima;
mod periode;
mod program;
mod provinsi;
mod rng;
mod sel;
mod tanggal;
mod tempat;
mod truth;
mod usulan;
mod wilayah;

use dtks::{Neraca, Tujuan};
use dunia::Dunia;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use truth::{Kesalahan, Tabel};
use wilayah::Wilayah;

pub use provinsi::MOST_DISTRICTS;

/// What to make.
#[derive(Debug, Clone)]
pub struct SampleOptions {
    /// Households in a periode, about; a quarter more ever stand in DTKS.
    pub rumah_tangga: u32,
    /// The same seed and size give the same bytes.
    pub seed: u64,
    /// Folder that gets `raw` and `truth`.
    pub out: PathBuf,
    /// Factor on every rate of dirt: 1.0 as documented, 0.0 clean files.
    pub kotor: f64,
    /// BPS code of the district, four digits.
    pub kabupaten: String,
    /// A province of so many districts instead, each in a folder of its own under `raw`; see [`MOST_DISTRICTS`].
    pub banyak_kabupaten: Option<u32>,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self {
            rumah_tangga: 1500,
            seed: 3503,
            out: PathBuf::from("sample"),
            kotor: 1.0,
            kabupaten: "3503".to_owned(),
            banyak_kabupaten: None,
        }
    }
}

/// What was made.
#[derive(Debug, Clone, Default)]
pub struct SampleReport {
    /// Files under `raw`.
    pub files: usize,
    /// Rows that hold a record, over all files.
    pub rows: u64,
    /// Faults that were planted.
    pub faults: u64,
}

/// Why a sample could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The number of households is out of range.
    #[error("`--rumah-tangga {0}` is out of range; give a number from 10 to 700000")]
    Size(u32),
    /// The number of districts is out of range.
    #[error("`--kabupaten {0}` is out of range; the province has {MOST_DISTRICTS} districts")]
    Districts(u32),
    /// A file could not be written.
    #[error("failed to write the sample")]
    Io(#[from] std::io::Error),
    /// A zip could not be written.
    #[error("failed to write a zip of the sample")]
    Zip(#[from] zip::result::ZipError),
    /// A workbook could not be written.
    #[error("failed to write a workbook of the sample")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A Parquet file of the truth could not be written.
    #[error("failed to write the truth of the sample")]
    Truth(#[from] polars::error::PolarsError),
    /// The built-in reference is broken.
    #[error("failed to read the built-in reference of places")]
    Reference(#[source] csv::Error),
    /// The built-in reference lacks a code list.
    #[error("the built-in reference has no code list `{0}`")]
    UnknownCodeList(&'static str),
    /// The built-in reference lacks the district.
    #[error("the built-in reference has no places of district `{0}`; try 3503")]
    UnknownDistrict(String),
}

/// Writes the raw files and their truth.
///
/// # Errors
/// [`SampleError`] where a file cannot be written.
pub fn generate(options: &SampleOptions) -> Result<SampleReport, SampleError> {
    if !(10..=700_000).contains(&options.rumah_tangga) {
        return Err(SampleError::Size(options.rumah_tangga));
    }
    match options.banyak_kabupaten {
        None => kabupaten(options, Wilayah::baca(&options.kabupaten)?),
        Some(banyak) => provinsi::generate(options, banyak),
    }
}

/// One district: its raw files and their truth under `options.out`.
fn kabupaten(options: &SampleOptions, wilayah: Wilayah) -> Result<SampleReport, SampleError> {
    let semua = options.rumah_tangga + options.rumah_tangga / 4;
    let dunia = Dunia::new(options.seed, semua, options.kotor, wilayah);
    fs_err::create_dir_all(options.out.join("raw"))?;
    let hasil = kerjakan(&dunia, &options.out)?;
    let mut report = SampleReport::default();
    let mut neraca = Vec::new();
    for tugas in hasil {
        report.files += 1;
        report.faults += tugas.kesalahan;
        neraca.extend(tugas.neraca);
    }
    report.rows = neraca.iter().map(|n| n.simpan + n.duplikat + n.karantina).sum();
    tulis_neraca(&options.out, &neraca)?;
    Ok(report)
}

/// What one file gave.
struct Hasil {
    neraca: Vec<Neraca>,
    kesalahan: u64,
}

/// Two files at a time: each worker takes the next one that nobody has.
fn kerjakan(dunia: &Dunia, out: &Path) -> Result<Vec<Hasil>, SampleError> {
    let banyak = periode::SEMUA.len() + DAFTAR.len();
    let berikut = AtomicUsize::new(0);
    let hasil: Vec<Mutex<Option<Result<Hasil, SampleError>>>> = (0..banyak).map(|_| Mutex::new(None)).collect();
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                loop {
                    let i = berikut.fetch_add(1, Ordering::Relaxed);
                    let Some(slot) = hasil.get(i) else { break };
                    let satu = berkas(dunia, out, i);
                    if let Ok(mut slot) = slot.lock() {
                        *slot = Some(satu);
                    }
                }
            });
        }
    });
    hasil
        .into_iter()
        .filter_map(|m| m.into_inner().ok().flatten())
        .collect()
}

/// Writes one workbook under `out` with its truth, and counts its rows and faults.
type TulisDaftar = fn(&Dunia, &Path) -> Result<(Neraca, u64), SampleError>;

const DAFTAR: [TulisDaftar; 6] = [
    program::pkh,
    program::sembako,
    program::bst,
    kpe::kpe,
    disabilitas::tulis,
    usulan::tulis,
];

/// File number `i`: the five deliveries of DTKS, then the six workbooks.
fn berkas(dunia: &Dunia, out: &Path, i: usize) -> Result<Hasil, SampleError> {
    if let Some(p) = periode::SEMUA.get(i) {
        return delivery(dunia, out, p);
    }
    let (neraca, kesalahan) = DAFTAR[i - periode::SEMUA.len()](dunia, out)?;
    Ok(Hasil {
        neraca: vec![neraca],
        kesalahan,
    })
}

fn delivery(dunia: &Dunia, out: &Path, p: &periode::Periode) -> Result<Hasil, SampleError> {
    let kode = &dunia.wilayah.kabupaten;
    let berkas = format!("{kode}{}", p.zip);
    let truth = out.join("truth");
    let file = fs_err::File::create(out.join("raw").join(&berkas))?;
    let mut zip = zip::ZipWriter::new(std::io::BufWriter::new(file));
    let mut kesalahan = Kesalahan::new(
        &truth.join("kesalahan").join(format!("dtks_{}.parquet", p.slug)),
        &berkas,
    )?;
    let folder = p.folder.replace("{kode}", kode);
    let anggota = p.akhiran.map(|a| format!("{folder}{kode}{a}"));
    let mut neraca = Vec::new();
    for (nama, art) in anggota.iter().zip([false, true]) {
        let (tabel, kolom) = if art {
            ("dtks_art", dtks_truth::TRUTH_ART)
        } else {
            ("dtks_rt", dtks_truth::TRUTH_RT)
        };
        let path = truth.join(tabel).join(format!("{}.parquet", p.slug));
        let tabel = Tabel::new(&path, kolom)?;
        let tujuan = Tujuan {
            dunia,
            periode: p,
            berkas: &berkas,
            anggota: nama,
            zip: &mut zip,
            truth: tabel,
            kesalahan: &mut kesalahan,
        };
        neraca.push(if art { dtks::art(tujuan)? } else { dtks::rt(tujuan)? });
    }
    // What Windows leaves behind stands in one of the zips.
    if p.slug == "okt19" {
        zip.start_file("Thumbs.db", csv_zip::options())?;
    }
    zip.finish()?;
    let banyak = kesalahan.banyak;
    kesalahan.selesai()?;
    Ok(Hasil {
        neraca,
        kesalahan: banyak,
    })
}

const NERACA: &[(&str, truth::Jenis)] = &[
    ("berkas", truth::Jenis::Teks),
    ("anggota", truth::Jenis::Teks),
    ("simpan", truth::Jenis::Angka),
    ("duplikat", truth::Jenis::Angka),
    ("karantina", truth::Jenis::Angka),
    ("lewati", truth::Jenis::Angka),
];

fn tulis_neraca(out: &Path, neraca: &[Neraca]) -> Result<(), SampleError> {
    let mut t = Tabel::new(&out.join("truth").join("berkas.parquet"), NERACA)?;
    for n in neraca {
        t.teks(Some(&n.berkas)).teks(n.anggota.as_deref());
        for banyak in [n.simpan, n.duplikat, n.karantina, n.lewati] {
            t.angka(i64::try_from(banyak).ok());
        }
        t.akhiri()?;
    }
    t.selesai()
}
