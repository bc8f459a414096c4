//! Files come: from the paths that were named and from the inbox into the lake.

use super::RunError;
use super::describe::{arrival_record, missing_record};
use super::record::{ArrivalRecord, RunRecord};
use super::steps::Run;
use crate::lake::{
    Arrival, CORRECTION, Catalogue, Corrections, Erasures, Idle, IngestReport, Ingestion, KnownFiles, Staging, ingest,
    pieces_of_path, remove_purged, with_district,
};
use crate::read::Limits;
use chrono::NaiveDate;
use std::fs::Metadata;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

impl Run<'_> {
    pub(super) fn staging(&self, until: NaiveDate) -> Staging<'_> {
        Staging {
            workspace: self.lake(),
            staged_before: self.rehearsal.as_ref().map(|_| self.staged.as_path()),
            config: &self.project.config,
            reference: &self.project.reference,
            reference_hash: &self.project.reference_hash,
            schema: &self.project.schema,
            limits: Limits::default(),
            until,
            corrections: None,
            erased: self.erased.get(),
            told_in: Some((&self.run_id, "ingest")),
        }
    }

    pub(super) fn ingest(&self, with_inbox: bool) -> Result<Catalogue, RunError> {
        let _ = self.erased.set(Erasures::read(self.workspace)?.persons());
        if self.rehearsal.is_none() {
            // A purge that was cut off is carried to its end.
            remove_purged(self.workspace)?;
        }
        let mut catalogue = Catalogue::read(self.workspace)?;
        let named = with_district(pieces_of_path(&self.options.paths)?, &self.project.pipelines);
        let from_inbox = if with_inbox { self.whole_files()? } else { Vec::new() };
        self.step("ingest", Some((named.len() + from_inbox.len()) as u64));
        let told = |name: &str| self.progress.part(name);
        let mut known = KnownFiles::read(self.workspace);
        let (same, changed) = self.split_known(named, &known, &catalogue);
        let before: Vec<Option<Metadata>> = changed.iter().map(|(path, _)| std::fs::metadata(path).ok()).collect();
        if changed.is_empty() && from_inbox.is_empty() {
            let known = format!(
                "{} files have the size, time and inode that they had when the lake took them",
                same.len()
            );
            self.skip("ingest", if same.is_empty() { "no file has come" } else { &known });
        }
        let mut files = changed.clone();
        files.extend(from_inbox.iter().cloned());
        let mut report = ingest(
            &files,
            self.options.periode.as_deref(),
            &mut catalogue,
            &self.project.pipelines,
            self.staging(self.today()),
            &told,
        )?;
        self.remember(&mut known, &changed, &before, &report);
        report.arrivals.extend(same);
        report.arrivals.sort_by(|left, right| left.path.cmp(&right.path));
        self.tell_arrivals(&report, &catalogue);
        self.tell_missing(&mut known, &catalogue);
        if self.rehearsal.is_none() {
            known.write()?;
            self.empty_inbox(&from_inbox, &report);
        }
        Ok(catalogue)
    }

    /// Files of the paths that were named and are as they were when the lake took them, and the others.
    fn split_known(
        &self,
        named: Vec<(PathBuf, String)>,
        known: &KnownFiles,
        catalogue: &Catalogue,
    ) -> (Vec<Arrival>, Vec<(PathBuf, String)>) {
        let (mut same, mut changed) = (Vec::new(), Vec::new());
        for (path, relative) in named {
            let sha256 = known
                .sha256(&path, &self.project.pipelines_hash)
                .filter(|_| !self.options.thorough);
            match sha256.and_then(|sha256| catalogue.by_hash(sha256)) {
                Some(entry) => same.push(Arrival {
                    path,
                    outcome: Ingestion::Known(entry.clone()),
                }),
                None => changed.push((path, relative)),
            }
        }
        (same, changed)
    }

    fn remember(
        &self,
        known: &mut KnownFiles,
        files: &[(PathBuf, String)],
        before: &[Option<Metadata>],
        report: &IngestReport,
    ) {
        for ((path, _), before) in files.iter().zip(before) {
            let arrival = report.arrivals.iter().find(|arrival| arrival.path == *path);
            if let Some(Ingestion::New(entry) | Ingestion::Known(entry) | Ingestion::Other(entry)) =
                arrival.map(|arrival| &arrival.outcome)
                && let Some(before) = before
            {
                known.remember(path, before, &entry.sha256, &self.project.pipelines_hash);
            }
        }
    }

    fn tell_arrivals(&self, report: &IngestReport, catalogue: &Catalogue) {
        let versions = catalogue.versions(&self.project.pipelines);
        for arrival in &report.arrivals {
            let bytes = match &arrival.outcome {
                Ingestion::New(entry) | Ingestion::Known(entry) | Ingestion::Other(entry) => entry.ukuran,
                Ingestion::Refused(_) | Ingestion::Gone => 0,
            };
            self.tell(arrival_record(arrival, &versions), bytes);
        }
    }

    fn tell(&self, result: ArrivalRecord, bytes: u64) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        self.watch.count(0, bytes);
        self.progress.arrived(&result);
        tracing::info!(
            run_id = self.run_id,
            step = "ingest",
            result = result.hasil,
            source = result.sumber,
            bytes,
            refused = result.penolakan.as_ref().map(|refusal| refusal.code.as_str()),
            "A file has come"
        );
        if let Ok(mut arrivals) = self.arrivals.lock() {
            arrivals.push(result);
        }
    }

    /// A file that was brought by its path and is there no more: its rows stay, and that is told once.
    fn tell_missing(&self, known: &mut KnownFiles, catalogue: &Catalogue) {
        for (path, sha256) in known.take_missing(&self.options.paths) {
            let Some(entry) = catalogue.by_hash(&sha256) else {
                continue;
            };
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            self.tell(missing_record(entry, name.unwrap_or_default()), 0);
        }
    }

    /// A corrected sheet whose rows do not count is told to the person who sent it.
    pub(super) fn note_idle_corrections(&self, corrections: &Corrections, record: &mut RunRecord) {
        let sheets = record
            .berkas_masuk
            .iter_mut()
            .filter(|arrival| arrival.sumber.as_deref() == Some(CORRECTION));
        for arrival in sheets {
            let notes = idle_notes(corrections.idle(&arrival.nama));
            if !notes.is_empty() {
                arrival.catatan.extend(notes);
                self.progress.arrived(arrival);
            }
        }
    }
}

/// Rows of a corrected sheet that change nothing, in words.
fn idle_notes(idle: Idle) -> Vec<String> {
    let Idle {
        rows,
        not_there,
        corrected_again,
        without_key,
    } = idle;
    let told = [
        (
            not_there,
            format!("of {rows} corrected rows name a line that is not in its file, or a file that does not count"),
        ),
        (
            corrected_again,
            format!("of {rows} corrected rows were corrected again later"),
        ),
        (
            without_key,
            "rows have lost their key (the hidden first column) and are passed over; send the sheet out again"
                .to_owned(),
        ),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    told.map(|(count, words)| format!("{count} {words}")).collect()
}
