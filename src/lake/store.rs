//! Gives what has been staged its name in the lake.

use super::LakeError;
use super::catalogue::Catalogue;
use super::entry::{OTHER, stored_name};
use super::ingest::{Arrival, IngestReport, Ingestion};
use super::look::Prepared;
use super::stage_all::Waiting;
use super::staged::{Staging, remove};
use super::together::Together;
use crate::failpoint;
use crate::files::{make_lasting_folder, rename, write_atomic};
use std::path::Path;

/// Catalogues the deliveries of which no piece was refused.
pub(super) fn store_all(
    group: Vec<Waiting>,
    staging: &Staging<'_>,
    catalogue: &mut Catalogue,
    together: &mut Together,
    report: &mut IngestReport,
) -> Result<(), LakeError> {
    for Waiting { prepared, refusal } in group {
        let outcome = match refusal {
            Some(refusal) => {
                remove(&prepared.folder)?;
                Ingestion::Refused(refusal)
            }
            None => {
                together.note()?;
                store(&prepared, staging, catalogue)?
            }
        };
        report.arrivals.push(Arrival {
            path: prepared.path,
            outcome,
        });
    }
    Ok(())
}

/// Gives a delivery its name in the lake.
fn store(prepared: &Prepared, staging: &Staging<'_>, catalogue: &mut Catalogue) -> Result<Ingestion, LakeError> {
    let mut entry = prepared.entry.clone();
    let is_other = entry.sumber == OTHER;
    if is_other && let Some(known) = catalogue.by_hash(&entry.sha256) {
        remove(&prepared.folder)?;
        return Ok(Ingestion::Known(known.clone()));
    }
    let unknown_before = catalogue.by_hash(&entry.sha256).filter(|known| known.sumber == OTHER);
    let unknown_folder = unknown_before.and_then(|known| known.path.parent()).map(Path::to_owned);
    let raw = staging.workspace.raw();
    let parent = staging.workspace.raw().join(&entry.sumber).join(&entry.periode);
    make_lasting_folder(&parent)?;
    let target = parent.join(entry.sha256.get(..12).unwrap_or(&entry.sha256));
    let text = serde_json::to_string_pretty(&entry).unwrap_or_default();
    write_atomic(&prepared.folder.join("entry.json"), text.as_bytes())?;
    remove(&target)?;
    rename(&prepared.folder, &target)?;
    failpoint::step("lake.named");
    // A pipeline knows now what none knew before: its bytes have moved.
    if let Some(folder) = unknown_folder {
        catalogue.remove(&folder);
        failpoint::step("lake.known_now");
        // A rehearsal leaves the lake as it is.
        if folder.starts_with(&raw) {
            remove(&folder)?;
        }
    }
    entry.path = target.join(stored_name(&entry.nama));
    catalogue.add(entry.clone());
    Ok(if is_other {
        Ingestion::Other(entry)
    } else {
        Ingestion::New(entry)
    })
}
