//! What counts as a file under a path, and what waits in the inbox.

use super::LakeError;
use crate::files::failed;
use crate::pipeline::Pipelines;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A file, and the part of its path that tells it apart: relative to what was named.
pub type Found = (PathBuf, String);

/// The folder of the inbox that holds what was refused.
pub const REFUSED: &str = "ditolak";

/// The end of the name of the text that says why.
pub const REASON: &str = ".alasan.txt";

/// Endings of transfers and downloads that are under way, and of editors' own files.
const UNFINISHED: [&str; 9] = [
    ".tmp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".opdownload",
    ".download",
    ".swp",
    ".swx",
];

/// All files under the paths that were named, in order, with the part that tells them apart.
/// Hidden files, temporary files of spreadsheets and of transfers are no files.
///
/// # Errors
/// [`LakeError`] where a path does not exist or cannot be read.
pub fn pieces_of_path(paths: &[PathBuf]) -> Result<Vec<Found>, LakeError> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, path, &mut found)?;
        } else if path.is_file() {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            found.push((path.clone(), name));
        } else {
            return Err(LakeError::NotThere { path: path.clone() });
        }
    }
    found.sort_by(|left, right| left.1.cmp(&right.1));
    found.dedup_by(|left, right| left.0 == right.0);
    Ok(found)
}

/// The same files, each told apart by the folder of its district, too, where that is not below what was named: `raw/3504` itself
/// may be named, or a file in it. Lists have the same names in every district, and would replace each other.
pub fn with_district(found: Vec<Found>, pipelines: &Pipelines) -> Vec<Found> {
    let tells = |name: &str| !pipelines.district_of(name).is_empty();
    let told = found.into_iter().map(|(path, relative)| {
        let below = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
        let around = folders_around(&path).into_iter().rev().find(|name| tells(name));
        // Also a file whose own name tells: parts of one delivery stay in one folder.
        let relative = match around {
            Some(folder) if !tells(below) => format!("{folder}/{relative}"),
            _ => relative,
        };
        (path, relative)
    });
    told.collect()
}

/// The folders that a path goes through, the outermost first; links stay as they are named.
fn folders_around(path: &Path) -> Vec<String> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut names = Vec::new();
    for part in whole.components() {
        match part {
            Component::Normal(name) => names.push(name.to_string_lossy().into_owned()),
            Component::ParentDir => {
                names.pop();
            }
            _ => {}
        }
    }
    names.pop();
    names
}

/// What waits in the inbox, without what was refused.
///
/// # Errors
/// [`LakeError`] where it cannot be read.
pub fn inbox_files(workspace: &Workspace) -> Result<Vec<Found>, LakeError> {
    let mut found = pieces_of_path(&[workspace.inbox()])?;
    let refused = workspace.inbox().join(REFUSED);
    found.retain(|(path, _)| !path.starts_with(&refused));
    Ok(found)
}

/// Names of the files that were refused and wait for a person.
///
/// # Errors
/// [`LakeError`] where the folder cannot be read.
pub fn refused_files(workspace: &Workspace) -> Result<Vec<String>, LakeError> {
    let folder = workspace.inbox().join(REFUSED);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let found = pieces_of_path(&[folder])?.into_iter().map(|(_, name)| name);
    Ok(found.filter(|name| !name.ends_with(REASON)).collect())
}

/// Is it hidden, a file of a transfer that is under way, or one that a spreadsheet or a file manager keeps for itself?
fn is_unfinished(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || lower == "thumbs.db"
        || lower == "desktop.ini"
        || UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Found>) -> Result<(), LakeError> {
    for entry in fs::read_dir(folder).map_err(failed("read folder", folder))? {
        let entry = entry.map_err(failed("read folder", folder))?;
        let path = entry.path();
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        if is_unfinished(&entry.file_name().to_string_lossy()) {
            continue;
        }
        if is_link && path.is_dir() {
            // A link may lead anywhere, also back into the lake.
            continue;
        }
        if path.is_dir() {
            // A workspace is no delivery.
            if path.join(".bansos360.json").exists() {
                continue;
            }
            walk(root, &path, found)?;
        } else if path.is_file() {
            let relative = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            found.push((path, relative));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_around_a_file_is_the_one_that_it_lies_in() {
        assert_eq!(folders_around(Path::new("/raw/3504/../umum/BST.xlsx")), ["raw", "umum"]);
        assert_eq!(folders_around(Path::new("/raw/./3504/BST.xlsx")), ["raw", "3504"]);
        assert!(folders_around(Path::new("/BST.xlsx")).is_empty());
    }

    #[test]
    fn all_files_of_a_named_folder_of_a_district_stay_in_one_folder() {
        let bundle = crate::bundle::Bundle::load(None).unwrap();
        let reference = crate::reference::Reference::load(&bundle).unwrap();
        let pipelines = Pipelines::load(&bundle, &reference).unwrap();
        let found = || {
            let files = ["raw/3504/3504-A RT.csv", "raw/3504/B RT.csv"];
            let names = ["3504-A RT.csv", "B RT.csv"];
            files
                .iter()
                .map(PathBuf::from)
                .zip(names.map(str::to_owned))
                .collect::<Vec<Found>>()
        };
        let told = |pipelines: &Pipelines| -> Vec<String> {
            let told = with_district(found(), pipelines).into_iter();
            told.map(|(_, relative)| relative).collect()
        };
        assert_eq!(told(&pipelines), ["3504-A RT.csv", "B RT.csv"], "one district");
        let several = pipelines.of_districts(&["3503".to_owned(), "3504".to_owned()]);
        assert_eq!(told(&several), ["3504/3504-A RT.csv", "3504/B RT.csv"]);
        let whole = vec![(PathBuf::from("raw/3504/x/B.csv"), "3504/x/B.csv".to_owned())];
        assert_eq!(with_district(whole.clone(), &several), whole);
    }

    #[test]
    fn what_is_under_way_is_no_file() {
        for name in [
            "PKH.xlsx.filepart",
            "PKH.xlsx.part",
            "PKH.XLSX.TMP",
            "PKH.xlsx.crdownload",
            ".PKH.xlsx.swp",
            "~$PKH.xlsx",
            ".~lock.PKH.xlsx#",
            "PKH.xlsx.download",
            "PKH.zip.partial",
            "Thumbs.db",
        ] {
            assert!(is_unfinished(name), "{name}");
        }
        for name in ["PKH.xlsx", "part.csv", "3503-MEI 2018.zip", "template.xlsx"] {
            assert!(!is_unfinished(name), "{name}");
        }
    }
}
