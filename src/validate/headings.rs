//! How the headings of a piece were understood, as it is told.

use super::report::{
    CandidateReport, CloseHeading, ClosestRow, HeaderRowReport, MappedColumn, MissingColumn, PieceReport, SheetReport,
};
use super::suggest::{alias_toml, close_headings, likeliest, misspelt, shown, unknown_headings};
use crate::pipeline::{ColumnSpec, ColumnType, Pipeline, Pipelines};
use crate::read::RawRow;
use crate::stage::{Candidate, Examination, Header, Recognition, SheetPlan};

/// Tells the source of a piece, why it is that one, and how its headings were understood.
pub(super) fn tell_recognition(examined: &Examination, pipelines: &Pipelines, piece: &mut PieceReport) {
    piece.format = examined.format.map(|format| format!("{format:?}").to_lowercase());
    if let Some(dialect) = &examined.dialect {
        piece.pemisah = Some(dialect.delimiter);
        piece.pengkodean = Some(encoding_name(&dialect.encoding));
    }
    let weighed = examined
        .candidates
        .iter()
        .filter(|candidate| candidate.columns > 0 || candidate.word.is_some());
    piece.calon = weighed
        .filter_map(|candidate| Some(tell_candidate(candidate, pipelines.get(&candidate.source)?)))
        .collect();
    let (known, plan) = match &examined.outcome {
        Ok(Recognition::Known(plan)) => (true, Some(plan)),
        Ok(Recognition::Unknown(why)) => {
            piece.alasan.push(why.clone());
            (false, None)
        }
        Err(_) => (false, None),
    };
    let Some(best) = examined
        .candidates
        .first()
        .filter(|best| known || best.word.is_some() || best.columns >= 3)
    else {
        return;
    };
    let Some(pipeline) = pipelines.get(&best.source) else {
        return;
    };
    piece.sumber = Some(pipeline.source.clone());
    piece.judul_sumber = Some(pipeline.title.clone());
    piece.alasan.extend(reasons(best, known));
    if matches!(&examined.outcome, Ok(Recognition::Unknown(_))) {
        piece.saran = advice(&piece.calon, pipelines);
    }
    let sheets = plan.map_or(best.sheets.as_slice(), |plan| plan.sheets.as_slice());
    piece.lembar_dilewati = plan.map_or_else(Vec::new, |plan| plan.skipped_sheets.clone());
    let mut proposed: Vec<CloseHeading> = Vec::new();
    for sheet in sheets {
        let rows: Vec<&RawRow> = examined.rows_below(sheet.index, sheet.header.line).collect();
        piece.lembar.push(tell_sheet(sheet, pipeline, examined, &rows));
        for close in proposals(&sheet.header, pipeline, &rows) {
            if !proposed.iter().any(|taken| taken.judul == close.judul) {
                proposed.push(close);
            }
        }
    }
    if piece.lembar.is_empty() {
        piece.judul_terdekat = closest_rows(examined, pipeline);
    }
    piece.saran_toml = alias_toml(pipeline, &proposed);
}

fn closest_rows(examined: &Examination, pipeline: &Pipeline) -> Vec<ClosestRow> {
    let closest = examined.sheets().filter_map(|(index, name)| {
        let row = examined.header_rows(index, pipeline).into_iter().next()?;
        Some(ClosestRow {
            lembar: name.to_owned(),
            baris: row.line,
            kolom: row.columns,
        })
    });
    closest.collect()
}

fn reasons(best: &Candidate, known: bool) -> Vec<String> {
    let mut reasons = Vec::new();
    if let Some(word) = &best.word {
        reasons.push(format!("its name holds `{word}`"));
    }
    if best.signed {
        reasons.push("its columns are those of the source".to_owned());
    }
    if known || best.columns > 0 {
        reasons.push(format!("{} of its headings are understood", best.columns));
    }
    reasons
}

/// A list is told by its name; without its word the best columns do not help.
fn advice(candidates: &[CandidateReport], pipelines: &Pipelines) -> Option<String> {
    let complete: Vec<&CandidateReport> = candidates.iter().filter(|one| one.wajib_tidak_ada.is_empty()).collect();
    let most = complete.iter().map(|candidate| candidate.kolom).max()?;
    let fitting = complete.iter().filter(|candidate| candidate.kolom == most);
    let words = fitting.filter_map(|candidate| {
        let word = pipelines.get(&candidate.sumber)?.matching.name.first()?;
        Some(format!("`{}` for `{}`", word.to_uppercase(), candidate.sumber))
    });
    let words = words.collect::<Vec<_>>().join(", ");
    (!words.is_empty()).then(|| format!("a list is told by the name of its file; put its word there: {words}"))
}

fn tell_candidate(candidate: &Candidate, pipeline: &Pipeline) -> CandidateReport {
    let required = &pipeline.matching.required;
    let missing = candidate
        .sheets
        .iter()
        .map(|sheet| sheet.header.mapping.missing(pipeline, required))
        .min_by_key(Vec::len)
        .unwrap_or_else(|| required.iter().map(Vec::as_slice).collect());
    CandidateReport {
        sumber: candidate.source.clone(),
        kata_nama: candidate.word.clone(),
        kolom: candidate.columns,
        wajib_tidak_ada: missing.iter().map(|group| group.join(" or ")).collect(),
    }
}

fn tell_sheet(sheet: &SheetPlan, pipeline: &Pipeline, examined: &Examination, rows: &[&RawRow]) -> SheetReport {
    let header = &sheet.header;
    let heading = |column: usize| {
        let heading = header.headings.get(column);
        shown(heading.map_or("", |heading| heading.text.as_str()))
    };
    let pair = |column: usize, sheet_column: usize| MappedColumn {
        kolom: pipeline
            .columns
            .get(column)
            .map_or("", |spec| spec.name.as_str())
            .to_owned(),
        judul: heading(sheet_column),
    };
    let mapping = &header.mapping;
    let mut columns: Vec<(usize, MappedColumn)> = Vec::new();
    for (column, sources) in &mapping.columns {
        columns.extend(sources.iter().map(|source| (*source, pair(*column, *source))));
    }
    let is_number = |spec: &ColumnSpec| spec.kind == ColumnType::RunningNumber;
    if let Some(number) = pipeline.columns.iter().position(is_number) {
        columns.extend(mapping.running.iter().map(|source| (*source, pair(number, *source))));
    }
    columns.sort_by_key(|(source, _)| *source);
    let header_rows = examined.header_rows(sheet.index, pipeline).into_iter().take(4);
    SheetReport {
        nama: sheet.name.clone(),
        baris_judul: header.line,
        calon_judul: header_rows
            .map(|row| HeaderRowReport {
                baris: row.line,
                kolom: row.columns,
                lengkap: row.complete,
            })
            .collect(),
        kolom: columns.into_iter().map(|(_, column)| column).collect(),
        diabaikan: unknown_headings(header).into_iter().map(heading).collect(),
        bersaing: mapping
            .competing
            .iter()
            .map(|(column, loser)| pair(*column, *loser))
            .collect(),
        wajib_tidak_ada: missing_columns(header, pipeline, rows),
    }
}

fn missing_columns(header: &Header, pipeline: &Pipeline, rows: &[&RawRow]) -> Vec<MissingColumn> {
    let missing = header.mapping.missing(pipeline, &pipeline.matching.required);
    let unknown = teachable(header, pipeline);
    missing
        .into_iter()
        .map(|group| {
            let specs = specs_of(group, pipeline);
            let aliases = specs.iter().flat_map(|spec| spec.alias.iter().take(4)).cloned();
            let mut close = close_headings(&specs, header, &unknown, rows);
            for heading in &mut close {
                heading.judul = shown(&heading.judul);
            }
            MissingColumn {
                kolom: group.join(" or "),
                judul_dikenal: aliases.collect(),
                mirip: close,
            }
        })
        .collect()
}

/// Headings worth teaching: those of required columns, and those that look misspelt.
fn proposals(header: &Header, pipeline: &Pipeline, rows: &[&RawRow]) -> Vec<CloseHeading> {
    let unknown = teachable(header, pipeline);
    let missing = header.mapping.missing(pipeline, &pipeline.matching.required);
    let required = missing
        .into_iter()
        .filter_map(|group| likeliest(&specs_of(group, pipeline), header, &unknown, rows));
    required.chain(misspelt(pipeline, header, &unknown)).collect()
}

fn specs_of<'p>(group: &[String], pipeline: &'p Pipeline) -> Vec<&'p ColumnSpec> {
    group.iter().filter_map(|name| pipeline.column(name)).collect()
}

/// Headings that mean nothing to the pipeline; those that it knows and does not read are left in peace.
fn teachable(header: &Header, pipeline: &Pipeline) -> Vec<usize> {
    let known: Vec<String> = pipeline
        .columns
        .iter()
        .filter(|spec| spec.kind == ColumnType::Ignored)
        .flat_map(|spec| spec.alias.iter().map(|alias| crate::pipeline::header_key(alias)))
        .collect();
    let mut unknown = unknown_headings(header);
    unknown.retain(|column| !known.contains(&header.headings[*column].key));
    unknown
}

/// The reader's own name of an encoding, as people write it.
pub(super) fn encoding_name(name: &str) -> String {
    match name {
        "Utf8" => "UTF-8",
        "Utf16Le" => "UTF-16LE",
        "Utf16Be" => "UTF-16BE",
        "Windows1252" => "Windows-1252",
        other => other,
    }
    .to_owned()
}
