//! Ids of runs: the time when they began, and always in the order in which they ran.

use crate::workspace::Workspace;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use std::fs;
use std::path::Path;

const TIME: &str = "%Y%m%dT%H%M%S";

/// The id of a run that begins now. Where the clock was set back it follows the newest id that is there: releases are ordered by their
/// ids.
pub(super) fn next_run_id(workspace: &Workspace, begun: DateTime<Utc>) -> String {
    let parts = begun.timestamp_subsec_micros() / 100;
    let own = format!("{}-{parts:04}", begun.format(TIME));
    let newest = [workspace.runs(), workspace.releases()]
        .iter()
        .filter_map(|folder| newest_in(folder))
        .max();
    match newest.filter(|newest| *newest >= own) {
        Some(newest) => time_of(&newest)
            .and_then(|time| time.checked_add_signed(TimeDelta::seconds(1)))
            .map_or(own, |time| format!("{}-{parts:04}", time.format(TIME))),
        None => own,
    }
}

/// The greatest id in a folder of records or releases; files of other people are none.
fn newest_in(folder: &Path) -> Option<String> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    entries
        .filter_map(|entry| id_in(&entry.file_name().to_string_lossy()))
        .max()
}

fn id_in(name: &str) -> Option<String> {
    let id = name.trim_start_matches('.').get(..20)?;
    let is_id = time_of(id).is_some() && id.get(15..16) == Some("-");
    is_id.then(|| id.to_owned())
}

fn time_of(id: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(id.get(..15)?, TIME).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_in_order_when_the_clock_is_set_back() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let begun = DateTime::from_timestamp(1_790_000_000, 500_000).unwrap();
        let own = next_run_id(&workspace, begun);
        assert_eq!(own, format!("{}-0005", begun.format(TIME)));
        fs::write(workspace.runs().join("20991231T235959-ffff.json"), "{}").unwrap();
        fs::create_dir(workspace.releases().join("21000101T000000-0001")).unwrap();
        for name in ["zzz", "21", "2105", ".gitkeep", "21050101T000000"] {
            fs::write(workspace.runs().join(name), "").unwrap();
        }
        assert_eq!(next_run_id(&workspace, begun), "21000101T000001-0005");
        fs::write(workspace.runs().join("21000101T000001-0005.json"), "{}").unwrap();
        assert_eq!(next_run_id(&workspace, begun), "21000101T000002-0005");
    }
}
