//! The reference data as the cleaning uses it: regions and code lists.

use crate::bundle::Bundle;
use crate::standardise::code::CodeList;
use crate::wilayah::{ReferenceTexts, Wilayah, WilayahError};
use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// Reference data that cannot be used.
#[derive(Debug, Error)]
pub enum ReferenceError {
    /// A region file.
    #[error(transparent)]
    Wilayah(#[from] WilayahError),
    /// A code list.
    #[error("reference `{file}` cannot be read: {source}")]
    Codes {
        /// Name of the file.
        file: &'static str,
        /// What the CSV reader said.
        source: csv::Error,
    },
    /// What is built in cannot be read, which a test excludes.
    #[error(transparent)]
    Bundle(#[from] crate::bundle::BundleError),
}

/// One line of a code list.
#[derive(Debug, Clone, Deserialize)]
pub struct CodeRow {
    /// The variable, as the questionnaire spells it.
    pub variable: String,
    /// The code.
    pub kode: String,
    /// Its label.
    pub label: String,
}

/// Regions and code lists.
#[derive(Debug)]
pub struct Reference {
    /// The regions.
    pub wilayah: Wilayah,
    /// All lines of the code lists.
    pub codes: Vec<CodeRow>,
    lists: BTreeMap<String, CodeList>,
}

impl Reference {
    /// Reads the reference CSVs of a bundle.
    ///
    /// # Errors
    /// [`ReferenceError`] where one cannot be read.
    pub fn load(bundle: &Bundle) -> Result<Self, ReferenceError> {
        let wilayah = Wilayah::from_texts(&ReferenceTexts {
            wilayah: bundle.reference_text("wilayah.csv"),
            varian: bundle.reference_text("wilayah_varian.csv"),
            kabupaten: bundle.reference_text("kabupaten.csv"),
            kecamatan: bundle.reference_text("kemendagri_kecamatan.csv"),
            historis: bundle.reference_text("kemendagri_historis.csv"),
        })?;
        let mut codes = Vec::new();
        for file in ["kode_rt.csv", "kode_art.csv"] {
            let text = bundle.reference_text(file);
            for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
                codes.push(row.map_err(|source| ReferenceError::Codes { file, source })?);
            }
        }
        let lists = build_lists(&codes);
        Ok(Self { wilayah, codes, lists })
    }

    /// The code list of a variable.
    pub fn list(&self, variable: &str) -> Option<&CodeList> {
        self.lists.get(variable)
    }
}

fn build_lists(codes: &[CodeRow]) -> BTreeMap<String, CodeList> {
    let mut grouped: BTreeMap<&str, Vec<(u32, &str)>> = BTreeMap::new();
    for row in codes {
        if let Ok(code) = row.kode.parse() {
            grouped.entry(&row.variable).or_default().push((code, &row.label));
        }
    }
    grouped
        .into_iter()
        .map(|(variable, entries)| {
            let mut list = CodeList::new(entries);
            for (reading, code) in other_readings(variable) {
                list.also(reading, *code);
            }
            (variable.to_owned(), list)
        })
        .collect()
}

/// What is also read as a label (sources.md section 0, "label, also read"; `dirty_values.md` for `LK`, `PR`, `M`, `F`).
fn other_readings(variable: &str) -> &'static [(&'static str, u32)] {
    match variable {
        "lantai" => &[("Sementara/bata merah", 6)],
        "Hub_KRT" => &[("Kepala keluarga", 1), ("Istri", 2), ("Suami", 2)],
        "Hubkel" => &[("Istri", 2), ("Suami", 2)],
        "JnsKel" => &[
            ("L", 1),
            ("Pria", 1),
            ("LK", 1),
            ("M", 1),
            ("P", 2),
            ("Wanita", 2),
            ("PR", 2),
            ("F", 2),
        ],
        _ => &[],
    }
}

/// The reference that is built in.
///
/// # Errors
/// [`ReferenceError`]; a test keeps it readable.
pub fn built_in() -> Result<Reference, ReferenceError> {
    Reference::load(&Bundle::load(None)?)
}
