//! `bansos360 run`.

use super::Ended;
use super::args::{Asked, Global, RunArgs};
use super::output::Output;
use super::plan::plan;
use super::progress::Teller;
use super::table::{table, thousands};
use super::test::{is_worth_telling, listed, totals, write_junit};
use crate::run::{FileRecord, Outcome, Project, RunError, RunOptions, RunRecord, run as carry_out, test_current};
use crate::workspace::Workspace;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// Carries out a run and prints its summary. A folder that is no workspace yet becomes one.
pub fn run(global: &Global, args: &RunArgs, output: Output) -> Ended {
    let wait = args.patience.begin()?;
    if args.dry_run {
        return plan(global, &args.asked, output);
    }
    let workspace = global.make()?;
    let project = Project::load(Some(workspace.root()))?;
    let teller = Teller::new(output);
    let options = RunOptions {
        wait,
        ..options(&args.asked)
    };
    let record = carry_out(&workspace, &project, &options, &teller);
    teller.done();
    let record = record?;
    tell_checks(&record, output);
    if let Some(path) = &args.junit {
        write_tests(path, &record, &workspace, &project)?;
    }
    if output.is_json() {
        output.json(&record);
    } else {
        output.result(&summary(&record, &workspace));
    }
    Ok(record.kode_keluar)
}

/// What a run, or a rehearsal of it, is asked to do.
pub fn options(args: &Asked) -> RunOptions {
    RunOptions {
        paths: args.paths.clone(),
        periode: args.periode.clone(),
        as_of: args.as_of,
        full: args.choice.full,
        izinkan_terbuka: args.choice.izinkan_terbuka,
        selection: args.choice.selection(),
        thorough: args.teliti,
        wait: Duration::ZERO,
    }
}

/// The tests of this run; those of the release that stays, where nothing has changed.
fn write_tests(path: &Path, record: &RunRecord, workspace: &Workspace, project: &Project) -> Result<(), RunError> {
    let seconds = record.langkah.get("test").copied().unwrap_or(0.0);
    if record.hasil == Outcome::Unchanged {
        return write_junit(path, &test_current(workspace, project, &[])?, seconds);
    }
    write_junit(path, &record.uji, seconds)
}

/// Checks that failed, and files of the lake that are refused now.
fn tell_checks(record: &RunRecord, output: Output) {
    for failure in &record.gerbang {
        output.fault(&format!(
            "error[E0301]: check `{}` failed on {}: {}",
            failure.uji, failure.pada, failure.pesan
        ));
    }
}

fn summary(record: &RunRecord, workspace: &Workspace) -> String {
    let mut text = body(record);
    text.push_str(&ending(record, workspace));
    text
}

/// What a run has read, made and found.
pub fn body(record: &RunRecord) -> String {
    let mut text = String::new();
    if !record.berkas.is_empty() {
        text.push_str("Files\n");
        text.push_str(&files_table(&record.berkas));
        text.push('\n');
    }
    if !record.baris.is_empty() {
        let rows = |is_mart: bool| -> Vec<Vec<String>> {
            let chosen = record
                .baris
                .iter()
                .filter(|(name, _)| name.starts_with("mart_") == is_mart);
            chosen
                .map(|(name, rows)| vec![name.clone(), thousands(*rows)])
                .collect()
        };
        text.push_str(&format!(
            "Warehouse\n{}\n",
            table(&["table", "rows"], &[1], &rows(false))
        ));
        text.push_str(&format!("Marts\n{}\n", table(&["mart", "rows"], &[1], &rows(true))));
    }
    if !record.temuan.is_empty() {
        let counts: Vec<String> = record
            .temuan
            .iter()
            .rev()
            .map(|(level, count)| format!("{} {level}", thousands(*count)))
            .collect();
        text.push_str(&format!("Findings: {}\n", counts.join(", ")));
    }
    if !record.uji.is_empty() {
        text.push_str(&format!("Tests: {}\n", totals(&record.uji)));
        text.push_str(&listed(record.uji.iter().filter(|result| is_worth_telling(result))));
    }
    text
}

pub fn files_table(files: &[FileRecord]) -> String {
    let mut total = (0, 0, 0, 0, 0);
    let mut seen = BTreeSet::new();
    let mut rows: Vec<Vec<String>> = files
        .iter()
        .map(|file| {
            let skipped = i64::try_from(file.dilewati.values().sum::<u64>()).unwrap_or(i64::MAX);
            // A file that fills two tables was read once.
            if seen.insert(&file.id_berkas) {
                total.0 += file.dibaca;
                total.1 += file.disimpan;
                total.2 += file.ganda;
                total.3 += file.karantina;
                total.4 += skipped;
            }
            vec![
                match &file.anggota {
                    Some(member) => format!("{} › {member}", file.nama),
                    None => file.nama.clone(),
                },
                file.sumber.clone(),
                file.periode.clone().unwrap_or_default(),
                thousands(file.dibaca),
                thousands(file.disimpan),
                thousands(file.ganda),
                thousands(file.karantina),
                thousands(skipped),
            ]
        })
        .collect();
    rows.push(vec![
        "total".to_owned(),
        String::new(),
        String::new(),
        thousands(total.0),
        thousands(total.1),
        thousands(total.2),
        thousands(total.3),
        thousands(total.4),
    ]);
    table(
        &[
            "file",
            "source",
            "period",
            "read",
            "kept",
            "merged",
            "quarantined",
            "skipped",
        ],
        &[3, 4, 5, 6, 7],
        &rows,
    )
}

fn ending(record: &RunRecord, workspace: &Workspace) -> String {
    let because = record
        .sebab
        .as_ref()
        .map_or_else(String::new, |cause| format!(": {cause}"));
    let current = workspace.current();
    match record.hasil {
        Outcome::Published => {
            format!(
                "Published {} in {:.1} s: open {}\n",
                record.run_id,
                record.detik,
                current.join("marts").display()
            )
        }
        Outcome::Unchanged => {
            let idle = |step: &str| record.dilewati.get(step).map(|why| format!("  {step}: {why}\n"));
            let steps: String = ["ingest", "stage"].into_iter().filter_map(idle).collect();
            format!("Nothing to do{because} ({:.1} s)\n{steps}", record.detik)
        }
        Outcome::KeptBack => format!("Nothing published{because}\n"),
        Outcome::Failed => format!("Failed{because}\n"),
        Outcome::Stopped => format!("Stopped{because}; nothing published\n"),
        Outcome::Empty => format!("Nothing to build{because}\n"),
        Outcome::RolledBack => format!("Switched to another release{because}\n"),
        Outcome::Planned => "Nothing has been changed\n".to_owned(),
        Outcome::Ingested => format!("Brought into the lake in {:.1} s\n", record.detik),
    }
}
