//! Erasure of a person: the keyed hash of a NIK in `lake/dihapus.jsonl`, under the workspace's own key.

use super::LakeError;
use crate::files::{failed, hex, write_atomic};
use crate::stage::{Erased, Hmac};
use crate::workspace::Workspace;
use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

/// A person whose rows are left out from a moment on, or again let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// When, UTC.
    pub waktu: String,
    /// The user who typed it.
    pub siapa: String,
    /// HMAC-SHA256 of the NIK under the workspace's key, as hex.
    pub sidik: String,
    /// Which key: the beginning of its SHA-256.
    pub kunci: String,
    /// Was it undone?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub batal: bool,
    /// Why.
    pub alasan: String,
}

/// The erasures of a workspace, with its key.
#[derive(Debug, Clone)]
pub struct Erasures {
    all: Vec<Erasure>,
    key: Option<Vec<u8>>,
}

impl Erasures {
    /// Reads the erasures of a workspace, and its key where there is one.
    ///
    /// # Errors
    /// [`LakeError`] where a line or the key cannot be read, or the key is not that of the lines: rows of erased persons would
    /// come back.
    pub fn read(workspace: &Workspace) -> Result<Self, LakeError> {
        let all = read_lines(workspace)?;
        let place = key_path(workspace);
        let key = match fs::read_to_string(&place) {
            Ok(text) => Some(text.trim().as_bytes().to_vec()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed("read", &place)(error).into()),
        };
        let id = key.as_deref().map(key_id);
        if all.iter().any(|erasure| Some(&erasure.kunci) != id.as_ref()) {
            return Err(LakeError::WrongKey { path: place });
        }
        Ok(Self { all, key })
    }

    /// The persons whose rows are left out.
    pub fn persons(&self) -> Erased {
        let mut persons = BTreeSet::new();
        for erasure in &self.all {
            let Some(code) = read_hex(&erasure.sidik) else { continue };
            if erasure.batal {
                persons.remove(&code);
            } else {
                persons.insert(code);
            }
        }
        Erased::new(Hmac::new(self.key.as_deref().unwrap_or_default()), persons)
    }

    /// Was anybody erased at this time (UTC, to the second) or later?
    pub fn any_since(&self, time: &str) -> bool {
        let second = |time: &str| time.get(..19).unwrap_or(time).to_owned();
        self.all.iter().any(|erasure| second(&erasure.waktu) >= second(time))
    }

    /// These persons alone, whether they are erased already or not. Makes the workspace's key where there is none.
    ///
    /// # Errors
    /// [`LakeError`] where the key cannot be made.
    pub fn only(&mut self, workspace: &Workspace, numbers: &[String]) -> Result<Erased, LakeError> {
        let hmac = Hmac::new(self.key(workspace)?);
        let persons = numbers.iter().map(|number| hmac.of(number.as_bytes())).collect();
        Ok(Erased::new(hmac, persons))
    }

    /// These persons alone, to look for them without leaving anything behind: without a key any will do.
    pub fn for_a_look(&self, numbers: &[String]) -> Erased {
        let hmac = Hmac::new(self.key.as_deref().unwrap_or_default());
        let persons = numbers.iter().map(|number| hmac.of(number.as_bytes())).collect();
        Erased::new(hmac, persons)
    }

    /// Writes down that these persons are left out, or no more. Whoever calls this holds the workspace.
    ///
    /// # Errors
    /// [`LakeError`] where it cannot be written.
    pub fn take(&mut self, workspace: &Workspace, persons: &Erased, undo: bool, why: &str) -> Result<(), LakeError> {
        let kunci = key_id(self.key(workspace)?);
        for code in persons.persons() {
            self.all.push(Erasure {
                waktu: Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true),
                siapa: super::decision::who(),
                sidik: hex(code),
                kunci: kunci.clone(),
                batal: undo,
                alasan: why.to_owned(),
            });
        }
        let mut text = String::new();
        for erasure in &self.all {
            text.push_str(&serde_json::to_string(erasure).unwrap_or_default());
            text.push('\n');
        }
        write_atomic(&path(workspace), text.as_bytes())?;
        Ok(())
    }

    /// The workspace's key; the first erasure makes it.
    fn key(&mut self, workspace: &Workspace) -> Result<&[u8], LakeError> {
        if self.key.is_none() {
            let source = PathBuf::from("/dev/urandom");
            let mut random = [0u8; 32];
            File::open(&source)
                .and_then(|mut file| file.read_exact(&mut random))
                .map_err(failed("read", &source))?;
            let text = hex(&random);
            write_atomic(&key_path(workspace), format!("{text}\n").as_bytes())?;
            self.key = Some(text.into_bytes());
        }
        Ok(self.key.as_deref().unwrap_or_default())
    }
}

fn read_lines(workspace: &Workspace) -> Result<Vec<Erasure>, LakeError> {
    let path = path(workspace);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("read", &path)(error).into()),
    };
    let mut all = Vec::new();
    for (line, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let broken = |problem: String| LakeError::BrokenDecision {
            path: path.clone(),
            line: line + 1,
            problem,
        };
        let erasure: Erasure = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if read_hex(&erasure.sidik).is_none() {
            return Err(broken("`sidik` is no code of 64 hex digits".to_owned()));
        }
        all.push(erasure);
    }
    Ok(all)
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.root().join("lake/dihapus.jsonl")
}

fn key_path(workspace: &Workspace) -> PathBuf {
    workspace.root().join(".kunci-hmac")
}

fn key_id(key: &[u8]) -> String {
    hex(&Sha256::digest(key)[..4])
}

fn read_hex(text: &str) -> Option<[u8; 32]> {
    let mut code = [0u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in code.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_stays_erased_until_that_is_undone_and_a_lost_key_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::init(folder.path()).unwrap();
        let mut erasures = Erasures::read(&workspace).unwrap();
        let number = "3503114203850001".to_owned();
        let persons = erasures.only(&workspace, std::slice::from_ref(&number)).unwrap();
        erasures.take(&workspace, &persons, false, "permintaan").unwrap();
        let mut again = Erasures::read(&workspace).unwrap();
        assert!(again.persons().is_in_text(&number));
        let text = fs::read_to_string(path(&workspace)).unwrap();
        assert!(!text.contains(&number));
        again.take(&workspace, &persons, true, "salah orang").unwrap();
        assert!(Erasures::read(&workspace).unwrap().persons().is_empty());
        fs::remove_file(key_path(&workspace)).unwrap();
        assert!(matches!(Erasures::read(&workspace), Err(LakeError::WrongKey { .. })));
    }
}
