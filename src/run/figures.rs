//! The figures of a workspace after a run, for those who watch it: the release that readers open, and the run itself.

use super::history::is_run_id;
use super::record::{Outcome, RunRecord};
use super::release;
use crate::laporan::{Quality, previous_quality};
use crate::workspace::Workspace;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::sync::{Mutex, PoisonError};

/// What became of the rows of the release that readers open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ReleaseFigures {
    pub(super) run_id: String,
    pub(super) waktu: String,
    /// Rows by mart.
    pub(super) mart: BTreeMap<String, i64>,
    /// Findings by level.
    pub(super) temuan: BTreeMap<String, i64>,
    pub(super) berkas: u64,
    pub(super) dibaca: i64,
    pub(super) disimpan: i64,
    pub(super) ganda: i64,
    pub(super) karantina: i64,
    pub(super) dilewati: i64,
}

/// The figures of the release that readers open; `None` where there is none.
pub(super) fn of_current(workspace: &Workspace) -> Option<ReleaseFigures> {
    let quality = previous_quality(&workspace.current_release()?)?;
    Some(of_quality(quality, release::current_katalog(workspace)?.waktu))
}

fn of_quality(quality: Quality, waktu: String) -> ReleaseFigures {
    let mut figures = ReleaseFigures {
        run_id: quality.run_id,
        waktu,
        mart: quality.mart,
        temuan: quality.temuan,
        ..ReleaseFigures::default()
    };
    let mut seen = BTreeSet::new();
    // A file that fills two tables was read once.
    for file in quality.berkas.iter().filter(|file| seen.insert(&file.id_berkas)) {
        figures.berkas += 1;
        figures.dibaca += file.dibaca;
        figures.disimpan += file.disimpan;
        figures.ganda += file.ganda;
        figures.karantina += file.karantina;
        figures.dilewati += i64::try_from(file.dilewati.values().sum::<u64>()).unwrap_or(i64::MAX);
    }
    figures
}

/// The final line of a run, for monitoring: what it was and what readers have now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The run; `-` where none began.
    pub run_id: String,
    /// How it ended.
    pub hasil: String,
    /// Exit code.
    pub kode: u8,
    /// Seconds.
    pub detik: f64,
    /// Rows read from the files of the release that readers open.
    pub baris_masuk: i64,
    /// Rows of its marts.
    pub baris_mart: i64,
    /// Its findings of level GALAT.
    pub temuan_galat: i64,
    /// The release; `-` where there is none.
    pub rilis: String,
}

/// What this process has told of its run; it carries out one at a time.
static LAST: Mutex<Option<Summary>> = Mutex::new(None);

impl Summary {
    pub(super) fn of(record: &RunRecord, figures: Option<&ReleaseFigures>) -> Self {
        let none = ReleaseFigures::default();
        let release = figures.unwrap_or(&none);
        Self {
            run_id: record.run_id.clone(),
            hasil: record.hasil.as_str().to_owned(),
            kode: record.kode_keluar,
            detik: (record.detik * 1000.0).round() / 1000.0,
            baris_masuk: release.dibaca,
            baris_mart: release.mart.values().sum(),
            temuan_galat: release.temuan.get("GALAT").copied().unwrap_or(0),
            rilis: figures.map_or_else(|| "-".to_owned(), |release| release.run_id.clone()),
        }
    }

    /// That of a run that did not begin, such as where another holds the workspace.
    pub fn not_begun(kode: u8) -> Self {
        Self {
            run_id: "-".to_owned(),
            hasil: Outcome::Failed.as_str().to_owned(),
            kode,
            detik: 0.0,
            baris_masuk: 0,
            baris_mart: 0,
            temuan_galat: 0,
            rilis: "-".to_owned(),
        }
    }

    pub(super) fn keep(self) {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(self);
    }

    /// That of the run that this process has carried out.
    pub fn last() -> Option<Self> {
        LAST.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Display for Summary {
    fn fmt(&self, line: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            line,
            "bansos360 run_id={} hasil={} kode={} detik={} baris_masuk={} baris_mart={} temuan_galat={} rilis={}",
            self.run_id,
            self.hasil,
            self.kode,
            self.detik,
            self.baris_masuk,
            self.baris_mart,
            self.temuan_galat,
            self.rilis
        )
    }
}

fn is_record(name: &str) -> bool {
    name.strip_suffix(".json").is_some_and(is_run_id)
}

/// What the records of runs tell of how they ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LastRun {
    /// The run.
    pub run_id: String,
    /// How it ended.
    pub hasil: Outcome,
    /// Exit code.
    pub kode_keluar: u8,
    /// When, UTC.
    pub selesai: String,
    /// Seconds.
    pub detik: f64,
}

/// The newest run of which `is_meant` holds. Records that cannot be read are passed over.
pub fn newest_run(workspace: &Workspace, is_meant: impl Fn(&LastRun) -> bool) -> Option<LastRun> {
    let entries = std::fs::read_dir(workspace.runs()).ok()?.flatten();
    let mut paths: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| is_record(&name.to_string_lossy())))
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok();
    paths.iter().rev().filter_map(read).find(is_meant)
}
