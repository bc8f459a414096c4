//! A profile as text for a terminal.

use super::table::table;
use crate::profile::words::{count, extent, frequent, kind, number, one_line, percent};
use crate::profile::{ColumnProfile, Kelas, Measures, Profile, TableProfile};

/// Pairs of columns that are listed, and the weakest of them.
const PAIRS: usize = 15;
const WEAKEST: f64 = 0.3;

/// The whole profile.
pub fn text(profile: &Profile) -> String {
    let mut text: String = profile.tabel.iter().map(of_table).collect();
    for note in &profile.catatan {
        text.push_str(&format!("note: {note}\n"));
    }
    let hidden = profile
        .tabel
        .iter()
        .flat_map(|table| &table.kolom)
        .any(|column| !column.ditampilkan);
    if hidden {
        text.push_str("Values of columns marked * are personal: only ⟨patterns⟩ are shown (9 a digit, A a letter); ");
        text.push_str("`--tampilkan-data-pribadi` shows them\n");
    }
    text
}

fn of_table(table: &TableProfile) -> String {
    let mut text = format!("{}\n", table.nama);
    if let Some(source) = &table.sumber {
        text.push_str(&format!("  source `{source}`"));
        text.push_str(
            &table
                .baris_judul
                .map_or_else(String::new, |line| format!(", headings on line {line}")),
        );
        text.push('\n');
    }
    text.push_str(&format!(
        "  {} rows, {} columns, {} of the cells missing, {} duplicate rows",
        count(table.baris),
        table.kolom.len(),
        percent(table.missing_share()),
        count(table.baris_ganda)
    ));
    for (number, words) in [
        (table.baris_rusak, "rows that cannot be read"),
        (table.sel_di_luar, "filled cells outside the headings"),
    ] {
        if number > 0 {
            text.push_str(&format!(", {} {words}", count(number)));
        }
    }
    text.push_str("\n\n");
    text.push_str(&columns(table));
    text.push_str(&measures(table));
    text.push_str(&lengths(table));
    text.push_str(&pairs(table));
    text.push('\n');
    text
}

fn columns(of: &TableProfile) -> String {
    let rows: Vec<Vec<String>> = of
        .kolom
        .iter()
        .map(|column| {
            vec![
                name(column),
                kind(column.tipe).to_owned(),
                count(column.terisi),
                percent(share(column.kosong, of.baris)),
                count(column.berbeda),
                count(column.ganda),
                most_frequent(column),
            ]
        })
        .collect();
    table(
        &[
            "column",
            "type",
            "filled",
            "missing",
            "distinct",
            "duplicates",
            "most frequent",
        ],
        &[2, 3, 4, 5],
        &rows,
    )
}

fn name(column: &ColumnProfile) -> String {
    let mark = if column.kelas == Kelas::Umum { "" } else { " *" };
    format!("{}{mark}", one_line(&column.nama))
}

fn most_frequent(column: &ColumnProfile) -> String {
    // Where only patterns are shown, the most frequent one says it all.
    let listed = if column.ditampilkan { 3 } else { 1 };
    let values = column.tersering.iter().take(listed);
    values
        .map(|value| format!("{} ({})", frequent(value), count(value.jumlah)))
        .collect::<Vec<_>>()
        .join(", ")
}

fn measures(of: &TableProfile) -> String {
    let measured = of
        .kolom
        .iter()
        .filter_map(|column| Some((column, column.ukuran.as_ref()?)));
    let rows: Vec<Vec<String>> = measured
        .map(|(column, measures)| measured_row(column, measures))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let headings = [
        "numbers and dates",
        "min",
        "p5",
        "p25",
        "median",
        "p75",
        "p95",
        "max",
        "mean",
        "std dev",
        "outliers",
    ];
    format!("\n{}", table(&headings, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], &rows))
}

fn measured_row(column: &ColumnProfile, measures: &Measures) -> Vec<String> {
    let mut row = vec![name(column)];
    match &measures.sebaran {
        Some(spread) => {
            let figures = [
                &spread.min,
                &spread.p5,
                &spread.p25,
                &spread.median,
                &spread.p75,
                &spread.p95,
                &spread.maks,
                &spread.rata_rata,
            ];
            row.extend(figures.into_iter().map(extent));
            row.push(spread.simpangan_baku.map_or_else(String::new, number));
        }
        None => row.extend(std::iter::repeat_n("·".to_owned(), 9)),
    }
    row.push(count(measures.pencilan.bawah + measures.pencilan.atas));
    row
}

fn lengths(of: &TableProfile) -> String {
    let rows: Vec<Vec<String>> = of
        .kolom
        .iter()
        .filter(|column| column.has_telling_patterns())
        .map(|column| {
            let length = column.panjang.as_ref();
            let telling = column
                .pola
                .iter()
                .filter(|pattern| pattern.jumlah * 100 >= column.terisi);
            let patterns = telling.take(3).map(|pattern| {
                let shape = one_line(pattern.pola.as_deref().unwrap_or(""));
                format!("{shape} ({})", percent(share(pattern.jumlah, column.terisi)))
            });
            vec![
                name(column),
                length.map_or_else(String::new, |length| format!("{}-{}", length.min, length.maks)),
                length.map_or_else(String::new, |length| number((length.rata_rata * 10.0).round() / 10.0)),
                count(column.jumlah_pola),
                patterns.collect::<Vec<_>>().join(", "),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let headings = ["text", "length", "mean", "patterns", "most frequent patterns"];
    format!("\n{}", table(&headings, &[1, 2, 3], &rows))
}

fn pairs(of: &TableProfile) -> String {
    let strong = of.korelasi_kosong.iter().filter(|pair| pair.phi.abs() >= WEAKEST);
    let rows: Vec<Vec<String>> = strong
        .take(PAIRS)
        .map(|pair| {
            vec![
                one_line(&pair.kolom_a),
                one_line(&pair.kolom_b),
                number(pair.phi),
                count(pair.kosong_bersama),
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "\n{}",
        table(&["missing together", "with", "phi", "rows"], &[2, 3], &rows)
    )
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
