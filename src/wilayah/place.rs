//! From the place cells of one row to one place of the reference, with the doubts on the way.

use super::codes::{Code, digits_of, regency_of};
use super::names::closest;
use super::{Wilayah, clean_place_name, place_key};
use std::collections::{HashMap, HashSet};

/// The place cells of one row, as text; an absent column is an empty text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PlaceCells<'a> {
    /// `KDPROP`.
    pub kode_provinsi: &'a str,
    /// `KDKAB`.
    pub kode_kabupaten: &'a str,
    /// `KDKEC`; also seven (BPS) or six (Kemendagri) digits.
    pub kode_kecamatan: &'a str,
    /// `KDDESA`: a fragment, or all ten digits.
    pub kode_desa: &'a str,
    /// `KDGabungan4` and its like: ten digits.
    pub kode_gabungan: &'a str,
    /// Name of the regency.
    pub kabupaten: &'a str,
    /// Name of the kecamatan.
    pub kecamatan: &'a str,
    /// Name of the desa.
    pub desa: &'a str,
}

/// Something about a place that a person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceDoubt {
    /// The kecamatan name was matched by similarity.
    KecamatanGuessed,
    /// The desa name was matched by similarity.
    DesaGuessed,
    /// The kecamatan name is unknown.
    KecamatanUnknown,
    /// The desa name is unknown.
    DesaUnknown,
    /// The kecamatan has no desa of this name; the index is the one desa elsewhere that has it, if there is one.
    DesaOutsideKecamatan(Option<usize>),
    /// The kecamatan is unknown, and the desa alone told the place.
    KecamatanFromDesa,
    /// The code stands in no reference.
    CodeUnknown,
    /// The kecamatan code and the full desa code disagree.
    CodesDisagree,
    /// Codes and names name different places.
    CodeAgainstName,
    /// The row names another regency.
    OtherDistrict,
}

/// A place told by a row: indices into the reference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The kecamatan, where it can be told.
    pub kecamatan: Option<usize>,
    /// The desa, where it can be told.
    pub desa: Option<usize>,
    /// What a person should look at.
    pub doubts: Vec<PlaceDoubt>,
    /// Does the row speak of a place of the workspace's district? `None` where it speaks of no place at all (ruling 47).
    pub in_district: Option<bool>,
}

impl Place {
    fn doubt(&mut self, doubt: PlaceDoubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    fn tell(&mut self, kecamatan: usize, desa: Option<usize>) {
        self.kecamatan = Some(kecamatan);
        self.desa = desa;
        self.in_district = Some(true);
    }
}

/// How a name was found.
enum Named {
    Empty,
    Exact(usize),
    Guessed(usize),
    Unknown,
}

/// Resolves the place cells of one file's rows; remembers what it has seen, since a file names the same places again and again.
pub struct PlaceResolver<'w> {
    wilayah: &'w Wilayah,
    districts: HashSet<String>,
    /// Which kecamatan are of these districts, by index: a name that is nearly right is compared with all of them.
    own_kecamatan: Vec<bool>,
    memory: HashMap<String, Place>,
    key: String,
    last: Option<(String, Place)>,
    bps_codes: u32,
    kemendagri_codes: u32,
}

impl<'w> PlaceResolver<'w> {
    /// A resolver for a file of a workspace of these districts (BPS codes of four digits).
    pub fn new(wilayah: &'w Wilayah, districts: &[String]) -> Self {
        let districts: HashSet<String> = districts.iter().cloned().collect();
        let kecamatan = wilayah.kecamatan.iter();
        let own_kecamatan = kecamatan.map(|kecamatan| districts.contains(&kecamatan.kabupaten));
        Self {
            wilayah,
            own_kecamatan: own_kecamatan.collect(),
            districts,
            memory: HashMap::new(),
            key: String::new(),
            last: None,
            bps_codes: 0,
            kemendagri_codes: 0,
        }
    }

    /// The place that these cells tell.
    pub fn resolve(&mut self, cells: &PlaceCells<'_>) -> Place {
        write_key(&mut self.key, cells);
        // Neighbours in a file are neighbours in the village.
        if let Some((key, place)) = &self.last
            && *key == self.key
        {
            return place.clone();
        }
        let place = match self.memory.get(&self.key) {
            Some(place) => place.clone(),
            None => self.judge_new(cells),
        };
        let mut last = self.last.take().map(|(key, _)| key).unwrap_or_default();
        self.key.clone_into(&mut last);
        self.last = Some((last, place.clone()));
        place
    }

    fn judge_new(&mut self, cells: &PlaceCells<'_>) -> Place {
        let place = self.judge(cells);
        if self.memory.len() < 100_000 {
            self.memory.insert(self.key.clone(), place.clone());
        }
        place
    }

    fn judge(&mut self, cells: &PlaceCells<'_>) -> Place {
        let mut place = Place::default();
        let codes_tell = self.by_codes(cells, &mut place);
        if place.in_district == Some(false) {
            return place;
        }
        if codes_tell {
            self.compare_with_names(cells, &mut place);
        } else {
            self.by_names(cells, &mut place);
        }
        place
    }

    /// Codes decide before names; true if at least the kecamatan is told.
    fn by_codes(&mut self, cells: &PlaceCells<'_>, place: &mut Place) -> bool {
        let Some(code) = Code::from_cells(cells) else {
            return false;
        };
        let kecamatan_code = Code::kecamatan_from_cells(cells);
        match code {
            Code::Desa(digits) => {
                if let Some(desa) = self.desa_by_code(&digits) {
                    place.tell(self.wilayah.desa[desa].kecamatan, Some(desa));
                    self.check_kecamatan_code(kecamatan_code.as_deref(), place);
                    return true;
                }
                let told = self
                    .kecamatan_of_unknown_desa(&digits)
                    .or_else(|| kecamatan_code.and_then(|code| self.kecamatan_by_code(&code)));
                self.tell_kecamatan(told, &digits, place)
            }
            Code::Kecamatan(digits) => {
                let told = self.kecamatan_by_code(&digits);
                if let Some(kecamatan) = told
                    && cells.kode_desa.trim().is_empty()
                {
                    place.tell(kecamatan, None);
                    return true;
                }
                self.tell_kecamatan(told, &digits, place)
            }
        }
    }

    fn tell_kecamatan(&self, told: Option<usize>, digits: &str, place: &mut Place) -> bool {
        if let Some(kecamatan) = told {
            place.doubt(PlaceDoubt::CodeUnknown);
            place.tell(kecamatan, None);
            return true;
        }
        let own = digits.get(..4).is_some_and(|head| self.districts.contains(head));
        place.in_district = Some(own);
        place.doubt(if own {
            PlaceDoubt::CodeUnknown
        } else {
            PlaceDoubt::OtherDistrict
        });
        false
    }

    fn check_kecamatan_code(&self, kecamatan_code: Option<&str>, place: &mut Place) {
        if let Some(code) = kecamatan_code
            && let Some(other) = self.kecamatan_by_code(code)
            && place.kecamatan != Some(other)
        {
            place.doubt(PlaceDoubt::CodesDisagree);
        }
    }

    /// A code in one coding settles it; one that stands in both means what its column means elsewhere in the file.
    fn desa_by_code(&mut self, digits: &str) -> Option<usize> {
        let bps = self.wilayah.desa_by_bps.get(digits).copied();
        let kemendagri = self.wilayah.desa_by_kemendagri.get(digits).copied();
        match (bps, kemendagri) {
            (Some(index), None) => {
                self.bps_codes += 1;
                Some(index)
            }
            (None, Some(index)) => {
                self.kemendagri_codes += 1;
                Some(index)
            }
            (Some(_), Some(index)) if self.kemendagri_codes > self.bps_codes => Some(index),
            (index, _) => index,
        }
    }

    fn kecamatan_of_unknown_desa(&self, digits: &str) -> Option<usize> {
        let bps = digits.get(..7).and_then(|head| self.wilayah.kecamatan_by_bps.get(head));
        let kemendagri = digits
            .get(..6)
            .and_then(|head| self.wilayah.kecamatan_by_kemendagri.get(head));
        match (bps, kemendagri) {
            (Some(_), Some(index)) if self.kemendagri_codes > self.bps_codes => Some(*index),
            (Some(index), _) | (None, Some(index)) => Some(*index),
            (None, None) => None,
        }
    }

    fn kecamatan_by_code(&self, digits: &str) -> Option<usize> {
        let by_code = match digits.len() {
            7 => &self.wilayah.kecamatan_by_bps,
            6 => &self.wilayah.kecamatan_by_kemendagri,
            _ => return None,
        };
        by_code.get(digits).copied()
    }

    /// Ruling 40: codes before names; where they name different places that is a doubt, and an unknown desa code leaves
    /// the desa to its name within the kecamatan that the code tells.
    fn compare_with_names(&self, cells: &PlaceCells<'_>, place: &mut Place) {
        let Some(kecamatan) = place.kecamatan else {
            return;
        };
        if let Named::Exact(named) = self.kecamatan_name(cells.kecamatan)
            && named != kecamatan
        {
            place.doubt(PlaceDoubt::CodeAgainstName);
        }
        let clean = clean_place_name(name_of(cells.desa, cells.kode_desa));
        match (place.desa, self.desa_name_within(&place_key(&clean), kecamatan)) {
            (None, Named::Exact(desa)) => place.desa = Some(desa),
            (None, Named::Guessed(desa)) => {
                place.desa = Some(desa);
                place.doubt(PlaceDoubt::DesaGuessed);
            }
            (Some(told), Named::Exact(desa)) if told != desa => {
                place.doubt(PlaceDoubt::CodeAgainstName);
            }
            (Some(_), Named::Unknown) if self.is_official_desa(&place_key(&clean)) => {
                place.doubt(PlaceDoubt::CodeAgainstName);
            }
            _ => {}
        }
    }

    fn by_names(&self, cells: &PlaceCells<'_>, place: &mut Place) {
        if regency_of(cells).is_some_and(|regency| !self.districts.contains(&regency)) {
            place.doubt(PlaceDoubt::OtherDistrict);
            place.in_district = Some(false);
            return;
        }
        let kecamatan_text = name_of(cells.kecamatan, cells.kode_kecamatan);
        let desa_text = name_of(cells.desa, cells.kode_desa);
        let desa_key = place_key(&clean_place_name(desa_text));
        let kecamatan = self.kecamatan_name(kecamatan_text);
        let speaks = !cells.kabupaten.trim().is_empty() || !desa_key.is_empty() || !matches!(kecamatan, Named::Empty);
        if !self.is_own_kabupaten(cells.kabupaten) {
            place.doubt(PlaceDoubt::OtherDistrict);
            place.in_district = Some(false);
            return;
        }
        match kecamatan {
            Named::Exact(index) => self.desa_in_told_kecamatan(&desa_key, index, place),
            Named::Guessed(index) => {
                place.doubt(PlaceDoubt::KecamatanGuessed);
                self.desa_in_told_kecamatan(&desa_key, index, place);
            }
            Named::Empty => self.desa_alone(&desa_key, place),
            Named::Unknown => {
                self.desa_alone(&desa_key, place);
                place.doubt(if place.desa.is_some() {
                    PlaceDoubt::KecamatanFromDesa
                } else {
                    PlaceDoubt::KecamatanUnknown
                });
            }
        }
        if speaks && place.in_district.is_none() {
            let named_own = !cells.kabupaten.trim().is_empty();
            place.in_district = Some(named_own);
        }
    }

    fn desa_in_told_kecamatan(&self, desa_key: &str, kecamatan: usize, place: &mut Place) {
        match self.desa_name_within(desa_key, kecamatan) {
            Named::Empty => place.tell(kecamatan, None),
            Named::Exact(desa) => place.tell(kecamatan, Some(desa)),
            Named::Guessed(desa) => {
                place.tell(kecamatan, Some(desa));
                place.doubt(PlaceDoubt::DesaGuessed);
            }
            Named::Unknown => {
                place.tell(kecamatan, None);
                place.doubt(if self.is_official_desa(desa_key) {
                    PlaceDoubt::DesaOutsideKecamatan(self.only_desa_named(desa_key))
                } else {
                    PlaceDoubt::DesaUnknown
                });
            }
        }
    }

    /// Without a kecamatan a desa name counts only if one desa alone has it; similarity needs a kecamatan.
    fn desa_alone(&self, desa_key: &str, place: &mut Place) {
        if desa_key.is_empty() {
            return;
        }
        match self.only_desa_named(desa_key) {
            Some(desa) => place.tell(self.wilayah.desa[desa].kecamatan, Some(desa)),
            None => place.doubt(PlaceDoubt::DesaUnknown),
        }
    }

    fn only_desa_named(&self, key: &str) -> Option<usize> {
        let official = self.own_desa(self.wilayah.desa_by_key.get(key));
        match official.as_slice() {
            [only] => Some(*only),
            [] => match self.own_desa(self.wilayah.desa_variants.get(key)).as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_official_desa(&self, key: &str) -> bool {
        !self.own_desa(self.wilayah.desa_by_key.get(key)).is_empty()
    }

    fn own_desa(&self, found: Option<&Vec<usize>>) -> Vec<usize> {
        found
            .into_iter()
            .flatten()
            .copied()
            .filter(|desa| self.is_own(self.wilayah.desa[*desa].kecamatan))
            .collect()
    }

    fn is_own(&self, kecamatan: usize) -> bool {
        self.own_kecamatan.get(kecamatan) == Some(&true)
    }

    /// Official name, then variant, then the closest official name, all within the kecamatan.
    fn desa_name_within(&self, key: &str, kecamatan: usize) -> Named {
        if key.is_empty() {
            return Named::Empty;
        }
        let wilayah = self.wilayah;
        let inside = |desa: &&usize| wilayah.desa[**desa].kecamatan == kecamatan;
        let exact = wilayah.desa_by_key.get(key).into_iter().flatten();
        let variant = wilayah.desa_variants.get(key).into_iter().flatten();
        if let Some(desa) = exact.chain(variant).find(inside) {
            return Named::Exact(*desa);
        }
        let names = wilayah.desa_of_kecamatan[kecamatan]
            .iter()
            .map(|desa| (*desa, wilayah.desa[*desa].key.as_str()));
        closest(key, names).map_or(Named::Unknown, Named::Guessed)
    }

    fn kecamatan_name(&self, text: &str) -> Named {
        let key = place_key(&clean_place_name(text));
        if key.is_empty() {
            return Named::Empty;
        }
        let wilayah = self.wilayah;
        let exact = wilayah.kecamatan_by_key.get(&key).into_iter().flatten();
        let variant = wilayah.kecamatan_variants.get(&key).into_iter().flatten();
        let mut found = exact.chain(variant).filter(|index| self.is_own(**index));
        if let Some(index) = found.next() {
            return Named::Exact(*index);
        }
        let names = wilayah
            .kecamatan
            .iter()
            .enumerate()
            .filter(|(index, _)| self.is_own(*index))
            .map(|(index, kecamatan)| (index, kecamatan.key.as_str()));
        closest(&key, names).map_or(Named::Unknown, Named::Guessed)
    }

    /// An empty cell, the district's own name (with a slip of the pen) or its code; anything else is another regency.
    fn is_own_kabupaten(&self, text: &str) -> bool {
        let digits = digits_of(text);
        if digits.len() == 4 && !text.chars().any(char::is_alphabetic) {
            return self.districts.contains(&digits);
        }
        let key = place_key(&clean_place_name(text));
        if key.is_empty() {
            return true;
        }
        let is_own = |code: &String| self.districts.contains(code);
        let names = &self.wilayah.kabupaten_keys;
        if names.iter().any(|(code, keys)| is_own(code) && keys.contains(&key)) {
            return true;
        }
        if names.values().any(|keys| keys.contains(&key)) {
            return false;
        }
        let mut own_names: Vec<&str> = names
            .iter()
            .filter(|(code, _)| is_own(code))
            .flat_map(|(_, keys)| keys.iter().map(String::as_str))
            .collect();
        own_names.sort_unstable();
        own_names
            .iter()
            .any(|name| closest(&key, std::iter::once((0, *name))).is_some())
    }
}

/// A name column, or a code column that carries a name instead.
fn name_of<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.trim().is_empty() && code.chars().any(char::is_alphabetic) {
        code
    } else {
        name
    }
}

fn write_key(key: &mut String, cells: &PlaceCells<'_>) {
    key.clear();
    for cell in [
        cells.kode_provinsi,
        cells.kode_kabupaten,
        cells.kode_kecamatan,
        cells.kode_desa,
        cells.kode_gabungan,
        cells.kabupaten,
        cells.kecamatan,
        cells.desa,
    ] {
        key.push_str(cell);
        key.push('\u{1f}');
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
