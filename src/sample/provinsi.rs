//! A province: one folder per district, and the made-up places that all but the first district need.
//!
//! District 3503 keeps its real places and gives the same bytes as alone. The others have their real name and the real
//! number of their kecamatan, since a NIK begins with it; names of kecamatan and desa and all BPS codes are made up, each
//! name once in the province, so that a place told by its name alone is still one place.

use super::rng::Rng;
use super::wilayah::{KECAMATAN_NASIONAL, WILAYAH, Wilayah};
use super::{SampleError, SampleOptions, SampleReport, kabupaten};
use std::fmt::Write as _;
use std::path::Path;

/// Districts of the province, Jawa Timur, and so the most that a sample can have.
pub const MOST_DISTRICTS: u32 = KABUPATEN.len() as u32;

/// The districts in the order in which a sample takes them: that of the built-in places first.
const KABUPATEN: [(&str, &str); 38] = [
    ("3503", "TRENGGALEK"),
    ("3501", "PACITAN"),
    ("3502", "PONOROGO"),
    ("3504", "TULUNGAGUNG"),
    ("3505", "BLITAR"),
    ("3506", "KEDIRI"),
    ("3507", "MALANG"),
    ("3508", "LUMAJANG"),
    ("3509", "JEMBER"),
    ("3510", "BANYUWANGI"),
    ("3511", "BONDOWOSO"),
    ("3512", "SITUBONDO"),
    ("3513", "PROBOLINGGO"),
    ("3514", "PASURUAN"),
    ("3515", "SIDOARJO"),
    ("3516", "MOJOKERTO"),
    ("3517", "JOMBANG"),
    ("3518", "NGANJUK"),
    ("3519", "MADIUN"),
    ("3520", "MAGETAN"),
    ("3521", "NGAWI"),
    ("3522", "BOJONEGORO"),
    ("3523", "TUBAN"),
    ("3524", "LAMONGAN"),
    ("3525", "GRESIK"),
    ("3526", "BANGKALAN"),
    ("3527", "SAMPANG"),
    ("3528", "PAMEKASAN"),
    ("3529", "SUMENEP"),
    ("3571", "KEDIRI"),
    ("3572", "BLITAR"),
    ("3573", "MALANG"),
    ("3574", "PROBOLINGGO"),
    ("3575", "PASURUAN"),
    ("3576", "MOJOKERTO"),
    ("3577", "MADIUN"),
    ("3578", "SURABAYA"),
    ("3579", "BATU"),
];

/// Kecamatan of a made-up district, where the real one has so many.
const KECAMATAN: usize = 14;
/// Desa of each.
const DESA: u32 = 11;

/// Writes `banyak` districts, their reference of places and the configuration of a workspace that takes them all.
pub fn generate(options: &SampleOptions, banyak: u32) -> Result<SampleReport, SampleError> {
    if !(1..=MOST_DISTRICTS).contains(&banyak) {
        return Err(SampleError::Districts(banyak));
    }
    let dipilih = &KABUPATEN[..banyak as usize];
    let tabel = places(dipilih)?;
    for bagian in ["raw", "truth", "reference"] {
        fs_err::create_dir_all(options.out.join(bagian))?;
    }
    fs_err::write(options.out.join("reference").join("wilayah.csv"), &tabel)?;
    fs_err::write(options.out.join("bansos360.toml"), configuration(dipilih))?;
    let mut report = SampleReport::default();
    for (kode, nama) in dipilih {
        let satu = district(options, &tabel, kode, nama)?;
        report.files += satu.files;
        report.rows += satu.rows;
        report.faults += satu.faults;
    }
    Ok(report)
}

/// One district, made in a folder of its own and then put in its place.
fn district(options: &SampleOptions, tabel: &str, kode: &str, nama: &'static str) -> Result<SampleReport, SampleError> {
    let bengkel = options.out.join(format!(".{kode}"));
    let sendiri = SampleOptions {
        seed: options
            .seed
            .wrapping_add(kode.parse::<u64>().unwrap_or(3503))
            .wrapping_sub(3503),
        out: bengkel.clone(),
        ..options.clone()
    };
    let report = kabupaten(&sendiri, Wilayah::dari(tabel, kode, nama)?)?;
    for bagian in ["raw", "truth"] {
        replace(&bengkel.join(bagian), &options.out.join(bagian).join(kode))?;
    }
    fs_err::remove_dir_all(bengkel)?;
    Ok(report)
}

fn replace(dari: &Path, ke: &Path) -> std::io::Result<()> {
    if ke.exists() {
        fs_err::remove_dir_all(ke)?;
    }
    fs_err::rename(dari, ke)
}

fn configuration(dipilih: &[(&str, &str)]) -> String {
    let kode: Vec<String> = dipilih.iter().map(|(kode, _)| format!("\"{kode}\"")).collect();
    format!(
        "# The districts of the sample; their places are in reference/wilayah.csv.\nkabupaten = [{}]\n",
        kode.join(", ")
    )
}

/// `reference/wilayah.csv` of these districts.
fn places(dipilih: &[(&str, &str)]) -> Result<String, SampleError> {
    let mut tabel = WILAYAH.trim_end().to_owned();
    tabel.push('\n');
    let mut kata = 0;
    for (kode, _) in dipilih.iter().filter(|(kode, _)| *kode != "3503") {
        for (i, kemendagri) in kecamatan_of(kode)?.iter().enumerate() {
            let kecamatan = format!("{kode}{:03}", 10 * (i + 1));
            let nama_kecamatan = word(&mut kata);
            for j in 1..=DESA {
                let nama = word(&mut kata);
                let mut rng = Rng::new(&[78, u64::from(j), kata]);
                let ekor = rng.pick(&["", "", "rejo", "sari", "lor", "kidul"]);
                let jenis = if kode.starts_with("357") { "kelurahan" } else { "desa" };
                let (lat, lon) = (rng.below(100_000), rng.below(100_000));
                let _ = writeln!(
                    tabel,
                    "{kecamatan}{j:03},{kemendagri}{},{nama}{ekor},{jenis},{kecamatan},{kemendagri},{nama_kecamatan},-7.{lat:05},112.{lon:05}",
                    2000 + j
                );
            }
        }
    }
    Ok(tabel)
}

/// The Kemendagri codes of the first kecamatan of a district.
fn kecamatan_of(kabupaten: &str) -> Result<Vec<String>, SampleError> {
    let mut kode = Vec::new();
    for record in csv::Reader::from_reader(KECAMATAN_NASIONAL.as_bytes()).records() {
        let record = record.map_err(SampleError::Reference)?;
        let satu = record.get(0).unwrap_or_default();
        if satu.starts_with(kabupaten) && kode.len() < KECAMATAN {
            kode.push(satu.to_owned());
        }
    }
    if kode.is_empty() {
        return Err(SampleError::UnknownDistrict(kabupaten.to_owned()));
    }
    Ok(kode)
}

/// The next made-up name: three syllables that no other name begins with, and far from the name before.
fn word(nomor: &mut u64) -> String {
    const AWAL: [&str; 15] = [
        "B", "C", "D", "G", "J", "K", "L", "M", "N", "P", "R", "S", "T", "W", "Y",
    ];
    const VOKAL: [&str; 5] = ["a", "e", "i", "o", "u"];
    const SUKU: u64 = 75;
    *nomor += 1;
    // A number without a common factor with 75 steps through all names before one comes again.
    let mut acak = *nomor * 98_761 % (SUKU * SUKU * SUKU);
    let mut nama = String::with_capacity(6);
    for _ in 0..3 {
        let suku = (acak % SUKU) as usize;
        acak /= SUKU;
        nama.push_str(AWAL[suku / 5]);
        nama.push_str(VOKAL[suku % 5]);
    }
    nama[..1].to_owned() + &nama[1..].to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_district_has_places_and_no_name_stands_twice() -> Result<(), SampleError> {
        let tabel = places(&KABUPATEN)?;
        let built_in = WILAYAH.trim_end().lines().count();
        let (mut kode, mut nama) = (BTreeSet::new(), BTreeSet::new());
        for line in tabel.lines().skip(built_in) {
            let cells: Vec<&str> = line.split(',').collect();
            assert!(kode.insert(cells[0].to_owned()), "{line}");
            assert!(nama.insert(cells[2].to_lowercase()), "{line}");
        }
        for (kode, nama) in KABUPATEN {
            assert!(!Wilayah::dari(&tabel, kode, nama)?.desa.is_empty(), "{kode}");
        }
        Ok(())
    }
}
