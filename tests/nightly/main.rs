//! What a night watchman relies on, through the binary: exit codes, logs, figures for monitoring, notification, time, formats,
//! rights, and that nothing but the data itself tells of people.

mod exit_codes;
mod formats;
mod privacy;
mod rights;
mod time;
mod watching;

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A recipient list of one invented person.
const LIST: &str = "NO,NAMA,NIK,NO KK\n1,SITI INVENTED,3503114203850001,\n";

/// What a command has printed, and how it ended.
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

fn bansos360(workspace: &Path, arguments: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_bansos360"))
        .env_remove("BANSOS360_LOG")
        .args(arguments)
        .arg("--workspace")
        .arg(workspace)
        .output()
        .unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A workspace in a folder of its own, with an inbox for what comes next.
struct District {
    folder: TempDir,
    root: PathBuf,
}

impl District {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("trenggalek");
        assert_eq!(bansos360(&root, &["init"]).code, 0);
        Self { folder, root }
    }

    /// One with this configuration.
    fn configured(toml: &str) -> Self {
        let district = Self::new();
        fs::write(district.root.join("bansos360.toml"), toml).unwrap();
        district
    }

    fn ask(&self, arguments: &[&str]) -> Ended {
        bansos360(&self.root, arguments)
    }

    /// Puts a file into the inbox.
    fn drop_in(&self, name: &str, text: &str) {
        fs::write(self.root.join("inbox").join(name), text).unwrap();
    }

    /// A run that is expected to end so.
    fn run(&self, code: i32) -> Ended {
        let ended = self.ask(&["run"]);
        assert_eq!(ended.code, code, "{}{}", ended.stdout, ended.stderr);
        ended
    }

    /// A file beside the workspace.
    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Files of `runs/` with this ending, the newest last.
    fn runs(&self, ending: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.root.join("runs")).unwrap();
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().ends_with(ending))
            .collect();
        found.sort();
        found
    }

    /// The record of the latest run.
    fn record(&self) -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(self.runs(".json").last().unwrap()).unwrap()).unwrap()
    }
}

/// All files and folders of a folder, itself among them.
fn tree(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    let mut at = 0;
    while let Some(path) = found.get(at).cloned() {
        at += 1;
        if fs::symlink_metadata(&path).unwrap().is_dir() {
            found.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    found
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}
