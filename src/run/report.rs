//! Writes the quality report of a release that has been built: `kualitas.json` for programs, `kualitas.html` for people.

use super::RunError;
use super::record::RunRecord;
use crate::config::Config;
use crate::files::write_atomic;
use crate::laporan::{SourceFacts, collect, page, previous_quality};
use crate::mart::Katalog;
use crate::warehouse::ReleaseReader;
use crate::workspace::Workspace;
use std::path::Path;

/// Writes the report into the release's folder, compared with the release that readers open now.
pub fn write(
    workspace: &Workspace,
    config: &Config,
    folder: &Path,
    katalog: &Katalog,
    record: &RunRecord,
) -> Result<(), RunError> {
    let before = workspace
        .current_release()
        .and_then(|release| previous_quality(&release));
    let reader = ReleaseReader::open(folder, workspace.root(), config)?;
    let facts = SourceFacts {
        run_id: &katalog.run_id,
        waktu: &katalog.waktu,
        zona_waktu: config.run.zona_waktu,
        periode_terakhir: katalog.periode_terakhir.as_deref(),
        berkas: &record.berkas,
        temuan: &record.temuan,
        baris: &record.baris,
    };
    let quality = collect(&reader, &facts, before.as_ref())?;
    drop(reader);
    let mut json = serde_json::to_string_pretty(&quality).unwrap_or_default();
    json.push('\n');
    write_atomic(&folder.join("kualitas.json"), json.as_bytes())?;
    write_atomic(&folder.join("kualitas.html"), page(&quality).as_bytes())?;
    Ok(())
}
