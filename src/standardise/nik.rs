//! NIK and KK numbers (identitas.md, "NIK" and "KK number"; rulings 13, 17, 53).

use super::cells::{CellColumn, Notes};
use super::text::nfkc;
use crate::read::Kind;
use crate::temuan::{Level, Rule, mask_nik, rules};
use crate::wilayah::Wilayah;
use chrono::{Datelike, NaiveDate};

/// What an identity number is worth: `status_nik`, `status_kk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Sixteen digits with a known region and a real date.
    Valid,
    /// Sixteen digits whose region or date cannot be.
    PolaSalah,
    /// Not sixteen digits.
    PanjangSalah,
    /// Something else than digits.
    BukanAngka,
    /// A spreadsheet has eaten digits.
    PresisiHilang,
    /// A temporary number of a village system.
    Sementara,
    /// A filler.
    Pengisi,
    /// The KK number of the same row.
    SamaDenganKk,
    /// Nothing there.
    Kosong,
}

impl Status {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Valid,
        Self::PolaSalah,
        Self::PanjangSalah,
        Self::BukanAngka,
        Self::PresisiHilang,
        Self::Sementara,
        Self::Pengisi,
        Self::SamaDenganKk,
        Self::Kosong,
    ];

    /// The status as it stands in the marts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::PolaSalah => "POLA_SALAH",
            Self::PanjangSalah => "PANJANG_SALAH",
            Self::BukanAngka => "BUKAN_ANGKA",
            Self::PresisiHilang => "PRESISI_HILANG",
            Self::Sementara => "SEMENTARA",
            Self::Pengisi => "PENGISI",
            Self::SamaDenganKk => "SAMA_DENGAN_KK",
            Self::Kosong => "KOSONG",
        }
    }

    /// Does a number of this status join (ruling 13)?
    pub fn joins(self) -> bool {
        matches!(self, Self::Valid | Self::PolaSalah)
    }
}

/// Which of the two numbers is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// A person's number: steps 1 to 10, 40 added to the day for women.
    Nik,
    /// A family card's number: without steps 5 and 9, and no +40.
    Kk,
}

/// Sixteen ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digits16([u8; 16]);

impl Digits16 {
    fn new(digits: &[u8]) -> Option<Self> {
        let digits: [u8; 16] = digits.try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn number(self, from: usize, to: usize) -> u32 {
        self.0[from..to]
            .iter()
            .fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }
}

/// The judgement of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Its status.
    pub status: Status,
    /// The sixteen digits, where there are sixteen and the status lets them join.
    pub number: Option<Digits16>,
    /// Had the cell sixteen digits after cleaning (ruling 16)? Their last one decides whether a file is damaged.
    pub ends_in_zero: Option<bool>,
    /// Is only the regency of digits 1-4 known (ruling 13)?
    pub unknown_kecamatan: bool,
}

impl Verdict {
    fn without_number(status: Status) -> Self {
        Self {
            status,
            number: None,
            ends_in_zero: None,
            unknown_kecamatan: false,
        }
    }
}

/// 2^53: from here on a spreadsheet's number no longer holds every whole number.
const PRECISE: f64 = 9_007_199_254_740_992.0;

/// Words that say that there is no number (identitas.md, step 2).
const NONE_WORDS: [&str; 19] = [
    "TIDAK ADA",
    "TDK ADA",
    "TIDAKADA",
    "TIDAK PUNYA",
    "TIDAK MEMILIKI",
    "BELUM ADA",
    "BLM ADA",
    "BELUM PUNYA",
    "BELUM MEMILIKI",
    "NIHIL",
    "NULL",
    "NAN",
    "NONE",
    "#N/A",
    "N/A",
    "KOSONG",
    "\\N",
    "TIDAK ADA NIK",
    "TIDAK ADA KK",
];

/// Judges one cell by the steps of identitas.md; the first that applies decides.
///
/// `kk` is the cleaned KK number of the same row (step 9), where there is one.
pub fn judge(identity: Identity, cell: &str, kind: Kind, kk: Option<Digits16>, wilayah: &Wilayah) -> Verdict {
    let numeric = match kind {
        Kind::Number(value) | Kind::Date(value) => Some(value),
        _ => None,
    };
    let mut buffer = Buffer::new();
    let digits: &[u8] = if let Some(value) = numeric {
        if value >= PRECISE {
            return Verdict::without_number(Status::PresisiHilang);
        }
        if value < 0.0 || value.fract() != 0.0 {
            return Verdict::without_number(Status::BukanAngka);
        }
        buffer.push_all(format!("{value:.0}").as_bytes());
        buffer.as_slice()
    } else if Digits16::new(cell.as_bytes()).is_some() {
        cell.as_bytes()
    } else {
        match strip_text(cell, &mut buffer) {
            Ok(()) => buffer.as_slice(),
            Err(status) => return Verdict::without_number(status),
        }
    };
    judge_digits(identity, digits, numeric.is_some(), kk, wilayah)
}

fn judge_digits(identity: Identity, digits: &[u8], numeric: bool, kk: Option<Digits16>, wilayah: &Wilayah) -> Verdict {
    if digits.iter().all(|digit| *digit == b'0') {
        return Verdict::without_number(Status::Kosong);
    }
    let sixteen = Digits16::new(digits);
    let ends_in_zero = sixteen.map(|number| number.0[15] == b'0');
    let rejected = |status| Verdict {
        ends_in_zero,
        ..Verdict::without_number(status)
    };
    if identity == Identity::Nik && is_temporary(digits, wilayah) {
        return rejected(Status::Sementara);
    }
    if is_filler(digits, wilayah) {
        return rejected(Status::Pengisi);
    }
    let Some(number) = sixteen else {
        return rejected(Status::PanjangSalah);
    };
    if number.0[12..] == *b"0000" || (numeric && number.0[15] == b'0') {
        return rejected(Status::PresisiHilang);
    }
    if identity == Identity::Nik && kk == Some(number) {
        return rejected(Status::SamaDenganKk);
    }
    judge_pattern(identity, number, ends_in_zero, wilayah)
}

fn judge_pattern(identity: Identity, number: Digits16, ends_in_zero: Option<bool>, wilayah: &Wilayah) -> Verdict {
    let knows_kecamatan = wilayah.knows_kecamatan_of_nik(number.number(0, 6));
    let knows_region = knows_kecamatan || wilayah.knows_kabupaten_of_nik(number.number(0, 4));
    let valid = number.0[0] != b'0' && knows_region && has_real_date(identity, number);
    Verdict {
        status: if valid { Status::Valid } else { Status::PolaSalah },
        number: Some(number),
        ends_in_zero,
        unknown_kecamatan: valid && !knows_kecamatan,
    }
}

/// Step 1 to 4 for text: what stands before anything is stripped (ruling 53), then the digits that are left.
fn strip_text(cell: &str, digits: &mut Buffer) -> Result<(), Status> {
    let normal = nfkc(cell);
    let trimmed = normal.trim().trim_matches(is_quote).trim();
    if says_none(trimmed) {
        return Err(Status::Kosong);
    }
    if is_scientific(trimmed) {
        return Err(Status::PresisiHilang);
    }
    let whole = [".00", ",00", ".0"]
        .iter()
        .find_map(|tail| trimmed.strip_suffix(tail))
        .unwrap_or(trimmed);
    for letter in whole.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter as u8);
        } else if !is_stripped(letter) {
            return Err(Status::BukanAngka);
        }
    }
    Ok(())
}

fn is_quote(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '"' | '`' | '´' | '‘' | '’' | '“' | '”' | '‚' | '„' | '′' | '″' | '«' | '»'
    )
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '\u{ad}')
}

fn is_invisible(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// Quotes, apostrophes, blanks, dots, dashes, slashes (step 1).
fn is_stripped(letter: char) -> bool {
    matches!(letter, '.' | '/' | '\\')
        || letter.is_whitespace()
        || is_quote(letter)
        || (letter != '_' && is_dash(letter))
        || is_invisible(letter)
}

fn says_none(trimmed: &str) -> bool {
    if trimmed.is_empty() {
        return true;
    }
    if !trimmed.contains(|letter: char| letter.is_ascii_digit()) {
        let words = trimmed.trim_matches(|letter: char| letter == '(' || letter == ')');
        let only_x = words.chars().all(|letter| letter == 'X' || letter == 'x');
        return only_x
            || NONE_WORDS.iter().any(|word| words.eq_ignore_ascii_case(word))
            || words.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase() == "TIDAK ADA";
    }
    false
}

/// `3,50309E+15`, `3.5E15`, `3E+15`.
fn is_scientific(trimmed: &str) -> bool {
    let Some((mantissa, exponent)) = trimmed.split_once(['E', 'e']) else {
        return false;
    };
    let mantissa = mantissa.trim();
    let exponent = exponent.trim_start_matches(['+', '-']).trim();
    let is_number = |text: &str, signs: &[u8]| {
        text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || signs.contains(&byte))
    };
    is_number(mantissa.trim_start_matches(['+', '-']), b".,") && is_number(exponent, b"")
}

/// `0`, a desa code of the reference in either coding, five digits (step 5, ruling 13).
fn is_temporary(digits: &[u8], wilayah: &Wilayah) -> bool {
    digits.len() == 16
        && digits[0] == b'0'
        && std::str::from_utf8(&digits[1..11]).is_ok_and(|code| wilayah.knows_desa_code(code))
}

/// Step 6, with the eight digits of ruling 53.
fn is_filler(digits: &[u8], wilayah: &Wilayah) -> bool {
    let repeats = digits.len() >= 8 && digits.iter().all(|digit| *digit == digits[0]);
    let counts = digits == b"1234567890123456" || digits == b"1234567890123450";
    repeats || counts || is_bare_regency(digits, wilayah)
}

fn is_bare_regency(digits: &[u8], wilayah: &Wilayah) -> bool {
    let Some((regency, rest)) = digits.split_at_checked(4) else {
        return false;
    };
    let only = |digit: u8| rest.iter().all(|other| *other == digit);
    !rest.is_empty()
        && (only(b'0') || only(b'9'))
        && wilayah.knows_kabupaten_of_nik(regency.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

/// Digits 7-12 are DDMMYY; 29 February counts in leap years of either century.
fn has_real_date(identity: Identity, number: Digits16) -> bool {
    let (mut day, month, year) = (number.number(6, 8), number.number(8, 10), number.number(10, 12));
    if identity == Identity::Nik && day > 40 {
        day -= 40;
    }
    [1900, 2000].iter().any(|century| {
        i32::try_from(century + year).is_ok_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
    })
}

/// What a VALID NIK tells of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Born a woman (day above 40).
    pub perempuan: bool,
    /// The birth date: the latest century that is not after `until`.
    pub lahir: NaiveDate,
}

/// Sex and birth date from a VALID NIK; `until` is the last day of the periode's month.
pub fn bearer(number: Digits16, until: NaiveDate) -> Option<Bearer> {
    let day = number.number(6, 8);
    let perempuan = day > 40;
    let day = if perempuan { day - 40 } else { day };
    let lahir = two_digit_year(number.number(10, 12), number.number(8, 10), day, until)?;
    Some(Bearer { perempuan, lahir })
}

/// The date in the latest century that is not after `until` (identitas.md, "From a VALID NIK").
pub fn two_digit_year(year: u32, month: u32, day: u32, until: NaiveDate) -> Option<NaiveDate> {
    let century = until.year() - until.year().rem_euclid(100);
    let year = i32::try_from(year).ok()?;
    [century, century - 100]
        .into_iter()
        .filter_map(|century| NaiveDate::from_ymd_opt(century + year, month, day))
        .find(|date| *date <= until)
}

/// A cleaned identity column: one verdict a row.
#[derive(Debug, Default)]
pub struct IdentityColumn {
    /// One verdict a row.
    pub verdicts: Vec<Verdict>,
    /// Rows with sixteen digits after cleaning.
    pub sixteen: u64,
    /// Of these, rows that end in 0.
    pub ending_in_zero: u64,
}

/// Judges a whole column; `kk` is the judged KK column of the same rows.
pub fn judge_column(
    identity: Identity,
    cells: &CellColumn,
    kk: Option<&IdentityColumn>,
    wilayah: &Wilayah,
    notes: &mut Notes,
) -> IdentityColumn {
    notes.enter(if identity == Identity::Nik { "nik" } else { "no_kk" });
    let mut column = IdentityColumn {
        verdicts: Vec::with_capacity(cells.len()),
        ..IdentityColumn::default()
    };
    for (row, (cell, kind)) in cells.iter().enumerate() {
        let kk = kk.and_then(|kk| kk.verdicts.get(row)?.number);
        let verdict = judge(identity, cell, kind, kk, wilayah);
        if let Some(zero) = verdict.ends_in_zero {
            column.sixteen += 1;
            column.ending_in_zero += u64::from(zero);
        }
        note(identity, row, cell, &verdict, wilayah, notes);
        column.verdicts.push(verdict);
    }
    column
}

fn note(identity: Identity, row: usize, cell: &str, verdict: &Verdict, wilayah: &Wilayah, notes: &mut Notes) {
    if !notes.are_wanted() {
        return;
    }
    if let Some(rule) = rule_for(identity, verdict) {
        // What is only counted shows no value.
        let shown = (rule.level != Level::Info).then(|| mask_nik(cell.trim()));
        notes.add(row, rule, shown);
    }
    if verdict.status == Status::BukanAngka && letters_would_repair(identity, cell, wilayah) {
        let rule = match identity {
            Identity::Nik => &rules::NIK_HURUF_MIRIP_ANGKA,
            Identity::Kk => &rules::KK_HURUF_MIRIP_ANGKA,
        };
        notes.add(row, rule, Some(mask_nik(cell.trim())));
    }
}

fn rule_for(identity: Identity, verdict: &Verdict) -> Option<&'static Rule> {
    let nik = identity == Identity::Nik;
    let pick = |of_nik: &'static Rule, of_kk: &'static Rule| Some(if nik { of_nik } else { of_kk });
    match verdict.status {
        Status::Valid if verdict.unknown_kecamatan => {
            pick(&rules::NIK_KECAMATAN_TIDAK_DIKENAL, &rules::KK_KECAMATAN_TIDAK_DIKENAL)
        }
        Status::Valid => None,
        Status::PolaSalah => pick(&rules::NIK_POLA_SALAH, &rules::KK_POLA_SALAH),
        Status::PanjangSalah => pick(&rules::NIK_PANJANG_SALAH, &rules::KK_PANJANG_SALAH),
        Status::BukanAngka => pick(&rules::NIK_BUKAN_ANGKA, &rules::KK_BUKAN_ANGKA),
        Status::PresisiHilang => pick(&rules::NIK_PRESISI_HILANG, &rules::KK_PRESISI_HILANG),
        Status::Sementara => Some(&rules::NIK_SEMENTARA),
        Status::Pengisi => pick(&rules::NIK_PENGISI, &rules::KK_PENGISI),
        Status::SamaDenganKk => Some(&rules::NIK_SAMA_DENGAN_KK),
        Status::Kosong => pick(&rules::NIK_KOSONG, &rules::KK_KOSONG),
    }
}

/// Would O for 0 and I or L for 1 give a VALID number (step 4)? Proposed, never made.
fn letters_would_repair(identity: Identity, cell: &str, wilayah: &Wilayah) -> bool {
    let repaired: String = cell
        .chars()
        .map(|letter| match letter {
            'O' | 'o' => '0',
            'I' | 'i' | 'L' | 'l' | '|' => '1',
            other => other,
        })
        .collect();
    repaired != cell && judge(identity, &repaired, Kind::Text, None, wilayah).status == Status::Valid
}

/// A small digit buffer on the stack; longer inputs are cut, since nothing over 16 digits is told apart by its length.
struct Buffer {
    bytes: [u8; 40],
    length: usize,
}

impl Buffer {
    fn new() -> Self {
        Self {
            bytes: [0; 40],
            length: 0,
        }
    }

    fn push(&mut self, digit: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = digit;
            self.length += 1;
        }
    }

    fn push_all(&mut self, digits: &[u8]) {
        for digit in digits {
            self.push(*digit);
        }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
#[path = "nik_tests.rs"]
mod tests;
