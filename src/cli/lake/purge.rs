//! `lake purge`: says what would go, and with `--ya` removes it.

use super::super::Ended;
use super::super::output::Output;
use super::args::PurgeArgs;
use super::holding::{Holding, holding};
use super::show_text;
use crate::lake::{
    Catalogue, Decision, Entry, LakeError, Ruling, reason, remove_purged, rows_by_piece, staged_of, tombstone,
};
use crate::run::{Project, RunError};
use crate::workspace::Workspace;
use chrono::{Days, Months, NaiveDate, Utc};
use serde::Serialize;

/// What goes, or would.
#[derive(Debug, Serialize)]
pub struct Purged {
    /// Was it carried out?
    pub dilaksanakan: bool,
    /// The files.
    pub berkas: Vec<PurgedFile>,
    /// Staged folders made from them.
    pub olahan: usize,
    /// Corrected sheets that hold rows of them and stay.
    pub koreksi: Vec<String>,
    /// Releases that hold rows of them.
    pub rilis: Vec<Holding>,
}

/// A file that goes.
#[derive(Debug, Serialize)]
pub struct PurgedFile {
    /// Its id.
    pub id: String,
    /// Its name.
    pub nama: String,
    /// Its source.
    pub sumber: String,
    /// Its periode folder.
    pub periode: String,
    /// When it came, UTC.
    pub waktu_masuk: String,
    /// Rows that were read, where they are known.
    pub baris: Option<u64>,
    /// Bytes.
    pub ukuran: u64,
}

/// Removes stored files, or says what would be removed.
pub fn purge(workspace: &Workspace, project: &Project, args: &PurgeArgs, output: Output) -> Ended {
    let _lock = workspace.lock("lake purge")?;
    let why = reason(&args.alasan)?;
    let catalogue = Catalogue::read(workspace)?;
    if args.batal {
        return allow_again(workspace, catalogue, args, &why, output);
    }
    let entries = meant(&catalogue, project, args)?;
    let rows = rows_by_piece(workspace)?;
    let rows_of = |entry: &Entry| {
        let ids = entry.bagian.iter().map(|piece| entry.piece_id(piece));
        let known: Vec<u64> = ids.filter_map(|id| rows.get(&id).copied()).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    };
    let mut staged = Vec::new();
    for entry in &entries {
        staged.extend(staged_of(workspace, entry.short_id())?);
    }
    staged.sort();
    staged.dedup();
    let hashes: Vec<&str> = entries.iter().map(|entry| entry.sha256.as_str()).collect();
    let purged = Purged {
        dilaksanakan: args.ya && !entries.is_empty(),
        berkas: entries
            .iter()
            .map(|entry| PurgedFile {
                id: entry.short_id().to_owned(),
                nama: entry.nama.clone(),
                sumber: entry.sumber.clone(),
                periode: entry.periode.clone(),
                waktu_masuk: entry.waktu_masuk.clone(),
                baris: rows_of(entry),
                ukuran: entry.ukuran,
            })
            .collect(),
        olahan: staged.len(),
        koreksi: catalogue
            .sheets_with_rows_of(&entries)
            .into_iter()
            .map(|(name, id)| format!("{name} ({id})"))
            .collect(),
        rilis: holding(workspace, project, &hashes)?,
    };
    if purged.dilaksanakan {
        let decisions = entries
            .iter()
            .map(|entry| Decision::new(&entry.sha256, None, tombstone(entry, rows_of(entry)), &why))
            .collect();
        let mut decided = catalogue.decisions.clone();
        // Decided before it is done: a purge that is cut off goes on with the next run.
        decided.take(workspace, decisions)?;
        remove_purged(workspace)?;
    }
    if output.is_json() {
        output.json(&purged);
    } else {
        output.result(&show_text::purged(&purged));
    }
    Ok(0)
}

fn meant<'c>(catalogue: &'c Catalogue, project: &Project, args: &PurgeArgs) -> Result<Vec<&'c Entry>, RunError> {
    if let Some(age) = &args.lebih_tua_dari {
        let day = day_before(age, Utc::now().date_naive())?;
        let day = day.to_string();
        return Ok(catalogue.older_than(&day, args.juga_yang_berlaku, &project.pipelines));
    }
    let mut entries: Vec<&Entry> = Vec::new();
    for typed in &args.entry {
        let (entry, member) = catalogue.find(typed)?;
        if member.is_some() {
            return Err(LakeError::Unfit(format!(
                "`{typed}` is a member of `{}`; a file is purged as a whole, and the office sends it again without that member",
                entry.nama
            ))
            .into());
        }
        if !entries.iter().any(|known| known.sha256 == entry.sha256) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// `5y`, `26w` or `1825d` before today.
fn day_before(age: &str, today: NaiveDate) -> Result<NaiveDate, RunError> {
    let unfit = || {
        RunError::Usage(format!(
            "`--lebih-tua-dari {age}` is no age; write years, weeks or days, as 5y, 26w or 1825d"
        ))
    };
    let age = age.trim().to_lowercase();
    let (number, unit) = age.split_at_checked(age.len().saturating_sub(1)).ok_or_else(unfit)?;
    let number: u32 = number.parse().map_err(|_| unfit())?;
    let day = match unit {
        "y" => number
            .checked_mul(12)
            .and_then(|months| today.checked_sub_months(Months::new(months))),
        "w" => today.checked_sub_days(Days::new(u64::from(number) * 7)),
        "d" => today.checked_sub_days(Days::new(u64::from(number))),
        _ => None,
    };
    day.ok_or_else(unfit)
}

/// The same bytes may be brought again.
fn allow_again(workspace: &Workspace, mut catalogue: Catalogue, args: &PurgeArgs, why: &str, output: Output) -> Ended {
    let mut decisions = Vec::new();
    for typed in &args.entry {
        let purged = catalogue.decisions.find_purged(typed)?;
        decisions.push(Decision::new(&purged.sha256, None, Ruling::BatalHapus, why));
    }
    catalogue.decisions.take(workspace, decisions.clone())?;
    if output.is_json() {
        output.json(&decisions);
    } else {
        output.result("The same bytes may be brought again; what was removed does not come back by itself\n");
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_counted_back_from_today() {
        let today = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        let before = |age: &str| day_before(age, today).map(|day| day.to_string()).ok();
        assert_eq!(before("5y").as_deref(), Some("2019-02-28"));
        assert_eq!(before("10d").as_deref(), Some("2024-02-19"));
        assert_eq!(before("2W").as_deref(), Some("2024-02-15"));
        for wrong in ["", "y", "5", "5 bulan", "-1d", "99999999999y", "é"] {
            assert_eq!(before(wrong), None, "{wrong}");
        }
    }
}
