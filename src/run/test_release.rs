//! Data tests of a release: before it is published, and again whenever somebody asks.

use super::{Project, RunError, release};
use crate::config::UjiLevel;
use crate::lake::{Decisions, Erasures};
use crate::mart::Katalog;
use crate::uji::{Previous, Suite, TestResult, Verdict};
use crate::warehouse::{Built, GateFailure, TestLevel};
use crate::workspace::Workspace;
use chrono::NaiveDate;
use std::path::Path;

/// Tests a release that has been built and not published, with what the build itself has measured.
pub(super) fn test_built(
    workspace: &Workspace,
    project: &Project,
    folder: &Path,
    built: &Built,
    today: NaiveDate,
) -> Result<Vec<TestResult>, RunError> {
    let before = release::current_katalog(workspace);
    let since = before.as_ref().map(|katalog| katalog.waktu.clone());
    let suite = Suite {
        workspace: workspace.root(),
        release: folder,
        config: &project.config,
        models: &project.models,
        bundle: &project.bundle,
        previous: before.map(previous),
        today,
        keys_hold: !built.failures.iter().any(|failure| failure.uji == "kunci_unik"),
    };
    let mut results = suite.run(&[])?;
    told_by_people(workspace, since.as_deref(), &mut results)?;
    let off = |kind: &str| project.config.uji.tingkat.get(kind) == Some(&UjiLevel::Mati);
    if !off("neraca") {
        results.extend(balances(built));
    }
    Ok(results)
}

/// Tests the release that readers open; changes nothing.
///
/// # Errors
/// [`RunError`] where there is none, or it cannot be read.
pub fn test_current(workspace: &Workspace, project: &Project, select: &[String]) -> Result<Vec<TestResult>, RunError> {
    let folder = workspace.current_release().ok_or_else(|| {
        RunError::Usage(format!(
            "`{}` has published nothing yet; type `bansos360 run` first",
            workspace.root().display()
        ))
    })?;
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let before = release::katalog_before(workspace, &name.unwrap_or_default());
    let since = before.as_ref().map(|katalog| katalog.waktu.clone());
    let suite = Suite {
        workspace: workspace.root(),
        release: &folder,
        config: &project.config,
        models: &project.models,
        bundle: &project.bundle,
        previous: before.map(previous),
        today: project.config.run.zona_waktu.today(),
        keys_hold: false,
    };
    let mut results = suite.run(select)?;
    told_by_people(workspace, since.as_deref(), &mut results)?;
    Ok(results)
}

/// Rows that are gone because a person has taken a file out since the release before are no accident: told, and not kept back.
fn told_by_people(workspace: &Workspace, since: Option<&str>, results: &mut [TestResult]) -> Result<(), RunError> {
    let Some(since) = since else {
        return Ok(());
    };
    let decided = Decisions::read(workspace)?.any_since(since) || Erasures::read(workspace)?.any_since(since);
    if !decided {
        return Ok(());
    }
    for result in results.iter_mut().filter(|result| result.jenis == "volume") {
        if result.hasil == Verdict::Galat {
            result.hasil = Verdict::Peringatan;
            result.pesan = Some("files were taken out by hand since then (`bansos360 lake list`)".to_owned());
        }
    }
    Ok(())
}

fn previous(katalog: Katalog) -> Previous {
    Previous {
        run_id: katalog.run_id,
        rows: katalog.mart.into_iter().map(|mart| (mart.nama, mart.baris)).collect(),
    }
}

/// Rows read against rows accounted for, one test a file and table; the gate has judged them.
fn balances(built: &Built) -> impl Iterator<Item = TestResult> {
    built.balance.iter().map(|row| {
        let accounted = row.disimpan + row.ganda + row.karantina + row.dilewati;
        let holds = accounted == row.dibaca && row.ganda >= 0;
        TestResult {
            uji: format!("neraca.{}.{}", row.id_berkas, row.tabel),
            jenis: "neraca".to_owned(),
            tingkat: TestLevel::Galat,
            terukur: Some(accounted as f64),
            ambang: format!("= {}", row.dibaca),
            hasil: if holds { Verdict::Lulus } else { Verdict::Galat },
            pesan: None,
            contoh: Vec::new(),
        }
    })
}

/// The tests that keep the release back, as the run tells them. What the gate has told is not told twice.
pub(super) fn failures(results: &[TestResult]) -> impl Iterator<Item = GateFailure> {
    results
        .iter()
        .filter(|result| result.hasil == Verdict::Galat && result.jenis != "neraca" && result.jenis != "kunci_unik")
        .map(|result| GateFailure {
            uji: result.jenis.clone(),
            pada: result.uji.clone(),
            pesan: format!("measured {}{}", result.figures(), result.words()),
        })
}
