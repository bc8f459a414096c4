//! What people decide about stored files: `lake/putusan.jsonl`, one line a decision, only ever added to.
//!
//! The folder of an entry never changes, so what is said of it later stands beside the lake. One file for all entries keeps the
//! order of the decisions, and outlives an entry that was purged.

use super::LakeError;
use super::entry::{Entry, Piece};
use crate::files::{failed, write_atomic};
use crate::workspace::Workspace;
use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A decision about a stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When, UTC, to the microsecond.
    pub waktu: String,
    /// The user who typed it.
    pub siapa: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Index of the member that is meant; the whole file where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indeks: Option<usize>,
    /// What was decided.
    #[serde(flatten)]
    pub putusan: Ruling,
    /// Why.
    pub alasan: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "putusan", rename_all = "snake_case")]
pub enum Ruling {
    /// It counts no more.
    Tarik,
    /// It counts again.
    BatalTarik,
    /// It is of another source, periode or stage than was told.
    Tetapkan {
        /// What it was taken for before, in words.
        dari: String,
        /// Its source folder from now on.
        sumber: String,
        /// Its periode folder from now on.
        periode: String,
        /// Its pieces from now on.
        bagian: Vec<Piece>,
    },
    /// It is what it was recognised as.
    BatalTetapkan,
    /// Another file stands in its place.
    Ganti {
        /// SHA-256 of the other file.
        oleh: String,
    },
    /// Nothing stands in its place by hand.
    BatalGanti,
    /// Its bytes are gone for good; what remains is this line.
    Hapus {
        /// Its name.
        nama: String,
        /// Its source folder.
        sumber: String,
        /// Its periode folder.
        periode: String,
        /// When it came, UTC.
        waktu_masuk: String,
        /// Its bytes.
        ukuran: u64,
        /// Rows that were read from it, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        baris: Option<u64>,
    },
    /// The same bytes may be brought again.
    BatalHapus,
    /// Rows of persons were emptied in its bytes.
    Kosongkan {
        /// SHA-256 of its bytes from now on; the file is known by the hash of those that came.
        sha256_kini: String,
        /// Their number.
        ukuran_kini: u64,
        /// Rows that were emptied.
        baris: usize,
    },
}

/// What decisions are about; a later one takes the place of an earlier one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// Taken out.
    Retract,
    /// Said to be something else.
    Assign,
    /// Another in its place.
    Replace,
    /// Gone.
    Purge,
    /// Emptied in part.
    Empty,
}

impl Ruling {
    /// What it is about.
    pub fn kind(&self) -> DecisionKind {
        match self {
            Self::Tarik | Self::BatalTarik => DecisionKind::Retract,
            Self::Tetapkan { .. } | Self::BatalTetapkan => DecisionKind::Assign,
            Self::Ganti { .. } | Self::BatalGanti => DecisionKind::Replace,
            Self::Hapus { .. } | Self::BatalHapus => DecisionKind::Purge,
            Self::Kosongkan { .. } => DecisionKind::Empty,
        }
    }

    fn is_undoing(&self) -> bool {
        matches!(
            self,
            Self::BatalTarik | Self::BatalTetapkan | Self::BatalGanti | Self::BatalHapus
        )
    }
}

impl Decision {
    /// A decision that is taken now by whoever runs this program.
    pub fn new(sha256: &str, indeks: Option<usize>, putusan: Ruling, alasan: &str) -> Self {
        Self {
            waktu: Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true),
            siapa: who(),
            sha256: sha256.to_owned(),
            indeks,
            putusan,
            alasan: alasan.to_owned(),
        }
    }

    /// Is this piece of the file meant?
    pub fn concerns(&self, piece: &Piece) -> bool {
        self.indeks.is_none() || self.indeks == piece.indeks
    }

    /// The day on which it was taken.
    pub fn day(&self) -> &str {
        self.waktu.get(..10).unwrap_or(&self.waktu)
    }
}

pub(super) fn who() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|variable| {
        let name = std::env::var(variable).ok()?;
        (!name.trim().is_empty()).then(|| name.trim().to_owned())
    });
    named.unwrap_or_else(|| "tidak diketahui".to_owned())
}

/// All decisions of a workspace, in the order in which they were taken.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    all: Vec<Decision>,
}

impl Decisions {
    /// Reads the decisions of a workspace; none where the file is not there.
    ///
    /// Keys that are unknown are passed over. A line that is no decision is an error and not passed over: what it took out of the
    /// marts would come back.
    ///
    /// # Errors
    /// [`LakeError`] with the line that cannot be read.
    pub fn read(workspace: &Workspace) -> Result<Self, LakeError> {
        let path = path(workspace);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed("read", &path)(error).into()),
        };
        let mut all = Vec::new();
        for (line, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            all.push(serde_json::from_str(text).map_err(|error| LakeError::BrokenDecision {
                path: path.clone(),
                line: line + 1,
                problem: error.to_string(),
            })?);
        }
        Ok(Self { all })
    }

    /// Takes decisions, all of them or none. Whoever calls this holds the workspace.
    ///
    /// # Errors
    /// [`LakeError`] where they cannot be written.
    pub fn take(&mut self, workspace: &Workspace, new: Vec<Decision>) -> Result<(), LakeError> {
        let mut all = self.all.clone();
        all.extend(new);
        let mut text = String::new();
        for decision in &all {
            text.push_str(&serde_json::to_string(decision).unwrap_or_default());
            text.push('\n');
        }
        write_atomic(&path(workspace), text.as_bytes())?;
        self.all = all;
        Ok(())
    }

    /// Adds decisions without writing them down.
    pub(super) fn hold(&mut self, new: &[Decision]) {
        self.all.extend_from_slice(new);
    }

    /// Every decision about a file, also those that no longer hold.
    pub fn of<'d>(&'d self, sha256: &'d str) -> impl Iterator<Item = &'d Decision> {
        self.all.iter().filter(move |decision| decision.sha256 == sha256)
    }

    /// The decisions about a file that hold now.
    pub fn in_force(&self, sha256: &str) -> Vec<Decision> {
        let mut held: Vec<Decision> = Vec::new();
        for decision in self.of(sha256) {
            held.retain(|earlier| {
                let same_kind = earlier.putusan.kind() == decision.putusan.kind();
                !(same_kind && (decision.indeks.is_none() || decision.indeks == earlier.indeks))
            });
            if !decision.putusan.is_undoing() {
                held.push(decision.clone());
            }
        }
        held
    }

    /// All decisions that hold now.
    pub fn all_in_force(&self) -> Vec<Decision> {
        let mut seen = std::collections::BTreeSet::new();
        let files = self.all.iter().filter(|decision| seen.insert(&decision.sha256));
        files.flat_map(|decision| self.in_force(&decision.sha256)).collect()
    }

    /// The decision that purged these bytes.
    pub fn purged(&self, sha256: &str) -> Option<Decision> {
        let mut held = self.in_force(sha256).into_iter();
        held.find(|decision| matches!(decision.putusan, Ruling::Hapus { .. }))
    }

    /// Was anything decided at this time (UTC, to the second) or later?
    pub fn any_since(&self, time: &str) -> bool {
        let second = |time: &str| time.get(..19).unwrap_or(time).to_owned();
        self.all.iter().any(|decision| second(&decision.waktu) >= second(time))
    }

    /// Puts what was decided into an entry as it was recognised.
    pub fn apply(&self, entry: &mut Entry) {
        entry.putusan = self.in_force(&entry.sha256);
        for decision in &entry.putusan {
            if let Ruling::Tetapkan {
                sumber,
                periode,
                bagian,
                ..
            } = &decision.putusan
            {
                entry.sumber.clone_from(sumber);
                entry.periode.clone_from(periode);
                entry.bagian.clone_from(bagian);
            }
        }
    }
}

/// Where the decisions stand.
fn path(workspace: &Workspace) -> PathBuf {
    workspace.root().join("lake/putusan.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decisions(rulings: Vec<(Option<usize>, Ruling)>) -> Decisions {
        let all = rulings
            .into_iter()
            .map(|(index, ruling)| Decision::new("ab", index, ruling, "r"));
        Decisions { all: all.collect() }
    }

    #[test]
    fn a_later_decision_takes_the_place_of_an_earlier_one_of_its_kind() {
        let replaced = |by: &str| Ruling::Ganti { oleh: by.to_owned() };
        let held = decisions(vec![
            (None, Ruling::Tarik),
            (None, replaced("c")),
            (None, replaced("d")),
            (None, Ruling::BatalTarik),
        ])
        .in_force("ab");
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].putusan, replaced("d"));
    }

    #[test]
    fn a_member_is_decided_by_itself_and_the_whole_file_over_all_of_them() {
        let one = decisions(vec![(Some(1), Ruling::Tarik), (Some(2), Ruling::BatalTarik)]);
        assert_eq!(one.in_force("ab").len(), 1);
        let all = decisions(vec![(Some(1), Ruling::Tarik), (None, Ruling::BatalTarik)]);
        assert!(all.in_force("ab").is_empty());
    }

    #[test]
    fn what_is_written_is_read_again_and_a_broken_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let mut decisions = Decisions::read(&workspace).unwrap();
        let piece = Piece {
            indeks: None,
            anggota: None,
            sumber: "pkh".to_owned(),
            periode: None,
            tahap: Some("3".to_owned()),
            periode_bantuan: None,
        };
        let assigned = Ruling::Tetapkan {
            dari: "bst tahap-3".to_owned(),
            sumber: "pkh".to_owned(),
            periode: "tahap-3".to_owned(),
            bagian: vec![piece],
        };
        decisions
            .take(&workspace, vec![Decision::new("ab", None, assigned.clone(), "r")])
            .unwrap();
        let read = Decisions::read(&workspace).unwrap();
        assert_eq!(read.in_force("ab")[0].putusan, assigned);
        let place = path(&workspace);
        let text = std::fs::read_to_string(&place).unwrap();
        std::fs::write(&place, format!("{text}{{\"putusan\":\"tar")).unwrap();
        let error = Decisions::read(&workspace).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
