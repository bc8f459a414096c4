//! What the values of a column look like, and the type that follows.

use super::report::ColumnType;
use super::sql::Reading;

/// Counts over the filled cells of a column.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Filled cells.
    pub filled: u64,
    /// Different values.
    pub distinct: u64,
    /// Different values that stand more than once.
    pub repeated: u64,
    /// Whole numbers.
    pub integer: u64,
    /// Numbers.
    pub number: u64,
    /// Digits only.
    pub digits: u64,
    /// Digits that begin with zero.
    pub leading_zero: u64,
    /// Sixteen digits.
    pub sixteen: u64,
    /// With thirteen digits or more.
    pub long: u64,
    /// Like the number of a mobile phone.
    pub phone: u64,
    /// Dates, day first where it could be either.
    pub day_first: u64,
    /// Dates, month first where it could be either.
    pub month_first: u64,
    /// Length of the shortest value.
    pub shortest: u64,
    /// Length of the longest value.
    pub longest: u64,
    /// Lengths of all filled cells together.
    pub letters: f64,
}

/// The type of a column, how it is read as numbers, and how many of its values fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inferred {
    /// The type.
    pub tipe: ColumnType,
    /// How its figures are read; none for text and codes.
    pub reading: Option<Reading>,
    /// Filled cells that fit.
    pub fitting: u64,
}

impl Shape {
    /// The type that 95 of 100 values have. `declared` is the type that a table gives; `code`: digits are no quantity.
    pub fn infer(&self, declared: Option<&str>, code: bool) -> Inferred {
        let whole = |tipe, reading| Inferred {
            tipe,
            reading,
            fitting: self.filled,
        };
        if self.filled == 0 {
            return whole(ColumnType::Kosong, None);
        }
        let declared = declared.unwrap_or("");
        let base = declared.split('(').next().unwrap_or(declared);
        match base {
            "BOOLEAN" => whole(ColumnType::YaTidak, None),
            "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "HUGEINT" | "UTINYINT" | "USMALLINT" | "UINTEGER"
            | "UBIGINT" => whole(ColumnType::BilanganBulat, Some(Reading::Number)),
            "FLOAT" | "DOUBLE" | "DECIMAL" => whole(ColumnType::Bilangan, Some(Reading::Number)),
            _ if base == "DATE" || base.starts_with("TIMESTAMP") => whole(ColumnType::Tanggal, Some(Reading::Date)),
            _ => self.infer_text(code || !declared.is_empty()),
        }
    }

    fn infer_text(&self, no_quantity: bool) -> Inferred {
        let mostly = |count: u64| count * 100 >= self.filled * 95;
        let inferred = |tipe, reading, fitting| Inferred { tipe, reading, fitting };
        let (dates, order) = if self.month_first > self.day_first {
            (self.month_first, Reading::MonthFirst)
        } else {
            (self.day_first, Reading::DayFirst)
        };
        if mostly(self.sixteen) {
            return inferred(ColumnType::Nomor16, None, self.sixteen);
        }
        if mostly(dates) {
            return inferred(ColumnType::Tanggal, Some(order), dates);
        }
        if mostly(self.digits) && (no_quantity || self.digits_are_a_code()) {
            return inferred(ColumnType::Kode, None, self.digits);
        }
        // What a table keeps as text is no quantity.
        if !no_quantity && mostly(self.integer) {
            return inferred(ColumnType::BilanganBulat, Some(Reading::NumberInText), self.integer);
        }
        if !no_quantity && mostly(self.number) {
            return inferred(ColumnType::Bilangan, Some(Reading::NumberInText), self.number);
        }
        inferred(ColumnType::Teks, None, self.filled)
    }

    fn digits_are_a_code(&self) -> bool {
        let one_length = self.shortest == self.longest && self.longest >= 8;
        self.leading_zero * 100 >= self.filled || self.longest > 15 || one_length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_numbers_codes_or_identity_numbers() {
        let digits = Shape {
            filled: 100,
            integer: 100,
            number: 100,
            digits: 100,
            shortest: 1,
            longest: 3,
            ..Shape::default()
        };
        assert_eq!(digits.infer(None, false).tipe, ColumnType::BilanganBulat);
        assert_eq!(digits.infer(Some("VARCHAR"), false).tipe, ColumnType::Kode);
        assert_eq!(digits.infer(Some("DECIMAL(18,2)"), false).tipe, ColumnType::Bilangan);
        let codes = Shape {
            leading_zero: 2,
            ..digits.clone()
        };
        assert_eq!(codes.infer(None, false).tipe, ColumnType::Kode);
        let nik = Shape {
            sixteen: 96,
            longest: 16,
            ..digits
        };
        assert_eq!(nik.infer(None, false).tipe, ColumnType::Nomor16);
        assert_eq!(nik.infer(None, false).fitting, 96);
        assert_eq!(Shape::default().infer(Some("DATE"), false).tipe, ColumnType::Kosong);
    }

    #[test]
    fn the_order_of_day_and_month_is_that_which_reads_more() {
        let dates = Shape {
            filled: 10,
            day_first: 8,
            month_first: 10,
            ..Shape::default()
        };
        assert_eq!(dates.infer(None, false).reading, Some(Reading::MonthFirst));
    }
}
