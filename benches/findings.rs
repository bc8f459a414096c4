//! What findings cost a run: `cargo bench --bench findings`, or `-- DIR` for other raw files than the committed sample.
//!
//! Runs take turns, with findings and without, each in a process of its own on a fresh workspace, and the user CPU of each is
//! taken. Without findings no rule of the reading looks or notes, the models of `sql/temuan` do not run, and what reads
//! findings afterwards (tests, report) finds none. `BENCH_RUNS` says how many of each (5); the least of each counts, since
//! other work on the machine only adds. Ends with an error where findings add more than 20 % (issue 3).
#![allow(missing_docs, clippy::print_stdout, reason = "a bench prints what it has measured")]

use bansos360::run::{ArrivalRecord, Progress, Project, RunOptions, RunRecord, run};
use bansos360::warehouse::Materialized;
use bansos360::workspace::Workspace;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The share of a run without findings that they may add.
const BUDGET: f64 = 0.20;
/// Set for the process that is measured: `with` or `without`.
const TURN: &str = "BENCH_FINDINGS_TURN";

fn main() -> Result<(), Box<dyn Error>> {
    let sample = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let sample = sample.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/raw"),
        PathBuf::from,
    );
    match std::env::var(TURN) {
        Ok(turn) => measured_run(&sample, turn == "with"),
        Err(_) => take_turns(&sample),
    }
}

fn take_turns(sample: &Path) -> Result<(), Box<dyn Error>> {
    let runs = std::env::var("BENCH_RUNS")
        .map_or(Ok(5), |runs| runs.parse::<u32>())?
        .max(1);
    let mut least = [Turn::default(), Turn::default()];
    println!("{:>10} {:>12} {:>10}", "", "user CPU (s)", "findings");
    for _ in 0..runs {
        for (least, turn) in least.iter_mut().zip(["without", "with"]) {
            let measured = in_own_process(sample, turn)?;
            println!("{turn:>10} {:>12.2} {:>10}", measured.cpu, measured.findings);
            if least.cpu == 0.0 || measured.cpu < least.cpu {
                *least = measured;
            }
        }
    }
    let [without, with] = least;
    let added = with.cpu / without.cpu - 1.0;
    println!(
        "least: {:.2} s without, {:.2} s with: findings add {:.1} % (budget {:.0} %)",
        without.cpu,
        with.cpu,
        added * 100.0,
        BUDGET * 100.0
    );
    if with.findings <= without.findings {
        return Err("the run without findings has as many of them".into());
    }
    if added > BUDGET {
        return Err(format!("findings add {:.1} %, more than {:.0} %", added * 100.0, BUDGET * 100.0).into());
    }
    Ok(())
}

/// What one run took.
#[derive(Debug, Clone, Copy, Default)]
struct Turn {
    /// Seconds of user CPU.
    cpu: f64,
    /// Rows that findings stand for.
    findings: i64,
}

fn in_own_process(sample: &Path, turn: &str) -> Result<Turn, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .arg(sample)
        .env(TURN, turn)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace();
    match (numbers.next(), numbers.next(), output.status.success()) {
        (Some(cpu), Some(findings), true) => Ok(Turn {
            cpu: cpu.parse()?,
            findings: findings.parse()?,
        }),
        _ => Err(format!("a run has failed: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// One run on a fresh workspace; prints its user CPU and how many findings it has.
fn measured_run(sample: &Path, with_findings: bool) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let workspace = Workspace::init(folder.path())?;
    let mut project = Project::load(Some(workspace.root()))?;
    if !with_findings {
        project.config.temuan.left_out_for_measuring = true;
        let models = &mut project.models.ordered;
        models.retain(|model| model.materialized != Materialized::Temuan);
    }
    let options = RunOptions {
        paths: vec![sample.to_owned()],
        ..RunOptions::default()
    };
    let record: RunRecord = run(&workspace, &project, &options, &Silent)?;
    if record.rilis.is_none() {
        return Err(format!("nothing was published: {:?}", record.sebab).into());
    }
    println!("{} {}", user_seconds()?, record.temuan.values().sum::<i64>());
    Ok(())
}

/// User CPU of this process so far; the kernel counts it in hundredths of a second.
fn user_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program may hold blanks, so the fields are counted from behind it.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = after_name.split_whitespace().nth(11).ok_or("no user time")?.parse()?;
    Ok(ticks / 100.0)
}

struct Silent;

impl Progress for Silent {
    fn step(&self, _: &str, _: Option<u64>) {}
    fn arrived(&self, _: &ArrivalRecord) {}
    fn part(&self, _: &str) {}
}
