//! The code lists of DTKS, as the reference files have them.

use super::SampleError;

const RT: &str = include_str!("../../reference/kode_rt.csv");
const ART: &str = include_str!("../../reference/kode_art.csv");

/// How a periode's files write a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum GayaKode {
    /// `3`
    Angka,
    /// `03`, with two digits where the list has ten codes or more
    Nol,
    /// the label text
    Label,
    /// `3 `, as a char(2) column prints it
    Spasi,
}

/// The labels of one variable, found by code.
pub struct Daftar {
    pub nama: &'static str,
    label: Vec<Option<&'static str>>,
}

impl Daftar {
    /// Whether 0 is a code of this list.
    pub fn punya_nol(&self) -> bool {
        matches!(self.label.first(), Some(Some(_)))
    }

    /// The label of a code.
    pub fn label(&self, kode: u8) -> Option<&'static str> {
        self.label.get(usize::from(kode)).copied().flatten()
    }

    /// Writes `kode` in the given manner; a code that the list lacks stays a number.
    pub fn tulis(&self, gaya: GayaKode, kode: u8, out: &mut String) {
        let label = self.label.get(usize::from(kode)).copied().flatten();
        match (gaya, label) {
            (GayaKode::Label, Some(label)) => out.push_str(label),
            (GayaKode::Nol, _) if self.label.len() > 10 && kode < 10 => {
                out.push('0');
                push(out, kode);
            }
            (GayaKode::Spasi, _) if self.label.len() > 10 => {
                push(out, kode);
                if kode < 10 {
                    out.push(' ');
                }
            }
            _ => push(out, kode),
        }
    }
}

/// Appends a number.
pub fn push(out: &mut String, n: impl Into<u64>) {
    use std::fmt::Write as _;
    let _ = write!(out, "{}", n.into());
}

/// The list of a variable, from the household file or the person file.
pub fn daftar(nama: &'static str) -> Result<Daftar, SampleError> {
    let mut label: Vec<Option<&'static str>> = Vec::new();
    for text in [RT, ART] {
        let baris = text
            .lines()
            .filter_map(|l| l.strip_prefix(nama)?.strip_prefix(','))
            .filter_map(|l| l.split_once(','));
        for (kode, teks) in baris {
            let Ok(kode) = kode.parse::<usize>() else {
                continue;
            };
            label.resize(label.len().max(kode + 1), None);
            label[kode] = Some(teks.trim().trim_matches('"'));
        }
        if !label.is_empty() {
            return Ok(Daftar { nama, label });
        }
    }
    Err(SampleError::UnknownCodeList(nama))
}
