//! How a run ends: its exit code and its record.

use super::describe::has_refusals;
use super::record::{ArrivalRecord, Outcome, RunRecord};
use super::steps::Run;
use super::{RunError, release};
use crate::files::write_atomic;
use chrono::{SecondsFormat, Utc};
use std::collections::BTreeMap;

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
            langkah: BTreeMap::from([("ingest".to_owned(), self.clock.elapsed().as_secs_f64())]),
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
        release::clean_up(self.workspace)?;
        Ok(record)
    }

    pub(super) fn write_record(&self, mut record: RunRecord) -> Result<RunRecord, RunError> {
        record.selesai = now();
        record.detik = self.clock.elapsed().as_secs_f64();
        tracing::info!(
            run_id = self.run_id,
            result = ?record.hasil,
            exit_code = record.kode_keluar,
            seconds = record.detik,
            files = record.berkas.len(),
            "The run has ended"
        );
        write_json(&self.workspace.runs().join(format!("{}.json", self.run_id)), &record)?;
        Ok(record)
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
