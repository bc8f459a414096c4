//! The rows of a village that need a look, as a workbook that it can correct and send back.

use super::advice::{meaning, what_to_do};
use super::findings::FindingFilter;
use super::sheet::{SheetError, looks_like_formula, sheet_names};
use crate::lake::{EXPLAINING, KEY_HEADING, row_key};
use crate::pipeline::{ColumnType, Pipeline};
use crate::read::RawRow;
use crate::run::RunError;
use crate::stage::{FilePlan, Header, Input, SheetPlan};
use crate::telusur::{RawLines, column_of, read_lines};
use crate::warehouse::{ReleaseReader, TextRow, quote};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};

/// A row that needs a look.
#[derive(Debug, Default)]
struct Wanted {
    /// Column and rule of each finding.
    findings: Vec<(String, String, String)>,
    /// The text of a row that could not be taken apart.
    raw: Option<String>,
}

/// A workbook, and how many rows it holds.
pub struct Export {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Rows in it.
    pub rows: usize,
    /// Sheets in it.
    pub sheets: usize,
}

type ByFile = BTreeMap<String, BTreeMap<(String, u64), Wanted>>;

/// The rows that the filter asks for, one sheet for each sheet of the files that they come from.
///
/// # Errors
/// [`RunError`] where the release or a file cannot be read.
pub fn export(reader: &ReleaseReader, filter: &FindingFilter, raw: &RawLines<'_>) -> Result<Export, RunError> {
    let wanted = wanted(reader, filter)?;
    let mut book = Workbook::new();
    let mut pages: Vec<(String, Page)> = Vec::new();
    for (id, rows) in &wanted {
        let Some((entry, piece)) = raw.piece(id) else { continue };
        let Some(pipeline) = raw.pipelines.get(&piece.sumber) else {
            continue;
        };
        let input = Input::piece(entry.path.clone(), piece.indeks.zip(piece.anggota.clone()));
        let plan = raw.plan(entry, pipeline, &input)?;
        let lines: BTreeSet<(String, u64)> = rows.keys().cloned().collect();
        let found = read_lines(&input, &plan, &lines)?;
        for sheet in &plan.sheets {
            let page = Page::new(id, sheet, &plan, pipeline, rows, &found, raw);
            if !page.rows.is_empty() {
                pages.push((format!("{} {}", piece.sumber, piece.period_folder()), page));
            }
        }
    }
    let names = sheet_names(pages.iter().map(|(name, _)| name.as_str()));
    let rows = pages.iter().map(|(_, page)| page.rows.len()).sum();
    for (name, (_, page)) in names.iter().zip(&pages) {
        let sheet = book.add_worksheet();
        let written = sheet.set_name(name).map(|_| ()).and_then(|()| page.write(sheet));
        written.map_err(failed)?;
    }
    if pages.is_empty() {
        let sheet = book.add_worksheet();
        sheet
            .write_string(0, 0, "Tidak ada baris yang perlu diperbaiki")
            .map_err(failed)?;
    }
    Ok(Export {
        bytes: book.save_to_buffer().map_err(failed)?,
        rows,
        sheets: pages.len(),
    })
}

fn failed(error: XlsxError) -> RunError {
    RunError::Usage(SheetError::Writer(error).to_string())
}

fn wanted(reader: &ReleaseReader, filter: &FindingFilter) -> Result<ByFile, RunError> {
    let mut found = ByFile::new();
    let doubted = format!(
        "SELECT id_berkas, lembar, nomor_baris, kolom, aturan, pesan, CAST(NULL AS VARCHAR) AS isi FROM kualitas_temuan_wilayah \
         WHERE nomor_baris IS NOT NULL AND tingkat <> 'INFO' AND aturan <> 'KOREKSI_TANPA_BARIS' AND {} ORDER BY kolom, aturan",
        filter.condition()
    );
    for sql in [doubted, quarantined(filter)] {
        for row in reader.rows("rows to be corrected", &sql)? {
            add(&mut found, &row);
        }
    }
    Ok(found)
}

fn add(found: &mut ByFile, row: &TextRow) {
    let cell = |index: usize| row.get(index).cloned().flatten();
    let (Some(id), Some(line)) = (cell(0), cell(2).and_then(|line| line.parse().ok())) else {
        return;
    };
    let key = (cell(1).unwrap_or_default(), line);
    let wanted = found.entry(id).or_default().entry(key).or_default();
    let rule = cell(4).unwrap_or_default();
    let words = cell(5).unwrap_or_else(|| meaning(&rule).unwrap_or_default().to_owned());
    wanted.findings.push((cell(3).unwrap_or_default(), rule, words));
    if let Some(raw) = cell(6) {
        wanted.raw = Some(raw);
    }
}

/// Rows that were set aside have no place of their own. Where one is asked for, that of their text is taken if it names desa
/// and kecamatan; else all of them are wanted.
fn quarantined(filter: &FindingFilter) -> String {
    let mut places = Vec::new();
    for (column, value) in [("kecamatan", &filter.kecamatan), ("desa", &filter.desa)] {
        if let Some(value) = value {
            let value = quote(&value.trim().to_uppercase());
            places.push(format!("(upper({column}) = {value} OR kode_{column} = {value})"));
        }
    }
    let source = filter.sumber.as_ref().map_or_else(String::new, |source| {
        format!(" AND s.sumber = {}", quote(&source.to_lowercase()))
    });
    let named =
        |column: &str| format!("regexp_matches(upper(k.isi), '(^|[^A-Z])' || upper(w.{column}) || '([^A-Z]|$)')");
    let of_place = if places.is_empty() {
        String::new()
    } else {
        format!(
            "INNER JOIN (SELECT DISTINCT kode_desa, desa, kecamatan FROM ref_kode_wilayah WHERE {}) AS w \
             ON contains(k.isi, w.kode_desa) OR ({} AND {}) ",
            places.join(" AND "),
            named("desa"),
            named("kecamatan"),
        )
    };
    format!(
        "SELECT DISTINCT k.id_berkas, coalesce(k.lembar, '') AS lembar, k.nomor_baris, '' AS kolom, \
         CASE WHEN k.alasan = 'tanpa identitas' THEN 'BARIS_TANPA_IDENTITAS' ELSE 'BARIS_RUSAK' END AS aturan, \
         CAST(NULL AS VARCHAR) AS pesan, CASE WHEN k.alasan <> 'tanpa identitas' THEN k.isi END AS isi \
         FROM karantina AS k \
         INNER JOIN (SELECT DISTINCT id_berkas, sumber FROM sumber_berkas) AS s ON s.id_berkas = k.id_berkas \
         {of_place}WHERE true{source}"
    )
}

/// One sheet of the workbook.
struct Page {
    headings: Vec<String>,
    /// Columns that the program does not read, and that nobody need look at.
    hidden: Vec<bool>,
    rows: Vec<Line>,
}

struct Line {
    key: String,
    problems: String,
    advice: String,
    cells: Vec<(String, bool)>,
}

impl Page {
    fn new(
        id: &str,
        sheet: &SheetPlan,
        plan: &FilePlan,
        pipeline: &Pipeline,
        wanted: &BTreeMap<(String, u64), Wanted>,
        found: &BTreeMap<(String, u64), RawRow>,
        raw: &RawLines<'_>,
    ) -> Self {
        let header = &sheet.header;
        let of_sheet: Vec<_> = wanted.iter().filter(|((name, _), _)| *name == sheet.name).collect();
        let any_broken = of_sheet.iter().any(|(_, row)| row.raw.is_some());
        let corrected = raw.corrections.of(id);
        let rows = of_sheet.iter().map(|((name, number), row)| {
            let original = found.get(&(name.clone(), *number));
            let now = corrected.and_then(|rows| rows.row(name, *number, header, original));
            let texts: Vec<String> = match (now.as_ref().or(original), &row.raw) {
                (Some(cells), _) => (0..header.headings.len())
                    .map(|column| cells.cell(column).to_owned())
                    .collect(),
                (None, Some(text)) => taken_apart(text, plan, header.headings.len()),
                (None, None) => vec![String::new(); header.headings.len()],
            };
            Line {
                key: row_key(id, name, *number),
                problems: told(row, |(column, _, words)| match heading_of(header, pipeline, column) {
                    None => words.clone(),
                    Some(heading) => format!("{heading}: {words}"),
                }),
                advice: told(row, |(_, rule, _)| what_to_do(rule).to_owned()),
                cells: texts
                    .into_iter()
                    .enumerate()
                    .map(|(column, text)| (text, is_failing(header, pipeline, column, row)))
                    .collect(),
            }
        });
        let hidden = (0..header.headings.len())
            .map(|column| !any_broken && column_of(header, pipeline, column).is_none())
            .collect();
        Self {
            headings: header.headings.iter().map(|heading| heading.text.clone()).collect(),
            hidden,
            rows: rows.collect(),
        }
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let title = Format::new().set_bold().set_background_color(Color::RGB(0x00DD_E6F0));
        let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
        let quoted = text.clone().set_quote_prefix();
        let failing = text.clone().set_background_color(Color::RGB(0x00FF_E08A));
        let wrapped = text.clone().set_text_wrap();
        sheet.write_string_with_format(0, 0, KEY_HEADING, &title)?;
        sheet.set_column_hidden(0)?;
        for (column, heading) in (1u16..).zip(EXPLAINING) {
            sheet.write_string_with_format(0, column, heading, &title)?;
            sheet.set_column_width(column, 42)?;
        }
        for (column, (heading, hidden)) in (3u16..).zip(self.headings.iter().zip(&self.hidden)) {
            sheet.write_string_with_format(0, column, heading, &title)?;
            // The whole column is text, so that what is typed into it stays as it is typed.
            sheet.set_column_format(column, &text)?;
            sheet.set_column_width(column, 20)?;
            if *hidden {
                sheet.set_column_hidden(column)?;
            }
        }
        for (number, line) in (1u32..).zip(&self.rows) {
            sheet.write_string_with_format(number, 0, &line.key, &text)?;
            sheet.write_string_with_format(number, 1, &line.problems, &wrapped)?;
            sheet.write_string_with_format(number, 2, &line.advice, &wrapped)?;
            for (column, (cell, is_failing)) in (3u16..).zip(&line.cells) {
                let format = match (is_failing, looks_like_formula(cell)) {
                    (true, _) => &failing,
                    (false, true) => &quoted,
                    (false, false) => &text,
                };
                if cell.is_empty() {
                    sheet.write_blank(number, column, format)?;
                } else {
                    sheet.write_string_with_format(number, column, cell, format)?;
                }
            }
        }
        sheet.set_freeze_panes(1, 3)?;
        Ok(())
    }
}

/// Each word once, in the order of the findings.
fn told(row: &Wanted, words: impl Fn(&(String, String, String)) -> String) -> String {
    let mut seen = BTreeSet::new();
    let all = row
        .findings
        .iter()
        .map(words)
        .filter(|words| seen.insert(words.clone()));
    all.collect::<Vec<_>>().join("\n")
}

/// The heading of the sheet under which a column stands, as the village sees it; else the column's own name.
fn heading_of(header: &Header, pipeline: &Pipeline, column: &str) -> Option<String> {
    let feeds = (0..header.headings.len()).find(|index| column_of(header, pipeline, *index) == Some(column));
    let heading = feeds.map(|index| header.headings[index].text.trim().to_owned());
    heading.or_else(|| (!column.is_empty()).then(|| column.replace('_', " ")))
}

fn is_failing(header: &Header, pipeline: &Pipeline, index: usize, row: &Wanted) -> bool {
    let Some(column) = column_of(header, pipeline, index) else {
        return false;
    };
    let is_place = |name: &str| {
        let spec = pipeline.column(name);
        spec.is_some_and(|spec| spec.kind == ColumnType::Place)
    };
    row.findings
        .iter()
        .any(|(of, ..)| of == column || (is_place(of) && is_place(column)))
}

/// The fields of a row that could not be read, as far as its delimiters tell.
fn taken_apart(text: &str, plan: &FilePlan, columns: usize) -> Vec<String> {
    let delimiter = plan.dialect.as_ref().map_or('|', |dialect| dialect.delimiter);
    let line = text.lines().next().unwrap_or_default();
    let mut fields: Vec<String> = line
        .split(delimiter)
        .map(|field| field.trim().trim_matches('"').to_owned())
        .collect();
    // Fields too many stay visible in the last column.
    if fields.len() > columns && columns > 0 {
        let rest = fields.split_off(columns - 1);
        fields.push(rest.join(" "));
    }
    fields.resize(columns, String::new());
    fields
}
