//! What a rehearsal tells of the rows: which files begin to count, which end, and how many rows that is.

use super::record::{FileRecord, Outcome, RowChange, RunRecord};
use super::steps::{Ready, Run};
use crate::warehouse::SourceFile;
use std::collections::{BTreeMap, BTreeSet};

impl Run<'_> {
    /// Puts into the record what a run would do.
    pub(super) fn note_planned(&self, ready: &Ready, record: &mut RunRecord) {
        record.hasil = Outcome::Planned;
        let now = self.files_of_current();
        record.berkas = ready.files.iter().map(planned_file).collect();
        let tables: BTreeSet<&str> = record
            .berkas
            .iter()
            .chain(&now)
            .map(|file| file.tabel.as_str())
            .collect();
        record.perubahan = tables
            .into_iter()
            .map(|table| row_change(table, &now, &record.berkas))
            .filter(|change| !change.bertambah.is_empty() || !change.berkurang.is_empty())
            .collect();
    }

    /// The files of the release that readers open, from the record of its run.
    fn files_of_current(&self) -> Vec<FileRecord> {
        let Some(current) = super::current_katalog(self.workspace) else {
            return Vec::new();
        };
        let path = self.workspace.runs().join(format!("{}.json", current.run_id));
        let record = std::fs::read_to_string(path).ok();
        let record = record.and_then(|text| serde_json::from_str::<RunRecord>(&text).ok());
        record.map(|record| record.berkas).unwrap_or_default()
    }
}

fn planned_file(file: &SourceFile) -> FileRecord {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (read, quarantined, skipped) = file.baris;
    FileRecord {
        id_berkas: file.id_berkas.clone(),
        nama: file.nama_berkas.clone(),
        anggota: file.anggota.clone(),
        sumber: file.sumber.clone(),
        tabel: file.tabel.clone(),
        periode: super::describe::told_period(file),
        dibaca: signed(read),
        disimpan: signed(read.saturating_sub(quarantined).saturating_sub(skipped)),
        ganda: 0,
        karantina: signed(quarantined),
        dilewati: file.dilewati.clone(),
        temuan: file.temuan.clone(),
    }
}

fn row_change(table: &str, now: &[FileRecord], then: &[FileRecord]) -> RowChange {
    let of_table = |files: &[FileRecord]| -> BTreeMap<String, (String, i64)> {
        let chosen = files.iter().filter(|file| file.tabel == table);
        chosen
            .map(|file| {
                let name = file.anggota.clone().unwrap_or_else(|| file.nama.clone());
                (file.id_berkas.clone(), (name, file.disimpan + file.ganda))
            })
            .collect()
    };
    let (now, then) = (of_table(now), of_table(then));
    let rows = |files: &BTreeMap<String, (String, i64)>| files.values().map(|(_, rows)| rows).sum();
    let only_in = |these: &BTreeMap<String, (String, i64)>, others: &BTreeMap<String, (String, i64)>| {
        let only = these.iter().filter(|(id, _)| !others.contains_key(*id));
        only.map(|(_, (name, _))| name.clone()).collect()
    };
    RowChange {
        tabel: table.to_owned(),
        sekarang: rows(&now),
        nanti: rows(&then),
        bertambah: only_in(&then, &now),
        berkurang: only_in(&now, &then),
    }
}
