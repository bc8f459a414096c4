//! What has run: the records of `runs/`, the newest first. Records of other versions, cut off or put there by somebody are told with a
//! note; none of them ends the command.

use super::releases::{Releases, only_one};
use super::{RunError, RunRecord};
use crate::files::failed;
use crate::workspace::Workspace;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A run of the past, in one line.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PastRun {
    /// Its id.
    pub run_id: String,
    /// When it began, UTC.
    pub mulai: Option<String>,
    /// How long it took, seconds.
    pub detik: Option<f64>,
    /// How it ended, as in its record.
    pub hasil: Option<String>,
    /// Its exit code.
    pub kode_keluar: Option<i64>,
    /// Why nothing is new, or nothing was published.
    pub sebab: Option<String>,
    /// The release that readers opened afterwards.
    pub rilis: Option<String>,
    /// What has become of that release: `current`, `kept`, `removed`.
    pub keadaan_rilis: Option<&'static str>,
    /// Rows read from the files that counted.
    pub baris_masuk: i64,
    /// Rows of them that the warehouse took.
    pub baris_disimpan: i64,
    /// Rows of all marts.
    pub baris_mart: i64,
    /// Findings by level.
    pub temuan: BTreeMap<String, i64>,
    /// Files that were refused.
    pub ditolak: usize,
    /// What is the matter with the record itself.
    pub catatan: Option<String>,
}

/// Is this a name that a run has given: day and time, a dash, and what tells runs of one second apart?
pub fn is_run_id(name: &str) -> bool {
    let bytes = name.as_bytes();
    let digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    digits(0..8) && bytes.get(8) == Some(&b'T') && digits(9..15) && bytes.get(15) == Some(&b'-')
}

/// The latest runs, the newest first; all of them without a limit.
///
/// # Errors
/// [`RunError`] where the folder of records cannot be read.
pub fn history(workspace: &Workspace, limit: Option<usize>) -> Result<Vec<PastRun>, RunError> {
    let releases = Releases::read(workspace);
    let names = record_names(workspace)?;
    let chosen = names.iter().rev().take(limit.unwrap_or(usize::MAX));
    Ok(chosen
        .map(|name| match read_record(workspace, name) {
            Ok(record) => past(name, &record, &releases),
            Err(problem) => PastRun {
                run_id: name.clone(),
                catatan: Some(problem),
                ..PastRun::default()
            },
        })
        .collect())
}

/// The record of one run, by its id or the beginning of it.
///
/// # Errors
/// [`RunError::Usage`] where none or several are meant, or the record cannot be read.
pub fn record_named(workspace: &Workspace, typed: &str) -> Result<(String, Value), RunError> {
    let names = record_names(workspace)?;
    let name = only_one(&names, typed, "run", "history")?;
    let record = read_record(workspace, name)
        .map_err(|problem| RunError::Usage(format!("the record of run `{name}` {problem}")))?;
    Ok((name.to_owned(), record))
}

/// A record as this version knows it; what an older one has not written is empty.
pub fn as_known(run_id: &str, record: &Value) -> Option<RunRecord> {
    let mut whole = serde_json::to_value(RunRecord::empty(run_id, String::new())).ok()?;
    for (key, value) in record.as_object()? {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).ok()
}

fn record_names(workspace: &Workspace) -> Result<Vec<String>, RunError> {
    let folder = workspace.runs();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .map_err(failed("read folder", &folder))?
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .filter(|name| is_run_id(name))
        .collect();
    names.sort();
    Ok(names)
}

fn read_record(workspace: &Workspace, name: &str) -> Result<Value, String> {
    let path = workspace.runs().join(format!("{name}.json"));
    let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("is no record: {error}"))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err("is no record".to_owned())
    }
}

fn past(name: &str, record: &Value, releases: &Releases) -> PastRun {
    let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
    let rilis = text("rilis");
    let state = |release: &String| {
        if releases.current.as_ref() == Some(release) {
            "current"
        } else if releases.names.contains(release) {
            "kept"
        } else {
            "removed"
        }
    };
    let (baris_masuk, baris_disimpan) = rows_of_files(record);
    let missing: Vec<&str> = ["mulai", "hasil", "kode_keluar", "detik"]
        .into_iter()
        .filter(|key| record.get(key).is_none())
        .collect();
    PastRun {
        run_id: name.to_owned(),
        mulai: text("mulai"),
        detik: record.get("detik").and_then(Value::as_f64),
        hasil: text("hasil"),
        kode_keluar: record.get("kode_keluar").and_then(Value::as_i64),
        sebab: text("sebab"),
        keadaan_rilis: rilis.as_ref().map(state),
        rilis,
        baris_masuk,
        baris_disimpan,
        baris_mart: counts(record, "baris")
            .iter()
            .filter(|(table, _)| table.starts_with("mart_"))
            .map(|(_, rows)| rows)
            .sum(),
        temuan: counts(record, "temuan"),
        ditolak: array(record, "berkas_masuk")
            .filter(|arrival| arrival.get("penolakan").is_some_and(|refusal| !refusal.is_null()))
            .count(),
        catatan: (!missing.is_empty()).then(|| format!("the record lacks {}", missing.join(", "))),
    }
}

/// Rows read and kept; a file that fills two tables was read once.
fn rows_of_files(record: &Value) -> (i64, i64) {
    let mut seen = BTreeSet::new();
    let mut total = (0i64, 0i64);
    for file in array(record, "berkas") {
        let rows = |key: &str| file.get(key).and_then(Value::as_i64).unwrap_or(0);
        if seen.insert(file.get("id_berkas").and_then(Value::as_str)) {
            total.0 = total.0.saturating_add(rows("dibaca"));
            total.1 = total.1.saturating_add(rows("disimpan"));
        }
    }
    total
}

fn array<'r>(record: &'r Value, key: &str) -> impl Iterator<Item = &'r Value> {
    record.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn counts(record: &Value, key: &str) -> BTreeMap<String, i64> {
    let pairs = record.get(key).and_then(Value::as_object).into_iter().flatten();
    pairs
        .filter_map(|(name, rows)| Some((name.clone(), rows.as_i64()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_runs_are_runs() {
        assert!(is_run_id("20261122T012233-00af"));
        assert!(is_run_id("20261122T012233-00af-2"));
        for other in ["", "backup", "20261122", "20261122T01223-00af", "2026é122T012233-00af"] {
            assert!(!is_run_id(other), "{other}");
        }
    }

    #[test]
    fn a_record_of_an_older_version_is_filled_up() {
        let old = serde_json::json!({"hasil": "published", "kode_keluar": 0, "baris": {"mart_1_kpm": 7}});
        let known = as_known("20261122T012233-00af", &old).unwrap();
        assert_eq!(known.baris["mart_1_kpm"], 7);
        assert!(as_known("20261122T012233-00af", &serde_json::json!({"hasil": "of tomorrow"})).is_none());
    }
}
