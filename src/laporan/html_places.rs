//! The places of the page: every kecamatan, then its desa.

use super::html_parts::{Cell, escape, number, table, words};
use super::quality::VillageLine;
use super::words::thousands;
use std::collections::BTreeMap;

/// A province has thousands of desa, which nobody prints.
const MOST_DESA: usize = 1_000;

/// Figures by kecamatan, and by desa as long as there are not too many of them.
pub fn places(villages: &[VillageLine]) -> String {
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
    if villages.len() > MOST_DESA {
        html.push_str(&format!(
            "<p class=\"redup\">Angka {} desa tidak dicetak di sini; semuanya ada di <code>kualitas.json</code>, dan menurut desa \
             dengan <code>bansos360 temuan --desa NAMA</code>.</p>",
            thousands(i64::try_from(villages.len()).unwrap_or(i64::MAX))
        ));
        return html;
    }
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
