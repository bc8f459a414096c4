//! A corrected sheet before it is sent home: how many rows it corrects, and which of them would change nothing.

use super::report::{CorrectionReport, Example, FindingReport, PieceReport, Verdict};
use crate::lake::{CORRECTION, Catalogue, CorrectedRow, Corrections, RowKey, read_corrected};
use crate::read::ReadError;
use crate::run::{Project, RunError};
use crate::stage::{Input, position};
use crate::telusur::{RawLines, existing_lines};
use crate::temuan::{Rule, rules};
use crate::workspace::Workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// So many places are shown of each finding.
const EXAMPLES: usize = 3;

/// Tells what a corrected sheet holds. Its keys are looked up in the lake of the workspace, where there is one.
///
/// # Errors
/// The outer error is of the workspace, the inner one of the sheet.
pub(super) fn tell_correction(
    path: &Path,
    project: &Project,
    workspace: Option<&Workspace>,
) -> Result<Result<PieceReport, ReadError>, RunError> {
    let rows = match read_corrected(path) {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let mut sheets: BTreeMap<String, u64> = BTreeMap::new();
    for row in &rows {
        *sheets.entry(row.lembar.clone()).or_insert(0) += 1;
    }
    let mut findings = vec![finding(
        &rules::KOREKSI_TANPA_KUNCI,
        rows.iter().filter(|row| row.key.is_none()).map(example),
    )];
    let mut matched = None;
    if let Some(workspace) = workspace {
        let known = Known::look_up(&rows, project, workspace)?;
        let strays = rows.iter().filter(|row| known.is_stray(row));
        findings.push(finding(&rules::KOREKSI_TANPA_BARIS, strays.map(example)));
        findings.push(finding(
            &rules::KOREKSI_KOLOM_TIDAK_DIKENAL,
            known.unknown_headings(&rows).into_iter(),
        ));
        let counts = |row: &&CorrectedRow| row.key.is_some() && !known.is_stray(row);
        matched = Some(rows.iter().filter(counts).count() as u64);
    }
    findings.retain(|finding| finding.jumlah > 0);
    let mut report = PieceReport {
        hasil: if findings.is_empty() {
            Verdict::Diterima
        } else {
            Verdict::Peringatan
        },
        sumber: Some(CORRECTION.to_owned()),
        judul_sumber: Some("Baris yang dibetulkan".to_owned()),
        alasan: vec!["its first cell is that of a sheet that `temuan ekspor` has written".to_owned()],
        format: Some("xlsx".to_owned()),
        koreksi: Some(CorrectionReport {
            baris: rows.len() as u64,
            lembar: sheets,
            cocok: matched,
        }),
        ..PieceReport::default()
    };
    for finding in &findings {
        *report.temuan_per_tingkat.entry(finding.tingkat.clone()).or_insert(0) += finding.jumlah;
    }
    report.temuan = findings;
    Ok(Ok(report))
}

fn example(row: &CorrectedRow) -> Example {
    Example {
        lembar: row.lembar.clone(),
        baris: row.baris,
        nilai: None,
    }
}

fn finding(rule: &'static Rule, places: impl Iterator<Item = Example>) -> FindingReport {
    let mut found = FindingReport {
        aturan: rule.id.to_owned(),
        tingkat: rule.level.as_str().to_owned(),
        kolom: String::new(),
        jumlah: 0,
        pesan: rule.pesan.to_owned(),
        contoh: Vec::new(),
    };
    for place in places {
        found.jumlah += 1;
        if found.contoh.len() < EXAMPLES {
            found.contoh.push(place);
        }
    }
    found
}

/// What the lake knows of the rows that a sheet corrects.
struct Known {
    rows: BTreeSet<RowKey>,
    /// Headings that a sheet of a file has not, by file and sheet.
    unknown: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Known {
    fn look_up(rows: &[CorrectedRow], project: &Project, workspace: &Workspace) -> Result<Self, RunError> {
        let catalogue = Catalogue::read(workspace)?;
        let none = Corrections::default();
        let raw = RawLines {
            catalogue: &catalogue,
            pipelines: &project.pipelines,
            models: &project.models,
            corrections: &none,
        };
        let mut known = Self {
            rows: BTreeSet::new(),
            unknown: BTreeMap::new(),
        };
        let keys = rows.iter().filter_map(|row| row.key.as_ref());
        let files: BTreeSet<&str> = keys.map(|key| key.id_berkas.as_str()).collect();
        for id in files {
            known.add_file(id, rows, &raw)?;
        }
        Ok(known)
    }

    fn add_file(&mut self, id: &str, rows: &[CorrectedRow], raw: &RawLines<'_>) -> Result<(), RunError> {
        let Some((entry, piece)) = raw.piece(id) else {
            return Ok(());
        };
        let Some(pipeline) = raw.pipelines.get(&piece.sumber) else {
            return Ok(());
        };
        let input = Input::piece(entry.path.clone(), piece.indeks.zip(piece.anggota.clone()));
        let plan = raw.plan(entry, pipeline, &input)?;
        let of_file = || {
            let keyed = rows.iter().filter_map(|row| Some((row, row.key.as_ref()?)));
            keyed.filter(|(_, key)| key.id_berkas == id)
        };
        // What stands at or above the header is no row of data.
        let below_header = |key: &RowKey| {
            let sheet = plan.sheets.iter().find(|sheet| sheet.name == key.lembar);
            sheet.is_some_and(|sheet| key.nomor_baris > sheet.header.line)
        };
        let wanted = of_file()
            .filter(|(_, key)| below_header(key))
            .map(|(_, key)| (key.lembar.clone(), key.nomor_baris))
            .collect();
        let found = existing_lines(&input, &plan, &wanted)?;
        self.rows.extend(found.into_iter().map(|(lembar, nomor_baris)| RowKey {
            id_berkas: id.to_owned(),
            lembar,
            nomor_baris,
        }));
        for sheet in &plan.sheets {
            let cells = of_file().filter(|(_, key)| key.lembar == sheet.name);
            let cells = cells.flat_map(|(row, _)| &row.cells);
            let unknown = cells.filter(|(heading, nth, _)| position(&sheet.header, heading, *nth).is_none());
            let headings: BTreeSet<String> = unknown.map(|(heading, ..)| heading.clone()).collect();
            self.unknown.insert((id.to_owned(), sheet.name.clone()), headings);
        }
        Ok(())
    }

    /// Does the row name a line that is not there?
    fn is_stray(&self, row: &CorrectedRow) -> bool {
        row.key.as_ref().is_some_and(|key| !self.rows.contains(key))
    }

    /// Headings that are no longer those of the file, as places at the head of their sheets.
    fn unknown_headings(&self, rows: &[CorrectedRow]) -> Vec<Example> {
        let mut seen = BTreeSet::new();
        for row in rows {
            let Some(key) = &row.key else { continue };
            let of_sheet = self.unknown.get(&(key.id_berkas.clone(), key.lembar.clone()));
            for heading in of_sheet.into_iter().flatten() {
                seen.insert((row.lembar.clone(), heading.clone()));
            }
        }
        let places = seen.into_iter().map(|(lembar, heading)| Example {
            lembar,
            baris: 1,
            nilai: Some(heading),
        });
        places.collect()
    }
}
