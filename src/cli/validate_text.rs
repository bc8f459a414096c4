//! What `validate` tells of each file, for people.

use super::annotate::place;
use super::table::{plural, thousands};
use crate::validate::{
    BalanceReport, CorrectionReport, FileReport, FindingReport, PieceReport, Report, SheetReport, Verdict,
};
use std::collections::BTreeMap;

/// So many findings are printed; the others stand in the JSON.
const SHOWN_FINDINGS: usize = 10;
/// So many other sources are printed.
const SHOWN_CANDIDATES: usize = 4;

/// The whole report.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    for file in &report.berkas {
        tell_file(&mut text, file);
        text.push('\n');
    }
    let count = |verdict| report.berkas.iter().filter(|file| file.hasil == verdict).count();
    let strict = if report.ketat { " (strict: fails)" } else { "" };
    text.push_str(&format!(
        "{}: {} accepted, {} accepted with warnings{strict}, {} unknown, {} refused\n",
        plural(report.berkas.len(), "file"),
        count(Verdict::Diterima),
        count(Verdict::Peringatan),
        count(Verdict::Lain),
        count(Verdict::Ditolak)
    ));
    text
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Diterima => "accepted",
        Verdict::Peringatan => "accepted with warnings",
        Verdict::Lain => "unknown",
        Verdict::Ditolak => "refused",
    }
}

/// A line of the report: what it is about, then the words.
fn line(text: &mut String, about: &str, words: &str) {
    text.push_str(&format!("  {about:<12}{words}\n"));
}

fn tell_file(text: &mut String, file: &FileReport) {
    text.push_str(&format!("{}: {}\n", file.jalur, word(file.hasil)));
    if let Some(refusal) = &file.penolakan {
        line(text, "error", &refusal.to_string());
        if let Some(hint) = &refusal.hint {
            line(text, "hint", hint);
        }
    }
    for note in &file.catatan {
        line(text, "note", note);
    }
    for piece in &file.bagian {
        if let Some(member) = &piece.anggota {
            text.push_str(&format!("  › {member}: {}\n", word(piece.hasil)));
        }
        tell_piece(text, piece);
    }
}

fn tell_piece(text: &mut String, piece: &PieceReport) {
    if let Some(refusal) = &piece.penolakan {
        line(text, "error", &refusal.to_string());
        if let Some(hint) = &refusal.hint {
            line(text, "hint", hint);
        }
        line(text, "", &format!("`bansos360 explain {}` says more", refusal.code));
    }
    tell_source(text, piece);
    for sheet in &piece.lembar {
        tell_sheet(text, sheet);
    }
    for row in &piece.judul_terdekat {
        let score = plural(row.kolom, "column");
        let words = format!(
            "none; closest: {}line {} with {score}",
            sheet_name(&row.lembar),
            row.baris
        );
        line(text, "header", &words);
    }
    if !piece.lembar_dilewati.is_empty() {
        line(
            text,
            "skipped",
            &format!("sheets without a header: {}", quoted(&piece.lembar_dilewati)),
        );
    }
    if let Some(balance) = &piece.baris {
        tell_rows(text, balance);
    }
    for (about, counts) in [("status_nik", &piece.status_nik), ("status_kk", &piece.status_kk)] {
        if !counts.is_empty() {
            line(text, about, &counted(counts));
        }
    }
    if let Some(correction) = &piece.koreksi {
        tell_correction(text, correction);
    }
    tell_findings(text, &piece.temuan);
    if let Some(advice) = &piece.saran {
        line(text, "advice", advice);
    }
    if let Some(toml) = &piece.saran_toml {
        line(
            text,
            "teach",
            "to have a heading understood as it is, paste into the workspace:",
        );
        for toml_line in toml.lines() {
            text.push_str(&format!("      {toml_line}\n"));
        }
    }
}

fn tell_source(text: &mut String, piece: &PieceReport) {
    if let Some(source) = &piece.sumber {
        let title = piece.judul_sumber.as_deref().unwrap_or_default();
        let prefix = if piece.hasil == Verdict::Lain {
            "closest to "
        } else {
            ""
        };
        line(text, "source", &format!("{prefix}`{source}` ({title})"));
    }
    if !piece.alasan.is_empty() {
        line(text, "why", &piece.alasan.join("; "));
    }
    let others = piece
        .calon
        .iter()
        .filter(|candidate| Some(&candidate.sumber) != piece.sumber.as_ref());
    let others: Vec<String> = others
        .take(SHOWN_CANDIDATES)
        .map(|candidate| {
            let lacks = if candidate.wajib_tidak_ada.is_empty() {
                String::new()
            } else {
                format!(", lacks {}", candidate.wajib_tidak_ada.join(" and "))
            };
            format!("`{}` ({} columns{lacks})", candidate.sumber, candidate.kolom)
        })
        .collect();
    if !others.is_empty() {
        line(text, "runner-up", &others.join(", "));
    }
    tell_origin(text, piece);
}

fn tell_origin(text: &mut String, piece: &PieceReport) {
    if let Some(format) = &piece.format {
        let mut words = format.clone();
        if let Some(delimiter) = piece.pemisah {
            let sign = if delimiter == '\t' {
                "tab".to_owned()
            } else {
                format!("`{delimiter}`")
            };
            words.push_str(&format!(", delimiter {sign}"));
        }
        if let Some(encoding) = &piece.pengkodean {
            words.push_str(&format!(", {encoding}"));
        }
        line(text, "format", &words);
    }
    if let Some(periode) = &piece.periode {
        line(text, "periode", periode);
    }
    if let Some(district) = &piece.kabupaten {
        let origin = match district.asal {
            "file" => "as the file says",
            "option" => "as `--kabupaten` says",
            "workspace" => "as the workspace says",
            _ => "the default",
        };
        line(text, "district", &format!("{} ({origin})", district.kode.join(", ")));
    }
}

fn tell_sheet(text: &mut String, sheet: &SheetReport) {
    let name = sheet_name(&sheet.nama);
    let chosen = sheet.calon_judul.iter().find(|row| row.baris == sheet.baris_judul);
    let score = chosen.map_or(sheet.kolom.len(), |row| row.kolom);
    let others = sheet.calon_judul.iter().filter(|row| row.baris != sheet.baris_judul);
    let others: Vec<String> = others
        .map(|row| format!("line {} with {}", row.baris, row.kolom))
        .collect();
    let others = if others.is_empty() {
        "no other row comes close".to_owned()
    } else {
        format!("next best: {}", others.join(", "))
    };
    line(
        text,
        "header",
        &format!("{name}line {} with {score} columns; {others}", sheet.baris_judul),
    );
    for column in &sheet.kolom {
        text.push_str(&format!("      {:<22} <- {}\n", column.kolom, column.judul));
    }
    for missing in &sheet.wajib_tidak_ada {
        line(
            text,
            "missing",
            &format!("`{}`, known as {}", missing.kolom, quoted(&missing.judul_dikenal)),
        );
        for close in &missing.mirip {
            let values = if close.isi_cocok { ", its values fit" } else { "" };
            line(
                text,
                "",
                &format!(
                    "close: `{}` ({:.2} like `{}`{values})",
                    close.judul, close.kemiripan, close.kolom
                ),
            );
        }
    }
    for competing in &sheet.bersaing {
        line(
            text,
            "competing",
            &format!("`{}` also means `{}` and is not used", competing.judul, competing.kolom),
        );
    }
    if !sheet.diabaikan.is_empty() {
        line(text, "ignored", &quoted(&sheet.diabaikan));
    }
}

fn tell_correction(text: &mut String, correction: &CorrectionReport) {
    let sheets = plural(correction.lembar.len(), "sheet");
    let all = usize::try_from(correction.baris).unwrap_or(usize::MAX);
    line(text, "corrects", &format!("{} on {sheets}", plural(all, "row")));
    let keys = match correction.cocok {
        Some(matched) => format!("{matched} of {all} name a line of a file in the lake"),
        None => "not looked up; name the workspace with `--workspace`".to_owned(),
    };
    line(text, "keys", &keys);
}

fn tell_rows(text: &mut String, balance: &BalanceReport) {
    let number = |count: u64| thousands(i64::try_from(count).unwrap_or(i64::MAX));
    let skipped: u64 = balance.dilewati.values().sum();
    let reasons = |counts: &BTreeMap<String, u64>| {
        if counts.is_empty() {
            String::new()
        } else {
            format!(" ({})", counted(counts))
        }
    };
    line(
        text,
        "rows",
        &format!(
            "{} read = {} kept + {} quarantined{} + {} skipped{}",
            number(balance.dibaca),
            number(balance.disimpan),
            number(balance.karantina),
            reasons(&balance.karantina_per_alasan),
            number(skipped),
            reasons(&balance.dilewati)
        ),
    );
}

fn tell_findings(text: &mut String, findings: &[FindingReport]) {
    if findings.is_empty() {
        return;
    }
    line(
        text,
        "findings",
        &format!("{}, the most frequent first", plural(findings.len(), "kind")),
    );
    for finding in findings.iter().take(SHOWN_FINDINGS) {
        let column = if finding.kolom.is_empty() {
            String::new()
        } else {
            format!(" `{}`", finding.kolom)
        };
        text.push_str(&format!(
            "      {:>7}  {} {}{column}: {}\n",
            thousands(i64::try_from(finding.jumlah).unwrap_or(i64::MAX)),
            finding.tingkat,
            finding.aturan,
            finding.pesan
        ));
        if !finding.contoh.is_empty() {
            let places = finding.contoh.iter().map(place).collect::<Vec<_>>().join("; ");
            text.push_str(&format!("               e.g. {places}\n"));
        }
    }
    if findings.len() > SHOWN_FINDINGS {
        let rest = findings.len() - SHOWN_FINDINGS;
        text.push_str(&format!("               and {rest} more, with `--format json`\n"));
    }
}

fn counted(counts: &BTreeMap<String, u64>) -> String {
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by(|left, right| right.1.cmp(left.1).then_with(|| left.0.cmp(right.0)));
    let number = |count: u64| thousands(i64::try_from(count).unwrap_or(i64::MAX));
    let words = sorted
        .iter()
        .map(|(word, count)| format!("{word}: {}", number(**count)));
    words.collect::<Vec<_>>().join(", ")
}

fn sheet_name(name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        format!("sheet `{name}`, ")
    }
}

fn quoted(words: &[String]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
