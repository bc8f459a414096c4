//! What the truth says of the rows of the DTKS files.

use super::SampleError;
use super::dunia::LABEL;
use super::noda::Nomor;
use super::truth::{Jenis, Tabel};
use super::wilayah::Wilayah;
use chrono::NaiveDate;

/// Columns of the truth of the household files.
pub const TRUTH_RT: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("anggota", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("nasib", Jenis::Teks),
    ("periode", Jenis::Teks),
    ("id_dtks", Jenis::Teks),
    ("nama_krt", Jenis::Teks),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
    ("percentile", Jenis::Angka),
    ("desil", Jenis::Angka),
];
/// Columns of the truth of the person files.
pub const TRUTH_ART: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("anggota", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("nasib", Jenis::Teks),
    ("periode", Jenis::Teks),
    ("id_art", Jenis::Teks),
    ("id_dtks", Jenis::Teks),
    ("nik", Jenis::Teks),
    ("status_nik", Jenis::Teks),
    ("no_kk", Jenis::Teks),
    ("status_kk", Jenis::Teks),
    ("nama", Jenis::Teks),
    ("jenis_kelamin", Jenis::Teks),
    ("tanggal_lahir", Jenis::Tanggal),
    ("punya_wilayah", Jenis::Logika),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
    ("kode_hubungan_krt", Jenis::Angka),
    ("nomor_urut_keluarga", Jenis::Angka),
    ("kode_cacat", Jenis::Angka),
    ("kode_keberadaan", Jenis::Angka),
    ("penerima_kks", Jenis::Logika),
    ("penerima_kis", Jenis::Logika),
    ("penerima_kip", Jenis::Logika),
    ("penerima_pkh", Jenis::Logika),
    ("penerima_bpnt", Jenis::Logika),
];

/// Where a row stands, and what becomes of it.
pub struct Letak<'a> {
    pub wilayah: &'a Wilayah,
    pub p: usize,
    pub berkas: &'a str,
    pub anggota: &'a str,
    pub nomor: u64,
    pub nasib: &'static str,
}

/// The clean values of a row.
pub trait Benar: Clone {
    /// Adds the row to the truth.
    fn catat(&self, t: &mut Tabel, letak: &Letak) -> Result<(), SampleError>;
}

/// Clean values of a household row.
#[derive(Clone)]
pub struct BenarRt {
    pub id: u64,
    pub nama: String,
    pub tempat: (Option<usize>, Option<usize>),
    pub percentile: Option<u8>,
    pub desil: Option<u8>,
}

/// Clean values of a person row.
#[derive(Clone)]
pub struct BenarArt {
    /// The id, or the NIK that stands in for it.
    pub id_art: Result<u64, u64>,
    pub id: u64,
    pub nik: Nomor,
    pub kk: Nomor,
    pub nama: String,
    pub kelamin: Option<u8>,
    pub lahir: Option<NaiveDate>,
    pub punya_tempat: bool,
    pub tempat: (Option<usize>, Option<usize>),
    pub hub: Option<u8>,
    pub nuk: Option<u8>,
    pub cacat: Option<u8>,
    pub keberadaan: Option<u8>,
    pub flag: [bool; 5],
}

impl Letak<'_> {
    fn catat(&self, t: &mut Tabel) {
        t.teks(Some(self.berkas))
            .teks(Some(self.anggota))
            .angka(i64::try_from(self.nomor).ok());
        t.teks(Some(self.nasib)).teks(Some(LABEL[self.p]));
    }

    fn tempat(&self, t: &mut Tabel, tempat: (Option<usize>, Option<usize>)) {
        t.teks(tempat.0.map(|k| self.wilayah.kecamatan[k].kode.as_str()));
        t.teks(tempat.1.map(|d| self.wilayah.desa[d].kode.as_str()));
    }
}

impl Benar for BenarRt {
    fn catat(&self, t: &mut Tabel, letak: &Letak) -> Result<(), SampleError> {
        letak.catat(t);
        t.nomor(Some(self.id)).teks(Some(&self.nama));
        letak.tempat(t, self.tempat);
        t.angka(self.percentile.map(i64::from))
            .angka(self.desil.map(i64::from))
            .akhiri()
    }
}

impl Benar for BenarArt {
    fn catat(&self, t: &mut Tabel, letak: &Letak) -> Result<(), SampleError> {
        letak.catat(t);
        match self.id_art {
            Ok(id) => t.nomor(Some(id)),
            Err(nik) => t.teks(Some(&format!("NIK{nik}"))),
        };
        t.nomor(Some(self.id))
            .nomor(self.nik.bersih)
            .teks(Some(self.nik.status))
            .nomor(self.kk.bersih)
            .teks(Some(self.kk.status));
        t.teks(Some(&self.nama))
            .teks(self.kelamin.map(|k| if k == 1 { "LAKI-LAKI" } else { "PEREMPUAN" }))
            .tanggal(self.lahir);
        t.logika(self.punya_tempat);
        letak.tempat(t, self.tempat);
        for n in [self.hub, self.nuk, self.cacat, self.keberadaan] {
            t.angka(n.map(i64::from));
        }
        for ya in self.flag {
            t.logika(ya);
        }
        t.akhiri()
    }
}
