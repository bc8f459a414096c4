//! Which columns are personal. In doubt one is: a profile is read by more people than the file.

use super::report::{ClassReason, ColumnType, Kelas};
use super::shape::Shape;
use crate::pipeline::{ColumnSpec, ColumnType as Held, Pipeline, Pipelines, header_key};
use crate::warehouse::{Model, Models};
use std::collections::HashMap;

/// Words of a heading that stand for a person, a place to live or a way to reach one.
const WORDS: [&str; 24] = [
    "nik",
    "kk",
    "nokk",
    "ktp",
    "npwp",
    "hp",
    "nohp",
    "wa",
    "telp",
    "notelp",
    "ibu",
    "ayah",
    "krt",
    "anak",
    "wali",
    "penerima",
    "peserta",
    "pengurus",
    "pendamping",
    "kepala",
    "pewaris",
    "rekening",
    "norek",
    "rek",
];
/// Beginnings and ends of words run together, as in `NAMAKRT` or `nopesertapkh`.
const PARTS: [&str; 11] = [
    "nama",
    "alamat",
    "lahir",
    "tgl",
    "tanggal",
    "telepon",
    "telp",
    "rekening",
    "nopeserta",
    "nokartu",
    "email",
];

/// What is known of a column before its values are seen.
pub type Known = Option<(Kelas, ClassReason)>;

/// Headings that some pipeline knows.
pub struct Headings<'p> {
    models: &'p Models,
    by_key: HashMap<String, Vec<(&'p Pipeline, &'p ColumnSpec)>>,
}

impl<'p> Headings<'p> {
    /// Those of all pipelines.
    pub fn new(pipelines: &'p Pipelines, models: &'p Models) -> Self {
        let mut by_key: HashMap<String, Vec<_>> = HashMap::new();
        for pipeline in pipelines.iter() {
            for spec in &pipeline.columns {
                for alias in &spec.alias {
                    by_key.entry(header_key(alias)).or_default().push((pipeline, spec));
                }
            }
        }
        Self { models, by_key }
    }

    /// The class of a heading; `own` is the column that the recognised source takes it for.
    pub fn class(&self, heading: &str, own: Option<(&Pipeline, &ColumnSpec)>) -> Known {
        let key = header_key(heading);
        if let Some(class) = own.and_then(|(pipeline, spec)| self.of_spec(pipeline, spec)) {
            return Some((class, ClassReason::JudulDikenal));
        }
        let others = self.by_key.get(&key).into_iter().flatten();
        let classes: Vec<Kelas> = others
            .filter_map(|(pipeline, spec)| self.of_spec(pipeline, spec))
            .collect();
        let closest = [Kelas::Pribadi, Kelas::Pseudonim, Kelas::Umum]
            .into_iter()
            .find(|class| classes.contains(class));
        closest
            .map(|class| (class, ClassReason::JudulDikenal))
            .or_else(|| by_words(&key))
    }

    fn of_spec(&self, pipeline: &Pipeline, spec: &ColumnSpec) -> Option<Kelas> {
        match spec.kind {
            Held::Nik | Held::Kk | Held::Name | Held::Date | Held::Phone => Some(Kelas::Pribadi),
            Held::Id => Some(Kelas::Pseudonim),
            Held::RunningNumber => Some(Kelas::Umum),
            Held::Ignored => None,
            kind => {
                let sheets = self
                    .models
                    .ordered
                    .iter()
                    .filter(|model| pipeline.tables.contains(&model.name));
                let mut sheets = sheets;
                let from_sheet = sheets.find_map(|model| of_sheet(model, &spec.name));
                let otherwise = if kind == Held::Text {
                    Kelas::Pribadi
                } else {
                    Kelas::Umum
                };
                Some(from_sheet.unwrap_or(otherwise))
            }
        }
    }
}

/// The class that the sheet of a model gives to a column.
pub fn of_sheet(model: &Model, column: &str) -> Option<Kelas> {
    let sheet = model.columns.iter().find(|sheet| sheet.name == column)?;
    match sheet.class.as_str() {
        "pribadi" => Some(Kelas::Pribadi),
        "pseudonim" => Some(Kelas::Pseudonim),
        "umum" => Some(Kelas::Umum),
        _ => None,
    }
}

/// Personal by the words of a heading's key, else not known.
pub fn by_words(key: &str) -> Known {
    let personal = key.split('_').any(|word| WORDS.contains(&word))
        || PARTS.iter().any(|part| {
            key.split('_')
                .any(|word| word.starts_with(part) || word.ends_with(part))
        });
    personal.then_some((Kelas::Pribadi, ClassReason::KataJudul))
}

/// The class of a column: what is known of it, unless its values are identity numbers; else by its values.
pub fn judge(known: Known, tipe: ColumnType, shape: &Shape) -> (Kelas, ClassReason) {
    let identity = shape.long * 10 >= shape.filled && shape.long > 0;
    match known {
        Some((Kelas::Umum, reason)) if reason != ClassReason::LembarModel && identity => {
            (Kelas::Pribadi, ClassReason::Isi)
        }
        Some(known) => known,
        None => (by_values(tipe, shape), ClassReason::Isi),
    }
}

/// Without a word about it a column is public only where it looks like a quantity or a category.
fn by_values(tipe: ColumnType, shape: &Shape) -> Kelas {
    let repeats = shape.filled >= 4 * shape.distinct;
    let phones = shape.phone * 10 >= shape.filled && shape.phone > 0;
    if shape.long > 0 || phones {
        return Kelas::Pribadi;
    }
    let public = match tipe {
        ColumnType::Kosong | ColumnType::YaTidak => true,
        ColumnType::Nomor16 | ColumnType::Tanggal => false,
        ColumnType::Teks => repeats && shape.distinct <= 100,
        ColumnType::Kode | ColumnType::BilanganBulat | ColumnType::Bilangan => shape.longest < 10 || repeats,
    };
    if public { Kelas::Umum } else { Kelas::Pribadi }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Project;

    #[test]
    fn headings_are_personal_by_pipeline_or_by_their_words() {
        let project = Project::load(None).unwrap();
        let headings = Headings::new(&project.pipelines, &project.models);
        for personal in [
            "NIK",
            "NO. KK",
            "Nama_KRT",
            "ALAMAT",
            "TglLahir",
            "NO HP",
            "NAMAKRT",
            "Nama Pewaris",
            "no_rekening",
        ] {
            let class = headings.class(personal, None).map(|(class, _)| class);
            assert_eq!(class, Some(Kelas::Pribadi), "{personal}");
        }
        for public in ["KECAMATAN", "TAHAP", "JnsKel", "DESA/KELURAHAN"] {
            let class = headings.class(public, None).map(|(class, _)| class);
            assert_eq!(class, Some(Kelas::Umum), "{public}");
        }
        assert_eq!(headings.class("warna", None), None);
    }
}
