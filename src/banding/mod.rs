//! Two releases side by side: which rows of the marts came, went and changed, and what that means for people, place by place.
//!
//! Joins and counts are SQL over the Parquet files of both. What is told of people stands in `sql/banding/`: who counts as the same
//! person, which place counts, and what an event is.

mod html;
mod lists;
mod marts;
mod people;
mod steps;
mod views;

pub use html::page;
pub use lists::{DETAIL_COLUMNS, PLACE_COLUMNS, place_rows};
pub use people::{Sheet, details};

use crate::mart::Katalog;
use crate::run::{Project, RunError};
use crate::warehouse::ReleaseReader;
use crate::workspace::Workspace;
use serde::Serialize;
use std::collections::BTreeMap;

/// What changed from one release to another.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// The earlier one, or whichever was named first.
    pub dari: Side,
    /// The later one.
    pub ke: Side,
    /// The marts, by key.
    pub mart: Vec<MartChange>,
    /// People: recipients (all, then by program), members and households of the latest periode of DTKS.
    pub kelompok: Vec<Group>,
    /// What could not be compared, and why.
    pub catatan: Vec<String>,
}

/// A release that is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The run that made it.
    pub run_id: String,
    /// When, UTC.
    pub waktu: String,
    /// The latest periode of DTKS.
    pub periode_terakhir: Option<String>,
}

/// What changed in a mart. Rows are the same where their keys are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MartChange {
    /// The mart.
    pub nama: String,
    /// Rows before.
    pub sebelum: i64,
    /// Rows after.
    pub sesudah: i64,
    /// Rows whose key is new.
    pub masuk: i64,
    /// Rows whose key is gone.
    pub keluar: i64,
    /// Rows with the same key and another value.
    pub berubah: i64,
    /// Changed values by column; only columns that changed.
    pub kolom: BTreeMap<String, i64>,
    /// Columns that only the earlier release has; they are not compared.
    pub kolom_hilang: Vec<String>,
    /// Columns that only the later release has.
    pub kolom_baru: Vec<String>,
    /// Why it was not compared.
    pub catatan: Option<String>,
}

/// Changes among one kind of people.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// `kpm`, `individu`, `rumah_tangga`.
    pub nama: String,
    /// The program, where only its recipients are counted.
    pub kode_program: Option<String>,
    /// Everywhere.
    pub jumlah: Figures,
    /// By kecamatan.
    pub kecamatan: Vec<PlaceChange>,
    /// By desa.
    pub desa: Vec<PlaceChange>,
}

/// Changes in a place; a place that is not told has no code.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PlaceChange {
    /// BPS code.
    pub kode_kecamatan: Option<String>,
    /// Name.
    pub kecamatan: Option<String>,
    /// BPS code; none in the list of kecamatan.
    pub kode_desa: Option<String>,
    /// Name.
    pub desa: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub angka: Figures,
}

/// Figures of a place: people, each once. `sesudah` is `sebelum` with the next five taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// People in the earlier release.
    pub sebelum: i64,
    /// New ones.
    pub masuk: i64,
    /// Those who are gone.
    pub keluar: i64,
    /// Came from another desa.
    pub pindah_masuk: i64,
    /// Went to another desa.
    pub pindah_keluar: i64,
    /// Came, less went, because their place became known, unknown or more exact.
    pub tempat_lain: i64,
    /// People in the later release.
    pub sesudah: i64,
    /// Their desil has a greater number: better off.
    pub desil_naik: i64,
    /// Their desil has a smaller number.
    pub desil_turun: i64,
    /// Their programs are others.
    pub ganti_program: i64,
    /// Two other programs than PKH with SEMBAKO, or three: new.
    pub rangkap_muncul: i64,
    /// The same: gone.
    pub rangkap_hilang: i64,
    /// A rule of programs is broken: new.
    pub langgar_muncul: i64,
    /// The same: gone.
    pub langgar_hilang: i64,
    /// Found in DTKS now.
    pub dtks_masuk: i64,
    /// No longer found in DTKS.
    pub dtks_keluar: i64,
}

/// Two releases that are open for comparison.
pub struct Compared<'a> {
    reader: ReleaseReader,
    project: &'a Project,
    workspace: &'a Workspace,
    before: Katalog,
    after: Katalog,
}

impl<'a> Compared<'a> {
    /// Opens two releases.
    ///
    /// # Errors
    /// [`RunError`] where one of them has no catalogue, or the engine cannot open them.
    pub fn open(workspace: &'a Workspace, project: &'a Project, before: &str, after: &str) -> Result<Self, RunError> {
        let katalog = |run_id| crate::run::katalog_of(workspace, run_id);
        let (before, after) = (katalog(before)?, katalog(after)?);
        let folder = workspace.releases().join(&after.run_id);
        let reader = ReleaseReader::open(&folder, workspace.root(), &project.config)?;
        Ok(Self {
            reader,
            project,
            workspace,
            before,
            after,
        })
    }

    /// Compares the marts and the people of both.
    ///
    /// # Errors
    /// [`RunError`] where a mart cannot be read.
    pub fn compare(&self) -> Result<Comparison, RunError> {
        let mart = self.marts()?;
        let mut notes = self.notes_on_marts(&mart);
        self.open_marts(&mut notes)?;
        Ok(Comparison {
            dari: side(&self.before),
            ke: side(&self.after),
            kelompok: self.groups()?,
            mart,
            catatan: notes,
        })
    }

    fn notes_on_marts(&self, marts: &[MartChange]) -> Vec<String> {
        let mut notes = Vec::new();
        if self.before.versi != self.after.versi {
            notes.push(format!(
                "the releases were made by versions {} and {} of the program",
                self.before.versi, self.after.versi
            ));
        }
        if self.before.periode_terakhir != self.after.periode_terakhir {
            let month = |katalog: &Katalog| katalog.periode_terakhir.clone().unwrap_or_else(|| "none".to_owned());
            notes.push(format!(
                "the latest periode of DTKS is {} in the first and {} in the second: members and households are compared across them",
                month(&self.before),
                month(&self.after)
            ));
        }
        for mart in marts {
            let mut add = |columns: &[String], which: &str| {
                if !columns.is_empty() {
                    notes.push(format!(
                        "`{}`: only the {which} release has {}",
                        mart.nama,
                        columns.join(", ")
                    ));
                }
            };
            add(&mart.kolom_hilang, "first");
            add(&mart.kolom_baru, "second");
            notes.extend(mart.catatan.iter().map(|note| format!("`{}`: {note}", mart.nama)));
        }
        notes
    }
}

fn side(katalog: &Katalog) -> Side {
    Side {
        run_id: katalog.run_id.clone(),
        waktu: katalog.waktu.clone(),
        periode_terakhir: katalog.periode_terakhir.clone(),
    }
}
