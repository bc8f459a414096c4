//! The made-up world: households, families and people, and what becomes of them over the five periods.
//!
//! A household is a pure function of the seed and its number, so any part of the world can be made again at any
//! time: nothing is kept in memory, and every file is written in one pass.

use super::nama;
use super::rng::Rng;
use super::wilayah::Wilayah;
use chrono::{Datelike, NaiveDate};

/// Number of periods.
pub const PERIODE: usize = 5;

/// Last days of the months of the five periods.
pub const AKHIR: [(i32, u32, u32); PERIODE] = [
    (2018, 5, 31),
    (2019, 7, 31),
    (2019, 10, 31),
    (2020, 1, 31),
    (2020, 10, 31),
];
/// The periods as the marts write them.
pub const LABEL: [&str; PERIODE] = ["2018-05", "2019-07", "2019-10", "2020-01", "2020-10"];

/// Everything that decides the world.
pub struct Dunia {
    pub seed: u64,
    pub semua: u32,
    pub kotor: f64,
    pub wilayah: Wilayah,
    mulai: Vec<u32>,
}

/// A family with one KK, and the programs that it is in.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether the family is in one program"
)]
pub struct Keluarga {
    pub kk: u64,
    /// Stands on the KK of the first family until the third periode.
    pub pecah: bool,
    pub pkh: bool,
    pub sembako: bool,
    pub bst: bool,
    pub kpe: bool,
}

/// A person of a household.
pub struct Orang {
    pub no: u8,
    pub kel: u8,
    pub laki: bool,
    pub lahir: NaiveDate,
    pub nama: String,
    pub tempat: &'static str,
    pub nik: u64,
    pub hub_krt: u8,
    pub hubkel: u8,
    pub kawin: u8,
    pub cacat: u8,
    pub penyakit: u8,
    pub kis: bool,
    /// Number of the first periode after the death; beyond the last periode for the living.
    pub mati: u8,
    pub tercatat_mati: bool,
    pub bits: u64,
}

/// A household of DTKS.
pub struct RumahTangga {
    pub h: u32,
    pub id: u64,
    pub desa: usize,
    /// From this periode on, it lives in that desa.
    pub pindah: Option<(u8, usize)>,
    pub hadir: u8,
    pub percentile: [Option<u8>; PERIODE],
    pub keluarga: Vec<Keluarga>,
    pub orang: Vec<Orang>,
    pub dusun: &'static str,
    pub rt: u8,
    pub rw: u8,
    pub bits: u64,
}

impl RumahTangga {
    /// Whether it stands in DTKS in periode `p`.
    pub fn ada(&self, p: usize) -> bool {
        self.hadir >> p & 1 == 1
    }

    /// The desa where it lives in periode `p`.
    pub fn desa_pada(&self, p: usize) -> usize {
        match self.pindah {
            Some((sejak, desa)) if p >= usize::from(sejak) => desa,
            _ => self.desa,
        }
    }

    /// The KK number of family `kel` (from 1) in periode `p`.
    pub fn kk_pada(&self, kel: u8, p: usize) -> u64 {
        let k = &self.keluarga[usize::from(kel) - 1];
        if k.pecah && p < 2 { self.keluarga[0].kk } else { k.kk }
    }

    /// The id of a person of this household.
    pub fn id_art(&self, no: u8) -> u64 {
        self.id * 100 + u64::from(no)
    }
}

impl Orang {
    /// Whether the person stands in DTKS in periode `p`, and whether as dead.
    pub fn tercatat(&self, p: usize) -> Option<bool> {
        if self.lahir > akhir(p) {
            return None;
        }
        let mati = p >= usize::from(self.mati);
        match (mati, self.tercatat_mati) {
            (false, _) => Some(false),
            (true, true) => Some(true),
            (true, false) => None,
        }
    }

    /// Whole years at the end of periode `p`.
    pub fn umur(&self, p: usize) -> i32 {
        umur(self.lahir, akhir(p))
    }
}

/// Last day of periode `p`.
pub fn akhir(p: usize) -> NaiveDate {
    let (y, m, d) = AKHIR[p];
    tanggal(y, m, d)
}

/// A date; the first of January where the day does not exist.
pub fn tanggal(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d)
        .or_else(|| NaiveDate::from_ymd_opt(y, 1, 1))
        .unwrap_or_default()
}

/// Whole years from birth to a day.
pub fn umur(lahir: NaiveDate, pada: NaiveDate) -> i32 {
    let belum = (pada.month(), pada.day()) < (lahir.month(), lahir.day());
    pada.year() - lahir.year() - i32::from(belum)
}

/// The 16 digits that start with a kecamatan, carry a date and end in a serial number.
pub fn nomor(kecamatan: u32, lahir: NaiveDate, tambah: u32, seri: u32) -> u64 {
    let hari = u64::from(lahir.day() + tambah);
    let tahun = u64::try_from(lahir.year() % 100).unwrap_or(0);
    ((u64::from(kecamatan) * 100 + hari) * 10_000 + u64::from(lahir.month()) * 100 + tahun) * 10_000 + u64::from(seri)
}

impl Dunia {
    /// A world of `semua` households that ever stand in DTKS.
    pub fn new(seed: u64, semua: u32, kotor: f64, wilayah: Wilayah) -> Self {
        let mulai = wilayah.mulai(semua);
        Self {
            seed,
            semua,
            kotor,
            wilayah,
            mulai,
        }
    }

    /// Household number `h`.
    pub fn rumah_tangga(&self, h: u32) -> RumahTangga {
        let mut rng = Rng::new(&[self.seed, 1, u64::from(h)]);
        let desa = self.mulai.partition_point(|m| *m <= h).saturating_sub(1);
        let seri = h - self.mulai[desa];
        let dasar: u64 = self.wilayah.desa[desa].kode.parse().unwrap_or(0);
        let pindah = rng.chance(0.012).then(|| {
            (
                1 + rng.below(4) as u8,
                rng.below(self.wilayah.desa.len() as u32) as usize,
            )
        });
        let mut rt = RumahTangga {
            h,
            id: dasar * 1_000_000 + u64::from(seri) + 1,
            desa,
            pindah,
            hadir: hadir(&mut rng),
            percentile: percentile(&mut rng),
            keluarga: Vec::new(),
            orang: Vec::new(),
            dusun: nama::dusun(&mut rng),
            rt: 1 + rng.below(28) as u8,
            rw: 1 + rng.below(9) as u8,
            bits: rng.next(),
        };
        let banyak = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3][rng.below(20) as usize];
        self.keluarga_pertama(&mut rng, &mut rt);
        for kel in 2..=banyak {
            self.keluarga_muda(&mut rng, &mut rt, kel);
        }
        rt
    }

    /// Numbers of the households that were registered in a kecamatan.
    pub fn rumah_di_kecamatan(&self, kecamatan: usize) -> std::ops::Range<u32> {
        let milik = |d: &usize| self.wilayah.desa[*d].kecamatan == kecamatan;
        let awal = (0..self.wilayah.desa.len()).find(milik).unwrap_or(0);
        let lewat = (awal..self.wilayah.desa.len()).find(|d| !milik(d));
        self.mulai[awal]..lewat.map_or(self.semua, |d| self.mulai[d])
    }

    /// A person outside DTKS, number `n`: the holder of a KK of one.
    pub fn orang_luar(&self, n: u32) -> (Orang, u64, usize) {
        let mut rng = Rng::new(&[self.seed, 2, u64::from(n)]);
        let desa = rng.below(self.wilayah.desa.len() as u32) as usize;
        let laki = rng.chance(0.6);
        let umur = rng.between(21, 70);
        let orang = self.orang(&mut rng, desa, 1, laki, umur, 1, 1, 2);
        let kk = self.kk(&mut rng, desa);
        (orang, kk, desa)
    }
}

/// In which periods a household stands: most stay, some leave, come, leave and come back, or are seen once.
fn hadir(rng: &mut Rng) -> u8 {
    const TETAP: u8 = 0b11111;
    const LAIN: [u8; 22] = [
        0b00001, 0b00011, 0b00111, 0b01111, 0b01111, 0b00111, 0b11110, 0b11100, 0b11000, 0b10000, 0b11110, 0b11100,
        0b11000, 0b11011, 0b10111, 0b11101, 0b10011, 0b10001, 0b00100, 0b00010, 0b01000, 0b01100,
    ];
    if rng.chance(0.62) { TETAP } else { rng.pick(&LAIN) }
}

fn percentile(rng: &mut Rng) -> [Option<u8>; PERIODE] {
    let awal = rng.below(100);
    let mut kini = match awal {
        0..90 => rng.between(1, 40),
        _ => rng.between(41, 62),
    };
    let mut hasil = [None; PERIODE];
    for nilai in &mut hasil {
        match rng.below(100) {
            0..55 => {}
            55..78 => kini += rng.between(1, 12),
            _ => kini -= rng.between(1, 12),
        }
        kini = kini.clamp(1, 100);
        *nilai = if rng.chance(0.03) {
            None
        } else {
            u8::try_from(kini).ok()
        };
    }
    hasil
}
