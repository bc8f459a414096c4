//! One change of a workspace at a time: an OS lock that dies with its process, and who holds it since when.

use crate::failpoint;
use crate::files::{create_or_open, failed, write_atomic};
use crate::stop;
use crate::workspace::{Workspace, WorkspaceError};
use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process;
use std::thread;
use std::time::{Duration, Instant};

/// How often a waiting process asks for the lock.
const AGAIN: Duration = Duration::from_millis(200);

/// The right to change a workspace; given back when it is dropped or its process dies.
#[derive(Debug)]
pub struct Lock {
    holder: PathBuf,
    /// After `holder` is removed, so that nobody reads who held it before.
    _file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where it stays, its process is gone, and it is not believed.
        let _ = fs::remove_file(&self.holder);
    }
}

/// Who holds a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    /// The run, or the command.
    nama: String,
    /// Since when, UTC.
    sejak: String,
    proses: u32,
    /// Tells a process from a later one of the same number.
    #[serde(default)]
    mulai_proses: Option<u64>,
    #[serde(default)]
    mesin: String,
}

impl Holder {
    fn this_process(name: &str) -> Self {
        Self {
            nama: name.to_owned(),
            sejak: Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
            proses: process::id(),
            mulai_proses: start_of(process::id()),
            mesin: machine(),
        }
    }

    /// Is it still there? Of a process on another machine nobody can tell.
    fn lives(&self) -> bool {
        self.mesin != machine() || !Path::new("/proc/self/stat").exists() || {
            let start = start_of(self.proses);
            start.is_some() && (self.mulai_proses.is_none() || start == self.mulai_proses)
        }
    }

    fn words(&self) -> String {
        let on = if self.mesin.is_empty() {
            String::new()
        } else {
            format!(" on {}", self.mesin)
        };
        format!("{} since {} (process {}{on})", self.nama, self.sejak, self.proses)
    }
}

/// Is it certain that a process is no more?
pub(crate) fn is_gone(process: u32) -> bool {
    Path::new("/proc/self/stat").exists() && start_of(process).is_none()
}

/// When a process was started, in ticks since the machine was; `None` where the system does not say.
fn start_of(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program stands in brackets and may hold anything.
    text.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

fn machine() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| String::new(), |name| name.trim().to_owned())
}

impl Workspace {
    /// Takes the workspace for a change. `name` is what others are told that they wait for: a run's id, a command.
    ///
    /// # Errors
    /// [`WorkspaceError::Locked`] where another process holds it.
    pub fn lock(&self, name: &str) -> Result<Lock, WorkspaceError> {
        self.lock_within(name, Duration::ZERO, &|_| ())
    }

    /// Takes the workspace for a change, and waits for it as long as `wait`. `told` hears once who holds it.
    ///
    /// # Errors
    /// [`WorkspaceError::Locked`] where another process still holds it then, [`WorkspaceError::Stopped`] where the program was asked
    /// to stop while it waited.
    pub fn lock_within(&self, name: &str, wait: Duration, told: &dyn Fn(&str)) -> Result<Lock, WorkspaceError> {
        let path = self.root().join(".kunci");
        let file = create_or_open(&path)?;
        let begun = Instant::now();
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Err(failed("lock", &path)(source).into()),
            }
            stop::check()?;
            let left = wait.saturating_sub(begun.elapsed());
            let holder = self.holder();
            if left.is_zero() {
                return Err(WorkspaceError::Locked {
                    path: self.root().to_owned(),
                    holder,
                });
            }
            if !is_told {
                told(&holder);
                is_told = true;
            }
            thread::sleep(AGAIN.min(left));
        }
        let lock = Lock {
            holder: self.root().join(".pemegang"),
            _file: file,
        };
        failpoint::step("lock.taken");
        lock.rename(name)?;
        failpoint::step("lock.named");
        Ok(lock)
    }

    fn holder(&self) -> String {
        let text = fs::read_to_string(self.root().join(".pemegang")).unwrap_or_default();
        let holder = serde_json::from_str::<Holder>(&text).ok().filter(Holder::lives);
        holder.map_or_else(|| "a run that has just begun".to_owned(), |holder| holder.words())
    }
}

impl Lock {
    /// Says under another name who holds the workspace.
    ///
    /// # Errors
    /// [`WorkspaceError::File`] where that cannot be written.
    pub fn rename(&self, name: &str) -> Result<(), WorkspaceError> {
        let text = serde_json::to_string(&Holder::this_process(name)).unwrap_or_default();
        Ok(write_atomic(&self.holder, text.as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_and_the_holder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let held = workspace.lock("run r1").unwrap();
        let error = workspace.lock("run r2").unwrap_err().to_string();
        assert!(error.contains("run r1 since 2"), "{error}");
        drop(held);
        assert!(workspace.lock("run r2").is_ok());
    }

    #[test]
    fn a_process_that_is_gone_is_not_named() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let _held = workspace.lock("run r1").unwrap();
        for (process, start) in [(u32::MAX - 7, None), (process::id(), Some(1))] {
            let gone = Holder {
                proses: process,
                mulai_proses: start,
                ..Holder::this_process("run r0")
            };
            fs::write(folder.path().join(".pemegang"), serde_json::to_string(&gone).unwrap()).unwrap();
            let error = workspace.lock("run r2").unwrap_err().to_string();
            assert!(!error.contains("r0") && error.contains("just begun"), "{error}");
        }
    }

    #[test]
    fn who_waits_is_told_once_and_gets_it() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let held = workspace.lock("run r1").unwrap();
        let told = std::sync::Mutex::new(Vec::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(700));
                drop(held);
            });
            let tell = |holder: &str| told.lock().unwrap().push(holder.to_owned());
            assert!(workspace.lock_within("run r2", Duration::from_secs(20), &tell).is_ok());
        });
        let told = told.into_inner().unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("r1"), "{told:?}");
    }
}
