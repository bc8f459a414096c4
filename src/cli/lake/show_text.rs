//! The lake in words.

use super::super::table::{table, thousands};
use super::decide::Decided;
use super::holding::Holding;
use super::purge::Purged;
use super::purge_person::PurgedPerson;
use super::show::{Listed, Shown};
use crate::lake::{Decision, Ruling, Verified};

/// The stored files as a table.
pub fn list(listed: &[Listed]) -> String {
    if listed.is_empty() {
        return "The lake is empty\n".to_owned();
    }
    let rows: Vec<Vec<String>> = listed
        .iter()
        .map(|entry| {
            vec![
                entry.id.clone(),
                entry.sumber.clone(),
                entry.periode.clone(),
                entry.nama.clone(),
                number(entry.baris),
                minute(&entry.waktu_masuk),
                entry.keadaan.clone(),
            ]
        })
        .collect();
    table(
        &["id", "source", "period", "file", "rows", "came (UTC)", "state"],
        &[4],
        &rows,
    )
}

/// A stored file with all that is known of it.
pub fn entry(shown: &Shown) -> String {
    let listed = &shown.listed;
    let mut text = format!(
        "{}\n  id      {}\n  sha256  {}\n  bytes   {}, {}\n  source  {}, {}\n  came    {} (UTC), as `{}`\n  stored  {}\n  state   {}\n",
        listed.nama,
        listed.id,
        shown.sha256,
        thousands(i64::try_from(listed.ukuran).unwrap_or(i64::MAX)),
        shown.bentuk,
        listed.sumber,
        listed.periode,
        minute(&listed.waktu_masuk),
        shown.jalur,
        shown.tempat,
        listed.keadaan
    );
    for piece in &shown.bagian {
        let told = &piece.piece;
        let time = [
            told.periode.clone().or_else(|| told.periode_bantuan.clone()),
            told.tahap.as_ref().map(|stage| format!("tahap {stage}")),
        ];
        let time: Vec<String> = time.into_iter().flatten().collect();
        let member = told
            .anggota
            .as_ref()
            .map_or_else(String::new, |name| format!(" `{name}`"));
        text.push_str(&format!(
            "\n{}{member}: {}{}, {} rows\n  {}: {}\n",
            piece.id_berkas,
            told.sumber,
            if time.is_empty() {
                String::new()
            } else {
                format!(" of {}", time.join(", "))
            },
            number(piece.baris),
            if piece.tabel.is_empty() { "-" } else { &piece.tabel },
            piece.sebab
        ));
    }
    for correction in &shown.koreksi {
        text.push_str(&format!(
            "\ncorrected by `{}`, which came {}: {} rows, {} of them in force\n",
            correction.berkas,
            minute(&correction.waktu_masuk),
            correction.baris,
            correction.berlaku
        ));
    }
    if !shown.putusan.is_empty() {
        text.push_str("\nDecisions\n");
        text.extend(
            shown
                .putusan
                .iter()
                .map(|decision| format!("  {}\n", decision_line(decision))),
        );
    }
    for note in &shown.catatan {
        text.push_str(&format!("\nnote: {note}\n"));
    }
    text
}

/// A decision in a line.
pub fn decision_line(decision: &Decision) -> String {
    let what = match &decision.putusan {
        Ruling::Tarik => "retracted".to_owned(),
        Ruling::BatalTarik => "retraction undone".to_owned(),
        Ruling::Tetapkan {
            dari, sumber, periode, ..
        } => format!("said to be {sumber} {periode}, before {dari}"),
        Ruling::BatalTetapkan => "taken for what it was recognised as".to_owned(),
        Ruling::Ganti { oleh } => format!("replaced by {}", oleh.get(..12).unwrap_or(oleh)),
        Ruling::BatalGanti => "replacement undone".to_owned(),
        Ruling::Hapus { .. } => "purged".to_owned(),
        Ruling::BatalHapus => "may be brought again".to_owned(),
        Ruling::Kosongkan { baris, .. } => format!("{baris} rows of persons emptied"),
    };
    let member = decision
        .indeks
        .map_or_else(String::new, |index| format!(" (member {index})"));
    format!(
        "{} {}: {what}{member}: {}",
        minute(&decision.waktu),
        decision.siapa,
        decision.alasan
    )
}

/// What a decision has changed.
pub fn decided(decided: &Decided) -> String {
    let mut text = String::new();
    for change in &decided.berubah {
        let table = if change.tabel.is_empty() { "-" } else { &change.tabel };
        text.push_str(&format!(
            "`{}` ({}), {table}: {}\n",
            change.nama, change.id_berkas, change.sesudah
        ));
    }
    if decided.berubah.is_empty() {
        text.push_str("Written down; which files count is as it was\n");
    } else {
        text.push_str("`bansos360 run` publishes it\n");
    }
    text
}

/// What goes, or would.
pub fn purged(purged: &Purged) -> String {
    if purged.berkas.is_empty() {
        return "No file is meant; nothing changes\n".to_owned();
    }
    let rows: Vec<Vec<String>> = purged
        .berkas
        .iter()
        .map(|file| {
            vec![
                file.id.clone(),
                file.sumber.clone(),
                file.periode.clone(),
                file.nama.clone(),
                number(file.baris),
                minute(&file.waktu_masuk),
            ]
        })
        .collect();
    let mut text = if purged.dilaksanakan {
        "Purged\n"
    } else {
        "Would be purged\n"
    }
    .to_owned();
    text.push_str(&table(
        &["id", "source", "period", "file", "rows", "came (UTC)"],
        &[4],
        &rows,
    ));
    text.push_str(&format!("and {} staged folders made from them\n", purged.olahan));
    for sheet in &purged.koreksi {
        text.push_str(&format!(
            "note: the corrected sheet {sheet} holds rows of them and stays; purge it too\n"
        ));
    }
    text.push_str(&holding(&purged.rilis));
    text.push_str(if purged.dilaksanakan {
        "The next run publishes without them\n"
    } else {
        "Nothing has changed; add `--ya` to carry it out\n"
    });
    text
}

/// Where a person stood, and what went.
pub fn purged_person(purged: &PurgedPerson) -> String {
    let mut text = String::new();
    for file in &purged.berkas {
        if file.baris > 0 {
            let done = if purged.dilaksanakan {
                "emptied"
            } else {
                "would be emptied"
            };
            text.push_str(&format!("`{}` ({}): {} rows {done}\n", file.nama, file.id, file.baris));
        }
        if file.tinggal > 0 {
            text.push_str(&format!(
                "`{}` ({}): {} rows stay in its bytes, which cannot be written again; no run uses them. Purge the file as a whole, or ask for one without them\n",
                file.nama, file.id, file.tinggal
            ));
        }
        for note in &file.catatan {
            text.push_str(&format!("`{}` ({}): note: {note}\n", file.nama, file.id));
        }
    }
    if !purged.berkas.iter().any(|file| file.baris + file.tinggal > 0) {
        text.push_str("No stored file names the person\n");
    }
    text.push_str(&holding(&purged.rilis));
    text.push_str(if purged.dilaksanakan {
        "Left out of every run from now on, also in files that come later; `bansos360 run` publishes without\n"
    } else {
        "Nothing has changed; add `--ya` to carry it out\n"
    });
    text
}

/// Releases that still hold what goes.
pub fn holding(releases: &[Holding]) -> String {
    let mut text = String::new();
    for release in releases {
        text.push_str(&format!(
            "release {}{} {}\n",
            release.rilis,
            if release.berlaku { " (current)" } else { "" },
            if release.terbaca {
                "still holds rows of it"
            } else {
                "cannot be read and may hold rows of it"
            }
        ));
    }
    if !releases.is_empty() {
        text.push_str("hint: the next run makes a release without it; older releases are removed by hand or by their retention, and backups hold what they hold\n");
    }
    text
}

/// What was looked at, and what is wrong.
pub fn verified(verified: &Verified) -> String {
    let mut text = String::new();
    for damage in &verified.kerusakan {
        let kind = match damage.jenis {
            "hilang" => "missing",
            "berubah" => "changed",
            "berlebih" => "extra",
            _ => "unreadable",
        };
        text.push_str(&format!("{kind}: `{}`: {}\n", damage.tempat, damage.pesan));
    }
    for note in &verified.catatan {
        text.push_str(&format!("note: {note}\n"));
    }
    text.push_str(&format!(
        "{} files as they came ({} bytes hashed), {} staged folders looked at\n",
        verified.berkas,
        thousands(i64::try_from(verified.ukuran).unwrap_or(i64::MAX)),
        verified.olahan
    ));
    text
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(
        || "-".to_owned(),
        |value| thousands(i64::try_from(value).unwrap_or(i64::MAX)),
    )
}

fn minute(time: &str) -> String {
    time.get(..16).unwrap_or(time).replace('T', " ")
}
