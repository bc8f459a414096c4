//! A batch of cells becomes rows of a staged table: every kernel over its column, identity and place over several.

use super::batch::Batch;
use super::derive::{fill_family_relation, finish_disabilitas, finish_rt};
use super::frame::{Columns, as_texts, big_integers, booleans, cleaned, constant, dates, integers, text_at, texts};
use super::places::{add_region, note_place, place_cell};
use super::schema::{StagedSchema, empty_column};
use crate::files::hex;
use crate::pipeline::{ColumnSpec, ColumnType, Pipeline};
use crate::reference::Reference;
use crate::standardise::code::CodeList;
use crate::standardise::nik::{Identity, IdentityColumn, Status, bearer, judge_column};
use crate::standardise::{CellColumn, Notes, code, contact, date, id, name, number, status, text};
use crate::temuan::{Rule, mask_pattern, rules};
use crate::wilayah::{PlaceCells, PlaceResolver};
use chrono::NaiveDate;
use polars::prelude::{DataFrame, Float64Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray, PolarsResult};
use sha2::{Digest, Sha256};
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
        let mut columns = Columns::new();
        let mut figures = BatchFigures::default();
        self.add_origin(batch, lembar, &mut columns);
        self.add_identity(batch, &mut columns, notes, &mut figures);
        self.add_places(batch, &mut columns, notes, &mut figures);
        for (index, spec) in self.pipeline.columns.iter().enumerate() {
            if batch.present[index] {
                self.add_column(spec, &batch.columns[index], &mut columns, notes);
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

    /// KK first, since a NIK may be the KK of its row.
    fn add_identity(&self, batch: &Batch, columns: &mut Columns, notes: &mut Notes, figures: &mut BatchFigures) {
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
            texts(columns, "nik_asal", cells.iter().map(|(cell, _)| text::filled(cell)));
        }
        add_numbers(columns, "nik", "status_nik", nik.as_ref(), batch.len());
        add_numbers(columns, "no_kk", "status_kk", kk.as_ref(), batch.len());
        if let Some(nik) = nik {
            self.compare_bearer(batch, &nik, columns, notes);
        }
    }

    /// What a VALID NIK says of sex and birth, against what the file says: a doubt, never a change.
    fn compare_bearer(&self, batch: &Batch, nik: &IdentityColumn, columns: &mut Columns, notes: &mut Notes) {
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
        if let Some(cells) = batch.column(self.pipeline, "tanggal_lahir") {
            for (row, (cell, kind)) in cells.iter().enumerate() {
                if let (Some(bearer), Some(told)) = (bearers[row], date::read_date(cell, kind, until).date)
                    && bearer.lahir != told
                {
                    notes.add(row, &rules::NIK_TANGGAL_LAHIR_BEDA, Some(mask_pattern(cell.trim())));
                }
            }
        }
        notes.enter("jenis_kelamin");
        let sex = self.pipeline.column("jenis_kelamin").and_then(|spec| self.list(spec));
        if let (Some(cells), Some(list)) = (batch.column(self.pipeline, "jenis_kelamin"), sex) {
            for (row, (cell, _)) in cells.iter().enumerate() {
                if let (Some(bearer), code::Coded::Known(told, _)) = (bearers[row], list.read(cell))
                    && bearer.perempuan != (told == 2)
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
    fn add_column(&self, spec: &ColumnSpec, cells: &CellColumn, columns: &mut Columns, notes: &mut Notes) {
        notes.enter(&spec.name);
        let column = spec.name.as_str();
        match spec.kind {
            ColumnType::Id => texts(
                columns,
                column,
                id::id_column(cells, notes).iter().map(Option::as_deref),
            ),
            ColumnType::Name => {
                let names = name::clean_column(cells, notes);
                texts(columns, column, names.iter().map(Option::as_deref));
                if self.pipeline.table() == "bantuan_sosial" {
                    let compared: Vec<_> = names.iter().map(|name| name::comparable(name.as_deref()?)).collect();
                    texts(columns, "nama_banding", compared.iter().map(Option::as_deref));
                }
            }
            ColumnType::Text => {
                let clean: Vec<_> = cells.iter().map(|(cell, _)| text::clean_text(cell)).collect();
                texts(columns, column, clean.iter().map(Option::as_deref));
            }
            ColumnType::Date => {
                let (told, places) = date::read_column(cells, self.facts.until, notes);
                dates(columns, column, told.into_iter());
                texts(columns, "tempat_di_tanggal", places.iter().map(Option::as_deref));
            }
            ColumnType::Sex => {
                if let Some(list) = self.list(spec) {
                    texts(columns, column, code::sex_column(cells, list, notes).into_iter());
                }
            }
            ColumnType::Code => {
                if let Some(list) = self.list(spec) {
                    let labels = code::label_column(cells, list, notes);
                    texts(columns, column, labels.iter().map(Option::as_deref));
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
                columns.insert(column.to_owned(), chunked.into_series().into_column());
            }
            ColumnType::Percentile => integers(columns, column, number::percentile_column(cells, notes).into_iter()),
            ColumnType::Desil => self.add_desil(cells, columns, notes),
            ColumnType::Disability => {
                let clean: Vec<_> = cells.iter().map(|(cell, _)| text::clean_text(cell)).collect();
                texts(columns, column, clean.iter().map(Option::as_deref));
            }
            ColumnType::Status => {
                let clean: Vec<_> = cells.iter().map(|(cell, _)| text::clean_text(cell)).collect();
                texts(columns, column, clean.iter().map(Option::as_deref));
                let words = &self.pipeline.rows.not_active;
                let active = cells.iter().map(|(cell, _)| !status::is_former_recipient(cell, words));
                booleans(columns, "aktif", active);
            }
            ColumnType::ProposalStatus => {
                booleans(
                    columns,
                    "diusulkan",
                    cells.iter().map(|(cell, _)| status::is_open_proposal(cell)),
                );
            }
            ColumnType::Tahap => {
                let told: Vec<_> = cells.iter().map(|(cell, _)| status::read_tahap(cell)).collect();
                texts(columns, column, told.iter().map(Option::as_deref));
            }
            ColumnType::Month => {
                let told: Vec<_> = cells.iter().map(|(cell, kind)| month_cell(cell, kind)).collect();
                texts(columns, column, told.iter().map(Option::as_deref));
            }
            ColumnType::Phone => cleaned(columns, column, cells, contact::read_phone),
            ColumnType::Rt => cleaned(columns, column, cells, |cell| contact::read_rt_rw(cell).0),
            ColumnType::Rw => cleaned(columns, column, cells, |cell| {
                let (first, second) = contact::read_rt_rw(cell);
                second.or(first)
            }),
            ColumnType::Rupiah => {
                let amounts = cells.iter().map(|(cell, _)| number::read_rupiah(cell));
                let chunked = Int64Chunked::from_iter_options(column.into(), amounts);
                columns.insert(column.to_owned(), chunked.into_series().into_column());
            }
            ColumnType::Nik | ColumnType::Kk | ColumnType::Place | ColumnType::RunningNumber | ColumnType::Ignored => {}
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
        let mut id_art: Vec<Option<String>> = Vec::with_capacity(rows);
        let mut id_dtks: Vec<Option<String>> = Vec::with_capacity(rows);
        for row in 0..rows {
            let own = text_at(columns.get("id_art"), row);
            let first_digits = own.filter(|id| id.len() == 18).and_then(|id| id.get(..16));
            id_dtks.push(text_at(columns.get("id_dtks"), row).or(first_digits).map(str::to_owned));
            id_art.push(match (own, text_at(columns.get("nik"), row)) {
                (Some(id), _) => Some(id.to_owned()),
                (None, Some(nik)) => {
                    notes.add(row, &rules::ID_ART_DARI_NIK, None);
                    Some(format!("NIK{nik}"))
                }
                (None, None) => None,
            });
        }
        texts(columns, "id_art", id_art.iter().map(Option::as_deref));
        texts(columns, "id_dtks", id_dtks.iter().map(Option::as_deref));
        if let Some(beside_date) = columns.remove("tempat_di_tanggal") {
            let places: Vec<Option<String>> = (0..rows)
                .map(|row| {
                    text_at(columns.get("tempat_lahir"), row)
                        .or_else(|| text_at(Some(&beside_date), row))
                        .map(str::to_owned)
                })
                .collect();
            texts(columns, "tempat_lahir", places.iter().map(Option::as_deref));
        }
        if self.pipeline.column("hubungan_keluarga").is_none() {
            fill_family_relation(rows, columns);
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
        let no_number = |row: usize| {
            ["nik", "no_kk"]
                .iter()
                .all(|name| text_at(columns.get(*name), row).is_none())
        };
        let mut buffer = String::new();
        let hashes: Vec<String> = (0..rows)
            .map(|row| {
                buffer.clear();
                if no_number(row) {
                    buffer.push_str("raw:");
                    buffer.push_str(batch.raw_text.get(row));
                } else {
                    for (name, values) in &compared {
                        if let Some(value) = values.get(row).and_then(Option::as_deref) {
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
    fn compared_columns(&self, columns: &Columns) -> Vec<(String, Vec<Option<String>>)> {
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
            .filter_map(|name| Some((name.to_owned(), as_texts(columns.get(name)?))))
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
    let Some(judged) = judged else {
        constant(columns, status, Some(Status::Kosong.as_str()), rows);
        return;
    };
    let verdicts = &judged.verdicts;
    texts(
        columns,
        number,
        verdicts.iter().map(|verdict| {
            verdict
                .number
                .as_ref()
                .map(super::super::standardise::nik::Digits16::as_str)
        }),
    );
    texts(
        columns,
        status,
        verdicts.iter().map(|verdict| Some(verdict.status.as_str())),
    );
}
