//! `bansos360 ingest`.

use super::Ended;
use super::args::{Files, Global};
use super::output::Output;
use super::progress::Teller;
use super::table::table;
use crate::run::{Project, RunOptions, ingest_only};

/// Brings files into the lake and prints what became of each.
pub fn ingest(global: &Global, files: &Files, output: Output) -> Ended {
    let wait = files.patience.begin()?;
    let workspace = global.make()?;
    let project = Project::load(Some(workspace.root()))?;
    let options = RunOptions {
        paths: files.paths.clone(),
        periode: files.periode.clone(),
        izinkan_terbuka: files.izinkan_terbuka,
        wait,
        ..RunOptions::default()
    };
    let teller = Teller::new(output);
    let record = ingest_only(&workspace, &project, &options, &teller);
    teller.done();
    let record = record?;
    if output.is_json() {
        output.json(&record);
    } else {
        let rows: Vec<Vec<String>> = record
            .berkas_masuk
            .iter()
            .map(|file| {
                let result = match file.hasil.as_str() {
                    "baru" => "new",
                    "sudah_ada" => "known",
                    "lain" => "unknown, kept",
                    "hilang" => "gone",
                    _ => "refused",
                };
                vec![
                    file.nama.clone(),
                    result.to_owned(),
                    file.sumber.clone().unwrap_or_default(),
                ]
            })
            .collect();
        output.result(&table(&["file", "result", "source"], &[], &rows));
    }
    Ok(record.kode_keluar)
}
