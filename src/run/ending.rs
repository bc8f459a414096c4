//! How a run ends: its exit code and its record.

use super::describe::has_refusals;
use super::figures::Summary;
use super::record::{ArrivalRecord, Outcome, RunRecord};
use super::steps::Run;
use super::watch::peak_memory;
use super::{RunError, clean_up, figures, metrics, notify, release};
use crate::failpoint;
use crate::files::write_atomic;
use chrono::{SecondsFormat, Utc};
use std::sync::atomic::Ordering;

impl Run<'_> {
    fn arrivals_so_far(&self) -> Vec<ArrivalRecord> {
        self.arrivals
            .lock()
            .map(|arrivals| arrivals.clone())
            .unwrap_or_default()
    }

    pub(super) fn record(&self) -> RunRecord {
        RunRecord {
            rilis: release::current_katalog(self.workspace).map(|katalog| katalog.run_id),
            berkas_masuk: self.arrivals_so_far(),
            byte_masuk: self.received.load(Ordering::Relaxed),
            ..RunRecord::empty(&self.run_id, self.begun.to_rfc3339_opts(SecondsFormat::Secs, true))
        }
    }

    /// Exit code 4 before 3 where both apply (DESIGN.md).
    pub(super) fn end(&self, mut record: RunRecord) -> Result<RunRecord, RunError> {
        record.kode_keluar = match record.hasil {
            Outcome::KeptBack => 4,
            _ if has_refusals(&record) => 3,
            _ => 0,
        };
        if self.rehearsal.is_some() {
            record.detik = self.clock.elapsed().as_secs_f64();
            return Ok(record);
        }
        let record = self.write_record(record)?;
        clean_up(self.workspace)?;
        // The configuration may have changed since the release was made.
        if let Some(release) = self.workspace.current_release() {
            let with_group = self.project.config.rilis.kelompok_baca;
            self.workspace.share_release(&release, with_group)?;
        }
        Ok(record)
    }

    pub(super) fn write_record(&self, mut record: RunRecord) -> Result<RunRecord, RunError> {
        record.selesai = now();
        if let Ok(skipped) = self.skipped.lock() {
            record.dilewati.clone_from(&skipped);
        }
        record.detik = self.clock.elapsed().as_secs_f64();
        self.watch.turn(&self.run_id, None);
        for (step, seconds) in self.watch.seconds() {
            record.langkah.entry(step).or_insert(seconds);
        }
        record.memori_puncak = peak_memory();
        tracing::info!(
            run_id = self.run_id,
            result = record.hasil.as_str(),
            exit_code = record.kode_keluar,
            seconds = record.detik,
            files = record.berkas.len(),
            peak_memory_bytes = record.memori_puncak,
            because = record.sebab,
            "The run has ended"
        );
        write_json(&self.workspace.runs().join(format!("{}.json", self.run_id)), &record)?;
        failpoint::step("record.written");
        if let Ok(mut ended) = self.ended.lock() {
            *ended = Some(record.clone());
        }
        Ok(record)
    }

    /// Tells those who watch how it ended, when the workspace is free again. What goes wrong here is a warning: the run is
    /// what it was.
    pub(super) fn tell_outside(&self, is_watched: bool) {
        let Some(record) = self.ended.lock().ok().and_then(|mut ended| ended.take()) else {
            return;
        };
        let config = &self.project.config;
        let figures = figures::of_current(self.workspace);
        Summary::of(&record, figures.as_ref()).keep();
        if !is_watched {
            return;
        }
        if let Some(file) = &config.run.metrics_file
            && let Err(error) = metrics::write(self.workspace, file, &record, figures.as_ref())
        {
            self.warn(&format!("the figures cannot be written (`metrics_file`): {error}"));
        }
        if let Some(occasion) = notify::occasion(&config.notify, &record)
            && let Err(error) = notify::notify(&config.notify, occasion, &record)
        {
            self.warn(&error.to_string());
        }
    }

    fn warn(&self, words: &str) {
        tracing::warn!(run_id = self.run_id, "{words}");
        self.progress.warned(words);
    }
}

pub(super) fn write_json(path: &std::path::Path, value: &impl serde::Serialize) -> Result<(), RunError> {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    Ok(write_atomic(path, text.as_bytes())?)
}

pub(super) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)
}
