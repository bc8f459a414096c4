//! Files come: from the paths that were named and from the inbox into the lake.

use super::RunError;
use super::describe::arrival_record;
use super::record::RunRecord;
use super::steps::Run;
use crate::lake::{CORRECTION, Catalogue, Corrections, IngestReport, Ingestion, Staging, ingest, pieces_of_path};
use crate::read::Limits;
use chrono::NaiveDate;
use std::path::PathBuf;

impl Run<'_> {
    pub(super) fn staging(&self, until: NaiveDate) -> Staging<'_> {
        Staging {
            workspace: self.workspace,
            config: &self.project.config,
            reference: &self.project.reference,
            reference_hash: &self.project.reference_hash,
            schema: &self.project.schema,
            limits: Limits::default(),
            until,
            corrections: None,
        }
    }

    pub(super) fn ingest(&self, with_inbox: bool) -> Result<Catalogue, RunError> {
        let mut catalogue = Catalogue::read(self.workspace)?;
        let mut files = pieces_of_path(&self.options.paths)?;
        let from_inbox = if with_inbox {
            pieces_of_path(&[self.workspace.inbox()])?
        } else {
            Vec::new()
        };
        files.extend(from_inbox.iter().cloned());
        self.progress.step("ingest", Some(files.len() as u64));
        let told = |name: &str| self.progress.part(name);
        let report = ingest(
            &files,
            self.options.periode.as_deref(),
            &mut catalogue,
            &self.project.pipelines,
            self.staging(self.today()),
            &told,
        )?;
        let counting: Vec<String> = catalogue
            .counting(&self.project.pipelines)
            .iter()
            .map(|piece| piece.entry.sha256.clone())
            .collect();
        for arrival in &report.arrivals {
            let result = arrival_record(arrival, &counting);
            self.progress.arrived(&result);
            if let Ok(mut arrivals) = self.arrivals.lock() {
                arrivals.push(result.clone());
            }
            tracing::info!(
                run_id = self.run_id,
                result = result.hasil,
                source = result.sumber,
                "A file has come"
            );
        }
        self.empty_inbox(&from_inbox, &report);
        Ok(catalogue)
    }

    /// What the lake has is taken from the inbox, if it is still the file that was copied; what was refused stays for the
    /// person who sent it. A file that cannot be removed is brought again next time, and is known then.
    pub(super) fn empty_inbox(&self, files: &[(PathBuf, String)], report: &IngestReport) {
        for (path, _) in files {
            let Some(arrival) = report.arrivals.iter().find(|arrival| arrival.path == *path) else {
                continue;
            };
            let (Ingestion::New(entry) | Ingestion::Known(entry) | Ingestion::Other(entry)) = &arrival.outcome else {
                continue;
            };
            let unchanged =
                std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink() || found.len() == entry.ukuran);
            if unchanged && let Err(error) = std::fs::remove_file(path) {
                tracing::warn!(run_id = self.run_id, %error, "A file cannot be taken from the inbox");
            }
        }
    }

    /// A corrected sheet whose rows do not count is told to the person who sent it.
    pub(super) fn note_idle_corrections(&self, corrections: &Corrections, record: &mut RunRecord) {
        let sheets = record
            .berkas_masuk
            .iter_mut()
            .filter(|arrival| arrival.sumber.as_deref() == Some(CORRECTION));
        for arrival in sheets {
            let of_file = corrections.all.iter().filter(|row| row.berkas_koreksi == arrival.nama);
            let (idle, all) = of_file.fold((0, 0), |(idle, all), row| (idle + i32::from(!row.berlaku), all + 1));
            if idle > 0 {
                let words = "corrected rows name a row that does not count, or were corrected again later";
                arrival.catatan.push(format!("{idle} of {all} {words}"));
                self.progress.arrived(arrival);
            }
        }
    }
}
