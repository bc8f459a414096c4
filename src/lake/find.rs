//! A stored file by what a person types: the beginning of its hash, with a member's number, or its name.

use super::LakeError;
use super::catalogue::Catalogue;
use super::entry::Entry;

/// Fewer digits of a hash are no name.
const MIN_DIGITS: usize = 4;

impl Catalogue {
    /// The file that is meant, and the index of the member where one is named (`3f9a12c0aabb-2`).
    ///
    /// A whole name goes before the beginning of a hash, and that before the beginning of a name.
    ///
    /// # Errors
    /// [`LakeError`] where none or several are named so.
    pub fn find(&self, typed: &str) -> Result<(&Entry, Option<usize>), LakeError> {
        let lower = typed.to_lowercase();
        if let Some(entry) = self.one(typed, |entry| entry.nama == typed)? {
            return Ok((entry, None));
        }
        let (digits, member) = match lower.split_once('-') {
            Some((digits, member)) => (digits, Some(member)),
            None => (lower.as_str(), None),
        };
        if digits.len() >= MIN_DIGITS
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
            && let Some(entry) = self.one(typed, |entry| entry.sha256.starts_with(digits))?
        {
            let index = match member {
                None => None,
                Some(member) => {
                    Some(member_of(entry, member).ok_or_else(|| LakeError::NoEntry { name: typed.to_owned() })?)
                }
            };
            return Ok((entry, index));
        }
        let by_name = self.one(typed, |entry| {
            !lower.is_empty() && entry.nama.to_lowercase().starts_with(&lower)
        })?;
        by_name
            .map(|entry| (entry, None))
            .ok_or_else(|| LakeError::NoEntry { name: typed.to_owned() })
    }

    fn one(&self, typed: &str, fits: impl Fn(&Entry) -> bool) -> Result<Option<&Entry>, LakeError> {
        let found: Vec<&Entry> = self.entries.iter().filter(|entry| fits(entry)).collect();
        match found.as_slice() {
            [] => Ok(None),
            [entry] => Ok(Some(entry)),
            several => Err(LakeError::Ambiguous {
                name: typed.to_owned(),
                candidates: several
                    .iter()
                    .map(|entry| {
                        format!(
                            "{} (`{}`, {} {})",
                            entry.short_id(),
                            entry.nama,
                            entry.sumber,
                            entry.periode
                        )
                    })
                    .collect(),
            }),
        }
    }
}

fn member_of(entry: &Entry, member: &str) -> Option<usize> {
    let index = member.parse().ok()?;
    entry
        .bagian
        .iter()
        .any(|piece| piece.indeks == Some(index))
        .then_some(index)
}
