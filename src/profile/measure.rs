//! The figures of the table `t`.

use super::ProfileError;
use super::class;
use super::load::Field;
use super::missing;
use super::pattern;
use super::report::{
    Bin, ColumnProfile, ColumnType, Extent, Frequent, Kelas, Lengths, Measures, MissingPair, Outliers, Spread,
};
use super::shape::{Inferred, Shape};
use super::sql::{self, Reading};
use crate::warehouse::WarehouseError;
use chrono::NaiveDate;
use duckdb::{Connection, Row};

/// Beyond this many columns missing cells are not compared.
const COMPARED: usize = 300;
/// 1970-01-01 in the days of chrono.
const EPOCH: f64 = 719_163.0;

/// Measures one table.
pub struct Measuring<'c> {
    /// The database.
    pub connection: &'c Connection,
    /// Show values of personal columns?
    pub show: bool,
}

/// The figures of a table.
pub struct Figures {
    /// Rows.
    pub rows: u64,
    /// Rows that repeat an earlier one.
    pub repeated: u64,
    /// Its columns.
    pub columns: Vec<ColumnProfile>,
    /// How missing cells go together.
    pub pairs: Vec<MissingPair>,
}

impl Measuring<'_> {
    /// All figures of `t`.
    pub fn table(&self, fields: &[Field]) -> Result<Figures, ProfileError> {
        let rows = unsigned(self.one(sql::ROWS, |row| row.get(0))?);
        let columns = fields
            .iter()
            .enumerate()
            .map(|(index, field)| self.column(index, field, rows))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Figures {
            rows,
            repeated: self.repeated_rows(fields, rows)?,
            pairs: self.missing_pairs(&columns, rows)?,
            columns,
        })
    }

    fn repeated_rows(&self, fields: &[Field], rows: u64) -> Result<u64, ProfileError> {
        let compared: Vec<String> = fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.running)
            .map(|(index, field)| sql::column(index, field.declared.as_deref()))
            .collect();
        if compared.is_empty() {
            return Ok(0);
        }
        let different = unsigned(self.one(&sql::different_rows(&compared), |row| row.get(0))?);
        Ok(rows.saturating_sub(different))
    }

    fn missing_pairs(&self, columns: &[ColumnProfile], rows: u64) -> Result<Vec<MissingPair>, ProfileError> {
        let partly: Vec<usize> = (0..columns.len())
            .filter(|index| (1..rows).contains(&columns[*index].kosong))
            .collect();
        if partly.len() < 2 || partly.len() > COMPARED {
            return Ok(Vec::new());
        }
        let compared: Vec<String> = partly
            .iter()
            .map(|index| sql::column(*index, columns[*index].tipe_tabel.as_deref()))
            .collect();
        let patterns = self.all(&sql::missing_together(&compared), |row| {
            Ok((row.get(0)?, unsigned(row.get(1)?)))
        })?;
        let names: Vec<&str> = partly.iter().map(|index| columns[*index].nama.as_str()).collect();
        Ok(missing::pairs(&names, &patterns))
    }

    fn column(&self, index: usize, field: &Field, rows: u64) -> Result<ColumnProfile, ProfileError> {
        let cell = sql::column(index, field.declared.as_deref());
        self.run(&sql::values(&cell))?;
        let shape = self.one(sql::SHAPE, read_shape)?;
        let inferred = shape.infer(field.declared.as_deref(), field.code);
        let (kelas, alasan) = class::judge(field.class, inferred.tipe, &shape);
        let shown = self.show || kelas == Kelas::Umum;
        let has_text = field.declared.as_deref().is_none_or(|kind| kind == "VARCHAR");
        let (pola, jumlah_pola) = match inferred.tipe {
            ColumnType::Nomor16 | ColumnType::Kode | ColumnType::Teks | ColumnType::Tanggal if has_text => {
                self.patterns()?
            }
            _ => (Vec::new(), 0),
        };
        Ok(ColumnProfile {
            nama: field.label.clone(),
            kolom_gudang: field.warehouse.clone(),
            tipe: inferred.tipe,
            tipe_tabel: field.declared.clone(),
            tidak_sesuai: shape.filled - inferred.fitting,
            kelas,
            alasan,
            ditampilkan: shown,
            terisi: shape.filled,
            kosong: rows.saturating_sub(shape.filled),
            kata_kosong: field.words.clone(),
            berspasi: field.padded,
            berbeda: shape.distinct,
            ganda: shape.filled - shape.distinct,
            nilai_berulang: shape.repeated,
            tersering: self.frequent(shown)?,
            ukuran: self.measures(&cell, inferred, shown)?,
            panjang: self.lengths(inferred, &shape, has_text)?,
            jumlah_pola,
            pola,
        })
    }

    fn frequent(&self, shown: bool) -> Result<Vec<Frequent>, ProfileError> {
        let values: Vec<(String, u64)> = self.all(&sql::frequent(), |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
        let values = values.into_iter().map(|(value, jumlah)| {
            let open = self.show || (shown && !pattern::holds_identity_number(&value));
            Frequent {
                pola: (!open).then(|| pattern::of(&value)),
                nilai: open.then_some(value),
                jumlah,
            }
        });
        Ok(values.collect())
    }

    fn patterns(&self) -> Result<(Vec<Frequent>, u64), ProfileError> {
        let found: Vec<(String, u64, u64)> = self.all(&sql::patterns(), |row| {
            Ok((row.get(0)?, unsigned(row.get(1)?), unsigned(row.get(2)?)))
        })?;
        let all = found.first().map_or(0, |(_, _, all)| *all);
        let listed = found.into_iter().map(|(shape, jumlah, _)| Frequent {
            nilai: None,
            pola: Some(pattern::compress(shape.chars())),
            jumlah,
        });
        Ok((listed.collect(), all))
    }

    fn lengths(&self, inferred: Inferred, shape: &Shape, has_text: bool) -> Result<Option<Lengths>, ProfileError> {
        let is_text = matches!(inferred.tipe, ColumnType::Nomor16 | ColumnType::Kode | ColumnType::Teks);
        if !is_text || !has_text {
            return Ok(None);
        }
        let sebaran = self.all(&sql::lengths(), |row| {
            Ok((unsigned(row.get(0)?), unsigned(row.get(1)?)))
        })?;
        Ok(Some(Lengths {
            min: shape.shortest,
            maks: shape.longest,
            rata_rata: shape.letters / shape.filled as f64,
            sebaran,
        }))
    }

    fn measures(&self, cell: &str, inferred: Inferred, shown: bool) -> Result<Option<Measures>, ProfileError> {
        let Some(reading) = inferred.reading else {
            return Ok(None);
        };
        self.run(&sql::numbers(cell, reading))?;
        let (terbaca, figures) = self.one(sql::SPREAD, |row| {
            let figures = (1..10)
                .map(|place| row.get(place))
                .collect::<Result<Vec<Option<f64>>, _>>()?;
            Ok((unsigned(row.get(0)?), figures))
        })?;
        let [
            Some(least),
            Some(greatest),
            Some(mean),
            Some(median),
            deviation,
            Some(p5),
            Some(p25),
            Some(p75),
            Some(p95),
        ] = figures[..]
        else {
            return Ok(None);
        };
        let reach = 1.5 * (p75 - p25);
        let (lower, upper) = (p25 - reach, p75 + reach);
        let (bawah, atas) = self.one(&sql::outliers(lower, upper), |row| {
            Ok((unsigned(row.get(0)?), unsigned(row.get(1)?)))
        })?;
        let extent = |value| self.extent(value, reading);
        Ok(Some(Measures {
            terbaca,
            sebaran: shown.then(|| Spread {
                min: extent(least),
                maks: extent(greatest),
                rata_rata: extent(mean),
                median: extent(median),
                simpangan_baku: deviation,
                p5: extent(p5),
                p25: extent(p25),
                p75: extent(p75),
                p95: extent(p95),
            }),
            pencilan: Outliers {
                bawah,
                atas,
                batas_bawah: shown.then(|| extent(lower)),
                batas_atas: shown.then(|| extent(upper)),
            },
            histogram: if shown {
                self.histogram(least, greatest, reading)?
            } else {
                Vec::new()
            },
        }))
    }

    fn histogram(&self, least: f64, greatest: f64, reading: Reading) -> Result<Vec<Bin>, ProfileError> {
        if greatest <= least {
            return Ok(Vec::new());
        }
        let counts: Vec<(u64, u64)> = self.all(&sql::histogram(least, greatest), |row| {
            Ok((unsigned(row.get(0)?), unsigned(row.get(1)?)))
        })?;
        let width = (greatest - least) / f64::from(sql::STEPS);
        let bins = (0..sql::STEPS).map(|step| Bin {
            dari: self.extent(least + width * f64::from(step), reading),
            sampai: self.extent(least + width * f64::from(step + 1), reading),
            jumlah: counts
                .iter()
                .find(|(found, _)| *found == u64::from(step))
                .map_or(0, |(_, count)| *count),
        });
        Ok(bins.collect())
    }

    /// A number as it may be shown.
    fn extent(&self, value: f64, reading: Reading) -> Extent {
        match reading {
            Reading::Number | Reading::NumberInText if value.abs() >= 1e12 && !self.show => Extent::Hidden,
            Reading::Number | Reading::NumberInText => Extent::Number(value),
            Reading::DayFirst | Reading::MonthFirst | Reading::Date => {
                NaiveDate::from_num_days_from_ce_opt((value.floor() + EPOCH) as i32)
                    .map_or(Extent::Hidden, |day| Extent::Date(day.to_string()))
            }
        }
    }

    fn run(&self, sql: &str) -> Result<(), ProfileError> {
        Ok(self.connection.execute_batch(sql).map_err(measuring())?)
    }

    fn one<T>(&self, sql: &str, read: impl FnOnce(&Row<'_>) -> duckdb::Result<T>) -> Result<T, ProfileError> {
        Ok(self.connection.query_row(sql, [], read).map_err(measuring())?)
    }

    fn all<T>(&self, sql: &str, read: impl FnMut(&Row<'_>) -> duckdb::Result<T>) -> Result<Vec<T>, ProfileError> {
        let mut statement = self.connection.prepare(sql).map_err(measuring())?;
        let rows = statement.query_map([], read).map_err(measuring())?;
        Ok(rows.collect::<Result<Vec<_>, _>>().map_err(measuring())?)
    }
}

fn measuring() -> impl FnOnce(duckdb::Error) -> WarehouseError {
    WarehouseError::engine("measure the table")
}

fn read_shape(row: &Row<'_>) -> duckdb::Result<Shape> {
    let count = |place| row.get(place).map(unsigned);
    Ok(Shape {
        filled: count(0)?,
        distinct: count(1)?,
        repeated: count(2)?,
        integer: count(3)?,
        number: count(4)?,
        digits: count(5)?,
        leading_zero: count(6)?,
        sixteen: count(7)?,
        long: count(8)?,
        phone: count(9)?,
        day_first: count(10)?,
        month_first: count(11)?,
        shortest: count(12)?,
        longest: count(13)?,
        letters: row.get(14)?,
    })
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
