//! Which version counts: ruling 43, and what people have decided beside it.

use super::catalogue::{Catalogue, Counting};
use super::decision::{Decision, DecisionKind, Ruling};
use super::entry::{Entry, OTHER, Piece};
use super::koreksi::CORRECTION;
use crate::pipeline::{Pipeline, Pipelines};
use std::collections::BTreeMap;

/// What became of a piece for one table.
#[derive(Debug, Clone, Copy)]
pub enum Verdict<'c> {
    /// It counts.
    Counts,
    /// A newer file counts instead (ruling 43).
    Newer(&'c Entry),
    /// Another file was put in its place.
    Replaced(&'c Entry, &'c Decision),
    /// It was taken out.
    Retracted(&'c Decision),
    /// No pipeline of its source is there any more.
    NoPipeline,
}

/// A piece, a table that it can fill, and whether it does.
#[derive(Debug, Clone)]
pub struct Version<'c> {
    /// The stored file.
    pub entry: &'c Entry,
    /// The piece of it.
    pub piece: &'c Piece,
    /// The table; empty where no pipeline tells one.
    pub table: String,
    /// Whether it counts.
    pub verdict: Verdict<'c>,
}

impl Verdict<'_> {
    /// Does it count?
    pub fn counts(&self) -> bool {
        matches!(self, Self::Counts)
    }

    /// In words.
    pub fn words(&self, version: &Version<'_>) -> String {
        let named = |entry: &Entry| {
            let came = entry.waktu_masuk.get(..10).unwrap_or_default();
            format!("`{}` ({}), which came {came}", entry.nama, entry.short_id())
        };
        match self {
            Self::Counts => "counts".to_owned(),
            Self::Newer(by) if version.table.starts_with("dtks_") => format!(
                "a newer delivery of {} for periode {} counts instead: {}",
                version.table,
                version.piece.periode.as_deref().unwrap_or("?"),
                named(by)
            ),
            Self::Newer(by) => format!(
                "a newer file of the same source, periode, tahap and name counts instead: {}",
                named(by)
            ),
            Self::Replaced(by, decision) => format!(
                "replaced by hand on {} by {}: {}",
                decision.day(),
                named(by),
                decision.alasan
            ),
            Self::Retracted(decision) => format!("retracted on {}: {}", decision.day(), decision.alasan),
            Self::NoPipeline => format!("no pipeline `{}` is there any more", version.piece.sumber),
        }
    }
}

impl Catalogue {
    /// Every piece with every table that it can fill, and whether it counts for it: of DTKS the newest delivery for each periode
    /// and table; of lists all but those that a file of the same source, periode, stage and name replaces; and of both only what
    /// nobody has taken out. Where a workspace takes several districts, a file replaces only those of its own.
    pub fn versions(&self, pipelines: &Pipelines) -> Vec<Version<'_>> {
        let mut newest: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut found: Vec<(usize, Version<'_>, Vec<String>)> = Vec::new();
        for (position, entry) in self.entries.iter().enumerate() {
            for piece in &entry.bagian {
                let pipeline = pipelines.get(&piece.sumber);
                let tables = pipeline.map_or_else(|| vec![String::new()], tables_of);
                for table in tables {
                    let aside = self.set_aside(entry, piece, &table, pipelines);
                    let district = pipelines.district_of(&entry.jalur);
                    let slot = pipeline.map_or_else(Vec::new, |pipeline| {
                        let own = slot_of(entry, piece, pipeline, &table);
                        std::iter::once(district.to_owned()).chain(own).collect()
                    });
                    if aside.is_none() && pipeline.is_some() {
                        newest.insert(slot.clone(), position);
                    }
                    let verdict = aside.unwrap_or(match pipeline {
                        Some(_) => Verdict::Counts,
                        None => Verdict::NoPipeline,
                    });
                    let version = Version {
                        entry,
                        piece,
                        table,
                        verdict,
                    };
                    found.push((position, version, slot));
                }
            }
        }
        let told = found.into_iter().map(|(position, mut version, slot)| {
            let holder = newest.get(&slot).copied().unwrap_or(position);
            let is_one_delivery = || {
                let is_dtks = version.table.starts_with("dtks_");
                is_dtks && delivery_of(version.entry) == delivery_of(&self.entries[holder])
            };
            if version.verdict.counts() && holder != position && !is_one_delivery() {
                version.verdict = Verdict::Newer(&self.entries[holder]);
            }
            version
        });
        told.collect()
    }

    /// What somebody has decided about a piece, where that takes it out.
    fn set_aside<'c>(
        &'c self,
        entry: &'c Entry,
        piece: &Piece,
        table: &str,
        pipelines: &Pipelines,
    ) -> Option<Verdict<'c>> {
        if let Some(retracted) = entry.retraction(piece) {
            return Some(Verdict::Retracted(retracted));
        }
        entry.putusan.iter().find_map(|decision| {
            let Ruling::Ganti { oleh } = &decision.putusan else {
                return None;
            };
            let other = self.entries.iter().find(|other| other.sha256 == *oleh)?;
            let takes_its_place = decision.concerns(piece)
                && other.bagian.iter().any(|part| {
                    let pipeline = pipelines.get(&part.sumber);
                    other.retraction(part).is_none()
                        && pipeline.is_some_and(|pipeline| fills(pipeline, part, piece, table))
                });
            takes_its_place.then_some(Verdict::Replaced(other, decision))
        })
    }

    /// The pieces that count, with the tables for which they do.
    pub fn counting(&self, pipelines: &Pipelines) -> Vec<Counting<'_>> {
        let mut counting: Vec<Counting<'_>> = Vec::new();
        let versions = self.versions(pipelines);
        for version in versions.into_iter().filter(|version| version.verdict.counts()) {
            match counting.last_mut() {
                Some(last) if std::ptr::eq(last.piece, version.piece) => last.tables.push(version.table),
                _ => counting.push(Counting {
                    entry: version.entry,
                    piece: version.piece,
                    tables: vec![version.table],
                    order: counting.len() + 1,
                }),
            }
        }
        counting
    }
}

/// DTKS of the same table; a list of the same source.
fn fills(pipeline: &Pipeline, part: &Piece, piece: &Piece, table: &str) -> bool {
    if pipeline.is_dtks() {
        pipeline.tables.iter().any(|own| own == table)
    } else {
        part.sumber == piece.sumber
    }
}

fn tables_of(pipeline: &Pipeline) -> Vec<String> {
    if pipeline.is_dtks() {
        pipeline.tables.clone()
    } else {
        vec![pipeline.table().to_owned()]
    }
}

/// Of those with the same slot the newest counts. Case and blanks of a list's file name do not matter (ruling 43).
fn slot_of(entry: &Entry, piece: &Piece, pipeline: &Pipeline, table: &str) -> Vec<String> {
    let periode = piece.periode.clone();
    if pipeline.is_dtks() {
        return vec![table.to_owned(), periode.unwrap_or_default()];
    }
    let name: String = entry.piece_name(piece).to_lowercase().split_whitespace().collect();
    vec![
        piece.sumber.clone(),
        periode.or_else(|| piece.periode_bantuan.clone()).unwrap_or_default(),
        piece.tahap.clone().unwrap_or_default(),
        name,
    ]
}

/// A zip is a delivery; loose files that came together out of one folder are one, too: an office may send a file for each
/// kecamatan.
fn delivery_of(entry: &Entry) -> (String, String) {
    let is_zip = entry.bagian.iter().any(|piece| piece.indeks.is_some());
    let folder = entry.jalur.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = if is_zip { entry.jalur.as_str() } else { folder };
    (
        entry.waktu_masuk.clone(),
        format!("{}{place}", if is_zip { "zip:" } else { "" }),
    )
}

/// What an entry is to the next run, in a few words.
pub fn state_of(entry: &Entry, versions: &[Version<'_>]) -> String {
    let own: Vec<&Version<'_>> = versions
        .iter()
        .filter(|version| version.entry.sha256 == entry.sha256)
        .collect();
    let counting = own.iter().filter(|version| version.verdict.counts()).count();
    let state = if entry.is_retracted() {
        "retracted".to_owned()
    } else if entry.sumber == OTHER {
        "no pipeline".to_owned()
    } else if entry.sumber == CORRECTION {
        "correction".to_owned()
    } else if counting == own.len() {
        "counts".to_owned()
    } else if counting > 0 {
        "counts in part".to_owned()
    } else {
        match own.first().map(|version| version.verdict) {
            Some(Verdict::Newer(by)) => format!("replaced by a newer file, {}", by.short_id()),
            Some(Verdict::Replaced(by, _)) => format!("replaced by hand by {}", by.short_id()),
            Some(Verdict::Retracted(_)) => "retracted".to_owned(),
            _ => "its pipeline is gone".to_owned(),
        }
    };
    let is_assigned = entry
        .putusan
        .iter()
        .any(|decision| decision.putusan.kind() == DecisionKind::Assign);
    if is_assigned {
        format!("{state}, assigned")
    } else {
        state
    }
}
