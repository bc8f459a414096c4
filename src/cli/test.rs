//! `bansos360 test`.

use super::Ended;
use super::args::{Global, TestArgs};
use super::output::Output;
use super::table::table;
use crate::files::write_atomic;
use crate::run::{Project, RunError, test_current};
use crate::uji::{TestResult, Verdict, junit, number};
use crate::workspace::Workspace;
use std::path::Path;
use std::time::Instant;

/// Runs the data tests on the current release and changes nothing.
pub fn test(global: &Global, args: &TestArgs, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let project = Project::load(Some(workspace.root()))?;
    let start = Instant::now();
    let results = test_current(&workspace, &project, &args.select)?;
    let seconds = start.elapsed().as_secs_f64();
    if results.is_empty() {
        return Err(RunError::Usage(format!(
            "no data test is called {}; `bansos360 test --format json` lists them all",
            args.select
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    if let Some(path) = &args.junit {
        write_junit(path, &results, seconds)?;
    }
    if output.is_json() {
        output.json(&results);
    } else {
        let shown = |result: &&TestResult| !args.select.is_empty() || is_worth_telling(result);
        let mut text = listed(results.iter().filter(shown));
        text.push_str(&format!("Tests: {} ({seconds:.1} s)\n", totals(&results)));
        output.result(&text);
    }
    let failed = results.iter().any(|result| result.hasil == Verdict::Galat);
    Ok(if failed { 4 } else { 0 })
}

/// Writes JUnit XML that only its owner can read.
pub fn write_junit(path: &Path, results: &[TestResult], seconds: f64) -> Result<(), RunError> {
    Ok(write_atomic(path, junit(results, seconds).as_bytes())?)
}

/// "312 passed, 1 warning, 0 failed, 2 skipped".
pub fn totals(results: &[TestResult]) -> String {
    let count = |verdict: Verdict| results.iter().filter(|result| result.hasil == verdict).count();
    format!(
        "{} passed, {} warned, {} failed, {} not judged",
        count(Verdict::Lulus),
        count(Verdict::Peringatan),
        count(Verdict::Galat),
        count(Verdict::Dilewati)
    )
}

/// Does a person want to see it among hundreds that hold?
pub fn is_worth_telling(result: &TestResult) -> bool {
    matches!(result.hasil, Verdict::Galat | Verdict::Peringatan)
}

/// A table of tests; nothing where there are none.
pub fn listed<'r>(results: impl Iterator<Item = &'r TestResult>) -> String {
    let rows: Vec<Vec<String>> = results
        .map(|result| {
            vec![
                verdict(result.hasil).to_owned(),
                result.uji.clone(),
                result.terukur.map_or_else(|| "-".to_owned(), number),
                result.ambang.clone(),
                result.words().trim_start_matches("; ").to_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "{}\n",
        table(&["", "test", "measured", "threshold", "what it says"], &[2], &rows)
    )
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Lulus => "ok",
        Verdict::Peringatan => "PERINGATAN",
        Verdict::Galat => "GALAT",
        Verdict::Dilewati => "-",
    }
}
