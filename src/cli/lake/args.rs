//! What can be typed after `bansos360 lake`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with the lake.
#[derive(Debug, Args)]
pub struct LakeArgs {
    /// What to do
    #[command(subcommand)]
    pub command: LakeCommand,
}

/// What to do with the lake.
#[derive(Debug, Subcommand)]
pub enum LakeCommand {
    /// List the stored files: id, source, periode, name, rows, when they came, whether they count
    List,
    /// Say all that is known of a stored file: pieces, tables for which it counts or why not, corrections, decisions
    Show(EntryArgs),
    /// Hash all stored files again and hold them against the catalogue; changes nothing
    Verify,
    /// Take a stored file out of the next run; nothing is deleted
    Retract(RetractArgs),
    /// Say what a stored file is where its name told wrong: its source, periode or tahap
    Assign(AssignArgs),
    /// Say that one stored file stands in the place of another, whatever their names and times tell
    Replace(ReplaceArgs),
    /// Remove stored files for good, with all that was made from them; without `--ya` only says what would go
    Purge(PurgeArgs),
}

/// A stored file.
#[derive(Debug, Args)]
pub struct EntryArgs {
    /// Its id (the beginning is enough), with `-N` for a member of a zip, or its name
    #[arg(value_name = "ENTRY")]
    pub entry: String,
}

/// A retraction.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bansos360 lake retract 3f9a12c0 --alasan \"daftar bulan lalu, salah kirim\"")]
pub struct RetractArgs {
    /// The file
    #[command(flatten)]
    pub entry: EntryArgs,
    /// Why; kept for good, so no names or numbers of persons
    #[arg(long, value_name = "TEXT")]
    pub alasan: String,
    /// Undo: it counts again
    #[arg(long)]
    pub batal: bool,
}

/// An assignment.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("apa").required(true).multiple(true),
    after_help = "Examples:\n  bansos360 lake assign 3f9a12c0 --periode 2020-10\n  \
                  bansos360 lake assign 'BNBA PKH.xlsx' --tahap 3\n  \
                  bansos360 lake assign 3f9a12c0-4 --sumber bst      member 4 of a zip"
)]
pub struct AssignArgs {
    /// The file
    #[command(flatten)]
    pub entry: EntryArgs,
    /// Its month, as 2020-10: of a penetapan, or that a list is for
    #[arg(long, value_name = "YYYY-MM", group = "apa")]
    pub periode: Option<String>,
    /// The stage of a list, as 3
    #[arg(long, value_name = "N", group = "apa")]
    pub tahap: Option<String>,
    /// Its source, as `pkh`
    #[arg(long, value_name = "SOURCE", group = "apa")]
    pub sumber: Option<String>,
    /// Undo: it is what it was recognised as
    #[arg(long, group = "apa", conflicts_with_all = ["periode", "tahap", "sumber"])]
    pub batal: bool,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "salah dikenali")]
    pub alasan: String,
}

/// A replacement.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bansos360 lake replace 3f9a12c0 77b01e5d --alasan \"versi pertama yang benar\"")]
pub struct ReplaceArgs {
    /// The file that shall count no more: its id, with `-N` for a member of a zip, or its name
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The file that stands in its place
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Why; kept for good, so no names or numbers of persons
    #[arg(long, value_name = "TEXT")]
    pub alasan: String,
    /// Undo: nothing stands in the place of OLD by hand
    #[arg(long)]
    pub batal: bool,
}

/// A purge.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("apa_yang").required(true),
    after_help = "Examples:\n  bansos360 lake purge --entry 3f9a12c0 --alasan \"di luar kewenangan\"         says what would go\n  \
                  bansos360 lake purge --entry 3f9a12c0 --alasan \"di luar kewenangan\" --ya    removes it\n  \
                  bansos360 lake purge --lebih-tua-dari 5y --alasan \"masa simpan\" --ya        files that count are kept\n  \
                  bansos360 lake purge --nik - --alasan \"permintaan penghapusan\" --ya < nik.txt"
)]
pub struct PurgeArgs {
    /// These files: id (the beginning is enough) or name
    #[arg(long, value_name = "ENTRY", group = "apa_yang", num_args = 1..)]
    pub entry: Vec<String>,
    /// All files that came longer ago than this and do not count: 5y, 26w, 1825d
    #[arg(long, value_name = "AGE", group = "apa_yang")]
    pub lebih_tua_dari: Option<String>,
    /// These persons: NIK on stdin, one a line (`-`; a number on the command line would stay in the history of the shell)
    #[arg(long, value_name = "-", group = "apa_yang", allow_hyphen_values = true)]
    pub nik: Option<String>,
    /// These persons: a file with one NIK a line
    #[arg(long, value_name = "FILE", group = "apa_yang")]
    pub nik_file: Option<PathBuf>,
    /// With `--lebih-tua-dari`: also files that count
    #[arg(long, requires = "lebih_tua_dari")]
    pub juga_yang_berlaku: bool,
    /// Why; kept for good, so no names or numbers of persons
    #[arg(long, value_name = "TEXT")]
    pub alasan: String,
    /// Carry it out; without it nothing is changed
    #[arg(long)]
    pub ya: bool,
    /// Undo: the same bytes may be brought again, the person is left out no more
    #[arg(long, conflicts_with_all = ["ya", "lebih_tua_dari"])]
    pub batal: bool,
}
