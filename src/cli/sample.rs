//! `bansos360 sample`.

use super::Ended;
use super::args::SampleArgs;
use super::output::Output;
use crate::run::RunError;
use crate::sample::{SampleOptions, generate};

/// Writes sample data and says what was written.
pub fn sample(args: &SampleArgs, output: Output) -> Ended {
    let options = SampleOptions {
        rumah_tangga: args.rumah_tangga,
        seed: args.seed,
        out: args.out.clone(),
        banyak_kabupaten: args.kabupaten,
        ..SampleOptions::default()
    };
    let report = generate(&options).map_err(|error| RunError::Usage(error.to_string()))?;
    if output.is_json() {
        output.json(&serde_json::json!({
            "out": args.out, "files": report.files, "rows": report.rows, "faults": report.faults,
        }));
    } else {
        output.result(&format!(
            "{} files with {} rows and {} planted faults in `{}`; the truth beside them in `{}`",
            report.files,
            report.rows,
            report.faults,
            args.out.join("raw").display(),
            args.out.join("truth").display()
        ));
        if args.kabupaten.is_some() {
            output.result(&format!(
                "Before the first run, copy `{}` and `{}` into the workspace",
                args.out.join("bansos360.toml").display(),
                args.out.join("reference").display()
            ));
        }
    }
    Ok(0)
}
