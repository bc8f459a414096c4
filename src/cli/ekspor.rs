//! `bansos360 temuan ekspor`.

use super::Ended;
use super::args::{EksporArgs, Global};
use super::output::Output;
use super::release::open;
use super::table::plural;
use super::temuan::known;
use crate::files::write_atomic;
use crate::lake::{Catalogue, Corrections};
use crate::laporan::{FindingFilter, export};
use crate::run::RunError;
use crate::telusur::RawLines;

/// Writes the rows of a village that need a look, to be corrected there and sent back.
pub fn ekspor(global: &Global, args: &EksporArgs, output: Output) -> Ended {
    let opened = open(global)?;
    let filter = FindingFilter {
        sumber: args.sumber.clone(),
        kecamatan: args.kecamatan.clone(),
        desa: args.desa.clone(),
        ..FindingFilter::default()
    };
    known(&filter, &opened.reader)?;
    let catalogue = Catalogue::read(&opened.workspace)?;
    let corrections = read_corrections(&catalogue)?;
    let raw = RawLines {
        catalogue: &catalogue,
        pipelines: &opened.project.pipelines,
        models: &opened.project.models,
        corrections: &corrections,
    };
    let written = export(&opened.reader, &filter, &raw)?;
    write_atomic(&args.out, &written.bytes)?;
    if output.is_json() {
        output.json(&serde_json::json!({ "berkas": args.out, "baris": written.rows, "lembar": written.sheets }));
    } else {
        output.result(&format!(
            "{} on {} written to `{}`; put it into the inbox when it is corrected",
            plural(written.rows, "row"),
            plural(written.sheets, "sheet"),
            args.out.display()
        ));
    }
    Ok(0)
}

/// The corrected rows of the lake.
pub fn read_corrections(catalogue: &Catalogue) -> Result<Corrections, RunError> {
    Corrections::read(catalogue)
        .map_err(|(name, error)| RunError::Usage(format!("`{name}` in the lake cannot be read again: {error}")))
}
