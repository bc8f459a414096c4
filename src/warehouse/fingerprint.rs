//! What decides the rows of a model, part by part, so that a run can skip what has not changed and say why it builds the rest.

use super::load::SourceFile;
use super::models::{Model, Models};
use crate::bundle::Bundle;
use crate::config::Config;
use crate::files::hex;
use crate::lake::Correction;
use crate::pipeline::{Pipelines, ProgramSpec};
use crate::reference::Reference;
use crate::stage::StagedSchema;
use crate::temuan::WorkspaceRule;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Raised when the engine or the way of building gives other rows for the same parts.
const BUILD_FORMAT: u32 = 2;

/// Everything that decides the rows of one model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Hash of all parts.
    pub sidik: String,
    /// Hash by part: `sql`, `makro umur`, `stg_dtks_art`, `parameter.periode_terakhir`, the name of a model.
    pub dari: BTreeMap<String, String>,
}

/// What the loader puts into the database before any model runs.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// Files that count.
    pub files: &'a [SourceFile],
    /// Texts of the workspace.
    pub bundle: &'a Bundle,
    /// Configuration.
    pub config: &'a Config,
    /// Columns of the loader's tables.
    pub schema: &'a StagedSchema,
    /// Sources and programs.
    pub pipelines: &'a Pipelines,
    /// Code lists.
    pub reference: &'a Reference,
    /// Rules of findings.
    pub rules: &'a [WorkspaceRule],
    /// Rows that someone has corrected.
    pub corrections: &'a [Correction],
    /// Id of the run.
    pub run_id: &'a str,
    /// The latest periode.
    pub latest: Option<&'a str>,
    /// The day for which ages are told.
    pub reference_day: NaiveDate,
}

/// The fingerprints of all models. `left` gives the fingerprint of a model that stays as it is though it is stale.
pub fn fingerprints(
    models: &Models,
    inputs: &Inputs<'_>,
    left: &dyn Fn(&str) -> Option<Fingerprint>,
) -> BTreeMap<String, Fingerprint> {
    let macros = Macros::parse(&models.dialect);
    let mut found: BTreeMap<String, Fingerprint> = BTreeMap::new();
    for model in &models.ordered {
        let fingerprint = left(&model.name).unwrap_or_else(|| {
            let mut parts = inputs.parts(model);
            parts.extend(macros.parts(model));
            for read in model.reads.iter().filter(|read| **read != model.name) {
                let of_read = found.get(read).map(|read| read.sidik.clone());
                parts.insert(read.clone(), of_read.unwrap_or_default());
            }
            let sidik = short(&(BUILD_FORMAT, env!("CARGO_PKG_VERSION"), &parts));
            Fingerprint { sidik, dari: parts }
        });
        found.insert(model.name.clone(), fingerprint);
    }
    found
}

impl Inputs<'_> {
    fn parts(&self, model: &Model) -> BTreeMap<String, String> {
        let named = words(&model.sql);
        let mut parts = BTreeMap::from([("sql".to_owned(), short(&(&model.sql, model.materialized)))]);
        for relation in &model.relations {
            for (part, hash) in self.relation(relation, model, &named) {
                parts.insert(part, hash);
            }
        }
        parts
    }

    /// The parts that a relation of the loader adds; none for the name of a CTE or of a model.
    fn relation(&self, relation: &str, model: &Model, named: &BTreeSet<String>) -> Vec<(String, String)> {
        let columns = self.schema.columns(relation);
        let whole = |hash: String| {
            vec![(
                relation.to_owned(),
                short(&(columns, self.schema.words(relation), self.schema.shared(relation), hash)),
            )]
        };
        match relation {
            "parameter" => self.parameters(named),
            "sumber_berkas" => whole(self.file_rows(model, named)),
            "berkas_kolom" => whole(self.file_columns(model)),
            "ref_kode_wilayah" => whole(short(&self.bundle.reference_text("wilayah.csv"))),
            "ref_wilayah_varian" => whole(short(&self.bundle.reference_text("wilayah_varian.csv"))),
            "ref_kode" => whole(short(&format!("{:?}", self.reference.codes))),
            "ref_program" => whole(
                self.programs(|program| (program.kode.clone(), format!("{}{}", program.nama, program.wajib_dtks))),
            ),
            "ref_aturan" => whole(self.programs(|program| (program.kode.clone(), format!("{:?}", program.rule)))),
            "ref_aturan_temuan" => whole(short(&format!("{:?}", self.rules))),
            "koreksi" => whole(short(&format!("{:?}", self.corrections))),
            // Findings of other models stand there too: nothing narrower than the run decides them.
            "kualitas_temuan" | "karantina" => whole(self.run_id.to_owned()),
            _ => match relation.strip_prefix("stg_") {
                Some(table) if !columns.is_empty() => whole(self.staged(table)),
                _ => Vec::new(),
            },
        }
    }

    fn staged(&self, table: &str) -> String {
        let files = self
            .files
            .iter()
            .filter(|file| file.tabel == table && file.parquet.is_some());
        let folders: Vec<_> = files
            .filter_map(|file| file.folder.file_name())
            .map(|name| name.to_string_lossy())
            .collect();
        let has_periods = self
            .schema
            .shared(&format!("stg_{table}"))
            .iter()
            .any(|column| column == "periode");
        let dtks = self.files.iter().filter(|file| file.tabel.starts_with("dtks_"));
        let periods: BTreeSet<_> = dtks.filter(|_| has_periods).map(|file| &file.periode).collect();
        short(&(folders, periods))
    }

    /// The files whose rows a model looks at: those of the tables that its sheet names, else all.
    fn files_of(&self, model: &Model) -> impl Iterator<Item = &SourceFile> {
        let tables = &model.files_of;
        self.files
            .iter()
            .filter(move |file| tables.is_empty() || tables.contains(&file.tabel))
    }

    /// `sumber_berkas` as far as a model reads it. The place in the order counts, not its number: a list that came before
    /// a periode of DTKS and goes changes the number of the latter only.
    fn file_rows(&self, model: &Model, named: &BTreeSet<String>) -> String {
        let rows: Vec<serde_json::Value> = self
            .files_of(model)
            .enumerate()
            .map(|(place, file)| {
                let all = serde_json::json!({
                    "id_berkas": file.id_berkas, "sumber": file.sumber, "tabel": file.tabel, "nama_berkas": file.nama_berkas,
                    "anggota": file.anggota, "sha256": file.sha256, "ukuran": file.ukuran, "periode": file.periode,
                    "tahap": file.tahap, "urutan": place, "waktu_masuk": file.waktu_masuk, "baris_dibaca": file.baris.0,
                    "baris_karantina": file.baris.1, "baris_dilewati": file.baris.2,
                });
                match all {
                    serde_json::Value::Object(fields) => fields.into_iter().filter(|(name, _)| named.contains(name)).collect(),
                    other => other,
                }
            })
            .collect();
        short(&rows)
    }

    fn file_columns(&self, model: &Model) -> String {
        let columns: Vec<_> = self
            .files_of(model)
            .map(|file| (&file.id_berkas, &file.kolom))
            .collect();
        short(&columns)
    }

    fn programs(&self, told: impl Fn(&ProgramSpec) -> (String, String)) -> String {
        let programs: Vec<_> = self
            .pipelines
            .iter()
            .filter_map(|pipeline| pipeline.program.as_ref())
            .map(told)
            .collect();
        short(&programs)
    }

    /// `parameter` column by column: a threshold of one mart is nothing to the others.
    fn parameters(&self, named: &BTreeSet<String>) -> Vec<(String, String)> {
        let columns = [
            ("run_id", self.run_id.to_owned()),
            ("periode_terakhir", format!("{:?}", self.latest)),
            ("tanggal_acuan", self.reference_day.to_string()),
            ("ambang_tinggi", self.config.segmentasi.tinggi.to_string()),
            ("ambang_sedang", self.config.segmentasi.sedang.to_string()),
        ];
        let read = columns.into_iter().filter(|(column, _)| named.contains(*column));
        read.map(|(column, value)| (format!("parameter.{column}"), value))
            .collect()
    }
}

/// The macros of the dialect, and what else it holds.
struct Macros {
    by_name: BTreeMap<String, String>,
    others: String,
}

impl Macros {
    fn parse(dialect: &str) -> Self {
        let (mut by_name, mut others) = (BTreeMap::new(), String::new());
        for statement in without_comments(dialect).split(';') {
            let name = statement
                .split_once("MACRO ")
                .and_then(|(_, rest)| rest.split_once('('));
            match name {
                Some((name, _)) => {
                    by_name.insert(name.trim().to_lowercase(), statement.trim().to_owned());
                }
                None => others.push_str(statement.trim()),
            }
        }
        Self { by_name, others }
    }

    /// The macros that a model uses, also through others.
    fn parts(&self, model: &Model) -> BTreeMap<String, String> {
        let mut parts = BTreeMap::new();
        if !self.others.is_empty() {
            parts.insert("dialek".to_owned(), short(&self.others));
        }
        let mut texts = vec![model.sql.clone()];
        while let Some(text) = texts.pop() {
            for word in words(&text) {
                if let Some(body) = self.by_name.get(&word)
                    && parts.insert(format!("makro {word}"), short(body)).is_none()
                {
                    texts.push(body.clone());
                }
            }
        }
        parts
    }
}

fn without_comments(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

fn words(sql: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let text = without_comments(sql);
    text.split(|letter| !is_part(letter))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Sixteen hex digits of the hash of a value.
fn short(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    hex(&Sha256::digest(text.as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_macro_is_part_of_what_uses_it_also_through_another() {
        let macros = Macros::parse(
            "CREATE OR REPLACE MACRO a(x) AS x + 1; -- a; note\nCREATE OR REPLACE MACRO b(x) AS a(x);\nCREATE OR REPLACE MACRO c(x) AS x;",
        );
        let names: Vec<String> = macros
            .parts(&Model {
                sql: "SELECT b(1) FROM t".to_owned(),
                ..Model::default()
            })
            .into_keys()
            .collect();
        assert_eq!(names, ["makro a", "makro b"]);
    }

    #[test]
    fn words_of_comments_are_none() {
        assert_eq!(
            words("SELECT p.ambang_tinggi -- run_id\nFROM parameter")
                .into_iter()
                .collect::<Vec<_>>(),
            ["ambang_tinggi", "from", "p", "parameter", "select"]
        );
    }
}
