//! How the fields of a row are filled in, with their dirt, and what a correct reading makes of them.

use super::atribut;
use super::dunia::{Dunia, RumahTangga};
use super::kode::Daftar;
use super::noda::pilih;
use super::rng::Rng;
use super::sel::Sel;
use super::tempat::{Tempat, judul};
use std::fmt::Write as _;

/// Rates of faults that concern a whole row of a DTKS file.
pub const NODA_BARIS: [(&str, f64); 10] = [
    ("kolom_kurang", 0.0008),
    ("kolom_lebih", 0.0005),
    ("kutip_terbuka", 0.0003),
    ("tanpa_id", 0.0005),
    ("pemisah_lebih", 0.001),
    ("baris_kosong", 0.0006),
    ("ganda_persis", 0.0015),
    ("ganda_kurang_lengkap", 0.0015),
    ("baris_baru_dalam_sel", 0.0015),
    ("kutip_dalam_sel", 0.001),
];
/// Rates of faults in one coded cell of a row, which cell by chance.
const NODA_KODE: [(&str, f64); 8] = [
    ("kode_tak_dikenal", 0.002),
    ("nol", 0.002),
    ("teks_tak_dikenal", 0.001),
    ("kode_pecahan", 0.003),
    ("kode_34_di_kolom_12", 0.001),
    ("label", 0.004),
    ("nomor_label", 0.002),
    ("kata_null", 0.003),
];
/// A household without its row, or a row without its people.
const NODA_PASANGAN: [(&str, f64); 2] = [("art_tanpa_rt", 0.0015), ("rt_tanpa_art", 0.0015)];

/// The texts of one row of a DTKS file, used again for every row.
#[derive(Default)]
pub struct Konsep {
    pub tempat: Tempat,
    pub kode: Vec<u8>,
    /// Number of the coded cell that is spoilt, and how.
    pub rusak: Option<(usize, &'static str)>,
    pub nik: String,
    pub kk: String,
    pub nama: String,
    pub lahir: String,
    pub tempat_lahir: &'static str,
    pub percentile: String,
    pub alamat: String,
    pub nuk: bool,
    /// The fault of the whole row.
    pub noda: &'static str,
    pub bits: u64,
}

impl Konsep {
    /// Empties the texts.
    pub fn bersihkan(&mut self) {
        for teks in [
            &mut self.nik,
            &mut self.kk,
            &mut self.nama,
            &mut self.lahir,
            &mut self.percentile,
            &mut self.alamat,
        ] {
            teks.clear();
        }
    }
}

/// The mismatch between the two files that household `h` shows in periode `p`.
pub fn pasangan(d: &Dunia, p: usize, h: u32) -> &'static str {
    pilih(
        &mut Rng::new(&[d.seed, 12, p as u64, u64::from(h)]),
        &NODA_PASANGAN,
        d.kotor,
    )
}

/// The answers of a household to the questions of [`atribut::RUMAH`].
pub fn jawaban(rt: &RumahTangga, p: usize) -> [u8; atribut::RUMAH.len()] {
    // Houses change slowly: the answers of 2018 stand until the re-survey of 2020.
    let mut rng = Rng::new(&[rt.bits, 4, u64::from(p >= 3)]);
    std::array::from_fn(|i| rng.pick(atribut::RUMAH[i].kode))
}

/// Which coded cell of a row is spoilt, and how; only where the outcome is clear.
pub fn rusak(
    rng: &mut Rng,
    daftar: &[Daftar],
    kode: &[u8],
    kolom: &[Sel],
    kotor: f64,
) -> Option<(usize, &'static str)> {
    let noda = pilih(rng, &NODA_KODE, kotor);
    let i = rng.below(u32::try_from(daftar.len()).unwrap_or(1)) as usize;
    if noda.is_empty() || !kolom.contains(&Sel::Kode(i)) {
        return None;
    }
    let satu_dua = is_flag(daftar[i].nama);
    (noda != "kode_34_di_kolom_12" || satu_dua && matches!(kode[i], 1 | 2)).then_some((i, noda))
}

fn is_flag(nama: &str) -> bool {
    matches!(
        nama,
        "Ada_kks"
            | "Ada_pbi"
            | "Ada_kip"
            | "Ada_pkh"
            | "Ada_rastra"
            | "ada_ac"
            | "ada_emas"
            | "ada_mobil"
            | "ada_sepeda"
            | "ada_kapal"
    )
}

/// The code that a correct reading finds in cell `i`; None where it finds none.
pub fn efek(rusak: Option<(usize, &'static str)>, i: usize, kode: u8, daftar: &Daftar) -> Option<u8> {
    let nol = if daftar.punya_nol() { Some(0) } else { None };
    match rusak.filter(|(n, _)| *n == i).map(|(_, noda)| noda) {
        Some("kode_tak_dikenal") => Some(88),
        Some("nol") => nol,
        Some("teks_tak_dikenal" | "kata_null") => None,
        Some("kode_34_di_kolom_12") => Some(kode + 2),
        _ if kode == 0 => nol,
        _ => Some(kode),
    }
}

/// An address as people write it.
pub fn tulis_alamat(rng: &mut Rng, rumah: &RumahTangga, out: &mut String) {
    let (dusun, rt, rw) = (rumah.dusun, rumah.rt, rumah.rw);
    out.clear();
    let _ = match rng.below(5) {
        0 => write!(out, "DUSUN {dusun} RT {rt:02} RW {rw:02}"),
        1 => write!(out, "DSN. {dusun} RT.{rt}/RW.{rw}"),
        2 => write!(out, "RT {rt:03}/{rw:03} DK. {dusun}"),
        3 => write!(out, "{dusun}, RT {rt} RW {rw}"),
        _ => write!(out, "RT {rt} RW {rw} {dusun}"),
    };
}

/// An address cell that needs quotes: a line break in it, or quotes of its own.
pub fn hias_alamat(noda: &str, alamat: &mut String) {
    match noda {
        "baris_baru_dalam_sel" => alamat.push_str("\nSELATAN BALAI DESA"),
        "kutip_dalam_sel" => alamat.push_str(" GANG \"MELATI\""),
        _ => {}
    }
}

/// Rates of dirt in the names of people; the cleaned name stays the same.
const NODA_NAMA: [(&str, f64); 5] = [
    ("huruf_kecil", 0.02),
    ("spasi_ganda", 0.01),
    ("tanda_baca", 0.004),
    ("spasi_tepi", 0.01),
    ("alm", 0.002),
];

/// Appends a name; `(ALM)` at its end is the only fault that stays in the cleaned name, see [`nama_benar`].
pub fn tulis_nama(rng: &mut Rng, nama: &str, kotor: f64, out: &mut String) -> &'static str {
    let noda = match pilih(rng, &NODA_NAMA, kotor) {
        "spasi_ganda" if !nama.contains(' ') => "",
        noda => noda,
    };
    match noda {
        "huruf_kecil" => out.push_str(&judul(nama)),
        "spasi_ganda" => out.push_str(&nama.replace(' ', "  ")),
        "tanda_baca" => drop(write!(out, ".{nama},")),
        "spasi_tepi" => drop(write!(out, " {nama}  ")),
        "alm" => drop(write!(out, "{nama} (ALM)")),
        _ => out.push_str(nama),
    }
    noda
}

/// The name that a correct reading gives.
pub fn nama_benar(nama: &str, noda: &str) -> String {
    if noda == "alm" {
        format!("{nama} (ALM)")
    } else {
        nama.to_owned()
    }
}

const NODA_PERCENTILE: [(&str, f64); 5] = [
    ("desimal_nol", 0.004),
    ("pecahan", 0.003),
    ("nol", 0.002),
    ("di_atas_100", 0.0015),
    ("negatif", 0.001),
];

/// Writes a percentile and returns what it is to be read as.
pub fn tulis_percentile(rng: &mut Rng, nilai: Option<u8>, kotor: f64, out: &mut String) -> (Option<u8>, &'static str) {
    out.clear();
    let noda = pilih(rng, &NODA_PERCENTILE, kotor);
    let Some(n) = nilai else {
        out.push_str(rng.pick(&["", "NULL", "-"]));
        return (None, "percentile_kosong");
    };
    let _ = match noda {
        "desimal_nol" => write!(out, "{n}.0"),
        "pecahan" => write!(out, "{},5", n - 1),
        "nol" => {
            out.push('0');
            return (Some(0), noda);
        }
        "di_atas_100" => {
            out.push_str("101");
            return (None, noda);
        }
        "negatif" => {
            out.push_str("-5");
            return (None, noda);
        }
        _ => write!(out, "{n}"),
    };
    (Some(n), noda)
}

/// The desil of a percentile.
pub fn desil(percentile: Option<u8>) -> Option<u8> {
    percentile.map(|n| n.div_ceil(10).max(1))
}
