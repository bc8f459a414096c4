//! Files that stay where they are and were brought before: size, time and inode stand for their content.

use crate::files::{FileError, write_atomic};
use crate::workspace::Workspace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file that changes twice within this time may keep its time of change on some file systems.
const UNSURE_NANOS: u128 = 2_000_000_000;

/// What tells that a file is the one that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    ukuran: u64,
    diubah: u128,
    inode: (u64, u64),
    /// When it was read.
    dibaca: u128,
    sha256: String,
    /// The pipelines of that time; others may know what these did not.
    pipeline: String,
}

/// The files that were brought by their paths and are still there (`lake/dikenal.json`). It may be deleted at any time:
/// then the files are read and hashed again.
#[derive(Debug, Default)]
pub struct KnownFiles {
    path: PathBuf,
    seen: BTreeMap<String, Seen>,
    changed: bool,
}

impl KnownFiles {
    /// Reads what is known; nothing where the file is missing or broken.
    pub fn read(workspace: &Workspace) -> Self {
        let path = workspace.root().join("lake/dikenal.json");
        let seen = fs::read_to_string(&path)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok());
        Self {
            path,
            seen: seen.unwrap_or_default(),
            changed: false,
        }
    }

    /// The SHA-256 of a file that has not changed since it was read.
    pub fn sha256(&self, path: &Path, pipelines: &str) -> Option<&str> {
        let seen = self.seen.get(&key(path)?)?;
        let now = seen_now(&fs::metadata(path).ok()?)?;
        let is_same = (seen.ukuran, seen.diubah, seen.inode) == (now.ukuran, now.diubah, now.inode);
        let is_sure = seen.diubah + UNSURE_NANOS <= seen.dibaca;
        (is_same && is_sure && seen.pipeline == pipelines).then_some(seen.sha256.as_str())
    }

    /// Remembers a file that has the same state after it was read as before.
    pub fn remember(&mut self, path: &Path, before: &Metadata, sha256: &str, pipelines: &str) {
        let (Some(key), Some(mut seen)) = (key(path), seen_now(before)) else {
            return;
        };
        let after = fs::metadata(path).ok().as_ref().and_then(seen_now);
        let is_same = after
            .is_some_and(|after| (after.ukuran, after.diubah, after.inode) == (seen.ukuran, seen.diubah, seen.inode));
        if !is_same {
            return;
        }
        sha256.clone_into(&mut seen.sha256);
        pipelines.clone_into(&mut seen.pipeline);
        self.seen.insert(key, seen);
        self.changed = true;
    }

    /// Files under these folders that were there when they were brought and are gone; they are forgotten.
    pub fn take_missing(&mut self, folders: &[PathBuf]) -> Vec<(PathBuf, String)> {
        let folders: Vec<String> = folders
            .iter()
            .filter(|path| path.is_dir())
            .filter_map(|path| key(path))
            .collect();
        let is_missing = |path: &String| {
            let is_under = folders.iter().any(|folder| Path::new(path).starts_with(folder));
            is_under && !Path::new(path).exists()
        };
        let missing: Vec<String> = self.seen.keys().filter(|path| is_missing(path)).cloned().collect();
        self.changed |= !missing.is_empty();
        let taken = missing.into_iter().filter_map(|path| self.seen.remove_entry(&path));
        taken.map(|(path, seen)| (PathBuf::from(path), seen.sha256)).collect()
    }

    /// Writes what is known, if it has changed.
    ///
    /// # Errors
    /// [`FileError`] where the system says no.
    pub fn write(&self) -> Result<(), FileError> {
        if !self.changed {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&self.seen).unwrap_or_default();
        write_atomic(&self.path, text.as_bytes())
    }
}

fn key(path: &Path) -> Option<String> {
    Some(path.canonicalize().ok()?.to_str()?.to_owned())
}

fn seen_now(metadata: &Metadata) -> Option<Seen> {
    let nanos = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_nanos());
    #[cfg(unix)]
    let inode = {
        use std::os::unix::fs::MetadataExt;
        (metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    let inode = (0, 0);
    Some(Seen {
        ukuran: metadata.len(),
        diubah: nanos(metadata.modified().ok()?)?,
        inode,
        dibaca: nanos(SystemTime::now())?,
        sha256: String::new(),
        pipeline: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// A file that was last changed an hour ago.
    fn old_file(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("daftar.csv");
        fs::write(&path, text).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_hours(1)).unwrap();
        path
    }

    #[test]
    fn a_file_is_known_until_it_changes_or_the_pipelines_do() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(&folder.path().join("ws")).unwrap();
        let path = old_file(folder.path(), "a");
        let mut known = KnownFiles::read(&workspace);
        known.remember(&path, &fs::metadata(&path).unwrap(), "abc", "p1");
        known.write().unwrap();
        let known = KnownFiles::read(&workspace);
        assert_eq!(known.sha256(&path, "p1"), Some("abc"));
        assert_eq!(known.sha256(&path, "p2"), None);
        fs::write(&path, "b").unwrap();
        assert_eq!(known.sha256(&path, "p1"), None);
    }

    #[test]
    fn a_file_that_has_just_changed_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(&folder.path().join("ws")).unwrap();
        let path = folder.path().join("baru.csv");
        fs::write(&path, "a").unwrap();
        let mut known = KnownFiles::read(&workspace);
        known.remember(&path, &fs::metadata(&path).unwrap(), "abc", "p1");
        assert_eq!(known.sha256(&path, "p1"), None);
    }

    #[test]
    fn a_file_that_is_gone_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(&folder.path().join("ws")).unwrap();
        let path = old_file(folder.path(), "a");
        let mut known = KnownFiles::read(&workspace);
        known.remember(&path, &fs::metadata(&path).unwrap(), "abc", "p1");
        fs::remove_file(&path).unwrap();
        assert_eq!(known.take_missing(&[folder.path().to_owned()]).len(), 1);
        assert!(known.take_missing(&[folder.path().to_owned()]).is_empty());
    }
}
