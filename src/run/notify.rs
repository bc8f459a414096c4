//! Tells somebody how a run ended: a command of the workspace's choice gets its record.

use super::record::{Outcome, RunRecord};
use crate::config::{NotifyConfig, Occasion};
use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use thiserror::Error;

/// Somebody could not be told; the run is what it was.
#[derive(Debug, Error)]
pub(super) enum NotifyError {
    #[error("the command of `[notify]` cannot be started, `{program}`: {source}")]
    Start { program: String, source: std::io::Error },
    #[error("the command of `[notify]` cannot be waited for, `{program}`: {source}")]
    Wait { program: String, source: std::io::Error },
    #[error("the command of `[notify]` failed, `{program}`: {status}")]
    Failed { program: String, status: ExitStatus },
    #[error("the command of `[notify]` was ended after {seconds} s (`batas_detik`), `{program}`")]
    TooLong { program: String, seconds: u64 },
}

/// Why somebody is told of this run; `None` where nobody wants to know.
pub(super) fn occasion(config: &NotifyConfig, record: &RunRecord) -> Option<Occasion> {
    let reached = |(level, from): (&crate::temuan::Level, &i64)| {
        record.temuan.get(level.as_str()).is_some_and(|count| count >= from)
    };
    let holds = |occasion: &Occasion| match occasion {
        Occasion::Gagal => record.kode_keluar != 0,
        Occasion::Temuan => record.hasil == Outcome::Published && config.ambang_temuan.iter().any(reached),
        Occasion::Berhasil => record.kode_keluar == 0,
    };
    // The gravest reason is named where several hold.
    let wanted = [Occasion::Gagal, Occasion::Temuan, Occasion::Berhasil];
    let mut wanted = wanted.into_iter().filter(|occasion| config.pada.contains(occasion));
    wanted.find(holds)
}

/// Starts the command, gives it the record on its standard input and waits until it ends or its time is over.
pub(super) fn notify(config: &NotifyConfig, occasion: Occasion, record: &RunRecord) -> Result<(), NotifyError> {
    let Some((program, arguments)) = config.command.split_first() else {
        return Ok(());
    };
    let program = program.clone();
    let mut child = Command::new(&program)
        .args(arguments)
        .env("BANSOS360_PERISTIWA", occasion.as_str())
        .env("BANSOS360_RUN_ID", &record.run_id)
        .env("BANSOS360_HASIL", record.hasil.as_str())
        .env("BANSOS360_KODE", record.kode_keluar.to_string())
        .stdin(Stdio::piped())
        // What it prints is not a result of ours; what it complains of is worth reading.
        .stdout(Stdio::null())
        .spawn()
        .map_err(|source| NotifyError::Start {
            program: program.clone(),
            source,
        })?;
    if let Some(mut stdin) = child.stdin.take() {
        let text = serde_json::to_string(record).unwrap_or_default();
        // In a thread of its own: a command that does not read must not hold the run. One that does not want to read is no failure.
        std::thread::spawn(move || {
            let _ = stdin.write_all(text.as_bytes());
        });
    }
    let end = Instant::now() + Duration::from_secs(config.batas_detik);
    loop {
        let waited = child.try_wait().map_err(|source| NotifyError::Wait {
            program: program.clone(),
            source,
        })?;
        match waited {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(NotifyError::Failed { program, status }),
            None if Instant::now() >= end => {
                let _ = child.kill();
                let _ = child.wait();
                let seconds = config.batas_detik;
                return Err(NotifyError::TooLong { program, seconds });
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
