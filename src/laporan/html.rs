//! `kualitas.html`: the quality of a release as the head of the welfare office reads it, on screen or on paper.

use super::html_parts::{Cell, STYLE, card, escape, table};
use super::quality::{Change, Changes, Quality, StatusLine, VillageLine};
use super::words::{month, percent, thousands, when};
use crate::config::Zone;
use std::collections::{BTreeMap, BTreeSet};

/// The whole page.
pub fn page(quality: &Quality) -> String {
    let sections = [
        head(quality),
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

fn number(rows: i64) -> Cell {
    Cell::Number(thousands(rows))
}

fn words(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A source as the office calls it.
fn source_name(source: &str) -> String {
    let known = match source {
        "dtks_rt" => "DTKS rumah tangga",
        "dtks_art" => "DTKS anggota",
        "siks_ng" => "SIKS-NG",
        "disabilitas" => "Data disabilitas",
        "usulan" => "Usulan daerah",
        other => return other.to_uppercase(),
    };
    known.to_owned()
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
        format!("<p class=\"redup\">Dan {rest} macam temuan lain.</p>")
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

fn changed(changes: Option<&Changes>, zone: Zone) -> String {
    let Some(changes) = changes else {
        return "<h2>Apa yang berubah</h2><p>Ini rilis pertama; belum ada pembandingnya.</p>".to_owned();
    };
    let mut html = format!(
        "<h2>Apa yang berubah</h2><p>Dibandingkan dengan rilis {} ({}).</p>",
        escape(&changes.rilis_sebelumnya),
        escape(&when(&changes.waktu_sebelumnya, zone))
    );
    for (title, files) in [
        ("Berkas baru", &changes.berkas_baru),
        ("Berkas yang tidak lagi dipakai", &changes.berkas_lepas),
    ] {
        if !files.is_empty() {
            html.push_str(&format!("<p><b>{title}:</b> {}</p>", escape(&files.join("; "))));
        }
    }
    for (title, first, figures) in [
        ("Baris tersimpan menurut sumber", "Sumber", &changes.sumber),
        ("Baris tabel hasil", "Tabel", &changes.mart),
        ("Temuan menurut aturan", "Aturan", &changes.aturan),
    ] {
        if !figures.is_empty() {
            html.push_str(&table(
                title,
                &[first, "Sebelum", "Sekarang", "Selisih"],
                &change_rows(figures),
            ));
        }
    }
    if changes.sumber.is_empty() && changes.mart.is_empty() && changes.aturan.is_empty() {
        html.push_str("<p>Tidak ada angka yang berubah.</p>");
    }
    html
}

fn change_rows(figures: &[Change]) -> Vec<Vec<Cell>> {
    let signed = |difference: i64| match difference {
        up if up > 0 => format!("+{}", thousands(up)),
        other => thousands(other),
    };
    figures
        .iter()
        .map(|change| {
            vec![
                words(change.nama.clone()),
                number(change.sebelum),
                number(change.sekarang),
                Cell::Number(signed(change.sekarang - change.sebelum)),
            ]
        })
        .collect()
}

fn sources(quality: &Quality) -> String {
    let rows: Vec<Vec<Cell>> = quality
        .sumber
        .iter()
        .map(|line| {
            vec![
                words(source_name(&line.sumber)),
                words(month(&line.periode)),
                number(line.berkas),
                number(line.dibaca),
                number(line.disimpan),
                number(line.ganda),
                number(line.karantina),
                number(line.dilewati),
                number(line.peringatan),
                number(line.galat),
            ]
        })
        .collect();
    format!(
        "<h2>Baris menurut sumber dan periode</h2>{}",
        table(
            "Dibaca = tersimpan + digabung + karantina + dilewati",
            &[
                "Sumber",
                "Periode",
                "Berkas",
                "Dibaca",
                "Tersimpan",
                "Digabung",
                "Karantina",
                "Dilewati",
                "Peringatan",
                "Galat",
            ],
            &rows
        )
    )
}

/// One column a status; VALID first.
fn statuses(title: &str, explanation: &str, lines: &[StatusLine]) -> String {
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for (status, rows) in lines.iter().flat_map(|line| &line.jumlah) {
        *totals.entry(status.as_str()).or_insert(0) += rows;
    }
    let mut columns: Vec<&str> = totals.keys().copied().collect();
    columns.sort_by_key(|status| {
        (
            *status != "VALID",
            std::cmp::Reverse(totals.get(status).copied().unwrap_or(0)),
        )
    });
    let rows: Vec<Vec<Cell>> = lines
        .iter()
        .map(|line| {
            let all: i64 = line.jumlah.values().sum();
            let valid = line.jumlah.get("VALID").copied().unwrap_or(0);
            let mut row = vec![words(line.sumber.clone()), words(month(&line.periode)), number(all)];
            let share = if all > 0 { valid as f64 / all as f64 } else { 0.0 };
            row.push(Cell::Bar(percent(valid, all), share));
            row.extend(
                columns
                    .iter()
                    .map(|status| number(line.jumlah.get(*status).copied().unwrap_or(0))),
            );
            row
        })
        .collect();
    // Words, so that a narrow page can break the headings.
    let columns: Vec<String> = columns.iter().map(|status| status.replace('_', " ")).collect();
    let mut headings = vec!["Sumber", "Periode", "Baris", "Bagian VALID"];
    headings.extend(columns.iter().map(String::as_str));
    format!("<h2>{}</h2>{}", escape(title), table(explanation, &headings, &rows))
}

fn places(villages: &[VillageLine]) -> String {
    let mut by_kecamatan: BTreeMap<(bool, &str), Vec<&VillageLine>> = BTreeMap::new();
    for village in villages {
        let name = village.kecamatan.as_deref();
        by_kecamatan
            .entry((name.is_none(), name.unwrap_or("Tempat tidak diketahui")))
            .or_default()
            .push(village);
    }
    let headings = [
        "Baris",
        "NIK benar",
        "NIK salah",
        "NIK kosong",
        "KK benar",
        "KK salah",
        "KK kosong",
        "Peringatan",
        "Galat",
    ];
    let most = villages
        .iter()
        .map(|village| village.peringatan)
        .max()
        .unwrap_or(0)
        .max(1);
    let sums: Vec<Vec<Cell>> = by_kecamatan
        .iter()
        .map(|((_, name), villages)| {
            let mut row = vec![words(*name)];
            row.extend(figures(villages).map(number));
            row
        })
        .collect();
    let mut first = vec!["Kecamatan"];
    first.extend(headings);
    let mut html = format!(
        "<h2>Menurut kecamatan dan desa</h2>\
         <p>Dihitung atas baris orang yang berlaku sekarang: DTKS dan usulan penetapan terakhir, daftar penerima dan data \
         disabilitas. Peringatan dan galat dihitung atas semua periode.</p>{}",
        table("Semua kecamatan", &first, &sums)
    );
    let mut columns = vec!["Desa"];
    columns.extend(headings);
    columns.push("Temuan terbanyak");
    for ((_, name), villages) in &by_kecamatan {
        let rows: Vec<Vec<Cell>> = villages
            .iter()
            .map(|village| {
                let mut row = vec![words(
                    village
                        .desa
                        .clone()
                        .unwrap_or_else(|| "(desa tidak diketahui)".to_owned()),
                )];
                let figures: Vec<i64> = figures(std::slice::from_ref(village)).collect();
                for (index, figure) in figures.into_iter().enumerate() {
                    row.push(if index == 7 {
                        Cell::Bar(thousands(figure), figure as f64 / most as f64)
                    } else {
                        number(figure)
                    });
                }
                row.push(words(village.aturan_terbanyak.clone().unwrap_or_default()));
                row
            })
            .collect();
        html.push_str(&format!("<h3>{}</h3>", escape(name)));
        html.push_str(&table("", &columns, &rows));
    }
    html
}

fn figures(villages: &[&VillageLine]) -> impl Iterator<Item = i64> {
    let fields: [fn(&VillageLine) -> i64; 9] = [
        |village| village.baris,
        |village| village.nik_valid,
        |village| village.nik_salah,
        |village| village.nik_kosong,
        |village| village.kk_valid,
        |village| village.kk_salah,
        |village| village.kk_kosong,
        |village| village.peringatan,
        |village| village.galat,
    ];
    let sums: Vec<i64> = fields
        .iter()
        .map(|field| villages.iter().map(|village| field(village)).sum())
        .collect();
    sums.into_iter()
}

fn quarantine(quality: &Quality) -> String {
    if quality.karantina.is_empty() {
        return "<h2>Karantina</h2><p>Tidak ada baris yang dikarantina.</p>".to_owned();
    }
    let rows: Vec<Vec<Cell>> = quality
        .karantina
        .iter()
        .map(|line| {
            vec![
                words(line.berkas.clone()),
                words(line.lembar.clone()),
                words(line.alasan.clone()),
                number(line.jumlah),
                number(line.baris_pertama),
            ]
        })
        .collect();
    format!(
        "<h2>Karantina</h2>{}",
        table(
            "Baris yang disisihkan utuh dan belum dihitung di mana pun; betulkan di berkas asal lalu kirim ulang",
            &["Berkas", "Lembar", "Sebab", "Baris", "Baris pertama"],
            &rows
        )
    )
}

fn marts(quality: &Quality) -> String {
    let rows: Vec<Vec<Cell>> = quality
        .mart
        .iter()
        .map(|(name, rows)| vec![words(name.clone()), number(*rows)])
        .collect();
    format!(
        "<h2>Tabel hasil</h2>{}",
        table("Baris tiap data mart", &["Data mart", "Baris"], &rows)
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
    use crate::laporan::RuleLine;

    #[test]
    fn an_empty_release_has_a_whole_page() {
        let html = page(&Quality::default());
        assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
        assert!(html.contains("rilis pertama"));
        assert!(!html.contains("http"), "nothing is loaded from anywhere");
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
