//! What the pages of the contract say of NIK and KK, and what no input may do.

use super::*;
use crate::reference;
use proptest::prelude::*;
use std::sync::OnceLock;

fn wilayah() -> &'static Wilayah {
    static WILAYAH: OnceLock<Wilayah> = OnceLock::new();
    WILAYAH.get_or_init(|| reference::built_in().unwrap().wilayah)
}

fn status(cell: &str) -> &'static str {
    judge(Identity::Nik, cell, Kind::Text, None, wilayah()).status.as_str()
}

fn numeric(value: f64) -> &'static str {
    judge(Identity::Nik, &value.to_string(), Kind::Number(value), None, wilayah())
        .status
        .as_str()
}

#[test]
fn a_status_stands_where_its_number_says() {
    for (place, status) in Status::ALL.into_iter().enumerate() {
        assert_eq!(status as usize, place);
    }
}

#[test]
fn text_cells_are_judged_by_the_steps_of_the_contract() {
    for (cell, expected) in [
        ("3503110203850001", "VALID"),
        (" '3503110203850001 ", "VALID"),
        ("3503.1102.0385.0001.", "VALID"),
        ("3503 1102\u{a0}0385 0001", "VALID"),
        ("3503-11-020385-0001", "VALID"),
        ("3503110203850001.0", "VALID"),
        ("3503110203850001,00", "VALID"),
        ("３５０３１１０２０３８５０００１", "VALID"),
        ("3503114203850001", "VALID"),
        ("3503992903000001", "VALID"),
        ("9999112903000001", "POLA_SALAH"),
        ("3503113102850001", "POLA_SALAH"),
        ("3503110213850001", "POLA_SALAH"),
        ("0503110203850001", "POLA_SALAH"),
        ("3503112902000001", "VALID"),
        ("3503112902010001", "POLA_SALAH"),
        ("350311020385001", "PANJANG_SALAH"),
        ("35031102038500011", "PANJANG_SALAH"),
        ("", "KOSONG"),
        ("-", "KOSONG"),
        ("0", "KOSONG"),
        ("0000000000000000", "KOSONG"),
        ("tidak ada", "KOSONG"),
        ("#N/A", "KOSONG"),
        ("xxxx", "KOSONG"),
        ("3,50309E+15", "PRESISI_HILANG"),
        ("3.50311E+15", "PRESISI_HILANG"),
        ("3503110203850000", "PRESISI_HILANG"),
        ("35O311O2O385OOO1", "BUKAN_ANGKA"),
        ("3503110203850001/3503110203850002", "PANJANG_SALAH"),
        ("0350301000112345", "SEMENTARA"),
        ("0350301201112345", "SEMENTARA"),
        ("1111111111111111", "PENGISI"),
        ("11111111", "PENGISI"),
        ("1111111", "PANJANG_SALAH"),
        ("1234567890123456", "PENGISI"),
        ("1234567890123450", "PENGISI"),
        ("3503000000000000", "PENGISI"),
        ("3503999999999999", "PENGISI"),
    ] {
        assert_eq!(status(cell), expected, "{cell}");
    }
}

#[test]
fn numbers_keep_what_a_spreadsheet_can_hold() {
    assert_eq!(numeric(3_503_110_203_850_001.0), "VALID");
    assert_eq!(numeric(3_503_110_203_850_010.0), "PRESISI_HILANG");
    assert_eq!(numeric(9_171_012_345_678_901.0), "PRESISI_HILANG");
    assert_eq!(numeric(0.0), "KOSONG");
    assert_eq!(numeric(-5.0), "BUKAN_ANGKA");
    assert_eq!(numeric(3.5), "BUKAN_ANGKA");
}

#[test]
fn the_kk_of_the_row_is_no_nik() {
    let kk = judge(Identity::Kk, "3503110203080001", Kind::Text, None, wilayah());
    assert_eq!(kk.status, Status::Valid);
    let nik = judge(Identity::Nik, "3503110203080001", Kind::Text, kk.number, wilayah());
    assert_eq!((nik.status, nik.number), (Status::SamaDenganKk, None));
}

#[test]
fn a_kk_knows_no_women_and_no_temporary_numbers() {
    let kk = |cell| judge(Identity::Kk, cell, Kind::Text, None, wilayah()).status;
    assert_eq!(kk("3503114203850001"), Status::PolaSalah);
    assert_eq!(kk("0350301000112345"), Status::PolaSalah);
}

#[test]
fn a_valid_nik_tells_sex_and_birth() {
    let until = NaiveDate::from_ymd_opt(2020, 10, 31).unwrap();
    let number = Digits16::new(b"3503114203850001").unwrap();
    let told = bearer(number, until).unwrap();
    assert!(told.perempuan);
    assert_eq!(told.lahir, NaiveDate::from_ymd_opt(1985, 3, 2).unwrap());
    let child = Digits16::new(b"3503110203150001").unwrap();
    assert_eq!(bearer(child, until).unwrap().lahir.year(), 2015);
    let old = Digits16::new(b"3503110111200001").unwrap();
    assert_eq!(bearer(old, until).unwrap().lahir.year(), 1920);
}

proptest! {
    #[test]
    fn no_cell_makes_it_panic_and_a_number_is_sixteen_digits(cell in "\\PC{0,30}") {
        let verdict = judge(Identity::Nik, &cell, Kind::Text, None, wilayah());
        prop_assert_eq!(verdict.number.is_some(), verdict.status.joins());
    }

    #[test]
    fn separators_do_not_change_the_verdict(digits in "[0-9]{16}", at in 0usize..16, sign in "[ .'/-]") {
        let mut spaced = digits.clone();
        spaced.insert_str(at, &sign);
        // A separator may make a trailing `.0`; that tail goes by step 1.
        prop_assume!(!spaced.ends_with(".0") && !spaced.ends_with(".00"));
        prop_assert_eq!(status(&spaced), status(&digits));
    }
}
