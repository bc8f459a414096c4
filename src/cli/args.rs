//! What can be typed.

use super::lake::LakeArgs;
use super::release_args::{GcArgs, HistoryArgs, QueryArgs, ReleaseArgs, RollbackArgs};
use crate::run::RunError;
use crate::stop;
use crate::warehouse::Selection;
use crate::workspace::{Workspace, WorkspaceError};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Raw DTKS and beneficiary files in, a clean warehouse and eight data marts out.
#[derive(Debug, Parser)]
#[command(
    name = "bansos360",
    version,
    about,
    after_help = "Examples:\n  bansos360 run --workspace demo sample_data/raw   everything, from raw files to marts\n  \
                  bansos360 status --workspace demo                what the lake holds and what is current\n\n\
                  Exit codes: 0 done, 1 bug or I/O error, 2 wrong usage, 3 a file was refused, 4 checks failed and nothing\n\
                  was published, 5 another run holds the workspace, 124 `--max-runtime` has passed, 130 and 143 stopped by\n\
                  SIGINT and SIGTERM."
)]
pub struct Cli {
    /// For all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// For all commands.
#[derive(Debug, Args)]
pub struct Global {
    /// Folder of the workspace; the current folder where that is one
    #[arg(long, short = 'w', global = true, env = "BANSOS360_WORKSPACE", value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// How results are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write a structured log to stderr
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub log: Option<LogFormat>,
    /// Say nothing but errors on stderr
    #[arg(long, short = 'q', global = true)]
    pub quiet: bool,
}

impl Global {
    /// The workspace that is meant.
    pub fn root(&self) -> PathBuf {
        self.workspace.clone().unwrap_or_else(|| PathBuf::from("."))
    }

    /// The workspace for a command that puts something into it. A folder that was named becomes a workspace; the current
    /// folder does not by itself: personal data would end up where nobody expects it.
    ///
    /// # Errors
    /// Where it cannot be made, or none was named and the current folder is none.
    pub fn make(&self) -> Result<Workspace, WorkspaceError> {
        match &self.workspace {
            Some(root) => Workspace::init(root),
            None => Workspace::open(Path::new(".")),
        }
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For CI (`validate` only): test cases
    Junit,
    /// For CI (`validate` only): annotations of GitHub
    Github,
}

/// Formats for CI are those of one command.
///
/// # Errors
/// [`RunError::Usage`] where another command is asked for one.
pub fn check_format(cli: &Cli) -> Result<(), RunError> {
    let for_ci = matches!(cli.global.format, Format::Junit | Format::Github);
    if for_ci && !matches!(cli.command, Command::Validate(_)) {
        return Err(RunError::Usage(
            "`--format junit` and `--format github` are for `validate`; this command knows `text` and `json`"
                .to_owned(),
        ));
    }
    Ok(())
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For machines
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a workspace: its folders and a commented configuration
    Init(InitArgs),
    /// Bring files into the lake and check them, build nothing
    Ingest(Files),
    /// Do it all: ingest, clean, load, model, check, publish
    Run(RunArgs),
    /// Say what a run would do, and why: files, rows, models; changes nothing
    Plan(Asked),
    /// Look after the stored files: list, show, verify, retract, assign, replace
    Lake(LakeArgs),
    /// Say what the lake holds, what is current, what is waiting
    Status,
    /// List the latest runs, or tell the record of one
    History(HistoryArgs),
    /// Point `current` to an earlier release
    Rollback(RollbackArgs),
    /// Remove old releases and staged files that nothing needs
    Gc(GcArgs),
    /// List releases, look into one, or compare two
    Release(ReleaseArgs),
    /// Ask the current release in SQL; nothing can be written
    Query(QueryArgs),
    /// Check files before they are sent: what each is, how it was understood, what is wrong; writes nothing
    Validate(ValidateArgs),
    /// Print the page of an error code
    Explain(ExplainArgs),
    /// Say what stands in a file, a lake entry, a warehouse table or a mart: types, gaps, repeats, figures, patterns
    Profile(ProfileArgs),
    /// Write fictitious raw files in the real shapes, with the truth that they were made from
    Sample(SampleArgs),
    /// List what needs a look: findings by rule, source and place, as text, CSV or XLSX
    Temuan(TemuanArgs),
    /// Show every line that one row of a mart came from
    Telusur(TelusurArgs),
    /// Print the data dictionary of the marts, or the rules of findings (Markdown, Indonesian)
    Docs(DocsArgs),
    /// Run the data tests on the current release, change nothing
    Test(TestArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// A new workspace.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Bring a workspace that an older version has written to this version's format
    #[arg(long)]
    pub upgrade: bool,
}

/// Files to bring.
#[derive(Debug, Args)]
pub struct Files {
    /// Files and folders (folders are searched through)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Periode of files that do not tell theirs, as 2020-10
    #[arg(long, value_name = "YYYY-MM")]
    pub periode: Option<String>,
    /// Go on although other users can read or change the workspace
    #[arg(long)]
    pub izinkan_terbuka: bool,
    #[command(flatten)]
    pub patience: Patience,
}

/// A run.
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub asked: Asked,
    /// Only say what would be done, and why, as `plan` does
    #[arg(long)]
    pub dry_run: bool,
    /// Write the results of the data tests as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    #[command(flatten)]
    pub patience: Patience,
}

/// What a run, or a rehearsal of it, is asked to do.
#[derive(Debug, Args)]
pub struct Asked {
    /// Files and folders beside the workspace's inbox
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Periode of files that do not tell theirs, as 2020-10
    #[arg(long, value_name = "YYYY-MM")]
    pub periode: Option<String>,
    /// Take this day for today, so that a run can be repeated
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    #[command(flatten)]
    pub choice: Choice,
    /// Read and hash files again whose size, time and inode have not changed
    #[arg(long)]
    pub teliti: bool,
}

/// Which models a run builds.
#[derive(Debug, Args)]
pub struct Choice {
    /// Build again even if nothing has changed
    #[arg(long)]
    pub full: bool,
    /// Go on although other users can read or change the workspace
    #[arg(long)]
    pub izinkan_terbuka: bool,
    /// Only these models: a name, `mart_1`, `int_*`, `marts`; `+` before it adds what it reads, `+` after it what reads it
    #[arg(long, value_delimiter = ',', value_name = "MODEL")]
    pub select: Vec<String>,
    /// But not these models, in the same words
    #[arg(long, value_delimiter = ',', value_name = "MODEL")]
    pub exclude: Vec<String>,
}

impl Choice {
    /// As the warehouse takes it.
    pub fn selection(&self) -> Selection {
        Selection {
            select: self.select.clone(),
            exclude: self.exclude.clone(),
        }
    }
}

/// How long a run waits, and how long it may take.
#[derive(Debug, Clone, Copy, Args)]
pub struct Patience {
    /// Wait for another run to end, as `90s`, `10m`, `2h`; else exit code 5 at once
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub wait: Option<Duration>,
    /// Stop cleanly after this time, with exit code 124
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub max_runtime: Option<Duration>,
}

impl Patience {
    /// Listens for signals from now on; how long to wait for another run.
    ///
    /// # Errors
    /// [`RunError::Signals`] where the system lets nobody listen.
    pub fn begin(self) -> Result<Duration, RunError> {
        stop::listen(self.max_runtime).map_err(RunError::Signals)?;
        Ok(self.wait.unwrap_or_default())
    }
}

/// Data tests.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only tests with this id, table, column or kind (`dtks_rt`, `volume`, `mart_1_kpm.nik.not_null`)
    #[arg(long, num_args = 1.., value_name = "NAME")]
    pub select: Vec<String>,
    /// Write the results as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

/// Documentation.
#[derive(Debug, Args)]
pub struct DocsArgs {
    /// Which page
    #[arg(long, value_enum, default_value_t = Page::Kamus)]
    pub bagian: Page,
}

/// A page of documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Page {
    /// Data dictionary of marts and tables
    Kamus,
    /// Rules of findings: level, meaning, reason, what to do
    Temuan,
}

/// Sample data.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// Households in the latest periode
    #[arg(long, default_value_t = 1500, value_name = "N")]
    pub rumah_tangga: u32,
    /// Seed: the same seed and number give the same bytes
    #[arg(long, default_value_t = 3503, value_name = "S")]
    pub seed: u64,
    /// A province of so many districts: a folder for each under `raw`, with their reference and configuration
    #[arg(long, value_name = "N")]
    pub kabupaten: Option<u32>,
    /// Folder for `raw` and `truth`
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Which findings, and where to.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct TemuanArgs {
    /// Something else than a list
    #[command(subcommand)]
    pub tindakan: Option<TemuanTindakan>,
    /// Only this rule, as `NIK_PANJANG_SALAH`
    #[arg(long, value_name = "ID")]
    pub aturan: Option<String>,
    /// Only this source, as `pkh`
    #[arg(long, value_name = "SOURCE")]
    pub sumber: Option<String>,
    /// Only rows of this kecamatan (name or BPS code)
    #[arg(long, value_name = "NAME")]
    pub kecamatan: Option<String>,
    /// Only rows of this desa (name or BPS code)
    #[arg(long, value_name = "NAME")]
    pub desa: Option<String>,
    /// Only this level
    #[arg(long, value_enum)]
    pub tingkat: Option<Tingkat>,
    /// Write all of them to this file
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write all of them to this workbook
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// One sheet for each desa
    #[arg(long, requires = "xlsx")]
    pub per_desa: bool,
    /// How many are printed; 0 for all
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub batas: usize,
}

/// What can be done with findings beside listing them.
#[derive(Debug, Subcommand)]
pub enum TemuanTindakan {
    /// Write the rows of a village that need a look as a workbook that it can correct and send back
    Ekspor(EksporArgs),
}

/// Whose rows.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("tempat").required(true).multiple(true))]
pub struct EksporArgs {
    /// The desa (name or BPS code)
    #[arg(long, value_name = "NAME", group = "tempat")]
    pub desa: Option<String>,
    /// The kecamatan (name or BPS code)
    #[arg(long, value_name = "NAME", group = "tempat")]
    pub kecamatan: Option<String>,
    /// This source, as `pkh`; alone for all its rows, also those without a place
    #[arg(long, value_name = "SOURCE", group = "tempat")]
    pub sumber: Option<String>,
    /// The workbook
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// A level of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tingkat {
    /// Good to know
    Info,
    /// A person should look
    Peringatan,
    /// Cannot be used as it is
    Galat,
}

impl Tingkat {
    /// As it stands in the warehouse.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Peringatan => "PERINGATAN",
            Self::Galat => "GALAT",
        }
    }
}

/// Which row of which mart.
#[derive(Debug, Args)]
pub struct TelusurArgs {
    /// The mart: `mart_1_kpm`, or its number
    pub mart: String,
    /// Its key: the values in order, or `column=value`
    #[arg(required = true, value_name = "KEY")]
    pub kunci: Vec<String>,
    /// Show raw values as they are, not masked
    #[arg(long)]
    pub tampilkan_data_pribadi: bool,
    /// How many lines are shown
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub batas: usize,
}

/// A check of files.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bansos360 validate 'BNBA KPE 20K.xlsx'                 one file, by the built-in contracts\n  \
                  bansos360 validate --strict --format junit delivery/   a folder on CI; warnings fail\n  \
                  bansos360 validate --workspace demo '3503-MEI 2018.zip'  by the contracts of a workspace\n\n\
                  Exit codes: 0 all files keep their contract, 3 a file is refused or unknown."
)]
pub struct ValidateArgs {
    /// Files and folders (folders are searched through; a zip is one delivery)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// BPS code of the district that the files are to be of; else that of the workspace, else that of the file itself
    #[arg(long, value_name = "CODE")]
    pub kabupaten: Option<String>,
    /// Periode of files that do not tell theirs, as 2020-10
    #[arg(long, value_name = "YYYY-MM")]
    pub periode: Option<String>,
    /// Findings of level PERINGATAN fail too
    #[arg(long)]
    pub strict: bool,
}

/// An error code.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code, as E0203
    #[arg(required_unless_present = "all", value_name = "CODE")]
    pub code: Option<String>,
    /// All codes, as Markdown
    #[arg(long)]
    pub all: bool,
}

/// A profile.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bansos360 profile usulan.xlsx                                a file, before it is sent\n  \
                        bansos360 profile mart_1_kpm -w trenggalek --html kpm.html   a mart, as a page to print\n  \
                        bansos360 profile 3f9a12c0 -w trenggalek --format json       a file of the lake, by its hash"
)]
pub struct ProfileArgs {
    /// A file; or in the workspace a mart, a warehouse table, or a lake entry (its name, or the beginning of its hash)
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Show values of personal columns too; without it only their patterns and counts
    #[arg(long)]
    pub tampilkan_data_pribadi: bool,
    /// Write a page to print or to send (Indonesian, with charts, needs no network)
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}
