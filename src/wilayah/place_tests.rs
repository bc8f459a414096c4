//! Places as rows tell them, against the reference of the district.

use super::*;
use crate::reference;
use std::sync::OnceLock;

fn wilayah() -> &'static Wilayah {
    static WILAYAH: OnceLock<Wilayah> = OnceLock::new();
    WILAYAH.get_or_init(|| reference::built_in().unwrap().wilayah)
}

/// Kecamatan and desa as names, and the doubts.
fn resolve(cells: &PlaceCells<'_>) -> (String, String, Vec<PlaceDoubt>) {
    let wilayah = wilayah();
    let place = PlaceResolver::new(wilayah, &["3503".to_owned()]).resolve(cells);
    let kecamatan = place.kecamatan.map_or("", |index| &wilayah.kecamatan[index].nama);
    let desa = place.desa.map_or("", |index| &wilayah.desa[index].nama);
    (kecamatan.to_owned(), desa.to_owned(), place.doubts)
}

fn names<'a>(kecamatan: &'a str, desa: &'a str) -> PlaceCells<'a> {
    PlaceCells {
        kecamatan,
        desa,
        ..PlaceCells::default()
    }
}

fn codes<'a>(kecamatan: &'a str, desa: &'a str) -> PlaceCells<'a> {
    PlaceCells {
        kode_provinsi: "35",
        kode_kabupaten: "3",
        kode_kecamatan: kecamatan,
        kode_desa: desa,
        ..PlaceCells::default()
    }
}

fn told(kecamatan: &str, desa: &str) -> (String, String, Vec<PlaceDoubt>) {
    (kecamatan.to_owned(), desa.to_owned(), Vec::new())
}

#[test]
fn codes_in_every_form_tell_the_same_desa() {
    for cells in [
        codes("10", "1"),
        codes("010", "001"),
        codes("010", "3503010001"),
        codes("", "3503010001.0"),
        codes("", "35.03.01.2011"),
        codes("01", "2011"),
        PlaceCells {
            kode_gabungan: "3503012011",
            ..PlaceCells::default()
        },
    ] {
        assert_eq!(resolve(&cells), told("PANGGUL", "NGLEBENG"), "{cells:?}");
    }
}

#[test]
fn a_full_desa_code_decides_against_the_kecamatan() {
    let (kecamatan, desa, doubts) = resolve(&codes("020", "3503010001"));
    assert_eq!((kecamatan.as_str(), desa.as_str()), ("PANGGUL", "NGLEBENG"));
    assert_eq!(doubts, [PlaceDoubt::CodesDisagree]);
}

#[test]
fn an_unknown_desa_code_leaves_the_kecamatan() {
    for cells in [codes("010", "999"), codes("", "3503010999"), codes("010", "3503999999")] {
        let (kecamatan, desa, doubts) = resolve(&cells);
        assert_eq!((kecamatan.as_str(), desa.as_str()), ("PANGGUL", ""), "{cells:?}");
        assert_eq!(doubts, [PlaceDoubt::CodeUnknown], "{cells:?}");
    }
}

#[test]
fn another_district_is_not_told() {
    let other = PlaceCells {
        kode_kabupaten: "4",
        kecamatan: "PANGGUL",
        ..codes("010", "001")
    };
    assert_eq!(resolve(&other).2, [PlaceDoubt::OtherDistrict]);
    let by_code = PlaceCells {
        kode_provinsi: "35",
        kode_kabupaten: "04",
        ..names("PANGGUL", "NGLEBENG")
    };
    assert_eq!(
        resolve(&by_code),
        (String::new(), String::new(), vec![PlaceDoubt::OtherDistrict])
    );
    let migrant = PlaceCells {
        kabupaten: "TULUNGAGUNG",
        ..names("PANGGUL", "NGLEBENG")
    };
    assert_eq!(
        resolve(&migrant),
        (String::new(), String::new(), vec![PlaceDoubt::OtherDistrict])
    );
    for own in [
        "KAB. TRENGGALEK",
        "Trenggalek",
        "TRENGALEK",
        "3503",
        "",
        "TRENGGALEK, JAWA TIMUR",
    ] {
        let cells = PlaceCells {
            kabupaten: own,
            ..names("PANGGUL", "NGLEBENG")
        };
        assert_eq!(resolve(&cells), told("PANGGUL", "NGLEBENG"), "{own}");
    }
}

#[test]
fn names_are_matched_within_their_kecamatan() {
    assert_eq!(
        resolve(&names("KEC. PANGGUL", "DS. NGLEBENG")),
        told("PANGGUL", "NGLEBENG")
    );
    assert_eq!(
        resolve(&names("Munjungan", "Ngulung Kulon")),
        told("MUNJUNGAN", "NGULUNGKULON")
    );
    assert_eq!(
        resolve(&names("Pogalan", "Ngulungkulon")),
        told("POGALAN", "NGULANKULON")
    );
    let (_, desa, doubts) = resolve(&names("PANGGUL", "NGLEBENGG"));
    assert_eq!(
        (desa.as_str(), doubts.as_slice()),
        ("NGLEBENG", [PlaceDoubt::DesaGuessed].as_slice())
    );
    let (kecamatan, desa, doubts) = resolve(&names("PANGUL", "NGLEBENG"));
    assert_eq!((kecamatan.as_str(), desa.as_str()), ("PANGGUL", "NGLEBENG"));
    assert_eq!(doubts, [PlaceDoubt::KecamatanGuessed]);
}

#[test]
fn a_desa_alone_is_told_where_one_alone_has_the_name() {
    assert_eq!(resolve(&names("", "NGLEBENG")), told("PANGGUL", "NGLEBENG"));
    assert_eq!(resolve(&names("", "BESUKI")).2, [PlaceDoubt::DesaUnknown]);
    assert_eq!(resolve(&names("", "NGLEBENGG")).2, [PlaceDoubt::DesaUnknown]);
    assert_eq!(resolve(&names("", "Bagoran")), told("KAMPAK", "BOGORAN"));
}

#[test]
fn a_desa_under_the_wrong_kecamatan_is_not_told() {
    let (kecamatan, desa, doubts) = resolve(&names("KAMPAK", "NGLEBENG"));
    assert_eq!((kecamatan.as_str(), desa.as_str()), ("KAMPAK", ""));
    assert!(matches!(doubts.as_slice(), [PlaceDoubt::DesaOutsideKecamatan(Some(_))]));
}

#[test]
fn an_unknown_kecamatan_yields_to_a_desa_that_stands_alone() {
    let (kecamatan, desa, doubts) = resolve(&names("XYZ", "NGLEBENG"));
    assert_eq!((kecamatan.as_str(), desa.as_str()), ("PANGGUL", "NGLEBENG"));
    assert_eq!(doubts, [PlaceDoubt::KecamatanFromDesa]);
    assert_eq!(resolve(&names("XYZ", "BESUKI")).0, "");
}

#[test]
fn codes_stand_before_names_and_a_contradiction_is_doubted() {
    let cells = PlaceCells {
        kecamatan: "MUNJUNGAN",
        desa: "BANGUN",
        ..codes("010", "001")
    };
    let (kecamatan, desa, doubts) = resolve(&cells);
    assert_eq!((kecamatan.as_str(), desa.as_str()), ("PANGGUL", "NGLEBENG"));
    assert_eq!(doubts, [PlaceDoubt::CodeAgainstName]);
    let agreeing = PlaceCells {
        kecamatan: "PANGGUL",
        desa: "Nglebeng",
        ..codes("010", "001")
    };
    assert_eq!(resolve(&agreeing), told("PANGGUL", "NGLEBENG"));
}

#[test]
fn a_row_that_speaks_of_no_place_is_of_no_district() {
    let place = PlaceResolver::new(wilayah(), &["3503".to_owned()]).resolve(&PlaceCells::default());
    assert_eq!(place, Place::default());
}
