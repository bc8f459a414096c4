//! What is this file? The source is told by the columns and the name together, since names lie (ruling 30).

use super::header::{Header, PREVIEW_ROWS, find_header};
use super::input::Input;
use super::refusal::Refusal;
use crate::pipeline::{Pipeline, Pipelines, header_key};
use crate::read::{Format, Limits, Merge, Next, RawRow, ReadError, RowSource};
use serde::Serialize;
use std::cmp::Reverse;

/// A sheet with its header (text files have one, without a name).
#[derive(Debug, Clone)]
pub struct SheetPlan {
    /// Position in the workbook.
    pub index: usize,
    /// Its name; empty for text files.
    pub name: String,
    /// Is it hidden?
    pub hidden: bool,
    /// Its header.
    pub header: Header,
}

/// A recognised piece: its source and where its headers are.
#[derive(Debug, Clone)]
pub struct FilePlan {
    /// The source.
    pub source: String,
    /// What the bytes are.
    pub format: Format,
    /// Sheets with a header.
    pub sheets: Vec<SheetPlan>,
    /// Names of sheets without one (ruling 64).
    pub skipped_sheets: Vec<String>,
    /// How text is written.
    pub dialect: Option<Dialect>,
}

/// Delimiter and encoding of a text file.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Dialect {
    /// `,` `;` `|` or tab.
    pub delimiter: char,
    /// Encoding.
    pub encoding: String,
}

/// The answer to "what is this file?".
#[derive(Debug)]
pub enum Recognition {
    /// A source of ours.
    Known(Box<FilePlan>),
    /// None that a pipeline knows.
    Unknown(String),
}

/// A sheet's first rows.
struct Preview {
    index: usize,
    name: String,
    hidden: bool,
    rows: Vec<RawRow>,
    merges: Vec<Merge>,
}

/// Recognises one piece; `name` is the file's (or member's) own name, `delivery` that of the zip around it.
///
/// # Errors
/// [`Refusal`] where a source is recognised and its contract broken, or where bytes under a known name cannot be read.
pub fn recognise(
    input: &Input,
    name: &str,
    delivery: Option<&str>,
    pipelines: &Pipelines,
    limits: Limits,
) -> Result<Recognition, Refusal> {
    let named = named_pipelines(name, delivery, pipelines);
    let refuse = |error: &ReadError| Refusal::from(error).in_member(input.member_name());
    let format = input.format().map_err(|error| refuse(&error))?;
    if let Some(error) = format.refusal() {
        if looks_like_data(name) || named.iter().any(|pipeline| names_alone(name, pipeline)) {
            return Err(refuse(&error));
        }
        return Ok(Recognition::Unknown(error.to_string()));
    }
    let (previews, dialect) = match previews(input, format, limits) {
        Ok(read) => read,
        Err(error) => return Err(refuse(&error)),
    };
    choose(name, format, &previews, dialect, &named, pipelines)
        .map_err(|refusal| refusal.in_member(input.member_name()))
}

/// Finds the headers of a file that is known to be of this source.
///
/// # Errors
/// [`Refusal`] where it cannot be read or lacks a required column.
pub fn recognise_as(input: &Input, pipeline: &Pipeline, limits: Limits) -> Result<FilePlan, Refusal> {
    let refuse = |error: &ReadError| Refusal::from(error).in_member(input.member_name());
    let format = input.format().map_err(|error| refuse(&error))?;
    if let Some(error) = format.refusal() {
        return Err(refuse(&error));
    }
    let (previews, dialect) = previews(input, format, limits).map_err(|error| refuse(&error))?;
    let fit = fit(&previews, pipeline);
    let required = &pipeline.matching.required;
    let whole = fit
        .sheets
        .iter()
        .any(|sheet| sheet.header.mapping.satisfies(pipeline, required));
    if !whole {
        return Err(contract_broken(pipeline, fit.sheets.first(), &previews).in_member(input.member_name()));
    }
    plan(format, fit, dialect).map_err(|refusal| refusal.in_member(input.member_name()))
}

/// Files that can only be meant as data: a text or workbook ending.
fn looks_like_data(name: &str) -> bool {
    let name = name.to_lowercase();
    [".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".tsv", ".xlsm"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Sources whose name words stand in the file's name, else in that of the delivery around it.
fn named_pipelines<'p>(name: &str, delivery: Option<&str>, pipelines: &'p Pipelines) -> Vec<&'p Pipeline> {
    let of =
        |name: &str| -> Vec<&'p Pipeline> { pipelines.iter().filter(|pipeline| name_fits(name, pipeline)).collect() };
    let own = of(name);
    match delivery {
        Some(delivery) if own.is_empty() => of(delivery),
        _ => own,
    }
}

/// A list's word stands anywhere in the name; a word of a source that its columns tell stands alone (`rt`, `art`).
fn name_fits(name: &str, pipeline: &Pipeline) -> bool {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let key = header_key(stem);
    let alone = format!("_{key}_");
    pipeline.matching.name.iter().any(|word| {
        let word = header_key(word);
        if pipeline.matching.by_columns {
            alone.contains(&format!("_{word}_"))
        } else {
            key.contains(&word) || key.replace('_', "").contains(&word.replace('_', "")) && word.contains('_')
        }
    })
}

/// Is a word of the source the last of the name: `3503_RT.csv`?
fn ends_with_word(name: &str, pipeline: &Pipeline) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let key = header_key(stem);
    pipeline
        .matching
        .name
        .iter()
        .any(|word| key.ends_with(&format!("_{}", header_key(word))))
}

/// Does a word of the source stand in the name by itself, with no letter before or after it? `Abstrak` is no `BST`.
fn names_alone(name: &str, pipeline: &Pipeline) -> bool {
    let name = name.to_lowercase();
    pipeline.matching.name.iter().any(|word| {
        let word = word.to_lowercase();
        name.match_indices(&word).any(|(start, _)| {
            let before = name[..start].chars().next_back();
            let after = name[start + word.len()..].chars().next();
            ![before, after].into_iter().flatten().any(char::is_alphabetic)
        })
    })
}

type Previews = (Vec<Preview>, Option<Dialect>);

fn previews(input: &Input, format: Format, limits: Limits) -> Result<Previews, ReadError> {
    if !format.is_workbook() {
        let mut csv = input.open_csv()?;
        let rows = first_rows(&mut csv)?;
        let dialect = Dialect {
            delimiter: csv.delimiter(),
            encoding: format!("{:?}", csv.encoding()),
        };
        let sheet = Preview {
            index: 0,
            name: String::new(),
            hidden: false,
            rows,
            merges: Vec::new(),
        };
        return Ok((vec![sheet], Some(dialect)));
    }
    let mut workbook = input.open_workbook(format, limits)?;
    let sheets = workbook.sheets().to_vec();
    let mut previews = Vec::with_capacity(sheets.len());
    for (index, sheet) in sheets.into_iter().enumerate() {
        let merges = workbook.merges(index)?;
        let rows = first_rows(workbook.rows(index)?.as_mut())?;
        previews.push(Preview {
            index,
            name: sheet.name,
            hidden: sheet.hidden,
            rows,
            merges,
        });
    }
    Ok((previews, None))
}

fn first_rows(source: &mut dyn RowSource) -> Result<Vec<RawRow>, ReadError> {
    let mut rows = Vec::new();
    let mut row = RawRow::new();
    let mut looked_at = 0;
    while rows.len() < PREVIEW_ROWS && looked_at < 20 * PREVIEW_ROWS {
        looked_at += 1;
        row.clear();
        match source.next_row(&mut row)? {
            Next::Row if row.is_blank() => {}
            Next::Row => rows.push(row.clone()),
            Next::Broken(_) => {}
            Next::End => break,
        }
    }
    Ok(rows)
}

/// How well a source fits: greater is better.
type Rank = (u8, i32, bool, usize);

struct Fit<'p> {
    pipeline: &'p Pipeline,
    sheets: Vec<SheetPlan>,
    skipped: Vec<String>,
}

fn choose(
    name: &str,
    format: Format,
    previews: &[Preview],
    dialect: Option<Dialect>,
    named: &[&Pipeline],
    pipelines: &Pipelines,
) -> Result<Recognition, Refusal> {
    let is_named = |pipeline: &Pipeline| named.iter().any(|other| other.source == pipeline.source);
    let mut fits: Vec<(Rank, Fit<'_>)> = Vec::new();
    let mut broken: Vec<(usize, &Pipeline, Option<SheetPlan>)> = Vec::new();
    for pipeline in pipelines.iter() {
        let fit = fit(previews, pipeline);
        let best = fit
            .sheets
            .iter()
            .map(|sheet| sheet.header.mapping.columns.len())
            .max()
            .unwrap_or(0);
        let matching = &pipeline.matching;
        let whole: Vec<&SheetPlan> = fit
            .sheets
            .iter()
            .filter(|sheet| sheet.header.mapping.satisfies(pipeline, &matching.required))
            .collect();
        let forbidden = fit.sheets.iter().any(|sheet| {
            matching
                .forbidden
                .iter()
                .any(|name| sheet.header.mapping.has(pipeline, name))
        });
        let signed = matching.by_columns
            && whole
                .iter()
                .any(|sheet| sheet.header.mapping.satisfies(pipeline, &matching.signature));
        if whole.is_empty() || forbidden || !(is_named(pipeline) || signed) {
            let meant = if matching.by_columns {
                best >= LIST_HEADINGS || (best >= 1 && ends_with_word(name, pipeline))
            } else {
                best >= 2 || names_alone(name, pipeline)
            };
            if is_named(pipeline) && !forbidden && meant {
                broken.push((best, pipeline, fit.sheets.into_iter().next()));
            }
            continue;
        }
        let class = match (is_named(pipeline) && matching.priority >= 2, signed) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        };
        fits.push(((class, matching.priority, is_named(pipeline), best), fit));
    }
    fits.sort_by_key(|(rank, _)| Reverse(*rank));
    if let Some((_, fit)) = fits.into_iter().next() {
        return Ok(Recognition::Known(Box::new(plan(format, fit, dialect)?)));
    }
    broken.sort_by_key(|(best, pipeline, _)| Reverse((*best, pipeline.matching.priority)));
    match broken.into_iter().next() {
        Some((_, pipeline, sheet)) => Err(contract_broken(pipeline, sheet.as_ref(), previews)),
        None => Ok(Recognition::Unknown(
            "no pipeline knows its name and columns; see `pipelines/` for how a source is recognised".to_owned(),
        )),
    }
}

fn fit<'p>(previews: &[Preview], pipeline: &'p Pipeline) -> Fit<'p> {
    let mut sheets = Vec::new();
    let mut skipped = Vec::new();
    for preview in previews {
        match find_header(&preview.rows, &preview.merges, pipeline) {
            Some(header) => sheets.push(SheetPlan {
                index: preview.index,
                name: preview.name.clone(),
                hidden: preview.hidden,
                header,
            }),
            None => skipped.push(preview.name.clone()),
        }
    }
    Fit {
        pipeline,
        sheets,
        skipped,
    }
}

/// Headings from which on a sheet that names people is a list, and not a sheet of notes beside one.
const LIST_HEADINGS: usize = 4;

/// Sheets without a header beside one that has it are passed over (ruling 64). A sheet that is a list by its headings and
/// lacks a required one breaks the contract: its rows must not be lost.
fn plan(format: Format, fit: Fit<'_>, dialect: Option<Dialect>) -> Result<FilePlan, Refusal> {
    let pipeline = fit.pipeline;
    let (sheets, rest): (Vec<_>, Vec<_>) = fit
        .sheets
        .into_iter()
        .partition(|sheet| sheet.header.mapping.satisfies(pipeline, &pipeline.matching.required));
    let is_list = |sheet: &&SheetPlan| {
        sheet.header.mapping.columns.len() >= LIST_HEADINGS && sheet.header.mapping.has(pipeline, "nama")
    };
    if let Some(sheet) = rest.iter().find(is_list) {
        return Err(contract_broken(pipeline, Some(sheet), &[]));
    }
    let mut skipped_sheets = fit.skipped;
    skipped_sheets.extend(rest.into_iter().map(|sheet| sheet.name));
    Ok(FilePlan {
        source: pipeline.source.clone(),
        format,
        sheets,
        skipped_sheets,
        dialect,
    })
}

fn contract_broken(pipeline: &Pipeline, sheet: Option<&SheetPlan>, previews: &[Preview]) -> Refusal {
    let Some(sheet) = sheet else {
        let empty = previews.iter().all(|preview| preview.rows.is_empty());
        let name = previews.first().map_or("", |preview| preview.name.as_str());
        if empty {
            return Refusal::new("E0204", "the file has no rows")
                .on_sheet(name)
                .hint("export it again from its source");
        }
        return Refusal::new(
            "E0202",
            format!(
                "no header row found in the first {PREVIEW_ROWS} rows for source `{}`",
                pipeline.source
            ),
        )
        .on_sheet(name)
        .hint(format!(
            "put a row of headings above the data, with at least {}",
            spelled(
                pipeline,
                &pipeline.matching.required.iter().map(Vec::as_slice).collect::<Vec<_>>()
            )
        ));
    };
    let header = &sheet.header;
    let missing = header.mapping.missing(pipeline, &pipeline.matching.required);
    let seen: Vec<&str> = header
        .mapping
        .others
        .iter()
        .filter_map(|column| header.headings.get(*column))
        .map(|heading| heading.text.as_str())
        .filter(|text| !text.is_empty())
        .take(12)
        .collect();
    let columns = missing
        .iter()
        .map(|group| group.join(" or "))
        .collect::<Vec<_>>()
        .join(", ");
    let mut hint = format!("name the column as one of: {}", spelled(pipeline, &missing));
    if !seen.is_empty() {
        hint.push_str(&format!("; headings that were not understood: {}", seen.join(", ")));
    }
    Refusal::new(
        "E0203",
        format!("required column missing for source `{}`", pipeline.source),
    )
    .on_sheet(&sheet.name)
    .at_line(header.line)
    .in_column(columns)
    .hint(hint)
}

fn spelled(pipeline: &Pipeline, groups: &[&[String]]) -> String {
    let aliases = groups.iter().map(|group| {
        let names = group.iter().filter_map(|name| pipeline.column(name));
        names
            .flat_map(|column| column.alias.iter().take(3))
            .map(|alias| format!("`{alias}`"))
            .collect::<Vec<_>>()
            .join("/")
    });
    aliases.collect::<Vec<_>>().join(" and ")
}
