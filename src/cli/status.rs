//! `bansos360 status`.

use super::Ended;
use super::args::Global;
use super::output::Output;
use super::table::{table, thousands};
use crate::config::Zone;
use crate::lake::{Catalogue, inbox_files, refused_files, state_of};
use crate::run::{LastRun, Project, current_katalog, newest_run};
use crate::workspace::Workspace;

/// Says what the lake holds and which of it counts, what is current, and what waits in the inbox.
pub fn status(global: &Global, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    let zone = project.config.run.zona_waktu;
    let catalogue = Catalogue::read(&workspace)?;
    let versions = catalogue.versions(&project.pipelines);
    let waiting = inbox_files(&workspace)?;
    let refused = refused_files(&workspace)?;
    let katalog = current_katalog(&workspace);
    let last = newest_run(&workspace, |_| true);
    if output.is_json() {
        output.json(&serde_json::json!({
            "lake": catalogue.entries.iter().map(|entry| serde_json::json!({
                "nama": entry.nama, "sumber": entry.sumber, "periode": entry.periode, "sha256": entry.sha256,
                "ukuran": entry.ukuran, "waktu_masuk": entry.waktu_masuk, "keadaan": state_of(entry, &versions),
            })).collect::<Vec<_>>(),
            "rilis": katalog,
            "run_terakhir": last,
            "menunggu": waiting.iter().map(|(_, name)| name).collect::<Vec<_>>(),
            "ditolak": refused,
        }));
        return Ok(0);
    }
    let rows: Vec<Vec<String>> = catalogue
        .entries
        .iter()
        .map(|entry| {
            vec![
                entry.nama.clone(),
                entry.sumber.clone(),
                entry.periode.clone(),
                zone.shown(&entry.waktu_masuk),
                thousands(i64::try_from(entry.ukuran / 1024).unwrap_or(i64::MAX)),
                state_of(entry, &versions),
            ]
        })
        .collect();
    let mut text = format!(
        "Lake\n{}\n",
        table(&["file", "source", "period", "came", "KiB", "state"], &[4], &rows)
    );
    match katalog {
        Some(katalog) => {
            let marts: Vec<Vec<String>> = katalog
                .mart
                .iter()
                .map(|mart| vec![mart.nama.clone(), thousands(mart.baris)])
                .collect();
            text.push_str(&format!(
                "Current: {} of {}\n{}\n",
                katalog.run_id,
                zone.shown(&katalog.waktu),
                table(&["mart", "rows"], &[1], &marts)
            ));
        }
        None => text.push_str("Current: nothing published yet\n"),
    }
    if let Some(last) = &last {
        text.push_str(&told(last, zone));
    }
    let names: Vec<&str> = waiting.iter().map(|(_, name)| name.as_str()).collect();
    text.push_str(&format!(
        "Waiting in the inbox: {}\n",
        if names.is_empty() {
            "nothing".to_owned()
        } else {
            names.join(", ")
        }
    ));
    if !refused.is_empty() {
        text.push_str(&format!(
            "Refused, in inbox/ditolak with the reason: {}\n",
            refused.join(", ")
        ));
    }
    output.result(&text);
    Ok(0)
}

fn told(run: &LastRun, zone: Zone) -> String {
    format!(
        "Last run: {}, {}, exit code {}, {:.1} s, ended {}\n",
        run.run_id,
        run.hasil.as_str(),
        run.kode_keluar,
        run.detik,
        zone.shown(&run.selesai)
    )
}
