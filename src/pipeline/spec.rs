//! The shape of a pipeline file.

use serde::{Deserialize, Serialize};

/// A source, ready to use: what it extends has been merged in.
#[derive(Debug, Clone, Serialize)]
pub struct Pipeline {
    /// Its name: `dtks_rt`, `pkh`.
    pub source: String,
    /// What a person calls it.
    pub title: String,
    /// The warehouse tables that it fills; the first gets its rows.
    pub tables: Vec<String>,
    /// How a file of it is recognised.
    #[serde(rename = "match")]
    pub matching: MatchSpec,
    /// Whether its files belong to a penetapan.
    pub periode: PeriodeSpec,
    /// How rows are told from totals and notes.
    pub rows: RowsSpec,
    /// The program whose recipients it lists.
    pub program: Option<ProgramSpec>,
    /// Its columns, in order.
    pub columns: Vec<ColumnSpec>,
}

/// How a file is recognised.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchSpec {
    /// Words of the file's name, any of which will do.
    pub name: Vec<String>,
    /// May the columns alone tell it, whatever the name says?
    pub by_columns: bool,
    /// Columns by which it is told: one of each group.
    pub signature: Vec<Vec<String>>,
    /// Columns that it must have: one of each group.
    pub required: Vec<Vec<String>>,
    /// Columns that it cannot have.
    pub forbidden: Vec<String>,
    /// Where several sources fit, the greatest wins.
    pub priority: i32,
}

/// Whether files of a source belong to a penetapan.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeriodeSpec {
    /// A file without one is refused (ruling 46).
    pub required: bool,
}

/// How rows are told from totals, notes and signatures.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RowsSpec {
    /// A row with none of these columns filled is quarantined (ruling 1).
    pub identifying: Vec<String>,
    /// A row without NIK and KK whose text begins so is skipped (ruling 63); empty where a source has no such rows.
    pub closing_words: Vec<String>,
    /// Status words that say: no longer a recipient (ruling 7).
    pub not_active: Vec<String>,
}

/// The program whose recipients a list names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramSpec {
    /// `kode_program`.
    pub kode: String,
    /// `nama_program`.
    pub nama: String,
    /// Must its recipients stand in DTKS (`indikasi_inclusion_error`)?
    #[serde(default)]
    pub wajib_dtks: bool,
    /// Rules for its recipients.
    #[serde(default)]
    pub rule: Vec<ProgramRule>,
}

/// A rule for the recipients of a program; exactly one of the three kinds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramRule {
    /// Its id in `aturan_dilanggar`.
    pub id: String,
    /// Broken where none of these programs is received.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Broken where any of these programs is received.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// Broken where this flag is not set: `KIS`.
    #[serde(default)]
    pub requires_flag: Option<String>,
    /// Judged over the family (`keluarga`, the default) or the person (`nik`).
    #[serde(default = "keluarga")]
    pub satuan: String,
}

fn keluarga() -> String {
    "keluarga".to_owned()
}

/// The kind of a [`ProgramRule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// `requires`.
    Requires,
    /// `excludes`.
    Excludes,
    /// `requires_flag = "KIS"`.
    RequiresKis,
}

impl ProgramRule {
    /// Which of the three kinds it is; `None` where it is none or several.
    pub fn kind(&self) -> Option<RuleKind> {
        match (
            self.requires.is_empty(),
            self.excludes.is_empty(),
            self.requires_flag.as_deref(),
        ) {
            (false, true, None) => Some(RuleKind::Requires),
            (true, false, None) => Some(RuleKind::Excludes),
            (true, true, Some("KIS")) => Some(RuleKind::RequiresKis),
            _ => None,
        }
    }
}

/// One column of a source.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// Its name in the warehouse.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Headings that feed it, the first that a file has wins.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Headings added to those of the source that this file extends or overlays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alias_extra: Vec<String>,
    /// The code list of a `code`, `flag` or `sex` column.
    #[serde(default)]
    pub codes: Option<String>,
}

/// What a column holds, and so which kernel cleans it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// An ID of DTKS.
    Id,
    /// A person's identity number.
    Nik,
    /// A family card's number.
    Kk,
    /// A person's name.
    Name,
    /// Free text.
    Text,
    /// A date.
    Date,
    /// A sex, by a code list.
    Sex,
    /// A code of a code list.
    Code,
    /// Yes or no, by a code list.
    Flag,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A percentile.
    Percentile,
    /// A desil.
    Desil,
    /// A code or name of a region.
    Place,
    /// Whether a recipient still is one.
    Status,
    /// Where a proposal stands.
    ProposalStatus,
    /// The stage of a program.
    Tahap,
    /// A month.
    Month,
    /// A kind of disability.
    Disability,
    /// A phone number.
    Phone,
    /// An amount of money.
    Rupiah,
    /// The RT of an address.
    Rt,
    /// The RW of an address.
    Rw,
    /// The running number of a list: no business column.
    RunningNumber,
    /// Known, and not read.
    Ignored,
}

impl ColumnType {
    /// Does this type need a code list?
    pub fn needs_codes(self) -> bool {
        matches!(self, Self::Sex | Self::Code | Self::Flag)
    }

    /// Is it kept clean for readers of the warehouse, and compared as text where rows are compared? The contract names no
    /// such columns, so that their cleaning must not make two rows one (ruling 52).
    pub fn is_compared_as_text(self) -> bool {
        matches!(self, Self::Phone | Self::Rupiah | Self::Rt | Self::Rw)
    }
}

impl Pipeline {
    /// The table that gets the rows of a file.
    pub fn table(&self) -> &str {
        self.tables.first().map_or("", String::as_str)
    }

    /// Is it a delivery of DTKS, for which a newer one replaces an older one of the same periode (ruling 43)?
    pub fn is_dtks(&self) -> bool {
        self.table().starts_with("dtks_")
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.name == name)
    }
}
