//! `lake list` and `lake show`: what is stored, and whether it counts.

use super::super::Ended;
use super::super::output::Output;
use super::show_text;
use crate::lake::{Catalogue, Corrections, Decision, Entry, Piece, Version, rows_by_piece, state_of};
use crate::run::Project;
use crate::stage::Input;
use crate::workspace::Workspace;
use serde::Serialize;
use std::collections::BTreeMap;

/// A stored file in a line.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// The first twelve digits of its hash.
    pub id: String,
    /// Its source.
    pub sumber: String,
    /// Its periode folder.
    pub periode: String,
    /// Its name.
    pub nama: String,
    /// Rows that were read, where they are known.
    pub baris: Option<u64>,
    /// When it came, UTC.
    pub waktu_masuk: String,
    /// Bytes.
    pub ukuran: u64,
    /// Whether it counts, in words.
    pub keadaan: String,
}

/// A stored file with all that is known of it.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// As in the list.
    #[serde(flatten)]
    pub listed: Listed,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Where it came from, relative to what was named.
    pub jalur: String,
    /// Where its bytes are, relative to the workspace.
    pub tempat: String,
    /// What its bytes are, by their beginning.
    pub bentuk: String,
    /// Its pieces, a line for each table.
    pub bagian: Vec<ShownPiece>,
    /// Sheets that correct rows of it.
    pub koreksi: Vec<ShownCorrection>,
    /// All decisions about it, also those that no longer hold.
    pub putusan: Vec<Decision>,
    /// What was noted when it came.
    pub catatan: Vec<String>,
}

/// A piece of a stored file and a table that it can fill.
#[derive(Debug, Serialize)]
pub struct ShownPiece {
    /// Its id.
    pub id_berkas: String,
    /// What it is.
    #[serde(flatten)]
    pub piece: Piece,
    /// Rows that were read, where they are known.
    pub baris: Option<u64>,
    /// The table.
    pub tabel: String,
    /// Does it count for the table?
    pub berlaku: bool,
    /// That, or why not.
    pub sebab: String,
}

/// A sheet that corrects rows of a stored file.
#[derive(Debug, Serialize)]
pub struct ShownCorrection {
    /// The corrected sheet.
    pub berkas: String,
    /// When it came, UTC.
    pub waktu_masuk: String,
    /// Rows that it corrects.
    pub baris: usize,
    /// Those of them that no later sheet corrects again.
    pub berlaku: usize,
}

/// Lists the stored files in the order in which they came.
pub fn list(workspace: &Workspace, project: &Project, output: Output) -> Ended {
    let catalogue = Catalogue::read(workspace)?;
    let versions = catalogue.versions(&project.pipelines);
    let rows = rows_by_piece(workspace)?;
    let listed: Vec<Listed> = catalogue
        .entries
        .iter()
        .map(|entry| line_of(entry, &versions, &rows))
        .collect();
    if output.is_json() {
        output.json(&listed);
    } else {
        output.result(&show_text::list(&listed));
    }
    Ok(0)
}

/// Says all that is known of a stored file.
pub fn show(workspace: &Workspace, project: &Project, typed: &str, output: Output) -> Ended {
    let catalogue = Catalogue::read(workspace)?;
    let (entry, _) = catalogue.find(typed)?;
    let versions = catalogue.versions(&project.pipelines);
    let rows = rows_by_piece(workspace)?;
    let place = entry.path.strip_prefix(workspace.root()).unwrap_or(&entry.path);
    let shown = Shown {
        listed: line_of(entry, &versions, &rows),
        sha256: entry.sha256.clone(),
        jalur: entry.jalur.clone(),
        tempat: place.display().to_string(),
        bentuk: match Input::file(&entry.path).format() {
            Ok(format) => format!("{format:?}").to_lowercase(),
            Err(error) => format!("cannot be read: {error}"),
        },
        bagian: pieces(entry, &versions, &rows),
        koreksi: corrections(entry, &catalogue),
        putusan: catalogue.decisions.of(&entry.sha256).cloned().collect(),
        catatan: entry.catatan.clone(),
    };
    if output.is_json() {
        output.json(&shown);
    } else {
        output.result(&show_text::entry(&shown));
    }
    Ok(0)
}

fn line_of(entry: &Entry, versions: &[Version<'_>], rows: &BTreeMap<String, u64>) -> Listed {
    let known: Vec<u64> = entry
        .bagian
        .iter()
        .filter_map(|piece| rows.get(&entry.piece_id(piece)).copied())
        .collect();
    Listed {
        id: entry.short_id().to_owned(),
        sumber: entry.sumber.clone(),
        periode: entry.periode.clone(),
        nama: entry.nama.clone(),
        baris: (!known.is_empty()).then(|| known.iter().sum()),
        waktu_masuk: entry.waktu_masuk.clone(),
        ukuran: entry.ukuran,
        keadaan: state_of(entry, versions),
    }
}

fn pieces(entry: &Entry, versions: &[Version<'_>], rows: &BTreeMap<String, u64>) -> Vec<ShownPiece> {
    let own = versions.iter().filter(|version| version.entry.sha256 == entry.sha256);
    own.map(|version| {
        let id = entry.piece_id(version.piece);
        ShownPiece {
            baris: rows.get(&id).copied(),
            id_berkas: id,
            piece: version.piece.clone(),
            tabel: version.table.clone(),
            berlaku: version.verdict.counts(),
            sebab: version.verdict.words(version),
        }
    })
    .collect()
}

/// A corrected sheet that cannot be read is told by the next run; here it is left out.
fn corrections(entry: &Entry, catalogue: &Catalogue) -> Vec<ShownCorrection> {
    let ids: Vec<String> = entry.bagian.iter().map(|piece| entry.piece_id(piece)).collect();
    let all = Corrections::read(catalogue).unwrap_or_default().all;
    let mut found: Vec<ShownCorrection> = Vec::new();
    for row in all.iter().filter(|row| ids.contains(&row.id_berkas)) {
        let same =
            |known: &&mut ShownCorrection| known.berkas == row.berkas_koreksi && known.waktu_masuk == row.waktu_masuk;
        match found.iter_mut().find(same) {
            Some(known) => {
                known.baris += 1;
                known.berlaku += usize::from(row.berlaku);
            }
            None => found.push(ShownCorrection {
                berkas: row.berkas_koreksi.clone(),
                waktu_masuk: row.waktu_masuk.clone(),
                baris: 1,
                berlaku: usize::from(row.berlaku),
            }),
        }
    }
    found
}
