//! Stages one piece (a loose file or a member of a zip): reads it to its end, cleans it, judges it as a whole, and leaves
//! Parquet files and a summary in a folder.

use super::assemble::{Assembler, BatchFigures, FileFacts};
use super::batch::{Batch, BatchWriter};
use super::corrected::RowCorrections;
use super::erased::Erased;
use super::frame::Columns;
use super::input::Input;
use super::recognise::{FilePlan, SheetPlan};
use super::refusal::Refusal;
use super::rows::{Carried, Fate, MergedPlaces, RowReader, Skip};
use super::schema::StagedSchema;
use super::summary::{PieceSummary, leave_summary};
use super::verdict::{Thresholds, UNIDENTIFIED, WholeFile};
use super::vocabulary::Vocabulary;
use super::write::{Quarantined, TableWriter, write_failed, write_findings, write_quarantine};
use crate::pipeline::{ColumnType, Pipeline};
use crate::read::{BrokenReason, BrokenRow, CsvReader, Kind, Limits, Next, RawRow, ReadError, RowSource};
use crate::reference::Reference;
use crate::standardise::Notes;
use crate::temuan::{Findings, Level, rules};
use polars::prelude::{BooleanChunked, DataFrame, NamedFrom, Series};
use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

/// What staging needs beside the piece itself.
#[derive(Clone, Copy)]
pub struct StageContext<'a> {
    /// Regions and code lists.
    pub reference: &'a Reference,
    /// Columns of the staged tables.
    pub schema: &'a StagedSchema,
    /// Districts of the workspace.
    pub districts: &'a [String],
    /// When a file is refused.
    pub thresholds: &'a Thresholds,
    /// Caps on what a file may ask for.
    pub limits: Limits,
    /// Are findings looked for? Always, but where their cost is measured.
    pub findings: bool,
    /// Persons whose rows are left out.
    pub erased: Option<&'a Erased>,
    /// May no row be left, since rows of persons were emptied?
    pub may_be_empty: bool,
}

/// Stages a piece into `folder`, which exists and is empty.
///
/// # Errors
/// [`Refusal`] where the piece breaks its contract, cannot be read, or cannot be written.
pub fn stage_piece(
    input: &Input,
    plan: &FilePlan,
    pipeline: &Pipeline,
    facts: &FileFacts,
    context: StageContext<'_>,
    folder: &Path,
) -> Result<PieceSummary, Refusal> {
    stage_corrected(
        input,
        plan,
        pipeline,
        facts,
        &RowCorrections::default(),
        context,
        folder,
    )
}

/// Stages a piece with corrected rows in place of those that they correct.
///
/// # Errors
/// As [`stage_piece`].
pub fn stage_corrected(
    input: &Input,
    plan: &FilePlan,
    pipeline: &Pipeline,
    facts: &FileFacts,
    corrections: &RowCorrections,
    context: StageContext<'_>,
    folder: &Path,
) -> Result<PieceSummary, Refusal> {
    if plan.source != pipeline.source {
        // Columns of one source would be read by the places of another.
        return Err(Refusal::new(
            "E0503",
            format!("planned as `{}`, staged as `{}`", plan.source, pipeline.source),
        ));
    }
    let mut staging = Staging::new(plan, pipeline, facts, corrections, context, folder);
    staging
        .read_all(input)
        .and_then(|()| staging.finish())
        .map_err(|refusal| refusal.in_member(input.member_name()))
}

struct Staging<'a> {
    plan: &'a FilePlan,
    pipeline: &'a Pipeline,
    facts: &'a FileFacts,
    corrections: &'a RowCorrections,
    /// Sheet and line of those that were laid over a row.
    applied: HashSet<(String, u64)>,
    context: StageContext<'a>,
    folder: &'a Path,
    assembler: Assembler<'a>,
    writer: TableWriter,
    vocabulary: Vocabulary,
    household_writer: Option<(TableWriter, HashSet<String>)>,
    household_vocabulary: Vocabulary,
    findings: Findings,
    quarantine: Vec<Quarantined>,
    summary: PieceSummary,
    figures: BatchFigures,
    order: u64,
    start: Instant,
}

impl<'a> Staging<'a> {
    fn new(
        plan: &'a FilePlan,
        pipeline: &'a Pipeline,
        facts: &'a FileFacts,
        corrections: &'a RowCorrections,
        context: StageContext<'a>,
        folder: &'a Path,
    ) -> Self {
        let summary = PieceSummary {
            id_berkas: facts.id_berkas.clone(),
            source: pipeline.source.clone(),
            lembar_dilewati: plan.skipped_sheets.clone(),
            pemisah: plan.dialect.as_ref().map(|dialect| dialect.delimiter),
            pengkodean: plan.dialect.as_ref().map(|dialect| dialect.encoding.clone()),
            ..PieceSummary::default()
        };
        let also_households = pipeline.tables.len() > 1 && pipeline.table() == "dtks_art";
        Self {
            plan,
            pipeline,
            facts,
            corrections,
            applied: HashSet::new(),
            context,
            folder,
            assembler: Assembler::new(pipeline, context.reference, context.schema, facts, context.districts),
            writer: TableWriter::new(folder.join(format!("{}.parquet", pipeline.table()))),
            vocabulary: Vocabulary::default(),
            household_writer: also_households
                .then(|| (TableWriter::new(folder.join("dtks_rt.parquet")), HashSet::new())),
            household_vocabulary: Vocabulary::default(),
            findings: Findings::default(),
            quarantine: Vec::new(),
            summary,
            figures: BatchFigures::default(),
            order: 0,
            start: Instant::now(),
        }
    }

    fn read_all(&mut self, input: &Input) -> Result<(), Refusal> {
        for name in &self.plan.skipped_sheets {
            let words = format!("Lembar `{name}` tidak mempunyai judul kolom yang dikenal dan dilewati");
            self.findings.file(name, "", &rules::LEMBAR_DILEWATI, words);
        }
        if self.plan.format.is_workbook() {
            let mut workbook = input
                .open_workbook(self.plan.format, self.context.limits)
                .map_err(|error| unreadable(&error, ""))?;
            for sheet in &self.plan.sheets {
                let merged = MergedPlaces::new(&sheet.merges, &place_columns(self.pipeline, sheet));
                let mut rows = workbook
                    .rows(sheet.index)
                    .map_err(|error| unreadable(&error, &sheet.name))?;
                self.read_sheet(sheet, &[], rows.as_mut(), merged)?;
            }
            return Ok(());
        }
        for sheet in &self.plan.sheets {
            let mut csv = input.open_csv().map_err(|error| unreadable(&error, ""))?;
            let titles = Self::skip_to_header(sheet, &mut csv)?;
            csv.set_expected_fields(sheet.header.headings.len());
            self.read_sheet(sheet, &titles, &mut csv, MergedPlaces::default())?;
            self.summary.pengkodean = Some(format!("{:?}", csv.encoding()));
            if csv.surplus_rows() > 0 {
                self.findings
                    .count("", "", &rules::PEMISAH_BERLEBIH, csv.surplus_rows());
            }
        }
        Ok(())
    }

    /// Reads up to the header; the lines above it, which may name a kecamatan.
    fn skip_to_header(sheet: &SheetPlan, csv: &mut CsvReader) -> Result<Vec<RawRow>, Refusal> {
        let mut titles = Vec::new();
        let mut row = RawRow::new();
        loop {
            row.clear();
            match csv.next_row(&mut row).map_err(|error| unreadable(&error, ""))? {
                Next::Row if row.line >= sheet.header.line => return Ok(titles),
                Next::End => return Ok(titles),
                Next::Row => titles.push(row.clone()),
                Next::Broken(_) => {}
            }
        }
    }

    fn read_sheet(
        &mut self,
        sheet: &SheetPlan,
        titles: &[RawRow],
        source: &mut dyn RowSource,
        merged: MergedPlaces,
    ) -> Result<(), Refusal> {
        self.note_sheet(sheet);
        let mut batch = Batch::new(self.pipeline, &sheet.header.mapping);
        let mut writer = BatchWriter::new(self.pipeline, &sheet.header, merged, &self.context.reference.wilayah);
        let mut reader = RowReader::new(self.pipeline, &sheet.header, &self.context.reference.wilayah);
        for title in titles {
            reader.read_title(title);
        }
        let mut waiting: Vec<(RawRow, Carried)> = Vec::new();
        let mut row = RawRow::new();
        loop {
            row.clear();
            let mut is_erased = false;
            match source
                .next_row(&mut row)
                .map_err(|error| unreadable(&error, &sheet.name))?
            {
                Next::End => break,
                Next::Broken(broken) => match self.corrected(sheet, broken.line, None) {
                    Some(corrected) => row = corrected,
                    None => {
                        self.summary.baris_dibaca += 1;
                        if self.context.erased.is_some_and(|erased| erased.is_in_text(&broken.raw)) {
                            *self.skipped(Skip::Erased) += 1;
                            continue;
                        }
                        if let Some(reason) = self.short_line(&broken, &mut reader) {
                            *self.skipped(reason) += 1;
                            continue;
                        }
                        self.keep_out(&sheet.name, broken.line, broken.reason.to_string(), broken.raw);
                        continue;
                    }
                },
                Next::Row if row.line <= sheet.header.line => {
                    reader.read_title(&row);
                    continue;
                }
                Next::Row => {
                    is_erased = self.is_erased(&row);
                    if let Some(corrected) = self.corrected(sheet, row.line, Some(&row)) {
                        row = corrected;
                    }
                }
            }
            writer.merged.observe(&row);
            if is_erased || self.is_erased(&row) {
                self.summary.baris_dibaca += 1;
                *self.skipped(Skip::Erased) += 1;
                continue;
            }
            let fate = reader.fate(&row);
            if fate != Fate::Skip(Skip::Blank) {
                self.summary.baris_dibaca += 1;
            }
            if fate == Fate::Wait {
                waiting.push((row.clone(), reader.carried.clone()));
                continue;
            }
            if matches!(fate, Fate::Skip(Skip::Closing | Skip::SubHeader | Skip::RepeatedHeader)) {
                // What stood between a total and this was its signature, or a title of the next block.
                *self.skipped(Skip::Closing) += waiting.len() as u64;
                waiting.clear();
            }
            if matches!(fate, Fate::Keep | Fate::Unidentified) && reader.waiting_rows_are_data() {
                for (waited, carried) in waiting.drain(..) {
                    let fate = reader.data_fate(&waited);
                    self.settle(&fate, &waited, &carried, sheet, &mut writer, &mut batch)?;
                }
            }
            self.settle(&fate, &row, &reader.carried, sheet, &mut writer, &mut batch)?;
        }
        *self.skipped(Skip::Closing) += waiting.len() as u64;
        self.flush(&mut batch, &sheet.name)?;
        if let Some((column, source)) = writer.filled_twice.column(self.pipeline, &sheet.header.mapping) {
            let heading = &sheet.header.headings[source].text;
            return Err(Refusal::new(
                "E0205",
                format!("the heading `{heading}` stands twice, and both columns are filled"),
            )
            .on_sheet(&sheet.name)
            .at_line(sheet.header.line)
            .in_column(self.pipeline.columns[column].name.clone())
            .hint("delete or rename one of the two columns"));
        }
        Ok(())
    }

    fn is_erased(&self, row: &RawRow) -> bool {
        self.context.erased.is_some_and(|erased| erased.is_in_row(row))
    }

    /// Totals and sub-headers come before the number of fields (ruling 63): a line of a list with too few of them may be one.
    fn short_line(&self, broken: &BrokenRow, reader: &mut RowReader<'_>) -> Option<Skip> {
        let BrokenReason::FieldCount { found, expected } = broken.reason else {
            return None;
        };
        let delimiter = self.plan.dialect.as_ref()?.delimiter;
        if found >= expected || self.pipeline.is_dtks() {
            return None;
        }
        let mut row = RawRow::new();
        row.line = broken.line;
        for cell in broken.raw.trim_end().split(delimiter) {
            row.push(cell.trim_matches('"'), Kind::Text);
        }
        match reader.fate(&row) {
            Fate::Skip(reason @ (Skip::Closing | Skip::SubHeader)) => Some(reason),
            Fate::Wait => Some(Skip::Closing),
            _ => None,
        }
    }

    fn corrected(&mut self, sheet: &SheetPlan, line: u64, original: Option<&RawRow>) -> Option<RawRow> {
        if self.corrections.is_empty() {
            return None;
        }
        let row = self.corrections.row(&sheet.name, line, &sheet.header, original)?;
        self.applied.insert((sheet.name.clone(), line));
        Some(row)
    }

    fn note_sheet(&mut self, sheet: &SheetPlan) {
        self.summary.lembar.push(sheet.name.clone());
        if sheet.hidden {
            let words = format!("Lembar `{}` tersembunyi dan ikut dibaca", sheet.name);
            self.findings.file(&sheet.name, "", &rules::LEMBAR_TERSEMBUNYI, words);
        }
        for (column, loser) in &sheet.header.mapping.competing {
            let name = &self.pipeline.columns[*column].name;
            let words = format!(
                "Judul kolom `{}` diabaikan; kolom lain sudah dipakai",
                sheet.header.headings[*loser].text
            );
            self.findings.file(&sheet.name, name, &rules::KOLOM_BERSAING, words);
        }
        for (column, sources) in &sheet.header.mapping.columns {
            let name = &self.pipeline.columns[*column].name;
            if !sources.is_empty() && !self.summary.kolom.contains(name) {
                self.summary.kolom.push(name.clone());
            }
        }
    }

    fn skipped(&mut self, reason: Skip) -> &mut u64 {
        self.summary
            .baris_dilewati
            .entry(reason.as_str().to_owned())
            .or_insert(0)
    }

    fn settle(
        &mut self,
        fate: &Fate,
        row: &RawRow,
        carried: &Carried,
        sheet: &SheetPlan,
        writer: &mut BatchWriter<'_>,
        batch: &mut Batch,
    ) -> Result<(), Refusal> {
        match fate {
            Fate::Skip(Skip::Blank) | Fate::Wait => {}
            Fate::Skip(reason) => *self.skipped(*reason) += 1,
            Fate::Unidentified => self.keep_out(&sheet.name, row.line, UNIDENTIFIED.to_owned(), raw_text(row)),
            Fate::Keep if writer.usable.as_ref().is_some_and(|usable| usable.is_missing(row)) => {
                self.figures.unreadable_ids += 1;
                self.keep_out(&sheet.name, row.line, UNIDENTIFIED.to_owned(), raw_text(row));
            }
            Fate::Keep => {
                writer.add(batch, row, self.order, carried);
                self.order += 1;
                if batch.is_full() {
                    self.flush(batch, &sheet.name)?;
                }
            }
        }
        Ok(())
    }

    fn keep_out(&mut self, lembar: &str, line: u64, alasan: String, isi: String) {
        let rule = if alasan == UNIDENTIFIED {
            &rules::BARIS_TANPA_IDENTITAS
        } else {
            &rules::BARIS_RUSAK
        };
        self.findings.row(lembar, line, "", rule, None);
        self.summary.baris_karantina += 1;
        self.quarantine.push(Quarantined {
            lembar: lembar.to_owned(),
            nomor_baris: line,
            alasan,
            isi,
        });
    }

    fn flush(&mut self, batch: &mut Batch, lembar: &str) -> Result<(), Refusal> {
        crate::stop::check()?;
        if batch.is_empty() {
            return Ok(());
        }
        let mut notes = if self.context.findings {
            Notes::default()
        } else {
            Notes::none()
        };
        let start = Instant::now();
        let assembled = self.assembler.assemble(batch, lembar, &mut notes);
        let (frame, figures) = assembled.map_err(|error| write_failed(self.folder, &error))?;
        self.summary.took.standardised(start);
        let start = Instant::now();
        self.writer
            .write(&frame)
            .map_err(|error| write_failed(self.folder, &error))?;
        let words = self.context.schema.words(&format!("stg_{}", self.pipeline.table()));
        self.vocabulary.note(&frame, words);
        self.write_households(&frame)?;
        self.summary.took.written(start);
        for (column, rule, rows) in notes.counted() {
            self.findings.count("", column, rule, rows);
        }
        for note in notes.items.into_iter().filter(|note| note.rule.level != Level::Info) {
            let line = batch.lines.get(note.row as usize).copied().unwrap_or(0);
            self.findings.row(lembar, line, &note.column, note.rule, note.shown);
        }
        let sum = &mut self.figures;
        sum.nik_sixteen.0 += figures.nik_sixteen.0;
        sum.nik_sixteen.1 += figures.nik_sixteen.1;
        sum.placed.0 += figures.placed.0;
        sum.placed.1 += figures.placed.1;
        sum.unreadable_ids += figures.unreadable_ids;
        self.summary.baris_disimpan += batch.len() as u64;
        batch.clear();
        Ok(())
    }

    /// One household a `id_dtks`, from the first row that names it (ruling 66).
    fn write_households(&mut self, frame: &DataFrame) -> Result<(), Refusal> {
        let Some((writer, seen)) = &mut self.household_writer else {
            return Ok(());
        };
        let failed = |error| write_failed(self.folder, &error);
        let ids = frame.column("id_dtks").map_err(failed)?.str().map_err(failed)?;
        let first: Vec<bool> = ids
            .iter()
            .map(|id| id.is_some_and(|id| seen.insert(id.to_owned())))
            .collect();
        let mask = BooleanChunked::new("first".into(), first);
        let rows = frame.filter(&mask).map_err(failed)?;
        let mut columns = Columns::default();
        for column in rows.columns() {
            columns.insert(column.name(), column.clone());
        }
        columns.insert("terisi", Series::new("terisi".into(), vec![0i32; rows.height()]).into());
        let households = self
            .assembler
            .in_order("dtks_rt", rows.height(), &columns)
            .map_err(failed)?;
        self.household_vocabulary
            .note(&households, self.context.schema.words("stg_dtks_rt"));
        writer.write(&households).map_err(failed)
    }

    fn finish(mut self) -> Result<PieceSummary, Refusal> {
        self.summary.koreksi_tanpa_baris =
            self.corrections
                .note_idle(&self.applied, &self.plan.sheets, &mut self.findings);
        let data_rows = self.summary.baris_disimpan + self.summary.baris_karantina;
        let may_be_empty = self.context.may_be_empty || self.summary.baris_dilewati.contains_key(Skip::Erased.as_str());
        if data_rows == 0 && !may_be_empty {
            let sheet = self.plan.sheets.first();
            return Err(Refusal::new("E0204", "the file has a header and no rows of data")
                .on_sheet(sheet.map_or("", |sheet| sheet.name.as_str()))
                .at_line(sheet.map_or(1, |sheet| sheet.header.line))
                .hint("export it again from its source, or take it out of the delivery"));
        }
        if self.summary.baris_disimpan == 0 && !may_be_empty {
            return Err(Refusal::new("E0207", format!("none of {data_rows} rows can be used"))
                .at_line(self.quarantine.first().map_or(1, |row| row.nomor_baris))
                .hint("look at the line named here: an id, a NIK or a name is missing in every row"));
        }
        // What was found stands beside the verdict, so that a refused file can be told about too.
        let whole = WholeFile {
            pipeline: self.pipeline,
            thresholds: self.context.thresholds,
            districts: self.context.districts,
            data_rows,
            quarantined: self.summary.baris_karantina,
            first_quarantined: self.quarantine.first(),
            figures: self.figures,
        };
        let verdict = whole.judge(&mut self.findings);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| write_failed(&path, &error)
        };
        let start = Instant::now();
        let table = self.pipeline.table().to_owned();
        if self.writer.finish().map_err(failed(self.folder))?.is_some() {
            self.summary.tabel.insert(table.clone(), format!("{table}.parquet"));
            self.summary.kata.insert(table, self.vocabulary.into_words());
        }
        if let Some((writer, _)) = self.household_writer
            && let Some(rows) = writer.finish().map_err(failed(self.folder))?
        {
            self.summary.rumah_tangga = rows;
            self.summary
                .tabel
                .insert("dtks_rt".to_owned(), "dtks_rt.parquet".to_owned());
            let words = self.household_vocabulary.into_words();
            self.summary.kata.insert("dtks_rt".to_owned(), words);
        }
        let findings = self.findings.into_vec();
        for finding in &findings {
            *self
                .summary
                .temuan
                .entry(finding.rule.level.as_str().to_owned())
                .or_insert(0) += finding.jumlah;
        }
        let path = self.folder.join("temuan.parquet");
        write_findings(&path, &self.facts.id_berkas, &findings).map_err(failed(&path))?;
        let path = self.folder.join("karantina.parquet");
        write_quarantine(&path, &self.facts.id_berkas, &self.quarantine).map_err(failed(&path))?;
        self.summary.took.written(start);
        self.summary.took.whole = self.start.elapsed();
        if let Err(refusal) = verdict {
            leave_summary(self.folder, &self.summary)?;
            return Err(refusal);
        }
        Ok(self.summary)
    }
}

fn unreadable(error: &ReadError, sheet: &str) -> Refusal {
    Refusal::from(error).on_sheet(sheet)
}

fn place_columns(pipeline: &Pipeline, sheet: &SheetPlan) -> Vec<usize> {
    sheet
        .header
        .mapping
        .columns
        .iter()
        .filter(|(column, _)| pipeline.columns[*column].kind == ColumnType::Place)
        .flat_map(|(_, sources)| sources.iter().copied())
        .collect()
}

fn raw_text(row: &RawRow) -> String {
    row.iter().collect::<Vec<_>>().join(" | ")
}
