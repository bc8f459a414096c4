//! What changed between two releases.

use super::quality::{Change, Changes, Quality};
use std::collections::{BTreeMap, BTreeSet};

/// What changed from `before` to `now`; only figures that differ.
pub fn changes(before: &Quality, now: &Quality) -> Changes {
    let names = |quality: &Quality| -> BTreeSet<String> {
        let named = quality.berkas.iter().map(|file| match &file.anggota {
            Some(member) => format!("{} › {member}", file.nama),
            None => file.nama.clone(),
        });
        named.collect()
    };
    let (old_files, new_files) = (names(before), names(now));
    Changes {
        rilis_sebelumnya: before.run_id.clone(),
        waktu_sebelumnya: before.waktu.clone(),
        mart: differences(&before.mart, &now.mart),
        sumber: differences(&source_rows(before), &source_rows(now)),
        aturan: differences(&rule_counts(before), &rule_counts(now)),
        berkas_baru: new_files.difference(&old_files).cloned().collect(),
        berkas_lepas: old_files.difference(&new_files).cloned().collect(),
    }
}

fn source_rows(quality: &Quality) -> BTreeMap<String, i64> {
    let rows = quality.sumber.iter();
    rows.map(|line| {
        (
            format!("{} {}", line.sumber, line.periode).trim().to_owned(),
            line.disimpan,
        )
    })
    .collect()
}

fn rule_counts(quality: &Quality) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for line in &quality.aturan {
        *counts.entry(line.aturan.clone()).or_insert(0) += line.jumlah;
    }
    counts
}

fn differences(before: &BTreeMap<String, i64>, now: &BTreeMap<String, i64>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let value = |counts: &BTreeMap<String, i64>, name: &String| counts.get(name).copied().unwrap_or(0);
    let mut found: Vec<Change> = names
        .into_iter()
        .map(|name| Change {
            nama: name.clone(),
            sebelum: value(before, name),
            sekarang: value(now, name),
        })
        .filter(|change| change.sebelum != change.sekarang)
        .collect();
    found.sort_by_key(|change| std::cmp::Reverse((change.sekarang - change.sebelum).abs()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_the_greatest_first() {
        let counts = |pairs: &[(&str, i64)]| pairs.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        let before = Quality {
            run_id: "r1".to_owned(),
            mart: counts(&[("a", 5), ("b", 7), ("c", 1)]),
            ..Quality::default()
        };
        let now = Quality {
            mart: counts(&[("a", 5), ("b", 8), ("d", 9)]),
            ..Quality::default()
        };
        let told = changes(&before, &now);
        let names: Vec<&str> = told.mart.iter().map(|change| change.nama.as_str()).collect();
        assert_eq!(names, ["d", "b", "c"]);
        assert_eq!(told.rilis_sebelumnya, "r1");
    }
}
