//! What a workspace need not keep: old releases, staged files that no counting file needs, leftovers of killed runs.
//!
//! Never removed are the current release, the one before it (going back must stay possible), and those that the configuration holds.

use super::project::Project;
use super::releases::Releases;
use super::{RunError, clean_up};
use crate::config::RilisConfig;
use crate::files::{FileError, failed, rename};
use crate::lake::{Catalogue, Corrections, Erasures, Staging};
use crate::read::Limits;
use crate::stage::Erased;
use crate::standardise::date::last_day;
use crate::workspace::Workspace;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What was removed, or would be.
#[derive(Debug, Default, Serialize)]
pub struct Cleared {
    /// Releases, the oldest first.
    pub rilis: Vec<String>,
    /// Folders of staged files.
    pub staged: Vec<String>,
    /// Bytes that are free afterwards: a file that another release shares stays, and does not count.
    pub bita: u64,
    /// Bytes of what killed runs had left, where it was removed.
    pub bita_sisa: u64,
}

/// Removes what need not be kept; with `dry_run` only says what that is.
///
/// # Errors
/// [`RunError`] where another run holds the workspace, or something cannot be read or removed.
pub fn gc(workspace: &Workspace, project: &Project, dry_run: bool) -> Result<Cleared, RunError> {
    let _lock = workspace.lock("gc")?;
    let left_before = size_of_hidden(workspace);
    if !dry_run {
        clean_up(workspace)?;
    }
    let old = old_releases(&Releases::read(workspace), &project.config.rilis, Utc::now());
    let idle = idle_staged(workspace, project)?;
    let mut paths: Vec<PathBuf> = old.iter().map(|name| workspace.releases().join(name)).collect();
    paths.extend(idle.iter().map(|name| workspace.staged().join(name)));
    let cleared = Cleared {
        bita: freed(&paths),
        bita_sisa: left_before.saturating_sub(size_of_hidden(workspace)),
        rilis: old,
        staged: idle,
    };
    if !dry_run {
        paths.iter().try_for_each(|path| remove(path))?;
    }
    Ok(cleared)
}

/// Removes old releases after one was published; a release that cannot be removed is told and is no failure of the run.
pub(super) fn after_publishing(workspace: &Workspace, config: &RilisConfig) {
    for name in old_releases(&Releases::read(workspace), config, Utc::now()) {
        match remove(&workspace.releases().join(&name)) {
            Ok(()) => tracing::info!(release = name, "An old release is removed"),
            Err(error) => tracing::warn!(release = name, %error, "An old release cannot be removed"),
        }
    }
}

/// The releases that neither their place, nor their age, nor the configuration keeps; the oldest first.
fn old_releases(releases: &Releases, config: &RilisConfig, now: DateTime<Utc>) -> Vec<String> {
    let Some(current) = releases.current.as_deref() else {
        return Vec::new();
    };
    let kept_by_count: BTreeSet<&String> = releases.names.iter().rev().take(config.simpan).collect();
    let is_young = |name: &str| {
        let days = config.simpan_hari.map(|days| Duration::days(i64::from(days)));
        let age = made(name).map(|time| now.naive_utc() - time);
        // A name whose time cannot be read is not old.
        days.is_some_and(|days| age.is_none_or(|age| age <= days))
    };
    let is_held = |name: &str| {
        config
            .tahan
            .iter()
            .any(|held| !held.is_empty() && name.starts_with(held.as_str()))
    };
    let is_needed = |name: &str| name == current || releases.previous() == Some(name);
    let is_old =
        |name: &&String| !is_needed(name) && !kept_by_count.contains(name) && !is_young(name) && !is_held(name);
    releases.names.iter().filter(is_old).cloned().collect()
}

/// When a run began, by its id (UTC).
fn made(run_id: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(run_id.get(..15)?, "%Y%m%dT%H%M%S").ok()
}

/// Folders of staged files that no file that counts now would be read from.
fn idle_staged(workspace: &Workspace, project: &Project) -> Result<Vec<String>, RunError> {
    let catalogue = Catalogue::read(workspace)?;
    let corrections = super::steps::read_corrections(&catalogue)?;
    let erased = Erasures::read(workspace)?.persons();
    let needed = needed_staged(workspace, project, &catalogue, &corrections, &erased);
    let folder = workspace.staged();
    let mut idle: Vec<String> = fs::read_dir(&folder)
        .map_err(failed("read folder", &folder))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| is_fingerprint(name) && !needed.contains(name))
        .collect();
    idle.sort();
    Ok(idle)
}

fn needed_staged(
    workspace: &Workspace,
    project: &Project,
    catalogue: &Catalogue,
    corrections: &Corrections,
    erased: &Erased,
) -> BTreeSet<String> {
    let latest = catalogue
        .latest_periode(&project.pipelines)
        .as_deref()
        .and_then(last_day);
    let staging = Staging {
        workspace,
        staged_before: None,
        config: &project.config,
        reference: &project.reference,
        reference_hash: &project.reference_hash,
        schema: &project.schema,
        limits: Limits::default(),
        until: latest.unwrap_or_else(|| Utc::now().date_naive()),
        corrections: Some(corrections),
        erased: Some(erased),
        told_in: None,
    };
    catalogue
        .counting(&project.pipelines)
        .iter()
        .filter_map(|counted| {
            let pipeline = project.pipelines.get(&counted.piece.sumber)?;
            let folder = staging.folder(counted.entry, counted.piece, pipeline);
            Some(folder.file_name()?.to_string_lossy().into_owned())
        })
        .collect()
}

/// Only names that staging gives are touched.
fn is_fingerprint(name: &str) -> bool {
    name.len() >= 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Takes the name away first, so that nobody meets half a folder and a kill leaves what the next run clears.
fn remove(folder: &Path) -> Result<(), FileError> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let hidden = folder.with_file_name(format!(".{}", name.unwrap_or_default()));
    rename(folder, &hidden)?;
    fs::remove_dir_all(&hidden).map_err(failed("remove", &hidden))
}

/// Bytes that are free when these folders are gone: files whose every name lies in them, each once.
fn freed(folders: &[PathBuf]) -> u64 {
    let mut files = HashMap::new();
    for folder in folders {
        count_links(folder, &mut files);
    }
    files
        .values()
        .filter(|file| file.found >= file.links)
        .map(|file| file.size)
        .sum()
}

/// Bytes of a folder, a file with several names in it once.
pub fn size_of(folder: &Path) -> u64 {
    let mut files = HashMap::new();
    count_links(folder, &mut files);
    files.values().map(|file| file.size).sum()
}

struct Linked {
    size: u64,
    links: u64,
    found: u64,
}

fn count_links(folder: &Path, files: &mut HashMap<(u64, u64), Linked>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(found) = entry.metadata() else { continue };
        if found.is_dir() {
            count_links(&entry.path(), files);
        } else {
            let file = files.entry((found.dev(), found.ino())).or_insert(Linked {
                size: found.len(),
                links: found.nlink(),
                found: 0,
            });
            file.found += 1;
        }
    }
}

/// Bytes of what lies hidden in the folders of a workspace: what killed runs have left, mostly.
fn size_of_hidden(workspace: &Workspace) -> u64 {
    let folders = [
        workspace.releases(),
        workspace.raw(),
        workspace.staged(),
        workspace.root().to_owned(),
    ];
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size_of(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn releases(current: usize) -> Releases {
        let names: Vec<String> = (1..=6).map(|day| format!("202601{day:02}T000000-0001")).collect();
        Releases {
            current: Some(names[current].clone()),
            names,
        }
    }

    fn days(old: &[String]) -> Vec<&str> {
        old.iter().map(|name| &name[6..8]).collect()
    }

    fn rules(simpan: usize, simpan_hari: Option<u32>, tahan: &[&str]) -> RilisConfig {
        RilisConfig {
            simpan,
            simpan_hari,
            tahan: tahan.iter().map(|name| (*name).to_owned()).collect(),
            ..RilisConfig::default()
        }
    }

    #[test]
    fn a_release_goes_only_where_nothing_keeps_it() {
        let now = "2026-01-07T00:00:00Z".parse().unwrap();
        let old = |current, rules: &RilisConfig| old_releases(&releases(current), rules, now);
        assert_eq!(days(&old(5, &rules(3, None, &[]))), ["01", "02", "03"]);
        assert_eq!(
            days(&old(5, &rules(0, None, &[]))),
            ["01", "02", "03", "04"],
            "the current one and that before stay"
        );
        assert_eq!(
            days(&old(5, &rules(3, Some(5), &[]))),
            ["01"],
            "young ones stay, however many"
        );
        assert_eq!(
            days(&old(5, &rules(5, Some(1), &[]))),
            ["01"],
            "the newest stay, however old"
        );
        assert_eq!(days(&old(5, &rules(3, None, &["20260102"]))), ["01", "03"]);
        assert_eq!(
            days(&old(2, &rules(1, None, &[]))),
            ["01", "04", "05"],
            "after a rollback"
        );
        assert!(old(5, &rules(30, None, &[])).is_empty());
    }

    #[test]
    fn without_a_current_release_nothing_goes() {
        let none = Releases {
            current: None,
            ..releases(0)
        };
        assert!(old_releases(&none, &rules(0, None, &[]), Utc::now()).is_empty());
    }

    #[test]
    fn a_file_that_another_folder_shares_is_not_freed() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a"), folder.path().join("b"));
        fs::create_dir_all(&first).unwrap();
        fs::create_dir_all(&second).unwrap();
        fs::write(first.join("shared"), [0; 10]).unwrap();
        fs::hard_link(first.join("shared"), second.join("shared")).unwrap();
        fs::write(first.join("own"), [0; 7]).unwrap();
        assert_eq!(freed(std::slice::from_ref(&first)), 7);
        assert_eq!(freed(&[first, second]), 17);
    }
}
