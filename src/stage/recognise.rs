//! What is this file? The source is told by the columns and the name together, since names lie (ruling 30).

use super::header::{Header, PREVIEW_ROWS, Readings, find_header};
use super::input::Input;
use super::look::{Dialect, Looked, Preview, Sight, look, sight};
use super::refusal::Refusal;
use crate::pipeline::{Pipeline, Pipelines, header_key};
use crate::read::{Format, Limits, Merge, ReadError};
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
    /// Its merged regions.
    pub merges: Vec<Merge>,
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

/// The answer to "what is this file?".
#[derive(Debug)]
pub enum Recognition {
    /// A source of ours.
    Known(Box<FilePlan>),
    /// None that a pipeline knows.
    Unknown(String),
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
    match look(input, name, &named, limits)? {
        Looked::Unreadable(why) => Ok(Recognition::Unknown(why)),
        Looked::Rows(sight) => {
            let ranked = rank(name, &sight.previews, &named, pipelines);
            choose(&sight, ranked).map_err(|refusal| refusal.in_member(input.member_name()))
        }
    }
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
    let sight = sight(input, format, limits)?;
    let fit = fit(&readings_of(&sight.previews), pipeline);
    let required = &pipeline.matching.required;
    let is_whole = |sheet: &SheetPlan| sheet.header.mapping.satisfies(pipeline, required);
    if !fit.sheets.iter().any(is_whole) {
        return Err(contract_broken(pipeline, fit.sheets.first(), &sight.previews).in_member(input.member_name()));
    }
    plan(&sight, pipeline, fit.sheets, fit.skipped).map_err(|refusal| refusal.in_member(input.member_name()))
}

/// Sources whose name words stand in the file's name, else in that of the delivery around it.
pub(super) fn named_pipelines<'p>(name: &str, delivery: Option<&str>, pipelines: &'p Pipelines) -> Vec<&'p Pipeline> {
    let of =
        |name: &str| -> Vec<&'p Pipeline> { pipelines.iter().filter(|pipeline| name_fits(name, pipeline)).collect() };
    let own = of(name);
    match delivery {
        Some(delivery) if own.is_empty() => of(delivery),
        _ => own,
    }
}

/// Does the name say that a file is one of DTKS? Its columns may still say otherwise.
pub fn is_named_dtks(name: &str, pipelines: &Pipelines) -> bool {
    named_pipelines(name, None, pipelines)
        .iter()
        .any(|pipeline| pipeline.is_dtks())
}

/// A list's word stands anywhere in the name; a word of a source that its columns tell stands alone (`rt`, `art`).
fn name_fits(name: &str, pipeline: &Pipeline) -> bool {
    name_word(name, pipeline).is_some()
}

/// The word of the source that stands in the name.
pub(super) fn name_word<'p>(name: &str, pipeline: &'p Pipeline) -> Option<&'p str> {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let key = header_key(stem);
    let alone = format!("_{key}_");
    let mut words = pipeline.matching.name.iter();
    let found = words.find(|word| {
        let word = header_key(word);
        if pipeline.matching.by_columns {
            alone.contains(&format!("_{word}_"))
        } else {
            key.contains(&word) || key.replace('_', "").contains(&word.replace('_', "")) && word.contains('_')
        }
    });
    found.map(String::as_str)
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
pub(super) fn names_alone(name: &str, pipeline: &Pipeline) -> bool {
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

/// How well a source fits: greater is better.
type Rank = (u8, i32, bool, usize);

/// Where a source stands among all: greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Nothing speaks for it but the headings that it understands.
    Other(usize),
    /// It is meant, and something that it needs is missing.
    Broken(usize, i32),
    /// It has what it needs.
    Fits(Rank),
}

/// A source and how it fits.
pub(super) struct Judged<'p> {
    pub pipeline: &'p Pipeline,
    pub sheets: Vec<SheetPlan>,
    pub skipped: Vec<String>,
    pub standing: Standing,
    /// Do the columns of its signature tell it?
    pub signed: bool,
    /// Columns understood on its best sheet.
    pub columns: usize,
}

/// All sources, the best first.
pub(super) fn rank<'p>(
    name: &str,
    previews: &[Preview],
    named: &[&Pipeline],
    pipelines: &'p Pipelines,
) -> Vec<Judged<'p>> {
    let is_named = |pipeline: &Pipeline| named.iter().any(|other| other.source == pipeline.source);
    let readings = readings_of(previews);
    let mut ranked: Vec<Judged<'p>> = pipelines
        .iter()
        .map(|pipeline| judge(name, fit(&readings, pipeline), is_named(pipeline)))
        .collect();
    ranked.sort_by_key(|judged| Reverse(judged.standing));
    ranked
}

fn judge<'p>(name: &str, fit: Fit<'p>, named: bool) -> Judged<'p> {
    let pipeline = fit.pipeline;
    let matching = &pipeline.matching;
    let mapped = fit.sheets.iter().map(|sheet| sheet.header.mapping.columns.len());
    let columns = mapped.max().unwrap_or(0);
    let whole = || {
        let sheets = fit.sheets.iter();
        sheets.filter(|sheet| sheet.header.mapping.satisfies(pipeline, &matching.required))
    };
    let has = |sheet: &SheetPlan, name: &String| sheet.header.mapping.has(pipeline, name);
    let forbidden = fit
        .sheets
        .iter()
        .any(|sheet| matching.forbidden.iter().any(|name| has(sheet, name)));
    let signed =
        matching.by_columns && whole().any(|sheet| sheet.header.mapping.satisfies(pipeline, &matching.signature));
    let meant = if matching.by_columns {
        columns >= LIST_HEADINGS || (columns >= 1 && ends_with_word(name, pipeline))
    } else {
        columns >= 2 || names_alone(name, pipeline)
    };
    let standing = if whole().next().is_some() && !forbidden && (named || signed) {
        let class = match (named && matching.priority >= 2, signed) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        };
        Standing::Fits((class, matching.priority, named, columns))
    } else if named && !forbidden && meant {
        Standing::Broken(columns, matching.priority)
    } else {
        Standing::Other(columns)
    };
    Judged {
        pipeline,
        sheets: fit.sheets,
        skipped: fit.skipped,
        standing,
        signed,
        columns,
    }
}

struct Fit<'p> {
    pipeline: &'p Pipeline,
    sheets: Vec<SheetPlan>,
    skipped: Vec<String>,
}

/// The first of the sources in their order.
pub(super) fn choose(sight: &Sight, ranked: Vec<Judged<'_>>) -> Result<Recognition, Refusal> {
    match ranked.into_iter().next() {
        Some(best) if matches!(best.standing, Standing::Fits(_)) => {
            let plan = plan(sight, best.pipeline, best.sheets, best.skipped)?;
            Ok(Recognition::Known(Box::new(plan)))
        }
        Some(best) if matches!(best.standing, Standing::Broken(..)) => {
            Err(contract_broken(best.pipeline, best.sheets.first(), &sight.previews))
        }
        _ => Ok(Recognition::Unknown(
            "no pipeline knows its name and columns; see `pipelines/` for how a source is recognised".to_owned(),
        )),
    }
}

fn readings_of(previews: &[Preview]) -> Vec<(&Preview, Readings)> {
    let read = |preview: &Preview| Readings::of(&preview.rows, &preview.merges);
    previews.iter().map(|preview| (preview, read(preview))).collect()
}

fn fit<'p>(readings: &[(&Preview, Readings)], pipeline: &'p Pipeline) -> Fit<'p> {
    let mut sheets = Vec::new();
    let mut skipped = Vec::new();
    for (preview, readings) in readings {
        match find_header(readings, pipeline) {
            Some(header) => sheets.push(SheetPlan {
                index: preview.index,
                name: preview.name.clone(),
                hidden: preview.hidden,
                header,
                merges: preview.merges.clone(),
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
fn plan(
    sight: &Sight,
    pipeline: &Pipeline,
    sheets: Vec<SheetPlan>,
    mut skipped: Vec<String>,
) -> Result<FilePlan, Refusal> {
    let (sheets, rest): (Vec<_>, Vec<_>) = sheets
        .into_iter()
        .partition(|sheet| sheet.header.mapping.satisfies(pipeline, &pipeline.matching.required));
    let is_list = |sheet: &&SheetPlan| {
        sheet.header.mapping.columns.len() >= LIST_HEADINGS && sheet.header.mapping.has(pipeline, "nama")
    };
    if let Some(sheet) = rest.iter().find(is_list) {
        return Err(contract_broken(pipeline, Some(sheet), &[]));
    }
    skipped.extend(rest.into_iter().map(|sheet| sheet.name));
    Ok(FilePlan {
        source: pipeline.source.clone(),
        format: sight.format,
        sheets,
        skipped_sheets: skipped,
        dialect: sight.dialect.clone(),
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
