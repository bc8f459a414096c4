//! The places of the made-up world: the real desa of the district with both codings.

use super::SampleError;
use super::rng::Rng;

pub(super) const WILAYAH: &str = include_str!("../../reference/wilayah.csv");
pub(super) const KECAMATAN_NASIONAL: &str = include_str!("../../reference/kemendagri_kecamatan.csv");

/// A kecamatan with its two codes and its upper-case name.
pub struct Kecamatan {
    pub kode: String,
    pub kemendagri: u32,
    pub nama: String,
    pub salah_ketik: Option<String>,
}

/// A desa or kelurahan with its two codes and its upper-case name.
pub struct Desa {
    pub kode: String,
    pub kemendagri: String,
    pub nama: String,
    pub kelurahan: bool,
    pub kecamatan: usize,
    /// A misspelling that still has one closest official name within the kecamatan.
    pub salah_ketik: Option<String>,
    /// A desa name of another kecamatan that no name of this one comes near to.
    pub asing: String,
}

/// All places of one district, and the kecamatan of the country that a NIK may begin with.
pub struct Wilayah {
    pub kabupaten: String,
    pub nama_kabupaten: &'static str,
    pub desa: Vec<Desa>,
    pub kecamatan: Vec<Kecamatan>,
    pub luar: Vec<u32>,
    pub papua: Vec<u32>,
    bobot: Vec<u32>,
}

impl Wilayah {
    /// Reads the places of `kabupaten` (the BPS code of four digits) from the built-in reference.
    pub fn baca(kabupaten: &str) -> Result<Self, SampleError> {
        Self::dari(WILAYAH, kabupaten, "TRENGGALEK")
    }

    /// Reads the places of `kabupaten` with its upper-case name from a reference of places.
    pub fn dari(tabel: &str, kabupaten: &str, nama: &'static str) -> Result<Self, SampleError> {
        let mut desa = Vec::new();
        let mut kecamatan: Vec<Kecamatan> = Vec::new();
        for record in csv::Reader::from_reader(tabel.as_bytes()).records() {
            let record = record.map_err(SampleError::Reference)?;
            let cell = |i: usize| record.get(i).unwrap_or_default().to_owned();
            if !cell(0).starts_with(kabupaten) {
                continue;
            }
            let kode_kec = cell(4);
            let nomor = kecamatan.iter().position(|k| k.kode == kode_kec).unwrap_or_else(|| {
                kecamatan.push(Kecamatan {
                    kode: kode_kec.clone(),
                    kemendagri: cell(5).parse().unwrap_or(0),
                    nama: cell(6).to_uppercase(),
                    salah_ketik: None,
                });
                kecamatan.len() - 1
            });
            desa.push(Desa {
                kode: cell(0),
                kemendagri: cell(1),
                nama: cell(2).to_uppercase(),
                kelurahan: cell(3) == "kelurahan",
                kecamatan: nomor,
                salah_ketik: None,
                asing: String::new(),
            });
        }
        if desa.is_empty() {
            return Err(SampleError::UnknownDistrict(kabupaten.to_owned()));
        }
        let (luar, papua) = prefixes(kabupaten)?;
        let bobot = cumulative(desa.len());
        let mut wilayah = Self {
            kabupaten: kabupaten.to_owned(),
            nama_kabupaten: nama,
            desa,
            kecamatan,
            luar,
            papua,
            bobot,
        };
        wilayah.misspell();
        Ok(wilayah)
    }

    /// The number of the first of `semua` households in each desa: large and small ones, as in life.
    pub fn mulai(&self, semua: u32) -> Vec<u32> {
        let total = u64::from(*self.bobot.last().unwrap_or(&1));
        let sebelum = std::iter::once(0).chain(self.bobot.iter().copied());
        sebelum
            .take(self.desa.len())
            .map(|b| u32::try_from((u64::from(b) * u64::from(semua)).div_ceil(total)).unwrap_or(u32::MAX))
            .collect()
    }

    fn misspell(&mut self) {
        let names: Vec<String> = self.kecamatan.iter().map(|k| k.nama.clone()).collect();
        for k in &mut self.kecamatan {
            k.salah_ketik = doubled(&k.nama, &names);
        }
        for i in 0..self.desa.len() {
            let sendiri: Vec<String> = self
                .desa
                .iter()
                .filter(|d| d.kecamatan == self.desa[i].kecamatan)
                .map(|d| d.nama.clone())
                .collect();
            let salah = doubled(&self.desa[i].nama, &sendiri);
            let asing = self
                .desa
                .iter()
                .cycle()
                .skip(i + 40)
                .take(self.desa.len())
                .find(|d| sendiri.iter().all(|n| strsim::jaro_winkler(n, &d.nama) < 0.8))
                .map_or_else(|| "LUAR WILAYAH".to_owned(), |d| d.nama.clone());
            self.desa[i].salah_ketik = salah;
            self.desa[i].asing = asing;
        }
    }
}

/// The name with its last letter doubled, if only the right name is near to it.
fn doubled(nama: &str, semua: &[String]) -> Option<String> {
    let salah = format!("{nama}{}", nama.chars().last()?);
    let near = |n: &String| strsim::jaro_winkler(&salah, n) >= 0.9;
    (nama.len() >= 7 && strsim::jaro_winkler(&salah, nama) >= 0.95 && semua.iter().filter(|n| near(n)).count() == 1)
        .then_some(salah)
}

/// Kecamatan of the province outside the district, and those whose NIK a float cannot hold.
fn prefixes(kabupaten: &str) -> Result<(Vec<u32>, Vec<u32>), SampleError> {
    let (mut luar, mut papua) = (Vec::new(), Vec::new());
    for record in csv::Reader::from_reader(KECAMATAN_NASIONAL.as_bytes()).records() {
        let record = record.map_err(SampleError::Reference)?;
        let kode: u32 = record.get(0).unwrap_or_default().parse().unwrap_or(0);
        if kode >= 910_000 {
            papua.push(kode);
        } else if kode / 10_000 == 35 && !record.get(0).unwrap_or_default().starts_with(kabupaten) {
            luar.push(kode);
        }
    }
    Ok((luar, papua))
}

/// Skewed sizes of the desa, as sums from the first one on.
fn cumulative(n: usize) -> Vec<u32> {
    let mut sum = 0;
    (0..n as u64)
        .map(|d| {
            sum += 40 + Rng::new(&[77, d]).below(130);
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_district_is_whole_and_its_typing_errors_are_clear() -> Result<(), SampleError> {
        let w = Wilayah::baca("3503")?;
        assert_eq!((w.desa.len(), w.kecamatan.len()), (157, 14));
        assert!(w.desa.iter().filter(|d| d.salah_ketik.is_some()).count() > 60);
        for d in &w.desa {
            let dekat = w
                .desa
                .iter()
                .filter(|x| x.kecamatan == d.kecamatan && strsim::jaro_winkler(&x.nama, &d.asing) >= 0.85);
            assert_eq!(dekat.count(), 0, "{}", d.nama);
        }
        Ok(())
    }

    #[test]
    fn an_unknown_district_is_told() {
        assert!(matches!(Wilayah::baca("9999"), Err(SampleError::UnknownDistrict(_))));
    }
}
