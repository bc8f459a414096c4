//! `bansos360 history`.

use super::Ended;
use super::args::Global;
use super::output::Output;
use super::release_args::{HistoryArgs, HistoryShow};
use super::run::body;
use super::table::{table, thousands};
use crate::config::{Config, Zone};
use crate::run::{ArrivalRecord, PastRun, RunRecord, as_known, history as past_runs, record_named};
use crate::workspace::Workspace;

/// Lists the latest runs, or tells the record of one.
pub fn history(global: &Global, args: &HistoryArgs, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let zone = Config::load(workspace.root())?.run.zona_waktu;
    if let Some(HistoryShow::Show { run }) = &args.tindakan {
        return show(&workspace, run, zone, output);
    }
    let runs = past_runs(&workspace, (args.batas > 0).then_some(args.batas))?;
    if output.is_json() {
        output.json(&runs);
    } else if runs.is_empty() {
        output.result("No run yet");
    } else {
        output.result(&as_text(&runs, zone));
    }
    Ok(0)
}

fn as_text(runs: &[PastRun], zone: Zone) -> String {
    let rows: Vec<Vec<String>> = runs.iter().map(|run| line(run, zone)).collect();
    let headings = [
        "run",
        "began",
        "result",
        "exit",
        "seconds",
        "rows read",
        "rows kept",
        "in marts",
        "GALAT",
        "PERINGATAN",
        "INFO",
        "release",
    ];
    let mut text = table(&headings, &[3, 4, 5, 6, 7, 8, 9, 10], &rows);
    for run in runs {
        let notes = run.catatan.iter().chain(&run.sebab);
        text.extend(notes.map(|note| format!("  {}: {note}\n", run.run_id)));
    }
    text
}

fn line(run: &PastRun, zone: Zone) -> Vec<String> {
    let known = |rows: i64| if rows == 0 { String::new() } else { thousands(rows) };
    let level = |name: &str| known(run.temuan.get(name).copied().unwrap_or(0));
    let release = run.rilis.as_ref().map_or_else(String::new, |release| {
        let own = if *release == run.run_id { "its own" } else { release };
        match run.keadaan_rilis {
            Some("kept") | None => own.to_owned(),
            Some(state) => format!("{own} ({state})"),
        }
    });
    vec![
        run.run_id.clone(),
        run.mulai.as_deref().map_or_else(String::new, |time| zone.shown(time)),
        run.hasil.clone().unwrap_or_else(|| "?".to_owned()),
        run.kode_keluar.map_or_else(|| "?".to_owned(), |code| code.to_string()),
        run.detik
            .map_or_else(|| "?".to_owned(), |seconds| format!("{seconds:.1}")),
        known(run.baris_masuk),
        known(run.baris_disimpan),
        known(run.baris_mart),
        level("GALAT"),
        level("PERINGATAN"),
        level("INFO"),
        release,
    ]
}

fn show(workspace: &Workspace, typed: &str, zone: Zone, output: Output) -> Ended {
    let (run_id, raw) = record_named(workspace, typed)?;
    if output.is_json() {
        output.json(&raw);
        return Ok(0);
    }
    match as_known(&run_id, &raw) {
        Some(record) => output.result(&told(&record, zone)),
        None => {
            output.say("note: the record is of another version of the program, and shown as it stands");
            output.result(&serde_json::to_string_pretty(&raw).unwrap_or_default());
        }
    }
    Ok(0)
}

fn told(record: &RunRecord, zone: Zone) -> String {
    let result = serde_json::to_value(record.hasil).unwrap_or_default();
    let mut text = format!(
        "Run {}: {}, exit code {}\n  began {}, took {:.1} s, program {}\n",
        record.run_id,
        result.as_str().unwrap_or_default(),
        record.kode_keluar,
        zone.shown(&record.mulai),
        record.detik,
        record.versi,
    );
    if let Some(cause) = &record.sebab {
        text.push_str(&format!("  {cause}\n"));
    }
    if let Some(back) = &record.mundur {
        let by = back
            .oleh
            .as_ref()
            .map_or_else(String::new, |who| format!(" by `{who}`"));
        let why = back.alasan.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        text.push_str(&format!("  switched from {} to {}{by}{why}\n", back.dari, back.ke));
    }
    if let Some(release) = &record.rilis {
        text.push_str(&format!("  readers opened release {release} afterwards\n"));
    }
    text.push('\n');
    if !record.berkas_masuk.is_empty() {
        text.push_str(&format!("Brought\n{}\n", arrivals(&record.berkas_masuk)));
    }
    text.push_str(&body(record));
    for failure in &record.gerbang {
        text.push_str(&format!(
            "  check `{}` failed on {}: {}\n",
            failure.uji, failure.pada, failure.pesan
        ));
    }
    let mut steps: Vec<(&String, &f64)> = record.langkah.iter().collect();
    steps.sort_by(|left, right| right.1.total_cmp(left.1));
    let rows: Vec<Vec<String>> = steps
        .iter()
        .take(8)
        .map(|(name, seconds)| vec![(*name).clone(), format!("{seconds:.2}")])
        .collect();
    if !rows.is_empty() {
        text.push_str(&format!("Longest steps\n{}", table(&["step", "seconds"], &[1], &rows)));
    }
    text
}

fn arrivals(arrivals: &[ArrivalRecord]) -> String {
    let rows: Vec<Vec<String>> = arrivals
        .iter()
        .map(|arrival| {
            let why = arrival.penolakan.as_ref().map(ToString::to_string);
            vec![
                arrival.nama.clone(),
                arrival.sumber.clone().unwrap_or_default(),
                arrival.hasil.clone(),
                why.unwrap_or_else(|| arrival.catatan.join("; ")),
            ]
        })
        .collect();
    table(&["file", "source", "result", "note"], &[], &rows)
}
