//! The releases that are there: their order, how they are named on the command line, and whether one is whole.

use super::RunError;
use super::history::is_run_id;
use crate::config::Config;
use crate::files::hash;
use crate::mart::Katalog;
use crate::warehouse::ReleaseReader;
use crate::workspace::Workspace;
use std::fs;
use std::path::Path;

/// The releases of a workspace, the oldest first. Folders that no run has named are not among them.
#[derive(Debug, Clone)]
pub struct Releases {
    /// Ids of the runs that made them.
    pub names: Vec<String>,
    /// The one that readers open.
    pub current: Option<String>,
}

impl Releases {
    /// Looks at the folder of releases.
    pub fn read(workspace: &Workspace) -> Self {
        let entries = fs::read_dir(workspace.releases()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_run_id(name))
            .collect();
        names.sort();
        let current = workspace
            .current_release()
            .and_then(|release| Some(release.file_name()?.to_string_lossy().into_owned()));
        Self { names, current }
    }

    /// The newest release that is older than this one.
    pub fn before(&self, run_id: &str) -> Option<&str> {
        let older = self.names.iter().rev().find(|name| name.as_str() < run_id);
        older.map(String::as_str)
    }

    /// The release before the current one.
    pub fn previous(&self) -> Option<&str> {
        self.before(self.current.as_deref()?)
    }

    /// The release that is meant: `current`, `previous`, an id, or the beginning of one that only one release has.
    ///
    /// # Errors
    /// [`RunError::Usage`] where none or several are meant.
    pub fn named(&self, typed: &str) -> Result<&str, RunError> {
        let missing = |what: &str| RunError::Usage(format!("there is no {what} release; `release list` shows all"));
        match typed {
            "current" => self.current.as_deref().ok_or_else(|| missing("current")),
            "previous" => self.previous().ok_or_else(|| missing("earlier")),
            _ => only_one(&self.names, typed, "release", "release list"),
        }
    }
}

/// The one name that is typed, or that begins with what is typed.
pub(super) fn only_one<'n>(names: &'n [String], typed: &str, what: &str, list: &str) -> Result<&'n str, RunError> {
    if let Some(name) = names.iter().find(|name| *name == typed) {
        return Ok(name);
    }
    let fitting: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !typed.is_empty() && name.starts_with(typed))
        .collect();
    match fitting[..] {
        [name] => Ok(name),
        [] => Err(RunError::Usage(format!(
            "there is no {what} `{typed}`; `bansos360 {list}` shows all"
        ))),
        _ => {
            let some: Vec<&str> = fitting.iter().rev().take(5).copied().collect();
            Err(RunError::Usage(format!(
                "`{typed}` begins {} {what}s; write more of the one that you mean: {}",
                fitting.len(),
                some.join(", ")
            )))
        }
    }
}

/// The catalogue of a release.
///
/// # Errors
/// [`RunError::BrokenRelease`] where it cannot be read.
pub fn katalog_of(workspace: &Workspace, run_id: &str) -> Result<Katalog, RunError> {
    let path = workspace.releases().join(run_id).join("katalog.json");
    let broken = |problem: String| broken(run_id, problem);
    let text = fs::read_to_string(path).map_err(|error| broken(format!("`katalog.json` cannot be read: {error}")))?;
    serde_json::from_str(&text).map_err(|error| broken(format!("`katalog.json` cannot be read: {error}")))
}

/// Looks whether a release is whole: its catalogue, every mart with the size and hash that stand there, and a warehouse that opens.
///
/// # Errors
/// [`RunError::BrokenRelease`] with the first thing that is wrong.
pub fn check_whole(workspace: &Workspace, config: &Config, run_id: &str) -> Result<Katalog, RunError> {
    let folder = workspace.releases().join(run_id);
    let katalog = katalog_of(workspace, run_id)?;
    if katalog.run_id != run_id {
        return Err(broken(run_id, format!("its catalogue is that of `{}`", katalog.run_id)));
    }
    for mart in &katalog.mart {
        check_mart(&folder, &mart.berkas, mart.ukuran, &mart.sha256).map_err(|problem| broken(run_id, problem))?;
    }
    let opened = ReleaseReader::open(&folder, workspace.root(), config);
    let asked = opened.and_then(|reader| reader.rows("count the files", "SELECT count(*) AS n FROM sumber_berkas"));
    asked.map_err(|error| broken(run_id, format!("its warehouse cannot be opened: {error}")))?;
    Ok(katalog)
}

fn check_mart(folder: &Path, file: &str, size: u64, sha256: &str) -> Result<(), String> {
    let path = folder.join(file);
    let found = fs::metadata(&path).map_err(|error| format!("`{file}` cannot be read: {error}"))?;
    if found.len() != size {
        return Err(format!("`{file}` has {} bytes, its catalogue says {size}", found.len()));
    }
    match hash(&path) {
        Ok(found) if found == sha256 => Ok(()),
        Ok(_) => Err(format!("`{file}` has other content than its catalogue says")),
        Err(error) => Err(error.to_string()),
    }
}

fn broken(run_id: &str, problem: String) -> RunError {
    RunError::BrokenRelease {
        run: run_id.to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Releases {
        let names = ["20260101T000000-0001", "20260102T000000-0001", "20260102T000000-0002"];
        Releases {
            names: names.map(str::to_owned).to_vec(),
            current: Some("20260102T000000-0001".to_owned()),
        }
    }

    #[test]
    fn a_release_is_named_by_its_beginning_or_its_place() {
        let releases = three();
        assert_eq!(releases.named("20260101").unwrap(), "20260101T000000-0001");
        assert_eq!(releases.named("current").unwrap(), "20260102T000000-0001");
        assert_eq!(releases.named("previous").unwrap(), "20260101T000000-0001");
        assert_eq!(releases.named("20260102T000000-0002").unwrap(), "20260102T000000-0002");
    }

    #[test]
    fn what_names_none_or_several_is_refused() {
        let message = three().named("20260102").unwrap_err().to_string();
        assert!(message.contains("20260102T000000-0002"), "{message}");
        assert!(three().named("2025").is_err() && three().named("").is_err());
        let alone = Releases {
            current: Some("20260101T000000-0001".to_owned()),
            ..three()
        };
        assert!(alone.named("previous").is_err());
    }
}
