//! Dirt in identity numbers: the raw text, and what the contract says becomes of it.
//!
//! Each function is given the clean value and writes what stands in the file. It returns what a correct reading
//! gives, so the truth never depends on the program under test.

use super::rng::Rng;
use std::fmt::Write as _;

/// The nine verdicts on an identity number.
pub type Status = &'static str;

/// What a cell with an identity number holds and means.
#[derive(Clone, Copy)]
pub struct Nomor {
    pub bersih: Option<u64>,
    pub status: Status,
    /// The kind of the planted fault; empty for a cell without one.
    pub noda: &'static str,
    /// The cell is a number, not a text.
    pub angka: bool,
}

/// Rates of dirt in NIK cells, in parts of one; the KK number has the same without the last five.
/// The sum is about 7.6 %, of which 5.1 % lose the number.
const NODA_NIK: [(&str, f64); 19] = [
    ("apostrof", 0.008),
    ("titik", 0.004),
    ("spasi", 0.005),
    ("strip", 0.002),
    ("koma_nol", 0.003),
    ("kosong", 0.012),
    ("kata_kosong", 0.006),
    ("nol", 0.003),
    ("kurang_digit", 0.006),
    ("lebih_digit", 0.003),
    ("huruf", 0.0025),
    ("notasi_ilmiah", 0.0025),
    ("akhir_0000", 0.0015),
    ("pengisi", 0.003),
    ("tanggal_salah", 0.004),
    ("sementara", 0.002),
    ("sama_dengan_kk", 0.002),
    ("dua_nomor", 0.001),
    ("kecamatan_tak_dikenal", 0.002),
];

/// Words that say there is no number.
const KATA_KOSONG: [&str; 8] = ["-", "TIDAK ADA", "BELUM ADA", "NULL", "#N/A", "KOSONG", "NIHIL", "XXX"];
const PENGISI: [&str; 4] = [
    "9999999999999999",
    "1234567890123456",
    "3503000000000000",
    "1111111111111111",
];

/// What a NIK cell may be compared or confused with.
pub struct Konteks<'a> {
    /// The valid KK number of the row, where it stands clean.
    pub kk: Option<u64>,
    pub desa: &'a str,
    pub kotor: f64,
}

/// Writes a NIK.
pub fn nik(rng: &mut Rng, nik: u64, k: &Konteks, out: &mut String) -> Nomor {
    let noda = pilih(rng, &NODA_NIK, k.kotor);
    match noda {
        "sementara" => {
            let _ = write!(out, "0{}{:05}", k.desa, 1 + rng.below(9_999));
            hilang("SEMENTARA", noda)
        }
        "sama_dengan_kk" => match k.kk {
            Some(kk) => {
                let _ = write!(out, "{kk}");
                hilang("SAMA_DENGAN_KK", noda)
            }
            None => polos(nik, out),
        },
        _ => umum(rng, nik, noda, out),
    }
}

/// Writes a KK number; `sementara` and `sama_dengan_kk` do not exist for it.
pub fn kk(rng: &mut Rng, kk: u64, kotor: f64, out: &mut String) -> Nomor {
    let noda = pilih(rng, &NODA_NIK[..15], kotor * 0.7);
    umum(rng, kk, noda, out)
}

/// Writes the number as it is.
pub fn polos(n: u64, out: &mut String) -> Nomor {
    let _ = write!(out, "{n}");
    Nomor {
        bersih: Some(n),
        status: "VALID",
        noda: "",
        angka: false,
    }
}

/// A cell that is a number: a spreadsheet keeps 15 digits, so a last 0 cannot be trusted, nor anything above 2^53.
pub fn angka(n: u64) -> Nomor {
    if n.is_multiple_of(10) || n >= 1 << 53 {
        Nomor {
            angka: true,
            ..hilang("PRESISI_HILANG", "sel_angka_terpotong")
        }
    } else {
        Nomor {
            bersih: Some(n),
            status: "VALID",
            noda: "",
            angka: true,
        }
    }
}

fn umum(rng: &mut Rng, n: u64, noda: &'static str, out: &mut String) -> Nomor {
    let utuh = Nomor {
        bersih: Some(n),
        status: "VALID",
        noda,
        angka: false,
    };
    let teks = n.to_string();
    match noda {
        "apostrof" => tulis(out, format_args!("'{n}"), utuh),
        "titik" => tulis(
            out,
            format_args!("{}.{}.{}.{}.", &teks[..4], &teks[4..8], &teks[8..12], &teks[12..]),
            utuh,
        ),
        "spasi" if rng.chance(0.5) => tulis(out, format_args!("\u{a0}{n} "), utuh),
        "spasi" => tulis(
            out,
            format_args!("{} {} {} {}", &teks[..4], &teks[4..8], &teks[8..12], &teks[12..]),
            utuh,
        ),
        "strip" => tulis(
            out,
            format_args!("{}-{}-{}", &teks[..6], &teks[6..12], &teks[12..]),
            utuh,
        ),
        "koma_nol" => tulis(out, format_args!("{n}.0"), utuh),
        "kosong" => hilang("KOSONG", noda),
        "kata_kosong" => tulis(out, format_args!("{}", rng.pick(&KATA_KOSONG)), hilang("KOSONG", noda)),
        "nol" => tulis(
            out,
            format_args!("{}", if rng.chance(0.5) { "0" } else { "0000000000000000" }),
            hilang("KOSONG", noda),
        ),
        "kurang_digit" => tulis(out, format_args!("{}", &teks[..15]), hilang("PANJANG_SALAH", noda)),
        "lebih_digit" => tulis(
            out,
            format_args!("{}{}", teks, &teks[15..]),
            hilang("PANJANG_SALAH", noda),
        ),
        "huruf" => tulis(
            out,
            format_args!("{}O{}", &teks[..13], &teks[14..]),
            hilang("BUKAN_ANGKA", noda),
        ),
        "notasi_ilmiah" => tulis(
            out,
            format_args!("{},{}E+15", &teks[..1], &teks[1..6]),
            hilang("PRESISI_HILANG", noda),
        ),
        "akhir_0000" => tulis(out, format_args!("{}0000", &teks[..12]), hilang("PRESISI_HILANG", noda)),
        "pengisi" => tulis(out, format_args!("{}", rng.pick(&PENGISI)), hilang("PENGISI", noda)),
        "dua_nomor" => tulis(out, format_args!("{n}/{n}"), hilang("PANJANG_SALAH", noda)),
        "tanggal_salah" => pola_salah(n, noda, out),
        "kecamatan_tak_dikenal" => {
            // A known regency with a kecamatan that never was: valid, and a finding only.
            let lain = 350_399 * 10_000_000_000 + n % 10_000_000_000;
            tulis(
                out,
                format_args!("{lain}"),
                Nomor {
                    bersih: Some(lain),
                    ..utuh
                },
            )
        }
        _ => polos(n, out),
    }
}

/// The number with month 13: sixteen digits that no registry gave out.
fn pola_salah(n: u64, noda: &'static str, out: &mut String) -> Nomor {
    let bulan = n / 1_000_000 % 100;
    let salah = n - bulan * 1_000_000 + 13_000_000;
    tulis(
        out,
        format_args!("{salah}"),
        Nomor {
            bersih: Some(salah),
            status: "POLA_SALAH",
            noda,
            angka: false,
        },
    )
}

fn tulis(out: &mut String, teks: std::fmt::Arguments, nomor: Nomor) -> Nomor {
    let _ = out.write_fmt(teks);
    nomor
}

fn hilang(status: Status, noda: &'static str) -> Nomor {
    Nomor {
        bersih: None,
        status,
        noda,
        angka: false,
    }
}

/// One kind by its rate, or none.
pub fn pilih(rng: &mut Rng, kinds: &[(&'static str, f64)], kotor: f64) -> &'static str {
    let mut undi = f64::from((rng.next() >> 40) as u32) / f64::from(1_u32 << 24);
    for (nama, rate) in kinds {
        undi -= rate * kotor;
        if undi < 0.0 {
            return nama;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn semua(kotor: f64) -> Vec<(String, Nomor)> {
        let konteks = Konteks {
            kk: Some(3_503_010_101_090_001),
            desa: "3503010001",
            kotor,
        };
        let satu = |n: u64| {
            let mut teks = String::new();
            let nomor = nik(&mut Rng::new(&[n]), 3_503_011_203_850_007, &konteks, &mut teks);
            (teks, nomor)
        };
        (0..20_000).map(satu).collect()
    }

    #[test]
    fn without_dirt_every_number_is_whole() {
        assert!(
            semua(0.0)
                .iter()
                .all(|(teks, n)| teks == "3503011203850007" && n.status == "VALID" && n.noda.is_empty())
        );
    }

    #[test]
    fn every_kind_of_dirt_comes_and_keeps_its_verdict() {
        let hasil = semua(1.0);
        for (noda, _) in NODA_NIK {
            assert!(hasil.iter().any(|(_, n)| n.noda == noda), "{noda}");
        }
        for (teks, n) in hasil {
            let utuh = matches!(n.status, "VALID" | "POLA_SALAH");
            assert_eq!(n.bersih.is_some(), utuh, "{teks}");
        }
    }

    #[test]
    fn a_number_cell_that_ends_in_0_is_lost() {
        assert_eq!(angka(3_503_011_203_850_010).status, "PRESISI_HILANG");
        assert_eq!(angka(9_171_011_203_850_011).status, "PRESISI_HILANG");
        assert_eq!(angka(3_503_011_203_850_011).bersih, Some(3_503_011_203_850_011));
    }
}
