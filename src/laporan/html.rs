//! `kualitas.html`: the quality of a release as the head of the welfare office reads it, on screen or on paper.

use super::html_parts::{Cell, STYLE, card, escape, table, words};
use super::html_places::places;
use super::html_sections::{changed, marts, quarantine, sources, statuses};
use super::quality::{Quality, VillageLine};
use super::words::{month, percent, thousands, when};
use std::collections::{BTreeMap, BTreeSet};

/// The whole page.
pub fn page(quality: &Quality) -> String {
    let sections = [
        head(quality),
        summary(&quality.wilayah),
        actions(quality),
        changed(quality.perubahan.as_ref(), quality.zona_waktu),
        sources(quality),
        statuses(
            "Keadaan NIK",
            "Hanya NIK VALID dan POLA SALAH yang dipakai untuk memasangkan orang. NIK lain dikosongkan, tidak ditebak.",
            &quality.status_nik,
        ),
        statuses(
            "Keadaan nomor KK",
            "Nomor KK memasangkan keluarga. Yang tidak VALID perlu dicocokkan dengan kartu keluarga.",
            &quality.status_kk,
        ),
        places(&quality.wilayah),
        quarantine(quality),
        marts(quality),
        notes(),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>Laporan mutu data bantuan sosial</title><style>{STYLE}</style></head><body><main>\n{}\n</main></body></html>\n",
        sections.join("\n")
    )
}

fn head(quality: &Quality) -> String {
    let sum = |value: fn(&super::quality::SourceLine) -> i64| quality.sumber.iter().map(value).sum::<i64>();
    let (read, kept, merged) = (
        sum(|line| line.dibaca),
        sum(|line| line.disimpan),
        sum(|line| line.ganda),
    );
    let (set_aside, skipped) = (sum(|line| line.karantina), sum(|line| line.dilewati));
    let level = |name: &str| quality.temuan.get(name).copied().unwrap_or(0);
    let files: BTreeSet<&str> = quality.berkas.iter().map(|file| file.nama.as_str()).collect();
    let periode = quality
        .periode_terakhir
        .as_deref()
        .map_or_else(|| "belum ada DTKS".to_owned(), month);
    format!(
        "<h1>Laporan mutu data bantuan sosial</h1>\
         <p class=\"redup\">Rilis {} · dibuat {} · penetapan DTKS terakhir: {}</p>\
         <div class=\"kartu-kartu\">{}{}{}{}</div>\
         <p>Dari <b>{}</b> baris dalam {} berkas, <b>{}</b> ({}) tersimpan, {} digabung karena sama dengan baris lain, {} dilewati \
         karena bukan data (judul ulang, jumlah, catatan, tanda tangan), dan <b>{}</b> dikarantina karena tidak dapat dipakai. \
         Tidak ada baris yang hilang tanpa keterangan.</p>",
        escape(&quality.run_id),
        escape(&when(&quality.waktu, quality.zona_waktu)),
        escape(&periode),
        card(&thousands(kept), "baris tersimpan", ""),
        card(
            &thousands(set_aside),
            "baris dikarantina",
            if set_aside > 0 { "gawat" } else { "" }
        ),
        card(
            &thousands(level("PERINGATAN")),
            "peringatan: perlu dilihat orang",
            "awas"
        ),
        card(
            &thousands(level("GALAT")),
            "galat: tidak dapat dipakai",
            if level("GALAT") > 0 { "gawat" } else { "" }
        ),
        thousands(read),
        files.len(),
        thousands(kept),
        percent(kept, read),
        thousands(merged),
        thousands(skipped),
        thousands(set_aside),
    )
}

/// What the identity numbers of today's people are worth, in a few sentences.
fn summary(villages: &[VillageLine]) -> String {
    let sum = |value: fn(&VillageLine) -> i64| villages.iter().map(value).sum::<i64>();
    let people = sum(|village| village.baris);
    if people == 0 {
        return String::new();
    }
    let of = |rows: i64| format!("{} ({})", thousands(rows), percent(rows, people));
    let mut html = format!(
        "<h2>Ringkasnya</h2><p>Dari <b>{}</b> baris orang yang berlaku sekarang (DTKS dan usulan penetapan terakhir, daftar penerima, \
         data disabilitas): NIK-nya benar pada <b>{}</b>, salah pada {}, kosong pada {}. Nomor KK-nya benar pada <b>{}</b>, salah pada \
         {}, kosong pada {}.</p>",
        thousands(people),
        of(sum(|village| village.nik_valid)),
        of(sum(|village| village.nik_salah)),
        of(sum(|village| village.nik_kosong)),
        of(sum(|village| village.kk_valid)),
        of(sum(|village| village.kk_salah)),
        of(sum(|village| village.kk_kosong)),
    );
    let worst = worst_kecamatan(villages);
    if !worst.is_empty() {
        html.push_str(&format!(
            "<p>Bagian NIK yang salah atau kosong paling besar di kecamatan {}.</p>",
            escape(&worst.join(", "))
        ));
    }
    html
}

/// The three kecamatan with the greatest share of people without a right NIK; none where there is only one.
fn worst_kecamatan(villages: &[VillageLine]) -> Vec<String> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for village in villages {
        if let Some(name) = &village.kecamatan {
            let sum = sums.entry(name).or_insert((0, 0));
            sum.0 += village.nik_salah + village.nik_kosong;
            sum.1 += village.baris;
        }
    }
    let mut shares: Vec<(&str, i64, i64)> = sums.into_iter().map(|(name, (bad, all))| (name, bad, all)).collect();
    shares.retain(|(_, bad, all)| *bad > 0 && *all > 0);
    if shares.len() < 2 {
        return Vec::new();
    }
    let share = |bad: i64, all: i64| bad as f64 / all as f64;
    shares.sort_by(|left, right| share(right.1, right.2).total_cmp(&share(left.1, left.2)));
    let named = shares.iter().take(3);
    named
        .map(|(name, bad, all)| format!("{name} ({})", percent(*bad, *all)))
        .collect()
}

/// The findings that most need a person: the grave ones, each with what to do.
fn actions(quality: &Quality) -> String {
    let grave: Vec<_> = quality.aturan.iter().filter(|line| line.tingkat != "INFO").collect();
    if grave.is_empty() {
        return "<h2>Yang perlu ditindaklanjuti</h2><p>Tidak ada temuan yang perlu dilihat orang.</p>".to_owned();
    }
    let most = grave.iter().map(|line| line.jumlah).max().unwrap_or(1).max(1);
    let rows: Vec<Vec<Cell>> = grave
        .iter()
        .take(20)
        .map(|line| {
            let place = if line.desa_terbanyak.is_empty() {
                line.berkas_terbanyak.clone()
            } else {
                format!("{}; desa {}", line.berkas_terbanyak, line.desa_terbanyak)
            };
            vec![
                Cell::Level(line.tingkat.clone()),
                words(format!("{} ({})", line.arti, line.aturan)),
                Cell::Bar(thousands(line.jumlah), line.jumlah as f64 / most as f64),
                words(line.tindakan.clone()),
                words(place),
            ]
        })
        .collect();
    let rest = grave.len().saturating_sub(20);
    let more = if rest > 0 {
        format!("<p class=\"redup\">Dan {rest} macam temuan lain; semuanya dengan <code>bansos360 temuan</code>.</p>")
    } else {
        String::new()
    };
    format!(
        "<h2>Yang perlu ditindaklanjuti</h2>{}{more}\
         <p class=\"redup\">Daftar barisnya per desa: <code>bansos360 temuan --desa NAMA --xlsx desa.xlsx</code></p>",
        table(
            "Yang paling berat dan paling banyak lebih dahulu",
            &["Tingkat", "Temuan", "Baris", "Yang sebaiknya dilakukan", "Terbanyak di"],
            &rows
        )
    )
}

fn notes() -> String {
    "<h2>Cara membaca</h2><p><b>Peringatan</b>: isi sel diragukan atau tidak dapat dipakai; barisnya tetap dihitung. <b>Galat</b>: \
     barisnya tidak dapat dipakai dan dikarantina. <b>VALID</b>: 16 angka dengan wilayah dan tanggal yang mungkin. <b>POLA SALAH</b>: \
     16 angka, tetapi wilayah atau tanggalnya tidak mungkin. <b>PRESISI HILANG</b>: angka belakang hilang karena disimpan sebagai \
     bilangan. <b>PENGISI</b>: angka pengisi seperti 9999. <b>SEMENTARA</b>: nomor buatan sistem desa.</p>\
     <p class=\"redup\">Laporan ini tidak memuat nama, NIK, nomor KK atau alamat siapa pun.</p>"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laporan::{QuarantineLine, RuleLine};

    #[test]
    fn an_empty_release_has_a_whole_page() {
        let html = page(&Quality::default());
        assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
        assert!(html.contains("rilis pertama"));
        assert!(!html.contains("http"), "nothing is loaded from anywhere");
    }

    #[test]
    fn a_province_is_still_printed_and_says_what_is_left_out() {
        let village = |number: i64| VillageLine {
            kecamatan: Some(format!("KECAMATAN {}", number % 70)),
            desa: Some(format!("DESA {number}")),
            baris: 100,
            nik_valid: 90,
            nik_salah: number % 10,
            ..VillageLine::default()
        };
        let quality = Quality {
            wilayah: (0..8_500).map(village).collect(),
            karantina: vec![QuarantineLine::default(); 400],
            ..Quality::default()
        };
        let html = page(&quality);
        assert!(html.len() < 200_000, "{} bytes", html.len());
        assert!(html.contains("Angka 8.500 desa tidak dicetak") && !html.contains("DESA 17"));
        assert!(html.contains("Dan 340 berkas dan sebab lagi"));
        assert!(html.contains("<b>765.000 (90,0 %)</b>"), "the summary counts them all");
    }

    #[test]
    fn the_gravest_finding_says_what_to_do() {
        let quality = Quality {
            aturan: vec![RuleLine {
                aturan: "BARIS_RUSAK".to_owned(),
                tingkat: "GALAT".to_owned(),
                arti: "rusak".to_owned(),
                tindakan: "Betulkan <barisnya>".to_owned(),
                jumlah: 1234,
                ..RuleLine::default()
            }],
            ..Quality::default()
        };
        let html = page(&quality);
        assert!(html.contains("1.234") && html.contains("Betulkan &lt;barisnya&gt;"));
    }
}
