//! The tables of the page: what changed, sources, statuses, quarantine, marts.

use super::advice::meaning;
use super::html_parts::{Cell, escape, number, table, words};
use super::quality::{Change, Changes, Quality, StatusLine};
use super::words::{month, percent, thousands, when};
use crate::config::Zone;
use std::collections::BTreeMap;

/// A longer table is cut off, and says so: the page is to be printed.
const MOST_ROWS: usize = 60;

/// Says how many lines were left out of a table.
fn left_out(all: usize, of_what: &str) -> String {
    match all.checked_sub(MOST_ROWS) {
        Some(rest) if rest > 0 => {
            format!("<p class=\"redup\">Dan {rest} {of_what} lagi; semuanya ada di <code>kualitas.json</code>.</p>")
        }
        _ => String::new(),
    }
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

/// What is not as it was in the release before.
pub fn changed(changes: Option<&Changes>, zone: Zone) -> String {
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
            let named: Vec<&str> = files.iter().take(MOST_ROWS).map(String::as_str).collect();
            html.push_str(&format!("<p><b>{title}:</b> {}</p>", escape(&named.join("; "))));
            html.push_str(&left_out(files.len(), "berkas"));
        }
    }
    let figures: [(&str, &str, &[Change], Named); 3] = [
        (
            "Baris tersimpan menurut sumber",
            "Sumber",
            &changes.sumber,
            source_and_periode,
        ),
        ("Baris tabel hasil", "Tabel", &changes.mart, str::to_owned),
        ("Temuan menurut aturan", "Temuan", &changes.aturan, rule_and_meaning),
    ];
    for (title, first, figures, name) in figures {
        if !figures.is_empty() {
            html.push_str(&table(
                title,
                &[first, "Sebelum", "Sekarang", "Selisih"],
                &change_rows(figures, name),
            ));
            html.push_str(&left_out(figures.len(), "angka yang berubah"));
        }
    }
    if changes.sumber.is_empty() && changes.mart.is_empty() && changes.aturan.is_empty() {
        html.push_str("<p>Tidak ada angka yang berubah.</p>");
    }
    html
}

/// How the office calls what a figure is of.
type Named = fn(&str) -> String;

/// `dtks_art 2020-10` as the office calls it.
fn source_and_periode(name: &str) -> String {
    match name.split_once(' ') {
        Some((source, periode)) => format!("{}, {}", source_name(source), month(periode)),
        None => source_name(name),
    }
}

fn rule_and_meaning(rule: &str) -> String {
    meaning(rule).map_or_else(|| rule.to_owned(), |words| format!("{words} ({rule})"))
}

fn change_rows(figures: &[Change], name: Named) -> Vec<Vec<Cell>> {
    let signed = |difference: i64| match difference {
        up if up > 0 => format!("+{}", thousands(up)),
        other => thousands(other),
    };
    figures
        .iter()
        .take(MOST_ROWS)
        .map(|change| {
            vec![
                words(name(&change.nama)),
                number(change.sebelum),
                number(change.sekarang),
                Cell::Number(signed(change.sekarang - change.sebelum)),
            ]
        })
        .collect()
}

/// What became of the rows of each source and periode.
pub fn sources(quality: &Quality) -> String {
    let rows: Vec<Vec<Cell>> = quality
        .sumber
        .iter()
        .take(MOST_ROWS)
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
        "<h2>Baris menurut sumber dan periode</h2>{}{}",
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
        ),
        left_out(quality.sumber.len(), "sumber dan periode")
    )
}

/// One column a status; VALID first.
pub fn statuses(title: &str, explanation: &str, lines: &[StatusLine]) -> String {
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
        .take(MOST_ROWS)
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
    format!(
        "<h2>{}</h2><div class=\"rapat\">{}</div>{}",
        escape(title),
        table(explanation, &headings, &rows),
        left_out(lines.len(), "sumber dan periode")
    )
}

/// Rows that were set aside, by file and reason.
pub fn quarantine(quality: &Quality) -> String {
    if quality.karantina.is_empty() {
        return "<h2>Karantina</h2><p>Tidak ada baris yang dikarantina.</p>".to_owned();
    }
    let rows: Vec<Vec<Cell>> = quality
        .karantina
        .iter()
        .take(MOST_ROWS)
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
        "<h2>Karantina</h2>{}{}",
        table(
            "Baris yang disisihkan utuh dan belum dihitung di mana pun; betulkan di berkas asal lalu kirim ulang",
            &["Berkas", "Lembar", "Sebab", "Baris", "Baris pertama"],
            &rows
        ),
        left_out(quality.karantina.len(), "berkas dan sebab")
    )
}

/// Rows of the marts.
pub fn marts(quality: &Quality) -> String {
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
