//! `bansos360 plan`, and `run --dry-run`.

use super::Ended;
use super::args::{Asked, Global};
use super::output::Output;
use super::progress::Teller;
use super::run::{files_table, options};
use super::table::{table, thousands};
use crate::run::{ArrivalRecord, Outcome, Project, RowChange, RunRecord, plan as rehearse};
use crate::warehouse::{Fate, Materialized, ModelPlan};
use crate::workspace::Workspace;

/// Says what a run would do, and why. Nothing is written but a folder of its own, which goes again.
pub fn plan(global: &Global, args: &Asked, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    let teller = Teller::new(output);
    let record = rehearse(&workspace, &project, &options(args), &teller);
    teller.done();
    let record = record?;
    if output.is_json() {
        output.json(&record);
    } else {
        output.result(&told(&record));
    }
    Ok(record.kode_keluar)
}

fn told(record: &RunRecord) -> String {
    let mut text = String::new();
    if !record.berkas_masuk.is_empty() {
        text.push_str(&format!("Files that come\n{}\n", arrivals_table(&record.berkas_masuk)));
    }
    if record.hasil == Outcome::Planned {
        text.push_str(&format!("Files that would count\n{}\n", files_table(&record.berkas)));
        text.push_str(&changes(&record.perubahan));
    }
    text.push_str(&models(&record.rencana));
    text.push_str(&ending(record));
    text
}

fn arrivals_table(arrivals: &[ArrivalRecord]) -> String {
    let rows: Vec<Vec<String>> = arrivals
        .iter()
        .map(|arrival| {
            let result = match arrival.hasil.as_str() {
                "baru" => "new",
                "sudah_ada" => "known",
                "lain" => "unknown, would be kept",
                "hilang" => "missing",
                _ => "refused",
            };
            let note = arrival.penolakan.as_ref().map_or_else(
                || arrival.catatan.join("; "),
                |refusal| format!("{}: {}", refusal.code, refusal.message),
            );
            vec![
                result.to_owned(),
                arrival.nama.clone(),
                arrival.sumber.clone().unwrap_or_default(),
                note,
            ]
        })
        .collect();
    table(&["what", "file", "source", "note"], &[], &rows)
}

fn changes(changes: &[RowChange]) -> String {
    if changes.is_empty() {
        return "Rows: the same files count as in the release that readers open\n\n".to_owned();
    }
    let rows: Vec<Vec<String>> = changes
        .iter()
        .map(|change| {
            let signed = change.nanti - change.sekarang;
            let sign = if signed > 0 { "+" } else { "" };
            let files = change.bertambah.iter().map(|name| format!("+ {name}"));
            let gone = change.berkurang.iter().map(|name| format!("- {name}"));
            vec![
                change.tabel.clone(),
                thousands(change.sekarang),
                thousands(change.nanti),
                format!("{sign}{}", thousands(signed)),
                files.chain(gone).collect::<Vec<_>>().join(", "),
            ]
        })
        .collect();
    let rows = table(&["table", "now", "then", "change", "files"], &[1, 2, 3], &rows);
    format!("Rows, before duplicates are merged\n{rows}\n")
}

fn models(plan: &[ModelPlan]) -> String {
    let rows: Vec<Vec<String>> = plan
        .iter()
        .filter(|model| !matches!(model.jenis, Materialized::View))
        .filter(|model| !(model.jenis == Materialized::Temp && model.hasil == Fate::TidakPerlu))
        .map(|model| {
            let why = match (model.jenis, model.hasil) {
                (Materialized::Temp, _) => "a model that is built reads it".to_owned(),
                (_, Fate::Tetap) => "nothing that decides it has changed".to_owned(),
                (_, Fate::Tertinggal) => "stale, and not selected".to_owned(),
                _ => model.sebab.join("; "),
            };
            let what = match model.hasil {
                Fate::Dibangun => "build",
                Fate::Tetap => "keep",
                Fate::Tertinggal => "leave",
                Fate::TidakPerlu => "skip",
            };
            let kind = match model.jenis {
                Materialized::Table => "table",
                Materialized::View => "view",
                Materialized::Temp => "in between",
                Materialized::Mart => "mart",
                Materialized::Temuan => "findings",
            };
            vec![what.to_owned(), model.model.clone(), kind.to_owned(), why]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("Models\n{}\n", table(&["what", "model", "kind", "why"], &[], &rows))
}

fn ending(record: &RunRecord) -> String {
    let because = record
        .sebab
        .as_ref()
        .map_or_else(String::new, |cause| format!(": {cause}"));
    let count = |kind: Materialized| {
        let of_kind = record.rencana.iter().filter(|model| model.jenis == kind);
        let (built, all) = of_kind.fold((0, 0), |(built, all), model| {
            (built + i32::from(model.hasil == Fate::Dibangun), all + 1)
        });
        format!("{built} of {all}")
    };
    match record.hasil {
        Outcome::Planned => format!(
            "A run would build {} tables, {} marts and publish a release; nothing has been changed\n",
            count(Materialized::Table),
            count(Materialized::Mart)
        ),
        Outcome::Unchanged => format!("A run would do nothing{because}\n"),
        Outcome::Empty => format!("A run would build nothing{because}\n"),
        _ => format!("A run would stop{because}\n"),
    }
}
