//! The regions: official codes and names in both codings, known variants, and the look-ups that turn what a file says
//! into one place of the reference (identitas.md, "Places"; rulings 18, 19, 37, 40, 65).

mod codes;
mod load;
mod names;
mod place;

pub use load::{ReferenceTexts, WilayahError};
pub use names::{clean_place_name, place_key};
pub use place::{Place, PlaceCells, PlaceDoubt, PlaceResolver};

use std::collections::{HashMap, HashSet};

/// A kecamatan of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kecamatan {
    /// BPS code, seven digits.
    pub kode: String,
    /// Kemendagri code, six digits.
    pub kode_kemendagri: String,
    /// Official name, upper case.
    pub nama: String,
    /// BPS code of its regency, four digits.
    pub kabupaten: String,
    key: String,
}

/// A desa or kelurahan of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desa {
    /// BPS code, ten digits.
    pub kode: String,
    /// Kemendagri code, ten digits without dots.
    pub kode_kemendagri: String,
    /// Official name, upper case.
    pub nama: String,
    /// Index into [`Wilayah::kecamatan`].
    pub kecamatan: usize,
    key: String,
}

/// The whole region reference, indexed for look-ups.
#[derive(Debug)]
pub struct Wilayah {
    /// All kecamatan of the reference.
    pub kecamatan: Vec<Kecamatan>,
    /// All desa of the reference.
    pub desa: Vec<Desa>,
    desa_by_bps: HashMap<String, usize>,
    desa_by_kemendagri: HashMap<String, usize>,
    kecamatan_by_bps: HashMap<String, usize>,
    kecamatan_by_kemendagri: HashMap<String, usize>,
    desa_by_key: HashMap<String, Vec<usize>>,
    kecamatan_by_key: HashMap<String, Vec<usize>>,
    desa_of_kecamatan: Vec<Vec<usize>>,
    desa_variants: HashMap<String, Vec<usize>>,
    kecamatan_variants: HashMap<String, Vec<usize>>,
    kabupaten_keys: HashMap<String, HashSet<String>>,
    /// Kemendagri kecamatan codes of the country, old ones too, as a bit for each of the million six-digit numbers.
    nik_kecamatan: Vec<u64>,
    /// Kemendagri regency codes of the country, old ones too.
    nik_kabupaten: Vec<u64>,
}

impl Wilayah {
    /// Is this six-digit number a Kemendagri kecamatan code, old codes included?
    pub fn knows_kecamatan_of_nik(&self, code: u32) -> bool {
        bit(&self.nik_kecamatan, code)
    }

    /// Is this four-digit number a Kemendagri regency code, old codes included?
    pub fn knows_kabupaten_of_nik(&self, code: u32) -> bool {
        bit(&self.nik_kabupaten, code)
    }

    /// Is this ten-digit code a desa of the reference in either coding?
    pub fn knows_desa_code(&self, code: &str) -> bool {
        self.desa_by_bps.contains_key(code) || self.desa_by_kemendagri.contains_key(code)
    }

    /// The kecamatan whose official name or variant this is, within the given regencies.
    pub fn kecamatan_by_name(&self, name: &str) -> Option<&Kecamatan> {
        let key = place_key(&clean_place_name(name));
        match self.kecamatan_by_key.get(&key).map(Vec::as_slice) {
            Some([only]) => Some(&self.kecamatan[*only]),
            _ => None,
        }
    }

    /// The BPS code (four digits) of the one regency of the country that has this name.
    pub fn kabupaten_by_name(&self, name: &str) -> Option<&str> {
        let key = place_key(&clean_place_name(name));
        let mut found = self.kabupaten_keys.iter().filter(|(_, keys)| keys.contains(&key));
        match (found.next(), found.next()) {
            (Some((code, _)), None) => Some(code),
            _ => None,
        }
    }
}

fn bit(set: &[u64], index: u32) -> bool {
    set.get(index as usize / 64)
        .is_some_and(|word| word >> (index % 64) & 1 == 1)
}
