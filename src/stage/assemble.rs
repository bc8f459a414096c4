//! A batch of cells becomes rows of a staged table: every kernel over its column, identity and place over several.

use super::batch::Batch;
use super::derive::{fill_family_relation, fill_ids, finish_disabilitas, finish_rt};
use super::frame::{Columns, as_texts, big_integers, booleans, cleaned, constant, dates, integers, texts, words};
use super::places::{add_region, note_place, place_cell};
use super::schema::{StagedSchema, empty_column};
use crate::files::hex;
use crate::pipeline::{ColumnSpec, ColumnType, Pipeline};
use crate::reference::Reference;
use crate::standardise::code::CodeList;
use crate::standardise::nik::{Digits16, Identity, IdentityColumn, Status, bearer, judge_column};
use crate::standardise::{CellColumn, Notes, WordColumn, code, contact, date, id, name, number, status, text};
use crate::temuan::{Rule, mask_pattern, rules};
use crate::wilayah::{PlaceCells, PlaceResolver};
use chrono::NaiveDate;
use polars::prelude::{
    DataFrame, Float64Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray, PolarsResult, StringChunked,
};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashSet;
use xxhash_rust::xxh3::xxh3_128;

/// What is the same for all rows of a file.
#[derive(Debug, Clone)]
pub struct FileFacts {
    /// Id of the file or member.
    pub id_berkas: String,
    /// SHA-256 of the file's bytes, and the member's name.
    pub content_id: String,
    /// The file's own name without extension.
    pub sumber_data: String,
    /// The periode, for DTKS and proposals.
    pub periode: Option<String>,
    /// The stage that the file's name tells.
    pub tahap: Option<String>,
    /// The month that the file's name tells, for lists.
    pub periode_bantuan: Option<String>,
    /// The last day that a date may have.
    pub until: NaiveDate,
}

/// Figures about the rows of a batch.
#[derive(Debug, Default, Clone, Copy)]
pub struct BatchFigures {
    /// NIK with sixteen digits, and of these, those that end in 0 (ruling 16).
    pub nik_sixteen: (u64, u64),
    /// Rows that speak of a place, and of these, those of the workspace's district (ruling 47).
    pub placed: (u64, u64),
    /// Rows whose DTKS id cannot be read.
    pub unreadable_ids: u64,
}

/// Cleans the batches of one file.
pub struct Assembler<'a> {
    pipeline: &'a Pipeline,
    reference: &'a Reference,
    schema: &'a StagedSchema,
    facts: &'a FileFacts,
    places: PlaceResolver<'a>,
}

/// Columns that are read for the comparison with the NIK, before their turn comes.
#[derive(Default)]
struct ReadBefore<'a> {
    born: Option<date::DateColumn>,
    sex: Option<code::SexColumn<'a>>,
}

impl<'a> Assembler<'a> {
    /// An assembler for one file.
    pub fn new(
        pipeline: &'a Pipeline,
        reference: &'a Reference,
        schema: &'a StagedSchema,
        facts: &'a FileFacts,
        districts: &[String],
    ) -> Self {
        let places = PlaceResolver::new(&reference.wilayah, districts);
        Self {
            pipeline,
            reference,
            schema,
            facts,
            places,
        }
    }

    /// The rows of the batch as they stand in the staged table, with notes and figures.
    ///
    /// # Errors
    /// Where Polars cannot put the columns together, which is a bug.
    pub fn assemble(
        &mut self,
        batch: &Batch,
        lembar: &str,
        notes: &mut Notes,
    ) -> PolarsResult<(DataFrame, BatchFigures)> {
        let rows = batch.len();
        let mut columns = Columns::default();
        let mut figures = BatchFigures::default();
        self.add_origin(batch, lembar, &mut columns);
        let read = self.read_before(batch);
        self.add_identity(batch, &read, &mut columns, notes, &mut figures);
        self.add_places(batch, &mut columns, notes, &mut figures);
        for (index, spec) in self.pipeline.columns.iter().enumerate() {
            if batch.present[index] {
                self.add_column(spec, &batch.columns[index], &read, &mut columns, notes);
            }
        }
        figures.unreadable_ids = rows_noted(notes, &rules::ID_TIDAK_TERBACA);
        match self.pipeline.table() {
            "dtks_rt" => finish_rt(rows, &mut columns),
            "dtks_art" => self.finish_art(rows, &mut columns, notes),
            "bantuan_sosial" => self.finish_bansos(batch, rows, &mut columns),
            "data_disabilitas" => finish_disabilitas(rows, &mut columns, notes),
            _ => self.finish_usulan(batch, rows, &mut columns),
        }
        if self.pipeline.is_dtks() {
            self.count_filled(batch, &mut columns);
        } else {
            self.add_list_ids(batch, lembar, rows, &mut columns);
        }
        Ok((self.in_order(self.pipeline.table(), rows, &columns)?, figures))
    }

    /// The columns of a staged table in its order; what the file lacks is NULL, or false for a flag.
    ///
    /// # Errors
    /// Where Polars cannot put the columns together, which is a bug.
    pub fn in_order(&self, table: &str, rows: usize, columns: &Columns) -> PolarsResult<DataFrame> {
        let ordered = self.schema.columns(&format!("stg_{table}")).iter().map(|(name, kind)| {
            columns
                .get(name)
                .cloned()
                .unwrap_or_else(|| empty_column(name, kind, rows))
        });
        DataFrame::new(rows, ordered.collect())
    }

    fn add_origin(&self, batch: &Batch, lembar: &str, columns: &mut Columns) {
        let rows = batch.len();
        let facts = self.facts;
        constant(columns, "id_berkas", Some(&facts.id_berkas), rows);
        constant(columns, "lembar", Some(lembar), rows);
        constant(columns, "periode", facts.periode.as_deref(), rows);
        constant(columns, "sumber_data", Some(&facts.sumber_data), rows);
        big_integers(columns, "nomor_baris", batch.lines.iter().copied());
        big_integers(columns, "urutan_baris", batch.order.iter().copied());
        if let Some(program) = &self.pipeline.program {
            constant(columns, "kode_program", Some(&program.kode), rows);
            constant(columns, "nama_program", Some(&program.nama), rows);
        }
    }

    fn read_before(&self, batch: &Batch) -> ReadBefore<'a> {
        let of = |name: &str| batch.column(self.pipeline, name).zip(self.pipeline.column(name));
        let born = of("tanggal_lahir").filter(|(_, spec)| spec.kind == ColumnType::Date);
        let sex = of("jenis_kelamin").filter(|(_, spec)| spec.kind == ColumnType::Sex);
        ReadBefore {
            born: born.map(|(cells, _)| date::DateColumn::read(cells, self.facts.until)),
            sex: sex.and_then(|(cells, spec)| Some(code::SexColumn::read(cells, self.list(spec)?))),
        }
    }

    /// KK first, since a NIK may be the KK of its row.
    fn add_identity(
        &self,
        batch: &Batch,
        read: &ReadBefore<'_>,
        columns: &mut Columns,
        notes: &mut Notes,
        figures: &mut BatchFigures,
    ) {
        let wilayah = &self.reference.wilayah;
        let kk = batch
            .column(self.pipeline, "no_kk")
            .map(|cells| judge_column(Identity::Kk, cells, None, wilayah, notes));
        let nik_cells = batch.column(self.pipeline, "nik");
        let nik = nik_cells.map(|cells| judge_column(Identity::Nik, cells, kk.as_ref(), wilayah, notes));
        if let Some(nik) = &nik {
            figures.nik_sixteen = (nik.sixteen, nik.ending_in_zero);
        }
        if let Some(cells) = nik_cells {
            texts(columns, "nik_asal", cells.texts().map(text::filled));
        }
        add_numbers(columns, "nik", "status_nik", nik.as_ref(), batch.len());
        add_numbers(columns, "no_kk", "status_kk", kk.as_ref(), batch.len());
        if let Some(nik) = nik {
            self.compare_bearer(batch, &nik, read, columns, notes);
        }
    }

    /// What a VALID NIK says of sex and birth, against what the file says: a doubt, never a change.
    fn compare_bearer(
        &self,
        batch: &Batch,
        nik: &IdentityColumn,
        read: &ReadBefore<'_>,
        columns: &mut Columns,
        notes: &mut Notes,
    ) {
        let until = self.facts.until;
        let bearers: Vec<_> = nik
            .verdicts
            .iter()
            .map(|verdict| match (verdict.status, verdict.number) {
                (Status::Valid, Some(number)) => bearer(number, until),
                _ => None,
            })
            .collect();
        dates(
            columns,
            "tanggal_lahir_nik",
            bearers.iter().map(|bearer| bearer.map(|bearer| bearer.lahir)),
        );
        if !notes.are_wanted() {
            return;
        }
        notes.enter("tanggal_lahir");
        if let (Some(cells), Some(born)) = (batch.column(self.pipeline, "tanggal_lahir"), &read.born) {
            for (row, (bearer, told)) in bearers.iter().zip(&born.dates).enumerate() {
                if let (Some(bearer), Some(told)) = (bearer, told)
                    && bearer.lahir != *told
                {
                    let shown = mask_pattern(cells.get(row).trim());
                    notes.add(row, &rules::NIK_TANGGAL_LAHIR_BEDA, Some(shown));
                }
            }
        }
        notes.enter("jenis_kelamin");
        if let Some(sex) = &read.sex {
            for (row, (bearer, told)) in bearers.iter().zip(&sex.codes).enumerate() {
                if let (Some(bearer), Some(told)) = (bearer, told)
                    && bearer.perempuan != (*told == 2)
                {
                    notes.add(row, &rules::NIK_JENIS_KELAMIN_BEDA, None);
                }
            }
        }
    }

    fn add_places(&mut self, batch: &Batch, columns: &mut Columns, notes: &mut Notes, figures: &mut BatchFigures) {
        let pipeline = self.pipeline;
        let cells = |name: &str| batch.column(pipeline, name);
        let sources = [
            cells("kode_provinsi"),
            cells("kode_kabupaten"),
            cells("kode_kecamatan"),
            cells("kode_desa"),
            cells("kode_gabungan"),
            cells("kabupaten"),
            cells("kecamatan"),
            cells("desa"),
        ];
        let rows = batch.len();
        let has_any = sources.iter().any(Option::is_some);
        booleans(columns, "punya_wilayah", std::iter::repeat_n(has_any, rows));
        if !has_any {
            return;
        }
        let mut places = Vec::with_capacity(rows);
        for row in 0..rows {
            let cell = |source: usize| place_cell(sources[source], row);
            let place = self.places.resolve(&PlaceCells {
                kode_provinsi: cell(0),
                kode_kabupaten: cell(1),
                kode_kecamatan: cell(2),
                kode_desa: cell(3),
                kode_gabungan: cell(4),
                kabupaten: cell(5),
                kecamatan: cell(6),
                desa: cell(7),
            });
            if let Some(own) = place.in_district {
                figures.placed.0 += 1;
                figures.placed.1 += u64::from(own);
            }
            note_place(row, &place, cell(6), cell(7), &self.reference.wilayah, notes);
            places.push(place);
        }
        add_region(columns, &places, &self.reference.wilayah);
    }

    fn list(&self, spec: &ColumnSpec) -> Option<&'a CodeList> {
        self.reference.list(spec.codes.as_deref()?)
    }

    /// Columns that one kernel cleans alone.
    fn add_column(
        &self,
        spec: &ColumnSpec,
        cells: &CellColumn,
        read: &ReadBefore<'_>,
        columns: &mut Columns,
        notes: &mut Notes,
    ) {
        notes.enter(&spec.name);
        let column = spec.name.as_str();
        match spec.kind {
            ColumnType::Id => {
                let ids = id::id_column(cells, notes);
                texts(columns, column, ids.iter().map(Option::as_deref));
            }
            ColumnType::Name => self.add_names(column, cells, columns, notes),
            ColumnType::Text | ColumnType::Disability => cleaned(columns, column, cells, text::clean_text),
            ColumnType::Date => self.add_dates(column, cells, read, columns, notes),
            ColumnType::Sex => {
                if let Some(sex) = read.sex.as_ref().filter(|_| column == "jenis_kelamin") {
                    sex.note_unknown(cells, notes);
                    words(columns, column, &sex.labels);
                } else if let Some(list) = self.list(spec) {
                    let sex = code::SexColumn::read(cells, list);
                    sex.note_unknown(cells, notes);
                    words(columns, column, &sex.labels);
                }
            }
            ColumnType::Code => {
                if let Some(list) = self.list(spec) {
                    words(columns, column, &code::label_column(cells, list, notes));
                }
            }
            ColumnType::Flag => {
                if let Some(list) = self.list(spec) {
                    booleans(columns, column, code::flag_column(cells, list, notes).into_iter());
                }
            }
            ColumnType::Integer => integers(columns, column, number::integer_column(cells, notes).into_iter()),
            ColumnType::Decimal => {
                let numbers = number::decimal_column(cells, notes);
                let chunked = Float64Chunked::from_iter_options(column.into(), numbers.into_iter());
                columns.insert(column, chunked.into_series().into_column());
            }
            ColumnType::Percentile => integers(columns, column, number::percentile_column(cells, notes).into_iter()),
            ColumnType::Desil => self.add_desil(cells, columns, notes),
            _ => self.add_list_column(spec, cells, columns),
        }
    }

    /// Columns of lists and proposals.
    fn add_list_column(&self, spec: &ColumnSpec, cells: &CellColumn, columns: &mut Columns) {
        let column = spec.name.as_str();
        match spec.kind {
            ColumnType::Status => {
                cleaned(columns, column, cells, text::clean_text);
                let active = status::active_column(cells, &self.pipeline.rows.not_active);
                booleans(columns, "aktif", active.into_iter());
            }
            ColumnType::ProposalStatus => booleans(columns, "diusulkan", status::open_column(cells).into_iter()),
            ColumnType::Tahap => cleaned(columns, column, cells, |cell| status::read_tahap(cell).map(Cow::Owned)),
            ColumnType::Month => {
                let told: Vec<_> = cells.iter().map(|(cell, kind)| month_cell(cell, kind)).collect();
                texts(columns, column, told.iter().map(Option::as_deref));
            }
            ColumnType::Phone => {
                let told: Vec<_> = cells.texts().map(contact::read_phone).collect();
                texts(columns, column, told.iter().map(Option::as_deref));
            }
            ColumnType::Rt => cleaned(columns, column, cells, |cell| {
                contact::read_rt_rw(cell).0.map(Cow::Owned)
            }),
            ColumnType::Rw => cleaned(columns, column, cells, |cell| {
                let (first, second) = contact::read_rt_rw(cell);
                second.or(first).map(Cow::Owned)
            }),
            ColumnType::Rupiah => {
                let amounts = cells.texts().map(number::read_rupiah);
                let chunked = Int64Chunked::from_iter_options(column.into(), amounts);
                columns.insert(column, chunked.into_series().into_column());
            }
            // Identity and place are read over several columns; the others are not kept.
            _ => {}
        }
    }

    fn add_names(&self, column: &str, cells: &CellColumn, columns: &mut Columns, notes: &mut Notes) {
        let names = name::clean_column(cells, notes);
        texts(columns, column, names.iter().map(Option::as_deref));
        if self.pipeline.table() == "bantuan_sosial" {
            let compared: Vec<_> = names.iter().map(|name| name::comparable(name.as_deref()?)).collect();
            texts(columns, "nama_banding", compared.iter().map(Option::as_deref));
        }
    }

    fn add_dates(
        &self,
        column: &str,
        cells: &CellColumn,
        read: &ReadBefore<'_>,
        columns: &mut Columns,
        notes: &mut Notes,
    ) {
        let own;
        let told = match read.born.as_ref().filter(|_| column == "tanggal_lahir") {
            Some(read) => read,
            None => {
                own = date::DateColumn::read(cells, self.facts.until);
                &own
            }
        };
        told.note_doubts(cells, notes);
        dates(columns, column, told.dates.iter().copied());
        if !told.places.is_empty() {
            let mut places = vec![None; cells.len()];
            for (row, place) in &told.places {
                places[*row] = Some(place.as_str());
            }
            texts(columns, "tempat_di_tanggal", places.into_iter());
        }
    }

    /// The file's own desil; an empty cell leaves it to the percentile.
    fn add_desil(&self, cells: &CellColumn, columns: &mut Columns, notes: &mut Notes) {
        let told = number::desil_column(cells, notes);
        integers(columns, "desil", told.iter().map(|(desil, _)| *desil));
        booleans(columns, "desil_ditulis", told.iter().map(|(_, said)| *said));
    }

    fn finish_bansos(&self, batch: &Batch, rows: usize, columns: &mut Columns) {
        if batch.column(self.pipeline, "status").is_none() {
            booleans(columns, "aktif", std::iter::repeat_n(true, rows));
        }
        for (column, told) in [
            ("tahap", &self.facts.tahap),
            ("periode_bantuan", &self.facts.periode_bantuan),
        ] {
            if let Some(told) = told {
                constant(columns, column, Some(told), rows);
            }
        }
    }

    fn finish_usulan(&self, batch: &Batch, rows: usize, columns: &mut Columns) {
        if batch.column(self.pipeline, "status_usulan").is_none() {
            booleans(columns, "diusulkan", std::iter::repeat_n(true, rows));
        }
    }

    /// Ids that the file lacks come from the nik, and from an 18-digit `id_art`; the place of birth from the date cell.
    fn finish_art(&self, rows: usize, columns: &mut Columns, notes: &mut Notes) {
        notes.enter("id_art");
        fill_ids(rows, columns, notes);
        if let Some(beside_date) = columns.remove("tempat_di_tanggal").as_ref().and_then(as_texts) {
            let own = columns.get("tempat_lahir").and_then(as_texts);
            let places: Vec<Option<&str>> = (0..rows)
                .map(|row| {
                    own.as_ref()
                        .and_then(|own| own.get(row))
                        .or_else(|| beside_date.get(row))
                })
                .collect();
            texts(columns, "tempat_lahir", places.into_iter());
        }
        if self.pipeline.column("hubungan_keluarga").is_none() {
            fill_family_relation(columns);
        }
    }

    /// How many business columns are filled: the mapped ones after cleaning, the others as text (rulings 3, 52).
    fn count_filled(&self, batch: &Batch, columns: &mut Columns) {
        let mut filled: Vec<u32> = batch.filled_others.clone();
        for (index, spec) in self.pipeline.columns.iter().enumerate() {
            let counted_as_text = matches!(spec.kind, ColumnType::Place | ColumnType::Flag | ColumnType::Ignored);
            let Some(column) = columns
                .get(&spec.name)
                .filter(|_| batch.present[index] && !counted_as_text)
            else {
                continue;
            };
            if column.null_count() == 0 {
                for count in &mut filled {
                    *count += 1;
                }
            } else {
                let told = column.is_not_null();
                filled
                    .iter_mut()
                    .zip(told.iter())
                    .for_each(|(count, told)| *count += u32::from(told == Some(true)));
            }
        }
        integers(columns, "terisi", filled.iter().map(|count| i32::try_from(*count).ok()));
    }

    /// The stable id of a list row and the hash by which equal rows are found (rulings 52, 61).
    fn add_list_ids(&self, batch: &Batch, lembar: &str, rows: usize, columns: &mut Columns) {
        let id_column = match self.pipeline.table() {
            "bantuan_sosial" => "id_kpm",
            _ => "id_disabilitas",
        };
        let ids: Vec<String> = batch
            .lines
            .iter()
            .map(|line| row_id(&self.facts.content_id, lembar, *line))
            .collect();
        texts(columns, id_column, ids.iter().map(|id| Some(id.as_str())));
        let compared = self.compared_columns(columns);
        let numbers = ["nik", "no_kk"].map(|name| columns.texts(name));
        let no_number = |row: usize| numbers.iter().flatten().all(|column| column.get(row).is_none());
        let mut buffer = String::new();
        let hashes: Vec<String> = (0..rows)
            .map(|row| {
                buffer.clear();
                if no_number(row) {
                    buffer.push_str("raw:");
                    buffer.push_str(batch.raw_text.get(row));
                } else {
                    for (name, values) in &compared {
                        if let Some(value) = values.get(row) {
                            buffer.push_str(name);
                            buffer.push('=');
                            buffer.push_str(value);
                            buffer.push('\u{1f}');
                        }
                    }
                    buffer.push_str(batch.other_text.get(row));
                }
                format!("{:032x}", xxh3_128(buffer.as_bytes()))
            })
            .collect();
        texts(columns, "hash_baris", hashes.iter().map(|hash| Some(hash.as_str())));
    }

    /// The cleaned columns that tell two list rows apart.
    fn compared_columns(&self, columns: &Columns) -> Vec<(String, StringChunked)> {
        const DERIVED: [&str; 6] = ["nik", "status_nik", "no_kk", "status_kk", "kode_kecamatan", "kode_desa"];
        let told = self
            .pipeline
            .columns
            .iter()
            .filter(|spec| {
                !spec.kind.is_compared_as_text()
                    && !matches!(
                        spec.kind,
                        ColumnType::Nik
                            | ColumnType::Kk
                            | ColumnType::Place
                            | ColumnType::RunningNumber
                            | ColumnType::Ignored
                    )
            })
            .map(|spec| {
                if spec.kind == ColumnType::ProposalStatus {
                    "diusulkan"
                } else {
                    spec.name.as_str()
                }
            });
        DERIVED
            .into_iter()
            .chain(told)
            .filter_map(|name| Some((name.to_owned(), as_texts(columns.get(name)?)?)))
            .collect()
    }
}

/// Rows to which a rule applies, each once.
fn rows_noted(notes: &Notes, rule: &'static Rule) -> u64 {
    let rows: HashSet<u32> = notes
        .items
        .iter()
        .filter(|note| note.rule.id == rule.id)
        .map(|note| note.row)
        .collect();
    rows.len() as u64
}

/// A hash of file, sheet and line (ruling 61).
fn row_id(content_id: &str, lembar: &str, line: u64) -> String {
    let digest = Sha256::digest(format!("{content_id}\u{1f}{lembar}\u{1f}{line}").as_bytes());
    hex(&digest[..12])
}

fn month_cell(cell: &str, kind: crate::read::Kind) -> Option<String> {
    if let crate::read::Kind::Date(_) = kind {
        return cell.get(..7).map(str::to_owned);
    }
    status::month_in_text(text::filled(cell)?)
}

fn add_numbers(columns: &mut Columns, number: &str, status: &str, judged: Option<&IdentityColumn>, rows: usize) {
    let told = match judged {
        None => vec![Some(Status::Kosong as u32); rows],
        Some(judged) => {
            let numbers = judged.verdicts.iter().map(|verdict| verdict.number.as_ref());
            texts(columns, number, numbers.map(|number| number.map(Digits16::as_str)));
            let statuses = judged.verdicts.iter().map(|verdict| verdict.status);
            statuses.map(|status| Some(status as u32)).collect()
        }
    };
    // All words in every batch: the dictionary is the same in the whole file, also for whoever reads it back with Polars.
    let told = WordColumn {
        words: Status::ALL.map(|status| Cow::Borrowed(status.as_str())).to_vec(),
        rows: told,
    };
    words(columns, status, &told);
}
