//! Reads the reference CSVs into [`Wilayah`].

use super::{Desa, Kecamatan, Wilayah, clean_place_name, place_key};
use serde::Deserialize;
use std::collections::HashMap;
use thiserror::Error;

/// A reference file that cannot be used.
#[derive(Debug, Error)]
pub enum WilayahError {
    /// The file is no CSV with the expected columns.
    #[error("reference `{file}` cannot be read: {source}")]
    Csv {
        /// Name of the reference file.
        file: &'static str,
        /// What the CSV reader said.
        source: csv::Error,
    },
    /// A variant or desa names a place that is not in the reference.
    #[error("reference `{file}`: code `{code}` has {found} digits where {expected} are due")]
    CodeLength {
        /// Name of the reference file.
        file: &'static str,
        /// The code as it stands.
        code: String,
        /// Digits found.
        found: usize,
        /// Digits due.
        expected: usize,
    },
}

#[derive(Deserialize)]
struct DesaRow {
    kode_bps_desa: String,
    kode_kemendagri_desa: String,
    nama_desa: String,
    kode_bps_kecamatan: String,
    kode_kemendagri_kecamatan: String,
    nama_kecamatan: String,
}

#[derive(Deserialize)]
struct VariantRow {
    nama_resmi: String,
    varian: String,
    level: String,
    kode_bps: String,
}

#[derive(Deserialize)]
struct KabupatenRow {
    #[serde(rename = "kode_bps_kabkota")]
    kode_bps: String,
    #[serde(rename = "kode_kemendagri_kabkota")]
    kode_kemendagri: String,
    #[serde(rename = "nama_kabkota")]
    nama: String,
    #[serde(rename = "nama_provinsi", default)]
    provinsi: String,
}

#[derive(Deserialize)]
struct CodeRow {
    kode: String,
}

/// The texts of the reference CSVs.
pub struct ReferenceTexts<'a> {
    /// `wilayah.csv`: desa in both codings.
    pub wilayah: &'a str,
    /// `wilayah_varian.csv`: known other spellings.
    pub varian: &'a str,
    /// `kabupaten.csv`: regencies of the country.
    pub kabupaten: &'a str,
    /// `kemendagri_kecamatan.csv`: kecamatan codes of the country.
    pub kecamatan: &'a str,
    /// `kemendagri_historis.csv`: codes that no longer exist.
    pub historis: &'a str,
}

fn rows<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<T>, WilayahError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| WilayahError::Csv { file, source })
}

fn check_length(file: &'static str, code: &str, expected: usize) -> Result<(), WilayahError> {
    if code.len() == expected && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(WilayahError::CodeLength {
        file,
        code: code.to_owned(),
        found: code.len(),
        expected,
    })
}

impl Wilayah {
    /// Builds the reference from the texts of its CSVs.
    ///
    /// # Errors
    /// [`WilayahError`] where a file lacks a column or a code has the wrong length.
    pub fn from_texts(texts: &ReferenceTexts<'_>) -> Result<Self, WilayahError> {
        let mut reference = Self::empty();
        for row in rows::<DesaRow>("wilayah.csv", texts.wilayah)? {
            reference.add_desa(row)?;
        }
        for row in rows::<KabupatenRow>("kabupaten.csv", texts.kabupaten)? {
            let key = place_key(&clean_place_name(&row.nama));
            let province = place_key(&clean_place_name(&row.provinsi));
            let keys = reference.kabupaten_keys.entry(row.kode_bps).or_default();
            // `TRENGGALEK, JAWA TIMUR` names the same regency.
            keys.extend(["", "PROVINSI", "PROV"].map(|word| format!("{key}{word}{province}")));
            keys.insert(key);
            set_bit(&mut reference.nik_kabupaten, &row.kode_kemendagri);
        }
        for row in rows::<CodeRow>("kemendagri_kecamatan.csv", texts.kecamatan)? {
            set_bit(&mut reference.nik_kecamatan, &row.kode);
        }
        for row in rows::<CodeRow>("kemendagri_historis.csv", texts.historis)? {
            let set = if row.kode.len() == 4 {
                &mut reference.nik_kabupaten
            } else {
                &mut reference.nik_kecamatan
            };
            set_bit(set, &row.kode);
        }
        for row in rows::<VariantRow>("wilayah_varian.csv", texts.varian)? {
            reference.add_variant(&row);
        }
        Ok(reference)
    }

    fn empty() -> Self {
        Self {
            kecamatan: Vec::new(),
            desa: Vec::new(),
            desa_by_bps: HashMap::new(),
            desa_by_kemendagri: HashMap::new(),
            kecamatan_by_bps: HashMap::new(),
            kecamatan_by_kemendagri: HashMap::new(),
            desa_by_key: HashMap::new(),
            kecamatan_by_key: HashMap::new(),
            desa_of_kecamatan: Vec::new(),
            desa_variants: HashMap::new(),
            kecamatan_variants: HashMap::new(),
            kabupaten_keys: HashMap::new(),
            nik_kecamatan: vec![0; 1_000_000 / 64 + 1],
            nik_kabupaten: vec![0; 10_000 / 64 + 1],
        }
    }

    fn add_desa(&mut self, row: DesaRow) -> Result<(), WilayahError> {
        const FILE: &str = "wilayah.csv";
        check_length(FILE, &row.kode_bps_desa, 10)?;
        check_length(FILE, &row.kode_kemendagri_desa, 10)?;
        check_length(FILE, &row.kode_bps_kecamatan, 7)?;
        check_length(FILE, &row.kode_kemendagri_kecamatan, 6)?;
        let kecamatan = self.add_kecamatan(&row);
        let index = self.desa.len();
        let nama = row.nama_desa.to_uppercase();
        let key = place_key(&clean_place_name(&nama));
        self.desa_by_bps.insert(row.kode_bps_desa.clone(), index);
        self.desa_by_kemendagri.insert(row.kode_kemendagri_desa.clone(), index);
        self.desa_by_key.entry(key.clone()).or_default().push(index);
        self.desa_of_kecamatan[kecamatan].push(index);
        self.desa.push(Desa {
            kode: row.kode_bps_desa,
            kode_kemendagri: row.kode_kemendagri_desa,
            nama,
            kecamatan,
            key,
        });
        Ok(())
    }

    fn add_kecamatan(&mut self, row: &DesaRow) -> usize {
        if let Some(index) = self.kecamatan_by_bps.get(&row.kode_bps_kecamatan) {
            return *index;
        }
        let index = self.kecamatan.len();
        let nama = row.nama_kecamatan.to_uppercase();
        let key = place_key(&clean_place_name(&nama));
        self.kecamatan_by_bps.insert(row.kode_bps_kecamatan.clone(), index);
        self.kecamatan_by_kemendagri
            .insert(row.kode_kemendagri_kecamatan.clone(), index);
        self.kecamatan_by_key.entry(key.clone()).or_default().push(index);
        self.desa_of_kecamatan.push(Vec::new());
        self.kecamatan.push(Kecamatan {
            kode: row.kode_bps_kecamatan.clone(),
            kode_kemendagri: row.kode_kemendagri_kecamatan.clone(),
            nama,
            kabupaten: row.kode_bps_kecamatan[..4].to_owned(),
            key,
        });
        index
    }

    fn add_variant(&mut self, row: &VariantRow) {
        let key = place_key(&clean_place_name(&row.varian));
        match row.level.as_str() {
            "desa" => {
                if let Some(index) = self.desa_by_bps.get(&row.kode_bps) {
                    self.desa_variants.entry(key).or_default().push(*index);
                }
            }
            "kecamatan" => {
                if let Some(index) = self.kecamatan_by_bps.get(&row.kode_bps) {
                    self.kecamatan_variants.entry(key).or_default().push(*index);
                }
            }
            _ => {
                let names = self.kabupaten_keys.entry(row.kode_bps.clone()).or_default();
                names.insert(key);
                names.insert(place_key(&clean_place_name(&row.nama_resmi)));
            }
        }
    }
}

fn set_bit(set: &mut [u64], code: &str) {
    if let Ok(index) = code.parse::<usize>()
        && let Some(word) = set.get_mut(index / 64)
    {
        *word |= 1 << (index % 64);
    }
}
