//! The comparison as the head of the welfare office reads it: a page to print, without a single personal value.

use super::{Comparison, Figures, Group, PlaceChange};
use crate::config::Zone;
use crate::laporan::{Cell, STYLE, card, escape, html_table, month, thousands, when};

/// The whole page.
pub fn page(comparison: &Comparison, zone: Zone) -> String {
    let sections: Vec<String> = comparison
        .kelompok
        .iter()
        .filter(|group| group.kode_program.is_none())
        .map(section)
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>Laporan perubahan data bantuan sosial</title><style>{STYLE}</style></head><body><main>\n{}\n{}\n{}\n{}\n</main></body></html>\n",
        head(comparison, zone),
        programs(comparison),
        sections.join("\n"),
        notes()
    )
}

fn head(comparison: &Comparison, zone: Zone) -> String {
    let periode = |periode: &Option<String>| periode.as_deref().map_or_else(|| "belum ada".to_owned(), month);
    let kpm = comparison
        .kelompok
        .first()
        .map(|group| group.jumlah)
        .unwrap_or_default();
    format!(
        "<h1>Laporan perubahan data bantuan sosial</h1>\
         <p class=\"redup\">Dari rilis {} ({}, DTKS {}) ke rilis {} ({}, DTKS {})</p>\
         <div class=\"kartu-kartu\">{}{}{}{}</div>",
        escape(&comparison.dari.run_id),
        escape(&when(&comparison.dari.waktu, zone)),
        escape(&periode(&comparison.dari.periode_terakhir)),
        escape(&comparison.ke.run_id),
        escape(&when(&comparison.ke.waktu, zone)),
        escape(&periode(&comparison.ke.periode_terakhir)),
        card(&thousands(kpm.masuk), "penerima baru", ""),
        card(&thousands(kpm.keluar), "tidak lagi menerima", ""),
        card(&thousands(kpm.pindah_masuk), "penerima pindah desa", ""),
        card(
            &thousands(kpm.rangkap_muncul),
            "bantuan rangkap baru",
            if kpm.rangkap_muncul > 0 { "awas" } else { "" }
        ),
    )
}

fn programs(comparison: &Comparison) -> String {
    let rows: Vec<Vec<Cell>> = comparison
        .kelompok
        .iter()
        .filter_map(|group| Some((group.kode_program.as_ref()?, &group.jumlah)))
        .map(|(program, figures)| {
            let mut cells = vec![Cell::Text(program.clone())];
            cells.extend(
                [
                    figures.sebelum,
                    figures.masuk,
                    figures.keluar,
                    figures.pindah_masuk,
                    figures.sesudah,
                ]
                .map(number),
            );
            cells
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let headings = ["program", "sebelum", "masuk", "keluar", "pindah desa", "sesudah"];
    format!(
        "<h2>Penerima menurut program</h2>{}",
        html_table(
            "Orang, masing-masing dihitung sekali dalam tiap program.",
            &headings,
            &rows
        )
    )
}

fn section(group: &Group) -> String {
    let (title, caption) = match group.nama.as_str() {
        "kpm" => (
            "Penerima bantuan",
            "Orang dalam daftar program yang berlaku, masing-masing dihitung sekali.",
        ),
        "individu" => (
            "Anggota rumah tangga di DTKS",
            "Anggota dalam penetapan DTKS terakhir tiap rilis.",
        ),
        _ => (
            "Rumah tangga di DTKS",
            "Rumah tangga dalam penetapan DTKS terakhir tiap rilis.",
        ),
    };
    let with_programs = group.nama == "kpm";
    let mut headings = vec![
        "kecamatan",
        "sebelum",
        "masuk",
        "keluar",
        "pindah masuk",
        "pindah keluar",
        "tempat lain",
        "sesudah",
        "desil naik",
        "desil turun",
    ];
    if with_programs {
        headings.extend(["ganti program", "rangkap baru", "rangkap selesai"]);
    }
    let mut rows: Vec<Vec<Cell>> = group
        .kecamatan
        .iter()
        .map(|place| line(&name(place), &place.angka, with_programs))
        .collect();
    rows.push(line("Jumlah", &group.jumlah, with_programs));
    let mut html = format!("<h2>{title}</h2>{}", html_table(caption, &headings, &rows));
    if with_programs {
        html.push_str(&busiest(group));
    }
    html
}

/// The desa with the most events, so that the page says where to look.
fn busiest(group: &Group) -> String {
    let events = |figures: &Figures| {
        figures.masuk + figures.keluar + figures.pindah_masuk + figures.pindah_keluar + figures.rangkap_muncul
    };
    let mut places: Vec<&PlaceChange> = group.desa.iter().filter(|place| events(&place.angka) > 0).collect();
    places.sort_by_key(|place| std::cmp::Reverse(events(&place.angka)));
    if places.is_empty() {
        return "<p>Tidak ada perubahan penerima.</p>".to_owned();
    }
    let rows: Vec<Vec<Cell>> = places
        .iter()
        .take(15)
        .map(|place| {
            let figures = &place.angka;
            let mut cells = vec![
                Cell::Text(place.desa.clone().unwrap_or_else(|| "tidak diketahui".to_owned())),
                Cell::Text(place.kecamatan.clone().unwrap_or_default()),
            ];
            let shown = [
                figures.masuk,
                figures.keluar,
                figures.pindah_masuk,
                figures.pindah_keluar,
                figures.rangkap_muncul,
            ];
            cells.extend(shown.map(number));
            cells
        })
        .collect();
    let headings = [
        "desa",
        "kecamatan",
        "masuk",
        "keluar",
        "pindah masuk",
        "pindah keluar",
        "rangkap baru",
    ];
    format!(
        "<h3>Desa dengan perubahan terbanyak</h3>{}",
        html_table("Lima belas yang teratas.", &headings, &rows)
    )
}

fn name(place: &PlaceChange) -> String {
    place.kecamatan.clone().unwrap_or_else(|| "tidak diketahui".to_owned())
}

fn number(figure: i64) -> Cell {
    Cell::Number(thousands(figure))
}

fn line(name: &str, figures: &Figures, with_programs: bool) -> Vec<Cell> {
    let mut shown = vec![
        figures.sebelum,
        figures.masuk,
        figures.keluar,
        figures.pindah_masuk,
        figures.pindah_keluar,
        figures.tempat_lain,
        figures.sesudah,
        figures.desil_naik,
        figures.desil_turun,
    ];
    if with_programs {
        shown.extend([figures.ganti_program, figures.rangkap_muncul, figures.rangkap_hilang]);
    }
    let mut cells = vec![Cell::Text(name.to_owned())];
    cells.extend(shown.into_iter().map(number));
    cells
}

fn notes() -> String {
    "<h2>Cara membaca</h2>\
     <p>Untuk tiap tempat: sesudah = sebelum + masuk − keluar + pindah masuk − pindah keluar + tempat lain. <b>Tempat lain</b>: desa seseorang \
     menjadi diketahui, tidak lagi diketahui, atau lebih tepat. Yang masuk, pindah masuk, ganti program dan rangkap baru dihitung di desanya yang \
     baru; yang keluar dan pindah keluar di desanya yang lama.</p>\
     <p>Orang dikenali dari NIK; tanpa NIK, dari nama dengan nomor KK atau desanya. Baris yang NIK-nya diperbaiki tetap orang yang sama. <b>Desil naik</b> \
     berarti angkanya bertambah: lebih sejahtera. <b>Rangkap</b>: dua program selain pasangan PKH dan SEMBAKO, atau tiga program atau lebih.</p>"
        .to_owned()
}
