//! Dirt in dates: the raw text, and the date that a correct reading finds.

use super::dunia::tanggal;
use super::noda::pilih;
use super::rng::Rng;
use chrono::{Datelike, NaiveDate};
use std::fmt::Write as _;

/// How a file writes its dates.
#[derive(Clone, Copy)]
pub enum GayaTanggal {
    Iso,
    IsoJam,
    Garis,
    Strip,
    Bulan,
}

const BULAN: [&str; 12] = [
    "Januari",
    "Pebruari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "Nopember",
    "Desember",
];

/// Rates of dirt in date cells.
const NODA_TANGGAL: [(&str, f64); 8] = [
    ("tanggal_kosong", 0.006),
    ("tanggal_1900", 0.004),
    ("tanggal_nol", 0.002),
    ("tanggal_depan", 0.0015),
    ("tanggal_amerika", 0.002),
    ("tanggal_seri_excel", 0.002),
    ("tahun_dua_angka", 0.003),
    ("tanggal_gaya_lain", 0.01),
];

/// Writes a birth date and returns the date that is to be read, with the kind of fault.
pub fn lahir(
    rng: &mut Rng,
    lahir: NaiveDate,
    gaya: GayaTanggal,
    kotor: f64,
    out: &mut String,
) -> (Option<NaiveDate>, &'static str) {
    let noda = pilih(rng, &NODA_TANGGAL, kotor);
    let (d, m, y) = (lahir.day(), lahir.month(), lahir.year());
    let kosong = (None, noda);
    let _ = match noda {
        "tanggal_kosong" => return kosong,
        "tanggal_1900" => {
            out.push_str(if rng.chance(0.5) { "1900-01-01" } else { "01/01/1900" });
            return kosong;
        }
        "tanggal_nol" => {
            out.push_str("00-00-0000");
            return kosong;
        }
        "tanggal_depan" => {
            let _ = write!(out, "{}-{m:02}-{d:02}", y + 200);
            return kosong;
        }
        // Month first is only planted where the day proves it, as 3/4/1985 has no clear answer.
        "tanggal_amerika" if d > 12 => {
            let _ = write!(out, "{m}/{d}/{y}");
            return kosong;
        }
        "tanggal_seri_excel" if (1928..2020).contains(&y) => {
            write!(out, "{}", (lahir - tanggal(1899, 12, 30)).num_days())
        }
        // Two digits mean the latest century that is not in the future; older people would be read as children.
        "tahun_dua_angka" if (1921..2000).contains(&y) => {
            write!(out, "{d:02}/{m:02}/{:02}", y % 100)
        }
        "tanggal_gaya_lain" => tulis_tanggal(
            rng.pick(&[
                GayaTanggal::Iso,
                GayaTanggal::Garis,
                GayaTanggal::Strip,
                GayaTanggal::Bulan,
            ]),
            lahir,
            out,
        ),
        _ => {
            let _ = tulis_tanggal(gaya, lahir, out);
            return (Some(lahir), "");
        }
    };
    (Some(lahir), noda)
}

/// Writes a date in the manner of a file.
pub fn tulis_tanggal(gaya: GayaTanggal, t: NaiveDate, out: &mut String) -> std::fmt::Result {
    let (d, m, y) = (t.day(), t.month(), t.year());
    match gaya {
        GayaTanggal::Iso => write!(out, "{y}-{m:02}-{d:02}"),
        GayaTanggal::IsoJam => write!(out, "{y}-{m:02}-{d:02} 00:00:00.000"),
        GayaTanggal::Garis => write!(out, "{d:02}/{m:02}/{y}"),
        GayaTanggal::Strip => write!(out, "{d:02}-{m:02}-{y}"),
        GayaTanggal::Bulan => write!(out, "{d} {} {y}", BULAN[m as usize - 1]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_first_date_is_planted_only_where_the_day_proves_it() {
        for n in 0..20_000 {
            let mut teks = String::new();
            let (dibaca, noda) = lahir(
                &mut Rng::new(&[n]),
                tanggal(1985, 3, 4),
                GayaTanggal::Iso,
                1.0,
                &mut teks,
            );
            assert!(noda != "tanggal_amerika");
            assert_eq!(
                dibaca.is_none(),
                matches!(
                    noda,
                    "tanggal_kosong" | "tanggal_1900" | "tanggal_nol" | "tanggal_depan"
                ),
                "{teks}"
            );
        }
    }
}
