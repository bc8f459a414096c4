//! `lake purge --nik`: every row of a person goes, from the next run and from the stored files.

use super::super::Ended;
use super::super::output::Output;
use super::args::PurgeArgs;
use super::holding::{Holding, releases_where};
use super::show_text;
use crate::files::failed;
use crate::lake::{Catalogue, Erasures, PersonIn, empty_rows, look_for, reason, remove_staged};
use crate::run::{Project, RunError};
use crate::workspace::Workspace;
use serde::Serialize;
use std::fs;
use std::io::{IsTerminal, Read};
use std::path::Path;

/// Where a person stands, and what went. Who it is stands nowhere.
#[derive(Debug, Serialize)]
pub struct PurgedPerson {
    /// Was it carried out?
    pub dilaksanakan: bool,
    /// How many persons were named.
    pub orang: usize,
    /// Files that name them, and files into which nobody can look.
    pub berkas: Vec<PersonIn>,
    /// Releases that hold them.
    pub rilis: Vec<Holding>,
}

/// Leaves persons out of every next run and empties their rows in the stored files; or says where they stand.
pub fn purge_person(workspace: &Workspace, project: &Project, args: &PurgeArgs, output: Output) -> Ended {
    let why = reason(&args.alasan)?;
    let numbers = numbers(args, output)?;
    let _lock = workspace.lock("lake purge")?;
    let mut erasures = Erasures::read(workspace)?;
    if args.batal {
        let persons = erasures.only(workspace, &numbers)?;
        erasures.take(workspace, &persons, true, &why)?;
        output.result("The person is left out no more; rows that were emptied do not come back by themselves\n");
        return Ok(0);
    }
    let mut catalogue = Catalogue::read(workspace)?;
    let rilis = releases_where(workspace, project, |reader| {
        let rows = reader.rows("look for a person", &holds_person(&numbers))?;
        Ok(rows.iter().flatten().flatten().any(|found| found == "true"))
    })?;
    let berkas = if args.ya {
        let persons = erasures.only(workspace, &numbers)?;
        erasures.take(workspace, &persons, false, &why)?;
        remove_staged(workspace)?;
        let entries = catalogue.entries.clone();
        let mut found = Vec::new();
        for entry in &entries {
            found.push(empty_rows(workspace, &mut catalogue.decisions, entry, &persons, &why)?);
        }
        found.retain(PersonIn::is_told);
        found
    } else {
        look_for(
            &catalogue.entries,
            &erasures.for_a_look(&numbers),
            project.config.threads(),
        )?
    };
    let purged = PurgedPerson {
        dilaksanakan: args.ya,
        orang: numbers.len(),
        berkas,
        rilis,
    };
    if output.is_json() {
        output.json(&purged);
    } else {
        output.result(&show_text::purged_person(&purged));
    }
    Ok(0)
}

/// One row with one value: does the release hold any of these numbers?
fn holds_person(numbers: &[String]) -> String {
    let listed: Vec<String> = numbers.iter().map(|number| format!("'{number}'")).collect();
    let listed = listed.join(", ");
    let mut parts: Vec<String> = ["dtks_art", "bantuan_sosial", "data_disabilitas", "usulan_daerah"]
        .iter()
        .map(|table| format!("EXISTS (SELECT 1 FROM {table} WHERE nik IN ({listed}))"))
        .collect();
    parts.extend(
        ["dtks_art", "bantuan_sosial"]
            .iter()
            .map(|table| format!("EXISTS (SELECT 1 FROM {table} WHERE nik_asal IN ({listed}))")),
    );
    parts.extend(
        numbers
            .iter()
            .map(|number| format!("EXISTS (SELECT 1 FROM karantina WHERE contains(isi, '{number}'))")),
    );
    format!("SELECT {} AS ada", parts.join(" OR "))
}

/// The numbers, from where no shell remembers them.
fn numbers(args: &PurgeArgs, output: Output) -> Result<Vec<String>, RunError> {
    let text = match (&args.nik, &args.nik_file) {
        (Some(typed), _) if typed != "-" => {
            return Err(RunError::Usage(
                "a NIK on the command line stays in the history of the shell; type `--nik -` and give it on stdin, or use `--nik-file`"
                    .to_owned(),
            ));
        }
        (_, Some(path)) => fs::read_to_string(path).map_err(failed("read", path))?,
        _ => from_stdin(output)?,
    };
    let mut numbers = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let digits: String = line
            .chars()
            .filter(|letter| !letter.is_whitespace() && !matches!(letter, '.' | '-' | '\''))
            .collect();
        if digits.len() != 16 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(RunError::Usage(
                "a line is no NIK of 16 digits; give one number a line".to_owned(),
            ));
        }
        numbers.push(digits);
    }
    numbers.sort();
    numbers.dedup();
    if numbers.is_empty() {
        return Err(RunError::Usage("no NIK was given".to_owned()));
    }
    Ok(numbers)
}

fn from_stdin(output: Output) -> Result<String, RunError> {
    let mut stdin = std::io::stdin();
    let mut text = String::new();
    let read = if stdin.is_terminal() {
        output.say("NIK:");
        stdin.read_line(&mut text)
    } else {
        stdin.read_to_string(&mut text)
    };
    read.map_err(failed("read", Path::new("stdin")))?;
    Ok(text)
}
