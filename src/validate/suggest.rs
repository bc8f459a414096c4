//! Headings that nobody knows, and the columns that they may mean.

use super::report::CloseHeading;
use crate::pipeline::{ColumnSpec, ColumnType, Pipeline, header_key};
use crate::read::RawRow;
use crate::stage::Header;
use crate::temuan::mask_pattern;
use std::fmt::Write;

/// From here on two headings are worth naming together.
const WORTH_NAMING: f64 = 0.70;
/// From here on a heading is taken for a misspelling of a known one.
const MISSPELT: f64 = 0.92;

/// A heading as it may be shown: a long number is no heading, and may be somebody's.
pub(super) fn shown(heading: &str) -> String {
    let digits = heading.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 8 {
        mask_pattern(heading)
    } else {
        heading.to_owned()
    }
}

/// Sheet columns whose heading means nothing to the pipeline.
pub(super) fn unknown_headings(header: &Header) -> Vec<usize> {
    let mapping = &header.mapping;
    let is_used = |sheet_column: &usize| {
        let known = mapping
            .columns
            .iter()
            .any(|(_, sources)| sources.contains(sheet_column));
        known || mapping.competing.iter().any(|(_, loser)| loser == sheet_column)
    };
    let others = mapping.others.iter().filter(|column| !is_used(column));
    let mut unknown: Vec<usize> = others
        .copied()
        .filter(|column| {
            header
                .headings
                .get(*column)
                .is_some_and(|heading| !heading.key.is_empty())
        })
        .collect();
    unknown.sort_unstable();
    unknown
}

/// Headings that come close to any of these columns, the closest first.
pub(super) fn close_headings(
    columns: &[&ColumnSpec],
    header: &Header,
    unknown: &[usize],
    rows: &[&RawRow],
) -> Vec<CloseHeading> {
    let mut found = by_closeness(columns, header, unknown, rows);
    found.retain(|close| closeness(close) >= WORTH_NAMING);
    found.truncate(3);
    found
}

/// The heading that most likely means one of these columns, however little it looks like it.
pub(super) fn likeliest(
    columns: &[&ColumnSpec],
    header: &Header,
    unknown: &[usize],
    rows: &[&RawRow],
) -> Option<CloseHeading> {
    by_closeness(columns, header, unknown, rows).into_iter().next()
}

fn by_closeness(columns: &[&ColumnSpec], header: &Header, unknown: &[usize], rows: &[&RawRow]) -> Vec<CloseHeading> {
    let of_heading = |sheet_column: &usize| {
        let heading = header.headings.get(*sheet_column)?;
        let close = columns.iter().map(|spec| CloseHeading {
            kolom: spec.name.clone(),
            judul: heading.text.clone(),
            kemiripan: likeness(&heading.key, spec),
            isi_cocok: values_fit(spec.kind, *sheet_column, rows),
        });
        close.max_by(|left, right| closeness(left).total_cmp(&closeness(right)))
    };
    let mut found: Vec<CloseHeading> = unknown.iter().filter_map(of_heading).collect();
    found.sort_by(|left, right| closeness(right).total_cmp(&closeness(left)));
    found
}

/// Misspelt headings of columns that the file seems to lack, each taken once.
pub(super) fn misspelt(pipeline: &Pipeline, header: &Header, unknown: &[usize]) -> Vec<CloseHeading> {
    let lacking = pipeline.columns.iter().enumerate().filter(|(index, spec)| {
        let mapped = header.mapping.columns.iter().any(|(column, _)| column == index);
        !mapped && !matches!(spec.kind, ColumnType::Ignored | ColumnType::RunningNumber)
    });
    let mut found: Vec<CloseHeading> = Vec::new();
    for (_, spec) in lacking {
        let close = close_headings(&[spec], header, unknown, &[]);
        let free = |close: &CloseHeading| !found.iter().any(|taken| taken.judul == close.judul);
        let best = close
            .into_iter()
            .find(|close| close.kemiripan >= MISSPELT && free(close));
        found.extend(best);
    }
    found
}

/// The values tell more than the name.
fn closeness(close: &CloseHeading) -> f64 {
    close.kemiripan + if close.isi_cocok { 1.0 } else { 0.0 }
}

fn likeness(key: &str, spec: &ColumnSpec) -> f64 {
    let aliases = spec.alias.iter().map(|alias| header_key(alias));
    let likeness = aliases
        .map(|alias| strsim::jaro_winkler(key, &alias))
        .fold(0.0, f64::max);
    (likeness * 1000.0).round() / 1000.0
}

/// Are most of the filled cells below a heading numbers of the shape that the column asks for?
fn values_fit(kind: ColumnType, sheet_column: usize, rows: &[&RawRow]) -> bool {
    let lengths = match kind {
        ColumnType::Nik | ColumnType::Kk => 16..=16,
        ColumnType::Id => 10..=25,
        _ => return false,
    };
    let cells = rows.iter().map(|row| row.cell(sheet_column).trim());
    let (mut filled, mut fitting, mut of_women) = (0, 0, 0);
    for cell in cells.filter(|cell| !cell.is_empty()) {
        filled += 1;
        let core = cell.trim_start_matches('\'');
        let fits = core.bytes().all(|byte| byte.is_ascii_digit()) && lengths.contains(&core.len());
        fitting += usize::from(fits);
        // The NIK of a woman has 40 added to the day of her birth; a family card is of no sex.
        of_women += usize::from(fits && matches!(core.get(6..7), Some("4" | "5" | "6" | "7")));
    }
    fitting > 0 && fitting * 2 > filled && (kind != ColumnType::Kk || of_women == 0)
}

/// A pipeline file for the workspace that teaches these headings.
pub(super) fn alias_toml(pipeline: &Pipeline, headings: &[CloseHeading]) -> Option<String> {
    if headings.is_empty() {
        return None;
    }
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = format!(
        "# <workspace>/pipelines/{}.toml\nsource = {}\n",
        pipeline.source,
        quoted(&pipeline.source)
    );
    for close in headings {
        let Some(spec) = pipeline.column(&close.kolom) else {
            continue;
        };
        let kind = serde_json::to_value(spec.kind).ok();
        let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        if close.kemiripan < MISSPELT {
            let by = if close.isi_cocok { "by its values" } else { "a guess" };
            let _ = write!(text, "\n# {by}: check that the heading means this column");
        }
        let _ = write!(
            text,
            "\n[[column]]\nname = {}\ntype = {}\nalias_extra = [{}]\n",
            quoted(&spec.name),
            quoted(kind),
            quoted(&close.judul)
        );
    }
    Some(text)
}
