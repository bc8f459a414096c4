//! The figures of a workspace as `OpenMetrics` text, for the textfile collector of `node_exporter`.
//!
//! All are gauges, which the older Prometheus format reads the same way. They are counts only, so the file may be read by all.

use super::figures::{ReleaseFigures, newest_run};
use super::record::{Outcome, RunRecord};
use crate::files::{FileError, make_folder, write_for_all};
use crate::workspace::Workspace;
use chrono::DateTime;
use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::path::{Path, PathBuf};

/// Writes the figures; a path that is not absolute lies in the workspace.
pub(super) fn write(
    workspace: &Workspace,
    file: &Path,
    record: &RunRecord,
    release: Option<&ReleaseFigures>,
) -> Result<(), FileError> {
    let path = workspace.root().join(file);
    let is_inside = path.starts_with(workspace.root());
    if let Some(folder) = path.parent().filter(|_| is_inside) {
        make_folder(folder)?;
    }
    let is_whole_run = |outcome| !matches!(outcome, Outcome::Ingested | Outcome::RolledBack);
    let success = newest_run(workspace, |run| run.kode_keluar == 0 && is_whole_run(run.hasil));
    let text = text(
        &name(workspace.root()),
        record,
        release,
        success.map(|run| run.selesai).as_deref(),
    );
    write_for_all(&path, text.as_bytes())
}

/// The label of a workspace: two of them on a machine must not have the same series.
fn name(root: &Path) -> String {
    let whole: PathBuf = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    whole.file_name().map_or_else(
        || whole.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

struct Text {
    workspace: String,
    text: String,
}

impl Text {
    /// A metric with its samples: a label and its value (none for the only sample), and the figure.
    fn gauge<V: Display>(&mut self, name: &str, help: &str, samples: &[(Option<(&str, &str)>, V)]) {
        if samples.is_empty() {
            return;
        }
        let _ = write!(
            self.text,
            "# TYPE bansos360_{name} gauge\n# HELP bansos360_{name} {help}\n"
        );
        for (label, value) in samples {
            let more = label.map_or_else(String::new, |(key, word)| format!(",{key}=\"{}\"", escaped(word)));
            let workspace = &self.workspace;
            let _ = writeln!(self.text, "bansos360_{name}{{workspace=\"{workspace}\"{more}}} {value}");
        }
    }

    fn one(&mut self, name: &str, help: &str, value: impl Display) {
        self.gauge(name, help, &[(None, value)]);
    }

    fn by<V: Display + Copy>(&mut self, name: &str, help: &str, label: &str, values: &BTreeMap<String, V>) {
        let samples: Vec<_> = values
            .iter()
            .map(|(word, value)| (Some((label, word.as_str())), *value))
            .collect();
        self.gauge(name, help, &samples);
    }
}

fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Seconds since 1970 of a stored time.
fn seconds(time: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(time).ok().map(|time| time.timestamp())
}

fn text(workspace: &str, record: &RunRecord, release: Option<&ReleaseFigures>, success: Option<&str>) -> String {
    let mut text = Text {
        workspace: escaped(workspace),
        text: String::new(),
    };
    text.gauge(
        "version",
        "Version of the program that ran last, always 1.",
        &[(Some(("version", record.versi.as_str())), 1)],
    );
    of_run(&mut text, record);
    if let Some(success) = success.and_then(seconds) {
        text.one(
            "last_success_timestamp_seconds",
            "When a run last ended with exit code 0.",
            success,
        );
    }
    if let Some(release) = release {
        of_release(&mut text, release);
    }
    text.text.push_str("# EOF\n");
    text.text
}

fn of_run(text: &mut Text, record: &RunRecord) {
    if let Some(end) = seconds(&record.selesai) {
        text.one("last_run_timestamp_seconds", "When the latest run ended.", end);
    }
    text.one(
        "last_run_duration_seconds",
        "How long the latest run took.",
        format!("{:.3}", record.detik),
    );
    text.one(
        "last_run_exit_code",
        "Exit code of the latest run; 0 is good, 3 is published without a refused file.",
        record.kode_keluar,
    );
    let outcomes: Vec<_> = Outcome::ALL
        .iter()
        .map(|outcome| (Some(("outcome", outcome.as_str())), u8::from(*outcome == record.hasil)))
        .collect();
    text.gauge("last_run_outcome", "1 for how the latest run ended.", &outcomes);
    text.by(
        "last_run_step_seconds",
        "Seconds of the steps and models of the latest run.",
        "step",
        &record.langkah,
    );
    let mut files: BTreeMap<String, u64> = ["baru", "sudah_ada", "lain", "ditolak"]
        .map(|result| (result.to_owned(), 0))
        .into();
    for arrival in &record.berkas_masuk {
        *files.entry(arrival.hasil.clone()).or_default() += 1;
    }
    text.by(
        "last_run_files",
        "Files that came with the latest run, by what became of them (ditolak: refused).",
        "result",
        &files,
    );
    text.one(
        "last_run_received_bytes",
        "Bytes of the files that came with the latest run and were not refused.",
        record.byte_masuk,
    );
    text.one(
        "last_run_failed_checks",
        "Checks that kept the release of the latest run back.",
        record.gerbang.len(),
    );
    if let Some(peak) = record.memori_puncak {
        text.one(
            "last_run_peak_memory_bytes",
            "The most memory that the latest run held at once.",
            peak,
        );
    }
}

fn of_release(text: &mut Text, release: &ReleaseFigures) {
    if let Some(made) = seconds(&release.waktu) {
        text.one(
            "release_timestamp_seconds",
            "When the release that readers open was made.",
            made,
        );
    }
    text.by(
        "release_mart_rows",
        "Rows of the marts that readers open.",
        "mart",
        &release.mart,
    );
    text.by(
        "release_findings",
        "Findings of the release that readers open.",
        "level",
        &release.temuan,
    );
    let rows = BTreeMap::from(
        [
            ("dibaca", release.dibaca),
            ("disimpan", release.disimpan),
            ("ganda", release.ganda),
            ("karantina", release.karantina),
            ("dilewati", release.dilewati),
        ]
        .map(|(fate, rows)| (fate.to_owned(), rows)),
    );
    text.by(
        "release_rows",
        "Rows of the files of that release: read (dibaca), and of these kept, merged, quarantined, skipped.",
        "fate",
        &rows,
    );
    text.one(
        "release_files",
        "Files and members that the release is made of.",
        release.berkas,
    );
}
