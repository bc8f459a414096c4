//! What a run knows, put into the words of its record and of the warehouse.

use super::record::{ArrivalRecord, FileRecord, RunRecord};
use crate::lake::{Arrival, Counting, Entry, Ingestion, Verdict, Version};
use crate::stage::{PieceSummary, Refusal};
use crate::warehouse::{Built, SourceFile};
use std::collections::BTreeMap;
use std::path::Path;

/// A file of the lake that is refused now.
pub fn refused_record(entry: &Entry, refusal: Refusal) -> ArrivalRecord {
    ArrivalRecord {
        nama: entry.nama.clone(),
        hasil: "ditolak".to_owned(),
        sumber: Some(entry.sumber.clone()),
        penolakan: Some(refusal),
        catatan: Vec::new(),
    }
}

/// A file that was brought by its path and is there no more.
pub fn missing_record(entry: &Entry, name: String) -> ArrivalRecord {
    ArrivalRecord {
        nama: name,
        hasil: "hilang".to_owned(),
        sumber: Some(entry.sumber.clone()),
        penolakan: None,
        catatan: vec![format!(
            "the file is gone from where it was; the lake keeps it as {}, and its rows stay",
            entry.sha256.get(..12).unwrap_or_default()
        )],
    }
}

/// The first line of an error of the engine, without the cell values that it may quote.
pub fn without_values(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut clean = String::with_capacity(line.len());
    let mut digits = 0;
    for letter in line.chars() {
        digits = if letter.is_ascii_digit() { digits + 1 } else { 0 };
        clean.push(if digits > 5 { '*' } else { letter });
    }
    clean
}

/// Was any file refused?
pub fn has_refusals(record: &RunRecord) -> bool {
    record.berkas_masuk.iter().any(|arrival| arrival.penolakan.is_some())
}

/// A piece that counts, as the warehouse is told of it.
pub fn source_file(
    counted: &Counting<'_>,
    kabupaten: &str,
    table: &str,
    folder: &Path,
    summary: &PieceSummary,
) -> SourceFile {
    let (entry, piece) = (counted.entry, counted.piece);
    let main_table = summary.tabel.contains_key(table);
    // Households that are made from the rows of persons have no rows of their own to balance.
    let derived = table == "dtks_rt" && summary.tabel.contains_key("dtks_art");
    SourceFile {
        id_berkas: entry.piece_id(piece),
        sumber: piece.sumber.clone(),
        tabel: table.to_owned(),
        nama_berkas: entry.nama.clone(),
        anggota: piece.anggota.clone(),
        sha256: entry.sha256.clone(),
        ukuran: entry.ukuran,
        kabupaten: kabupaten.to_owned(),
        periode: piece.periode.clone().or_else(|| piece.periode_bantuan.clone()),
        tahap: piece.tahap.clone(),
        urutan: counted.order,
        waktu_masuk: entry.waktu_masuk.clone(),
        baris: if derived {
            (summary.rumah_tangga, 0, 0)
        } else {
            (summary.baris_dibaca, summary.baris_karantina, summary.skipped())
        },
        kolom: if derived { Vec::new() } else { summary.kolom.clone() },
        folder: folder.to_owned(),
        dilewati: if derived {
            BTreeMap::new()
        } else {
            summary.baris_dilewati.clone()
        },
        temuan: if derived {
            BTreeMap::new()
        } else {
            summary.temuan.clone()
        },
        koreksi_tanpa_baris: summary.koreksi_tanpa_baris.clone(),
        kata: summary.kata.get(table).cloned().unwrap_or_default(),
        parquet: main_table.then(|| folder.join(format!("{table}.parquet"))),
    }
}

/// The periode of a file, else its stage.
pub fn told_period(file: &SourceFile) -> Option<String> {
    let stage = || file.tahap.as_ref().map(|stage| format!("tahap {stage}"));
    file.periode.clone().or_else(stage)
}

/// Puts what was built into the record.
pub fn note_built(record: &mut RunRecord, files: &[SourceFile], built: &Built) {
    record.baris.clone_from(&built.rows);
    record.temuan.clone_from(&built.findings);
    record.gerbang.clone_from(&built.failures);
    record
        .langkah
        .extend(built.seconds.iter().map(|(model, seconds)| (model.clone(), *seconds)));
    let mut findings = built.findings_by_file.clone();
    for file in files {
        // A file that fills two tables stands twice; its findings count once, for the table that has its columns.
        let has_columns = !file.kolom.is_empty();
        let of_file = has_columns.then(|| findings.remove(&file.id_berkas)).flatten();
        let balance = built
            .balance
            .iter()
            .find(|row| row.id_berkas == file.id_berkas && row.tabel == file.tabel);
        record.berkas.push(FileRecord {
            id_berkas: file.id_berkas.clone(),
            nama: file.nama_berkas.clone(),
            anggota: file.anggota.clone(),
            sumber: file.sumber.clone(),
            tabel: file.tabel.clone(),
            periode: told_period(file),
            dibaca: balance.map_or(0, |row| row.dibaca),
            disimpan: balance.map_or(0, |row| row.disimpan),
            ganda: balance.map_or(0, |row| row.ganda),
            karantina: balance.map_or(0, |row| row.karantina),
            dilewati: file.dilewati.clone(),
            temuan: of_file.unwrap_or_default(),
        });
    }
}

/// What became of a file that came.
pub fn arrival_record(arrival: &Arrival, versions: &[Version<'_>]) -> ArrivalRecord {
    let name = arrival
        .path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let (result, entry, refusal) = match &arrival.outcome {
        Ingestion::New(entry) => ("baru", Some(entry), None),
        Ingestion::Known(entry) => ("sudah_ada", Some(entry), None),
        Ingestion::Other(entry) => ("lain", Some(entry), None),
        Ingestion::Gone => ("hilang", None, None),
        Ingestion::Refused(refusal) => ("ditolak", None, Some(refusal.clone())),
    };
    let is_new = result == "baru" || result == "lain";
    let mut notes = entry
        .filter(|_| is_new)
        .map_or_else(Vec::new, |entry| entry.catatan.clone());
    notes.extend(entry.and_then(|entry| why_not(entry, is_new, versions)));
    if let Some(entry) = entry.filter(|entry| !is_new && entry.nama != name) {
        notes.push(format!(
            "the same bytes as `{}`, which is in the lake as {} {}; they count once, under that name; if that is wrong: \
             `bansos360 lake assign {} --tahap N`, `--periode YYYY-MM` or `--sumber SOURCE`",
            entry.nama,
            entry.sumber,
            entry.periode,
            entry.short_id()
        ));
    }
    if result == "hilang" {
        notes.push("it was taken away before it could be copied".to_owned());
    }
    ArrivalRecord {
        nama: name,
        hasil: result.to_owned(),
        sumber: entry.map(|entry| entry.sumber.clone()),
        penolakan: refusal,
        catatan: notes,
    }
}

/// Why a file that came counts for nothing, and which command mends it.
fn why_not(entry: &Entry, is_new: bool, versions: &[Version<'_>]) -> Option<String> {
    let since = entry.waktu_masuk.get(..10).unwrap_or_default();
    let id = entry.short_id();
    if entry.is_retracted() {
        return Some(format!(
            "these bytes are in the lake since {since} and were retracted; `bansos360 lake retract {id} --batal --alasan \"...\"` \
             makes them count again"
        ));
    }
    let mut own = versions.iter().filter(|version| version.entry.sha256 == entry.sha256);
    let first = own.next()?;
    if first.verdict.counts() || own.any(|version| version.verdict.counts()) {
        return None;
    }
    match first.verdict {
        _ if is_new => Some("a newer file of the same source and periode counts instead".to_owned()),
        Verdict::Newer(by) | Verdict::Replaced(by, _) => Some(format!(
            "these bytes are in the lake since {since} and `{}` counts instead; bringing them again changes nothing; \
             `bansos360 lake replace {} {id} --alasan \"...\"` makes them count",
            by.nama,
            by.short_id()
        )),
        _ => None,
    }
}
