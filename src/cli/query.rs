//! `bansos360 query`: one SELECT over the current release, as a table, CSV or JSON. Nothing can be written through it.

use super::Ended;
use super::args::Global;
use super::output::Output;
use super::release::open;
use super::release_args::QueryArgs;
use super::table::table;
use crate::files::write_atomic;
use crate::laporan::as_csv;
use crate::run::RunError;
use crate::warehouse::{Materialized, TextRow, WarehouseError};

/// Asks the current release.
pub fn query(global: &Global, args: &QueryArgs, output: Output) -> Ended {
    let sql = one_select(&args.sql).map_err(|problem| RunError::Usage(problem.to_owned()))?;
    let opened = open(global)?;
    for mart in opened.project.models.of(Materialized::Mart) {
        // A release of an older model may lack one: the query says so if it asks for it.
        let _ = opened.reader.attach_mart(&mart.name);
    }
    let headings = headings(&opened, sql)?;
    let limit = if args.csv.is_some() || args.batas == 0 {
        usize::MAX
    } else {
        args.batas
    };
    let bounded = match limit {
        usize::MAX => format!("{sql}\n"),
        limit => format!("SELECT * FROM ({sql}\n) LIMIT {}", limit.saturating_add(1)),
    };
    let mut rows = opened.reader.rows("query", &bounded).map_err(of_user)?;
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    if let Some(path) = &args.csv {
        let names: Vec<&str> = headings.iter().map(String::as_str).collect();
        let cells: Vec<Vec<String>> = rows.iter().map(|row| text(row, "")).collect();
        write_atomic(
            path,
            &as_csv(&names, &cells).map_err(|error| RunError::Usage(error.to_string()))?,
        )?;
        output.say(&format!("{} rows written to `{}`", rows.len(), path.display()));
    } else if output.is_json() {
        output.json(&rows.iter().map(|row| object(&headings, row)).collect::<Vec<_>>());
    } else {
        let names: Vec<&str> = headings.iter().map(String::as_str).collect();
        let cells: Vec<Vec<String>> = rows.iter().map(|row| text(row, "·")).collect();
        output.result(&table(&names, &[], &cells));
    }
    if is_cut {
        output.say(&format!("note: only the first {limit} rows; `--batas 0` prints all"));
    }
    Ok(0)
}

/// One statement that only reads. It is run inside another SELECT, so that anything else is no SQL.
fn one_select(typed: &str) -> Result<&str, &'static str> {
    let sql = typed.trim().trim_end_matches(';').trim_end();
    let first = sql
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| !word.is_empty());
    let reads = first.is_some_and(|word| ["select", "with", "from", "values"].contains(&word.to_lowercase().as_str()));
    if !reads {
        return Err("`query` reads only: begin with SELECT or WITH");
    }
    // Quoted text may hold anything; what is not closed is no SQL.
    let outside = sql.split('\'').step_by(2).flat_map(|part| part.split('"').step_by(2));
    if outside.into_iter().any(|part| part.contains(';')) {
        return Err("`query` takes one statement");
    }
    Ok(sql)
}

fn headings(opened: &super::release::Opened, sql: &str) -> Result<Vec<String>, RunError> {
    let described = opened
        .reader
        .rows("query", &format!("SELECT column_name FROM (DESCRIBE {sql}\n)"));
    let rows = described.map_err(of_user)?;
    Ok(rows
        .into_iter()
        .map(|row| row.into_iter().flatten().next().unwrap_or_default())
        .collect())
}

/// What the engine says of a statement that a person has typed is wrong usage.
fn of_user(error: WarehouseError) -> RunError {
    match error {
        WarehouseError::Engine { said, .. } => RunError::Usage(format!("the engine says: {said}")),
        other => other.into(),
    }
}

fn text(row: &TextRow, empty: &str) -> Vec<String> {
    row.iter()
        .map(|cell| cell.clone().unwrap_or_else(|| empty.to_owned()))
        .collect()
}

fn object(headings: &[String], row: &TextRow) -> serde_json::Value {
    let cells = headings
        .iter()
        .zip(row)
        .map(|(name, cell)| (name.clone(), serde_json::json!(cell)));
    serde_json::Value::Object(cells.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_statement_that_reads() {
        assert_eq!(one_select(" SELECT ';' AS a ; ").unwrap(), "SELECT ';' AS a");
        assert!(one_select("WITH a AS (SELECT 1 AS \"x;y\") SELECT x FROM a").is_ok());
        for wrong in [
            "",
            "DROP TABLE dtks_rt",
            "COPY dtks_rt TO 'x'",
            "SELECT 1; DROP TABLE x",
            "ATTACH 'x'",
        ] {
            assert!(one_select(wrong).is_err(), "{wrong}");
        }
    }
}
