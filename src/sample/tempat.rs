//! How a file tells a place: codes in pieces, whole codes, dotted codes or names, each with its own dirt.

use super::noda::pilih;
use super::rng::Rng;
use super::wilayah::{Desa, Wilayah};
use std::fmt::Write as _;

/// The manner of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum GayaTempat {
    /// `35, 3, 10, 1`
    Lepas,
    /// `35, 03, 010, 001`
    Pecahan,
    /// KDDESA holds all ten digits; names stand beside the codes, and alone in a few rows
    Penuh,
    /// `35.03.01.2001`, a Kemendagri code
    Titik,
    /// names only
    Nama,
}

/// The cells of one row, and the place that they tell.
#[derive(Default)]
pub struct Tempat {
    pub prop: String,
    pub kab: String,
    pub kec: String,
    pub desa: String,
    pub gabungan: String,
    pub nama_kab: String,
    pub nama_kec: String,
    pub nama_desa: String,
    /// Numbers of the kecamatan and the desa, where they can be told.
    pub benar: (Option<usize>, Option<usize>),
    pub noda: &'static str,
}

const NODA_KODE: [(&str, f64); 3] = [
    ("kode_desa_tak_dikenal", 0.002),
    ("kode_kecamatan_tak_dikenal", 0.001),
    ("kode_kosong", 0.004),
];
/// Rates of dirt in the names of places; the first six can still be told.
pub const NODA_NAMA: [(&str, f64); 9] = [
    ("awalan", 0.04),
    ("huruf_kecil", 0.02),
    ("nama_terpisah", 0.012),
    ("salah_ketik_desa", 0.01),
    ("salah_ketik_kecamatan", 0.008),
    ("tanda_baca", 0.005),
    ("desa_tak_dikenal", 0.003),
    ("desa_kecamatan_lain", 0.003),
    ("tempat_kosong", 0.003),
];

impl Tempat {
    /// Fills the cells for desa number `d`.
    pub fn tulis(&mut self, rng: &mut Rng, w: &Wilayah, d: usize, gaya: GayaTempat, kotor: f64) {
        self.bersihkan();
        let desa = &w.desa[d];
        self.benar = (Some(desa.kecamatan), Some(d));
        match gaya {
            GayaTempat::Nama => self.nama(rng, w, d, kotor),
            GayaTempat::Titik => {
                let k = &desa.kemendagri;
                let _ = write!(self.gabungan, "{}.{}.{}.{}", &k[..2], &k[2..4], &k[4..6], &k[6..]);
            }
            GayaTempat::Lepas | GayaTempat::Pecahan | GayaTempat::Penuh => self.kode(rng, w, d, gaya, kotor),
        }
    }

    fn kode(&mut self, rng: &mut Rng, w: &Wilayah, d: usize, gaya: GayaTempat, kotor: f64) {
        let desa = &w.desa[d];
        let noda = pilih(rng, &NODA_KODE, kotor);
        let (mut kec, mut nomor) = (&desa.kode[4..7], &desa.kode[7..]);
        self.noda = noda;
        match noda {
            "kode_desa_tak_dikenal" => {
                nomor = "899";
                self.benar.1 = None;
            }
            "kode_kecamatan_tak_dikenal" => {
                kec = "990";
                self.benar = (None, None);
            }
            "kode_kosong" if gaya == GayaTempat::Penuh => {
                self.nama_resmi(w, desa);
                return;
            }
            "kode_kosong" => {
                self.benar = (None, None);
                return;
            }
            _ => {}
        }
        if gaya == GayaTempat::Lepas {
            self.prop.push_str(&desa.kode[..2]);
            self.kab.push_str(desa.kode[2..4].trim_start_matches('0'));
            self.kec.push_str(kec.trim_start_matches('0'));
            self.desa.push_str(nomor.trim_start_matches('0'));
        } else {
            self.prop.push_str(&desa.kode[..2]);
            self.kab.push_str(&desa.kode[2..4]);
            self.kec.push_str(kec);
            if gaya == GayaTempat::Penuh {
                let _ = write!(self.desa, "{}{kec}", &desa.kode[..4]);
                if noda.is_empty() {
                    self.nama_resmi(w, desa);
                }
            }
            self.desa.push_str(nomor);
        }
        let _ = write!(self.gabungan, "{}{kec}{nomor}", &desa.kode[..4]);
    }

    fn nama_resmi(&mut self, w: &Wilayah, desa: &Desa) {
        let _ = write!(self.nama_kab, "{}", w.nama_kabupaten);
        self.nama_kec.push_str(&w.kecamatan[desa.kecamatan].nama);
        self.nama_desa.push_str(&desa.nama);
    }

    /// Names, with the dirt of typed lists.
    pub fn nama(&mut self, rng: &mut Rng, w: &Wilayah, d: usize, kotor: f64) {
        let desa = &w.desa[d];
        let kecamatan = &w.kecamatan[desa.kecamatan];
        self.nama_resmi(w, desa);
        self.noda = pilih(rng, &NODA_NAMA, kotor);
        match self.noda {
            "awalan" => {
                let kec = if rng.chance(0.5) { "KEC. " } else { "KECAMATAN " };
                self.nama_kec.insert_str(0, kec);
                self.nama_desa.insert_str(
                    0,
                    if desa.kelurahan {
                        "KEL. "
                    } else {
                        rng.pick(&["DESA ", "DS. "])
                    },
                );
                self.nama_kab
                    .insert_str(0, if rng.chance(0.5) { "KAB. " } else { "KABUPATEN " });
            }
            "huruf_kecil" => {
                self.nama_kec = judul(&self.nama_kec);
                self.nama_desa = self.nama_desa.to_lowercase();
            }
            "nama_terpisah" if desa.nama.len() >= 8 && !desa.nama.contains(' ') => self.nama_desa.insert(4, ' '),
            "tanda_baca" => {
                self.nama_desa.push('.');
                self.nama_kec.insert(0, ' ');
            }
            "salah_ketik_desa" => match &desa.salah_ketik {
                Some(salah) => self.nama_desa.clone_from(salah),
                None => self.noda = "",
            },
            "salah_ketik_kecamatan" => match &kecamatan.salah_ketik {
                Some(salah) => self.nama_kec.clone_from(salah),
                None => self.noda = "",
            },
            "desa_tak_dikenal" => {
                "LUAR WILAYAH".clone_into(&mut self.nama_desa);
                self.benar.1 = None;
            }
            "desa_kecamatan_lain" => {
                self.nama_desa.clone_from(&desa.asing);
                self.benar.1 = None;
            }
            "tempat_kosong" => {
                self.nama_desa.clear();
                self.nama_kec.clear();
                self.benar = (None, None);
            }
            _ => self.noda = "",
        }
    }

    /// Cells of a place outside the district.
    pub fn luar(&mut self, kabupaten: &str, kecamatan: &str, desa: &str) {
        self.bersihkan();
        self.nama_kab.push_str(kabupaten);
        self.nama_kec.push_str(kecamatan);
        self.nama_desa.push_str(desa);
        self.noda = "luar_kabupaten";
    }

    /// Empties the cells.
    pub fn bersihkan(&mut self) {
        for cell in [
            &mut self.prop,
            &mut self.kab,
            &mut self.kec,
            &mut self.desa,
            &mut self.gabungan,
            &mut self.nama_kab,
            &mut self.nama_kec,
            &mut self.nama_desa,
        ] {
            cell.clear();
        }
        self.benar = (None, None);
        self.noda = "";
    }
}

/// The first letter of each word large, the others small.
pub fn judul(teks: &str) -> String {
    let mut awal = true;
    teks.chars()
        .map(|c| {
            let c = if awal { c } else { c.to_ascii_lowercase() };
            awal = c == ' ';
            c
        })
        .collect()
}
