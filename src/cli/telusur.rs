//! `bansos360 telusur`.

use super::Ended;
use super::args::{Global, TelusurArgs};
use super::ekspor::read_corrections;
use super::output::Output;
use super::release::open;
use crate::lake::Catalogue;
use crate::run::RunError;
use crate::telusur::{MartKey, Origin, RawLines, Trace, TraceOptions, trace};
use crate::warehouse::{Materialized, Model, Models};

/// Shows which lines a row of a mart came from.
pub fn telusur(global: &Global, args: &TelusurArgs, output: Output) -> Ended {
    let opened = open(global)?;
    let mart = mart_named(&opened.project.models, &args.mart)?;
    let key = MartKey::parse(mart, &args.kunci)?;
    let catalogue = Catalogue::read(&opened.workspace)?;
    let corrections = read_corrections(&catalogue)?;
    let raw = RawLines {
        catalogue: &catalogue,
        corrections: &corrections,
        pipelines: &opened.project.pipelines,
        models: &opened.project.models,
    };
    let options = TraceOptions {
        limit: args.batas,
        personal: args.tampilkan_data_pribadi,
    };
    let found = trace(&opened.reader, &opened.project, &raw, mart, &key, options)?;
    if output.is_json() {
        output.json(&found);
    } else {
        output.result(&as_text(&found));
    }
    Ok(0)
}

/// `mart_1_kpm`, `mart_1` and `1` name the same mart.
fn mart_named<'m>(models: &'m Models, typed: &str) -> Result<&'m Model, RunError> {
    let number = typed.strip_prefix("mart_").unwrap_or(typed);
    let beginning = format!("mart_{number}_");
    let mut marts = models.of(Materialized::Mart);
    marts
        .find(|mart| mart.name == typed || mart.name.starts_with(&beginning))
        .ok_or_else(|| {
            let mut names: Vec<&str> = models.of(Materialized::Mart).map(|mart| mart.name.as_str()).collect();
            names.sort_unstable();
            RunError::Usage(format!("there is no mart `{typed}`; there are {}", names.join(", ")))
        })
}

fn as_text(trace: &Trace) -> String {
    let total: i64 = trace.asal_menurut_peran.iter().map(|role| role.jumlah).sum();
    let mut text = format!("{}: one row, from {total} lines\n\n", trace.mart);
    for role in &trace.asal_menurut_peran {
        text.push_str(&format!(
            "  {} × {} ({})\n      through {}\n",
            role.jumlah,
            role.peran,
            role.tabel,
            role.model.join(" → ")
        ));
    }
    for origin in &trace.asal {
        text.push('\n');
        text.push_str(&line_of(origin));
    }
    let hidden = total - i64::try_from(trace.asal.len()).unwrap_or(i64::MAX);
    if hidden > 0 {
        text.push_str(&format!("\n… and {hidden} more lines (`--batas N` shows more)\n"));
    }
    text
}

fn line_of(origin: &Origin) -> String {
    let file = match &origin.anggota {
        Some(member) => format!("{} › {member}", origin.berkas),
        None => origin.berkas.clone(),
    };
    let sheet = if origin.lembar.is_empty() {
        String::new()
    } else {
        format!(", sheet `{}`", origin.lembar)
    };
    let mut text = format!(
        "{}: {file}{sheet}, line {}\n  came {} (UTC), sha256 {}\n",
        origin.peran,
        origin.nomor_baris,
        origin.waktu_masuk.get(..19).unwrap_or(&origin.waktu_masuk),
        origin.sha256.get(..12).unwrap_or(&origin.sha256)
    );
    if let Some(kept) = &origin.digabung_ke {
        let sheet = if kept.lembar.is_empty() {
            String::new()
        } else {
            format!(", sheet `{}`", kept.lembar)
        };
        text.push_str(&format!(
            "  merged into {}{sheet}, line {}, which counts in its place\n",
            kept.berkas, kept.nomor_baris
        ));
    }
    if origin.isi.is_empty() {
        text.push_str("  (the raw line is no longer in the lake)\n");
    }
    for cell in &origin.isi {
        let column = cell
            .kolom
            .as_deref()
            .map_or_else(String::new, |column| format!(" → {column}"));
        text.push_str(&format!("  {}{column}: {}\n", cell.judul, cell.nilai));
        if let Some(now) = &cell.koreksi {
            text.push_str(&format!("    corrected: {now}\n"));
        }
    }
    for correction in &origin.koreksi {
        text.push_str(&format!(
            "  corrected by {}, sheet `{}`, line {}, came {}{}\n",
            correction.berkas_koreksi,
            correction.lembar_koreksi,
            correction.baris_koreksi,
            correction.waktu_masuk.get(..19).unwrap_or_default().replace('T', " "),
            if correction.berlaku {
                ""
            } else {
                " (replaced by a later one)"
            }
        ));
    }
    for finding in &origin.temuan {
        text.push_str(&format!(
            "  ! {} {} ({}): {}\n",
            finding.tingkat, finding.aturan, finding.kolom, finding.pesan
        ));
    }
    text
}
