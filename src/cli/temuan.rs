//! `bansos360 temuan`.

use super::Ended;
use super::args::{Global, TemuanArgs, TemuanTindakan};
use super::ekspor::ekspor;
use super::output::Output;
use super::release::open;
use super::table::{table, thousands};
use crate::files::write_atomic;
use crate::laporan::{
    FINDING_COLUMNS, FindingFilter, FindingRow, as_csv, as_workbook, count_by_rule, list, sheet_names,
};
use crate::run::RunError;
use crate::warehouse::{ReleaseReader, TextRow};
use std::collections::BTreeMap;

/// Lists findings of the current release.
pub fn temuan(global: &Global, args: &TemuanArgs, output: Output) -> Ended {
    if let Some(TemuanTindakan::Ekspor(args)) = &args.tindakan {
        return ekspor(global, args, output);
    }
    let opened = open(global)?;
    let filter = FindingFilter {
        aturan: args.aturan.clone(),
        sumber: args.sumber.clone(),
        kecamatan: args.kecamatan.clone(),
        desa: args.desa.clone(),
        tingkat: args.tingkat.map(|level| level.as_str().to_owned()),
    };
    known(&filter, &opened.reader)?;
    let to_file = args.csv.is_some() || args.xlsx.is_some();
    let limit = (!to_file && !output.is_json() && args.batas > 0).then_some(args.batas);
    let found = list(&opened.reader, &filter, limit)?;
    if let Some(path) = &args.csv {
        let rows: Vec<Vec<String>> = found.iter().map(FindingRow::cells).collect();
        write_atomic(path, &as_csv(&FINDING_COLUMNS, &rows).map_err(unwritable)?)?;
        output.say(&format!("{} findings written to `{}`", found.len(), path.display()));
    }
    if let Some(path) = &args.xlsx {
        let sheets = sheets(&found, args.per_desa);
        write_atomic(path, &as_workbook(&FINDING_COLUMNS, &sheets).map_err(unwritable)?)?;
        output.say(&format!(
            "{} findings on {} sheets written to `{}`",
            found.len(),
            sheets.len(),
            path.display()
        ));
    }
    if output.is_json() {
        output.json(&found);
    } else if !to_file {
        output.result(&as_text(&opened.reader, &filter, &found, limit)?);
    }
    Ok(0)
}

/// What nobody knows has no findings, and is more likely a slip.
pub fn known(filter: &FindingFilter, reader: &ReleaseReader) -> Result<(), RunError> {
    match filter.unknown(reader)? {
        None => Ok(()),
        Some((kind, name, advice)) => Err(RunError::Usage(format!(
            "there is no {kind} `{name}` in this release; {advice}"
        ))),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn unwritable(error: crate::laporan::SheetError) -> RunError {
    RunError::Usage(error.to_string())
}

/// One sheet, or one for each desa in the order of their names; what has no place comes last.
fn sheets(found: &[FindingRow], per_desa: bool) -> Vec<(String, Vec<Vec<String>>)> {
    if !per_desa {
        return vec![("Temuan".to_owned(), found.iter().map(FindingRow::cells).collect())];
    }
    let mut by_desa: BTreeMap<(bool, String, String), Vec<Vec<String>>> = BTreeMap::new();
    for row in found {
        let known = !row.desa.is_empty();
        by_desa
            .entry((!known, row.desa.clone(), row.kecamatan.clone()))
            .or_default()
            .push(row.cells());
    }
    let names: Vec<String> = by_desa
        .keys()
        .map(|(unknown, desa, kecamatan)| match (unknown, kecamatan.is_empty()) {
            (false, _) => format!("{desa} - {kecamatan}"),
            (true, false) => format!("Kec. {kecamatan}"),
            (true, true) => "Tanpa tempat".to_owned(),
        })
        .collect();
    let names = sheet_names(names.iter().map(String::as_str));
    if names.is_empty() {
        return vec![("Temuan".to_owned(), Vec::new())];
    }
    names.into_iter().zip(by_desa.into_values()).collect()
}

fn as_text(
    reader: &ReleaseReader,
    filter: &FindingFilter,
    found: &[FindingRow],
    limit: Option<usize>,
) -> Result<String, RunError> {
    let counts = count_by_rule(reader, filter)?;
    if counts.is_empty() {
        return Ok("No findings".to_owned());
    }
    let cell = |row: &TextRow, index: usize| row.get(index).cloned().flatten().unwrap_or_default();
    let groups: Vec<Vec<String>> = counts
        .iter()
        .map(|row| {
            let rows = cell(row, 3).parse().unwrap_or(0);
            vec![cell(row, 0), cell(row, 1), thousands(rows), cell(row, 2)]
        })
        .collect();
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|row| {
            let place = match row.baris {
                Some(line) if row.lembar.is_empty() => format!("{}:{line}", row.berkas),
                Some(line) => format!("{} [{}]:{line}", row.berkas, row.lembar),
                None => row.berkas.clone(),
            };
            vec![
                row.tingkat.clone(),
                row.aturan.clone(),
                place,
                row.kolom.clone(),
                row.nilai.clone(),
                row.desa.clone(),
            ]
        })
        .collect();
    let mut text = format!(
        "{}\n{}",
        table(&["level", "rule", "rows", "sources"], &[2], &groups),
        table(&["level", "rule", "file:line", "column", "value", "desa"], &[], &rows)
    );
    if limit.is_some_and(|limit| found.len() == limit) {
        text.push_str("… more with `--batas N` (0 for all), `--csv FILE` or `--xlsx FILE`\n");
    }
    Ok(text)
}
